//! Lines between panes, the numbers of panes, and what lies outside a tab that is smaller than this
//! client. Owns the joining of lines.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::app::{App, Layer};
use crate::surface::Surface;

pub(super) fn draw(app: &App, surface: &mut Surface) {
    let Some(tab) = app.current_tab() else { return };
    let area = app.layout_area();
    let area = Rect { x: 0, y: 0, width: area.cols, height: area.rows };
    let inside = Rect { x: 0, y: 0, width: tab.size.cols, height: tab.size.rows };
    let mut panes = app.shown_panes();
    panes.retain(|(pane, _)| !app.floats(*pane));
    let tab_area = inside.intersection(area);
    let lines = Lines::between(panes.iter().map(|(_, place)| *place), tab_area);
    let focus = panes.iter().find(|(pane, _)| *pane == app.pane).map(|(_, place)| *place);
    let around = focus.map(|place| Rect {
        x: place.x.saturating_sub(1),
        y: place.y.saturating_sub(1),
        width: place.width + u16::from(place.x > 0) + 1,
        height: place.height + u16::from(place.y > 0) + 1,
    });
    for (x, y) in lines.places() {
        let focused = around.is_some_and(|around| around.contains((x, y).into()));
        let style =
            if focused && panes.len() > 1 { app.theme.border_focus } else { app.theme.border };
        let mut chrome = Buffer::empty(Rect { x, y, width: 1, height: 1 });
        chrome.set_string(x, y, lines.joint(x, y), style);
        surface.draw_chrome(&chrome);
    }
    draw_outside(app, area, inside, surface);
}

/// The lines of a tab: every cell that belongs to no pane.
struct Lines {
    area: Rect,
    /// Whether a cell is part of a line, row by row; nothing when there are none.
    cells: Vec<bool>,
}

impl Lines {
    fn between(panes: impl Iterator<Item = Rect> + Clone, area: Rect) -> Self {
        // One pane alone is the usual case, and has none.
        if panes.clone().any(|pane| pane.intersection(area) == area) {
            return Self { area, cells: Vec::new() };
        }
        let mut lines =
            Self { area, cells: vec![true; usize::from(area.width) * usize::from(area.height)] };
        for place in panes {
            for at in place.intersection(area).positions() {
                if let Some(cell) =
                    lines.index(at.x, at.y).and_then(|index| lines.cells.get_mut(index))
                {
                    *cell = false;
                }
            }
        }
        lines
    }

    fn index(&self, x: u16, y: u16) -> Option<usize> {
        let inside = self.area.contains((x, y).into());
        let (x, y) = (x.wrapping_sub(self.area.x), y.wrapping_sub(self.area.y));
        inside.then(|| usize::from(y) * usize::from(self.area.width) + usize::from(x))
    }

    fn has(&self, x: u16, y: u16) -> bool {
        self.index(x, y).and_then(|index| self.cells.get(index)).is_some_and(|cell| *cell)
    }

    fn places(&self) -> impl Iterator<Item = (u16, u16)> {
        let area = if self.cells.is_empty() { Rect::ZERO } else { self.area };
        area.positions().map(|at| (at.x, at.y)).filter(|(x, y)| self.has(*x, *y))
    }

    /// The character that joins a cell of a line with its neighbours.
    fn joint(&self, x: u16, y: u16) -> &'static str {
        let there = |dx: i16, dy: i16| {
            let at = (x.checked_add_signed(dx), y.checked_add_signed(dy));
            matches!(at, (Some(x), Some(y)) if self.has(x, y))
        };
        match (there(-1, 0), there(1, 0), there(0, -1), there(0, 1)) {
            (true, true, true, true) => "┼",
            (true, true, true, false) => "┴",
            (true, true, false, true) => "┬",
            (true, false, true, true) => "┤",
            (false, true, true, true) => "├",
            (true, false, true, false) => "┘",
            (false, true, true, false) => "└",
            (true, false, false, true) => "┐",
            (false, true, false, true) => "┌",
            (_, _, true, _) | (_, _, _, true) => "│",
            _ => "─",
        }
    }
}

/// The tab is smaller than this client: another one typed last, and its size is used.
fn draw_outside(app: &App, area: Rect, inside: Rect, surface: &mut Surface) {
    let right = Rect {
        x: inside.width,
        y: 0,
        width: area.width.saturating_sub(inside.width),
        height: area.height,
    };
    let below = Rect {
        x: 0,
        y: inside.height,
        width: inside.width.min(area.width),
        height: area.height.saturating_sub(inside.height),
    };
    for place in [right, below] {
        if place.is_empty() {
            continue;
        }
        let mut chrome = Buffer::empty(place);
        for at in place.positions() {
            chrome.set_string(at.x, at.y, "·", app.theme.faint);
        }
        surface.draw_chrome(&chrome);
    }
}

/// The numbers of the panes, while they are asked for.
pub(super) fn draw_numbers(app: &App, surface: &mut Surface) {
    if !matches!(app.layers.last(), Some(Layer::Numbers)) {
        return;
    }
    for (pane, place) in app.shown_panes() {
        let Some(number) = app.wire_pane(pane).map(|wire| wire.number) else { continue };
        let text = format!(" {number} ");
        let width = u16::try_from(text.len()).unwrap_or(3).min(place.width);
        if width == 0 || place.height == 0 {
            continue;
        }
        let x = place.x + (place.width - width) / 2;
        let y = place.y + place.height / 2;
        let mut chrome = Buffer::empty(Rect { x, y, width, height: 1 });
        let style = if pane == app.pane { app.theme.number_focus } else { app.theme.number };
        chrome.set_stringn(x, y, &text, usize::from(width), style);
        surface.draw_chrome(&chrome);
    }
}
