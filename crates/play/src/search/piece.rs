//! One piece of a recording on its way through a search, and the making of its lines.

use std::cmp::Ordering;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::UNIX_EPOCH;

use ccc_journal::{
    LineChunk, LineChunkInfo, LineRef, LinesBuilder, LinesOf, LinesReader, Offset, Result,
    SegmentHeader, ShownLine, TextBuffer, Wanted, lines_file_name, pieces, read_lines, walls,
    write_lines,
};
use ccc_vt::Size;

use super::{LinesCache, Sought};
use crate::shown::ShownLines;

/// Lines after which it is asked whether they are still wanted.
const ASK: usize = 1024;

/// A piece of a recording.
#[derive(Debug)]
pub(super) struct Piece {
    pub(super) recording: usize,
    first: Offset,
    end: Offset,
    segment: Option<Arc<SegmentHeader>>,
    /// What stands on the screen behind it counts as well.
    last: bool,
}

/// A piece that is looked through from its end.
#[derive(Debug)]
pub(super) struct Cursor {
    pub(super) piece: Arc<Piece>,
    /// No line that was not looked at yet is newer.
    pub(super) newest_ms: u64,
    lines: Option<Arc<Lines>>,
    /// Which of its chunks may have what is looked for.
    may: Vec<bool>,
    /// Chunks that were not looked at.
    left: usize,
}

/// Where the lines of a piece are.
#[derive(Debug)]
pub(super) enum Lines {
    File(LinesReader<File>),
    Memory(Arc<LinesReader<Vec<u8>>>),
}

impl Lines {
    fn chunks(&self) -> &[LineChunkInfo] {
        match self {
            Self::File(reader) => reader.chunks(),
            Self::Memory(reader) => reader.chunks(),
        }
    }

    fn chunks_with(&self, wanted: &Wanted) -> Result<Vec<bool>> {
        match self {
            Self::File(reader) => reader.chunks_with(wanted),
            Self::Memory(reader) => reader.chunks_with(wanted),
        }
    }

    pub(super) fn text(&self, number: usize) -> Result<String> {
        match self {
            Self::File(reader) => reader.text(number),
            Self::Memory(reader) => reader.text(number),
        }
    }

    pub(super) fn text_into<'a>(
        &self,
        number: usize,
        buffer: &'a mut TextBuffer,
    ) -> Result<&'a [u8]> {
        match self {
            Self::File(reader) => reader.text_into(number, buffer),
            Self::Memory(reader) => reader.text_into(number, buffer),
        }
    }

    pub(super) fn take_text(&self, number: usize, buffer: &mut TextBuffer) -> Result<String> {
        match self {
            Self::File(reader) => reader.take_text(number, buffer),
            Self::Memory(reader) => reader.take_text(number, buffer),
        }
    }

    pub(super) fn with_places(&self, number: usize, text: String) -> Result<LineChunk> {
        match self {
            Self::File(reader) => reader.with_places(number, text),
            Self::Memory(reader) => reader.with_places(number, text),
        }
    }

    fn chunk(&self, number: usize) -> Result<LineChunk> {
        self.with_places(number, self.text(number)?)
    }

    /// The lines around one of a chunk.
    pub(super) fn context(
        &self,
        chunk: usize,
        lines: &[LineRef<'_>],
        number: usize,
        count: usize,
    ) -> (Vec<String>, Vec<String>) {
        let texts = |lines: &[LineRef<'_>]| -> Vec<String> {
            lines.iter().map(|line| line.text.to_owned()).collect()
        };
        let other = |number: Option<usize>| -> Vec<String> {
            let read = number.and_then(|number| self.chunk(number).ok());
            let chunk = read.unwrap_or_default();
            chunk.lines().map(|line| line.text.to_owned()).collect()
        };
        let mut before = texts(&lines[number.saturating_sub(count)..number]);
        if before.len() < count {
            let earlier = other(chunk.checked_sub(1));
            let more = count - before.len();
            before.splice(0..0, earlier[earlier.len().saturating_sub(more)..].iter().cloned());
        }
        let end = lines.len().min(number + 1 + count);
        let mut after = texts(&lines[number + 1..end]);
        if after.len() < count {
            let later = other(chunk.checked_add(1));
            let more = count - after.len();
            after.extend(later.into_iter().take(more));
        }
        (before, after)
    }
}

/// The pieces of a recording of which something came at a time or later.
pub(super) fn cursors(recording: usize, dir: &Path, since_ms: u64) -> Result<Vec<Cursor>> {
    let found = pieces(dir)?.pieces;
    let count = found.len();
    let cursors = found.into_iter().enumerate().map(|(number, piece)| {
        let last = number + 1 == count;
        let (first, end) = (piece.first, piece.end());
        let segment = piece.segment.filter(|_| piece.journal.is_none()).map(|file| file.header);
        let sealed_ms = segment.as_ref().map(|header| header.wall_last_ns.div_ceil(1_000_000));
        // A file that is written to now may be newer by the time it is read.
        let newest_ms = match sealed_ms.filter(|ms| *ms > 0 && !last) {
            Some(ms) => ms,
            None => piece.journal.map_or(u64::MAX, |file| modified_ms(&file.path)),
        };
        let piece = Arc::new(Piece { recording, first, end, segment, last });
        Cursor { piece, newest_ms, lines: None, may: Vec::new(), left: 0 }
    });
    Ok(cursors.filter(|cursor| cursor.newest_ms >= since_ms).collect())
}

fn modified_ms(path: &Path) -> u64 {
    let modified = std::fs::metadata(path).and_then(|meta| meta.modified()).ok();
    let since = modified.and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    // Clocks of files are coarser than those of events.
    since.map_or(u64::MAX, |since| {
        u64::try_from(since.as_millis()).unwrap_or(u64::MAX).saturating_add(1000)
    })
}

impl Piece {
    /// The lines from the file beside the segment, if there is one that is what was written.
    pub(super) fn stored(&self, sought: &Sought) -> Option<Lines> {
        let header = self.segment.as_ref().filter(|_| !self.last)?;
        read_lines(&sought.dir, header).map(Lines::File)
    }

    /// Folds the bytes anew, or takes what was folded before.
    pub(super) fn make(
        &self,
        sought: &Sought,
        cache: &LinesCache,
        stop: &dyn Fn() -> bool,
    ) -> Result<Option<Arc<Lines>>> {
        let age = cache.age();
        if let Some(known) = cache.find(&sought.dir, self.first, self.end) {
            return Ok(Some(Arc::new(Lines::Memory(known))));
        }
        let of = match &self.segment {
            Some(header) => LinesOf::segment(header),
            None => LinesOf::unsealed(&sought.dir, self.first, self.end),
        };
        let mut count = 0_usize;
        let mut wanted = || {
            count = count.wrapping_add(1);
            !count.is_multiple_of(ASK) || !stop()
        };
        let made = make_lines(&sought.dir, of, sought.size, self.last, &mut wanted)?;
        let Some(bytes) = made else { return Ok(None) };
        if let Some(header) = self.segment.as_ref().filter(|_| !self.last) {
            // Without it the next search does this again.
            let _ = write_lines(&sought.dir, header.number, &bytes);
            if cache.age() != age {
                // They may be of bytes that were forgotten meanwhile. Whoever forgets deletes those that came before.
                let _ = std::fs::remove_file(sought.dir.join(lines_file_name(header.number)));
            }
        }
        let size = bytes.len();
        let path = PathBuf::from("lines in memory");
        let reader = Arc::new(LinesReader::new(bytes, &path)?);
        cache.keep(age, &sought.dir, self.first, self.end, size, &reader);
        Ok(Some(Arc::new(Lines::Memory(reader))))
    }
}

impl Cursor {
    pub(super) fn lines(&self) -> Option<&Arc<Lines>> {
        self.lines.as_ref()
    }

    /// Takes the lines of a piece, of which those chunks are looked at that may have what is wanted.
    ///
    /// # Errors
    /// If they are not what was written.
    pub(super) fn open(&mut self, lines: Arc<Lines>, wanted: &Wanted) -> Result<()> {
        self.may = lines.chunks_with(wanted)?;
        self.left = lines.chunks().len();
        self.lines = Some(lines);
        Ok(())
    }

    /// Whether there is a chunk that was not looked at and may have a line of that time; notes how new it is.
    pub(super) fn has_next(&mut self, since_ms: u64) -> bool {
        let Some(lines) = &self.lines else { return false };
        let left = lines.chunks().get(..self.left).unwrap_or_default();
        // Chunks may overlap in time: what stood on the screen came before what scrolled off later.
        let newest = left.iter().map(|info| info.last_ms).max();
        self.newest_ms = newest.unwrap_or(0);
        newest.is_some_and(|newest| newest >= since_ms)
    }

    /// The next chunk that may have what is wanted, of that time or later, and how new it is.
    pub(super) fn take_next(&mut self, since_ms: u64) -> Option<(usize, u64)> {
        let chunks = self.lines.as_ref()?.chunks();
        loop {
            self.left = self.left.checked_sub(1)?;
            let newest = chunks.get(self.left)?.last_ms;
            if newest >= since_ms && self.may.get(self.left).copied().unwrap_or(true) {
                return Some((self.left, newest));
            }
        }
    }

    /// The lowest number of a line in it.
    pub(super) fn lowest(&self) -> Option<u64> {
        self.lines.as_ref()?.chunks().iter().filter_map(|info| info.lowest).min()
    }
}

impl PartialEq for Cursor {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Cursor {}

impl PartialOrd for Cursor {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Cursor {
    fn cmp(&self, other: &Self) -> Ordering {
        let rank = |cursor: &Self| (cursor.newest_ms, cursor.piece.first, cursor.piece.recording);
        rank(self).cmp(&rank(other))
    }
}

/// Folds the lines of a stretch of a recording, with what stands on the screen behind it if that `stands`.
/// `None` when they are not `wanted` any more, which is asked for each line.
///
/// # Errors
/// If the recording cannot be read.
pub fn make_lines(
    dir: &Path,
    of: LinesOf,
    size: Size,
    stands: bool,
    wanted: &mut dyn FnMut() -> bool,
) -> Result<Option<Vec<u8>>> {
    let (first, end) = (of.first, of.first.plus(of.len));
    let walls = walls(dir, first, end.plus(1))?;
    let timed = |mut line: ShownLine| {
        let behind = walls.partition_point(|(offset, _)| *offset < line.offset);
        let wall = walls.get(behind.saturating_sub(1));
        line.unix_ms = wall.map_or(0, |(_, wall_ns)| wall_ns / 1_000_000);
        line
    };
    let mut builder = LinesBuilder::new(of);
    let mut shown = ShownLines::open(dir, first, size)?;
    let mut all = true;
    shown.until(end, &mut |line| {
        all = wanted();
        builder.push(&timed(line))?;
        Ok(all)
    })?;
    if !all {
        return Ok(None);
    }
    if stands {
        for line in shown.standing() {
            builder.push(&timed(line))?;
        }
    }
    builder.finish().map(Some)
}
