//! A screen without its text. Owns what of a terminal is text, which somebody may want forgotten, and what is how
//! a program has set its terminal up, without which it goes wrong.

use super::{Engine, Titles};
use crate::grid::Grid;
use crate::intern::Tables;
use crate::scrollback::{Reachable, Scrollback};

impl Engine {
    /// Cells of both screens, lines above them, titles, directory, links, images and what is half read go. Cursor,
    /// modes, margins, colours, the pen and the numbers of lines and rows stay.
    pub(crate) fn forget_text(&mut self) {
        let seq = self.seq_at(self.offset);
        let size = self.grid.size();
        self.grid = Grid::new(size, &mut self.next_row, seq);
        if let Some(other) = &mut self.other {
            *other = Grid::new(other.size(), &mut self.next_row, seq);
        }
        self.scrollback.close();
        let Reachable { next, generation, .. } =
            self.scrollback.reachable(&mut crate::codec::LinkTable::default());
        let nothing = Reachable { next, generation, sealed: Vec::new(), open: None };
        self.scrollback = Scrollback::restored(self.limits.scrollback_bytes, &nothing);
        for state in self.saved.iter_mut().chain([&mut self.cursor]) {
            state.pen.link = None;
        }
        self.tables = Tables::new();
        self.pen_id = None;
        self.titles = Titles::default();
        self.title_stack.clear();
        self.cwd = None;
        self.drafts.clear();
        self.forget_images();
        self.last_char = None;
        self.alone = false;
        self.printed_end = 0;
        self.cluster.clear();
        self.notices.clear();
        self.notice_bytes = 0;
        self.replies.clear();
        self.seq = seq;
    }
}
