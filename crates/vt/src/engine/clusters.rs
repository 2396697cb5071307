//! Grapheme clusters: characters that continue the cell before them instead of taking their own.

use super::Engine;
use crate::cell::{Content, Glyph, PackedCell};
use crate::text::{CLUSTER_BYTES, Joint, char_width, joins, joint};

/// The text of a cell while it grows.
#[derive(Debug)]
struct Cluster {
    /// UTF-8 up to `len`.
    bytes: [u8; CLUSTER_BYTES],
    len: usize,
}

impl Default for Cluster {
    fn default() -> Self {
        Self { bytes: [0; CLUSTER_BYTES], len: 0 }
    }
}

impl Cluster {
    /// Takes another text; one that is too long is cut by whoever made it.
    fn fill(&mut self, text: &str) {
        if let Some(slot) = self.bytes.get_mut(..text.len()) {
            slot.copy_from_slice(text.as_bytes());
            self.len = text.len();
        }
    }

    /// Adds a character, unless that is too much.
    fn push(&mut self, c: char) {
        if let Some(slot) = self.bytes.get_mut(self.len..self.len + c.len_utf8()) {
            self.len += c.encode_utf8(slot).len();
        }
    }

    fn text(&self) -> &str {
        // Only whole characters were added.
        std::str::from_utf8(self.bytes.get(..self.len).unwrap_or_default()).unwrap_or_default()
    }
}

impl Engine {
    /// Lets characters continue the cell before the cursor, and says how many do. `adjacent` says that
    /// the first comes directly after the character printed there; a mark without a width needs no
    /// such proof. The current event's end is that of the first, and moves along.
    pub(super) fn join(&mut self, chars: &[char], adjacent: bool) -> usize {
        let Some((first, others)) = chars.split_first() else { return 0 };
        if !adjacent && char_width(*first) != 0 {
            return 0;
        }
        let Some(x) = self.cell_before() else { return 0 };
        let cell = self.grid.row(self.cursor.y).cell(x);
        let mut cluster = Cluster::default();
        match cell.glyph.content() {
            Content::Blank => return 0,
            Content::Char(before) if joint(before, *first) == Joint::Apart => return 0,
            Content::Char(before) => cluster.push(before),
            Content::Cluster(id) => cluster.fill(self.tables.cluster(id)),
        }
        if !joins(cluster.text(), *first) {
            return 0;
        }
        let mut wide = cell.glyph.is_wide();
        let mut count = 0;
        let mut next = Some(first);
        while let Some(c) = next {
            cluster.push(*c);
            count += 1;
            if count > 1 {
                self.end += c.len_utf8() as u64;
            }
            // The accents of alphabets are the usual case, and widen nothing.
            let accent = matches!(c, '\u{300}'..='\u{36f}');
            if !wide && !accent && crate::width(cluster.text()) == 2 {
                // It grows here and now, because it may have to move.
                wide = true;
                break;
            }
            next = others.get(count - 1).filter(|c| joins(cluster.text(), **c));
        }
        self.replace(x, cluster.text(), wide);
        count
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

    /// Gives the cell at `x` of the cursor's row another text, and a second column if it needs one.
    fn replace(&mut self, x: usize, text: &str, wide: bool) {
        if self.tables.compaction_due() {
            self.compact();
        }
        let cols = self.cols();
        let y = self.cursor.y;
        let cell = self.grid.row(y).cell(x);
        let was_wide = cell.glyph.is_wide();
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
