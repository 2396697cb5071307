//! What is concluded from what terminals say.

use std::time::{Duration, Instant};

use super::*;
use crate::stdin::{ModeState, StdinEvent, StdinParser};

fn plain(name: &str) -> Option<String> {
    (name == "TERM").then(|| "xterm-256color".into())
}

/// Feeds what a terminal answers, and gives how often the server is to be told.
fn hear(outer: &mut Outer, bytes: &[u8]) -> usize {
    let mut parser = StdinParser::default();
    let mut events = Vec::new();
    parser.feed(bytes, Instant::now(), &mut events);
    let replies = events.into_iter().map(|event| match event {
        StdinEvent::Reply(reply) => reply,
        other => panic!("{other:?} is no answer"),
    });
    replies.filter(|reply| outer.on_reply(reply)).count()
}

#[test]
fn a_terminal_that_is_silent_gets_what_all_understand() {
    let mut outer = Outer::new(plain);
    let now = Instant::now();
    assert!(!outer.questions(now).is_empty());
    let Abilities { depth, underlines, progress, kitty_keys, other_keys, .. } = outer.abilities();
    assert_eq!(depth, ColorDepth::Indexed256);
    assert!(!(underlines || progress || kitty_keys || other_keys));
    assert!(!outer.expire(now));
    // Nothing is known of it, so there is nothing to tell.
    assert!(!outer.expire(now + DEADLINE));
    assert_eq!(outer.deadline(), None);
}

#[test]
fn how_images_are_shown_is_known_when_the_last_answer_has_come() {
    let graphics = |answers: &[u8]| {
        let mut outer = Outer::new(plain);
        outer.questions(Instant::now());
        assert_eq!(outer.abilities().graphics, Graphics::Unknown);
        hear(&mut outer, answers);
        outer.abilities().graphics
    };
    assert_eq!(graphics(b"\x1b_Gi=31;OK\x1b\\\x1b[6;18;9t\x1b[?62;4c"), Graphics::Kitty);
    assert_eq!(graphics(b"\x1b_Gi=31;EINVAL:no\x1b\\\x1b[?62c"), Graphics::Boxes);
    assert_eq!(graphics(b"\x1b[6;18;9t\x1b[?62;4c"), Graphics::Sixel { cell: (9, 18) });
    // The font has changed.
    let larger = graphics(b"\x1b[6;18;9t\x1b[?62;4c\x1b[6;36;18t");
    assert_eq!(larger, Graphics::Sixel { cell: (18, 36) });
    // Without the size of a cell nobody knows how large they would be.
    assert_eq!(graphics(b"\x1b[?62;4c"), Graphics::Boxes);
    // One that says nothing shows boxes in the end.
    let mut silent = Outer::new(plain);
    let now = Instant::now();
    silent.questions(now);
    silent.expire(now + DEADLINE);
    assert_eq!(silent.abilities().graphics, Graphics::Boxes);
}

#[test]
fn the_console_is_asked_nothing() {
    let mut outer = Outer::new(|name| (name == "TERM").then(|| "linux".into()));
    assert!(outer.questions(Instant::now()).is_empty());
    assert_eq!(outer.deadline(), None);
}

#[test]
fn answers_are_told_together_when_the_last_has_come() {
    let mut outer = Outer::new(plain);
    outer.questions(Instant::now());
    let colors = b"\x1b]10;rgb:d0d0/d0d0/d0d0\x1b\\\x1b]11;rgb:1010/2020/3030\x1b\\\x1b]4;1;rgb:ff/00/00\x1b\\\x1b[6;20;10t";
    assert_eq!(hear(&mut outer, colors), 0);
    assert!(Outer::new(plain).cell_question().is_empty(), "it did not say");
    assert_eq!(outer.cell_question(), CELL_QUESTION);
    assert_eq!(hear(&mut outer, b"\x1b[?62;22c"), 1);
    let facts = outer.facts();
    assert_eq!(facts.background, WireColor(0x0210_2030));
    assert_eq!(facts.palette[..2], [WireColor(0), WireColor(0x02ff_0000)]);
    assert_eq!((facts.cell.width, facts.cell.height), (10, 20));
    let area = outer.pixels(WireSize { cols: 80, rows: 24 });
    assert_eq!((area.width, area.height), (800, 480));
    // Later only what changes.
    assert_eq!(hear(&mut outer, b"\x1b]11;rgb:1010/2020/3030\x1b\\"), 0);
    assert_eq!(hear(&mut outer, b"\x1b]11;rgb:ffff/ffff/ffff\x1b\\"), 1);
    assert_eq!(hear(&mut outer, b"\x1b[6;20;10t"), 0);
    assert_eq!(hear(&mut outer, b"\x1b[6;36;18t"), 1);
}

#[test]
fn what_it_can_follows_from_what_it_says() {
    let mut outer = Outer::new(plain);
    outer.questions(Instant::now());
    hear(&mut outer, b"\x1bP>|foot(1.16.2)\x1b\\\x1b[?2026;2$y\x1b[?2027;2$y\x1b[?2031;0$y\x1b[?0u\x1b[?62;4;22c");
    let abilities = outer.abilities();
    assert_eq!(abilities.depth, ColorDepth::True);
    assert!(abilities.underlines && abilities.synchronized && abilities.clusters);
    assert!(abilities.kitty_keys && !abilities.other_keys && !abilities.theme_reports);
    assert_eq!(abilities.notify, Notify::Titled);
}

#[test]
fn a_capability_alone_is_enough() {
    let mut outer = Outer::new(plain);
    outer.questions(Instant::now());
    hear(
        &mut outer,
        b"\x1bP1+r536d756c78=5c455b343a25703125646d\x1b\\\x1bP1+r524742=38\x1b\\\x1b[?1;2c",
    );
    let abilities = outer.abilities();
    assert!(abilities.underlines && abilities.other_keys && !abilities.kitty_keys);
    assert_eq!(abilities.depth, ColorDepth::True);
}

#[test]
fn no_synchronized_updates_for_whom_they_are_unknown() {
    let mut outer = Outer::new(plain);
    assert!(outer.abilities().synchronized);
    let state = ModeState::Unknown;
    outer.on_reply(&TerminalReply::Mode { mode: 2026, private: true, state });
    assert!(!outer.abilities().synchronized);
}

#[test]
fn a_slow_line_is_told_of_in_two_parts() {
    let mut outer = Outer::new(plain);
    let now = Instant::now();
    outer.questions(now);
    hear(&mut outer, b"\x1b]11;rgb:00/00/00\x1b\\");
    assert!(outer.expire(now + DEADLINE + Duration::from_millis(1)));
    assert_eq!(hear(&mut outer, b"\x1b]10;rgb:ff/ff/ff\x1b\\"), 1);
}
