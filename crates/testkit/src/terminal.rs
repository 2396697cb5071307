//! A real terminal in which a program runs. Owns the PTY, a thread that reads what the program
//! draws, and one that reaps it; everybody who waits is woken by them. A terminal that answers also
//! has a second emulator, which replies to what the program asks.

use std::any::Any;
use std::ffi::{OsStr, OsString};
use std::io::{Read as _, Write as _};
use std::num::NonZeroU16;
use std::os::fd::{AsFd as _, OwnedFd};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use ccc_vt::input::{encode_key, parse_keys};
use ccc_vt::{CellPixels, Facts, Limits, Modes, Notice, Screen, Size};
use portable_pty::{CommandBuilder, PtySize, native_pty_system};
use rustix::process::{PidfdFlags, PidfdGetfdFlags, getpid, pidfd_getfd, pidfd_open};
use rustix::termios::Winsize;

use crate::error::{KitError, Result};
use crate::eye::{self, Picture};
use crate::process::Process;

/// What is run in a terminal: a program, its arguments, and its whole environment.
#[derive(Clone, Debug)]
pub struct Program {
    words: Vec<OsString>,
    environment: Vec<(OsString, OsString)>,
    directory: PathBuf,
}

impl Program {
    /// A program with an empty environment, in the root directory.
    pub fn new(program: impl AsRef<OsStr>) -> Self {
        let words = vec![program.as_ref().to_owned()];
        Self { words, environment: Vec::new(), directory: "/".into() }
    }

    #[must_use]
    pub fn args<A: AsRef<OsStr>>(mut self, args: impl IntoIterator<Item = A>) -> Self {
        self.words.extend(args.into_iter().map(|arg| arg.as_ref().to_owned()));
        self
    }

    #[must_use]
    pub fn env(mut self, name: impl AsRef<OsStr>, value: impl AsRef<OsStr>) -> Self {
        self.environment.retain(|(known, _)| known != name.as_ref());
        self.environment.push((name.as_ref().to_owned(), value.as_ref().to_owned()));
        self
    }

    #[must_use]
    pub fn directory(mut self, directory: &Path) -> Self {
        directory.clone_into(&mut self.directory);
        self
    }

    /// The same, started by other words in front of it.
    pub(crate) fn led_by(mut self, words: impl IntoIterator<Item = String>) -> Self {
        self.words.splice(0..0, words.into_iter().map(OsString::from));
        self
    }

    /// The same without a terminal.
    pub fn command(&self) -> std::process::Command {
        let mut command = std::process::Command::new(&self.words[0]);
        command.args(&self.words[1..]).env_clear().envs(self.environment.iter().cloned());
        command.current_dir(&self.directory);
        command
    }

    fn builder(&self) -> CommandBuilder {
        let mut builder = CommandBuilder::from_argv(self.words.clone());
        builder.env_clear();
        self.environment.iter().for_each(|(name, value)| builder.env(name, value));
        builder.cwd(&self.directory);
        builder
    }
}

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

struct State {
    parser: vt100::Parser,
    /// What answers the program's questions, in a terminal that does.
    modern: Option<Screen>,
    /// What the program said to it beside its picture.
    heard: Vec<Notice>,
    /// Bytes that the program has drawn.
    drawn: u64,
    /// The last bytes drawn.
    tail: Vec<u8>,
    /// The emulator behind the eye gave up; what it shows is not to be believed.
    blind: Option<String>,
    /// Nothing is read: the terminal fills up, and whoever draws on it has to wait.
    stuck: bool,
    /// Nobody has the terminal open any more.
    closed: bool,
    ended: Option<Ended>,
}

/// How long one of two terminals is waited for before both are looked at again.
const LOOK_AGAIN: Duration = Duration::from_millis(200);

/// How much of what was drawn last is kept.
const TAIL: usize = 64 * 1024;

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
        Self::open(program, size, Some(modern))
    }

    /// The same with limits of its own: without room for a kind of strings it does not know them.
    ///
    /// # Errors
    /// As [`Terminal::start`].
    pub fn answering_within(program: &Program, size: Size, limits: Limits) -> Result<Self> {
        Self::open(program, size, Some(Screen::new(size, limits)))
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

    /// Waits until the screen of a terminal that does not answer is as it should be. Looks again
    /// whenever something was drawn.
    ///
    /// # Errors
    /// It did not come to that; the error shows what was there instead.
    pub fn wait_for(
        &self,
        what: &str,
        within: Duration,
        mut check: impl FnMut(&vt100::Screen) -> bool,
    ) -> Result<()> {
        self.wait(what, within, |state| check(state.parser.screen()))
    }

    /// Waits until this text stands somewhere on the screen.
    ///
    /// # Errors
    /// As [`Terminal::wait_for`].
    pub fn wait_text(&self, wanted: &str, within: Duration) -> Result<()> {
        self.wait(&format!("`{wanted}`"), within, |state| state.text().contains(wanted))
    }

    /// Waits until this text stands within this much of the screen, from the top left corner on.
    ///
    /// # Errors
    /// As [`Terminal::wait_for`].
    pub fn wait_corner(&self, size: Size, wanted: &str, within: Duration) -> Result<()> {
        let shows = |state: &State| state.corner(size).plain().contains(wanted);
        self.wait(&format!("`{wanted}`"), within, shows)
    }

    /// What is to be seen now.
    pub fn picture(&self) -> Picture {
        self.shared.lock().picture()
    }

    /// What is to be seen now of this much of it, from the top left corner on.
    pub fn corner(&self, size: Size) -> Picture {
        self.shared.lock().corner(size)
    }

    /// Waits until this picture is to be seen.
    ///
    /// # Errors
    /// As [`Terminal::wait_for`]; the error shows where they differ.
    pub fn wait_picture(&self, wanted: &Picture, within: Duration) -> Result<()> {
        self.wait_looked(wanted, within, State::picture)
    }

    fn wait_looked(
        &self,
        wanted: &Picture,
        within: Duration,
        look: impl Fn(&State) -> Picture,
    ) -> Result<()> {
        let waited = self.wait("a picture", within, |state| look(state) == *wanted);
        waited.map_err(|error| match error {
            KitError::TimedOut { what, within, .. } => {
                let instead = look(&self.shared.lock()).differences(wanted);
                KitError::TimedOut { what, within, instead }
            }
            other => other,
        })
    }

    /// Waits until two terminals show the same, both of which may still be drawn on.
    ///
    /// # Errors
    /// As [`Terminal::wait_picture`].
    pub fn wait_same(&self, other: &Self, within: Duration) -> Result<()> {
        self.wait_alike(other, within, State::picture)
    }

    /// Waits until two terminals show the same in this much of them, from the top left corner on.
    ///
    /// # Errors
    /// As [`Terminal::wait_picture`].
    pub fn wait_same_corner(&self, other: &Self, size: Size, within: Duration) -> Result<()> {
        self.wait_alike(other, within, |state| state.corner(size))
    }

    /// Waits until the screen of a terminal that answers is as it should be.
    ///
    /// # Errors
    /// As [`Terminal::wait_for`].
    pub fn wait_screen(
        &self,
        what: &str,
        within: Duration,
        mut check: impl FnMut(&Screen) -> bool,
    ) -> Result<()> {
        self.wait(what, within, |state| state.modern.as_ref().is_some_and(&mut check))
    }

    /// Waits until the program has said something beside its picture to a terminal that answers.
    ///
    /// # Errors
    /// As [`Terminal::wait_for`].
    pub fn wait_heard(
        &self,
        what: &str,
        within: Duration,
        check: impl Fn(&Notice) -> bool,
    ) -> Result<()> {
        self.wait(what, within, |state| state.heard.iter().any(&check))
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

    /// Waits until these bytes were drawn. Only the last 64 KiB are looked at.
    ///
    /// # Errors
    /// As [`Terminal::wait_for`].
    pub fn wait_bytes(&self, wanted: &[u8], within: Duration) -> Result<()> {
        let what = format!("the bytes \"{}\"", wanted.escape_ascii());
        let drawn = |state: &State| state.tail.windows(wanted.len()).any(|part| part == wanted);
        self.wait(&what, within, drawn)
    }

    fn wait_alike(
        &self,
        other: &Self,
        within: Duration,
        look: impl Fn(&State) -> Picture,
    ) -> Result<()> {
        let until = Instant::now() + within;
        loop {
            // What the other one shows may be out of date by the time that it is seen here.
            let left = until.saturating_duration_since(Instant::now());
            let wanted = look(&other.shared.lock());
            let waited = self.wait_looked(&wanted, left.min(LOOK_AGAIN), &look);
            if waited.is_ok() || left.is_zero() {
                return waited;
            }
        }
    }

    /// Waits until the program has drawn so many bytes.
    ///
    /// # Errors
    /// It did not.
    pub fn wait_drawn(&self, bytes: u64, within: Duration) -> Result<()> {
        self.wait(&format!("{bytes} bytes"), within, |state| state.drawn >= bytes)
    }

    /// Waits until the program has drawn nothing for so long.
    ///
    /// # Errors
    /// It goes on drawing.
    pub fn wait_quiet(&self, quiet: Duration, within: Duration) -> Result<()> {
        let until = Instant::now() + within;
        let mut state = self.shared.lock();
        let mut seen = state.drawn;
        loop {
            let woken = self.shared.changed.wait_timeout(state, quiet);
            let (guard, timeout) = woken.unwrap_or_else(PoisonError::into_inner);
            state = guard;
            if timeout.timed_out() && state.drawn == seen {
                return Ok(());
            }
            seen = state.drawn;
            if Instant::now() > until {
                let (what, instead) = ("the program to be quiet".into(), state.describe());
                return Err(KitError::TimedOut { what, within, instead });
            }
        }
    }

    /// Waits until the program has ended, and says how.
    ///
    /// # Errors
    /// It still runs.
    pub fn wait_end(&self, within: Duration) -> Result<Ended> {
        self.wait("the program to end", within, |state| state.ended.is_some())?;
        Ok(self.shared.lock().ended.clone().unwrap_or(Ended::Code(0)))
    }

    /// Waits until the program has ended and all that it drew is seen.
    ///
    /// # Errors
    /// The terminal is still open.
    pub fn wait_closed(&self, within: Duration) -> Result<Ended> {
        self.wait("the terminal to close", within, |state| state.closed && state.ended.is_some())?;
        Ok(self.shared.lock().ended.clone().unwrap_or(Ended::Code(0)))
    }

    fn wait(
        &self,
        what: &str,
        within: Duration,
        mut check: impl FnMut(&State) -> bool,
    ) -> Result<()> {
        let until = Instant::now() + within;
        let mut state = self.shared.lock();
        loop {
            if let Some(why) = &state.blind {
                let told = format!("{why}\n{}", state.text());
                return Err(KitError::Unexpected { what: "the eye went blind".into(), told });
            }
            if check(&state) {
                return Ok(());
            }
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(KitError::TimedOut {
                    what: what.into(),
                    within,
                    instead: state.describe(),
                });
            }
            let woken = self.shared.changed.wait_timeout(state, left);
            state = woken.unwrap_or_else(PoisonError::into_inner).0;
        }
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

impl State {
    /// Feeds the emulator, which is known to panic on some input.
    fn see(&mut self, look: impl FnOnce(&mut vt100::Parser)) {
        if self.blind.is_some() {
            return;
        }
        if let Err(panic) = catch_unwind(AssertUnwindSafe(|| look(&mut self.parser))) {
            self.blind = Some(words(&*panic));
        }
    }

    /// Takes in what was drawn, and gives what the terminal says to that.
    fn draw(&mut self, bytes: &[u8]) -> Vec<u8> {
        self.drawn += bytes.len() as u64;
        self.tail.extend_from_slice(bytes);
        let excess = self.tail.len().saturating_sub(TAIL);
        self.tail.drain(..excess);
        let Some(modern) = &mut self.modern else {
            self.see(|parser| parser.process(bytes));
            return Vec::new();
        };
        modern.advance(bytes);
        self.heard.append(&mut modern.take_notices());
        modern.take_replies()
    }

    /// What keys are encoded by.
    fn modes(&self) -> Modes {
        match &self.modern {
            Some(modern) => modern.modes(),
            None => {
                let application_cursor = self.parser.screen().application_cursor();
                Modes { application_cursor, ..Modes::default() }
            }
        }
    }

    fn text(&self) -> String {
        match &self.modern {
            Some(modern) => modern.text(),
            None => eye::text(self.parser.screen()),
        }
    }

    fn picture(&self) -> Picture {
        match &self.modern {
            Some(modern) => Picture::exact(modern, modern.size()),
            None => Picture::of(self.parser.screen()),
        }
    }

    fn corner(&self, size: Size) -> Picture {
        match &self.modern {
            Some(modern) => Picture::exact(modern, size),
            None => Picture::corner(self.parser.screen(), size),
        }
    }

    fn describe(&self) -> String {
        let ended = match &self.ended {
            Some(Ended::Code(code)) => format!("\n(ended with code {code})"),
            Some(Ended::Signal(signal)) => format!("\n(ended by {signal})"),
            None => String::new(),
        };
        let text = self.text();
        let lines: Vec<String> = text.lines().map(|line| format!("  | {line}")).collect();
        format!("{}{ended}", lines.join("\n"))
    }
}

fn words(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
    format!("the emulator panicked: {}", text.unwrap_or_default())
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
