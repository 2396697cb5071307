//! Why a request was not done, ready for the wire. Owns which error of the server becomes which
//! failure; the words come from the errors themselves.

use ccc_keeper::protocol::Reason;
use ccc_proto::{DetachReason, Detached, Ext, Failed, Failure, WireExit};

use crate::core::authorize::Denied;
use crate::core::house::Refusal;
use crate::core::label::NameError;
use crate::core::roster::RosterRefusal;
use crate::core::saved_layout::SavedLayoutError;
use crate::core::target::TargetError;
use crate::core::world::WorldError;
use crate::keeper_link::KeeperFailure;
use crate::principals::Cut;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) failure: Failure,
    pub(crate) why: String,
    pub(crate) hint: String,
    /// A right was missing, whatever the words say.
    pub(crate) refused: bool,
}

impl Fault {
    pub(crate) fn new(failure: Failure, why: impl Into<String>) -> Self {
        Self { failure, why: why.into(), hint: String::new(), refused: false }
    }

    /// For want of a right, whatever the words say.
    pub(crate) fn refused(mut self) -> Self {
        self.refused = true;
        self
    }

    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }

    pub(crate) fn invalid(why: impl Into<String>) -> Self {
        Self::new(Failure::INVALID, why)
    }

    pub(crate) fn unsupported(why: impl Into<String>) -> Self {
        Self::new(Failure::UNSUPPORTED, why)
    }

    pub(crate) fn internal(why: impl Into<String>) -> Self {
        Self::new(Failure::INTERNAL, why)
    }

    /// The server is stopping, so that the part which was asked is gone.
    pub(crate) fn stopping() -> Self {
        Self::internal("the server is stopping")
    }

    pub(crate) fn into_failed(self) -> Failed {
        Failed { failure: self.failure, why: self.why, hint: self.hint, ext: Ext::none() }
    }

    pub(crate) fn into_detached(self) -> Detached {
        Detached {
            reason: DetachReason::FAILED,
            exit: WireExit::default(),
            why: self.why,
            hint: self.hint,
            failure: self.failure.0,
            ext: Ext::none(),
        }
    }
}

impl From<Refusal> for Fault {
    fn from(refusal: Refusal) -> Self {
        Self::new(refusal.failure(), refusal.to_string()).hint(refusal.hint())
    }
}

impl From<TargetError> for Fault {
    fn from(error: TargetError) -> Self {
        let failure = match error {
            TargetError::TooLong { .. } => Failure::INVALID,
            _ => Failure::NOT_FOUND,
        };
        Self::new(failure, error.to_string()).hint("ccc ls")
    }
}

impl From<Denied> for Fault {
    fn from(denied: Denied) -> Self {
        Self::new(Failure::DENIED, denied.to_string()).refused()
    }
}

impl From<RosterRefusal> for Fault {
    fn from(refusal: RosterRefusal) -> Self {
        let (failure, hint) = match &refusal {
            RosterRefusal::Unknown(_) => (Failure::NOT_FOUND, "ccc who --all"),
            RosterRefusal::Ambiguous(_) => (Failure::INVALID, "ccc who --all --json shows the ids"),
            RosterRefusal::TooManyInvites(_) => {
                (Failure::EXHAUSTED, "ccc who --all lists them; take one back with ccc revoke ID")
            }
            RosterRefusal::TooMany(_) => (Failure::EXHAUSTED, "ccc revoke NAME"),
            RosterRefusal::Higher { .. } | RosterRefusal::KeyLeaves => (Failure::DENIED, ""),
            RosterRefusal::KeyKnown => (Failure::CONFLICT, ""),
            RosterRefusal::TooManyKeys(_) => {
                (Failure::EXHAUSTED, "those that were replaced end within a day")
            }
            RosterRefusal::Owner | RosterRefusal::Token(_) | RosterRefusal::Name(_) => {
                (Failure::INVALID, "")
            }
        };
        Self::new(failure, refusal.to_string()).hint(hint)
    }
}

impl From<Cut> for Fault {
    fn from(_cut: Cut) -> Self {
        Self::new(Failure::DENIED, "what this key may do was changed")
    }
}

impl From<NameError> for Fault {
    fn from(error: NameError) -> Self {
        Self::invalid(error.to_string())
    }
}

impl From<WorldError> for Fault {
    fn from(error: WorldError) -> Self {
        Self::invalid(error.to_string())
    }
}

impl From<SavedLayoutError> for Fault {
    fn from(error: SavedLayoutError) -> Self {
        Self::invalid(error.to_string())
    }
}

impl From<KeeperFailure> for Fault {
    fn from(failure: KeeperFailure) -> Self {
        let kind = match &failure {
            KeeperFailure::Refused { refusal, .. } => match refusal.reason {
                Reason::NotFound => Failure::COMMAND_NOT_FOUND,
                Reason::NotExecutable => Failure::NOT_EXECUTABLE,
                Reason::CwdMissing => Failure::NO_SUCH_DIRECTORY,
                Reason::Exhausted | Reason::Journal | Reason::Busy => Failure::EXHAUSTED,
                Reason::NoSuchPane | Reason::Ended => Failure::NOT_FOUND,
                _ => Failure::INTERNAL,
            },
            KeeperFailure::Away | KeeperFailure::Unexpected | KeeperFailure::Spec(_) => {
                Failure::INTERNAL
            }
        };
        let fault = Self::new(kind, failure.to_string());
        match failure {
            KeeperFailure::Refused { refusal, .. } if refusal.is_out_of_terminals() => {
                fault.hint("close panes, or raise the limit: sysctl kernel.pty.max")
            }
            _ => fault,
        }
    }
}

impl From<ccc_journal::Error> for Fault {
    fn from(error: ccc_journal::Error) -> Self {
        let failure = if error.is_full() { Failure::EXHAUSTED } else { Failure::INTERNAL };
        Self::new(failure, error.to_string())
    }
}
