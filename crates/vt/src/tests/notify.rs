//! Notifications and progress, in one piece and in several.

use super::fed;
use crate::{Limits, Notice, Progress, Screen};

/// Titles and bodies of the notifications.
fn told(bytes: &str) -> Vec<(String, String)> {
    told_by(&mut fed(20, 4, bytes))
}

fn told_by(screen: &mut Screen) -> Vec<(String, String)> {
    let notices = screen.take_notices().into_iter();
    notices
        .filter_map(|notice| match notice {
            Notice::Notification { title, body, .. } => Some((title, body)),
            _ => None,
        })
        .collect()
}

fn one(title: &str, body: &str) -> Vec<(String, String)> {
    vec![(title.to_owned(), body.to_owned())]
}

#[test]
fn in_one_piece() {
    assert_eq!(told("\x1b]9;built; twice\x07"), one("", "built; twice"));
    assert_eq!(told("\x1b]777;notify;build;done;1\x07"), one("build", "done;1"));
    assert_eq!(told("\x1b]777;precmd\x07"), []);
    assert_eq!(told("\x1b]99;;done\x1b\\"), one("done", ""));
    assert_eq!(told("\x1b]99;i=1:p=body;done\x1b\\"), one("", "done"));
    assert_eq!(told("\x1b]99;e=1;7ZWc6riA\x1b\\"), one("한글", ""));
    // Other commands of ConEmu, questions, closings, nothing at all.
    for other in ["9;1;500", "99;i=1:p=?;", "99;i=1:p=close;", "99;;", "99;p=icon;x"] {
        assert_eq!(told(&format!("\x1b]{other}\x1b\\")), [], "{other}");
    }
}

#[test]
fn in_pieces() {
    assert_eq!(
        told(
            "\x1b]99;i=1:d=0;Build\x1b\\\x1b]99;i=1:d=0; done\x1b\\\x1b]99;i=1:p=body;It is\x1b\\"
        ),
        one("Build done", "It is")
    );
    // A character may be cut, in base64; the last piece may be an icon.
    assert_eq!(
        told(
            "\x1b]99;i=a:d=0:e=1;7Q==\x1b\\\x1b]99;i=a:d=0:e=1;lZw=\x1b\\\x1b]99;i=a:p=icon;x\x1b\\"
        ),
        one("한", "")
    );
    // Two at once.
    assert_eq!(
        told(
            "\x1b]99;i=a:d=0;A\x1b\\\x1b]99;i=b:d=0;B\x1b\\\x1b]99;i=a:p=body;1\x1b\\\
             \x1b]99;i=b:p=body;2\x1b\\"
        ),
        [("A".into(), "1".into()), ("B".into(), "2".into())]
    );
    assert_eq!(told("\x1b]99;i=a:d=0;A\x1b\\"), []);
    assert_eq!(told("\x1b]99;i=a:d=0;A\x1b\\\x1bc\x1b]99;i=a;B\x1b\\"), one("B", ""));
}

#[test]
fn pieces_are_bounded_and_survive_a_checkpoint() {
    let mut bytes = String::new();
    for id in 0..1000 {
        let piece = "x".repeat(9000);
        bytes += &format!("\x1b]99;i={id}{piece}:d=0;{piece}\x1b\\");
        bytes += &format!("\x1b]99;i={id}{piece}:d=0:p=body;{piece}\x1b\\");
    }
    bytes += "\x1b]99;i=a:d=0;kept\x1b\\";
    let screen = fed(20, 4, bytes);
    assert!(screen.engine.drafts.len() <= crate::engine::DRAFTS);
    assert!(screen.checkpoint().len() < 64 << 10);
    let mut restored = Screen::restore(&screen.checkpoint(), Limits::default()).unwrap();
    restored.advance(b"\x1b]99;i=a:p=body;too\x1b\\");
    assert_eq!(told_by(&mut restored), one("kept", "too"));
}

#[test]
fn progress() {
    let progress = |bytes: &str| fed(20, 4, bytes).progress();
    for (state, expected) in [
        ("1;40", Progress::Running(40)),
        ("1;400", Progress::Running(0)),
        ("1;200", Progress::Running(100)),
        ("2;7", Progress::Failed(7)),
        ("3", Progress::Indeterminate),
        ("4;9", Progress::Paused(9)),
        ("1;5\x07\x1b]9;4;0", Progress::None),
        ("9;5", Progress::None),
    ] {
        assert_eq!(progress(&format!("\x1b]9;4;{state}\x07")), expected, "{state}");
    }
    let notices = fed(20, 4, "\x1b]9;4;1;5\x07\x1b]9;4;1;5\x07").take_notices();
    assert_eq!(notices.len(), 1, "told when it changes");
}
