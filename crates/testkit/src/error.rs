//! What can go wrong in a test's surroundings. Shown whole when a test fails, so `Debug` reads like
//! `Display`.

use std::fmt;
use std::io;
use std::time::Duration;

/// The result of everything here.
pub type Result<T> = std::result::Result<T, KitError>;

/// Why a test cannot go on.
#[derive(thiserror::Error)]
pub enum KitError {
    /// The machine refused something.
    #[error("could not {what}: {source}")]
    Io {
        what: String,
        #[source]
        source: io::Error,
    },
    /// Something did not come about in time. `instead` is what was there at the end.
    #[error("waited {} ms for {what}; instead:\n{instead}", within.as_millis())]
    TimedOut { what: String, within: Duration, instead: String },
    /// A program ended otherwise than it had to, or said what makes no sense.
    #[error("{what}:\n{told}")]
    Unexpected { what: String, told: String },
    /// Keys that cannot be read.
    #[error("keys `{keys}`: {why}")]
    Keys { keys: String, why: String },
}

impl KitError {
    /// For `map_err`: what was attempted.
    pub fn io<E: Into<io::Error>>(what: impl Into<String>) -> impl FnOnce(E) -> Self {
        let what = what.into();
        move |source| Self::Io { what, source: source.into() }
    }
}

impl fmt::Debug for KitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
