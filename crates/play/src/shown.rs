//! The lines that a recording came to: each once, when it has left the screen or when the recording ends.
//! Owns what a line is for those who search.
//!
//! A line is a logical one: soft wraps are joined. Its place is where its last change ends, so that it is to
//! be seen there. What is drawn over before it leaves the screen is gone, but for what a program that clears
//! the screen pushes off it, which the scrollback has as well. Programs that have the whole screen print no
//! lines: what stands on it counts when they give it back, after each `SAMPLE_BYTES` of output and at the
//! end, and of that only what did not stand there the time before.

use std::collections::HashSet;
use std::path::Path;

use ccc_journal::{Offset, Result, ShownLine};
use ccc_vt::{Limits, LineNumber, RowId, RowRef, Screen, Seq, Size};

use crate::fold::{Fold, TURN_BYTES};
use crate::start::Opened;

/// Output after which the screen of a program that has all of it is looked at again.
pub(crate) const SAMPLE_BYTES: u64 = 16 * 1024;
/// How far before a place the fold begins, so as to know what stands on the screen there, and since when.
const WARM_BYTES: u64 = 64 * 1024;
/// More lines than a screen loses by the bytes of one turn.
const WINDOW: usize = 1024 * 1024;
/// How a program gives the whole screen back.
const GIVEN_BACK: [&[u8]; 3] = [b"\x1b[?1049l", b"\x1b[?1047l", b"\x1b[?47l"];

/// A fold that gives the lines.
#[derive(Debug)]
pub struct ShownLines {
    fold: Fold,
    screen: Screen,
    buffer: Vec<u8>,
    watch: Watch,
}

/// What is known of the screen between two looks.
#[derive(Debug, Default)]
struct Watch {
    rows: Vec<Stood>,
    /// Room for those of the next look.
    spare: Vec<Stood>,
    /// The first line that was not given.
    next: u64,
    seen: Seq,
    alternate: bool,
    /// What stood on the whole screen of a program when it was looked at last.
    shown: HashSet<String>,
    out: Vec<ShownLine>,
}

/// A row of the primary screen.
#[derive(Clone, Copy, Debug)]
struct Stood {
    id: RowId,
    line: u64,
    /// Where its last change ends.
    offset: Offset,
}

impl ShownLines {
    /// The lines from `from` on. `size` is that of a screen nothing is known of, as for [`Fold::open`].
    ///
    /// # Errors
    /// If the recording cannot be read.
    pub fn open(dir: &Path, from: Offset, size: Size) -> Result<Self> {
        let limits = Limits { scrollback_bytes: WINDOW, ..Limits::default() };
        let warm = Offset(from.0.saturating_sub(WARM_BYTES));
        let Opened { fold, screen, .. } = Fold::open(dir, warm, size, limits)?;
        let mut watch = Watch { seen: screen.seq(), ..Watch::default() };
        watch.alternate = screen.modes().alternate_screen;
        watch.note_rows(&screen, fold.offset(), Seq(u64::MAX));
        let mut lines = Self { fold, screen, buffer: vec![0; TURN_BYTES], watch };
        lines.watch.next = whole(&lines.screen);
        // What had left before is told by whoever tells of the bytes before.
        let mut next = lines.watch.next;
        lines.run(from, &mut |watch, at, by_bytes| {
            if at < from || by_bytes {
                next = watch.next;
            }
            watch.out.clear();
            true
        })?;
        // A change of size here may have pushed lines off: they are in the window, and told here too.
        lines.watch.next = next;
        lines.watch.look(&lines.screen, lines.fold.offset());
        Ok(lines)
    }

    /// Where it stands.
    #[must_use]
    pub fn offset(&self) -> Offset {
        self.fold.offset()
    }

    /// Folds up to `to`, or to the end, and gives lines to `take`, which says whether it wants more.
    ///
    /// # Errors
    /// If the recording cannot be read, or by `take`.
    pub fn until(
        &mut self,
        to: Offset,
        take: &mut dyn FnMut(ShownLine) -> Result<bool>,
    ) -> Result<()> {
        let mut failed = None;
        let mut give = |watch: &mut Watch| {
            for line in watch.out.drain(..) {
                match take(line) {
                    Ok(true) => {}
                    Ok(false) => return false,
                    Err(error) => {
                        failed = Some(error);
                        return false;
                    }
                }
            }
            true
        };
        if give(&mut self.watch) {
            self.run(to, &mut |watch, _, _| give(watch))?;
        }
        failed.map_or(Ok(()), Err)
    }

    /// What stands on the screen where the fold is.
    #[must_use]
    pub fn standing(&mut self) -> Vec<ShownLine> {
        let at = self.fold.offset();
        let (screen, watch) = (&self.screen, &mut self.watch);
        let scrollback = screen.scrollback();
        let mut text = scrollback.open().and_then(|open| scrollback.text(open)).unwrap_or_default();
        let mut lines: Vec<ShownLine> = Vec::new();
        let mut offset = Offset::ZERO;
        let mut number = screen.line_at(0).0;
        let mut put = |row: RowRef<'_>| {
            text.push_str(&row.text());
            let known = watch.rows.iter().find(|stood| stood.id == row.id());
            offset = offset.max(known.map_or(at, |stood| stood.offset));
            if !row.wrapped() {
                let text = std::mem::take(&mut text);
                lines.push(ShownLine { number: Some(number), offset, unix_ms: 0, text });
                number += 1;
                offset = Offset::ZERO;
            }
        };
        if watch.alternate {
            screen.hidden_rows().for_each(&mut put);
        } else {
            screen.rows().for_each(&mut put);
        }
        if !text.is_empty() {
            lines.push(ShownLine { number: Some(number), offset, unix_ms: 0, text });
        }
        while lines.last().is_some_and(|line| line.text.is_empty()) {
            lines.pop();
        }
        lines.retain(|line| line.number >= Some(watch.next));
        if watch.alternate {
            watch.sample(screen, at);
            lines.append(&mut watch.out);
        }
        lines
    }

    /// Folds up to `to`; `each` hears what was found, where, and whether bytes or an event did it.
    fn run(
        &mut self,
        to: Offset,
        each: &mut dyn FnMut(&mut Watch, Offset, bool) -> bool,
    ) -> Result<()> {
        loop {
            let at = self.fold.offset();
            let sample = Offset((at.0 / SAMPLE_BYTES + 1).saturating_mul(SAMPLE_BYTES));
            let Self { fold, screen, buffer, watch } = self;
            let mut wanted = true;
            let turn =
                fold.turn_feeding(to.min(sample), screen, buffer, &mut |screen, at, bytes| {
                    let mut from = 0;
                    while from < bytes.len() {
                        let (count, given_back) = piece(&bytes[from..], watch.alternate);
                        let here = at.plus(from as u64);
                        if given_back && watch.alternate {
                            watch.sample(screen, here);
                        }
                        screen.advance(&bytes[from..from + count]);
                        from += count;
                        let here = at.plus(from as u64);
                        watch.look(screen, here);
                        wanted = wanted && each(watch, here, true);
                    }
                })?;
            // A change of size, or a gap behind which the screen is another one.
            self.watch.look(&self.screen, self.fold.offset());
            if self.fold.offset() == sample && turn.bytes > 0 && self.watch.alternate {
                self.watch.sample(&self.screen, sample);
            }
            let at = self.fold.offset();
            wanted = wanted && each(&mut self.watch, at, false);
            // What a program says and asks was heard when it was said.
            self.screen.take_notices();
            self.screen.take_replies();
            if !wanted || self.fold.offset() >= to && !turn.more {
                return Ok(());
            }
            if !turn.more && turn.bytes == 0 && turn.gap.is_none() {
                return Ok(());
            }
        }
    }
}

impl Watch {
    /// Looks at a screen on which something may have changed, up to an offset.
    fn look(&mut self, screen: &Screen, at: Offset) {
        let alternate = screen.modes().alternate_screen;
        if alternate && !self.alternate {
            self.shown.clear();
        }
        // A switch draws all rows anew, and changes none of the primary screen.
        let switched = std::mem::replace(&mut self.alternate, alternate) != alternate;
        let whole = whole(screen);
        if whole > self.next {
            let scrollback = screen.scrollback();
            self.next = self.next.max(scrollback.first().0);
            while self.next < whole {
                let stood = self.rows.iter().filter(|row| row.line == self.next);
                let offset = stood.map(|row| row.offset).max();
                let text = scrollback.text(LineNumber(self.next)).unwrap_or_default();
                self.out.push(ShownLine {
                    number: Some(self.next),
                    offset: offset.unwrap_or(at),
                    unix_ms: 0,
                    text,
                });
                self.next += 1;
            }
        }
        if screen.seq() != self.seen || switched {
            if !alternate {
                let since = if switched { Seq(u64::MAX) } else { self.seen };
                self.note_rows(screen, at, since);
            }
            self.seen = screen.seq();
        }
    }

    /// Notes the rows of the primary screen; those that changed after `since` or were not known did so at
    /// `at`.
    fn note_rows(&mut self, screen: &Screen, at: Offset, since: Seq) {
        let mut line = screen.line_at(0).0;
        // Rows keep their order mostly: what moved by so many rows moved together.
        let mut moved = 0;
        let mut rows = std::mem::take(&mut self.spare);
        rows.clear();
        for (y, row) in screen.rows().enumerate() {
            let id = row.id();
            let mut offset = at;
            if row.seq() <= since {
                let near = self.rows.get(y + moved).filter(|stood| stood.id == id);
                let known = near.or_else(|| {
                    let found = self.rows.iter().position(|stood| stood.id == id)?;
                    moved = found.saturating_sub(y);
                    self.rows.get(found)
                });
                offset = known.map_or(at, |stood| stood.offset);
            }
            rows.push(Stood { id, line, offset });
            if !row.wrapped() {
                line += 1;
            }
        }
        self.spare = std::mem::replace(&mut self.rows, rows);
    }

    /// Takes what stands on the whole screen of a program and did not when it was looked at last.
    fn sample(&mut self, screen: &Screen, at: Offset) {
        let mut now = HashSet::new();
        let mut text = String::new();
        for row in screen.rows() {
            text.push_str(&row.text());
            if row.wrapped() {
                continue;
            }
            let text = std::mem::take(&mut text);
            if text.trim().is_empty() || now.contains(&text) {
                continue;
            }
            if !self.shown.contains(&text) {
                self.out.push(ShownLine {
                    number: None,
                    offset: at,
                    unix_ms: 0,
                    text: text.clone(),
                });
            }
            now.insert(text);
        }
        self.shown = now;
    }
}

/// One past the last line of which nothing is on the screen any more.
fn whole(screen: &Screen) -> u64 {
    let scrollback = screen.scrollback();
    scrollback.open().unwrap_or_else(|| scrollback.end()).0
}

/// How many bytes are fed at once: a line, or less where a program gives the whole screen back, and whether
/// it does so right away.
fn piece(bytes: &[u8], alternate: bool) -> (usize, bool) {
    let line = bytes.iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |at| at + 1);
    if !alternate {
        return (line, false);
    }
    let given_back = |at: &usize| {
        GIVEN_BACK.iter().any(|end| bytes.get(*at..).is_some_and(|rest| rest.starts_with(end)))
    };
    match (0..line).filter(|at| bytes[*at] == 0x1b).find(given_back) {
        None => (line, false),
        Some(0) => (line, true),
        Some(at) => (at, false),
    }
}

#[cfg(test)]
mod tests;
