//! How many colours the outer terminal has, and the nearest ones it can show. Owns the palettes'
//! arithmetic.

use ccc_vt::Color;

/// What the outer terminal can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ColorDepth {
    /// 24-bit colours.
    True,
    /// The palette of 256.
    Indexed256,
    /// The sixteen.
    Indexed16,
}

impl ColorDepth {
    /// What the environment says: `COLORTERM`, then `TERM`.
    pub(crate) fn from_variables(colorterm: Option<&str>, term: Option<&str>) -> Self {
        let term = term.unwrap_or_default();
        if matches!(colorterm, Some("truecolor" | "24bit")) || term.ends_with("-direct") {
            Self::True
        } else if term.contains("256color") {
            Self::Indexed256
        } else {
            // Every terminal of this age that names itself otherwise has sixteen at least.
            Self::Indexed16
        }
    }

    /// The nearest colour of this depth.
    pub(crate) fn nearest(self, color: Color) -> Color {
        match (self, color) {
            (Self::True, color) | (_, color @ Color::Default) => color,
            (Self::Indexed256, Color::Rgb(r, g, b)) => Color::Indexed(nearest_256(r, g, b)),
            (Self::Indexed256, indexed) => indexed,
            (Self::Indexed16, Color::Indexed(index @ 0..16)) => Color::Indexed(index),
            (Self::Indexed16, Color::Indexed(index)) => {
                let (r, g, b) = palette_rgb(index);
                Color::Indexed(nearest_16(r, g, b))
            }
            (Self::Indexed16, Color::Rgb(r, g, b)) => Color::Indexed(nearest_16(r, g, b)),
        }
    }
}

/// The six levels of xterm's colour cube.
const CUBE: [u8; 6] = [0, 95, 135, 175, 215, 255];

/// The sixteen colours as xterm has them.
const SIXTEEN: [(u8, u8, u8); 16] = [
    (0, 0, 0),
    (205, 0, 0),
    (0, 205, 0),
    (205, 205, 0),
    (0, 0, 238),
    (205, 0, 205),
    (0, 205, 205),
    (229, 229, 229),
    (127, 127, 127),
    (255, 0, 0),
    (0, 255, 0),
    (255, 255, 0),
    (92, 92, 255),
    (255, 0, 255),
    (0, 255, 255),
    (255, 255, 255),
];

fn palette_rgb(index: u8) -> (u8, u8, u8) {
    match index {
        0..16 => SIXTEEN[usize::from(index)],
        16..232 => {
            let index = index - 16;
            let level = |step: u8| CUBE[usize::from(step % 6)];
            (level(index / 36), level(index / 6), level(index))
        }
        232.. => {
            let grey = 8 + 10 * (index - 232);
            (grey, grey, grey)
        }
    }
}

fn distance(a: (u8, u8, u8), b: (u8, u8, u8)) -> u32 {
    let square = |a: u8, b: u8| u32::from(a.abs_diff(b)).pow(2);
    square(a.0, b.0) + square(a.1, b.1) + square(a.2, b.2)
}

fn nearest_256(r: u8, g: u8, b: u8) -> u8 {
    // The first sixteen are the user's own and may be anything.
    nearest(16..=255, (r, g, b))
}

fn nearest_16(r: u8, g: u8, b: u8) -> u8 {
    nearest(0..=15, (r, g, b))
}

fn nearest(indexes: std::ops::RangeInclusive<u8>, wanted: (u8, u8, u8)) -> u8 {
    indexes.min_by_key(|index| distance(palette_rgb(*index), wanted)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_tells_the_depth() {
        let depth = ColorDepth::from_variables;
        assert_eq!(depth(Some("truecolor"), Some("xterm")), ColorDepth::True);
        assert_eq!(depth(None, Some("xterm-256color")), ColorDepth::Indexed256);
        assert_eq!(depth(None, Some("linux")), ColorDepth::Indexed16);
        assert_eq!(depth(None, None), ColorDepth::Indexed16);
    }

    #[test]
    fn exact_palette_colours_are_found() {
        let nearest = |depth: ColorDepth, r, g, b| depth.nearest(Color::Rgb(r, g, b));
        assert_eq!(nearest(ColorDepth::Indexed256, 255, 135, 0), Color::Indexed(208));
        assert_eq!(nearest(ColorDepth::Indexed256, 8, 8, 8), Color::Indexed(232));
        assert_eq!(nearest(ColorDepth::Indexed16, 250, 5, 5), Color::Indexed(9));
        assert_eq!(ColorDepth::Indexed16.nearest(Color::Indexed(196)), Color::Indexed(9));
        assert_eq!(ColorDepth::Indexed16.nearest(Color::Default), Color::Default);
    }
}
