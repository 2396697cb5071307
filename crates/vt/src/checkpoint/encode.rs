//! A screen to bytes.

use super::{MAGIC, VERSION, images, modes, tag};
use crate::codec::{self, LinkTable};
use crate::engine::{Charset, CursorState, Engine, Titles};
use crate::grid::Grid;
use crate::parser::Parser;
use crate::scrollback::Stored;
use crate::{CellPixels, Colors, CursorShape, Progress, Screen};

pub(crate) fn encode(screen: &Screen) -> Vec<u8> {
    let Screen { parser, engine } = screen;
    let mut out = Vec::with_capacity(4096);
    out.extend_from_slice(MAGIC);
    out.extend_from_slice(&VERSION.to_le_bytes());
    let mut links = LinkTable::default();
    let size = engine.grid.size();
    field(&mut out, tag::SIZE, |body| {
        put_u16(body, size.cols);
        put_u16(body, size.rows);
    });
    field(&mut out, tag::COUNTERS, |body| {
        for counter in [
            engine.offset,
            engine.resizes,
            engine.seq.0,
            engine.next_row,
            engine.printed_end,
            engine.bell_end,
            engine.links_spent as u64,
            u64::from(engine.links_refused),
        ] {
            put_u64(body, counter);
        }
    });
    field(&mut out, tag::PARSER, |body| put_parser(body, parser));
    field(&mut out, tag::MODES, |body| {
        for (mode, value) in modes::pairs(&engine.modes) {
            put_u16(body, mode);
            body.push(value);
        }
    });
    let [primary, alternate] = &engine.saved;
    for (tag, state) in [
        (tag::CURSOR, &engine.cursor),
        (tag::SAVED_PRIMARY, primary),
        (tag::SAVED_ALTERNATE, alternate),
    ] {
        field(&mut out, tag, |body| put_cursor(body, state, engine, &mut links));
    }
    field(&mut out, tag::CURSOR_STYLE, |body| {
        body.push(match engine.shape {
            CursorShape::Default => 0,
            CursorShape::Block => 1,
            CursorShape::Underline => 2,
            CursorShape::Bar => 3,
        });
        body.push(u8::from(engine.blink));
    });
    field(&mut out, tag::MARGINS, |body| {
        put_len16(body, engine.top);
        put_len16(body, engine.bottom);
    });
    // Absent while nothing is out of the ordinary, as in what was written before there were sides.
    if engine.side_margins || engine.rectangles {
        field(&mut out, tag::SIDES, |body| {
            body.push(u8::from(engine.side_margins) | u8::from(engine.rectangles) << 1);
            put_len16(body, engine.left);
            put_len16(body, engine.right);
        });
    }
    // Absent while nothing was said about pixels, as in what was written before that could be.
    if engine.cell != CellPixels::STANDARD {
        field(&mut out, tag::CELL, |body| {
            put_u16(body, engine.cell.width);
            put_u16(body, engine.cell.height);
        });
    }
    field(&mut out, tag::TABS, |body| {
        for (column, _) in engine.tabs.iter().enumerate().filter(|(_, stop)| **stop) {
            put_len16(body, column);
        }
    });
    field(&mut out, tag::SAVED_MODES, |body| {
        for (mode, on) in &engine.saved_modes {
            put_u16(body, *mode);
            body.push(u8::from(*on));
        }
    });
    field(&mut out, tag::KEYBOARD, |body| {
        body.push(engine.kitty_other.bits());
        for stack in &engine.kitty_stacks {
            // At most KITTY_STACK entries.
            body.push(u8::try_from(stack.len()).unwrap_or(u8::MAX));
            body.extend(stack.iter().map(|flags| flags.bits()));
        }
    });
    field(&mut out, tag::TITLES, |body| {
        for Titles { title, icon_name } in
            std::iter::once(&engine.titles).chain(&engine.title_stack)
        {
            put_text(body, title);
            put_text(body, icon_name);
        }
    });
    if let Some(cwd) = &engine.cwd {
        field(&mut out, tag::CWD, |body| body.extend_from_slice(cwd.as_bytes()));
    }
    field(&mut out, tag::PROGRESS, |body| {
        body.extend_from_slice(&match engine.progress {
            Progress::None => [0, 0],
            Progress::Running(percent) => [1, percent],
            Progress::Failed(percent) => [2, percent],
            Progress::Indeterminate => [3, 0],
            Progress::Paused(percent) => [4, percent],
        });
    });
    if !engine.colors.is_empty() {
        field(&mut out, tag::COLORS, |body| put_colors(body, &engine.colors));
    }
    if !engine.drafts.is_empty() {
        field(&mut out, tag::DRAFTS, |body| {
            // At most DRAFTS of them.
            body.push(u8::try_from(engine.drafts.len()).unwrap_or(u8::MAX));
            for draft in &engine.drafts {
                put_text(body, &draft.id);
                put_bytes(body, &draft.title);
                put_bytes(body, &draft.body);
            }
        });
    }
    if !engine.images.is_empty() {
        field(&mut out, tag::IMAGES, |body| images::put(body, &engine.images));
    }
    if let Some(c) = engine.last_char {
        field(&mut out, tag::LAST_CHAR, |body| put_u32(body, u32::from(c)));
    }
    field(&mut out, tag::SHOWN, |body| put_grid(body, &engine.grid, engine, &mut links));
    if let Some(other) = &engine.other {
        field(&mut out, tag::OTHER, |body| put_grid(body, other, engine, &mut links));
    }
    field(&mut out, tag::LINES, |body| {
        let lines = engine.scrollback.reachable(&mut links);
        put_u64(body, lines.next);
        put_u32(body, lines.generation);
        put_len16(body, lines.sealed.len());
        body.push(u8::from(lines.open.is_some()));
        for line in lines.sealed.iter().chain(&lines.open) {
            put_line(body, line);
        }
    });
    field(&mut out, tag::LINKS, |body| {
        for link in &links.links {
            put_text(body, &link.id);
            put_text(body, &link.uri);
        }
    });
    out
}

/// Writes a field: tag, length, body.
fn field(out: &mut Vec<u8>, tag: u16, fill: impl FnOnce(&mut Vec<u8>)) {
    put_u16(out, tag);
    let at = out.len();
    put_u32(out, 0);
    fill(out);
    // A checkpoint is far below 4 GiB: cells, strings and lines all have caps.
    let len = u32::try_from(out.len() - at - 4).unwrap_or(u32::MAX);
    if let Some(slot) = out.get_mut(at..at + 4) {
        slot.copy_from_slice(&len.to_le_bytes());
    }
}

fn put_parser(body: &mut Vec<u8>, parser: &Parser) {
    body.push(parser.state as u8);
    let flags = [parser.ignored, parser.overflow, parser.string_escape, parser.string_lead];
    body.push(flags.iter().enumerate().fold(0, |all, (bit, on)| all | u8::from(*on) << bit));
    body.push(parser.dcs_final);
    body.push(parser.intermediate_count);
    body.extend_from_slice(&parser.intermediates);
    let params = parser.params.raw();
    put_len16(body, params.values.len());
    params.values.iter().for_each(|value| put_u16(body, *value));
    put_u32(body, params.subs);
    put_u16(body, params.current);
    body.push(u8::from(params.current_sub));
    body.push(u8::from(params.begun));
    let partial = parser.partial.get(..usize::from(parser.partial_len)).unwrap_or_default();
    body.push(parser.partial_len);
    body.extend_from_slice(partial);
    put_bytes(body, &parser.string);
}

fn put_cursor(body: &mut Vec<u8>, state: &CursorState, engine: &Engine, links: &mut LinkTable) {
    put_len16(body, state.x);
    put_len16(body, state.y);
    body.push(u8::from(state.wrap_pending) | u8::from(state.origin) << 1);
    for set in state.charsets.sets {
        body.push(match set {
            Charset::Ascii => b'B',
            Charset::British => b'A',
            Charset::Drawing => b'0',
        });
    }
    body.push(state.charsets.shown);
    body.push(state.charsets.single.unwrap_or(u8::MAX));
    codec::encode_style(state.pen, &engine.tables, links, body);
}

fn put_colors(body: &mut Vec<u8>, colors: &Colors) {
    let named = [colors.foreground, colors.background, colors.cursor];
    let set = named.iter().enumerate().filter(|(_, color)| color.is_some());
    body.push(set.fold(0, |all, (bit, _)| all | 1 << bit));
    for (red, green, blue) in named.iter().flatten() {
        body.extend_from_slice(&[*red, *green, *blue]);
    }
    put_len16(body, colors.palette.len());
    for (index, (red, green, blue)) in &colors.palette {
        body.extend_from_slice(&[*index, *red, *green, *blue]);
    }
}

fn put_grid(body: &mut Vec<u8>, grid: &Grid, engine: &Engine, links: &mut LinkTable) {
    for row in grid.iter() {
        put_u64(body, row.id.0);
        put_u64(body, row.seq.0);
        body.push(u8::from(row.wrapped));
        let at = body.len();
        put_u32(body, 0);
        let cells = row.cells.get(..row.end()).unwrap_or_default();
        codec::encode(cells, &engine.tables, links, true, body);
        let len = u32::try_from(body.len() - at - 4).unwrap_or(u32::MAX);
        if let Some(slot) = body.get_mut(at..at + 4) {
            slot.copy_from_slice(&len.to_le_bytes());
        }
    }
}

fn put_line(body: &mut Vec<u8>, line: &Stored) {
    put_u32(body, line.generation);
    put_u32(body, line.pieces);
    put_bytes(body, &line.body);
}

pub(super) fn put_u16(out: &mut Vec<u8>, value: u16) {
    out.extend_from_slice(&value.to_le_bytes());
}

pub(super) fn put_u32(out: &mut Vec<u8>, value: u32) {
    out.extend_from_slice(&value.to_le_bytes());
}

pub(super) fn put_u64(out: &mut Vec<u8>, value: u64) {
    out.extend_from_slice(&value.to_le_bytes());
}

/// Columns, rows and small counts: all below 65,536 by their caps.
pub(super) fn put_len16(out: &mut Vec<u8>, value: usize) {
    put_u16(out, u16::try_from(value).unwrap_or(u16::MAX));
}

pub(super) fn put_bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    put_u32(out, u32::try_from(bytes.len()).unwrap_or(u32::MAX));
    out.extend_from_slice(bytes);
}

fn put_text(out: &mut Vec<u8>, text: &str) {
    put_bytes(out, text.as_bytes());
}
