//! What holds the flow of frames to its rules, in virtual time.

use super::*;
use ccc_vt::Seq;

const PANE: PaneId = PaneId(1);
const OTHER: PaneId = PaneId(2);
const LATE: Duration = Duration::from_millis(30);
const WIDE: u64 = 1 << 20;

fn seq(screen: u64) -> FrameSeq {
    FrameSeq::of(Seq(screen))
}

fn ack(pane: PaneId, seq: FrameSeq) -> FrameApplied {
    FrameApplied { pane, epoch: 1, seq: seq.to_wire() }
}

fn watching(panes: &[PaneId]) -> (Flow, Instant) {
    let mut flow = Flow::default();
    for &pane in panes {
        flow.show(pane, 1, None);
    }
    (flow, Instant::now())
}

#[test]
fn the_third_frame_waits_for_a_slot_and_is_then_made_at_once() {
    let (mut flow, now) = watching(&[PANE]);
    flow.sent(PANE, seq(1), 100, now);
    flow.screen_changed(PANE);
    assert_eq!(flow.next(now, WIDE, LATE, None), Next::Send(PANE));
    flow.sent(PANE, seq(2), 100, now);
    flow.screen_changed(PANE);
    assert_eq!(flow.next(now, WIDE, LATE, None), Next::Wait(Some(now + LATE)));
    assert_eq!(flow.applied(ack(PANE, seq(1))).len(), 1);
    assert_eq!(flow.next(now, WIDE, LATE, None), Next::Send(PANE));
    assert_eq!(flow.versions(PANE).0, Some(seq(1)));
}

#[test]
fn a_late_frame_is_given_up_and_the_next_wait_is_twice_as_long() {
    let (mut flow, now) = watching(&[PANE]);
    let first = flow.sent(PANE, seq(1), 100, now);
    flow.sent(PANE, seq(2), 100, now);
    flow.screen_changed(PANE);
    assert_eq!(flow.next(now + LATE, WIDE, LATE, None), Next::GiveUp(first));
    flow.gave_up(first);
    assert_eq!(flow.next(now + LATE, WIDE, LATE, None), Next::Send(PANE));
    flow.sent(PANE, seq(3), 100, now + LATE);
    flow.screen_changed(PANE);
    assert_eq!(flow.next(now + LATE, WIDE, LATE, None), Next::Wait(Some(now + 2 * LATE)));
}

#[test]
fn a_quiet_pane_with_late_frames_gives_nothing_up() {
    let (mut flow, now) = watching(&[PANE]);
    flow.sent(PANE, seq(1), 100, now);
    assert_eq!(flow.next(now + 100 * LATE, WIDE, LATE, None), Next::Wait(None));
}

#[test]
fn bytes_of_all_panes_share_one_window_and_one_frame_always_goes() {
    let (mut flow, now) = watching(&[PANE, OTHER]);
    assert_eq!(flow.next(now, 10, LATE, None), Next::Send(PANE));
    flow.sent(PANE, seq(1), 100, now);
    assert_eq!(flow.next(now, 10, LATE, None), Next::Wait(Some(now + LATE)));
    flow.applied(ack(PANE, seq(1)));
    assert_eq!(flow.next(now, 10, LATE, None), Next::Send(OTHER));
}

#[test]
fn the_pane_that_was_typed_in_goes_first_and_the_others_take_turns() {
    let (mut flow, now) = watching(&[PANE, OTHER]);
    assert_eq!(flow.next(now, WIDE, LATE, Some(OTHER)), Next::Send(OTHER));
    flow.sent(OTHER, seq(1), 1, now);
    flow.screen_changed(OTHER);
    assert_eq!(flow.next(now, WIDE, LATE, None), Next::Send(PANE));
}

#[test]
fn state_alone_waits_a_moment_for_a_frame_that_goes_anyway() {
    let (mut flow, now) = watching(&[PANE]);
    flow.sent(PANE, seq(1), 1, now);
    flow.applied(ack(PANE, seq(1)));
    flow.state_changed(PANE, now);
    assert_eq!(flow.next(now, WIDE, LATE, None), Next::Wait(Some(now + STATE_WAIT)));
    assert_eq!(flow.next(now + STATE_WAIT, WIDE, LATE, None), Next::Send(PANE));
}

#[test]
fn a_client_that_wants_the_whole_pane_gets_it() {
    let (mut flow, now) = watching(&[PANE]);
    flow.sent(PANE, seq(1), 100, now);
    flow.applied(ack(PANE, seq(1)));
    flow.sent(PANE, seq(2), 100, now);
    assert_eq!(flow.wanted(PANE).len(), 1);
    assert_eq!(flow.versions(PANE), (None, Some(seq(2))));
    assert_eq!(flow.next(now, 1, LATE, None), Next::Send(PANE));
}

#[test]
fn what_was_never_sent_and_another_epoch_acknowledge_nothing() {
    let (mut flow, now) = watching(&[PANE]);
    flow.sent(PANE, seq(1), 100, now);
    assert!(flow.applied(ack(PANE, seq(9))).is_empty());
    assert!(flow.applied(FrameApplied { pane: PANE, epoch: 2, seq: seq(1).to_wire() }).is_empty());
    assert_eq!(flow.versions(PANE).0, None);
}

#[test]
fn another_life_of_a_pane_starts_without_a_base_and_frees_its_bytes() {
    let (mut flow, now) = watching(&[PANE]);
    let void = flow.sent(PANE, seq(7), 100, now);
    assert_eq!(flow.show(PANE, 2, None), [void], "nobody wants it any more");
    assert_eq!(flow.versions(PANE), (None, None));
    assert_eq!(flow.next(now, 1, LATE, None), Next::Send(PANE));
}

#[test]
fn a_returning_client_builds_upon_what_it_shows() {
    let mut flow = Flow::default();
    let known = FrameSeq::after(Some(seq(5)), Seq(5)).unwrap();
    flow.show(PANE, 1, Some(known));
    assert_eq!(flow.versions(PANE), (Some(known), Some(known)));
    assert_eq!(known.screen(), Seq(5));
    assert!(FrameSeq::after(Some(known), Seq(5)).unwrap() > known);
    assert_eq!(FrameSeq::after(Some(known), Seq(6)), Some(seq(6)));
}
