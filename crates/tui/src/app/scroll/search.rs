//! Searching while looking back: a regular expression, smart about case, in logical lines, from the
//! cursor towards older or newer ones. Owns the pattern, all that it finds in the rows that are here,
//! and where the search began.

use std::collections::VecDeque;
use std::ops::Range;

use regex::{Regex, RegexBuilder};

use super::text::{LineText, push_text};
use super::{Scroll, Spot, Want};

/// The most memory that a compiled pattern may take.
const PATTERN_BYTES: usize = 1 << 20;
/// The most finds that are kept: more are of no use to anybody.
const FINDS: usize = 100_000;

/// The state of a search.
#[derive(Debug, Default)]
pub(crate) struct Search {
    pattern: Option<Regex>,
    /// What was found, oldest first.
    found: VecDeque<Found>,
    /// What is wrong with the pattern, or that nothing was found, as a key of the catalogue.
    trouble: Option<&'static str>,
    forward: bool,
    /// Where typing of the pattern began.
    origin: Option<Origin>,
    /// Older rows, or with `true` newer ones, are still to come and are searched when they do.
    pending: Option<bool>,
    /// The line to go back to when they have nothing.
    back: Option<u64>,
}

/// A place that is found again after rows have come and gone.
#[derive(Clone, Copy, Debug)]
struct Origin {
    line: u64,
    /// The row within the line, and the column.
    row: usize,
    col: u16,
    /// Rows of the screen above it.
    above: usize,
}

/// One find, from its first to its last column. Rows are counted from those that were here first, so
/// that older ones which come in later do not move it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Found {
    from: (isize, u16),
    to: (isize, u16),
}

impl Search {
    pub(crate) const fn trouble(&self) -> Option<&'static str> {
        self.trouble
    }

    pub(super) const fn pending(&self) -> Option<bool> {
        self.pending
    }

    /// Nothing is here any more of what was found.
    pub(super) fn let_go(&mut self) {
        self.found.clear();
        self.pending = None;
    }
}

impl Scroll {
    /// Searches for what has been typed so far, from where typing began.
    pub(crate) fn search_typed(&mut self, pattern: &str, forward: bool) {
        let here = self.origin();
        let origin = *self.search.origin.get_or_insert(here);
        self.go_back(origin);
        self.search.forward = forward;
        self.search.trouble = None;
        (self.search.pending, self.search.back) = (None, None);
        self.search.found.clear();
        if pattern.is_empty() {
            self.search.pattern = None;
            return;
        }
        // A capital letter means that case matters.
        let any_case = !pattern.chars().any(char::is_uppercase);
        let compiled =
            RegexBuilder::new(pattern).case_insensitive(any_case).size_limit(PATTERN_BYTES).build();
        match compiled {
            Ok(pattern) => {
                self.search.found = self.finds(&pattern, 0..self.rows.len()).into();
                self.search.pattern = Some(pattern);
                self.find(forward, true);
            }
            Err(_half_typed) => {
                self.search.pattern = None;
                self.search.trouble = Some("search-no-pattern");
            }
        }
    }

    /// The pattern is typed.
    pub(crate) fn search_done(&mut self) {
        self.search.origin = None;
    }

    /// The search was given up: back to where it began.
    pub(crate) fn search_cancelled(&mut self) {
        if let Some(origin) = self.search.origin {
            self.go_back(origin);
        }
        self.search = Search::default();
    }

    fn origin(&self) -> Origin {
        let line = self.line_at(self.cursor.row);
        let row = self.cursor.row.saturating_sub(self.row_of(line));
        let above = self.cursor.row.saturating_sub(self.top);
        Origin { line, row, col: self.cursor.col, above }
    }

    fn go_back(&mut self, origin: Origin) {
        let row = self.row_of(origin.line) + origin.row;
        if self.line_at(row) != origin.line {
            return self.want(Want::Line(origin.line));
        }
        self.top = row.saturating_sub(origin.above).min(self.bottom_top());
        self.go(Spot { row, col: origin.col });
    }

    /// To the next match in the direction of the search, or against it.
    pub(super) fn search_next(&mut self, same_way: bool) {
        if self.search.pattern.is_some() {
            self.find(self.search.forward == same_way, false);
        } else {
            self.search.trouble = Some("search-none");
        }
    }

    /// Rows that are not here any more are not found.
    pub(super) fn search_trimmed(&mut self) {
        let kept = self.id(0)..self.id(self.rows.len());
        self.search.found.retain(|found| kept.contains(&found.from.0));
    }

    /// Rows came in below, from this one on.
    pub(super) fn search_below(&mut self, first: usize) {
        let Some(pattern) = self.search.pattern.clone() else { return };
        let found = self.finds(&pattern, first..self.rows.len());
        let room = FINDS.saturating_sub(self.search.found.len());
        self.search.found.extend(found.into_iter().take(room));
        if self.search.pending == Some(true) {
            self.find(true, false);
        }
    }

    /// So many rows came in above.
    pub(super) fn search_above(&mut self, added: usize) {
        let Some(pattern) = self.search.pattern.clone() else { return };
        // The last line of them may go on in rows that were searched already.
        let mut end = added;
        while end > 0 && self.rows.get(end - 1).is_some_and(|row| row.wrapped) {
            end += 1;
        }
        let end = end.min(self.rows.len());
        let below = self.id(end);
        while self.search.found.front().is_some_and(|found| found.from.0 < below) {
            self.search.found.pop_front();
        }
        for found in self.finds(&pattern, 0..end).into_iter().rev() {
            if self.search.found.len() < FINDS {
                self.search.found.push_front(found);
            }
        }
        if self.search.pending == Some(false) {
            self.find(false, false);
        }
    }

    /// The columns of a row that belong to finds, first and last, and whether the cursor is on it.
    pub(crate) fn found_in(&self, row: usize) -> impl Iterator<Item = (u16, u16, bool)> + '_ {
        let id = self.id(row);
        let found = &self.search.found;
        let first = found.partition_point(|found| found.to.0 < id);
        let here = (self.id(self.cursor.row), self.cursor.col);
        found.range(first..).take_while(move |found| found.from.0 <= id).map(move |found| {
            let start = if found.from.0 == id { found.from.1 } else { 0 };
            let end = if found.to.0 == id { found.to.1 } else { u16::MAX };
            (start, end, found.from <= here && here <= found.to)
        })
    }

    /// Which find the cursor is on, how many there are, and whether older lines may have more.
    pub(crate) fn find_count(&self) -> Option<(usize, usize, bool)> {
        self.search.pattern.as_ref()?;
        let here = (self.id(self.cursor.row), self.cursor.col);
        let at = self.search.found.partition_point(|found| found.from <= here);
        let missing = self.oldest > self.first_kept || !self.at_screen;
        let more = missing || self.search.found.len() >= FINDS;
        Some((at, self.search.found.len(), more))
    }

    fn find(&mut self, forward: bool, here_counts: bool) {
        let here = (self.id(self.cursor.row), self.cursor.col);
        let found = &self.search.found;
        let place = if forward {
            let next = found.partition_point(|found| {
                if here_counts { found.from < here } else { found.from <= here }
            });
            // Below the newest row of all it goes on at the oldest one that is here.
            found.get(next).or_else(|| found.front().filter(|_| self.at_screen))
        } else {
            let after = found.partition_point(|found| {
                if here_counts { found.from <= here } else { found.from < here }
            });
            after.checked_sub(1).and_then(|last| found.get(last))
        };
        let place = place.map(|found| found.from);
        let more = if forward { !self.at_screen } else { self.oldest > self.first_kept };
        let line = self.line_at(self.cursor.row);
        self.search.pending = (place.is_none() && more).then_some(forward);
        self.search.back = match self.search.pending {
            Some(_) => self.search.back.or(Some(line)),
            None => self.search.back.take().filter(|_| place.is_none()),
        };
        self.search.trouble = match place {
            Some(_) => None,
            None if more && forward => Some("search-newer"),
            None if more => Some("search-older"),
            None => Some("search-nothing"),
        };
        if let Some((id, col)) = place {
            self.wait_no_more();
            self.go(Spot { row: self.row_of_id(id), col });
        } else if self.search.pending.is_none()
            && let Some(line) = self.search.back.take()
        {
            self.want(Want::Line(line));
        }
    }

    /// All finds in rows that begin with a line.
    fn finds(&self, pattern: &Regex, rows: Range<usize>) -> Vec<Found> {
        let mut all = Vec::new();
        let mut text = String::new();
        let mut next = rows.start;
        while next < rows.end && all.len() < FINDS {
            let row = next;
            next = self.line_end(row);
            // Most lines have none, and need not be known cell by cell.
            text.clear();
            self.rows.range(row..next).for_each(|row| push_text(row, &mut text));
            if !pattern.is_match(&text) {
                continue;
            }
            let line = LineText::of(self.rows.range(row..next), row);
            for found in pattern.find_iter(&line.text) {
                if let Some((from, to)) = line.span(found.start(), found.end()) {
                    let (from, to) = ((self.id(from.row), from.col), (self.id(to.row), to.col));
                    all.push(Found { from, to });
                }
            }
        }
        all
    }
}
