//! Panes that are not recorded: nothing of them is on the disk, everything else is as with any pane, also over
//! the death of whoever holds them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use ccc_testkit::{Process, Result, Sandbox, Size, Terminal, hunt};

const PATIENCE: Duration = Duration::from_secs(60);
/// Answers each line, so that a test decides what is printed and when.
const ECHO: &str = "stty -echo; echo ready; while read line; do echo \"said $line\"; done";

fn sandbox() -> Result<Sandbox> {
    let sandbox = Sandbox::new(env!("CARGO_BIN_EXE_ccc"))?;
    sandbox.configure("[recording]\nmemory_budget = 1048576\n")?;
    Ok(sandbox)
}

/// A session of this name and with these flags whose program reads lines. What were sent before it says that it is
/// ready would be echoed.
fn start(sandbox: &Sandbox, name: &str, flags: &[&str], script: &str) -> Result<()> {
    let new = [&["new", "-d", "-n", name], flags, &["--", "/bin/sh", "-c", script]].concat();
    sandbox.ok(&new)?;
    sandbox.ok(&["wait", name, "--match", "^ready$", "--timeout", "60s"]).map(drop)
}

fn say(sandbox: &Sandbox, target: &str, word: &str) -> Result<()> {
    sandbox.ok(&["send", target, word, "--enter"])?;
    sandbox.ok(&["wait", target, "--match", &format!("said {word}"), "--timeout", "60s"]).map(drop)
}

fn refused(sandbox: &Sandbox, args: &[&str]) -> Result<()> {
    let output = sandbox.run(args)?;
    assert_ne!(output.code, Some(0), "{args:?}: {output:?}");
    assert!(output.stderr.contains("is not recorded"), "{args:?}: {}", output.stderr);
    Ok(())
}

/// Bytes of all files below a folder.
fn bytes_below(folder: &PathBuf) -> u64 {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let bytes = entries.map(|entry| match entry.metadata() {
        Ok(meta) if meta.is_dir() => bytes_below(&entry.path()),
        Ok(meta) => meta.len(),
        Err(_gone) => 0,
    });
    bytes.sum()
}

#[test]
fn nothing_of_it_is_on_the_disk_and_the_program_outlives_the_server() -> Result<()> {
    let sandbox = sandbox()?;
    start(&sandbox, "light", &[], ECHO)?;
    start(&sandbox, "dark", &["--no-record"], ECHO)?;
    say(&sandbox, "light", "visible-7c21e0")?;
    say(&sandbox, "dark", "secret-5e8d13")?;

    let server = Process::open(sandbox.full_custody(PATIENCE)?.server.pid).expect("a server");
    server.kill();
    server.wait_end(PATIENCE)?;
    sandbox.full_custody(PATIENCE)?;
    let shown = sandbox.ok(&["capture", "dark"])?;
    assert!(shown.contains("said secret-5e8d13"), "{shown}");
    say(&sandbox, "dark", "secret-91ab02")?;
    let keeper = Process::open(sandbox.full_custody(PATIENCE)?.keeper.pid).expect("a keeper");
    keeper.kill();
    keeper.wait_end(PATIENCE)?;
    sandbox.full_custody(PATIENCE)?;
    say(&sandbox, "dark", "secret-33dc54")?;

    // It is shown as what it is.
    let panes = sandbox.json(&["pane", "ls", "dark", "--json"])?;
    assert_eq!(panes["panes"][0]["recorded"], false, "{panes}");
    let panes = sandbox.json(&["pane", "ls", "light", "--json"])?;
    assert_eq!(panes["panes"][0]["recorded"], true, "{panes}");
    assert!(sandbox.ok(&["pane", "ls", "dark"])?.contains("not recorded"));

    // Nothing is remembered, and whoever asks for it is told why.
    let listed = sandbox.json(&["rec", "ls", "--json"])?;
    assert_eq!(listed["recordings"].as_array().map(Vec::len), Some(1), "{listed}");
    refused(&sandbox, &["export", "--txt", "dark"])?;
    refused(&sandbox, &["export", "--raw", "dark"])?;
    refused(&sandbox, &["rec", "info", "dark"])?;
    refused(&sandbox, &["search", "secret", "--session", "p2"])?;
    assert_eq!(sandbox.run(&["search", "secret-"])?.code, Some(1));
    assert!(sandbox.ok(&["search", "visible-"])?.contains("visible-7c21e0"));

    // Below the home lie the state, the logs, the settings: what was seen to be found is, the other is not.
    assert!(!hunt(sandbox.home(), "visible-7c21e0").is_empty());
    for secret in ["secret-5e8d13", "secret-91ab02", "secret-33dc54"] {
        assert_eq!(hunt(sandbox.home(), secret), [], "{secret}");
    }
    // And it is not nowhere.
    assert!(!hunt(&sandbox.memory(), "secret-5e8d13").is_empty());
    sandbox.ok(&["kill", "dark"])?;
    // A keeper that is no parent of the program takes a moment to say that it ended.
    sandbox.run(&["wait", "p2", "--exit", "--timeout", "60s"])?;
    sandbox.ok(&["rm", "dark"])?;
    gone(&sandbox.memory())?;
    sandbox.end()
}

/// Waits until a folder is not there.
#[track_caller]
fn gone(folder: &Path) -> Result<()> {
    let until = Instant::now() + PATIENCE;
    while folder.exists() {
        assert!(Instant::now() < until, "{} is still there", folder.display());
        std::thread::yield_now();
    }
    Ok(())
}

#[test]
fn what_it_takes_of_memory_is_bounded_and_the_newest_stays() -> Result<()> {
    let sandbox = sandbox()?;
    let script = "stty -echo; echo ready; while read n; do seq 1 $n; echo done-$n; done";
    start(&sandbox, "dark", &["--no-record"], script)?;
    for count in [700_000, 700_001] {
        sandbox.ok(&["send", "dark", &count.to_string(), "--enter"])?;
        let done = format!("done-{count}");
        sandbox.ok(&["wait", "dark", "--match", &done, "--timeout", "120s"])?;
    }
    // Ten times the budget was printed.
    let until = Instant::now() + PATIENCE;
    loop {
        let panes = sandbox.json(&["pane", "ls", "dark", "--json"])?;
        let count = |name: &str| panes["panes"][0][name].as_u64().unwrap_or(0);
        let (printed, first) = (count("recorded_bytes"), count("first_kept_byte"));
        assert!(printed > 10 << 20, "{panes}");
        // The budget, files that go as a whole, and checkpoints. What is too much goes a moment after it came.
        let held = bytes_below(&sandbox.memory());
        if held < 4 << 20 && first > printed / 2 {
            break;
        }
        assert!(Instant::now() < until, "{held} bytes are held: {panes}");
    }
    // The last lines are still above the screen, also for the next server.
    let server = Process::open(sandbox.full_custody(PATIENCE)?.server.pid).expect("a server");
    server.kill();
    server.wait_end(PATIENCE)?;
    sandbox.full_custody(PATIENCE)?;
    sandbox.ok(&["wait", "dark", "--match", "done-700001", "--timeout", "60s"])?;
    let above = sandbox.ok(&["capture", "dark", "--from", "-100"])?;
    assert!(above.contains("\n699950\n"), "{above}");
    sandbox.end()?;
    Ok(())
}

#[test]
fn what_is_split_from_it_is_not_recorded_either_and_the_bar_says_so() -> Result<()> {
    let sandbox = sandbox()?;
    sandbox.ok(&["new", "-d", "-n", "dark", "--no-record"])?;
    sandbox.ok(&["split", "dark", "--", "/bin/sh", "-c", ECHO])?;
    sandbox.ok(&["tab", "new", "dark"])?;
    let panes = sandbox.json(&["pane", "ls", "dark", "--json"])?;
    let recorded: Vec<_> =
        panes["panes"].as_array().into_iter().flatten().map(|pane| &pane["recorded"]).collect();
    assert_eq!(recorded, [false, false, false], "{panes}");
    assert_eq!(fs::read_dir(sandbox.state().join("panes")).map(Iterator::count).ok(), Some(0));

    let terminal = sandbox.attach(Size::new(100, 20), &["dark"])?;
    terminal.wait_text("· not recorded ·", PATIENCE)?;
    sandbox.ok(&["new", "-d", "-n", "light"])?;
    let other = sandbox.attach(Size::new(100, 20), &["light"])?;
    other.wait_text("· REC ·", PATIENCE)?;

    // One that starts again stays what it was.
    sandbox.ok(&["new", "-d", "-n", "once", "--no-record", "--", "/bin/sh", "-c", "exit 3"])?;
    sandbox.run(&["wait", "once", "--exit", "--timeout", "60s"])?;
    sandbox.ok(&["restart", "once"])?;
    let panes = sandbox.json(&["pane", "ls", "once", "--json"])?;
    assert_eq!(panes["panes"][0]["recorded"], false, "{panes}");
    let output = sandbox.ok(&["run", "--no-record", "--", "/bin/sh", "-c", "echo out-44b1"])?;
    assert_eq!(output, "out-44b1\n");
    assert_eq!(hunt(&sandbox.state().join("panes"), "out-44b1"), []);
    sandbox.ok(&["serve", "--stop", "--kill"])?;
    gone(&sandbox.memory())?;
    sandbox.end()
}

#[test]
fn what_is_printed_while_it_is_paused_is_nowhere_and_the_rest_is_exact() -> Result<()> {
    let sandbox = sandbox()?;
    start(&sandbox, "work", &[], KEYS)?;
    let terminal = sandbox.attach(Size::new(80, 20), &["work"])?;
    say(&sandbox, "work", "kept-before-1a")?;
    terminal.wait_text("· REC ·", PATIENCE)?;
    let paused = sandbox.json(&["rec", "pause", "work", "--json"])?;
    assert_eq!((&paused["recorded"], &paused["changed"]), (&false.into(), &true.into()));
    assert_eq!(sandbox.json(&["rec", "pause", "work", "--json"])?["changed"], false);
    terminal.wait_text("· not recorded ·", PATIENCE)?;
    say(&sandbox, "work", "secret-5e8d13")?;
    terminal.wait_text("said secret-5e8d13", PATIENCE)?;
    // What came before is there, on the screen and on the disk.
    assert!(sandbox.ok(&["capture", "work"])?.contains("kept-before-1a"));
    assert!(sandbox.ok(&["export", "--txt", "work"])?.contains("kept-before-1a"));
    let refused = sandbox.run(&["rec", "forget", "work", "--last", "1h"])?;
    assert!(refused.stderr.contains("ccc rec resume p1"), "{}", refused.stderr);

    for held in ["server", "keeper"] {
        let custody = sandbox.full_custody(PATIENCE)?;
        let pid = if held == "server" { custody.server.pid } else { custody.keeper.pid };
        let process = Process::open(pid).expect("a process");
        process.kill();
        process.wait_end(PATIENCE)?;
        sandbox.full_custody(PATIENCE)?;
        sandbox.ok(&["wait", "work", "--match", "said secret-5e8d13", "--timeout", "60s"])?;
        say(&sandbox, "work", &format!("secret-{held}-77"))?;
    }
    // How the program sets its terminal up counts, also when nobody writes it down.
    say(&sandbox, "work", "keys")?;
    assert_eq!(sandbox.json(&["rec", "resume", "work", "--json"])?["changed"], true);
    terminal.wait_text("· REC ·", PATIENCE)?;
    terminal.wait_for("a screen without it", PATIENCE, |screen| {
        !screen.contents().contains("secret-")
    })?;
    say(&sandbox, "work", "kept-after-2b")?;
    let modes = |sandbox: &Sandbox, key: &str, letter: &str| -> Result<()> {
        sandbox.ok(&["send", "work", "--keys", &format!("<{key}><ret>")])?;
        let shows = format!("hex 1b 4f {letter}");
        // Application cursor keys: ESC O A.
        sandbox.ok(&["wait", "work", "--match", &shows, "--timeout", "60s"]).map(drop)
    };
    modes(&sandbox, "up", "41")?;

    let check = |sandbox: &Sandbox| -> Result<()> {
        let panes = sandbox.json(&["pane", "ls", "work", "--json"])?;
        let info = sandbox.json(&["rec", "info", "work", "--json"])?;
        assert_eq!(panes["panes"][0]["recorded"], true, "{panes}");
        assert_eq!(panes["panes"][0]["recorded_bytes"], info["end"], "{panes} {info}");
        let shown = sandbox.ok(&["capture", "work"])?;
        assert!(shown.contains("kept-after-2b") && !shown.contains("secret-"), "{shown}");
        let exported = sandbox.run(&["export", "--raw", "work"])?;
        assert!(exported.stdout.starts_with("ready\r\nsaid kept-before-1a"), "{}", exported.stdout);
        assert!(exported.stdout.contains("said kept-after-2b\r\n"), "{}", exported.stdout);
        assert!(exported.stderr.contains("bytes are no longer kept"), "{}", exported.stderr);
        assert_eq!(sandbox.run(&["rec", "verify", "work"])?.code, Some(0));
        assert_eq!(sandbox.run(&["search", "secret-"])?.code, Some(1));
        assert!(sandbox.ok(&["search", "kept-after"])?.contains("kept-after-2b"));
        for secret in ["secret-5e8d13", "secret-server-77", "secret-keeper-77"] {
            assert_eq!(hunt(sandbox.home(), secret), [], "{secret}");
        }
        Ok(())
    };
    check(&sandbox)?;
    assert!(!sandbox.memory().exists());
    // The next server finds the same, modes and all.
    let server = Process::open(sandbox.full_custody(PATIENCE)?.server.pid).expect("a server");
    server.kill();
    server.wait_end(PATIENCE)?;
    sandbox.full_custody(PATIENCE)?;
    sandbox.ok(&["wait", "work", "--match", "kept-after-2b", "--timeout", "60s"])?;
    check(&sandbox)?;
    modes(&sandbox, "down", "42")?;
    sandbox.end()
}

#[test]
fn a_program_that_ends_while_it_is_paused_has_its_end_on_record() -> Result<()> {
    let sandbox = sandbox()?;
    let script = "stty -echo; echo ready; read line; echo \"said $line\"; read line; echo \"said $line\"; exit 7";
    start(&sandbox, "work", &[], script)?;
    say(&sandbox, "work", "kept-before-1a")?;
    sandbox.ok(&["rec", "pause", "work"])?;
    sandbox.ok(&["send", "work", "secret-5e8d13", "--enter"])?;
    assert_eq!(sandbox.run(&["wait", "p1", "--exit", "--timeout", "60s"])?.code, Some(7));
    assert!(sandbox.ok(&["capture", "p1"])?.contains("secret-5e8d13"));
    let refused = sandbox.run(&["rec", "resume", "p1"])?;
    assert!(refused.stderr.contains("has ended"), "{}", refused.stderr);
    sandbox.ok(&["serve", "--stop"])?;
    sandbox.ok(&["new", "-d", "-n", "other"])?;
    let text = sandbox.ok(&["export", "--txt", "p1"])?;
    assert!(text.contains("kept-before-1a") && !text.contains("secret-"), "{text}");
    assert_eq!(sandbox.run(&["rec", "verify", "p1"])?.code, Some(0));
    assert_eq!(hunt(sandbox.home(), "secret-5e8d13"), []);
    sandbox.end()
}

#[test]
fn a_pane_that_was_made_unrecorded_stays_so() -> Result<()> {
    let sandbox = sandbox()?;
    start(&sandbox, "dark", &["--no-record"], ECHO)?;
    refused(&sandbox, &["rec", "resume", "dark"])?;
    refused(&sandbox, &["rec", "pause", "dark"])?;
    refused(&sandbox, &["rec", "forget", "dark", "--last", "1h"])?;
    say(&sandbox, "dark", "still-there")?;
    sandbox.end()
}

/// A program that says what keys its terminal sends, and can have it send others.
const KEYS: &str = "stty -echo; echo ready; esc=$(printf '\\033'); while read line; do case $line in \
                    \"$esc\"*) echo \"hex$(printf %s \"$line\" | od -An -tx1)\"; continue;; \
                    keys) printf '\\033[?1h';; esac; echo \"said $line\"; done";

/// Waits until a program hears an arrow as ESC O and this letter: its terminal has application keys.
fn hears(sandbox: &Sandbox, key: &str, letter: &str) -> Result<()> {
    sandbox.ok(&["send", "work", "--keys", &format!("<{key}><ret>")])?;
    let shows = format!("hex 1b 4f {letter}");
    sandbox.ok(&["wait", "work", "--match", &shows, "--timeout", "60s"]).map(drop)
}

fn kill_server(sandbox: &Sandbox) -> Result<()> {
    let server = Process::open(sandbox.full_custody(PATIENCE)?.server.pid).expect("a server");
    server.kill();
    server.wait_end(PATIENCE)?;
    sandbox.full_custody(PATIENCE).map(drop)
}

#[test]
fn a_program_that_ends_while_it_is_paused_and_no_server_runs_keeps_nobody_out() -> Result<()> {
    let sandbox = sandbox()?;
    start(&sandbox, "other", &[], ECHO)?;
    start(&sandbox, "work", &[], ECHO)?;
    say(&sandbox, "work", "kept-before-1a")?;
    sandbox.ok(&["rec", "pause", "work"])?;
    say(&sandbox, "work", "secret-5e8d13")?;
    let panes = sandbox.json(&["pane", "ls", "work", "--json"])?;
    let pid = panes["panes"][0]["pid"].as_u64().and_then(|pid| u32::try_from(pid).ok());
    let program = Process::open(pid.expect("a pid")).expect("a program");
    let [place] = &files_below(&sandbox.memory())[..] else { panic!("one pane") };
    let events = place.join("events");
    let written = || fs::metadata(&events).map_or(0, |meta| meta.len());
    sandbox.ok(&["serve", "--stop"])?;
    let before = written();
    program.kill();
    program.wait_end(PATIENCE)?;
    // Its keeper has noted that.
    let until = Instant::now() + PATIENCE;
    while written() == before {
        assert!(Instant::now() < until, "the end is not noted");
        std::thread::yield_now();
    }
    sandbox.ok(&["new", "-d", "-n", "third"])?;
    let listed = sandbox.ok(&["ls"])?;
    assert!(listed.contains("work") && listed.contains("other"), "{listed}");
    say(&sandbox, "other", "goes-on")?;
    sandbox.run(&["wait", "p2", "--exit", "--timeout", "60s"])?;
    let text = sandbox.ok(&["export", "--txt", "p2"])?;
    assert!(text.contains("kept-before-1a") && !text.contains("secret-"), "{text}");
    assert_eq!(sandbox.run(&["rec", "verify", "p2"])?.code, Some(0));
    assert_eq!(hunt(sandbox.home(), "secret-5e8d13"), []);
    sandbox.end()
}

/// What is directly below a folder.
fn files_below(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).collect()
}

#[test]
fn what_a_program_set_up_in_a_pause_holds_when_something_earlier_is_forgotten() -> Result<()> {
    let sandbox = sandbox()?;
    start(&sandbox, "work", &[], KEYS)?;
    say(&sandbox, "work", "kept-before-1a")?;
    say(&sandbox, "work", "gone-secret-7f3e")?;
    let end = sandbox.json(&["rec", "info", "work", "--json"])?["end"].to_string();
    sandbox.ok(&["rec", "pause", "work"])?;
    say(&sandbox, "work", "keys")?;
    sandbox.ok(&["rec", "resume", "work"])?;
    say(&sandbox, "work", "kept-after-2b")?;
    hears(&sandbox, "up", "41")?;
    let from = "ready\r\nsaid kept-before-1a\r\n".len().to_string();
    sandbox.ok(&["rec", "forget", "work", "--from", &from, "--to", &end])?;
    assert_eq!(hunt(sandbox.home(), "gone-secret-7f3e"), []);
    hears(&sandbox, "down", "42")?;
    kill_server(&sandbox)?;
    sandbox.ok(&["wait", "work", "--match", "kept-after-2b", "--timeout", "60s"])?;
    hears(&sandbox, "right", "43")?;
    sandbox.end()
}

#[test]
fn what_cannot_be_paused_stays_recorded() -> Result<()> {
    let sandbox = sandbox()?;
    start(&sandbox, "work", &[], ECHO)?;
    say(&sandbox, "work", "kept-before-1a")?;
    let Some(small) = Small::mount(&sandbox.memory()) else { return Ok(()) };
    let refused = sandbox.run(&["rec", "pause", "work"])?;
    assert_ne!(refused.code, Some(0), "{refused:?}");
    let panes = sandbox.json(&["pane", "ls", "work", "--json"])?;
    assert_eq!(panes["panes"][0]["recorded"], true, "{panes}");
    say(&sandbox, "work", "kept-after-2b")?;
    let text = sandbox.ok(&["export", "--txt", "work"])?;
    assert!(text.contains("kept-before-1a") && text.contains("kept-after-2b"), "{text}");
    kill_server(&sandbox)?;
    say(&sandbox, "work", "kept-again-3c")?;
    assert!(!hunt(&sandbox.state(), "kept-again-3c").is_empty());
    drop(small);
    sandbox.ok(&["rec", "pause", "work"])?;
    say(&sandbox, "work", "secret-5e8d13")?;
    assert_eq!(hunt(sandbox.home(), "secret-5e8d13"), []);
    sandbox.end()
}

/// A filesystem with room for a folder, and for one file in it.
struct Small(PathBuf);

impl Small {
    /// `None` where nothing may be mounted, which is said.
    #[expect(clippy::print_stdout, reason = "what was not tested is said")]
    fn mount(at: &Path) -> Option<Self> {
        fs::create_dir(at).ok()?;
        let words = ["-t", "tmpfs", "-o", "nr_inodes=3,mode=0700", "ccc-test"];
        let mounted = Command::new("mount").args(words).arg(at).output();
        if mounted.is_ok_and(|output| output.status.success()) {
            return Some(Self(at.to_owned()));
        }
        println!("SKIPPED: no right to mount a filesystem");
        None
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        let _unmounted = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

#[test]
fn what_nobody_brought_back_from_memory_goes_with_the_next_start() -> Result<()> {
    let sandbox = sandbox()?;
    start(&sandbox, "work", &[], ECHO)?;
    say(&sandbox, "work", "kept-before-1a")?;
    sandbox.ok(&["rec", "pause", "work"])?;
    say(&sandbox, "work", "secret-5e8d13")?;
    let [place] = &files_below(&sandbox.memory())[..] else { panic!("one pane") };
    let name = place.file_name().expect("a name");
    sandbox.end()?;
    // As if all had died right behind the step that ends a pause.
    fs::remove_file(sandbox.state().join("unrecorded").join(name)).expect("a mark");
    sandbox.ok(&["new", "-d", "-n", "other"])?;
    gone(&sandbox.memory())?;
    assert_eq!(hunt(sandbox.home(), "secret-5e8d13"), []);
    sandbox.end()
}

#[test]
fn whoever_follows_the_bytes_follows_them_into_a_pause_and_out_of_it() -> Result<()> {
    let sandbox = sandbox()?;
    start(&sandbox, "work", &[], ECHO)?;
    say(&sandbox, "work", "kept-before-1a")?;
    let follow = sandbox.ccc(&["tail", "work", "--follow", "--from", "0"]);
    let follow = Terminal::start(&follow, Size::new(80, 20))?;
    follow.wait_text("said kept-before-1a", PATIENCE)?;
    sandbox.ok(&["rec", "pause", "work"])?;
    say(&sandbox, "work", "paused-5e8d13")?;
    follow.wait_text("said paused-5e8d13", PATIENCE)?;
    sandbox.ok(&["rec", "resume", "work"])?;
    say(&sandbox, "work", "kept-after-2b")?;
    follow.wait_text("said kept-after-2b", PATIENCE)?;
    sandbox.end()
}
