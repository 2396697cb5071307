//! How the client that is played with looks at the session: from where, and with what around the panes.

use ccc_testkit::Size;

use super::outer::Draws;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Kind {
    /// Over a network, from another machine.
    pub(crate) far: bool,
    /// Keys are shown before programs echo them, on every link.
    pub(crate) guesses: bool,
    pub(crate) look: Look,
    /// On what terminal.
    pub(crate) draws: Draws,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Look {
    Whole,
    NoBar,
    Plain,
}

impl Kind {
    /// Each comes once in 120 seeds, or oftener.
    pub(crate) const fn of(seed: u64) -> Self {
        let look = match seed % 5 {
            0 => Look::NoBar,
            1 => Look::Plain,
            _ => Look::Whole,
        };
        let draws = match seed % 8 {
            1 | 5 => Draws::Sixels,
            3 => Draws::Boxes,
            _ => Draws::Kitty,
        };
        Self { far: seed % 3 == 2, guesses: !seed.is_multiple_of(3), look, draws }
    }
}

impl Look {
    /// What a client is told.
    pub(crate) const fn words(self) -> &'static [&'static str] {
        match self {
            Self::Whole => &[],
            Self::NoBar => &["--no-bar"],
            Self::Plain => &["--plain"],
        }
    }

    /// How much of a terminal of this size shows panes.
    pub(crate) fn area(self, size: Size) -> Size {
        let bar = u16::from(self != Self::NoBar);
        Size::new(size.cols, size.rows - bar)
    }
}
