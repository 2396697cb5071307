//! A list that narrows while one types. Owns its entries, how they are held against what is typed, and which of them
//! is chosen.

use nucleo_matcher::pattern::{AtomKind, CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

use super::{Choice, Entry, Line, Older, Preview, Which};
use crate::keymap::Action;

/// What a list is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ListKind {
    /// To choose one thing.
    Plain,
    /// Actions, places, and command lines.
    Palette,
    /// Tabs and panes, with a picture of the chosen one.
    Tree,
    /// Sessions of all machines, with a picture of the chosen one.
    Sessions,
    /// Commands that ran.
    History,
}

/// How what is typed is held against names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Matching {
    /// The letters in their order.
    #[default]
    Loose,
    /// The name begins with it.
    Start,
    /// It is a regular expression.
    Regex,
}

/// A list that narrows while one types.
#[derive(Clone, Debug)]
pub(crate) struct List {
    pub(crate) title: String,
    pub(crate) kind: ListKind,
    pub(crate) filter: Line,
    entries: Vec<Entry>,
    pub(crate) by: Matching,
    /// Which column is matched loosely; the others have to contain the words.
    name: usize,
    /// What stands above all entries whatever they are.
    first: Option<Entry>,
    /// Indexes of the entries that match, the best first.
    order: Vec<usize>,
    /// Index among the entries that match.
    pub(crate) selected: usize,
    /// The entry that stood at the top when somebody pointed last; see [`first_shown`].
    pub(crate) top: usize,
    /// Of a history.
    pub(crate) which: Which,
    /// In a history of which not all came.
    pub(crate) older: Option<Box<Older>>,
}

impl List {
    pub(crate) fn new(title: &str, entries: Vec<Entry>, selected: usize) -> Self {
        let order = (0..entries.len()).collect();
        Self {
            title: title.to_owned(),
            kind: ListKind::Plain,
            filter: Line::default(),
            entries,
            by: Matching::default(),
            name: 0,
            first: None,
            order,
            selected,
            top: 0,
            which: Which::default(),
            older: None,
        }
    }

    /// The same with another column as its names.
    pub(crate) fn named_by(mut self, column: usize) -> Self {
        self.name = column;
        self
    }

    pub(crate) fn of_kind(mut self, kind: ListKind) -> Self {
        self.kind = kind;
        self
    }

    /// The entries that match, the best first: those whose name has the letters of the filter in
    /// their order, then those that have its words anywhere.
    pub(crate) fn matching(&self) -> Vec<&Entry> {
        let entries = self.order.iter().filter_map(|index| self.entries.get(*index));
        self.first.iter().chain(entries).collect()
    }

    pub(crate) fn chosen(&self) -> Option<Choice> {
        self.matching().get(self.selected).map(|entry| entry.choice.clone())
    }

    /// The pane whose picture stands for the chosen entry.
    pub(crate) fn preview(&self) -> Option<Preview> {
        self.matching().get(self.selected)?.preview.clone()
    }

    /// Whether a picture stands beside it.
    pub(crate) fn has_picture(&self) -> bool {
        matches!(self.kind, ListKind::Tree | ListKind::Sessions)
    }

    /// Takes other entries in place of those that are there. What was chosen stays so; if it is gone, or
    /// nobody has chosen yet, it is the one at `selected`.
    pub(crate) fn renew(&mut self, entries: Vec<Entry>, selected: usize, keep: bool) {
        let chosen = self.chosen().filter(|_| keep);
        self.entries = entries;
        self.sort();
        let at = self.matching().iter().position(|entry| Some(&entry.choice) == chosen.as_ref());
        let begins = self.filter.text().is_empty();
        self.selected = at.unwrap_or(if begins { selected } else { 0 });
    }

    /// Adds entries at the end.
    pub(crate) fn add(&mut self, entries: impl IntoIterator<Item = Entry>) {
        self.put_behind(usize::MAX, entries);
    }

    /// Puts entries in the place of all but the first so many.
    pub(crate) fn put_behind(&mut self, kept: usize, entries: impl IntoIterator<Item = Entry>) {
        let chosen = self.chosen();
        self.entries.truncate(kept);
        self.entries.extend(entries);
        self.sort();
        let at = self.matching().iter().position(|entry| Some(&entry.choice) == chosen.as_ref());
        self.selected = at.unwrap_or(0);
    }

    /// Takes out the entries that are as is said. What was chosen stays so; in the place of one that is gone comes the
    /// next.
    pub(crate) fn take_out(&mut self, goes: impl Fn(&Entry) -> bool) {
        let chosen = self.chosen();
        if let Some(older) = &mut self.older {
            older.came -= self.entries.iter().take(older.came).filter(|entry| goes(entry)).count();
        }
        self.entries.retain(|entry| !goes(entry));
        self.sort();
        let matching = self.matching();
        let at = matching.iter().position(|entry| Some(&entry.choice) == chosen.as_ref());
        self.selected = at.unwrap_or(self.selected).min(matching.len().saturating_sub(1));
    }

    /// Is filtered as another one was.
    pub(crate) fn filtered_as(mut self, other: Self) -> Self {
        (self.filter, self.by) = (other.filter, other.by);
        self.narrowed();
        self
    }

    /// Puts an entry above all others, or takes it away.
    pub(crate) fn put_first(&mut self, entry: Option<Entry>) {
        self.first = entry;
    }

    /// Narrows the list by more text.
    pub(crate) fn filter(&mut self, text: &str) {
        self.filter.insert(text);
        self.narrowed();
    }

    /// Goes on to the next way of matching.
    pub(crate) fn next_match(&mut self) {
        self.by = match self.by {
            Matching::Loose => Matching::Start,
            Matching::Start => Matching::Regex,
            Matching::Regex => Matching::Loose,
        };
        self.narrowed();
    }

    fn narrowed(&mut self) {
        self.selected = 0;
        self.top = 0;
        self.sort();
    }

    fn sort(&mut self) {
        let text = self.filter.text();
        if text.trim().is_empty() {
            self.order = (0..self.entries.len()).collect();
            return;
        }
        if self.by != Matching::Loose {
            let name = |index: &usize| {
                let entry = self.entries.get(*index);
                entry.and_then(|entry| entry.columns.get(self.name)).map_or("", String::as_str)
            };
            let all = 0..self.entries.len();
            self.order = match self.by {
                Matching::Start => all.filter(|at| name(at).starts_with(text)).collect(),
                // What is no expression yet matches nothing.
                _ => regex::Regex::new(text).map_or_else(
                    |_unfinished| Vec::new(),
                    |regex| all.filter(|at| regex.is_match(name(at))).collect(),
                ),
            };
            return;
        }
        let mut finder = Finder::new(text);
        let scores = self.entries.iter().enumerate().filter_map(|(index, entry)| {
            let name = entry.columns.get(self.name).map_or("", String::as_str);
            Some((finder.score(name, &entry.columns)?, index))
        });
        let mut scores: Vec<(u32, usize)> = scores.collect();
        scores.sort_by_key(|(score, index)| (std::cmp::Reverse(*score), *index));
        self.order = scores.into_iter().map(|(_, index)| index).collect();
    }

    /// Moves the selection or edits the filter.
    pub(crate) fn act(&mut self, action: Action) {
        let last = self.matching().len().saturating_sub(1);
        match action {
            Action::ListUp => self.selected = self.selected.checked_sub(1).unwrap_or(last),
            Action::ListDown => {
                self.selected = if self.selected >= last { 0 } else { self.selected + 1 };
            }
            Action::PageUp => self.selected = self.selected.saturating_sub(10),
            Action::PageDown => self.selected = (self.selected + 10).min(last),
            Action::Complete => {
                let name =
                    self.matching().get(self.selected).and_then(|e| e.columns.get(self.name));
                if let Some(name) = name.cloned() {
                    self.filter = Line::new(&name);
                    self.narrowed();
                }
            }
            action => {
                if self.filter.edit(action) {
                    self.narrowed();
                }
            }
        }
    }
}

/// The first of so many entries that is shown where there is room for `height` of them: the chosen one is to be
/// seen, and nothing moves without need.
pub(crate) fn first_shown(top: usize, selected: usize, height: usize, count: usize) -> usize {
    let height = height.max(1);
    let last = count.saturating_sub(height);
    top.min(last).clamp((selected + 1).saturating_sub(height), selected)
}

/// How well names fit what was typed.
struct Finder {
    pattern: Pattern,
    matcher: Matcher,
    words: Vec<String>,
    buffer: Vec<char>,
}

impl Finder {
    fn new(typed: &str) -> Self {
        Self {
            pattern: Pattern::new(
                typed,
                CaseMatching::Ignore,
                Normalization::Smart,
                AtomKind::Fuzzy,
            ),
            matcher: Matcher::new(Config::DEFAULT),
            words: typed.to_lowercase().split_whitespace().map(str::to_owned).collect(),
            buffer: Vec::new(),
        }
    }

    fn score(&mut self, name: &str, columns: &[String]) -> Option<u32> {
        let haystack = Utf32Str::new(name, &mut self.buffer);
        if let Some(score) = self.pattern.score(haystack, &mut self.matcher) {
            return Some(score.saturating_add(1));
        }
        let text = columns.join(" ").to_lowercase();
        self.words.iter().all(|word| text.contains(word)).then_some(0)
    }
}

#[cfg(test)]
mod tests {
    use ccc_client::proto::SessionId;

    use super::*;

    fn list(names: &[&str]) -> List {
        let entry = |name: &&str| Entry {
            columns: vec![(*name).to_owned()],
            choice: Choice::Session(SessionId(name.len() as u64)),
            preview: None,
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

    #[test]
    fn letters_in_order_find_a_name_and_words_find_the_rest() {
        let entry = |name: &str, doc: &str, id| Entry {
            columns: vec![name.to_owned(), doc.to_owned()],
            choice: Choice::Session(SessionId(id)),
            preview: None,
        };
        let entries = vec![
            entry("close-pane", "Close the pane, after asking", 1),
            entry("split-right", "Split the pane to the right", 2),
            entry("resize-right", "Move the border", 3),
        ];
        let mut list = List::new("palette", entries, 0);
        list.filter("spr");
        assert_eq!(list.chosen(), Some(Choice::Session(SessionId(2))));
        list.act(Action::DeleteLine);
        list.filter("border move");
        assert_eq!(list.chosen(), Some(Choice::Session(SessionId(3))));
        assert_eq!(list.matching().len(), 1);
        list.act(Action::Complete);
        assert_eq!(list.filter.text(), "resize-right");
        // What is added later does not move the choice.
        list.add([entry("resize", "", 4)]);
        assert_eq!(list.chosen(), Some(Choice::Session(SessionId(3))));
    }
}
