//! Trees of sessions and tabs with a picture of what is chosen. Owns their entries, the badges, and
//! when a picture is asked for.

use std::collections::HashMap;

use ccc_client::proto::{
    Capture, Ext, PaneId, PaneInfo, PaneState, SessionInfo, SessionState, TextPage, WirePane,
    WireSize,
};
use ccc_vt::{Limits, Row, Screen, Size};

use super::{App, Choice, Effect, Entry, Layer, List, ListKind, Purpose};

/// The largest picture that is kept, in cells of one side: what is larger is cut.
const SIDE: u16 = 512;

/// The pictures of panes that are not looked at.
#[derive(Debug, Default)]
pub(crate) struct Previews {
    /// `None` while it is asked for.
    rows: HashMap<PaneId, Option<Vec<Row>>>,
}

impl Previews {
    pub(crate) fn rows(&self, pane: PaneId) -> Option<&[Row]> {
        self.rows.get(&pane)?.as_deref()
    }
}

/// The pane whose picture stands for an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Preview {
    pub(crate) pane: PaneId,
    pub(crate) size: WireSize,
}

impl App {
    /// All sessions with their tabs.
    pub(super) fn show_sessions(&mut self, sessions: &[SessionInfo], effects: &mut Vec<Effect>) {
        let current = self.attached.as_ref().map(|attached| attached.session);
        let mut entries = Vec::new();
        let mut selected = 0;
        for info in sessions {
            let here = Some(info.session) == current;
            if here {
                selected = entries.len();
            }
            let state = match (info.state, info.attached) {
                (SessionState::ENDED, _) => self.words.say("state-ended").to_owned(),
                (_, 0) => self.words.say("state-detached").to_owned(),
                (_, count) => self.words.with("state-attached", &[("count", &count)]),
            };
            let focus = info.tabs.iter().find(|tab| tab.tab == info.current_tab);
            let mark = if here { "*" } else { "" };
            entries.push(Entry {
                columns: vec![format!("{}{mark}", info.name), state],
                choice: Choice::Session(info.session),
                preview: focus.and_then(|tab| preview_of(&info.panes, tab.focus)),
            });
            for tab in &info.tabs {
                let panes = info.panes.iter().filter(|pane| pane.tab == tab.tab);
                let mut badges = String::new();
                let (mut wants, mut active, mut failed) = (false, false, false);
                for pane in panes {
                    wants |= self.wants(pane.pane);
                    active |= self.active.contains(&pane.pane);
                    failed |= failed_info(pane) || self.failed.contains(&pane.pane);
                }
                push_badges(&mut badges, wants, active, failed, tab.zoomed.is_some());
                entries.push(Entry {
                    columns: vec![format!("  {}:{}", tab.number, tab.name), badges],
                    choice: if here { Choice::Tab(tab.tab) } else { Choice::TabOf(tab.tab) },
                    preview: preview_of(&info.panes, tab.focus),
                });
            }
        }
        self.show_tree("title-sessions", entries, selected, effects);
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
            let preview = |pane| size(pane).map(|size| Preview { pane, size });
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
        self.show_tree("title-tabs", entries, selected, effects);
    }

    fn show_tree(
        &mut self,
        title: &str,
        entries: Vec<Entry>,
        selected: usize,
        effects: &mut Vec<Effect>,
    ) {
        self.previews = Previews::default();
        let title = self.words.say(title);
        let list = List::new(title, entries, selected).of_kind(ListKind::Tree);
        self.layers.push(Layer::List(list));
        self.want_preview(effects);
    }

    /// Asks for the picture of what is chosen, once, unless it is seen or mirrored.
    pub(super) fn want_preview(&mut self, effects: &mut Vec<Effect>) {
        let Some(Layer::List(list)) = self.layers.last() else { return };
        let Some(preview) = list.preview() else { return };
        let seen = self.shown_panes().iter().any(|(pane, _)| *pane == preview.pane);
        if seen || self.previews.rows.contains_key(&preview.pane) {
            return;
        }
        self.previews.rows.insert(preview.pane, None);
        let capture = Capture {
            target: preview.pane.to_string(),
            from: None,
            to: None,
            ansi: true,
            join: false,
            ext: Ext::none(),
        };
        effects.push(super::actions::request(capture, Purpose::Preview(preview)));
    }

    /// The picture came, as lines with escape sequences for their looks.
    pub(super) fn on_preview(&mut self, preview: Preview, page: &TextPage) {
        let size =
            Size { cols: preview.size.cols.clamp(1, SIDE), rows: preview.size.rows.clamp(1, SIDE) };
        let mut screen = Screen::new(size, Limits { scrollback_bytes: 0, ..Limits::default() });
        let text = page.text.strip_suffix('\n').unwrap_or(&page.text);
        screen.advance(text.replace('\n', "\r\n").as_bytes());
        let rows = screen.rows().map(|row| row.to_row()).collect();
        self.previews.rows.insert(preview.pane, Some(rows));
    }

    /// Whether something in a pane wants the person.
    pub(crate) fn wants(&self, pane: PaneId) -> bool {
        self.wants_you.contains(&pane)
            || self.inbox.iter().any(|item| item.unread && item.pane == pane)
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

fn preview_of(panes: &[PaneInfo], pane: PaneId) -> Option<Preview> {
    let info = panes.iter().find(|info| info.pane == pane)?;
    Some(Preview { pane, size: info.size })
}
