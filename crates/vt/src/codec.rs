//! Cells as bytes, without any table of the screen but one of links: the body of scrollback lines
//! and of checkpoint rows. Described in `proto/checkpoint.md`.
//!
//! A body is a sequence of runs of cells with one style: a tag (kind, and whether a style follows),
//! the style, a count or length as a varint, the text.

mod input;
mod look;

use std::collections::HashMap;
use std::sync::Arc;

pub(crate) use input::{Input, Malformed, varint};
pub(crate) use look::Look;

use crate::cell::{Content, Glyph, PackedCell, StyleId};
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
/// Columns of a run of characters above ASCII: at most 30 of them, 120 bytes.
const CHARS_RUN: usize = 30;
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

/// Appends `cells` to `out`, and says whether any of them has a link. `keep_pads` is for rows; lines
/// have none.
pub(crate) fn encode(
    cells: &[PackedCell],
    tables: &Tables,
    links: &mut LinkTable,
    keep_pads: bool,
    out: &mut Vec<u8>,
) -> bool {
    let mut linked = false;
    let mut rest = cells;
    while let Some(first) = rest.first() {
        if first.glyph.is_spacer() || first.glyph.is_pad() && !keep_pads {
            rest = rest.get(1..).unwrap_or_default();
            continue;
        }
        let plain = ascii_run(rest, first.style);
        if plain > 0 {
            let (run, after) = rest.split_at(plain);
            rest = after;
            linked |= head(ASCII, first.style, tables, links, out);
            varint(run.len() as u64, out);
            out.extend(run.iter().map(|cell| cell.glyph.low_byte()));
            continue;
        }
        let kind = kind_of(*first);
        linked |= head(kind, first.style, tables, links, out);
        if matches!(kind, NARROW | WIDE) {
            rest = encode_chars(kind, rest, out);
            continue;
        }
        let belongs = |cell: &&PackedCell| {
            cell.glyph.is_spacer() && kind != BLANKS
                || cell.style == first.style
                    && kind_of(**cell) == kind
                    && (keep_pads || !cell.glyph.is_pad())
        };
        let (run, after) = rest.split_at(rest.iter().take_while(belongs).count());
        rest = after;
        encode_run(kind, run, tables, out);
    }
    linked
}

/// Tag and style of a run; whether it has a link.
#[inline]
fn head(kind: u8, id: StyleId, tables: &Tables, links: &mut LinkTable, out: &mut Vec<u8>) -> bool {
    let Some(look) = tables.look(id).filter(|_| id != StyleId(0)) else {
        out.push(kind);
        return false;
    };
    let at = out.len();
    // All of its room is copied, because that is a fixed size, and then what it does not use is cut.
    out.extend_from_slice(&look.bytes);
    out.truncate(at + usize::from(look.len));
    if let Some(tag) = out.get_mut(at) {
        *tag |= kind;
    }
    if look.linked {
        put_link(tables.style(id), tables, links, out);
    }
    look.linked
}

/// Length of the run of narrow ASCII of one style at the start.
#[inline]
fn ascii_run(cells: &[PackedCell], style: StyleId) -> usize {
    const STEP: usize = 8;
    let plain = |cell: &PackedCell| cell.style == style && cell.glyph.is_ascii();
    // Where colours change with the words, most runs end in the first few cells.
    let few = cells.get(..STEP).unwrap_or(cells);
    if let Some(end) = few.iter().position(|cell| !plain(cell)) {
        return end;
    }
    let mut at = few.len();
    for chunk in cells.get(at..).unwrap_or_default().chunks_exact(STEP) {
        // Without an early exit the compiler compares all of them at once.
        if !chunk.iter().fold(true, |all, cell| all & plain(cell)) {
            break;
        }
        at += STEP;
    }
    let rest = cells.get(at..).unwrap_or_default();
    at + rest.iter().position(|cell| !plain(cell)).unwrap_or(rest.len())
}

#[inline]
fn kind_of(cell: PackedCell) -> u8 {
    if cell.glyph.is_ascii() {
        return ASCII;
    }
    match cell.glyph.content() {
        _ if cell.glyph.is_pad() => CELLS,
        Content::Blank => BLANKS,
        Content::Char(_) if cell.glyph.is_wide() => WIDE,
        Content::Char(_) => NARROW,
        Content::Cluster(_) => CELLS,
    }
}

fn encode_run(kind: u8, run: &[PackedCell], tables: &Tables, out: &mut Vec<u8>) {
    match kind {
        BLANKS => varint(run.len() as u64, out),
        _ => {
            varint(run.iter().filter(|cell| !cell.glyph.is_spacer()).count() as u64, out);
            for cell in run {
                let wide = if cell.glyph.is_wide() { 0x80 } else { 0 };
                match cell.glyph.content() {
                    _ if cell.glyph.is_pad() => out.push(PAD),
                    Content::Cluster(id) => {
                        let text = tables.cluster(id);
                        // At most CLUSTER_BYTES, which is below PAD.
                        out.push(wide | u8::try_from(text.len()).unwrap_or(0));
                        out.extend_from_slice(text.as_bytes());
                    }
                    _ => {}
                }
            }
        }
    }
}

/// Appends a run of single characters above ASCII, all narrow or all wide, and says what comes after.
#[inline]
fn encode_chars<'a>(kind: u8, cells: &'a [PackedCell], out: &mut Vec<u8>) -> &'a [PackedCell] {
    // So few that the length is one byte, which is filled in afterwards.
    let at = out.len();
    out.push(0);
    let columns = 1 + usize::from(kind == WIDE);
    let style = cells.first().map(|cell| cell.style);
    let mut used = 0;
    while used < CHARS_RUN
        && let Some(cell) = cells.get(used)
        && Some(cell.style) == style
        && let Some((c, wide)) = cell.glyph.char_above_ascii()
        && wide == (kind == WIDE)
    {
        push_char(c, out);
        used += columns;
    }
    let len = u8::try_from(out.len() - at - 1).unwrap_or(0x7f);
    if let Some(slot) = out.get_mut(at) {
        *slot = len;
    }
    cells.get(used..).unwrap_or_default()
}

/// Appends a character above ASCII; the compiler makes `encode_utf8` and a copy a call each.
#[inline]
fn push_char(code: u32, out: &mut Vec<u8>) {
    // Six bits at a time, exactly.
    let tail = |shift: u32| (code >> shift & 0x3f) as u8 | 0x80;
    match code {
        0x800..0x1_0000 => out.extend_from_slice(&[(code >> 12) as u8 | 0xe0, tail(6), tail(0)]),
        0x80..0x800 => out.extend_from_slice(&[(code >> 6) as u8 | 0xc0, tail(0)]),
        0..0x80 => out.push(code as u8),
        _ => out.extend_from_slice(&[(code >> 18) as u8 | 0xf0, tail(12), tail(6), tail(0)]),
    }
}

/// A style: a byte that says which parts follow, then those that are not the default.
pub(crate) fn encode_style(
    style: Style,
    tables: &Tables,
    links: &mut LinkTable,
    out: &mut Vec<u8>,
) {
    let look = Look::new(style);
    out.extend_from_slice(look.style());
    if look.linked {
        put_link(style, tables, links, out);
    }
}

/// Appends the number of a style's link.
fn put_link(style: Style, tables: &Tables, links: &mut LinkTable, out: &mut Vec<u8>) {
    // A link that nobody has any more is one with no address.
    let gone = || Arc::new(Link::default());
    let link = style.link.and_then(|id| tables.link(id)).map_or_else(gone, Arc::clone);
    out.extend_from_slice(&links.index(&link).to_le_bytes());
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
