//! The variation against the rule it is derived from, and when a window counts as used.

use super::*;

/// RFC 9002, 5.3, in the order and rounding of the transport.
#[derive(Default)]
struct Rule {
    smoothed: Duration,
    variation: Duration,
}

impl Rule {
    fn sample(&mut self, sample: Duration) {
        if self.smoothed.is_zero() {
            (self.smoothed, self.variation) = (sample, sample / 2);
            return;
        }
        self.variation = (3 * self.variation + self.smoothed.abs_diff(sample)) / 4;
        self.smoothed = (7 * self.smoothed + sample) / 8;
    }
}

#[test]
fn the_variation_is_the_one_that_the_rule_gives() {
    let mut rule = Rule::default();
    let mut seen = Variation::default();
    let samples = [80, 120, 95, 400, 90, 90, 91, 300, 20, 85, 85, 85, 700, 100];
    for (number, millis) in (0..).zip(samples) {
        rule.sample(Duration::from_millis(millis));
        seen.acknowledged(Some(number));
        // Packets that this acknowledgement also covered show the same smoothed time again.
        seen.observe(rule.smoothed);
        seen.observe(rule.smoothed);
        // An old packet that is acknowledged late carries no sample.
        seen.acknowledged(Some(number));
        seen.observe(rule.smoothed);
        let difference = seen.value.expect("there was a sample").abs_diff(rule.variation);
        assert!(difference < Duration::from_micros(1), "off by {difference:?} after {millis} ms");
    }
}

#[test]
fn a_window_of_which_half_was_under_way_in_a_round_trip_is_used() {
    let mut usage = Usage::default();
    assert!(usage.is_little(10), "nothing was sent");
    for packet in 1..=5 {
        usage.sent(1, packet);
    }
    assert!(!usage.is_little(10) && usage.is_little(11));
    // A round trip begins with the first acknowledgement, and the others come one after the other.
    for packet in 1..5_u64 {
        usage.acknowledged(5 - packet, Some(packet));
        assert!(!usage.is_little(8) && usage.is_little(9));
    }
    usage.acknowledged(0, Some(5));
    usage.sent(1, 6);
    assert!(usage.is_little(8), "that was in a round trip before");
}
