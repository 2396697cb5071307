//! What time does: when Escape is told, when a sequence is given up, when a paste is handed on. The
//! clock is a number that the tests move.

use super::*;

struct Clock {
    parser: StdinParser,
    now: Instant,
}

impl Clock {
    fn new() -> Self {
        Self { parser: StdinParser::default(), now: Instant::now() }
    }

    fn feed(&mut self, bytes: &[u8]) -> String {
        let mut out = Vec::new();
        self.parser.feed(bytes, self.now, &mut out);
        line(&out)
    }

    /// Moves on, and expires what is due.
    fn after(&mut self, time: Duration) -> String {
        self.now += time;
        let mut out = Vec::new();
        self.parser.expire(self.now, &mut out);
        line(&out)
    }

    fn waits(&self) -> Option<Duration> {
        self.parser.next_deadline().map(|deadline| deadline - self.now)
    }
}

const TICK: Duration = Duration::from_millis(1);

#[test]
fn escape_alone_is_told_in_less_than_20_ms() {
    assert!(ESCAPE_TIME < Duration::from_millis(20));
    let mut clock = Clock::new();
    assert_eq!(clock.feed(b"\x1b"), "");
    assert_eq!(clock.waits(), Some(ESCAPE_TIME));
    assert_eq!(clock.after(ESCAPE_TIME - TICK), "");
    assert_eq!(clock.after(TICK), "Escape");
    assert_eq!(clock.waits(), None);
    assert_eq!(clock.after(Duration::from_secs(10)), "");
}

#[test]
fn nothing_is_held_back_without_need() {
    for bytes in [&b"a"[..], b"\r", b"\x1b[A", b"\x1bOP", b"\x1b[<0;1;1M", b"\x1b[200~\x1b[201~"] {
        let mut clock = Clock::new();
        assert_ne!(clock.feed(bytes), "");
        assert_eq!(clock.waits(), None, "{}", bytes.escape_ascii());
    }
}

#[test]
fn with_kitty_keys_escape_does_not_wait() {
    let mut clock = Clock::new();
    clock.parser.set_kitty_keys(true);
    assert_eq!(clock.feed(b"\x1b[27u"), "Escape");
    assert_eq!(clock.waits(), None);
    // And a sequence that a slow line has torn is not taken for one.
    assert_eq!(clock.feed(b"\x1b"), "");
    assert_eq!(clock.after(ESCAPE_TIME * 2), "");
    assert_eq!(clock.feed(b"[A"), "Up");
    assert_eq!(clock.feed(b"\x1b[1;9A"), "D-Up");
}

#[test]
fn alt_and_what_begins_sequences() {
    for (bytes, expected) in [
        (&b"\x1b["[..], "M-["),
        (b"\x1bO", "M-O"),
        (b"\x1b]", "M-]"),
        (b"\x1bP", "M-P"),
        (b"\x1b_", "M-_"),
        (b"\x1b\x1b", "M-Escape"),
        (b"\x1b\x1b[", "Escape M-["),
    ] {
        let mut clock = Clock::new();
        assert_eq!(clock.feed(bytes), "");
        assert_eq!(clock.waits(), Some(ESCAPE_TIME));
        assert_eq!(clock.after(ESCAPE_TIME), expected);
        assert_eq!(clock.feed(b"x"), "x");
    }
}

#[test]
fn what_is_late_is_read_by_the_clock() {
    // Nobody called `expire`: the reader was busy.
    let mut clock = Clock::new();
    clock.feed(b"\x1b");
    clock.now += ESCAPE_TIME;
    assert_eq!(clock.feed(b"j"), "Escape j");
    clock.feed(b"\x1b");
    clock.now += ESCAPE_TIME - TICK;
    assert_eq!(clock.feed(b"j"), "M-j");
}

#[test]
fn a_torn_sequence_gets_its_time_and_no_more() {
    for (bytes, rest, expected) in [
        (&b"\x1b[1;5"[..], &b"A"[..], "C-Up"),
        (b"\x1b[<0;1", b"0;5M", "[Press(Left) 9,4]"),
        (b"\x1b[M ", b"%*", "[Press(Left) 4,9]"),
        (b"\x1b]11;rgb:0/0", b"/0\x07", {
            "[Color { slot: Background, rgb: Rgb { red: 0, green: 0, blue: 0 } }]"
        }),
        (b"\xed\x95", b"\x9c", "한"),
        (b"\x1b\xed", b"\x95\x9c", "M-한"),
        (b"\x1bO5", b"A", "C-Up"),
    ] {
        let mut clock = Clock::new();
        assert_eq!(clock.feed(bytes), "");
        assert_eq!(clock.after(SEQUENCE_TIME - TICK), "");
        assert_eq!(clock.feed(rest), expected);
        assert_eq!(clock.feed(bytes), "");
        assert_eq!(clock.after(SEQUENCE_TIME), format!("[unknown {}]", bytes.escape_ascii()));
        assert_eq!(clock.feed(b"x"), "x");
    }
}

#[test]
fn escape_inside_a_string_is_not_lost() {
    let mut clock = Clock::new();
    assert_eq!(clock.feed(b"\x1b]11;rgb\x1b"), "");
    assert_eq!(clock.after(SEQUENCE_TIME), "[unknown \\x1b]11;rgb] Escape");
    assert_eq!(clock.feed(b"x"), "x");
}

#[test]
fn a_paste_is_handed_on_while_it_comes() {
    let mut clock = Clock::new();
    assert_eq!(clock.feed(b"\x1b[200~ab\xed\x95"), "");
    assert_eq!(clock.after(Duration::from_millis(25)), "[paste true \"ab\" false]");
    assert_eq!(clock.feed(b"\x9c\x1b[20"), "");
    assert_eq!(clock.after(Duration::from_millis(25)), "[paste false \"한\" false]");
    assert_eq!(clock.after(Duration::from_secs(4)), "");
    assert_eq!(clock.feed(b"1~x"), "[paste false \"\" true] x");
}

#[test]
fn a_paste_without_its_end_ends() {
    let mut clock = Clock::new();
    assert_eq!(clock.feed(b"\x1b[200~ab"), "");
    assert_eq!(clock.after(Duration::from_millis(25)), "[paste true \"ab\" false]");
    assert_eq!(clock.after(Duration::from_secs(5)), "[paste false \"\" true]");
    assert_eq!(clock.waits(), None);
    assert_eq!(clock.feed(b"\x02d"), "C-b d");
}
