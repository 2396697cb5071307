//! Colours that programs ask for, set and reset.

use super::{fed, replies};
use crate::{Colors, Facts, Limits, Screen};

#[test]
fn what_was_set_is_answered() {
    replies(
        "\x1b]11;#123456\x07\x1b]11;?\x07\x1b]10;?\x07",
        "\x1b]11;rgb:1212/3434/5656\x07\x1b]10;rgb:d0d0/d0d0/d0d0\x07",
    );
    replies(
        "\x1b]4;1;rgb:00/11/22;300;#fff;x;#fff;2;rgb:33/44/55\x07\x1b]4;1;?;2;?;3;?\x1b\\",
        "\x1b]4;1;rgb:0000/1111/2222\x1b\\\x1b]4;2;rgb:3333/4444/5555\x1b\\\
         \x1b]4;3;rgb:cdcd/cdcd/0000\x1b\\",
    );
    // Each further part is about the next one; what is no colour is stepped over.
    replies(
        "\x1b]10;#111111;red;#333333;#444444\x07\x1b]10;?;?;?;?\x07",
        "\x1b]10;rgb:1111/1111/1111\x07\x1b]11;rgb:0000/0000/0000\x07\
         \x1b]12;rgb:3333/3333/3333\x07",
    );
}

#[test]
fn resets_go_back_to_the_outer_terminal() {
    let set = "\x1b]4;1;#111111;2;#222222\x07\x1b]10;#333333;#444444;#555555\x07";
    let left = |reset: &str| fed(10, 2, format!("{set}{reset}")).engine.colors;
    assert_eq!(left("").palette.len(), 2);
    assert_eq!(left("\x1b]104;2\x07").palette.into_keys().collect::<Vec<_>>(), [1]);
    assert_eq!(left("\x1b]104;1;2;7;x\x07").palette.len(), 0);
    assert_eq!(left("\x1b]104\x07").palette.len(), 0);
    assert_eq!(left("\x1b]110\x07").foreground, None);
    assert_eq!(left("\x1b]111\x07").background, None);
    assert_eq!(left("\x1b]112\x07").cursor, None);
    assert_eq!(left("\x1b]112\x07").background, Some((0x44, 0x44, 0x44)));
    assert_eq!(left("\x1bc"), Colors::default());
    assert!(left("\x1b]104\x07\x1b]110\x07\x1b]111\x07\x1b]112\x07").is_empty());
}

#[test]
fn they_are_the_panes_own() {
    let mut screen = fed(10, 2, "\x1b]11;#ffffff\x07");
    let seq = screen.seq();
    screen.advance(b"\x1b]11;#ffffff\x07\x1b]104\x07\x1b]110\x07");
    assert_eq!(screen.seq(), seq, "nothing changed");
    screen.advance(b"\x1b]4;255;#102030\x07");
    assert!(screen.seq() > seq);
    // Neither another client nor a restart changes them.
    let mut screen = Screen::restore(&screen.checkpoint(), Limits::default()).unwrap();
    screen.set_facts(Facts { background: (1, 2, 3), ..Facts::default() });
    assert_eq!(screen.colors().background, Some((255, 255, 255)));
    screen.advance(b"\x1b]11;?\x07\x1b]4;255;?\x07");
    assert_eq!(
        String::from_utf8(screen.take_replies()).unwrap(),
        "\x1b]11;rgb:ffff/ffff/ffff\x07\x1b]4;255;rgb:1010/2020/3030\x07"
    );
}
