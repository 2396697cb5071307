//! When the keeper is told.

use std::time::{Duration, Instant};

use ccc_proto::PaneId;

use super::Hands;

#[test]
fn the_keeper_hears_once_a_second_and_of_every_change_of_panes() {
    let (hands, start) = (Hands::default(), Instant::now());
    let after = |millis| start + Duration::from_millis(millis);
    assert!(hands.typed(PaneId(1), start));
    assert!(!hands.typed(PaneId(1), after(999)));
    assert!(hands.typed(PaneId(1), after(1000)));
    assert!(hands.typed(PaneId(2), after(1001)));
    assert!(!hands.typed(PaneId(2), after(1002)));
    assert!(hands.typed(PaneId(1), after(1003)));
}

#[test]
fn hands_go_before_every_pane_but_their_own_while_they_are_at_work() {
    let (hands, start) = (Hands::default(), Instant::now());
    let after = |millis| start + Duration::from_millis(millis);
    assert!(!hands.go_before(PaneId(2), start));
    hands.typed(PaneId(1), start);
    assert!(hands.go_before(PaneId(2), after(2999)));
    assert!(!hands.go_before(PaneId(1), after(2999)));
    assert!(!hands.go_before(PaneId(2), after(3000)));
}
