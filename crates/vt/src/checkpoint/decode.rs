//! Bytes to a screen. Everything is checked against its cap before memory is taken for it, because
//! the bytes come from a disk.

use std::collections::HashMap;
use std::sync::Arc;

use super::{MAGIC, VERSION, images, modes, tag};
use crate::codec::{self, Input, Item, LinkTable, Malformed};
use crate::engine::{
    Charset, CursorState, DRAFTS, Draft, Engine, KITTY_STACK, TEXT_BYTES, TITLE_STACK, Titles,
};
use crate::grid::{Grid, GridRow};
use crate::intern::{LINK_ID_BYTES, URI_BYTES};
use crate::parser::{INTERMEDIATES, Params, Parser, RawParams, State, is_partial_char};
use crate::scrollback::{LINE_BYTES, Reachable, Stored};
use crate::{
    CellPixels, Colors, CursorShape, KittyFlags, Limits, Link, LinkId, MAX_SIDE, Progress,
    RestoreError, RowId, Screen, Scrollback, Seq, Size, Style,
};

/// The most bytes of a stored line: one row more than the cut.
const STORED_BYTES: usize = LINE_BYTES + (1 << 20);
/// The most cells of a stored line.
const STORED_CELLS: usize = 1 << 20;
/// The most saved modes; there are fewer.
const SAVED_MODES: usize = 64;

pub(super) type Read<T> = Result<T, Malformed>;

pub(crate) fn decode(bytes: &[u8], limits: Limits) -> Result<Screen, RestoreError> {
    let fields = Fields::read(bytes)?;
    let size = fields.need(tag::SIZE, |input| {
        let size = Size::new(input.u16()?, input.u16()?);
        if size == size.clamped() { Ok(size) } else { Err(Malformed) }
    })?;
    let links = fields.optional(tag::LINKS, read_links)?.unwrap_or_default();
    let mut engine = Engine::new(size, limits);
    let ids: Vec<Option<LinkId>> =
        links.iter().map(|link| engine.tables.link_id(Arc::clone(link))).collect();
    fields.need(tag::COUNTERS, |input| {
        engine.offset = input.u64()?;
        engine.resizes = input.u64()?;
        engine.seq = Seq(input.u64()?);
        engine.next_row = input.u64()?;
        engine.printed_end = input.u64()?;
        engine.bell_end = input.u64()?;
        engine.links_spent = usize::try_from(input.u64()?).unwrap_or(usize::MAX).min(1 << 24);
        engine.links_refused = input.u64()? != 0;
        // Sums of these must not overflow within any recording.
        let counters = [engine.offset, engine.resizes, engine.next_row];
        if counters.iter().any(|counter| *counter > u64::MAX / 4) { Err(Malformed) } else { Ok(()) }
    })?;
    let parser = fields.need(tag::PARSER, |input| read_parser(input, &limits))?;
    fields.need(tag::MODES, |input| {
        while !input.is_empty() {
            let (mode, value) = (input.u16()?, input.byte()?);
            modes::take(&mut engine.modes, mode, value).ok_or(Malformed)?;
        }
        Ok(())
    })?;
    engine.cursor = fields.need(tag::CURSOR, |input| read_cursor(input, size, &ids))?;
    for (tag, slot) in [tag::SAVED_PRIMARY, tag::SAVED_ALTERNATE].into_iter().zip(&mut engine.saved)
    {
        *slot = fields.optional(tag, |input| read_cursor(input, size, &ids))?.unwrap_or_default();
    }
    read_small(&fields, &mut engine, size)?;
    let next_row = engine.next_row;
    let mut grid =
        |input: &mut Input<'_>| read_grid(input, size, next_row, &ids, &mut engine.tables);
    engine.grid = fields.need(tag::SHOWN, &mut grid)?;
    engine.other = fields.optional(tag::OTHER, &mut grid)?;
    if engine.modes.alternate_screen && engine.other.is_none() {
        return Err(RestoreError::Missing { tag: tag::OTHER });
    }
    let lines = fields.need(tag::LINES, |input| read_lines(input, &links))?;
    engine.scrollback = Scrollback::restored(limits.scrollback_bytes, &lines);
    engine.end = engine.offset;
    Ok(Screen { parser, engine })
}

/// The last field of each tag.
struct Fields<'a>(HashMap<u16, &'a [u8]>);

impl<'a> Fields<'a> {
    fn read(bytes: &'a [u8]) -> Result<Self, RestoreError> {
        let body = bytes.strip_prefix(MAGIC).ok_or(RestoreError::NotACheckpoint)?;
        let mut input = Input::new(body);
        let short = |_error: Malformed| RestoreError::Short;
        let found = input.u16().map_err(short)?;
        if found > VERSION {
            return Err(RestoreError::Newer { found, known: VERSION });
        }
        let mut fields = HashMap::new();
        while !input.is_empty() {
            let tag = input.u16().map_err(short)?;
            let len = input.u32().map_err(short)?;
            fields.insert(tag, input.take(len as usize).map_err(short)?);
        }
        Ok(Self(fields))
    }

    /// Reads a field that may be absent. Bytes that a later version added at its end are skipped.
    fn optional<T>(
        &self,
        tag: u16,
        read: impl FnOnce(&mut Input<'a>) -> Read<T>,
    ) -> Result<Option<T>, RestoreError> {
        let Some(body) = self.0.get(&tag) else { return Ok(None) };
        let value = read(&mut Input::new(body));
        value.map(Some).map_err(|_error: Malformed| RestoreError::Damaged { tag })
    }

    fn need<T>(
        &self,
        tag: u16,
        read: impl FnOnce(&mut Input<'a>) -> Read<T>,
    ) -> Result<T, RestoreError> {
        self.optional(tag, read)?.ok_or(RestoreError::Missing { tag })
    }
}

/// The fields without which a screen still stands.
fn read_small(fields: &Fields<'_>, engine: &mut Engine, size: Size) -> Result<(), RestoreError> {
    fields.optional(tag::CURSOR_STYLE, |input| {
        engine.shape = match input.byte()? {
            0 => CursorShape::Default,
            1 => CursorShape::Block,
            2 => CursorShape::Underline,
            3 => CursorShape::Bar,
            _ => return Err(Malformed),
        };
        engine.blink = input.bool()?;
        Ok(())
    })?;
    fields.optional(tag::MARGINS, |input| {
        let (top, bottom) = (input.u16()?, input.u16()?);
        engine.top = usize::from(top);
        engine.bottom = usize::from(bottom);
        let whole = top == 0 && u32::from(bottom) + 1 == u32::from(size.rows);
        if bottom < size.rows && (top < bottom || whole) { Ok(()) } else { Err(Malformed) }
    })?;
    fields.optional(tag::SIDES, |input| {
        let flags = input.byte()?;
        engine.side_margins = flags & 1 != 0;
        engine.rectangles = flags & 2 != 0;
        let (left, right) = (input.u16()?, input.u16()?);
        engine.left = usize::from(left);
        engine.right = usize::from(right);
        let whole = left == 0 && u32::from(right) + 1 == u32::from(size.cols);
        let sides = engine.side_margins && left < right && right < size.cols;
        if whole || sides { Ok(()) } else { Err(Malformed) }
    })?;
    fields.optional(tag::CELL, |input| {
        engine.cell = CellPixels::new(input.u16()?, input.u16()?);
        if engine.cell.is_sound() { Ok(()) } else { Err(Malformed) }
    })?;
    fields.optional(tag::TABS, |input| {
        engine.tabs.fill(false);
        while !input.is_empty() {
            let column = usize::from(input.u16()?);
            *engine.tabs.get_mut(column).ok_or(Malformed)? = true;
        }
        Ok(())
    })?;
    fields.optional(tag::SAVED_MODES, |input| {
        while !input.is_empty() && engine.saved_modes.len() < SAVED_MODES {
            engine.saved_modes.push((input.u16()?, input.bool()?));
        }
        Ok(())
    })?;
    fields.optional(tag::KEYBOARD, |input| {
        let flags = |byte: u8| KittyFlags::from_bits(byte).ok_or(Malformed);
        engine.kitty_other = flags(input.byte()?)?;
        for stack in &mut engine.kitty_stacks {
            let len = usize::from(input.byte()?);
            if len > KITTY_STACK {
                return Err(Malformed);
            }
            *stack = input.take(len)?.iter().map(|byte| flags(*byte)).collect::<Read<_>>()?;
        }
        Ok(())
    })?;
    fields.optional(tag::TITLES, |input| {
        engine.titles = read_titles(input)?;
        while !input.is_empty() {
            if engine.title_stack.len() >= TITLE_STACK {
                return Err(Malformed);
            }
            engine.title_stack.push(read_titles(input)?);
        }
        Ok(())
    })?;
    fields.optional(tag::CWD, |input| {
        let len = input.len();
        engine.cwd = Some(capped(input.text(len)?, TEXT_BYTES)?);
        Ok(())
    })?;
    fields.optional(tag::PROGRESS, |input| {
        let (kind, percent) = (input.byte()?, input.byte()?.min(100));
        engine.progress = match kind {
            0 => Progress::None,
            1 => Progress::Running(percent),
            2 => Progress::Failed(percent),
            3 => Progress::Indeterminate,
            4 => Progress::Paused(percent),
            _ => return Err(Malformed),
        };
        Ok(())
    })?;
    fields.optional(tag::COLORS, |input| {
        engine.colors = read_colors(input)?;
        Ok(())
    })?;
    fields.optional(tag::DRAFTS, |input| {
        let count = input.byte()?;
        if usize::from(count) > DRAFTS {
            return Err(Malformed);
        }
        for _ in 0..count {
            let id = read_text(input, LINK_ID_BYTES)?;
            let mut part = || {
                let len = input.u32()? as usize;
                if len > TEXT_BYTES { Err(Malformed) } else { Ok(input.take(len)?.to_vec()) }
            };
            engine.drafts.push(Draft { id, title: part()?, body: part()? });
        }
        Ok(())
    })?;
    if let Some(images) = fields.optional(tag::IMAGES, images::read)? {
        engine.images = images;
    }
    engine.last_char = fields.optional(tag::LAST_CHAR, |input| {
        let c = char::from_u32(input.u32()?).ok_or(Malformed)?;
        if c.is_control() { Err(Malformed) } else { Ok(c) }
    })?;
    Ok(())
}

/// Texts from programs hold no controls, whoever wrote the bytes.
fn capped(text: &str, most: usize) -> Read<String> {
    if text.len() > most || text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
        return Err(Malformed);
    }
    Ok(text.to_owned())
}

fn read_text(input: &mut Input<'_>, most: usize) -> Read<String> {
    let len = input.u32()? as usize;
    capped(input.text(len)?, most)
}

fn read_titles(input: &mut Input<'_>) -> Read<Titles> {
    let title = read_text(input, TEXT_BYTES)?;
    Ok(Titles { title, icon_name: read_text(input, TEXT_BYTES)? })
}

fn read_colors(input: &mut Input<'_>) -> Read<Colors> {
    let named = input.byte()?;
    let color = |input: &mut Input<'_>| Ok((input.byte()?, input.byte()?, input.byte()?));
    let mut colors = Colors::default();
    let slots = [&mut colors.foreground, &mut colors.background, &mut colors.cursor];
    for (bit, slot) in slots.into_iter().enumerate() {
        if named & 1 << bit != 0 {
            *slot = Some(color(input)?);
        }
    }
    for _ in 0..input.u16()? {
        let index = input.byte()?;
        colors.palette.insert(index, color(input)?);
    }
    Ok(colors)
}

fn read_links(input: &mut Input<'_>) -> Read<Vec<Arc<Link>>> {
    let mut links = Vec::new();
    while !input.is_empty() {
        let id = read_text(input, LINK_ID_BYTES)?;
        let uri = read_text(input, URI_BYTES)?;
        links.push(Arc::new(Link { id, uri }));
    }
    Ok(links)
}

fn read_parser(input: &mut Input<'_>, limits: &Limits) -> Read<Parser> {
    let state = State::from_number(input.byte()?).ok_or(Malformed)?;
    let flags = input.byte()?;
    let flag = |bit: u8| flags & 1 << bit != 0;
    let dcs_final = input.byte()?;
    let intermediate_count = input.byte()?;
    let intermediates = input.take(INTERMEDIATES)?;
    let count = usize::from(input.u16()?);
    let values = input.take(count * 2)?.chunks_exact(2);
    let values: Vec<u16> = values
        .map(|pair| pair.iter().rev().fold(0, |value, byte| value << 8 | u16::from(*byte)))
        .collect();
    let raw = RawParams {
        values: &values,
        subs: input.u32()?,
        current: input.u16()?,
        current_sub: input.bool()?,
        begun: input.bool()?,
    };
    let params = Params::from_raw(raw).ok_or(Malformed)?;
    let partial_len = input.byte()?;
    let bytes = input.take(usize::from(partial_len))?;
    if usize::from(intermediate_count) > INTERMEDIATES
        || !bytes.is_empty() && !is_partial_char(bytes)
    {
        return Err(Malformed);
    }
    let mut partial = [0; 3];
    partial.get_mut(..bytes.len()).ok_or(Malformed)?.copy_from_slice(bytes);
    let len = input.u32()? as usize;
    let string = input.take(len)?;
    let cap = limits.osc_bytes.max(limits.dcs_bytes).max(limits.apc_bytes);
    let overflow = flag(1) || string.len() > cap;
    Ok(Parser {
        state,
        params,
        intermediates: intermediates.try_into().map_err(|_error| Malformed)?,
        intermediate_count,
        ignored: flag(0),
        dcs_final,
        string: if overflow { Vec::new() } else { string.to_vec() },
        overflow,
        string_escape: flag(2),
        string_lead: flag(3),
        partial,
        partial_len,
    })
}

fn read_cursor(input: &mut Input<'_>, size: Size, links: &[Option<LinkId>]) -> Read<CursorState> {
    let (x, y) = (input.u16()?, input.u16()?);
    if x >= size.cols || y >= size.rows {
        return Err(Malformed);
    }
    let flags = input.byte()?;
    let mut state = CursorState {
        x: usize::from(x),
        y: usize::from(y),
        // In the last column, or at a side margin, which may have been another one since.
        wrap_pending: flags & 1 != 0,
        origin: flags & 2 != 0,
        ..CursorState::default()
    };
    for set in &mut state.charsets.sets {
        *set = Charset::from_final(input.byte()?);
    }
    state.charsets.shown = input.byte()?;
    let single = input.byte()?;
    state.charsets.single = (single != u8::MAX).then_some(single);
    if state.charsets.shown > 3 || state.charsets.single.is_some_and(|set| set > 3) {
        return Err(Malformed);
    }
    let raw = codec::decode_style(input)?;
    let link = match raw.link {
        Some(index) => *links.get(index).ok_or(Malformed)?,
        None => None,
    };
    state.pen = Style { link, ..raw.style };
    Ok(state)
}

fn read_grid(
    input: &mut Input<'_>,
    size: Size,
    next_row: u64,
    links: &[Option<LinkId>],
    tables: &mut crate::intern::Tables,
) -> Read<Grid> {
    let mut rows = Vec::with_capacity(usize::from(size.rows));
    for _ in 0..size.rows {
        let mut row = GridRow::new(RowId(input.u64()?), Seq(input.u64()?));
        if row.id.0 >= next_row {
            return Err(Malformed);
        }
        row.wrapped = input.bool()?;
        let len = input.u32()? as usize;
        let body = input.take(len)?;
        codec::decode_cells(body, links, usize::from(size.cols), tables, &mut row.cells)?;
        rows.push(row);
    }
    Ok(Grid::from_rows(size, rows))
}

fn read_lines(input: &mut Input<'_>, links: &[Arc<Link>]) -> Read<Reachable> {
    let next = input.u64()?;
    let generation = input.u32()?;
    let count = input.u16()?;
    let open = input.bool()?;
    if u64::from(count) > next || next > u64::MAX / 4 {
        return Err(Malformed);
    }
    let sealed = (0..count).map(|_| read_line(input, links)).collect::<Read<_>>()?;
    let open = if open { Some(read_line(input, links)?) } else { None };
    Ok(Reachable { next, generation, sealed, open })
}

fn read_line(input: &mut Input<'_>, links: &[Arc<Link>]) -> Read<Stored> {
    let (generation, pieces) = (input.u32()?, input.u32()?);
    let len = input.u32()? as usize;
    let body = input.take(len)?;
    if body.len() > STORED_BYTES {
        return Err(Malformed);
    }
    let mut cells = 0_usize;
    codec::decode(body, |raw, item| {
        cells += match item {
            Item::Blanks(count) if count > usize::from(MAX_SIDE) => return Err(Malformed),
            Item::Blanks(count) => count,
            Item::Ascii(text) => text.len(),
            Item::Cell { .. } => 2,
            Item::Pad => return Err(Malformed),
        };
        let known = raw.link.is_none_or(|index| index < links.len());
        if cells > STORED_CELLS || !known { Err(Malformed) } else { Ok(()) }
    })?;
    let mut used = LinkTable::default();
    let map = |index: u32| links.get(index as usize).map(|link| used.index(link)).ok_or(Malformed);
    let body = codec::relink(body, map)?;
    Ok(Stored { generation, pieces, body, links: used.links })
}
