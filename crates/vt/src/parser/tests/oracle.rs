//! The parser against `vte` 0.15, an independent one, on random and on mutated streams.
//!
//! `vte` is an oracle only where it is right. Where it is not, `EXCEPTIONS` names the sequence and the
//! standard. The comparison stays away from those and from nothing else; a test fails when one of them
//! is no exception any more.

use proptest::prelude::*;

use super::{Event, Ours, ours, piece};
use crate::Limits;
use crate::parser::utf8::{Decoded, decode};
use crate::parser::{Parser, State};
use crate::tests::stream::cases;

/// Streams of which `vte` tells other events, and who says that ours are right.
pub(crate) const EXCEPTIONS: &[(&[u8], &str)] = &[
    (b"\x1b]2;a\x18b", "CAN cancels a control string (ECMA-48 8.3.6, DEC STD 070)"),
    (b"\x1bPqa\x1ab", "SUB cancels a control string (DEC STD 070)"),
    (b"a\x7fb", "DEL is never shown (DEC STD 070, ECMA-35)"),
    (b"a\x80b", "bytes that are no UTF-8 show as U+FFFD (Unicode 3.9, xterm in UTF-8 mode)"),
    ("\u{9b}3A".as_bytes(), "C1 controls in UTF-8 act (ECMA-48 5.3, xterm in UTF-8 mode)"),
    (b"\x1b]2;t\x1b\\", "the terminator is a part of its string (ECMA-48 8.3.143)"),
    (b"\x1b[   A", "a sequence with more intermediates than any has is dropped whole"),
    (b"\x1bPq\xc3\xa9\x1b\\", "a control string holds any character (ECMA-48 5.6, UTF-8)"),
    (b"\x1bPq\xc3\x9c\x1b\\", "a byte inside a character ends no string (UTF-8)"),
];

/// Everything that `vte` tells.
#[derive(Default)]
struct Theirs {
    events: Vec<Event>,
    dcs: Option<Event>,
    /// Sequences that it tells with its mark "to be ignored".
    keep_ignored: bool,
}

fn groups(params: &vte::Params) -> Vec<Vec<u16>> {
    params.iter().map(<[u16]>::to_vec).collect()
}

impl vte::Perform for Theirs {
    fn print(&mut self, c: char) {
        self.events.push(Event::Print(c));
    }
    fn execute(&mut self, byte: u8) {
        self.events.push(Event::Control(byte));
    }
    fn esc_dispatch(&mut self, intermediates: &[u8], ignore: bool, byte: u8) {
        if self.keep_ignored || !ignore {
            self.events.push(Event::Escape(intermediates.to_vec(), byte));
        }
    }
    fn csi_dispatch(&mut self, params: &vte::Params, intermediates: &[u8], ignore: bool, c: char) {
        if self.keep_ignored || !ignore {
            self.events.push(Event::Csi(groups(params), intermediates.to_vec(), c as u8));
        }
    }
    fn osc_dispatch(&mut self, params: &[&[u8]], bell: bool) {
        self.events.push(Event::Osc(params.join(&b';'), bell));
    }
    fn hook(&mut self, params: &vte::Params, intermediates: &[u8], ignore: bool, c: char) {
        let event = Event::Dcs(groups(params), intermediates.to_vec(), c as u8, Vec::new());
        self.dcs = (self.keep_ignored || !ignore).then_some(event);
    }
    fn put(&mut self, byte: u8) {
        if let Some(Event::Dcs(.., data)) = &mut self.dcs {
            data.push(byte);
        }
    }
    fn unhook(&mut self) {
        self.events.extend(self.dcs.take());
    }
}

fn theirs(bytes: &[u8], keep_ignored: bool) -> Vec<Event> {
    let mut to = Theirs { keep_ignored, ..Theirs::default() };
    vte::Parser::new().advance(&mut to, bytes);
    to.events
}

/// Leaves out of a stream what the two are known to differ about, by the state our parser is in.
fn off_the_exceptions(bytes: &[u8]) -> Vec<u8> {
    let mut parser = Parser::default();
    let mut kept = Vec::with_capacity(bytes.len());
    for byte in bytes {
        let string = parser.state.is_string();
        let known = match byte {
            0x18 | 0x1a => string,
            0x7f => parser.state == State::Ground || parser.state == State::Dcs,
            // Alone, or the second half of a C1 control.
            0x80..=0x9f if parser.state == State::Ground => {
                let mut begun = parser.partial[..usize::from(parser.partial_len)].to_vec();
                begun.push(*byte);
                matches!(decode(&begun), Decoded::Invalid(_)) || begun[0] == 0xc2
            }
            0x80..=0x9f => string,
            0xa0.. => parser.state == State::Dcs,
            _ => false,
        };
        if !known {
            kept.push(*byte);
            let (at, mut to) = (kept.len() as u64, Ours::default());
            parser.advance(&[*byte], at, &Limits::default(), &mut to);
        }
    }
    // Ends whatever is open.
    kept.extend_from_slice(b"\x1b\\");
    kept
}

/// The events that are compared: without the sequence that `vte` makes of each terminator.
fn settled(events: Vec<Event>) -> Vec<Event> {
    let terminator = Event::Escape(Vec::new(), b'\\');
    events.into_iter().filter(|event| *event != terminator).collect()
}

#[derive(Clone, Debug)]
enum Mutation {
    Put(u8),
    Insert(u8),
    Remove,
    Repeat(usize),
}

fn mutation() -> impl Strategy<Value = Mutation> {
    let byte = prop_oneof![
        3 => any::<u8>(),
        2 => prop::sample::select(b"\x1b[]P\\;:?0$ \x07\x18\x9c\xc2m".to_vec()),
    ];
    prop_oneof![
        byte.clone().prop_map(Mutation::Put),
        byte.prop_map(Mutation::Insert),
        Just(Mutation::Remove),
        (1_usize..12).prop_map(Mutation::Repeat),
    ]
}

fn mutate(bytes: &mut Vec<u8>, at: prop::sample::Index, mutation: &Mutation) {
    if bytes.is_empty() {
        return;
    }
    let at = at.index(bytes.len());
    match mutation {
        Mutation::Put(byte) => bytes[at] = *byte,
        Mutation::Insert(byte) => bytes.insert(at, *byte),
        Mutation::Remove => {
            bytes.remove(at);
        }
        Mutation::Repeat(len) => {
            let end = bytes.len().min(at + len);
            let piece = bytes[at..end].to_vec();
            bytes.splice(at..at, piece);
        }
    }
}

/// What real programs printed.
fn recorded() -> impl Strategy<Value = Vec<u8>> {
    const RECORDINGS: [&[u8]; 3] = [
        include_bytes!("../../../tests/recordings/bash-40x10.raw"),
        include_bytes!("../../../tests/recordings/less-50x12.raw"),
        include_bytes!("../../../tests/recordings/vim-60x16.raw"),
    ];
    (prop::sample::select(RECORDINGS.to_vec()), any::<prop::sample::Index>()).prop_map(
        |(recording, at)| {
            let start = at.index(recording.len());
            recording[start..recording.len().min(start + 300)].to_vec()
        },
    )
}

fn agree(bytes: &[u8]) -> Result<(), TestCaseError> {
    let bytes = off_the_exceptions(bytes);
    let (ours, theirs) = (settled(ours(&bytes).events), settled(theirs(&bytes, false)));
    prop_assert_eq!(ours, theirs, "{}", bytes.escape_ascii());
    Ok(())
}

proptest! {
    #![proptest_config(cases(2000))]

    #[test]
    fn agrees_with_vte(pieces in prop::collection::vec(piece(), 0..12)) {
        agree(&pieces.concat())?;
    }

    #[test]
    fn agrees_with_vte_on_mutated_streams(
        pieces in prop::collection::vec(prop_oneof![4 => piece(), 1 => recorded()], 1..8),
        mutations in prop::collection::vec((any::<prop::sample::Index>(), mutation()), 0..20),
    ) {
        let mut bytes = pieces.concat();
        for (at, mutation) in &mutations {
            mutate(&mut bytes, *at, mutation);
        }
        agree(&bytes)?;
    }

    #[test]
    fn agrees_with_vte_on_random_bytes(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
        agree(&bytes)?;
    }
}

#[test]
fn every_exception_is_still_one() {
    for (stream, standard) in EXCEPTIONS {
        let differs = ours(stream).events != theirs(stream, true);
        assert!(differs, "{} is no exception any more: {standard}", stream.escape_ascii());
    }
}
