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
            let new = next.row(y);
            let old = shown.map(|shown| shown.row(y));
            if !was_left && old.as_ref() == Some(&new) {
                continue;
            }
            self.draw_line(y, old.as_deref(), &new, left, out);
        }
    }

    /// Writes the cells of a line that are not as they are shown.
    pub(super) fn draw_line(
        &mut self,
        y: u16,
        old: Option<&[Cell]>,
        new: &[Cell],
        left: &[Rect],
        out: &mut Vec<u8>,
    ) {
        let in_left = |x: usize| {
            u16::try_from(x).is_ok_and(|x| left.iter().any(|area| area.contains((x, y).into())))
        };
        let changed = |x: usize| match (old, new.get(x)) {
            (_, Some(_)) if in_left(x) => true,
            (Some(old), Some(cell)) => old.get(x) != Some(cell),
            // A cleared terminal shows blanks already.
            (None, Some(cell)) => *cell != Cell::blank(),
            (_, None) => false,
        };
        let mut x = 0;
        while x < new.len() {
            if !changed(x) {
                x += 1;
                continue;
            }
            // A change in the second half of a wide cell is drawn with the first half.
            let from = if new[x].width == 0 { x.saturating_sub(1) } else { x };
            let mut to = x + 1;
            let mut gap = 0;
            for ahead in x + 1..new.len() {
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
            self.draw_run(y, from, &new[from..to], new.len(), out);
            x = to;
        }
    }

    fn draw_run(&mut self, y: u16, x: usize, cells: &[Cell], cols: usize, out: &mut Vec<u8>) {
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
            self.position = (sure && usize::from(x) < cols).then_some((x, y));
            if self.position.is_none() && usize::from(x) < cols {
                self.move_to(x, y, out);
            }
        }
    }
}
