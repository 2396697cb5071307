//! The outer terminal: taken over at the start, given back as it was found at the end, also after a
//! panic or a signal. Owns raw mode, the alternate screen and every mode that is switched on.

use std::io::{self, Write as _};
use std::os::fd::OwnedFd;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};

use ccc_vt::Size;
use crossterm::cursor::MoveTo;
use crossterm::event::{
    DisableBracketedPaste, DisableFocusChange, EnableBracketedPaste, EnableFocusChange,
};
use crossterm::queue;
use crossterm::terminal::{
    EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};
use rustix::fs::{Mode, OFlags};
use tokio::net::unix::pipe::{Receiver, Sender};

/// Save the title; ask for keys that tell Escape from the start of a sequence. The writer switches on
/// what else is wanted, and what the terminal turns out to know.
const ENTER: &[u8] = b"\x1b[22;0t\x1b[>1u";
/// The reverse, and the cursor as the user likes it, in the default pen, with no link open.
const LEAVE: &[u8] = b"\x1b]8;;\x1b\\\x1b[>4m\x1b[?2031l\x1b[?2027l\x1b[?1003l\x1b[?1006l\x1b[?1002l\x1b[?1000l\x1b[<u\x1b[?2026l\x1b[0m\x1b[0 q\x1b[?25h\x1b[23;0t";

/// Bytes on their way out from which on nothing but pictures is added.
const OUT_BYTES: usize = 1024 * 1024;

/// Whether the terminal is ours at this moment; whoever takes it off gives the terminal back.
static TAKEN: AtomicBool = AtomicBool::new(false);

/// Which of the terminal's screens is drawn on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// The other one, as programs with the whole screen do.
    Other,
    /// Its own one, which has the scrollback.
    Own,
}

/// Whether what is drawn on is the terminal's own screen.
static OWN: AtomicBool = AtomicBool::new(false);

/// The outer terminal while it is ours.
#[derive(Debug)]
pub(crate) struct Terminal {
    // The runtime has no type for terminals; its ends of pipes wait for any descriptor.
    input: Receiver,
    output: Sender,
    /// Bytes on their way out, from `sent` on.
    pending: Vec<u8>,
    sent: usize,
}

impl Terminal {
    /// Takes the terminal over.
    ///
    /// # Errors
    /// Standard input is no terminal, or it cannot be set up.
    pub(crate) fn take(place: Place) -> io::Result<Self> {
        let terminal = Self::open()?;
        OWN.store(place == Place::Own, Ordering::SeqCst);
        install_panic_hook();
        take_over()?;
        Ok(terminal)
    }

    /// Opens the terminal anew: the file that the shell gave is shared with it, and must not become
    /// non-blocking under its feet.
    fn open() -> io::Result<Self> {
        let name = rustix::termios::ttyname(io::stdin(), Vec::new())?;
        let path = PathBuf::from(std::ffi::OsString::from(name.to_string_lossy().into_owned()));
        let flags = OFlags::RDWR | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
        let tty: OwnedFd = rustix::fs::open(path, flags, Mode::empty())?;
        let input = Receiver::from_owned_fd_unchecked(tty.try_clone()?)?;
        let output = Sender::from_owned_fd_unchecked(tty)?;
        Ok(Self { input, output, pending: Vec::new(), sent: 0 })
    }

    /// Its size, at least one cell.
    ///
    /// # Errors
    /// The kernel does not tell.
    pub(crate) fn size(&self) -> io::Result<Size> {
        let size = rustix::termios::tcgetwinsize(&self.output)?;
        Ok(Size { cols: size.ws_col.max(1), rows: size.ws_row.max(1) })
    }

    /// Reads what was typed; 0 when the terminal is gone.
    ///
    /// # Errors
    /// The kernel's.
    pub(crate) async fn read(&self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            self.input.readable().await?;
            match self.input.try_read(buffer) {
                Err(error) if is_passing(&error) => {}
                result => return result,
            }
        }
    }

    /// What is to be written next; it goes out with [`Terminal::try_flush`].
    pub(crate) const fn out(&mut self) -> &mut Vec<u8> {
        &mut self.pending
    }

    /// The same for what is not a picture: bells and copies would heap up while the terminal takes
    /// nothing, and nobody would miss them then.
    pub(crate) const fn out_if_room(&mut self) -> Option<&mut Vec<u8>> {
        if self.pending.len() < OUT_BYTES { Some(&mut self.pending) } else { None }
    }

    /// Whether bytes wait: the terminal is slower than we are, and the next picture is not made
    /// before they are gone.
    pub(crate) const fn is_behind(&self) -> bool {
        self.sent < self.pending.len()
    }

    /// Writes what the terminal takes at once; the rest waits for [`Terminal::writable`].
    pub(crate) fn try_flush(&mut self) {
        while self.is_behind() {
            match self.output.try_write(&self.pending[self.sent..]) {
                Ok(count) => self.sent += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return,
                // It is gone, which reading finds. Waiting for room would end at once, again and again.
                Err(_gone) => break,
            }
        }
        self.pending.clear();
        self.sent = 0;
    }

    /// Waits until it takes bytes.
    ///
    /// # Errors
    /// The kernel's.
    pub(crate) async fn writable(&self) -> io::Result<()> {
        self.output.writable().await
    }

    /// Gives the terminal to the shell and stops this process, until somebody continues it.
    ///
    /// # Errors
    /// The terminal cannot be set up again.
    pub(crate) fn suspend(&mut self) -> io::Result<()> {
        give_back();
        // The default action of the signal that cannot be caught: nothing of ours runs until then.
        rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::STOP)?;
        self.pending.clear();
        self.sent = 0;
        take_over()
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        give_back();
    }
}

fn is_passing(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::Interrupted | io::ErrorKind::WouldBlock)
}

fn take_over() -> io::Result<()> {
    TAKEN.store(true, Ordering::SeqCst);
    enable_raw_mode()?;
    let mut out = io::stdout().lock();
    if OWN.load(Ordering::SeqCst) {
        // What stands there already goes up before anything is drawn over it.
        let rows = rustix::termios::tcgetwinsize(io::stdout())?.ws_row;
        queue!(out, MoveTo(0, rows.saturating_sub(1)))?;
        out.write_all(&b"\n".repeat(usize::from(rows)))?;
    } else {
        queue!(out, EnterAlternateScreen)?;
    }
    queue!(out, EnableBracketedPaste, EnableFocusChange)?;
    out.write_all(ENTER)?;
    out.flush()
}

/// Gives the terminal back, once.
fn give_back() {
    if !TAKEN.swap(false, Ordering::SeqCst) {
        return;
    }
    let mut out = io::stdout().lock();
    let own = OWN.load(Ordering::SeqCst);
    // The program's screen may be shown, with its own way to tell keys.
    let back: &[u8] = if own { b"\x1b[=0;1u\x1b[?1049l" } else { b"" };
    // With the terminal gone there is nothing to give back.
    let _gone = out
        .write_all(back)
        .and_then(|()| out.write_all(LEAVE))
        .and_then(|()| queue!(out, DisableFocusChange, DisableBracketedPaste))
        .and_then(|()| {
            if own {
                // Below everything, wherever that is.
                out.write_all(b"\x1b[9999;1H\r\n")
            } else {
                queue!(out, LeaveAlternateScreen)
            }
        })
        .and_then(|()| out.flush());
    let _gone = disable_raw_mode();
}

/// A panic's words are of no use on a screen that is about to vanish.
fn install_panic_hook() {
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        give_back();
        before(info);
    }));
}

#[cfg(test)]
mod tests;
