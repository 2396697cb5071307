//! Looking through all commands for what somebody types. Owns which commands match, which are told and in what
//! order; the looking goes on a thread that stands back behind whoever types.

use std::cmp::Reverse;
use std::collections::hash_map::RandomState;
use std::collections::{BTreeMap, HashSet};
use std::hash::BuildHasher as _;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use ccc_index::{Command, CommandFilter, CommandKey, Index, IndexError};
use ccc_play::{Fit, Loose};
use ccc_proto::{
    CommandMatching, CommandsFound, CommandsSearch, Ext, Failure, SearchEnd, WireCommand,
};
use regex::{Regex, RegexBuilder};
use tokio::sync::mpsc;

use super::super::Asked;
use super::super::search::Stopper;
use super::{PAGE, Sight, WEIGHT, wire};
use crate::fault::Fault;
use crate::sealer::stand_back;

/// The most commands of one search.
const COUNT: usize = 5_000;
/// Commands of one message, and their bytes: a message stays far below its cap.
const MESSAGE: usize = 256;
const MESSAGE_BYTES: usize = 512 * 1024;
/// Bytes of commands that are kept until a round is through: there are few so long.
const KEPT_BYTES: usize = 8 * 1024 * 1024;
/// How long what was found waits for more to be told with it.
const WAIT: Duration = Duration::from_millis(50);
/// Commands that are looked at between two looks at the time.
const LOOKS: usize = 1024;
/// Messages that may wait for a slow client; the search waits with them.
const MESSAGES: usize = 4;
/// Memory of a compiled expression, and its nesting: what is larger is refused.
const REGEX_SIZE: usize = 4 * 1024 * 1024;
const REGEX_NEST: u32 = 100;
/// The longest pattern in bytes: a command is no longer.
const LONGEST: usize = 4096;
/// How far the thread stands back, as one that searches recordings.
const NICE: i32 = 10;

pub(crate) async fn search(asked: &mut Asked<'_>, request: CommandsSearch) -> Result<(), Fault> {
    let rounds = rounds(&request)?;
    let sight = Sight::of(asked).await?;
    // Frames go first.
    asked.send.set_priority(-1);
    let ctx = Arc::clone(asked.ctx);
    let index = ctx.history.index().await?;
    let Ok(_running) = ctx.searches.commands.acquire().await else {
        return Err(Fault::stopping());
    };
    let stopper = Stopper(Arc::default());
    let (messages, mut found) = mpsc::channel(MESSAGES);
    let stop = Arc::clone(&stopper.0);
    let count = usize::try_from(request.count).unwrap_or(COUNT);
    let count = if count == 0 { COUNT } else { count.min(COUNT) };
    let after = (!request.after.is_empty()).then(|| CommandKey::from_bytes(&request.after));
    let thread = std::thread::Builder::new().name("ccc-commands".into());
    let spawned = thread.spawn(move || {
        stand_back(NICE);
        let stop = || stop.load(Ordering::Relaxed);
        let mut tell = |commands, end| {
            messages.blocking_send(Ok(CommandsFound { commands, end, ext: Ext::none() })).is_ok()
        };
        let mut telling = Telling::new(count, &sight, &mut tell);
        let looked = look(&index, rounds, after.as_ref(), &mut telling, &stop);
        if let Err(error) = looked {
            // One who is gone is told nothing.
            let _ = messages.blocking_send(Err(Fault::internal(error.to_string())));
        }
    });
    spawned.map_err(|error| Fault::internal(format!("no thread to look on: {error}")))?;
    loop {
        let message = tokio::select! {
            message = found.recv() => message,
            () = Asked::hung_up(asked.recv) => return Ok(()),
        };
        let Some(message) = message else { return Err(Fault::internal("the search failed")) };
        let message = message?;
        let end = message.end;
        asked.reply(message).await?;
        if end != SearchEnd::NONE {
            return Ok(());
        }
    }
}

/// One walk through the index.
struct Round {
    /// What the index itself leaves out.
    filter: CommandFilter,
    test: Test,
}

enum Test {
    /// All of its words stand in the text. What only has its letters is left to another round.
    Words(Box<Loose>),
    Loose(Box<Loose>),
    Start(String),
    Regex(Regex),
}

/// What a question needs, the best first.
fn rounds(request: &CommandsSearch) -> Result<Vec<Round>, Fault> {
    let pattern = request.pattern.as_str();
    if pattern.trim().is_empty() || pattern.len() > LONGEST {
        return Err(Fault::invalid(format!("a pattern has 1 to {LONGEST} bytes")));
    }
    let holding = |text: String, test| Round {
        filter: CommandFilter { text, ..CommandFilter::default() },
        test,
    };
    Ok(match request.matching {
        CommandMatching::LOOSE => {
            let loose = || Box::new(Loose::new(pattern));
            // The index rules out more with more letters.
            let longest = loose().words().iter().max_by_key(|word| word.len()).cloned();
            vec![
                holding(longest.unwrap_or_default(), Test::Words(loose())),
                holding(String::new(), Test::Loose(loose())),
            ]
        }
        CommandMatching::START => {
            vec![holding(pattern.to_owned(), Test::Start(pattern.to_owned()))]
        }
        CommandMatching::REGEX => {
            let regex = RegexBuilder::new(pattern)
                .dot_matches_new_line(true)
                .size_limit(REGEX_SIZE)
                .dfa_size_limit(REGEX_SIZE)
                .nest_limit(REGEX_NEST)
                .build()
                .map_err(|error| Fault::invalid(error.to_string()))?;
            vec![holding(String::new(), Test::Regex(regex))]
        }
        other => {
            let why = format!("this server knows no matching {}", other.0);
            return Err(Fault::new(Failure::UNSUPPORTED, why));
        }
    })
}

impl Test {
    /// Whether those that fit best come first; else the newest do.
    fn is_ranked(&self) -> bool {
        matches!(self, Self::Words(_) | Self::Loose(_))
    }

    fn fit(&mut self, command: &Command<'_>, sight: &Sight) -> Option<Fit> {
        let text = command.text;
        match self {
            Self::Words(loose) => loose.fit(text, &[]).filter(|fit| matches!(fit, Fit::Words(_))),
            Self::Loose(loose) => {
                let place = sight.places.get(command.pane);
                loose.fit(text, &[place.map_or(command.session, |(_, place)| place), command.cwd])
            }
            Self::Start(start) => text.starts_with(start.as_str()).then_some(Fit::Words(0)),
            Self::Regex(regex) => regex.is_match(text).then_some(Fit::Words(0)),
        }
    }
}

/// The best of a round, those that fit as well from the newest to the oldest.
#[derive(Default)]
struct Best {
    kept: BTreeMap<(Reverse<Fit>, usize), WireCommand>,
    bytes: usize,
}

impl Best {
    /// Whether one that comes now has a place among so many.
    fn takes(&self, fit: Fit, most: usize) -> bool {
        let worst = self.kept.last_key_value().map(|((Reverse(worst), _), _)| *worst);
        (self.kept.len() < most && self.bytes < KEPT_BYTES)
            || worst.is_some_and(|worst| fit > worst)
    }

    fn keep(&mut self, fit: Fit, looked: usize, command: WireCommand, most: usize) {
        self.bytes += bytes(&command);
        self.kept.insert((Reverse(fit), looked), command);
        while self.kept.len() > most || self.bytes > KEPT_BYTES && self.kept.len() > 1 {
            let Some((_, worst)) = self.kept.pop_last() else { return };
            self.bytes -= bytes(&worst);
        }
    }
}

fn bytes(command: &WireCommand) -> usize {
    command.text.len() + command.cwd.len()
}

/// What was found and is to be told.
struct Telling<'a> {
    sight: &'a Sight,
    left: usize,
    /// The texts with their directories that were told, as numbers.
    told: HashSet<u64>,
    hasher: RandomState,
    batch: Vec<WireCommand>,
    bytes: usize,
    flushed: Instant,
    /// Whether somebody listens.
    tell: &'a mut dyn FnMut(Vec<WireCommand>, SearchEnd) -> bool,
}

impl<'a> Telling<'a> {
    fn new(
        count: usize,
        sight: &'a Sight,
        tell: &'a mut dyn FnMut(Vec<WireCommand>, SearchEnd) -> bool,
    ) -> Self {
        Self {
            sight,
            left: count,
            told: HashSet::new(),
            hasher: RandomState::new(),
            batch: Vec::new(),
            bytes: 0,
            flushed: Instant::now(),
            tell,
        }
    }

    /// Whether a command is the first with its text and directory.
    fn is_new(&mut self, command: &Command<'_>) -> bool {
        self.told.insert(self.hasher.hash_one((command.text, command.cwd)))
    }

    /// Takes a command in, and says whether more are wanted.
    fn add(&mut self, command: WireCommand) -> bool {
        self.left -= 1;
        self.bytes += bytes(&command) + WEIGHT;
        self.batch.push(command);
        let full = self.batch.len() >= MESSAGE || self.bytes >= MESSAGE_BYTES;
        self.left > 0 && (!full || self.flush(SearchEnd::NONE))
    }

    /// Tells what has waited long enough. Whether somebody listens.
    fn flush_in_time(&mut self) -> bool {
        self.batch.is_empty() || self.flushed.elapsed() < WAIT || self.flush(SearchEnd::NONE)
    }

    fn flush(&mut self, end: SearchEnd) -> bool {
        self.bytes = 0;
        let heard = (self.tell)(std::mem::take(&mut self.batch), end);
        self.flushed = Instant::now();
        heard
    }
}

/// Looks through the index, round by round.
fn look(
    index: &Index,
    rounds: Vec<Round>,
    after: Option<&CommandKey>,
    telling: &mut Telling<'_>,
    stop: &dyn Fn() -> bool,
) -> Result<(), IndexError> {
    if let Some(after) = after {
        // What the asker has, as far as it can be in one page.
        let mut newer = 0;
        index.commands(&CommandFilter::default(), None, |command, key| {
            if *key < *after || newer == PAGE {
                return false;
            }
            if telling.sight.sees(command) {
                newer += 1;
                telling.is_new(command);
            }
            true
        })?;
    }
    for mut round in rounds {
        let (mut looked, mut goes_on) = (0_usize, true);
        let (mut best, ranked) = (Best::default(), round.test.is_ranked());
        index.commands(&round.filter, after, |command, _| {
            looked += 1;
            goes_on = !stop() && (!looked.is_multiple_of(LOOKS) || telling.flush_in_time());
            if !goes_on {
                return false;
            }
            let sight = telling.sight;
            let fit = round.test.fit(command, sight);
            let fit = fit.filter(|fit| !ranked || best.takes(*fit, telling.left));
            if let Some(fit) = fit
                && sight.sees(command)
                && telling.is_new(command)
            {
                let command = wire(command, &sight.places);
                if ranked {
                    best.keep(fit, looked, command, telling.left);
                } else {
                    goes_on = telling.add(command);
                }
            }
            goes_on
        })?;
        for command in best.kept.into_values() {
            goes_on = goes_on && telling.add(command);
        }
        if telling.left == 0 {
            telling.flush(SearchEnd::COUNT);
            return Ok(());
        }
        if !goes_on {
            return Ok(());
        }
        if !telling.batch.is_empty() && !telling.flush(SearchEnd::NONE) {
            return Ok(());
        }
    }
    telling.flush(SearchEnd::ALL);
    Ok(())
}

#[cfg(test)]
mod tests;
