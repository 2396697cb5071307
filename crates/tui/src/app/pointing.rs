//! The mouse in what one chooses from: lists and finds. Owns what a click and the wheel do there.

use std::time::Instant;

use ccc_vt::input::{MouseButton, MouseEvent, MouseKind, WheelDirection};

use super::{App, Effect, Layer, Mirrors, first_shown};
use crate::keymap::Action;
use crate::view::{find, list};

/// Entries that a turn of the wheel moves a list by.
const WHEEL: usize = 3;

/// What is under the pointer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pointed {
    /// An entry, by its index among those that match.
    Entry(usize),
    /// What else stands inside the frame.
    Inside,
    /// The frame, or what lies around it.
    Beside,
}

/// The entries that are chosen from, as they are seen.
#[derive(Clone, Copy, Debug)]
struct Shown {
    selected: usize,
    /// The first one that is seen.
    top: usize,
    height: usize,
    count: usize,
}

impl App {
    /// A click chooses an entry, one on what is chosen does what Enter does, one beside leaves; the wheel moves
    /// what is seen.
    pub(super) fn mouse_in_list(
        &mut self,
        event: MouseEvent,
        mirrors: &impl Mirrors,
        now: Instant,
        effects: &mut Vec<Effect>,
    ) {
        let Some(mut shown) = self.entries_shown() else { return };
        match event.kind {
            MouseKind::Wheel(WheelDirection::Up) => {
                shown.top = shown.top.saturating_sub(WHEEL);
                shown.follow();
            }
            MouseKind::Wheel(WheelDirection::Down) => {
                shown.top = (shown.top + WHEEL).min(shown.count.saturating_sub(shown.height));
                shown.follow();
            }
            MouseKind::Press(MouseButton::Left) => match self.pointed(event.col, event.row) {
                Pointed::Entry(index) if index == shown.selected => {
                    return self.act(Action::Accept, mirrors, now, effects);
                }
                Pointed::Entry(index) => shown.selected = index,
                Pointed::Inside => return,
                Pointed::Beside => return self.act(Action::Cancel, mirrors, now, effects),
            },
            _ => return,
        }
        match self.layers.last_mut() {
            Some(Layer::List(list)) => {
                (list.selected, list.top) = (shown.selected, shown.top);
                self.list_changed(effects);
            }
            Some(Layer::Find(finding)) => {
                (finding.selected, finding.top) = (shown.selected, shown.top);
            }
            _ => {}
        }
    }

    fn entries_shown(&self) -> Option<Shown> {
        let (top, selected, height, count) = match self.layers.last()? {
            Layer::List(list) => {
                (list.top, list.selected, list::height(self, list), list.matching().len())
            }
            Layer::Find(finding) => {
                (finding.top, finding.selected, find::height(self), finding.entries().len())
            }
            _ => return None,
        };
        let top = first_shown(top, selected, height, count);
        Some(Shown { selected, top, height: height.max(1), count })
    }

    fn pointed(&self, col: u16, row: u16) -> Pointed {
        match self.layers.last() {
            Some(Layer::List(list)) => list::pointed(self, list, col, row),
            Some(Layer::Find(finding)) => find::pointed(self, finding, col, row),
            _ => Pointed::Beside,
        }
    }
}

impl Shown {
    /// Chooses what is seen nearest to what was chosen.
    fn follow(&mut self) {
        let last = (self.top + self.height).min(self.count).saturating_sub(1);
        self.selected = self.selected.clamp(self.top.min(last), last);
    }
}
