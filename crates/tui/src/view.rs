//! From the state to a picture. Decides nothing: what is shown where follows from the state alone.

pub(crate) mod bar;
mod borders;
mod hints;
mod keys;
mod overlay;
mod panes;
mod tree;

use ccc_vt::Size;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::app::{App, Mirrors};
use crate::surface::Surface;

/// What varies from moment to moment and is not state.
#[derive(Clone, Debug, Default)]
pub(crate) struct Moment {
    /// The time of day, as the bar shows it.
    pub(crate) clock: String,
    /// Whole seconds since the link was lost.
    pub(crate) lost_seconds: u64,
}

/// Draws everything.
pub(crate) fn draw(app: &App, mirrors: &impl Mirrors, moment: &Moment) -> Surface {
    let Size { cols, rows } = app.size;
    let mut surface = Surface::new(app.size);
    panes::draw_tiled(app, mirrors, &mut surface);
    borders::draw(app, &mut surface);
    panes::draw_floating(app, mirrors, &mut surface);
    borders::draw_numbers(app, &mut surface);
    hints::draw(app, &mut surface);
    overlay::draw(app, mirrors, moment, &mut surface);
    keys::draw(app, &mut surface);
    if app.bar && rows > 1 {
        let mut chrome = Buffer::empty(Rect { x: 0, y: rows - 1, width: cols, height: 1 });
        bar::draw(app, moment, &mut chrome);
        surface.draw_chrome(&chrome);
    }
    surface.title = title(app, mirrors);
    surface
}

fn title(app: &App, mirrors: &impl Mirrors) -> String {
    let session = app.layout.as_ref().map_or("", |layout| layout.name.as_str());
    let program = mirrors.mirror(app.pane).map_or("", |mirror| mirror.title());
    let title = if program.is_empty() { session.into() } else { format!("{session}: {program}") };
    title.chars().filter(|c| !c.is_control()).collect()
}
