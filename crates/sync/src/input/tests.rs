//! Every key, button and text comes back as it went; what came later is skipped.

use super::*;
use ccc_vt::input::KeypadKey;

fn comes_back(typed: &Typed) {
    assert_eq!(Typed::from_wire(&typed.to_wire()).as_ref(), Some(typed));
}

fn all_keys() -> Vec<Key> {
    let mut keys: Vec<Key> = NAMED.iter().map(|(key, _)| *key).collect();
    keys.extend(['a', 'Z', ' ', '한', '\u{301}', '🙂'].map(Key::Char));
    keys.extend((1..=MAX_FUNCTION_KEY).map(Key::F));
    keys.extend(KeypadKey::all().map(Key::Keypad));
    keys.extend([57428, 57454, 63743].map(Key::Private));
    keys
}

#[test]
fn every_key_comes_back() {
    for key in all_keys() {
        for kind in [KeyKind::Press, KeyKind::Repeat, KeyKind::Release] {
            for bits in [0, 1, 6, 255] {
                let modifiers = Modifiers::from_bits_truncate(bits);
                comes_back(&Typed::Key(KeyEvent::new(key, modifiers).with_kind(kind)));
            }
        }
    }
}

#[test]
fn what_the_terminal_knows_of_a_key_comes_back() {
    let mut event = KeyEvent::new(Key::Char('с'), Modifiers::SHIFT);
    event.shifted = Some('С');
    event.base = Some('c');
    event.text = Some("С".into());
    comes_back(&Typed::Key(event));
}

#[test]
fn every_mouse_event_comes_back() {
    let buttons = BUTTONS.iter().map(|(button, _)| *button);
    let directions =
        [WheelDirection::Up, WheelDirection::Down, WheelDirection::Left, WheelDirection::Right];
    let kinds = buttons
        .flat_map(|b| [MouseKind::Press(b), MouseKind::Release(b), MouseKind::Drag(b)])
        .chain([MouseKind::Move])
        .chain(directions.map(MouseKind::Wheel));
    for kind in kinds {
        comes_back(&Typed::Mouse(MouseEvent {
            kind,
            col: 300,
            row: 7,
            modifiers: Modifiers::CTRL | Modifiers::SHIFT,
        }));
    }
}

#[test]
fn text_paste_focus_and_bytes_come_back() {
    comes_back(&Typed::Text("안녕\n".into()));
    comes_back(&Typed::Paste("two\nlines \u{1b}[201~".into()));
    for (first, last) in [(true, false), (false, false), (false, true)] {
        comes_back(&Typed::PastePiece { text: "한 \u{1b}".into(), first, last });
    }
    comes_back(&Typed::Focus(true));
    comes_back(&Typed::Focus(false));
    comes_back(&Typed::Literal(vec![0, 3, 0xff]));
}

#[test]
fn what_came_later_is_skipped() {
    let skipped = |event: InputEvent| assert_eq!(Typed::from_wire(&event), None, "{event:?}");
    let key = |change: fn(&mut WireKey)| {
        let mut wire = wire_key(&KeyEvent::char('a'));
        change(&mut wire);
        InputEvent::key(&wire)
    };
    skipped(InputEvent { kind: InputKind(900), body: vec![1] });
    skipped(key(|wire| wire.code = WireKeyCode(900)));
    skipped(key(|wire| wire.kind = 9));
    skipped(key(|wire| wire.char = 0x1b));
    skipped(key(|wire| wire.char = 0xd800));
    skipped(key(|wire| wire.text = "x".repeat(KEY_TEXT + 1)));
    skipped(key(|wire| (wire.code, wire.char) = (WireKeyCode::FUNCTION, 0)));
    skipped(key(|wire| (wire.code, wire.char) = (WireKeyCode::KEYPAD, 'a'.into())));
    skipped(key(|wire| (wire.code, wire.char) = (WireKeyCode::PRIVATE, 13)));
    skipped(InputEvent { kind: InputKind::KEY, body: vec![1] });
    skipped(InputEvent { kind: InputKind::TEXT, body: vec![0xff] });
    skipped(InputEvent { kind: InputKind::FOCUS, body: vec![2] });
    skipped(InputEvent::mouse(&WireMouse { button: 77, ..WireMouse::default() }));
    let press = WireMouse { kind: WireMouseKind::PRESS, button: 77, ..WireMouse::default() };
    skipped(InputEvent::mouse(&press));
}

#[test]
fn modifiers_that_came_later_are_not_held() {
    let mut wire = wire_key(&KeyEvent::char('a'));
    wire.modifiers = 0xff04;
    assert_eq!(key_event(&wire).map(|event| event.modifiers), Some(Modifiers::CTRL));
}
