//! A line on standard error that says how far something is. Owns when it is shown: only to somebody who may be
//! waiting there, and only when it takes long.

use std::io::{self, IsTerminal as _, Write as _};
use std::time::{Duration, Instant};

use crate::words::with;

/// It is shown when something takes longer than this, and so often.
const PROGRESS: Duration = Duration::from_millis(500);

/// Columns of a name in it, so that it stays one line.
const NAME: usize = 40;

/// How far something is.
#[derive(Debug)]
pub(crate) struct Progress {
    /// With a space behind it, or empty.
    name: String,
    done: u64,
    /// `None` when nobody knows.
    total: Option<u64>,
    /// The total as it is said; without it, it is bytes.
    of: Option<String>,
    /// None where nobody would see it.
    shown: Option<Instant>,
    any: bool,
}

impl Progress {
    /// Of so many bytes.
    pub(crate) fn new(total: u64) -> Self {
        Self::of("", Some(total))
    }

    /// Of so many, which is said so.
    pub(crate) fn counted(total: u64, of: String) -> Self {
        let mut progress = Self::of("", Some(total));
        progress.of = Some(of);
        progress
    }

    /// Of bytes of something with a name.
    pub(crate) fn of(name: &str, total: Option<u64>) -> Self {
        let shown = io::stderr().is_terminal().then(Instant::now);
        let mut cut: String = name.chars().take(NAME).collect();
        if !cut.is_empty() {
            cut.push(' ');
        }
        Self { name: cut, done: 0, total, of: None, shown, any: false }
    }

    pub(crate) fn add(&mut self, more: u64) -> io::Result<()> {
        self.at(self.done.saturating_add(more))
    }

    /// So many are done by now.
    pub(crate) fn at(&mut self, done: u64) -> io::Result<()> {
        self.done = done;
        let Some(shown) = &mut self.shown else { return Ok(()) };
        if shown.elapsed() < PROGRESS {
            return Ok(());
        }
        *shown = Instant::now();
        self.any = true;
        let mut out = io::stderr().lock();
        let name = &self.name;
        match self.total {
            Some(total) => {
                let part = u128::from(done.min(total)) * 100 / u128::from(total.max(1));
                let of = match &self.of {
                    Some(of) => of.clone(),
                    None => format!("{} MiB", total.div_ceil(1 << 20)),
                };
                let part = format!("{part:3}");
                let said = with("{part} % of {total}", &[("part", &part), ("total", &of)]);
                write!(out, "\r{name}{said}")
            }
            None => write!(out, "\r{name}{} MiB", done >> 20),
        }
    }

    /// Takes the line away.
    pub(crate) fn end(&mut self) -> io::Result<()> {
        if !std::mem::take(&mut self.any) {
            return Ok(());
        }
        write!(io::stderr().lock(), "\r\x1b[K")
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        // With standard error gone there is nobody to tell.
        let _told = self.end();
    }
}
