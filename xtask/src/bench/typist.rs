//! Somebody who types into a quiet program and looks for each letter. Owns the keys and the pauses
//! between them.

use std::time::{Duration, Instant};

use anyhow::Result;

use super::outer::Outer;
use super::stage::Stage;
use ccc_testkit::Random;

/// Letters that are neither in an escape sequence nor in a status bar nor in a flood. Three, because 80
/// is no multiple of it: a letter that stands in its place already, when the screen has moved up a
/// line, need not be drawn.
const LETTERS: [u8; 3] = *b"#@&";
/// How long people and machines stay away between two keys at least, and how much longer at most.
const PAUSE: Duration = Duration::from_millis(4);
const MORE_PAUSE_US: u64 = 8000;
const PATIENCE: Duration = Duration::from_secs(60);
const PROGRAM: [&str; 3] = ["sh", "-c", "stty raw -echo; printf '#READY'; exec cat"];

/// The session that is typed into.
pub(crate) const SESSION: &str = "keys";

#[derive(Debug)]
pub(crate) struct Typist {
    outer: Outer,
    random: Random,
    pressed: usize,
}

impl Typist {
    /// Opens the program and looks at it.
    pub(crate) fn sit_down(stage: &Stage, seed: u64) -> Result<Self> {
        let mut outer = stage.open(SESSION, &PROGRAM)?;
        outer.wait_for(b"#READY", PATIENCE)?;
        Ok(Self { outer, random: Random::new(seed), pressed: 0 })
    }

    /// Looks on for a while, until what was begun is on its way.
    pub(crate) fn rest(&mut self) -> Result<()> {
        self.outer.forget(Duration::from_millis(500))
    }

    /// Presses a key after a pause, and tells how long its letter took.
    pub(crate) fn press(&mut self) -> Result<Duration> {
        self.outer.forget(PAUSE + Duration::from_micros(self.random.below(MORE_PAUSE_US)))?;
        let letter = [LETTERS[self.pressed % LETTERS.len()]];
        self.pressed += 1;
        let pressed = Instant::now();
        self.outer.write(&letter)?;
        self.outer.wait_for(&letter, PATIENCE)?;
        Ok(pressed.elapsed())
    }

    /// Presses so many.
    pub(crate) fn press_all(&mut self, keys: usize) -> Result<Vec<Duration>> {
        (0..keys).map(|_| self.press()).collect()
    }
}
