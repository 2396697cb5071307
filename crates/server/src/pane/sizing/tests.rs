//! Which wish is asked for, and which is not.

use super::*;

const SMALL: Size = Size::new(80, 24);
const LARGE: Size = Size::new(120, 40);
const CELL: CellPixels = CellPixels::new(9, 18);
const OTHER: CellPixels = CellPixels::new(18, 36);

#[test]
fn the_same_again_asks_for_nothing() {
    let mut sizing = Sizing::new(SMALL, Some(CELL));
    assert!(!sizing.want(SMALL, Some(CELL)));
    assert!(!sizing.want(SMALL, None), "a cell that is not known leaves what there is");
    assert_eq!(sizing.next(), None);
}

#[test]
fn the_size_is_asked_for_before_its_cells() {
    let mut sizing = Sizing::new(SMALL, None);
    assert!(sizing.want(LARGE, Some(CELL)));
    assert_eq!(sizing.next(), Some(SizeWish::Size(LARGE)));
    assert_eq!(sizing.next(), Some(SizeWish::Cell(CELL)));
    assert_eq!(sizing.next(), None);
}

#[test]
fn the_newest_wish_wins_and_one_asks_at_a_time() {
    let mut sizing = Sizing::new(SMALL, Some(CELL));
    assert!(sizing.want(SMALL, Some(OTHER)));
    assert!(!sizing.want(LARGE, Some(OTHER)), "somebody asks");
    // Back to what there is before anybody asked.
    assert!(!sizing.want(LARGE, Some(CELL)));
    assert_eq!(sizing.next(), Some(SizeWish::Size(LARGE)));
    assert_eq!(sizing.next(), None);
    assert!(sizing.want(LARGE, Some(OTHER)), "nobody asks any more");
}

#[test]
fn what_the_keeper_did_not_do_is_asked_for_again_when_it_is_wished_for() {
    let mut sizing = Sizing::new(SMALL, None);
    assert!(sizing.want(SMALL, Some(CELL)));
    let wish = sizing.next();
    assert_eq!((wish, sizing.next()), (Some(SizeWish::Cell(CELL)), None));
    // One that does not know the request stays asked.
    assert!(!sizing.want(SMALL, Some(CELL)));
    sizing.refused(SizeWish::Cell(CELL));
    assert!(sizing.want(SMALL, Some(CELL)));
    assert_eq!(sizing.next(), Some(SizeWish::Cell(CELL)));
}
