//! Answers of the outer terminal: control sequences (xterm's control sequences document, the kitty
//! protocol, the in-band size proposal) and strings (OSC, DCS, APC).

use ccc_vt::{KittyFlags, Size};

use super::csi::Csi;
use super::{ColorSlot, ModeState, PixelSize, Rgb, TerminalReply, Theme};

/// Whether an answer of this kind (`]`, `P`, `_`) begins with this byte. Otherwise it was Alt and a
/// key, and the byte is the next key.
pub(super) fn may_begin(introducer: Option<u8>, byte: u8) -> bool {
    match introducer {
        Some(b']') => byte.is_ascii_digit() || matches!(byte, b'l' | b'L'),
        Some(b'P') => byte.is_ascii_digit() || matches!(byte, b'>' | b'!' | b'?' | b'$' | b'+'),
        Some(b'_') => byte == b'G',
        _ => false,
    }
}

/// The answer that a control sequence is.
pub(super) fn from_csi(csi: &Csi<'_>) -> Option<TerminalReply> {
    let number = |place| csi.number(place).and_then(|number| u16::try_from(number).ok());
    match (csi.prefix, csi.intermediates, csi.last) {
        (Some(b'?'), [], b'c') => Some(TerminalReply::PrimaryAttributes(csi.all_u16()?)),
        (Some(b'>'), [], b'c') => Some(TerminalReply::SecondaryAttributes(csi.all_u16()?)),
        (prefix @ (None | Some(b'?')), b"$", b'y') => {
            let state = match number(1)? {
                0 => ModeState::Unknown,
                1 => ModeState::Set,
                2 => ModeState::Reset,
                3 => ModeState::AlwaysSet,
                4 => ModeState::AlwaysReset,
                _ => return None,
            };
            Some(TerminalReply::Mode { mode: number(0)?, private: prefix.is_some(), state })
        }
        (Some(b'?'), [], b'u') => {
            let flags = u8::try_from(number(0)?).ok()?;
            Some(TerminalReply::KeyboardFlags(KittyFlags::from_bits_truncate(flags)))
        }
        (Some(b'>'), [], b'm') if number(0) == Some(4) => {
            let level = u8::try_from(number(1).unwrap_or(0)).ok()?;
            Some(TerminalReply::ModifyOtherKeys(level))
        }
        (Some(b'?'), [], b'R') => cursor_position(csi),
        (Some(b'?'), [], b'n') if number(0) == Some(997) => match number(1)? {
            1 => Some(TerminalReply::Theme(Theme::Dark)),
            2 => Some(TerminalReply::Theme(Theme::Light)),
            _ => None,
        },
        (None, [], b'n') if number(0) == Some(0) => Some(TerminalReply::Ok),
        (None, [], b't') => {
            let pixels = |height, width| Some(PixelSize { width: width?, height: height? });
            let size = |rows, cols| Some(Size { cols: cols?, rows: rows? });
            match number(0)? {
                4 => Some(TerminalReply::WindowPixels(pixels(number(1), number(2))?)),
                6 => Some(TerminalReply::CellPixels(pixels(number(1), number(2))?)),
                8 => Some(TerminalReply::TextArea(size(number(1), number(2))?)),
                48 => Some(TerminalReply::Resized {
                    size: size(number(1), number(2))?,
                    pixels: pixels(number(3), number(4)).unwrap_or_default(),
                }),
                _ => None,
            }
        }
        _ => None,
    }
}

/// `CSI row ; col R`, also with `?`.
pub(super) fn cursor_position(csi: &Csi<'_>) -> Option<TerminalReply> {
    let place = |place| u16::try_from(csi.number(place)?.checked_sub(1)?).ok();
    Some(TerminalReply::CursorPosition { row: place(0)?, col: place(1)? })
}

/// The answer that a string is; `bytes` begin with the introducer and end before the terminator.
pub(super) fn from_string(bytes: &[u8]) -> Option<TerminalReply> {
    let (introducer, body) = bytes.split_first()?;
    let body = std::str::from_utf8(body).ok()?;
    match introducer {
        b']' => color(body),
        b'P' => device_control(body),
        b'_' => body.strip_prefix('G').map(|answer| TerminalReply::Graphics(answer.into())),
        _ => None,
    }
}

/// `OSC 10 ; rgb:ffff/ffff/ffff`, and for the palette `OSC 4 ; index ; rgb:…`.
fn color(body: &str) -> Option<TerminalReply> {
    let (command, rest) = body.split_once(';')?;
    let (slot, written) = match command {
        "4" => {
            let (index, written) = rest.split_once(';')?;
            (ColorSlot::Palette(index.parse().ok()?), written)
        }
        "10" => (ColorSlot::Foreground, rest),
        "11" => (ColorSlot::Background, rest),
        "12" => (ColorSlot::Cursor, rest),
        _ => return None,
    };
    Some(TerminalReply::Color { slot, rgb: rgb(written)? })
}

/// A colour as X11 writes it: `rgb:r/g/b` with one to four digits each, `rgba:` with one more, or
/// `#` and three equal parts.
fn rgb(written: &str) -> Option<Rgb> {
    let parts: Vec<&str> = if let Some(parts) = written.strip_prefix("rgb:") {
        parts.split('/').collect()
    } else if let Some(parts) = written.strip_prefix("rgba:") {
        parts.split('/').take(3).collect()
    } else {
        let digits = written.strip_prefix('#')?;
        let width = digits.len() / 3;
        let ascii = digits.is_ascii() && width > 0 && digits.len() == width * 3;
        let part = |place: usize| digits.get(place * width..(place + 1) * width);
        (0..3).map(|place| part(place).filter(|_| ascii)).collect::<Option<_>>()?
    };
    let [red, green, blue] = parts.as_slice() else { return None };
    Some(Rgb { red: channel(red)?, green: channel(green)?, blue: channel(blue)? })
}

/// One to four hexadecimal digits, as 8 bits.
fn channel(digits: &str) -> Option<u8> {
    if !(1..=4).contains(&digits.len()) || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let value = u32::from_str_radix(digits, 16).ok()?;
    let largest = (1u32 << (4 * digits.len())) - 1;
    u8::try_from((value * 255 + largest / 2) / largest).ok()
}

fn device_control(body: &str) -> Option<TerminalReply> {
    if let Some(version) = body.strip_prefix(">|") {
        return Some(TerminalReply::Version(version.into()));
    }
    if let Some(unit) = body.strip_prefix("!|") {
        return Some(TerminalReply::UnitId(unit.into()));
    }
    if let Some(setting) = body.strip_prefix("1$r") {
        return Some(TerminalReply::Setting(Some(setting.into())));
    }
    if body.starts_with("0$r") {
        return Some(TerminalReply::Setting(None));
    }
    if let Some(capability) = body.strip_prefix("1+r") {
        let (name, value) = capability.split_once('=').unwrap_or((capability, ""));
        return Some(TerminalReply::Capability(Some((from_hex(name)?, from_hex(value)?))));
    }
    body.starts_with("0+r").then_some(TerminalReply::Capability(None))
}

fn from_hex(digits: &str) -> Option<String> {
    let byte = |pair: &[u8]| {
        let digit = |place: usize| char::from(*pair.get(place)?).to_digit(16);
        u8::try_from(digit(0)? * 16 + digit(1)?).ok()
    };
    let bytes = digits.as_bytes().chunks(2).map(byte).collect::<Option<Vec<_>>>()?;
    String::from_utf8(bytes).ok()
}
