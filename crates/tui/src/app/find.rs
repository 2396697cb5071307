//! Searching everything that panes printed: what is typed, what was found so far, and what is done with a
//! find. Owns the state of the view; the looking is the server's.

mod equal;

use std::collections::BTreeSet;

use ccc_client::Offset;
use ccc_client::proto::{Message, PaneId, SearchEnd, SearchFind, SearchProgress, SearchRequest};

pub(crate) use self::equal::FindEntry;
use super::actions::request;
use super::history::To;
use super::{App, Effect, Layer, Line, Purpose};
use crate::keymap::Action;
use crate::replay::Start;

/// Finds that are asked for: more than anybody walks through.
const FINDS: u32 = 500;
/// Lines around each.
const CONTEXT: u32 = 3;

/// A search under way or done.
#[derive(Debug)]
pub(crate) struct Finding {
    pub(crate) line: Line,
    pub(crate) regex: bool,
    /// The newest first.
    pub(crate) finds: Vec<SearchFind>,
    /// By its index in [`Finding::entries`].
    pub(crate) selected: usize,
    /// The first finds, by their indexes, of those that are equal and all listed.
    unfolded: BTreeSet<usize>,
    /// The entry that stood at the top when somebody pointed last.
    pub(crate) top: usize,
    pub(crate) state: FindState,
    /// Of the question that was asked last: answers to others are late.
    asked: u64,
}

/// How far it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum FindState {
    /// Nothing was typed.
    Idle,
    Looking {
        pieces: u64,
        of: u64,
    },
    Done(SearchEnd),
    /// The pattern is none, or the server cannot be asked.
    Failed(String),
}

impl App {
    pub(super) fn show_find(&mut self) {
        self.layers.push(Layer::Find(Box::new(Finding {
            line: Line::default(),
            regex: false,
            finds: Vec::new(),
            selected: 0,
            unfolded: BTreeSet::new(),
            top: 0,
            state: FindState::Idle,
            asked: self.asked_finds,
        })));
    }

    /// Text was typed or pasted.
    pub(super) fn find_typed(&mut self, text: &str, effects: &mut Vec<Effect>) {
        if let Some(Layer::Find(finding)) = self.layers.last_mut() {
            finding.line.insert(text);
            self.ask_find(effects);
        }
    }

    /// Asks for what is typed now; the question before is given up.
    fn ask_find(&mut self, effects: &mut Vec<Effect>) {
        let Some(Layer::Find(finding)) = self.layers.last_mut() else { return };
        self.asked_finds += 1;
        finding.asked = self.asked_finds;
        finding.selected = 0;
        finding.top = 0;
        finding.finds.clear();
        finding.unfolded.clear();
        if finding.line.text().is_empty() {
            finding.state = FindState::Idle;
            effects.push(Effect::StopFinding);
            return;
        }
        finding.state = FindState::Looking { pieces: 0, of: 0 };
        let message = SearchRequest {
            pattern: finding.line.text().to_owned(),
            regex: finding.regex,
            context: CONTEXT,
            count: FINDS,
            ..SearchRequest::default()
        };
        effects.push(request(message, Purpose::Find(finding.asked)));
    }

    fn finding(&mut self, asked: u64) -> Option<&mut Finding> {
        self.layers.iter_mut().find_map(|layer| match layer {
            Layer::Find(finding) if finding.asked == asked => Some(finding.as_mut()),
            _ => None,
        })
    }

    /// A part of an answer.
    pub(super) fn on_find(&mut self, asked: u64, message: Message) {
        let redactor = self.settings.redactor.clone();
        let Some(finding) = self.finding(asked) else { return };
        match message {
            Message::SearchFound(mut found) => {
                for find in &mut found.finds {
                    redactor.find(find);
                }
                finding.extend(found.finds);
            }
            Message::SearchProgress(SearchProgress { done: true, end, .. }) => {
                finding.state = FindState::Done(end);
            }
            Message::SearchProgress(SearchProgress { pieces, of, .. }) => {
                finding.state = FindState::Looking { pieces, of };
            }
            _ => {}
        }
    }

    /// No more will come.
    pub(super) fn find_failed(&mut self, asked: u64, why: String) {
        if let Some(finding) = self.finding(asked) {
            finding.state = FindState::Failed(why);
        }
    }

    /// What a key does in the view. Whether it was one.
    pub(super) fn act_in_find(&mut self, action: Action, effects: &mut Vec<Effect>) -> bool {
        let Some(Layer::Find(finding)) = self.layers.last_mut() else { return false };
        let last = finding.entries().len().saturating_sub(1);
        match action {
            Action::Cancel => {
                self.layers.pop();
                effects.push(Effect::StopFinding);
            }
            Action::ListUp => finding.selected = finding.selected.saturating_sub(1),
            Action::ListDown => finding.selected = (finding.selected + 1).min(last),
            Action::PageUp => finding.selected = finding.selected.saturating_sub(10),
            Action::PageDown => finding.selected = (finding.selected + 10).min(last),
            Action::Complete => finding.unfold(),
            Action::MatchMode => {
                finding.regex = !finding.regex;
                self.ask_find(effects);
            }
            Action::Accept => self.replay_find(effects),
            Action::GoToCommand => self.go_to_find(effects),
            action => {
                let before = finding.line.text().to_owned();
                if finding.line.edit(action) && finding.line.text() != before {
                    self.ask_find(effects);
                }
            }
        }
        true
    }

    /// Opens the recording at the moment of the chosen find, above the view.
    fn replay_find(&mut self, effects: &mut Vec<Effect>) {
        let Some(Layer::Find(finding)) = self.layers.last() else { return };
        let Some(find) = finding.chosen() else { return };
        self.ask_replay(find.ulid.clone(), Start::Byte(Offset(find.offset)), effects);
    }

    /// Looks back in the pane as it is now, at the line.
    fn go_to_find(&mut self, effects: &mut Vec<Effect>) {
        let Some(Layer::Find(finding)) = self.layers.last() else { return };
        let Some(find) = finding.chosen() else { return };
        let place: Option<(PaneId, u64)> = find.pane.filter(|_| find.lives).zip(find.line);
        let Some((pane, line)) = place else {
            self.note_key("find-not-there");
            return;
        };
        self.layers.pop();
        effects.push(Effect::StopFinding);
        self.go_back_in(pane, To::Line(line), effects);
    }
}
