//! When bytes came: `events` tells in monotonic times, people ask by the clock on the wall.

use std::path::Path;

use super::index::{MAX_TIMES, TimeEntry};
use super::{SegmentReader, list};
use crate::error::{Error, Result};
use crate::event::{Event, EventReader};
use crate::files::end_offset;
use crate::units::{BootId, Offset, Position};

/// One moment on both clocks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Clock {
    pub wall_ns: u64,
    pub mono_ns: u64,
    pub boot: BootId,
}

impl Clock {
    /// The wall clock's time at a monotonic one of the same boot.
    #[must_use]
    pub fn wall(&self, mono_ns: u64) -> u64 {
        match mono_ns.checked_sub(self.mono_ns) {
            Some(later) => self.wall_ns.saturating_add(later),
            None => self.wall_ns.saturating_sub(self.mono_ns - mono_ns),
        }
    }
}

/// What `events` tells of a stretch of a recording.
#[derive(Debug, Default)]
pub(super) struct Told {
    pub(super) times: Vec<TimeEntry>,
    /// How many events stand in it.
    pub(super) events: u32,
    /// Where the first event behind it stands.
    pub(super) to: Position,
    /// What times behind it count from.
    pub(super) clock: Option<Clock>,
    pub(super) wall_first_ns: u64,
    pub(super) wall_last_ns: u64,
}

/// Walks over events, with the clock that they are told by.
#[derive(Debug)]
struct Walk {
    events: EventReader,
    clock: Option<Clock>,
}

impl Walk {
    /// From a position on; `None` when there are no events.
    fn begin(dir: &Path, from: Position, clock: Option<Clock>) -> Result<Option<Self>> {
        match EventReader::open(dir) {
            Ok(mut events) => {
                if from <= events.end()? {
                    events.seek(from);
                }
                Ok(Some(Self { events, clock }))
            }
            Err(error) if error.is_not_found() => Ok(None),
            Err(Error::Foreign { .. } | Error::Newer { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The next event, where it stands, and its time on the wall if it has one that can be told.
    fn next(&mut self) -> Result<Option<(Position, Event, Option<u64>)>> {
        loop {
            let position = self.events.position();
            let event = match self.events.next_event() {
                Ok(Some(event)) => event,
                Ok(None) => return Ok(None),
                Err(Error::Damaged(_)) if self.events.skip_damage()? => continue,
                Err(Error::Damaged(_) | Error::Foreign { .. }) => return Ok(None),
                Err(error) => return Err(error),
            };
            match event {
                Event::Started { wall_ns, mono_ns, boot_id: boot, .. } => {
                    self.clock = Some(Clock { wall_ns, mono_ns, boot });
                }
                // Times of another boot count from a moment that nothing tells.
                Event::Adopted { boot_id, .. } => {
                    self.clock = self.clock.filter(|clock| clock.boot == boot_id);
                }
                _ => {}
            }
            let wall = self.clock.and_then(|clock| event.mono_ns().map(|mono| clock.wall(mono)));
            return Ok(Some((position, event, wall)));
        }
    }
}

/// Reads what is told of the bytes from `first` up to `end`, from a position in `events` on.
pub(super) fn told(
    dir: &Path,
    from: Position,
    clock: Option<Clock>,
    first: Offset,
    end: Offset,
) -> Result<Told> {
    let mut told = Told { to: from, clock, ..Told::default() };
    let Some(mut walk) = Walk::begin(dir, from, clock)? else { return Ok(told) };
    loop {
        told.to = walk.events.position();
        told.clock = walk.clock;
        let Some((events, event, wall)) = walk.next()? else { break };
        let offset = event.offset();
        if offset >= end {
            break;
        }
        if let Some(wall_ns) = wall {
            if offset <= first || told.wall_first_ns == 0 {
                told.wall_first_ns = wall_ns;
            }
            told.wall_last_ns = wall_ns;
        }
        if offset < first {
            continue;
        }
        told.events = told.events.saturating_add(1);
        if let (Event::Time { .. } | Event::Started { .. }, Some(wall_ns)) = (event, wall) {
            told.times.push(TimeEntry { offset, wall_ns, events });
            if told.times.len() >= 4 * MAX_TIMES {
                thin(&mut told.times);
            }
        }
    }
    while told.times.len() > MAX_TIMES {
        thin(&mut told.times);
    }
    Ok(told)
}

/// Leaves out every other one.
fn thin<T>(times: &mut Vec<T>) {
    let mut keep = false;
    times.retain(|_| {
        keep = !keep;
        keep
    });
}

/// Where a search in `events` may begin so as to meet everything that stands at or behind a place
/// that `is_before` knows.
fn begin(dir: &Path, is_before: impl Fn(Offset, u64) -> bool) -> Result<(Position, Option<Clock>)> {
    let (segments, _unusable) = list::segments(dir)?;
    let index =
        |number| list::open(dir, number).and_then(|(_, reader): (_, SegmentReader)| reader.index());
    let within = segments.iter().rposition(|file| {
        file.header.wall_first_ns > 0 && is_before(file.header.first, file.header.wall_first_ns)
    });
    let Some(within) = within else { return Ok((Position::default(), None)) };
    // The clock at its beginning is the one behind the segment before it.
    let clock = match within.checked_sub(1) {
        Some(before) => index(segments[before].header.number).ok().and_then(|found| found.clock),
        None => None,
    };
    let header = &segments[within].header;
    // Without a clock only a start tells the time: then all events are read.
    let mut from = if clock.is_some() { header.events_from } else { Position::default() };
    if clock.is_some()
        && let Ok(index) = index(header.number)
        && let Some(at) = index.times.iter().rfind(|time| is_before(time.offset, time.wall_ns))
        && index.clock == clock
    {
        // No program was started within, so that the clock is the same all along.
        from = at.events;
    }
    Ok((from, clock))
}

/// The place up to which a recording had come at a time: all that was printed until then lies before
/// it. `None` when nothing tells times.
pub fn offset_at(dir: &Path, wall_ns: u64) -> Result<Option<Offset>> {
    let (from, clock) = begin(dir, |_, wall| wall <= wall_ns)?;
    let Some(mut walk) = Walk::begin(dir, from, clock)? else { return Ok(None) };
    let mut timed = false;
    while let Some((_, event, wall)) = walk.next()? {
        timed |= wall.is_some();
        if wall.is_some_and(|wall| wall > wall_ns) {
            return Ok(Some(event.offset()));
        }
    }
    if timed { end_offset(dir).map(Some) } else { Ok(None) }
}

/// The time at which the byte before a place came, as near as it is known.
pub fn wall_at(dir: &Path, offset: Offset) -> Result<Option<u64>> {
    let (from, clock) = begin(dir, |first, _| first < offset)?;
    let Some(mut walk) = Walk::begin(dir, from, clock)? else { return Ok(None) };
    let mut last = None;
    while let Some((_, event, wall)) = walk.next()? {
        if event.offset() >= offset && last.is_some() {
            break;
        }
        last = wall.or(last);
    }
    Ok(last)
}

/// Times of one stretch that are held at once, 16 bytes each.
const MAX_WALLS: usize = 256 * 1024;

/// When what of a stretch came: the places of its events with their times, ascending, and at first the last
/// one before it. The byte at a place came at about its time, those before it earlier.
pub fn walls(dir: &Path, first: Offset, end: Offset) -> Result<Vec<(Offset, u64)>> {
    let (from, clock) = begin(dir, |at, _| at < first)?;
    let mut walls: Vec<(Offset, u64)> = Vec::new();
    let Some(mut walk) = Walk::begin(dir, from, clock)? else { return Ok(walls) };
    while let Some((_, event, wall)) = walk.next()? {
        let offset = event.offset();
        if offset >= end && !walls.is_empty() {
            break;
        }
        let Some(wall_ns) = wall else { continue };
        if offset <= first {
            walls.clear();
        }
        walls.push((offset, wall_ns));
        if walls.len() >= MAX_WALLS {
            thin(&mut walls);
        }
    }
    Ok(walls)
}

/// The clock on the wall along a recording, asked for in ascending order.
#[derive(Debug)]
pub struct WallClock {
    walk: Option<Walk>,
    /// The time of the last event that is not behind the byte asked for last.
    last: Option<u64>,
    /// An event behind that byte.
    next: Option<(Offset, Option<u64>)>,
}

impl WallClock {
    /// That of the recording in `dir`. Without events no time is known.
    #[must_use]
    pub fn open(dir: &Path) -> Self {
        let walk = Walk::begin(dir, Position::default(), None).ok().flatten();
        Self { walk, last: None, next: None }
    }

    /// When the byte came, in nanoseconds since 1970, as far as that was ever noted: behind another boot it
    /// is the last time that is known. It never goes back.
    pub fn at(&mut self, byte: Offset) -> Option<u64> {
        loop {
            let (offset, wall) = match self.next.take() {
                Some(next) => next,
                None => match self.walk.as_mut().and_then(|walk| walk.next().ok().flatten()) {
                    Some((_, event, wall)) => (event.offset(), wall),
                    None => return self.last,
                },
            };
            if offset > byte {
                self.next = Some((offset, wall));
                return self.last;
            }
            self.last = wall.max(self.last);
        }
    }
}
