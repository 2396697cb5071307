//! Primary and alternate screen.

use super::Engine;
use crate::grid::Grid;

impl Engine {
    /// `?47`, `?1047`, `?1048`, `?1049`, as xterm has them.
    pub(super) fn switch_mode(&mut self, mode: u16, on: bool) {
        match (mode, on) {
            (1048, true) => self.save_cursor(),
            (1048, false) => self.restore_cursor(),
            (1049, true) => {
                self.save_cursor();
                if !self.modes.alternate_screen {
                    self.other = None;
                    self.show_alternate();
                }
                // With the pen's background, as xterm does, also where it is shown already.
                self.erase_display(2, false);
            }
            (_, true) => self.show_alternate(),
            (47, false) => self.show_primary(),
            (_, false) => {
                let was = self.modes.alternate_screen;
                self.show_primary();
                if was {
                    // Its content is not needed any more.
                    self.other = None;
                }
                if mode == 1049 {
                    self.restore_cursor();
                }
            }
        }
    }

    fn show_alternate(&mut self) {
        if self.modes.alternate_screen {
            return;
        }
        let size = self.grid.size();
        let now = self.now();
        let alternate = match self.other.take() {
            Some(kept) => kept,
            None => Grid::new(size, &mut self.next_row, now),
        };
        self.other = Some(std::mem::replace(&mut self.grid, alternate));
        self.switched(true);
    }

    pub(super) fn show_primary(&mut self) {
        if !self.modes.alternate_screen {
            return;
        }
        if let Some(primary) = self.other.take() {
            self.other = Some(std::mem::replace(&mut self.grid, primary));
        }
        self.switched(false);
    }

    fn switched(&mut self, alternate: bool) {
        self.modes.alternate_screen = alternate;
        std::mem::swap(&mut self.modes.kitty, &mut self.kitty_other);
        self.cursor.wrap_pending = false;
        // Rows that come to be shown count as changed: whoever shows the other screen's last
        // version has none of them.
        let now = self.now();
        self.grid.iter_mut().for_each(|row| row.seq = now);
        self.touch();
    }
}
