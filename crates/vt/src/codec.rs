//! Cells as bytes, without any table of the screen but one of links: the body of scrollback lines
//! and of checkpoint rows. Described in `proto/checkpoint.md`.
//!
//! A body is a sequence of runs of cells with one style: a tag (kind, and whether a style follows),
//! the style, a count or length as a varint, the text.

mod encode;
mod input;
mod look;

use std::collections::HashMap;
use std::sync::Arc;

pub(crate) use encode::{encode, encode_style};
pub(crate) use input::{Input, Malformed, varint};
pub(crate) use look::Look;

use crate::cell::{Glyph, PackedCell, StyleId};
use crate::intern::{Fast, Tables};
use crate::text::CLUSTER_BYTES;
use crate::{Attrs, Color, Link, LinkId, Style, Underline};

/// Count of blank cells.
const BLANKS: u8 = 0;
/// Length in bytes; one narrow cell each.
const ASCII: u8 = 1;
/// Length in bytes of UTF-8; one narrow cell per character.
const NARROW: u8 = 2;
/// Length in bytes of UTF-8; one wide cell per character.
const WIDE: u8 = 3;
/// Count of cells; each a byte (bit 7: wide; rest: length) and its UTF-8; `PAD` alone is a filler.
const CELLS: u8 = 4;
const KIND: u8 = 7;
const STYLED: u8 = 1 << 3;
const PAD: u8 = 0x7f;

/// Links that a body refers to by index.
#[derive(Debug, Default)]
pub(crate) struct LinkTable {
    pub(crate) links: Vec<Arc<Link>>,
    /// Address of a shared link to its index, because a screen shares its links and hashing long
    /// ones for each run is dear. Only of links in `links`, which keeps them alive.
    addresses: HashMap<usize, u32, Fast>,
    values: HashMap<Arc<Link>, u32, Fast>,
}

impl LinkTable {
    pub(crate) fn new(links: Vec<Arc<Link>>) -> Self {
        // What is filled in this way is only read, or at worst holds a link twice.
        Self { links, ..Self::default() }
    }

    pub(crate) fn index(&mut self, link: &Arc<Link>) -> u32 {
        let address = Arc::as_ptr(link).addr();
        let known = self.addresses.get(&address).or_else(|| self.values.get(link));
        if let Some(index) = known {
            return *index;
        }
        // Each link of a table was named by at least five bytes of a body.
        let index = u32::try_from(self.links.len()).unwrap_or(u32::MAX);
        self.links.push(Arc::clone(link));
        self.addresses.insert(address, index);
        self.values.insert(Arc::clone(link), index);
        index
    }
}

/// A style as it was read; the link is still an index.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct RawStyle {
    pub(crate) style: Style,
    pub(crate) link: Option<usize>,
}

pub(crate) fn decode_style(input: &mut Input<'_>) -> Result<RawStyle, Malformed> {
    let parts = input.byte()?;
    let mut color = |bit: u8| -> Result<Color, Malformed> {
        if parts & bit == 0 {
            return Ok(Color::Default);
        }
        Ok(match input.byte()? {
            1 => Color::Indexed(input.byte()?),
            2 => Color::Rgb(input.byte()?, input.byte()?, input.byte()?),
            _ => return Err(Malformed),
        })
    };
    let (fg, bg, underline_color) = (color(1)?, color(2)?, color(4)?);
    let attrs =
        if parts & 8 != 0 { Attrs::from_bits_truncate(input.u16()?) } else { Attrs::empty() };
    let underline = match parts & 16 {
        0 => Underline::None,
        _ => Underline::from_number(input.byte()?).ok_or(Malformed)?,
    };
    let link = match parts & 32 {
        0 => None,
        // Fixed in size, so that a body keeps its length when it moves to another table.
        _ => Some(input.u32()? as usize),
    };
    if parts & 0xc0 != 0 {
        return Err(Malformed);
    }
    Ok(RawStyle { style: Style { fg, bg, underline_color, attrs, underline, link: None }, link })
}

/// One thing read from a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Item<'a> {
    Blanks(usize),
    /// Narrow ASCII characters.
    Ascii(&'a str),
    Cell {
        text: &'a str,
        wide: bool,
    },
    Pad,
}

/// Reads a body and gives its items to `sink`. Counts are not bounded here, but every item that is
/// not `Blanks` takes at least a byte.
pub(crate) fn decode<'a>(
    body: &'a [u8],
    mut sink: impl FnMut(RawStyle, Item<'a>) -> Result<(), Malformed>,
) -> Result<(), Malformed> {
    let mut input = Input::new(body);
    while !input.is_empty() {
        let tag = input.byte()?;
        let style = if tag & STYLED != 0 { decode_style(&mut input)? } else { RawStyle::default() };
        let len = usize::try_from(input.varint()?).map_err(|_error| Malformed)?;
        match tag & KIND {
            _ if tag & !(KIND | STYLED) != 0 => return Err(Malformed),
            BLANKS => sink(style, Item::Blanks(len))?,
            ASCII => {
                let text = input.text(len)?;
                if !text.bytes().all(|byte| matches!(byte, 0x20..=0x7e)) {
                    return Err(Malformed);
                }
                sink(style, Item::Ascii(text))?;
            }
            kind @ (NARROW | WIDE) => {
                for text in chars(input.text(len)?) {
                    visible(text)?;
                    sink(style, Item::Cell { text, wide: kind == WIDE })?;
                }
            }
            CELLS => {
                for _ in 0..len {
                    let head = input.byte()?;
                    if head == PAD {
                        sink(style, Item::Pad)?;
                        continue;
                    }
                    let text = input.text(usize::from(head & 0x7f))?;
                    if text.is_empty() || text.len() > CLUSTER_BYTES {
                        return Err(Malformed);
                    }
                    visible(text)?;
                    sink(style, Item::Cell { text, wide: head & 0x80 != 0 })?;
                }
            }
            _ => return Err(Malformed),
        }
    }
    Ok(())
}

/// Renumbers the links of a body. The length stays.
pub(crate) fn relink(
    body: &[u8],
    mut map: impl FnMut(u32) -> Result<u32, Malformed>,
) -> Result<Vec<u8>, Malformed> {
    let mut out = body.to_vec();
    let mut input = Input::new(body);
    while !input.is_empty() {
        let tag = input.byte()?;
        if tag & STYLED != 0
            && let Some(index) = decode_style(&mut input)?.link
        {
            let end = body.len() - input.len();
            let new = map(u32::try_from(index).map_err(|_error| Malformed)?)?;
            out.get_mut(end - 4..end).ok_or(Malformed)?.copy_from_slice(&new.to_le_bytes());
        }
        let len = usize::try_from(input.varint()?).map_err(|_error| Malformed)?;
        match tag & KIND {
            BLANKS => {}
            CELLS => {
                for _ in 0..len {
                    let head = input.byte()?;
                    if head != PAD {
                        input.take(usize::from(head & 0x7f))?;
                    }
                }
            }
            _ => {
                input.take(len)?;
            }
        }
    }
    Ok(out)
}

/// Cells hold no controls, whoever wrote the bytes: they would reach a terminal.
fn visible(text: &str) -> Result<(), Malformed> {
    if text.chars().any(char::is_control) { Err(Malformed) } else { Ok(()) }
}

fn chars(text: &str) -> impl Iterator<Item = &str> {
    text.char_indices().map(|(at, c)| text.get(at..at + c.len_utf8()).unwrap_or_default())
}

/// Appends the cells of a body to `cells`, with numbers from `tables`, at most `most` cells.
pub(crate) fn decode_cells(
    body: &[u8],
    links: &[Option<LinkId>],
    most: usize,
    tables: &mut Tables,
    cells: &mut Vec<PackedCell>,
) -> Result<(), Malformed> {
    // Most runs repeat one of few styles; the last is remembered.
    let mut last = (RawStyle::default(), StyleId(0));
    decode(body, |raw, item| {
        if raw != last.0 {
            let link = match raw.link {
                None => None,
                Some(index) => *links.get(index).ok_or(Malformed)?,
            };
            last = (raw, tables.style_id(&Style { link, ..raw.style }));
        }
        let style = last.1;
        let more = match item {
            Item::Blanks(count) => count,
            Item::Ascii(text) => text.len(),
            Item::Cell { wide, .. } => 1 + usize::from(wide),
            Item::Pad => 1,
        };
        if more > most.saturating_sub(cells.len()) {
            return Err(Malformed);
        }
        match item {
            Item::Blanks(count) => {
                cells.extend(std::iter::repeat_n(PackedCell::blank(style), count));
            }
            Item::Ascii(text) => {
                cells.extend(text.bytes().map(|b| PackedCell { glyph: Glyph::ascii(b), style }));
            }
            Item::Pad => cells.push(PackedCell { glyph: Glyph::PAD, style }),
            Item::Cell { text, wide } => {
                let mut chars = text.chars();
                let glyph = match (chars.next(), chars.next()) {
                    (Some(c), None) => Glyph::char(c, wide),
                    _ => Glyph::cluster(tables.cluster_id(text), wide),
                };
                cells.push(PackedCell { glyph, style });
                if wide {
                    cells.push(PackedCell { glyph: Glyph::SPACER, style });
                }
            }
        }
        Ok(())
    })
}
