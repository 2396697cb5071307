//! A list in a box, with the line that narrows it. Owns where it stands, where its entries are, and so
//! which one is under the pointer.

use ccc_client::proto::SearchEnd;
use ccc_vt::Cursor;
use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Margin, Rect};
use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Clear, Paragraph, Row, StatefulWidget, Table, TableState, Widget as _};

use super::bar::columns as width;
use super::overlay::{centred, framed};
use super::tree;
use crate::app::{App, List, ListKind, Matching, OlderState, Pointed, first_shown};
use crate::surface::Surface;

/// How wide each column of a list is.
fn widths_of(list: &List) -> Vec<u16> {
    let matching = list.matching();
    // What is far below in a history of thousands does not make its columns wider.
    let looked_at = if list.kind == ListKind::History { 200 } else { usize::MAX };
    let matching = matching.get(..looked_at.min(matching.len())).unwrap_or(&matching);
    let columns = matching.iter().map(|entry| entry.columns.len()).max().unwrap_or(1);
    let width_of = |column: usize| {
        let texts = matching.iter().filter_map(|entry| entry.columns.get(column));
        texts.map(|text| width(text)).max().unwrap_or(0)
    };
    (0..columns).map(|column| u16::try_from(width_of(column)).unwrap_or(u16::MAX)).collect()
}

/// Where a list stands: a tree at the left, others in the middle and as large as they need to be.
pub(crate) fn place(app: &App, list: &List) -> Rect {
    if app.plain {
        let area = app.layout_area();
        return Rect { x: 0, y: 0, width: area.cols, height: area.rows };
    }
    if list.has_picture() {
        return tree::place(app);
    }
    let widths = widths_of(list);
    let gaps = 2 * u16::try_from(widths.len()).unwrap_or(1);
    let inner = widths.iter().fold(gaps, |sum, width| sum.saturating_add(*width));
    let rows = u16::try_from(list.matching().len()).unwrap_or(u16::MAX);
    let area = Rect { x: 0, y: 0, width: app.size.cols, height: app.size.rows };
    if list.kind == ListKind::History {
        // It does not jump while one types.
        return centred(area, area.width, area.height.saturating_sub(2));
    }
    centred(area, inner.max(34).saturating_add(2), rows.saturating_add(3))
}

/// Where the entries are: inside the frame, below the line that narrows.
fn entries_of(app: &App, place: Rect) -> Rect {
    if app.plain {
        // Title and filter above, and no frame.
        let height = place.height.saturating_sub(2);
        return Rect { y: place.y + place.height.min(2), height, ..place };
    }
    Rect {
        x: place.x.saturating_add(1),
        y: place.y.saturating_add(2),
        width: place.width.saturating_sub(2),
        height: place.height.saturating_sub(3),
    }
}

/// What stands at a place of the screen.
pub(crate) fn pointed(app: &App, list: &List, col: u16, row: u16) -> Pointed {
    let place = place(app, list);
    let body = entries_of(app, place);
    let count = list.matching().len();
    let index = moved(list, body, count) + usize::from(row.saturating_sub(body.y));
    if body.contains((col, row).into()) && index < count {
        return Pointed::Entry(index);
    }
    within(app, place, col, row)
}

/// Whether a place that is no entry lies inside the frame.
pub(super) fn within(app: &App, place: Rect, col: u16, row: u16) -> Pointed {
    let margin = u16::from(!app.plain);
    let inside = place.inner(Margin::new(margin, margin));
    if inside.contains((col, row).into()) { Pointed::Inside } else { Pointed::Beside }
}

/// How many entries are seen at once.
pub(crate) fn height(app: &App, list: &List) -> usize {
    usize::from(entries_of(app, place(app, list)).height)
}

/// How many entries are above the box.
fn moved(list: &List, body: Rect, count: usize) -> usize {
    first_shown(list.top, list.selected, usize::from(body.height), count)
}

fn title(app: &App, list: &List) -> String {
    if list.kind != ListKind::History {
        return list.title.clone();
    }
    let by = match list.by {
        Matching::Loose => "match-loose",
        Matching::Start => "match-start",
        Matching::Regex => "match-regex",
    };
    format!("{} · {}", list.title, app.words.say(by))
}

/// What is to be said of commands behind those that came.
fn older(app: &App, list: &List) -> Span<'static> {
    let Some(older) = &list.older else { return Span::default() };
    let count = list.matching().len();
    let said = |key: &str| app.words.with(key, &[("count", &count)]);
    match &older.state {
        OlderState::Idle => Span::default(),
        OlderState::Looking => Span::raw(said("history-looking")),
        OlderState::Done(_) if count == 0 => Span::raw(said("find-nothing")),
        OlderState::Done(SearchEnd::COUNT) => {
            Span::raw(app.words.with("find-more", &[("found", &said("find-done"))]))
        }
        OlderState::Done(_) => Span::raw(said("find-done")),
        // An expression that is wrong is explained on several lines; the last one says what it is.
        OlderState::Failed(why) => {
            let why = why.lines().last().unwrap_or_default().to_owned();
            Span::styled(why, app.theme.warning)
        }
    }
}

/// A list in a box, or without one where text is all there is.
pub(super) fn draw(app: &App, list: &List, place: Rect, surface: &mut Surface) {
    let matching = list.matching();
    let widths = widths_of(list);
    if place.is_empty() {
        return;
    }
    let mut chrome = Buffer::empty(place);
    Clear.render(place, &mut chrome);
    let keys = if list.kind == ListKind::History { "history-keys" } else { "list-keys" };
    let keys = app.words.say(keys);
    let title = title(app, list);
    let block = framed(app, &title, keys);
    let inside = block.inner(place);
    block.render(place, &mut chrome);
    let filter = format!("> {}", list.filter.text());
    let line = Rect { height: inside.height.min(1), ..inside };
    Paragraph::new(filter)
        .style(Style::new().add_modifier(Modifier::BOLD))
        .render(line, &mut chrome);
    let older = older(app, list);
    let wide = u16::try_from(width(&older.content)).unwrap_or(u16::MAX);
    let right = Rect { x: line.right().saturating_sub(wide), ..line }.intersection(line);
    Paragraph::new(Line::from(older)).render(right, &mut chrome);
    let body = entries_of(app, place);
    let rows = matching.iter().map(|entry| {
        Row::new(
            entry
                .columns
                .iter()
                .map(|text| text.chars().filter(|c| !c.is_control()).collect::<String>()),
        )
    });
    let widths = widths.iter().map(|width| Constraint::Length(*width));
    let table = Table::new(rows, widths).column_spacing(2).row_highlight_style(app.theme.chosen);
    let moved = moved(list, body, matching.len());
    let mut state = TableState::new().with_offset(moved).with_selected(Some(list.selected));
    StatefulWidget::render(table, body, &mut chrome, &mut state);
    surface.draw_chrome(&chrome);
    // The cursor is where the next letter goes; a screen reader is to find the entry that is chosen.
    let typed = u16::try_from(2 + width(list.filter.before())).unwrap_or(u16::MAX);
    let chosen = u16::try_from(list.selected - moved.min(list.selected)).unwrap_or(0);
    let (col, row) = if app.plain {
        (body.x, body.y.saturating_add(chosen))
    } else {
        (inside.x.saturating_add(typed), inside.y)
    };
    surface.cursor = place.contains((col, row).into()).then(|| Cursor {
        col,
        row,
        visible: true,
        ..Cursor::default()
    });
}
