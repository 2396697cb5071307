//! Grapheme clusters: characters that continue the cell before them instead of taking their own.

use super::Engine;
use crate::cell::{Content, Glyph, PackedCell};
use crate::text::{CLUSTER_BYTES, FIRST_MARK, Joint, char_width, joins, joint};

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
        let mut text = std::mem::take(&mut self.cluster);
        text.clear();
        match cell.glyph.content() {
            Content::Char(before) if joint(before, *first) == Joint::Ask => text.push(before),
            Content::Cluster(id) => text.push_str(self.tables.cluster(id)),
            Content::Blank | Content::Char(_) => {}
        }
        let count = if !text.is_empty() && joins(&text, *first) {
            self.grow(x, &mut text, *first, others)
        } else {
            0
        };
        self.cluster = text;
        count
    }

    /// Adds a character to the text of the cell at `x`, and those that continue it. Says how many.
    fn grow(&mut self, x: usize, text: &mut String, first: char, others: &[char]) -> usize {
        let cell = self.grid.row(self.cursor.y).cell(x);
        let mut wide = cell.glyph.is_wide();
        let mut count = 0;
        let mut next = Some(first);
        while let Some(c) = next {
            count += 1;
            if count > 1 {
                self.end += c.len_utf8() as u64;
            }
            if text.len() + c.len_utf8() <= CLUSTER_BYTES {
                text.push(c);
            }
            // The accents of alphabets are the usual case, and widen nothing.
            let accent = matches!(c, '\u{300}'..='\u{36f}');
            if !wide && !accent && crate::width(text) == 2 {
                // It grows here and now, because it may have to move.
                wide = true;
                break;
            }
            // What is below is never asked, also where it comes alone.
            let mark = others.get(count - 1).copied().filter(|c| *c >= FIRST_MARK);
            next = mark.filter(|c| joins(text, *c));
        }
        self.replace(x, text, wide);
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
