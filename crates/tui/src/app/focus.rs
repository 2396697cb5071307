//! Where the focus is and where it goes. Owns the choice of a tab and a pane on this side, at once;
//! the server hears of it and may correct it.

use ccc_client::proto::{Direction, Layout, NodeKind, PaneId, TabId, Viewed, WireNode, WireTab};

use super::{App, Effect};

impl App {
    /// Focuses a pane of any tab of the session.
    pub(super) fn focus(&mut self, tab: TabId, pane: PaneId, effects: &mut Vec<Effect>) {
        if (tab, pane) == (self.tab, self.pane) {
            return;
        }
        self.look_at(tab, pane);
        effects.push(Effect::Select { tab, pane });
    }

    /// Focuses a tab, where its focus was.
    pub(super) fn focus_tab(&mut self, tab: TabId, effects: &mut Vec<Effect>) {
        let Some(wire) = self.layout.as_ref().and_then(|layout| find_tab(layout, tab)) else {
            return;
        };
        let seen = self.panes_seen.get(&tab).map(|(pane, _)| *pane);
        let pane = seen.filter(|pane| has_pane(wire, *pane)).unwrap_or(wire.focus);
        self.focus(tab, pane, effects);
    }

    /// Focuses the tab so many places further, around the ends.
    pub(super) fn step_tab(&mut self, step: isize, effects: &mut Vec<Effect>) {
        let Some(layout) = &self.layout else { return };
        let count = layout.tabs.len();
        let Some(at) = layout.tabs.iter().position(|tab| tab.tab == self.tab) else { return };
        let next = at.wrapping_add_signed(step).wrapping_add(count) % count.max(1);
        if let Some(tab) = layout.tabs.get(next).map(|tab| tab.tab) {
            self.focus_tab(tab, effects);
        }
    }

    pub(super) fn focus_last_tab(&mut self, effects: &mut Vec<Effect>) {
        if let Some(tab) = self.last_tab {
            self.focus_tab(tab, effects);
        }
    }

    pub(super) fn focus_tab_number(&mut self, digit: u8, effects: &mut Vec<Effect>) {
        let number = number_of(digit);
        let tab = self.layout.as_ref().and_then(|layout| {
            layout.tabs.iter().find(|tab| tab.number == number).map(|tab| tab.tab)
        });
        match tab {
            Some(tab) => self.focus_tab(tab, effects),
            None => self.note_with("no-tab", &[("number", &number)]),
        }
    }

    pub(super) fn focus_pane_number(&mut self, digit: u8, effects: &mut Vec<Effect>) {
        self.select_pane(number_of(digit), effects);
    }

    /// Focuses the tab of a number or a name.
    pub(super) fn select_tab(&mut self, which: &str, effects: &mut Vec<Effect>) {
        let number = which.parse::<u16>().ok();
        let tab = self.layout.as_ref().and_then(|layout| {
            let mut tabs = layout.tabs.iter();
            tabs.find(|tab| tab.name == which || Some(tab.number) == number).map(|tab| tab.tab)
        });
        match tab {
            Some(tab) => self.focus_tab(tab, effects),
            None => self.note_with("no-tab", &[("number", &which)]),
        }
    }

    pub(super) fn select_pane(&mut self, number: u16, effects: &mut Vec<Effect>) {
        let pane = self.current_tab().and_then(|tab| {
            leaves(tab)
                .map(|leaf| leaf.pane)
                .find(|pane| self.wire_pane(*pane).is_some_and(|wire| wire.number == number))
        });
        if let Some(pane) = pane {
            self.focus(self.tab, pane, effects);
        }
    }

    /// Focuses the neighbour on a side, around the edge of the tab.
    pub(super) fn focus_side(&mut self, side: Direction, effects: &mut Vec<Effect>) {
        let neighbour = self.current_tab().and_then(|tab| {
            let before = |pane: PaneId| self.panes_seen.get(&tab.tab)?.1.filter(|p| *p == pane);
            if floating(tab).any(|node| node.pane == self.pane) {
                // It has no neighbours: down to where one came from.
                let below: Vec<PaneId> = tiled(tab).map(|node| node.pane).collect();
                let came_from = below.iter().find(|pane| before(**pane).is_some());
                return came_from.or_else(|| below.first()).copied();
            }
            neighbour(tab, self.pane, side, |pane| before(pane).is_some())
        });
        if let Some(pane) = neighbour {
            self.focus(self.tab, pane, effects);
        }
    }

    pub(super) fn focus_next(&mut self, effects: &mut Vec<Effect>) {
        let next = self.current_tab().and_then(|tab| {
            let panes: Vec<PaneId> = leaves(tab).map(|leaf| leaf.pane).collect();
            let at = panes.iter().position(|pane| *pane == self.pane)?;
            panes.get((at + 1) % panes.len()).copied()
        });
        if let Some(pane) = next {
            self.focus(self.tab, pane, effects);
        }
    }

    pub(super) fn focus_last(&mut self, effects: &mut Vec<Effect>) {
        let before = self.panes_seen.get(&self.tab).and_then(|(_, before)| *before);
        let there = before.filter(|pane| self.current_tab().is_some_and(|t| has_pane(t, *pane)));
        if let Some(pane) = there {
            self.focus(self.tab, pane, effects);
        }
    }

    /// What the server's book says is looked at.
    pub(super) fn on_viewed(&mut self, viewed: &Viewed) {
        if (viewed.tab, viewed.pane) != (self.tab, self.pane) {
            self.look_at(viewed.tab, viewed.pane);
        }
    }

    /// Keeps the focus on something that is there.
    pub(super) fn mend_focus(&mut self, effects: &mut Vec<Effect>) {
        let Some(layout) = &self.layout else { return };
        if layout.revision < self.awaited {
            return;
        }
        match find_tab(layout, self.tab) {
            Some(tab) if has_pane(tab, self.pane) => {}
            Some(tab) => {
                let pane = tab.focus;
                self.focus(self.tab, pane, effects);
            }
            None => {
                if let Some(tab) = layout.tabs.first().map(|tab| tab.tab) {
                    self.focus_tab(tab, effects);
                }
            }
        }
    }

    fn look_at(&mut self, tab: TabId, pane: PaneId) {
        if tab != self.tab {
            self.last_tab = Some(self.tab);
        }
        let before = match self.panes_seen.get(&tab) {
            Some((last, before)) if *last == pane => *before,
            Some((last, _)) => Some(*last),
            None => None,
        };
        self.panes_seen.insert(tab, (pane, before));
        self.tab = tab;
        self.pane = pane;
        self.moves += 1;
        self.layers.clear();
        self.open_keys.retain(|_| self.repeat_until.is_some());
        if let Some(wire) = self.current_tab() {
            let seen: Vec<PaneId> = leaves(wire).map(|leaf| leaf.pane).collect();
            self.wants_you.retain(|pane| !seen.contains(pane));
            self.active.retain(|pane| !seen.contains(pane));
            self.failed.retain(|pane| !seen.contains(pane));
            self.read_seen(&seen);
        }
    }

    /// The last tab looked at, while it is there.
    pub(crate) fn last_tab(&self) -> Option<TabId> {
        self.last_tab.filter(|last| {
            self.layout.as_ref().is_some_and(|layout| find_tab(layout, *last).is_some())
        })
    }
}

/// The digit 0 stands for 10.
fn number_of(digit: u8) -> u16 {
    if digit == 0 { 10 } else { u16::from(digit) }
}

fn find_tab(layout: &Layout, tab: TabId) -> Option<&WireTab> {
    layout.tabs.iter().find(|known| known.tab == tab)
}

/// The panes of a tab with their places, those that float last.
pub(crate) fn leaves(tab: &WireTab) -> impl Iterator<Item = &WireNode> {
    tiled(tab).chain(floating(tab))
}

/// The panes that share the tab's area.
fn tiled(tab: &WireTab) -> impl Iterator<Item = &WireNode> {
    tab.nodes.iter().filter(|node| node.kind == NodeKind::LEAF)
}

/// The panes that float above it, bottom to top.
fn floating(tab: &WireTab) -> impl Iterator<Item = &WireNode> {
    tab.floating.iter().filter(|node| node.kind == NodeKind::LEAF)
}

fn has_pane(tab: &WireTab, pane: PaneId) -> bool {
    leaves(tab).any(|leaf| leaf.pane == pane)
}

/// The pane that one meets on a side, by the places of the panes; around the edge if there is none.
/// Among several that touch, the one that `prefers`, else the topmost or leftmost.
fn neighbour(
    tab: &WireTab,
    from: PaneId,
    side: Direction,
    prefers: impl Fn(PaneId) -> bool,
) -> Option<PaneId> {
    let here = tiled(tab).find(|leaf| leaf.pane == from)?;
    let across = matches!(side, Direction::LEFT | Direction::RIGHT);
    // Along the way one goes, and across it: start and length.
    let along = |node: &WireNode| {
        let (start, length) =
            if across { (node.col, node.size.cols) } else { (node.row, node.size.rows) };
        (u32::from(start), u32::from(start) + u32::from(length))
    };
    let beside = |node: &WireNode| {
        let (start, length) =
            if across { (node.row, node.size.rows) } else { (node.col, node.size.cols) };
        (u32::from(start), u32::from(start) + u32::from(length))
    };
    let (start, end) = along(here);
    let (low, high) = beside(here);
    let touches = |node: &&WireNode| {
        let (a, b) = beside(node);
        node.pane != from && a < high && low < b
    };
    let forward = matches!(side, Direction::RIGHT | Direction::DOWN);
    let candidates: Vec<&WireNode> = tiled(tab).filter(touches).collect();
    let distance = |node: &WireNode| {
        let (a, b) = along(node);
        // Those behind come after all those ahead: the way around the edge.
        if forward {
            if a >= end { a - end } else { a + 0x1_0000 }
        } else if b <= start {
            start - b
        } else {
            0x2_0000 - b
        }
    };
    let nearest = candidates.iter().map(|node| distance(node)).min()?;
    let mut best: Vec<&&WireNode> =
        candidates.iter().filter(|node| distance(node) == nearest).collect();
    best.sort_by_key(|node| beside(node).0);
    best.iter().find(|node| prefers(node.pane)).or_else(|| best.first()).map(|node| node.pane)
}
