//! How connections and streams end. Owns the numbers on the wire and their names; what leads to
//! one is decided by the application.

use std::borrow::Cow;
use std::fmt;

use quinn::ConnectionError;

/// Characters of a peer's reason that are kept.
const REASON_CHARACTERS: usize = 200;

/// Why an application closed a connection; a number on the wire that is never reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CloseCode(pub u32);

impl CloseCode {
    /// Done, nothing is wrong.
    pub const OK: Self = Self(0);
    /// The peer broke the protocol.
    pub const PROTOCOL: Self = Self(1);
    /// The peer's key is not enrolled here.
    pub const AUTH_UNKNOWN: Self = Self(2);
    /// The two ends share no version; the reason lists the versions of the closing end.
    pub const VERSION: Self = Self(3);
    /// The closing end is stopping.
    pub const SHUTTING_DOWN: Self = Self(4);
    /// The peer took too long or read too little.
    pub const TOO_SLOW: Self = Self(5);
    /// The peer's key was enrolled and is no longer.
    pub const AUTH_REVOKED: Self = Self(6);
    /// The closing end failed.
    pub const INTERNAL: Self = Self(7);
    /// The closing end has as many peers as it takes.
    pub const FULL: Self = Self(8);
    /// What the peer may do was changed: it connects again and finds out.
    pub const RIGHTS_CHANGED: Self = Self(9);

    /// The name in messages and logs, `other` for a number that came after this version.
    pub const fn name(self) -> &'static str {
        match self {
            Self::OK => "ok",
            Self::PROTOCOL => "protocol error",
            Self::AUTH_UNKNOWN => "unknown key",
            Self::VERSION => "no common version",
            Self::SHUTTING_DOWN => "shutting down",
            Self::TOO_SLOW => "too slow",
            Self::AUTH_REVOKED => "revoked",
            Self::INTERNAL => "internal error",
            Self::FULL => "full",
            Self::RIGHTS_CHANGED => "rights changed",
            _ => "other",
        }
    }
}

impl fmt::Display for CloseCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.name(), self.0)
    }
}

/// Why one direction of a stream was given up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct StreamCode(pub u32);

impl StreamCode {
    /// Given up without a finish, or nobody reads any more.
    pub const CANCELLED: Self = Self(0);
    /// Something newer takes its place.
    pub const SUPERSEDED: Self = Self(1);
    /// What was on the stream broke the protocol.
    pub const PROTOCOL: Self = Self(2);
    /// The sender of the code failed.
    pub const INTERNAL: Self = Self(3);
}

impl fmt::Display for StreamCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match *self {
            Self::CANCELLED => "cancelled",
            Self::SUPERSEDED => "superseded",
            Self::PROTOCOL => "protocol error",
            Self::INTERNAL => "internal error",
            _ => "other",
        };
        write!(f, "{name} ({})", self.0)
    }
}

/// Why a connection is over.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CloseReason {
    /// The other end closed it and said why. The text came from there: one line, printable, short.
    #[error("closed by the other end: {code}{}", after_colon(.reason))]
    Peer { code: CloseCode, reason: String },
    /// This end closed it.
    #[error("closed here")]
    Local,
    /// The other end no longer knows the connection: it was restarted.
    #[error("the other end was restarted")]
    Forgotten,
    /// Nothing was heard for longer than the idle timeout.
    #[error("nothing heard for {} seconds", crate::IDLE_TIMEOUT.as_secs())]
    Silent,
    /// The transport gave up: a hand-shake that failed, a peer that breaks QUIC's rules, a network
    /// that is gone.
    #[error("{detail}")]
    Transport { detail: String },
}

impl CloseReason {
    /// The code that the other end gave, if it closed in an orderly way.
    pub const fn peer_code(&self) -> Option<CloseCode> {
        match self {
            Self::Peer { code, .. } => Some(*code),
            _ => None,
        }
    }

    pub(crate) fn peer(code: u64, reason: &[u8]) -> Self {
        // Codes of ours fit; a larger one is some "other".
        let code = CloseCode(u32::try_from(code).unwrap_or(u32::MAX));
        Self::Peer { code, reason: printable(reason) }
    }
}

impl CloseReason {
    /// What the transport says. A function and not a conversion trait, so that the transport's
    /// types stay out of this crate's API; the same holds for the other errors.
    pub(crate) fn of(error: ConnectionError) -> Self {
        match error {
            ConnectionError::ApplicationClosed(close) => {
                Self::peer(close.error_code.into_inner(), &close.reason)
            }
            ConnectionError::LocallyClosed => Self::Local,
            ConnectionError::Reset => Self::Forgotten,
            ConnectionError::TimedOut => Self::Silent,
            ConnectionError::VersionMismatch => {
                Self::Transport { detail: "the other end speaks another version of QUIC".into() }
            }
            ConnectionError::ConnectionClosed(close) => {
                let reason = printable(&close.reason);
                let detail = format!("{}{}", close.error_code, after_colon(&reason));
                Self::Transport { detail }
            }
            error @ (ConnectionError::TransportError(_) | ConnectionError::CidsExhausted) => {
                Self::Transport { detail: printable(error.to_string().as_bytes()) }
            }
        }
    }
}

fn after_colon(text: &str) -> Cow<'_, str> {
    if text.is_empty() { Cow::Borrowed("") } else { Cow::Owned(format!(": {text}")) }
}

/// What a peer wrote, as one short line without control characters: it may end on a terminal.
pub(crate) fn printable(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    text.chars().take(REASON_CHARACTERS).map(|c| if is_plain(c) { c } else { ' ' }).collect()
}

/// Control characters steer a terminal, and the directional ones reorder what stands beside them.
fn is_plain(c: char) -> bool {
    !c.is_control()
        && !matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests;
