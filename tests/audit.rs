//! What was decided about rights can be looked at, and nobody changes it unseen.

use std::fs;
use std::time::{Duration, Instant};

use ccc_testkit::{Result, Sandbox};

const SOON: Duration = Duration::from_secs(60);

fn sandbox() -> Result<Sandbox> {
    Sandbox::new(env!("CARGO_BIN_EXE_ccc"))
}

/// The words of the entries, with `!` behind what was refused.
fn words(sandbox: &Sandbox, args: &[&str]) -> Result<Vec<String>> {
    let told = sandbox.json(&[&["audit", "query", "--json"], args].concat())?;
    let entries = told["entries"].as_array().cloned().unwrap_or_default();
    let word = |entry: &serde_json::Value| {
        let refused = if entry["allowed"] == true { "" } else { "!" };
        format!("{}{refused}", entry["what"].as_str().unwrap_or_default())
    };
    Ok(entries.iter().map(word).collect())
}

/// Asks until all that was decided before is signed: that takes a second, however often somebody looks.
fn verified(sandbox: &Sandbox, args: &[&str]) -> Result<serde_json::Value> {
    let verify = || sandbox.json(&[&["audit", "verify", "--json"], args].concat());
    let last = verify()?["last"].as_u64();
    let until = Instant::now() + SOON;
    loop {
        let told = verify()?;
        if told["signed"].as_u64() >= last {
            return Ok(told);
        }
        assert!(Instant::now() < until, "entry {last:?} is not signed: {told}");
    }
}

#[test]
fn every_decision_is_an_entry() -> Result<()> {
    let (server, client) = (sandbox()?, sandbox()?);
    server.ok(&["new", "-d", "-n", "work", "--", "/bin/cat"])?;
    let invite = ["invite", "--role", "viewer", "--session", "work", "--name", "guest"];
    let link = server.ok(&invite)?;
    let pair = |machine: &Sandbox| {
        machine.run_program(&machine.ccc(&["pair", "-", "--name", "box"]), link.as_bytes())
    };
    assert_eq!(pair(&client)?.code, Some(0));
    let thief = sandbox()?;
    assert_eq!(pair(&thief)?.code, Some(4));
    client.run(&["send", "box/work", "typed"])?;
    client.run(&["invite", "--on", "box"])?;
    client.run(&["peek", "box/hidden"])?;
    server.ok(&["grant", "guest", "work", "type"])?;
    server.ok(&["role", "guest", "operator"])?;
    server.ok(&["revoke", "guest"])?;
    assert_eq!(client.run(&["ls", "box/"])?.code, Some(4));
    let all = words(&server, &[])?;
    for wanted in
        ["invite", "enrol", "enrol!", "connect", "request!", "grant", "role", "revoke", "connect!"]
    {
        assert!(all.iter().any(|word| word == wanted), "{wanted} is missing: {all:?}");
    }
    assert_eq!(words(&server, &["--what", "revoke", "--who", "owner"])?, ["revoke"]);
    assert_eq!(words(&server, &["--denied", "--what", "request"])?.len(), 2);
    assert!(words(&server, &["--count", "2"])?.len() == 2);
    // Whoever may not appoint may not look either.
    assert_eq!(client.run(&["audit", "query", "--on", "box"])?.code, Some(4));
    Ok(())
}

#[test]
fn what_is_changed_or_cut_is_named_by_another_machine_that_looked_before() -> Result<()> {
    let (server, admin) = (sandbox()?, sandbox()?);
    let link = server.ok(&["invite", "--role", "admin"])?;
    let pairing = admin.ccc(&["pair", "-", "--name", "box"]);
    assert_eq!(admin.run_program(&pairing, link.as_bytes())?.code, Some(0));
    for name in ["a", "b", "c"] {
        server.ok(&["invite", "--name", name])?;
    }
    let told = verified(&admin, &["--on", "box"])?;
    assert_eq!(told["faults"], serde_json::json!([]));
    let exported = admin.ok(&["audit", "export", "--on", "box"])?;
    assert!(exported.lines().count() > 5, "{exported}");
    server.ok(&["serve", "--stop"])?;
    let path = server.state().join("audit").join("0000000000000001.log");
    let whole = fs::read(&path).unwrap_or_default();
    // The end is cut between two records, as somebody would do it who knows the form.
    let ends = ends_of_records(&whole);
    fs::write(&path, &whole[..ends[ends.len() / 3]]).map_err(ccc_testkit::KitError::io("cut"))?;
    server.ok(&["serve", "--daemon"])?;
    let alone = server.run(&["audit", "verify"])?;
    assert_eq!(alone.code, Some(0), "alone it cannot be seen: {alone:?}");
    let found = admin.run(&["audit", "verify", "--on", "box"])?;
    assert_eq!(found.code, Some(1), "{found:?}");
    assert!(
        found.stdout.contains("were there and are missing")
            || found.stdout.contains("another than this machine saw before"),
        "{found:?}"
    );
    Ok(())
}

/// Where each record ends: sixteen bytes of header, then length, checksum, kind and body.
fn ends_of_records(bytes: &[u8]) -> Vec<usize> {
    let mut ends = Vec::new();
    let mut at = 16;
    while let Some(length) = bytes.get(at..at + 4) {
        let length = u32::from_le_bytes(length.try_into().unwrap_or_default());
        at += 10 + usize::try_from(length).unwrap_or_default();
        ends.push(at);
    }
    ends
}
