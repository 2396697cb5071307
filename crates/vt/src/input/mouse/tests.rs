//! Tables of expected bytes, from xterm's control sequences document, "Mouse Tracking".

use super::*;

use MouseButton::{Back, Button11, Left, Middle, Right};
use MouseKind::{Drag, Move, Press, Release, Wheel};

fn encoded(kind: MouseKind, modifiers: Modifiers, modes: &Modes) -> Option<String> {
    let mut out = Vec::new();
    let event = MouseEvent { kind, col: 4, row: 9, modifiers };
    let cell = CellPixels::STANDARD;
    encode_mouse(&event, modes, cell, &mut out).then(|| out.escape_ascii().to_string()).or_else(
        || {
            assert!(out.is_empty());
            None
        },
    )
}

fn modes(mouse: MouseProtocol, mouse_encoding: MouseEncoding) -> Modes {
    Modes { mouse, mouse_encoding, ..Modes::default() }
}

#[test]
fn each_protocol_hears_what_it_asked_for() {
    use MouseProtocol::{Any, Button, Normal, X10};
    let table: &[(MouseKind, &[MouseProtocol])] = &[
        (Press(Left), &[X10, Normal, Button, Any]),
        (Press(Right), &[X10, Normal, Button, Any]),
        (Press(Back), &[Normal, Button, Any]),
        (Release(Left), &[Normal, Button, Any]),
        (Wheel(WheelDirection::Up), &[Normal, Button, Any]),
        (Drag(Left), &[Button, Any]),
        (Move, &[Any]),
    ];
    for (kind, wanted) in table {
        for protocol in [MouseProtocol::None, X10, Normal, Button, Any] {
            let heard = encoded(*kind, Modifiers::empty(), &modes(protocol, MouseEncoding::Sgr));
            assert_eq!(heard.is_some(), wanted.contains(&protocol), "{kind:?} in {protocol:?}");
        }
    }
}

#[test]
fn buttons_in_each_encoding() {
    // Kind, then `CSI M` form's button byte, SGR, urxvt.
    let table: &[(MouseKind, &str, &str, &str)] = &[
        (Press(Left), " ", "0;5;10M", "32;5;10M"),
        (Press(Middle), "!", "1;5;10M", "33;5;10M"),
        (Press(Right), "\\\"", "2;5;10M", "34;5;10M"),
        (Release(Left), "#", "0;5;10m", "35;5;10M"),
        (Release(Right), "#", "2;5;10m", "35;5;10M"),
        (Drag(Left), "@", "32;5;10M", "64;5;10M"),
        (Drag(Right), "B", "34;5;10M", "66;5;10M"),
        (Move, "C", "35;5;10M", "67;5;10M"),
        (Wheel(WheelDirection::Up), "`", "64;5;10M", "96;5;10M"),
        (Wheel(WheelDirection::Down), "a", "65;5;10M", "97;5;10M"),
        (Wheel(WheelDirection::Left), "b", "66;5;10M", "98;5;10M"),
        (Wheel(WheelDirection::Right), "c", "67;5;10M", "99;5;10M"),
        (Press(Back), "\\xa0", "128;5;10M", "160;5;10M"),
        (Release(Back), "#", "128;5;10m", "35;5;10M"),
        (Press(Button11), "\\xa3", "131;5;10M", "163;5;10M"),
    ];
    for (kind, byte, sgr, urxvt) in table {
        let encoded = |encoding| {
            encoded(*kind, Modifiers::empty(), &modes(MouseProtocol::Any, encoding)).unwrap()
        };
        assert_eq!(encoded(MouseEncoding::Legacy), format!("\\x1b[M{byte}%*"), "{kind:?}");
        assert_eq!(encoded(MouseEncoding::Sgr), format!("\\x1b[<{sgr}"));
        // The middle of a cell of 10 by 20 pixels.
        let pixels = sgr.replace(";5;10", ";45;190");
        assert_eq!(encoded(MouseEncoding::SgrPixels), format!("\\x1b[<{pixels}"));
        assert_eq!(encoded(MouseEncoding::Urxvt), format!("\\x1b[{urxvt}"));
        let utf8 = byte.replace("\\xa0", "\\xc2\\xa0").replace("\\xa3", "\\xc2\\xa3");
        assert_eq!(encoded(MouseEncoding::Utf8), format!("\\x1b[M{utf8}%*"));
    }
}

#[test]
fn modifiers_add_up() {
    let sgr = modes(MouseProtocol::Any, MouseEncoding::Sgr);
    let table = [
        (Modifiers::SHIFT, 4),
        (Modifiers::ALT, 8),
        (Modifiers::META, 8),
        (Modifiers::CTRL, 16),
        (Modifiers::SHIFT | Modifiers::ALT | Modifiers::CTRL, 28),
        (Modifiers::LOCKS, 0),
    ];
    for (modifiers, number) in table {
        let expected = format!("\\x1b[<{number};5;10M");
        assert_eq!(encoded(Press(Left), modifiers, &sgr).unwrap(), expected);
        let expected = format!("\\x1b[<{};5;10M", number + 64);
        assert_eq!(encoded(Wheel(WheelDirection::Up), modifiers, &sgr).unwrap(), expected);
    }
    let x10 = modes(MouseProtocol::X10, MouseEncoding::Legacy);
    assert_eq!(encoded(Press(Left), Modifiers::CTRL, &x10).unwrap(), "\\x1b[M %*");
}

#[test]
fn places_that_an_encoding_cannot_express_are_not_told() {
    let at = |col, row, encoding| {
        let mut out = Vec::new();
        let event = MouseEvent { kind: Press(Left), col, row, modifiers: Modifiers::empty() };
        let told = encode_mouse(
            &event,
            &modes(MouseProtocol::Normal, encoding),
            CellPixels::STANDARD,
            &mut out,
        );
        assert_eq!(told, !out.is_empty());
        out.escape_ascii().to_string()
    };
    assert_eq!(at(222, 0, MouseEncoding::Legacy), "\\x1b[M \\xff!");
    assert_eq!(at(223, 0, MouseEncoding::Legacy), "");
    assert_eq!(at(0, 223, MouseEncoding::Legacy), "");
    assert_eq!(at(94, 0, MouseEncoding::Utf8), "\\x1b[M \\x7f!");
    assert_eq!(at(95, 0, MouseEncoding::Utf8), "\\x1b[M \\xc2\\x80!");
    assert_eq!(at(2014, 0, MouseEncoding::Utf8), "\\x1b[M \\xdf\\xbf!");
    assert_eq!(at(2015, 0, MouseEncoding::Utf8), "");
    assert_eq!(at(u16::MAX, u16::MAX, MouseEncoding::Sgr), "\\x1b[<0;65536;65536M");
    assert_eq!(at(u16::MAX, 0, MouseEncoding::Urxvt), "\\x1b[32;65536;1M");
}

#[test]
fn the_wheel_scrolls_programs_without_a_mouse() {
    let full = Modes { alternate_screen: true, ..Modes::default() };
    let wheel = |direction, modes: &Modes| {
        let mut out = Vec::new();
        let event =
            MouseEvent { kind: Wheel(direction), col: 0, row: 0, modifiers: Modifiers::empty() };
        let sent = encode_alternate_scroll(&event, modes, &mut out);
        assert_eq!(sent, !out.is_empty());
        out.escape_ascii().to_string()
    };
    assert_eq!(wheel(WheelDirection::Up, &full), "\\x1b[A".repeat(3));
    assert_eq!(wheel(WheelDirection::Down, &full), "\\x1b[B".repeat(3));
    let application = Modes { application_cursor: true, ..full };
    assert_eq!(wheel(WheelDirection::Down, &application), "\\x1bOB".repeat(3));
    assert_eq!(wheel(WheelDirection::Left, &full), "");
    assert_eq!(wheel(WheelDirection::Up, &Modes::default()), "", "main screen");
    assert_eq!(wheel(WheelDirection::Up, &Modes { alternate_scroll: false, ..full }), "");
    assert_eq!(wheel(WheelDirection::Up, &Modes { mouse: MouseProtocol::Normal, ..full }), "");
}

#[test]
fn focus_is_told_when_asked() {
    let asked = Modes { focus_events: true, ..Modes::default() };
    let mut out = Vec::new();
    assert!(crate::input::encode_focus(true, &asked, &mut out));
    assert!(crate::input::encode_focus(false, &asked, &mut out));
    assert!(!crate::input::encode_focus(true, &Modes::default(), &mut out));
    assert_eq!(out, b"\x1b[I\x1b[O");
}

#[test]
fn pixels_are_those_that_the_program_was_told() {
    let pixels = modes(MouseProtocol::Normal, MouseEncoding::SgrPixels);
    let at = |col, row, cell: (u16, u16)| {
        let mut out = Vec::new();
        let event = MouseEvent { kind: Press(Left), col, row, modifiers: Modifiers::empty() };
        let cell = CellPixels::new(cell.0, cell.1);
        assert!(encode_mouse(&event, &pixels, cell, &mut out));
        out.escape_ascii().to_string()
    };
    assert_eq!(at(0, 0, (8, 16)), "\\x1b[<0;4;8M");
    assert_eq!(at(79, 23, (9, 17)), "\\x1b[<0;716;400M");
    assert_eq!(at(3, 4, (0, 0)), "\\x1b[<0;4;5M");
    assert_eq!(at(u16::MAX, 0, (u16::MAX, 1)), "\\x1b[<0;4294868993;1M");
}
