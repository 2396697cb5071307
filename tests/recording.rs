//! Recordings from a program's bytes to the disk and back: sealed while a server lives, is killed and
//! comes back; listed, checked, damaged and found out, forgotten.

use std::fs;
use std::time::Duration;

use ccc_testkit::{KitError, Process, Result, Sandbox, file_names, wait_sealed};

const SOON: Duration = Duration::from_secs(120);
/// The smallest files there are, so that a short flood fills many.
const CONFIG: &str = "[recording]\nsegment_bytes = 65536\n";

fn sandbox() -> Result<Sandbox> {
    let sandbox = Sandbox::new(env!("CARGO_BIN_EXE_ccc"))?;
    sandbox.configure(CONFIG)?;
    Ok(sandbox)
}

fn io(source: std::io::Error) -> KitError {
    KitError::Io { what: "look at a recording".into(), source }
}

/// What `seq` prints through a terminal.
fn lines(count: u32) -> Vec<u8> {
    (1..=count).flat_map(|number| format!("{number}\r\n").into_bytes()).collect()
}

#[test]
fn a_flood_is_sealed_and_exact_over_a_kill_of_the_server() -> Result<()> {
    let sandbox = sandbox()?;
    let script = "stty -echo; echo ready; while read n; do seq 1 $n; echo done-$n; done";
    sandbox.ok(&["new", "-d", "-n", "work", "--", "/bin/sh", "-c", script])?;
    // Until then what is sent is echoed, and recorded.
    sandbox.ok(&["wait", "work", "--match", "^ready$", "--timeout", "60s"])?;
    sandbox.ok(&["send", "work", "60000", "--enter"])?;
    sandbox.ok(&["wait", "work", "--match", "done-60000", "--timeout", "60s"])?;
    let dir = sandbox.recording()?;
    wait_sealed(&dir)?;
    let mut expected = [&b"ready\r\n"[..], &lines(60_000), b"done-60000\r\n"].concat();
    assert_eq!(sandbox.bytes(&["export", "--raw", "work"])?, expected);
    assert!(file_names(&dir, ".seg").len() > 3, "{:?}", file_names(&dir, ".seg"));

    // The next flood begins, and the server dies somewhere in it and in what it seals.
    sandbox.ok(&["send", "work", "90000", "--enter"])?;
    let custody = sandbox.full_custody(SOON)?;
    let server = Process::open(custody.server.pid).expect("a server");
    server.kill();
    server.wait_end(SOON)?;
    sandbox.full_custody(SOON)?;
    sandbox.ok(&["wait", "work", "--match", "done-90000", "--timeout", "60s"])?;
    wait_sealed(&dir)?;
    expected.extend(lines(90_000));
    expected.extend(b"done-90000\r\n");
    assert_eq!(sandbox.bytes(&["export", "--raw", "work"])?, expected);

    // What was printed long ago is found in the segments, by line and by byte.
    let early = sandbox.ok(&["capture", "work", "--from", "30000", "--to", "30001"])?;
    assert_eq!(early, "30000\n30001\n");
    assert_eq!(sandbox.run(&["rec", "verify"])?.code, Some(0));
    let report = sandbox.json(&["rec", "verify", "work", "--json"])?;
    assert_eq!((&report["ok"], &report["recordings"][0]["pane"]), (&true.into(), &"p1".into()));
    let listed = sandbox.json(&["rec", "ls", "--json"])?;
    let first = &listed["recordings"][0];
    assert_eq!((&first["state"], &first["session"]), (&"running".into(), &"work".into()));
    assert_eq!(first["end"], expected.len());
    assert!(first["disk"].as_u64() < first["end"].as_u64(), "{first}");
    sandbox.end()
}

#[test]
fn what_is_damaged_is_named_and_the_rest_is_given() -> Result<()> {
    let sandbox = sandbox()?;
    sandbox.ok(&["new", "-d", "-n", "work", "--", "/bin/sh", "-c", "seq 1 60000; exec cat"])?;
    sandbox.ok(&["wait", "work", "--match", "^60000$", "--timeout", "60s"])?;
    let dir = sandbox.recording()?;
    wait_sealed(&dir)?;
    let refused = sandbox.run(&["rec", "rm", "work"])?;
    assert_eq!(refused.code, Some(1));
    assert!(refused.stderr.contains("still runs"), "{}", refused.stderr);
    assert!(refused.stderr.contains("hint: ccc kill p1"), "{}", refused.stderr);

    // One bit in the second segment.
    let path = dir.join("1.seg");
    let mut bytes = fs::read(&path).map_err(io)?;
    let at = 500;
    bytes[at] ^= 16;
    fs::remove_file(&path).map_err(io)?;
    fs::write(&path, bytes).map_err(io)?;
    let found = sandbox.run(&["rec", "verify", "work"])?;
    assert_eq!(found.code, Some(1));
    assert!(found.stdout.contains(": 1.seg at "), "{}", found.stdout);
    let exported = sandbox.run(&["export", "--raw", "work"])?;
    assert!(exported.stderr.contains("bytes are no longer kept"), "{}", exported.stderr);
    let all = String::from_utf8(lines(60_000)).expect("digits");
    let (head, tail) = (&all[..60_000], &all[all.len() - 60_000..]);
    assert!(exported.stdout.starts_with(head) && exported.stdout.ends_with(tail));

    // The same with no server, by the directory and by the file.
    sandbox.ok(&["kill", "work"])?;
    sandbox.ok(&["wait", "p1", "--exit", "--timeout", "30s"]).ok();
    let removed = sandbox.json(&["rec", "rm", "p1", "--json"])?;
    assert!(removed["removed"]["segments"].as_u64() > Some(3), "{removed}");
    assert_eq!(file_names(&dir, ".seg").len() + file_names(&dir, ".journal").len(), 0);
    assert!(!dir.join("checkpoints").exists());
    sandbox.end()
}

#[test]
fn recordings_are_told_of_where_no_server_runs() -> Result<()> {
    let sandbox = sandbox()?;
    sandbox.ok(&["new", "-d", "-n", "work", "--", "/bin/sh", "-c", "seq 1 60000; exec cat"])?;
    sandbox.ok(&["wait", "work", "--match", "^60000$", "--timeout", "60s"])?;
    let dir = sandbox.recording()?;
    wait_sealed(&dir)?;
    let server = Process::open(sandbox.custody()?.server.pid).expect("a server");
    sandbox.ok(&["serve", "--stop", "--kill"])?;
    server.wait_end(SOON)?;
    let folder = dir.to_str().expect("a path");
    assert_eq!(sandbox.run(&["rec", "verify"])?.code, Some(0));
    assert_eq!(sandbox.run(&["rec", "verify", folder])?.code, Some(0));
    let listed = sandbox.json(&["rec", "ls", "--json"])?;
    assert_eq!(listed["recordings"][0]["session"], "work");
    let info = sandbox.json(&["rec", "info", folder, "--json"])?;
    assert_eq!(info["end"], lines(60_000).len());
    let file = dir.join("0.seg");
    let info = sandbox.json(&["rec", "info", file.to_str().expect("a path"), "--json"])?;
    assert_eq!(
        (&info["first"], &info["segment"], &info["faults"]),
        (&0.into(), &0.into(), &0.into())
    );

    fs::remove_file(dir.join("1.seg")).map_err(io)?;
    let found = sandbox.json(&["rec", "ls", "--json"])?;
    assert_eq!(found["recordings"][0]["unusable"], 0);
    let found = sandbox.run(&["rec", "verify"])?;
    assert_eq!(found.code, Some(1));
    assert!(found.stdout.contains("1.seg at 0: missing"), "{}", found.stdout);
    sandbox.end()
}
