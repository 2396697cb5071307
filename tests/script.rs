//! The commands that scripts are made of: what they print, and how they end.

use std::time::Duration;

use ccc_testkit::{Output, Result, Sandbox, Size};
use serde_json::Value;

/// Far more than anything here takes, also on a machine that has much else to do.
const PATIENCE: Duration = Duration::from_secs(60);

fn sandbox() -> Result<Sandbox> {
    Sandbox::new(env!("CARGO_BIN_EXE_ccc"))
}

/// A session in the background whose shell has prompted.
fn with_shell(sandbox: &Sandbox, name: &str) -> Result<()> {
    sandbox.ok(&["new", "-d", "-n", name])?;
    sandbox.ok(&["wait", name, "--match", r"^\$", "--timeout", "60s"])?;
    Ok(())
}

fn see(sandbox: &Sandbox, target: &str, pattern: &str) -> Result<()> {
    sandbox.ok(&["wait", target, "--match", pattern, "--timeout", "60s"]).map(drop)
}

fn sh(sandbox: &Sandbox, script: &str, input: &[u8]) -> Result<Output> {
    let program = sandbox.program("/bin/sh").args(["-c", script, env!("CARGO_BIN_EXE_ccc")]);
    sandbox.run_program(&program, input)
}

#[test]
fn the_life_of_a_session() -> Result<()> {
    let sandbox = sandbox()?;
    let made = sandbox.ok(&["new", "-d", "-n", "one"])?;
    assert_eq!(made, "s1\n");
    let made = sandbox.json(&["new", "-d", "-n", "two", "--json"])?;
    assert_eq!((&made["session"], &made["tab"]), (&Value::from("s2"), &Value::from("t2")));
    // The name is taken; with -A it is the one that is meant.
    let taken = sandbox.run(&["new", "-d", "-n", "two"])?;
    assert_eq!((taken.code, taken.stdout.as_str()), (Some(1), ""), "{taken:?}");
    assert_eq!(sandbox.ok(&["new", "-d", "-A", "-n", "two"])?, "s2\n");

    sandbox.ok(&["rename", "two", "second"])?;
    let names = |sandbox: &Sandbox| -> Result<Vec<String>> {
        let sessions = sandbox.json(&["ls", "--json"])?;
        let sessions = sessions["sessions"].as_array().cloned().unwrap_or_default();
        let words = sessions.iter().map(|session| {
            format!("{} {} {}", session["id"], session["name"], session["state"]).replace('"', "")
        });
        Ok(words.collect())
    };
    assert_eq!(names(&sandbox)?, ["s1 one running", "s2 second running"]);
    let listed = sandbox.ok(&["ls"])?;
    assert!(listed.contains("one") && listed.contains("second"), "{listed}");

    // What runs is not forgotten by accident.
    assert_ne!(sandbox.run(&["rm", "second"])?.code, Some(0));
    sandbox.ok(&["kill", "second"])?;
    sandbox.run(&["wait", "s2", "--exit", "--timeout", "60s"])?;
    sandbox.ok(&["rm", "s2"])?;
    assert_eq!(names(&sandbox)?, ["s1 one running"]);
    Ok(())
}

#[test]
fn tabs_and_panes() -> Result<()> {
    let sandbox = sandbox()?;
    with_shell(&sandbox, "work")?;
    let pane = sandbox.ok(&["split", "work", "--right"])?;
    assert_eq!(pane, "p2\n");
    assert_eq!(sandbox.ok(&["tab", "new", "work", "--name", "logs"])?, "t2\n");
    let tabs = sandbox.json(&["tab", "ls", "work", "--json"])?;
    let numbers: Vec<_> =
        tabs["tabs"].as_array().into_iter().flatten().map(|tab| &tab["number"]).collect();
    assert_eq!(numbers, [1, 2], "{tabs}");
    let panes = sandbox.json(&["pane", "ls", "work", "--json"])?;
    let ids: Vec<_> =
        panes["panes"].as_array().into_iter().flatten().map(|pane| &pane["id"]).collect();
    assert_eq!(ids, ["p1", "p2", "p3"], "{panes}");
    see(&sandbox, "work:1.2", r"^\$")?;
    sandbox.ok(&["send", "work:1.2", "stty size", "--enter"])?;
    see(&sandbox, "work:1.2", "^2[34] 39$")?;
    sandbox.ok(&["resize", "work:1", "120x40"])?;
    let panes = sandbox.json(&["pane", "ls", "work:1", "--json"])?;
    assert_eq!(panes["panes"][0]["rows"], 40, "{panes}");
    sandbox.ok(&["tab", "rename", "work:2", "journal"])?;
    sandbox.ok(&["pane", "zoom", "work:1.2"])?;
    sandbox.ok(&["tab", "close", "work:2"])?;
    // Its programs end by the hang-up.
    assert_eq!(sandbox.run(&["wait", "p3", "--exit", "--timeout", "60s"])?.code, Some(128 + 1));
    let tabs = sandbox.json(&["tab", "ls", "work", "--json"])?;
    assert_eq!(tabs["tabs"][0]["zoomed"], "p2", "{tabs}");
    Ok(())
}

/// A first version only ended the programs, and left the tab with panes that say so.
#[test]
fn a_closed_tab_goes_with_its_panes() -> Result<()> {
    let sandbox = sandbox()?;
    with_shell(&sandbox, "work")?;
    sandbox.ok(&["tab", "new", "work", "--", "tail", "-f", "/dev/null"])?;
    sandbox.ok(&["split", "work:2", "--", "tail", "-f", "/dev/null"])?;
    let left = |what: &str| -> Result<Vec<String>> {
        let listed = sandbox.json(&[what.trim_end_matches('s'), "ls", "work", "--json"])?;
        let ids = listed[what].as_array().into_iter().flatten();
        Ok(ids.filter_map(|one| one["id"].as_str()).map(str::to_owned).collect())
    };
    assert_eq!((left("tabs")?.len(), left("panes")?.len()), (2, 3));
    sandbox.ok(&["tab", "close", "work:2"])?;
    assert_eq!((left("tabs")?, left("panes")?), (vec!["t1".into()], vec!["p1".into()]));
    for pane in ["p2", "p3"] {
        let ended = sandbox.run(&["wait", pane, "--exit", "--timeout", "60s"])?;
        assert_eq!(ended.code, Some(128 + 1), "{pane}: {ended:?}");
    }
    // Inside a pane it is the tab around it, and a pane in the words of a target is only a pane.
    sandbox.ok(&["tab", "new", "work"])?;
    sandbox.ok(&["split", "work:2"])?;
    sandbox.ok(&["split", "work:1", "--", "tail", "-f", "/dev/null"])?;
    sandbox.ok(&["pane", "close", "work:1.2"])?;
    see(&sandbox, "p4", r"^\$")?;
    let close = format!("'{}' tab close", env!("CARGO_BIN_EXE_ccc"));
    sandbox.ok(&["send", "p4", &close, "--enter"])?;
    sandbox.run(&["wait", "p4", "--exit", "--timeout", "60s"])?;
    assert_eq!((left("tabs")?, left("panes")?), (vec!["t1".into()], vec!["p1".into()]));
    Ok(())
}

#[test]
fn what_is_sent_is_what_arrives() -> Result<()> {
    let sandbox = sandbox()?;
    with_shell(&sandbox, "work")?;
    sandbox.ok(&["send", "work", "echo one-$((0+1))"])?;
    let screen = sandbox.ok(&["peek", "work"])?;
    assert!(!screen.contains("one-1"), "nothing is added unless asked:\n{screen}");
    sandbox.ok(&["send", "work", "--keys", "<ret>"])?;
    see(&sandbox, "work", "^one-1$")?;
    let sent = sandbox.json(&["send", "work", "echo one-1", "--enter", "--json"])?;
    let offset = sent["offset"].as_u64().unwrap_or(u64::MAX).to_string();
    // Only what came after counts.
    sandbox.ok(&["wait", "work", "--match", "^one-1$", "--since", &offset, "--timeout", "60s"])?;
    // A program that asks for it gets its paste bracketed, with no way out of the brackets.
    sandbox.ok(&["send", "work", "printf '\\033[?2004hasks-%s\\n' $((0+1)); cat -v", "--enter"])?;
    see(&sandbox, "work", "^asks-1$")?;
    let pasted = sh(&sandbox, "\"$0\" send work --paste", b"in\x1b[201~side")?;
    assert_eq!(pasted.code, Some(0), "{pasted:?}");
    sandbox.ok(&["send", "work", "--keys", "<ret>"])?;
    see(&sandbox, "work", r"^\^\[\[200~in.*side\^\[\[201~$")?;
    let screen = sandbox.ok(&["peek", "work"])?;
    assert_eq!(screen.matches("^[[201~").count(), screen.matches("^[[200~").count(), "{screen}");
    Ok(())
}

/// A first version waited for the program as long as it liked, and scripts hung with it.
#[test]
fn a_program_that_does_not_read_holds_nobody_up_for_ever() -> Result<()> {
    let sandbox = sandbox()?;
    // It reads when it is told to, and then says how much there was.
    let script = "stty raw -echo; mkfifo pipe; exec 3<>pipe; echo ready; read go <&3; \
                  head -c 66000 | wc -c; read line <&3";
    sandbox.ok(&["new", "-d", "-n", "work", "--", "/bin/sh", "-c", script])?;
    see(&sandbox, "work", "ready")?;
    let text = "x".repeat(66_000);
    let sent = sh(&sandbox, "\"$0\" send work", text.as_bytes())?;
    assert_eq!((sent.code, sent.stdout.as_str()), (Some(124), ""), "{sent:?}");
    let told = "error: send to work: pane p1 has not read all of it within 5 s; \
                the rest waits, and is typed when it reads\n\
                hint: the last 464 bytes were not sent\n";
    assert_eq!(sent.stderr, told);
    // What waits keeps its place in front of what comes later.
    let late = sandbox.run(&["interrupt", "work"])?;
    assert_eq!(late.code, Some(124), "{late:?}");
    assert!(late.stderr.contains("hint: see what it does: ccc peek p1"), "{late:?}");
    sh(&sandbox, "echo go > pipe", b"")?;
    let rest = &text[..463];
    let sent = sh(&sandbox, "\"$0\" send work", rest.as_bytes())?;
    // On a busy machine it may not be read in time either.
    assert!(matches!(sent.code, Some(0 | 124)), "{sent:?}");
    see(&sandbox, "work", "66000")?;
    // Standard input that is passed on waits as long as the command likes.
    let script = "exec 3<&0; until test -p gate; do :; done | { cat; cat <&3; } | \
                  \"$0\" run -i -- /bin/sh -c 'stty raw -echo; mkfifo gate; read go < gate; \
                  head -c 60000 | wc -c' & \
                  until test -p gate; do :; done; \"$0\" wait p2 --idle 6s; echo go > gate; wait $!";
    let run = sh(&sandbox, script, &text.as_bytes()[..60_000])?;
    assert_eq!((run.code, run.stdout.trim()), (Some(0), "60000"), "{run:?}");
    Ok(())
}

#[test]
fn waiting_ends_in_time_and_says_how() -> Result<()> {
    let sandbox = sandbox()?;
    sandbox.ok(&["new", "-d", "-n", "work", "--", "/bin/sh", "-c", "read line; exit $line"])?;
    let late = sandbox.run(&["wait", "work", "--match", "never", "--timeout", "50ms"])?;
    assert_eq!((late.code, late.stdout.as_str()), (Some(124), ""), "{late:?}");
    let late = sandbox.run(&["wait", "work", "--exit", "--timeout", "50ms"])?;
    assert_eq!(late.code, Some(124), "{late:?}");
    sandbox.ok(&["wait", "work", "--idle", "100ms", "--timeout", "60s"])?;
    sandbox.ok(&["send", "work", "42", "--enter"])?;
    assert_eq!(sandbox.run(&["wait", "work", "--exit", "--timeout", "60s"])?.code, Some(42));
    Ok(())
}

#[test]
fn run_is_like_the_command() -> Result<()> {
    let sandbox = sandbox()?;
    let run = |words: &[&str]| {
        sandbox.run(&[&["run", "--"], words].concat()).map(|output| (output.code, output.stdout))
    };
    assert_eq!(run(&["printf", "a\nb\n"])?, (Some(0), "a\nb\n".into()));
    assert_eq!(run(&["/bin/sh", "-c", "echo out; exit 3"])?, (Some(3), "out\n".into()));
    assert_eq!(run(&["/bin/sh", "-c", "kill -TERM $$"])?, (Some(128 + 15), String::new()));
    assert_eq!(run(&["no-such-command-here"])?, (Some(127), String::new()));
    assert_eq!(run(&["/dev/null"])?, (Some(126), String::new()));
    assert_eq!(run(&["stty", "size"])?.1, "24 80\n");
    let late = sandbox.run(&["run", "--timeout", "100ms", "--", "tail", "-f", "/dev/null"])?;
    assert_eq!(late.code, Some(124), "{late:?}");
    // The reader of a pipe may go when it has enough.
    let cut = sh(&sandbox, "\"$0\" run -- seq 1 200000 | head -n 1", b"")?;
    assert_eq!((cut.stdout.as_str(), cut.stderr.as_str()), ("1\n", ""), "{cut:?}");
    let all = sandbox.run(&["run", "--", "seq", "1", "3000"])?;
    assert_eq!(all.stdout.lines().count(), 3000);
    Ok(())
}

#[test]
fn what_cannot_be_started_is_told_in_words() -> Result<()> {
    let sandbox = sandbox()?;
    let check = |args: &[&str], code: i32, told: &str| -> Result<()> {
        let output = sandbox.run(args)?;
        assert_eq!((output.code, output.stderr.as_str()), (Some(code), told), "{output:?}");
        Ok(())
    };
    check(&["run", "--", "nosuch"], 127, "error: run: nosuch: command not found\n")?;
    check(&["run", "--", "/dev/null"], 126, "error: run: /dev/null: cannot be executed\n")?;
    let directory = "error: run: /dev: cannot be executed: it is a directory\n";
    check(&["run", "--", "/dev"], 126, directory)?;
    let missing = "error: run: there is no directory /no/such/place\n";
    check(&["run", "--cwd", "/no/such/place", "--", "true"], 125, missing)?;
    let made = "error: make a session: nosuch: command not found\n";
    check(&["new", "-d", "--", "nosuch"], 1, made)?;
    Ok(())
}

/// The first version left an ended pane behind every command, and the next `attach` landed in it.
#[test]
fn run_leaves_nothing_in_the_way() -> Result<()> {
    let sandbox = sandbox()?;
    sandbox.ok(&["run", "--", "echo", "done"])?;
    sandbox.ok(&["run", "--name", "named", "--", "echo", "done"])?;
    assert_eq!(sandbox.run(&["run", "--", "/bin/sh", "-c", "exit 3"])?.code, Some(3));
    let late = sandbox.run(&["run", "--timeout", "100ms", "--", "tail", "-f", "/dev/null"])?;
    assert_eq!(late.code, Some(124), "{late:?}");
    let sessions = sandbox.json(&["ls", "--json"])?;
    let states: Vec<_> =
        sessions["sessions"].as_array().into_iter().flatten().map(|one| &one["state"]).collect();
    assert_eq!(states, ["ended"; 4], "{sessions}");
    // What they printed is still there to be read.
    assert_eq!(sandbox.ok(&["peek", "named"])?.lines().next(), Some("done"));

    let terminal = sandbox.attach(Size::new(80, 24), &[])?;
    terminal.wait_text("[main]", PATIENCE)?;
    terminal.wait_text("$", PATIENCE)?;
    Ok(())
}

/// Every byte there is, some sequences that are not whole, and bytes that are no text.
fn blob() -> Vec<u8> {
    let mut bytes: Vec<u8> = (0..=255).cycle().take(20_000).collect();
    bytes.extend_from_slice(b"\x1b[38;2;1\xff\xfe\xc3\x1b]0;no end");
    bytes
}

#[test]
fn a_recording_is_exact() -> Result<()> {
    let sandbox = sandbox()?;
    let file = sandbox.home().join("blob");
    let blob = blob();
    std::fs::write(&file, &blob)
        .map_err(|source| ccc_testkit::KitError::Io { what: "write a file".into(), source })?;
    let script = format!("stty -opost; cat {}", file.display());
    sandbox.ok(&["new", "-d", "-n", "work", "--", "/bin/sh", "-c", &script])?;
    sandbox.ok(&["wait", "work", "--exit", "--timeout", "60s"])?;
    assert!(
        sandbox.bytes(&["export", "--raw", "work"])? == blob,
        "not the bytes that were printed"
    );
    let copy = sandbox.home().join("copy");
    sandbox.ok(&["export", "--raw", "work", "-o", &copy.display().to_string()])?;
    assert!(std::fs::read(&copy).unwrap_or_default() == blob, "not the bytes that were printed");
    assert!(sandbox.bytes(&["tail", "-f", "work", "--from", "0"])? == blob, "tail cuts");
    assert!(sandbox.bytes(&["tail", "work", "--from", "19990"])? == blob[19_990..], "tail cuts");
    Ok(())
}

#[test]
fn lines_above_the_screen_are_captured() -> Result<()> {
    let sandbox = sandbox()?;
    let script = "seq 1 100; printf '%090d\\n' 7; printf '\\033[31mred\\033[m\\n'; read line";
    sandbox.ok(&["new", "-d", "-n", "work", "--", "/bin/sh", "-c", script])?;
    see(&sandbox, "work", "^red$")?;
    let all = sandbox.ok(&["capture", "work", "--from", "0"])?;
    assert!(all.starts_with("1\n2\n3\n"), "{all}");
    assert!(all.contains("\n99\n100\n"), "{all}");
    let some = sandbox.ok(&["capture", "work", "--from", "9", "--to", "11"])?;
    assert_eq!(some, "10\n11\n12\n");
    let joined = sandbox.ok(&["capture", "work", "--join"])?;
    assert!(joined.lines().any(|line| line.len() == 90), "{joined}");
    let colored = sandbox.ok(&["capture", "work", "--ansi"])?;
    assert!(colored.contains("\x1b[0;31mred"), "{colored:?}");
    Ok(())
}

#[test]
fn events_and_control_are_json_lines() -> Result<()> {
    let sandbox = sandbox()?;
    let lines = b"{\"id\": 1, \"args\": [\"new\", \"-d\", \"-n\", \"work\"]}\nno json\n{\"id\": \"b\", \"args\": [\"ls\"]}\n{\"id\": 3, \"args\": [\"kill\", \"nobody\"]}\n";
    sandbox.ok(&["serve", "--daemon"])?;
    let output = sandbox.run_program(&sandbox.ccc(&["control"]), lines)?;
    assert_eq!(output.code, Some(0), "{output:?}");
    let answers: Vec<Value> =
        output.stdout.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    assert_eq!(answers.len(), output.stdout.lines().count(), "{}", output.stdout);
    let answer = |id: Value| answers.iter().find(|answer| answer["id"] == id).cloned();
    let made = answer(1.into()).unwrap_or_default();
    assert_eq!((&made["ok"], &made["result"]["session"]), (&true.into(), &"s1".into()), "{made}");
    assert_eq!(answer("b".into()).unwrap_or_default()["ok"], true, "{}", output.stdout);
    assert_eq!(answer(3.into()).unwrap_or_default()["ok"], false, "{}", output.stdout);

    // The first event of the stream ends it: the pipe is closed.
    let script = "\"$0\" events | { read line; echo \"$line\"; } & \
                  while kill -0 $! 2>/dev/null; do \"$0\" rename work other; \"$0\" rename other work; done; \
                  \"$0\" rename work other; wait";
    let events = sh(&sandbox, script, b"")?;
    let event: Value = serde_json::from_str(&events.stdout).unwrap_or_default();
    assert!(event["what"].is_string() && event["session"] == "s1", "{events:?}");
    Ok(())
}

#[test]
fn exit_codes_tell_failures_apart() -> Result<()> {
    let sandbox = sandbox()?;
    let code = |args: &[&str]| sandbox.run(args).map(|output| output.code);
    // Nobody is there to ask, and asking starts nobody.
    assert_eq!(code(&["ls"])?, Some(4));
    assert!(sandbox.processes().is_empty());
    sandbox.ok(&["new", "-d", "-n", "work"])?;
    assert_eq!(code(&["no-such-command"])?, Some(2));
    assert_eq!(code(&["wait", "work"])?, Some(2));
    assert_eq!(code(&["send", "work", "--keys", "<no-such-key>"])?, Some(2));
    assert_eq!(code(&["kill", "nobody"])?, Some(3));
    assert_eq!(code(&["peek", "work:9"])?, Some(3));
    assert_eq!(code(&["new", "-d", "--cwd", "/no/such/place"])?, Some(1));
    let closed = sh(&sandbox, "\"$0\" ls >&-; \"$0\" --help | true; \"$0\" ls --json | true", b"")?;
    assert!(!closed.stderr.contains("panicked"), "{closed:?}");
    Ok(())
}

#[test]
fn names_are_labels() -> Result<()> {
    let sandbox = sandbox()?;
    let hostile = ["../../etc/passwd", "two\nlines", "\u{1b}[31mred", "abc\u{202e}fed", "/", ".."];
    for name in hostile {
        let made = sandbox.run(&["new", "-d", "-n", name])?;
        // Taken as it is or refused with a reason; never a path, never shown as it is.
        assert!(matches!(made.code, Some(0 | 2)), "{name:?}: {made:?}");
        assert!(made.code == Some(0) || !made.stderr.is_empty(), "{name:?}");
        assert!(!made.stderr.contains(['\u{1b}', '\u{202e}']), "{name:?}: {made:?}");
    }
    for listing in [&["ls"][..], &["tab", "ls"], &["pane", "ls"]] {
        let shown = sandbox.run(listing)?.stdout;
        assert!(!shown.contains(['\u{1b}', '\u{202e}', '\r']), "{shown:?}");
    }
    let sessions = sandbox.json(&["ls", "--json"])?;
    let lines = sandbox.ok(&["ls"])?.lines().count();
    assert_eq!(sessions["sessions"].as_array().map(Vec::len), Some(lines), "a line each");
    // A name in the form of an id would be two things.
    assert_eq!(sandbox.run(&["new", "-d", "-n", "s7"])?.code, Some(2));
    assert!(!sandbox.home().join("etc").exists());
    Ok(())
}
