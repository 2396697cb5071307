//! A real terminal in which a program runs. Owns the PTY, a thread that reads what the program
//! draws, and one that reaps it; everybody who waits is woken by them.

mod state;
mod waits;

use std::io::{Read as _, Write as _};
use std::num::NonZeroU16;
use std::os::fd::{AsFd as _, OwnedFd};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use ccc_vt::input::{encode_key, parse_keys};
use ccc_vt::{CellPixels, Facts, Limits, Notice, Screen, Size};
use portable_pty::{PtySize, native_pty_system};
use rustix::process::{PidfdFlags, PidfdGetfdFlags, getpid, pidfd_getfd, pidfd_open};
use rustix::termios::Winsize;

use crate::error::{KitError, Result};
use crate::eye::Picture;
use crate::process::Process;
use crate::program::Program;

use state::State;

/// How a program ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ended {
    Code(u32),
    /// The signal by its name.
    Signal(String),
}

/// A running program and what it shows.
#[derive(Debug)]
pub struct Terminal {
    shared: Arc<Shared>,
    master: OwnedFd,
    process: Process,
}

struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.lock().text())
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        // The state is whole after every statement.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.lock());
        self.changed.notify_all();
    }
}

impl Terminal {
    /// Starts a program in a terminal of its own.
    ///
    /// # Errors
    /// There is no terminal left, or the program does not start.
    pub fn start(program: &Program, size: Size) -> Result<Self> {
        Self::open(program, size, None)
    }

    /// Starts a program in a terminal that can do what modern ones can, and says so when it is asked.
    ///
    /// # Errors
    /// As [`Terminal::start`].
    pub fn answering(program: &Program, size: Size) -> Result<Self> {
        Self::answering_as(program, size, Facts::default())
    }

    /// The same with colours of its own.
    ///
    /// # Errors
    /// As [`Terminal::start`].
    pub fn answering_as(program: &Program, size: Size, facts: Facts) -> Result<Self> {
        Self::answering_in_cells(program, size, facts, CellPixels::STANDARD)
    }

    /// The same with cells of so many pixels.
    ///
    /// # Errors
    /// As [`Terminal::start`].
    pub fn answering_in_cells(
        program: &Program,
        size: Size,
        facts: Facts,
        cell: CellPixels,
    ) -> Result<Self> {
        let mut modern = Screen::new(size, Limits::default());
        modern.set_facts(facts);
        modern.set_cell(cell);
        Self::answering_by(program, modern)
    }

    /// The same with limits of its own: without room for a kind of strings it does not know them.
    ///
    /// # Errors
    /// As [`Terminal::start`].
    pub fn answering_within(program: &Program, size: Size, limits: Limits) -> Result<Self> {
        Self::answering_by(program, Screen::new(size, limits))
    }

    /// Starts a program in a terminal that has this screen, with all that it can and is.
    ///
    /// # Errors
    /// As [`Terminal::start`].
    pub fn answering_by(program: &Program, screen: Screen) -> Result<Self> {
        Self::open(program, screen.size(), Some(screen))
    }

    fn open(program: &Program, size: Size, modern: Option<Screen>) -> Result<Self> {
        let pty_size =
            PtySize { rows: size.rows, cols: size.cols, pixel_width: 0, pixel_height: 0 };
        let other = |error: &dyn std::fmt::Display| std::io::Error::other(error.to_string());
        let pair = native_pty_system()
            .openpty(pty_size)
            .map_err(|error| KitError::io("open a terminal")(other(&error)))?;
        let mut child = pair
            .slave
            .spawn_command(program.builder())
            .map_err(|error| KitError::io("start the program")(other(&error)))?;
        drop(pair.slave);
        // A descriptor of our own. The library's writer would type a line and an end of file into
        // the terminal when it is dropped.
        let raw = pair.master.as_raw_fd().unwrap_or(-1);
        let own =
            pidfd_open(getpid(), PidfdFlags::empty()).map_err(KitError::io("open a pidfd"))?;
        let master = pidfd_getfd(&own, raw, PidfdGetfdFlags::empty())
            .map_err(KitError::io("take the terminal"))?;
        let process = child.process_id().and_then(Process::child).ok_or_else(|| {
            KitError::io("take hold of the program")(std::io::Error::other("it has no pidfd"))
        })?;
        let side = |side: u16| NonZeroU16::new(side).unwrap_or(NonZeroU16::MIN);
        let shared = Arc::new(Shared {
            state: Mutex::new(State {
                parser: vt100::Parser::new(side(size.rows), side(size.cols), 0),
                modern,
                heard: Vec::new(),
                drawn: 0,
                tail: Vec::new(),
                blind: None,
                stuck: false,
                closed: false,
                ended: None,
            }),
            changed: Condvar::new(),
        });
        let drawing = Arc::clone(&shared);
        let reader = master.try_clone().map_err(KitError::io("share the terminal"))?;
        thread::spawn(move || watch(reader, &drawing));
        let reaping = Arc::clone(&shared);
        thread::spawn(move || {
            let ended = match child.wait() {
                Ok(status) => match status.signal() {
                    Some(signal) => Ended::Signal(signal.to_owned()),
                    None => Ended::Code(status.exit_code()),
                },
                Err(error) => Ended::Signal(format!("unknown: {error}")),
            };
            reaping.change(|state| state.ended = Some(ended));
        });
        Ok(Self { shared, master, process })
    }

    /// The program.
    pub fn process(&self) -> &Process {
        &self.process
    }

    /// The PTY's own side.
    pub fn master(&self) -> &OwnedFd {
        &self.master
    }

    /// Presses keys, written as people write them: `"<C-b>%ls<ret>"`.
    ///
    /// # Errors
    /// There is no such key, or nobody takes it.
    pub fn type_keys(&self, keys: &str) -> Result<()> {
        let fault = |why: &dyn std::fmt::Display| KitError::Keys {
            keys: keys.into(),
            why: why.to_string(),
        };
        let modes = self.shared.lock().modes();
        let mut bytes = Vec::new();
        for key in parse_keys(keys).map_err(|error| fault(&error))? {
            encode_key(&key, &modes, &mut bytes);
        }
        self.write(&bytes)
    }

    /// Types bytes as they are.
    ///
    /// # Errors
    /// Nobody takes them.
    pub fn write(&self, mut bytes: &[u8]) -> Result<()> {
        while !bytes.is_empty() {
            match rustix::io::write(&self.master, bytes) {
                Ok(count) => bytes = &bytes[count..],
                Err(rustix::io::Errno::INTR) => {}
                Err(errno) => return Err(KitError::io("type")(errno)),
            }
        }
        Ok(())
    }

    /// Changes its size, as dragging a window's corner does.
    ///
    /// # Errors
    /// The terminal is gone.
    pub fn resize(&self, size: Size) -> Result<()> {
        let side = |side: u16| NonZeroU16::new(side).unwrap_or(NonZeroU16::MIN);
        // The eye first: what the program draws for the new size must find it there.
        self.shared.change(|state| {
            state.see(|parser| parser.set_size(side(size.rows), side(size.cols)));
            if let Some(modern) = &mut state.modern {
                modern.resize(size);
            }
        });
        let winsize = Winsize { ws_row: size.rows, ws_col: size.cols, ws_xpixel: 0, ws_ypixel: 0 };
        rustix::termios::tcsetwinsize(self.master.as_fd(), winsize)
            .map_err(KitError::io("resize the terminal"))
    }

    /// What is to be seen now.
    pub fn picture(&self) -> Picture {
        self.shared.lock().picture()
    }

    /// What is to be seen now of this much of it, from the top left corner on.
    pub fn corner(&self, size: Size) -> Picture {
        self.shared.lock().corner(size)
    }

    /// All that was heard so far.
    pub fn heard(&self) -> Vec<Notice> {
        self.shared.lock().heard.clone()
    }

    /// Gives a terminal that answers other colours. A program that asked to be told is.
    ///
    /// # Errors
    /// Nobody reads what it is told.
    pub fn set_facts(&self, facts: Facts) -> Result<()> {
        self.change_modern(|modern| modern.set_facts(facts))
    }

    /// The same for cells of another size in pixels, as another font has them.
    ///
    /// # Errors
    /// Nobody reads what it is told.
    pub fn set_cell(&self, cell: CellPixels) -> Result<()> {
        self.change_modern(|modern| modern.set_cell(cell))
    }

    fn change_modern(&self, change: impl FnOnce(&mut Screen)) -> Result<()> {
        let mut told = Vec::new();
        self.shared.change(|state| {
            if let Some(modern) = &mut state.modern {
                change(modern);
                told = modern.take_replies();
            }
        });
        self.write(&told)
    }

    /// Takes nothing of what is drawn from now on, or goes on taking it.
    pub fn set_stuck(&self, stuck: bool) {
        self.shared.change(|state| state.stuck = stuck);
    }

    /// The screen as text.
    pub fn text(&self) -> String {
        self.shared.lock().text()
    }

    /// Looks at the screen of a terminal that does not answer.
    pub fn look<T>(&self, look: impl FnOnce(&vt100::Screen) -> T) -> T {
        look(self.shared.lock().parser.screen())
    }

    /// How many bytes the program has drawn.
    pub fn drawn(&self) -> u64 {
        self.shared.lock().drawn
    }

    /// The last bytes that the program drew, at most 64 KiB.
    pub fn drawn_last(&self) -> Vec<u8> {
        self.shared.lock().tail.clone()
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        self.process.kill();
    }
}

/// Reads what the program draws until nobody has the terminal open.
fn watch(master: OwnedFd, shared: &Shared) {
    let mut file = std::fs::File::from(master);
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let stuck = shared.changed.wait_while(shared.lock(), |state| state.stuck);
        drop(stuck);
        match file.read(&mut buffer) {
            Ok(count) if count > 0 => {
                let mut replies = Vec::new();
                shared.change(|state| replies = state.draw(&buffer[..count]));
                if file.write_all(&replies).is_err() {
                    return shared.change(|state| state.closed = true);
                }
            }
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            // Linux says EIO when the last holder of the other side is gone.
            Ok(_) | Err(_) => return shared.change(|state| state.closed = true),
        }
    }
}
