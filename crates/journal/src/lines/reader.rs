//! Reading a file of lines: what there is, and one chunk at a time. All of it is checked before it is
//! believed.

use std::cell::RefCell;
use std::fs::File;
use std::path::{Path, PathBuf};

use rustix::fs::OFlags;
use zstd::bulk::Decompressor;

use super::table::Rows;
use super::{
    DIRECTORY, FILE_KIND, HEADER, HEADER_BODY, LinesOf, MAX_DIRECTORY, MAX_RAW, PLACES, ShownLine,
    TABLE, TEXT, Wanted,
};
use crate::dir;
use crate::error::{Error, Result};
use crate::record::source::fill;
use crate::record::{
    HEADER_BYTES, HeaderState, Parsed, RECORD_HEAD_BYTES, Source, VERSION, inspect_header, parse,
};
use crate::segment::blob;
use crate::units::Offset;

/// A reader of one file of lines.
#[derive(Debug)]
pub struct LinesReader<S: Source = File> {
    source: S,
    path: PathBuf,
    of: LinesOf,
    lines: u64,
    table: TableInfo,
    chunks: Vec<LineChunkInfo>,
}

/// Where the table of trigrams stands.
#[derive(Clone, Copy, Debug)]
struct TableInfo {
    at: u64,
    stored: u32,
    len: u32,
    rows: u32,
    bits: u32,
}

/// What is known of a chunk without reading it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineChunkInfo {
    pub lines: u32,
    /// Times of the first and the last line in it, milliseconds since 1970; 0 when nothing tells.
    pub first_ms: u64,
    pub last_ms: u64,
    /// The lowest number of a line in it.
    pub lowest: Option<u64>,
    /// Bytes of text, as they were.
    pub text_len: u32,
    at: u64,
    text_stored: u32,
    places_stored: u32,
    places_len: u32,
}

/// A line of a chunk, as [`ShownLine`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineRef<'a> {
    pub number: Option<u64>,
    pub offset: Offset,
    pub unix_ms: u64,
    pub text: &'a str,
}

impl LineRef<'_> {
    /// The same with a text of its own.
    #[must_use]
    pub fn to_line(self) -> ShownLine {
        let Self { number, offset, unix_ms, text } = self;
        ShownLine { number, offset, unix_ms, text: text.to_owned() }
    }
}

/// Where the text of one chunk after the other is read to, so that memory for it is taken once.
#[derive(Debug, Default)]
pub struct TextBuffer {
    /// As it is stored.
    stored: Vec<u8>,
    text: Vec<u8>,
}

/// The lines of a chunk.
#[derive(Clone, Debug, Default)]
pub struct LineChunk {
    /// All of them, a line feed between each two.
    text: String,
    places: Vec<u8>,
    lines: u32,
}

impl LinesReader<File> {
    /// Opens a file.
    ///
    /// # Errors
    /// If it cannot be read or is not what was written.
    pub fn open(path: &Path) -> Result<Self> {
        let file = dir::open_file(path, OFlags::RDONLY).map_err(Error::errno("open", path))?;
        Self::new(file, path)
    }
}

impl<S: Source> LinesReader<S> {
    /// Reads lines from `source`; `path` is what messages call it.
    ///
    /// # Errors
    /// If it cannot be read or is not what was written.
    pub fn new(source: S, path: &Path) -> Result<Self> {
        let bad = |at: usize| blob::damaged(path, at as u64);
        let mut head = vec![0; HEADER_BYTES + RECORD_HEAD_BYTES + HEADER_BODY];
        let filled = fill(&source, 0, &mut head).map_err(Error::io("read", path))?;
        let head = &head[..filled];
        match inspect_header(FILE_KIND, &head[..filled.min(HEADER_BYTES)]) {
            HeaderState::Good => {}
            HeaderState::Newer(found) => {
                return Err(Error::Newer { path: path.to_owned(), found, known: VERSION });
            }
            HeaderState::Partial | HeaderState::Bad => return Err(bad(0)),
        }
        let rest = head.get(HEADER_BYTES..).unwrap_or_default();
        let Parsed::Record { kind: HEADER, body } = parse(HEADER_BYTES as u64, rest) else {
            return Err(bad(HEADER_BYTES));
        };
        let mut body = Body(body);
        let known = body.header().ok_or_else(|| bad(HEADER_BYTES))?;
        let (of, lines, at, length, count) = known;
        if length > MAX_DIRECTORY {
            return Err(bad(HEADER_BYTES));
        }
        let directory = blob::read(&source, path, at, DIRECTORY, length)?;
        let mut entries = Body(&directory);
        let table = entries.table().ok_or_else(|| blob::damaged(path, at))?;
        let mut chunks = Vec::new();
        for _ in 0..count {
            chunks.push(entries.entry().ok_or_else(|| blob::damaged(path, at))?);
        }
        Ok(Self { source, path: path.to_owned(), of, lines, table, chunks })
    }

    /// What the lines are of.
    #[must_use]
    pub fn of(&self) -> &LinesOf {
        &self.of
    }

    /// How many lines there are.
    #[must_use]
    pub fn lines(&self) -> u64 {
        self.lines
    }

    /// Its chunks, oldest first.
    #[must_use]
    pub fn chunks(&self) -> &[LineChunkInfo] {
        &self.chunks
    }

    /// Bytes that the table of trigrams takes.
    #[must_use]
    pub fn table_size(&self) -> u32 {
        self.table.stored
    }

    /// Which chunks may have a line with all that is wanted, asked of the table of trigrams.
    ///
    /// # Errors
    /// If it cannot be read or is not what was written.
    pub fn chunks_with(&self, wanted: &Wanted) -> Result<Vec<bool>> {
        if wanted.is_empty() || self.chunks.is_empty() {
            return Ok(vec![true; self.chunks.len()]);
        }
        let table = &self.table;
        let bad = || blob::damaged(&self.path, table.at);
        let packed = blob::read(&self.source, &self.path, table.at, TABLE, table.stored)?;
        let bytes = unpack(&packed, table.len).ok_or_else(bad)?;
        let rows = Rows { bits: table.bits, count: table.rows, bytes };
        let chunks = u32::try_from(self.chunks.len()).map_err(|_too_many| bad())?;
        rows.chunks_with(wanted, chunks).ok_or_else(bad)
    }

    /// Reads the text of a chunk: all lines, a line feed between each two.
    ///
    /// # Errors
    /// If there is none of that number, it cannot be read, or it is not what was written.
    pub fn text(&self, number: usize) -> Result<String> {
        let mut buffer = TextBuffer::default();
        self.text_into(number, &mut buffer)?;
        self.take_text(number, &mut buffer)
    }

    /// Reads the text of a chunk in place of what is in `buffer`. Whether it is UTF-8 is not looked at: most of what
    /// is searched has nothing that anybody wants.
    ///
    /// # Errors
    /// If there is none of that number, it cannot be read, or it is not what was written.
    pub fn text_into<'a>(&self, number: usize, buffer: &'a mut TextBuffer) -> Result<&'a [u8]> {
        let info = self.info(number)?;
        let TextBuffer { stored, text } = buffer;
        blob::read_into(&self.source, &self.path, info.at, TEXT, info.text_stored, stored)?;
        let whole = unpack_into(stored, info.text_len, text);
        whole.ok_or_else(|| blob::damaged(&self.path, info.at))?;
        Ok(text)
    }

    /// Takes the text of that chunk, which was read last, out of `buffer`.
    ///
    /// # Errors
    /// If it is not what was written.
    pub fn take_text(&self, number: usize, buffer: &mut TextBuffer) -> Result<String> {
        let at = self.info(number)?.at;
        let text = std::mem::take(&mut buffer.text);
        String::from_utf8(text).map_err(|_bytes| blob::damaged(&self.path, at))
    }

    /// Reads a chunk.
    ///
    /// # Errors
    /// If there is none of that number, it cannot be read, or it is not what was written.
    pub fn chunk(&self, number: usize) -> Result<LineChunk> {
        let text = self.text(number)?;
        self.with_places(number, text)
    }

    /// A chunk whose text was read before.
    ///
    /// # Errors
    /// If there is none of that number, it cannot be read, or it is not what was written.
    pub fn with_places(&self, number: usize, text: String) -> Result<LineChunk> {
        let info = self.info(number)?;
        let bad = || blob::damaged(&self.path, info.at);
        let at = info.at.saturating_add(blob::span(info.text_stored));
        let places = blob::read(&self.source, &self.path, at, PLACES, info.places_stored)?;
        let places = unpack(&places, info.places_len).ok_or_else(bad)?;
        Ok(LineChunk { text, places, lines: info.lines })
    }

    fn info(&self, number: usize) -> Result<&LineChunkInfo> {
        self.chunks.get(number).ok_or(Error::Malformed { what: "number of a chunk" })
    }
}

impl LineChunk {
    /// The text of all lines, a line feed between each two.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The lines in order. Ends early where the places are not what was written.
    pub fn lines(&self) -> impl Iterator<Item = LineRef<'_>> {
        let (mut places, mut before) = (Body(&self.places), ShownLine::default());
        let mut at = 0_usize;
        (0..self.lines).map_while(move |_| {
            let length = usize::try_from(places.varint()?).ok()?;
            let number = places.varint()?;
            let near = before.offset.0.wrapping_add(length as u64).wrapping_add(2);
            let offset = near.wrapping_add(unzigzag(places.varint()?));
            let unix_ms = before.unix_ms.wrapping_add(unzigzag(places.varint()?));
            let next = before.number.map_or(0, |number| number.wrapping_add(1));
            let number = (number & 1 == 0).then(|| next.wrapping_add(unzigzag(number >> 1)));
            let text = self.text.get(at..at.checked_add(length)?)?;
            at = at.checked_add(length)?.checked_add(1)?;
            let offset = Offset(offset);
            before.number = number.or(before.number);
            before.offset = offset;
            before.unix_ms = unix_ms;
            Some(LineRef { number, offset, unix_ms, text })
        })
    }
}

/// Decompresses what must become exactly so many bytes.
fn unpack(stored: &[u8], len: u32) -> Option<Vec<u8>> {
    let mut raw = Vec::new();
    unpack_into(stored, len, &mut raw)?;
    Some(raw)
}

/// The same in place of what is in `raw`.
fn unpack_into(stored: &[u8], len: u32, raw: &mut Vec<u8>) -> Option<()> {
    let len = usize::try_from(len).ok().filter(|len| *len <= MAX_RAW)?;
    raw.clear();
    raw.reserve(len);
    UNPACKING.with_borrow_mut(|known| {
        let mut unpacking = match known.take() {
            Some(unpacking) => unpacking,
            None => Decompressor::new().ok()?,
        };
        let done = unpacking.decompress_to_buffer(stored, raw).ok();
        *known = Some(unpacking);
        done
    })?;
    (raw.len() == len).then_some(())
}

thread_local! {
    /// Some 100 KiB that are made ready once for all chunks that a thread reads.
    static UNPACKING: RefCell<Option<Decompressor<'static>>> = const { RefCell::new(None) };
}

const fn unzigzag(value: u64) -> u64 {
    (value >> 1) ^ (value & 1).wrapping_neg()
}

/// What is left of a body.
struct Body<'a>(&'a [u8]);

impl Body<'_> {
    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (head, rest) = self.0.split_first_chunk::<N>()?;
        self.0 = rest;
        Some(*head)
    }

    fn u32(&mut self) -> Option<u32> {
        self.array().map(u32::from_le_bytes)
    }

    fn u64(&mut self) -> Option<u64> {
        self.array().map(u64::from_le_bytes)
    }

    fn varint(&mut self) -> Option<u64> {
        let mut value = 0_u64;
        for shift in (0..64).step_by(7) {
            let [byte] = self.array::<1>()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(value);
            }
        }
        None
    }

    /// What it is of, lines, where the directory stands, its length, chunks.
    fn header(&mut self) -> Option<(LinesOf, u64, u64, u32, u32)> {
        let pane = self.array::<26>()?;
        let of = LinesOf {
            pane: std::str::from_utf8(&pane).ok()?.parse().ok()?,
            number: self.u32()?,
            first: Offset(self.u64()?),
            len: self.u64()?,
            segment: self.array()?,
        };
        Some((of, self.u64()?, self.u64()?, self.u32()?, self.u32()?))
    }

    fn table(&mut self) -> Option<TableInfo> {
        let at = self.u64()?;
        let (stored, len, rows, bits) = (self.u32()?, self.u32()?, self.u32()?, self.u32()?);
        (1..=24).contains(&bits).then_some(TableInfo { at, stored, len, rows, bits })
    }

    fn entry(&mut self) -> Option<LineChunkInfo> {
        let at = self.u64()?;
        let (text_stored, text_len) = (self.u32()?, self.u32()?);
        let (places_stored, places_len) = (self.u32()?, self.u32()?);
        let lines = self.u32()?;
        let (first_ms, last_ms, lowest) = (self.u64()?, self.u64()?, self.u64()?);
        Some(LineChunkInfo {
            lines,
            first_ms,
            last_ms,
            lowest: Some(lowest).filter(|lowest| *lowest != u64::MAX),
            text_len,
            at,
            text_stored,
            places_stored,
            places_len,
        })
    }
}
