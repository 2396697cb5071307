//! Guesses over a link in virtual time, with a program at its end that edits a line.

use std::collections::VecDeque;

use ccc_client::proto::Frame;
use ccc_sync::{FrameContext, frame_since};
use ccc_vt::input::{Key, KeyEvent, Modifiers, MouseButton, MouseEvent, MouseKind};
use ccc_vt::{Limits, Screen};
use proptest::prelude::*;

use super::line::Line;
use super::*;

const PANE: PaneId = PaneId(1);
const STEP: Duration = Duration::from_millis(5);
const SIZE: Size = Size::new(40, 6);
const COOKED: TtyFlags = TtyFlags(TtyFlags::ECHO | TtyFlags::ICANON);
const RAW: TtyFlags = TtyFlags(0);

/// What a program prints for what it reads.
type Program = fn(&str) -> String;

fn echo(typed: &str) -> String {
    match typed {
        "\x7f" => "\x08 \x08".into(),
        "\r" => "\r\nout\r\n$ ".into(),
        "\x1b[D" => "\x08".into(),
        "\x1b[C" => "\x1b[C".into(),
        typed => typed.into(),
    }
}

fn silence(_: &str) -> String {
    String::new()
}

struct Link {
    now: Instant,
    one_way: Duration,
    round_trip: Duration,
    program: Program,
    tty: TtyFlags,
    screen: Screen,
    mirror: Mirror,
    predictor: Predictor,
    inputs: u64,
    done: u64,
    up: VecDeque<(Instant, u64, String)>,
    down: VecDeque<(Instant, Frame)>,
}

impl Link {
    fn new(ms: u64, tty: TtyFlags, program: Program) -> Self {
        let round_trip = Duration::from_millis(ms);
        let mut link = Self {
            now: Instant::now(),
            one_way: round_trip / 2,
            round_trip,
            program,
            tty,
            screen: Screen::new(SIZE, Limits::default()),
            mirror: Mirror::new(PANE),
            predictor: Predictor::new(Prediction::Auto),
            inputs: 0,
            done: 0,
            up: VecDeque::new(),
            down: VecDeque::new(),
        };
        link.print("$ ");
        link.pass(2 * ms + 100);
        link
    }

    fn print(&mut self, text: &str) {
        self.screen.advance(text.as_bytes());
        let context =
            FrameContext { pane: PANE, epoch: 1, base: None, input_done: self.done, tty: self.tty };
        let mut frame = frame_since(&self.screen, context);
        // As the server counts: something beside the screen makes another version, too.
        frame.seq = frame.seq * 1000 + self.done + 1;
        self.down.push_back((self.now + self.one_way, frame));
    }

    fn press(&mut self, key: KeyEvent, bytes: &str) {
        self.inputs += 1;
        let typed = [Typed::Key(key)];
        self.predictor.typed(&self.mirror, self.inputs, &typed, self.round_trip, self.now);
        self.up.push_back((self.now + self.one_way, self.inputs, bytes.into()));
    }

    fn click(&mut self) {
        self.inputs += 1;
        let kind = MouseKind::Press(MouseButton::Left);
        let mouse = MouseEvent { kind, col: 5, row: 3, modifiers: Modifiers::empty() };
        let typed = [Typed::Mouse(mouse)];
        self.predictor.typed(&self.mirror, self.inputs, &typed, self.round_trip, self.now);
        self.up.push_back((self.now + self.one_way, self.inputs, String::new()));
    }

    fn type_text(&mut self, text: &str) {
        for char in text.chars() {
            match char {
                '\x7f' => self.press(Key::Backspace.into(), "\x7f"),
                '\r' => self.press(Key::Enter.into(), "\r"),
                '<' => self.press(Key::Left.into(), "\x1b[D"),
                '>' => self.press(Key::Right.into(), "\x1b[C"),
                char => self.press(KeyEvent::char(char), &char.to_string()),
            }
        }
    }

    fn pass(&mut self, ms: u64) {
        let until = self.now + Duration::from_millis(ms);
        while self.now < until {
            self.now += STEP;
            while let Some((_, input, bytes)) = self.up.pop_front_if(|(at, ..)| *at <= self.now) {
                self.done = input;
                let printed = (self.program)(&bytes);
                self.print(&printed);
            }
            while let Some((_, frame)) = self.down.pop_front_if(|(at, _)| *at <= self.now) {
                let _applied = self.mirror.apply(&frame).unwrap();
            }
            self.predictor.judge(&self.mirror, self.round_trip, self.now);
        }
    }

    /// The line with the cursor as it is shown, the cursor as `|`.
    fn shown(&self) -> String {
        let overlay = self.predictor.overlay(&self.mirror);
        let truth = self.mirror.cursor();
        let (col, row) = overlay.cursor.unwrap_or((truth.col, truth.row));
        let mut line = Line::new(self.mirror.row(row).unwrap(), SIZE.cols);
        for (col, _, cell) in overlay.cells.iter().filter(|(_, y, _)| *y == row) {
            line.put(*col, cell);
        }
        let mut text = String::new();
        for at in 0..SIZE.cols {
            if at == col {
                text.push('|');
            }
            let cell = line.cell(at).unwrap();
            if cell.width > 0 {
                text.push_str(cell.as_read());
            }
        }
        text.trim_end().into()
    }

    /// Types it and waits for all of it to come back.
    fn settle(&mut self, text: &str) {
        self.type_text(text);
        self.pass(3000);
    }
}

#[test]
fn what_is_typed_is_shown_at_once_when_a_guess_was_right() {
    let mut link = Link::new(100, RAW, echo);
    link.type_text("l");
    assert_eq!(link.shown(), "$ |");
    link.pass(110);
    assert_eq!(link.shown(), "$ l|");
    link.type_text("s -한글");
    assert_eq!(link.shown(), "$ ls -한글|");
    let marked = link.predictor.overlay(&link.mirror).cells;
    assert!(marked.iter().all(|(.., cell)| {
        cell.text.is_blank() || cell.style.underline == ccc_vt::Underline::Single
    }));
    link.pass(150);
    assert_eq!(link.predictor.overlay(&link.mirror), Overlay::default());
    assert_eq!(link.shown(), "$ ls -한글|");
    // What a key does that is more than itself is not known; nothing is shown before the next right guess.
    link.type_text("\rx");
    assert_eq!(link.shown(), "$ ls -한글|");
    link.pass(120);
    assert_eq!(link.shown(), "$ x|");
}

#[test]
fn on_a_fast_link_nothing_is_shown_until_it_stalls() {
    let mut link = Link::new(10, RAW, echo);
    link.settle("ls");
    link.type_text("x");
    assert_eq!(link.shown(), "$ ls|");
    link.pass(20);
    assert_eq!(link.shown(), "$ lsx|");
    link.one_way = Duration::from_millis(300);
    link.type_text("y");
    link.pass(200);
    assert_eq!(link.shown(), "$ lsx|");
    link.pass(60);
    assert_eq!(link.shown(), "$ lsxy|");
    assert!(!link.predictor.marked);
    link.type_text("z");
    assert_eq!(link.shown(), "$ lsxyz|");
    link.one_way = Duration::from_millis(5);
    link.settle("");
    // When it has been quick for a while it is trusted again.
    for char in "abcdefghijkl".chars() {
        link.settle(&char.to_string());
    }
    link.type_text("m");
    assert!(!link.predictor.is_shown());
}

#[test]
fn a_password_is_never_shown() {
    // The line discipline says so, and where it does not, no guess was right.
    let (always, auto) = (Prediction::Always, Prediction::Auto);
    let unseen = TtyFlags(TtyFlags::ICANON);
    for (tty, when) in
        [(unseen, always), (RAW, always), (unseen, auto), (RAW, auto), (COOKED, auto)]
    {
        let mut link = Link::new(100, tty, silence);
        link.predictor.when = when;
        for char in "hunter2 is long".chars() {
            link.type_text(&char.to_string());
            assert!(!link.predictor.is_shown(), "{tty:?}: {}", link.shown());
            link.pass(30);
            assert!(!link.predictor.is_shown(), "{tty:?}: {}", link.shown());
        }
    }
    // Also where guesses were right a moment before.
    let mut link = Link::new(100, RAW, echo);
    link.settle("su");
    link.tty = TtyFlags(TtyFlags::ICANON);
    link.program = silence;
    link.print("\r\npassword: ");
    link.pass(100);
    link.type_text("secret");
    assert_eq!(link.shown(), "password: |");
}

#[test]
fn who_always_wants_guesses_has_the_first_one_where_the_terminal_echoes() {
    let mut link = Link::new(100, COOKED, echo);
    link.predictor.when = Prediction::Always;
    link.type_text("l");
    assert_eq!(link.shown(), "$ l|");
    link.settle("s");
    link.type_text("\r");
    link.pass(300);
    link.type_text("x");
    assert_eq!(link.shown(), "$ x|");
    // Without that wish it waits for another to be right, on a link of any speed.
    let mut link = Link::new(100, COOKED, echo);
    link.type_text("l");
    assert_eq!(link.shown(), "$ |");
    // What a program makes of a key is not known before one was right, whatever is wished.
    let mut link = Link::new(4, RAW, echo);
    link.predictor.when = Prediction::Always;
    link.type_text("l");
    assert_eq!(link.shown(), "$ |");
    link.settle("");
    link.type_text("s");
    assert_eq!(link.shown(), "$ ls|");
}

#[test]
fn who_always_wants_guesses_is_misled_once_where_nothing_is_echoed_after_all() {
    let mut link = Link::new(100, COOKED, silence);
    link.predictor.when = Prediction::Always;
    link.type_text("h");
    assert_eq!(link.shown(), "$ h|");
    link.settle("");
    assert_eq!(link.shown(), "$ |");
    for char in "unter2".chars() {
        link.type_text(&char.to_string());
        assert_eq!(link.shown(), "$ |");
        link.pass(30);
    }
    // Until one is right again.
    link.settle("");
    link.program = echo;
    link.settle("a");
    link.type_text("b");
    assert!(link.predictor.is_shown(), "{}", link.shown());
}

#[test]
fn who_wants_no_guesses_is_shown_none() {
    let mut link = Link::new(500, COOKED, echo);
    link.predictor.when = Prediction::Never;
    for char in "a slow link".chars() {
        link.type_text(&char.to_string());
        assert!(!link.predictor.is_shown());
        link.pass(400);
    }
}

#[test]
fn behind_a_click_nothing_is_shown_before_the_program_has_it() {
    let mut link = Link::new(100, RAW, echo);
    link.settle("name");
    link.click();
    link.program = silence;
    link.type_text("secret");
    assert_eq!(link.shown(), "$ name|");
}

#[test]
fn what_was_typed_before_the_password_was_asked_for_goes_when_that_is_known() {
    let mut link = Link::new(100, RAW, echo);
    link.settle("su");
    link.tty = TtyFlags(TtyFlags::ICANON);
    link.program = silence;
    link.print("\r\npassword: ");
    link.type_text("secret");
    link.pass(60);
    assert_eq!(link.shown(), "password: |");
    assert_eq!(link.predictor.overlay(&link.mirror), Overlay::default());
}

#[test]
fn a_wrong_guess_goes_and_the_next_ones_wait_for_a_right_one() {
    let mut link = Link::new(100, RAW, echo);
    link.settle("abc");
    link.program = |_| "*".into();
    link.type_text("d");
    assert_eq!(link.shown(), "$ abcd|");
    link.pass(300);
    assert_eq!(link.shown(), "$ abc*|");
    link.type_text("e");
    assert_eq!(link.shown(), "$ abc*|");
    link.program = echo;
    link.settle("f");
    link.type_text("g");
    assert!(link.shown().ends_with("fg|"), "{}", link.shown());
}

#[test]
fn text_makes_room_and_closes_up_and_what_stands_apart_stays() {
    let mut link = Link::new(100, RAW, echo);
    link.settle("hello");
    link.print("\x1b7\x1b[30G│ at 12:00\x1b8");
    link.pass(100);
    link.program = |typed| match typed {
        // As a line editor draws it.
        "\x7f" => "\x08llo \x08\x08\x08\x08".into(),
        "\x1b[D" => "\x08".into(),
        typed => format!("{typed}llo\x08\x08\x08"),
    };
    link.type_text("<<<");
    assert_eq!(link.shown(), "$ he|llo                      │ at 12:00");
    link.type_text("y");
    assert_eq!(link.shown(), "$ hey|llo                     │ at 12:00");
    link.type_text("\x7f");
    assert_eq!(link.shown(), "$ he|llo                      │ at 12:00");
    link.pass(1000);
    assert_eq!(link.shown(), "$ he|llo                      │ at 12:00");
    assert_eq!(link.predictor.overlay(&link.mirror), Overlay::default());
    assert!(link.predictor.confirmed >= link.predictor.epoch, "no guess was wrong");
}

#[test]
fn output_from_elsewhere_moves_a_guess_along() {
    let mut link = Link::new(100, COOKED, echo);
    link.print("\x1b[6;1H$ ");
    link.pass(100);
    link.settle("mak");
    link.type_text("e");
    assert_eq!(link.shown(), "$ make|");
    let row = |link: &Link| link.predictor.overlay(&link.mirror).cells.first().map(|cell| cell.1);
    assert_eq!(row(&link), Some(5));
    // A message scrolls the screen and the line is as it was, one row higher.
    link.print("\x1b7\r\nnews\x1b8\x1b[A");
    link.up.iter_mut().for_each(|(at, ..)| *at += Duration::from_millis(200));
    link.pass(60);
    assert_eq!(row(&link), Some(4));
}

#[test]
fn where_a_line_may_wrap_nothing_is_guessed() {
    let mut link = Link::new(100, RAW, echo);
    link.settle(&"x".repeat(36));
    link.type_text("yz");
    assert!(link.shown().ends_with("xy|x") || link.shown().ends_with("xy|"), "{}", link.shown());
    link.type_text("w");
    assert!(!link.shown().contains("zw"), "{}", link.shown());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever is typed, over whatever link: in the end what is shown is true.
    #[test]
    fn in_the_end_the_truth_is_shown(
        keys in "[a-d 한\\x7f<>\\r]{1,60}",
        pauses in prop::collection::vec(0_u64..300, 60),
        ms in 0_u64..400,
        silent in any::<bool>(),
    ) {
        let mut link = Link::new(ms, RAW, if silent { silence } else { echo });
        for (key, pause) in keys.chars().zip(pauses) {
            link.type_text(&key.to_string());
            link.pass(pause);
            let overlay = link.predictor.overlay(&link.mirror);
            prop_assert!(!silent || overlay == Overlay::default());
        }
        link.pass(6000);
        prop_assert!(!link.predictor.is_shown());
        prop_assert!(!link.predictor.has_any(), "{:?}", link.predictor);
        prop_assert_eq!(link.predictor.next_deadline(link.round_trip), None);
    }
}
