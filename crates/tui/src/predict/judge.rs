//! Whether guesses were right, and how long they had to wait for it. Owns the verdicts, and what is known of which
//! inputs the program has.

use std::time::{Duration, Instant};

use ccc_client::{Mirror, SLOW};

use super::line::{seen, text_at};
use super::{ECHO, GuessedCell, HICCUP, HICCUPS, Prediction, Predictor, Told, is_unseen, place};

/// Guesses are shown from a [`SLOW`] round trip on, and no longer under this one.
const FAST: Duration = Duration::from_millis(20);
/// The same for telling them from what is true.
const VERY_SLOW: Duration = Duration::from_millis(80);
const NOT_SO_SLOW: Duration = Duration::from_millis(50);
/// One that waits much longer is told from what is true as well.
const LONG_HICCUP: Duration = Duration::from_secs(5);
/// Guesses that come true faster than a hiccup count once in this time.
const RECOVERY: Duration = Duration::from_millis(150);

/// Which inputs the program has, and for how long.
#[derive(Debug, Default)]
pub(super) struct Done {
    /// The program has had these long enough to echo them.
    pub(super) late: u64,
    /// The newest input that it has, each with the time that was heard; ascending.
    pub(super) heard: Vec<(u64, Instant)>,
}

impl Done {
    /// Takes in what a frame says, if it is a new one.
    fn hear(&mut self, input: u64, now: Instant) {
        let last = self.heard.last().map_or(self.late, |(input, _)| *input);
        if input > last {
            self.heard.push((input, now));
        }
    }

    /// What was heard of so long ago that an echo would be here by now, even one that was sent twice.
    fn expire(&mut self, round_trip: Duration, now: Instant) {
        let patience = ECHO + round_trip;
        let late = self.heard.iter().take_while(|(_, at)| *at + patience <= now).count();
        if let Some((input, _)) = self.heard.drain(..late).next_back() {
            self.late = input;
        }
    }

    pub(super) fn newest(&self) -> u64 {
        self.heard.last().map_or(self.late, |(input, _)| *input)
    }
}

/// How a guess turned out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    Waiting,
    Right,
    /// Over, and it proves nothing.
    Over,
    Wrong,
}

impl Predictor {
    /// Holds the guesses against what is true by now.
    pub(crate) fn judge(&mut self, mirror: &Mirror, round_trip: Duration, now: Instant) {
        if self.when == Prediction::Never {
            self.forget();
            return;
        }
        let here = (Some(mirror.pane()), mirror.size(), mirror.epoch());
        if (self.pane, self.size, self.screen_epoch) != here {
            if (self.pane, self.screen_epoch) != (here.0, here.2) {
                self.done = Done { late: mirror.input_done(), heard: Vec::new() };
                self.after = mirror.input_done();
                self.doubted = false;
            }
            (self.pane, self.size, self.screen_epoch) = here;
            self.forget();
        }
        if is_unseen(mirror.tty()) {
            self.forget();
        }
        self.done.hear(mirror.input_done(), now);
        self.done.expire(round_trip, now);
        self.heed(round_trip);
        if self.cells.is_empty() && self.cursors.is_empty() {
            return;
        }
        self.judge_cells(mirror, now);
        self.judge_cursor(mirror);
    }

    fn heed(&mut self, round_trip: Duration) {
        self.slow = round_trip > SLOW || (self.slow && (round_trip > FAST || self.has_any()));
        let hiccup = self.hiccups > HICCUPS;
        self.marked = round_trip > VERY_SLOW || hiccup || (self.marked && round_trip > NOT_SO_SLOW);
    }

    fn judge_cells(&mut self, mirror: &Mirror, now: Instant) {
        let mut at = 0;
        while let Some(guess) = self.cells.get(at) {
            let told = guess.told;
            match self.verdict(guess, mirror) {
                Verdict::Waiting => {
                    let waited = now.saturating_duration_since(told.at);
                    if waited >= LONG_HICCUP {
                        self.hiccups = 2 * HICCUPS;
                    } else if waited >= HICCUP {
                        self.hiccups = self.hiccups.max(HICCUPS);
                    }
                    at += 1;
                    continue;
                }
                Verdict::Right => {
                    self.confirmed = self.confirmed.max(told.epoch);
                    self.doubted = false;
                    self.recover(told, now);
                }
                Verdict::Over => {}
                Verdict::Wrong => {
                    self.wrong(told);
                    at = 0;
                    continue;
                }
            }
            self.cells.swap_remove(at);
        }
    }

    fn verdict(&self, guess: &GuessedCell, mirror: &Mirror) -> Verdict {
        let Some(truth) = place(mirror, guess.row).and_then(|y| mirror.row(y)) else {
            return Verdict::Over;
        };
        if self.done.newest() < guess.told.input {
            return Verdict::Waiting;
        }
        let late = self.done.late >= guess.told.input;
        let text = text_at(truth, guess.col);
        if text == seen(&guess.cell.text) {
            // What is blank, or stood there before, comes true too easily.
            let easy = text.is_blank() || guess.before.contains(&text);
            if easy { Verdict::Over } else { Verdict::Right }
        } else if late {
            Verdict::Wrong
        } else {
            Verdict::Waiting
        }
    }

    fn judge_cursor(&mut self, mirror: &Mirror) {
        let Some(last) = self.cursors.last().copied() else { return };
        let cursor = mirror.cursor();
        let right = place(mirror, last.row) == Some(cursor.row) && last.col == cursor.col;
        if self.done.late >= last.told.input && !right {
            self.wrong(last.told);
        }
        // Those before the last have been passed by.
        let (done, late) = (self.done.newest(), self.done.late);
        let kept = self.cursors.len().saturating_sub(1);
        let mut at = 0;
        self.cursors.retain(|guess| {
            let is_last = at == kept;
            at += 1;
            let over = if is_last && !right { late } else { done };
            guess.told.input > over
        });
    }

    /// One guess was wrong: those that depend on what it took for granted are gone.
    fn wrong(&mut self, told: Told) {
        self.doubted = true;
        if told.epoch > self.confirmed {
            self.cells.retain(|guess| guess.told.epoch < told.epoch);
            self.cursors.retain(|guess| guess.told.epoch < told.epoch);
            self.epoch += 1;
        } else {
            self.forget();
        }
    }

    fn recover(&mut self, told: Told, now: Instant) {
        let quick = now.saturating_duration_since(told.at) < HICCUP;
        let counts = self.recovered.is_none_or(|at| now.saturating_duration_since(at) >= RECOVERY);
        if self.hiccups > 0 && quick && counts {
            self.hiccups -= 1;
            self.recovered = Some(now);
        }
    }
}
