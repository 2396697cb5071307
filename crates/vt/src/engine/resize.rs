//! Resizing. The lines of the primary screen are wrapped anew, in step with the scrollback: rows
//! that no longer fit scroll off, lines that fit again come back with their numbers. The alternate
//! screen is cut, because its program draws it again.

use std::collections::VecDeque;

use super::{CursorState, Engine};
use crate::cell::PackedCell;
use crate::engine::scroll::keep_row;
use crate::grid::{Grid, GridRow, next_id};
use crate::{RowId, Seq, Size};

mod reflow;

use reflow::{Place, Wrapped, lines, rewiden};

/// A position that moves with the text it stands on.
#[derive(Clone, Copy, Debug)]
struct Point {
    x: usize,
    /// Below 0: scrolled off.
    y: isize,
    wrap_pending: bool,
}

impl Point {
    fn of(state: &CursorState) -> Self {
        Self { x: state.x, y: signed(state.y), wrap_pending: state.wrap_pending }
    }

    fn set(self, state: &mut CursorState, size: Size) {
        state.x = self.x.min(usize::from(size.cols) - 1);
        let last = usize::from(size.rows) - 1;
        let clamped = self.y < 0 || self.y > signed(last);
        state.y = usize::try_from(self.y).unwrap_or(0).min(last);
        state.wrap_pending = self.wrap_pending && !clamped && self.x + 1 == usize::from(size.cols);
    }
}

/// Rows being laid out from top to bottom.
#[derive(Debug)]
struct Output {
    rows: VecDeque<GridRow>,
    /// Rows that the screen has; more leave at the top.
    wanted: usize,
    /// Rows that left.
    off: isize,
    /// The cursor's row, once it is laid out, counted like `seen`.
    cursor: Option<isize>,
}

impl Output {
    /// Rows laid out so far: the number of the next one.
    fn seen(&self) -> isize {
        signed(self.rows.len()) + self.off
    }
}

/// Screens have at most 4096 rows, the rest of a reflow fits as well.
fn signed(value: usize) -> isize {
    isize::try_from(value).unwrap_or(isize::MAX)
}

impl Engine {
    pub(crate) fn resize(&mut self, size: Size) {
        let size = size.clamped();
        if size == self.grid.size() {
            return;
        }
        self.resizes += 1;
        let cols = self.cols();
        let states = std::iter::once(&mut self.cursor).chain(&mut self.saved);
        states.for_each(|state| state.leave_side(cols));
        // The version after the last one, and below that of any event still to come: a sequence or
        // character that was begun before the resize may end, for its own offset, before it.
        self.end = self.seq.0 + 1 - self.resizes;
        // Lines that come back bring styles and links: let the tables hold only what lives, so that
        // a restored screen has the same room for them.
        self.compact();
        let placeholder = Grid::from_rows(Size::new(1, 1), vec![GridRow::new(RowId(0), Seq(0))]);
        let shown = std::mem::replace(&mut self.grid, placeholder);
        if self.modes.alternate_screen {
            let mut saved = [Point::of(&self.cursor), Point::of(&self.saved[1])];
            self.grid = self.clip(shown, size, &mut saved);
            let [cursor, alternate] = saved;
            cursor.set(&mut self.cursor, size);
            alternate.set(&mut self.saved[1], size);
            if let Some(primary) = self.other.take() {
                let mut points = [Point::of(&self.saved[0])];
                self.other = Some(self.reflow(primary, size, &mut points));
                points[0].set(&mut self.saved[0], size);
            }
        } else {
            let mut points = [Point::of(&self.cursor), Point::of(&self.saved[0])];
            self.grid = self.reflow(shown, size, &mut points);
            let [cursor, saved] = points;
            cursor.set(&mut self.cursor, size);
            saved.set(&mut self.saved[0], size);
            let mut points = [Point::of(&self.saved[1])];
            if let Some(alternate) = self.other.take() {
                self.other = Some(self.clip(alternate, size, &mut points));
            }
            points[0].set(&mut self.saved[1], size);
        }
        self.reset_margins();
        self.extend_tabs();
        // Nothing joins a cell across a resize.
        self.printed_end = u64::MAX;
        self.touch();
        if self.modes.size_reports {
            self.report_size_in_band();
        }
    }

    /// Cuts a screen to a size, or adds blank rows at the bottom. The first point stays on it.
    fn clip(&mut self, grid: Grid, size: Size, points: &mut [Point]) -> Grid {
        let now = self.now();
        let cols_changed = size.cols != grid.size().cols;
        let rows_wanted = usize::from(size.rows);
        let mut rows = grid.into_rows();
        let cursor = points.first().map_or(0, |point| usize::try_from(point.y).unwrap_or(0));
        let above = (cursor + 1).saturating_sub(rows_wanted);
        rows.drain(..above.min(rows.len()));
        rows.truncate(rows_wanted);
        for row in &mut rows {
            row.clip(usize::from(size.cols));
            if cols_changed {
                row.wrapped = false;
                row.seq = now;
            }
        }
        while rows.len() < rows_wanted {
            rows.push(GridRow::new(next_id(&mut self.next_row), now));
        }
        points.iter_mut().for_each(|point| point.y -= signed(above));
        Grid::from_rows(size, rows)
    }

    /// Wraps a screen's lines to a size. The first point is its cursor.
    fn reflow(&mut self, grid: Grid, size: Size, points: &mut [Point]) -> Grid {
        let now = self.now();
        let old_cols = grid.cols();
        let cols = usize::from(size.cols);
        let wanted = usize::from(size.rows);
        let mut rows = grid.into_rows();
        let cursor = points.first().map_or(0, |point| usize::try_from(point.y).unwrap_or(0));
        let written = rows.iter().rposition(|row| row.end() > 0).map_or(0, |last| last + 1);
        let used = written.max(cursor + 1).min(rows.len());
        let mut below: Vec<GridRow> = rows.split_off(used);
        // They are blank, but maybe as cells of the old width.
        below.iter_mut().for_each(|row| row.cells.clear());
        let under = points.iter().map(|point| point.y >= signed(used)).collect::<Vec<_>>();
        let mut out = Output { rows: VecDeque::new(), wanted, off: 0, cursor: None };
        if cols == old_cols {
            out.cursor = Some(signed(cursor));
            for row in rows {
                self.push_row(&mut out, row, cols);
            }
        } else {
            self.rewrap(rows, old_cols, cols, points, &mut out);
        }
        let shift = out.seen() - signed(used);
        for (point, _) in points.iter_mut().zip(under).filter(|(_, under)| *under) {
            point.y += shift;
        }
        let mut blanks = below.len();
        let excess = (out.rows.len() + blanks).saturating_sub(wanted);
        blanks -= excess.min(blanks);
        let room = wanted - out.rows.len() - blanks;
        let pulled = self.pull_rows(&mut out.rows, room, cols, now);
        let moved = signed(pulled) - out.off;
        points.iter_mut().for_each(|point| point.y += moved);
        out.rows.extend(below.into_iter().take(blanks));
        let mut rows: Vec<GridRow> = out.rows.into();
        while rows.len() < wanted {
            rows.push(GridRow::new(next_id(&mut self.next_row), now));
        }
        Grid::from_rows(size, rows)
    }

    /// Adds a row at the bottom; what does not fit leaves at the top. The cursor's row never leaves,
    /// because its program goes on there: from then on there is no room for what is below it, as in
    /// xterm, VTE and alacritty.
    fn push_row(&mut self, out: &mut Output, row: GridRow, cols: usize) {
        if out.rows.len() == out.wanted && out.cursor == Some(out.off) {
            if let Some(last) = out.rows.back_mut().filter(|last| last.wrapped) {
                last.wrapped = false;
                last.seq = self.now();
            }
            return;
        }
        out.rows.push_back(row);
        if out.rows.len() > out.wanted
            && let Some(row) = out.rows.pop_front()
        {
            keep_row(&row, cols, &mut self.scrollback, &self.tables);
            out.off += 1;
        }
    }

    /// Wraps rows of `old_cols` to `cols`.
    fn rewrap(
        &mut self,
        rows: Vec<GridRow>,
        old_cols: usize,
        cols: usize,
        points: &mut [Point],
        out: &mut Output,
    ) {
        let now = self.now();
        let mut head = Vec::new();
        // The first line may have begun above the screen: it is one line, and wraps as one.
        if self.scrollback.open().is_some() {
            self.scrollback.begin_pull();
            head = self.scrollback.pull(&mut self.tables).map_or(Vec::new(), |pulled| pulled.cells);
        }
        let mut y = 0;
        let before = points.to_vec();
        for mut line in lines(rows) {
            let here = y..y + signed(line.len());
            y = here.end;
            let target = out.seen();
            let cursor = before.first().filter(|point| here.contains(&point.y));
            let cursor_column = cursor.map_or(0, |point| point.x + usize::from(point.wrap_pending));
            let single = line.len() == 1 && head.is_empty() && old_cols > 1;
            let fits = |row: &GridRow| row.text_end() <= cols && cursor_column <= cols;
            if single
                && line.last().is_some_and(fits)
                && let Some(mut row) = line.pop()
            {
                // The usual case: the line is one row before and after, and keeps what it has.
                row.clip(cols);
                row.wrapped = false;
                row.seq = now;
                for (point, old) in points.iter_mut().zip(&before) {
                    if here.contains(&old.y) {
                        let column = old.x + usize::from(old.wrap_pending);
                        let place = Place::in_row(0, column, cols);
                        *point = place.point(target);
                    }
                }
                if cursor.is_some() {
                    out.cursor = points.first().map(|point| point.y);
                }
                self.push_row(out, row, cols);
                continue;
            }
            let had_head = !head.is_empty();
            let mut joined = std::mem::take(&mut head);
            let mut offsets: Vec<Option<usize>> = before
                .iter()
                .map(|point| {
                    here.contains(&point.y).then(|| {
                        let row = usize::try_from(point.y - here.start).unwrap_or(0);
                        joined.len()
                            + reflow::offset(&line, row, point.x, point.wrap_pending, old_cols)
                    })
                })
                .collect();
            let ids: Vec<RowId> = line.iter().map(|row| row.id).collect();
            reflow::join(line, old_cols, &mut joined);
            rewiden(&mut joined, &self.tables, &mut offsets);
            if let Some(Some(offset)) = offsets.first()
                && joined.len() < *offset
            {
                joined.resize(*offset, PackedCell::BLANK);
            }
            let wrapped = Wrapped::new(joined, cols, &mut offsets);
            for (point, offset) in points.iter_mut().zip(offsets) {
                if let Some(offset) = offset {
                    *point = wrapped.place(offset).point(target);
                }
            }
            if cursor.is_some() {
                out.cursor = points.first().map(|point| point.y);
            }
            let rows = wrapped.into_rows(false);
            // Rows that come back from above are new to the screen; the others keep their names.
            let new = if had_head { rows.len().saturating_sub(ids.len()) } else { 0 };
            for (index, (cells, wrapped)) in rows.into_iter().enumerate() {
                let known = index.checked_sub(new).and_then(|index| ids.get(index));
                let id = match known {
                    Some(id) => *id,
                    None => next_id(&mut self.next_row),
                };
                self.push_row(out, GridRow { cells, id, seq: now, wrapped }, cols);
            }
        }
    }

    /// Brings back lines from the scrollback to fill `room` rows at the top.
    fn pull_rows(
        &mut self,
        rows: &mut VecDeque<GridRow>,
        room: usize,
        cols: usize,
        now: Seq,
    ) -> usize {
        let mut pulled = 0;
        if room == 0 || !self.scrollback.can_pull() {
            return 0;
        }
        self.scrollback.begin_pull();
        while pulled < room {
            let open = self.scrollback.open().is_some();
            let Some(line) = self.scrollback.pull(&mut self.tables) else { break };
            let mut cells = line.cells;
            rewiden(&mut cells, &self.tables, &mut []);
            let mut wrapped = Wrapped::new(cells, cols, &mut []).into_rows(open);
            let surplus = wrapped.len().saturating_sub(room - pulled);
            for (cells, _) in wrapped.drain(..surplus) {
                self.scrollback.push(&cells, true, &self.tables);
            }
            for (cells, wrapped) in wrapped.into_iter().rev() {
                let id = next_id(&mut self.next_row);
                rows.push_front(GridRow { cells, id, seq: now, wrapped });
                pulled += 1;
            }
        }
        pulled
    }
}
