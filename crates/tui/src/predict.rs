//! What programs will print for keys, shown on a slow link before they have. Owns the guesses and when they are
//! shown; `guess` makes them, `judge` says whether they were right. Edits no mirror: a guess lies over the
//! picture until the truth is there.
//!
//! The rules are those of mosh (its `terminaloverlay`): guesses come in epochs, and one is shown when a guess
//! of its epoch was seen to be right. A key that does more than print itself begins another. What is typed
//! where nothing is echoed is never guessed: the server tells of the line discipline. What is not mosh's: rows
//! are known by their names, so that output from elsewhere moves a guess along; only text that follows the
//! cursor without a gap is moved aside, so that frames and prompts on the right stay; and behind such a key
//! nothing is guessed before the program has it. Whoever always wants guesses sees the first one as well where
//! the line discipline echoes: there it is no guess about a program.

use std::time::{Duration, Instant};

use ccc_client::Mirror;
use ccc_client::input::Typed;
use ccc_client::proto::{PaneId, TtyFlags};
use ccc_vt::{Cell, Cursor, RowId, Size, Text};

mod guess;
mod judge;
mod line;

use self::judge::Done;
use self::line::{seen, text_at};

#[cfg(test)]
mod tests;

/// A guess that waits longer is shown on any link, for so many more guesses.
const HICCUP: Duration = Duration::from_millis(250);
const HICCUPS: u32 = 10;
/// How long after it was typed in a program may take to echo.
const ECHO: Duration = Duration::from_millis(50);
/// Text that is pasted in one piece and longer is not guessed.
const LONGEST: usize = 100;

/// Whether guesses are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Prediction {
    /// On slow links, when one of the same kind was right before.
    #[default]
    Auto,
    /// On every link, and from the first key where the line discipline echoes.
    Always,
    Never,
}

impl Prediction {
    const NAMES: [(&str, Self); 3] =
        [("auto", Self::Auto), ("always", Self::Always), ("never", Self::Never)];

    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(known, _)| *known == name).map(|(_, when)| *when)
    }

    /// As the configuration calls them.
    pub(crate) fn names() -> String {
        Self::NAMES.map(|(name, _)| name).join(", ")
    }
}

/// The guesses about the pane that is typed in.
#[derive(Debug)]
pub(crate) struct Predictor {
    pub(crate) when: Prediction,
    pane: Option<PaneId>,
    size: Size,
    screen_epoch: Option<u64>,
    /// That new guesses belong to; those up to `confirmed` are shown.
    epoch: u64,
    confirmed: u64,
    cells: Vec<GuessedCell>,
    /// Oldest first.
    cursors: Vec<GuessedCursor>,
    /// Nothing is guessed until the program has this input.
    after: u64,
    done: Done,
    slow: bool,
    marked: bool,
    hiccups: u32,
    recovered: Option<Instant>,
    /// The last guess was wrong: something hides what is typed, or does more than print it.
    doubted: bool,
}

#[derive(Clone, Debug)]
struct GuessedCell {
    row: RowId,
    col: u16,
    /// What will stand there.
    cell: Cell,
    /// What stood there in truth when it was guessed, and when it was guessed anew.
    before: Vec<Text>,
    told: Told,
}

#[derive(Clone, Copy, Debug)]
struct GuessedCursor {
    row: RowId,
    col: u16,
    told: Told,
}

/// What led to a guess.
#[derive(Clone, Copy, Debug)]
struct Told {
    epoch: u64,
    input: u64,
    at: Instant,
    /// A character that the line discipline echoes, whatever the program does.
    echoed: bool,
}

impl Predictor {
    pub(crate) fn new(when: Prediction) -> Self {
        Self {
            when,
            pane: None,
            size: Size::default(),
            screen_epoch: None,
            epoch: 1,
            confirmed: 0,
            cells: Vec::new(),
            cursors: Vec::new(),
            after: 0,
            done: Done::default(),
            slow: false,
            marked: false,
            hiccups: 0,
            recovered: None,
            doubted: false,
        }
    }

    /// Input was sent under a number.
    pub(crate) fn typed(
        &mut self,
        mirror: &Mirror,
        input: u64,
        events: &[Typed],
        round_trip: Duration,
        now: Instant,
    ) {
        if self.when == Prediction::Never {
            return;
        }
        self.judge(mirror, round_trip, now);
        if is_unseen(mirror.tty()) {
            return;
        }
        for event in events {
            let told = Told { epoch: self.epoch, input, at: now, echoed: false };
            match event {
                Typed::Key(key) => self.key(mirror, key, told),
                Typed::Text(text) if text.len() <= LONGEST => self.text(mirror, text, told),
                Typed::Text(_) | Typed::Paste(_) | Typed::PastePiece { .. } => self.forget(),
                // A click may lead from what is echoed to what is not.
                Typed::Literal(_) | Typed::Mouse(_) => self.begin_epoch(input),
                Typed::Focus(_) => {}
            }
        }
    }

    /// From here on guesses are shown only when another one was right, and none is made before the program
    /// has the input that nobody knows the effect of.
    fn begin_epoch(&mut self, input: u64) {
        self.epoch += 1;
        self.after = input;
    }

    /// Nothing of what was typed is guessed any more.
    pub(crate) fn forget(&mut self) {
        self.cells.clear();
        self.cursors.clear();
        self.epoch += 1;
    }

    fn has_any(&self) -> bool {
        !self.cells.is_empty() || !self.cursors.is_empty()
    }

    /// Whether something is shown that is not true yet.
    pub(crate) fn is_shown(&self) -> bool {
        self.shows() && (self.shown_cells().next().is_some() || self.shown_cursor().is_some())
    }

    fn shows(&self) -> bool {
        match self.when {
            Prediction::Auto => self.slow || self.hiccups > 0,
            Prediction::Always => true,
            Prediction::Never => false,
        }
    }

    fn is_trusted(&self, told: Told) -> bool {
        let at_once = self.when == Prediction::Always && !self.doubted;
        told.epoch <= self.confirmed || (at_once && told.echoed)
    }

    fn shown_cells(&self) -> impl Iterator<Item = &GuessedCell> {
        self.cells.iter().filter(|guess| self.is_trusted(guess.told))
    }

    fn shown_cursor(&self) -> Option<&GuessedCursor> {
        self.cursors.iter().rev().find(|guess| self.is_trusted(guess.told))
    }

    /// What lies over the mirror: columns, rows and cells, and where the cursor is.
    pub(crate) fn overlay(&self, mirror: &Mirror) -> Overlay {
        if !self.shows() || self.pane != Some(mirror.pane()) || self.size != mirror.size() {
            return Overlay::default();
        }
        let cells = self.shown_cells().filter_map(|guess| {
            let mut cell = guess.cell.clone();
            let row = place(mirror, guess.row)?;
            if text_at(mirror.row(row)?, guess.col) == seen(&cell.text) {
                return None;
            }
            if self.marked && !cell.text.is_blank() {
                cell.style.underline = ccc_vt::Underline::Single;
            }
            Some((guess.col, row, cell))
        });
        let cursor = self.shown_cursor();
        Overlay {
            cells: cells.collect(),
            cursor: cursor.and_then(|guess| Some((guess.col, place(mirror, guess.row)?))),
        }
    }

    /// When a guess is to be looked at again though nothing came.
    pub(crate) fn next_deadline(&self, round_trip: Duration) -> Option<Instant> {
        if !self.has_any() {
            return None;
        }
        let late = self.done.heard.first().map(|(_, at)| *at + ECHO + round_trip);
        let waits = self.cells.iter().map(|guess| guess.told.at).min();
        let hiccup = waits.filter(|_| self.hiccups < HICCUPS).map(|at| at + HICCUP);
        late.into_iter().chain(hiccup).min()
    }
}

/// What lies over a pane's picture.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Overlay {
    /// Column, row, and what stands there.
    pub(crate) cells: Vec<(u16, u16, Cell)>,
    /// Column and row.
    pub(crate) cursor: Option<(u16, u16)>,
}

impl Overlay {
    /// Where the cursor is shown.
    pub(crate) fn over(&self, truth: Cursor) -> Cursor {
        self.cursor.map_or(truth, |(col, row)| Cursor { col, row, ..truth })
    }
}

/// The line is read whole and nothing of it echoed: a password.
const fn is_unseen(tty: TtyFlags) -> bool {
    tty.0 & TtyFlags::ICANON != 0 && tty.0 & TtyFlags::ECHO == 0
}

/// Each character is echoed before the program has it.
const fn is_echoed(tty: TtyFlags) -> bool {
    tty.0 & TtyFlags::ECHO != 0
}

/// Where a row stands now.
fn place(mirror: &Mirror, row: RowId) -> Option<u16> {
    mirror.rows().iter().position(|known| known.id == row).and_then(|y| u16::try_from(y).ok())
}
