//! Reading and writing keys, and that each reads what the other wrote.

use proptest::prelude::*;

use super::*;

fn check(written: &str, expected: &str) {
    assert_eq!(display_keys(&parse_keys(written).unwrap()), expected, "{written}");
}

#[test]
fn words() {
    check("C-c Up <ret>", "C-c Up Enter");
    check("M-x S-F5 C-M-S-a", "M-x S-F5 C-M-S-a");
    check("A-x Alt-x Meta+x Ctrl+b control-B shift-Tab Super+p", "M-x M-x M-x C-b C-B S-Tab D-p");
    check("^C ^[ ^", "C-c C-[ ^");
    check("C-- - C-+ + C-< < > M->", "C-- - C-+ + C-< < > M->");
    check("esc ESC Escape ret CR bs BSpace del DC ins pgup PPage", {
        "Escape Escape Escape Enter Enter Backspace Backspace Delete Delete Insert PageUp PageUp"
    });
    check("BTab C-BTab", "S-Tab C-S-Tab");
    check("KP5 KP- C-KP- KPEnter", "KP5 KPSubtract C-KPSubtract KPEnter");
    check("U+00a0 U+41 K57440 F1 f35", "U+00A0 A K57440 F1 F35");
    check("", "");
    check("  a\tb\n", "a b");
}

#[test]
fn text_with_keys_in_brackets() {
    check("<C-b>%ls<ret>", "C-b % l s Enter");
    check("<C-b>c", "C-b c");
    check("ls<space>-l<Enter>", "l s Space - l Enter");
    check("a<lt>b>c", "a < b > c");
    check("한글<C-lt>", "한 글 C-<");
    check("<C-b> x <S-Up><M-x>", "C-b x S-Up M-x");
    check("<->^C", "- ^ C");
    check("<>><C->><->><M-<>", "> C-> - > M-<");
}

#[test]
fn errors_name_the_word_and_the_nearest_name() {
    let error = |keys: &str| parse_keys(keys).unwrap_err().to_string();
    assert_eq!(error("C-c Entr"), "unknown key `Entr`, the nearest is `Enter`");
    assert_eq!(error("<C-b><Esacpe>"), "unknown key `Esacpe`, the nearest is `Escape`");
    assert_eq!(error("C-Spce"), "unknown key `C-Spce`, the nearest is `Space`");
    assert_eq!(error("c-a"), "unknown modifier in `c-a`, the nearest is `C-`");
    assert_eq!(error("Cntrl+a"), "unknown modifier in `Cntrl+a`, the nearest is `Ctrl`");
    assert_eq!(
        error("ls"),
        "unknown key `ls`, text is written with a key in brackets, as in `ls<Enter>`"
    );
    assert_eq!(error("a<b"), "`<` is not closed in `a<b` (the key itself is `<lt>`)");
    assert!(error("F36").starts_with("unknown key `F36`"));
    assert!(error("F0").starts_with("unknown key `F0`"));
    assert!(error("F01").starts_with("unknown key `F01`"));
    assert!(error("<>").starts_with("unknown key ``"));
    assert!(error("C-").starts_with("unknown key `C-`"));
    assert!(error("U+D800").starts_with("unknown"));
    assert!(error("U+110000").starts_with("unknown"));
    assert!(error(&"x".repeat(1000)).len() < 200);
}

/// All keys that can be written.
fn any_key() -> impl Strategy<Value = Key> {
    let keypad: Vec<_> = KeypadKey::all().map(Key::Keypad).collect();
    let named = vec![
        Key::Enter,
        Key::Tab,
        Key::Backspace,
        Key::Escape,
        Key::Up,
        Key::Down,
        Key::Left,
        Key::Right,
        Key::Home,
        Key::End,
        Key::PageUp,
        Key::PageDown,
        Key::Insert,
        Key::Delete,
        Key::Menu,
        Key::CapsLock,
        Key::ScrollLock,
        Key::NumLock,
        Key::PrintScreen,
        Key::Pause,
    ];
    prop_oneof![
        any::<char>().prop_map(Key::Char),
        proptest::char::range(' ', '~').prop_map(Key::Char),
        proptest::sample::select(keypad),
        proptest::sample::select(named),
        (1u8..=35).prop_map(Key::F),
        (57428u16..=63743).prop_map(Key::Private),
    ]
}

proptest! {
    #[test]
    fn what_is_written_reads_back(
        keys in proptest::collection::vec((any_key(), 0u8..64), 0..6),
    ) {
        let keys: Vec<_> = keys
            .into_iter()
            .map(|(key, bits)| KeyEvent::new(key, Modifiers::from_bits_truncate(bits)))
            .collect();
        prop_assert_eq!(parse_keys(&display_keys(&keys)), Ok(keys));
    }

    #[test]
    fn any_text_reads_or_fails(text in ".*") {
        if let Ok(keys) = parse_keys(&text) {
            prop_assert_eq!(parse_keys(&display_keys(&keys)), Ok(keys));
        }
    }

    #[test]
    fn texts_of_keys_read_or_fail(text in "[-<>+^A-Za-z0-9 ]{0,12}") {
        if let Ok(keys) = parse_keys(&text) {
            prop_assert_eq!(parse_keys(&display_keys(&keys)), Ok(keys));
        }
    }
}
