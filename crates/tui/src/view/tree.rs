//! A tree of places on the left, a picture of the chosen one on the right. Owns how the room is shared,
//! and which part of a picture that is larger is shown.

use std::borrow::Cow;

use ccc_vt::Row;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::{Block, Clear, Widget as _};

use crate::app::{App, List, Mirrors};
use crate::surface::Surface;

/// Below this width there is room for the tree alone.
const WITH_PICTURE: u16 = 60;
/// The widest tree.
const TREE: u16 = 44;

/// Where the tree stands.
pub(super) fn place(app: &App) -> Rect {
    let area = app.layout_area();
    let width = if area.cols < WITH_PICTURE { area.cols } else { (area.cols * 2 / 5).min(TREE) };
    Rect { x: 0, y: 0, width, height: area.rows }
}

/// The picture beside it.
pub(super) fn draw(app: &App, list: &List, mirrors: &impl Mirrors, surface: &mut Surface) {
    let (area, tree) = (app.layout_area(), place(app));
    let place = Rect { x: tree.width, width: area.cols - tree.width, ..tree };
    if place.is_empty() {
        return;
    }
    let mut chrome = Buffer::empty(place);
    Clear.render(place, &mut chrome);
    let block = Block::bordered().border_style(app.theme.frame);
    let inside = block.inner(place);
    block.render(place, &mut chrome);
    surface.draw_chrome(&chrome);
    let Some(preview) = list.preview() else { return };
    let rows: Vec<Cow<'_, Row>> = match app.previews.rows(&preview) {
        Some(rows) => rows.iter().map(Cow::Borrowed).collect(),
        None => match mirrors.mirror(preview.pane) {
            Some(mirror) => mirror.rows().iter().map(|row| Cow::Borrowed(row.as_ref())).collect(),
            None => return,
        },
    };
    // What is written last matters most: the end of what is there.
    let used = rows.iter().rposition(|row| !row.text().is_empty()).map_or(0, |last| last + 1);
    let skipped = used.saturating_sub(usize::from(inside.height));
    for (y, row) in (inside.y..inside.bottom()).zip(rows.iter().skip(skipped)) {
        surface.draw_row(inside, y, row);
    }
}
