//! The panes themselves: live screens, or what is shown of them while looking back. Owns the look of
//! a selection, of matches, and of a program that has ended.

use ccc_client::proto::{PaneId, PaneState, WirePane};
use ccc_vt::{Attrs, Cursor};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui::widgets::{Block, Clear, Widget as _};

use super::images::{self, Shows};
use crate::app::{App, Layer, Mirrors, Scroll};
use crate::predict::Overlay;
use crate::surface::Surface;

/// The panes that share the tab.
pub(super) fn draw_tiled(app: &App, mirrors: &impl Mirrors, surface: &mut Surface) {
    for (pane, area) in app.shown_panes() {
        if !app.floats(pane) {
            draw_pane(app, mirrors, pane, area, surface);
        }
    }
}

/// The pane in focus alone, from the first cell on.
pub(super) fn draw_alone(app: &App, mirrors: &impl Mirrors, surface: &mut Surface) {
    let size = mirrors.mirror(app.pane).map(|mirror| mirror.size()).unwrap_or_default();
    let area = Rect { x: 0, y: 0, width: size.cols, height: size.rows };
    draw_pane(app, mirrors, app.pane, area.intersection(surface.area()), surface);
}

/// The panes above them, bottom to top, each in a frame. The one in focus lies on top.
pub(super) fn draw_floating(app: &App, mirrors: &impl Mirrors, surface: &mut Surface) {
    let mut floating = app.shown_panes();
    floating.retain(|(pane, _)| app.floats(*pane));
    floating.sort_by_key(|(pane, _)| *pane == app.pane);
    for (pane, area) in floating {
        let around = Rect {
            x: area.x.saturating_sub(1),
            y: area.y.saturating_sub(1),
            width: area.width + 1 + u16::from(area.x > 0),
            height: area.height + 1 + u16::from(area.y > 0),
        };
        let mut chrome = Buffer::empty(around.intersection(surface.area()));
        Clear.render(chrome.area, &mut chrome);
        let focused = pane == app.pane;
        let style = if focused { app.theme.border_focus } else { app.theme.border };
        let title = app.wire_pane(pane).map_or_else(String::new, |wire| {
            let title: String = wire.title.chars().filter(|c| !c.is_control()).collect();
            format!(" {}: {title} ", wire.number)
        });
        let block = Block::bordered().border_style(style).title(title);
        block.render(chrome.area, &mut chrome);
        surface.draw_chrome(&chrome);
        if !focused {
            // A cursor below it must not shine through.
            let hidden = surface.cursor.is_some_and(|at| around.contains((at.col, at.row).into()));
            surface.cursor = surface.cursor.filter(|_| !hidden);
        }
        draw_pane(app, mirrors, pane, area, surface);
    }
}

fn draw_pane(app: &App, mirrors: &impl Mirrors, pane: PaneId, area: Rect, surface: &mut Surface) {
    match scroll_of(app, pane) {
        Some(scroll) => draw_scroll(app, mirrors, scroll, area, surface),
        None => draw_live(app, mirrors, pane, area, surface),
    }
    if let Some(wire) = app.wire_pane(pane) {
        draw_state(app, wire, area, surface);
    }
}

fn scroll_of(app: &App, pane: PaneId) -> Option<&Scroll> {
    app.layers.iter().find_map(|layer| match layer {
        Layer::Scroll(scroll) if scroll.pane() == pane => Some(scroll.as_ref()),
        _ => None,
    })
}

fn draw_live(app: &App, mirrors: &impl Mirrors, pane: PaneId, area: Rect, surface: &mut Surface) {
    let Some(mirror) = mirrors.mirror(pane) else { return };
    for (y, row) in (area.y..area.bottom()).zip(mirror.rows()) {
        surface.draw_shared_row(area, y, row);
    }
    let typed_in = pane == app.pane && app.layers.is_empty();
    let guessed = if typed_in { app.predictor.overlay(mirror) } else { Overlay::default() };
    for (col, row, cell) in &guessed.cells {
        surface.draw_cell(area, *col, *row, cell);
    }
    let width = area.width.min(mirror.size().cols);
    let rows = mirror.rows().iter().map(AsRef::as_ref);
    let from = images::of_pane(mirror);
    images::draw(Shows::of(app), from, mirror, rows, Rect { width, ..area }, surface);
    let reversed = ccc_client::proto::WireModes::REVERSE_SCREEN;
    if mirror.modes().has(reversed) {
        surface.restyle(area, |style| style.attrs.toggle(Attrs::INVERSE));
    }
    if typed_in {
        let cursor = guessed.over(mirror.cursor());
        surface.cursor = super::again::inside(cursor, area).or(surface.cursor);
    }
}

fn draw_scroll(
    app: &App,
    mirrors: &impl Mirrors,
    scroll: &Scroll,
    area: Rect,
    surface: &mut Surface,
) {
    for (y, (index, row)) in (area.y..area.bottom()).zip(scroll.shown()) {
        surface.draw_row(area, y, row);
        for (start, end, here) in scroll.found_in(index) {
            let style = if here { app.theme.found_here } else { app.theme.found };
            surface.paint(columns(area, y, start, end), style);
        }
        if let Some((start, end)) =
            scroll.selection().and_then(|selection| selection.columns(index))
        {
            surface.paint(columns(area, y, start, end), app.theme.selected);
        }
    }
    if let Some(mirror) = mirrors.mirror(scroll.pane()) {
        let rows = scroll.shown().map(|(_, row)| row);
        images::draw(Shows::of(app), images::of_pane(mirror), mirror, rows, area, surface);
    }
    let (below, total) = scroll.position();
    let mut text = format!("[{below}/{total}]");
    if matches!(app.layers.last(), Some(Layer::Prompt(_)))
        && let Some(trouble) = scroll.search().trouble()
    {
        // The bar, where this is said else, has the prompt.
        text = format!("{} {text}", app.words.say(trouble));
    }
    if let Some((at, count, more)) = scroll.find_count() {
        let more = if more { "+" } else { "" };
        text = format!("({at}/{count}{more}) {text}");
    }
    let (col, row) = scroll.cursor();
    let col = col.min(area.width.saturating_sub(1));
    let cursor = Cursor { col, row, visible: true, ..Cursor::default() };
    surface.cursor = super::again::inside(cursor, area);
    if area.is_empty() {
        // The terminal is smaller than the tab, and the pane out of sight.
        return;
    }
    let width = u16::try_from(super::bar::columns(&text)).unwrap_or(0).min(area.width);
    let place = Rect { x: area.right() - width, width, height: 1, ..area };
    let mut chrome = Buffer::empty(place);
    let style = Style::new().add_modifier(Modifier::REVERSED);
    chrome.set_stringn(place.x, place.y, &text, usize::from(width), style);
    surface.draw_chrome(&chrome);
}

/// The cells of one line of an area from a column to another, both included.
fn columns(area: Rect, y: u16, start: u16, end: u16) -> Rect {
    let start = start.min(area.width);
    let width = end.saturating_add(1).min(area.width).saturating_sub(start);
    Rect { x: area.x + start, y, width, height: 1 }
}

/// A program that has ended is dimmed, and its last row says how it ended.
fn draw_state(app: &App, wire: &WirePane, area: Rect, surface: &mut Surface) {
    let words = match wire.state {
        PaneState::EXITED | PaneState::ENDED => {
            let how = match wire.exit.status() {
                Some(125) if wire.exit.kind == ccc_client::proto::WireExitKind::UNKNOWN => {
                    app.words.say("ended-unknown").to_owned()
                }
                Some(status) => app.words.with("ended-status", &[("status", &status)]),
                None => app.words.say("state-ended").to_owned(),
            };
            let keys = if wire.pane == app.pane { app.words.say("ended-keys") } else { "" };
            surface.restyle(area, |style| style.attrs.insert(Attrs::DIM));
            format!(" {how}{keys} ")
        }
        PaneState::WAITING_FOR_DISK => format!(" {} ", app.words.say("disk-full")),
        PaneState::RECOVERING => format!(" {} ", app.words.say("recovering")),
        _ => return,
    };
    if area.height == 0 {
        return;
    }
    let width = super::bar::columns(&words).min(usize::from(area.width));
    let place = Rect {
        x: area.x,
        y: area.bottom() - 1,
        width: u16::try_from(width).unwrap_or(area.width),
        height: 1,
    };
    let mut chrome = Buffer::empty(place);
    let style = Style::new().add_modifier(Modifier::REVERSED);
    chrome.set_stringn(place.x, place.y, &words, width, style);
    surface.draw_chrome(&chrome);
}
