//! Refusals of the keeper in the words that people read.

use super::*;
use crate::fault::Fault;

fn check(reason: Reason, errno: Errno, detail: &str, why: &str) {
    let refusal = Refusal { reason, errno: errno.raw_os_error(), detail: detail.into() };
    let fault = Fault::from(KeeperFailure::Refused { attempt: "start the program", refusal });
    assert_eq!(fault.why, why);
}

#[test]
fn what_cannot_be_started_is_told_in_words() {
    use Reason::{CwdMissing, Exhausted, NotExecutable, NotFound};
    check(NotFound, Errno::NOENT, "nosuch", "nosuch: command not found");
    check(NotFound, Errno::NOENT, "no\u{1b}[31m", "no\\u{1b}[31m: command not found");
    check(NotExecutable, Errno::ACCESS, "./notes", "./notes: cannot be executed");
    check(NotExecutable, Errno::ISDIR, "/tmp", "/tmp: cannot be executed: it is a directory");
    check(CwdMissing, Errno::NOENT, "/gone", "there is no directory /gone");
    let detail = "could not open a PTY: No space left on device (os error 28)";
    check(Exhausted, Errno::NOSPC, detail, "no terminal (PTY) is left on this machine");
    let detail = "could not make a pipe: Too many open files (os error 24)";
    let why = format!("the keeper refused to start the program: {detail}");
    check(Exhausted, Errno::MFILE, detail, &why);
}

#[test]
fn a_machine_without_terminals_is_mended_by_its_limit() {
    let errno = Errno::NOSPC.raw_os_error();
    let refusal = Refusal { reason: Reason::Exhausted, errno, detail: String::new() };
    let fault = Fault::from(KeeperFailure::Refused { attempt: "start the program", refusal });
    assert!(fault.hint.contains("kernel.pty.max"), "{}", fault.hint);
}

#[test]
fn a_keeper_that_does_not_know_a_request_is_told_from_one_that_cannot() {
    let refused = |reason| {
        let refusal = Refusal { reason, errno: 0, detail: String::new() };
        KeeperFailure::Refused { attempt: "change the size of a cell", refusal }
    };
    assert!(refused(Reason::UnknownRequest).is_unknown());
    assert!(!refused(Reason::NoSuchPane).is_unknown());
    assert!(!KeeperFailure::Away.is_unknown());
}
