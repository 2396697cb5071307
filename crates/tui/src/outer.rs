//! What the outer terminal can, and what it looks like. Owns the questions that it is asked once, what its
//! answers and the environment say, and what is assumed of one that says nothing. Reads and writes
//! nothing itself.

mod name;

use std::time::{Duration, Instant};

use ccc_client::proto::{ClientFacts, Ext, PixelSize as WirePixels, WireColor, WireSize};
use ccc_vt::Color;

use self::name::Known;
use crate::image::Graphics;
use crate::stdin::{ColorSlot, PixelSize, Rgb, TerminalReply};
use crate::writer::ColorDepth;

/// Name and version; colours; the size of a cell; which modes it knows; images; which capabilities; at last who it
/// is, which every terminal answers: what was not answered before is not known there.
const QUESTIONS: &[u8] = b"\x1b[>q\x1b]10;?\x1b\\\x1b]11;?\x1b\\\x1b]12;?\x1b\\\
    \x1b]4;0;?;1;?;2;?;3;?;4;?;5;?;6;?;7;?;8;?;9;?;10;?;11;?;12;?;13;?;14;?;15;?\x1b\\\
    \x1b[16t\x1b[?2026$p\x1b[?2027$p\x1b[?2031$p\
    \x1b_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\\
    \x1bP+q524742\x1b\\\x1bP+q5463\x1b\\\x1bP+q536d756c78\x1b\\\x1b[?u\x1b[c";
/// The colours alone, when the theme has changed.
pub(crate) const COLOR_QUESTIONS: &[u8] = b"\x1b]10;?\x1b\\\x1b]11;?\x1b\\\x1b]12;?\x1b\\";
/// The size of a cell alone.
const CELL_QUESTION: &[u8] = b"\x1b[16t";
/// How long the answers are waited for before the server is told what is known. A line that is slower than
/// this is told again when they come.
const DEADLINE: Duration = Duration::from_secs(1);

/// The attribute of a terminal that draws sixels.
const SIXEL: u16 = 4;

/// How a notification is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Notify {
    /// OSC 9: one text. Terminals that do not know it show nothing.
    Plain,
    /// OSC 777: title and body.
    Titled,
    /// OSC 99, kitty's own.
    Kitty,
}

/// What may be written to the outer terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Abilities {
    pub(crate) depth: ColorDepth,
    /// Underline styles, and colours of their own: terminals without them draw nonsense.
    pub(crate) underlines: bool,
    /// Mode 2026.
    pub(crate) synchronized: bool,
    /// Mode 2027: clusters are as wide there as they are here.
    pub(crate) clusters: bool,
    /// Mode 2031: it tells when its theme changes.
    pub(crate) theme_reports: bool,
    /// The kitty keyboard protocol.
    pub(crate) kitty_keys: bool,
    /// Keys are asked for in xterm's way instead.
    pub(crate) other_keys: bool,
    /// OSC 9;4. Some terminals show it as a notification, so it has to be known.
    pub(crate) progress: bool,
    pub(crate) notify: Notify,
    pub(crate) graphics: Graphics,
}

/// The outer terminal.
#[derive(Debug)]
pub(crate) struct Outer {
    abilities: Abilities,
    asks: bool,
    /// Every question before it is answered, or never will be.
    answered: bool,
    deadline: Option<Instant>,
    foreground: Option<Rgb>,
    background: Option<Rgb>,
    cursor: Option<Rgb>,
    palette: [Option<Rgb>; 16],
    cell: Option<PixelSize>,
}

impl Outer {
    /// A terminal of which only the environment is known.
    pub(crate) fn new(variable: impl Fn(&str) -> Option<String>) -> Self {
        let term = variable("TERM");
        let depth = ColorDepth::from_variables(variable("COLORTERM").as_deref(), term.as_deref());
        let mut outer = Self {
            abilities: Abilities {
                depth,
                underlines: false,
                synchronized: true,
                clusters: false,
                theme_reports: false,
                kitty_keys: false,
                other_keys: false,
                progress: false,
                notify: Notify::Plain,
                graphics: Graphics::Unknown,
            },
            // The console prints what it does not know.
            asks: !matches!(term.as_deref(), None | Some("" | "dumb" | "linux")),
            answered: false,
            deadline: None,
            foreground: None,
            background: None,
            cursor: None,
            palette: [None; 16],
            cell: None,
        };
        if !outer.asks {
            outer.abilities.graphics = Graphics::Boxes;
        }
        if let Some(known) = Known::from_environment(variable) {
            outer.is(known);
        }
        outer
    }

    /// What to ask it, at this moment.
    pub(crate) fn questions(&mut self, now: Instant) -> &'static [u8] {
        if !self.asks {
            return b"";
        }
        self.deadline = Some(now + DEADLINE);
        QUESTIONS
    }

    /// What to ask it when its size has changed: its font may have. One that did not say how large a cell is will
    /// not say it now.
    pub(crate) const fn cell_question(&self) -> &'static [u8] {
        if self.cell.is_some() { CELL_QUESTION } else { b"" }
    }

    pub(crate) const fn abilities(&self) -> Abilities {
        self.abilities
    }

    /// Until when answers are waited for.
    pub(crate) const fn deadline(&self) -> Option<Instant> {
        self.deadline
    }

    /// Takes an answer in; whether the server is to be told what is known now.
    pub(crate) fn on_reply(&mut self, reply: &TerminalReply) -> bool {
        let before = self.facts();
        match reply {
            TerminalReply::Version(name) => {
                if let Some(known) = Known::from_version(name) {
                    self.is(known);
                }
            }
            TerminalReply::Color { slot, rgb } => match slot {
                ColorSlot::Foreground => self.foreground = Some(*rgb),
                ColorSlot::Background => self.background = Some(*rgb),
                ColorSlot::Cursor => self.cursor = Some(*rgb),
                ColorSlot::Palette(index) => {
                    if let Some(slot) = self.palette.get_mut(usize::from(*index)) {
                        *slot = Some(*rgb);
                    }
                }
            },
            TerminalReply::CellPixels(size) => {
                self.cell = Some(*size);
                if let Graphics::Sixel { cell } = &mut self.abilities.graphics {
                    *cell = (size.width.max(1), size.height.max(1));
                }
            }
            TerminalReply::Mode { mode: 2026, private: true, state } => {
                self.abilities.synchronized = state.is_supported();
            }
            TerminalReply::Mode { mode: 2027, private: true, state } => {
                self.abilities.clusters = state.is_supported();
            }
            TerminalReply::Mode { mode: 2031, private: true, state } => {
                self.abilities.theme_reports = state.is_supported();
            }
            TerminalReply::Capability(Some((name, _))) => match name.as_str() {
                "RGB" | "Tc" => self.abilities.depth = ColorDepth::True,
                "Smulx" => self.abilities.underlines = true,
                _ => {}
            },
            TerminalReply::KeyboardFlags(_) => self.abilities.kitty_keys = true,
            TerminalReply::Graphics(answer) if answer.ends_with(";OK") => {
                self.abilities.graphics = Graphics::Kitty;
            }
            TerminalReply::PrimaryAttributes(attributes) if !self.answered => {
                let cell = self.cell.map(|cell| (cell.width, cell.height));
                if self.abilities.graphics == Graphics::Unknown
                    && attributes.contains(&SIXEL)
                    && let Some(cell @ (1.., 1..)) = cell
                {
                    self.abilities.graphics = Graphics::Sixel { cell };
                }
                self.abilities.other_keys = !self.abilities.kitty_keys;
                return self.have_heard();
            }
            _ => {}
        }
        // Before all is known there is one message with everything in it.
        self.answered && before != self.facts()
    }

    /// Whether it has been silent for too long, and the server is to be told what is known.
    pub(crate) fn expire(&mut self, now: Instant) -> bool {
        self.deadline.is_some_and(|deadline| deadline <= now) && self.have_heard()
    }

    fn have_heard(&mut self) -> bool {
        self.answered = true;
        self.deadline = None;
        if self.abilities.graphics == Graphics::Unknown {
            self.abilities.graphics = Graphics::Boxes;
        }
        self.facts() != ClientFacts::default()
    }

    fn is(&mut self, known: Known) {
        self.abilities.underlines |= known.underlines;
        self.abilities.progress |= known.progress;
        if known.true_color {
            self.abilities.depth = ColorDepth::True;
        }
        self.abilities.notify = known.notify;
    }

    /// What the server is told.
    pub(crate) fn facts(&self) -> ClientFacts {
        let color = |known: Option<Rgb>| match known {
            Some(Rgb { red, green, blue }) => ccc_client::wire_color(Color::Rgb(red, green, blue)),
            None => WireColor::default(),
        };
        let known = self.palette.iter().any(Option::is_some);
        ClientFacts {
            foreground: color(self.foreground),
            background: color(self.background),
            cursor: color(self.cursor),
            palette: if known { self.palette.into_iter().map(color).collect() } else { Vec::new() },
            cell: self.cell.map_or_else(WirePixels::default, |cell| WirePixels {
                width: cell.width,
                height: cell.height,
            }),
            ext: Ext::none(),
        }
    }

    /// An area in pixels, 0x0 when the size of a cell is not known.
    pub(crate) fn pixels(&self, size: WireSize) -> WirePixels {
        let cell = self.cell.unwrap_or_default();
        WirePixels {
            width: cell.width.saturating_mul(size.cols),
            height: cell.height.saturating_mul(size.rows),
        }
    }
}

#[cfg(test)]
mod tests;
