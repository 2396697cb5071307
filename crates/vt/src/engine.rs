//! The terminal behind a parser: grids, cursor, modes, scrollback, and what it has to say. The
//! state is here; each group of sequences has a file of its own.

mod charset;
mod clusters;
mod color;
mod columns;
mod csi;
mod dcs;
mod edit;
mod escape;
mod forget;
mod graphics;
mod images;
mod margins;
mod modes;
mod moves;
mod notify;
mod osc;
mod print;
mod rectangle;
mod report;
mod resize;
mod scroll;
mod sgr;
mod shell;
mod sixel;
mod switch;

use crate::cell::{PackedCell, StyleId};
use crate::grid::Grid;
use crate::intern::Tables;
use crate::notice::{NOTICE_BYTES, NOTICES};
use crate::parser::{Params, Perform};
use crate::{
    CellPixels, Colors, CursorShape, Facts, KittyFlags, Limits, LineNumber, Modes, Notice,
    Progress, Scrollback, Seq, Size, Style,
};

pub(crate) use charset::{Charset, Charsets};
pub(crate) use graphics::Command;
pub(crate) use images::{Images, Pending};
pub(crate) use notify::{DRAFTS, Draft};
pub use shell::command_text;

/// The longest title, icon name, working directory, notification text, in bytes.
pub(crate) const TEXT_BYTES: usize = 4096;
/// The most titles on the title stack; the oldest fall off.
pub(crate) const TITLE_STACK: usize = 16;
/// The most entries of a keyboard flag stack; the oldest fall off.
pub(crate) const KITTY_STACK: usize = 16;

/// What DECSC saves and DECRC brings back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct CursorState {
    pub(crate) x: usize,
    pub(crate) y: usize,
    /// The last column was written: the next character goes to the next row.
    pub(crate) wrap_pending: bool,
    pub(crate) pen: Style,
    pub(crate) charsets: Charsets,
    pub(crate) origin: bool,
}

impl CursorState {
    /// The side margins go: what waits at one for its next row goes on after it, for want of a reason
    /// to wait.
    pub(crate) fn leave_side(&mut self, cols: usize) {
        if self.wrap_pending && self.x + 1 < cols {
            self.wrap_pending = false;
            self.x += 1;
        }
    }
}

/// A saved title and icon name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Titles {
    pub(crate) title: String,
    pub(crate) icon_name: String,
}

#[derive(Debug)]
pub(crate) struct Engine {
    pub(crate) limits: Limits,
    pub(crate) facts: Facts,
    /// Sound.
    pub(crate) cell: CellPixels,
    /// The screen that is shown.
    pub(crate) grid: Grid,
    /// The other one: the primary while the alternate is shown, else the alternate if it was left
    /// in a way that keeps it.
    pub(crate) other: Option<Grid>,
    pub(crate) cursor: CursorState,
    /// DECSC of the primary and of the alternate screen.
    pub(crate) saved: [CursorState; 2],
    /// Scroll region, inclusive.
    pub(crate) top: usize,
    pub(crate) bottom: usize,
    /// DECLRMM `?69`: the region has sides, and `CSI s` sets them.
    pub(crate) side_margins: bool,
    /// Its sides, inclusive; the edges of the screen unless `side_margins`.
    pub(crate) left: usize,
    pub(crate) right: usize,
    /// DECSACE 2: attributes change in rectangles, not in streams of characters.
    pub(crate) rectangles: bool,
    /// One per column.
    pub(crate) tabs: Vec<bool>,
    pub(crate) modes: Modes,
    /// Private modes saved by `CSI ? … s`, as numbers and values.
    pub(crate) saved_modes: Vec<(u16, bool)>,
    /// Keyboard flags under the current ones, of the primary and of the alternate screen.
    pub(crate) kitty_stacks: [Vec<KittyFlags>; 2],
    /// Keyboard flags of the screen that is not shown.
    pub(crate) kitty_other: KittyFlags,
    pub(crate) shape: CursorShape,
    pub(crate) blink: bool,
    pub(crate) tables: Tables,
    pub(crate) scrollback: Scrollback,
    pub(crate) titles: Titles,
    pub(crate) title_stack: Vec<Titles>,
    pub(crate) cwd: Option<String>,
    pub(crate) progress: Progress,
    /// Colours that the program set.
    pub(crate) colors: Colors,
    /// Notifications of which a part has come, oldest first, at most `DRAFTS`.
    pub(crate) drafts: Vec<Draft>,
    pub(crate) images: Images,
    /// The last character printed, for REP.
    pub(crate) last_char: Option<char>,
    /// The last character printed has a cell of its own, and is none that a pictograph or a syllable
    /// could continue. Only for speed: `false` is no answer.
    pub(crate) alone: bool,
    /// Offset one past the last printed character: the next continues its cluster only if it
    /// begins there.
    pub(crate) printed_end: u64,
    /// Offset one past the last bell.
    pub(crate) bell_end: u64,
    /// Bytes of links opened since they were last counted, with those that lived then.
    pub(crate) links_spent: usize,
    /// There were too many when they were last counted.
    pub(crate) links_refused: bool,
    /// Id of the next row.
    pub(crate) next_row: u64,
    /// Bytes fed.
    pub(crate) offset: u64,
    /// Resizes fed: with the offset they make the seq.
    pub(crate) resizes: u64,
    pub(crate) seq: Seq,
    /// Offset one past the event being handled.
    pub(crate) end: u64,
    pub(crate) notices: Vec<Notice>,
    pub(crate) notice_bytes: usize,
    pub(crate) notices_dropped: u64,
    pub(crate) replies: Vec<u8>,
    /// Room for the text of a cell that grows.
    pub(crate) cluster: String,
    /// The pen's number, if it was looked up since it changed.
    pub(crate) pen_id: Option<StyleId>,
}

impl Engine {
    pub(crate) fn new(size: Size, limits: Limits) -> Self {
        let size = size.clamped();
        let mut next_row = 0;
        let mut engine = Self {
            limits,
            facts: Facts::default(),
            cell: CellPixels::STANDARD,
            grid: Grid::new(size, &mut next_row, Seq(0)),
            other: None,
            cursor: CursorState::default(),
            saved: [CursorState::default(); 2],
            top: 0,
            bottom: usize::from(size.rows) - 1,
            side_margins: false,
            left: 0,
            right: usize::from(size.cols) - 1,
            rectangles: false,
            tabs: Vec::new(),
            modes: Modes::default(),
            saved_modes: Vec::new(),
            kitty_stacks: [Vec::new(), Vec::new()],
            kitty_other: KittyFlags::empty(),
            shape: CursorShape::Default,
            blink: true,
            tables: Tables::new(),
            scrollback: Scrollback::new(limits.scrollback_bytes),
            titles: Titles::default(),
            title_stack: Vec::new(),
            cwd: None,
            progress: Progress::None,
            colors: Colors::default(),
            drafts: Vec::new(),
            images: Images::default(),
            last_char: None,
            alone: false,
            printed_end: 0,
            bell_end: u64::MAX - 1,
            links_spent: 0,
            links_refused: false,
            next_row,
            offset: 0,
            resizes: 0,
            seq: Seq(0),
            end: 0,
            notices: Vec::new(),
            notice_bytes: 0,
            notices_dropped: 0,
            replies: Vec::new(),
            cluster: String::new(),
            pen_id: None,
        };
        engine.default_tabs();
        engine
    }

    pub(crate) fn cols(&self) -> usize {
        self.grid.cols()
    }

    pub(crate) fn rows(&self) -> usize {
        usize::from(self.grid.size().rows)
    }

    /// The seq of a change made by the byte before offset `end`.
    #[inline]
    pub(crate) fn seq_at(&self, end: u64) -> Seq {
        Seq(end + self.resizes)
    }

    /// The seq of a change made by the current event.
    #[inline]
    pub(crate) fn now(&self) -> Seq {
        self.seq_at(self.end)
    }

    /// Something visible changed.
    #[inline]
    pub(crate) fn touch(&mut self) {
        self.seq = self.now();
    }

    /// Row `y` changed.
    pub(crate) fn touch_row(&mut self, y: usize) {
        let now = self.now();
        self.grid.row_mut(y).seq = now;
        self.seq = now;
    }

    /// Index of the shown screen in the pairs kept per screen.
    pub(crate) fn screen_index(&self) -> usize {
        usize::from(self.modes.alternate_screen)
    }

    /// What erasing leaves: blank, with the pen's background (BCE).
    pub(crate) fn blank(&mut self) -> PackedCell {
        let bg = self.cursor.pen.bg;
        if bg == crate::Color::Default {
            return PackedCell::BLANK;
        }
        PackedCell::blank(self.tables.style_id(&Style { bg, ..Style::default() }))
    }

    /// The number of the pen's style.
    #[inline]
    pub(crate) fn pen_id(&mut self) -> StyleId {
        match self.pen_id {
            Some(id) => id,
            None => self.look_up_pen(),
        }
    }

    fn look_up_pen(&mut self) -> StyleId {
        if self.tables.compaction_due() {
            self.compact();
        }
        let id = self.tables.style_id(&self.cursor.pen);
        self.pen_id = Some(id);
        id
    }

    /// Forgets the styles, clusters and links that no cell and no pen has any more.
    pub(crate) fn compact(&mut self) {
        let mut map = self.tables.compact();
        let mut cells = self.grid.size().cells();
        let grids = std::iter::once(&mut self.grid).chain(self.other.as_mut());
        for row in grids.flat_map(Grid::iter_mut) {
            for cell in &mut row.cells {
                map.cell(cell, &mut self.tables);
            }
        }
        cells += self.other.as_ref().map_or(0, |grid| grid.size().cells());
        let pens = std::iter::once(&mut self.cursor).chain(&mut self.saved);
        for state in pens {
            state.pen = map.style(state.pen, &mut self.tables);
        }
        self.tables.compacted(cells);
        self.pen_id = None;
    }

    pub(crate) fn notice(&mut self, notice: Notice) {
        let bytes = notice.bytes();
        if self.notices.len() >= NOTICES || self.notice_bytes + bytes > NOTICE_BYTES {
            self.notices_dropped += 1;
            return;
        }
        self.notice_bytes += bytes;
        self.notices.push(notice);
    }

    /// Offset of the last byte of the current event.
    pub(crate) fn event_offset(&self) -> u64 {
        self.end.saturating_sub(1)
    }

    /// The number of the logical line that row `y` of the primary screen belongs to.
    pub(crate) fn line_at(&self, y: usize) -> LineNumber {
        let grid = match (&self.other, self.modes.alternate_screen) {
            (Some(primary), true) => primary,
            _ => &self.grid,
        };
        let starts = grid.iter().take(y).filter(|row| !row.wrapped).count() as u64;
        let first = self.scrollback.open().unwrap_or_else(|| self.scrollback.end());
        LineNumber(first.0 + starts)
    }

    /// The column of its logical line that a place of the screen has.
    pub(crate) fn column_at(&self, y: usize, x: usize) -> u32 {
        let rows =
            self.grid.iter().take(y).fold(0, |rows, row| if row.wrapped { rows + 1 } else { 0 });
        let off = if rows == y && !self.modes.alternate_screen {
            self.scrollback.open_pieces()
        } else {
            0
        };
        let rows = u32::try_from(rows).unwrap_or(u32::MAX).saturating_add(off);
        let cols = u32::from(self.grid.size().cols);
        rows.saturating_mul(cols).saturating_add(u32::try_from(x).unwrap_or(u32::MAX))
    }

    pub(crate) fn heap_bytes(&self) -> usize {
        self.grid.heap_bytes()
            + self.other.as_ref().map_or(0, Grid::heap_bytes)
            + self.tabs.capacity()
            + self.tables.heap_bytes()
            + self.scrollback.heap_bytes()
            + self.notices.capacity() * size_of::<Notice>()
            + self.notice_bytes
            + self.replies.capacity()
            + self.colors.palette.len() * 8
            + self.drafts.iter().map(|draft| draft.title.len() + draft.body.len()).sum::<usize>()
            + self.images.heap_bytes()
            + self.title_stack.iter().map(|t| t.title.len() + t.icon_name.len()).sum::<usize>()
    }
}

impl Perform for Engine {
    fn print_ascii(&mut self, bytes: &[u8], end: u64) {
        self.end = end;
        self.put_ascii(bytes);
    }

    fn print_chars(&mut self, chars: &[char], start: u64) {
        self.end = start;
        self.put_chars(chars);
    }

    fn print(&mut self, c: char, end: u64) {
        self.end = end;
        self.put_char(c, c.len_utf8() as u64);
    }

    fn control(&mut self, byte: u8, end: u64) {
        self.end = end;
        self.put_control(byte);
    }

    fn escape(&mut self, intermediates: &[u8], last: u8, end: u64) {
        self.end = end;
        self.put_escape(intermediates, last);
    }

    fn csi(&mut self, params: &Params, intermediates: &[u8], last: u8, end: u64) {
        self.end = end;
        self.put_csi(params, intermediates, last);
    }

    fn osc(&mut self, data: &[u8], bell: bool, end: u64) {
        self.end = end;
        self.put_osc(data, bell);
    }

    fn dcs(&mut self, params: &Params, intermediates: &[u8], last: u8, data: &[u8], end: u64) {
        self.end = end;
        self.put_dcs(params, intermediates, last, data);
    }

    fn apc(&mut self, data: &[u8], end: u64) {
        self.end = end;
        self.put_apc(data);
    }
}
