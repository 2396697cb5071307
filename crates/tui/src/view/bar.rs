//! The status bar: session and tabs on the left, host, link, recording and clock on the right; a
//! question, a prompt, open keys or a message in their place while there is one. Owns what gives way
//! when there is little room, and which column belongs to which tab.

use std::time::Duration;

use ccc_client::proto::{PaneId, TabId, WireTab};
use ratatui::buffer::Buffer;
use ratatui::style::{Color, Modifier, Style};

use super::Moment;
use crate::app::{App, Confirm, Layer};

/// Above this round trip the link is called slow.
const SLOW: Duration = Duration::from_millis(400);
/// Below this one it is simply live.
const LIVE: Duration = Duration::from_millis(5);

/// What a column of the bar belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BarHit {
    Session,
    Tab(TabId),
}

/// A piece of the bar with what it stands for.
struct Piece {
    text: String,
    style: Style,
    hit: Option<BarHit>,
}

const BASE: Style = Style::new().fg(Color::Black).bg(Color::Green);

pub(super) fn draw(app: &App, moment: &Moment, chrome: &mut Buffer) {
    let area = chrome.area;
    chrome.set_style(area, BASE);
    if let Some((text, cursor)) = asked(app) {
        chrome.set_stringn(area.x, area.y, &text, usize::from(area.width), BASE);
        if let Some(column) = cursor.filter(|column| *column < area.width) {
            let place = ratatui::layout::Rect { x: area.x + column, width: 1, ..area };
            chrome.set_style(place, Style::new().add_modifier(Modifier::REVERSED));
        }
        return;
    }
    let right = right(app, moment, area.width);
    let right_width = columns(&right);
    let room = usize::from(area.width).saturating_sub(right_width + usize::from(right_width > 0));
    let mut x = area.x;
    for piece in left(app) {
        let left_over = room.saturating_sub(usize::from(x - area.x));
        (x, _) = chrome.set_stringn(x, area.y, &piece.text, left_over, piece.style);
    }
    let start = area.right().saturating_sub(u16::try_from(right_width).unwrap_or(area.width));
    chrome.set_stringn(start, area.y, &right, right_width, BASE);
}

/// What the column stands for.
pub(crate) fn hit(app: &App, column: u16) -> Option<BarHit> {
    if asked(app).is_some() {
        return None;
    }
    let mut end = 0;
    for piece in left(app) {
        end += columns(&piece.text);
        if usize::from(column) < end {
            return piece.hit;
        }
    }
    None
}

/// What takes the place of the bar, and where its cursor is.
fn asked(app: &App) -> Option<(String, Option<u16>)> {
    match app.layers.last() {
        Some(Layer::Confirm(Confirm::ClosePane(pane))) => {
            Some((format!("close {} and end its program? (y/n)", name_of(app, *pane)), None))
        }
        Some(Layer::Confirm(Confirm::CloseTab(_))) => {
            Some(("close the tab and end all its programs? (y/n)".into(), None))
        }
        Some(Layer::Prompt(prompt)) => {
            let label = format!("{}: ", prompt.label);
            let column = columns(&label) + columns(prompt.line.before());
            let text = format!("{label}{} ", prompt.line.text());
            Some((text, Some(u16::try_from(column).unwrap_or(u16::MAX))))
        }
        _ if !app.open_keys.is_empty() => Some((open_keys(app), None)),
        _ => app.shown_note().map(|note| {
            let note: String = note.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
            (note, None)
        }),
    }
}

fn name_of(app: &App, pane: PaneId) -> String {
    match app.wire_pane(pane) {
        Some(wire) if !wire.title.is_empty() => {
            wire.title.chars().filter(|c| !c.is_control()).collect()
        }
        _ => pane.to_string(),
    }
}

/// The keys so far, and those that can follow.
fn open_keys(app: &App) -> String {
    let so_far: Vec<String> = app.open_keys.iter().map(ToString::to_string).collect();
    let mut text = so_far.join(" ");
    for (keys, action) in app.keymap.continuations(app.key_mode(), &app.open_keys) {
        if action.is_available() {
            text.push_str(&format!("  {keys} {}", action.name()));
        }
    }
    text
}

fn left(app: &App) -> Vec<Piece> {
    let name = app.layout.as_ref().map_or("", |layout| layout.name.as_str());
    let bold = BASE.add_modifier(Modifier::BOLD);
    let mut pieces = vec![Piece {
        text: format!("[{}] ", clean(name)),
        style: bold,
        hit: Some(BarHit::Session),
    }];
    let last = app.last_tab();
    for tab in app.layout.iter().flat_map(|layout| &layout.tabs) {
        let current = tab.tab == app.tab;
        let style = if current { bold.add_modifier(Modifier::REVERSED) } else { BASE };
        pieces.push(Piece {
            text: tab_text(app, tab, last),
            style,
            hit: Some(BarHit::Tab(tab.tab)),
        });
        pieces.push(Piece { text: " ".into(), style: BASE, hit: None });
    }
    pieces
}

fn tab_text(app: &App, tab: &WireTab, last: Option<TabId>) -> String {
    let mut text = format!("{}:{}", tab.number, clean(&tab.name));
    if tab.tab == app.tab {
        text.push('*');
    } else if Some(tab.tab) == last {
        text.push('-');
    }
    if crate::app::leaves(tab).any(|leaf| app.wants_you.contains(&leaf.pane)) {
        text.push('!');
    }
    if tab.zoomed.is_some() {
        text.push('Z');
    }
    text
}

/// The right end; less of it the less room there is.
fn right(app: &App, moment: &Moment, width: u16) -> String {
    let mut parts = Vec::new();
    if app.shows_hint() && width >= 80 {
        let keys = app.keymap.keys_of(crate::keymap::Action::Help);
        if let Some(keys) = keys.first() {
            parts.push(format!("{keys} help"));
        }
    }
    if width >= 60 && !app.host.is_empty() {
        parts.push(clean(&app.host));
    }
    parts.push(link(app, moment));
    let recorded = app.wire_pane(app.pane).is_some_and(|pane| pane.recorded);
    if width >= 40 {
        if recorded {
            parts.push("REC".into());
        }
        if app.attached.as_ref().is_some_and(|attached| !attached.writable) {
            parts.push("view".into());
        }
        parts.push(moment.clock.clone());
    }
    parts.retain(|part| !part.is_empty());
    parts.join(" · ")
}

/// How the link is, always true.
fn link(app: &App, moment: &Moment) -> String {
    if app.link.lost.is_some() {
        return format!("reconnecting {} s", moment.lost_seconds);
    }
    match app.link.round_trip {
        Some(time) if time >= SLOW => format!("slow {} ms", time.as_millis()),
        Some(time) if time >= LIVE => format!("{} ms", time.as_millis()),
        _ => "live".into(),
    }
}

fn clean(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).collect()
}

fn columns(text: &str) -> usize {
    text.chars().map(|c| usize::from(ccc_vt::char_width(c))).sum()
}
