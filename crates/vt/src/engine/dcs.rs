//! DCS strings: DECRQSS, XTGETTCAP, and sixels, which have a file of their own. Other strings are read and dropped.

use super::Engine;
use crate::parser::Params;
use crate::{Attrs, CursorShape, SgrParts, sgr};

/// The most names that one XTGETTCAP is answered for.
const NAMES: usize = 32;

/// Capabilities beside those of our TERM's entry, and a few that programs ask for first: name and
/// value. Values are what a program would read from terminfo.
const CAPABILITIES: &[(&str, &str)] = &[
    ("TN", "xterm-256color"),
    ("name", "xterm-256color"),
    ("Co", "256"),
    ("colors", "256"),
    ("RGB", "8/8/8"),
    ("Tc", ""),
    ("Ms", "\x1b]52;%p1%s;%p2%s\x07"),
    ("Ss", "\x1b[%p1%d q"),
    ("Se", "\x1b[2 q"),
    ("Su", ""),
    ("Smulx", "\x1b[4:%p1%dm"),
    ("Setulc", "\x1b[58:2::%p1%{65536}%/%d:%p1%{256}%/%{255}%&%d:%p1%{255}%&%dm"),
    ("Smol", "\x1b[53m"),
    ("Rmol", "\x1b[55m"),
    ("smxx", "\x1b[9m"),
    ("rmxx", "\x1b[29m"),
    ("Sync", "\x1b[?2026%?%p1%{1}%-%tl%eh%;"),
    ("BE", "\x1b[?2004h"),
    ("BD", "\x1b[?2004l"),
    ("fe", "\x1b[?1004h"),
    ("fd", "\x1b[?1004l"),
    ("XT", ""),
];

impl Engine {
    pub(super) fn put_dcs(
        &mut self,
        _params: &Params,
        intermediates: &[u8],
        last: u8,
        data: &[u8],
    ) {
        match (intermediates, last) {
            ([b'$'], b'q') => self.report_setting(data),
            ([b'+'], b'q') => self.report_capabilities(data),
            ([], b'q') => self.put_sixel(data),
            _ => {}
        }
    }

    /// DECRQSS: 1 is a valid request in ours, as in every terminal but the VT manuals.
    fn report_setting(&mut self, what: &[u8]) {
        match what {
            b"m" => {
                let sgr = sgr(&self.cursor.pen, SgrParts::Colons);
                self.reply(format_args!("\x1bP1$r{sgr}m\x1b\\"));
            }
            b"r" => {
                let (top, bottom) = (self.top + 1, self.bottom + 1);
                self.reply(format_args!("\x1bP1$r{top};{bottom}r\x1b\\"));
            }
            b"s" => {
                let (left, right) = (self.left + 1, self.right + 1);
                self.reply(format_args!("\x1bP1$r{left};{right}s\x1b\\"));
            }
            b"*x" => {
                let extent = if self.rectangles { 2 } else { 1 };
                self.reply(format_args!("\x1bP1$r{extent}*x\x1b\\"));
            }
            b" q" => {
                let style = match (self.shape, self.blink) {
                    (CursorShape::Default, _) => 0,
                    (CursorShape::Block, true) => 1,
                    (CursorShape::Block, false) => 2,
                    (CursorShape::Underline, true) => 3,
                    (CursorShape::Underline, false) => 4,
                    (CursorShape::Bar, true) => 5,
                    (CursorShape::Bar, false) => 6,
                };
                self.reply(format_args!("\x1bP1$r{style} q\x1b\\"));
            }
            b"\"q" => {
                let protected = u8::from(self.cursor.pen.attrs.contains(Attrs::PROTECTED));
                self.reply(format_args!("\x1bP1$r{protected}\"q\x1b\\"));
            }
            b"\"p" => self.reply(format_args!("\x1bP1$r64;1\"p\x1b\\")),
            b"t" => {
                let rows = self.rows();
                self.reply(format_args!("\x1bP1$r{rows}t\x1b\\"));
            }
            b"*|" => {
                let rows = self.rows();
                self.reply(format_args!("\x1bP1$r{rows}*|\x1b\\"));
            }
            b"$|" => {
                let cols = self.cols();
                self.reply(format_args!("\x1bP1$r{cols}$|\x1b\\"));
            }
            _ => self.reply(format_args!("\x1bP0$r\x1b\\")),
        }
    }

    /// XTGETTCAP. The answer to a known name is a constant; an unknown one is not repeated.
    fn report_capabilities(&mut self, names: &[u8]) {
        for name in names.split(|byte| *byte == b';').take(NAMES) {
            let known = CAPABILITIES
                .iter()
                .find(|(known, _)| hex(known.as_bytes()).eq_ignore_ascii_case(name));
            match known {
                Some((name, "")) => {
                    let name = Hex(name);
                    self.reply(format_args!("\x1bP1+r{name}\x1b\\"));
                }
                Some((name, value)) => {
                    let (name, value) = (Hex(name), Hex(value));
                    self.reply(format_args!("\x1bP1+r{name}={value}\x1b\\"));
                }
                None => self.reply(format_args!("\x1bP0+r\x1b\\")),
            }
        }
    }
}

struct Hex(&'static str);

impl std::fmt::Display for Hex {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.bytes().try_for_each(|byte| write!(f, "{byte:02X}"))
    }
}

fn hex(bytes: &[u8]) -> Vec<u8> {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    let digit = |value: u8| DIGITS.get(usize::from(value)).copied().unwrap_or(b'0');
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}
