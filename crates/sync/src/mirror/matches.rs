//! Whether a mirror shows what a screen shows: the law of this crate, for tests and for assertions
//! in debug builds.

use ccc_vt::{Cell, Row, Screen, Style};

use super::Mirror;
use crate::{PaneImages, frame, terms};

impl Mirror {
    /// Whether it shows this screen at this moment: rows with their ids, text, styles and links,
    /// cursor, modes, state and history. Versions are not compared: whoever sends frames may count
    /// finer than the screen does.
    ///
    /// What does not travel is not compared: a written space is a blank cell, protection from
    /// selective erase cannot be seen, and progress that failed or paused has no percentage.
    #[must_use]
    pub fn matches(&self, screen: &Screen) -> bool {
        self.difference(screen).is_none()
    }

    /// The first thing in which it differs, in words for whoever reads a failed assertion.
    #[must_use]
    pub fn difference(&self, screen: &Screen) -> Option<String> {
        let differs = |what: &str, here: &dyn std::fmt::Debug, there: &dyn std::fmt::Debug| {
            Some(format!("{what}: the mirror has {here:?}, the screen {there:?}"))
        };
        if self.size != screen.size() {
            return differs("size", &self.size, &screen.size());
        }
        if self.rows.len() != screen.rows().len() {
            return differs("rows", &self.rows.len(), &screen.rows().len());
        }
        for (y, (here, there)) in self.rows.iter().zip(screen.rows()).enumerate() {
            let there = as_shown(there.to_row());
            if **here != there {
                return differs(&format!("row {y}"), here, &there);
            }
        }
        if self.cursor != screen.cursor() {
            return differs("cursor", &self.cursor, &screen.cursor());
        }
        if self.modes != terms::wire_modes(&screen.modes()) {
            return differs("modes", &self.modes, &screen.modes());
        }
        if self.title != frame::plain(screen.title()) {
            return differs("title", &self.title, &screen.title());
        }
        if self.cwd != frame::plain(screen.cwd().unwrap_or_default()) {
            return differs("cwd", &self.cwd, &screen.cwd());
        }
        let progress = terms::progress_of(&terms::progress_text(screen.progress()));
        if self.progress != progress {
            return differs("progress", &self.progress, &progress);
        }
        let images = PaneImages::of(screen);
        if *self.images != images {
            return differs("images", &self.images, &images);
        }
        if self.history_lines() != screen.scrollback().end() {
            return differs("history", &self.history_lines(), &screen.scrollback().end());
        }
        None
    }
}

/// The row as far as it can travel.
fn as_shown(row: Row) -> Row {
    let mut cells: Vec<Cell> = row.cells.into_iter().map(cell_as_shown).collect();
    let plain = Cell::blank();
    let end = cells.iter().rposition(|cell| *cell != plain).map_or(0, |last| last + 1);
    cells.truncate(end);
    Row { cells, ..row }
}

fn cell_as_shown(cell: Cell) -> Cell {
    let text = if cell.text.as_str() == " " { ccc_vt::Text::BLANK } else { cell.text };
    let style = Style { link: None, ..terms::visible(cell.style) };
    Cell { text, style, ..cell }
}
