//! Parts of those who come and go, and the window that follows them.

use std::time::{Duration, Instant};

use super::*;

/// A sender for whom the path has room: its window is as large as its part.
fn wide(part: &mut BulkPart) -> Pace {
    let (mut pace, mut now) = (Pace::default(), Instant::now());
    for _ in 0..40 {
        part.settle(&mut pace);
        let bytes = pace.window();
        let mark = pace.sent(usize::try_from(bytes).unwrap(), now);
        now += Duration::from_millis(1);
        pace.arrived(bytes, Some(mark), now);
    }
    pace
}

#[test]
fn however_many_send_together_they_have_no_more_than_one() {
    let bulk = Bulk::of(Below::Fixed);
    let mut first = bulk.part();
    assert_eq!(wide(&mut first).window(), BULK_BYTES);
    let mut others: Vec<_> = (0..4).map(|_| bulk.part()).collect();
    let all: u64 = others.iter_mut().chain([&mut first]).map(|part| wide(part).window()).sum();
    assert!(all <= BULK_BYTES && all > BULK_BYTES * 9 / 10, "{all}");
    assert_eq!(bulk.0.lock().held, all);
    drop(others);
    assert_eq!(wide(&mut first).window(), BULK_BYTES);
    drop(first);
    assert_eq!(bulk.0.lock().held, 0);
}

/// What is still on its way needs its room until it has arrived.
#[test]
fn a_part_that_shrinks_lets_go_of_the_window_by_and_by() {
    let bulk = Bulk::of(Below::Fixed);
    let mut first = bulk.part();
    let mut pace = wide(&mut first);
    let mark = pace.sent(usize::try_from(BULK_BYTES).unwrap(), Instant::now());
    let second = bulk.part();
    first.settle(&mut pace);
    assert_eq!((pace.window(), bulk.0.lock().held), (BULK_BYTES / 2, BULK_BYTES));
    pace.arrived(BULK_BYTES, Some(mark), Instant::now());
    first.settle(&mut pace);
    assert_eq!(bulk.0.lock().held, BULK_BYTES / 2);
    drop(second);
}

#[test]
fn something_of_each_window_is_left_for_keys() {
    assert_eq!(of_congestion_window(4000), 3000);
    assert_eq!(of_congestion_window(u64::MAX), BULK_MOST);
    assert_eq!(of_their_window(0), BULK_BYTES);
    assert_eq!(of_their_window(2 * BULK_MOST), BULK_MOST - FREE);
    assert_eq!(of_their_window(u64::MAX), BULK_MOST);
}
