//! Sixel strings: an image whose pieces stand in cells, as if the program had written them. So it scrolls,
//! wraps and is written over like text, and comes back with it.

use super::Engine;
use super::images::Picture;
use crate::cell::{Glyph, PackedCell};
use crate::image::{ImageFormat, Placement, Source, placeholder, sixel};
use crate::{Color, RowId, Style};

impl Engine {
    pub(super) fn put_sixel(&mut self, data: &[u8]) {
        let Some((width, height)) = sixel::measure(data) else { return };
        let left = if self.images.sixel_display { 0 } else { self.cursor.x };
        let room = self.limit().saturating_sub(left).max(1);
        let cells = |pixels: u16, cell: u16| pixels.div_ceil(cell).min(placeholder::NUMBERS);
        let cols = cells(width, self.cell.width);
        let rows = cells(height, self.cell.height);
        let picture = Picture { format: ImageFormat::Sixel, width, height, data: data.to_vec() };
        let id = self.free_image_id();
        let serial = self.add_image(id, 0, picture);
        // The last cells may be covered in part only: the pieces are measured in whole ones.
        self.add_placement(Placement {
            image: serial,
            id: 0,
            is_virtual: true,
            row: RowId(0),
            above: 0,
            col: 0,
            cols,
            rows,
            source: Source { x: 0, y: 0, width, height },
            z: 0,
        });
        // What passes the right edge is cut, as xterm does.
        let shown = usize::from(cols).min(room);
        if self.images.sixel_display {
            for row in 0..usize::from(rows).min(self.rows()) {
                self.put_pieces(id, row, 0, row, shown);
            }
            return;
        }
        self.cursor.wrap_pending = false;
        for row in 0..usize::from(rows) {
            self.put_pieces(id, row, left, self.cursor.y, shown);
            // The cursor ends below the image, where it began.
            self.index();
        }
        self.touch();
    }

    /// Writes the pieces of one row of an image.
    fn put_pieces(&mut self, id: u32, row: usize, x: usize, y: usize, cols: usize) {
        let [high, red, green, blue] = id.to_be_bytes();
        let style = Style { fg: Color::Rgb(red, green, blue), ..Style::default() };
        if self.tables.compaction_due() {
            self.compact();
        }
        let style = self.tables.style_id(&style);
        let narrow = |place: usize| u16::try_from(place).unwrap_or(u16::MAX);
        let width = self.cols();
        for col in 0..cols {
            let text = placeholder::text_of(narrow(row), narrow(col), high);
            let Some(text) = text else { break };
            let glyph = Glyph::cluster(self.tables.cluster_id(&text), false);
            self.grid.row_mut(y).put(x + col, PackedCell { glyph, style }, false, width);
        }
        self.unwrap_row(y);
        self.touch_row(y);
    }
}
