//! From one look to another by SGR. Owns the shortest change that is right: what must go off is
//! switched off by name, and a look that loses much begins anew.

use ccc_vt::{Attrs, Color, Style, Underline};

use super::colors::ColorDepth;

/// Attributes with the parameter that switches them on and the one that switches them off.
const SWITCHES: [(Attrs, &str, &str); 8] = [
    (Attrs::BOLD, "1", "22"),
    (Attrs::DIM, "2", "22"),
    (Attrs::ITALIC, "3", "23"),
    (Attrs::BLINK, "5", "25"),
    (Attrs::INVERSE, "7", "27"),
    (Attrs::CONCEAL, "8", "28"),
    (Attrs::STRIKE, "9", "29"),
    (Attrs::OVERLINE, "53", "55"),
];

/// Appends the sequence that changes the pen. An unknown pen begins with a reset.
pub(super) fn change(from: Option<&Style>, to: &Style, depth: ColorDepth, out: &mut Vec<u8>) {
    let mut parameters = Parameters(Vec::with_capacity(32));
    let blank = Style::default();
    let from = match from {
        Some(from) if *to != blank => from,
        _ => {
            parameters.push("0");
            &blank
        }
    };
    let gone = from.attrs - to.attrs;
    let mut coming = to.attrs - from.attrs;
    for (attribute, _, off) in SWITCHES {
        if gone.contains(attribute) {
            parameters.push_once(off);
        }
    }
    // One parameter switches off both bold and dim; the one that stays must be said again.
    if gone.intersects(Attrs::BOLD | Attrs::DIM) {
        coming |= to.attrs & (Attrs::BOLD | Attrs::DIM);
    }
    for (attribute, on, _) in SWITCHES {
        if coming.contains(attribute) {
            parameters.push(on);
        }
    }
    if from.underline != to.underline {
        parameters.push(match to.underline {
            Underline::None => "24",
            Underline::Single => "4",
            Underline::Double => "4:2",
            Underline::Curly => "4:3",
            Underline::Dotted => "4:4",
            Underline::Dashed => "4:5",
        });
    }
    if from.fg != to.fg {
        parameters.push_color(depth.nearest(to.fg), 30, ';');
    }
    if from.bg != to.bg {
        parameters.push_color(depth.nearest(to.bg), 40, ';');
    }
    if from.underline_color != to.underline_color {
        // Only the colon form is safe: a terminal that does not know it skips the whole.
        parameters.push_color(depth.nearest(to.underline_color), 50, ':');
    }
    if !parameters.0.is_empty() {
        out.extend_from_slice(b"\x1b[");
        out.extend_from_slice(&parameters.0);
        out.push(b'm');
    }
}

struct Parameters(Vec<u8>);

impl Parameters {
    fn push(&mut self, parameter: &str) {
        if !self.0.is_empty() {
            self.0.push(b';');
        }
        self.0.extend_from_slice(parameter.as_bytes());
    }

    fn push_once(&mut self, parameter: &str) {
        let there = self.0.split(|byte| *byte == b';').any(|old| old == parameter.as_bytes());
        if !there {
            self.push(parameter);
        }
    }

    /// `base` is 30 for text, 40 for the background, 50 for the underline.
    fn push_color(&mut self, color: Color, base: u8, separator: char) {
        let s = separator;
        let parameter = match (color, base) {
            (Color::Default, base) => format!("{}", base + 9),
            (Color::Indexed(index @ 0..8), 30 | 40) => format!("{}", base + index),
            (Color::Indexed(index @ 8..16), 30 | 40) => format!("{}", base + 60 + index - 8),
            (Color::Indexed(index), base) => format!("{}{s}5{s}{index}", base + 8),
            (Color::Rgb(r, g, b), 50) => format!("58{s}2{s}{s}{r}{s}{g}{s}{b}"),
            (Color::Rgb(r, g, b), base) => format!("{}{s}2{s}{r}{s}{g}{s}{b}", base + 8),
        };
        self.push(&parameter);
    }
}
