//! Bytes of a peer that is broken or means harm: no panic, no message out of half of one, and no
//! more memory than the body's length allows.

use ccc_proto::{Encoding, FrameHeader, HEADER_BYTES, Message, limits};
use proptest::prelude::*;

use crate::allocations::most_held;
use crate::samples::{self, Writer};

/// Bytes of memory that a body of `length` bytes may take to be read or refused: the limit's steps
/// round up, a vector that grows holds its old half, and an error has a sentence.
fn allowed(length: usize) -> i64 {
    let steps = [16 * 1024, 256 * 1024, 4 << 20, 64 << 20, limits::BODY * limits::GROWTH];
    let limit = steps.into_iter().find(|step| length * limits::GROWTH <= *step);
    i64::try_from(limit.unwrap_or(limits::BODY * limits::GROWTH) * 3 / 2 + 1024)
        .expect("it is small")
}

fn decode_within_bounds(number: u16, body: &[u8]) -> bool {
    let (held, read) = most_held(|| Message::decode(number, Encoding::PLAIN, body));
    assert!(held <= allowed(body.len()), "{} bytes of {number} held {held}", body.len());
    read.is_ok()
}

#[test]
fn a_message_cut_anywhere_is_unfinished_and_its_body_cut_anywhere_is_refused() {
    for sample in samples::all(Writer::Ours) {
        let bytes = sample.to_bytes().expect("a sample fits");
        for cut in 0..bytes.len() {
            assert_eq!(Message::read(&bytes[..cut], limits::BODY), Ok(None), "{sample:?} at {cut}");
        }
        let body = &bytes[HEADER_BYTES..];
        for cut in 0..body.len() {
            assert!(!decode_within_bounds(sample.number(), &body[..cut]), "{sample:?} at {cut}");
        }
        assert!(decode_within_bounds(sample.number(), body));
    }
}

#[test]
fn a_forged_length_anywhere_allocates_nothing_for_itself() {
    // bincode writes 253 before a length of eight bytes.
    let huge = [253, 0, 0, 0, 0, 0, 1, 0, 0];
    for sample in samples::all(Writer::Ours) {
        let bytes = sample.to_bytes().expect("a sample fits");
        let body = &bytes[HEADER_BYTES..];
        for at in 0..body.len() {
            let mut forged = body[..at].to_vec();
            forged.extend_from_slice(&huge);
            forged.extend_from_slice(&body[at + 1..]);
            decode_within_bounds(sample.number(), &forged);
        }
    }
}

#[test]
fn the_cap_of_every_message_is_asked_before_its_body_is_there() {
    for (number, name) in Message::NUMBERS {
        let cap = Message::cap(*number);
        assert!(cap <= limits::BODY, "{name}");
        let header = |length: usize| FrameHeader {
            length: u32::try_from(length).expect("caps are small"),
            number: *number,
            encoding: Encoding::PLAIN,
        };
        assert_eq!(header(cap).body_bytes(limits::BODY), Ok(cap));
        assert!(header(cap + 1).body_bytes(limits::BODY).is_err(), "{name}");
        assert!(header(cap).body_bytes(cap - 1).is_err(), "{name}");
    }
}

#[test]
fn a_reserved_encoding_is_refused_by_name() {
    for encoding in 1..=255 {
        let error = Message::decode(1, Encoding(encoding), b"").expect_err("it is reserved");
        assert!(error.to_string().contains(&format!("encoding {encoding}")), "{error}");
    }
}

proptest! {
    #[test]
    fn mutated_messages_never_panic(
        sample in prop::sample::select(samples::all(Writer::Ours)),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        cut in prop::option::of(any::<prop::sample::Index>()),
    ) {
        let bytes = sample.to_bytes().expect("a sample fits");
        let mut body = bytes[HEADER_BYTES..].to_vec();
        for (place, byte) in changes {
            if !body.is_empty() {
                let place = place.index(body.len());
                body[place] = byte;
            }
        }
        if let Some(cut) = cut {
            body.truncate(cut.index(body.len() + 1));
        }
        decode_within_bounds(sample.number(), &body);
    }

    #[test]
    fn random_bodies_never_panic(
        number in prop::sample::select(Message::NUMBERS),
        body in prop::collection::vec(any::<u8>(), 0..200),
    ) {
        decode_within_bounds(number.0, &body);
    }

    /// What reads, reads back as the same value. The bytes may differ: a number has one short form
    /// and several long ones, and only the short one is written.
    #[test]
    fn what_reads_is_written_and_reads_again(
        number in prop::sample::select(Message::NUMBERS),
        body in prop::collection::vec(0_u8..4, 0..64),
    ) {
        let read = Message::decode(number.0, Encoding::PLAIN, &body);
        if let Ok(ccc_proto::Received::Known(message)) = read {
            let bytes = message.to_bytes().expect("it was small");
            let again = Message::decode(number.0, Encoding::PLAIN, &bytes[HEADER_BYTES..]);
            prop_assert_eq!(again, Ok(ccc_proto::Received::Known(message)));
        }
    }
}
