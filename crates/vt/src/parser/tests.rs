//! The parser: its events, at every cut, its caps. Against `vte` it is held in `oracle`.

pub(crate) mod oracle;

use proptest::prelude::*;

use super::{Params, Parser, Perform};
use crate::Limits;
use crate::tests::stream::cases;

#[derive(Clone, Debug, PartialEq)]
enum Event {
    Print(char),
    Control(u8),
    Escape(Vec<u8>, u8),
    Csi(Vec<Vec<u16>>, Vec<u8>, u8),
    Osc(Vec<u8>, bool),
    Dcs(Vec<Vec<u16>>, Vec<u8>, u8, Vec<u8>),
}

/// Events with the offset after each; `vte` knows no offsets.
#[derive(Default)]
struct Ours {
    events: Vec<Event>,
    ends: Vec<u64>,
}

impl Ours {
    fn push(&mut self, event: Event, end: u64) {
        self.events.push(event);
        self.ends.push(end);
    }
}

fn groups(params: &Params) -> Vec<Vec<u16>> {
    let groups: Vec<Vec<u16>> = params.groups().map(<[u16]>::to_vec).collect();
    if groups.is_empty() { vec![vec![0]] } else { groups }
}

impl Perform for Ours {
    fn print_ascii(&mut self, bytes: &[u8], end: u64) {
        assert!(bytes.iter().all(|byte| (0x20..0x7f).contains(byte)));
        for (index, byte) in bytes.iter().enumerate() {
            let after = (bytes.len() - 1 - index) as u64;
            self.push(Event::Print(char::from(*byte)), end - after);
        }
    }
    fn print_chars(&mut self, chars: &[char], start: u64) {
        assert!(!chars.is_empty());
        let mut at = start;
        for c in chars {
            at += c.len_utf8() as u64;
            self.push(Event::Print(*c), at);
        }
    }
    fn print(&mut self, c: char, end: u64) {
        self.push(Event::Print(c), end);
    }
    fn control(&mut self, byte: u8, end: u64) {
        self.push(Event::Control(byte), end);
    }
    fn escape(&mut self, intermediates: &[u8], last: u8, end: u64) {
        self.push(Event::Escape(intermediates.to_vec(), last), end);
    }
    fn csi(&mut self, params: &Params, intermediates: &[u8], last: u8, end: u64) {
        self.push(Event::Csi(groups(params), intermediates.to_vec(), last), end);
    }
    fn osc(&mut self, data: &[u8], bell: bool, end: u64) {
        self.push(Event::Osc(data.to_vec(), bell), end);
    }
    fn dcs(&mut self, params: &Params, intermediates: &[u8], last: u8, data: &[u8], end: u64) {
        let event = Event::Dcs(groups(params), intermediates.to_vec(), last, data.to_vec());
        self.push(event, end);
    }
    fn apc(&mut self, _data: &[u8], _end: u64) {}
}

fn ours(bytes: &[u8]) -> Ours {
    let mut to = Ours::default();
    Parser::default().advance(bytes, 0, &Limits::default(), &mut to);
    to
}

fn piece() -> impl Strategy<Value = Vec<u8>> {
    let any_ground = "[ -~\r\n\t\u{a0}-\u{2ff}국🎉]{0,6}".prop_map(String::into_bytes);
    let bad = prop::collection::vec(prop_oneof![0xa0_u8..=0xff, 0x20..0x7f_u8], 1..5);
    let escape =
        prop::collection::vec(0x20_u8..0x7e, 0..4).prop_map(|bytes| [b"\x1b", &bytes[..]].concat());
    let csi = ("[0-9:;<=>?]{0,8}", "[ -/]{0,3}", "[@-~]", prop::option::of(0x00_u8..0x18))
        .prop_map(|(params, middle, last, control)| {
            let mut bytes = format!("\x1b[{params}").into_bytes();
            bytes.extend(control);
            bytes.extend(format!("{middle}{last}").bytes());
            bytes
        });
    let osc = ("[ -~국ü]{0,12}", prop::sample::select(vec!["\x07", "\x1b\\", "\x1b", ""]))
        .prop_map(|(text, end)| format!("\x1b]{text}{end}").into_bytes());
    let dcs = ("[0-9;:<=>?]{0,6}", "[ -/]{0,3}", "[@-~]", "[ -~\r\n]{0,8}").prop_map(
        |(params, middle, last, data)| {
            format!("\x1bP{params}{middle}{last}{data}\x1b\\").into_bytes()
        },
    );
    let skip = ("[X^_]", "[ -~]{0,8}")
        .prop_map(|(kind, text)| format!("\x1b{kind}{text}\x1b\\").into_bytes());
    prop_oneof![4 => any_ground, 1 => bad, 2 => escape, 4 => csi, 2 => osc, 1 => dcs, 1 => skip]
}

proptest! {
    #![proptest_config(cases(500))]

    #[test]
    fn every_cut_gives_the_same(bytes in prop::collection::vec(any::<u8>(), 0..40), pieces in prop::collection::vec(piece(), 0..4)) {
        let bytes = [pieces.concat(), bytes].concat();
        let whole = ours(&bytes);
        let mut to = Ours::default();
        let mut parser = Parser::default();
        for (at, byte) in bytes.iter().enumerate() {
            parser.advance(&[*byte], at as u64, &Limits::default(), &mut to);
        }
        prop_assert_eq!(whole.events, to.events);
        prop_assert_eq!(whole.ends, to.ends);
    }
}

#[test]
fn strings_have_caps() {
    let limits = Limits { osc_bytes: 8, dcs_bytes: 8, ..Limits::default() };
    let events = |bytes: &[u8]| {
        let mut to = Ours::default();
        let mut parser = Parser::default();
        parser.advance(bytes, 0, &limits, &mut to);
        assert!(parser.string.capacity() <= 64);
        to.events
    };
    assert_eq!(events(b"\x1b]12345678\x07"), [Event::Osc(b"12345678".to_vec(), true)]);
    assert_eq!(events(b"\x1b]123456789\x07x"), [Event::Print('x')]);
    assert_eq!(events(b"\x1bPq123456789\x1b\\x"), [Event::Print('x')]);
    let endless = [b"\x1b]".to_vec(), vec![b'a'; 100_000]].concat();
    assert_eq!(events(&endless), []);
}

#[test]
fn c1_controls_in_utf8_act() {
    let csi = |last| Event::Csi(vec![vec![3]], Vec::new(), last);
    assert_eq!(ours("\u{9b}3A".as_bytes()).events, [csi(b'A')]);
    assert_eq!(
        ours("\u{9d}2;t\u{9c}x".as_bytes()).events,
        [Event::Osc(b"2;t".to_vec(), false), Event::Print('x')]
    );
    // The byte 9C inside a character is no terminator: U+00DC is C3 9C.
    assert_eq!(ours("\x1b]2;Ü\x07".as_bytes()).events, [Event::Osc("2;Ü".into(), true)]);
    assert_eq!(ours("\u{85}".as_bytes()).events, [Event::Control(0x85)]);
    assert_eq!(ours(b"\x9b3A").events[0], Event::Print('\u{fffd}'));
}

#[test]
fn cancel_drops_what_is_open() {
    assert_eq!(ours(b"\x1b]0;a\x18b").events, [Event::Control(0x18), Event::Print('b')]);
    assert_eq!(ours(b"\x1b[3\x1ab").events, [Event::Control(0x1a), Event::Print('b')]);
}

#[test]
fn sub_parameters_stay_with_their_parameter() {
    let expected = Event::Csi(vec![vec![4, 3], vec![38, 2, 0, 1, 2, 3], vec![1]], Vec::new(), b'm');
    assert_eq!(ours(b"\x1b[4:3;38:2::1:2:3;1m").events, [expected]);
    let many = format!("\x1b[{}m", "1;".repeat(10_000));
    assert_eq!(ours(many.as_bytes()).events.len(), 1);
    assert_eq!(
        ours(b"\x1b[99999999999A").events,
        [Event::Csi(vec![vec![65535]], Vec::new(), b'A')]
    );
}
