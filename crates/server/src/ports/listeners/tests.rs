//! Tables as kernels write them, processes and who started them, and a socket of our own.

use std::net::TcpListener;

use super::*;

const TABLE: &str = "\
  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1435 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 101 1 0 100 0 0 10 0
   1: 00000000:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 102 1 0 100 0 0 10 0
   2: 0100007F:1436 0100007F:9C40 01 00000000:00000000 00:00000000 00000000  1000        0 103 1 0 20 4 30 10 -1
   3: 0B00000A:0050 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 104 1 0 100 0 0 10 0
";
const TABLE6: &str = "\
  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000000000000000000001000000:1435 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 201 1 0 100 0 0 10 0
   1: 00000000000000000000000000000000:0BB8 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 202 1 0 100 0 0 10 0
   2: B80D01200000000000000000010000FF:0051 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 203 1 0 100 0 0 10 0
";

#[cfg(target_endian = "little")]
#[test]
fn what_listens_here_is_found_and_nothing_else() {
    assert_eq!(listening(TABLE).collect::<Vec<_>>(), [(101, 5173), (102, 22)]);
    assert_eq!(listening(TABLE6).collect::<Vec<_>>(), [(201, 5173), (202, 3000)]);
}

#[test]
fn what_is_cut_or_in_another_form_is_passed_over() {
    for table in [TABLE, TABLE6] {
        for cut in 0..table.len() {
            let whole = listening(table).collect::<Vec<_>>();
            let found = listening(&table[..cut]).collect::<Vec<_>>();
            // An inode that is cut is another number, and belongs to nobody.
            assert!(found.len() <= whole.len());
        }
    }
    assert_eq!(listening("\n 0: x:y 0:0 0A\n 1: zz:1435 0:0 0A 0 0 0 0 0 1").count(), 0);
    assert_eq!(listening("\n 0: 0100007é:1435 0:0 0A 0 0 0 0 0 1").count(), 0);
}

#[test]
fn a_process_is_named_whatever_its_name_is() {
    let found = process(7, "7 (a) b (\u{1b}[31m) S 3 7 5 0 -1 4194304").expect("a process");
    assert_eq!((found.parent, found.session, found.name.as_str()), (3, 5, "a) b ([31m"));
    for stat in ["", "7", "7 (x", "7 (x)", "7 (x) S", "7 (x) S a 1 2"] {
        assert_eq!(process(7, stat), None, "{stat:?}");
    }
}

#[test]
fn a_pane_has_its_session_and_what_it_started() {
    let one = |pid, parent, session| Process { pid, parent, session, name: "x".into() };
    // 20 left the session, 21 is its child with a smaller number; 30 belongs to another pane.
    let all = [one(9, 20, 20), one(10, 1, 10), one(11, 10, 10), one(20, 11, 20), one(30, 1, 30)];
    let pids: Vec<_> = members(&all, 10).iter().map(|one| one.pid).collect();
    assert_eq!(pids, [9, 10, 11, 20]);
    assert!(members(&all, 99).is_empty());
}

#[test]
fn a_socket_of_this_process_is_found() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has free ports");
    let port = listener.local_addr().expect("it is bound").port();
    let root = Root { pane: PaneId(1), pid: std::process::id() };
    let found = of(&[root]);
    assert!(found[0].1.iter().any(|open| open.port == port), "{found:?}");
    drop(listener);
    assert!(of(&[root])[0].1.iter().all(|open| open.port != port));
}
