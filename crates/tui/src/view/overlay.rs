//! Boxes above the panes: lists with their filter, and the truth about a lost link. Owns their places
//! and borders.

use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Rect};
use ratatui::style::{Modifier, Style};
use ratatui::text::Line;
use ratatui::widgets::{
    Block, Clear, Paragraph, Row, StatefulWidget, Table, TableState, Widget as _,
};

use super::bar::columns as width;
use super::{Moment, tree};
use crate::app::{App, Layer, List, ListKind, Mirrors};
use crate::surface::Surface;

/// A link that comes back sooner than this is only told by the bar.
const PATIENCE_SECONDS: u64 = 1;

pub(super) fn draw(app: &App, mirrors: &impl Mirrors, moment: &Moment, surface: &mut Surface) {
    for layer in &app.layers {
        if let Layer::List(list) = layer {
            if list.kind == ListKind::Tree {
                tree::draw(app, list, mirrors, surface);
            } else {
                let place = place_of(list, surface.area());
                draw_list(app, list, place, surface);
            }
            surface.cursor = None;
        }
    }
    if matches!(app.layers.last(), Some(Layer::Prompt(_) | Layer::Confirm(_) | Layer::Numbers)) {
        surface.cursor = None;
    }
    if let Some((_, why)) = &app.link.lost
        && moment.lost_seconds >= PATIENCE_SECONDS
    {
        draw_lost(app, moment, why, surface);
    }
}

/// How wide each column of a list is.
fn widths_of(list: &List) -> Vec<u16> {
    let matching = list.matching();
    let columns = matching.iter().map(|entry| entry.columns.len()).max().unwrap_or(1);
    let width_of = |column: usize| {
        let texts = matching.iter().filter_map(|entry| entry.columns.get(column));
        texts.map(|text| width(text)).max().unwrap_or(0)
    };
    (0..columns).map(|column| u16::try_from(width_of(column)).unwrap_or(u16::MAX)).collect()
}

/// In the middle, as large as it needs to be.
fn place_of(list: &List, area: Rect) -> Rect {
    let widths = widths_of(list);
    let gaps = 2 * u16::try_from(widths.len()).unwrap_or(1);
    let inner = widths.iter().fold(gaps, |sum, width| sum.saturating_add(*width));
    let rows = u16::try_from(list.matching().len()).unwrap_or(u16::MAX);
    centred(area, inner.max(34).saturating_add(2), rows.saturating_add(3))
}

/// A list in a box.
pub(super) fn draw_list(app: &App, list: &List, place: Rect, surface: &mut Surface) {
    let matching = list.matching();
    let widths = widths_of(list);
    if place.is_empty() {
        return;
    }
    let mut chrome = Buffer::empty(place);
    Clear.render(place, &mut chrome);
    let block = Block::bordered()
        .title(format!(" {} ", list.title))
        .title_bottom(Line::from(format!(" {} ", app.words.say("list-keys"))).right_aligned())
        .border_style(app.theme.frame);
    let inside = block.inner(place);
    block.render(place, &mut chrome);
    let filter = format!("> {}", list.filter.text());
    let line = Rect { height: inside.height.min(1), ..inside };
    Paragraph::new(filter)
        .style(Style::new().add_modifier(Modifier::BOLD))
        .render(line, &mut chrome);
    let body = Rect {
        y: inside.y + line.height,
        height: inside.height.saturating_sub(line.height),
        ..inside
    };
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
    let mut state = TableState::new().with_selected(Some(list.selected));
    StatefulWidget::render(table, body, &mut chrome, &mut state);
    surface.draw_chrome(&chrome);
}

fn draw_lost(app: &App, moment: &Moment, why: &str, surface: &mut Surface) {
    let mut lines = vec![
        Line::from(app.words.with("lost-why", &[("why", &why)])),
        Line::from(app.words.with("lost-trying", &[("seconds", &moment.lost_seconds)])),
    ];
    if app.link.unsure > 0 {
        lines.push(Line::from(app.words.with("lost-unsure", &[("count", &app.link.unsure)])));
    }
    let detach = app.keymap.keys_of(crate::keymap::Action::Detach);
    if let Some(keys) = detach.first() {
        lines.push(Line::from(app.words.with("lost-leave", &[("keys", keys)])));
    }
    let width = lines.iter().map(Line::width).max().unwrap_or(0);
    let height = u16::try_from(lines.len()).unwrap_or(3) + 2;
    let place = centred(surface.area(), u16::try_from(width).unwrap_or(60) + 4, height);
    if place.is_empty() {
        return;
    }
    let mut chrome = Buffer::empty(place);
    Clear.render(place, &mut chrome);
    let title = format!(" {} ", app.words.say("lost-title"));
    let block = Block::bordered().border_style(app.theme.warning).title(title);
    Paragraph::new(lines).block(block).render(place, &mut chrome);
    surface.draw_chrome(&chrome);
    surface.cursor = None;
}

fn centred(area: Rect, width: u16, height: u16) -> Rect {
    let area = Rect { height: area.height.saturating_sub(1), ..area };
    let width = width.min(area.width);
    let height = height.min(area.height);
    Rect {
        x: area.x + (area.width - width) / 2,
        y: area.y + (area.height - height) / 2,
        width,
        height,
    }
}
