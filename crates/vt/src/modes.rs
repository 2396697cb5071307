//! The modes of a pane that others need: the input encoder, frames, the client. The engine's own
//! (charsets, margins, tabs) are not here.

/// Which mouse events the program asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum MouseProtocol {
    /// None.
    #[default]
    None,
    /// `?9`: presses only, no modifiers.
    X10,
    /// `?1000`: presses and releases.
    Normal,
    /// `?1002`: also motion while a button is down.
    Button,
    /// `?1003`: all motion.
    Any,
}

/// How mouse events are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum MouseEncoding {
    /// `CSI M` and three bytes.
    #[default]
    Legacy,
    /// `?1005`: the same in UTF-8.
    Utf8,
    /// `?1006`.
    Sgr,
    /// `?1015`.
    Urxvt,
    /// `?1016`: SGR in pixels.
    SgrPixels,
}

bitflags::bitflags! {
    /// Progressive enhancements of the kitty keyboard protocol.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
    pub struct KittyFlags: u8 {
        /// Disambiguate escape codes.
        const DISAMBIGUATE = 1;
        /// Report event types.
        const EVENT_TYPES = 1 << 1;
        /// Report alternate keys.
        const ALTERNATE_KEYS = 1 << 2;
        /// Report all keys as escape codes.
        const ALL_KEYS = 1 << 3;
        /// Report associated text.
        const ASSOCIATED_TEXT = 1 << 4;
    }
}

/// A pane's modes at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Modes {
    /// DECCKM `?1`: cursor keys send SS3.
    pub application_cursor: bool,
    /// DECKPAM / `?66`: the keypad sends SS3.
    pub application_keypad: bool,
    /// `?2004`.
    pub bracketed_paste: bool,
    /// `?9`, `?1000`, `?1002`, `?1003`.
    pub mouse: MouseProtocol,
    /// `?1005`, `?1006`, `?1015`, `?1016`.
    pub mouse_encoding: MouseEncoding,
    /// `?1004`.
    pub focus_events: bool,
    /// `?1007`: in the alternate screen the wheel sends arrows. On unless a program turns it off.
    pub alternate_scroll: bool,
    /// `?47`, `?1047`, `?1049`.
    pub alternate_screen: bool,
    /// `?2026`: the program is in the middle of a redraw. Only a flag here; whoever shows the
    /// screen holds it, and for how long.
    pub synchronized_output: bool,
    /// Kitty keyboard flags of the active screen.
    pub kitty: KittyFlags,
    /// XTMODKEYS resource 4: 0, 1 or 2.
    pub modify_other_keys: u8,
    /// DECSCNM `?5`: foreground and background of the whole screen change places.
    pub reverse_screen: bool,
    /// DECTCEM `?25`.
    pub cursor_visible: bool,
    /// LNM 20: Enter sends CR LF, and LF moves to the first column.
    pub newline: bool,
    /// IRM 4: printing inserts.
    pub insert: bool,
    /// DECOM `?6`: row 1 is the top margin.
    pub origin: bool,
    /// DECAWM `?7`.
    pub autowrap: bool,
    /// `?45`: backspace goes back over a soft wrap.
    pub reverse_wrap: bool,
    /// `?2031`: report changes between dark and light.
    pub theme_reports: bool,
    /// `?2048`: report size changes in band.
    pub size_reports: bool,
    /// DECBKM `?67`: Backspace sends BS instead of DEL.
    pub backarrow_sends_bs: bool,
}

impl Default for Modes {
    fn default() -> Self {
        Self {
            application_cursor: false,
            application_keypad: false,
            bracketed_paste: false,
            mouse: MouseProtocol::None,
            mouse_encoding: MouseEncoding::Legacy,
            focus_events: false,
            alternate_scroll: true,
            alternate_screen: false,
            synchronized_output: false,
            kitty: KittyFlags::empty(),
            modify_other_keys: 0,
            reverse_screen: false,
            cursor_visible: true,
            newline: false,
            insert: false,
            origin: false,
            autowrap: true,
            reverse_wrap: false,
            theme_reports: false,
            size_reports: false,
            backarrow_sends_bs: false,
        }
    }
}
