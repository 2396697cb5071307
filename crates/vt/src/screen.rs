//! The public face of the engine: feed bytes, look at rows, take what it has to say.

use std::sync::Arc;

use crate::cell::{Content, Glyph, PackedCell};
use crate::engine::Engine;
use crate::grid::GridRow;
use crate::image::placeholder::is_placeholder;
use crate::intern::Tables;
use crate::parser::Parser;
use crate::{
    Cell, CellPixels, Colors, Cursor, Facts, Image, Limits, LineNumber, Link, LinkId, Modes,
    Notice, Placement, Progress, RestoreError, Row, RowId, Scrollback, Seq, Size, Style, Text,
};

/// A terminal: everything that a stream of bytes and resizes made of a screen.
#[derive(Debug)]
pub struct Screen {
    pub(crate) parser: Parser,
    pub(crate) engine: Engine,
}

impl Screen {
    /// An empty screen. The size is clamped (see [`Size::clamped`]).
    #[must_use]
    pub fn new(size: Size, limits: Limits) -> Self {
        Self { parser: Parser::default(), engine: Engine::new(size, limits) }
    }

    /// Feeds bytes. The result is the same however they are cut. Costs O(bytes + grid) per
    /// sequence and never panics.
    pub fn advance(&mut self, bytes: &[u8]) {
        let base = self.engine.offset;
        let limits = self.engine.limits;
        self.parser.advance(bytes, base, &limits, &mut self.engine);
        self.engine.offset = base + bytes.len() as u64;
    }

    /// Changes the size. The lines of the primary screen are wrapped anew, the alternate screen is
    /// cut. A step like any other: replaying it at the same offset gives the same screen.
    pub fn resize(&mut self, size: Size) {
        self.engine.resize(size);
    }

    /// The size.
    #[must_use]
    pub fn size(&self) -> Size {
        self.engine.grid.size()
    }

    /// Version of the whole screen: that of the last visible change.
    #[must_use]
    pub fn seq(&self) -> Seq {
        self.engine.seq
    }

    /// Where the next byte stands in the recording: bytes fed so far, and those that were skipped.
    #[must_use]
    pub fn offset(&self) -> u64 {
        self.engine.offset
    }

    /// So many bytes stood here that nobody has any more: what comes next stands so much further on in the
    /// recording. What was printed before joins nothing behind it.
    pub fn skip(&mut self, bytes: u64) {
        // As far as a checkpoint may count.
        self.engine.offset = self.engine.offset.saturating_add(bytes).min(u64::MAX / 4);
        self.engine.end = self.engine.offset;
    }

    /// The rows of the other screen, from top to bottom: those of the primary while a program has the
    /// alternate one, else those of the alternate one as long as they are kept.
    pub fn hidden_rows(&self) -> impl Iterator<Item = RowRef<'_>> {
        let tables = &self.engine.tables;
        let cols = self.engine.cols();
        self.engine.other.iter().flat_map(crate::grid::Grid::iter).map(move |row| RowRef {
            row,
            tables,
            cols,
        })
    }

    /// The rows from top to bottom.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = RowRef<'_>> {
        let tables = &self.engine.tables;
        let cols = self.engine.cols();
        self.engine.grid.iter().map(move |row| RowRef { row, tables, cols })
    }

    /// Row `y` from the top.
    #[must_use]
    pub fn row(&self, y: u16) -> Option<RowRef<'_>> {
        (y < self.size().rows).then(|| RowRef {
            row: self.engine.grid.row(usize::from(y)),
            tables: &self.engine.tables,
            cols: self.engine.cols(),
        })
    }

    /// The rows as text, one per line, blank rows at the end left out.
    #[must_use]
    pub fn text(&self) -> String {
        let mut rows: Vec<String> = self.rows().map(|row| row.text()).collect();
        while rows.last().is_some_and(String::is_empty) {
            rows.pop();
        }
        rows.join("\n")
    }

    /// The cursor. While a wrap is pending it stands on the last column.
    #[must_use]
    pub fn cursor(&self) -> Cursor {
        let narrow = |value: usize| u16::try_from(value).unwrap_or(u16::MAX);
        Cursor {
            col: narrow(self.engine.cursor.x),
            row: narrow(self.engine.cursor.y),
            visible: self.engine.modes.cursor_visible,
            shape: self.engine.shape,
            blink: self.engine.blink,
        }
    }

    /// The modes.
    #[must_use]
    pub fn modes(&self) -> Modes {
        self.engine.modes
    }

    /// The title, empty until one is set.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.engine.titles.title
    }

    /// The icon name, empty until one is set.
    #[must_use]
    pub fn icon_name(&self) -> &str {
        &self.engine.titles.icon_name
    }

    /// The working directory as the shell last told it: a `file:` address or a path.
    #[must_use]
    pub fn cwd(&self) -> Option<&str> {
        self.engine.cwd.as_deref()
    }

    /// Progress of the running program.
    #[must_use]
    pub fn progress(&self) -> Progress {
        self.engine.progress
    }

    /// The colours that the program set for its terminal. What is not set is the outer terminal's.
    #[must_use]
    pub fn colors(&self) -> &Colors {
        &self.engine.colors
    }

    /// The images that are kept, oldest first.
    pub fn images(&self) -> impl ExactSizeIterator<Item = &Arc<Image>> {
        self.engine.images.list.iter()
    }

    /// Where they stand, oldest first. A placement whose row is not on the screen is not shown.
    #[must_use]
    pub fn placements(&self) -> &[Placement] {
        &self.engine.images.placements
    }

    /// The screen's seq when images or placements last changed.
    #[must_use]
    pub fn images_seq(&self) -> Seq {
        self.engine.images.seq
    }

    /// A hyperlink that a style of this screen names.
    #[must_use]
    pub fn link(&self, id: LinkId) -> Option<&Link> {
        self.engine.tables.link(id).map(|link| &**link)
    }

    /// Takes the notices since the last time, oldest first. At most [`crate::NOTICES`] wait.
    pub fn take_notices(&mut self) -> Vec<Notice> {
        self.engine.notice_bytes = 0;
        std::mem::take(&mut self.engine.notices)
    }

    /// How many notices were dropped because too many waited.
    #[must_use]
    pub fn notices_dropped(&self) -> u64 {
        self.engine.notices_dropped
    }

    /// Takes the bytes to write to the PTY. They hold constants and numbers, never text that a
    /// program sent.
    pub fn take_replies(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.engine.replies)
    }

    /// How large a cell is in pixels.
    #[must_use]
    pub fn cell(&self) -> CellPixels {
        self.engine.cell
    }

    /// Changes the size of a cell in pixels; one that is not sound changes nothing. Images that stand keep their
    /// cells. A step like any other: replaying it at the same offset gives the same screen.
    pub fn set_cell(&mut self, cell: CellPixels) {
        self.engine.set_cell(cell);
    }

    /// Tells what queries about colours are answered from.
    pub fn set_facts(&mut self, facts: Facts) {
        self.engine.set_facts(facts);
    }

    /// The lines above the screen.
    #[must_use]
    pub fn scrollback(&self) -> &Scrollback {
        &self.engine.scrollback
    }

    /// The number that the logical line of row `y` of the primary screen will have.
    #[must_use]
    pub fn line_at(&self, y: u16) -> LineNumber {
        self.engine.line_at(usize::from(y))
    }

    /// The whole state but the scrollback window, at this very byte. See `proto/checkpoint.md`.
    #[must_use]
    pub fn checkpoint(&self) -> Vec<u8> {
        crate::checkpoint::encode(self)
    }

    /// Leaves nothing that was printed: cells, lines above, titles, directory, links, images. What a program has
    /// set up of its terminal stays: cursor, modes, margins, colours.
    pub fn forget_text(&mut self) {
        self.parser.string.clear();
        self.parser.partial_len = 0;
        self.engine.forget_text();
    }

    /// The screen of a checkpoint: feeding it the rest of the bytes gives what feeding all of them
    /// to one screen gives.
    ///
    /// # Errors
    /// If the bytes are no checkpoint, are damaged, or hold more than a screen may.
    pub fn restore(checkpoint: &[u8], limits: Limits) -> Result<Self, RestoreError> {
        crate::checkpoint::decode(checkpoint, limits)
    }

    /// Bytes of memory held, approximately (allocator overhead left out).
    #[must_use]
    pub fn heap_bytes(&self) -> usize {
        self.engine.heap_bytes() + self.parser.string.capacity()
    }
}

/// A row of a screen.
#[derive(Clone, Copy, Debug)]
pub struct RowRef<'a> {
    row: &'a GridRow,
    tables: &'a Tables,
    cols: usize,
}

impl<'a> RowRef<'a> {
    /// Its name.
    #[must_use]
    pub fn id(self) -> RowId {
        self.row.id
    }

    /// The screen's seq when it last changed.
    #[must_use]
    pub fn seq(self) -> Seq {
        self.row.seq
    }

    /// Whether its line continues in the next row.
    #[must_use]
    pub fn wrapped(self) -> bool {
        self.row.wrapped
    }

    /// Its cells from left to right; their widths add up to the columns of the screen.
    pub fn cells(self) -> impl Iterator<Item = CellRef<'a>> {
        let tables = self.tables;
        let cells = (0..self.cols).map(move |x| self.row.cell(x));
        cells.filter(|cell| !cell.glyph.is_spacer()).map(move |cell| CellRef::new(cell, tables))
    }

    /// The row as text, blanks as spaces, those at the end left out.
    #[must_use]
    pub fn text(self) -> String {
        let mut text = String::with_capacity(self.row.cells.len());
        let mut end = 0;
        for cell in &self.row.cells {
            match cell.glyph.content() {
                _ if cell.glyph.is_spacer() => {}
                Content::Blank => text.push(' '),
                Content::Char(c) => {
                    text.push(c);
                    end = text.len();
                }
                Content::Cluster(id) => {
                    let cluster = self.tables.cluster(id);
                    if is_placeholder(cluster) {
                        // A piece of an image is no text.
                        text.push(' ');
                    } else {
                        text.push_str(cluster);
                        end = text.len();
                    }
                }
            }
        }
        text.truncate(end);
        text
    }

    /// The row, resolved and owned.
    #[must_use]
    pub fn to_row(self) -> Row {
        let stored = self.row.end();
        let mut cells = Vec::with_capacity(stored);
        let packed = self.row.cells.iter().take(stored).filter(|cell| !cell.glyph.is_spacer());
        // Neighbours nearly always share a style.
        let mut last = None;
        for cell in packed {
            let cell_ref = CellRef::new(*cell, self.tables);
            let (style, link) = match &last {
                Some((id, style, link)) if *id == cell.style => (*style, link),
                _ => {
                    let style = self.tables.style(cell.style);
                    let link = style.link.and_then(|id| self.tables.link(id)).cloned();
                    let entry = last.insert((cell.style, Style { link: None, ..style }, link));
                    (entry.1, &entry.2)
                }
            };
            let (text, width) = (Text::new(cell_ref.text()), cell_ref.width());
            cells.push(Cell { text, width, style, link: link.clone() });
        }
        crate::row::trim(&mut cells);
        Row { id: self.row.id, wrapped: self.row.wrapped, cells }
    }
}

/// A cell of a screen.
#[derive(Clone, Copy, Debug)]
pub struct CellRef<'a> {
    text: CellText<'a>,
    width: u8,
    style: Style,
}

#[derive(Clone, Copy, Debug)]
enum CellText<'a> {
    /// A character, as UTF-8, and its length.
    Char([u8; 4], u8),
    Cluster(&'a str),
}

impl<'a> CellRef<'a> {
    fn new(cell: PackedCell, tables: &'a Tables) -> Self {
        let text = match cell.glyph.content() {
            Content::Blank => CellText::Cluster(""),
            Content::Char(c) => {
                let mut bytes = [0; 4];
                let len = c.encode_utf8(&mut bytes).len();
                CellText::Char(bytes, u8::try_from(len).unwrap_or(0))
            }
            Content::Cluster(id) => CellText::Cluster(tables.cluster(id)),
        };
        let width = 1 + u8::from(cell.glyph.is_wide());
        debug_assert!(cell.glyph != Glyph::SPACER, "a second half is no cell");
        Self { text, width, style: tables.style(cell.style) }
    }

    /// The grapheme cluster, empty for a blank cell.
    #[must_use]
    pub fn text(&self) -> &str {
        match &self.text {
            CellText::Char(bytes, len) => bytes
                .get(..usize::from(*len))
                .and_then(|b| std::str::from_utf8(b).ok())
                .unwrap_or(""),
            CellText::Cluster(text) => text,
        }
    }

    /// Columns it takes: 1 or 2.
    #[must_use]
    pub fn width(&self) -> u8 {
        self.width
    }

    /// Its look.
    #[must_use]
    pub fn style(&self) -> Style {
        self.style
    }
}
