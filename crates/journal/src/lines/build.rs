//! Making the bytes of a file of lines, in memory: the lines of one segment are some megabytes at most.

use super::table::Tally;
use super::{
    CHUNK_LINES, CHUNK_TEXT, DIRECTORY, ENTRY, FILE_KIND, HEADER, HEADER_BODY, LINE_TEXT, LinesOf,
    MAX_RAW, PLACES, QUICK_LEVEL, STORED_LEVEL, ShownLine, TABLE, TABLE_FLOOR, TABLE_SHARE, TEXT,
    fold_text,
};
use crate::error::{Error, Result};
use crate::record::{HEADER_BYTES, RECORD_HEAD_BYTES, encode};
use crate::segment::blob;

/// Takes lines in order and gives the file that holds them.
#[derive(Debug)]
pub struct LinesBuilder {
    of: LinesOf,
    out: Vec<u8>,
    directory: Vec<u8>,
    tally: Tally,
    chunks: u32,
    lines: u64,
    open: Open,
}

/// The chunk that lines go to.
#[derive(Debug, Default)]
struct Open {
    text: String,
    places: Vec<u8>,
    lines: u32,
    before: ShownLine,
    first_ms: u64,
    last_ms: u64,
    /// The lowest number.
    lowest: Option<u64>,
}

impl LinesBuilder {
    /// A file without lines.
    #[must_use]
    pub fn new(of: LinesOf) -> Self {
        let mut out = FILE_KIND.header().to_vec();
        out.resize(HEADER_BYTES + RECORD_HEAD_BYTES + HEADER_BODY, 0);
        let (directory, tally, open) = (Vec::new(), Tally::new(), Open::default());
        Self { of, out, directory, tally, chunks: 0, lines: 0, open }
    }

    /// Adds the next line.
    ///
    /// # Errors
    /// If a chunk cannot be compressed.
    pub fn push(&mut self, line: &ShownLine) -> Result<()> {
        let text = &line.text[..line.text.floor_char_boundary(LINE_TEXT)];
        self.open.push(line, text);
        self.lines = self.lines.saturating_add(1);
        if self.open.text.len() >= CHUNK_TEXT || self.open.lines as usize >= CHUNK_LINES {
            self.close()?;
        }
        Ok(())
    }

    fn close(&mut self) -> Result<()> {
        let open = std::mem::take(&mut self.open);
        if open.lines == 0 {
            return Ok(());
        }
        let at = self.out.len() as u64;
        let text = pack(open.text.as_bytes(), self.level())?;
        self.out.extend(blob::records(at, TEXT, &text)?);
        let places = pack(&open.places, self.level())?;
        self.out.extend(blob::records(self.out.len() as u64, PLACES, &places)?);
        self.tally.add(&fold_text(&open.text));
        let entry = &mut self.directory;
        entry.extend_from_slice(&at.to_le_bytes());
        for length in [text.len(), open.text.len(), places.len(), open.places.len()] {
            entry.extend_from_slice(&narrow(length)?.to_le_bytes());
        }
        entry.extend_from_slice(&open.lines.to_le_bytes());
        for number in [open.first_ms, open.last_ms, open.lowest.unwrap_or(u64::MAX)] {
            entry.extend_from_slice(&number.to_le_bytes());
        }
        debug_assert!(entry.len().is_multiple_of(ENTRY));
        self.chunks = self.chunks.saturating_add(1);
        Ok(())
    }

    /// Puts the table of trigrams behind the chunks, and gives what the directory says of it.
    fn table(&mut self) -> Result<Vec<u8>> {
        let at = self.out.len();
        let most = (at / TABLE_SHARE).max(TABLE_FLOOR);
        let (rows, packed) = loop {
            let rows = self.tally.rows();
            let packed = pack(&rows.bytes, self.level())?;
            let fits = packed.len() <= most && rows.bytes.len() <= MAX_RAW;
            if fits || !self.tally.narrow() {
                break (rows, packed);
            }
        };
        self.out.extend(blob::records(at as u64, TABLE, &packed)?);
        let mut entry = (at as u64).to_le_bytes().to_vec();
        for number in [narrow(packed.len())?, narrow(rows.bytes.len())?, rows.count, rows.bits] {
            entry.extend_from_slice(&number.to_le_bytes());
        }
        Ok(entry)
    }

    fn level(&self) -> i32 {
        if self.of.number == u32::MAX { QUICK_LEVEL } else { STORED_LEVEL }
    }

    /// The whole file.
    ///
    /// # Errors
    /// If a chunk cannot be compressed.
    pub fn finish(mut self) -> Result<Vec<u8>> {
        self.close()?;
        let mut directory = self.table()?;
        directory.append(&mut self.directory);
        let at = self.out.len() as u64;
        self.out.extend(blob::records(at, DIRECTORY, &directory)?);
        let mut body = Vec::with_capacity(HEADER_BODY);
        body.extend_from_slice(self.of.pane.as_str().as_bytes());
        body.extend_from_slice(&self.of.number.to_le_bytes());
        body.extend_from_slice(&self.of.first.0.to_le_bytes());
        body.extend_from_slice(&self.of.len.to_le_bytes());
        body.extend_from_slice(&self.of.segment);
        body.extend_from_slice(&self.lines.to_le_bytes());
        body.extend_from_slice(&at.to_le_bytes());
        body.extend_from_slice(&narrow(directory.len())?.to_le_bytes());
        body.extend_from_slice(&self.chunks.to_le_bytes());
        let mut record = Vec::new();
        encode(HEADER_BYTES as u64, HEADER, &body, &mut record)?;
        for (to, from) in self.out.iter_mut().skip(HEADER_BYTES).zip(record) {
            *to = from;
        }
        Ok(self.out)
    }
}

impl Open {
    fn push(&mut self, line: &ShownLine, text: &str) {
        if self.lines > 0 {
            self.text.push('\n');
        }
        self.text.push_str(text);
        let before = &self.before;
        let out = &mut self.places;
        varint(text.len() as u64, out);
        // What usually follows is written as 0: the next number, a line feed further on, at the same time.
        let next = before.number.map_or(0, |number| number.wrapping_add(1));
        match line.number {
            Some(number) => varint(zigzag(number.wrapping_sub(next)) << 1, out),
            None => varint(1, out),
        }
        let near = before.offset.0.wrapping_add(text.len() as u64).wrapping_add(2);
        varint(zigzag(line.offset.0.wrapping_sub(near)), out);
        varint(zigzag(line.unix_ms.wrapping_sub(before.unix_ms)), out);
        if self.lines == 0 {
            self.first_ms = line.unix_ms;
        }
        self.first_ms = self.first_ms.min(line.unix_ms);
        self.last_ms = self.last_ms.max(line.unix_ms);
        if let Some(number) = line.number {
            self.lowest = Some(self.lowest.map_or(number, |lowest| lowest.min(number)));
        }
        let number = line.number.or(before.number);
        self.before =
            ShownLine { number, offset: line.offset, unix_ms: line.unix_ms, text: String::new() };
        self.lines += 1;
    }
}

fn pack(bytes: &[u8], level: i32) -> Result<Vec<u8>> {
    zstd::bulk::compress(bytes, level).map_err(Error::io("compress", std::path::Path::new("lines")))
}

fn narrow(length: usize) -> Result<u32> {
    let limit = u64::from(u32::MAX);
    u32::try_from(length).map_err(|_too_large| Error::TooLarge {
        what: "lines",
        size: length as u64,
        limit,
    })
}

/// A signed difference with its sign in the lowest bit. The one bit that a number loses to the flag beside it
/// is one that no difference of line numbers has.
const fn zigzag(difference: u64) -> u64 {
    let signed = difference.cast_signed();
    ((signed << 1) ^ (signed >> 63)).cast_unsigned()
}

pub(super) fn varint(mut value: u64, out: &mut Vec<u8>) {
    while value >= 0x80 {
        out.push(u8::try_from(value & 0x7f).unwrap_or(0) | 0x80);
        value >>= 7;
    }
    out.push(u8::try_from(value).unwrap_or(0));
}
