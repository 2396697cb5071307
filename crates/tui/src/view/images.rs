//! The images of a pane or a recording: which pieces of them stand where in the picture, and the box that stands there
//! where the terminal shows none.

use ccc_client::{ImageInfo, Mirror, PaneImages};
use ccc_vt::image::{Source, placeholder};
use ccc_vt::{Placement, Row, RowId};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::widgets::{Block, Clear, Widget as _};

use crate::app::{App, Images};
use crate::image::{Graphics, ImageFrom, ImageKey, Placed};
use crate::surface::Surface;

/// What images are drawn with.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shows<'a> {
    /// What the terminal can.
    pub(crate) graphics: Graphics,
    /// What is here of their data.
    pub(crate) images: &'a Images,
    /// Of the box that stands for one.
    pub(crate) border: Style,
}

impl<'a> Shows<'a> {
    pub(crate) const fn of(app: &'a App) -> Self {
        Self { graphics: app.graphics, images: &app.images, border: app.theme.border }
    }
}

/// What a pane that is looked at shows its images by.
pub(super) fn of_pane(mirror: &Mirror) -> ImageFrom {
    ImageFrom::Pane { pane: mirror.pane(), epoch: mirror.epoch().unwrap_or_default() }
}

/// Draws the images of rows of a screen that stand in an area, the first at its top.
pub(crate) fn draw<'a>(
    shows: Shows<'_>,
    from: ImageFrom,
    mirror: &Mirror,
    rows: impl Iterator<Item = &'a Row> + Clone,
    area: Rect,
    surface: &mut Surface,
) {
    let images = mirror.images();
    // The terminal may be smaller than the tab.
    let area = area.intersection(surface.area());
    if images.placements.is_empty() || area.is_empty() {
        return;
    }
    let in_area = rows.clone().take(area.height.into());
    let in_cells = pieces(in_area, area.width).into_iter().filter_map(|piece| {
        let (info, placement) = piece.of(images)?;
        Some((info, piece.source(placement), piece.area(area), placement.z))
    });
    // What hangs on a row below the area may reach up into it.
    let ids: Vec<RowId> = rows.map(|row| row.id).collect();
    let by_themselves = images.placements.iter().filter(|placement| !placement.is_virtual);
    let by_themselves = by_themselves.filter_map(|placement| {
        // Rows above the screen have no names, and are told from the first row of all by that.
        let here = mirror.rows().iter().any(|row| row.id == placement.row);
        let y = ids.iter().rposition(|id| here && *id == placement.row)?;
        let (source, place) = clipped(placement, y, area)?;
        Some((*images.image(placement.image)?, source, place, placement.z))
    });
    let mut by_themselves: Vec<Shown> = by_themselves.collect();
    order(&mut by_themselves);
    let mut all: Vec<Shown> = in_cells.chain(by_themselves).collect();
    all.sort_by_key(|(.., z)| *z);
    for (info, source, area, z) in all {
        let key = ImageKey { from, serial: info.serial };
        if shows.graphics.draws(info.format, z) && !shows.images.has_failed(key) {
            let data = shows.images.data(key);
            surface.place(Placed { key, info, source, area, z, data });
        } else if z >= 0 && shows.graphics != Graphics::Unknown {
            draw_box(shows.border, &info, area, surface);
        }
    }
}

/// An image, the pixels of it that are shown, where, and in what order.
type Shown = (ImageInfo, Source, Rect, i32);

/// Puts images in order, bottom to top. Those that came later lie over those before with the same number. How the outer
/// terminal takes that is another matter, as it has them in the order in which their data came here: one over another
/// gets a number of its own, on the same side of the text.
fn order(shown: &mut [Shown]) {
    shown.sort_by_key(|(info, .., z)| (*z, info.serial));
    let under = shown.partition_point(|(.., z)| *z < 0);
    let (under, over) = shown.split_at_mut(under);
    for at in (0..under.len()).rev() {
        let (first, above) = under.split_at_mut(at + 1);
        let Some((_, _, area, z)) = first.last_mut() else { continue };
        let above = above.iter().filter(|(_, _, above, _)| above.intersects(*area));
        *z = above.fold(*z, |z, (.., above)| z.min(above.saturating_sub(1)));
    }
    for at in 0..over.len() {
        let (below, last) = over.split_at_mut(at);
        let Some((_, _, area, z)) = last.first_mut() else { continue };
        let below = below.iter().filter(|(_, _, below, _)| below.intersects(*area));
        *z = below.fold(*z, |z, (.., below)| z.max(below.saturating_add(1)));
    }
}

/// Neighbouring pieces of one image in cells.
#[derive(Clone, Copy, Debug)]
struct Pieces {
    first: placeholder::Piece,
    x: u16,
    y: u16,
    cols: u16,
    rows: u16,
}

impl Pieces {
    /// The image, and the placement of it that is meant.
    fn of(self, images: &PaneImages) -> Option<(ImageInfo, &Placement)> {
        let info = images.images.iter().rev().find(|info| info.id == self.first.image)?;
        let wanted = self.first.placement;
        let placement = images.placements.iter().find(|placement| {
            placement.is_virtual
                && placement.image == info.serial
                && (wanted == 0 || placement.id == wanted)
        })?;
        Some((*info, placement))
    }

    fn source(self, placement: &Placement) -> Source {
        let Source { x, y, width, height } = placement.source;
        let (x, width) = part(x, width, self.first.col, self.cols, placement.cols);
        let (y, height) = part(y, height, self.first.row, self.rows, placement.rows);
        Source { x, y, width, height }
    }

    const fn area(self, area: Rect) -> Rect {
        Rect { x: area.x + self.x, y: area.y + self.y, width: self.cols, height: self.rows }
    }
}

/// The pieces in rows, as few as they can be told in.
fn pieces<'a>(rows: impl Iterator<Item = &'a Row>, width: u16) -> Vec<Pieces> {
    let mut found: Vec<Pieces> = Vec::new();
    for (row, y) in rows.zip(0_u16..) {
        let mut x = 0_u16;
        let mut left = None;
        let mut runs: Vec<Pieces> = Vec::new();
        for cell in &row.cells {
            let columns = u16::from(cell.width.max(1));
            if x.saturating_add(columns) > width {
                break;
            }
            let text = cell.text.as_str();
            left = placeholder::is_placeholder(text)
                .then(|| placeholder::piece(text, cell.style.fg, cell.style.underline_color, left))
                .flatten();
            if let Some(piece) = left {
                match runs.last_mut() {
                    Some(run) if run.goes_on_right(piece, x) => run.cols += 1,
                    _ => runs.push(Pieces { first: piece, x, y, cols: 1, rows: 1 }),
                }
            }
            x += columns;
        }
        for run in runs {
            match found.iter_mut().find(|above| above.goes_on_below(&run)) {
                Some(above) => above.rows += 1,
                None => found.push(run),
            }
        }
    }
    found
}

impl Pieces {
    fn goes_on_right(&self, piece: placeholder::Piece, x: u16) -> bool {
        let next =
            placeholder::Piece { col: self.first.col.saturating_add(self.cols), ..self.first };
        piece == next && x == self.x + self.cols
    }

    fn goes_on_below(&self, below: &Self) -> bool {
        let next =
            placeholder::Piece { row: self.first.row.saturating_add(self.rows), ..self.first };
        below.first == next
            && (below.x, below.cols) == (self.x, self.cols)
            && below.y == self.y + self.rows
    }
}

/// What of a placement that hangs on row `y` of an area is inside it, and where.
fn clipped(placement: &Placement, y: usize, area: Rect) -> Option<(Source, Rect)> {
    let y = u16::try_from(y).ok()?;
    let hidden = placement.above.saturating_sub(y);
    let top = y.saturating_sub(placement.above);
    let rows = placement.rows.checked_sub(hidden)?.min(area.height.checked_sub(top)?);
    let cols = placement.cols.min(area.width.checked_sub(placement.col)?);
    if rows == 0 || cols == 0 {
        return None;
    }
    let Source { x, y, width, height } = placement.source;
    let (x, width) = part(x, width, 0, cols, placement.cols);
    let (y, height) = part(y, height, hidden, rows, placement.rows);
    let place = Rect { x: area.x + placement.col, y: area.y + top, width: cols, height: rows };
    Some((Source { x, y, width, height }, place))
}

/// The pixels of cells `from..from + count` of `all` that a length of pixels is spread over.
fn part(start: u16, len: u16, from: u16, count: u16, all: u16) -> (u16, u16) {
    let at = |cell: u16| {
        let cell = u32::from(cell.min(all));
        u16::try_from(u32::from(len) * cell / u32::from(all.max(1))).unwrap_or(len)
    };
    let (first, last) = (at(from).min(len - 1), at(from.saturating_add(count)));
    (start + first, last.saturating_sub(first).max(1))
}

/// Says what would be there.
fn draw_box(border: Style, info: &ImageInfo, area: Rect, surface: &mut Surface) {
    let area = area.intersection(surface.area());
    let mut chrome = Buffer::empty(area);
    Clear.render(area, &mut chrome);
    let label = format!("[image {}x{}]", info.width, info.height);
    if area.width > 2 && area.height > 2 {
        Block::bordered().border_style(border).title(label).render(area, &mut chrome);
    } else {
        chrome.set_stringn(area.x, area.y, &label, area.width.into(), border);
    }
    surface.draw_chrome(&chrome);
}

#[cfg(test)]
mod tests;
