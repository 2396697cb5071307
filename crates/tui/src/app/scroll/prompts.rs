//! What a shell has marked: prompts to go to, and the output of commands. Owns the way from marks to
//! rows; the marks are the server's.

use ccc_client::proto::{Ext, MarksRequest, WireMark, WireMarkKind};

use super::{Scroll, Selection, SelectionKind, Spot, Want};
use crate::app::{Effect, Purpose};
use crate::keymap::Action;

/// What is known of the marks of a pane.
#[derive(Debug, Default)]
pub(crate) struct Prompts {
    /// `None` until the server has answered.
    marks: Option<Vec<WireMark>>,
    /// What was asked for before they were known.
    waits: Option<Action>,
    /// The mark to go to when they are.
    goes_to: Option<u64>,
}

impl Scroll {
    /// The request for the marks of this pane.
    pub(in crate::app) fn ask_marks(&self) -> Effect {
        let message = MarksRequest { pane: self.pane, from: 0, ext: Ext::none() };
        let purpose = Purpose::Marks(self.pane);
        Effect::Request { message: Box::new(message.into()), purpose }
    }

    /// The marks came, or will not. What waits for them is to be done now.
    pub(in crate::app) fn on_marks(&mut self, marks: Vec<WireMark>) -> Option<Action> {
        self.prompts.marks = Some(marks);
        if let Some(mark) = self.prompts.goes_to.take() {
            self.go_to_mark(mark);
        }
        self.prompts.waits.take()
    }

    /// To the line of the mark at a byte of the recording, at the top of the screen.
    pub(in crate::app) fn go_to_mark(&mut self, offset: u64) {
        let Some(marks) = &self.prompts.marks else {
            self.prompts.goes_to = Some(offset);
            return;
        };
        // Its prompt is worth seeing as well.
        let line = match marks.iter().position(|mark| mark.offset == offset) {
            Some(at) => {
                let before = marks[..at].iter().rev().take_while(|m| m.kind != WireMarkKind::END);
                let prompt = before.filter(|mark| mark.kind == WireMarkKind::PROMPT).last();
                prompt.map_or(marks[at].line, |prompt| prompt.line)
            }
            None => return,
        };
        self.want(Want::Line(line));
    }

    /// To a line by its number, at the top of the screen.
    pub(in crate::app) fn go_to_line(&mut self, line: u64) {
        self.want(Want::Line(line));
    }

    /// Whether the marks are known; if not, the action waits for them.
    pub(super) fn knows_marks(&mut self, action: Action) -> bool {
        let known = self.prompts.marks.is_some();
        if !known {
            self.prompts.waits = Some(action);
        }
        known
    }

    /// To the prompt before the cursor or behind it, at the top of the screen.
    pub(in crate::app) fn go_prompt(&mut self, forward: bool) -> Result<(), &'static str> {
        let here = self.line_at(self.cursor.row);
        let marks = self.prompts.marks.as_deref().unwrap_or_default();
        let mut prompts = marks.iter().filter(|mark| mark.kind == WireMarkKind::PROMPT).peekable();
        if prompts.peek().is_none() {
            return Err("marks-none");
        }
        let lines = prompts.map(|mark| mark.line);
        let line = if forward {
            lines.filter(|line| *line > here).min()
        } else {
            lines.filter(|line| *line < here).max()
        };
        match line {
            Some(line) => {
                self.want(Want::Line(line));
                Ok(())
            }
            None if forward => Err("marks-no-later"),
            None => Err("marks-no-earlier"),
        }
    }

    /// Wants the output of the last command that began at the cursor or before it.
    pub(in crate::app) fn want_output(&mut self, edit: bool) -> Result<(), &'static str> {
        let here = self.line_at(self.cursor.row);
        let marks = self.prompts.marks.as_deref().unwrap_or_default();
        let starts = |mark: &WireMark| mark.kind == WireMarkKind::OUTPUT && mark.line <= here;
        let Some(start) = marks.iter().rposition(starts) else { return Err("marks-none") };
        let (start, rest) = (marks[start], &marks[start + 1..]);
        let end = rest.iter().find(|mark| mark.kind != WireMarkKind::OUTPUT).copied();
        self.want(Want::Output { start, end, edit });
        Ok(())
    }

    /// The text between two marks, or from one to the end.
    pub(super) fn text_between(&self, start: WireMark, end: Option<WireMark>) -> String {
        let from = self.spot_of(start.line, start.column);
        let last = self.last_row();
        let to = match end {
            None => Spot { row: last, col: u16::MAX },
            // It ended with a line feed, as most outputs do.
            Some(end) if end.column == 0 => match self.spot_of(end.line, 0).row.checked_sub(1) {
                Some(row) => Spot { row, col: u16::MAX },
                None => return String::new(),
            },
            Some(end) => self.spot_of(end.line, end.column - 1),
        };
        if to < from {
            return String::new();
        }
        let mut selection = Selection::new(SelectionKind::Characters, from);
        selection.drag(to);
        let text = selection.text(&self.rows);
        let text = text.trim_end_matches('\n');
        if text.is_empty() { String::new() } else { format!("{text}\n") }
    }

    /// The place of a column of a logical line that is here.
    fn spot_of(&self, line: u64, column: u32) -> Spot {
        let cols = u32::from(self.size.cols.max(1));
        let row = self.row_of(line) + usize::try_from(column / cols).unwrap_or(0);
        Spot { row, col: u16::try_from(column % cols).unwrap_or(0) }
    }
}
