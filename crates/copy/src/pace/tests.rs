//! The window on paths as they are, in virtual time.

use super::*;

/// A path: a delay each way, and a link that carries so many bytes a second, with a queue before it.
struct Path {
    delay: Duration,
    bytes_a_second: f64,
    /// When the link is free again.
    free: Instant,
    now: Instant,
    pace: Pace,
    /// When which offset is answered.
    answers: VecDeque<(Instant, u64)>,
    sent: u64,
    /// Nine of ten answers come so much later.
    hiccup: Option<Duration>,
    count: u32,
}

impl Path {
    fn new(delay_ms: u64, bytes_a_second: f64) -> Self {
        let now = Instant::now();
        Self {
            delay: Duration::from_millis(delay_ms),
            bytes_a_second,
            free: now,
            now,
            pace: Pace::new(0),
            answers: VecDeque::new(),
            sent: 0,
            hiccup: None,
            count: 0,
        }
    }

    /// Copies for so long; the longest queue that a key would have met in the second half of it, and
    /// bytes that came.
    fn run(&mut self, seconds: u64) -> (Duration, u64) {
        let (from, before) = (self.now, self.pace.behind());
        let until = from + Duration::from_secs(seconds);
        let settled = from + Duration::from_secs(seconds) / 2;
        let mut longest = Duration::ZERO;
        while self.now < until {
            loop {
                let room = self.pace.room(MOST);
                if room == 0 {
                    break;
                }
                self.pace.sent(room, self.now);
                self.sent += room as u64;
                let took = Duration::from_secs_f64(room as f64 / self.bytes_a_second);
                self.free = self.free.max(self.now) + took;
                self.count += 1;
                let hiccup =
                    self.hiccup.filter(|_| !self.count.is_multiple_of(10)).unwrap_or_default();
                self.answers.push_back((self.free + 2 * self.delay + hiccup, self.sent));
            }
            if self.now > settled {
                longest = longest.max(self.free.saturating_duration_since(self.now));
            }
            let (at, offset) = self.answers.pop_front().expect("something is always under way");
            self.now = self.now.max(at);
            self.pace.taken(offset, self.now);
        }
        (longest, self.pace.behind() - before)
    }
}

#[test]
fn on_a_thin_link_the_queue_stays_short_and_the_link_full() {
    // 10 Mbit/s.
    let mut path = Path::new(10, 1_250_000.0);
    let (longest, bytes) = path.run(60);
    assert!(longest < Duration::from_millis(60), "a key waits {longest:?}");
    assert!(bytes > 60 * 1_250_000 * 8 / 10, "{bytes} bytes in a minute");
}

#[test]
fn on_a_very_thin_link_little_is_under_way() {
    // 1 Mbit/s: what is under way at least takes 130 ms.
    let mut path = Path::new(20, 125_000.0);
    let (longest, bytes) = path.run(60);
    assert!(longest < Duration::from_millis(200), "a key waits {longest:?}");
    assert!(bytes > 60 * 125_000 * 7 / 10, "{bytes} bytes in a minute");
}

#[test]
fn a_fast_path_is_used_up_to_the_greatest_window() {
    let mut path = Path::new(1, 1e9);
    let (_, bytes) = path.run(20);
    // 192 KiB for each round trip of about 2 ms, less what renewing costs.
    assert!(bytes > 20 * 500 * MOST * 8 / 10, "{bytes} bytes");
    assert!(path.sent - path.pace.behind() <= MOST);
}

#[test]
fn a_path_that_becomes_longer_is_not_taken_for_a_queue_for_ever() {
    let mut path = Path::new(1, 1e8);
    path.run(20);
    path.delay = Duration::from_millis(50);
    path.run(20);
    let (_, bytes) = path.run(20);
    assert!(bytes > 20 * 10 * MOST * 7 / 10, "{bytes} bytes");
}

/// Answers come late at random, as on a machine with too much to do, while nothing stands in a queue.
#[test]
fn what_is_late_without_a_queue_does_not_starve_the_copy() {
    let mut path = Path::new(1, 1e8);
    path.hiccup = Some(Duration::from_millis(80));
    let (_, bytes) = path.run(30);
    // A window of 192 KiB for each hiccup would be 2.4 MB/s; the least one 0.2 MB/s.
    assert!(bytes > 30 * 1_500_000, "{bytes} bytes");
}

#[test]
fn what_was_never_sent_or_told_before_changes_nothing() {
    let mut pace = Pace::new(0);
    let now = Instant::now();
    pace.sent(1000, now);
    pace.taken(500, now);
    pace.taken(400, now);
    assert_eq!(pace.behind(), 500);
    pace.taken(u64::MAX, now);
    assert_eq!(pace.behind(), 1000);
    assert!(pace.room(MOST) > 0);
}

#[test]
fn a_copy_keeps_to_its_part_while_others_send_much() {
    let mut path = Path::new(1, 1e9);
    path.run(5);
    let under_way = path.sent - path.pace.behind();
    assert!(under_way > MOST / 2, "{under_way}");
    assert_eq!(path.pace.room(under_way), 0, "its part is used");
    assert!(path.pace.room(under_way + LARGEST) > 0);
}
