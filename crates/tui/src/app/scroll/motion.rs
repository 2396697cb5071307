//! Movements of the cursor as in vi: words, lines, screens, a character in the line, prompts. Owns what
//! a word is.

use super::text::LineText;
use super::{Scroll, SelectionKind, Spot, Want};
use crate::keymap::Action;

/// A search for one character in the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CharSearch {
    forward: bool,
    /// Stop beside it.
    till: bool,
}

/// What kinds of characters make up words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Class {
    Blank,
    Word,
    Other,
}

impl Class {
    /// With `big` words are all that is no blank.
    fn of(text: &str, big: bool) -> Self {
        match text.chars().next() {
            None => Self::Blank,
            Some(c) if c.is_whitespace() => Self::Blank,
            Some(c) if big || c.is_alphanumeric() || c == '_' => Self::Word,
            Some(_) => Self::Other,
        }
    }
}

/// What a double click takes beside letters and digits: what paths, addresses and options are made of.
const CLICKED: &str = "_-./~:@%+=?&#";

impl Scroll {
    /// Moves by an action. Whether it was a movement.
    pub(super) fn go_by(&mut self, action: Action) -> bool {
        let Spot { row, col } = self.cursor;
        let page = usize::from(self.size.rows.saturating_sub(1)).max(1);
        let half = page / 2 + 1;
        let signed = |rows: usize| isize::try_from(rows).unwrap_or(isize::MAX);
        match action {
            Action::CursorLeft => self.go(Spot { row, col: col.saturating_sub(1) }),
            Action::CursorRight => self.go(Spot { row, col: col.saturating_add(1) }),
            Action::CursorUp => self.go(Spot { row: row.saturating_sub(1), col }),
            Action::CursorDown => self.go(Spot { row: row + 1, col }),
            Action::LineStart => self.go(Spot { row, col: 0 }),
            Action::FirstCharacter => {
                let first = self.cells_of(row).find(|(text, _)| !text.trim().is_empty());
                let col = first.map_or(0, |(_, col)| col);
                self.go(Spot { row, col });
            }
            Action::LineEnd => self.go(Spot { row, col: self.last_column(row) }),
            Action::ScreenTop => self.go(Spot { row: self.top, col }),
            Action::ScreenMiddle => self.go(Spot { row: self.top + page / 2, col }),
            Action::ScreenBottom => self.go(Spot { row: self.top + page, col }),
            Action::Top => {
                self.want(Want::Line(0));
            }
            Action::Bottom => self.go_to_screen(),
            Action::ScrollUp => self.scroll_by(-1),
            Action::ScrollDown => self.scroll_by(1),
            Action::HalfPageUp => self.jump(-signed(half)),
            Action::HalfPageDown => self.jump(signed(half)),
            Action::PageUp => self.jump(-signed(page)),
            Action::PageDown => self.jump(signed(page)),
            Action::NextWord => self.go_word(true, false, false),
            Action::EndOfWord => self.go_word(true, true, false),
            Action::PreviousWord => self.go_word(false, false, false),
            Action::NextBigWord => self.go_word(true, false, true),
            Action::PreviousBigWord => self.go_word(false, false, true),
            Action::FindForward => self.await_char(true, false),
            Action::FindBackward => self.await_char(false, false),
            Action::TillForward => self.await_char(true, true),
            Action::TillBackward => self.await_char(false, true),
            Action::FindAgain => self.find_again(true),
            Action::FindAgainBack => self.find_again(false),
            Action::NextMatch => self.search_next(true),
            Action::PreviousMatch => self.search_next(false),
            Action::Select => self.select(SelectionKind::Characters),
            Action::SelectLines => self.select(SelectionKind::Lines),
            Action::SelectBlock => self.select(SelectionKind::Block),
            _ => return false,
        }
        true
    }

    /// Scrolls and takes the cursor along.
    pub(super) fn jump(&mut self, rows: isize) {
        let spot = Spot {
            row: self.cursor.row.saturating_add_signed(rows).min(self.last_row()),
            col: self.cursor.col,
        };
        self.top = self.top.saturating_add_signed(rows).min(self.bottom_top());
        self.go(spot);
    }

    /// The cells of a row with their columns.
    fn cells_of(&self, row: usize) -> impl Iterator<Item = (&str, u16)> {
        let mut col = 0_u16;
        self.rows.get(row).into_iter().flat_map(|row| &row.cells).map(move |cell| {
            let here = col;
            col = col.saturating_add(u16::from(cell.width.max(1)));
            (cell.text.as_str(), here)
        })
    }

    fn last_column(&self, row: usize) -> u16 {
        let last = self.cells_of(row).filter(|(text, _)| !text.trim().is_empty()).last();
        last.map_or(0, |(_, col)| col)
    }

    /// To the start (or end) of the next word, or the start of the one before, across rows.
    fn go_word(&mut self, forward: bool, to_end: bool, big: bool) {
        let here = self.cursor;
        let spots = |row: usize| {
            let words = words(self.cells_of(row), big).into_iter();
            words
                .map(|(start, end)| Spot { row, col: if to_end { end } else { start } })
                .collect::<Vec<_>>()
        };
        let found = if forward {
            (here.row..self.rows.len())
                .find_map(|row| spots(row).into_iter().find(|spot| *spot > here))
        } else {
            (0..=here.row)
                .rev()
                .find_map(|row| spots(row).into_iter().rev().find(|spot| *spot < here))
        };
        if let Some(spot) = found {
            self.go(spot);
        }
    }

    fn await_char(&mut self, forward: bool, till: bool) {
        self.awaits = Some(CharSearch { forward, till });
    }

    /// Whether the next character is one to go to.
    pub(in crate::app) const fn awaits_char(&self) -> bool {
        self.awaits.is_some()
    }

    /// The character that was awaited; none gives it up.
    pub(in crate::app) fn char_typed(&mut self, text: Option<&str>) {
        let Some(search) = self.awaits.take() else { return };
        if let Some(text) = text {
            self.char_search = Some((search, text.to_owned()));
            self.find_char(search, text);
        }
    }

    fn find_again(&mut self, same_way: bool) {
        if let Some((search, text)) = self.char_search.clone() {
            let forward = search.forward == same_way;
            self.find_char(CharSearch { forward, ..search }, &text);
        }
    }

    fn find_char(&mut self, search: CharSearch, wanted: &str) {
        let col = self.cursor.col;
        let cells: Vec<(String, u16)> =
            self.cells_of(self.cursor.row).map(|(text, col)| (text.to_owned(), col)).collect();
        // One that the cursor already stands beside is passed over, or it would never get on.
        let beside = |at: u16| search.till && at.abs_diff(col) <= 1;
        let hits = |(text, at): &&(String, u16)| text == wanted && !beside(*at);
        let found = if search.forward {
            cells.iter().filter(|(_, at)| *at > col).find(hits)
        } else {
            cells.iter().rev().filter(|(_, at)| *at < col).find(hits)
        };
        let Some((_, found)) = found else { return };
        let col = match (search.till, search.forward) {
            (false, _) => *found,
            (true, true) => found.saturating_sub(1),
            (true, false) => found.saturating_add(1),
        };
        self.go(Spot { col, ..self.cursor });
    }

    /// Selects the word under the cursor, as a double click takes it.
    pub(in crate::app) fn select_word(&mut self) {
        let here = self.cursor;
        let (line, _) = self.line_text(self.line_start(here.row));
        let Some((from, to)) = clicked(&line, here) else { return };
        self.select_span(SelectionKind::Characters, from, to);
    }

    /// Selects the logical line under the cursor.
    pub(in crate::app) fn select_line(&mut self) {
        let first = self.line_start(self.cursor.row);
        let (_, next) = self.line_text(first);
        let last = next.saturating_sub(1);
        let (from, to) = (Spot { row: first, col: 0 }, Spot { row: last, col: 0 });
        self.select_span(SelectionKind::Lines, from, to);
    }
}

/// First and last columns of the words of a row.
fn words<'a>(cells: impl Iterator<Item = (&'a str, u16)>, big: bool) -> Vec<(u16, u16)> {
    let mut words: Vec<(u16, u16)> = Vec::new();
    let mut before = Class::Blank;
    for (text, col) in cells {
        let class = Class::of(text, big);
        if class != Class::Blank {
            match words.last_mut() {
                Some((_, end)) if class == before => *end = col,
                _ => words.push((col, col)),
            }
        }
        before = class;
    }
    words
}

/// The run of characters around a place that belong together.
fn clicked(line: &LineText, here: Spot) -> Option<(Spot, Spot)> {
    let belongs = |text: &str| {
        text.chars().next().is_some_and(|c| c.is_alphanumeric() || CLICKED.contains(c))
    };
    let cells: Vec<(usize, &str, Spot)> = line.cells().collect();
    let at = cells.iter().rposition(|(_, _, spot)| *spot <= here)?;
    if !belongs(cells.get(at)?.1) {
        return None;
    }
    let start = cells.iter().take(at).rposition(|(_, text, _)| !belongs(text));
    let end = cells.iter().skip(at).position(|(_, text, _)| !belongs(text));
    let first = cells.get(start.map_or(0, |start| start + 1))?;
    let last = cells.get(end.map_or(cells.len(), |end| at + end).checked_sub(1)?)?;
    Some((first.2, last.2))
}
