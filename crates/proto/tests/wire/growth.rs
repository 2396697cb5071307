//! An old reader and a newer peer: numbers and tags that came later are kept as they are and skipped
//! by whoever does not know them; they never fail a message.

use std::collections::BTreeSet;

use ccc_proto::{
    InputEvent, Message, Received, WireKey, WireKeyCode, WireMouse, WireMouseKind, limits,
};

use crate::samples::{self, FUTURE_NUMBER, FUTURE_TAG, Writer};

/// The closed sets, as they print. Other newtypes (ids, bits, colours) may hold any number, and
/// those of keys and mice travel inside the bytes of an event.
const CLOSED_SETS: [&str; 27] = [
    "ClientKind",
    "CommandEnded",
    "CommandState",
    "CursorShape",
    "DetachReason",
    "Direction",
    "EventKind",
    "Failure",
    "FileKind",
    "FilePlace",
    "GrantLevel",
    "Health",
    "InputKind",
    "InviteKind",
    "NodeKind",
    "PaneState",
    "PrincipalKind",
    "Refusal",
    "ServerNoticeKind",
    "SessionState",
    "SwapWith",
    "Toggle",
    "WaitFor",
    "WireExitKind",
    "WireImageFormat",
    "WireMarkKind",
    "WireRole",
];

#[test]
fn every_message_of_a_newer_peer_reads() {
    for sample in samples::all(Writer::Future) {
        let bytes = sample.to_bytes().expect("a sample fits");
        let read = Message::read(&bytes, limits::BODY);
        assert_eq!(read, Ok(Some((Received::Known(sample), bytes.len()))));
    }
}

/// Without this, a new message whose sample forgets to come from a newer peer would pass above.
#[test]
fn the_newer_peer_has_a_future_in_every_list_and_every_set() {
    let mut seen = BTreeSet::new();
    for sample in firsts(Writer::Future) {
        let printed = format!("{sample:?}");
        assert!(!printed.contains("Ext([])"), "a list without a tag: {printed}");
        for set in CLOSED_SETS {
            for (at, _) in printed.match_indices(&format!("{set}(")) {
                let value = &printed[at + set.len() + 1..];
                let value = &value[..value.find(')').expect("a newtype closes")];
                assert_eq!(value, FUTURE_NUMBER.to_string(), "{set} in {printed}");
                seen.insert(set);
            }
        }
        assert_eq!(
            printed.matches("Ext([").count(),
            printed.matches(&format!("Tagged {{ tag: {FUTURE_TAG}")).count(),
            "a list without the future tag: {printed}"
        );
    }
    assert_eq!(seen, BTreeSet::from(CLOSED_SETS), "a set is in no sample");
}

/// Every nested body is in some sample: nothing is left empty in the first of each number.
#[test]
fn the_first_sample_of_each_message_leaves_nothing_empty() {
    for sample in firsts(Writer::Future) {
        let printed = format!("{sample:?}").replace(&open_tag(), "");
        for empty in ["[]", "None", "\"\""] {
            assert!(!printed.contains(empty), "{} holds {empty}: {printed}", sample.name());
        }
    }
}

#[test]
fn a_key_and_a_mouse_event_of_a_newer_peer_read() {
    let key = WireKey { code: WireKeyCode(FUTURE_NUMBER), ..WireKey::default() };
    assert_eq!(InputEvent::key(&key).as_key(), Some(key));
    let mouse = WireMouse { kind: WireMouseKind(FUTURE_NUMBER), ..WireMouse::default() };
    assert_eq!(InputEvent::mouse(&mouse).as_mouse(), Some(mouse));
}

#[test]
fn a_message_of_a_number_that_came_later_is_skipped_and_the_next_one_reads() {
    let mut bytes = vec![3, 0, 0, 0, 0x60, 0xea, 0, 1, 2, 3];
    let sample = samples::all(Writer::Ours).remove(0);
    sample.encode(&mut bytes).expect("a sample fits");
    let (first, used) =
        Message::read(&bytes, limits::BODY).expect("it reads").expect("it is whole");
    assert_eq!(first, Received::Unknown(FUTURE_NUMBER));
    let rest = Message::read(&bytes[used..], limits::BODY).expect("it reads");
    assert_eq!(rest, Some((Received::Known(sample), bytes.len() - used)));
}

/// The first sample of each number.
fn firsts(writer: Writer) -> Vec<Message> {
    let mut firsts = samples::all(writer);
    firsts.dedup_by_key(|sample| sample.number());
    firsts
}

/// The one tag whose value is that it is there.
fn open_tag() -> String {
    format!("Tagged {{ tag: {}, bytes: [] }}", ccc_proto::history_tag::OPEN)
}
