//! OSC 4, 10–12, 104, 110–112: a program asks for colours, sets and resets them. They are the pane's
//! own, and changing them is a change of its screen; whoever shows it decides whether they are seen.

use super::Engine;
use super::osc::number;
use crate::Rgb;
use crate::colors::parse;

/// The most colours of one OSC.
const COLORS: usize = 256;

impl Engine {
    /// OSC 4: pairs of an index and `?` or a colour.
    pub(super) fn palette(&mut self, data: &[u8], bell: bool) {
        let mut parts = data.split(|byte| *byte == b';');
        for _ in 0..COLORS {
            let (Some(index), Some(what)) = (parts.next(), parts.next()) else { return };
            let Some(index) = number::<u8>(index) else { continue };
            if what == b"?" {
                let set = self.colors.palette.get(&index).copied();
                let color = set.unwrap_or_else(|| self.facts.indexed(index));
                self.report_color(format_args!("4;{index}"), color, bell);
            } else if let Some(color) = parse(what)
                && self.colors.palette.insert(index, color) != Some(color)
            {
                self.touch();
            }
        }
    }

    /// OSC 104: the indexes that are named, or all.
    pub(super) fn reset_palette(&mut self, data: &[u8]) {
        let before = self.colors.palette.len();
        if data.is_empty() {
            self.colors.palette.clear();
        }
        for index in data.split(|byte| *byte == b';').take(COLORS).filter_map(number) {
            self.colors.palette.remove(&index);
        }
        if self.colors.palette.len() != before {
            self.touch();
        }
    }

    /// OSC 10, 11, 12: `?` asks, a colour sets; each further part is about the next number.
    pub(super) fn dynamic_colors(&mut self, code: &[u8], data: &[u8], bell: bool) {
        let first = number(code).unwrap_or(10_u8);
        for (code, what) in (first..=12).zip(data.split(|byte| *byte == b';')) {
            if what == b"?" {
                let (set, fact) = match code {
                    10 => (self.colors.foreground, self.facts.foreground),
                    11 => (self.colors.background, self.facts.background),
                    _ => (self.colors.cursor, self.facts.cursor),
                };
                self.report_color(format_args!("{code}"), set.unwrap_or(fact), bell);
            } else if let Some(color) = parse(what) {
                self.set_dynamic_color(code, Some(color));
            }
        }
    }

    fn set_dynamic_color(&mut self, code: u8, color: Option<Rgb>) {
        let slot = match code {
            10 => &mut self.colors.foreground,
            11 => &mut self.colors.background,
            _ => &mut self.colors.cursor,
        };
        if std::mem::replace(slot, color) != color {
            self.touch();
        }
    }

    fn report_color(&mut self, what: std::fmt::Arguments<'_>, color: Rgb, bell: bool) {
        let (r, g, b) = color;
        let end = if bell { "\x07" } else { "\x1b\\" };
        self.reply(format_args!(
            "\x1b]{what};rgb:{r:02x}{r:02x}/{g:02x}{g:02x}/{b:02x}{b:02x}{end}"
        ));
    }

    /// OSC 110, 111, 112: what their last two digits set.
    pub(super) fn reset_dynamic_color(&mut self, code: &[u8]) {
        if let Some(code) = code.get(1..).and_then(number) {
            self.set_dynamic_color(code, None);
        }
    }
}
