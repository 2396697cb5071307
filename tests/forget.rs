//! Forgetting a part of a recording: everywhere, for good, with everything else in its place.

use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use ccc_testkit::{Process, Result, Sandbox, Size, hunt, installed, wait_sealed};

const SOON: Duration = Duration::from_secs(60);
/// Answers each line, so that a test decides what is printed and when.
const ECHO: &str = "stty -echo; echo ready; while read line; do case $line in seq*) eval $line;; esac; \
                    echo \"said $line\"; done";

fn sandbox() -> Result<Sandbox> {
    let sandbox = Sandbox::new(env!("CARGO_BIN_EXE_ccc"))?;
    sandbox.configure("[recording]\nsegment_bytes = 65536\n")?;
    Ok(sandbox)
}

/// A session whose program reads lines. What were sent before it says that it is ready would be echoed.
fn start(sandbox: &Sandbox, script: &str) -> Result<()> {
    sandbox.ok(&["new", "-d", "-n", "work", "--", "/bin/sh", "-c", script])?;
    sandbox.ok(&["wait", "work", "--match", "^ready$", "--timeout", "60s"]).map(drop)
}

fn say(sandbox: &Sandbox, word: &str) -> Result<()> {
    sandbox.ok(&["send", "work", word, "--enter"])?;
    sandbox.ok(&["wait", "work", "--match", &format!("said {word}$"), "--timeout", "60s"]).map(drop)
}

/// Waits until the history has a word.
#[track_caller]
fn remembered(sandbox: &Sandbox, word: &str) -> Result<()> {
    let until = Instant::now() + SOON;
    loop {
        let history = sandbox.ok(&["history", "--json", "-n", "0"])?;
        if history.contains(word) {
            return Ok(());
        }
        assert!(Instant::now() < until, "{word} is not in {history}");
    }
}

/// A sandbox with a shell that marks its commands, and what runs one in it and waits for what it shows.
fn shell() -> Result<Option<Sandbox>> {
    if !installed("bash") {
        return Ok(None);
    }
    let sandbox = Sandbox::new(env!("CARGO_BIN_EXE_ccc"))?;
    sandbox.configure("shell = \"/bin/bash\"\n[recording]\nsegment_bytes = 65536\n")?;
    let rc = "PS1='$ '\nHISTFILE=/dev/null\n";
    fs::write(sandbox.user_home().join(".bash_profile"), rc).expect("a file of the sandbox");
    sandbox.ok(&["new", "-d", "-n", "work"])?;
    Ok(Some(sandbox))
}

fn run(sandbox: &Sandbox, text: &str, shows: &str) -> Result<()> {
    sandbox.ok(&["wait", "work", "--prompt", "--timeout", "60s"])?;
    sandbox.ok(&["send", "work", text, "--enter"])?;
    sandbox.ok(&["wait", "work", "--match", shows, "--timeout", "60s"])?;
    sandbox.ok(&["wait", "work", "--prompt", "--timeout", "60s"]).map(drop)
}

/// Where the recording of a pane ends.
fn end(sandbox: &Sandbox) -> Result<u64> {
    let info = sandbox.json(&["rec", "info", "work", "--json"])?;
    Ok(info["end"].as_u64().expect("an end"))
}

#[test]
fn bytes_are_gone_everywhere_and_the_rest_stays_over_a_kill() -> Result<()> {
    let sandbox = sandbox()?;
    start(&sandbox, ECHO)?;
    say(&sandbox, "kept-before-1a")?;
    say(&sandbox, "seq 1 30000")?;
    let from = end(&sandbox)?;
    say(&sandbox, "gone-secret-7f3e")?;
    let to = end(&sandbox)?;
    // Sealed behind it, so that segments have to be taken apart, and on nobody's screen.
    say(&sandbox, "seq 1 40000")?;
    say(&sandbox, "kept-after-2b")?;
    assert!(sandbox.ok(&["search", "gone-secret"])?.contains("gone-secret-7f3e"));
    let before = sandbox.bytes(&["export", "--raw", "work"])?;

    let args = ["rec", "forget", "work", "--from", &from.to_string(), "--to", &to.to_string()];
    let told = sandbox.json(&[&args[..], &["--json"]].concat())?;
    let told = &told["forgotten"];
    assert_eq!((&told["bytes"], &told["from"]), (&(to - from).into(), &from.into()), "{told}");
    let check = |sandbox: &Sandbox| -> Result<()> {
        let after = sandbox.run(&["export", "--raw", "work"])?;
        let cut = |at: u64| usize::try_from(at).expect("a short recording");
        let expected = [&before[..cut(from)], &before[cut(to)..]].concat();
        assert!(after.stdout.as_bytes() == expected, "{} bytes", after.stdout.len());
        assert!(after.stderr.contains(&format!("{} bytes are no longer kept", to - from)));
        assert_eq!(sandbox.run(&["search", "gone-secret"])?.code, Some(1));
        assert!(sandbox.ok(&["search", "kept-before"])?.contains("kept-before-1a"));
        assert!(sandbox.ok(&["search", "kept-after"])?.contains("kept-after-2b"));
        let lines = sandbox.ok(&["capture", "work", "--from", "0"])?;
        assert!(lines.contains("said kept-before-1a") && lines.contains("said kept-after-2b"));
        assert!(!lines.contains("gone-secret"));
        assert_eq!(sandbox.run(&["rec", "verify", "work"])?.code, Some(0));
        Ok(())
    };
    check(&sandbox)?;
    let server = Process::open(sandbox.full_custody(SOON)?.server.pid).expect("a server");
    server.kill();
    server.wait_end(SOON)?;
    sandbox.full_custody(SOON)?;
    check(&sandbox)?;
    say(&sandbox, "goes-on")?;
    assert_eq!(hunt(sandbox.home(), "gone-secret-7f3e"), []);
    assert!(!hunt(&sandbox.state(), "kept-after-2b").is_empty());
    sandbox.end()
}

#[test]
fn the_last_minutes_vanish_from_a_screen_that_somebody_looks_at() -> Result<()> {
    let sandbox = sandbox()?;
    start(&sandbox, ECHO)?;
    let terminal = sandbox.attach(Size::new(80, 20), &["work"])?;
    say(&sandbox, "gone-secret-55aa")?;
    terminal.wait_text("said gone-secret-55aa", SOON)?;
    let told = sandbox.ok(&["rec", "forget", "work", "--last", "1h"])?;
    assert!(told.starts_with("p1: ") && told.contains("0 commands are forgotten"), "{told}");
    terminal.wait_for("the screen without it", SOON, |screen| {
        !screen.contents().contains("gone-secret")
    })?;
    say(&sandbox, "kept-after-2b")?;
    terminal.wait_text("said kept-after-2b", SOON)?;
    assert!(!terminal.text().contains("gone-secret"), "{}", terminal.text());
    assert_eq!(hunt(sandbox.home(), "gone-secret-55aa"), []);
    // There is nothing more of it to forget, and the gap is on record.
    let again = sandbox.run(&["rec", "forget", "work", "--from", "0", "--to", "5"])?;
    assert_eq!(again.code, Some(1));
    assert!(again.stderr.contains("nothing was printed there"), "{}", again.stderr);
    assert_eq!(sandbox.run(&["rec", "verify", "work"])?.code, Some(0));
    // The same of one that has ended, while somebody looks at it.
    sandbox.ok(&["kill", "p1"])?;
    sandbox.run(&["wait", "p1", "--exit", "--timeout", "60s"])?;
    sandbox.ok(&["rec", "forget", "p1", "--last", "1h"])?;
    assert_eq!(hunt(sandbox.home(), "kept-after-2b"), []);
    let shown = sandbox.ok(&["capture", "p1"])?;
    assert!(!shown.contains("kept-after"), "{shown}");
    sandbox.end()
}

#[test]
fn a_command_goes_with_its_prompt_and_from_every_history() -> Result<()> {
    let Some(sandbox) = shell()? else { return Ok(()) };
    let run = |text: &str, shows: &str| run(&sandbox, text, shows);
    run("echo kept-one-$((1+1))", "^kept-one-2")?;
    run("export KEY=gone-key-4d; echo gone-out-$((3+3))", "^gone-out-6")?;
    let history = || sandbox.ok(&["history", "--json", "-n", "0"]);
    remembered(&sandbox, "gone-key-4d")?;
    let told = sandbox.json(&["rec", "forget", "work", "--command", "--json"])?;
    assert_eq!(told["forgotten"]["commands"], 1, "{told}");
    let shown = sandbox.ok(&["capture", "work", "--from", "0"])?;
    assert!(shown.contains("kept-one-2") && !shown.contains("gone-"), "{shown}");
    // The shell stands at one prompt, behind what is kept.
    assert_eq!(shown.matches('$').count(), 3, "{shown}");
    for secret in ["gone-key-4d", "gone-out-6"] {
        assert_eq!(hunt(&sandbox.state(), secret), [], "{secret}");
    }
    assert!(!history()?.contains("gone-key") && history()?.contains("kept-one-"));
    assert_eq!(hunt(&sandbox.state(), "gone-key-4d"), []);
    run("echo kept-two-$((1+1))", "^kept-two-2")?;
    remembered(&sandbox, "kept-two-")?;
    assert_eq!(sandbox.run(&["rec", "verify", "work"])?.code, Some(0));
    sandbox.end()
}

#[test]
fn a_command_behind_a_forgotten_one_is_found_where_it_is() -> Result<()> {
    let Some(sandbox) = shell()? else { return Ok(()) };
    for (text, shows) in [
        // Much longer than what comes behind it.
        ("seq 1 3000; echo gone-one-$((1+1))", "^gone-one-2"),
        ("echo kept-two-$((1+1))", "^kept-two-2"),
        ("echo kept-three-$((1+1))", "^kept-three-2"),
    ] {
        run(&sandbox, text, shows)?;
    }
    remembered(&sandbox, "kept-three")?;
    let history = sandbox.json(&["history", "--json", "-n", "0"])?;
    let first = history["commands"].as_array().into_iter().flatten();
    let first = first.filter_map(|command| command["mark"].as_u64()).min().expect("a command");
    let told = sandbox.json(&["rec", "forget", "work", &format!("--command={first}"), "--json"])?;
    assert_eq!(told["forgotten"]["commands"], 1, "{told}");
    run(&sandbox, "echo gone-four-$((1+1))", "^gone-four-2")?;
    remembered(&sandbox, "gone-four")?;
    // Its own bytes go, and no others.
    let told = sandbox.json(&["rec", "forget", "work", "--command", "--json"])?;
    assert_eq!(told["forgotten"]["commands"], 1, "{told}");
    let text = sandbox.ok(&["export", "--txt", "work"])?;
    assert!(text.contains("kept-two-2") && text.contains("kept-three-2"), "{text}");
    assert!(!text.contains("gone-"), "{text}");
    let shown = sandbox.ok(&["capture", "work", "--from", "0"])?;
    assert!(shown.contains("kept-three-2") && !shown.contains("gone-"), "{shown}");
    for secret in ["gone-one-2", "gone-four-2", "gone-four-$"] {
        assert_eq!(hunt(&sandbox.state(), secret), [], "{secret}");
    }
    run(&sandbox, "echo kept-five-$((1+1))", "^kept-five-2")?;
    remembered(&sandbox, "kept-five")?;
    sandbox.end()
}

#[test]
fn what_is_forgotten_early_costs_nothing_of_what_comes_behind_it() -> Result<()> {
    let sandbox = Sandbox::new(env!("CARGO_BIN_EXE_ccc"))?;
    // What follows fits it sealed, and not as it is.
    sandbox.configure("[recording]\nsegment_bytes = 65536\npane_budget = 524288\n")?;
    let script = "stty -echo; echo ready; while read line; do case $line in \
                  flood*) seq 1 6000 | sed s/.*/forty-letters-that-are-the-same-each-time/;; \
                  digits*) seq 10000 40000;; esac; echo \"said $line\"; done";
    start(&sandbox, script)?;
    let dir = sandbox.recording()?;
    say(&sandbox, "kept-before-1a")?;
    let from = end(&sandbox)?;
    say(&sandbox, "gone-secret-7f3e")?;
    let to = end(&sandbox)?;
    say(&sandbox, "kept-after-2b")?;
    for part in 0..6 {
        say(&sandbox, &format!("flood-{part}"))?;
        wait_sealed(&dir)?;
    }
    let first = |sandbox: &Sandbox| -> Result<u64> {
        let info = sandbox.json(&["rec", "info", "work", "--json"])?;
        Ok(info["first"].as_u64().expect("a first byte"))
    };
    assert_eq!(first(&sandbox)?, 0, "it fits the budget");
    let (from, to) = (from.to_string(), to.to_string());
    sandbox.ok(&["rec", "forget", "work", "--from", &from, "--to", &to])?;
    say(&sandbox, "goes-on")?;
    wait_sealed(&dir)?;
    say(&sandbox, "flood-again")?;
    wait_sealed(&dir)?;
    assert_eq!(first(&sandbox)?, 0, "what was taken apart is no reason to delete");
    assert!(sandbox.ok(&["search", "kept-after"])?.contains("kept-after-2b"));
    assert_eq!(hunt(&sandbox.state(), "gone-secret-7f3e"), []);
    // The budget holds all the same.
    for part in 0..16 {
        say(&sandbox, &format!("digits-{part}"))?;
    }
    wait_sealed(&dir)?;
    assert!(first(&sandbox)? > 0);
    sandbox.end()
}

#[test]
fn what_could_not_be_forgotten_is_when_something_else_is() -> Result<()> {
    let sandbox = sandbox()?;
    start(&sandbox, ECHO)?;
    let dir = sandbox.recording()?;
    let mut bounds = vec![end(&sandbox)?];
    for word in ["gone-first-7f3e", "kept-2b", "gone-second-8a4f"] {
        say(&sandbox, word)?;
        bounds.push(end(&sandbox)?);
    }
    // As if the disk had been full in the middle of it.
    fs::write(dir.join("forget"), format!("{} {}\n", bounds[0], bounds[1])).expect("the intent");
    let (from, to) = (bounds[2].to_string(), bounds[3].to_string());
    sandbox.ok(&["rec", "forget", "work", "--from", &from, "--to", &to])?;
    for secret in ["gone-first-7f3e", "gone-second-8a4f"] {
        assert_eq!(hunt(&sandbox.state(), secret), [], "{secret}");
    }
    assert!(sandbox.ok(&["capture", "work"])?.contains("kept-2b"));
    assert!(!dir.join("forget").exists());
    assert_eq!(sandbox.run(&["rec", "verify", "work"])?.code, Some(0));
    sandbox.end()
}

#[test]
fn whoever_looks_at_what_has_ended_writes_nothing_there() -> Result<()> {
    let sandbox = sandbox()?;
    let script = "echo shown-$((1+1)); exit 3";
    sandbox.ok(&["new", "-d", "-n", "work", "--", "/bin/sh", "-c", script])?;
    sandbox.run(&["wait", "p1", "--exit", "--timeout", "60s"])?;
    let dir = sandbox.recording()?;
    let server = Process::open(sandbox.custody()?.server.pid).expect("a server");
    server.kill();
    server.wait_end(SOON)?;
    let files = || {
        let mut files: Vec<_> = fs::read_dir(&dir)
            .expect("a recording")
            .map(|entry| entry.expect("a file").path())
            .map(|path| (fs::read(&path).expect("its bytes"), path))
            .collect();
        files.sort();
        files
    };
    let before = files();
    for _ in 0..2 {
        assert!(sandbox.ok(&["capture", "p1"])?.contains("shown-2"));
    }
    assert!(sandbox.ok(&["rec", "forget", "p1", "--last", "1h"])?.contains("p1"));
    assert_eq!(hunt(&sandbox.state(), "shown-2"), []);
    assert!(files() != before);
    let before = files();
    for _ in 0..2 {
        assert!(!sandbox.ok(&["capture", "p1"])?.contains("shown-2"));
    }
    assert!(files() == before, "somebody wrote");
    sandbox.end()
}

#[test]
fn a_key_in_the_history_forgets_the_chosen_command() -> Result<()> {
    let Some(sandbox) = shell()? else { return Ok(()) };
    run(&sandbox, "KEY=gone-key-4d; echo gone-out-$((3+3))", "^gone-out-6")?;
    run(&sandbox, "echo kept-$((1+1))", "^kept-2")?;
    remembered(&sandbox, "kept-")?;
    let terminal = sandbox.attach(Size::new(100, 24), &["work"])?;
    terminal.wait_text("kept-2", SOON)?;
    terminal.type_keys("<C-b><C-r>")?;
    terminal.wait_text("C-x forget", SOON)?;
    terminal.write(b"gone-key")?;
    terminal.wait_text("> gone-key", SOON)?;
    terminal.type_keys("<C-x>")?;
    terminal.wait_text("for good? (y/n)", SOON)?;
    terminal.type_keys("y")?;
    terminal.wait_text("forgotten: ", SOON)?;
    for secret in ["gone-key-4d", "gone-out-6"] {
        assert_eq!(hunt(&sandbox.state(), secret), [], "{secret}");
    }
    assert!(sandbox.ok(&["history", "--json", "-n", "0"])?.contains("echo kept-"));
    sandbox.end()
}

#[test]
fn what_a_killed_server_had_begun_to_forget_is_forgotten_by_the_next() -> Result<()> {
    let sandbox = sandbox()?;
    start(&sandbox, ECHO)?;
    say(&sandbox, "kept-before-1a")?;
    let from = end(&sandbox)?;
    say(&sandbox, "gone-secret-7f3e")?;
    let to = end(&sandbox)?;
    say(&sandbox, "kept-after-2b")?;
    let dir: PathBuf = fs::read_dir(sandbox.state().join("panes"))
        .expect("panes")
        .map(|entry| entry.expect("a recording").path())
        .next()
        .expect("a recording");
    // As if it had died right behind its first step.
    fs::write(dir.join("forget"), format!("{from} {to}\n")).expect("the intent");
    let server = Process::open(sandbox.full_custody(SOON)?.server.pid).expect("a server");
    server.kill();
    server.wait_end(SOON)?;
    sandbox.full_custody(SOON)?;
    say(&sandbox, "goes-on")?;
    let lines = sandbox.ok(&["capture", "work", "--from", "0"])?;
    assert!(lines.contains("kept-before-1a") && lines.contains("kept-after-2b"), "{lines}");
    assert!(!lines.contains("gone-secret"), "{lines}");
    assert!(!dir.join("forget").exists());
    assert_eq!(hunt(sandbox.home(), "gone-secret-7f3e"), []);
    assert_eq!(sandbox.run(&["rec", "verify", "work"])?.code, Some(0));
    sandbox.end()
}

#[test]
fn a_recording_that_is_deleted_leaves_no_byte_no_line_and_no_command() -> Result<()> {
    let Some(sandbox) = shell()? else { return Ok(()) };
    sandbox.ok(&["wait", "work", "--prompt", "--timeout", "60s"])?;
    let text = "KEY=gone-key-4d; echo gone-out-$((3+3)); seq 1 30000";
    sandbox.ok(&["send", "work", text, "--enter"])?;
    sandbox.ok(&["wait", "work", "--match", "^30000$", "--timeout", "60s"])?;
    // In marks and in the index.
    remembered(&sandbox, "gone-key-4d")?;
    assert!(!hunt(&sandbox.state().join("panes"), "gone-key-4d").is_empty());
    sandbox.ok(&["send", "work", "exit 3", "--enter"])?;
    assert_eq!(sandbox.run(&["wait", "p1", "--exit", "--timeout", "60s"])?.code, Some(3));
    let told = sandbox.ok(&["rec", "rm", "p1"])?;
    assert!(told.contains("of output") && told.contains("with its lines and commands"), "{told}");
    for secret in ["gone-key-4d", "gone-out-6"] {
        assert_eq!(hunt(&sandbox.state(), secret), [], "{secret}");
    }
    assert_eq!(sandbox.run(&["search", "gone-out"])?.code, Some(1));
    assert!(!sandbox.ok(&["history", "--json", "-n", "0"])?.contains("gone-key"));
    sandbox.end()
}
