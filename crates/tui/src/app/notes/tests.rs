//! What is said when, and for how long.

use super::*;

/// Which message is shown at each of some moments, in seconds.
fn shown(notes: &mut Notes, from: Instant, moments: &[u64]) -> Vec<Option<String>> {
    let look = |second: &u64| {
        notes.expire(from + Duration::from_secs(*second));
        notes.0.front().map(|note| note.text.clone())
    };
    moments.iter().map(look).collect()
}

/// Each key that was typed at a program that had ended said so for four seconds more, and nothing else was said for
/// a minute.
#[test]
fn what_is_said_again_begins_anew_and_waits_for_no_turn_of_its_own() {
    let (mut notes, from) = (Notes::default(), Instant::now());
    let said = |text: &str| Some(text.to_owned());
    notes.say("ended".into());
    assert_eq!(shown(&mut notes, from, &[0]), [said("ended")]);
    for second in [1, 2, 3] {
        notes.say("ended".into());
        assert_eq!(shown(&mut notes, from, &[second]), [said("ended")]);
    }
    notes.say("saved".into());
    assert_eq!(
        shown(&mut notes, from, &[6, 7, 10, 11]),
        [said("ended"), said("saved"), said("saved"), None]
    );
    // What came between is said between.
    for text in ["one", "two", "one"] {
        notes.say(text.into());
    }
    let all = [said("one"), said("two"), said("one"), None];
    assert_eq!(shown(&mut notes, from, &[20, 24, 28, 32]), all);
}
