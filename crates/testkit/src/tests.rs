//! The kit held against programs that every machine has.

use std::time::Duration;

use crate::{Ended, KitError, Process, Program, Sandbox, Size, Terminal};

const SIZE: Size = Size::new(40, 10);
const SOON: Duration = Duration::from_secs(60);

fn sh(script: &str) -> Terminal {
    let program = Program::new("/bin/sh").args(["-c", script]).env("PATH", "/usr/bin:/bin");
    Terminal::start(&program, SIZE).unwrap()
}

#[test]
fn what_is_typed_reaches_the_program_and_what_it_draws_is_seen() {
    let terminal = sh("echo ready; read line; printf '\\033[3;5Hgot %s' \"$line\"; read line");
    terminal.wait_text("ready", SOON).unwrap();
    terminal.type_keys("ab<space>c<ret>").unwrap();
    terminal.wait_text("got ab c", SOON).unwrap();
    let row = terminal.look(|screen| screen.rows(0, 40).nth(2)).unwrap();
    assert_eq!(row.trim_end(), "    got ab c");
}

#[test]
fn a_new_size_reaches_the_program() {
    let terminal = sh("stty -echo; trap 'stty size' WINCH; echo up; while :; do read line; done");
    terminal.wait_text("up", SOON).unwrap();
    terminal.resize(Size::new(100, 30)).unwrap();
    terminal.wait_text("30 100", SOON).unwrap();
}

#[test]
fn the_end_of_a_program_is_told() {
    assert_eq!(sh("exit 3").wait_end(SOON).unwrap(), Ended::Code(3));
    let terminal = sh("read line");
    terminal.process().kill();
    assert!(matches!(terminal.wait_end(SOON).unwrap(), Ended::Signal(_)));
}

#[test]
fn a_wait_in_vain_shows_the_screen() {
    let terminal = sh("echo here; read line");
    terminal.wait_text("here", SOON).unwrap();
    let error = terminal.wait_text("there", Duration::from_millis(1)).unwrap_err();
    assert!(matches!(&error, KitError::TimedOut { instead, .. } if instead.contains("here")));
}

#[test]
fn a_terminal_that_goes_takes_its_program_along() {
    let terminal = sh("read line");
    let process = Process::open(terminal.process().pid()).unwrap();
    drop(terminal);
    process.wait_end(SOON).unwrap();
}

#[test]
fn processes_are_found_by_the_folder_in_their_environment() {
    let folder = tempfile::tempdir().unwrap();
    let program = Program::new("/bin/sh").args(["-c", "echo up; read line"]);
    let program = program.env("CCC_HOME", folder.path().join("x"));
    let terminal = Terminal::start(&program, SIZE).unwrap();
    terminal.wait_text("up", SOON).unwrap();
    let found = Process::of_folder(folder.path());
    let pids: Vec<u32> = found.iter().map(Process::pid).collect();
    assert_eq!(pids, [terminal.process().pid()]);
}

#[test]
fn of_processes_that_are_ended_none_sees_another_die() {
    // Those that hold pipes are older than those that wait for the end of one, and so are killed first.
    const SCRIPT: &str = "for n in $(seq 40); do mkfifo $n; sleep 1000 > $n & done; \
        for n in $(seq 40); do { read -r _; echo alone >> saw; } < $n & done; echo up; wait";
    let sandbox = Sandbox::new("/bin/false").unwrap();
    let program = sandbox.program("/bin/sh").args(["-c", SCRIPT]);
    let terminal = Terminal::start(&program, SIZE).unwrap();
    terminal.wait_text("up", SOON).unwrap();
    sandbox.end().unwrap();
    assert!(!sandbox.user_home().join("saw").exists());
}
