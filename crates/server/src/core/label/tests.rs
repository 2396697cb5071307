//! What may be a name, and what is shown of foreign text.

use super::*;

#[track_caller]
fn check(name: &str, expected: Result<(), NameError>) {
    assert_eq!(check_name(NameOf::Tab, name), expected, "{name:?}");
}

#[test]
fn labels_of_people_are_names() {
    for name in
        ["work", "feat/login", "v1.2", "a:b", "서버", "my session", "s", "s3x", "x3", "é", "S3"]
    {
        check(name, Ok(()));
    }
}

#[test]
fn the_form_of_an_id_is_no_name() {
    for name in ["s3", "t7", "p12", "c0", "a99999999999999999999999"] {
        check(name, Err(NameError::Id(name.into())));
    }
}

#[test]
fn a_number_is_a_name_of_a_session_and_not_of_a_tab() {
    check("12", Err(NameError::Number("12".into())));
    assert_eq!(check_name(NameOf::Session, "12"), Ok(()));
}

#[test]
fn a_name_has_an_end_and_a_start_that_show() {
    check("", Err(NameError::Empty));
    check(" a", Err(NameError::Space));
    check("a\u{3000}", Err(NameError::Space));
    check(&"x".repeat(256), Ok(()));
    check(&"서".repeat(86), Err(NameError::TooLong { length: 258, cap: 256 }));
}

#[test]
fn what_does_not_show_is_no_part_of_a_name() {
    check("a\x1b[31m", Err(NameError::Invisible("\\u{1b}".into())));
    check("a\nb", Err(NameError::Invisible("\\n".into())));
    check("a\u{202e}b", Err(NameError::Invisible("\\u{202e}".into())));
}

#[test]
fn plain_text_is_not_copied() {
    assert!(matches!(escape("서버 v1.2 — café"), Cow::Borrowed(_)));
}

#[test]
fn every_control_and_direction_character_is_written_out() {
    assert_eq!(escape("a\nb\r\tc"), "a\\nb\\r\\tc");
    assert_eq!(escape("\x1b]0;x\x07\x7f\u{9b}"), "\\u{1b}]0;x\\u{7}\\u{7f}\\u{9b}");
    let turning = ('\u{202a}'..='\u{202e}')
        .chain('\u{2066}'..='\u{2069}')
        .chain(['\u{200e}', '\u{200f}', '\u{61c}', '\u{2028}', '\u{2029}'])
        .chain('\0'..='\x1f')
        .chain('\x7f'..='\u{9f}');
    for char in turning {
        let shown = escape(&char.to_string()).into_owned();
        assert!(shown.starts_with('\\') && shown.is_ascii(), "{:x}: {shown}", u32::from(char));
    }
}

#[test]
fn joiners_of_emoji_and_scripts_stay() {
    let text = "👩\u{200d}🚀 می\u{200c}خواهم e\u{301}";
    assert_eq!(escape(text), text);
}
