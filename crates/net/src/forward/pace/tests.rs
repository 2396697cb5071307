//! A link in numbers: what is on its way takes its round trip, and as much longer as the queue is.

use super::*;

/// Runs a link for so many round trips, and gives the limit then and the longest queue.
fn run(bytes_per_second: f64, round_trip: Duration, trips: usize) -> (usize, Duration) {
    let mut now = Instant::now();
    let mut pace = Pace::new(now);
    let mut longest = Duration::ZERO;
    for _ in 0..trips {
        let all = Duration::from_secs_f64(pace.limit() as f64 / bytes_per_second);
        let took = round_trip.max(all);
        now += took;
        pace.sample(took, true, MOST, now);
        longest = longest.max(took - round_trip);
    }
    (pace.limit(), longest)
}

#[test]
fn a_link_with_room_gets_the_most() {
    assert_eq!(run(1e9, Duration::from_millis(1), 10).0, MOST);
    assert_eq!(run(1e8, Duration::from_millis(100), 10).0, MOST);
}

#[test]
fn a_thin_link_keeps_a_short_queue_and_is_full() {
    // A megabit, and ten.
    for (bytes_per_second, round_trip) in [(125_000.0, 50), (1_250_000.0, 20)] {
        let round_trip = Duration::from_millis(round_trip);
        let (limit, longest) = run(bytes_per_second, round_trip, 200);
        assert!(longest < 2 * QUEUE, "{longest:?} at {bytes_per_second}");
        let holds = bytes_per_second * round_trip.as_secs_f64();
        assert!(limit as f64 > 0.7 * holds, "{limit} of {holds}");
    }
}

#[test]
fn a_limit_that_nobody_needs_stays() {
    let mut now = Instant::now();
    let mut pace = Pace::new(now);
    for _ in 0..10 {
        now += Duration::from_millis(1);
        pace.sample(Duration::from_millis(1), false, MOST, now);
    }
    assert_eq!(pace.limit(), LEAST);
}

#[test]
fn the_least_time_is_found_anew() {
    let mut now = Instant::now();
    let mut pace = Pace::new(now);
    for _ in 0..10 {
        now += Duration::from_millis(1);
        pace.sample(Duration::from_millis(1), true, MOST, now);
    }
    assert_eq!(pace.limit(), MOST);
    // Another network, with a longer way: at first that looks like a queue.
    let slow = Duration::from_millis(200);
    for _ in 0..20 {
        now += slow;
        pace.sample(slow, true, MOST, now);
    }
    assert_eq!(pace.limit(), LEAST);
    for _ in 0..60 {
        now += slow;
        pace.sample(slow, true, MOST, now);
    }
    assert_eq!(pace.limit(), MOST);
}

/// A copy that begins on the same connection takes its part at once, whether the link is thin or not.
#[test]
fn what_others_take_is_given_up_and_had_back() {
    let (mut now, round_trip) = (Instant::now(), Duration::from_millis(1));
    let mut pace = Pace::new(now);
    let mut run = |most: usize| {
        for _ in 0..10 {
            now += round_trip;
            pace.sample(round_trip, true, most, now);
        }
        pace.limit()
    };
    assert_eq!([run(MOST), run(MOST / 2), run(0), run(MOST)], [MOST, MOST / 2, LEAST, MOST]);
}
