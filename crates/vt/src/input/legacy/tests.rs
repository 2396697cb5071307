//! Tables of expected bytes. Sources: xterm's control sequences document ("PC-Style Function Keys",
//! "VT220-Style Function Keys"), terminfo's xterm-256color, and the kitty protocol's "Legacy
//! functional keys" and "Legacy text keys", where terminals agree on what xterm leaves open.

use crate::Modes;
use crate::input::{Key, KeyEvent, KeyKind, KeypadKey, Modifiers, encode_key, parse_keys};

fn check_in(modes: Modes, keys: &str, expected: &str) {
    let mut out = Vec::new();
    for key in parse_keys(keys).unwrap() {
        encode_key(&key, &modes, &mut out);
    }
    assert_eq!(out.escape_ascii().to_string(), expected, "{keys} in {modes:?}");
}

fn check(keys: &str, expected: &str) {
    check_in(Modes::default(), keys, expected);
}

#[test]
fn text_is_sent_as_it_is() {
    check("a A 1 % ~ Space", "aA1%~ ");
    check("S-a S-5 S-Space S-é", "A5 \\xc3\\x89");
    check("ß S-ß", "\\xc3\\x9f\\xc3\\x9f");
    check("한", "\\xed\\x95\\x9c");
    check("<lt>ls<gt>", "<ls>");
}

#[test]
fn alt_is_escape_in_front() {
    check("M-a M-A M-S-a M-Space M-[ M-O", "\\x1ba\\x1bA\\x1bA\\x1b \\x1b[\\x1bO");
    check("T-a M-é M-한", "\\x1ba\\x1b\\xc3\\xa9\\x1b\\xed\\x95\\x9c");
}

#[test]
fn every_ascii_key_with_ctrl() {
    // "Legacy ctrl mapping of ASCII keys"; letters in both cases are one key.
    let table: &[(&str, u8)] = &[
        (" 2@`", 0x00),
        ("3[{", 0x1b),
        ("4\\|", 0x1c),
        ("5]}", 0x1d),
        ("6^~", 0x1e),
        ("7/_", 0x1f),
        ("8?", 0x7f),
    ];
    let mut expected: Vec<(char, u8)> = (' '..='~').map(|char| (char, char as u8)).collect();
    for (char, byte) in &mut expected {
        if char.is_ascii_alphabetic() {
            *byte = char.to_ascii_lowercase() as u8 - b'a' + 1;
        }
        if let Some((_, control)) = table.iter().find(|(keys, _)| keys.contains(*char)) {
            *byte = *control;
        }
    }
    for (char, byte) in expected {
        let mut out = Vec::new();
        let modes = Modes::default();
        encode_key(&KeyEvent::new(Key::Char(char), Modifiers::CTRL), &modes, &mut out);
        assert_eq!(out, [byte], "C-{char}");
        out.clear();
        let both = Modifiers::CTRL | Modifiers::ALT;
        encode_key(&KeyEvent::new(Key::Char(char), both), &modes, &mut out);
        assert_eq!(out, [0x1b, byte], "C-M-{char}");
    }
    check("C-Space C-S-Space C-S-a C-é", "\\x00\\x00\\x01\\xc3\\xa9");
}

#[test]
fn ctrl_works_while_another_script_is_typed() {
    let mut key = KeyEvent::new(Key::Char('ㅊ'), Modifiers::CTRL);
    key.base = Some('c');
    let mut out = Vec::new();
    encode_key(&key, &Modes::default(), &mut out);
    assert_eq!(out, [3]);
}

#[test]
fn keys_with_control_characters() {
    // The protocol's table "C0 controls", for each combination of modifiers.
    let table: &[(&str, [&str; 8])] = &[
        ("Enter", ["\\r", "\\r", "\\x1b\\r", "\\r", "\\r", "\\x1b\\r", "\\x1b\\r", "\\x1b\\r"]),
        (
            "Escape",
            [
                "\\x1b",
                "\\x1b",
                "\\x1b\\x1b",
                "\\x1b",
                "\\x1b",
                "\\x1b\\x1b",
                "\\x1b\\x1b",
                "\\x1b\\x1b",
            ],
        ),
        (
            "Backspace",
            [
                "\\x7f",
                "\\x08",
                "\\x1b\\x7f",
                "\\x7f",
                "\\x08",
                "\\x1b\\x7f",
                "\\x1b\\x08",
                "\\x1b\\x08",
            ],
        ),
        (
            "Tab",
            [
                "\\t",
                "\\t",
                "\\x1b\\t",
                "\\x1b[Z",
                "\\x1b[Z",
                "\\x1b\\x1b[Z",
                "\\x1b\\t",
                "\\x1b\\x1b[Z",
            ],
        ),
        ("Space", [" ", "\\x00", "\\x1b ", " ", "\\x00", "\\x1b ", "\\x1b\\x00", "\\x1b\\x00"]),
    ];
    let modifiers = ["", "C-", "M-", "S-", "C-S-", "M-S-", "C-M-", "C-M-S-"];
    for (key, row) in table {
        for (modifier, expected) in modifiers.iter().zip(row) {
            check(&format!("{modifier}{key}"), expected);
        }
    }
}

#[test]
fn enter_and_backspace_follow_their_modes() {
    let newline = Modes { newline: true, ..Modes::default() };
    check_in(newline, "Enter KPEnter M-Enter", "\\r\\n\\r\\n\\x1b\\r\\n");
    let backarrow = Modes { backarrow_sends_bs: true, ..Modes::default() };
    check_in(backarrow, "BS C-BS M-BS", "\\x08\\x7f\\x1b\\x08");
}

/// Key, in normal mode, in application cursor mode, and with a modifier as `CSI` before and after
/// the modifier's number.
const FUNCTION_KEYS: &[(&str, &str, &str, [&str; 2])] = &[
    ("Up", "[A", "OA", ["[1;", "A"]),
    ("Down", "[B", "OB", ["[1;", "B"]),
    ("Right", "[C", "OC", ["[1;", "C"]),
    ("Left", "[D", "OD", ["[1;", "D"]),
    ("KPBegin", "[E", "OE", ["[1;", "E"]),
    ("End", "[F", "OF", ["[1;", "F"]),
    ("Home", "[H", "OH", ["[1;", "H"]),
    ("Insert", "[2~", "[2~", ["[2;", "~"]),
    ("Delete", "[3~", "[3~", ["[3;", "~"]),
    ("PageUp", "[5~", "[5~", ["[5;", "~"]),
    ("PageDown", "[6~", "[6~", ["[6;", "~"]),
    ("F1", "OP", "OP", ["[1;", "P"]),
    ("F2", "OQ", "OQ", ["[1;", "Q"]),
    ("F3", "OR", "OR", ["[1;", "R"]),
    ("F4", "OS", "OS", ["[1;", "S"]),
    ("F5", "[15~", "[15~", ["[15;", "~"]),
    ("F6", "[17~", "[17~", ["[17;", "~"]),
    ("F7", "[18~", "[18~", ["[18;", "~"]),
    ("F8", "[19~", "[19~", ["[19;", "~"]),
    ("F9", "[20~", "[20~", ["[20;", "~"]),
    ("F10", "[21~", "[21~", ["[21;", "~"]),
    ("F11", "[23~", "[23~", ["[23;", "~"]),
    ("F12", "[24~", "[24~", ["[24;", "~"]),
    ("Menu", "[29~", "[29~", ["[29;", "~"]),
];

#[test]
fn function_keys_with_every_modifier() {
    let application = Modes { application_cursor: true, ..Modes::default() };
    let modifiers = [
        ("S-", 2),
        ("M-", 3),
        ("M-S-", 4),
        ("C-", 5),
        ("C-S-", 6),
        ("C-M-", 7),
        ("C-M-S-", 8),
        ("T-", 9),
        ("T-C-S-", 14),
    ];
    for (key, normal, cursor, [before, after]) in FUNCTION_KEYS {
        check(key, &format!("\\x1b{normal}"));
        check_in(application, key, &format!("\\x1b{cursor}"));
        for (modifier, number) in modifiers {
            let expected = format!("\\x1b{before}{number}{after}");
            check(&format!("{modifier}{key}"), &expected);
            check_in(application, &format!("{modifier}{key}"), &expected);
        }
    }
}

#[test]
fn high_function_keys_are_what_terminfo_promises() {
    // kf13, kf14, kf16, kf17, kf24, kf25, kf29, kf35 of xterm-256color.
    check("F13 F14 F16", "\\x1b[1;2P\\x1b[1;2Q\\x1b[1;2S");
    check("F17 F24", "\\x1b[15;2~\\x1b[24;2~");
    check("F25 F29 F35", "\\x1b[1;5P\\x1b[15;5~\\x1b[23;5~");
    check("C-F13", "\\x1b[1;6P");
    let mut out = Vec::new();
    encode_key(&Key::F(0).into(), &Modes::default(), &mut out);
    encode_key(&Key::F(36).into(), &Modes::default(), &mut out);
    encode_key(&Key::F(255).into(), &Modes::default(), &mut out);
    assert!(out.is_empty());
}

#[test]
fn keypad() {
    let keys = "KP0 KP1 KP2 KP3 KP4 KP5 KP6 KP7 KP8 KP9 KP. KP/ KP* KP- KP+ KPSeparator KPEqual";
    check(keys, "0123456789./*-+,=");
    check("KPEnter KPUp KPHome KPDelete KPPageDown", "\\r\\x1b[A\\x1b[H\\x1b[3~\\x1b[6~");
    let application = Modes { application_keypad: true, ..Modes::default() };
    let expected: String =
        "pqrstuvwxynojmklX".chars().map(|last| format!("\\x1bO{last}")).collect();
    check_in(application, keys, &expected);
    check_in(application, "KPEnter KPUp", "\\x1bOM\\x1b[A");
    check_in(application, "M-KP1 S-KP1", "\\x1b11");
    let mut key = KeyEvent::from(Key::Keypad(KeypadKey::Digit(5)));
    key.modifiers = Modifiers::NUM_LOCK;
    let mut out = Vec::new();
    encode_key(&key, &application, &mut out);
    assert_eq!(out, b"5", "num lock asks for digits");
}

#[test]
fn what_has_no_legacy_form_sends_nothing() {
    check("D-a H-a D-Up D-Enter CapsLock NumLock ScrollLock PrintScreen Pause K57440", "");
    let mut out = Vec::new();
    let release = KeyEvent::char('a').with_kind(KeyKind::Release);
    encode_key(&release, &Modes::default(), &mut out);
    assert!(out.is_empty(), "releases are for those who ask");
    encode_key(&KeyEvent::char('a').with_kind(KeyKind::Repeat), &Modes::default(), &mut out);
    assert_eq!(out, b"a");
}

#[test]
fn told_text_wins() {
    let mut key = KeyEvent::new(Key::Char('a'), Modifiers::ALT);
    key.text = Some("å".into());
    let mut out = Vec::new();
    encode_key(&key, &Modes::default(), &mut out);
    assert_eq!(out, "å".as_bytes(), "Option and a typed another letter");
    let mut shifted = KeyEvent::new(Key::Char('5'), Modifiers::SHIFT);
    shifted.shifted = Some('%');
    out.clear();
    encode_key(&shifted, &Modes::default(), &mut out);
    assert_eq!(out, b"%");
    let mut caps = KeyEvent::new(Key::Char('a'), Modifiers::CAPS_LOCK);
    out.clear();
    encode_key(&caps, &Modes::default(), &mut out);
    caps.modifiers |= Modifiers::SHIFT;
    encode_key(&caps, &Modes::default(), &mut out);
    assert_eq!(out, b"Aa");
}
