//! SGR: the pen. Colours in every form in use: `38;2;r;g;b`, `38:2:r:g:b`, `38:2::r:g:b` (ITU T.416),
//! `38;5;n`, `38:5:n`; the same for 48 and 58.

use super::Engine;
use crate::parser::{Groups, Params};
use crate::{Attrs, Color, Style, Underline};

impl Engine {
    pub(super) fn select_graphics(&mut self, params: &Params) {
        let pen = &mut self.cursor.pen;
        match params.flat() {
            Some(flat) => apply_flat(pen, flat),
            None => apply(pen, params.groups()),
        }
        self.pen_id = None;
    }
}

/// The same as [`apply`] for parameters without sub-parameters, which are nearly all.
fn apply_flat(pen: &mut Style, params: &[u16]) {
    if params.is_empty() {
        return reset(pen);
    }
    let mut rest = params;
    while let [code, after @ ..] = rest {
        rest = after;
        let color = match (code, after) {
            (38 | 48 | 58, [5, index, after @ ..]) => {
                rest = after;
                indexed(*index)
            }
            (38 | 48 | 58, [2, red, green, blue, after @ ..]) => {
                rest = after;
                rgb(*red, *green, *blue)
            }
            // Cut short: what is missing is 0.
            (38 | 48 | 58, [kind, parts @ ..]) => {
                let part = |at: usize| parts.get(at).copied().unwrap_or(0);
                rest = if matches!(kind, 2 | 5) { &[] } else { parts };
                match kind {
                    2 => rgb(part(0), part(1), part(2)),
                    5 => indexed(part(0)),
                    _ => continue,
                }
            }
            (38 | 48 | 58, []) => return,
            (4, _) => {
                pen.underline = Underline::Single;
                continue;
            }
            _ => {
                one(pen, *code);
                continue;
            }
        };
        match code {
            38 => pen.fg = color,
            48 => pen.bg = color,
            _ => pen.underline_color = color,
        }
    }
}

/// Changes a style by SGR parameters; none at all is 0.
pub(super) fn apply(pen: &mut Style, mut groups: Groups<'_>) {
    if groups.is_empty() {
        reset(pen);
        return;
    }
    while let Some(group) = groups.next() {
        let Some((code, subs)) = group.split_first() else { return };
        match code {
            38 | 48 | 58 => {
                let color = match subs {
                    [] => {
                        // The old form: the next parameters belong to it.
                        let mut next = || groups.flat().unwrap_or(0);
                        match next() {
                            2 => Some(rgb(next(), next(), next())),
                            5 => Some(indexed(next())),
                            _ => None,
                        }
                    }
                    [2, r, g, b] | [2, _, r, g, b, ..] => Some(rgb(*r, *g, *b)),
                    [5, index, ..] => Some(indexed(*index)),
                    _ => None,
                };
                match (code, color) {
                    (_, None) => {}
                    (38, Some(color)) => pen.fg = color,
                    (48, Some(color)) => pen.bg = color,
                    (_, Some(color)) => pen.underline_color = color,
                }
            }
            4 => {
                let style = subs.first().copied().unwrap_or(1);
                let style = u8::try_from(style).ok().and_then(Underline::from_number);
                if let Some(style) = style {
                    pen.underline = style;
                }
            }
            _ => one(pen, *code),
        }
    }
}

fn reset(pen: &mut Style) {
    // Neither the link nor protection belongs to SGR.
    let protected = pen.attrs & Attrs::PROTECTED;
    *pen = Style { link: pen.link, attrs: protected, ..Style::default() };
}

fn one(pen: &mut Style, code: u16) {
    // The ranges below keep the remainder under 16.
    let color = |first: u16, base: u8| Color::Indexed(base + (code - first) as u8);
    match code {
        0 => reset(pen),
        1 => pen.attrs.insert(Attrs::BOLD),
        2 => pen.attrs.insert(Attrs::DIM),
        3 => pen.attrs.insert(Attrs::ITALIC),
        5 | 6 => pen.attrs.insert(Attrs::BLINK),
        7 => pen.attrs.insert(Attrs::INVERSE),
        8 => pen.attrs.insert(Attrs::CONCEAL),
        9 => pen.attrs.insert(Attrs::STRIKE),
        21 => pen.underline = Underline::Double,
        22 => pen.attrs.remove(Attrs::BOLD | Attrs::DIM),
        23 => pen.attrs.remove(Attrs::ITALIC),
        24 => pen.underline = Underline::None,
        25 => pen.attrs.remove(Attrs::BLINK),
        27 => pen.attrs.remove(Attrs::INVERSE),
        28 => pen.attrs.remove(Attrs::CONCEAL),
        29 => pen.attrs.remove(Attrs::STRIKE),
        30..=37 => pen.fg = color(30, 0),
        39 => pen.fg = Color::Default,
        40..=47 => pen.bg = color(40, 0),
        49 => pen.bg = Color::Default,
        53 => pen.attrs.insert(Attrs::OVERLINE),
        55 => pen.attrs.remove(Attrs::OVERLINE),
        59 => pen.underline_color = Color::Default,
        90..=97 => pen.fg = color(90, 8),
        100..=107 => pen.bg = color(100, 8),
        _ => {}
    }
}

fn byte(value: u16) -> u8 {
    u8::try_from(value).unwrap_or(u8::MAX)
}

fn rgb(red: u16, green: u16, blue: u16) -> Color {
    Color::Rgb(byte(red), byte(green), byte(blue))
}

fn indexed(index: u16) -> Color {
    Color::Indexed(byte(index))
}
