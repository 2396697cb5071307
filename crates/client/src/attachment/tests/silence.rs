//! Since when nothing came.

use std::time::{Duration, Instant};

use crate::attachment::Heard;

/// A program that took its last input without a word left a moment behind from which the next silence was counted.
#[test]
fn a_silence_begins_with_what_is_typed_into_it() {
    let now = Instant::now();
    let later = |seconds| now + Duration::from_secs(seconds);
    let first = Heard::typed(None, 5, now);
    assert_eq!((first.at, first.typed), (now, now));
    // Nothing came, and more is typed: it has been silent since the first.
    let second = Heard::typed(Some(first), 5, later(1));
    assert_eq!((second.at, second.typed), (now, later(1)));
    // It came, and for a long time nothing was to come.
    let came = Heard { packets: 6, at: later(2), ..second };
    let third = Heard::typed(Some(came), 7, later(60));
    assert_eq!((third.packets, third.at, third.typed), (7, later(60), later(60)));
}
