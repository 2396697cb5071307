//! The terminals that the monkey sits at: how images are drawn on them, and how large a cell is.

use ccc_testkit::vt::{CellPixels, Limits, Screen};
use ccc_testkit::{Program, Result, Size, Terminal};

/// How a terminal draws images.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Draws {
    /// By the kitty graphics protocol.
    Kitty,
    /// As sixels alone.
    Sixels,
    /// Not at all: it is not even asked.
    Boxes,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Outer {
    pub(crate) draws: Draws,
    pub(crate) cell: CellPixels,
}

impl Outer {
    pub(crate) const fn new(draws: Draws) -> Self {
        Self { draws, cell: CellPixels::STANDARD }
    }

    /// Starts a program in such a terminal.
    pub(crate) fn start(self, program: &Program, size: Size) -> Result<Terminal> {
        let mut limits = Limits::default();
        if self.draws == Draws::Sixels {
            // No room for any APC string.
            limits.apc_bytes = 0;
        }
        let program = match self.draws {
            Draws::Boxes => program.clone().env("TERM", "linux"),
            Draws::Kitty | Draws::Sixels => program.clone(),
        };
        let mut screen = Screen::new(size, limits);
        screen.set_cell(self.cell);
        Terminal::answering_by(&program, screen)
    }
}
