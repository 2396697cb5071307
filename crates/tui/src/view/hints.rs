//! Labels above a pane, and what they stand for. Owns how they look.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::app::{App, Layer};
use crate::surface::Surface;

pub(super) fn draw(app: &App, surface: &mut Surface) {
    let Some(Layer::Hints(hints)) = app.layers.last() else { return };
    let Some(area) = app.area_of(hints.pane) else { return };
    surface.cursor = None;
    let possible: Vec<_> = hints.possible().collect();
    for label in &possible {
        for (row, start, end) in &label.places {
            let start = (*start).min(area.width);
            let width = end.saturating_add(1).min(area.width).saturating_sub(start);
            let place = Rect { x: area.x + start, y: area.y + row, width, height: 1 };
            surface.paint(place.intersection(area), app.theme.labelled);
        }
    }
    // All labels lie above all that they label.
    for label in possible {
        let Some((row, start, _)) = label.places.first() else { continue };
        let width = u16::try_from(label.letters.len()).unwrap_or(1);
        let place = Rect { x: area.x + start, y: area.y + row, width, height: 1 };
        let place = place.intersection(area);
        if place.is_empty() {
            continue;
        }
        let mut chrome = Buffer::empty(place);
        let width = usize::from(place.width);
        chrome.set_stringn(place.x, place.y, &label.letters, width, app.theme.label);
        surface.draw_chrome(&chrome);
    }
}
