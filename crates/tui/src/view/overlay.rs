//! Boxes above the panes: which of them are drawn, and the truth about a lost link.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::{Block, Clear, Paragraph, Widget as _};

use super::images::Shows;
use super::{Moment, find, list, tree};
use crate::app::{App, Layer, Mirrors};
use crate::image::ImageFrom;
use crate::replay;
use crate::surface::Surface;

/// A link that comes back sooner than this is only told by the bar.
const PATIENCE_SECONDS: u64 = 1;

pub(super) fn draw(app: &App, mirrors: &impl Mirrors, moment: &Moment, surface: &mut Surface) {
    for layer in &app.layers {
        if let Layer::Replay(watching) = layer {
            let area = app.layout_area();
            let area = Rect { x: 0, y: 0, width: area.cols, height: area.rows };
            let looks = replay::Looks {
                words: app.words,
                theme: &app.theme,
                plain: app.plain,
                shows: Shows::of(app),
                from: ImageFrom::Recording(watching.number),
            };
            replay::draw(&watching.player, looks, area, surface);
        }
        if let Layer::Find(finding) = layer {
            find::draw(app, finding, surface);
        }
        if let Layer::List(list) = layer {
            list::draw(app, list, list::place(app, list), surface);
            if list.has_picture() && !app.plain {
                tree::draw(app, list, mirrors, surface);
            }
        }
    }
    if matches!(app.layers.last(), Some(Layer::Prompt(_) | Layer::Confirm(_) | Layer::Numbers)) {
        surface.cursor = None;
    }
    // Where nothing changes by itself, the bar says it once.
    if let Some((_, why)) = app.link.lost.as_ref().filter(|_| !app.plain)
        && moment.lost_seconds >= PATIENCE_SECONDS
    {
        draw_lost(app, moment, why, surface);
    }
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

/// The frame of what one chooses from, with the keys that do it; where text is all there is, a title.
pub(super) fn framed<'a>(app: &App, title: &str, keys: &str) -> Block<'a> {
    if app.plain {
        return Block::new().title(format!("{title} ({keys})"));
    }
    Block::bordered()
        .title(format!(" {title} "))
        .title_bottom(Line::from(format!(" {keys} ")).right_aligned())
        .border_style(app.theme.frame)
}

pub(super) fn centred(area: Rect, width: u16, height: u16) -> Rect {
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
