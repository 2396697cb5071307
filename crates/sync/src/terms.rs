//! Small values in both languages: sizes, cursors, modes, colours, styles, progress. Owns no rule
//! of what is sent when.

use ccc_proto::{
    ClientFacts, CursorShape as WireShape, PixelSize, WireColor, WireCursor, WireModes, WireSize,
    WireStyle,
};
use ccc_vt::{
    Attrs, CellPixels, Color, Cursor, CursorShape, Facts, KittyFlags, Modes, MouseProtocol,
    Progress, Size, Style, Underline,
};

/// A size as it travels.
#[must_use]
pub const fn wire_size(size: Size) -> WireSize {
    WireSize { cols: size.cols, rows: size.rows }
}

/// The size that a peer named, as it came: whoever makes a screen of it clamps it.
#[must_use]
pub const fn vt_size(size: WireSize) -> Size {
    Size { cols: size.cols, rows: size.rows }
}

/// The modes that matter outside a pane.
#[must_use]
pub fn wire_modes(modes: &Modes) -> WireModes {
    let mouse = match modes.mouse {
        MouseProtocol::None => 0,
        MouseProtocol::X10 | MouseProtocol::Normal => WireModes::MOUSE_PRESS,
        MouseProtocol::Button => WireModes::MOUSE_PRESS | WireModes::MOUSE_DRAG,
        MouseProtocol::Any => {
            WireModes::MOUSE_PRESS | WireModes::MOUSE_DRAG | WireModes::MOUSE_MOVE
        }
    };
    let flags = [
        (modes.alternate_screen, WireModes::ALTERNATE_SCREEN),
        (modes.bracketed_paste, WireModes::BRACKETED_PASTE),
        (modes.focus_events, WireModes::FOCUS_EVENTS),
        (modes.application_cursor, WireModes::APPLICATION_CURSOR),
        (modes.alternate_scroll, WireModes::ALTERNATE_SCROLL),
        (modes.reverse_screen, WireModes::REVERSE_SCREEN),
        (!modes.kitty.is_empty(), WireModes::KITTY_KEYBOARD),
        (modes.kitty.contains(KittyFlags::EVENT_TYPES), WireModes::KEY_RELEASES),
        (modes.kitty.contains(KittyFlags::ALTERNATE_KEYS), WireModes::ALTERNATE_KEYS),
        (modes.kitty.contains(KittyFlags::ALL_KEYS), WireModes::ALL_KEYS),
        (modes.kitty.contains(KittyFlags::ASSOCIATED_TEXT), WireModes::KEY_TEXT),
        (modes.synchronized_output, WireModes::SYNCHRONIZED),
    ];
    WireModes(flags.iter().filter(|(set, _)| *set).fold(mouse, |bits, (_, bit)| bits | bit))
}

/// A cursor as it travels.
#[must_use]
pub fn wire_cursor(cursor: Cursor) -> WireCursor {
    WireCursor {
        col: cursor.col,
        row: cursor.row,
        visible: cursor.visible,
        shape: match cursor.shape {
            CursorShape::Default => WireShape(0),
            CursorShape::Block => WireShape::BLOCK,
            CursorShape::Underline => WireShape::UNDERLINE,
            CursorShape::Bar => WireShape::BAR,
        },
        blink: cursor.blink,
    }
}

/// The cursor that a peer told; a shape that came later is the outer terminal's own.
#[must_use]
pub fn vt_cursor(cursor: WireCursor) -> Cursor {
    Cursor {
        col: cursor.col,
        row: cursor.row,
        visible: cursor.visible,
        shape: match cursor.shape {
            WireShape::BLOCK => CursorShape::Block,
            WireShape::UNDERLINE => CursorShape::Underline,
            WireShape::BAR => CursorShape::Bar,
            _ => CursorShape::Default,
        },
        blink: cursor.blink,
    }
}

/// A colour as it travels.
#[must_use]
pub const fn wire_color(color: Color) -> WireColor {
    WireColor(match color {
        Color::Default => 0,
        Color::Indexed(index) => 0x0100_0000 | index as u32,
        Color::Rgb(red, green, blue) => u32::from_be_bytes([2, red, green, blue]),
    })
}

/// The colour that a peer told; one of a kind that came later is the default.
#[must_use]
pub const fn vt_color(color: WireColor) -> Color {
    match color.0.to_be_bytes() {
        [1, 0, 0, index] => Color::Indexed(index),
        [2, red, green, blue] => Color::Rgb(red, green, blue),
        _ => Color::Default,
    }
}

/// What a client says of its terminal, over what is assumed of one that says nothing.
#[must_use]
pub fn vt_facts(told: &ClientFacts) -> Facts {
    let mut facts = Facts::default();
    let known = |color: WireColor| match vt_color(color) {
        Color::Rgb(red, green, blue) => Some((red, green, blue)),
        Color::Default | Color::Indexed(_) => None,
    };
    let slots = [&mut facts.foreground, &mut facts.background, &mut facts.cursor];
    let told_colors = [told.foreground, told.background, told.cursor];
    let pairs = slots.into_iter().zip(told_colors);
    for (slot, color) in pairs.chain(facts.palette.iter_mut().zip(told.palette.iter().copied())) {
        *slot = known(color).unwrap_or(*slot);
    }
    // Not the size of a cell: that of a pane is on its record, and the same for all who look.
    facts
}

/// How large a client says that a cell of its terminal is; `None` if that is not known, or no cell.
#[must_use]
pub fn vt_cell(told: PixelSize) -> Option<CellPixels> {
    Some(CellPixels::new(told.width, told.height)).filter(|cell| cell.is_sound())
}

/// The attributes that travel. Protection from selective erase cannot be seen and stays behind.
const VISIBLE: Attrs = Attrs::BOLD
    .union(Attrs::DIM)
    .union(Attrs::ITALIC)
    .union(Attrs::BLINK)
    .union(Attrs::INVERSE)
    .union(Attrs::CONCEAL)
    .union(Attrs::STRIKE)
    .union(Attrs::OVERLINE);

/// The wire's rapid blink, which is shown as blink.
const RAPID_BLINK: u16 = 256;

/// What of a style can be seen, without its link.
pub(crate) fn visible(style: Style) -> Style {
    Style { attrs: style.attrs.intersection(VISIBLE), link: None, ..style }
}

/// A style as it travels; `link` is the index plus one in the links of its message.
pub(crate) fn wire_style(style: &Style, link: u16) -> WireStyle {
    WireStyle {
        fg: wire_color(style.fg),
        bg: wire_color(style.bg),
        underline_color: wire_color(style.underline_color),
        attrs: style.attrs.intersection(VISIBLE).bits(),
        underline: style.underline.number().into(),
        link,
    }
}

/// The style that a peer told, without its link. Attributes that came later are left out, an
/// underline that came later is a single one.
pub(crate) fn vt_style(style: &WireStyle) -> Style {
    let mut attrs = Attrs::from_bits_truncate(style.attrs).intersection(VISIBLE);
    attrs.set(Attrs::BLINK, attrs.contains(Attrs::BLINK) || style.attrs & RAPID_BLINK != 0);
    Style {
        fg: vt_color(style.fg),
        bg: vt_color(style.bg),
        underline_color: vt_color(style.underline_color),
        attrs,
        underline: u8::try_from(style.underline)
            .ok()
            .and_then(Underline::from_number)
            .unwrap_or(Underline::Single),
        link: None,
    }
}

/// Progress as text.
pub(crate) fn progress_text(progress: Progress) -> String {
    match progress {
        Progress::None => String::new(),
        Progress::Running(percent) => percent.to_string(),
        Progress::Failed(_) => "error".into(),
        Progress::Indeterminate => "busy".into(),
        Progress::Paused(_) => "paused".into(),
    }
}

/// The progress that a peer told; what came later is none. How far a failed or paused one got is
/// not told.
pub(crate) fn progress_of(text: &str) -> Progress {
    match text {
        "error" => Progress::Failed(0),
        "busy" => Progress::Indeterminate,
        "paused" => Progress::Paused(0),
        percent => percent
            .parse()
            .ok()
            .filter(|percent| *percent <= 100)
            .map_or(Progress::None, Progress::Running),
    }
}
