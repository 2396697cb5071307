//! Who is measured: a bare parser, two other emulators, and our engine, each with the same screen and
//! 10,000 lines of scrollback.

use std::num::NonZeroU16;

use alacritty_terminal::event::VoidListener;
use alacritty_terminal::grid::Dimensions;
use alacritty_terminal::term::{Config, Term};
use ccc_vt::{Limits, Screen, Size};

use crate::inputs::{COLS, Input, ROWS};

/// Lines of scrollback.
const LINES: usize = 10_000;
/// Bytes that are given at once: what a pane is fed with in one turn.
const TURN: usize = 16 << 10;

/// An emulator that goes on from input to input.
pub(crate) enum Contender {
    Vte(Box<vte::Parser>),
    Vt100(Box<vt100::Parser>),
    Alacritty(Box<vte::ansi::Processor>, Box<Term<VoidListener>>),
    Ours(Box<Screen>),
}

/// A parser's events, unheard.
struct Nobody;

impl vte::Perform for Nobody {}

struct Sides;

impl Dimensions for Sides {
    fn total_lines(&self) -> usize {
        usize::from(ROWS)
    }

    fn screen_lines(&self) -> usize {
        usize::from(ROWS)
    }

    fn columns(&self) -> usize {
        usize::from(COLS)
    }
}

impl Contender {
    pub(crate) const NAMES: [&'static str; 4] = ["vte", "vt100", "alacritty_terminal", "ccc-vt"];

    pub(crate) fn new(name: &str, input: &Input) -> Self {
        match name {
            "vte" => Self::Vte(Box::default()),
            "vt100" => {
                let side = |side| NonZeroU16::new(side).unwrap_or(NonZeroU16::MIN);
                Self::Vt100(Box::new(vt100::Parser::new(side(ROWS), side(COLS), LINES)))
            }
            "alacritty_terminal" => {
                let config = Config { scrolling_history: LINES, ..Config::default() };
                Self::Alacritty(Box::default(), Box::new(Term::new(config, &Sides, VoidListener)))
            }
            _ => {
                let limits = Limits { scrollback_bytes: input.scrollback, ..Limits::default() };
                Self::Ours(Box::new(Screen::new(Size::new(COLS, ROWS), limits)))
            }
        }
    }

    pub(crate) fn feed(&mut self, bytes: &[u8]) {
        for turn in bytes.chunks(TURN) {
            match self {
                Self::Vte(parser) => parser.advance(&mut Nobody, turn),
                Self::Vt100(parser) => parser.process(turn),
                Self::Alacritty(parser, term) => parser.advance(&mut **term, turn),
                Self::Ours(screen) => screen.advance(turn),
            }
        }
    }

    /// Our window is capped in bytes: it must hold as many rows as the others do.
    pub(crate) fn check(&self, input: &Input) {
        if let Self::Ours(screen) = self
            && input.scrolls
        {
            let rows: usize = screen.scrollback().lines().map(|line| line.wrap(COLS).len()).sum();
            assert!(rows >= LINES, "{}: {rows} rows of scrollback", input.name);
        }
    }
}
