//! What the actions of scroll mode do. Owns the movements.

use std::time::Instant;

use ccc_client::proto::{HistoryPage, PaneId};

use super::{Scroll, SelectionKind, Spot};
use crate::app::{App, Effect, Layer, Mirrors, Prompt, PromptFor};
use crate::keymap::Action;

impl App {
    /// The state of looking back in a pane, whatever lies above it.
    pub(in crate::app) fn scroll_of(&mut self, pane: PaneId) -> Option<&mut Scroll> {
        self.layers.iter_mut().find_map(|layer| match layer {
            Layer::Scroll(scroll) if scroll.pane() == pane => Some(scroll.as_mut()),
            _ => None,
        })
    }

    fn any_scroll(&mut self) -> Option<&mut Scroll> {
        self.layers.iter_mut().find_map(|layer| match layer {
            Layer::Scroll(scroll) => Some(scroll.as_mut()),
            _ => None,
        })
    }

    /// Does an action of scroll mode. Whether it was one.
    pub(in crate::app) fn act_in_scroll(
        &mut self,
        action: Action,
        _mirrors: &impl Mirrors,
        _now: Instant,
        effects: &mut Vec<Effect>,
    ) -> bool {
        let Some(Layer::Scroll(scroll)) = self.layers.last_mut() else { return false };
        match action {
            Action::Cancel if scroll.selection().is_some() => scroll.clear_selection(),
            Action::Cancel => drop(self.layers.pop()),
            Action::SearchForward => self.ask_search(true),
            Action::SearchBackward => self.ask_search(false),
            Action::Copy => {
                let text = scroll.selected_text().unwrap_or_default();
                self.layers.pop();
                self.copy(text, effects);
            }
            Action::CopyOutput | Action::EditOutput => {
                self.note_key("no-marks");
            }
            action => {
                if !scroll.go_by(action) {
                    return false;
                }
                let trouble = scroll.search().trouble();
                effects.extend(scroll.older_if_needed());
                if let Some(trouble) = trouble {
                    self.note_key(trouble);
                }
            }
        }
        true
    }

    pub(in crate::app) fn copy(&mut self, text: String, effects: &mut Vec<Effect>) {
        if text.is_empty() {
            return;
        }
        let count = text.chars().count();
        self.note_with("copied", &[("count", &count)]);
        self.copied.clone_from(&text);
        effects.push(Effect::Copy(text));
    }

    pub(in crate::app) fn search_as_typed(
        &mut self,
        _mirrors: &impl Mirrors,
        _now: Instant,
        effects: &mut Vec<Effect>,
    ) {
        let Some(Layer::Prompt(Prompt { line, what_for: PromptFor::Search { forward }, .. })) =
            self.layers.last()
        else {
            return;
        };
        let (pattern, forward) = (line.text().to_owned(), *forward);
        if let Some(scroll) = self.any_scroll() {
            scroll.search_typed(&pattern, forward);
            effects.extend(scroll.older_if_needed());
        }
    }

    pub(in crate::app) fn search_done(&mut self) {
        if let Some(scroll) = self.any_scroll() {
            scroll.search_done();
        }
    }

    pub(in crate::app) fn search_cancelled(&mut self) {
        if let Some(scroll) = self.any_scroll() {
            scroll.search_cancelled();
        }
    }

    pub(in crate::app) fn on_history(
        &mut self,
        pane: PaneId,
        page: &HistoryPage,
        _now: Instant,
        effects: &mut Vec<Effect>,
    ) {
        if let Some(scroll) = self.scroll_of(pane) {
            effects.extend(scroll.on_page(page));
        }
    }

    pub(in crate::app) fn history_failed(&mut self, pane: PaneId) {
        if let Some(scroll) = self.scroll_of(pane) {
            scroll.on_failure();
        }
    }
}

impl Scroll {
    /// Moves by an action. Whether it was a movement.
    fn go_by(&mut self, action: Action) -> bool {
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
                let text = self.row_text(row);
                let blanks = text.len() - text.trim_start().len();
                self.go(Spot { row, col: super::search::column_of(&text, blanks) });
            }
            Action::LineEnd => self.go(Spot { row, col: self.last_column(row) }),
            Action::ScreenTop => self.go(Spot { row: self.top, col }),
            Action::ScreenMiddle => self.go(Spot { row: self.top + page / 2, col }),
            Action::ScreenBottom => self.go(Spot { row: self.top + page, col }),
            Action::Top => {
                self.go(Spot::default());
                self.wants_top = self.oldest > self.first_kept;
            }
            Action::Bottom => self.go(Spot { row: self.last_row(), col: 0 }),
            Action::ScrollUp => self.scroll_by(-1),
            Action::ScrollDown => self.scroll_by(1),
            Action::HalfPageUp => self.jump(-signed(half)),
            Action::HalfPageDown => self.jump(signed(half)),
            Action::PageUp => self.jump(-signed(page)),
            Action::PageDown => self.jump(signed(page)),
            Action::NextWord => self.go_word(true, false),
            Action::EndOfWord => self.go_word(true, true),
            Action::PreviousWord => self.go_word(false, false),
            Action::NextMatch => self.search_next(true),
            Action::PreviousMatch => self.search_next(false),
            Action::Select => self.select(SelectionKind::Characters),
            Action::SelectLines => self.select(SelectionKind::Lines),
            Action::SelectBlock => self.select(SelectionKind::Block),
            Action::PreviousPrompt | Action::NextPrompt => return false,
            _ => return false,
        }
        true
    }

    /// Scrolls and takes the cursor along.
    fn jump(&mut self, rows: isize) {
        let spot = Spot {
            row: self.cursor.row.saturating_add_signed(rows).min(self.last_row()),
            col: self.cursor.col,
        };
        self.top = self.top.saturating_add_signed(rows).min(self.bottom_top());
        self.go(spot);
    }

    fn last_column(&self, row: usize) -> u16 {
        let text = self.row_text(row);
        super::search::column_of(&text, text.len()).saturating_sub(1)
    }

    /// To the start (or end) of the next word, or the start of the one before, across rows.
    fn go_word(&mut self, forward: bool, to_end: bool) {
        let Spot { row, col } = self.cursor;
        let spots = |row: usize| {
            let text = self.row_text(row);
            words(&text)
                .map(|(start, end)| if to_end { end } else { start })
                .map(|col| Spot { row, col })
                .collect::<Vec<_>>()
        };
        let beyond = |spot: &Spot| {
            if forward { *spot > (Spot { row, col }) } else { *spot < (Spot { row, col }) }
        };
        let found = if forward {
            (row..self.rows.len()).find_map(|row| spots(row).into_iter().find(|s| beyond(s)))
        } else {
            (0..=row).rev().find_map(|row| spots(row).into_iter().rev().find(|s| beyond(s)))
        };
        if let Some(spot) = found {
            self.go(spot);
        }
    }
}

/// First and last columns of the words of a row: runs of characters that are no blanks.
fn words(text: &str) -> impl Iterator<Item = (u16, u16)> {
    let mut words = Vec::new();
    let mut start = None;
    let mut col = 0_u16;
    for c in text.chars() {
        if c.is_whitespace() {
            if let Some(start) = start.take() {
                words.push((start, col.saturating_sub(1)));
            }
        } else {
            start.get_or_insert(col);
        }
        col = col.saturating_add(u16::from(ccc_vt::char_width(c)));
    }
    if let Some(start) = start {
        words.push((start, col.saturating_sub(1)));
    }
    words.into_iter()
}
