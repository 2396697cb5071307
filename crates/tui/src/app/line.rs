//! A line that is being typed in a prompt or a filter. Owns the text and the cursor; which keys edit
//! it is the keymap's affair.

use crate::keymap::Action;

/// The longest text that is taken, in bytes.
const LONGEST: usize = 4096;

/// Text with a cursor between characters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Line {
    text: String,
    /// A byte index on a character boundary.
    cursor: usize,
}

impl Line {
    pub(crate) fn new(text: &str) -> Self {
        Self { text: text.to_owned(), cursor: text.len() }
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// The text before the cursor.
    pub(crate) fn before(&self) -> &str {
        self.text.get(..self.cursor).unwrap_or_default()
    }

    /// Inserts text without its control characters.
    pub(crate) fn insert(&mut self, text: &str) {
        let clean: String = text.chars().filter(|c| !c.is_control()).collect();
        if self.text.len() + clean.len() <= LONGEST {
            self.text.insert_str(self.cursor, &clean);
            self.cursor += clean.len();
        }
    }

    /// Whether the action edits a line, and was done.
    pub(crate) fn edit(&mut self, action: Action) -> bool {
        match action {
            Action::CursorLeft => self.cursor -= self.char_before(),
            Action::CursorRight => self.cursor += self.char_after(),
            Action::LineStart => self.cursor = 0,
            Action::LineEnd => self.cursor = self.text.len(),
            Action::DeleteBackward => self.delete_to(self.cursor - self.char_before()),
            Action::DeleteForward => {
                let end = self.cursor + self.char_after();
                self.text.replace_range(self.cursor..end, "");
            }
            Action::DeleteWord => {
                let kept = self.before().trim_end();
                self.delete_to(kept.rfind(' ').map_or(0, |space| space + 1));
            }
            Action::DeleteLine => self.delete_to(0),
            _ => return false,
        }
        true
    }

    fn delete_to(&mut self, start: usize) {
        self.text.replace_range(start..self.cursor, "");
        self.cursor = start;
    }

    fn char_before(&self) -> usize {
        self.before().chars().next_back().map_or(0, char::len_utf8)
    }

    fn char_after(&self) -> usize {
        self.text.get(self.cursor..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, actions: &[Action], expected: &str, before: &str) {
        let mut line = Line::new(text);
        for action in actions {
            assert!(line.edit(*action));
        }
        assert_eq!((line.text(), line.before()), (expected, before));
    }

    #[test]
    fn editing_keeps_to_characters() {
        check("가나", &[Action::DeleteBackward], "가", "가");
        check("가나", &[Action::CursorLeft, Action::CursorLeft, Action::CursorLeft], "가나", "");
        check("가나", &[Action::LineStart, Action::DeleteForward], "나", "");
        check("one two ", &[Action::DeleteWord], "one ", "one ");
        check("one", &[Action::DeleteWord, Action::DeleteWord], "", "");
        check("abc", &[Action::CursorLeft, Action::DeleteLine], "c", "");
    }

    #[test]
    fn control_characters_do_not_get_in() {
        let mut line = Line::default();
        line.insert("a\u{1b}[31m\nb");
        assert_eq!(line.text(), "a[31mb");
    }
}
