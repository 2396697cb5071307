//! Modes as pairs of a number and a value. Where a DEC private mode exists, its number is used;
//! others are from 0x8000 on.

use crate::{KittyFlags, Modes, MouseEncoding, MouseProtocol};

const INSERT: u16 = 0x8004;
const NEWLINE: u16 = 0x8014;
const KITTY: u16 = 0x8100;
const MODIFY_OTHER_KEYS: u16 = 0x8101;
const MOUSE: u16 = 0x8102;
const MOUSE_ENCODING: u16 = 0x8103;

pub(super) fn pairs(modes: &Modes) -> Vec<(u16, u8)> {
    let mouse = match modes.mouse {
        MouseProtocol::None => 0,
        MouseProtocol::X10 => 1,
        MouseProtocol::Normal => 2,
        MouseProtocol::Button => 3,
        MouseProtocol::Any => 4,
    };
    let encoding = match modes.mouse_encoding {
        MouseEncoding::Legacy => 0,
        MouseEncoding::Utf8 => 1,
        MouseEncoding::Sgr => 2,
        MouseEncoding::Urxvt => 3,
        MouseEncoding::SgrPixels => 4,
    };
    vec![
        (1, u8::from(modes.application_cursor)),
        (5, u8::from(modes.reverse_screen)),
        (6, u8::from(modes.origin)),
        (7, u8::from(modes.autowrap)),
        (25, u8::from(modes.cursor_visible)),
        (45, u8::from(modes.reverse_wrap)),
        (66, u8::from(modes.application_keypad)),
        (67, u8::from(modes.backarrow_sends_bs)),
        (1004, u8::from(modes.focus_events)),
        (1007, u8::from(modes.alternate_scroll)),
        (1049, u8::from(modes.alternate_screen)),
        (2004, u8::from(modes.bracketed_paste)),
        (2026, u8::from(modes.synchronized_output)),
        (2031, u8::from(modes.theme_reports)),
        (2048, u8::from(modes.size_reports)),
        (INSERT, u8::from(modes.insert)),
        (NEWLINE, u8::from(modes.newline)),
        (KITTY, modes.kitty.bits()),
        (MODIFY_OTHER_KEYS, modes.modify_other_keys),
        (MOUSE, mouse),
        (MOUSE_ENCODING, encoding),
    ]
}

/// Takes one pair; `None` if its value is none of the mode's. Unknown modes are skipped.
pub(super) fn take(modes: &mut Modes, mode: u16, value: u8) -> Option<()> {
    let on = value == 1;
    match mode {
        KITTY => modes.kitty = KittyFlags::from_bits(value)?,
        MODIFY_OTHER_KEYS if value <= 2 => modes.modify_other_keys = value,
        MOUSE => {
            modes.mouse = match value {
                0 => MouseProtocol::None,
                1 => MouseProtocol::X10,
                2 => MouseProtocol::Normal,
                3 => MouseProtocol::Button,
                4 => MouseProtocol::Any,
                _ => return None,
            }
        }
        MOUSE_ENCODING => {
            modes.mouse_encoding = match value {
                0 => MouseEncoding::Legacy,
                1 => MouseEncoding::Utf8,
                2 => MouseEncoding::Sgr,
                3 => MouseEncoding::Urxvt,
                4 => MouseEncoding::SgrPixels,
                _ => return None,
            }
        }
        _ if value > 1 => return None,
        1 => modes.application_cursor = on,
        5 => modes.reverse_screen = on,
        6 => modes.origin = on,
        7 => modes.autowrap = on,
        25 => modes.cursor_visible = on,
        45 => modes.reverse_wrap = on,
        66 => modes.application_keypad = on,
        67 => modes.backarrow_sends_bs = on,
        1004 => modes.focus_events = on,
        1007 => modes.alternate_scroll = on,
        1049 => modes.alternate_screen = on,
        2004 => modes.bracketed_paste = on,
        2026 => modes.synchronized_output = on,
        2031 => modes.theme_reports = on,
        2048 => modes.size_reports = on,
        INSERT => modes.insert = on,
        NEWLINE => modes.newline = on,
        _ => {}
    }
    Some(())
}
