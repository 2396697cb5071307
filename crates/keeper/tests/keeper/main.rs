//! The keeper as real processes: started, flooded, killed, replaced.
//!
//! The test binary plays every part. Its outer process does what an init does: it reaps whatever is
//! orphaned, so that killed keepers and their children do not stay as zombies, and at the end it
//! ends what a failed test left. Each case has a state directory of its own.

#![expect(
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "all of this is a test, though without the harness that the lints know"
)]

mod bytes;
mod custody;
mod death;
mod disk;
mod flood;
mod server;
mod world;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::{Command, ExitCode};
use std::time::Instant;

use rustix::process::{Pid, Signal, WaitOptions};

type Case = (&'static str, fn());

const CASES: &[&[Case]] = &[bytes::CASES, custody::CASES, death::CASES, disk::CASES, server::CASES];

/// Set in the process that runs the cases.
const INNER: &str = "CCC_KEEPER_TEST_INNER";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.first().map(String::as_str) {
        Some("keeper") => return keeper(&arguments[1..]),
        Some("flood") => return flood::run(&arguments[1..]),
        Some("pixels") => return bytes::say_pixels(),
        Some("server") => return server::run(&arguments[1..]),
        _ => {}
    }
    if arguments.iter().any(|argument| argument == "--list") {
        CASES.concat().iter().for_each(|(name, _)| println!("{name}: test"));
        return ExitCode::SUCCESS;
    }
    if std::env::var_os(INNER).is_none() { outer() } else { inner(&arguments) }
}

/// `keeper --state DIR [--spare]`, as the product's binary has it.
fn keeper(arguments: &[String]) -> ExitCode {
    let state = arguments.iter().skip_while(|argument| *argument != "--state").nth(1);
    let args = ccc_keeper::KeeperArgs {
        state_dir: state.expect("a state directory").into(),
        spare: arguments.iter().any(|argument| argument == "--spare"),
        build: "test".to_owned(),
    };
    match ccc_keeper::run(&args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn outer() -> ExitCode {
    let own = rustix::process::getpid();
    rustix::process::set_child_subreaper(Some(own)).expect("Linux");
    let exe = std::env::current_exe().expect("/proc");
    let inner = Command::new(exe).args(std::env::args().skip(1)).env(INNER, "1").spawn();
    let inner = i32::try_from(inner.expect("this very program").id()).expect("a process id");
    let inner = Pid::from_raw(inner);
    let code = loop {
        match rustix::process::wait(WaitOptions::empty()) {
            Ok(Some((pid, status))) if Some(pid) == inner => break status.exit_status(),
            Ok(_) | Err(rustix::io::Errno::INTR) => {}
            Err(errno) => panic!("wait: {errno}"),
        }
    };
    end_orphans();
    u8::try_from(code.unwrap_or(1)).map_or(ExitCode::FAILURE, ExitCode::from)
}

/// Ends what is left: by now all of it is a child of this process, and was started below it.
fn end_orphans() {
    loop {
        let children = std::fs::read_to_string("/proc/thread-self/children").unwrap_or_default();
        let children = children.split_whitespace().filter_map(|pid| pid.parse().ok());
        for pid in children.filter_map(Pid::from_raw) {
            let _ = rustix::process::kill_process(pid, Signal::KILL);
        }
        // Children of what was killed just now become children of this process.
        if rustix::process::wait(WaitOptions::empty()).is_err() {
            return;
        }
    }
}

fn inner(arguments: &[String]) -> ExitCode {
    let wanted = arguments.iter().find(|argument| !argument.starts_with('-'));
    let cases = CASES.concat();
    let cases = cases.iter().filter(|(name, _)| wanted.is_none_or(|part| name.contains(part)));
    let mut failed = Vec::new();
    let mut passed = 0;
    for (name, case) in cases {
        let began = Instant::now();
        match catch_unwind(AssertUnwindSafe(case)) {
            Ok(()) => {
                passed += 1;
                println!("test {name} ... ok ({:.2?})", began.elapsed());
            }
            Err(_) => {
                failed.push(*name);
                println!("test {name} ... FAILED ({:.2?})", began.elapsed());
            }
        }
    }
    println!("\ntest result: {passed} passed; {} failed", failed.len());
    failed.iter().for_each(|name| println!("    {name}"));
    if failed.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
