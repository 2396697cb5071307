//! Searching what panes printed. Owns which recordings are meant and what is told of a find; the looking is
//! `ccc-play`'s, on a thread that stands back behind whoever types.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use ccc_journal::{PaneHeader, PaneUlid};
use ccc_play::{Case, Found, LinesCache, Pattern, Query, Searched, Sought, Stop};
use ccc_proto::{
    Ext, Failure, PaneId, SearchCase, SearchEnd, SearchFind, SearchFound, SearchMatch,
    SearchProgress, SearchRequest,
};
use tokio::sync::{Semaphore, mpsc};

use super::Asked;
use super::commands::{Places, places};
use super::recordings::known;
use crate::blocking::aside;
use crate::fault::Fault;
use crate::recordings::{Known, names};
use crate::recovery::header_size;
use crate::sealer::stand_back;

/// Searches at the same time; others wait. Each keeps a core busy and holds some megabytes.
const AT_ONCE: usize = 2;
/// The most finds of one search, and the most lines around each.
const FINDS: usize = 10_000;
const CONTEXT: usize = 50;
/// Bytes that are told of the line of a find, of lines around it, and before the first match.
const TEXT: usize = 4096;
const AROUND: usize = 512;
const BEFORE: usize = 256;
/// Bytes of one message, far below its cap.
const MESSAGE: usize = 512 * 1024;
/// Words that may wait for a slow client; the search waits with them.
const WORDS: usize = 8;
/// How far a searching thread stands back. It is waited for, so less than one that seals.
const NICE: i32 = 10;

/// What searches share.
#[derive(Debug)]
pub(crate) struct Searches {
    lines: Arc<LinesCache>,
    running: Semaphore,
    /// Looks through commands, which hands are waiting for and which are done before long.
    pub(super) commands: Semaphore,
}

impl Default for Searches {
    fn default() -> Self {
        let running = Semaphore::new(AT_ONCE);
        Self { lines: Arc::default(), running, commands: Semaphore::new(AT_ONCE) }
    }
}

impl Searches {
    /// Forgets what is in memory of a recording, whose bytes are others now.
    pub(crate) fn forget(&self, dir: &std::path::Path) {
        self.lines.forget(dir);
    }
}

/// A recording as finds in it are told.
#[derive(Debug)]
struct Place {
    ulid: PaneUlid,
    pane: Option<PaneId>,
    place: String,
    lives: bool,
}

/// Ends the search when the request is dropped.
pub(super) struct Stopper(pub(super) Arc<AtomicBool>);

impl Drop for Stopper {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

enum Word {
    Found(Vec<Found>, Searched),
    Done(Stop, Searched),
}

pub(super) async fn search(asked: &mut Asked<'_>, request: SearchRequest) -> Result<(), Fault> {
    let began = Instant::now();
    let query = query(&request)?;
    let (sought, told) = chosen(asked, &request.target).await?;
    // Frames go first.
    asked.send.set_priority(-1);
    let ctx = Arc::clone(asked.ctx);
    let Ok(_running) = ctx.searches.running.acquire().await else {
        return Err(Fault::stopping());
    };
    let limit = (request.within_ms > 0).then(|| Duration::from_millis(request.within_ms.into()));
    let stopper = Stopper(Arc::default());
    let (words, mut said) = mpsc::channel(WORDS);
    let (stop, lines) = (Arc::clone(&stopper.0), Arc::clone(&ctx.searches.lines));
    let thread = std::thread::Builder::new().name("ccc-search".into());
    let spawned = thread.spawn(move || {
        stand_back(NICE);
        let over = || limit.is_some_and(|limit| began.elapsed() >= limit);
        let stop = || stop.load(Ordering::Relaxed) || over();
        let (why, searched) =
            ccc_play::search(&sought, &query, &lines, &stop, &mut |found, how| {
                words.blocking_send(Word::Found(found, how)).is_ok()
            });
        // One who is gone is told nothing.
        let _ = words.blocking_send(Word::Done(why, searched));
    });
    spawned.map_err(|error| Fault::internal(format!("no thread to search on: {error}")))?;
    loop {
        let word = tokio::select! {
            word = said.recv() => word,
            () = Asked::hung_up(asked.recv) => return Ok(()),
        };
        match word {
            Some(Word::Found(found, searched)) => {
                let mut finds = Vec::new();
                let mut bytes = 0;
                for one in found {
                    let Some(place) = told.get(one.recording) else { continue };
                    let find = find(place, one);
                    bytes += weight(&find);
                    finds.push(find);
                    if bytes >= MESSAGE {
                        bytes = 0;
                        let finds = std::mem::take(&mut finds);
                        asked.reply(SearchFound { finds, ext: Ext::none() }).await?;
                    }
                }
                if !finds.is_empty() {
                    asked.reply(SearchFound { finds, ext: Ext::none() }).await?;
                }
                asked.reply(progress(searched, SearchEnd::NONE)).await?;
            }
            Some(Word::Done(why, searched)) => {
                let end = match why {
                    Stop::All => SearchEnd::ALL,
                    Stop::Count => SearchEnd::COUNT,
                    Stop::Told => SearchEnd::TIME,
                };
                return asked.reply(progress(searched, end)).await;
            }
            None => return Err(Fault::internal("the search failed")),
        }
    }
}

fn query(request: &SearchRequest) -> Result<Query, Fault> {
    let case = match request.case {
        SearchCase::SENSITIVE => Case::Sensitive,
        SearchCase::INSENSITIVE => Case::Insensitive,
        _ => Case::Smart,
    };
    let bad = |error: ccc_play::PatternError| Fault::invalid(error.to_string());
    let command = (!request.command.is_empty())
        .then(|| Pattern::new(&request.command, false, Case::Smart).map_err(bad));
    let count = usize::try_from(request.count).unwrap_or(FINDS);
    let context = usize::try_from(request.context).unwrap_or(CONTEXT);
    Ok(Query {
        pattern: Pattern::new(&request.pattern, request.regex, case).map_err(bad)?,
        since_ms: request.since_unix_ms,
        command: command.transpose()?,
        context: context.min(CONTEXT),
        count: if count == 0 { FINDS } else { count.min(FINDS) },
    })
}

/// The recordings that a target names, and how each is told of.
async fn chosen(asked: &Asked<'_>, target: &str) -> Result<(Vec<Sought>, Vec<Place>), Fault> {
    let root = asked.ctx.state.root().to_owned();
    let wanted = target.to_owned();
    let principal = asked.principal();
    let sees_all = principal.sees_all();
    let (known, places, session, unrecorded) = asked
        .ctx
        .book
        .run(move |book| {
            let house = book.house_for(&principal);
            let mut sessions = house.sessions();
            let session = sessions
                .find(|session| session.name == wanted || session.id.to_string() == wanted)
                .map(|session| session.name.clone());
            let unrecorded: Vec<PaneId> =
                house.panes().filter(|pane| !pane.spec.recorded).map(|pane| pane.id).collect();
            (known(&house), places(&house), session, unrecorded)
        })
        .await?;
    // A name that no session has may be that of one that was.
    let label = session.or_else(|| (!target.is_empty()).then(|| target.to_owned()));
    let all = aside(move || recordings(root, &known, &places, sees_all)).await?;
    let Some(label) = label else { return Ok(split(all)) };
    let (here, others): (Vec<_>, Vec<_>) = all
        .into_iter()
        .partition(|(_, place)| place.place.split(':').next().is_some_and(|name| name == label));
    if !here.is_empty() {
        return Ok(split(here));
    }
    let pane = match target.parse::<PaneUlid>() {
        Ok(_) => None,
        Err(_) => match asked.place(target).await {
            Ok(place) => Some(place.pane),
            // One that was closed is in no place any more.
            Err(fault) => Some(target.parse::<PaneId>().map_err(|_other| fault)?),
        },
    };
    let mut rest = others;
    rest.retain(|(_, place)| match pane {
        Some(pane) => place.pane == Some(pane),
        None => place.ulid.as_str() == target,
    });
    if rest.is_empty() {
        if let Some(pane) = pane.filter(|pane| unrecorded.contains(pane)) {
            return Err(crate::unrecorded::refused(pane));
        }
        return Err(Fault::new(Failure::NOT_FOUND, format!("{target} has no recording")));
    }
    Ok(split(rest))
}

fn split(all: Vec<(Sought, Place)>) -> (Vec<Sought>, Vec<Place>) {
    all.into_iter().unzip()
}

fn recordings(
    root: PathBuf,
    known: &BTreeMap<PaneUlid, Known>,
    places: &Places,
    sees_all: bool,
) -> Vec<(Sought, Place)> {
    let there = names(&root.join("panes")).into_iter();
    // A recording of which the house tells nothing may be anybody's.
    let seen = there.filter(|ulid| sees_all || known.contains_key(ulid));
    let all = seen.map(|ulid| {
        let dir = ulid.dir(&root);
        let place = places.get(ulid.as_str());
        let about = known.get(&ulid);
        let label = || {
            let name = about.map(|about| about.session.clone()).filter(|name| !name.is_empty());
            let born = || PaneHeader::read(&dir).map(|header| header.session).unwrap_or_default();
            name.unwrap_or_else(born)
        };
        let told = Place {
            ulid,
            pane: place.map(|(pane, _)| *pane).or_else(|| about.and_then(|about| about.pane)),
            place: place.map_or_else(label, |(_, place)| place.clone()),
            lives: place.is_some(),
        };
        (Sought { size: header_size(&dir), dir }, told)
    });
    all.collect()
}

fn find(place: &Place, found: Found) -> SearchFind {
    let text = &found.line.text;
    let first = found.places.first().map_or(0, |(from, _)| *from);
    // All of a usual line; of a long one what is around the match.
    let begin =
        if text.len() <= TEXT { 0 } else { text.floor_char_boundary(first.saturating_sub(BEFORE)) };
    let end = text.floor_char_boundary(text.len().min(begin + TEXT));
    let narrow = |at: usize| u32::try_from(at.clamp(begin, end) - begin).unwrap_or(u32::MAX);
    let matches = found
        .places
        .iter()
        .filter(|(from, _)| *from < end)
        .map(|(from, to)| SearchMatch { from: narrow(*from), to: narrow(*to) });
    let around = |lines: &[String]| {
        let cut = lines.iter().map(|line| line[..line.floor_char_boundary(AROUND)].to_owned());
        cut.collect()
    };
    SearchFind {
        ulid: place.ulid.to_string(),
        pane: place.pane,
        place: place.place.clone(),
        lives: place.lives,
        offset: found.line.offset.0,
        line: found.line.number,
        at_unix_ms: found.line.unix_ms,
        matches: matches.collect(),
        before: around(&found.before),
        after: around(&found.after),
        text: text[begin..end].to_owned(),
    }
}

fn weight(find: &SearchFind) -> usize {
    let around = find.before.iter().chain(&find.after).map(|line| line.len() + 8);
    256 + find.text.len() + find.matches.len() * 8 + around.sum::<usize>()
}

fn progress(searched: Searched, end: SearchEnd) -> SearchProgress {
    let wide = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
    SearchProgress {
        pieces: wide(searched.pieces),
        of: wide(searched.of),
        finds: wide(searched.found),
        unreadable: wide(searched.unreadable),
        done: end != SearchEnd::NONE,
        end,
        ext: Ext::none(),
    }
}
