//! Waiting for what a terminal shows. Owns that everything is looked at again whenever something was drawn, and what
//! is told of a wait that was in vain.

use std::sync::PoisonError;
use std::time::{Duration, Instant};

use ccc_vt::{Notice, Screen, Size};

use super::{Ended, State, Terminal};
use crate::error::{KitError, Result};
use crate::eye::Picture;

/// How long one of two terminals is waited for before both are looked at again.
const LOOK_AGAIN: Duration = Duration::from_millis(200);

impl Terminal {
    /// Waits until the screen of a terminal that does not answer is as it should be. Looks again
    /// whenever something was drawn.
    ///
    /// # Errors
    /// It did not come to that; the error shows what was there instead.
    pub fn wait_for(
        &self,
        what: &str,
        within: Duration,
        mut check: impl FnMut(&vt100::Screen) -> bool,
    ) -> Result<()> {
        self.wait(what, within, |state| check(state.parser.screen()))
    }

    /// Waits until this text stands somewhere on the screen.
    ///
    /// # Errors
    /// As [`Terminal::wait_for`].
    pub fn wait_text(&self, wanted: &str, within: Duration) -> Result<()> {
        self.wait(&format!("`{wanted}`"), within, |state| state.text().contains(wanted))
    }

    /// Waits until this text stands within this much of the screen, from the top left corner on.
    ///
    /// # Errors
    /// As [`Terminal::wait_for`].
    pub fn wait_corner(&self, size: Size, wanted: &str, within: Duration) -> Result<()> {
        let shows = |state: &State| state.corner(size).plain().contains(wanted);
        self.wait(&format!("`{wanted}`"), within, shows)
    }

    /// Waits until this picture is to be seen.
    ///
    /// # Errors
    /// As [`Terminal::wait_for`]; the error shows where they differ.
    pub fn wait_picture(&self, wanted: &Picture, within: Duration) -> Result<()> {
        self.wait_looked(wanted, within, State::picture)
    }

    fn wait_looked(
        &self,
        wanted: &Picture,
        within: Duration,
        look: impl Fn(&State) -> Picture,
    ) -> Result<()> {
        let waited = self.wait("a picture", within, |state| look(state) == *wanted);
        waited.map_err(|error| match error {
            KitError::TimedOut { what, within, .. } => {
                let instead = look(&self.shared.lock()).differences(wanted);
                KitError::TimedOut { what, within, instead }
            }
            other => other,
        })
    }

    /// Waits until two terminals show the same, both of which may still be drawn on.
    ///
    /// # Errors
    /// As [`Terminal::wait_picture`].
    pub fn wait_same(&self, other: &Self, within: Duration) -> Result<()> {
        self.wait_alike(other, within, State::picture)
    }

    /// Waits until two terminals show the same in this much of them, from the top left corner on.
    ///
    /// # Errors
    /// As [`Terminal::wait_picture`].
    pub fn wait_same_corner(&self, other: &Self, size: Size, within: Duration) -> Result<()> {
        self.wait_alike(other, within, |state| state.corner(size))
    }

    /// Waits until the screen of a terminal that answers is as it should be.
    ///
    /// # Errors
    /// As [`Terminal::wait_for`].
    pub fn wait_screen(
        &self,
        what: &str,
        within: Duration,
        mut check: impl FnMut(&Screen) -> bool,
    ) -> Result<()> {
        self.wait(what, within, |state| state.modern.as_ref().is_some_and(&mut check))
    }

    /// Waits until the program has said something beside its picture to a terminal that answers.
    ///
    /// # Errors
    /// As [`Terminal::wait_for`].
    pub fn wait_heard(
        &self,
        what: &str,
        within: Duration,
        check: impl Fn(&Notice) -> bool,
    ) -> Result<()> {
        self.wait(what, within, |state| state.heard.iter().any(&check))
    }

    /// Waits until these bytes were drawn. Only the last 64 KiB are looked at.
    ///
    /// # Errors
    /// As [`Terminal::wait_for`].
    pub fn wait_bytes(&self, wanted: &[u8], within: Duration) -> Result<()> {
        let what = format!("the bytes \"{}\"", wanted.escape_ascii());
        let drawn = |state: &State| state.tail.windows(wanted.len()).any(|part| part == wanted);
        self.wait(&what, within, drawn)
    }

    fn wait_alike(
        &self,
        other: &Self,
        within: Duration,
        look: impl Fn(&State) -> Picture,
    ) -> Result<()> {
        let until = Instant::now() + within;
        loop {
            // What the other one shows may be out of date by the time that it is seen here.
            let left = until.saturating_duration_since(Instant::now());
            let wanted = look(&other.shared.lock());
            let waited = self.wait_looked(&wanted, left.min(LOOK_AGAIN), &look);
            if waited.is_ok() || left.is_zero() {
                return waited;
            }
        }
    }

    /// Waits until the program has drawn so many bytes.
    ///
    /// # Errors
    /// It did not.
    pub fn wait_drawn(&self, bytes: u64, within: Duration) -> Result<()> {
        self.wait(&format!("{bytes} bytes"), within, |state| state.drawn >= bytes)
    }

    /// Waits until the program has drawn nothing for so long.
    ///
    /// # Errors
    /// It goes on drawing.
    pub fn wait_quiet(&self, quiet: Duration, within: Duration) -> Result<()> {
        let until = Instant::now() + within;
        let mut state = self.shared.lock();
        let mut seen = state.drawn;
        loop {
            let woken = self.shared.changed.wait_timeout(state, quiet);
            let (guard, timeout) = woken.unwrap_or_else(PoisonError::into_inner);
            state = guard;
            if timeout.timed_out() && state.drawn == seen {
                return Ok(());
            }
            seen = state.drawn;
            if Instant::now() > until {
                let (what, instead) = ("the program to be quiet".into(), state.describe());
                return Err(KitError::TimedOut { what, within, instead });
            }
        }
    }

    /// Waits until the program has ended, and says how.
    ///
    /// # Errors
    /// It still runs.
    pub fn wait_end(&self, within: Duration) -> Result<Ended> {
        self.wait("the program to end", within, |state| state.ended.is_some())?;
        Ok(self.shared.lock().ended.clone().unwrap_or(Ended::Code(0)))
    }

    /// Waits until the program has ended and all that it drew is seen.
    ///
    /// # Errors
    /// The terminal is still open.
    pub fn wait_closed(&self, within: Duration) -> Result<Ended> {
        self.wait("the terminal to close", within, |state| state.closed && state.ended.is_some())?;
        Ok(self.shared.lock().ended.clone().unwrap_or(Ended::Code(0)))
    }

    fn wait(
        &self,
        what: &str,
        within: Duration,
        mut check: impl FnMut(&State) -> bool,
    ) -> Result<()> {
        let until = Instant::now() + within;
        let mut state = self.shared.lock();
        loop {
            if let Some(why) = &state.blind {
                let told = format!("{why}\n{}", state.text());
                return Err(KitError::Unexpected { what: "the eye went blind".into(), told });
            }
            if check(&state) {
                return Ok(());
            }
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(KitError::TimedOut {
                    what: what.into(),
                    within,
                    instead: state.describe(),
                });
            }
            let woken = self.shared.changed.wait_timeout(state, left);
            state = woken.unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}
