//! The commands of all sessions in a list: found by what is typed, pasted, run again, gone to. Owns what
//! stands in the list and what is done with a command; what ran is the server's to know.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use ccc_client::Offset;
use ccc_client::proto::{
    CommandEnded, CommandState, CommandsPage, CommandsRequest, Direction, EventKind, Ext,
    PaneEvent, PaneId, Split, StretchForgotten, WireCommand, WireModes,
};

use super::{App, Choice, Confirm, Effect, Entry, Layer, List, ListKind, Mirrors, Older, Purpose};
use crate::keymap::Action;
use crate::replay::Start;

/// Commands that are asked for at first: weeks of a busy person, in a page of a megabyte.
const COMMANDS: u32 = 5_000;
/// The column that is matched.
pub(crate) const TEXT: usize = 4;
/// Columns of the other texts, at most.
const PLACE: usize = 18;

/// A place in a recording that somebody is on the way to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Going {
    pane: PaneId,
    to: To,
}

/// Where in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum To {
    /// The byte of the mark before a command's output.
    Mark(u64),
    /// A line by its number.
    Line(u64),
}

/// Commands that a list shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Which {
    #[default]
    All,
    Failed,
}

impl App {
    pub(super) fn ask_history(&self, which: Which, effects: &mut Vec<Effect>) {
        let ended = match which {
            Which::All => CommandEnded::ANY,
            Which::Failed => CommandEnded::FAILED,
        };
        let message = CommandsRequest { count: COMMANDS, ended, ..CommandsRequest::default() };
        effects.push(super::actions::request(message, Purpose::Commands(which)));
    }

    /// The commands came: each text of a directory once, where it ran last. What is typed stays, if they take the
    /// place of others.
    pub(super) fn show_history(&mut self, which: Which, page: CommandsPage) {
        if page.commands.is_empty() {
            self.note_key(match which {
                Which::All => "history-empty",
                Which::Failed => "history-none-failed",
            });
            return;
        }
        let mut seen = HashSet::new();
        let first = page
            .commands
            .into_iter()
            .filter(|command| seen.insert((command.text.clone(), command.cwd.clone())));
        let entries: Vec<_> = first.map(|command| self.history_entry(command)).collect();
        let came = entries.len();
        let title = match which {
            Which::All => "title-history",
            Which::Failed => "title-history-failed",
        };
        let mut list = List::new(self.words.say(title), entries, 0);
        list.which = which;
        // The server looks through all that are older, however they ended.
        let more = which == Which::All && !page.next.is_empty();
        list.older = more.then(|| Box::new(Older::new(page.next, came)));
        list = list.named_by(TEXT).of_kind(ListKind::History);
        if let Some(Layer::List(before)) = self
            .layers
            .pop_if(|top| matches!(top, Layer::List(list) if list.kind == ListKind::History))
        {
            list = list.filtered_as(before);
        }
        self.layers.push(Layer::List(list));
    }

    pub(super) fn history_entry(&self, command: WireCommand) -> Entry {
        let began = Some(command.started_unix_ms).filter(|ms| *ms != 0).map(Duration::from_millis);
        let age = began.map(|began| short(self.wall.saturating_sub(began)));
        let place = match command.is_imported() {
            true => self.words.with("history-imported", &[("source", &command.place)]),
            false => command.place.clone(),
        };
        let ended = match (command.state, command.status) {
            (CommandState::RUNNING, _) => self.words.say("history-runs").to_owned(),
            (CommandState::ENDED, 0) => String::new(),
            (CommandState::ENDED, status) => format!("✗{status}"),
            _ => "?".to_owned(),
        };
        let took = command.duration_ms.map(|ms| short(Duration::from_millis(ms)));
        let shown = command.text.replace('\n', "⏎").replace('\t', " ");
        Entry {
            columns: vec![
                age.unwrap_or_default(),
                took.unwrap_or_default(),
                ended,
                cut(&place),
                shown,
                command.cwd.clone(),
            ],
            choice: Choice::Ran(Box::new(command)),
            preview: None,
        }
    }

    /// A command ended out of sight: it failed, or somebody waits for it.
    pub(super) fn command_ended(&mut self, event: &PaneEvent, name: &str) {
        let data = String::from_utf8_lossy(&event.data);
        let (status, ms) = data.split_once(' ').unwrap_or((&data, ""));
        if status != "0" && status != "?" {
            self.failed.insert(event.pane);
        }
        if event.kind == EventKind::COMMAND_LONG {
            let took = short(Duration::from_millis(ms.parse().unwrap_or(0)));
            let key = if status == "0" { "command-done" } else { "command-ended" };
            let values: [(&str, &dyn std::fmt::Display); 3] =
                [("command", &event.title), ("status", &status), ("took", &took)];
            let text = self.words.with(key, &values);
            self.wants_you.insert(event.pane);
            self.keep_said(event.session, name, event.pane, &text);
        }
    }

    /// What a key does in the list of commands, beyond what it does in every list. Whether it was one.
    pub(super) fn act_in_history(
        &mut self,
        action: Action,
        now: Instant,
        effects: &mut Vec<Effect>,
    ) -> bool {
        let Some(Layer::List(list)) = self.layers.last_mut() else { return false };
        if list.kind != ListKind::History {
            return false;
        }
        match action {
            Action::MatchMode => {
                list.next_match();
                self.list_changed(effects);
                return true;
            }
            Action::OnlyFailed => {
                let which = match list.which {
                    Which::All => Which::Failed,
                    Which::Failed => Which::All,
                };
                self.ask_history(which, effects);
                return true;
            }
            Action::RunAgain | Action::GoToCommand | Action::ForgetCommand => {}
            _ => return false,
        }
        let Some(Choice::Ran(command)) = list.chosen() else { return true };
        if action == Action::ForgetCommand {
            if command.is_imported() {
                self.note_key("forget-imported");
            } else {
                self.layers.push(Layer::Confirm(Confirm::ForgetRun(command)));
            }
            return true;
        }
        self.layers.pop();
        if action == Action::RunAgain {
            self.run_again(&command, now, effects);
        } else {
            self.go_to_command(&command, effects);
        }
        true
    }

    /// Puts the text where the person types, and leaves Enter to them. A text may have come from any
    /// program: several lines go only to one that takes a paste as a paste, as others would run each.
    pub(super) fn paste_command(
        &mut self,
        command: &WireCommand,
        mirrors: &impl Mirrors,
        effects: &mut Vec<Effect>,
    ) {
        let text = command.text.trim_end();
        let modes = mirrors.mirror(self.pane).map(|mirror| mirror.modes()).unwrap_or_default();
        if text.contains(['\n', '\r']) && modes.0 & WireModes::BRACKETED_PASTE == 0 {
            self.note_key("history-lines");
            return;
        }
        for event in super::actions::paste_pieces(text) {
            self.type_in(vec![event], effects);
        }
    }

    /// How much is to go was typed: minutes, or nothing for the last command.
    pub(super) fn forget_typed(&mut self, pane: PaneId, typed: &str) {
        let typed = typed.trim();
        let minutes = typed.strip_suffix('m').unwrap_or(typed).parse::<u32>();
        let last = match (typed, minutes) {
            ("", _) => None,
            (_, Ok(minutes)) => Some(u64::from(minutes) * 60_000),
            (typed, Err(_)) => return self.note_with("forget-no-minutes", &[("typed", &typed)]),
        };
        self.layers.push(Layer::Confirm(Confirm::Forget { pane, last }));
    }

    /// Commands of a stretch that is gone are in no list any more.
    pub(super) fn drop_forgotten(&mut self, gone: &StretchForgotten) {
        let stretch = gone.from..=gone.to;
        for layer in &mut self.layers {
            if let Layer::List(list) = layer
                && list.kind == ListKind::History
            {
                list.take_out(|entry| match &entry.choice {
                    Choice::Ran(ran) => ran.ulid == gone.ulid && stretch.contains(&ran.mark),
                    _ => false,
                });
            }
        }
    }

    fn run_again(&mut self, command: &WireCommand, now: Instant, effects: &mut Vec<Effect>) {
        let shell = match self.spawn.shell.as_slice() {
            [] => b"/bin/sh".to_vec(),
            shell => shell.to_vec(),
        };
        // An interactive shell has the aliases that the command was typed with.
        let argv = vec![shell, b"-ic".to_vec(), command.text.clone().into_bytes()];
        let cwd = command.cwd.starts_with('/').then(|| command.cwd.clone().into_bytes());
        let split = Split {
            target: self.pane.to_string(),
            direction: Direction::DOWN,
            cells: 0,
            percent: 0,
            background: false,
            revision: 0,
            spawn: ccc_client::proto::Spawn { argv, cwd, ..self.spawn_here() },
            ext: Ext::none(),
        };
        self.ask_and_go(split, now, effects);
    }

    fn go_to_command(&mut self, command: &WireCommand, effects: &mut Vec<Effect>) {
        if command.is_imported() {
            self.note_key("history-not-here");
            return;
        }
        let Some(pane) = command.pane else {
            // What it printed is still there.
            let start = Start::Byte(Offset(command.mark));
            return self.ask_replay(command.ulid.clone(), start, effects);
        };
        self.go_back_in(pane, To::Mark(command.mark), effects);
    }

    /// Goes to a pane, and looks back in it when it is there.
    pub(super) fn go_back_in(&mut self, pane: PaneId, to: To, effects: &mut Vec<Effect>) {
        self.going_to = Some(Going { pane, to });
        let here = self.layout.as_ref().and_then(|layout| {
            let holds = |tab: &&ccc_client::proto::WireTab| {
                super::leaves(tab).any(|leaf| leaf.pane == pane)
            };
            layout.tabs.iter().find(holds).map(|tab| tab.tab)
        });
        match here {
            Some(tab) => self.focus(tab, pane, effects),
            None => effects.push(Effect::Switch(pane.to_string())),
        }
    }

    /// Looks back in the pane that somebody is on the way to, as soon as it is there.
    pub(super) fn arrive(&mut self, mirrors: &impl Mirrors, effects: &mut Vec<Effect>) {
        let Some(going) = self.going_to else { return };
        if self.pane != going.pane || mirrors.mirror(going.pane).is_none() {
            return;
        }
        self.going_to = None;
        self.enter_scroll_at(going.pane, mirrors, effects);
        if let Some(Layer::Scroll(scroll)) = self.layers.last_mut() {
            match going.to {
                To::Mark(mark) => scroll.go_to_mark(mark),
                To::Line(line) => scroll.go_to_line(line),
            }
        }
    }
}

/// A span of time in its largest unit.
pub(crate) fn short(time: Duration) -> String {
    match time.as_secs() {
        0 => String::new(),
        seconds @ 1..60 => format!("{seconds}s"),
        seconds @ 60..3_600 => format!("{}m", seconds / 60),
        seconds @ 3_600..86_400 => format!("{}h", seconds / 3_600),
        seconds => format!("{}d", seconds / 86_400),
    }
}

fn cut(text: &str) -> String {
    if text.chars().count() <= PLACE {
        return text.to_owned();
    }
    text.chars().take(PLACE - 1).chain(['…']).collect()
}
