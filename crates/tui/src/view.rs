//! From the state to a picture. Decides nothing: what is shown where follows from the state alone.

mod again;
pub(crate) mod bar;
mod borders;
pub(crate) mod find;
mod hints;
pub(crate) mod images;
mod keys;
pub(crate) mod list;
mod overlay;
mod panes;
mod tree;

pub(crate) use self::bar::columns;
use ccc_client::proto::WireModes;
use ccc_vt::{KittyFlags, Size};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

pub(crate) use self::again::Kept;
use crate::app::{App, Mirrors};
use crate::surface::{Surface, Wants};

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
    if app.raw.is_some() {
        panes::draw_alone(app, mirrors, &mut surface);
        surface.title = title(app, mirrors);
        surface.wants = wants(app, mirrors);
        return surface;
    }
    panes::draw_tiled(app, mirrors, &mut surface);
    if !app.plain {
        borders::draw(app, &mut surface);
    }
    panes::draw_floating(app, mirrors, &mut surface);
    borders::draw_numbers(app, &mut surface);
    hints::draw(app, &mut surface);
    overlay::draw(app, mirrors, moment, &mut surface);
    keys::draw(app, &mut surface);
    // Without a bar, what is asked or said stands over the last row for as long as it is.
    if (app.bar || bar::has_more(app)) && rows > 1 {
        let place = Rect { x: 0, y: rows - 1, width: cols, height: 1 };
        let mut chrome = Buffer::empty(place);
        bar::draw(app, moment, &mut chrome);
        surface.draw_chrome(&chrome);
        surface.cursor = bar::cursor(app, place).or(surface.cursor);
    }
    surface.title = title(app, mirrors);
    surface.wants = wants(app, mirrors);
    surface
}

fn wants(app: &App, mirrors: &impl Mirrors) -> Wants {
    let modes = |pane| mirrors.mirror(pane).map(|mirror| mirror.modes()).unwrap_or_default();
    let wanted = modes(app.pane);
    // Without a screen of ours the mouse is the outer terminal's, unless the program asks for it.
    let asked =
        wanted.0 & (WireModes::MOUSE_PRESS | WireModes::MOUSE_DRAG | WireModes::MOUSE_MOVE) != 0;
    let pointer = app.settings.mouse && (app.raw.is_none() || asked);
    let alternate = app.raw.is_some() && wanted.has(WireModes::ALTERNATE_SCREEN);
    let pointer_moves =
        app.shown_panes().iter().any(|(pane, _)| modes(*pane).has(WireModes::MOUSE_MOVE));
    let mut keys = KittyFlags::DISAMBIGUATE;
    // While ccc itself reads the keys, a press is all it needs.
    if app.layers.is_empty() {
        let asked = modes(app.pane);
        for (bit, flag) in [
            (WireModes::KEY_RELEASES, KittyFlags::EVENT_TYPES),
            (WireModes::ALTERNATE_KEYS, KittyFlags::ALTERNATE_KEYS),
            (WireModes::ALL_KEYS, KittyFlags::ALL_KEYS),
            (WireModes::KEY_TEXT, KittyFlags::ASSOCIATED_TEXT),
        ] {
            keys.set(flag, asked.has(bit));
        }
    }
    let progress = mirrors.mirror(app.pane).map(|mirror| mirror.progress()).unwrap_or_default();
    Wants { own: app.raw.is_some(), alternate, pointer, pointer_moves, keys, progress }
}

fn title(app: &App, mirrors: &impl Mirrors) -> String {
    let session = app.layout.as_ref().map_or("", |layout| layout.name.as_str());
    let program = mirrors.mirror(app.pane).map_or("", |mirror| mirror.title());
    let title = if program.is_empty() { session.into() } else { format!("{session}: {program}") };
    title.chars().filter(|c| !c.is_control()).collect()
}
