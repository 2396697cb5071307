//! Cells to bytes: every line that scrolls off passes here.

use std::sync::Arc;

use super::{ASCII, BLANKS, CELLS, LinkTable, Look, NARROW, PAD, WIDE, varint};
use crate::cell::{Content, PackedCell, StyleId};
use crate::intern::Tables;
use crate::{Link, Style};

/// Columns of a run of characters above ASCII: at most 30 of them, 120 bytes.
const CHARS_RUN: usize = 30;

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
