//! Lines of cells. Owns which of them are written: those that are not as they are shown, and what lies between
//! two of them where that is cheaper than to jump.

use ccc_vt::Cell;
use ratatui::layout::Rect;

use super::Writer;
use crate::image::Graphics;
use crate::surface::Surface;

/// A gap of unchanged cells up to this long is cheaper to write again than to jump over.
const CHEAP_GAP: usize = 4;

impl Writer {
    /// Writes the cells that changed, and all in the areas that images have left.
    pub(super) fn draw_cells(
        &mut self,
        shown: Option<&Surface>,
        next: &Surface,
        left: &[Rect],
        out: &mut Vec<u8>,
    ) {
        for y in 0..next.size().rows {
            let was_left = left.iter().any(|area| (area.top()..area.bottom()).contains(&y));
            if !was_left && shown.is_some_and(|shown| shown.shares_row(next, y)) {
                continue;
            }
            let old = shown.map(|shown| shown.cells(y));
            let place = (y, next.size().cols);
            self.draw_line(place, old.as_deref(), &next.cells(y), left, out);
        }
    }

    /// Writes the cells of a line that are not as they are shown. A line is told by its place from above and
    /// its columns; cells that it does not have at its end are blank.
    pub(super) fn draw_line(
        &mut self,
        (y, cols): (u16, u16),
        old: Option<&[Cell]>,
        new: &[Cell],
        left: &[Rect],
        out: &mut Vec<u8>,
    ) {
        let in_left = |x: usize| {
            u16::try_from(x).is_ok_and(|x| left.iter().any(|area| area.contains((x, y).into())))
        };
        let blank = Cell::blank();
        // A cleared terminal shows blanks already.
        let old = old.unwrap_or_default();
        let changed =
            |x: usize| in_left(x) || old.get(x).unwrap_or(&blank) != new.get(x).unwrap_or(&blank);
        let end = if left.is_empty() { old.len().max(new.len()) } else { usize::from(cols) };
        let mut x = 0;
        while x < end {
            if !changed(x) {
                x += 1;
                continue;
            }
            // A change in the second half of a wide cell is drawn with the first half.
            let half = new.get(x).is_some_and(|cell| cell.width == 0);
            let from = if half { x.saturating_sub(1) } else { x };
            let mut to = x + 1;
            let mut gap = 0;
            for ahead in x + 1..end {
                if changed(ahead) {
                    to = ahead + 1;
                    gap = 0;
                } else {
                    gap += 1;
                    if gap > CHEAP_GAP {
                        break;
                    }
                }
            }
            let cells = (from..to).map(|x| new.get(x).unwrap_or(&blank));
            self.draw_run((y, cols), from, cells, out);
            x = to;
        }
    }

    fn draw_run<'a>(
        &mut self,
        (y, cols): (u16, u16),
        x: usize,
        cells: impl ExactSizeIterator<Item = &'a Cell>,
        out: &mut Vec<u8>,
    ) {
        let Ok(mut x) = u16::try_from(x) else { return };
        if matches!(self.abilities.graphics, Graphics::Sixel { .. }) {
            let width = u16::try_from(cells.len()).unwrap_or(u16::MAX);
            self.written.push(Rect { x, y, width, height: 1 });
        }
        self.move_to(x, y, out);
        for cell in cells {
            if cell.width == 0 {
                continue;
            }
            self.set_style(&cell.style, cell.link.as_ref(), out);
            // A piece of an image would name one of the outer terminal's.
            let text = cell.as_read();
            out.extend_from_slice(text.as_bytes());
            x += u16::from(cell.width);
            // Terminals disagree about the width of clusters, and the last column leaves the
            // cursor in between: after either, the place is named anew.
            let sure = text.len() == 1 || text.chars().nth(1).is_none();
            self.position = (sure && x < cols).then_some((x, y));
            if self.position.is_none() && x < cols {
                self.move_to(x, y, out);
            }
        }
    }
}
