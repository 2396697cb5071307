//! What went wrong, as the person at the shell reads it: what was attempted, why it failed, one next
//! step. Owns the mapping of causes to exit codes.

use std::error::Error;
use std::io;

use ccc_client::ClientError;
use ccc_proto::Failure as Why;
use tokio::signal::unix::SignalKind;

use crate::exit;
use crate::words::{attempted, told};

/// A signal ended a command in the middle.
#[derive(Debug, thiserror::Error)]
#[error("it was interrupted")]
struct Interrupted;

/// A command that did not do what it should.
#[derive(Debug, thiserror::Error)]
#[error("{attempted}: {cause}")]
pub(crate) struct Failure {
    /// Such as `attach work`.
    attempted: String,
    #[source]
    cause: Box<dyn Error + Send + Sync>,
    hint: Option<String>,
    code: u8,
    /// Whether this command returns another program's status, so that its own codes lie apart.
    carries_status: bool,
}

impl Failure {
    /// The words of the command line make no sense.
    pub(crate) fn usage(attempted: &str, why: impl Into<String>) -> Self {
        Self::new(attempted, why.into().into(), exit::USAGE)
    }

    /// Anything else.
    pub(crate) fn other(attempted: &str, cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::new(attempted, cause.into(), exit::FAILED)
    }

    /// A signal ended it.
    pub(crate) fn interrupted(attempted: &str, signal: SignalKind) -> Self {
        let code = u8::try_from(signal.as_raw_value()).map_or(exit::FAILED, exit::signalled);
        Self::new(attempted, Interrupted.into(), code)
    }

    fn new(attempted: &str, cause: Box<dyn Error + Send + Sync>, code: u8) -> Self {
        Self { attempted: attempted.into(), cause, hint: None, code, carries_status: false }
    }

    pub(crate) fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Marks a failure of `run`, `attach` or `wait --exit`.
    pub(crate) const fn carrying_status(mut self) -> Self {
        self.carries_status = true;
        self
    }

    /// What was attempted, and why it failed, in the language of who reads it.
    pub(crate) fn told(&self) -> (String, String) {
        let why = self.cause.to_string();
        (attempted(&self.attempted).into_owned(), told(&why).into_owned())
    }

    pub(crate) fn hint(&self) -> Option<&str> {
        self.hint.as_deref()
    }

    pub(crate) fn code(&self) -> u8 {
        let why = self.cause.downcast_ref::<ClientError>().and_then(ClientError::failure);
        match (self.carries_status, why) {
            (true, Some(Why::COMMAND_NOT_FOUND)) => exit::NOT_FOUND,
            (true, Some(Why::NOT_EXECUTABLE)) => exit::NOT_EXECUTABLE,
            (true, _) if !matches!(self.code, exit::TIMEOUT | exit::USAGE) => exit::OWN_FAILURE,
            _ => self.code,
        }
    }

    /// Whether it was ended in the middle: by a signal, or with the connection.
    pub(crate) fn is_cut_off(&self) -> bool {
        let lost = self.cause.downcast_ref::<ClientError>();
        lost.is_some_and(|error| matches!(error, ClientError::Lost { .. }))
            || self.cause.is::<Interrupted>()
    }

    /// Whether the reader of standard output went away, which is its right.
    pub(crate) fn is_closed_pipe(&self) -> bool {
        self.cause
            .downcast_ref::<io::Error>()
            .is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
    }
}

/// Gives a cause the words of what was attempted.
pub(crate) trait Attempted<T> {
    fn attempted(self, what: &str) -> Result<T, Failure>;
}

impl<T> Attempted<T> for Result<T, ClientError> {
    fn attempted(self, what: &str) -> Result<T, Failure> {
        self.map_err(|error| {
            let error = match error {
                // A reader that went away is known by it.
                ClientError::Output { source } => return Failure::other(what, source),
                error => error,
            };
            let code = match &error {
                ClientError::Failed(failed) => match failed.failure {
                    Why::NOT_FOUND => exit::NO_TARGET,
                    Why::INVALID => exit::USAGE,
                    Why::DENIED => exit::UNREACHABLE,
                    Why::TIMEOUT => exit::TIMEOUT,
                    _ => exit::FAILED,
                },
                ClientError::Connect { .. }
                | ClientError::NotRunning { .. }
                | ClientError::NotStarted { .. }
                | ClientError::StateDir(_)
                | ClientError::Refused { .. }
                | ClientError::Lost { .. }
                | ClientError::Unreachable { .. }
                | ClientError::NoAddress { .. }
                | ClientError::KeyChanged { .. }
                | ClientError::NotEnrolled { .. }
                | ClientError::ServerFile { .. } => exit::UNREACHABLE,
                ClientError::Host(ccc_client::HostError::Unknown { .. }) => exit::NO_TARGET,
                ClientError::Host(_) => exit::USAGE,
                ClientError::Deadline { .. } => exit::TIMEOUT,
                _ => exit::FAILED,
            };
            let hint = error.hint();
            Failure { hint, ..Failure::new(what, Box::new(error), code) }
        })
    }
}

impl<T> Attempted<T> for io::Result<T> {
    fn attempted(self, what: &str) -> Result<T, Failure> {
        self.map_err(|error| Failure::other(what, error))
    }
}

impl<T> Attempted<T> for Result<T, ccc_journal::Error> {
    fn attempted(self, what: &str) -> Result<T, Failure> {
        self.map_err(|error| Failure::other(what, error))
    }
}

#[cfg(test)]
mod tests {
    use ccc_proto::{Ext, Failed};

    use super::*;

    fn failed(failure: Why) -> Result<(), ClientError> {
        let why = "there is no session work".into();
        let hint = "ccc ls".into();
        Err(ClientError::Failed(Box::new(Failed { failure, why, hint, ext: Ext::none() })))
    }

    #[test]
    fn a_target_that_is_not_there_ends_with_three() {
        let failure = failed(Why::NOT_FOUND).attempted("kill work").unwrap_err();
        assert_eq!(failure.code(), exit::NO_TARGET);
        assert_eq!(failure.to_string(), "kill work: there is no session work");
        assert_eq!(failure.hint(), Some("ccc ls"));
    }

    #[test]
    fn commands_that_return_a_status_keep_their_own_codes_apart() {
        let code = |why| failed(why).attempted("run").unwrap_err().carrying_status().code();
        assert_eq!(code(Why::NOT_FOUND), exit::OWN_FAILURE);
        assert_eq!(code(Why::COMMAND_NOT_FOUND), exit::NOT_FOUND);
        assert_eq!(code(Why::NOT_EXECUTABLE), exit::NOT_EXECUTABLE);
        assert_eq!(code(Why::TIMEOUT), exit::TIMEOUT);
    }
}
