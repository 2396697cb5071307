//! When what of a recording came: its events, read into one line of time from the first start on. Owns
//! the way from an offset to a time and back. Time while no program could print is not in it: of a machine
//! that was off, only what the clock on the wall says is known.

use std::path::Path;
use std::time::Duration;

use ccc_journal::{
    BootId, Error, Event, EventReader, ExitStatus, Gap, JournalReader, Offset, Result,
};
use ccc_vt::Size;

/// The most points of time that are kept, which is some megabytes; a recording with more of them is known
/// in coarser steps.
const POINTS: usize = 128 * 1024;

/// A byte of the recording, and when it came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Point {
    /// The byte here came then, those before it earlier.
    pub offset: Offset,
    /// Since the recording began.
    pub at: Duration,
}

/// Something that happened at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    pub point: Point,
    pub what: What,
}

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// A program was started.
    Started,
    Resized(Size),
    Ended(ExitStatus),
    /// Bytes are missing from here on.
    Gap(Gap),
}

/// The times of a recording.
#[derive(Clone, Debug, Default)]
pub struct Timeline {
    /// Ascending in both.
    points: Vec<Point>,
    moments: Vec<Moment>,
    /// Wall clock of the beginning, in milliseconds since 1970; 0 when nothing tells.
    began_unix_ms: u64,
    /// Every so many points one was kept.
    stride: usize,
    /// Points read since the last one that was kept.
    passed: usize,
    end: Point,
}

impl Point {
    const START: Self = Self { offset: Offset(0), at: Duration::ZERO };
}

impl Default for Point {
    fn default() -> Self {
        Self::START
    }
}

/// Reads the monotonic times of boots into one line.
#[derive(Debug, Default)]
struct Clock {
    /// The last time read, and what it is in the line.
    last: Option<(u64, Duration)>,
    boot: Option<BootId>,
    /// Wall clock, in nanoseconds, of a point of the line.
    wall: Option<(u64, Duration)>,
}

impl Clock {
    fn at(&mut self, mono_ns: u64) -> Duration {
        let (before, at) = self.last.unwrap_or((mono_ns, Duration::ZERO));
        let at = at + Duration::from_nanos(mono_ns.saturating_sub(before));
        self.last = Some((mono_ns.max(before), at));
        at
    }

    /// Another boot, or another start, with what the wall clock says if it is known.
    fn begin(&mut self, boot: BootId, mono_ns: u64, wall_ns: Option<u64>) -> Duration {
        if self.boot.replace(boot) != Some(boot) {
            let at = self.last.map_or(Duration::ZERO, |(_, at)| at);
            self.last = Some((mono_ns, at));
        }
        let at = self.at(mono_ns);
        if let Some(wall_ns) = wall_ns {
            self.wall = Some((wall_ns, at));
        }
        at
    }
}

impl Timeline {
    /// Reads the events of a pane's directory. Damage is passed over, as a fold does; a recording whose
    /// events are lost has no times.
    ///
    /// # Errors
    /// If the operating system refuses to read.
    pub fn read(dir: &Path) -> Result<Self> {
        let mut line = Self { stride: 1, ..Self::default() };
        // The last bytes have no event behind them.
        let end = JournalReader::open(dir)?.end()?;
        let mut events = match EventReader::open(dir) {
            Ok(events) => events,
            Err(error) if error.is_not_found() => {
                line.end.offset = end;
                return Ok(line);
            }
            Err(error) => return Err(error),
        };
        let mut clock = Clock::default();
        let mut began = None;
        loop {
            let event = match events.next_event() {
                Ok(Some(event)) => event,
                Ok(None) => break,
                Err(Error::Damaged(_)) if events.skip_damage()? => continue,
                Err(Error::Damaged(_)) => break,
                Err(error) => return Err(error),
            };
            let at = match event {
                // Nothing is to be seen of it.
                Event::CellPixels { .. } => continue,
                Event::Started { wall_ns, mono_ns, boot_id, .. } => {
                    let at = clock.begin(boot_id, mono_ns, Some(wall_ns));
                    began = began.or_else(|| Some(wall_ns.saturating_sub(nanos(at))));
                    at
                }
                Event::Adopted { mono_ns, boot_id, .. } => clock.begin(boot_id, mono_ns, None),
                Event::Time { mono_ns, .. } | Event::Exit { mono_ns, .. } => clock.at(mono_ns),
                Event::Resize { .. } | Event::Gap(_) => {
                    clock.last.map_or(Duration::ZERO, |(_, at)| at)
                }
            };
            // An event may stand a little before those that were written earlier.
            let offset = event.offset().max(line.end.offset);
            let point = Point { offset, at };
            line.end = point;
            let what = match event {
                Event::Time { .. } | Event::Adopted { .. } | Event::CellPixels { .. } => {
                    line.pass(point);
                    continue;
                }
                Event::Started { .. } => What::Started,
                Event::Resize { size, .. } => {
                    What::Resized(Size { cols: size.cols, rows: size.rows })
                }
                Event::Exit { status, .. } => What::Ended(status),
                Event::Gap(gap) => What::Gap(gap),
            };
            line.pass(point);
            line.moments.push(Moment { point, what });
        }
        line.began_unix_ms = began.unwrap_or(0) / 1_000_000;
        line.end.offset = end.max(line.end.offset);
        Ok(line)
    }

    fn pass(&mut self, point: Point) {
        self.passed += 1;
        if self.passed < self.stride {
            return;
        }
        self.passed = 0;
        self.points.push(point);
        if self.points.len() >= POINTS {
            let mut kept = 0;
            self.points.retain(|_| {
                kept += 1;
                kept % 2 == 0
            });
            self.stride *= 2;
        }
    }

    /// A line from the points and moments of one that was read elsewhere, ascending in offset and time.
    #[must_use]
    pub fn of(points: Vec<Point>, moments: Vec<Moment>, began_unix_ms: u64, end: Point) -> Self {
        Self { points, moments, began_unix_ms, stride: 1, passed: 0, end }
    }

    /// The points of time.
    #[must_use]
    pub fn points(&self) -> &[Point] {
        &self.points
    }

    /// All that happened, in order.
    #[must_use]
    pub fn moments(&self) -> &[Moment] {
        &self.moments
    }

    /// Milliseconds since 1970 of the beginning; 0 when nothing tells.
    #[must_use]
    pub const fn began_unix_ms(&self) -> u64 {
        self.began_unix_ms
    }

    /// The end of the bytes, and the last time that is known: how long the recording is.
    #[must_use]
    pub const fn end(&self) -> Point {
        self.end
    }

    /// How late it is when the screen stands at the offset: when the byte before it came.
    #[must_use]
    pub fn time_at(&self, offset: Offset) -> Duration {
        let behind = self.points.partition_point(|point| point.offset < offset);
        let last = behind.checked_sub(1).and_then(|last| self.points.get(last));
        last.map_or(Duration::ZERO, |point| point.at)
    }

    /// Up to where everything had come by that time.
    #[must_use]
    pub fn offset_at(&self, at: Duration) -> Offset {
        // What came with a point goes up to the next one.
        let next = self.points.get(self.points.partition_point(|point| point.at <= at));
        next.map_or(self.end.offset, |point| point.offset)
    }

    /// When something is to be seen next after a time, if ever.
    #[must_use]
    pub fn next_after(&self, at: Duration) -> Option<Duration> {
        self.points.get(self.points.partition_point(|point| point.at <= at)).map(|point| point.at)
    }

    /// When something was to be seen last before a time; the beginning if there is nothing.
    #[must_use]
    pub fn last_before(&self, at: Duration) -> Duration {
        let behind = self.points.partition_point(|point| point.at < at);
        behind
            .checked_sub(1)
            .and_then(|last| self.points.get(last))
            .map_or(Duration::ZERO, |point| point.at)
    }
}

fn nanos(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests;
