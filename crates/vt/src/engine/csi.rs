//! `CSI` sequences: which function a final byte is. The functions are in the files of their groups.

use super::Engine;
use crate::CursorShape;
use crate::parser::Params;

impl Engine {
    pub(super) fn put_csi(&mut self, params: &Params, intermediates: &[u8], last: u8) {
        match intermediates {
            [] if last == b'm' => self.select_graphics(params),
            [] => self.standard(params, last),
            [b'?'] => self.private(params, last),
            [b'>'] => match last {
                b'c' => self.secondary_attributes(params),
                b'q' => self.version(params),
                b'm' => self.set_modify_keys(params),
                b'n' => self.disable_modify_keys(params),
                b'u' => self.kitty_push(params),
                _ => {}
            },
            [b'<'] if last == b'u' => self.kitty_pop(params.count(0)),
            [b'='] => match last {
                b'c' => self.tertiary_attributes(params),
                b'u' => self.kitty_set(params),
                _ => {}
            },
            [b'!'] if last == b'p' => self.soft_reset(),
            [b' '] => match last {
                b'@' => self.scroll_left(params.count(0)),
                b'A' => self.scroll_right(params.count(0)),
                b'q' => self.cursor_style(params.number(0)),
                _ => {}
            },
            [b'"'] if last == b'q' => self.protect(params.number(0)),
            [b'\''] => match last {
                b'}' => self.insert_columns(params.count(0)),
                b'~' => self.delete_columns(params.count(0)),
                _ => {}
            },
            [b'$'] => match last {
                b'p' => self.report_mode(params.number(0), false),
                b'r' => self.change_attributes(params),
                b't' => self.reverse_attributes(params),
                b'v' => self.copy_area(params),
                b'x' => self.fill_area(params),
                b'z' => self.erase_area(params, false),
                b'{' => self.erase_area(params, true),
                _ => {}
            },
            [b'*'] if last == b'x' => self.attribute_extent(params.number(0)),
            [b'?', b'$'] if last == b'p' => self.report_mode(params.number(0), true),
            [b'?', b'W'] if last == b'5' => self.default_tabs(),
            _ => {}
        }
    }

    fn standard(&mut self, params: &Params, last: u8) {
        let count = params.count(0);
        match last {
            b'@' => self.insert_chars(count),
            b'A' => self.up(count),
            b'B' => self.down(count),
            b'C' => self.right(count),
            b'D' => self.left(count),
            b'E' => {
                self.down(count);
                self.carriage_return();
            }
            b'F' => {
                self.up(count);
                self.carriage_return();
            }
            b'G' | b'`' => self.move_to(self.origin_column(count - 1), self.cursor.y),
            b'H' | b'f' => self.move_from_origin(params.count(1) - 1, count - 1),
            b'I' => self.tab(count),
            b'J' => self.erase_display(params.number(0), false),
            b'K' => self.erase_line(params.number(0), false),
            b'L' => self.insert_lines(count),
            b'M' => self.delete_lines(count),
            b'P' => self.delete_chars(count),
            b'S' => self.scroll_up(count, false),
            // With more parameters it is a mouse highlight request, which moves nothing.
            b'T' if params.all().len() <= 1 => self.scroll_down(count),
            b'^' => self.scroll_down(count),
            b'W' => self.tab_control(params.number(0)),
            b'X' => self.erase_chars(count),
            b'Z' => self.back_tab(count),
            b'a' => self.right_of(count),
            b'b' => self.repeat(count),
            b'c' if params.number(0) == 0 => self.device_attributes(),
            b'd' => self.move_to(self.cursor.x, self.origin_row(count - 1)),
            b'e' => self.below(count),
            b'g' => match params.number(0) {
                0 => self.set_tab(false),
                3 => self.clear_tabs(),
                _ => {}
            },
            b'h' | b'l' => params.all().iter().for_each(|mode| self.set_mode(*mode, last == b'h')),
            b'j' => self.left(count),
            b'k' => self.up(count),
            b'n' => self.report_status(params.number(0), false),
            b'r' => self.set_margins(params),
            b's' if self.side_margins => self.set_side_margins(params),
            b's' if params.is_empty() => self.save_cursor(),
            b't' => self.window(params),
            b'u' if params.is_empty() => self.restore_cursor(),
            _ => {}
        }
    }

    fn private(&mut self, params: &Params, last: u8) {
        match last {
            b'J' => self.erase_display(params.number(0), true),
            b'K' => self.erase_line(params.number(0), true),
            b'S' => self.report_graphics(params),
            b'W' if params.number(0) == 5 => self.default_tabs(),
            b'h' | b'l' => {
                params.all().iter().for_each(|mode| self.set_private_mode(*mode, last == b'h'));
            }
            b'm' => self.report_modify_keys(params),
            b'n' => self.report_status(params.number(0), true),
            b'r' => self.restore_modes(params.all()),
            b's' => self.save_modes(params.all()),
            b'u' => self.kitty_report(),
            _ => {}
        }
    }

    /// CTC.
    fn tab_control(&mut self, what: u16) {
        match what {
            0 => self.set_tab(true),
            2 => self.set_tab(false),
            5 => self.clear_tabs(),
            _ => {}
        }
    }

    /// DECSCUSR.
    fn cursor_style(&mut self, style: u16) {
        self.shape = match style {
            0 => CursorShape::Default,
            1 | 2 => CursorShape::Block,
            3 | 4 => CursorShape::Underline,
            5 | 6 => CursorShape::Bar,
            _ => return,
        };
        self.blink = style == 0 || style % 2 == 1;
        self.touch();
    }

    /// DECSCA.
    fn protect(&mut self, what: u16) {
        match what {
            0 | 2 => self.cursor.pen.attrs.remove(crate::Attrs::PROTECTED),
            1 => self.cursor.pen.attrs.insert(crate::Attrs::PROTECTED),
            _ => return,
        }
        self.pen_id = None;
    }
}
