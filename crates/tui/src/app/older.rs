//! Commands behind those that came with the history: looked for as somebody types, when what is there runs out.
//! Owns the question that is under way and which entries are its answers; the looking is the server's.

use ccc_client::proto::{CommandMatching, CommandsFound, CommandsSearch, Message, SearchEnd};

use super::actions::request;
use super::{App, Effect, Layer, List, Matching, Purpose};

/// Commands that are asked for: more than anybody walks through, in two megabytes or so.
const COUNT: u32 = 2_000;
/// Entries below the chosen one with which nobody needs more.
const ENOUGH: usize = 100;

/// What is known of commands behind those that came.
#[derive(Clone, Debug)]
pub(crate) struct Older {
    /// Where those that came end, as the server said.
    after: Vec<u8>,
    /// How many entries they are: those behind them in the list are answers.
    pub(super) came: usize,
    /// The question of last, if what is typed now wants one.
    question: Option<(String, Matching)>,
    /// Its number: answers to others are late.
    asked: u64,
    /// Nothing of its answer is there yet, and the entries are those of the question before.
    stale: bool,
    pub(crate) state: OlderState,
}

/// How far the question is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum OlderState {
    /// Nothing is asked.
    Idle,
    Looking,
    Done(SearchEnd),
    /// The pattern is none, or the server cannot be asked.
    Failed(String),
}

impl Older {
    pub(super) fn new(after: Vec<u8>, came: usize) -> Self {
        Self { after, came, question: None, asked: 0, stale: false, state: OlderState::Idle }
    }

    /// Whether what was asked last tells of this as well.
    fn covers(&self, text: &str, by: Matching) -> bool {
        let Some((asked, asked_by)) = &self.question else { return false };
        // More letters leave a part of what was found, and all of that is here.
        let narrows = by != Matching::Regex && text.starts_with(asked.as_str());
        let all = self.state == OlderState::Done(SearchEnd::ALL);
        *asked_by == by && (asked == text || (all && narrows))
    }
}

impl App {
    /// Asks for older commands if what is typed finds too few among those that are here.
    pub(super) fn want_older(&mut self, effects: &mut Vec<Effect>) {
        let Some(Layer::List(list)) = self.layers.last_mut() else { return };
        let enough = list.matching().len() >= list.selected + ENOUGH;
        let (text, by) = (list.filter.text().to_owned(), list.by);
        let Some(older) = &mut list.older else { return };
        if older.covers(&text, by) {
            return;
        }
        let looked = older.state == OlderState::Looking;
        if text.trim().is_empty() || enough {
            older.question = None;
            older.state = OlderState::Idle;
            if looked {
                effects.push(Effect::StopFinding);
            }
            if text.trim().is_empty() {
                let came = older.came;
                list.put_behind(came, Vec::new());
            }
            return;
        }
        self.asked_finds += 1;
        older.asked = self.asked_finds;
        older.stale = true;
        older.state = OlderState::Looking;
        older.question = Some((text.clone(), by));
        let message = CommandsSearch {
            pattern: text,
            matching: match by {
                Matching::Loose => CommandMatching::LOOSE,
                Matching::Start => CommandMatching::START,
                Matching::Regex => CommandMatching::REGEX,
            },
            after: older.after.clone(),
            count: COUNT,
            ..CommandsSearch::default()
        };
        effects.push(request(message, Purpose::Older(older.asked)));
    }

    /// Some of the answer.
    pub(super) fn on_older(&mut self, asked: u64, message: Message) {
        let Message::CommandsFound(CommandsFound { commands, end, .. }) = message else { return };
        let entries: Vec<_> =
            commands.into_iter().map(|command| self.history_entry(command)).collect();
        let Some(list) = self.asking(asked) else { return };
        let Some(older) = &mut list.older else { return };
        if end != SearchEnd::NONE {
            older.state = OlderState::Done(end);
        }
        // Those of the question before are seen until there is something in their place.
        let begins = older.stale && (end != SearchEnd::NONE || !entries.is_empty());
        older.stale &= !begins;
        let kept = if begins { older.came } else { usize::MAX };
        // Who has not walked away from the best one means the best one.
        let best = list.selected == 0;
        list.put_behind(kept, entries);
        if best {
            list.selected = 0;
        }
    }

    /// No more will come.
    pub(super) fn older_failed(&mut self, asked: u64, why: String) {
        if let Some(older) = self.asking(asked).and_then(|list| list.older.as_mut()) {
            older.state = OlderState::Failed(why);
        }
    }

    /// The list that asked this, wherever it lies.
    fn asking(&mut self, asked: u64) -> Option<&mut List> {
        self.layers.iter_mut().find_map(|layer| match layer {
            Layer::List(list) if list.older.as_ref().is_some_and(|o| o.asked == asked) => {
                Some(list)
            }
            _ => None,
        })
    }

    /// Whether the server looks for commands that somebody here waits for.
    pub(super) fn looks_for_older(&self) -> bool {
        self.layers.iter().any(|layer| match layer {
            Layer::List(list) => {
                list.older.as_ref().is_some_and(|older| older.state == OlderState::Looking)
            }
            _ => false,
        })
    }

    /// Whether a list is there that may ask for them.
    pub(super) fn lists_history(&self) -> bool {
        let history = |layer: &Layer| matches!(layer, Layer::List(list) if list.older.is_some());
        self.layers.iter().any(history)
    }
}
