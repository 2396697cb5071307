//! What is counted anew when another session is looked at, and what is not.

use ccc_proto::{AttachmentId, Ext, PaneEvent, PixelSize, SessionId, Spawn, TabId, Viewed};

use super::*;

fn book() -> Book {
    Book::new(Attach {
        target: String::new(),
        create: true,
        view: false,
        steal: false,
        size: WireSize::default(),
        pixels: PixelSize::default(),
        known: Vec::new(),
        spawn: Spawn::default(),
        ext: Ext::none(),
    })
}

fn attached(session: u64) -> Message {
    let (name, ext) = (String::new(), Ext::none());
    let (attachment, session) = (AttachmentId(1), SessionId(session));
    Attached { attachment, session, name, created: false, writable: true, ext }.into()
}

fn viewed(number: u64) -> Message {
    let (session, tab, pane) = (SessionId(1), TabId(1), PaneId(1));
    Viewed { number, session, tab, pane, ext: Ext::none() }.into()
}

#[test]
fn inputs_count_on_in_another_session_and_on_another_link() {
    let mut book = book();
    assert!(book.on_control(attached(1)).is_some());
    assert_eq!(book.next_input(), 1);
    book.input_sent(1);
    book.input_sent(2);
    assert!(book.on_control(attached(2)).is_some());
    assert_eq!(book.next_input(), 3);
    assert_eq!(book.on_lost(), 2);
    let again = book.attach_again();
    assert_eq!(again.ext.find(attach_tag::INPUTS), Some(&2_u64.to_le_bytes()[..]));
    assert!(book.on_control(attached(2)).is_some());
    assert_eq!(book.next_input(), 3);
    assert!(book.all_done());
}

#[test]
fn choices_and_events_are_counted_anew_in_another_session() {
    let event = |id| -> Message {
        let (session, pane) = (SessionId(1), PaneId(1));
        let kind = ccc_proto::EventKind::BELL;
        let (title, data) = (String::new(), Vec::new());
        PaneEvent { id, session, pane, kind, title, data, ext: Ext::none() }.into()
    };
    let mut book = book();
    assert!(book.on_control(attached(1)).is_some());
    assert_eq!((book.next_select(), book.next_select()), (1, 2));
    assert!(book.on_control(viewed(1)).is_none(), "it is from before the second choice");
    assert!(book.on_control(event(5)).is_some());
    assert!(book.on_control(event(5)).is_none());
    assert!(book.on_control(attached(2)).is_some());
    assert!(book.on_control(viewed(0)).is_some());
    assert!(book.on_control(event(1)).is_some());
}
