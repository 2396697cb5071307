//! Searching while looking back: a regular expression, smart about case, from the cursor towards
//! older or newer rows. Owns the pattern and where the search began.

use regex::{Regex, RegexBuilder};

use super::{Scroll, Spot};

/// The most memory that a compiled pattern may take.
const PATTERN_BYTES: usize = 1 << 20;

/// The state of a search.
#[derive(Debug, Default)]
pub(crate) struct Search {
    pattern: Option<Regex>,
    /// What is wrong with the pattern, or that nothing was found, as a key of the catalogue.
    trouble: Option<&'static str>,
    forward: bool,
    /// Where typing of the pattern began.
    origin: Option<(Spot, usize)>,
    /// Older rows are still to come and are searched when they do.
    pending: bool,
}

impl Search {
    pub(crate) const fn pattern(&self) -> Option<&Regex> {
        self.pattern.as_ref()
    }

    pub(crate) const fn trouble(&self) -> Option<&'static str> {
        self.trouble
    }

    pub(super) const fn is_pending(&self) -> bool {
        self.pending
    }
}

impl Scroll {
    /// Searches for what has been typed so far, from where typing began.
    pub(crate) fn search_typed(&mut self, pattern: &str, forward: bool) {
        let (origin, top) = *self.search.origin.get_or_insert((self.cursor, self.top));
        self.top = top;
        self.go(origin);
        self.search.forward = forward;
        self.search.trouble = None;
        self.search.pending = false;
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
        if let Some((origin, top)) = self.search.origin.take() {
            self.top = top;
            self.go(origin);
        }
        self.search.pattern = None;
        self.search.trouble = None;
        self.search.pending = false;
    }

    /// To the next match in the direction of the search, or against it.
    pub(super) fn search_next(&mut self, same_way: bool) {
        if self.search.pattern.is_some() {
            self.find(self.search.forward == same_way, false);
        }
    }

    /// More rows came in above.
    pub(super) fn search_further(&mut self) {
        if self.search.pending {
            self.find(false, false);
        }
    }

    fn find(&mut self, forward: bool, here_counts: bool) {
        let found = if forward {
            // Below the newest row it goes on at the oldest one that is here.
            (self.cursor.row..self.rows.len())
                .chain(0..self.cursor.row)
                .find_map(|row| self.match_in(row, true, here_counts))
        } else {
            (0..=self.cursor.row).rev().find_map(|row| self.match_in(row, false, here_counts))
        };
        let more_above = self.oldest > self.first_kept;
        self.search.pending = found.is_none() && more_above;
        self.search.trouble = match found {
            Some(_) => None,
            None if more_above => Some("search-older"),
            None => Some("search-nothing"),
        };
        if let Some(spot) = found {
            self.go(spot);
        }
    }

    /// The first match of a row in the direction; in the cursor's own row only beyond the cursor.
    fn match_in(&self, row: usize, forward: bool, here_counts: bool) -> Option<Spot> {
        let text = self.row_text(row);
        let pattern = self.search.pattern.as_ref()?;
        let mut spots = pattern
            .find_iter(&text)
            .map(|found| Spot { row, col: column_of(&text, found.start()) })
            .filter(|spot| {
                row != self.cursor.row
                    || (here_counts && spot.col == self.cursor.col)
                    || (forward && spot.col > self.cursor.col)
                    || (!forward && spot.col < self.cursor.col)
            });
        if forward { spots.next() } else { spots.last() }
    }
}

/// The column at which a byte of a row's text stands.
pub(crate) fn column_of(text: &str, byte: usize) -> u16 {
    let before = text.get(..byte).unwrap_or_default();
    before
        .chars()
        .fold(0, |columns: u16, c| columns.saturating_add(u16::from(ccc_vt::char_width(c))))
}
