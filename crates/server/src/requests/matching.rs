//! Looking for a line in what a pane shows and prints. A fold of its own follows the recording, so
//! that no line is missed however fast it scrolls by, and the pane itself is not held up.

use std::sync::Arc;

use ccc_journal::Offset;
use ccc_play::{Fold, Opened, TURN_BYTES};
use ccc_vt::{Limits, LineNumber, Screen, Seq};
use regex::Regex;

use crate::blocking::blocking;
use crate::fault::Fault;
use crate::pane::Pane;

/// Window of the fold: more lines than one turn can scroll.
const WINDOW: usize = 8 * 1024 * 1024;

/// A search under way.
pub(super) struct Search {
    fold: Fold,
    screen: Screen,
    pattern: Regex,
    buffer: Vec<u8>,
    /// The first line above the screen that was not looked at.
    next: u64,
    /// Rows of the screen count when they changed after this version.
    after: Seq,
}

/// A line that matched, and how far the recording was read then.
type Matched = (String, Offset);

impl Search {
    /// Everything that is on the screen now, and what comes.
    pub(super) fn from_now(pane: &Arc<Pane>, pattern: Regex) -> Result<Self, Fault> {
        // The fold begins at the last checkpoint and catches up by itself; nothing counts before.
        let mut search = Self::open(pane, Offset(u64::MAX), pattern)?;
        let at = pane.published().offset;
        search.catch_up(at)?;
        search.next = search.screen.scrollback().end().0;
        search.after = Seq(0);
        Ok(search)
    }

    /// Only what was printed from `since` on.
    pub(super) async fn since(
        pane: &Arc<Pane>,
        since: Offset,
        pattern: Regex,
    ) -> Result<Self, Fault> {
        let pane = Arc::clone(pane);
        blocking(move || {
            let mut search = Self::open(&pane, since, pattern)?;
            search.catch_up(since)?;
            // The line that the cursor stands in may go on.
            let row = search.screen.cursor().row;
            search.next = search.screen.line_at(row).0;
            search.after = search.screen.seq();
            Ok::<_, Fault>(search)
        })
        .await
    }

    fn open(pane: &Arc<Pane>, at: Offset, pattern: Regex) -> Result<Self, Fault> {
        let limits = Limits { scrollback_bytes: WINDOW, ..Limits::default() };
        let size = pane.screen().size();
        let Opened { fold, screen, .. } = Fold::open(&pane.dir(), at, size, limits)?;
        let buffer = vec![0; TURN_BYTES];
        Ok(Self { fold, screen, pattern, buffer, next: 0, after: Seq(0) })
    }

    fn catch_up(&mut self, at: Offset) -> Result<(), Fault> {
        while self.fold.turn_until(at, &mut self.screen, &mut self.buffer)?.more {}
        Ok(())
    }

    /// How far the recording was read.
    pub(super) fn offset(&self) -> Offset {
        self.fold.offset()
    }

    /// Looks at what there is, and reads on to the end of the recording as it is now.
    pub(super) async fn advance(mut self) -> Result<(Self, Option<Matched>), Fault> {
        blocking(move || {
            loop {
                if let Some(line) = self.look() {
                    let offset = self.offset();
                    return Ok::<_, Fault>((self, Some((line, offset))));
                }
                let turn = self.fold.turn(&mut self.screen, &mut self.buffer)?;
                self.screen.take_notices();
                self.screen.take_replies();
                if turn.bytes == 0 && !turn.more {
                    return Ok((self, None));
                }
            }
        })
        .await
    }

    /// The first line that matches among those that were not looked at.
    fn look(&mut self) -> Option<String> {
        let scrollback = self.screen.scrollback();
        let open = scrollback.open();
        let whole = open.unwrap_or_else(|| scrollback.end()).0;
        self.next = self.next.max(scrollback.first().0.min(whole));
        while self.next < whole {
            let text = scrollback.text(LineNumber(self.next));
            self.next += 1;
            if let Some(text) = text.filter(|text| self.pattern.is_match(text)) {
                return Some(text);
            }
        }
        // A line may have begun above the screen.
        let mut line = open.and_then(|open| scrollback.text(open)).unwrap_or_default();
        let mut changed = false;
        for row in self.screen.rows() {
            line.push_str(&row.text());
            changed |= row.seq() > self.after;
            if row.wrapped() {
                continue;
            }
            if changed && self.pattern.is_match(&line) {
                return Some(line);
            }
            line.clear();
            changed = false;
        }
        (changed && self.pattern.is_match(&line)).then_some(line)
    }
}
