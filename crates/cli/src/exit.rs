//! How the process ends. Owns the exit codes and the printing of what went wrong.

use std::error::Error as _;
use std::io::{self, Write as _};
use std::process::ExitCode;

use ccc_proto::WireExit;

use crate::failure::Failure;
use crate::words::{say, told};

/// It failed.
pub(crate) const FAILED: u8 = 1;
/// It was asked in a way that makes no sense.
pub(crate) const USAGE: u8 = 2;
/// No such session, tab, pane or client.
pub(crate) const NO_TARGET: u8 = 3;
/// The server cannot be reached, or refuses.
pub(crate) const UNREACHABLE: u8 = 4;
/// What was looked at has no fault of its own, and cannot be compared with what was seen before.
pub(crate) const UNTIED: u8 = 5;
/// The time ran out.
pub(crate) const TIMEOUT: u8 = 124;
/// For commands that return another's status: their own failure, or a status that nobody knows.
pub(crate) const OWN_FAILURE: u8 = 125;
const UNKNOWN: i32 = OWN_FAILURE as i32;
/// The same: the command is not executable.
pub(crate) const NOT_EXECUTABLE: u8 = 126;
/// The same: the command was not found.
pub(crate) const NOT_FOUND: u8 = 127;

/// How a command that did not fail ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    Done,
    /// With the status of another program.
    Status(i32),
}

/// A signal of this number ended it, as a shell would tell.
pub(crate) const fn signalled(number: u8) -> u8 {
    128_u8.saturating_add(number)
}

/// The status of a program that has ended, as a shell would give it.
pub(crate) fn status_of(exit: WireExit) -> i32 {
    exit.status().unwrap_or(UNKNOWN)
}

/// Prints what went wrong, if anything, and gives the code.
pub(crate) fn end(result: Result<End, Failure>) -> ExitCode {
    match result {
        Ok(End::Done) => ExitCode::SUCCESS,
        Ok(End::Status(status)) => ExitCode::from(u8::try_from(status).unwrap_or(OWN_FAILURE)),
        Err(failure) if failure.is_closed_pipe() => ExitCode::SUCCESS,
        Err(failure) => {
            let code = failure.code();
            // With standard error gone there is nobody left to tell.
            let _told = print(&failure);
            ExitCode::from(code)
        }
    }
}

/// Says what went wrong on standard error.
pub(crate) fn print(failure: &Failure) -> io::Result<()> {
    let mut out = io::stderr().lock();
    let (attempted, why) = failure.told();
    writeln!(out, "{} {attempted}: {why}", say("error:"))?;
    let mut cause = failure.source().and_then(std::error::Error::source);
    while let Some(error) = cause {
        writeln!(out, "{} {}", say("caused by:"), told(&error.to_string()))?;
        cause = error.source();
    }
    match failure.hint() {
        Some(hint) => writeln!(out, "{} {}", say("hint:"), told(hint)),
        None => Ok(()),
    }
}
