//! What programs will print for keys, shown on a slow link before they have. Owns the guesses, when they are
//! shown, and when they were right. Edits no mirror: a guess lies over the picture until the truth is there.
//!
//! The rules are those of mosh (its `terminaloverlay`): guesses come in epochs, and one is shown when a guess
//! of its epoch was seen to be right. A key that does more than print itself begins another. What is typed
//! where nothing is echoed is never guessed: the server tells of the line discipline. What is not mosh's: rows
//! are known by their names, so that output from elsewhere moves a guess along; only text that follows the
//! cursor without a gap is moved aside, so that frames and prompts on the right stay; and behind such a key
//! nothing is guessed before the program has it.

use std::time::{Duration, Instant};

use ccc_client::input::Typed;
use ccc_client::proto::{PaneId, TtyFlags};
use ccc_client::{Mirror, SLOW};
use ccc_vt::input::{Key, KeyEvent, KeyKind, Modifiers};
use ccc_vt::{Cell, RowId, Size, Text};

mod line;

use self::line::{Line, seen};

#[cfg(test)]
mod tests;

/// Guesses are shown from a [`SLOW`] round trip on, and no longer under this one.
const FAST: Duration = Duration::from_millis(20);
/// The same for telling them from what is true.
const VERY_SLOW: Duration = Duration::from_millis(80);
const NOT_SO_SLOW: Duration = Duration::from_millis(50);
/// A guess that waits longer is shown on any link, for so many more guesses.
const HICCUP: Duration = Duration::from_millis(250);
const HICCUPS: u32 = 10;
/// One that waits much longer is told from what is true as well.
const LONG_HICCUP: Duration = Duration::from_secs(5);
/// Guesses that come true faster than a hiccup count once in this time.
const RECOVERY: Duration = Duration::from_millis(150);
/// How long after it was typed in a program may take to echo.
const ECHO: Duration = Duration::from_millis(50);
/// Text that is pasted in one piece and longer is not guessed.
const LONGEST: usize = 100;

/// Whether guesses are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum When {
    /// On slow links.
    #[default]
    Auto,
    Always,
    Never,
}

impl When {
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
    pub(crate) when: When,
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
}

#[derive(Clone, Debug)]
struct GuessedCell {
    row: RowId,
    col: u16,
    /// What will stand there; `None` when something else than now, and nobody knows what.
    cell: Option<Cell>,
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
}

/// Which inputs the program has, and for how long.
#[derive(Debug, Default)]
struct Done {
    /// The program has had these long enough to echo them.
    late: u64,
    /// The newest input that it has, each with the time that was heard; ascending.
    heard: Vec<(u64, Instant)>,
}

impl Done {
    /// Takes in what a frame says, if it is a new one.
    fn hear(&mut self, input: u64, now: Instant) {
        let last = self.heard.last().map_or(self.late, |(input, _)| *input);
        if input > last {
            self.heard.push((input, now));
        }
    }

    /// What was heard of so long ago that an echo would be here by now, even one that was sent twice.
    fn expire(&mut self, round_trip: Duration, now: Instant) {
        let patience = ECHO + round_trip;
        let late = self.heard.iter().take_while(|(_, at)| *at + patience <= now).count();
        if let Some((input, _)) = self.heard.drain(..late).next_back() {
            self.late = input;
        }
    }

    fn newest(&self) -> u64 {
        self.heard.last().map_or(self.late, |(input, _)| *input)
    }
}

/// How a guess turned out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    Waiting,
    Right,
    /// Over, and it proves nothing.
    Over,
    Wrong,
}

impl Predictor {
    pub(crate) fn new(when: When) -> Self {
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
        if self.when == When::Never {
            return;
        }
        self.judge(mirror, round_trip, now);
        if is_unseen(mirror.tty()) {
            return;
        }
        for event in events {
            let told = Told { epoch: self.epoch, input, at: now };
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

    fn key(&mut self, mirror: &Mirror, key: &KeyEvent, told: Told) {
        if key.kind == KeyKind::Release {
            return;
        }
        let plain = key.modifiers.difference(Modifiers::SHIFT).is_empty();
        match key.key {
            Key::Char(char) if plain => {
                let shifted = key.shifted.filter(|_| key.modifiers.contains(Modifiers::SHIFT));
                let char = shifted.unwrap_or(char).to_string();
                self.text(mirror, key.text.as_deref().unwrap_or(&char), told);
            }
            Key::Backspace if key.modifiers.is_empty() => self.erase(mirror, told),
            Key::Left | Key::Right if key.modifiers.is_empty() => {
                self.step(mirror, key.key == Key::Right, told);
            }
            _ => self.begin_epoch(told.input),
        }
    }

    fn text(&mut self, mirror: &Mirror, text: &str, told: Told) {
        for char in text.chars() {
            let char = char.to_string();
            let width = u16::from(ccc_vt::width(&char));
            if width == 0 || char.chars().any(char::is_control) {
                self.begin_epoch(told.input);
            } else {
                self.print(mirror, &char, width, Told { epoch: self.epoch, ..told });
            }
        }
    }

    /// A character at the cursor; what follows it without a gap makes room.
    fn print(&mut self, mirror: &Mirror, text: &str, width: u16, told: Told) {
        let Some((row, col)) = self.at(mirror, told) else { return };
        let Some(line) = self.line(mirror, row) else { return };
        if col + width >= self.size.cols {
            // The program may wrap or not, now or later.
            self.begin_epoch(told.input);
            return;
        }
        let style = col.checked_sub(1).and_then(|left| line.cell(left)).map(|cell| cell.style);
        let cell = Cell {
            text: seen(&Text::new(text)),
            width: u8::try_from(width).unwrap_or(1),
            style: style.unwrap_or_default(),
            link: None,
        };
        let gap = line.gap_behind(col, width);
        for (place, moved) in line.inserted(col, &cell, gap) {
            self.guess(mirror, row, place, moved, told);
        }
        self.move_to(row, col + width, told);
    }

    /// The character before the cursor goes; what follows without a gap comes nearer.
    fn erase(&mut self, mirror: &Mirror, told: Told) {
        let Some((row, col)) = self.at(mirror, told) else { return };
        let Some(line) = self.line(mirror, row) else { return };
        let Some(width) = line.width_before(col) else { return };
        for (place, moved) in line.erased(col - width, width) {
            self.guess(mirror, row, place, moved, told);
        }
        self.move_to(row, col - width, told);
    }

    fn step(&mut self, mirror: &Mirror, right: bool, told: Told) {
        let Some((row, col)) = self.at(mirror, told) else { return };
        let Some(line) = self.line(mirror, row) else { return };
        let to = if right {
            // Behind the last character there is nowhere to go.
            line.width_at(col).map(|width| col + width)
        } else {
            line.width_before(col).map(|width| col - width)
        };
        if let Some(to) = to.filter(|to| *to < self.size.cols) {
            self.move_to(row, to, told);
        }
    }

    /// Where the cursor will be, if that can be guessed.
    fn at(&self, mirror: &Mirror, told: Told) -> Option<(RowId, u16)> {
        if self.done.newest() < self.after || told.input <= self.after {
            return None;
        }
        let guessed = self.cursors.last().filter(|cursor| place(mirror, cursor.row).is_some());
        guessed.map(|cursor| (cursor.row, cursor.col)).or_else(|| {
            let cursor = mirror.cursor();
            Some((mirror.row(cursor.row)?.id, cursor.col))
        })
    }

    /// A row as it will be.
    fn line(&self, mirror: &Mirror, row: RowId) -> Option<Line> {
        let truth = mirror.row(place(mirror, row)?)?;
        let mut line = Line::new(truth, self.size.cols);
        for guess in self.cells.iter().filter(|guess| guess.row == row) {
            if let Some(cell) = &guess.cell {
                line.put(guess.col, cell);
            }
        }
        Some(line)
    }

    fn guess(&mut self, mirror: &Mirror, row: RowId, col: u16, cell: Option<Cell>, told: Told) {
        let truth = place(mirror, row).and_then(|y| mirror.row(y));
        let Some(truth) = truth.map(|truth| Line::new(truth, self.size.cols).text(col)) else {
            return;
        };
        let known = self.cells.iter().position(|guess| (guess.row, guess.col) == (row, col));
        let mut before = match known {
            Some(known) => self.cells.swap_remove(known).before,
            None => Vec::new(),
        };
        before.push(truth);
        self.cells.push(GuessedCell { row, col, cell, before, told });
    }

    fn move_to(&mut self, row: RowId, col: u16, told: Told) {
        self.cursors.push(GuessedCursor { row, col, told });
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

    /// Holds the guesses against what is true by now.
    pub(crate) fn judge(&mut self, mirror: &Mirror, round_trip: Duration, now: Instant) {
        if self.when == When::Never {
            self.forget();
            return;
        }
        let here = (Some(mirror.pane()), mirror.size(), mirror.epoch());
        if (self.pane, self.size, self.screen_epoch) != here {
            if (self.pane, self.screen_epoch) != (here.0, here.2) {
                self.done = Done { late: mirror.input_done(), heard: Vec::new() };
                self.after = mirror.input_done();
            }
            (self.pane, self.size, self.screen_epoch) = here;
            self.forget();
        }
        if is_unseen(mirror.tty()) {
            self.forget();
        }
        self.done.hear(mirror.input_done(), now);
        self.done.expire(round_trip, now);
        self.heed(round_trip);
        if self.cells.is_empty() && self.cursors.is_empty() {
            return;
        }
        self.judge_cells(mirror, now);
        self.judge_cursor(mirror);
    }

    fn heed(&mut self, round_trip: Duration) {
        self.slow = round_trip > SLOW || (self.slow && (round_trip > FAST || self.has_any()));
        let hiccup = self.hiccups > HICCUPS;
        self.marked = round_trip > VERY_SLOW || hiccup || (self.marked && round_trip > NOT_SO_SLOW);
    }

    fn judge_cells(&mut self, mirror: &Mirror, now: Instant) {
        let mut at = 0;
        while let Some(guess) = self.cells.get(at) {
            let told = guess.told;
            match self.verdict(guess, mirror) {
                Verdict::Waiting => {
                    let waited = now.saturating_duration_since(told.at);
                    if waited >= LONG_HICCUP {
                        self.hiccups = 2 * HICCUPS;
                    } else if waited >= HICCUP {
                        self.hiccups = self.hiccups.max(HICCUPS);
                    }
                    at += 1;
                    continue;
                }
                Verdict::Right => {
                    self.confirmed = self.confirmed.max(told.epoch);
                    self.recover(told, now);
                }
                Verdict::Over => {}
                Verdict::Wrong => {
                    self.wrong(told);
                    at = 0;
                    continue;
                }
            }
            self.cells.swap_remove(at);
        }
    }

    fn verdict(&self, guess: &GuessedCell, mirror: &Mirror) -> Verdict {
        let Some(truth) = place(mirror, guess.row).and_then(|y| mirror.row(y)) else {
            return Verdict::Over;
        };
        let late = self.done.late >= guess.told.input;
        let Some(cell) = &guess.cell else {
            return if late { Verdict::Over } else { Verdict::Waiting };
        };
        let text = Line::new(truth, self.size.cols).text(guess.col);
        if self.done.newest() < guess.told.input {
            Verdict::Waiting
        } else if text == seen(&cell.text) {
            // What is blank, or stood there before, comes true too easily.
            let easy = text.is_blank() || guess.before.contains(&text);
            if easy { Verdict::Over } else { Verdict::Right }
        } else if late {
            Verdict::Wrong
        } else {
            Verdict::Waiting
        }
    }

    fn judge_cursor(&mut self, mirror: &Mirror) {
        let Some(last) = self.cursors.last().copied() else { return };
        let cursor = mirror.cursor();
        let right = place(mirror, last.row) == Some(cursor.row) && last.col == cursor.col;
        if self.done.late >= last.told.input && !right {
            self.wrong(last.told);
        }
        // Those before the last have been passed by.
        let (done, late) = (self.done.newest(), self.done.late);
        let kept = self.cursors.len().saturating_sub(1);
        let mut at = 0;
        self.cursors.retain(|guess| {
            let is_last = at == kept;
            at += 1;
            let over = if is_last && !right { late } else { done };
            guess.told.input > over
        });
    }

    /// One guess was wrong: those that depend on what it took for granted are gone.
    fn wrong(&mut self, told: Told) {
        if told.epoch > self.confirmed {
            self.cells.retain(|guess| guess.told.epoch < told.epoch);
            self.cursors.retain(|guess| guess.told.epoch < told.epoch);
            self.epoch += 1;
        } else {
            self.forget();
        }
    }

    fn recover(&mut self, told: Told, now: Instant) {
        let quick = now.saturating_duration_since(told.at) < HICCUP;
        let counts = self.recovered.is_none_or(|at| now.saturating_duration_since(at) >= RECOVERY);
        if self.hiccups > 0 && quick && counts {
            self.hiccups -= 1;
            self.recovered = Some(now);
        }
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
            When::Auto => self.slow || self.hiccups > 0,
            When::Always => true,
            When::Never => false,
        }
    }

    fn shown_cells(&self) -> impl Iterator<Item = &GuessedCell> {
        self.cells.iter().filter(|guess| guess.told.epoch <= self.confirmed)
    }

    fn shown_cursor(&self) -> Option<&GuessedCursor> {
        self.cursors.iter().rev().find(|guess| guess.told.epoch <= self.confirmed)
    }

    /// What lies over the mirror: columns, rows and cells, and where the cursor is.
    pub(crate) fn overlay(&self, mirror: &Mirror) -> Overlay {
        if !self.shows() || self.pane != Some(mirror.pane()) || self.size != mirror.size() {
            return Overlay::default();
        }
        let cells = self.shown_cells().filter_map(|guess| {
            let mut cell = guess.cell.clone()?;
            let row = place(mirror, guess.row)?;
            if Line::new(mirror.row(row)?, self.size.cols).text(guess.col) == seen(&cell.text) {
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

/// The line is read whole and nothing of it echoed: a password.
const fn is_unseen(tty: TtyFlags) -> bool {
    tty.0 & TtyFlags::ICANON != 0 && tty.0 & TtyFlags::ECHO == 0
}

/// Where a row stands now.
fn place(mirror: &Mirror, row: RowId) -> Option<u16> {
    mirror.rows().iter().position(|known| known.id == row).and_then(|y| u16::try_from(y).ok())
}
