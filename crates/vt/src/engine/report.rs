//! Answers to queries. They hold constants and numbers only: text that a program could choose would
//! come back to it, or to the shell after it, as typed input.

use std::fmt::{self, Write};

use super::Engine;
use crate::parser::Params;
use crate::{CellPixels, Facts};

/// What we are compatible with: VT420-class (64), 132 columns no, selective erase (6), scrolling
/// sideways (21), ANSI colour (22), rectangles (28), clipboard access (52); sixel (4).
const PRIMARY: &str = "\x1b[?64;4;6;21;22;28;52c";

impl Engine {
    /// Queues a reply; drops it whole if there is no room.
    pub(super) fn reply(&mut self, arguments: fmt::Arguments<'_>) {
        let mut out = Bounded { bytes: &mut self.replies, most: self.limits.reply_bytes };
        let before = out.bytes.len();
        if out.write_fmt(arguments).is_err() {
            self.replies.truncate(before);
        }
    }

    /// DA1.
    pub(super) fn device_attributes(&mut self) {
        self.reply(format_args!("{PRIMARY}"));
    }

    /// DA2: VT420, and our version as a number.
    pub(super) fn secondary_attributes(&mut self, params: &Params) {
        if params.number(0) == 0 {
            let part = |text: Option<&str>| text.and_then(|t| t.parse().ok()).unwrap_or(0_u32);
            let version = part(option_env!("CARGO_PKG_VERSION_MAJOR")) * 10_000
                + part(option_env!("CARGO_PKG_VERSION_MINOR")) * 100
                + part(option_env!("CARGO_PKG_VERSION_PATCH"));
            self.reply(format_args!("\x1b[>41;{version};0c"));
        }
    }

    /// DA3: a unit id, the same for all of us.
    pub(super) fn tertiary_attributes(&mut self, params: &Params) {
        if params.number(0) == 0 {
            self.reply(format_args!("\x1bP!|63636300\x1b\\"));
        }
    }

    /// XTVERSION.
    pub(super) fn version(&mut self, params: &Params) {
        if params.number(0) == 0 {
            let version = env!("CARGO_PKG_VERSION");
            self.reply(format_args!("\x1bP>|ccc({version})\x1b\\"));
        }
    }

    /// DSR, DECXCPR, the colour scheme.
    pub(super) fn report_status(&mut self, what: u16, private: bool) {
        let (left, top) = if self.cursor.origin { (self.left, self.top) } else { (0, 0) };
        let row = self.cursor.y.saturating_sub(top) + 1;
        let col = self.cursor.x.saturating_sub(left) + 1;
        match (private, what) {
            (false, 5) => self.reply(format_args!("\x1b[0n")),
            (false, 6) => self.reply(format_args!("\x1b[{row};{col}R")),
            (true, 6) => self.reply(format_args!("\x1b[?{row};{col};1R")),
            // No printer, no locked keys, a keyboard, no locator.
            (true, 15) => self.reply(format_args!("\x1b[?13n")),
            (true, 25) => self.reply(format_args!("\x1b[?21n")),
            (true, 26) => self.reply(format_args!("\x1b[?27;1;0;0n")),
            (true, 53 | 55) => self.reply(format_args!("\x1b[?50n")),
            (true, 996) => self.report_theme(),
            _ => {}
        }
    }

    fn report_theme(&mut self) {
        let scheme = if self.facts.dark() { 1 } else { 2 };
        self.reply(format_args!("\x1b[?997;{scheme}n"));
    }

    /// Takes new facts, and tells a program that asked to be told.
    pub(crate) fn set_facts(&mut self, facts: Facts) {
        let theme = self.facts.dark() != facts.dark();
        self.facts = facts;
        if theme && self.modes.theme_reports {
            self.report_theme();
        }
    }

    /// Takes another size of a cell, if it is a sound one, and tells a program that asked to be told.
    pub(crate) fn set_cell(&mut self, cell: CellPixels) {
        if !cell.is_sound() || cell == self.cell {
            return;
        }
        self.cell = cell;
        if self.modes.size_reports {
            self.report_size_in_band();
        }
    }

    /// `?2048`: rows, columns, pixels.
    pub(super) fn report_size_in_band(&mut self) {
        let (cols, rows) = (self.cols(), self.rows());
        let (width, height) = self.pixels();
        self.reply(format_args!("\x1b[48;{rows};{cols};{height};{width}t"));
    }

    fn pixels(&self) -> (u32, u32) {
        let size = self.grid.size();
        let CellPixels { width, height } = self.cell;
        (u32::from(width) * u32::from(size.cols), u32::from(height) * u32::from(size.rows))
    }

    /// XTWINOPS: sizes and the title stack. Windows are not moved, titles never reported.
    pub(super) fn window(&mut self, params: &Params) {
        let (cols, rows) = (self.cols(), self.rows());
        match params.number(0) {
            14 => {
                let (width, height) = self.pixels();
                self.reply(format_args!("\x1b[4;{height};{width}t"));
            }
            16 => {
                let CellPixels { width, height } = self.cell;
                self.reply(format_args!("\x1b[6;{height};{width}t"));
            }
            18 => self.reply(format_args!("\x1b[8;{rows};{cols}t")),
            19 => self.reply(format_args!("\x1b[9;{rows};{cols}t")),
            22 => self.push_title(),
            23 => self.pop_title(params.number(1)),
            _ => {}
        }
    }

    /// XTSMGRAPHICS: what sixels may be. Nothing of it can be set.
    pub(super) fn report_graphics(&mut self, params: &Params) {
        let (item, action) = (params.number(0), params.number(1));
        match (item, action) {
            (1, 1 | 2 | 4) => {
                self.reply(format_args!("\x1b[?1;0;{}S", crate::image::sixel::REGISTERS));
            }
            (2, 1 | 2) => {
                let (width, height) = self.pixels();
                self.reply(format_args!("\x1b[?2;0;{width};{height}S"));
            }
            (2, 4) => {
                let side = crate::image::IMAGE_SIDE;
                self.reply(format_args!("\x1b[?2;0;{side};{side}S"));
            }
            (1 | 2, _) => self.reply(format_args!("\x1b[?{item};3S")),
            _ => self.reply(format_args!("\x1b[?{item};1S")),
        }
    }

    fn push_title(&mut self) {
        if self.title_stack.len() >= super::TITLE_STACK {
            self.title_stack.remove(0);
        }
        self.title_stack.push(self.titles.clone());
    }

    /// What was pushed together comes back in part, if only the icon name (1) or the title (2) is
    /// wanted.
    fn pop_title(&mut self, what: u16) {
        let Some(titles) = self.title_stack.pop() else { return };
        if what != 1 {
            self.set_title(titles.title);
        }
        if what != 2 {
            self.set_icon_name(titles.icon_name);
        }
    }
}

/// A reply being written.
struct Bounded<'a> {
    bytes: &'a mut Vec<u8>,
    most: usize,
}

impl Write for Bounded<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        if self.bytes.len() + text.len() > self.most {
            return Err(fmt::Error);
        }
        self.bytes.extend_from_slice(text.as_bytes());
        Ok(())
    }
}
