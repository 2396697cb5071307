//! What the mouse does: to a program that asks for it, else to focus, borders, tabs and the
//! scrollback. Owns what a held button is about; lists are `pointing`'s.

use std::time::{Duration, Instant};

use ccc_client::input::wire_mouse;
use ccc_client::proto::{Direction, InputEvent, PaneId, WireModes, WireNode};
use ccc_vt::input::{MouseButton, MouseEvent, MouseKind, WheelDirection};
use ratatui::layout::Rect;

use super::focus::leaves;
use super::{App, Effect, Layer, Mirrors, SelectionKind};
use crate::keymap::Action;
use crate::view::bar::{self, BarHit};

/// Clicks that follow each other faster belong together.
const CLICK_TIME: Duration = Duration::from_millis(400);

/// What the held left button is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Pointer {
    #[default]
    Nothing,
    /// It was pressed in a pane whose program does not ask for the mouse.
    Pressed { pane: PaneId, col: u16, row: u16 },
    /// It drags a selection in a pane.
    Selects(PaneId),
    /// A click selected a word or a line, which is copied when nothing more comes.
    Selected,
    /// It drags the border right of, or below, a pane.
    Border { pane: PaneId, across: bool, at: u16 },
    /// It was pressed in a pane whose program gets the mouse.
    Program(PaneId),
}

/// How often the left button was pressed at one place in short time.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Clicks {
    last: Option<(Instant, u16, u16)>,
    times: u8,
    /// What was clicked is still shown selected, and looked back at for nothing else.
    pub(super) shown: bool,
}

impl Clicks {
    fn count(&mut self, event: MouseEvent, now: Instant) -> u8 {
        let again = self.last.is_some_and(|(at, col, row)| {
            now.saturating_duration_since(at) < CLICK_TIME && (col, row) == (event.col, event.row)
        });
        self.times = if again { self.times % 3 + 1 } else { 1 };
        self.last = Some((now, event.col, event.row));
        self.times
    }
}

impl App {
    pub(super) fn on_mouse(
        &mut self,
        event: MouseEvent,
        mirrors: &impl Mirrors,
        now: Instant,
        effects: &mut Vec<Effect>,
    ) {
        if matches!(self.layers.last(), Some(Layer::List(_) | Layer::Find(_))) {
            return self.mouse_in_list(event, mirrors, now, effects);
        }
        if matches!(self.layers.last(), Some(Layer::Replay(_))) {
            return self.mouse_in_replay(event, now);
        }
        if matches!(self.layers.last(), Some(Layer::Prompt(_) | Layer::Confirm(_))) {
            return;
        }
        if matches!(self.layers.last(), Some(Layer::Hints(_) | Layer::Numbers))
            && matches!(event.kind, MouseKind::Press(_))
        {
            // Whoever points at something else wants no label.
            self.layers.pop();
        }
        let held = matches!(event.kind, MouseKind::Drag(_) | MouseKind::Release(_));
        match (self.pointer, event.kind) {
            (Pointer::Border { pane, across, at }, MouseKind::Drag(MouseButton::Left)) => {
                let to = if across { event.col } else { event.row };
                self.drag_border(pane, across, at, to, effects);
            }
            (Pointer::Pressed { pane, col, row }, MouseKind::Drag(MouseButton::Left)) => {
                self.enter_scroll_at(pane, mirrors, effects);
                if !std::mem::replace(&mut self.told_native, true) {
                    self.note_key("select-natively");
                }
                self.pointer = Pointer::Selects(pane);
                if let Some(scroll) = self.scroll_of(pane) {
                    scroll.point(col, row);
                    scroll.select(SelectionKind::Characters);
                }
                self.drag_selection(pane, event);
            }
            (Pointer::Selects(pane), MouseKind::Drag(MouseButton::Left)) => {
                self.drag_selection(pane, event);
            }
            (Pointer::Selects(_), MouseKind::Release(MouseButton::Left)) => {
                self.pointer = Pointer::Nothing;
                self.act(Action::Copy, mirrors, now, effects);
            }
            (Pointer::Selected, MouseKind::Release(MouseButton::Left)) => {
                self.pointer = Pointer::Nothing;
                self.copy_clicked(effects);
            }
            (Pointer::Program(pane), _) if held => {
                self.to_program(pane, event, effects);
                if matches!(event.kind, MouseKind::Release(_)) {
                    self.pointer = Pointer::Nothing;
                }
            }
            (_, MouseKind::Release(_)) => self.pointer = Pointer::Nothing,
            (_, _) => self.on_free_mouse(event, mirrors, now, effects),
        }
    }

    /// A press, a turn of the wheel, or a movement, with nothing held.
    fn on_free_mouse(
        &mut self,
        event: MouseEvent,
        mirrors: &impl Mirrors,
        now: Instant,
        effects: &mut Vec<Effect>,
    ) {
        if self.bar && event.row + 1 == self.size.rows {
            if matches!(event.kind, MouseKind::Press(MouseButton::Left)) {
                match bar::hit(self, event.col) {
                    Some(BarHit::Tab(tab)) => self.focus_tab(tab, effects),
                    Some(BarHit::Session) => {
                        self.on_action(Action::ListSessions, mirrors, now, effects);
                    }
                    None => {}
                }
            }
            return;
        }
        let Some((pane, area)) = self.pane_at(event.col, event.row) else {
            if matches!(event.kind, MouseKind::Press(MouseButton::Left)) {
                self.take_border(event.col, event.row);
            }
            return;
        };
        let inside = (event.col - area.x, event.row - area.y);
        if matches!(event.kind, MouseKind::Press(_)) && pane != self.pane {
            let tab = self.tab;
            self.focus(tab, pane, effects);
        }
        let modes = mirrors.mirror(pane).map(|mirror| mirror.modes()).unwrap_or_default();
        let looks_back = matches!(self.layers.last(), Some(Layer::Scroll(s)) if s.pane() == pane);
        let wants =
            modes.0 & (WireModes::MOUSE_PRESS | WireModes::MOUSE_DRAG | WireModes::MOUSE_MOVE);
        match event.kind {
            MouseKind::Press(MouseButton::Left)
                if (looks_back || wants == 0) && self.clicks.count(event, now) > 1 =>
            {
                self.enter_scroll_at(pane, mirrors, effects);
                let whole_line = self.clicks.times > 2;
                if let Some(scroll) = self.scroll_of(pane) {
                    scroll.clear_selection();
                    scroll.point(inside.0, inside.1);
                    if whole_line {
                        scroll.select_line();
                    } else {
                        scroll.select_word();
                    }
                }
                self.pointer = Pointer::Selected;
            }
            _ if looks_back => self.mouse_in_scroll(event.kind, inside),
            MouseKind::Press(button) if wants != 0 => {
                if button == MouseButton::Left {
                    self.pointer = Pointer::Program(pane);
                }
                self.to_program(pane, event, effects);
            }
            MouseKind::Press(MouseButton::Left) => {
                let (col, row) = inside;
                self.pointer = Pointer::Pressed { pane, col, row };
            }
            // The server turns the wheel into arrows where the program has a screen of its own.
            MouseKind::Wheel(_) if wants != 0 || modes.has(WireModes::ALTERNATE_SCREEN) => {
                self.to_program(pane, event, effects);
            }
            MouseKind::Wheel(WheelDirection::Up) => {
                self.enter_scroll_at(pane, mirrors, effects);
                self.mouse_in_scroll(event.kind, inside);
            }
            _ if wants != 0 => self.to_program(pane, event, effects),
            _ => {}
        }
    }

    fn mouse_in_scroll(&mut self, kind: MouseKind, (col, row): (u16, u16)) {
        let pane = self.pane;
        let Some(scroll) = self.scroll_of(pane) else { return };
        match kind {
            MouseKind::Wheel(WheelDirection::Up) => scroll.scroll_by(-3),
            MouseKind::Wheel(WheelDirection::Down) => {
                scroll.scroll_by(3);
                if scroll.at_bottom() {
                    self.layers.pop();
                }
            }
            MouseKind::Press(MouseButton::Left) => {
                scroll.clear_selection();
                scroll.point(col, row);
                self.pointer = Pointer::Pressed { pane, col, row };
            }
            _ => {}
        }
    }

    /// Copies the word or line that was clicked. It stays selected, because another click may follow.
    fn copy_clicked(&mut self, effects: &mut Vec<Effect>) {
        let pane = self.pane;
        let text = self.scroll_of(pane).and_then(|scroll| scroll.selected_text());
        if let Some(text) = text {
            self.copy(text, effects);
        }
        // Hands that go on typing mean the program.
        self.clicks.shown = true;
    }

    fn drag_selection(&mut self, pane: PaneId, event: MouseEvent) {
        let Some(area) = self.area_of(pane) else { return };
        let col = event.col.clamp(area.x, area.right().saturating_sub(1)) - area.x;
        let (above, below) = (event.row < area.y, event.row >= area.bottom());
        let row = event.row.clamp(area.y, area.bottom().saturating_sub(1)) - area.y;
        if let Some(scroll) = self.scroll_of(pane) {
            // At the edge the text moves on under the pointer.
            if above {
                scroll.scroll_by(-1);
            } else if below {
                scroll.scroll_by(1);
            }
            scroll.point(col, row);
        }
    }

    fn to_program(&self, pane: PaneId, event: MouseEvent, effects: &mut Vec<Effect>) {
        let Some(area) = self.area_of(pane).filter(|_| self.writable()) else { return };
        let event = MouseEvent {
            col: event.col.clamp(area.x, area.right().saturating_sub(1)) - area.x,
            row: event.row.clamp(area.y, area.bottom().saturating_sub(1)) - area.y,
            ..event
        };
        let events = vec![InputEvent::mouse(&wire_mouse(&event))];
        effects.push(Effect::Input { pane, events });
    }

    /// The panes that are shown, with their places on the screen.
    pub(crate) fn shown_panes(&self) -> Vec<(PaneId, Rect)> {
        let Some(tab) = self.current_tab() else { return Vec::new() };
        let area = self.layout_area();
        let area = Rect { x: 0, y: 0, width: area.cols, height: area.rows };
        if self.plain {
            let leaf = leaves(tab).find(|leaf| leaf.pane == self.pane);
            let alone = leaf.map(|leaf| Rect { x: 0, y: 0, ..place(leaf) });
            return alone.map(|place| (self.pane, place.intersection(area))).into_iter().collect();
        }
        if let Some(pane) = tab.zoomed {
            let whole = Rect { x: 0, y: 0, width: tab.size.cols, height: tab.size.rows };
            return vec![(pane, whole.intersection(area))];
        }
        leaves(tab).map(|leaf| (leaf.pane, place(leaf).intersection(area))).collect()
    }

    /// Whether a pane lies above the others.
    pub(crate) fn floats(&self, pane: PaneId) -> bool {
        !self.plain
            && self.current_tab().is_some_and(|tab| {
                tab.zoomed.is_none() && tab.floating.iter().any(|node| node.pane == pane)
            })
    }

    pub(crate) fn area_of(&self, pane: PaneId) -> Option<Rect> {
        self.shown_panes().into_iter().find(|(shown, _)| *shown == pane).map(|(_, area)| area)
    }

    fn pane_at(&self, col: u16, row: u16) -> Option<(PaneId, Rect)> {
        // The topmost is the last.
        self.shown_panes().into_iter().rev().find(|(_, area)| area.contains((col, row).into()))
    }

    /// Takes hold of the border under the pointer: it is the right or lower one of some pane.
    fn take_border(&mut self, col: u16, row: u16) {
        let tiled = self.shown_panes().into_iter().filter(|(pane, _)| !self.floats(*pane));
        for (pane, area) in tiled.collect::<Vec<_>>() {
            let beside = (area.y..area.bottom()).contains(&row);
            let below = (area.x..area.right()).contains(&col);
            if beside && col == area.right() {
                self.pointer = Pointer::Border { pane, across: true, at: col };
                return;
            }
            if below && row == area.bottom() {
                self.pointer = Pointer::Border { pane, across: false, at: row };
                return;
            }
        }
    }

    fn drag_border(
        &mut self,
        pane: PaneId,
        across: bool,
        at: u16,
        to: u16,
        effects: &mut Vec<Effect>,
    ) {
        let direction = match (across, to > at) {
            _ if to == at => return,
            (true, true) => Direction::RIGHT,
            (true, false) => Direction::LEFT,
            (false, true) => Direction::DOWN,
            (false, false) => Direction::UP,
        };
        self.resize_pane(pane, direction, at.abs_diff(to), effects);
        self.pointer = Pointer::Border { pane, across, at: to };
    }
}

fn place(node: &WireNode) -> Rect {
    Rect { x: node.col, y: node.row, width: node.size.cols, height: node.size.rows }
}
