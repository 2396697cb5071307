//! Trees of sessions and tabs with a picture of what is chosen. Owns their entries, the badges, and
//! when a picture is asked for.

use std::collections::HashMap;

use ccc_client::proto::{
    Capture, Ext, PaneId, PaneInfo, PaneState, SessionInfo, SessionState, TextPage, WirePane,
    WireSize,
};
use ccc_vt::{Limits, Row, Screen, Size};

use super::inbox::Item;
use super::{App, Choice, Effect, Entry, Found, Layer, List, ListKind, Machine, Purpose};

/// The largest picture that is kept, in cells of one side: what is larger is cut.
const SIDE: u16 = 512;

/// The pictures of panes that are not looked at.
#[derive(Debug, Default)]
pub(crate) struct Previews {
    /// `None` while it is asked for.
    rows: HashMap<(Machine, PaneId), Option<Vec<Row>>>,
}

impl Previews {
    pub(crate) fn rows(&self, preview: &Preview) -> Option<&[Row]> {
        self.rows.get(&(preview.machine.clone(), preview.pane))?.as_deref()
    }
}

/// The pane whose picture stands for an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Preview {
    pub(crate) machine: Machine,
    pub(crate) pane: PaneId,
    pub(crate) size: WireSize,
}

impl App {
    /// All sessions with their tabs, as far as they are known by now.
    pub(super) fn show_sessions(&mut self, effects: &mut Vec<Effect>) {
        let (entries, selected) = self.session_entries();
        self.show_tree(ListKind::Sessions, "title-sessions", entries, selected, effects);
    }

    /// More is known of them.
    pub(super) fn renew_sessions(&mut self, effects: &mut Vec<Effect>) {
        let (entries, selected) = self.session_entries();
        let unknown =
            |choice: &Choice| matches!(choice, Choice::There { target, .. } if target.is_empty());
        let Some(Layer::List(list)) = self.layers.last_mut() else { return };
        let keep = list.chosen().is_some_and(|choice| !unknown(&choice));
        list.renew(entries, selected, keep);
        self.want_preview(effects);
    }

    /// The entries, and which of them is the session that is looked at.
    fn session_entries(&self) -> (Vec<Entry>, usize) {
        let mut entries = Vec::new();
        let mut selected = 0;
        for (machine, found) in &self.found {
            match found {
                Found::Sessions(sessions) => {
                    for info in sessions {
                        if self.is_looked_at(machine, info) {
                            selected = entries.len();
                        }
                        self.add_session(machine, info, &mut entries);
                    }
                }
                Found::Asked => {
                    entries.push(self.machine_entry(machine, self.words.say("host-asked")));
                }
                Found::NotAsked => {
                    entries.push(self.machine_entry(machine, self.words.say("host-by-command")));
                }
                Found::Silent(why) => {
                    let why = self.words.with("host-silent", &[("why", why)]);
                    entries.push(self.machine_entry(machine, &why));
                }
            }
        }
        (entries, selected)
    }

    /// A machine whose sessions are not known.
    fn machine_entry(&self, machine: &Machine, state: &str) -> Entry {
        let name = match machine {
            Some(_) => session_name(machine, ""),
            None => self.machine_name(machine),
        };
        Entry {
            columns: vec![name, state.to_owned()],
            choice: Choice::There { machine: machine.clone(), target: String::new() },
            preview: None,
        }
    }

    fn is_looked_at(&self, machine: &Machine, info: &SessionInfo) -> bool {
        let current = self.attached.as_ref().map(|attached| attached.session);
        *machine == self.machine && Some(info.session) == current
    }

    /// A session and its tabs.
    fn add_session(&self, machine: &Machine, info: &SessionInfo, entries: &mut Vec<Entry>) {
        let here = *machine == self.machine;
        let looked_at = self.is_looked_at(machine, info);
        let there = |target: String| Choice::There { machine: machine.clone(), target };
        let preview = |pane| preview_of(machine, &info.panes, pane);
        let state = match (info.state, info.attached) {
            (SessionState::ENDED, _) => self.words.say("state-ended").to_owned(),
            (_, 0) => self.words.say("state-detached").to_owned(),
            (_, count) => self.words.with("state-attached", &[("count", &count)]),
        };
        let focus = info.tabs.iter().find(|tab| tab.tab == info.current_tab);
        let mark = if looked_at { "*" } else { "" };
        entries.push(Entry {
            columns: vec![format!("{}{mark}", session_name(machine, &info.name)), state],
            choice: there(info.session.to_string()),
            preview: focus.and_then(|tab| preview(tab.focus)),
        });
        for tab in &info.tabs {
            let panes = info.panes.iter().filter(|pane| pane.tab == tab.tab);
            let mut badges = String::new();
            let (mut wants, mut active, mut failed) = (false, false, false);
            for pane in panes {
                wants |= self.wants_at(machine, pane.pane);
                active |= here && self.active.contains(&pane.pane);
                failed |= failed_info(pane) || (here && self.failed.contains(&pane.pane));
            }
            push_badges(&mut badges, wants, active, failed, tab.zoomed.is_some());
            entries.push(Entry {
                columns: vec![format!("  {}:{}", tab.number, tab.name), badges],
                choice: if looked_at { Choice::Tab(tab.tab) } else { there(tab.tab.to_string()) },
                preview: preview(tab.focus),
            });
        }
    }

    /// The tabs of this session with their panes.
    pub(super) fn list_tabs(&mut self, effects: &mut Vec<Effect>) {
        let Some(layout) = &self.layout else { return };
        let mut entries = Vec::new();
        let mut selected = 0;
        for tab in &layout.tabs {
            if tab.tab == self.tab {
                selected = entries.len();
            }
            let leaves: Vec<_> = super::leaves(tab).collect();
            let size = |pane| leaves.iter().find(|leaf| leaf.pane == pane).map(|leaf| leaf.size);
            let machine = &self.machine;
            let preview =
                |pane| size(pane).map(|size| Preview { machine: machine.clone(), pane, size });
            entries.push(Entry {
                columns: vec![format!("{}:{}", tab.number, tab.name), self.badges(tab)],
                choice: Choice::Tab(tab.tab),
                preview: preview(tab.focus),
            });
            for leaf in leaves.iter().filter(|_| leaves.len() > 1) {
                let Some(wire) = layout.panes.iter().find(|pane| pane.pane == leaf.pane) else {
                    continue;
                };
                let mut badges = String::new();
                let (wants, active) = (self.wants(wire.pane), self.active.contains(&wire.pane));
                let has_failed = failed(wire) || self.failed.contains(&wire.pane);
                push_badges(&mut badges, wants, active, has_failed, false);
                entries.push(Entry {
                    columns: vec![
                        format!("  {}.{} {}", tab.number, wire.number, wire.title),
                        badges,
                    ],
                    choice: Choice::Pane { tab: tab.tab, pane: leaf.pane },
                    preview: preview(leaf.pane),
                });
            }
        }
        self.show_tree(ListKind::Tree, "title-tabs", entries, selected, effects);
    }

    fn show_tree(
        &mut self,
        kind: ListKind,
        title: &str,
        entries: Vec<Entry>,
        selected: usize,
        effects: &mut Vec<Effect>,
    ) {
        self.previews = Previews::default();
        let title = self.words.say(title);
        let list = List::new(title, entries, selected).of_kind(kind);
        self.layers.push(Layer::List(list));
        self.want_preview(effects);
    }

    /// Asks for the picture of what is chosen, once, unless it is seen or mirrored.
    pub(super) fn want_preview(&mut self, effects: &mut Vec<Effect>) {
        let Some(Layer::List(list)) = self.layers.last() else { return };
        let Some(preview) = list.preview() else { return };
        let here = preview.machine == self.machine;
        let seen = here && self.shown_panes().iter().any(|(pane, _)| *pane == preview.pane);
        let key = (preview.machine.clone(), preview.pane);
        if seen || self.previews.rows.contains_key(&key) {
            return;
        }
        self.previews.rows.insert(key, None);
        let capture = Capture {
            target: preview.pane.to_string(),
            from: None,
            to: None,
            ansi: true,
            join: false,
            ext: Ext::none(),
        };
        let (machine, purpose) = (preview.machine.clone(), Purpose::Preview(preview));
        effects.push(if here {
            super::actions::request(capture, purpose)
        } else {
            Effect::RequestElsewhere { machine, message: Box::new(capture.into()), purpose }
        });
    }

    /// The picture came, as lines with escape sequences for their looks.
    pub(super) fn on_preview(&mut self, preview: &Preview, page: &TextPage) {
        let size =
            Size { cols: preview.size.cols.clamp(1, SIDE), rows: preview.size.rows.clamp(1, SIDE) };
        let mut screen = Screen::new(size, Limits { scrollback_bytes: 0, ..Limits::default() });
        let text = page.text.strip_suffix('\n').unwrap_or(&page.text);
        screen.advance(text.replace('\n', "\r\n").as_bytes());
        let rows = screen.rows().map(|row| row.to_row()).collect();
        self.previews.rows.insert((preview.machine.clone(), preview.pane), Some(rows));
    }

    /// Whether something in a pane wants the person.
    pub(crate) fn wants(&self, pane: PaneId) -> bool {
        self.wants_at(&self.machine, pane)
    }

    fn wants_at(&self, machine: &Machine, pane: PaneId) -> bool {
        let said = |item: &Item| item.unread && (&item.machine, item.pane) == (machine, pane);
        (*machine == self.machine && self.wants_you.contains(&pane)) || self.inbox.iter().any(said)
    }

    /// What is to be known of a tab beside its name.
    pub(crate) fn badges(&self, tab: &ccc_client::proto::WireTab) -> String {
        let mut badges = String::new();
        let (mut wants, mut active, mut has_failed) = (false, false, false);
        for leaf in super::leaves(tab) {
            wants |= self.wants(leaf.pane);
            active |= self.active.contains(&leaf.pane);
            has_failed |=
                self.wire_pane(leaf.pane).is_some_and(failed) || self.failed.contains(&leaf.pane);
        }
        push_badges(&mut badges, wants, active, has_failed, tab.zoomed.is_some());
        badges
    }
}

/// `!` wants somebody, `#` printed something, `✗` failed, `Z` zoomed.
fn push_badges(badges: &mut String, wants: bool, active: bool, failed: bool, zoomed: bool) {
    let all = [(wants, '!'), (active && !wants, '#'), (failed, '✗'), (zoomed, 'Z')];
    badges.extend(all.into_iter().filter(|(on, _)| *on).map(|(_, badge)| badge));
}

fn failed(pane: &WirePane) -> bool {
    pane.state == PaneState::EXITED && pane.exit.status().is_some_and(|status| status != 0)
}

fn failed_info(pane: &PaneInfo) -> bool {
    pane.state == PaneState::EXITED && pane.exit.status().is_some_and(|status| status != 0)
}

fn preview_of(machine: &Machine, panes: &[PaneInfo], pane: PaneId) -> Option<Preview> {
    let info = panes.iter().find(|info| info.pane == pane)?;
    Some(Preview { machine: machine.clone(), pane, size: info.size })
}

/// A session as it is written on a command line.
pub(super) fn session_name(machine: &Machine, session: &str) -> String {
    match machine {
        Some(host) => format!("{host}/{session}"),
        None => session.to_owned(),
    }
}
