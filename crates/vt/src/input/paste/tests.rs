//! Pastes: what is stripped, what the line ends become, and that pieces make the same whole.

use super::*;

fn pasted(text: &str, bracketed_paste: bool) -> String {
    let mut out = Vec::new();
    encode_paste(text, &Modes { bracketed_paste, ..Modes::default() }, &mut out);
    String::from_utf8(out).unwrap()
}

#[test]
fn line_ends_are_what_enter_sends() {
    assert_eq!(pasted("a\nb\r\nc\rd\r\n\n", false), "a\rb\rc\rd\r\r");
    assert_eq!(pasted("a\tb 한 👩‍👩‍👧", false), "a\tb 한 👩‍👩‍👧");
}

#[test]
fn brackets_only_when_asked() {
    assert_eq!(pasted("ls\n", true), "\x1b[200~ls\r\x1b[201~");
    assert_eq!(pasted("", true), "\x1b[200~\x1b[201~");
    assert_eq!(pasted("", false), "");
}

#[test]
fn nothing_leaves_the_brackets() {
    let attacks = [
        "x\x1b[201~rm\n",
        "x\u{9b}201~rm\n",
        "\x1b\x1b[201~[201~",
        "\u{1b}\u{9b}\u{1b}[201~",
        "\x1b[200~\x1b[201~",
    ];
    for attack in attacks {
        for bracketed in [true, false] {
            let pasted = pasted(attack, bracketed);
            let inner = pasted
                .strip_prefix("\x1b[200~")
                .and_then(|rest| rest.strip_suffix("\x1b[201~"))
                .unwrap_or(&pasted);
            assert!(
                !inner
                    .contains(|char: char| char == '\x1b' || ('\u{80}'..='\u{9f}').contains(&char))
            );
            assert_eq!(inner.contains("201~"), attack.contains("201~"), "text stays");
        }
    }
}

#[test]
fn no_control_reaches_the_line_discipline() {
    let all: String = (0u8..0xa0).map(char::from).collect();
    let expected: String = (0u8..0xa0).map(char::from).filter(|char| !char.is_control()).collect();
    // TAB, LF and CR are the three that stay.
    assert_eq!(pasted(&all, false), format!("\t\r\r{expected}"));
}

#[test]
fn pieces_make_the_same_whole() {
    let text = "a\r\n\r\nb\x1b[201~\n한\r";
    let modes = Modes { bracketed_paste: true, ..Modes::default() };
    for cut in (0..=text.len()).filter(|cut| text.is_char_boundary(*cut)) {
        let mut out = Vec::new();
        let mut paste = PasteEncoder::start(&modes, &mut out);
        paste.push(&text[..cut], &mut out);
        paste.push("", &mut out);
        paste.push(&text[cut..], &mut out);
        paste.finish(&mut out);
        assert_eq!(String::from_utf8(out).unwrap(), pasted(text, true), "cut at {cut}");
    }
}
