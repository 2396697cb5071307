//! Unicode placeholders: a cell that shows one piece of an image (kitty graphics protocol). Owns which
//! marks mean which number, and how a cell names its piece.

use crate::Color;

/// The character that stands in such a cell.
pub const PLACEHOLDER: char = '\u{10eeee}';

/// The marks above the character that stand for the numbers from 0, as ranges (the protocol's
/// `rowcolumn-diacritics.txt`, made from Unicode 6.0).
const MARKS: &[(u32, u32)] = &[
    (0x305, 1),
    (0x30d, 2),
    (0x310, 1),
    (0x312, 1),
    (0x33d, 3),
    (0x346, 1),
    (0x34a, 3),
    (0x350, 3),
    (0x357, 1),
    (0x35b, 1),
    (0x363, 13),
    (0x483, 5),
    (0x592, 4),
    (0x597, 3),
    (0x59c, 6),
    (0x5a8, 2),
    (0x5ab, 2),
    (0x5af, 1),
    (0x5c4, 1),
    (0x610, 8),
    (0x657, 5),
    (0x65d, 2),
    (0x6d6, 7),
    (0x6df, 4),
    (0x6e4, 1),
    (0x6e7, 2),
    (0x6eb, 2),
    (0x730, 1),
    (0x732, 2),
    (0x735, 2),
    (0x73a, 1),
    (0x73d, 1),
    (0x73f, 3),
    (0x743, 1),
    (0x745, 1),
    (0x747, 1),
    (0x749, 2),
    (0x7eb, 7),
    (0x7f3, 1),
    (0x816, 4),
    (0x81b, 9),
    (0x825, 3),
    (0x829, 5),
    (0x951, 1),
    (0x953, 2),
    (0xf82, 2),
    (0xf86, 2),
    (0x135d, 3),
    (0x17dd, 1),
    (0x193a, 1),
    (0x1a17, 1),
    (0x1a75, 8),
    (0x1b6b, 1),
    (0x1b6d, 7),
    (0x1cd0, 3),
    (0x1cda, 2),
    (0x1ce0, 1),
    (0x1dc0, 2),
    (0x1dc3, 7),
    (0x1dcb, 2),
    (0x1dd1, 22),
    (0x1dfe, 1),
    (0x20d0, 2),
    (0x20d4, 4),
    (0x20db, 2),
    (0x20e1, 1),
    (0x20e7, 1),
    (0x20e9, 1),
    (0x20f0, 1),
    (0x2cef, 3),
    (0x2de0, 32),
    (0xa66f, 1),
    (0xa67c, 2),
    (0xa6f0, 2),
    (0xa8e0, 18),
    (0xaab0, 1),
    (0xaab2, 2),
    (0xaab7, 2),
    (0xaabe, 2),
    (0xaac1, 1),
    (0xfe20, 7),
    (0x10a0f, 1),
    (0x10a38, 1),
    (0x1d185, 5),
    (0x1d1aa, 4),
    (0x1d242, 3),
];
/// How many numbers there are marks for.
pub const NUMBERS: u16 = 297;

/// The piece of an image that a cell shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    /// What the program calls the image.
    pub image: u32,
    /// What it calls the placement; 0 for any.
    pub placement: u32,
    pub row: u16,
    pub col: u16,
}

/// Whether this is the text of such a cell.
#[must_use]
pub fn is_placeholder(text: &str) -> bool {
    // F4 8E BB AE: most texts differ in the first byte.
    text.as_bytes().first() == Some(&0xf4) && text.starts_with(PLACEHOLDER)
}

/// The number that a mark stands for.
#[must_use]
pub fn number_of(mark: char) -> Option<u16> {
    let code = u32::from(mark);
    let mut before = 0;
    for (first, count) in MARKS {
        if let Some(place) = code.checked_sub(*first).filter(|place| place < count) {
            return u16::try_from(before + place).ok();
        }
        before += count;
    }
    None
}

/// The mark that stands for a number.
#[must_use]
pub fn mark_of(number: u16) -> Option<char> {
    let mut rest = u32::from(number);
    for (first, count) in MARKS {
        if rest < *count {
            return char::from_u32(first + rest);
        }
        rest -= count;
    }
    None
}

/// The text of the cell for a piece; the colour says the rest of the image's id.
pub(crate) fn text_of(row: u16, col: u16, high: u8) -> Option<String> {
    let marks = [row, col, u16::from(high)].map(mark_of);
    let mut text = String::from(PLACEHOLDER);
    for mark in marks {
        text.push(mark?);
    }
    Some(text)
}

/// The piece that a cell shows, `left` being that of the cell to its left: what a cell leaves out goes on
/// from there.
#[must_use]
pub fn piece(text: &str, fg: Color, underline: Color, left: Option<Piece>) -> Option<Piece> {
    let mut marks = text.strip_prefix(PLACEHOLDER)?.chars().map(number_of);
    // A mark that is none stands for what is left out.
    let mut next = || marks.next().flatten();
    let (row, col, high) = (next(), next(), next());
    let (low, placement) = (id_of(fg), id_of(underline));
    let left = left.filter(|left| {
        (left.image & 0x00ff_ffff, left.placement) == (low, placement)
            && row.is_none_or(|row| row == left.row)
            && col.is_none_or(|col| Some(col) == left.col.checked_add(1))
            && high.is_none_or(|high| u32::from(high) == left.image >> 24)
    });
    let high = match (high, left) {
        (Some(high), _) => u32::from(high),
        // Only a cell that leaves something out goes on with the cell to its left.
        (None, Some(left)) => left.image >> 24,
        (None, None) => 0,
    };
    Some(Piece {
        image: low | (high & 0xff) << 24,
        placement,
        row: row.or_else(|| left.map(|left| left.row)).unwrap_or(0),
        col: col.or_else(|| left.and_then(|left| left.col.checked_add(1))).unwrap_or(0),
    })
}

/// The number that a colour says.
fn id_of(color: Color) -> u32 {
    match color {
        Color::Default => 0,
        Color::Indexed(index) => u32::from(index),
        Color::Rgb(red, green, blue) => u32::from_be_bytes([0, red, green, blue]),
    }
}
