//! Setting, saving and reporting modes, and the keyboard protocols, which are modes with a stack.

use super::{Engine, KITTY_STACK};
use crate::parser::Params;
use crate::{KittyFlags, Modes, MouseEncoding, MouseProtocol};

/// The most private modes that `CSI ? … s` remembers; there are fewer that exist.
const SAVED_MODES: usize = 64;

impl Engine {
    /// SM and RM.
    pub(super) fn set_mode(&mut self, mode: u16, on: bool) {
        let before = self.modes;
        match mode {
            4 => self.modes.insert = on,
            20 => self.modes.newline = on,
            _ => return,
        }
        self.touch_modes(before);
    }

    /// The modes were `before`.
    pub(super) fn touch_modes(&mut self, before: Modes) {
        if self.modes != before {
            self.touch();
        }
    }

    /// DECSET and DECRST.
    pub(super) fn set_private_mode(&mut self, mode: u16, on: bool) {
        let before = self.modes;
        let modes = &mut self.modes;
        match mode {
            1 => modes.application_cursor = on,
            5 => modes.reverse_screen = on,
            6 => {
                modes.origin = on;
                self.cursor.origin = on;
                self.move_from_origin(0, 0);
            }
            7 => modes.autowrap = on,
            9 => set_mouse(&mut modes.mouse, MouseProtocol::X10, on),
            12 => {
                if self.blink != on {
                    self.blink = on;
                    self.touch();
                }
            }
            25 => modes.cursor_visible = on,
            45 => modes.reverse_wrap = on,
            47 | 1047 | 1048 | 1049 => self.switch_mode(mode, on),
            66 => modes.application_keypad = on,
            67 => modes.backarrow_sends_bs = on,
            69 => self.allow_side_margins(on),
            80 => self.images.sixel_display = on,
            1000 => set_mouse(&mut modes.mouse, MouseProtocol::Normal, on),
            1002 => set_mouse(&mut modes.mouse, MouseProtocol::Button, on),
            1003 => set_mouse(&mut modes.mouse, MouseProtocol::Any, on),
            1004 => modes.focus_events = on,
            1005 => set_encoding(&mut modes.mouse_encoding, MouseEncoding::Utf8, on),
            1006 => set_encoding(&mut modes.mouse_encoding, MouseEncoding::Sgr, on),
            1007 => modes.alternate_scroll = on,
            1015 => set_encoding(&mut modes.mouse_encoding, MouseEncoding::Urxvt, on),
            1016 => set_encoding(&mut modes.mouse_encoding, MouseEncoding::SgrPixels, on),
            2004 => modes.bracketed_paste = on,
            2026 => modes.synchronized_output = on,
            2031 => modes.theme_reports = on,
            2048 => {
                modes.size_reports = on;
                if on {
                    self.report_size_in_band();
                }
            }
            _ => return,
        }
        self.touch_modes(before);
    }

    /// Whether a mode is on; `None` if there is no such mode here.
    fn private_mode(&self, mode: u16) -> Option<bool> {
        let modes = &self.modes;
        Some(match mode {
            1 => modes.application_cursor,
            5 => modes.reverse_screen,
            6 => modes.origin,
            7 => modes.autowrap,
            9 => modes.mouse == MouseProtocol::X10,
            12 => self.blink,
            25 => modes.cursor_visible,
            45 => modes.reverse_wrap,
            47 | 1047 | 1049 => modes.alternate_screen,
            // As in xterm: whether there is a cursor to go back to.
            1048 => self.saved.get(self.screen_index()) != Some(&super::CursorState::default()),
            66 => modes.application_keypad,
            67 => modes.backarrow_sends_bs,
            69 => self.side_margins,
            80 => self.images.sixel_display,
            1000 => modes.mouse == MouseProtocol::Normal,
            1002 => modes.mouse == MouseProtocol::Button,
            1003 => modes.mouse == MouseProtocol::Any,
            1004 => modes.focus_events,
            1005 => modes.mouse_encoding == MouseEncoding::Utf8,
            1006 => modes.mouse_encoding == MouseEncoding::Sgr,
            1007 => modes.alternate_scroll,
            1015 => modes.mouse_encoding == MouseEncoding::Urxvt,
            1016 => modes.mouse_encoding == MouseEncoding::SgrPixels,
            2004 => modes.bracketed_paste,
            2026 => modes.synchronized_output,
            2031 => modes.theme_reports,
            2048 => modes.size_reports,
            _ => return None,
        })
    }

    /// DECRQM: 0 unknown, 1 set, 2 reset, 3 always set, 4 always reset.
    pub(super) fn report_mode(&mut self, mode: u16, private: bool) {
        let state = match (private, mode) {
            (false, 4) => Some(self.modes.insert),
            (false, 20) => Some(self.modes.newline),
            (true, mode) => self.private_mode(mode),
            _ => None,
        };
        let value = match (private, mode, state) {
            // Clusters are always joined.
            (true, 2027, _) => 3,
            // Smooth scroll, 132 columns, and the interlaced and national modes of old hardware.
            (true, 3 | 4 | 8, _) => {
                if mode == 8 {
                    3
                } else {
                    4
                }
            }
            (_, _, Some(true)) => 1,
            (_, _, Some(false)) => 2,
            (_, _, None) => 0,
        };
        let marker = if private { "?" } else { "" };
        self.reply(format_args!("\x1b[{marker}{mode};{value}$y"));
    }

    /// `CSI ? … s`.
    pub(super) fn save_modes(&mut self, modes: &[u16]) {
        for mode in modes {
            let Some(on) = self.private_mode(*mode) else { continue };
            self.saved_modes.retain(|(known, _)| known != mode);
            if self.saved_modes.len() < SAVED_MODES {
                self.saved_modes.push((*mode, on));
            }
        }
    }

    /// `CSI ? … r`.
    pub(super) fn restore_modes(&mut self, modes: &[u16]) {
        for mode in modes {
            let saved = self.saved_modes.iter().find(|(known, _)| known == mode).copied();
            if let Some((mode, on)) = saved {
                self.set_private_mode(mode, on);
            }
        }
    }

    fn kitty_stack(&mut self) -> &mut Vec<KittyFlags> {
        let [primary, alternate] = &mut self.kitty_stacks;
        if self.modes.alternate_screen { alternate } else { primary }
    }

    /// `CSI > flags u`.
    pub(super) fn kitty_push(&mut self, params: &Params) {
        let current = self.modes.kitty;
        let stack = self.kitty_stack();
        if stack.len() >= KITTY_STACK {
            stack.remove(0);
        }
        stack.push(current);
        self.modes.kitty = kitty_flags(params.number(0));
        self.touch();
    }

    /// `CSI < count u`. An empty stack means no flags.
    pub(super) fn kitty_pop(&mut self, count: usize) {
        for _ in 0..count.min(KITTY_STACK + 1) {
            self.modes.kitty = self.kitty_stack().pop().unwrap_or_default();
        }
        self.touch();
    }

    /// `CSI = flags ; how u`: 1 replaces, 2 adds, 3 removes.
    pub(super) fn kitty_set(&mut self, params: &Params) {
        let flags = kitty_flags(params.number(0));
        match params.number(1) {
            0 | 1 => self.modes.kitty = flags,
            2 => self.modes.kitty |= flags,
            3 => self.modes.kitty &= !flags,
            _ => return,
        }
        self.touch();
    }

    /// `CSI ? u`.
    pub(super) fn kitty_report(&mut self) {
        let flags = self.modes.kitty.bits();
        self.reply(format_args!("\x1b[?{flags}u"));
    }

    /// XTMODKEYS. Only resource 4 (modifyOtherKeys) means something here.
    pub(super) fn set_modify_keys(&mut self, params: &Params) {
        let level = match (params.number(0), params.is_empty()) {
            (_, true) => 0,
            (4, _) => u8::try_from(params.number(1).min(2)).unwrap_or(0),
            _ => return,
        };
        self.modes.modify_other_keys = level;
        self.touch();
    }

    /// `CSI > 4 n`.
    pub(super) fn disable_modify_keys(&mut self, params: &Params) {
        if params.number(0) == 4 {
            self.modes.modify_other_keys = 0;
            self.touch();
        }
    }

    /// XTQMODKEYS.
    pub(super) fn report_modify_keys(&mut self, params: &Params) {
        if params.number(0) == 4 {
            let level = self.modes.modify_other_keys;
            self.reply(format_args!("\x1b[>4;{level}m"));
        }
    }
}

fn kitty_flags(number: u16) -> KittyFlags {
    // The five known flags are the low bits.
    KittyFlags::from_bits_truncate((number & 0xff) as u8)
}

/// Setting one protocol replaces another; resetting any ends mouse reporting.
fn set_mouse(mouse: &mut MouseProtocol, protocol: MouseProtocol, on: bool) {
    *mouse = if on { protocol } else { MouseProtocol::None };
}

fn set_encoding(current: &mut MouseEncoding, encoding: MouseEncoding, on: bool) {
    if on {
        *current = encoding;
    } else if *current == encoding {
        *current = MouseEncoding::Legacy;
    }
}
