//! The result does not depend on how the bytes are cut, and a checkpoint at any byte loses nothing.

use proptest::prelude::*;

use super::stream::{Step, bytes, cases, feed, screen, seen, steps};
use crate::{Limits, Screen};

proptest! {
    #![proptest_config(cases(160))]

    #[test]
    fn cutting_changes_nothing(bytes in bytes(), cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..12)) {
        let mut whole = screen(12, 5);
        whole.advance(&bytes);
        let mut cut = screen(12, 5);
        let mut places: Vec<usize> = cuts.iter().map(|cut| cut.index(bytes.len())).collect();
        places.sort_unstable();
        let mut start = 0;
        for place in places.into_iter().chain([bytes.len()]) {
            cut.advance(&bytes[start..place]);
            start = place;
        }
        let (whole, cut) =
            (seen(&mut whole, Vec::new(), Vec::new()), seen(&mut cut, Vec::new(), Vec::new()));
        prop_assert!(whole == cut, "{}", whole.differs(&cut).unwrap_or_default());
    }

    /// Runs of text are taken in one go; single bytes never are.
    #[test]
    fn one_byte_at_a_time_changes_nothing(bytes in bytes()) {
        let (mut whole, mut single) = (screen(12, 5), screen(12, 5));
        whole.advance(&bytes);
        for byte in &bytes {
            single.advance(&[*byte]);
        }
        let (whole, single) =
            (seen(&mut whole, Vec::new(), Vec::new()), seen(&mut single, Vec::new(), Vec::new()));
        prop_assert!(whole == single, "{}", whole.differs(&single).unwrap_or_default());
    }

    #[test]
    fn a_checkpoint_at_any_byte_is_exact(
        steps in steps(),
        step in any::<prop::sample::Index>(),
        byte in any::<prop::sample::Index>(),
    ) {
        let mut whole = screen(12, 5);
        feed(&mut whole, &steps);

        let (before, rest) = steps.split_at(step.index(steps.len()));
        let mut first = screen(12, 5);
        feed(&mut first, before);
        let mut rest = rest.to_vec();
        if let Some(Step::Bytes(bytes)) = rest.first_mut() {
            let later = bytes.split_off(byte.index(bytes.len() + 1));
            first.advance(bytes);
            *bytes = later;
        }
        let (notices, replies) = (first.take_notices(), first.take_replies());
        let checkpoint = first.checkpoint();
        let mut second = Screen::restore(&checkpoint, Limits::default()).expect("our own checkpoint");
        prop_assert_eq!(second.checkpoint(), checkpoint);
        feed(&mut second, &rest);
        let (whole, second) =
            (seen(&mut whole, Vec::new(), Vec::new()), seen(&mut second, notices, replies));
        prop_assert!(whole == second, "{}", whole.differs(&second).unwrap_or_default());
    }
}
