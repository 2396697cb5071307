//! A program beside itself: in a bare terminal, and in a pane that a client looks at. Both are typed in
//! alike, and must show the same.

use std::fs::File;
use std::time::{Duration, Instant};

use ccc_vt::Size;
use rustix::fs::{CWD, Mode, OFlags, open};
use rustix::termios::{Winsize, tcgetwinsize};

use crate::error::{KitError, Result};
use crate::process::Process;
use crate::program::Program;
use crate::sandbox::Sandbox;
use crate::terminal::Terminal;

const SOON: Duration = Duration::from_secs(60);
const SMALL: Size = Size::new(80, 24);
const SIZES: [Size; 2] = [Size::new(200, 50), Size::new(60, 20)];

/// How many panes the tab has. The program's is the first, in the top left corner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Panes {
    One,
    Three,
}

/// A program beside itself: in a bare terminal, and in a pane that a client looks at.
#[derive(Debug)]
pub struct Both {
    pub sandbox: Sandbox,
    panes: Panes,
    kind: Kind,
    /// Of the pane, and so of the bare terminal.
    pub size: Size,
    bare: Terminal,
    pub shown: Terminal,
}

/// What stands around the program, and around the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A terminal that says nothing, seen by an emulator that is not ours.
    Silent,
    /// One that can do what modern ones can, and answers what it is asked.
    Answering,
}

impl Kind {
    fn start(self, program: &Program, size: Size) -> Result<Terminal> {
        match self {
            Self::Silent => Terminal::start(program, size),
            Self::Answering => Terminal::answering(program, size),
        }
    }
}

/// The size of the terminal that a program runs in, whichever of its first descriptors leads there.
fn terminal_size(pid: u32) -> Option<Winsize> {
    (0..3).find_map(|number| {
        let flags = OFlags::RDONLY | OFlags::NOCTTY | OFlags::NONBLOCK;
        let path = format!("/proc/{pid}/fd/{number}");
        // Only a terminal is opened: to open the end of a pipe would be to hold it open.
        let target = std::fs::read_link(&path).ok()?;
        let tty = target.starts_with("/dev/pts").then(|| open(&path, flags, Mode::empty()).ok())?;
        tcgetwinsize(tty?).ok()
    })
}

fn client(sandbox: &Sandbox) -> Program {
    sandbox.ccc(&["attach", "work", "--no-bar"]).env("COLORTERM", "truecolor")
}

/// What makes the session whose pane the program gets.
const NEW: &[&str] = &["new", "-d", "-n", "work", "--size", "80x24", "--"];

/// Starts the program when its terminal has been told how large a cell is in pixels: as that is a change of size, one
/// that runs already would draw anew at a moment that the bare one does not have.
fn start_with_pixels(sandbox: &Sandbox, kind: Kind, words: &[&str]) -> Result<Terminal> {
    let gate = sandbox.home().join("gate");
    rustix::fs::mkfifoat(CWD, &gate, Mode::from_raw_mode(0o600))
        .map_err(KitError::io("hold the program"))?;
    let name = gate.to_string_lossy();
    let held = ["/bin/sh", "-c", "read -r _ < \"$0\"; exec \"$@\"", &name];
    sandbox.ok(&[NEW, &held, words].concat())?;
    let shown = kind.start(&client(sandbox), SMALL)?;
    let until = Instant::now() + SOON;
    loop {
        let listing = sandbox.json(&["pane", "ls", "work", "--json"])?;
        let pid = listing["panes"][0]["pid"].as_u64().and_then(|pid| u32::try_from(pid).ok());
        if pid.and_then(terminal_size).is_some_and(|size| size.ws_xpixel > 0) {
            break;
        }
        if Instant::now() > until {
            let what = "the terminal of the program has no pixels".into();
            return Err(KitError::Unexpected { what, told: shown.text() });
        }
    }
    drop(File::options().write(true).open(&gate).map_err(KitError::io("let the program go"))?);
    std::fs::remove_file(&gate).map_err(KitError::io("let the program go"))?;
    Ok(shown)
}

impl Both {
    /// Starts the program twice. `ready` stands on the screen when it waits for input.
    ///
    /// # Errors
    /// It does not come to that.
    pub fn start(sandbox: Sandbox, kind: Kind, words: &[&str], ready: &str) -> Result<Self> {
        let bare = sandbox.program(words[0]).args(&words[1..]).env("COLORTERM", "truecolor");
        let bare = kind.start(&bare, SMALL)?;
        bare.wait_text(ready, SOON)?;
        let shown = match kind {
            Kind::Silent => {
                sandbox.ok(&[NEW, words].concat())?;
                kind.start(&client(&sandbox), SMALL)?
            }
            Kind::Answering => start_with_pixels(&sandbox, kind, words)?,
        };
        shown.wait_text(ready, SOON)?;
        Ok(Self { sandbox, panes: Panes::One, kind, size: SMALL, bare, shown })
    }

    /// Presses the same keys in both.
    ///
    /// # Errors
    /// As [`Terminal::type_keys`].
    pub fn type_keys(&self, keys: &str) -> Result<()> {
        self.bare.type_keys(keys)?;
        self.shown.type_keys(keys)
    }

    /// Types the same bytes in both.
    ///
    /// # Errors
    /// As [`Terminal::write`].
    pub fn write(&self, text: &str) -> Result<()> {
        self.bare.write(text.as_bytes())?;
        self.shown.write(text.as_bytes())
    }

    /// Types bytes one by one, each after the program has printed something for the one before: some
    /// forget what is typed faster.
    ///
    /// # Errors
    /// It prints nothing.
    pub fn write_slowly(&self, text: &str) -> Result<()> {
        for byte in text.chars() {
            let (printed, drawn) = (self.printed()?, self.bare.drawn());
            self.write(byte.encode_utf8(&mut [0; 4]))?;
            self.bare.wait_drawn(drawn + 1, SOON)?;
            self.wait_printed(printed)?;
        }
        Ok(())
    }

    /// Waits until the program has printed more in its pane.
    fn wait_printed(&self, before: u64) -> Result<()> {
        let until = Instant::now() + SOON;
        while self.printed()? == before {
            if Instant::now() > until {
                let what = "the program prints nothing in its pane".into();
                return Err(KitError::Unexpected { what, told: self.shown.text() });
            }
        }
        Ok(())
    }

    /// Waits until the panes share an area of this size and the program's terminal has its part of it, and gives
    /// that: what is typed before belongs to the old one.
    ///
    /// # Errors
    /// They do not come to that.
    pub fn part_of(&self, area: Size) -> Result<Size> {
        let until = Instant::now() + SOON;
        loop {
            let listing = self.sandbox.json(&["pane", "ls", "work", "--json"])?;
            let size = |id: &str| {
                let pane = listing["panes"].as_array()?.iter().find(|pane| pane["id"] == id)?;
                let side = |name: &str| u16::try_from(pane[name].as_u64()?).ok();
                Some(Size::new(side("cols")?, side("rows")?))
            };
            let part = size("p1").filter(|part| match self.panes {
                Panes::One => *part == area,
                Panes::Three => {
                    let (right, below) = (size("p2"), size("p3"));
                    right.is_some_and(|right| part.cols + 1 + right.cols == area.cols)
                        && below.is_some_and(|below| part.rows + 1 + below.rows == area.rows)
                }
            });
            let pid = listing["panes"][0]["pid"].as_u64().and_then(|pid| u32::try_from(pid).ok());
            let terminal = pid.and_then(terminal_size);
            let terminal = terminal.map(|size| Size::new(size.ws_col, size.ws_row));
            if let Some(part) = part.filter(|part| terminal == Some(*part)) {
                return Ok(part);
            }
            if Instant::now() > until {
                let what =
                    format!("the panes do not share {}x{}: {terminal:?}", area.cols, area.rows);
                return Err(KitError::Unexpected { what, told: listing.to_string() });
            }
        }
    }

    /// Gives the bare terminal the size of the pane.
    ///
    /// # Errors
    /// It is gone.
    pub fn resize_bare(&self) -> Result<()> {
        self.bare.resize(self.size)
    }

    /// Both show this text, and then the same.
    ///
    /// # Errors
    /// They do not come to that; the error shows where they differ.
    pub fn same(&self, with: &str) -> Result<()> {
        for terminal in [&self.bare, &self.shown] {
            terminal.wait_corner(self.size, with, SOON)?;
        }
        self.shown.wait_same_corner(&self.bare, self.size, SOON)
    }

    /// Puts two panes beside the program's.
    ///
    /// # Errors
    /// They do not come to that; the error shows where they differ.
    pub fn split(&mut self) -> Result<()> {
        let other = ["/bin/sh", "-c", "while read line; do echo $line; done"];
        for side in ["--right", "--down"] {
            let split = ["split", "p1", side, "--detached", "--"];
            self.sandbox.ok(&[&split[..], &other[..]].concat())?;
        }
        self.panes = Panes::Three;
        Ok(())
    }

    /// Bytes that the program has printed in its pane.
    fn printed(&self) -> Result<u64> {
        let listing = self.sandbox.json(&["pane", "ls", "work", "--json"])?;
        let panes = listing["panes"].as_array().into_iter().flatten();
        let own = panes.filter(|pane| pane["id"] == "p1");
        Ok(own.filter_map(|pane| pane["recorded_bytes"].as_u64()).sum())
    }

    /// Changes the size of the area or of its parts, and types what makes the program draw anew. It is
    /// typed after the program has heard of its size and drawn: some forget half a command then.
    ///
    /// # Errors
    /// They do not come to that; the error shows where they differ.
    pub fn change(
        &mut self,
        area: Size,
        change: impl FnOnce(&mut Self) -> Result<()>,
        redraw: &str,
        with: &str,
    ) -> Result<()> {
        let (printed, drawn) = (self.printed()?, self.bare.drawn());
        change(self)?;
        self.size = self.part_of(area)?;
        self.resize_bare()?;
        self.bare.wait_drawn(drawn + 1, SOON)?;
        self.wait_printed(printed)?;
        self.write(redraw)?;
        self.same(with)
    }

    /// Alone and among three panes: through the sizes, a detach and a kill, with `redraw` typed at
    /// each size.
    ///
    /// # Errors
    /// They do not come to that; the error shows where they differ.
    pub fn all(mut self, redraw: &str, with: &str) -> Result<()> {
        self.same(with)?;
        self.through(redraw, with)?;
        self.change(SIZES[1], Self::split, redraw, with)?;
        self.change(SMALL, |both| both.shown.resize(SMALL), redraw, with)?;
        self.through(redraw, with)
    }

    fn through(&mut self, redraw: &str, with: &str) -> Result<()> {
        for size in SIZES {
            self.change(size, |both| both.shown.resize(size), redraw, with)?;
        }
        self.shown.type_keys("<C-b>d")?;
        self.shown.wait_closed(SOON)?;
        self.shown = self.kind.start(&client(&self.sandbox), SIZES[1])?;
        self.same(with)?;
        let server = Process::open(self.sandbox.full_custody(SOON)?.server.pid);
        let server = server.ok_or_else(|| KitError::Unexpected {
            what: "there is no server".into(),
            told: self.shown.text(),
        })?;
        server.kill();
        server.wait_end(SOON)?;
        self.sandbox.full_custody(SOON)?;
        self.shown = self.kind.start(&client(&self.sandbox), SIZES[1])?;
        self.same(with)
    }
}
