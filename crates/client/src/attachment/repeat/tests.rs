//! What goes out again, and when.

use ccc_proto::{InputEvent, PaneId};

use super::*;

const HERE: AttachmentId = AttachmentId(7);

fn input(number: u64, text: &str) -> Message {
    let events = vec![InputEvent::text(text)];
    Input { pane: PaneId(1), number, events, ext: Ext::none() }.into()
}

fn numbers(again: Option<InputAgain>) -> Vec<u64> {
    let again = again.unwrap();
    assert_eq!(again.attachment, HERE);
    let interrupts = again.interrupts.iter().map(|interrupt| interrupt.number);
    again.inputs.iter().map(|input| input.number).chain(interrupts).collect()
}

#[test]
fn what_the_server_may_lack_goes_out_once_more_with_all_before_it() {
    let now = Instant::now();
    let mut typed = Typed::default();
    assert_eq!(typed.due(), None);
    typed.sent(input(1, "a"), now);
    typed.sent(input(2, "b"), now + PAUSE / 2);
    assert_eq!(typed.due(), Some(now + PAUSE));
    assert!(typed.take_due(HERE, 0, now).is_none());
    assert_eq!(numbers(typed.take_due(HERE, 0, now + PAUSE)), [1, 2]);
    assert_eq!(typed.due(), Some(now + PAUSE + PROBE));
    typed.sent(Interrupt { pane: PaneId(1), number: 3, ext: Ext::none() }.into(), now + PAUSE);
    // The first has arrived meanwhile.
    assert_eq!(numbers(typed.take_due(HERE, 1, now + 2 * PAUSE)), [2, 3]);
    // What is not there yet goes out again and again, all of it at one time.
    assert_eq!(typed.due(), Some(now + 2 * PAUSE + PROBE));
    assert_eq!(numbers(typed.take_due(HERE, 2, now + 2 * PAUSE + PROBE)), [3]);
    assert!(typed.take_due(HERE, 3, now + 9 * PROBE).is_none());
    assert_eq!(typed.due(), None);
}

#[test]
fn the_end_of_a_long_silence_is_told_once() {
    let now = Instant::now();
    let mut silence = Silence { heard: 5, since: now };
    assert!(!silence.ended(6, now + LONG_SILENCE / 2));
    assert!(!silence.ended(6, now + 3 * LONG_SILENCE));
    assert!(silence.ended(7, now + 4 * LONG_SILENCE));
    assert!(!silence.ended(8, now + 4 * LONG_SILENCE));
}

#[test]
fn a_paste_is_not_sent_twice_and_nothing_before_it_either() {
    let now = Instant::now();
    let mut typed = Typed::default();
    typed.sent(input(1, "a"), now);
    typed.sent(input(2, &"x".repeat(LARGEST + 1)), now);
    assert_eq!(typed.due(), None);
    typed.sent(input(3, "b"), now);
    assert_eq!(numbers(typed.take_due(HERE, 0, now + PAUSE)), [3]);
    // After a switch numbers begin anew.
    typed.sent(input(1, "c"), now);
    assert_eq!(numbers(typed.take_due(HERE, 0, now + PAUSE)), [1]);
    for number in 2..1000 {
        typed.sent(input(number, "d"), now);
        assert!(typed.waiting.len() <= WAITING);
    }
}
