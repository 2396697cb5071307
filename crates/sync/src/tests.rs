//! The law of this crate, over random programs, cuts, resizes, losses and delays: a frame that is
//! applied gives the screen it was made of, and a frame whose base is shown is always applied.

use ccc_proto::{Frame, PaneId, TtyFlags};
use ccc_vt::{Limits, Screen, Seq, Size};
use proptest::prelude::*;

use crate::{Applied, FrameContext, Mirror, frame_since};

mod script;

use script::Step;
pub(crate) use script::steps;

pub(crate) const PANE: PaneId = PaneId(12);
pub(crate) const EPOCH: u64 = 5;

pub(crate) fn context(base: Option<Seq>) -> FrameContext {
    FrameContext { pane: PANE, epoch: EPOCH, base, input_done: 3, tty: TtyFlags(TtyFlags::ECHO) }
}

pub(crate) fn screen(cols: u16, rows: u16) -> Screen {
    Screen::new(Size::new(cols, rows), Limits::default())
}

/// A screen that a program wrote to.
pub(crate) fn written(cols: u16, rows: u16, bytes: &[u8]) -> Screen {
    let mut screen = screen(cols, rows);
    screen.advance(bytes);
    screen
}

/// A mirror of the whole screen as it is.
pub(crate) fn mirror_of(screen: &Screen) -> Mirror {
    let mut mirror = Mirror::new(PANE);
    assert_eq!(mirror.apply(&frame_since(screen, context(None))), Ok(Applied::Done));
    assert_eq!(mirror.difference(screen), None);
    mirror
}

pub(crate) fn run(screen: &mut Screen, step: &Step) {
    match step {
        Step::Bytes(bytes) => screen.advance(bytes),
        Step::Resize(size) => screen.resize(*size),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    /// Step by step, each frame on the one before.
    #[test]
    fn every_frame_on_the_screen_before_gives_the_screen(steps in steps()) {
        let mut screen = screen(12, 5);
        let mut mirror = mirror_of(&screen);
        for step in &steps {
            run(&mut screen, step);
            let frame = frame_since(&screen, context(mirror.seq()));
            let stands = mirror.seq() == Some(screen.seq());
            let expected = if stands { Applied::Stale } else { Applied::Done };
            prop_assert_eq!(mirror.apply(&frame), Ok(expected), "after {:?}", step);
            prop_assert_eq!(mirror.difference(&screen), None, "after {:?}", step);
            prop_assert_eq!(mirror.seq(), Some(screen.seq()));
        }
    }

    /// From every version to every later one, also on a mirror that shows one between.
    #[test]
    fn a_frame_gives_its_screen_from_every_version_between(steps in steps()) {
        let mut screen = screen(12, 5);
        let mut shown = vec![mirror_of(&screen)];
        for step in &steps {
            run(&mut screen, step);
            let now = mirror_of(&screen);
            for (at, base) in shown.iter().enumerate() {
                let frame = frame_since(&screen, context(base.seq()));
                for between in &shown[at..] {
                    if between.seq() == now.seq() {
                        continue;
                    }
                    let mut mirror = between.clone();
                    prop_assert_eq!(
                        mirror.apply(&frame),
                        Ok(Applied::Done),
                        "{:?} on {:?} after {:?}", base.seq(), between.seq(), step
                    );
                    prop_assert_eq!(&mirror, &now, "after {:?}", step);
                }
            }
            shown.push(now);
        }
    }

    /// A server that hears of some frames late or never, and a link that loses, doubles and
    /// reorders them: whatever is applied gives its screen, nothing is ever asked for whole, and
    /// nothing goes back.
    #[test]
    fn losses_doubles_and_delays_only_cost_time(
        steps in steps(),
        fates in prop::collection::vec((0_u8..4, any::<prop::sample::Index>()), 1..60),
    ) {
        let mut screen = screen(12, 5);
        let mut mirror = Mirror::new(PANE);
        let mut heard = None;
        let mut flying: Vec<(Frame, Mirror)> = Vec::new();
        let mut fates = fates.iter().cycle();
        for step in &steps {
            run(&mut screen, step);
            flying.push((frame_since(&screen, context(heard)), mirror_of(&screen)));
            let (fate, which) = fates.next().expect("a cycle does not end");
            let which = which.index(flying.len());
            match fate {
                0 => drop(flying.swap_remove(which)),
                1 => {}
                2 => deliver(&mut mirror, &flying[which])?,
                _ => {
                    deliver(&mut mirror, &flying.swap_remove(which))?;
                    heard = mirror.seq();
                }
            }
        }
        flying.push((frame_since(&screen, context(heard)), mirror_of(&screen)));
        for frame in flying.iter().rev() {
            deliver(&mut mirror, frame)?;
        }
        prop_assert_eq!(mirror.difference(&screen), None);
    }
}

fn deliver(mirror: &mut Mirror, (frame, made_of): &(Frame, Mirror)) -> Result<(), TestCaseError> {
    let before = mirror.clone();
    match mirror.apply(frame) {
        Ok(Applied::Done) => {
            prop_assert!(before.seq() < mirror.seq());
            prop_assert_eq!(&*mirror, made_of);
        }
        Ok(Applied::Stale) => {
            prop_assert!(before.seq() >= Some(Seq(frame.seq)));
            prop_assert_eq!(&*mirror, &before);
        }
        other => prop_assert!(false, "{other:?}"),
    }
    Ok(())
}

#[test]
fn leaving_the_alternate_screen_brings_the_primary_back() {
    for (enter, leave) in [("\x1b[?1049h", "\x1b[?1049l"), ("\x1b[?47h", "\x1b[?47l")] {
        let mut screen = written(10, 3, b"one\r\ntwo");
        screen.advance(enter.as_bytes());
        screen.advance(b"\x1b[Heditor");
        let mut mirror = mirror_of(&screen);
        screen.advance(leave.as_bytes());
        let frame = frame_since(&screen, context(mirror.seq()));
        assert_eq!(mirror.apply(&frame), Ok(Applied::Done), "{leave:?}");
        assert_eq!(mirror.difference(&screen), None);
        assert_eq!(mirror.rows()[0].text(), "one");
    }
}

#[test]
fn rows_that_a_resize_pulls_back_are_sent() {
    let mut screen = written(10, 5, b"1\r\n2\r\n3\r\n4\r\n5");
    screen.resize(Size::new(10, 2));
    let mut mirror = mirror_of(&screen);
    screen.resize(Size::new(10, 5));
    let frame = frame_since(&screen, context(mirror.seq()));
    assert_eq!(mirror.apply(&frame), Ok(Applied::Done));
    assert_eq!(mirror.difference(&screen), None);
}

/// Half a character, and half a string: what they become is a change of its own, later than the
/// resize between their halves although their first bytes are older.
#[test]
fn what_was_begun_before_a_resize_and_ends_after_it_is_a_later_version() {
    for (begun, ended) in [(&b"\xc2"[..], &b"\r\n"[..]), (b"\x1b]0;half\x1b", b"[")] {
        let mut screen = written(10, 3, begun);
        screen.resize(Size::new(10, 2));
        let mut mirror = mirror_of(&screen);
        screen.advance(ended);
        let frame = frame_since(&screen, context(mirror.seq()));
        assert_eq!(mirror.apply(&frame), Ok(Applied::Done), "{begun:?}");
        assert_eq!(mirror.difference(&screen), None, "{begun:?}");
    }
}

#[test]
fn a_line_feed_at_the_bottom_sends_one_row() {
    let mut screen = written(10, 3, b"1\r\n2\r\n3");
    let base = screen.seq();
    screen.advance(b"\r\n4");
    let frame = frame_since(&screen, context(Some(base)));
    let sent: Vec<u64> = frame.rows.iter().map(|row| row.id).collect();
    assert_eq!(sent, [screen.row(2).expect("three rows").id().0]);
    assert_eq!(frame.row_ids.len(), 1);
    assert_eq!((frame.base, frame.seq), (base.0, screen.seq().0));
    assert_eq!(frame.history_lines, 1);
}

#[test]
fn a_base_that_the_screen_never_had_gives_a_whole_frame() {
    let screen = written(10, 3, b"text");
    for base in [None, Some(Seq(0)), Some(Seq(screen.seq().0 + 1))] {
        let frame = frame_since(&screen, context(base));
        assert_eq!((frame.base, frame.rows.len()), (0, 3), "{base:?}");
    }
}

#[test]
fn styles_and_links_are_told_once() {
    let line = b"\x1b[31mred\x1b[0m plain \x1b[31mred\x1b[0m\x1b]8;;http://a/\x1b\\x\x1b]8;;\x1b\\y\x1b]8;;http://a/\x1b\\z\x1b]8;;\x1b\\\r\n";
    let screen = written(40, 5, &line.repeat(4));
    let frame = frame_since(&screen, context(None));
    assert_eq!(frame.styles.len(), 3, "{:?}", frame.styles);
    assert_eq!(frame.links.len(), 1);
    let mirror = mirror_of(&screen);
    let link = mirror.rows()[0].cells[13].link.as_deref().expect("a link");
    assert_eq!(link.uri, "http://a/");
}
