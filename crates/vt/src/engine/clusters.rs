//! Grapheme clusters: characters that continue the cell before them instead of taking their own.

use super::Engine;
use crate::cell::{Content, Glyph, PackedCell};
use crate::text::{CLUSTER_BYTES, Joint, char_width, joins, joint};

impl Engine {
    /// Lets `c` continue the cell before the cursor, if it does. `adjacent` says that `c` comes
    /// directly after the character printed there; a mark without a width needs no such proof.
    pub(super) fn join(&mut self, c: char, adjacent: bool) -> bool {
        if !adjacent && char_width(c) != 0 {
            return false;
        }
        let Some(x) = self.cell_before() else { return false };
        let y = self.cursor.y;
        let cell = self.grid.row(y).cell(x);
        let mut buffer = [0; 4];
        let text: &str = match cell.glyph.content() {
            Content::Blank => return false,
            Content::Char(before) => {
                if joint(before, c) == Joint::Apart {
                    return false;
                }
                before.encode_utf8(&mut buffer)
            }
            Content::Cluster(id) => self.tables.cluster(id),
        };
        if !joins(text, c) {
            return false;
        }
        let mut joined = [0; CLUSTER_BYTES];
        let (len, whole) = (text.len(), text.len() + c.len_utf8());
        // One that is too long keeps what it has.
        if let Some((head, tail)) =
            joined.get_mut(..whole).and_then(|all| all.split_at_mut_checked(len))
        {
            head.copy_from_slice(text.as_bytes());
            c.encode_utf8(tail);
            let text = std::str::from_utf8(joined.get(..whole).unwrap_or_default());
            // Two pieces of UTF-8 are UTF-8.
            self.replace(x, text.unwrap_or_default(), c);
        }
        true
    }

    /// Column of the cell left of the cursor (or under it while a wrap is pending).
    fn cell_before(&self) -> Option<usize> {
        let mut x = match self.cursor.wrap_pending {
            true => self.cursor.x,
            false => self.cursor.x.checked_sub(1)?,
        };
        let row = self.grid.row(self.cursor.y);
        if row.cell(x).glyph.is_spacer() {
            x = x.checked_sub(1)?;
        }
        Some(x)
    }

    /// Gives the cell at `x` of the cursor's row a text that ends in `last`, and a second column if it
    /// needs one.
    fn replace(&mut self, x: usize, text: &str, last: char) {
        if self.tables.compaction_due() {
            self.compact();
        }
        let cols = self.cols();
        let y = self.cursor.y;
        let cell = self.grid.row(y).cell(x);
        let was_wide = cell.glyph.is_wide();
        // The accents of alphabets are the usual case, and widen nothing.
        let accent = matches!(last, '\u{300}'..='\u{36f}');
        let wide = was_wide || !accent && crate::width(text) == 2;
        let id = self.tables.cluster_id(text);
        if wide == was_wide {
            let glyph = Glyph::cluster(id, wide);
            self.grid.row_mut(y).set(x, PackedCell { glyph, ..cell }, cols);
            return self.touch_row(y);
        }
        let limit = self.limit();
        if x + 1 < limit {
            // It grew: the column after it is now its second half.
            let row = self.grid.row_mut(y);
            row.heal(x + 1..x + 2);
            row.set(x, PackedCell { glyph: Glyph::cluster(id, true), ..cell }, cols);
            row.set(x + 1, PackedCell { glyph: Glyph::SPACER, ..cell }, cols);
            self.touch_row(y);
            self.cursor.wrap_pending = x + 2 >= limit;
            self.cursor.x = (x + 2).min(limit - 1);
        } else if self.modes.autowrap && cols > 1 {
            // It grew in the last column: it moves to the next row, as if it had come whole.
            self.cursor.x = x;
            self.pad();
            self.wrap();
            self.put_glyph(Glyph::cluster(id, true), true, cell.style);
        } else {
            let glyph = Glyph::cluster(id, false);
            self.grid.row_mut(y).set(x, PackedCell { glyph, ..cell }, cols);
            self.touch_row(y);
        }
    }
}
