//! The numbers of keys, the normal form, and the text they type.

use super::*;
use crate::input::parse_keys;

fn chord(key: KeyEvent) -> String {
    key.chord().to_string()
}

#[test]
fn numbers_go_both_ways() {
    for code in 57344..=63743u32 {
        let key = Key::from_kitty_code(code).unwrap();
        let main_block = (57344..=57347).contains(&code);
        assert_eq!(key.kitty_code() == code, !main_block, "{key:?}");
        assert_eq!(Key::from_kitty_code(key.kitty_code()), Some(key));
    }
    for code in [9, 13, 27, 127, 32, 97, 0xac00, 0x10_ffff] {
        assert_eq!(Key::from_kitty_code(code).unwrap().kitty_code(), code);
    }
    for code in [0, 1, 7, 0x80, 0x9f, 0xd800, 0x11_0000, u32::MAX] {
        assert_eq!(Key::from_kitty_code(code), None);
    }
    assert_eq!(Key::F(1).kitty_code(), 57364);
    assert_eq!(Key::F(35).kitty_code(), 57398);
    assert_eq!(Key::Keypad(KeypadKey::Begin).kitty_code(), 57427);
}

#[test]
fn shift_is_folded_into_the_character() {
    let parse = |key: &str| parse_keys(key).unwrap().remove(0);
    assert_eq!(chord(parse("A")), "A");
    assert_eq!(chord(parse("S-a")), "A");
    assert_eq!(chord(parse("S-A")), "A");
    assert_eq!(chord(parse("C-S-a")), "C-A");
    assert_eq!(chord(parse("S-Up")), "S-Up");
    assert_eq!(chord(parse("S-Space")), "S-Space");
    assert_eq!(chord(parse("KP5")), "5");
    assert_eq!(chord(parse("C-KPUp")), "C-Up");
    let mut percent = parse("S-5");
    percent.shifted = Some('%');
    assert_eq!(chord(percent), "%");
    let mut told = parse("S-5");
    told.text = Some("%".into());
    assert_eq!(chord(told), "%");
    let mut by_character = parse("C-S-%");
    by_character.shifted = Some('%');
    assert_eq!(chord(by_character), "C-%");
}

#[test]
fn locks_and_kind_make_no_other_binding() {
    let locked = KeyEvent::new(Key::Char('b'), Modifiers::CTRL | Modifiers::LOCKS);
    assert_eq!(chord(locked.with_kind(KeyKind::Repeat)), "C-b");
    assert_eq!(chord(KeyEvent::new(Key::Char('a'), Modifiers::CAPS_LOCK)), "A");
    let shift_caps = Modifiers::CAPS_LOCK | Modifiers::SHIFT;
    assert_eq!(chord(KeyEvent::new(Key::Char('a'), shift_caps)), "a");
    assert_eq!(chord(KeyEvent::new(Key::Char('5'), Modifiers::CAPS_LOCK)), "5");
}

#[test]
fn only_what_types_is_text() {
    let typed = |key: &str| parse_keys(key).unwrap().remove(0).typed();
    assert_eq!(typed("a"), "a");
    assert_eq!(typed("S-a"), "A");
    assert_eq!(typed("KP5"), "5");
    for key in ["C-a", "M-a", "D-a", "Enter", "Up", "KPEnter", "C-KP5", "U+0007"] {
        assert_eq!(typed(key), "", "{key}");
    }
}

#[test]
fn a_key_of_another_script_has_its_place_in_the_standard_layout() {
    let mut key = KeyEvent::new(Key::Char('ㅠ'), Modifiers::CTRL | Modifiers::NUM_LOCK);
    assert_eq!(key.in_base_layout(), None);
    key.base = Some('b');
    assert_eq!(key.in_base_layout(), Some(KeyEvent::new(Key::Char('b'), Modifiers::CTRL)));
    // Dvorak's letters are where their writer wants them.
    let mut dvorak = KeyEvent::char('x');
    dvorak.base = Some('b');
    assert_eq!(dvorak.in_base_layout(), None);
}
