//! Who stands back for whom, and until when.

use super::{AT_WORK_NS, Hands};

const NOW: u64 = 1_000_000_000_000;

#[test]
fn without_hands_nobody_stands_back() {
    assert!(!Hands::default().go_before(1, 1));
    assert!(!Hands::default().go_before(1, NOW));
}

#[test]
fn hands_go_before_every_flood_but_their_own() {
    let hands = Hands::default();
    hands.typed(1, NOW);
    assert!(!hands.go_before(1, NOW));
    assert!(hands.go_before(2, NOW));
    hands.typed(2, NOW + 1);
    assert!(hands.go_before(1, NOW + 1));
    assert!(!hands.go_before(2, NOW + 1));
}

#[test]
fn hands_that_rest_hold_nobody_back() {
    let hands = Hands::default();
    hands.typed(1, NOW);
    assert!(hands.go_before(2, NOW + AT_WORK_NS - 1));
    assert!(!hands.go_before(2, NOW + AT_WORK_NS));
    // A clock that two threads read may be behind for one of them.
    assert!(hands.go_before(2, NOW - 1));
}
