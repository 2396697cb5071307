//! A line on standard error that says how far something is. Owns when it is shown: only to somebody who may be
//! waiting there, and only when it takes long.

use std::io::{self, IsTerminal as _, Write as _};
use std::time::{Duration, Instant};

/// It is shown when something takes longer than this, and so often.
const PROGRESS: Duration = Duration::from_millis(500);

/// How far something is.
#[derive(Debug)]
pub(crate) struct Progress {
    done: u64,
    total: u64,
    /// The total, as it is said.
    of: String,
    /// None where nobody would see it.
    shown: Option<Instant>,
    any: bool,
}

impl Progress {
    /// Of so many bytes.
    pub(crate) fn new(total: u64) -> Self {
        Self::of(total, format!("{} MiB", total.div_ceil(1 << 20)))
    }

    /// Of so many, which is said so.
    pub(crate) fn of(total: u64, of: String) -> Self {
        let shown = io::stderr().is_terminal().then(Instant::now);
        Self { done: 0, total, of, shown, any: false }
    }

    pub(crate) fn add(&mut self, more: u64) -> io::Result<()> {
        self.done = self.done.saturating_add(more);
        let Some(shown) = &mut self.shown else { return Ok(()) };
        if shown.elapsed() < PROGRESS {
            return Ok(());
        }
        *shown = Instant::now();
        self.any = true;
        let part = u128::from(self.done.min(self.total)) * 100 / u128::from(self.total.max(1));
        write!(io::stderr().lock(), "\r{part:3} % of {}", self.of)
    }

    /// Takes the line away.
    pub(crate) fn end(&mut self) -> io::Result<()> {
        if !std::mem::take(&mut self.any) {
            return Ok(());
        }
        write!(io::stderr().lock(), "\r\x1b[K")
    }
}
