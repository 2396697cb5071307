//! A process that was let go.

use std::io::Read;
use std::process::Stdio;

use super::*;

#[test]
fn it_has_a_session_without_terminal_and_default_signals() {
    let (mut read, write) = io::pipe().unwrap();
    let mut command = Command::new("/bin/sh");
    command.args(["-c", "echo $$; cat /proc/$$/stat; grep SigIgn /proc/self/status"]);
    command.stdin(Stdio::null()).stdout(write);
    let detached = spawn(&mut command).unwrap();
    drop(command);
    let mut text = String::new();
    read.read_to_string(&mut text).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[0], detached.pid.to_string());
    let fields: Vec<&str> = lines[1].split_whitespace().collect();
    let [parent, session, terminal] = [fields[3], fields[5], fields[6]];
    assert_ne!(parent, std::process::id().to_string(), "nobody here has to reap it");
    assert_ne!(session, lines[0], "it leads no session, so it gets no terminal by accident");
    assert_eq!(terminal, "0");
    let ignored = lines[2].strip_prefix("SigIgn:").unwrap().trim();
    // The C library keeps 32 and 33 for itself and lets nobody change them.
    assert_eq!(u64::from_str_radix(ignored, 16).unwrap() & !(3 << 31), 0);
}

#[test]
fn its_end_shows_on_the_pidfd() {
    let detached = spawn(Command::new("/bin/true").stdin(Stdio::null())).unwrap();
    let mut fds = [rustix::event::PollFd::new(&detached.pidfd, rustix::event::PollFlags::IN)];
    let patience = rustix::event::Timespec { tv_sec: 20, tv_nsec: 0 };
    assert_eq!(rustix::event::poll(&mut fds, Some(&patience)), Ok(1));
}

#[test]
fn a_program_that_does_not_exist_is_an_error() {
    let error = spawn(Command::new("/no/such/program").stdin(Stdio::null())).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::NotFound);
}
