//! The status bar: session and tabs on the left, host, link, recording and clock on the right; a
//! question, a prompt or a message in their place while there is one. Owns what gives way
//! when there is little room, what a message leaves to be seen, and which column belongs to which tab.

use std::time::Duration;

use ccc_client::Carrier;
use ccc_client::proto::{PaneId, TabId, WireTab, layout_tag};
use ccc_vt::Cursor;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::Moment;
use crate::app::{App, Confirm, Layer, Link, leaves};
use crate::keymap::KeyMode;

/// Above this round trip the link is called slow.
const SLOW: Duration = Duration::from_millis(400);
/// Below this one it is simply live.
const LIVE: Duration = Duration::from_millis(5);

/// Letters of a command in a question.
const RUN: usize = 24;

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

pub(super) fn draw(app: &App, moment: &Moment, chrome: &mut Buffer) {
    let area = chrome.area;
    if let Some((text, _)) = asked(app) {
        let style = app.theme.bar_message;
        chrome.set_style(area, style);
        let right = beside(app, area.width).unwrap_or_default();
        let room = draw_right(chrome, &right, style);
        chrome.set_stringn(area.x, area.y, &text, room, style);
        return;
    }
    chrome.set_style(area, app.theme.bar);
    let right = right(app, moment, area.width);
    let keys = mode_keys(app);
    // Half a key would be another one.
    let whole = keys.is_some();
    let left = keys.unwrap_or_else(|| left(app));
    let room = draw_right(chrome, &right, app.theme.bar);
    let mut x = area.x;
    for piece in left {
        let left_over = room.saturating_sub(usize::from(x - area.x));
        if whole && columns(&piece.text) > left_over {
            break;
        }
        (x, _) = chrome.set_stringn(x, area.y, &piece.text, left_over, piece.style);
    }
}

/// Draws the right end and gives the columns that are left before it.
fn draw_right(chrome: &mut Buffer, text: &str, style: Style) -> usize {
    let (area, width) = (chrome.area, columns(text));
    let start = area.right().saturating_sub(u16::try_from(width).unwrap_or(area.width));
    chrome.set_stringn(start, area.y, text, width, style);
    usize::from(area.width).saturating_sub(width + usize::from(width > 0))
}

/// Whether there is more to say than how things are.
pub(super) fn has_more(app: &App) -> bool {
    asked(app).is_some() || mode_keys(app).is_some() || !app.open_keys.is_empty()
}

/// Where the next letter goes, in a bar at this place: the terminal's own cursor stands there, so that an
/// input method composes there and a screen reader reads there.
pub(super) fn cursor(app: &App, place: Rect) -> Option<Cursor> {
    let (text, at) = asked(app)?;
    let at = match app.layers.last() {
        // Of a question that takes one key, the end.
        Some(Layer::Confirm(_)) => u16::try_from(columns(&text)).unwrap_or(u16::MAX),
        // What is only said takes nothing.
        _ => at?,
    };
    let col = place.x.saturating_add(at).min(place.right().saturating_sub(1));
    Some(Cursor { col, row: place.y, visible: true, ..Cursor::default() })
}

/// What the column stands for.
pub(crate) fn hit(app: &App, column: u16) -> Option<BarHit> {
    if asked(app).is_some() || mode_keys(app).is_some() {
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
            let name = name_of(app, *pane);
            Some((app.words.with("ask-close-pane", &[("name", &name)]), None))
        }
        Some(Layer::Confirm(Confirm::CloseTab(_))) => {
            Some((app.words.say("ask-close-tab").to_owned(), None))
        }
        Some(Layer::Confirm(Confirm::KillSession(_))) => {
            Some((app.words.say("ask-kill").to_owned(), None))
        }
        Some(Layer::Confirm(Confirm::Forget { last: None, .. })) => {
            Some((app.words.say("ask-forget-command").to_owned(), None))
        }
        Some(Layer::Confirm(Confirm::Forget { last: Some(ms), .. })) => {
            let minutes = ms / 60_000;
            Some((app.words.with("ask-forget-last", &[("minutes", &minutes)]), None))
        }
        Some(Layer::Confirm(Confirm::ForgetRun(command))) => {
            let mut said = command.text.chars().filter(|c| !c.is_control());
            let mut text: String = said.by_ref().take(RUN).collect();
            text.extend(said.next().map(|_| '…'));
            Some((app.words.with("ask-forget-run", &[("command", &text)]), None))
        }
        Some(Layer::Confirm(Confirm::Upload)) => Some((app.upload_question(), None)),
        Some(Layer::Prompt(prompt)) => {
            let label = format!("{}: ", prompt.label);
            let column = columns(&label) + columns(prompt.line.before());
            let text = format!("{label}{} ", prompt.line.text());
            Some((text, Some(u16::try_from(column).unwrap_or(u16::MAX))))
        }
        _ => app.shown_note().map(|note| {
            let note: String = note.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
            (note, None)
        }),
    }
}

/// What stays beside what is asked or said: messages that follow each other would hide for as long as they
/// come that something waits to be read. A question and what is typed need the whole bar.
fn beside(app: &App, width: u16) -> Option<String> {
    let said = !matches!(app.layers.last(), Some(Layer::Confirm(_) | Layer::Prompt(_)));
    inbox(app, width).filter(|_| said)
}

fn name_of(app: &App, pane: PaneId) -> String {
    match app.wire_pane(pane) {
        Some(wire) if !wire.title.is_empty() => {
            wire.title.chars().filter(|c| !c.is_control()).collect()
        }
        _ => pane.to_string(),
    }
}

/// The keys that matter most in the mode that is on, in the place of the tabs.
fn mode_keys(app: &App) -> Option<Vec<Piece>> {
    use crate::keymap::Action;
    let mode = app.key_mode();
    let actions: &[Action] = match mode {
        KeyMode::Scroll => &[
            Action::Cancel,
            Action::Select,
            Action::Copy,
            Action::SearchBackward,
            Action::NextMatch,
            Action::PreviousPrompt,
            Action::CopyOutput,
            Action::EditOutput,
            Action::Top,
            Action::Bottom,
        ],
        KeyMode::Numbers | KeyMode::Hints => &[Action::Cancel],
        _ => return None,
    };
    let bindings = app.keymap.bindings(mode);
    let mut pieces = vec![Piece {
        text: format!("[{}] ", app.words.say(mode.key())),
        style: app.theme.bar_session,
        hit: None,
    }];
    if mode == KeyMode::Hints {
        let text = format!("{}  ", app.words.say("hints-keys"));
        pieces.push(Piece { text, style: app.theme.bar, hit: None });
    }
    for action in actions {
        let Some((keys, _)) = bindings.iter().find(|(_, bound)| bound == action) else { continue };
        let text = format!("{keys} {}  ", action.name());
        pieces.push(Piece { text, style: app.theme.bar, hit: None });
    }
    Some(pieces)
}

fn left(app: &App) -> Vec<Piece> {
    let name = app.layout.as_ref().map_or("", |layout| layout.name.as_str());
    let theme = &app.theme;
    let mut pieces = vec![Piece {
        text: format!("[{}] ", clean(name)),
        style: theme.bar_session,
        hit: Some(BarHit::Session),
    }];
    let last = app.last_tab();
    for tab in app.layout.iter().flat_map(|layout| &layout.tabs) {
        let current = tab.tab == app.tab;
        let alert = wants_you(app, tab);
        let style = match (current, alert) {
            (true, _) => theme.bar_current,
            (false, true) => theme.bar_alert,
            (false, false) => theme.bar,
        };
        pieces.push(Piece {
            text: tab_text(app, tab, last),
            style,
            hit: Some(BarHit::Tab(tab.tab)),
        });
        pieces.push(Piece { text: " ".into(), style: theme.bar, hit: None });
    }
    pieces
}

fn wants_you(app: &App, tab: &WireTab) -> bool {
    leaves(tab).any(|leaf| app.wants(leaf.pane))
}

fn tab_text(app: &App, tab: &WireTab, last: Option<TabId>) -> String {
    let mut text = format!("{}:{}", tab.number, clean(&tab.name));
    if tab.tab == app.tab {
        text.push('*');
    } else if Some(tab.tab) == last {
        text.push('-');
    }
    text.push_str(&app.badges(tab));
    text
}

/// The right end; less of it the less room there is.
fn right(app: &App, moment: &Moment, width: u16) -> String {
    let mut parts = Vec::new();
    if !app.open_keys.is_empty() {
        // That a key was taken is seen at once; what can follow, after a while.
        let so_far: Vec<String> = app.open_keys.iter().map(ToString::to_string).collect();
        parts.push(so_far.join(" "));
    }
    if app.shows_hint() && width >= 80 {
        let keys = app.keymap.keys_of(crate::keymap::Action::Help);
        if let Some(keys) = keys.first() {
            parts.push(app.words.with("bar-help", &[("keys", keys)]));
        }
    }
    parts.extend(inbox(app, width));
    if width >= 60 && !app.host.is_empty() {
        parts.push(clean(&app.host));
    }
    if app.plain {
        // Nothing that changes by itself.
        let leaves: Vec<_> = app.current_tab().map(|tab| leaves(tab).collect()).unwrap_or_default();
        if leaves.len() > 1
            && let Some(at) = leaves.iter().position(|leaf| leaf.pane == app.pane)
        {
            let (number, count) = (at + 1, leaves.len());
            parts.push(app.words.with("plain-pane", &[("number", &number), ("count", &count)]));
        }
        parts.extend(app.link.lost.is_some().then(|| app.words.say("link-gone").to_owned()));
        return parts.join(" · ");
    }
    parts.extend(app.upload_shown());
    parts.push(link(app, moment));
    if width >= 40 {
        match app.wire_pane(app.pane).map(|pane| pane.recorded) {
            Some(true) => parts.push("REC".into()),
            Some(false) => parts.push(app.words.say("bar-unrecorded").to_owned()),
            None => {}
        }
        if app.attached.as_ref().is_some_and(|attached| !attached.writable) {
            parts.push(app.words.say("bar-view").to_owned());
        }
        if width >= 60 {
            parts.extend(company(app));
        }
        parts.push(moment.clock.clone());
    }
    parts.retain(|part| !part.is_empty());
    parts.join(" · ")
}

/// How much was said out of sight and not read yet.
fn inbox(app: &App, width: u16) -> Option<String> {
    let unread = app.unread();
    let shown = unread > 0 && width >= 40;
    shown.then(|| app.words.with("bar-inbox", &[("count", &unread)]))
}

/// The other people who look at this session; one's own other terminals are none.
fn company(app: &App) -> Option<String> {
    let own = app.attached.as_ref()?.attachment;
    let told = app.layout.as_ref()?.ext.find_text(layout_tag::WATCHERS)?;
    let lines = told.lines().filter_map(|line| {
        let (number, rest) = line.split_once(' ')?;
        let (_does, name) = rest.split_once(' ')?;
        Some((number.parse().ok()?, name))
    });
    let all: Vec<(u64, &str)> = lines.collect();
    let me = all.iter().find(|(number, _)| *number == own.0).map(|(_, name)| *name);
    let mut others: Vec<&str> =
        all.iter().map(|(_, name)| *name).filter(|name| Some(*name) != me).collect();
    others.sort_unstable();
    others.dedup();
    match others.as_slice() {
        [] => None,
        [one] => Some(app.words.with("bar-with", &[("names", &clean(one))])),
        [one, two] => {
            let names = format!("{}, {}", clean(one), clean(two));
            Some(app.words.with("bar-with", &[("names", &names)]))
        }
        more => Some(app.words.with("bar-with-many", &[("count", &more.len())])),
    }
}

/// How the link is, always true.
fn link(app: &App, moment: &Moment) -> String {
    if app.link.lost.is_some() {
        return app.words.with("link-lost", &[("seconds", &moment.lost_seconds)]);
    }
    let link = match LinkWords::of(&app.link) {
        LinkWords::Live => app.words.say("link-live").to_owned(),
        LinkWords::Takes(ms) => format!("{ms} ms"),
        LinkWords::Slow(ms) => app.words.with("link-slow", &[("ms", &ms)]),
        LinkWords::Silent(seconds) => app.words.with("link-silent", &[("seconds", &seconds)]),
    };
    match app.link.carrier {
        Some(Carrier::Tcp) => app.words.with("link-tcp", &[("link", &link)]),
        Some(Carrier::Program) => app.words.with("link-via", &[("link", &link)]),
        _ => link,
    }
}

/// What is said of a link that lives, as far as anybody knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LinkWords {
    Live,
    /// Milliseconds.
    Takes(u128),
    Slow(u128),
    /// Seconds.
    Silent(u64),
}

impl LinkWords {
    pub(super) fn of(link: &Link) -> Self {
        if let Some(seconds) = link.silent {
            return Self::Silent(seconds);
        }
        match link.round_trip {
            Some(time) if time >= SLOW => Self::Slow(time.as_millis()),
            Some(time) if time >= LIVE => Self::Takes(time.as_millis()),
            _ => Self::Live,
        }
    }
}

fn clean(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).collect()
}

/// How many columns a text takes.
pub(crate) fn columns(text: &str) -> usize {
    text.chars().map(|c| usize::from(ccc_vt::char_width(c))).sum()
}
