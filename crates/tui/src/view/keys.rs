//! The keys that can follow those that are open, above the bar, by groups. Owns the flow of the
//! entries into columns and what gives way when there is little room.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Clear, Widget as _};

use crate::app::App;
use crate::keymap::{Action, Group};
use crate::surface::Surface;

/// Columns of one entry.
const WIDTH: u16 = 26;
/// Of those, for the keys.
const KEYS: usize = 8;

/// One line of the panel.
enum Item {
    Heading(Group),
    Key(String, &'static str),
}

pub(super) fn draw(app: &App, surface: &mut Surface) {
    // Where nothing appears by itself, `?` has them all.
    if !app.keys_shown || app.plain {
        return;
    }
    let items = items(&app.keymap.continuations(app.key_mode(), &app.open_keys));
    let area = surface.area();
    let rows_above = area.height.saturating_sub(u16::from(app.bar));
    let columns = (area.width.saturating_sub(2) / WIDTH).max(1);
    let count = u16::try_from(items.len()).unwrap_or(u16::MAX);
    let height = count.div_ceil(columns).saturating_add(2).min(rows_above);
    if height < 3 || area.width < WIDTH {
        return;
    }
    let place = Rect { x: 0, y: rows_above - height, width: area.width, height };
    let mut chrome = Buffer::empty(place);
    Clear.render(place, &mut chrome);
    let so_far: Vec<String> = app.open_keys.iter().map(ToString::to_string).collect();
    let block =
        Block::bordered().title(format!(" {} ", so_far.join(" "))).border_style(app.theme.frame);
    let inside = block.inner(place);
    block.render(place, &mut chrome);
    for (index, item) in (0_u16..).zip(&items) {
        let (column, row) = (index / inside.height, index % inside.height);
        let x = inside.x + column * WIDTH;
        if x + WIDTH > inside.right() && column > 0 {
            break;
        }
        let line = match item {
            Item::Heading(group) => {
                Line::styled(app.words.say(group.key()).to_owned(), app.theme.heading)
            }
            Item::Key(keys, name) => Line::from(vec![
                Span::styled(format!("{keys:<KEYS$} "), app.theme.key),
                Span::raw(*name),
            ]),
        };
        chrome.set_line(x, inside.y + row, &line, WIDTH - 1);
    }
    surface.draw_chrome(&chrome);
}

/// The entries by group; an action once, with its first keys, and all digits in one.
fn items(open: &[(String, Action)]) -> Vec<Item> {
    let mut items = Vec::new();
    for group in Group::ALL {
        let mut names: Vec<&'static str> = Vec::new();
        for (keys, action) in open {
            let name = action.doc_name();
            if action.group() != group || !action.is_available() || names.contains(&name) {
                continue;
            }
            if names.is_empty() {
                items.push(Item::Heading(group));
            }
            names.push(name);
            let keys = if name == action.name() { keys.clone() } else { "0-9".into() };
            items.push(Item::Key(keys, name));
        }
    }
    items
}
