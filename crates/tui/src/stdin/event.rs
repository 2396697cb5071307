//! What standard input can say: the closed list of events, and the answers of a terminal.

use ccc_vt::input::{KeyEvent, MouseEvent};
use ccc_vt::{KittyFlags, Size};

/// One thing that the outer terminal said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StdinEvent {
    Key(KeyEvent),
    /// In cells of the outer terminal, from 0.
    Mouse(MouseEvent),
    Paste(PasteChunk),
    /// Whether the outer terminal gained focus.
    Focus(bool),
    Reply(TerminalReply),
    /// Bytes that mean nothing known, for the log; at most the first few thousand of them.
    Unknown(Vec<u8>),
}

/// A piece of a bracketed paste. Bytes that are no UTF-8 are replaced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasteChunk {
    pub text: String,
    /// The paste begins with this piece.
    pub first: bool,
    /// The paste ends with this piece.
    pub last: bool,
}

/// An answer of the terminal, or what it says by itself after it was asked to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TerminalReply {
    /// DA1: the class of the terminal, then its abilities.
    PrimaryAttributes(Vec<u16>),
    /// DA2: type, version, and one more number.
    SecondaryAttributes(Vec<u16>),
    /// DA3.
    UnitId(String),
    /// DECRPM, for a private mode when `private`.
    Mode { mode: u16, private: bool, state: ModeState },
    /// The kitty keyboard flags in force.
    KeyboardFlags(KittyFlags),
    /// XTQMODKEYS: the level of modifyOtherKeys.
    ModifyOtherKeys(u8),
    /// XTVERSION: name and version as the terminal writes them.
    Version(String),
    /// OSC 4, 10, 11, 12.
    Color { slot: ColorSlot, rgb: Rgb },
    /// CPR, DECXCPR; from 0.
    CursorPosition { col: u16, row: u16 },
    /// The size changed (mode 2048); pixels are 0 where the terminal does not know.
    Resized { size: Size, pixels: PixelSize },
    /// `CSI 18 t`.
    TextArea(Size),
    /// `CSI 14 t`.
    WindowPixels(PixelSize),
    /// `CSI 16 t`.
    CellPixels(PixelSize),
    /// DSR: the terminal is well.
    Ok,
    /// The user prefers this theme (mode 2031, or asked).
    Theme(Theme),
    /// XTGETTCAP, with no value for a capability that is only true; None for one it does not have.
    Capability(Option<(String, String)>),
    /// DECRQSS; None for a setting that it does not have.
    Setting(Option<String>),
    /// The answer to a kitty graphics command.
    Graphics(String),
}

/// DECRPM's five answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ModeState {
    Unknown,
    Set,
    Reset,
    AlwaysSet,
    AlwaysReset,
}

impl ModeState {
    /// Whether a program can turn the mode on, or it is on anyway.
    pub fn is_supported(self) -> bool {
        matches!(self, Self::Set | Self::Reset | Self::AlwaysSet)
    }
}

/// Which colour an answer is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColorSlot {
    Foreground,
    Background,
    Cursor,
    Palette(u8),
}

/// A colour, 8 bits a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rgb {
    pub red: u8,
    pub green: u8,
    pub blue: u8,
}

impl Rgb {
    /// Whether text on this colour should be light: by perceived brightness, weights of BT.601.
    pub fn is_dark(self) -> bool {
        let [red, green, blue] = [self.red, self.green, self.blue].map(u32::from);
        299 * red + 587 * green + 114 * blue < 128 * 1000
    }
}

/// A size in pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PixelSize {
    pub width: u16,
    pub height: u16,
}

/// What the user's desktop prefers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    Dark,
    Light,
}
