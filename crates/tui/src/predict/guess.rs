//! What a key will lead to on the screen, as far as that can be told. Owns the guessing; when it is shown, and
//! whether it came true, is judged elsewhere.

use ccc_client::Mirror;
use ccc_vt::input::{Key, KeyEvent, KeyKind, Modifiers};
use ccc_vt::{Cell, RowId, Text};

use super::line::{Line, seen, text_at};
use super::{GuessedCell, GuessedCursor, Predictor, Told, is_echoed, place};

impl Predictor {
    pub(super) fn key(&mut self, mirror: &Mirror, key: &KeyEvent, told: Told) {
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

    pub(super) fn text(&mut self, mirror: &Mirror, text: &str, told: Told) {
        for char in text.chars() {
            let char = char.to_string();
            let width = u16::from(ccc_vt::width(&char));
            if width == 0 || char.chars().any(char::is_control) {
                self.begin_epoch(told.input);
            } else {
                let echoed = is_echoed(mirror.tty());
                self.print(mirror, &char, width, Told { epoch: self.epoch, echoed, ..told });
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
            line.put(guess.col, &guess.cell);
        }
        Some(line)
    }

    fn guess(&mut self, mirror: &Mirror, row: RowId, col: u16, cell: Cell, told: Told) {
        let truth = place(mirror, row).and_then(|y| mirror.row(y));
        let Some(truth) = truth.map(|truth| text_at(truth, col)) else { return };
        let known = self.cells.iter().position(|guess| (guess.row, guess.col) == (row, col));
        let mut before = match known {
            Some(known) => self.cells.swap_remove(known).before,
            None => Vec::new(),
        };
        if !before.contains(&truth) {
            before.push(truth);
        }
        self.cells.push(GuessedCell { row, col, cell, before, told });
    }

    fn move_to(&mut self, row: RowId, col: u16, told: Told) {
        self.cursors.push(GuessedCursor { row, col, told });
    }
}
