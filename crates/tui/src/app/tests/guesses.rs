//! Guesses that nothing can bear out any more: they go, and nobody is woken for them.

use ccc_client::LinkState;
use ccc_client::proto::TtyFlags;
use ccc_sync::{FrameContext, frame_since};
use ccc_vt::{Limits, Screen};

use super::*;
use crate::predict::Prediction;

const HERE: PaneId = PaneId(1);

/// A slow link, on whose other end a program echoes.
struct Slow {
    bench: Bench,
    screen: Screen,
    number: u64,
}

impl Slow {
    fn new() -> Self {
        let mut bench = Bench::new();
        bench.app.link.round_trip = Some(Duration::from_millis(100));
        let screen = Screen::new(Size { cols: 40, rows: 6 }, Limits::default());
        let mut slow = Self { bench, screen, number: 0 };
        slow.prints("$ ");
        slow.types("a");
        slow.prints("a");
        slow
    }

    fn prints(&mut self, text: &str) {
        self.prints_before(0, text);
    }

    /// Prints when the program has not read so many of the last keys yet.
    fn prints_before(&mut self, unread: u64, text: &str) {
        self.screen.advance(text.as_bytes());
        let (input_done, tty) = (self.number - unread, TtyFlags(0));
        let mirror = self.bench.mirrors.entry(HERE).or_insert_with(|| Mirror::new(HERE));
        let context = FrameContext { pane: HERE, epoch: 1, base: mirror.seq(), input_done, tty };
        let _applied = mirror.apply(&frame_since(&self.screen, context)).unwrap();
        self.passes(1);
    }

    fn types(&mut self, text: &str) -> bool {
        self.number += 1;
        let Bench { app, mirrors, now } = &mut self.bench;
        app.guess(HERE, self.number, &[Typed::Text(text.into())], mirrors, *now)
    }

    fn passes(&mut self, ms: u64) {
        self.bench.now += Duration::from_millis(ms);
        self.bench.app.update(Event::Tick, &self.bench.mirrors, self.bench.now);
    }

    /// Nothing is to happen by itself.
    fn sleeps(&self) -> bool {
        self.bench.app.next_deadline(self.bench.now).is_none_or(|at| at > self.bench.now)
    }
}

#[test]
fn what_was_typed_into_a_lost_link_is_not_shown_and_the_next_link_is_guessed_on() {
    let mut slow = Slow::new();
    assert!(slow.types("b"));
    let why = String::from("cut");
    let since = slow.bench.now;
    slow.bench.client(ClientEvent::Link(LinkState::Reconnecting { since, why }));
    assert!(!slow.bench.app.predictor.is_shown());
    slow.bench.client(ClientEvent::Link(LinkState::Live));
    slow.types("c");
    slow.prints("c");
    assert!(slow.types("d"));
}

#[test]
fn nobody_is_woken_for_a_guess_about_a_pane_that_is_not_looked_at() {
    let mut slow = Slow::new();
    assert!(slow.types("b"));
    // Nothing of the other tab has come yet.
    slow.bench.keys("C-b n");
    assert_eq!(slow.bench.app.pane, PaneId(4));
    slow.passes(10_000);
    assert!(slow.sleeps());
}

#[test]
fn nobody_is_woken_for_a_guess_where_none_are_wanted_any_more() {
    let mut slow = Slow::new();
    assert!(slow.types("b"));
    let wanted = Settings { prediction: Prediction::Never, ..settings() };
    let event = Event::Config(Ok(Box::new(wanted)));
    slow.bench.app.update(event, &slow.bench.mirrors, slow.bench.now);
    slow.passes(10_000);
    assert!(slow.sleeps());
    assert!(!slow.bench.app.predictor.is_shown());
}

#[test]
fn what_was_asked_for_at_the_start_goes_before_the_configuration() {
    let mut bench = Bench::new();
    bench.app = bench.app.predicting(Some(Prediction::Never));
    let wanted = Settings { prediction: Prediction::Always, ..settings() };
    let event = Event::Config(Ok(Box::new(wanted)));
    bench.app.update(event, &bench.mirrors, bench.now);
    assert_eq!(bench.app.predictor.when, Prediction::Never);
    let arrival = Arrival { machine: None, host: "far".into(), spawn: Spawn::default() };
    bench.app.update(Event::Arrived(arrival), &bench.mirrors, bench.now);
    assert_eq!(bench.app.predictor.when, Prediction::Never);
}

/// Another attachment counts its inputs from the beginning: held against those of the one before, nothing was
/// guessed there until as much had been typed.
#[test]
fn on_another_machine_guessing_begins_anew() {
    let mut slow = Slow::new();
    for _ in 0..20 {
        slow.types("b");
        slow.prints("b");
    }
    slow.types("\r");
    slow.prints("\r\n$ ");
    let arrival = Arrival { machine: None, host: "far".into(), spawn: Spawn::default() };
    slow.bench.app.update(Event::Arrived(arrival), &slow.bench.mirrors, slow.bench.now);
    slow.bench.mirrors.clear();
    slow.bench.client(ClientEvent::Attached(Attached {
        attachment: AttachmentId(1),
        session: SessionId(1),
        name: "logs".into(),
        created: false,
        writable: true,
        ext: Ext::none(),
    }));
    slow.bench.client(ClientEvent::Layout(layout()));
    slow.bench.app.pane = HERE;
    slow.bench.app.link.round_trip = Some(Duration::from_millis(100));
    slow.number = 0;
    slow.prints("$ ");
    slow.types("c");
    slow.prints("c");
    assert!(slow.types("d"));
}

/// Guesses come, are borne out, turn out wrong and move with their rows: only their rows are drawn, and the
/// picture is the one that would have been drawn anew.
#[test]
fn rows_with_guesses_are_drawn_alone_and_the_picture_is_whole() {
    let mut slow = Slow::new();
    for other in [PaneId(2), PaneId(3)] {
        let here =
            FrameContext { pane: other, epoch: 1, base: None, input_done: 0, tty: TtyFlags(0) };
        let mut mirror = Mirror::new(other);
        let screen = Screen::new(Size { cols: 39, rows: 11 }, Limits::default());
        let _applied = mirror.apply(&frame_since(&screen, here)).unwrap();
        slow.bench.mirrors.insert(other, mirror);
    }
    let moment = Moment { clock: "12:34".into(), lost_seconds: 0 };
    let mut shown = view::draw(&slow.bench.app, &slow.bench.mirrors, &moment);
    let mut kept = view::Kept::of(&slow.bench.app, &slow.bench.mirrors).unwrap();
    let mut guessed = 0;
    // Keys, what is printed, and how many of the keys are unread then. The last one is read by a program that
    // prints nothing for it, so that its guess goes and its row stays.
    let steps: [(&str, &str, u64); 11] = [
        ("b", "", 0),
        ("c", "b", 1),
        ("한", "c", 1),
        ("d", "한", 1),
        ("e", "\x1b[H\x1b[Lnews from elsewhere\x1b[2;8H", 2),
        ("", "d", 1),
        ("", "X", 0),
        ("f", "f", 0),
        ("g", "g", 0),
        ("h", "", 0),
        ("", "\x1b[3 q", 0),
    ];
    for (typed, printed, unread) in steps {
        if !typed.is_empty() {
            slow.types(typed);
        }
        if !printed.is_empty() {
            slow.prints_before(unread, printed);
        }
        if unread == 0 && !printed.is_empty() {
            slow.passes(1000);
        }
        guessed += usize::from(slow.bench.app.predictor.is_shown());
        let patch = kept.patch(&slow.bench.app, &slow.bench.mirrors, &shown).unwrap();
        shown.lay(patch);
        let whole = view::draw(&slow.bench.app, &slow.bench.mirrors, &moment);
        assert_eq!(shown.text(), whole.text(), "behind {typed:?} and {printed:?}");
        let alike = (0..SIZE.rows).all(|y| shown.row(y) == whole.row(y));
        assert!(alike, "another look behind {typed:?} and {printed:?}");
        assert_eq!(shown.cursor, whole.cursor, "behind {typed:?} and {printed:?}");
    }
    assert!(guessed >= 6, "{guessed} pictures with guesses");
}
