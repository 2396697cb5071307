//! A look as the parameters of the one SGR that gives it. Owns how each part is written; the way from one look
//! to the next is whoever draws's, and reading them the engine's.

use std::fmt::Write as _;

use crate::style::{Attrs, Color, Style, Underline};

/// What stands between the parts of a colour of text or ground. That of an underline has colons always, as
/// a reader that does not know it then passes over it as one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SgrParts {
    /// As ISO 8613-6 has it, and terminals answer.
    Colons,
    /// As every terminal reads it.
    Semicolons,
}

/// The parameters that give exactly this look, whatever came before; links are not in them.
#[must_use]
pub fn sgr(style: &Style, parts: SgrParts) -> String {
    const ATTRIBUTES: [(Attrs, u8); 8] = [
        (Attrs::BOLD, 1),
        (Attrs::DIM, 2),
        (Attrs::ITALIC, 3),
        (Attrs::BLINK, 5),
        (Attrs::INVERSE, 7),
        (Attrs::CONCEAL, 8),
        (Attrs::STRIKE, 9),
        (Attrs::OVERLINE, 53),
    ];
    let mut out = String::from("0");
    // Writing to a string cannot fail.
    let mut put = |arguments: std::fmt::Arguments<'_>| out.write_fmt(arguments).unwrap_or(());
    for (attribute, number) in ATTRIBUTES {
        if style.attrs.contains(attribute) {
            put(format_args!(";{number}"));
        }
    }
    match style.underline {
        Underline::None => {}
        Underline::Single => put(format_args!(";4")),
        other => put(format_args!(";4:{}", other.number())),
    }
    for (color, base) in [(style.fg, 30_u8), (style.bg, 40), (style.underline_color, 50)] {
        let number = base + 8;
        let colons = base == 50 || parts == SgrParts::Colons;
        match color {
            Color::Default => {}
            Color::Indexed(index @ 0..8) if base < 50 => put(format_args!(";{}", base + index)),
            Color::Indexed(index @ 8..16) if base < 50 => {
                put(format_args!(";{}", base + 60 + index - 8));
            }
            Color::Indexed(index) if colons => put(format_args!(";{number}:5:{index}")),
            Color::Rgb(r, g, b) if colons => put(format_args!(";{number}:2::{r}:{g}:{b}")),
            Color::Indexed(index) => put(format_args!(";{number};5;{index}")),
            Color::Rgb(r, g, b) => put(format_args!(";{number};2;{r};{g};{b}")),
        }
    }
    out
}
