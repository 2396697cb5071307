//! Two machines, each a sandbox: a link from one, used on the other, and its sessions at hand there.

use std::time::Duration;

use ccc_testkit::{Output, Result, Sandbox, Size};

const SIZE: Size = Size::new(80, 24);
const SOON: Duration = Duration::from_secs(60);

fn sandbox() -> Result<Sandbox> {
    Sandbox::new(env!("CARGO_BIN_EXE_ccc"))
}

/// A server with a session, and another machine that was invited to it under the name `box`.
fn paired(invite: &[&str]) -> Result<(Sandbox, Sandbox)> {
    let (server, client) = (sandbox()?, sandbox()?);
    let script = "echo up; while read line; do echo got:$line; done";
    server.ok(&["new", "-d", "-n", "work", "--", "/bin/sh", "-c", script])?;
    server.ok(&["wait", "work", "--match", "^up$", "--timeout", "60s"])?;
    pair(&server, &client, invite)?;
    Ok((server, client))
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
fn every_kind_of_command_reaches_the_other_machine() -> Result<()> {
    let (server, client) = paired(&[])?;
    let listed = client.json(&["ls", "box/", "--json"])?;
    assert_eq!(listed["sessions"][0]["name"], "work");
    client.ok(&["send", "box/work", "from afar", "--enter"])?;
    client.ok(&["wait", "box/work", "--match", "^got:from afar$", "--timeout", "60s"])?;
    assert!(client.ok(&["capture", "box/work:1.1"])?.contains("got:from afar"));
    let ran =
        client.run(&["run", "--on", "box", "--", "/bin/sh", "-c", "echo over there; exit 7"])?;
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(7), "over there\n"), "{ran:?}");
    assert!(client.bytes(&["export", "--raw", "box/work"])?.starts_with(b"up\r\n"));
    assert!(client.ok(&["export", "--txt", "box/work"])?.contains("got:from afar"));
    assert_eq!(client.json(&["rec", "info", "box/work", "--json"])?["pane"], "p1");
    assert!(client.ok(&["search", "from afar", "--on", "box"])?.contains("work:1.1"));
    assert!(client.ok(&["tail", "box/work", "--from", "0"])?.contains("got:from afar"));
    client.ok(&["tab", "new", "box/work", "--detached", "--", "/bin/cat"])?;
    assert!(client.ok(&["pane", "ls", "box/work"])?.contains("work:2.1"));
    client.ok(&["rename", "box/work:2", "second"])?;
    assert!(client.ok(&["layout", "save", "box/work"])?.contains("second"));
    client.ok(&["kill", "box/work:second"])?;
    let line = "{\"id\":1,\"args\":[\"ls\",\"box/work\"]}\n";
    let controlled = client.run_program(&client.ccc(&["control"]), line.as_bytes())?;
    assert!(controlled.stdout.contains("\"work\""), "{controlled:?}");
    failed(&client.run(&["doctor", "--on", "box"])?, 4, "may not inspect the server");
    // The directory of this machine is none there.
    client.ok(&["new", "-d", "--on", "box", "-n", "made", "--", "/bin/cat"])?;
    assert_eq!(server.json(&["ls", "made", "--json"])?["sessions"][0]["name"], "made");
    let terminal = client.attach(SIZE, &["box/work"])?;
    terminal.wait_text("got:from afar", SOON)?;
    terminal.type_keys("by<space>hand<ret>")?;
    terminal.wait_text("got:by hand", SOON)?;
    let who = server.json(&["who", "work", "--json"])?;
    assert_eq!(who["clients"][0]["role"], "operator", "{who}");
    // Each sees that the other is there, and oneself is no company.
    assert!(!terminal.text().contains("with"), "{}", terminal.text());
    let mine = server.attach(SIZE, &["work"])?;
    let second = server.attach(SIZE, &["work"])?;
    second.wait_text("got:by hand", SOON)?;
    terminal.wait_text("with owner", SOON)?;
    let name = who["clients"][0]["name"].as_str().unwrap_or_default();
    mine.wait_text(&format!("with {name}"), SOON)?;
    assert!(!mine.text().contains("with owner"), "{}", mine.text());
    terminal.type_keys("<C-b>d")?;
    terminal.wait_closed(SOON)?;
    mine.wait_for("that it is alone again", SOON, |screen| {
        !ccc_testkit::text(screen).contains("with ")
    })?;
    assert_eq!(who["clients"][0]["pane"], "p1", "{who}");
    Ok(())
}

#[test]
fn a_link_is_good_for_one_machine_and_says_nothing_of_why_it_is_not() -> Result<()> {
    let (server, client) = paired(&[])?;
    let link = server.ok(&["invite"])?;
    let use_link = |machine: &Sandbox, link: &str| {
        machine.run_program(&machine.ccc(&["pair", "-"]), link.as_bytes())
    };
    let (second, thief) = (sandbox()?, sandbox()?);
    assert_eq!(use_link(&second, &link)?.code, Some(0));
    // The one that used it may not have heard the answer.
    assert_eq!(use_link(&second, &link)?.code, Some(0));
    let stolen = use_link(&thief, &link)?;
    failed(&stolen, 4, "this invitation is not good: it was used, is too old, or was never made");
    let (place, _) = link.trim().split_once('#').unwrap_or_default();
    let guessed = use_link(&thief, &format!("{place}#aaaaaaaaaaaaaaaaaaaaaaaaaa"))?;
    assert_eq!(guessed.stderr, stolen.stderr);
    let old = server.ok(&["invite", "--ttl", "1ms"])?;
    assert_eq!(use_link(&thief, &old)?.stderr, stolen.stderr);
    let taken_back = server.json(&["invite", "--json"])?;
    server.ok(&["revoke", taken_back["id"].as_str().unwrap_or_default()])?;
    let refused = use_link(&thief, taken_back["link"].as_str().unwrap_or_default())?;
    assert_eq!(refused.stderr, stolen.stderr);
    // Nothing was remembered of a server that did not take us, and it knows nobody new.
    assert_eq!(thief.json(&["hosts", "ls", "--json"])?["hosts"], serde_json::json!([]));
    let known = server.json(&["who", "--all", "--json"])?;
    assert_eq!(known["principals"].as_array().map(Vec::len), Some(3), "{known}");
    drop(client);
    Ok(())
}

#[test]
fn a_server_with_another_key_is_sent_nothing() -> Result<()> {
    let (server, client) = paired(&[])?;
    let other = sandbox()?;
    other.ok(&["new", "-d", "-n", "work", "--", "/bin/cat"])?;
    let impostor = other.json(&["invite", "--json"])?;
    let address = impostor["addresses"][0].as_str().unwrap_or_default();
    client.ok(&["hosts", "add", "box", address])?;
    let refused = client.run(&["ls", "box/"])?;
    failed(&refused, 4, "box answers with another key than the one it was paired with");
    failed(&refused, 4, "nothing was sent");
    // A link that names one key and leads to another, as somebody in between would have it.
    let link = server.json(&["invite", "--json"])?;
    let own = link["addresses"][0].as_str().unwrap_or_default();
    let crossed = link["link"].as_str().unwrap_or_default().replace(own, address);
    let refused = client.run_program(&client.ccc(&["pair", "-"]), crossed.as_bytes())?;
    failed(&refused, 4, "nothing was sent");
    Ok(())
}

#[test]
fn hosts_are_listed_renamed_moved_and_forgotten() -> Result<()> {
    let (_server, client) = paired(&[])?;
    client.ok(&["hosts", "rename", "box", "desk"])?;
    let listed = client.json(&["hosts", "ls", "--json"])?;
    assert_eq!(listed["hosts"][0]["name"], "desk");
    let words = listed["hosts"][0]["words"].as_str().unwrap_or_default();
    assert_eq!(words.split('-').count(), 8, "{listed}");
    assert!(client.ok(&["ls", "desk/"])?.contains("work"));
    failed(
        &client.run(&["ls", "dusk/"])?,
        3,
        "no host is called \"dusk\"; the nearest is \"desk\"",
    );
    failed(&client.run(&["peek", "dusk/work"])?, 4, "no host is called \"dusk\"");
    let address = listed["hosts"][0]["addresses"][0].as_str().unwrap_or_default();
    // The first address that answers will do; nobody listens on the first of these.
    client.ok(&["hosts", "add", "desk", "127.0.0.1:9", address])?;
    assert!(client.ok(&["ls", "desk/"])?.contains("work"));
    client.ok(&["hosts", "add", "desk", "127.0.0.1:9"])?;
    failed(&client.run(&["ls", "desk/"])?, 4, "desk does not answer");
    client.ok(&["hosts", "rm", "desk"])?;
    failed(&client.run(&["ls", "desk/"])?, 3, "no host is called \"desk\"");
    Ok(())
}

#[test]
fn a_target_that_begins_with_a_slash_is_on_this_machine() -> Result<()> {
    let (_server, client) = paired(&[])?;
    client.ok(&["new", "-d", "-n", "box/work", "--", "/bin/sh", "-c", "echo here; exec cat"])?;
    client.ok(&["wait", "/box/work", "--match", "^here$", "--timeout", "60s"])?;
    assert!(client.ok(&["capture", "box/work"])?.contains("up"), "a host's name comes first");
    Ok(())
}

#[test]
fn a_viewer_looks_and_is_shown_out_when_its_right_ends() -> Result<()> {
    let (server, client) = paired(&["--role", "viewer", "--session", "work", "--name", "guest"])?;
    server.ok(&["new", "-d", "-n", "secret", "--", "/bin/cat"])?;
    assert!(!client.ok(&["ls", "box/"])?.contains("secret"));
    let hidden = client.run(&["peek", "box/secret"])?;
    let missing = client.run(&["peek", "box/sicret"])?;
    assert_eq!(hidden.stderr.replace("secret", "sicret"), missing.stderr);
    failed(&client.run(&["send", "box/work", "typed", "--enter"])?, 4, "may not type");
    failed(&client.run(&["invite", "--on", "box"])?, 4, "may not say who may do what");
    let terminal = client.attach(SIZE, &["box/work"])?;
    terminal.wait_text("up", SOON)?;
    // A key behind it that shows something: what came before was taken, and dropped.
    terminal.type_keys("smuggled<ret><C-b>?")?;
    terminal.wait_text("split", SOON)?;
    terminal.type_keys("<esc>")?;
    terminal
        .wait_for("the pane again", SOON, |screen| !ccc_testkit::text(screen).contains("split"))?;
    // What is granted counts at once, on the connection that comes again by itself.
    server.ok(&["grant", "guest", "work", "type"])?;
    let typed = || -> Result<bool> {
        terminal.type_keys("allowed<ret>")?;
        Ok(server
            .run(&[
                "wait",
                "work",
                "--match",
                "^got:.*allowed$",
                "--since",
                "0",
                "--timeout",
                "500ms",
            ])?
            .code
            == Some(0))
    };
    let mut tries = 0;
    while !typed()? {
        tries += 1;
        assert!(tries < 100, "{}", terminal.text());
    }
    assert!(!server.ok(&["capture", "work"])?.contains("smuggled"));
    let who = server.json(&["who", "work", "--json"])?;
    assert_eq!(who["clients"][0]["name"], "guest", "{who}");
    assert_eq!(who["clients"][0]["view"], false, "{who}");
    server.ok(&["revoke", "guest"])?;
    terminal.wait_text("box does not let this machine in", SOON)?;
    failed(&client.run(&["ls", "box/"])?, 4, "box does not let this machine in");
    Ok(())
}

#[test]
fn a_session_is_taken_from_others_only_by_those_who_may() -> Result<()> {
    let (server, client) = paired(&["--role", "viewer", "--session", "work"])?;
    let mine = server.attach(SIZE, &["work"])?;
    mine.wait_text("up", SOON)?;
    let refused = client.attach(SIZE, &["box/work", "--steal"])?;
    refused.wait_text("the role viewer may not detach others", SOON)?;
    let taken = server.attach(SIZE, &["work", "--steal"])?;
    taken.wait_text("up", SOON)?;
    mine.wait_closed(SOON)?;
    // To look only is said before anybody is asked.
    let looking = server.attach(SIZE, &["work", "--view"])?;
    looking.wait_text("up", SOON)?;
    looking.type_keys("nothing<ret>")?;
    taken.type_keys("something<ret>")?;
    looking.wait_text("got:something", SOON)?;
    assert!(!server.ok(&["capture", "work"])?.contains("nothing"));
    Ok(())
}

#[test]
fn a_server_listens_elsewhere_when_it_is_told_and_remembers_it() -> Result<()> {
    let (server, client) = (sandbox()?, sandbox()?);
    server.ok(&["serve", "--daemon", "--listen", "0.0.0.0"])?;
    server.ok(&["new", "-d", "-n", "work", "--", "/bin/cat"])?;
    let invited = server.json(&["invite", "--json", "--host", "127.0.0.2:1"])?;
    assert_eq!(invited["addresses"][0], "127.0.0.2:1");
    let invited = server.json(&["invite", "--json"])?;
    let address = invited["addresses"][0].as_str().unwrap_or_default();
    let (_, port) = address.rsplit_once(':').unwrap_or_default();
    // Another address of this machine stands for another network.
    let link = invited["link"].as_str().unwrap_or_default();
    let link = link.replace(address, &format!("127.0.0.2:{port}"));
    let pairing = client.ccc(&["pair", "-", "--name", "box"]);
    assert_eq!(client.run_program(&pairing, link.as_bytes())?.code, Some(0));
    assert!(client.ok(&["ls", "box/"])?.contains("work"));
    server.ok(&["serve", "--stop"])?;
    failed(&client.run(&["ls", "box/"])?, 4, "box does not answer");
    server.ok(&["serve", "--daemon"])?;
    assert!(client.ok(&["ls", "box/"])?.contains("work"), "it listens where it did");
    server.ok(&["serve", "--stop"])?;
    server.ok(&["serve", "--daemon", "--listen", "127.0.0.1"])?;
    failed(&client.run(&["ls", "box/"])?, 4, "box does not answer");
    Ok(())
}
