//! Codes that are read aloud, tokens for scripts, and keys that take the place of others.

use std::fs;
use std::path::Path;
use std::time::Duration;

use ccc_testkit::{KitError, Output, Result, Sandbox};

const SOON: Duration = Duration::from_secs(60);

fn sandbox() -> Result<Sandbox> {
    Sandbox::new(env!("CARGO_BIN_EXE_ccc"))
}

/// A server with a session, and where it listens.
fn server() -> Result<(Sandbox, String)> {
    let server = sandbox()?;
    let script = "echo up; while read line; do echo got:$line; done";
    server.ok(&["new", "-d", "-n", "work", "--", "/bin/sh", "-c", script])?;
    server.ok(&["new", "-d", "-n", "other", "--", "/bin/cat"])?;
    let invited = server.json(&["invite", "--json"])?;
    let address = invited["addresses"][0].as_str().unwrap_or_default().to_owned();
    Ok((server, address))
}

fn pair(server: &Sandbox, client: &Sandbox, invite: &[&str]) -> Result<()> {
    let link = server.ok(&[&["invite"], invite].concat())?;
    let pairing = client.ccc(&["pair", "-", "--name", "box"]);
    let paired = client.run_program(&pairing, link.as_bytes())?;
    assert_eq!(paired.code, Some(0), "{paired:?}");
    Ok(())
}

fn failed(output: &Output, code: i32, words: &str) {
    assert_eq!(output.code, Some(code), "{output:?}");
    assert!(output.stderr.contains(words), "{output:?}");
}

#[test]
fn a_code_is_good_for_one_try() -> Result<()> {
    let (server, address) = server()?;
    let invite = || -> Result<String> {
        let made = server.json(&[
            "invite",
            "--code",
            "--role",
            "viewer",
            "--session",
            "work",
            "--json",
        ])?;
        Ok(made["code"].as_str().unwrap_or_default().to_owned())
    };
    let pair = |machine: &Sandbox, code: &str| {
        machine.run(&["pair", code, "--at", &address, "--name", "box"])
    };
    let (client, thief) = (sandbox()?, sandbox()?);
    let code = invite()?;
    assert_eq!(code.split('-').count(), 5, "{code}");
    // What is no word of a code does not even leave this machine.
    failed(&pair(&client, &format!("{code}x-qqqq"))?, 2, "a code is a number and four words");
    // As it was heard: in capitals, with blanks.
    let heard = code.to_uppercase().replace('-', " ");
    assert_eq!(pair(&client, &heard)?.code, Some(0));
    assert!(client.ok(&["ls", "box/"])?.contains("work"));
    let used = pair(&thief, &code)?;
    failed(&used, 4, "this invitation is not good");
    // One wrong word uses up the right ones.
    let code = invite()?;
    let (front, last) = code.rsplit_once('-').unwrap_or_default();
    let wrong = format!("{front}-{}", if last == "able" { "acid" } else { "able" });
    assert_eq!(pair(&thief, &wrong)?.stderr, used.stderr);
    assert_eq!(pair(&thief, &code)?.stderr, used.stderr);
    assert_eq!(thief.json(&["hosts", "ls", "--json"])?["hosts"], serde_json::json!([]));
    let taken_back = server.json(&["invite", "--code", "--json"])?;
    server.ok(&["revoke", taken_back["id"].as_str().unwrap_or_default()])?;
    let refused = pair(&thief, taken_back["code"].as_str().unwrap_or_default())?;
    assert_eq!(refused.stderr, used.stderr);
    Ok(())
}

/// Whether a text stands in any file below a folder.
fn found_below(folder: &Path, text: &str) -> Result<bool> {
    let entries = fs::read_dir(folder).map_err(KitError::io("look into a folder"))?;
    for entry in entries.flatten() {
        let (path, kind) = (entry.path(), entry.file_type());
        let kind = kind.map_err(KitError::io("look at a file"))?;
        if kind.is_dir() && found_below(&path, text)? {
            return Ok(true);
        }
        if kind.is_file() {
            let bytes = fs::read(&path).unwrap_or_default();
            if bytes.windows(text.len()).any(|part| part == text.as_bytes()) {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

#[test]
fn a_token_does_what_it_says_and_no_more_and_stands_nowhere() -> Result<()> {
    let (server, _) = server()?;
    let robot = sandbox()?;
    let made = server.json(&[
        "token",
        "new",
        "--role",
        "operator",
        "--session",
        "work",
        "--name",
        "nightly",
        "--json",
    ])?;
    let link = made["link"].as_str().unwrap_or_default().to_owned();
    let token = made["token"].as_str().unwrap_or_default().to_owned();
    let by_token = |args: &[&str]| {
        let words = [&["--token-file", "-"], args].concat();
        robot.run_program(&robot.ccc(&words), link.as_bytes())
    };
    let listed = by_token(&["ls"])?;
    assert!(listed.stdout.contains("work") && !listed.stdout.contains("other"), "{listed:?}");
    assert_eq!(by_token(&["send", "work", "by a robot", "--enter"])?.code, Some(0));
    server.ok(&["wait", "work", "--match", "^got:by a robot$", "--timeout", "60s"])?;
    failed(&by_token(&["send", "other", "x"])?, 3, "no session, tab or pane is called");
    // It makes neither another nor more of itself.
    failed(&by_token(&["token", "new"])?, 4, "may not say who may do what");
    failed(&by_token(&["grant", "nightly", "work", "own"])?, 4, "may not say who may do what");
    failed(&by_token(&["hosts", "rekey"])?, 0, "");
    let cut =
        |text: &str| robot.run_program(&robot.ccc(&["--token-file", "-", "ls"]), text.as_bytes());
    let refused = cut(&link[..link.len() - 1])?;
    failed(&refused, 4, "does not let this machine in");
    assert_eq!(
        cut(&link.replace("_a", "_b").replace("_c", "_d").replace("t_", "t_x"))?.stderr,
        refused.stderr
    );
    // Whom it stands for, on whichever key.
    assert_eq!(server.json(&["token", "ls", "--json"])?["tokens"][0]["name"], "nightly");
    // A panel that follows ends when the token does.
    let follow = robot.ccc(&["--token-file", "token", "tail", "work", "--follow", "--from", "0"]);
    fs::write(robot.user_home().join("token"), &link).map_err(KitError::io("write the token"))?;
    let following = ccc_testkit::Terminal::start(&follow, ccc_testkit::Size::new(80, 24))?;
    server.ok(&["send", "work", "follow me", "--enter"])?;
    following.wait_text("got:follow me", SOON)?;
    server.ok(&["token", "revoke", "nightly"])?;
    following.wait_closed(SOON)?;
    failed(&by_token(&["ls"])?, 4, "does not let this machine in");
    fs::remove_file(robot.user_home().join("token")).map_err(KitError::io("remove the token"))?;
    let (secret, _) = token.rsplit_once('_').unwrap_or_default();
    let (_, secret) = secret.rsplit_once('_').unwrap_or_default();
    assert!(secret.len() > 40, "{token}");
    assert!(!found_below(server.home(), secret)?, "the server wrote the token down");
    assert!(!found_below(robot.home(), secret)?, "the client wrote the token down");
    Ok(())
}

#[test]
fn a_token_ends_with_its_time_and_its_uses() -> Result<()> {
    let (server, _) = server()?;
    let robot = sandbox()?;
    let by_token =
        |link: &str| robot.run_program(&robot.ccc(&["--token-file", "-", "ls"]), link.as_bytes());
    let twice = server.ok(&["token", "new", "--session", "work", "--uses", "2"])?;
    assert_eq!(by_token(&twice)?.code, Some(0));
    assert_eq!(by_token(&twice)?.code, Some(0));
    failed(&by_token(&twice)?, 4, "does not let this machine in");
    failed(&server.run(&["token", "new", "--ttl", "25h"])?, 2, "it may last at most 1440 min");
    failed(
        &server.run(&["token", "new", "--role", "admin"])?,
        2,
        "a token is a viewer or an operator",
    );
    // What was begun with it ends with it. It lasts as long as a busy machine may take to begin.
    let short = server.ok(&["token", "new", "--session", "work", "--ttl", "15s"])?;
    fs::write(robot.user_home().join("token"), &short).map_err(KitError::io("write the token"))?;
    let follow = robot.ccc(&["--token-file", "token", "tail", "work", "--follow", "--from", "0"]);
    let following = ccc_testkit::Terminal::start(&follow, ccc_testkit::Size::new(80, 24))?;
    following.wait_text("up", SOON)?;
    following.wait_closed(SOON)?;
    failed(&by_token(&short)?, 4, "does not let this machine in");
    Ok(())
}

#[test]
fn a_server_with_another_key_is_found_by_those_who_were_away() -> Result<()> {
    let (server, _) = server()?;
    let (client, other) = (sandbox()?, sandbox()?);
    pair(&server, &client, &["--role", "admin"])?;
    pair(&server, &other, &[])?;
    assert_eq!(client.run(&["audit", "verify", "--on", "box"])?.code, Some(0));
    let before = client.json(&["hosts", "ls", "--json"])?["hosts"][0]["server"].clone();
    server.ok(&["server", "rekey"])?;
    let rekeyed = server.json(&["server", "rekey", "--json"])?;
    assert!(client.ok(&["ls", "box/"])?.contains("work"));
    let now = client.json(&["hosts", "ls", "--json"])?["hosts"][0]["server"].clone();
    assert_ne!(before, now);
    assert_eq!(rekeyed["server"], now);
    // What the former keys signed still counts, and so does what was seen under them.
    let verified = client.json(&["audit", "verify", "--on", "box", "--json"])?;
    assert_eq!(verified["faults"], serde_json::json!([]));
    assert!(verified["seen_before"].as_u64() > Some(0), "{verified}");
    // Programs went on.
    server.ok(&["send", "work", "still here", "--enter"])?;
    server.ok(&["wait", "work", "--match", "^got:still here$", "--timeout", "60s"])?;
    server.ok(&["server", "rekey", "--compromised"])?;
    for machine in [&client, &other] {
        failed(&machine.run(&["ls", "box/"])?, 4, "box answers with another key");
    }
    // Pairing again is the way, and it takes the name over only once the old key is forgotten.
    let link = server.ok(&["invite"])?;
    let again = |machine: &Sandbox| {
        machine.run_program(&machine.ccc(&["pair", "-", "--name", "box"]), link.as_bytes())
    };
    failed(&again(&client)?, 2, "a host is called \"box\" already");
    client.ok(&["hosts", "rm", "box"])?;
    assert_eq!(again(&client)?.code, Some(0));
    assert!(client.ok(&["ls", "box/"])?.contains("work"));
    Ok(())
}

#[test]
fn a_machine_with_another_key_is_known_where_it_was() -> Result<()> {
    let (server, _) = server()?;
    let (second, _) = self::server()?;
    let client = sandbox()?;
    pair(&server, &client, &["--name", "guest"])?;
    let link = second.ok(&["invite"])?;
    let pairing = client.ccc(&["pair", "-", "--name", "away"]);
    assert_eq!(client.run_program(&pairing, link.as_bytes())?.code, Some(0));
    let key = client.state().join("client").join("key");
    let before = fs::read(&key).map_err(KitError::io("read the key"))?;
    second.ok(&["serve", "--stop"])?;
    // Where it cannot be told, nothing is changed, here or there.
    failed(&client.run(&["hosts", "rekey"])?, 4, "away does not answer");
    assert_eq!(fs::read(&key).map_err(KitError::io("read the key"))?, before);
    let keys = |known: &serde_json::Value| known["principals"][1]["keys"].as_array().map(Vec::len);
    assert_eq!(keys(&server.json(&["who", "--all", "--json"])?), Some(1));
    assert!(client.ok(&["ls", "box/"])?.contains("work"));
    second.ok(&["serve", "--daemon"])?;
    let renewed = client.json(&["hosts", "rekey", "--json"])?;
    assert_eq!(renewed["known"], serde_json::json!(["box", "away"]));
    assert_ne!(fs::read(&key).map_err(KitError::io("read the key"))?, before);
    for host in ["box/", "away/"] {
        assert!(client.ok(&["ls", host])?.contains("work"));
    }
    // It is the same principal, with two keys; its end is the end of both.
    let known = server.json(&["who", "--all", "--json"])?;
    let guest = &known["principals"][1];
    assert_eq!((&guest["name"], keys(&known)), (&"guest".into(), Some(2)));
    server.ok(&["revoke", "guest"])?;
    failed(&client.run(&["ls", "box/"])?, 4, "does not let this machine in");
    Ok(())
}
