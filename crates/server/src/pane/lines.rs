//! Lines above a screen: from the window in memory, and behind it from the recording. Owns where a
//! line is looked for; what is made of lines is the asker's affair.

use std::path::Path;
use std::sync::Arc;

use ccc_journal::{Error, Offset, first_offset};
use ccc_play::{Fold, Opened, TURN_BYTES, place_before};
use ccc_vt::{Limits, Line, LineNumber, Screen, Size};

use super::Pane;
use crate::blocking::blocking;
use crate::fault::Fault;

/// Lines taken from the window under one lock, so that a frame need not wait for a long page.
const AT_ONCE: u64 = 256;
/// Window of a fold that looks for old lines: more than a turn can scroll.
const WINDOW: usize = 16 * 1024 * 1024;

/// Which lines there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Extent {
    /// The oldest that can be had.
    pub(crate) first: u64,
    /// The oldest in memory.
    pub(crate) window: u64,
    /// One past the newest above the screen.
    pub(crate) end: u64,
}

/// The lines that a pane has above its screen.
pub(crate) async fn extent(pane: &Arc<Pane>) -> Result<Extent, Fault> {
    let (window, end) = {
        let screen = pane.screen();
        (screen.scrollback().first().0, screen.scrollback().end().0)
    };
    let kept = pane.facts().first_kept;
    let first = match pane.first_line(kept) {
        Some(first) => first,
        None => {
            let dir = pane.dir();
            let first = blocking(move || first_line(&dir)).await?;
            pane.set_first_line(kept, first);
            first
        }
    };
    Ok(Extent { first: first.min(window), window, end })
}

/// The lines from `from` up to, not including, `to`, as far as they are kept; at most about
/// `most_bytes` of cells' text.
pub(crate) async fn lines(
    pane: &Arc<Pane>,
    from: u64,
    to: u64,
    most_bytes: usize,
) -> Result<Vec<Line>, Fault> {
    let mut lines = Vec::new();
    let mut bytes = 0;
    let mut next = from;
    let extent = extent(pane).await?;
    if next < extent.window {
        let (dir, size) = (pane.dir(), pane.screen().size());
        let until = to.min(extent.window);
        let old = blocking(move || from_disk(&dir, size, next, until, most_bytes)).await?;
        bytes = old.iter().map(weight).sum();
        next = old.last().map_or(until, |line| line.number.0 + 1);
        lines = old;
    }
    let to = to.min(extent.end);
    while next < to && bytes < most_bytes {
        let until = to.min(next + AT_ONCE);
        let before = lines.len();
        {
            let screen = pane.screen();
            let scrollback = screen.scrollback();
            // What scrolled out of the window meanwhile is on the disk, for the next page.
            lines.extend((next..until).filter_map(|number| scrollback.line(LineNumber(number))));
        }
        bytes += lines[before..].iter().map(weight).sum::<usize>();
        next = until;
    }
    Ok(lines)
}

fn weight(line: &Line) -> usize {
    64 + line.cells.len() * 16
}

/// The first line that the recording still tells: the first one when no byte was deleted, else the
/// next one at the checkpoint that the kept bytes begin with.
fn first_line(dir: &Path) -> Result<u64, Error> {
    let first = first_offset(dir)?;
    if first == Offset::ZERO {
        return Ok(0);
    }
    let limits = Limits::default();
    let Opened { screen, .. } = Fold::open(dir, first, Size::new(80, 24), limits)?;
    Ok(next_whole(&screen))
}

/// The first line of which nothing has scrolled off yet.
fn next_whole(screen: &Screen) -> u64 {
    screen.scrollback().end().0
}

fn from_disk(
    dir: &Path,
    size: Size,
    from: u64,
    to: u64,
    most_bytes: usize,
) -> Result<Vec<Line>, Error> {
    let start = place_before(dir, |screen| next_whole(screen) <= from)?;
    let limits = Limits { scrollback_bytes: WINDOW, ..Limits::default() };
    let Opened { mut fold, mut screen, .. } = Fold::open(dir, start, size, limits)?;
    let mut buffer = vec![0; TURN_BYTES];
    let mut lines: Vec<Line> = Vec::new();
    let (mut next, mut bytes) = (from, 0);
    loop {
        let turn = fold.turn(&mut screen, &mut buffer)?;
        let scrollback = screen.scrollback();
        // What a program asks or says has been heard before.
        next = next.max(scrollback.first().0);
        let whole = scrollback.open().unwrap_or_else(|| scrollback.end()).0;
        while next < to.min(whole) && bytes < most_bytes {
            if let Some(line) = scrollback.line(LineNumber(next)) {
                bytes += weight(&line);
                lines.push(line);
            }
            next += 1;
        }
        screen.take_notices();
        screen.take_replies();
        if !turn.more || next >= to || bytes >= most_bytes {
            return Ok(lines);
        }
    }
}
