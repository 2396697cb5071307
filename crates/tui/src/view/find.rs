//! The search in all recordings: the line that is typed, the finds, and what stands around the chosen one.

use std::time::Duration;

use ccc_client::parts;
use ccc_client::proto::{SearchEnd, SearchFind};
use ccc_vt::Cursor;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Clear, Paragraph, Widget as _};

use super::bar::columns as width;
use super::list::within;
use super::overlay::{centred, framed};
use crate::app::{App, FindEntry, FindState, Finding, Pointed, first_shown, short};
use crate::surface::Surface;

/// Rows for what stands around the chosen find, with the line above them.
const AROUND: u16 = 8;
/// Rows of finds below which nothing around the chosen one is shown.
const LEAST: u16 = 4;
/// Columns of a place, at most.
const PLACE: usize = 18;
/// Columns before a match that is far to the right.
const BEFORE: usize = 20;

pub(super) fn draw(app: &App, finding: &Finding, surface: &mut Surface) {
    let place = place(app);
    if place.is_empty() {
        return;
    }
    let mut chrome = Buffer::empty(place);
    Clear.render(place, &mut chrome);
    let mode = if finding.regex { "match-regex" } else { "find-text" };
    let title = format!("{} · {}", app.words.say("title-find"), app.words.say(mode));
    let keys = app.words.say("find-keys");
    let block = framed(app, &title, keys);
    let inside = block.inner(place);
    block.render(place, &mut chrome);
    let rows: Vec<Rect> = inside.rows().collect();
    let Some((first, body)) = rows.split_first() else { return };
    let bold = Style::new().add_modifier(Modifier::BOLD);
    Paragraph::new(format!("> {}", finding.line.text())).style(bold).render(*first, &mut chrome);
    let state = state(app, finding);
    Paragraph::new(Line::from(state).right_aligned()).render(
        Rect { x: first.right().saturating_sub(wide(&state_text(app, finding))), ..*first }
            .intersection(*first),
        &mut chrome,
    );
    let (list, below) = body.split_at(usize::from(finds_of(app, place).height).min(body.len()));
    let entries = finding.entries();
    let moved = first_shown(finding.top, finding.selected, list.len(), entries.len());
    let shown = entries.iter().enumerate().skip(moved);
    for (row, (number, entry)) in list.iter().zip(shown) {
        let Some(find) = finding.finds.get(entry.find) else { break };
        let style = if number == finding.selected { app.theme.chosen } else { Style::default() };
        Paragraph::new(row_of(app, find, entry)).style(style).render(*row, &mut chrome);
        draw_count(app, entry, *row, style, &mut chrome);
    }
    if let Some(find) = finding.chosen() {
        draw_around(app, find, below, &mut chrome);
    }
    surface.draw_chrome(&chrome);
    let typed = u16::try_from(2 + width(finding.line.before())).unwrap_or(u16::MAX);
    // As in lists: a screen reader is to find what is chosen.
    let chosen =
        list.get(finding.selected - moved).filter(|_| app.plain && !finding.finds.is_empty());
    let (col, row) = match chosen {
        Some(row) => (row.x, row.y),
        None => (first.x.saturating_add(typed), first.y),
    };
    surface.cursor = place.contains((col, row).into()).then(|| Cursor {
        col,
        row,
        visible: true,
        ..Cursor::default()
    });
}

/// What stands at a place of the screen.
pub(crate) fn pointed(app: &App, finding: &Finding, col: u16, row: u16) -> Pointed {
    let place = place(app);
    let finds = finds_of(app, place);
    let count = finding.entries().len();
    let moved = first_shown(finding.top, finding.selected, finds.height.into(), count);
    let index = moved + usize::from(row.saturating_sub(finds.y));
    if finds.contains((col, row).into()) && index < count {
        return Pointed::Entry(index);
    }
    within(app, place, col, row)
}

/// How many finds are seen at once.
pub(crate) fn height(app: &App) -> usize {
    finds_of(app, place(app)).height.into()
}

/// Where the finds are: below the line that is typed, above what stands around the chosen one.
fn finds_of(app: &App, place: Rect) -> Rect {
    let inside = framed(app, "", "").inner(place);
    let body = inside.height.saturating_sub(1);
    let around = body.saturating_sub(LEAST).min(AROUND);
    let around = if around >= 3 { around } else { 0 };
    Rect { y: inside.y.saturating_add(1), height: body - around, ..inside }
}

fn place(app: &App) -> Rect {
    let area = Rect { x: 0, y: 0, width: app.size.cols, height: app.size.rows };
    if app.plain {
        let area = app.layout_area();
        return Rect { x: 0, y: 0, width: area.cols, height: area.rows };
    }
    centred(area, area.width, area.height.saturating_sub(2))
}

fn wide(text: &str) -> u16 {
    u16::try_from(width(text)).unwrap_or(u16::MAX)
}

fn state(app: &App, finding: &Finding) -> Span<'static> {
    let style = match finding.state {
        FindState::Failed(_) => app.theme.warning,
        _ => Style::default(),
    };
    Span::styled(state_text(app, finding), style)
}

fn state_text(app: &App, finding: &Finding) -> String {
    let count = finding.finds.len();
    let entries = finding.entries().len();
    let found = if entries == count {
        app.words.with("find-done", &[("count", &count)])
    } else {
        app.words.with("find-listed", &[("count", &count), ("entries", &entries)])
    };
    match &finding.state {
        FindState::Idle => String::new(),
        FindState::Looking { pieces, of } => {
            app.words.with("find-looking", &[("found", &found), ("pieces", pieces), ("of", of)])
        }
        FindState::Done(_) if count == 0 => app.words.say("find-nothing").to_owned(),
        FindState::Done(SearchEnd::COUNT) => app.words.with("find-more", &[("found", &found)]),
        FindState::Done(_) => found,
        // An expression that is wrong is explained on several lines; the last one says what it is.
        FindState::Failed(why) => why.lines().last().unwrap_or_default().to_owned(),
    }
}

/// A find as one row: how long ago, where, and the line with its matches. Below the newest of those that are equal,
/// where it is has been said.
fn row_of<'a>(app: &App, find: &'a SearchFind, entry: &FindEntry) -> Line<'a> {
    let age = match find.at_unix_ms {
        0 => "-".to_owned(),
        ms => match short(app.wall.saturating_sub(Duration::from_millis(ms))) {
            none if none.is_empty() => app.words.say("find-now").to_owned(),
            age => age,
        },
    };
    let place = if entry.is_older() { "" } else { &find.place };
    let mut spans = vec![
        Span::raw(format!("{age:>4}  ")),
        Span::styled(padded(place), app.theme.heading),
        Span::raw("  "),
    ];
    spans.extend(marked(app, find));
    Line::from(spans)
}

/// At the end of a row: for how many that are equal it stands.
fn draw_count(app: &App, entry: &FindEntry, row: Rect, style: Style, chrome: &mut Buffer) {
    if entry.count < 2 {
        return;
    }
    let count = format!(" {}", app.words.with("find-equal", &[("count", &entry.count)]));
    let at = Rect { x: row.right().saturating_sub(wide(&count)), ..row }.intersection(row);
    // What stands there already may have marks.
    Clear.render(at, chrome);
    Paragraph::new(Span::styled(count, app.theme.heading)).style(style).render(at, chrome);
}

fn padded(place: &str) -> String {
    let clean: String = place.chars().filter(|c| !c.is_control()).take(PLACE).collect();
    let pad = PLACE.saturating_sub(width(&clean));
    format!("{clean}{}", " ".repeat(pad))
}

/// The line of a find from a little before its first match.
fn marked<'a>(app: &App, find: &'a SearchFind) -> Vec<Span<'a>> {
    let first = find.matches.first().and_then(|part| usize::try_from(part.from).ok()).unwrap_or(0);
    let lead = find.text.get(..first).unwrap_or_default();
    let mut from = 0;
    if width(lead) > 2 * BEFORE {
        let kept = lead.char_indices().rev().nth(BEFORE).map_or(0, |(at, _)| at);
        from = kept;
    }
    let mut spans = Vec::new();
    if from > 0 {
        spans.push(Span::raw("…"));
    }
    spans.extend(parts(find, from).map(|(part, matched)| {
        let style = if matched { app.theme.found } else { Style::default() };
        Span::styled(part, style)
    }));
    spans
}

/// Lines around the chosen find, below a line of their own.
fn draw_around(app: &App, find: &SearchFind, rows: &[Rect], chrome: &mut Buffer) {
    let Some((rule, rows)) = rows.split_first() else { return };
    if !app.plain {
        let line = "─".repeat(usize::from(rule.width));
        Paragraph::new(line).style(app.theme.frame).render(*rule, chrome);
    }
    let before = rows.len().saturating_sub(1) / 2;
    let skipped = find.before.len().saturating_sub(before);
    let mut lines: Vec<Line<'_>> =
        find.before.iter().skip(skipped).map(|line| Line::raw(line.as_str())).collect();
    lines.push(Line::from(marked(app, find)));
    lines.extend(find.after.iter().map(|line| Line::raw(line.as_str())));
    for (row, line) in rows.iter().zip(lines) {
        Paragraph::new(line).render(*row, chrome);
    }
}
