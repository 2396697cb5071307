//! What can lie above the panes: questions, prompts, lists, scroll mode. Owns their state; the
//! topmost layer gets the keys.

use ccc_client::proto::{ClientId, PaneId, SessionId, TabId};

use super::{Line, Scroll};
use crate::keymap::Action;

/// One thing above the panes.
#[derive(Debug)]
pub(crate) enum Layer {
    Scroll(Box<Scroll>),
    /// The numbers of the panes.
    Numbers,
    Confirm(Confirm),
    Prompt(Prompt),
    List(List),
}

/// A question with yes and no.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Confirm {
    ClosePane(PaneId),
    CloseTab(TabId),
}

/// A line to be typed.
#[derive(Clone, Debug)]
pub(crate) struct Prompt {
    pub(crate) label: &'static str,
    pub(crate) line: Line,
    pub(crate) what_for: PromptFor,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PromptFor {
    RenameTab(TabId),
    RenameSession(SessionId),
    /// In scroll mode, which lies below.
    Search {
        forward: bool,
    },
}

/// What an entry of a list stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Choice {
    Session(SessionId),
    Tab(TabId),
    Client(ClientId),
    Action(Action),
}

/// One entry of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    /// Columns, the first of which is filtered by too.
    pub(crate) columns: Vec<String>,
    pub(crate) choice: Choice,
}

/// A list that narrows while one types.
#[derive(Clone, Debug)]
pub(crate) struct List {
    pub(crate) title: &'static str,
    pub(crate) filter: Line,
    entries: Vec<Entry>,
    /// Index among the entries that match.
    pub(crate) selected: usize,
}

impl List {
    pub(crate) fn new(title: &'static str, entries: Vec<Entry>, selected: usize) -> Self {
        Self { title, filter: Line::default(), entries, selected }
    }

    /// The entries in which all words of the filter occur.
    pub(crate) fn matching(&self) -> Vec<&Entry> {
        let filter = self.filter.text().to_lowercase();
        let words: Vec<&str> = filter.split_whitespace().collect();
        let matches = |entry: &&Entry| {
            let text = entry.columns.join(" ").to_lowercase();
            words.iter().all(|word| text.contains(word))
        };
        self.entries.iter().filter(matches).collect()
    }

    pub(crate) fn chosen(&self) -> Option<Choice> {
        self.matching().get(self.selected).map(|entry| entry.choice.clone())
    }

    /// Narrows the list by more text.
    pub(crate) fn filter(&mut self, text: &str) {
        self.filter.insert(text);
        self.selected = 0;
    }

    /// Moves the selection or edits the filter.
    pub(crate) fn act(&mut self, action: Action) {
        let count = self.matching().len();
        let last = count.saturating_sub(1);
        match action {
            Action::ListUp => self.selected = self.selected.checked_sub(1).unwrap_or(last),
            Action::ListDown => {
                self.selected = if self.selected >= last { 0 } else { self.selected + 1 };
            }
            Action::PageUp => self.selected = self.selected.saturating_sub(10),
            Action::PageDown => self.selected = (self.selected + 10).min(last),
            action => {
                if self.filter.edit(action) {
                    self.selected = 0;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(names: &[&str]) -> List {
        let entry = |name: &&str| Entry {
            columns: vec![(*name).to_owned()],
            choice: Choice::Session(SessionId(name.len() as u64)),
        };
        List::new("sessions", names.iter().map(entry).collect(), 0)
    }

    #[test]
    fn typing_narrows_and_the_selection_goes_around() {
        let mut list = list(&["work", "website", "a b c d e"]);
        list.act(Action::ListUp);
        assert_eq!(list.chosen(), Some(Choice::Session(SessionId(9))));
        list.filter("We");
        assert_eq!(list.matching().len(), 1);
        assert_eq!(list.chosen(), Some(Choice::Session(SessionId(7))));
        list.filter("zzz");
        assert_eq!(list.chosen(), None);
        list.act(Action::ListDown);
        assert_eq!(list.chosen(), None);
    }
}
