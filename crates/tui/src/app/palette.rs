//! The palette: one list of every action, every place, and every command that is typed out. Owns what
//! stands in it; how commands are written is in `palette/command`.

mod command;
mod run;

use ccc_client::proto::{ListSessions, SessionInfo};

pub(crate) use self::command::Command;
use super::{App, Choice, Effect, Entry, Layer, List, ListKind, Purpose};
use crate::keymap::{Action, Group};

impl App {
    pub(super) fn show_palette(&mut self, effects: &mut Vec<Effect>) {
        let mut entries: Vec<Entry> = Vec::new();
        for group in Group::ALL {
            let actions = Action::all().filter(|action| {
                action.group() == group && action.is_available() && self.has_sense(*action)
            });
            entries.extend(actions.map(|action| Entry {
                columns: vec![
                    action.name().to_owned(),
                    self.words.doc(action).to_owned(),
                    self.keymap.keys_of(action).first().cloned().unwrap_or_default(),
                ],
                choice: Choice::Action(action),
                preview: None,
            }));
        }
        for tab in self.layout.iter().flat_map(|layout| &layout.tabs) {
            entries.push(Entry {
                columns: vec![
                    format!("{}:{}", tab.number, tab.name),
                    self.words.say("palette-tab").to_owned(),
                ],
                choice: Choice::Tab(tab.tab),
                preview: None,
            });
        }
        let title = self.words.say("title-palette");
        let list = List::new(title, entries, 0).of_kind(ListKind::Palette);
        self.layers.push(Layer::List(list));
        effects.push(super::actions::request(ListSessions::default(), Purpose::PaletteSessions));
    }

    /// Whether an action does anything where a pane is in front of the person: what belongs to a
    /// layer does not. Tabs are entries of their own.
    fn has_sense(&self, action: Action) -> bool {
        !matches!(action, Action::SelectTab(_)) && !self.keymap.keys_of(action).is_empty()
    }

    /// The sessions, which the palette learns a moment later.
    pub(super) fn add_to_palette(&mut self, sessions: &[SessionInfo]) {
        let current = self.attached.as_ref().map(|attached| attached.session);
        let words = self.words;
        let Some(Layer::List(list)) = self.layers.last_mut() else { return };
        if list.kind != ListKind::Palette {
            return;
        }
        let others = sessions.iter().filter(|info| Some(info.session) != current);
        list.add(others.map(|info| Entry {
            columns: vec![info.name.clone(), words.say("palette-session").to_owned()],
            choice: Choice::Session(info.session),
            preview: None,
        }));
    }

    /// What was typed may be a command.
    pub(super) fn palette_typed(&mut self) {
        let words = self.words;
        let Some(Layer::List(list)) = self.layers.last_mut() else { return };
        if list.kind != ListKind::Palette {
            return;
        }
        let entry = command::read(list.filter.text()).map(|read| {
            let doc = match &read.command {
                Ok(_) => words.say(read.key).to_owned(),
                Err(usage) => words.with("palette-usage", &[("usage", usage)]),
            };
            Entry {
                columns: vec![list.filter.text().trim().to_owned(), doc],
                choice: Choice::Command(Box::new(read.command)),
                preview: None,
            }
        });
        list.put_first(entry);
    }
}
