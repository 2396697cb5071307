//! Somebody who looks at one pane by `attach --raw`. Owns what must be so when all has come to rest, and when they
//! leave.

use std::time::{Duration, Instant};

use ccc_testkit::vt::Screen;
use ccc_testkit::{KitError, Result, Sandbox, Size, Terminal};

use super::outer::{Draws, Outer};

const SOON: Duration = Duration::from_secs(60);
/// How long nothing is drawn before all is there: images come a moment after the text.
pub(crate) const QUIET: Duration = Duration::from_millis(150);

pub(crate) struct RawClient {
    terminal: Terminal,
    outer: Outer,
    size: Size,
}

impl RawClient {
    pub(crate) fn come(server: &Sandbox, pane: &str, outer: Outer, size: Size) -> Result<Self> {
        let terminal = outer.start(&server.ccc(&["attach", pane, "--raw"]), size)?;
        Ok(Self { terminal, outer, size })
    }

    pub(crate) fn types(&self, text: &str) -> Result<()> {
        if self.terminal.process().has_ended() {
            return Ok(());
        }
        self.terminal.write(text.as_bytes())
    }

    pub(crate) fn resize(&mut self, size: Size) -> Result<()> {
        self.size = size;
        self.terminal.resize(size)
    }

    pub(crate) fn set_stuck(&self, stuck: bool) {
        self.terminal.set_stuck(stuck);
    }

    /// Waits until it shows what one shows that has just come to the same pane.
    pub(crate) fn rest(&self, server: &Sandbox) -> Result<()> {
        self.set_stuck(false);
        let until = Instant::now() + SOON;
        let pane = loop {
            if self.terminal.process().has_ended() {
                // The session may have.
                return self.left();
            }
            if let Some(pane) = looked_at(server, self.size)? {
                break pane;
            }
            if Instant::now() > until {
                let what = "a raw client that looks at no pane".into();
                return Err(KitError::Unexpected { what, told: self.terminal.text() });
            }
        };
        let fresh = self.outer.start(&server.ccc(&["attach", &pane, "--raw"]), self.size)?;
        fresh.wait_quiet(QUIET, SOON)?;
        self.terminal.wait_same(&fresh, SOON).map_err(|error| KitError::Unexpected {
            what: format!("a raw client that looks at {pane}: {error}"),
            told: format!("{}\nnot\n{}", self.terminal.text(), fresh.text()),
        })?;
        Self { terminal: fresh, ..*self }.leave()
    }

    /// Leaves, and finds the terminal as it was.
    pub(crate) fn leave(&self) -> Result<()> {
        self.set_stuck(false);
        if !self.terminal.process().has_ended() {
            self.terminal.type_keys("<C-b>d")?;
        }
        self.left()
    }

    fn left(&self) -> Result<()> {
        self.terminal.wait_closed(SOON)?;
        let drawn = self.terminal.drawn_last();
        if String::from_utf8_lossy(&drawn).contains("panicked") {
            let what = "a raw client that panicked".into();
            return Err(KitError::Unexpected { what, told: self.terminal.text() });
        }
        let before = Screen::new(self.size, Default::default()).modes();
        let kitty = self.outer.draws == Draws::Kitty;
        self.terminal.wait_screen("a terminal as it was", SOON, |screen| {
            screen.modes() == before && !(kitty && screen.images().len() > 0)
        })
    }
}

/// The pane that a client looks at whose terminal shows panes in this much of it, which no other's does.
pub(crate) fn looked_at(server: &Sandbox, area: Size) -> Result<Option<String>> {
    let told = server.json(&["ls", "--clients", "--json"])?;
    let mut clients = told["clients"].as_array().into_iter().flatten();
    let (cols, rows) = (Some(u64::from(area.cols)), Some(u64::from(area.rows)));
    let ours =
        clients.find(|client| (client["cols"].as_u64(), client["rows"].as_u64()) == (cols, rows));
    Ok(ours.and_then(|client| client["pane"].as_str()).map(str::to_owned))
}
