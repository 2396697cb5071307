//! What a screen says: replies to queries, notices, titles, modes.

use super::{fed, replies};
use crate::{
    CursorShape, Facts, KittyFlags, LineNumber, Mark, MarkKind, MouseEncoding, MouseProtocol,
    Notice, Progress,
};

#[test]
fn queries_about_the_terminal() {
    replies("\x1b[c", "\x1b[?64;4;6;21;22;28;52c");
    replies("\x1b[>c", "\x1b[>41;100;0c");
    replies("\x1b[=c", "\x1bP!|63636300\x1b\\");
    replies("\x1b[>q", "\x1bP>|ccc(0.1.0)\x1b\\");
    replies("\x1b[5n", "\x1b[0n");
    replies("\x1b[3;7H\x1b[6n", "\x1b[3;7R");
    replies("\x1b[3;7H\x1b[?6n", "\x1b[?3;7;1R");
    replies("\x1b[5;9r\x1b[?6h\x1b[2;3H\x1b[6n", "\x1b[2;3R");
    replies("\x1b[?69h\x1b[5;9s\x1b[?6h\x1b[2;3H\x1b[6n\x1b[?6n", "\x1b[2;3R\x1b[?2;3;1R");
    replies("\x1b[14t\x1b[16t\x1b[18t", "\x1b[4;480;800t\x1b[6;20;10t\x1b[8;24;80t");
    replies("\x1b[?996n", "\x1b[?997;1n");
}

#[test]
fn queries_about_modes_and_settings() {
    replies("\x1b[?2026$p\x1b[?2026h\x1b[?2026$p", "\x1b[?2026;2$y\x1b[?2026;1$y");
    replies("\x1b[?2027$p\x1b[?9999$p\x1b[4$p", "\x1b[?2027;3$y\x1b[?9999;0$y\x1b[4;2$y");
    replies("\x1b[1;4:3;38;2;1;2;3;41m\x1bP$qm\x1b\\", "\x1bP1$r0;1;4:3;38:2::1:2:3;41m\x1b\\");
    replies("\x1b[4 q\x1bP$q q\x1b\\", "\x1bP1$r4 q\x1b\\");
    replies("\x1b[3;9r\x1bP$qr\x1b\\", "\x1bP1$r3;9r\x1b\\");
    replies("\x1b[?69h\x1b[3;9s\x1bP$qs\x1b\\", "\x1bP1$r3;9s\x1b\\");
    replies("\x1b[2*x\x1bP$q*x\x1b\\", "\x1bP1$r2*x\x1b\\");
    replies("\x1bP$qwhat\x1b\\", "\x1bP0$r\x1b\\");
}

#[test]
fn capabilities() {
    // "RGB" and a name that nobody has, which is not repeated.
    replies("\x1bP+q524742;6e6f6e65\x1b\\", "\x1bP1+r524742=382F382F38\x1b\\\x1bP0+r\x1b\\");
    replies("\x1bP+q5375\x1b\\", "\x1bP1+r5375\x1b\\");
}

#[test]
fn colours_come_from_facts() {
    replies("\x1b]11;?\x07", "\x1b]11;rgb:0000/0000/0000\x07");
    replies(
        "\x1b]4;1;?;255;?\x1b\\",
        "\x1b]4;1;rgb:cdcd/0000/0000\x1b\\\x1b]4;255;rgb:eeee/eeee/eeee\x1b\\",
    );
    replies("\x1b]10;?;?\x07", "\x1b]10;rgb:d0d0/d0d0/d0d0\x07\x1b]11;rgb:0000/0000/0000\x07");
    let mut screen = fed(80, 24, "\x1b[?2031h");
    screen.set_facts(Facts { background: (255, 255, 255), ..Facts::default() });
    assert_eq!(screen.take_replies(), b"\x1b[?997;2n");
}

#[test]
fn replies_are_bounded() {
    let mut screen = fed(80, 24, "\x1b[c".repeat(100_000));
    assert!(screen.take_replies().len() <= crate::Limits::default().reply_bytes);
}

#[test]
fn keyboard_protocols() {
    replies("\x1b[>5u\x1b[?u\x1b[=2;2u\x1b[?u\x1b[<u\x1b[?u", "\x1b[?5u\x1b[?7u\x1b[?0u");
    // Each screen has its own stack.
    replies(
        "\x1b[>1u\x1b[?1049h\x1b[?u\x1b[>8u\x1b[?u\x1b[?1049l\x1b[?u",
        "\x1b[?0u\x1b[?8u\x1b[?1u",
    );
    replies("\x1b[>4;2m\x1b[?4m\x1b[>4m\x1b[?4m", "\x1b[>4;2m\x1b[>4;0m");
    let screen = fed(80, 24, "\x1b[>31u");
    assert_eq!(screen.modes().kitty, KittyFlags::all());
}

#[test]
fn modes_for_input() {
    let modes = fed(80, 24, "\x1b[?1h\x1b[?2004h\x1b[?1003;1006h\x1b[?1004h\x1b=").modes();
    assert!(
        modes.application_cursor
            && modes.bracketed_paste
            && modes.focus_events
            && modes.application_keypad
    );
    assert_eq!((modes.mouse, modes.mouse_encoding), (MouseProtocol::Any, MouseEncoding::Sgr));
    let reset = fed(80, 24, "\x1b[?1003;1006h\x1b[?1003;1006l").modes();
    assert_eq!((reset.mouse, reset.mouse_encoding), (MouseProtocol::None, MouseEncoding::Legacy));
    let saved = fed(80, 24, "\x1b[?1h\x1b[?1s\x1b[?1l\x1b[?1r").modes();
    assert!(saved.application_cursor);
}

#[test]
fn cursor_shapes() {
    let cursor = |bytes: &str| {
        let cursor = fed(80, 24, bytes).cursor();
        (cursor.shape, cursor.blink, cursor.visible)
    };
    assert_eq!(cursor(""), (CursorShape::Default, true, true));
    assert_eq!(cursor("\x1b[6 q"), (CursorShape::Bar, false, true));
    assert_eq!(cursor("\x1b[3 q\x1b[?25l"), (CursorShape::Underline, true, false));
}

#[test]
fn titles_and_their_stack() {
    let mut screen = fed(80, 24, "\x1b]0;one;two\x07\x1b[22;0t\x1b]2;three\x1b\\");
    assert_eq!((screen.title(), screen.icon_name()), ("three", "one;two"));
    screen.advance(b"\x1b[23;0t");
    assert_eq!(screen.title(), "one;two");
    let titles =
        screen.take_notices().into_iter().filter(|notice| matches!(notice, Notice::Title { .. }));
    assert_eq!(titles.count(), 3);
    // Only the title, only the icon name.
    for (what, expected) in [(0, ("a", "a")), (1, ("b", "a")), (2, ("a", "b"))] {
        let sequence = format!("\x1b]0;a\x07\x1b[22t\x1b]0;b\x07\x1b[23;{what}t\x1b[23t");
        let screen = fed(80, 24, sequence);
        assert_eq!((screen.title(), screen.icon_name()), expected, "{what}");
    }
    let hostile = fed(80, 24, format!("\x1b]2;a\u{202e}\u{85}\nb{}\x07", "x".repeat(9000)));
    assert!(hostile.title().len() <= 4096 && !hostile.title().contains(char::is_control));
}

#[test]
fn marks_know_their_line_and_offset() {
    let mut screen = fed(
        10,
        2,
        "\x1b]133;A\x07$ \x1b]133;B\x07ls\r\n\x1b]133;C\x07a\r\nb\r\n\x1b]133;D;1\x1b\\",
    );
    let marks: Vec<Mark> = screen
        .take_notices()
        .into_iter()
        .filter_map(|notice| if let Notice::Mark(mark) = notice { Some(mark) } else { None })
        .collect();
    let mark = |kind, begin, offset, line| {
        let line = LineNumber(line);
        Mark { kind, begin, offset, line, column: 0 }
    };
    assert_eq!(
        marks,
        [
            mark(MarkKind::PromptStart, 0, 7, 0),
            Mark { column: 2, ..mark(MarkKind::CommandStart, 10, 17, 0) },
            mark(MarkKind::OutputStart, 22, 29, 1),
            mark(MarkKind::CommandEnd { exit: Some(1) }, 36, 46, 3),
        ]
    );
    let column = |bytes: &str| {
        let notices = fed(10, 2, bytes).take_notices();
        match notices.as_slice() {
            [Notice::Mark(mark)] => (mark.line.0, mark.column),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(column("no end\x1b]133;D\x07"), (0, 6));
    assert_eq!(column("twelve chars\x1b]133;D\x07"), (0, 12));
    // Its beginning has scrolled off.
    assert_eq!(column("one\r\nthirty characters of one line!\x1b]133;D\x07"), (1, 30));
    let mut further = fed(10, 2, "\x1b]133;A;k=s\x07");
    assert_eq!(further.take_notices(), []);
}

#[test]
fn a_command_is_told_before_its_output() {
    let told = |bytes: &str| match fed(10, 2, bytes).take_notices().into_iter().next() {
        Some(Notice::CommandText { text, .. }) => Some(text),
        _ => None,
    };
    let text = |text: &str| Some(text.to_owned());
    assert_eq!(told("\x1b]133;C;cmdline_url=a%3Bb%20c\x07"), text("a;b c"));
    assert_eq!(told("\x1b]133;C;aid=1;cmdline_url=echo 서울%0Als\x1b\\"), text("echo 서울\nls"));
    assert_eq!(told("\x1b]133;C;cmdline_url=100%;x%zz\x07"), text("100%"));
    assert_eq!(told("\x1b]133;C;cmdline_url=%1b[2J%00\x07"), text("[2J"));
    assert_eq!(told("\x1b]633;E;a\\x3bb;nonce\x07"), text("a;b"));
    assert_eq!(told("\x1b]133;C\x07"), None);
    let long = told(&format!("\x1b]133;C;cmdline_url={}\x07", "가".repeat(5000)));
    assert_eq!(long.map(|text| text.len()), Some(4095));
    let both = fed(10, 2, "\x1b]133;C;cmdline_url=ls\x07").take_notices();
    assert!(matches!(both.as_slice(), [Notice::CommandText { .. }, Notice::Mark(_)]), "{both:?}");
}

#[test]
fn notices() {
    let one = |bytes: &str| fed(10, 2, bytes).take_notices();
    assert_eq!(one("a\x07\x07\x07"), [Notice::Bell { offset: 1 }]);
    assert_eq!(
        one("\x1b]52;c;aGVsbG8=\x07"),
        [Notice::Clipboard { selection: "c".into(), data: b"hello".into(), offset: 15 }]
    );
    assert_eq!(one("\x1b]52;c;?\x07"), []);
    assert_eq!(one("\x1b]52;c;*\x07"), []);
    assert_eq!(
        one("\x1b]9;done\x07"),
        [Notice::Notification { title: String::new(), body: "done".into(), offset: 8 }]
    );
    assert_eq!(
        one("\x1b]777;notify;t;b;c\x07"),
        [Notice::Notification { title: "t".into(), body: "b;c".into(), offset: 18 }]
    );
    assert_eq!(
        one("\x1b]99;i=1:p=body;hi\x1b\\"),
        [Notice::Notification { title: String::new(), body: "hi".into(), offset: 19 }]
    );
    assert_eq!(
        one("\x1b]9;4;1;30\x07"),
        [Notice::Progress { progress: Progress::Running(30), offset: 10 }]
    );
    assert_eq!(
        one("\x1b]7;file://host/tmp\x07"),
        [Notice::Cwd { cwd: "file://host/tmp".into(), offset: 19 }]
    );
    assert_eq!(
        one("\x1b]633;E;ls\\x3b \\\\a;nonce\x07"),
        [Notice::CommandText { text: "ls; \\a".into(), offset: 24 }]
    );
    assert_eq!(one("\x1b[3J"), [Notice::Fold { line: LineNumber(0), offset: 3 }]);
}

#[test]
fn a_fold_deletes_nothing() {
    let mut screen = fed(10, 2, "a\r\nb\r\nc\r\nd");
    let before = (screen.text(), screen.scrollback().len());
    assert_eq!(before.1, 2);
    screen.advance(b"\x1b[3J\x1b[3J");
    assert_eq!((screen.text(), screen.scrollback().len()), before);
    assert_eq!(screen.take_notices().len(), 2);
}

#[test]
fn notices_are_bounded() {
    let mut screen = fed(10, 2, "\x1b]133;A\x07".repeat(10_000));
    assert_eq!(screen.take_notices().len(), crate::NOTICES);
    assert_eq!(screen.notices_dropped(), 10_000 - crate::NOTICES as u64);
}
