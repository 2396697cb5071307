//! The picture of a terminal that can do what modern ones can: every attribute, underline styles, links, images.
//! Our own engine stands behind it, so it tells whether two ways lead to the same screen, and not
//! whether that screen is right.

use std::fmt::Write as _;

use ccc_vt::image::placeholder::is_placeholder;
use ccc_vt::{Attrs, Color, Screen, Size, Style, Underline};

use super::{Picture, images};

const NAMES: [(Attrs, &str); 8] = [
    (Attrs::BOLD, "bold"),
    (Attrs::DIM, "dim"),
    (Attrs::ITALIC, "italic"),
    (Attrs::BLINK, "blink"),
    (Attrs::INVERSE, "inverse"),
    (Attrs::CONCEAL, "conceal"),
    (Attrs::STRIKE, "strike"),
    (Attrs::OVERLINE, "overline"),
];

impl Picture {
    /// Looks at this much of a screen, from its top left corner on.
    pub fn exact(screen: &Screen, size: Size) -> Self {
        let mut rows = Vec::new();
        let mut lines = Vec::new();
        for row in screen.rows().take(usize::from(size.rows)) {
            let (mut line, mut plain) = (String::new(), String::new());
            let mut pen = String::new();
            let mut column = 0;
            for cell in row.cells() {
                column += u16::from(cell.width());
                if column > size.cols {
                    break;
                }
                // What a piece of an image is written with is not to be seen.
                let blank = cell.text().is_empty() || is_placeholder(cell.text());
                let text = if blank { " " } else { cell.text() };
                let mut style = cell.style();
                if screen.modes().reverse_screen {
                    style.attrs.toggle(Attrs::INVERSE);
                }
                let style = look(screen, style, text);
                if style != pen {
                    let _written = write!(line, "<{style}>");
                    pen = style;
                }
                line.push_str(text);
                plain.push_str(text);
            }
            rows.push(line.trim_end().to_owned());
            lines.push(plain.trim_end().to_owned());
        }
        let cursor = screen.cursor();
        let cursor = cursor.visible.then_some((cursor.row, cursor.col));
        Self { rows, cursor, images: images::shown(screen, size), lines }
    }
}

/// What is to be seen of a style: a blank has no colour but its background's.
fn look(screen: &Screen, style: Style, text: &str) -> String {
    let drawn = Attrs::INVERSE | Attrs::STRIKE | Attrs::OVERLINE;
    let unseen =
        text == " " && style.underline == Underline::None && !style.attrs.intersects(drawn);
    let mut words = Vec::new();
    if !unseen {
        let names = NAMES.iter().filter(|(attr, _)| style.attrs.contains(*attr));
        words.extend(names.map(|(_, name)| (*name).to_owned()));
        if style.underline != Underline::None {
            words.push(format!("underline {}", style.underline.number()));
        }
        for (what, color) in [("", style.fg), ("underlined in ", style.underline_color)] {
            if color != Color::Default {
                words.push(format!("{what}{}", name(color)));
            }
        }
    }
    if style.bg != Color::Default {
        words.push(format!("on {}", name(style.bg)));
    }
    if let Some(link) = style.link.and_then(|id| screen.link(id)) {
        words.push(format!("to {}", link.uri));
    }
    words.join(" ")
}

fn name(color: Color) -> String {
    match color {
        Color::Default => "default".into(),
        Color::Indexed(index) => index.to_string(),
        Color::Rgb(red, green, blue) => format!("#{red:02x}{green:02x}{blue:02x}"),
    }
}
