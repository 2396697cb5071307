//! The window on paths as they are, in virtual time.

use std::collections::VecDeque;

use super::*;
use crate::bulk::{BULK_BYTES, BULK_MOST};

/// A path: a delay each way, and a link that carries so many bytes a second, with a queue before it.
struct Path {
    delay: Duration,
    bytes_a_second: f64,
    /// When the link is free again.
    free: Instant,
    now: Instant,
    pace: Pace,
    /// When which bytes are answered.
    answers: VecDeque<(Instant, u64, Mark)>,
    /// Nine of ten answers come so much later.
    hiccup: Option<Duration>,
    count: u32,
    bytes: u64,
}

impl Path {
    fn new(delay_ms: u64, bytes_a_second: f64) -> Self {
        let now = Instant::now();
        let mut pace = Pace::default();
        pace.keep_to(BULK_MOST, None);
        Self {
            delay: Duration::from_millis(delay_ms),
            bytes_a_second,
            free: now,
            now,
            pace,
            answers: VecDeque::new(),
            hiccup: None,
            count: 0,
            bytes: 0,
        }
    }

    /// Sends for so long; the longest queue that a key would have met, and bytes that came.
    fn run(&mut self, time: Duration) -> (Duration, u64) {
        let (until, before) = (self.now + time, self.bytes);
        let mut longest = Duration::ZERO;
        while self.now < until {
            loop {
                let room = self.pace.room();
                if room == 0 {
                    break;
                }
                let mark = self.pace.sent(room, self.now);
                let took = Duration::from_secs_f64(room as f64 / self.bytes_a_second);
                self.free = self.free.max(self.now) + took;
                self.count += 1;
                let hiccup =
                    self.hiccup.filter(|_| !self.count.is_multiple_of(10)).unwrap_or_default();
                self.answers.push_back((self.free + 2 * self.delay + hiccup, room as u64, mark));
            }
            longest = longest.max(self.free.saturating_duration_since(self.now));
            let (at, bytes, mark) =
                self.answers.pop_front().expect("something is always under way");
            self.now = self.now.max(at);
            self.bytes += bytes;
            self.pace.arrived(bytes, Some(mark), self.now);
        }
        (longest, self.bytes - before)
    }

    fn seconds(&mut self, seconds: u64) -> (Duration, u64) {
        self.run(Duration::from_secs(seconds))
    }
}

/// No key waits longer: for the target, and as long again when the window is had back after the least time was
/// taken anew.
fn is_short(longest: Duration) {
    assert!(longest < Duration::from_millis(60), "a key waits {longest:?}");
}

#[test]
fn on_a_thin_link_the_queue_stays_short_and_the_link_full() {
    // 10 Mbit/s, over a short way and over a long one.
    for delay in [10, 50] {
        let mut path = Path::new(delay, 1_250_000.0);
        is_short(path.seconds(5).0);
        let (longest, bytes) = path.seconds(60);
        is_short(longest);
        assert!(bytes > 60 * 1_250_000 * 9 / 10, "{bytes} bytes in a minute over {delay} ms");
    }
}

#[test]
fn on_a_very_thin_link_little_is_under_way() {
    // 1 Mbit/s: what is under way at first takes 66 ms.
    let mut path = Path::new(20, 125_000.0);
    let (longest, bytes) = path.seconds(60);
    assert!(longest < Duration::from_millis(70), "a key waits {longest:?}");
    assert!(bytes > 60 * 125_000 * 8 / 10, "{bytes} bytes in a minute");
}

#[test]
fn a_fast_path_is_used_up_to_the_greatest_window() {
    let mut path = Path::new(1, 1e9);
    path.pace.keep_to(BULK_BYTES, None);
    let (_, bytes) = path.seconds(20);
    // 192 KiB for each round trip of about 2 ms, less what renewing costs.
    assert!(bytes > 20 * 500 * BULK_BYTES * 8 / 10, "{bytes} bytes");
    assert!(path.pace.under_way() <= BULK_BYTES);
}

/// 100 Mbit/s and a gigabit over a round trip of 100 ms.
#[test]
fn a_long_way_is_filled_and_no_queue_is_made_on_the_way_there() {
    for (bytes_a_second, most) in [(12.5e6, 12_500_000), (1.25e8, 10 * BULK_MOST)] {
        let mut path = Path::new(50, bytes_a_second);
        is_short(path.seconds(10).0);
        let (longest, bytes) = path.seconds(30);
        is_short(longest);
        assert!(bytes > 30 * most * 9 / 10, "{bytes} bytes in half a minute");
        assert!(path.pace.under_way() <= BULK_MOST);
    }
}

#[test]
fn a_path_that_becomes_longer_is_not_taken_for_a_queue_for_ever() {
    let mut path = Path::new(1, 1e8);
    path.pace.keep_to(BULK_BYTES, None);
    path.seconds(20);
    path.delay = Duration::from_millis(50);
    path.seconds(20);
    let (_, bytes) = path.seconds(20);
    assert!(bytes > 20 * 10 * BULK_BYTES * 7 / 10, "{bytes} bytes");
}

/// Answers come late at random, as on a machine with too much to do, while nothing stands in a queue.
#[test]
fn what_is_late_without_a_queue_does_not_starve_a_copy() {
    let mut path = Path::new(1, 1e8);
    path.pace.keep_to(BULK_BYTES, None);
    path.hiccup = Some(Duration::from_millis(80));
    let (_, bytes) = path.seconds(30);
    // A window of 192 KiB for each hiccup would be 2.4 MB/s; the least one 0.05 MB/s.
    assert!(bytes > 30 * 1_500_000, "{bytes} bytes");
}

/// The transport knows better: its packets take no longer.
#[test]
fn what_waits_at_one_of_the_ends_is_no_queue() {
    let hiccup = Some(Duration::from_millis(80));
    let (wide, queue) = (u64::MAX, Duration::ZERO);
    for (window, expected) in [(wide, BULK_MOST..=BULK_MOST), (96 * 1024, 96 * 1024..=128 * 1024)] {
        let mut path = Path { hiccup, ..Path::new(50, 1e9) };
        path.pace.keep_to(BULK_MOST, Some(Transport { window, queue }));
        path.seconds(9);
        assert!(expected.contains(&path.pace.window()), "{} of {window}", path.pace.window());
    }
}

#[test]
fn what_was_never_sent_changes_nothing() {
    let (mut pace, now) = (Pace::default(), Instant::now());
    let mark = pace.sent(1000, now);
    pace.arrived(500, None, now);
    assert_eq!(pace.under_way(), 500);
    pace.arrived(u64::MAX, Some(mark), now);
    assert_eq!(pace.under_way(), 0);
    assert!(pace.room() > 0);
}

#[test]
fn a_window_that_nobody_needs_stays() {
    let (mut pace, mut now) = (Pace::default(), Instant::now());
    for _ in 0..10 {
        let mark = pace.sent(FIRST as usize / 4, now);
        now += Duration::from_millis(1);
        pace.arrived(FIRST / 4, Some(mark), now);
    }
    assert_eq!(pace.window(), FIRST);
}

#[test]
fn what_was_known_long_ago_is_not_gone_by() {
    let mut path = Path::new(1, 1e9);
    path.seconds(5);
    assert_eq!(path.pace.window(), BULK_MOST);
    let under_way = path.pace.under_way();
    path.pace.arrived(under_way, None, path.now);
    path.pace.sent(1, path.now + RENEW);
    assert_eq!(path.pace.window(), FIRST);
}

/// A copy that begins on the same connection takes its part at once, whether the link is thin or not.
#[test]
fn what_others_take_is_given_up_and_had_back() {
    let mut path = Path::new(1, 1e9);
    let mut run = |part: u64| {
        path.pace.keep_to(part, None);
        path.run(Duration::from_millis(200));
        assert!(path.pace.under_way() <= part.max(LEAST));
        path.pace.window()
    };
    let part = BULK_BYTES;
    assert_eq!([run(part), run(part / 2), run(0), run(part)], [part, part / 2, LEAST, part]);
}
