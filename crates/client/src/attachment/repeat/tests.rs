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
    typed.sent(input(2, "b"), now + REPEAT_AFTER / 2);
    assert_eq!(typed.due(), Some(now + REPEAT_AFTER));
    assert!(typed.take_due(HERE, 0, now).is_none());
    assert_eq!(numbers(typed.take_due(HERE, 0, now + REPEAT_AFTER)), [1, 2]);
    assert_eq!(typed.due(), Some(now + REPEAT_AFTER + PROBE));
    typed.sent(
        Interrupt { pane: PaneId(1), number: 3, ext: Ext::none() }.into(),
        now + REPEAT_AFTER,
    );
    // The first has arrived meanwhile.
    assert_eq!(numbers(typed.take_due(HERE, 1, now + 2 * REPEAT_AFTER)), [2, 3]);
    // What is not there yet goes out again and again, all of it at one time.
    assert_eq!(typed.due(), Some(now + 2 * REPEAT_AFTER + PROBE));
    assert_eq!(numbers(typed.take_due(HERE, 2, now + 2 * REPEAT_AFTER + PROBE)), [3]);
    assert!(typed.take_due(HERE, 3, now + 9 * PROBE).is_none());
    assert_eq!(typed.due(), None);
}

#[test]
fn the_end_of_a_long_silence_is_told_once() {
    let now = Instant::now();
    let mut silence = Silence { heard: Some(5), since: now };
    assert!(!silence.ended(Some(6), now + LONG_SILENCE / 2));
    assert!(!silence.ended(Some(6), now + 3 * LONG_SILENCE));
    assert!(silence.ended(Some(7), now + 4 * LONG_SILENCE));
    assert!(!silence.ended(Some(8), now + 4 * LONG_SILENCE));
}

#[test]
fn a_paste_is_not_sent_twice_and_nothing_before_it_either() {
    let now = Instant::now();
    let mut typed = Typed::default();
    typed.sent(input(1, "a"), now);
    typed.sent(input(2, &"x".repeat(LARGEST + 1)), now);
    assert_eq!(typed.due(), None);
    typed.sent(input(3, "b"), now);
    assert_eq!(numbers(typed.take_due(HERE, 0, now + REPEAT_AFTER)), [3]);
    for number in 4..1000 {
        typed.sent(input(number, "d"), now);
        assert!(typed.waiting.len() <= WAITING);
    }
}

/// The program of the pane ended by its last key, and no frame told that it had it: this side woke up for it
/// for ever.
#[test]
fn what_nobody_answers_is_given_up() {
    let now = Instant::now();
    let mut typed = Typed::default();
    typed.sent(input(1, "exit"), now);
    let mut last = now;
    while let Some(due) = typed.due() {
        assert!(due > last && due < now + 2 * IDLE_TIMEOUT, "{:?}", due - now);
        last = due;
        let _again = typed.take_due(HERE, 0, due);
    }
}

/// What waits goes in one message, which has a cap: beyond it nothing was sent twice any more.
#[test]
fn however_much_waits_it_fits_into_one_message() {
    let now = Instant::now();
    let mut typed = Typed::default();
    let mut most = 0;
    for number in 1..1000 {
        // Text in one piece, and keys that are nearly nothing but their form.
        let events = match number % 2 {
            0 => vec![InputEvent::text(&"x".repeat(200))],
            _ => vec![InputEvent::text(""); 60],
        };
        typed.sent(Input { pane: PaneId(1), number, events, ext: Ext::none() }.into(), now);
        if let Some(again) = typed.take_due(HERE, 0, now + REPEAT_AFTER) {
            let bytes = Message::from(again).to_bytes().expect("it is within its cap");
            most = most.max(bytes.len());
        }
    }
    assert!((WAITING_BYTES / 2..=WAITING_BYTES + 64).contains(&most), "{most} bytes");
}
