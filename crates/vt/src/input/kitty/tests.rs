//! Tables of expected bytes from the kitty keyboard protocol's document; the section names stand
//! at the tests.

use crate::input::{Key, KeyEvent, KeyKind, KeypadKey, Modifiers, encode_key, parse_keys};
use crate::{KittyFlags, Modes};

const DISAMBIGUATE: u8 = 1;
const TYPES: u8 = 2;
const ALTERNATES: u8 = 4;
const ALL: u8 = 8;
const TEXT: u8 = 16;

fn encoded(flags: u8, event: &KeyEvent) -> String {
    let modes = Modes {
        kitty: KittyFlags::from_bits_truncate(flags),
        // Neither has a say once the protocol is on.
        modify_other_keys: 2,
        application_cursor: flags != ALTERNATES,
        ..Modes::default()
    };
    let mut out = Vec::new();
    encode_key(event, &modes, &mut out);
    out.escape_ascii().to_string()
}

fn check_kind(flags: u8, kind: KeyKind, keys: &str, expected: &str) {
    let keys_read = parse_keys(keys).unwrap();
    let out: String =
        keys_read.into_iter().map(|key| encoded(flags, &key.with_kind(kind))).collect();
    assert_eq!(out, expected, "{keys} {kind:?} with flags {flags}");
}

fn check(flags: u8, keys: &str, expected: &str) {
    check_kind(flags, KeyKind::Press, keys, expected);
}

/// "Disambiguate escape codes".
#[test]
fn disambiguate() {
    check(DISAMBIGUATE, "a A % S-a Space S-Space 한", "aA%A  \\xed\\x95\\x9c");
    check(DISAMBIGUATE, "Enter Tab Backspace", "\\r\\t\\x7f");
    check(DISAMBIGUATE, "Escape C-[ M-[", "\\x1b[27u\\x1b[91;5u\\x1b[91;3u");
    check(DISAMBIGUATE, "C-c C-S-c C-M-c M-S-c M-C", {
        "\\x1b[99;5u\\x1b[99;6u\\x1b[99;7u\\x1b[99;4u\\x1b[99;4u"
    });
    check(DISAMBIGUATE, "C-i C-m C-Space", "\\x1b[105;5u\\x1b[109;5u\\x1b[32;5u");
    check(DISAMBIGUATE, "S-Enter C-Enter S-Tab C-BS", {
        "\\x1b[13;2u\\x1b[13;5u\\x1b[9;2u\\x1b[127;5u"
    });
    check(DISAMBIGUATE, "D-a H-a T-a", "\\x1b[97;9u\\x1b[97;17u\\x1b[97;33u");
    check_kind(DISAMBIGUATE, KeyKind::Release, "a C-a Up Enter Escape", "");
    check_kind(DISAMBIGUATE, KeyKind::Repeat, "a C-a Up", "a\\x1b[97;5u\\x1b[A");
}

/// "Functional key definitions": with any of the first four flags the form is CSI, also in
/// application cursor mode.
#[test]
fn functional_keys() {
    let table: &[(&str, &str, &str)] = &[
        ("Insert", "2", "~"),
        ("Delete", "3", "~"),
        ("Left", "", "D"),
        ("Right", "", "C"),
        ("Up", "", "A"),
        ("Down", "", "B"),
        ("PageUp", "5", "~"),
        ("PageDown", "6", "~"),
        ("Home", "", "H"),
        ("End", "", "F"),
        ("CapsLock", "57358", "u"),
        ("ScrollLock", "57359", "u"),
        ("NumLock", "57360", "u"),
        ("PrintScreen", "57361", "u"),
        ("Pause", "57362", "u"),
        ("Menu", "57363", "u"),
        ("F1", "", "P"),
        ("F2", "", "Q"),
        ("F3", "13", "~"),
        ("F4", "", "S"),
        ("F5", "15", "~"),
        ("F6", "17", "~"),
        ("F7", "18", "~"),
        ("F8", "19", "~"),
        ("F9", "20", "~"),
        ("F10", "21", "~"),
        ("F11", "23", "~"),
        ("F12", "24", "~"),
        ("F13", "57376", "u"),
        ("F24", "57387", "u"),
        ("F35", "57398", "u"),
        ("KP0", "57399", "u"),
        ("KP9", "57408", "u"),
        ("KPDecimal", "57409", "u"),
        ("KPEnter", "57414", "u"),
        ("KPSeparator", "57416", "u"),
        ("KPLeft", "57417", "u"),
        ("KPDelete", "57426", "u"),
        ("KPBegin", "", "E"),
        ("K57428", "57428", "u"),
        ("K57440", "57440", "u"),
        ("K57441", "57441", "u"),
        ("K57454", "57454", "u"),
    ];
    for (key, number, last) in table {
        let first = if number.is_empty() { "1" } else { number };
        check(ALL, key, &format!("\\x1b[{number}{last}"));
        check(ALL, &format!("C-{key}"), &format!("\\x1b[{first};5{last}"));
        check_kind(ALL | TYPES, KeyKind::Press, key, &format!("\\x1b[{number}{last}"));
        check_kind(ALL | TYPES, KeyKind::Repeat, key, &format!("\\x1b[{first};1:2{last}"));
        let released = format!("\\x1b[{first};4:3{last}");
        check_kind(ALL | TYPES, KeyKind::Release, &format!("M-S-{key}"), &released);
        check_kind(ALL, KeyKind::Release, key, "");
    }
    assert_eq!(encoded(ALL, &Key::F(0).into()), "");
    assert_eq!(encoded(ALL, &Key::F(36).into()), "");
}

/// Without the flag for all keys, a key of the pad that types is its text, the others are told
/// apart, and modifiers and locks are silent.
#[test]
fn keypad_and_modifier_keys() {
    check(DISAMBIGUATE, "KP5 KP+ KPEnter KPLeft KPBegin", "5+\\x1b[57414u\\x1b[57417u\\x1b[E");
    check(DISAMBIGUATE | TYPES, "K57441 K57454 CapsLock NumLock", "");
    check(DISAMBIGUATE, "K57428 Menu Pause", "\\x1b[57428u\\x1b[57363u\\x1b[57362u");
    check(ALTERNATES, "KPEnter KPLeft Menu", "\\r\\x1b[D\\x1b[29~");
}

/// "Report event types".
#[test]
fn event_types() {
    let flags = DISAMBIGUATE | TYPES;
    check_kind(flags, KeyKind::Press, "a C-a Up", "a\\x1b[97;5u\\x1b[A");
    check_kind(flags, KeyKind::Repeat, "a C-a Up", "a\\x1b[97;5:2u\\x1b[1;1:2A");
    check_kind(flags, KeyKind::Release, "a C-a Up F5", {
        "\\x1b[97;1:3u\\x1b[97;5:3u\\x1b[1;1:3A\\x1b[15;1:3~"
    });
    check_kind(flags, KeyKind::Release, "A", "\\x1b[97;2:3u");
    // Enter, Tab and Backspace only with the flag for all keys.
    check_kind(flags, KeyKind::Release, "Enter Tab Backspace S-Enter", "");
    check_kind(flags, KeyKind::Repeat, "Enter Tab Backspace", "\\r\\t\\x7f");
    check_kind(flags, KeyKind::Repeat, "S-Enter", "\\x1b[13;2:2u");
    check_kind(flags | ALL, KeyKind::Release, "Enter Tab Backspace", {
        "\\x1b[13;1:3u\\x1b[9;1:3u\\x1b[127;1:3u"
    });
    // The flag alone: presses of text and control keys keep their legacy form.
    check_kind(TYPES, KeyKind::Press, "a C-a M-a Escape Enter", "a\\x01\\x1ba\\x1b\\r");
    check_kind(TYPES, KeyKind::Press, "Up F1", "\\x1b[A\\x1b[P");
    check_kind(TYPES, KeyKind::Release, "C-a Escape", "\\x1b[97;5:3u\\x1b[27;1:3u");
}

/// "Key codes" and "Report alternate keys".
#[test]
fn alternate_keys() {
    let mut percent = KeyEvent::new(Key::Char('5'), Modifiers::SHIFT | Modifiers::CTRL);
    percent.shifted = Some('%');
    assert_eq!(encoded(DISAMBIGUATE, &percent), "\\x1b[53;6u");
    assert_eq!(encoded(DISAMBIGUATE | ALTERNATES, &percent), "\\x1b[53:37;6u");
    let mut cyrillic = KeyEvent::new(Key::Char('с'), Modifiers::CTRL);
    cyrillic.base = Some('c');
    assert_eq!(encoded(DISAMBIGUATE, &cyrillic), "\\x1b[1089;5u");
    assert_eq!(encoded(DISAMBIGUATE | ALTERNATES, &cyrillic), "\\x1b[1089::99;5u");
    cyrillic.modifiers |= Modifiers::SHIFT;
    assert_eq!(encoded(DISAMBIGUATE | ALTERNATES, &cyrillic), "\\x1b[1089:1057:99;6u");
    check(ALL | ALTERNATES, "a A C-A Up", "\\x1b[97u\\x1b[97:65;2u\\x1b[97:65;6u\\x1b[A");
    // The flag alone changes no form.
    check(ALTERNATES, "C-a M-a Up F1 Escape S-Tab", "\\x01\\x1ba\\x1b[A\\x1bOP\\x1b\\x1b[Z");
}

/// "Report all keys as escape codes".
#[test]
fn all_keys() {
    check(ALL, "a A % Space 한", "\\x1b[97u\\x1b[97;2u\\x1b[37u\\x1b[32u\\x1b[54620u");
    check(ALL, "Enter Tab Backspace Escape", "\\x1b[13u\\x1b[9u\\x1b[127u\\x1b[27u");
    check(ALL, "S-Enter C-a KP5", "\\x1b[13;2u\\x1b[97;5u\\x1b[57404u");
    // A key named by the end of the private range is a character like any other.
    check(ALL, "U+E100", "\\x1b[57600u");
}

/// "Report associated text" and "Text as code points".
#[test]
fn associated_text() {
    check(ALL | TEXT, "a A Space", "\\x1b[97;;97u\\x1b[97;2;65u\\x1b[32;;32u");
    check(ALL | TEXT, "C-a Enter Up", "\\x1b[97;5u\\x1b[13u\\x1b[A");
    check_kind(ALL | TEXT | TYPES, KeyKind::Repeat, "a", "\\x1b[97;1:2;97u");
    check_kind(ALL | TEXT | TYPES, KeyKind::Release, "a", "\\x1b[97;1:3u");
    check(ALL | TEXT, "KP5", "\\x1b[57404;;53u");
    let mut option = KeyEvent::new(Key::Char('a'), Modifiers::empty());
    option.text = Some("å".into());
    assert_eq!(encoded(ALL | TEXT, &option), "\\x1b[97;;229u");
    option.text = Some("e\u{301}x".into());
    assert_eq!(encoded(ALL | TEXT, &option), "\\x1b[97;;101:769:120u");
    assert_eq!(encoded(DISAMBIGUATE, &option), "e\\xcc\\x81x");
    // A control character is no text.
    option.text = Some("\r".into());
    assert_eq!(encoded(ALL | TEXT, &option), "\\x1b[97u");
}

/// "Modifiers": the locks are told where they do not spoil text.
#[test]
fn locks() {
    let with = |key, modifiers| KeyEvent::new(key, modifiers);
    let a = with(Key::Char('a'), Modifiers::NUM_LOCK);
    assert_eq!(encoded(DISAMBIGUATE, &a), "a");
    assert_eq!(encoded(ALL, &a), "\\x1b[97;129u");
    let released = a.with_kind(KeyKind::Release);
    assert_eq!(encoded(DISAMBIGUATE | TYPES, &released), "\\x1b[97;1:3u");
    let enter = with(Key::Enter, Modifiers::CAPS_LOCK);
    assert_eq!(encoded(DISAMBIGUATE, &enter), "\\r");
    let up = with(Key::Up, Modifiers::NUM_LOCK | Modifiers::SHIFT);
    assert_eq!(encoded(DISAMBIGUATE, &up), "\\x1b[1;130A");
    let digit = with(Key::Keypad(KeypadKey::Digit(1)), Modifiers::NUM_LOCK);
    assert_eq!(encoded(DISAMBIGUATE, &digit), "1");
    assert_eq!(encoded(ALL, &digit), "\\x1b[57400;129u");
}
