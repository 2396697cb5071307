//! What holds for all bytes: however they are cut the events are the same, nothing panics, no later
//! key is held up; and what the encoder writes, this reads.

use ccc_vt::input::{KeypadKey, encode_focus, encode_key, encode_mouse, encode_paste};
use ccc_vt::{CellPixels, Modes, MouseEncoding, MouseProtocol};
use proptest::prelude::*;

use super::*;

/// Everything that the parser says of pieces that come with no time in between, and then of a long
/// silence.
fn said_of(pieces: &[&[u8]], kitty: bool) -> Vec<StdinEvent> {
    let now = Instant::now();
    let mut parser = StdinParser::default();
    parser.set_kitty_keys(kitty);
    let mut out = Vec::new();
    for piece in pieces {
        parser.feed(piece, now, &mut out);
    }
    while let Some(deadline) = parser.next_deadline() {
        parser.expire(deadline, &mut out);
    }
    out
}

/// Bytes that are likely to mean something, whole and torn, between any others.
fn any_bytes() -> impl Strategy<Value = Vec<u8>> {
    let known: Vec<Vec<u8>> = [
        "\x1b",
        "\x1b\x1b",
        "\x1b[",
        "\x1bO",
        "\x1b]",
        "\x1bP",
        "\x1b_",
        "\x1b[A",
        "\x1bOP",
        "\x1b[1;5C",
        "\x1b[97;5:3u",
        "\x1b[97:65;2;65u",
        "\x1b[27;5;9~",
        "\x1b[<0;10;5M",
        "\x1b[M !!",
        "\x1b[200~",
        "\x1b[201~",
        "\x1b[I",
        "\x1b[?62;4c",
        "\x1b]11;rgb:ff/ff/ff\x1b\\",
        "\x07",
        "\x1b\\",
        "\x1bP>|name\x1b\\",
        "\x1b_Gi=1;OK\x1b\\",
        "\x1b[48;24;80;0;0t",
        "한",
        "👍",
        "\x1b한",
        "x",
        "\r",
        "\x03",
        ";",
        "1",
        "M",
        "[[A",
        "\x1b[3^",
    ]
    .into_iter()
    .map(|text| text.as_bytes().to_vec())
    .collect();
    let piece = prop_oneof![
        4 => proptest::sample::select(known),
        1 => proptest::collection::vec(any::<u8>(), 1..4),
    ];
    proptest::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn cuts_change_nothing(bytes in any_bytes(), cuts in any::<u64>(), kitty in any::<bool>()) {
        let whole = said_of(&[&bytes], kitty);
        let single: Vec<&[u8]> = bytes.chunks(1).collect();
        prop_assert_eq!(&said_of(&single, kitty), &whole);
        let mut pieces = Vec::new();
        let mut start = 0;
        for place in 0..bytes.len() {
            if cuts >> (place % 64) & 1 == 1 {
                pieces.push(&bytes[start..place]);
                start = place;
            }
        }
        pieces.push(&bytes[start..]);
        prop_assert_eq!(&said_of(&pieces, kitty), &whole);
    }

    #[test]
    fn no_bytes_hold_a_later_key_up(bytes in any_bytes()) {
        let mut parser = StdinParser::default();
        let mut out = Vec::new();
        let mut now = Instant::now();
        parser.feed(&bytes, now, &mut out);
        while let Some(deadline) = parser.next_deadline() {
            now = deadline;
            parser.expire(now, &mut out);
        }
        out.clear();
        parser.feed(b"x", now, &mut out);
        prop_assert_eq!(out, vec![StdinEvent::Key(KeyEvent::char('x'))]);
    }

    #[test]
    fn random_bytes_are_read(bytes in proptest::collection::vec(any::<u8>(), 0..512)) {
        let events = said_of(&[&bytes], false);
        // Nothing is made up: each event took at least one byte, but for the Escape and the last
        // piece of a paste that can stand before and behind.
        prop_assert!(events.len() <= bytes.len() + 1);
    }

    #[test]
    fn the_kitty_protocol_reads_back(event in any_kitty_event()) {
        let modes = Modes { kitty: KittyFlags::all(), ..Modes::default() };
        let mut bytes = Vec::new();
        encode_key(&event, &modes, &mut bytes);
        prop_assert_eq!(said_of(&[&bytes], true), vec![StdinEvent::Key(event)]);
    }

    #[test]
    fn the_first_enhancement_reads_back(key in any_functional_key(), bits in 0u8..64) {
        let event = KeyEvent::new(key, Modifiers::from_bits_truncate(bits));
        let modes = Modes { kitty: KittyFlags::DISAMBIGUATE, ..Modes::default() };
        let mut bytes = Vec::new();
        encode_key(&event, &modes, &mut bytes);
        prop_assert_eq!(said_of(&[&bytes], true), vec![StdinEvent::Key(event)]);
    }

    #[test]
    fn the_legacy_form_reads_back(event in any_legacy_event(), modes in any_legacy_modes()) {
        let mut bytes = Vec::new();
        encode_key(&event, &modes, &mut bytes);
        prop_assert_eq!(
            said_of(&[&bytes], false),
            vec![StdinEvent::Key(event)],
            "{}", bytes.escape_ascii()
        );
    }

    #[test]
    fn modify_other_keys_reads_back(
        char in proptest::char::range('!', '~'),
        bits in 0u8..8,
    ) {
        let event = KeyEvent::new(Key::Char(char), Modifiers::from_bits_truncate(bits));
        let modes = Modes { modify_other_keys: 2, ..Modes::default() };
        let mut bytes = Vec::new();
        encode_key(&event, &modes, &mut bytes);
        let [StdinEvent::Key(read)] = &said_of(&[&bytes], false)[..] else {
            panic!("{}", bytes.escape_ascii());
        };
        // Shift and a sign that is no letter is the sign itself, as far as this form can tell.
        let mut told = event;
        if !char.is_ascii_alphabetic() && told.modifiers.contains(Modifiers::SHIFT) {
            told.shifted = Some(char);
        }
        prop_assert_eq!(read.chord(), told.chord());
    }

    #[test]
    fn mouse_and_focus_read_back(
        code in 0usize..20, col in 0u16..222, row in 0u16..222, bits in 0u8..8, focus in any::<bool>(),
        encoding in 0usize..3,
    ) {
        use MouseButton::{Back, Button10, Button11, Forward, Left, Middle, Right};
        let buttons = [Left, Middle, Right, Back, Forward, Button10, Button11];
        let wheels =
            [WheelDirection::Up, WheelDirection::Down, WheelDirection::Left, WheelDirection::Right];
        let button = buttons[code % 7];
        let kind = match code {
            0..7 => MouseKind::Press(button),
            7..14 => MouseKind::Drag(button),
            14..18 => MouseKind::Wheel(wheels[code - 14]),
            18 => MouseKind::Move,
            _ => MouseKind::Release(button),
        };
        let event = MouseEvent { kind, col, row, modifiers: Modifiers::from_bits_truncate(bits) };
        let pressed = MouseEvent { kind: MouseKind::Press(button), ..event };
        let modes = Modes {
            mouse: MouseProtocol::Any,
            mouse_encoding:
                [MouseEncoding::Sgr, MouseEncoding::Urxvt, MouseEncoding::Legacy][encoding],
            focus_events: true,
            ..Modes::default()
        };
        let mut bytes = Vec::new();
        // The older forms need the press to tell which button a release is of.
        encode_mouse(&pressed, &modes, CellPixels::STANDARD, &mut bytes);
        encode_mouse(&event, &modes, CellPixels::STANDARD, &mut bytes);
        encode_focus(focus, &modes, &mut bytes);
        let mut expected = event;
        if encoding > 0 && matches!(kind, MouseKind::Release(_)) {
            expected.kind = MouseKind::Release(button);
        }
        prop_assert_eq!(said_of(&[&bytes], false), vec![
            StdinEvent::Mouse(pressed),
            StdinEvent::Mouse(expected),
            StdinEvent::Focus(focus),
        ]);
    }

    #[test]
    fn a_paste_reads_back(text in "[^\\p{Cc}]{0,200}") {
        let modes = Modes { bracketed_paste: true, ..Modes::default() };
        let mut bytes = Vec::new();
        encode_paste(&text, &modes, &mut bytes);
        let chunk = PasteChunk { text, first: true, last: true };
        prop_assert_eq!(said_of(&[&bytes], false), vec![StdinEvent::Paste(chunk)]);
    }
}

/// Keys that are told as a sequence in every protocol.
fn any_functional_key() -> impl Strategy<Value = Key> {
    use Key::{Delete, Down, End, F, Home, Insert, Left, PageDown, PageUp, Right, Up};
    let mut keys = vec![Up, Down, Left, Right, Home, End, PageUp, PageDown, Insert, Delete];
    keys.push(Key::Keypad(KeypadKey::Begin));
    keys.extend((1..=12).map(F));
    proptest::sample::select(keys)
}

/// A character in the form that this parser gives it: without Shift, with what Shift makes of it.
fn any_told_char() -> impl Strategy<Value = (Key, Option<char>, Option<char>)> {
    let private = 57344..=63743u32;
    let plain = any::<char>().prop_filter("has a code of its own", move |char| {
        !char.is_control() && !private.contains(&u32::from(*char)) && !char.is_uppercase()
    });
    let plain = prop_oneof![plain, proptest::char::range('a', 'z')];
    (plain, proptest::option::of(proptest::char::range('a', 'z')), any::<bool>()).prop_map(
        |(char, base, symbol)| {
            let mut upper = char.to_uppercase();
            let shifted = match (upper.next(), upper.next()) {
                (Some(upper), None) if upper != char => Some(upper),
                _ => symbol.then_some('%').filter(|shifted| *shifted != char),
            };
            (Key::Char(char), shifted, base.filter(|base| *base != char))
        },
    )
}

fn any_kitty_event() -> impl Strategy<Value = KeyEvent> {
    let keypad: Vec<_> = KeypadKey::all().map(Key::Keypad).collect();
    let key = prop_oneof![
        3 => any_told_char(),
        1 => any_functional_key().prop_map(|key| (key, None, None)),
        1 => proptest::sample::select(keypad).prop_map(|key| (key, None, None)),
        1 => (13u8..=35).prop_map(|number| (Key::F(number), None, None)),
        1 => (57428u16..=63743).prop_map(|code| (Key::Private(code), None, None)),
        1 => proptest::sample::select(vec![
            Key::Enter, Key::Tab, Key::Backspace, Key::Escape, Key::Menu, Key::CapsLock,
            Key::ScrollLock, Key::NumLock, Key::PrintScreen, Key::Pause,
        ]).prop_map(|key| (key, None, None)),
    ];
    let kind = prop_oneof![Just(KeyKind::Press), Just(KeyKind::Repeat), Just(KeyKind::Release)];
    let text = proptest::option::of("[^\\p{Cc}]{2,4}");
    (key, any::<u8>(), kind, text).prop_map(|((key, shifted, base), bits, kind, text)| {
        let modifiers = Modifiers::from_bits_truncate(bits);
        let shifted = shifted.filter(|_| modifiers.contains(Modifiers::SHIFT));
        let mut event = KeyEvent { shifted, base, ..KeyEvent::new(key, modifiers).with_kind(kind) };
        if kind != KeyKind::Release && matches!(key, Key::Char(_)) {
            event.text = text.map(String::into_boxed_str);
        }
        event
    })
}

/// Keys that no other key shares its legacy form with.
fn any_legacy_event() -> impl Strategy<Value = KeyEvent> {
    let three = 0u8..8;
    let functional = (any_functional_key(), three, any::<bool>()).prop_map(|(key, bits, meta)| {
        let mut modifiers = Modifiers::from_bits_truncate(bits);
        modifiers.set(Modifiers::META, meta);
        KeyEvent::new(key, modifiers)
    });
    let text = (any::<char>(), any::<bool>())
        .prop_filter("no control", |(char, _)| !char.is_control())
        .prop_map(|(char, alt)| {
            let modifiers = if alt { Modifiers::ALT } else { Modifiers::empty() };
            KeyEvent::new(Key::Char(char), modifiers)
        });
    let control = "[ a-hj-ln-z\\\\\\]^_]".prop_map(|text| text.chars().next().unwrap_or('a'));
    let control = (control, any::<bool>()).prop_map(|(char, alt)| {
        let modifiers = if alt { Modifiers::ALT | Modifiers::CTRL } else { Modifiers::CTRL };
        KeyEvent::new(Key::Char(char), modifiers)
    });
    let named = proptest::sample::select(vec![Key::Enter, Key::Tab, Key::Backspace, Key::Escape]);
    let named = (named, any::<bool>()).prop_map(|(key, alt)| {
        KeyEvent::new(key, if alt { Modifiers::ALT } else { Modifiers::empty() })
    });
    prop_oneof![functional, text, control, named]
}

fn any_legacy_modes() -> impl Strategy<Value = Modes> {
    any::<bool>().prop_map(|application_cursor| Modes { application_cursor, ..Modes::default() })
}
