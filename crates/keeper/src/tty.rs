//! What the server may do to a pane's terminal on its own dup of the master.
//!
//! Reading is not among it: only the keeper takes bytes out of a PTY. Neither is setting the size,
//! because a size must be in the recording before the program sees it.

use std::os::fd::AsFd;

use ccc_journal::{CellPixels, Size};
use rustix::io::Result;
use rustix::process::Pid;
use rustix::termios::{LocalModes, QueueSelector, SpecialCodeIndex, Winsize};

/// The line discipline's settings that decide what a typed key does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TtyModes {
    /// What is typed is shown.
    pub echo: bool,
    /// Lines are edited by the terminal before the program sees them.
    pub icanon: bool,
    /// The interrupt character makes a signal instead of being input.
    pub isig: bool,
    /// The interrupt character, usually `^C`; `None` if it is switched off.
    pub vintr: Option<u8>,
}

/// The slave's settings, seen through the master.
pub fn modes(master: impl AsFd) -> Result<TtyModes> {
    /// `_POSIX_VDISABLE` on Linux.
    const DISABLED: u8 = 0;
    let termios = rustix::termios::tcgetattr(master)?;
    let local = termios.local_modes;
    Ok(TtyModes {
        echo: local.contains(LocalModes::ECHO),
        icanon: local.contains(LocalModes::ICANON),
        isig: local.contains(LocalModes::ISIG),
        vintr: Some(termios.special_codes[SpecialCodeIndex::VINTR]).filter(|c| *c != DISABLED),
    })
}

/// Sends SIGINT to the foreground process group, even if the program reads no input.
///
/// The kernel does this also with ISIG off, where the key would only be a byte. The caller decides
/// by [`modes`] whether that is wanted.
pub fn interrupt(master: impl AsFd) -> Result<()> {
    crate::system::terminal_signal(master.as_fd(), libc::SIGINT)
}

/// The foreground process group, `None` if there is none.
pub fn foreground_group(master: impl AsFd) -> Result<Option<Pid>> {
    match rustix::termios::tcgetpgrp(master) {
        Ok(pid) => Ok(Some(pid)),
        // The kernel answers 0 where no group is in the foreground; rustix calls that unsupported.
        Err(rustix::io::Errno::OPNOTSUPP) => Ok(None),
        Err(errno) => Err(errno),
    }
}

/// Drops what was typed and has not reached the program's side yet.
pub fn flush_input(master: impl AsFd) -> Result<()> {
    rustix::termios::tcflush(master, QueueSelector::OFlush)
}

pub fn size(master: impl AsFd) -> Result<Size> {
    let size = rustix::termios::tcgetwinsize(master)?;
    Ok(Size { cols: size.ws_col, rows: size.ws_row })
}

/// The size of a cell in pixels, `None` if the terminal was not told one.
pub fn cell(master: impl AsFd) -> Result<Option<CellPixels>> {
    let size = rustix::termios::tcgetwinsize(master)?;
    let side = |pixels: u16, cells: u16| {
        pixels.checked_div(cells).filter(|_| pixels.is_multiple_of(cells))
    };
    let sides = side(size.ws_xpixel, size.ws_col).zip(side(size.ws_ypixel, size.ws_row));
    Ok(sides.map(|(width, height)| CellPixels { width, height }).filter(|cell| cell.is_sound()))
}

/// A size as the kernel is told it. An area of more pixels than it can count, or of unknown ones, is 0x0.
pub(crate) fn winsize(size: Size, cell: Option<CellPixels>) -> Winsize {
    let area = cell.and_then(|cell| {
        Some((cell.width.checked_mul(size.cols)?, cell.height.checked_mul(size.rows)?))
    });
    let (ws_xpixel, ws_ypixel) = area.unwrap_or_default();
    Winsize { ws_col: size.cols, ws_row: size.rows, ws_xpixel, ws_ypixel }
}

#[cfg(test)]
mod tests;
