//! What holds the port to its promises.

use super::*;

#[test]
fn a_taken_port_names_its_owner() {
    let first = bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).unwrap();
    let address = first.local_addr().unwrap();
    let error = bind(address).unwrap_err();
    let ServeError::PortTaken { port, owner } = &error else { panic!("{error}") };
    assert_eq!(*port, address.port());
    assert!(owner.contains(&std::process::id().to_string()), "{owner}");
}

#[test]
fn the_inode_is_found_by_the_local_port_only() {
    let line = "  12: 0100007F:1151 00000000:1152 07 00000000:00000000 00:00000000 00000000  1000        0 4242 2 0000000000000000 0";
    assert_eq!(inode_of(line, 0x1151), Some(4242));
    assert_eq!(inode_of(line, 0x1152), None);
    assert_eq!(inode_of("nonsense", 1), None);
}
