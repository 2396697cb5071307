//! Rectangles of the screen: filling, erasing, copying them, and changing their attributes (DECFRA,
//! DECERA, DECSERA, DECCRA, DECCARA, DECRARA, DECSACE). They count from the origin, and obey margins
//! only in origin mode. The cursor never moves.

use std::ops::Range;

use super::{Engine, sgr};
use crate::cell::{Glyph, PackedCell, StyleId};
use crate::parser::Params;
use crate::{Attrs, Style, Underline};

/// Columns and rows.
#[derive(Clone, Debug)]
struct Area {
    cols: Range<usize>,
    rows: Range<usize>,
}

impl Engine {
    /// The rectangle of the four parameters from `at` on (top, left, bottom, right); `None` if there
    /// is nothing in it.
    fn area(&self, params: &Params, at: usize) -> Option<Area> {
        let (left, top, cols, rows) = self.page();
        let first = |index: usize, base: usize| base + params.count(at + index) - 1;
        let last = |index: usize, base: usize, end: usize| match params.number(at + index) {
            0 => end,
            number => (base + usize::from(number)).min(end),
        };
        let rows = first(0, top)..last(2, top, rows);
        let cols = first(1, left)..last(3, left, cols);
        (!rows.is_empty() && !cols.is_empty()).then_some(Area { cols, rows })
    }

    /// What rectangles can reach: its first column and row, and one past the last ones.
    fn page(&self) -> (usize, usize, usize, usize) {
        if self.cursor.origin {
            (self.left, self.top, self.right + 1, self.bottom + 1)
        } else {
            (0, 0, self.cols(), self.rows())
        }
    }

    /// DECFRA: one character everywhere, in the pen's style.
    pub(super) fn fill_area(&mut self, params: &Params) {
        let Some(area) = self.area(params, 1) else { return };
        let glyph = match u8::try_from(params.number(0)) {
            Ok(byte @ 0x20..=0x7e) => Glyph::char(self.cursor.charsets.shown_as(byte), false),
            Ok(byte @ 0xa0..) => Glyph::char(char::from(byte), false),
            _ => return,
        };
        let cell = PackedCell { glyph, style: self.pen_id() };
        let cols = self.cols();
        for y in area.rows {
            if area.cols.end == cols {
                self.unwrap_row(y);
            }
            self.grid.row_mut(y).fill(area.cols.clone(), cell, cols);
            self.touch_row(y);
        }
    }

    /// DECERA, DECSERA.
    pub(super) fn erase_area(&mut self, params: &Params, selective: bool) {
        let Some(area) = self.area(params, 0) else { return };
        for y in area.rows {
            self.erase(y, area.cols.clone(), selective);
        }
    }

    /// DECCRA. There is one page, so that page numbers mean nothing; what does not fit is cut.
    pub(super) fn copy_area(&mut self, params: &Params) {
        let Some(Area { cols, rows }) = self.area(params, 0) else { return };
        let (left, top, right, bottom) = self.page();
        let (y, x) = (top + params.count(5) - 1, left + params.count(6) - 1);
        if x >= right || y >= bottom {
            return;
        }
        let width = cols.len().min(right - x);
        let cols = cols.start..cols.start + width;
        // The two may overlap: all of it is read before any of it is written.
        let copied: Vec<_> = rows.map(|y| self.grid.row(y).part(cols.clone())).collect();
        let most = self.cols();
        for (y, cells) in (y..bottom).zip(copied) {
            self.grid.row_mut(y).paste(x, &cells, most);
            if x + width == most {
                self.unwrap_row(y);
            }
            self.touch_row(y);
        }
    }

    /// DECSACE: whether attributes change in a rectangle, or in the stream of characters from its
    /// first corner to its last, as they do from the start.
    pub(super) fn attribute_extent(&mut self, extent: u16) {
        match extent {
            0 | 1 => self.rectangles = false,
            2 => self.rectangles = true,
            _ => {}
        }
    }

    /// DECCARA: the SGR parameters after the corners, whichever they are (DEC knew four attributes).
    pub(super) fn change_attributes(&mut self, params: &Params) {
        self.restyle(params, |style| {
            sgr::apply(style, params.groups_from(4));
        });
    }

    /// DECRARA: what is on goes off, and the reverse. 0 means all of them.
    pub(super) fn reverse_attributes(&mut self, params: &Params) {
        let rest = params.all().get(4..).unwrap_or_default();
        let codes = if rest.is_empty() { &[0] } else { rest };
        self.restyle(params, |style| codes.iter().for_each(|code| toggle(style, *code)));
    }

    /// Changes the style of every cell that the corners name. Blank cells have one too.
    fn restyle(&mut self, params: &Params, change: impl Fn(&mut Style)) {
        let Some(area) = self.area(params, 0) else { return };
        let (left, _, right, _) = self.page();
        let cols = self.cols();
        let last = area.rows.end - 1;
        // Neighbours nearly always share a style, and a table holds what has been seen.
        let mut known: Option<(StyleId, StyleId)> = None;
        for y in area.rows.clone() {
            let range = match self.rectangles {
                true => area.cols.clone(),
                false => {
                    let start = if y == area.rows.start { area.cols.start } else { left };
                    start..if y == last { area.cols.end } else { right }
                }
            };
            if self.tables.compaction_due() {
                self.compact();
                known = None;
            }
            for x in range {
                let cell = self.grid.row(y).cell(x);
                if cell.glyph.is_spacer() {
                    // Halves look alike: the first one decides.
                    continue;
                }
                let style = match known {
                    Some((old, new)) if old == cell.style => new,
                    _ => {
                        let mut style = self.tables.style(cell.style);
                        change(&mut style);
                        let new = self.tables.style_id(&style);
                        known = Some((cell.style, new));
                        new
                    }
                };
                let row = self.grid.row_mut(y);
                row.set(x, PackedCell { style, ..cell }, cols);
                if cell.glyph.is_wide() {
                    row.set(x + 1, PackedCell { glyph: Glyph::SPACER, style }, cols);
                }
            }
            self.touch_row(y);
        }
    }
}

fn toggle(style: &mut Style, code: u16) {
    let underline = |style: &mut Style| {
        style.underline = match style.underline {
            Underline::None => Underline::Single,
            _ => Underline::None,
        };
    };
    match code {
        0 => {
            style.attrs.toggle(Attrs::BOLD | Attrs::BLINK | Attrs::INVERSE | Attrs::CONCEAL);
            underline(style);
        }
        1 => style.attrs.toggle(Attrs::BOLD),
        4 => underline(style),
        5 => style.attrs.toggle(Attrs::BLINK),
        7 => style.attrs.toggle(Attrs::INVERSE),
        8 => style.attrs.toggle(Attrs::CONCEAL),
        _ => {}
    }
}
