//! `ESC` sequences: charsets, single functions, resets, saving the cursor.

use super::{Charset, CursorState, Engine};
use crate::{CursorShape, KittyFlags, Modes, Notice, Progress};

impl Engine {
    pub(super) fn put_escape(&mut self, intermediates: &[u8], last: u8) {
        match (intermediates, last) {
            ([], b'6') => self.back_index(),
            ([], b'7') => self.save_cursor(),
            ([], b'8') => self.restore_cursor(),
            ([], b'9') => self.forward_index(),
            ([], b'D') => self.index(),
            ([], b'E') => {
                self.index();
                self.carriage_return();
            }
            ([], b'H') => self.set_tab(true),
            ([], b'M') => self.reverse_index(),
            ([], b'N') => self.cursor.charsets.single = Some(2),
            ([], b'O') => self.cursor.charsets.single = Some(3),
            ([], b'Z') => self.device_attributes(),
            ([], b'c') => self.reset(),
            ([], b'n') => self.cursor.charsets.shown = 2,
            ([], b'o') => self.cursor.charsets.shown = 3,
            ([], b'=') => self.set_private_mode(66, true),
            ([], b'>') => self.set_private_mode(66, false),
            ([b'#'], b'8') => self.alignment_pattern(),
            ([set @ b'('..=b'+'], _) => self.designate(usize::from(set - b'('), last),
            // The 96-character sets: none of them is shown, so they become ASCII.
            ([set @ b'-'..=b'/'], _) => self.designate(usize::from(set - b','), b'B'),
            _ => {}
        }
    }

    fn designate(&mut self, index: usize, last: u8) {
        if let Some(set) = self.cursor.charsets.sets.get_mut(index) {
            *set = Charset::from_final(last);
        }
    }

    /// DECSC.
    pub(super) fn save_cursor(&mut self) {
        let index = self.screen_index();
        if let Some(saved) = self.saved.get_mut(index) {
            *saved = self.cursor;
        }
    }

    /// DECRC. Without a DECSC before, home and defaults.
    pub(super) fn restore_cursor(&mut self) {
        let saved = self.saved.get(self.screen_index()).copied().unwrap_or_default();
        self.cursor = saved;
        self.cursor.x = saved.x.min(self.cols() - 1);
        self.cursor.y = saved.y.min(self.rows() - 1);
        self.cursor.wrap_pending = saved.wrap_pending && self.cursor.x == self.limit() - 1;
        self.modes.origin = saved.origin;
        self.pen_id = None;
        self.touch();
    }

    /// DECSTR: modes and pen back to their defaults; text and cursor stay.
    pub(super) fn soft_reset(&mut self) {
        let modes = Modes::default();
        self.modes.insert = modes.insert;
        self.modes.origin = modes.origin;
        self.modes.autowrap = modes.autowrap;
        self.modes.reverse_wrap = modes.reverse_wrap;
        self.modes.cursor_visible = modes.cursor_visible;
        self.modes.application_cursor = modes.application_cursor;
        self.modes.application_keypad = modes.application_keypad;
        self.modes.modify_other_keys = modes.modify_other_keys;
        self.modes.kitty = KittyFlags::empty();
        let index = self.screen_index();
        if let Some(stack) = self.kitty_stacks.get_mut(index) {
            stack.clear();
        }
        self.side_margins = false;
        self.rectangles = false;
        self.reset_margins();
        let (x, y) = (self.cursor.x, self.cursor.y);
        self.cursor = CursorState { x, y, ..CursorState::default() };
        if let Some(saved) = self.saved.get_mut(index) {
            *saved = CursorState::default();
        }
        self.shape = CursorShape::Default;
        self.blink = true;
        self.pen_id = None;
        self.touch();
    }

    /// RIS: as new, but the scrollback, the numbers of lines and rows, and the size go on.
    fn reset(&mut self) {
        self.show_primary();
        self.other = None;
        self.keep_screen();
        let (cols, rows) = (self.cols(), self.rows());
        self.modes = Modes::default();
        self.kitty_other = KittyFlags::empty();
        self.kitty_stacks.iter_mut().for_each(Vec::clear);
        self.saved_modes.clear();
        self.cursor = CursorState::default();
        self.saved = [CursorState::default(); 2];
        self.pen_id = None;
        self.side_margins = false;
        self.rectangles = false;
        self.reset_margins();
        for y in 0..rows {
            self.unwrap_row(y);
            let row = self.grid.row_mut(y);
            if row.end() > 0 {
                row.fill(0..cols, crate::cell::PackedCell::BLANK, cols);
                self.touch_row(y);
            }
        }
        self.default_tabs();
        self.shape = CursorShape::Default;
        self.blink = true;
        self.last_char = None;
        self.titles = super::Titles::default();
        self.title_stack.clear();
        self.progress = Progress::None;
        self.colors = crate::Colors::default();
        self.drafts.clear();
        self.forget_images();
        self.notice(Notice::Reset { offset: self.event_offset() });
        self.touch();
    }
}
