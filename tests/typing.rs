//! Hands that are faster than programs: what they type ahead goes where they meant it.

use std::os::fd::AsFd as _;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use ccc_testkit::{Process, Result, Sandbox, Size, Terminal, installed, text};
use rustix::process::Signal;

const SIZE: Size = Size::new(80, 24);
const SOON: Duration = Duration::from_secs(60);

fn sandbox() -> Result<Sandbox> {
    Sandbox::new(env!("CARGO_BIN_EXE_ccc"))
}

#[test]
fn what_is_typed_before_there_is_a_screen_reaches_the_shell() -> Result<()> {
    let sandbox = sandbox()?;
    let terminal = sandbox.attach(SIZE, &[])?;
    terminal.type_keys("echo<space>early-$((40+2))<ret>")?;
    terminal.wait_text("early-42", SOON)
}

#[test]
fn what_is_typed_behind_a_split_goes_into_the_new_pane() -> Result<()> {
    let sandbox = sandbox()?;
    let terminal = sandbox.attach(SIZE, &[])?;
    terminal.wait_text("$", SOON)?;
    terminal.type_keys("<C-b>%echo<space>right-$((40+2))<ret>")?;
    terminal.wait_for("the answer on the right", SOON, |screen| {
        text(screen)
            .lines()
            .any(|line| line.split_once('│').is_some_and(|(_, right)| right.contains("right-42")))
    })?;
    // And behind a new tab.
    terminal.type_keys("<C-b>cecho<space>tab-$((40+2))<ret>")?;
    terminal.wait_for("the answer in the new tab", SOON, |screen| {
        let text = text(screen);
        text.contains("2:shell*") && text.contains("tab-42") && !text.contains('│')
    })
}

/// What the terminal echoes by itself is shown before the server has it, from the first key on.
#[test]
fn keys_are_shown_before_the_server_has_them_where_that_is_always_wished() -> Result<()> {
    let sandbox = sandbox()?;
    for name in ["work", "other"] {
        let program = ["new", "-d", "-n", name, "--", "/bin/sh", "-c", "echo ready; exec cat"];
        sandbox.ok(&program)?;
    }
    let always = sandbox.attach(SIZE, &["work", "--predict", "always"])?;
    let never = sandbox.attach(SIZE, &["other", "--predict", "never"])?;
    always.wait_text("ready", SOON)?;
    never.wait_text("ready", SOON)?;
    let server = Process::open(sandbox.custody()?.server.pid).expect("the server runs");
    server.signal(Signal::STOP);
    never.write(b"truth")?;
    always.write(b"guess")?;
    always.wait_text("guess", SOON)?;
    assert!(!never.text().contains("truth"), "{}", never.text());
    server.signal(Signal::CONT);
    never.wait_text("truth", SOON)?;
    always.wait_text("guess", SOON)
}

/// A client whose system calls are noted, and where.
fn traced(sandbox: &Sandbox, calls: &str, attach: &[&str]) -> Result<(Terminal, PathBuf)> {
    let trace = sandbox.user_home().join("trace");
    let strace = sandbox.program("strace").args(["-f", "-y", "-e", calls, "-o"]).args([&trace]);
    let client = strace.args([env!("CARGO_BIN_EXE_ccc"), "attach"]).args(attach);
    Ok((Terminal::start(&client, SIZE)?, trace))
}

/// A key once cost the client a question for packets that could not be there.
#[test]
fn a_key_asks_for_packets_once() -> Result<()> {
    if !installed("strace") {
        return Ok(());
    }
    let sandbox = sandbox()?;
    let script = "stty raw -echo; printf 'ready '; exec cat";
    sandbox.ok(&["new", "-d", "-n", "work", "--", "/bin/sh", "-c", script])?;
    let calls = "trace=recvmmsg,read";
    let (terminal, trace) = traced(&sandbox, calls, &["work", "--predict", "never"])?;
    terminal.wait_text("ready", SOON)?;
    let keys = "abcdefghijklmnopqrstuvwxyz";
    for number in 1..=keys.len() {
        terminal.write(&keys.as_bytes()[number - 1..number])?;
        terminal.wait_text(&format!("ready {}", &keys[..number]), SOON)?;
    }
    terminal.type_keys("<C-b>d")?;
    terminal.wait_closed(SOON)?;
    let trace = std::fs::read_to_string(trace).expect("a trace");
    let typed =
        trace.lines().skip_while(|call| !(call.contains("/dev/pts/") && call.contains("a")));
    let count = |of: &[&str]| {
        typed.clone().filter(|call| of.iter().all(|part| call.contains(part))).count()
    };
    let (came, asked) = (count(&["recvmmsg", "= 1"]), count(&["recvmmsg", "EAGAIN"]));
    assert!(came >= keys.len(), "{came} packets came\n{trace}");
    // One that comes while another is read is told once more than need be.
    assert!(
        asked < came / 2,
        "asked {asked} times for nothing, while {came} packets came\n{trace}"
    );
    Ok(())
}

/// A guess that waits for its key to be sent is late by as much as that takes.
#[test]
fn a_guess_is_drawn_before_its_key_is_sent() -> Result<()> {
    if !installed("strace") {
        return Ok(());
    }
    let sandbox = sandbox()?;
    sandbox.ok(&["new", "-d", "-n", "work", "--", "/bin/sh", "-c", "echo ready; exec cat"])?;
    let calls = "trace=read,write,sendto,sendmsg,sendmmsg";
    let (terminal, trace) = traced(&sandbox, calls, &["work", "--predict", "always"])?;
    terminal.wait_text("ready", SOON)?;
    let keys = ["g", "u", "e", "s", "t"];
    for number in 1..=keys.len() {
        terminal.write(keys[number - 1].as_bytes())?;
        terminal.wait_text(&keys[..number].concat(), SOON)?;
    }
    // The last line comes back as well: all keys were sent.
    terminal.write(b"\r")?;
    sandbox.ok(&["wait", "work", "--match", "guest", "--timeout", "60s"])?;
    terminal.type_keys("<C-b>d")?;
    terminal.wait_closed(SOON)?;
    let trace = std::fs::read_to_string(trace).expect("a trace");
    for key in keys {
        let read = format!("\"{key}\", ");
        let mut calls =
            trace.lines().skip_while(|call| !(call.contains("read") && call.contains(&read)));
        let next = calls.find(|call| {
            call.contains("/dev/pts/") && call.contains("write(") || call.contains("send")
        });
        let next = next.expect("something is drawn or sent");
        assert!(next.contains("write("), "{key} is sent before it is drawn: {next}");
    }
    Ok(())
}

/// While its terminal took nothing, the client once waited for it with both ears shut.
#[test]
fn hands_are_heard_while_the_terminal_takes_nothing() -> Result<()> {
    let sandbox = sandbox()?;
    let terminal = sandbox.attach(SIZE, &[])?;
    terminal.wait_text("$", SOON)?;
    terminal.set_stuck(true);
    terminal.type_keys("i=0;while<space>:;do<space>i=$((i+1));echo<space>$i;done<ret>")?;
    // What the terminal holds unread no longer grows once it is full.
    let held = || rustix::io::ioctl_fionread(terminal.master().as_fd()).unwrap_or(0);
    let until = Instant::now() + SOON;
    let mut last = 0;
    for round in 1.. {
        let line = format!("^{round}000$");
        sandbox.ok(&["wait", "--timeout", "60s", "main", "--since", "0", "--match", &line])?;
        let now = held();
        if now > 0 && now == last {
            break;
        }
        assert!(Instant::now() < until, "the terminal is never full: {now} bytes");
        last = now;
    }
    terminal.type_keys("<C-c>echo<space>heard-$((40+2))<ret>")?;
    sandbox.ok(&["wait", "main", "--since", "0", "--match", "heard-42$", "--timeout", "60s"])?;
    terminal.set_stuck(false);
    terminal.wait_text("heard-42", SOON)
}

/// A paste of more than a read's worth once came as several, each in brackets of its own.
#[test]
fn a_long_paste_is_one_for_the_program() -> Result<()> {
    let sandbox = sandbox()?;
    let script = "stty raw -echo; printf '\\033[?2004h'; echo ready; \
                  head -c 100012 >pasted; echo all-$((40+2)); exec cat >/dev/null";
    sandbox.ok(&["new", "-d", "-n", "work", "--", "/bin/sh", "-c", script])?;
    let terminal = sandbox.attach(SIZE, &["work"])?;
    terminal.wait_text("ready", SOON)?;
    let text = "word ".repeat(20_000);
    terminal.write(format!("\x1b[200~{text}\x1b[201~").as_bytes())?;
    terminal.wait_text("all-42", SOON)?;
    let pasted = std::fs::read_to_string(sandbox.user_home().join("pasted")).unwrap_or_default();
    assert_eq!(pasted.len(), 100_012);
    assert!(pasted == format!("\x1b[200~{text}\x1b[201~"), "{} marks", pasted.matches('~').count());
    Ok(())
}
