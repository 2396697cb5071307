//! Who decides the size of a tab, and how often. Time is counted from one instant and never read.

use super::*;

const A: AttachmentId = AttachmentId(1);
const B: AttachmentId = AttachmentId(2);
const SMALL: Size = Size::new(60, 20);
const MIDDLE: Size = Size::new(80, 24);
const LARGE: Size = Size::new(200, 50);

struct Clock(Instant);

impl Clock {
    fn new() -> Self {
        Self(Instant::now())
    }

    fn at(&self, millis: u64) -> Instant {
        self.0 + Duration::from_millis(millis)
    }
}

fn tab(policy: Policy) -> TabSize {
    TabSize::new(MIDDLE, policy)
}

#[test]
fn the_first_client_decides_at_once_and_an_empty_tab_keeps_its_size() {
    let clock = Clock::new();
    let mut tab = tab(Policy::Latest);
    assert_eq!(tab.decide(clock.at(0)).size, None);
    tab.looks(A, LARGE, false, clock.at(0));
    assert_eq!(tab.decide(clock.at(0)).size, Some(LARGE));
    tab.leaves(A);
    assert_eq!(tab.decide(clock.at(5000)).size, None);
    assert_eq!(tab.size(), LARGE);
}

#[test]
fn alone_every_change_counts_at_once() {
    let clock = Clock::new();
    let mut tab = tab(Policy::Latest);
    for (millis, cols) in (0..).zip(100..120) {
        tab.looks(A, Size::new(cols, 30), false, clock.at(millis));
        assert_eq!(tab.decide(clock.at(millis)).size, Some(Size::new(cols, 30)));
        assert_eq!(tab.next_deadline(), None);
    }
}

#[test]
fn whoever_typed_last_decides_and_coming_counts() {
    let clock = Clock::new();
    let mut tab = tab(Policy::Latest);
    tab.looks(A, LARGE, false, clock.at(0));
    assert_eq!(tab.decide(clock.at(0)).size, Some(LARGE));
    tab.looks(B, SMALL, false, clock.at(2000));
    assert_eq!(tab.decide(clock.at(2000)).size, Some(SMALL));
    tab.typed(A, clock.at(4000));
    assert_eq!(tab.decide(clock.at(4000)).size, Some(LARGE));
    // A dragged window of somebody who does not type here changes nothing.
    tab.looks(B, MIDDLE, false, clock.at(6000));
    assert_eq!(tab.decide(clock.at(6000)).size, None);
}

#[test]
fn two_who_type_in_turn_change_it_once_a_second() {
    let clock = Clock::new();
    let mut tab = tab(Policy::Latest);
    tab.looks(A, LARGE, false, clock.at(0));
    tab.looks(B, SMALL, false, clock.at(0));
    assert_eq!(tab.decide(clock.at(0)).size, Some(SMALL));
    let mut changes = 0;
    for millis in (10..5000).step_by(10) {
        tab.typed(if millis % 20 == 0 { A } else { B }, clock.at(millis));
        changes += u32::from(tab.decide(clock.at(millis)).size.is_some());
    }
    assert_eq!(changes, 4);
}

#[test]
fn a_change_that_waits_has_a_deadline_and_happens_then() {
    let clock = Clock::new();
    let mut tab = tab(Policy::Latest);
    tab.looks(A, LARGE, false, clock.at(0));
    tab.looks(B, SMALL, false, clock.at(0));
    assert_eq!(tab.decide(clock.at(0)).size, Some(SMALL));
    tab.typed(A, clock.at(300));
    assert_eq!(tab.decide(clock.at(300)).size, None);
    assert_eq!(tab.next_deadline(), Some(clock.at(1000)));
    assert_eq!(tab.decide(clock.at(999)).size, None);
    assert_eq!(tab.decide(clock.at(1000)).size, Some(LARGE));
    assert_eq!(tab.next_deadline(), None);
}

#[test]
fn when_the_other_leaves_the_one_who_stays_decides_at_once() {
    let clock = Clock::new();
    let mut tab = tab(Policy::Latest);
    tab.looks(A, LARGE, false, clock.at(0));
    tab.looks(B, SMALL, false, clock.at(0));
    assert_eq!(tab.decide(clock.at(0)).size, Some(SMALL));
    tab.leaves(B);
    assert_eq!(tab.decide(clock.at(1)).size, Some(LARGE));
}

#[test]
fn viewers_and_clients_without_an_area_never_resize() {
    let clock = Clock::new();
    for policy in [Policy::Latest, Policy::Largest] {
        let mut tab = tab(policy);
        tab.looks(A, LARGE, true, clock.at(0));
        tab.looks(B, Size::new(0, 0), false, clock.at(0));
        tab.typed(A, clock.at(0));
        assert_eq!(tab.decide(clock.at(0)).size, None);
        tab.looks(AttachmentId(3), SMALL, false, clock.at(0));
        assert_eq!(tab.decide(clock.at(0)).size, Some(SMALL));
        assert_eq!(tab.next_deadline(), None);
    }
}

#[test]
fn the_largest_of_all_is_the_most_of_each_side() {
    let clock = Clock::new();
    let mut tab = tab(Policy::Largest);
    tab.looks(A, Size::new(100, 20), false, clock.at(0));
    tab.looks(B, Size::new(60, 40), false, clock.at(0));
    assert_eq!(tab.decide(clock.at(0)).size, Some(Size::new(100, 40)));
    tab.typed(B, clock.at(2000));
    assert_eq!(tab.decide(clock.at(2000)).size, None);
    tab.leaves(B);
    assert_eq!(tab.decide(clock.at(2000)).size, Some(Size::new(100, 20)));
}

#[test]
fn a_fixed_size_is_nobodys_and_can_be_let_go() {
    let clock = Clock::new();
    let mut tab = tab(Policy::Fixed(SMALL));
    tab.looks(A, LARGE, false, clock.at(0));
    tab.looks(B, MIDDLE, false, clock.at(0));
    assert_eq!(tab.decide(clock.at(0)).size, Some(SMALL));
    tab.typed(A, clock.at(9000));
    assert_eq!(tab.decide(clock.at(9000)).size, None);
    tab.set_policy(Policy::Latest);
    assert_eq!(tab.decide(clock.at(9000)).size, Some(LARGE));
}

#[test]
fn those_who_see_another_size_are_known() {
    let clock = Clock::new();
    let mut tab = tab(Policy::Latest);
    tab.looks(A, LARGE, true, clock.at(0));
    tab.looks(B, SMALL, false, clock.at(0));
    assert_eq!(tab.decide(clock.at(0)).size, Some(SMALL));
    assert_eq!(tab.others(), [A]);
}

#[test]
fn the_cell_is_that_of_whoever_typed_last_whatever_the_policy() {
    let clock = Clock::new();
    let [small, large] = [CellPixels::new(9, 18), CellPixels::new(18, 36)];
    for policy in [Policy::Latest, Policy::Largest, Policy::Fixed(SMALL)] {
        let mut tab = tab(policy);
        tab.looks(A, LARGE, false, clock.at(0));
        assert_eq!(tab.decide(clock.at(0)).cell, None);
        // Told after it came, and nobody contests it.
        tab.draws(A, Some(small));
        assert_eq!(tab.decide(clock.at(1)), Decision { size: None, cell: Some(small) });
        assert_eq!(tab.decide(clock.at(2)), Decision::default(), "said once");
        tab.looks(B, LARGE, false, clock.at(2000));
        tab.draws(B, Some(large));
        assert_eq!(tab.decide(clock.at(2000)).cell, Some(large));
        // With two it changes once a second.
        tab.typed(A, clock.at(2500));
        assert_eq!(tab.decide(clock.at(2500)).cell, None);
        assert_eq!(tab.next_deadline(), Some(clock.at(3000)));
        assert_eq!(tab.decide(clock.at(3000)).cell, Some(small));
        assert_eq!(tab.next_deadline(), None);
        // Its area changes, and its terminal is the same.
        tab.looks(A, SMALL, false, clock.at(5000));
        assert_eq!(tab.decide(clock.at(5000)).cell, None);
        tab.leaves(A);
        tab.leaves(B);
        assert_eq!((tab.decide(clock.at(9000)).cell, tab.cell()), (None, Some(small)));
    }
}

#[test]
fn a_terminal_that_does_not_say_and_one_that_looks_only_leave_the_cell() {
    let clock = Clock::new();
    let cell = CellPixels::new(9, 18);
    let mut tab = tab(Policy::Latest);
    tab.looks(A, LARGE, false, clock.at(0));
    tab.draws(A, Some(cell));
    assert_eq!(tab.decide(clock.at(0)).cell, Some(cell));
    tab.looks(B, LARGE, false, clock.at(2000));
    assert_eq!(tab.decide(clock.at(2000)).cell, None);
    tab.looks(AttachmentId(3), LARGE, true, clock.at(3000));
    tab.draws(AttachmentId(3), Some(CellPixels::new(18, 36)));
    assert_eq!(tab.decide(clock.at(9000)).cell, None);
    assert_eq!(tab.cell(), Some(cell));
}
