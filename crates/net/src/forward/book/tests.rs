//! What may be on its way, what is said of it, and an end that breaks the rules.

use std::time::Instant;

use super::*;
use crate::pace::Pace;

const WINDOW: usize = limits::FORWARD_WINDOW;

fn taken(arrived: usize, taken: usize) -> ForwardTaken {
    ForwardTaken { arrived: arrived as u64, taken: taken as u64 }
}

/// What tells the time of the last of so many bytes.
fn mark(count: usize) -> Mark {
    Pace::default().sent(count, Instant::now())
}

/// Reads so many bytes and hands them over, whatever else is to be said; what tells their time.
fn send(book: &mut Book, count: usize) -> Mark {
    assert!(count <= book.room(), "{count} of {}", book.room());
    let mark = mark(count);
    book.read(vec![7; count], mark);
    let due = book.due();
    assert!(due.last() == Some(&ForwardBytes { bytes: vec![7; count] }.into()), "other bytes");
    mark
}

#[test]
fn no_more_is_read_than_the_other_end_takes() {
    let mut book = Book::default();
    assert_eq!(book.room(), WINDOW);
    book.read(vec![7; 10], mark(10));
    assert_eq!(book.room(), 0, "one piece waits for the stream");
    assert_eq!(book.due().len(), 1);
    send(&mut book, WINDOW - 10);
    assert_eq!((book.room(), book.in_flight()), (0, WINDOW));
    let told = book.told(taken(WINDOW, 0)).expect("it has them");
    assert_eq!((told.arrived, book.in_flight(), book.room()), (WINDOW, 0, 0));
    let told = book.told(taken(WINDOW, 4)).expect("it took them");
    assert_eq!((told.arrived, book.room()), (0, 4));
}

#[test]
fn more_is_asked_for_once_and_sent_when_it_is_given() {
    let asks = |book: &mut Book, count: usize| {
        book.read(vec![7; count], mark(count));
        book.due().contains(&ForwardMore::default().into())
    };
    let mut book = Book::default();
    book.may_send(1000).expect("it may ask");
    assert_eq!(book.due(), vec![keeps(WINDOW)]);
    assert_eq!(book.room(), WINDOW, "less than the first window it never is");
    assert!(!asks(&mut book, WINDOW / 2), "there is room for as much again");
    assert!(asks(&mut book, 1) && !asks(&mut book, 1), "once");
    book.may_send(2 * WINDOW as u64).expect("it may say so");
    assert_eq!(book.room(), 3 * WINDOW / 2 - 2);
    assert!(!asks(&mut book, WINDOW / 2 - 2) && asks(&mut book, 1), "once for each");
    book.may_send(u64::MAX).expect("it may say so");
    assert_eq!(book.room(), limits::FORWARD_WINDOW_MOST - WINDOW - 1);
    assert!(!asks(&mut book, limits::FORWARD_WINDOW_MOST - WINDOW - 1), "there is no more");
}

#[test]
fn room_is_for_whoever_asks_for_it_and_takes_what_comes() {
    let mut book = Book::default();
    assert_eq!(book.could_hold(), 0, "nobody asked");
    book.came(10).expect("there is room");
    book.wants();
    assert_eq!(book.could_hold(), 0, "it would only fill");
    book.wrote(10);
    assert_eq!(book.could_hold(), WINDOW);
    book.hold(WINDOW);
    assert_eq!((book.could_hold(), book.borrowed()), (0, WINDOW));
    let told = ForwardWindow { bytes: 2 * WINDOW as u64, ext: Ext::none() };
    assert_eq!(book.due(), vec![taken(10, 10).into(), told.into()]);
    book.came(2 * WINDOW).expect("it was told of that room");
    book.wrote(2 * WINDOW);
    book.wants();
    book.hold(limits::FORWARD_WINDOW_MOST - 2 * WINDOW);
    book.wants();
    assert_eq!(book.could_hold(), 0, "there is no more");
}

fn window(bytes: usize) -> Message {
    ForwardWindow { bytes: bytes as u64, ext: Ext::none() }.into()
}

fn keeps(bytes: usize) -> Message {
    ForwardKeeps { bytes: bytes as u64, ext: Ext::none() }.into()
}

#[test]
fn what_is_asked_back_is_given_unless_more_is_on_its_way_and_the_answer_stands_before_what_follows()
{
    let mut book = Book::default();
    book.may_send(4 * WINDOW as u64).expect("it may say so");
    let sent = 2 * WINDOW + 1;
    book.read(vec![7; sent], mark(sent));
    assert!(book.due().contains(&ForwardMore::default().into()), "more than half of it is out");
    book.may_send(WINDOW as u64).expect("it may ask");
    assert!(book.due().contains(&keeps(4 * WINDOW)), "more is on its way");
    assert_eq!(book.room(), 4 * WINDOW - sent);
    book.told(taken(sent, sent - WINDOW)).expect("it has them");
    book.may_send(WINDOW as u64).expect("it may ask");
    assert_eq!((book.room(), book.due()), (0, vec![keeps(WINDOW)]));
    book.told(taken(sent, sent)).expect("it has them");
    // It grows as at first.
    book.read(vec![7; WINDOW / 2 + 1], mark(WINDOW / 2 + 1));
    assert!(book.due().contains(&ForwardMore::default().into()));
    book.read(vec![8], mark(1));
    book.may_send(WINDOW as u64).expect("it may ask");
    assert_eq!(book.due(), vec![keeps(WINDOW), ForwardBytes { bytes: vec![8] }.into()]);
    for _ in 0..QUESTIONS {
        book.may_send(0).expect("it may ask");
    }
    assert!(book.may_send(0).is_err(), "answers that nobody takes are not collected");
}

/// One that may hold twice as much as at first, and whose other end knows.
fn lent() -> Book {
    let mut book = Book::default();
    book.wants();
    book.hold(WINDOW);
    assert_eq!(book.due(), vec![window(2 * WINDOW)]);
    book
}

#[test]
fn what_was_lent_is_asked_back_once_and_is_free_when_the_other_end_keeps_to_less() {
    assert!(!Book::default().could_ask_back(), "nothing was lent");
    let mut book = Book::default();
    book.wants();
    book.hold(WINDOW);
    assert!(!book.could_ask_back(), "its other end was not told of it");
    let mut book = lent();
    book.ask_back();
    book.came(1).expect("there is room");
    assert_eq!(book.due(), vec![taken(1, 0).into()], "it is used, and so is not asked back");
    let mut book = lent();
    book.came(1).expect("there is room");
    assert!(!book.could_ask_back(), "something waits");
    book.wrote(1);
    assert!(book.could_ask_back());
    book.ask_back();
    assert!(book.due().contains(&window(WINDOW)) && !book.could_ask_back());
    // Until the answer the other end may not have heard it.
    book.came(2 * WINDOW).expect("there is room");
    book.wrote(2 * WINDOW);
    assert_eq!((book.they_keep(2 * WINDOW as u64), book.could_ask_back()), (0, false));
    let _said = book.due();
    book.came(1).expect("there is room");
    book.wrote(1);
    assert!(book.could_ask_back(), "it was used meanwhile");
    book.ask_back();
    let _said = book.due();
    book.wants();
    assert_eq!((book.they_keep(WINDOW as u64), book.borrowed()), (WINDOW, 0));
    assert_eq!(book.could_hold(), 0, "it asks anew for what it gave back");
    assert!(book.came(WINDOW + 1).is_err(), "it said that it keeps to less");
}

#[test]
fn an_answer_to_what_was_asked_before_more_was_lent_frees_nothing() {
    let mut book = lent();
    book.ask_back();
    let _said = book.due();
    book.wants();
    book.hold(WINDOW);
    assert_eq!(book.due(), vec![window(3 * WINDOW)]);
    book.ask_back();
    let _said = book.due();
    assert_eq!(book.they_keep(WINDOW as u64), 0, "the first answer");
    book.came(3 * WINDOW).expect("the other end may have more again");
    book.wrote(3 * WINDOW);
    assert_eq!(book.they_keep(WINDOW as u64), 2 * WINDOW);
    let mut book = lent();
    book.ask_back();
    let _said = book.due();
    book.wants();
    book.hold(WINDOW);
    assert_eq!((book.they_keep(WINDOW as u64), book.borrowed()), (0, 2 * WINDOW), "the only one");
    // Nor does one that nobody asked for.
    let mut book = lent();
    assert_eq!((book.they_keep(WINDOW as u64), book.borrowed()), (0, WINDOW));
}

#[test]
fn who_does_not_answer_is_not_asked_again_and_again() {
    let mut book = lent();
    for _ in 0..QUESTIONS {
        assert!(book.could_ask_back());
        book.ask_back();
        let _said = book.due();
        // It uses some more, and so may be asked again.
        book.wants();
        book.hold(1);
        let _said = book.due();
    }
    assert!(!book.could_ask_back());
    book.they_keep(WINDOW as u64);
    assert!(book.could_ask_back());
}

#[test]
fn what_came_is_told_when_it_changed_and_once() {
    let mut book = Book::default();
    assert!(book.due().is_empty());
    book.came(5).expect("there is room");
    book.wrote(3);
    assert_eq!(book.due(), vec![taken(5, 3).into()]);
    assert!(book.due().is_empty());
    book.wrote(2);
    assert_eq!(book.due(), vec![taken(5, 5).into()]);
}

#[test]
fn both_ends_are_passed_on_behind_the_last_byte() {
    let mut book = Book::default();
    book.read(vec![7], mark(1));
    book.end();
    let due = book.due();
    assert!(matches!(due[..], [Message::ForwardBytes(_), Message::ForwardEnd(_)]), "{due:?}");
    book.came(2).expect("there is room");
    book.their_end();
    assert!(!book.may_shut() && !book.is_over() && book.may_finish());
    book.wrote(2);
    assert!(book.may_shut());
    book.shut();
    assert!(book.is_over() && !book.may_shut());
    assert_eq!(book.carried(), Carried { sent: 1, received: 2 });
    // One direction goes on for as long as it likes.
    let mut book = Book::default();
    book.their_end();
    book.shut();
    assert!(!book.is_over() && !book.may_finish());
    let mut book = Book::default();
    book.end();
    assert_eq!(book.due(), vec![ForwardEnd::default().into()]);
    assert!(!book.is_over() && !book.may_finish());
}

#[test]
fn a_byte_is_timed_from_here_to_the_answer() {
    let mut book = Book::default();
    let first = send(&mut book, 10);
    // Too near to it.
    send(&mut book, 11);
    assert_eq!(book.told(taken(9, 9)).expect("it has them").mark, None);
    assert_eq!(book.told(taken(10, 9)).expect("it has them").mark, Some(first));
    assert_eq!(book.told(taken(21, 21)).expect("it has them").mark, None);
    let apart = APART as usize;
    let marks: Vec<Mark> = (0..3).map(|_| send(&mut book, apart)).collect();
    // Of several the newest.
    let told = book.told(taken(21 + 2 * apart, 21)).expect("it has them");
    assert_eq!(told.mark, Some(marks[1]));
}

#[test]
fn who_breaks_the_rules_is_given_up() {
    let check = |why: &str, wrong: &dyn Fn(&mut Book) -> Result<(), CarryError>| {
        let mut book = Book::default();
        send(&mut book, 10);
        book.told(taken(5, 2)).expect("it has them");
        match wrong(&mut book) {
            Err(CarryError::Breach(told)) => assert!(told.contains(why), "{told}"),
            other => panic!("{why}: {other:?}"),
        }
    };
    let claims = "claims to have";
    check(claims, &|book| book.told(taken(11, 2)).map(drop));
    check(claims, &|book| book.told(taken(4, 2)).map(drop));
    check(claims, &|book| book.told(taken(5, 1)).map(drop));
    check(claims, &|book| book.told(taken(5, 6)).map(drop));
    check("than its window", &|book| book.came(WINDOW + 1));
    check("than its window", &|book| {
        book.came(WINDOW)?;
        book.wrote(WINDOW);
        // It was not told of that room.
        book.came(1)
    });
    check("than its window", &|book| {
        book.wants();
        book.hold(WINDOW);
        // Nor of that.
        book.came(WINDOW + 1)
    });
    check("behind their end", &|book| {
        book.their_end();
        book.came(1)
    });
}
