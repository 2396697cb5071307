//! A screen whose text is forgotten: no word is left, and everything that a program set up is.

use super::fed;
use crate::{Limits, LineNumber, Screen};

/// All that may hold text, on both screens, with a title and a sequence half read.
const WORDS: &str = "\x1b]0;title-word\x07\x1b[22t\x1b]7;file:///cwd-word\x07\x1b]8;id=a;http://link-word/\x07\
    seen-word\r\n\x1b]8;;\x07one\r\ntwo\r\nthree\r\nfour-scrolled\r\n\x1b7\x1b[?1049h\x1b[?2004h\x1b[?1000h\
    \x1b[2;3r\x1b[1;31m\x1b[3;4Hother-word\x1b]99;i=x:d=0;draft-word\x1b\\\x1b]0;half-word";

#[test]
fn no_word_is_left_and_what_was_set_up_is() {
    let mut screen = fed(20, 4, WORDS);
    screen.take_notices();
    let (modes, cursor, next) = (screen.modes(), screen.cursor(), screen.scrollback().end());
    assert!(next > LineNumber(0) && modes.alternate_screen && modes.bracketed_paste);
    let holds = |screen: &Screen, word: &str| {
        let bytes = screen.checkpoint();
        bytes.windows(word.len()).any(|window| window == word.as_bytes())
    };
    let words = [
        "title-word",
        "cwd-word",
        "link-word",
        "seen-word",
        "other-word",
        "draft-word",
        "half-word",
    ];
    for word in &words[..] {
        // Cells are packed, so that of those on a screen only letters can be looked for.
        assert!(
            holds(&screen, word) || screen.text().contains(word) || word.ends_with("seen-word"),
            "{word}"
        );
    }
    screen.forget_text();
    let again = Screen::restore(&screen.checkpoint(), Limits::default()).unwrap();
    for screen in [&screen, &again] {
        assert!(words.iter().all(|word| !holds(screen, word)));
        assert_eq!(screen.text(), "");
        assert!(screen.hidden_rows().all(|row| row.text().is_empty()));
        assert_eq!((screen.title(), screen.cwd()), ("", None));
        assert_eq!((screen.modes(), screen.cursor()), (modes, cursor));
        assert_eq!((screen.scrollback().end(), screen.scrollback().len()), (next, 0));
    }
    // It goes on where it was: the string that was half read ends, and the pen is as it was.
    for mut screen in [screen, again] {
        screen.advance(b"\x07x\x1b[?1049l");
        assert_eq!(screen.title(), "");
        assert!(!screen.modes().alternate_screen);
        screen.advance(b"back");
        assert_eq!(screen.text().trim(), "back");
    }
}
