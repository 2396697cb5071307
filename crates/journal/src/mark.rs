//! The `marks` file: points in a recording that the server found in the bytes.
//!
//! Prompts, commands, titles, user markers. A fold of the journal and rebuilt from it, so losing
//! the file loses time, not truth. The bodies are the server's and opaque here.

use std::fs::File;
use std::path::Path;

use crate::error::{Error, Result};
use crate::record::writer::{RecordWriter, Scan};
use crate::record::{FileKind, MAX_BODY, RecordReader, Recovered, Source};
use crate::units::{Offset, Position};

/// The name of the file in a pane's directory.
pub const MARKS_FILE: &str = "marks";

/// Largest body of a mark in bytes: a record's, less the offset before it.
pub const MAX_MARK_BODY: usize = MAX_BODY - OFFSET_BYTES;

const OFFSET_BYTES: usize = 8;

/// One mark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// What it is, in the server's numbering.
    pub kind: u16,
    /// Where it is in the recording.
    pub offset: Offset,
    pub body: Vec<u8>,
}

/// The writing end of a pane's marks.
#[derive(Debug)]
pub struct MarkWriter {
    records: RecordWriter,
    /// The marks with the greatest offset in the file: that offset and their kinds.
    newest: Option<(Offset, Vec<u16>)>,
}

impl MarkWriter {
    /// Opens or creates the file. A torn tail is cut; a foreign file is set aside.
    pub fn open(dir: &Path) -> Result<(Self, Recovered)> {
        let path = dir.join(MARKS_FILE);
        let (records, recovered) =
            RecordWriter::open_or_set_aside(&path, FileKind::MARKS, Scan::Tail)?;
        let mut writer = Self { records, newest: None };
        let mut reader = MarkReader::open(dir)?;
        while let Some(mark) = reader.next_past_damage()? {
            writer.note(&mark);
        }
        Ok((writer, recovered))
    }

    /// Writes the file anew with the marks that are to stay, in one step: whoever reads goes on in the old
    /// file. `keep` is asked in their order.
    pub fn rewrite(dir: &Path, mut keep: impl FnMut(&Mark) -> bool) -> Result<Self> {
        let mut reader = MarkReader::open(dir)?;
        let mut newest = None;
        let records = RecordWriter::replace(&dir.join(MARKS_FILE), FileKind::MARKS, |fresh| {
            while let Some(mark) = reader.next_past_damage()? {
                if keep(&mark) {
                    let body = [mark.offset.0.to_le_bytes().as_slice(), &mark.body].concat();
                    fresh.append(mark.kind, &body)?;
                }
                note(&mut newest, &mark);
            }
            Ok(())
        })?;
        Ok(Self { records, newest })
    }

    /// How large the file is, in bytes.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.records.end().0
    }

    /// The greatest offset that has a mark.
    #[must_use]
    pub fn newest(&self) -> Option<Offset> {
        self.newest.as_ref().map(|(offset, _)| *offset)
    }

    /// Appends a mark, whatever the file holds already.
    pub fn append(&mut self, mark: &Mark) -> Result<Position> {
        if mark.body.len() > MAX_MARK_BODY {
            return Err(Error::TooLarge {
                what: "mark",
                size: mark.body.len() as u64,
                limit: MAX_MARK_BODY as u64,
            });
        }
        let mut body = Vec::with_capacity(OFFSET_BYTES + mark.body.len());
        body.extend_from_slice(&mark.offset.0.to_le_bytes());
        body.extend_from_slice(&mark.body);
        let position = self.records.append(mark.kind, &body)?;
        self.note(mark);
        Ok(position)
    }

    /// Appends a mark unless the file goes that far already: a fold that starts again at a
    /// checkpoint meets the marks behind it a second time. Says whether it was appended.
    pub fn append_new(&mut self, mark: &Mark) -> Result<bool> {
        let known = self.newest.as_ref().is_some_and(|(offset, kinds)| {
            mark.offset < *offset || (mark.offset == *offset && kinds.contains(&mark.kind))
        });
        if !known {
            self.append(mark)?;
        }
        Ok(!known)
    }

    /// Makes what was appended durable.
    pub fn sync(&mut self) -> Result<()> {
        self.records.sync()
    }

    fn note(&mut self, mark: &Mark) {
        note(&mut self.newest, mark);
    }
}

fn note(newest: &mut Option<(Offset, Vec<u16>)>, mark: &Mark) {
    match newest {
        Some((offset, _)) if mark.offset < *offset => {}
        Some((offset, kinds)) if mark.offset == *offset => {
            if !kinds.contains(&mark.kind) {
                kinds.push(mark.kind);
            }
        }
        newest => *newest = Some((mark.offset, vec![mark.kind])),
    }
}

/// Reads a pane's marks, also while the server appends to them.
#[derive(Debug)]
pub struct MarkReader<S: Source = File> {
    records: RecordReader<S>,
}

impl MarkReader<File> {
    /// Opens the marks of a pane's directory at the first one.
    pub fn open(dir: &Path) -> Result<Self> {
        Ok(Self { records: RecordReader::open(&dir.join(MARKS_FILE), FileKind::MARKS)? })
    }
}

impl<S: Source> MarkReader<S> {
    /// Reads marks from `source`; `path` is what messages call it.
    pub fn new(source: S, path: &Path) -> Self {
        Self { records: RecordReader::new(source, FileKind::MARKS, path) }
    }

    /// The next mark; `None` if it is not there yet. A bad record gives [`Error::Damaged`] until
    /// [`MarkReader::skip_damage`] moves on.
    pub fn next_mark(&mut self) -> Result<Option<Mark>> {
        let position = self.records.position();
        let Some((kind, body)) = self.records.next_parts()? else { return Ok(None) };
        let body = self.records.body(body);
        let Some((offset, body)) = body.split_first_chunk::<OFFSET_BYTES>() else {
            self.records.seek(position);
            return Err(self.records.damaged());
        };
        let offset = Offset(u64::from_le_bytes(*offset));
        Ok(Some(Mark { kind, offset, body: body.to_vec() }))
    }

    /// The next mark that can be read, stepping over damage.
    pub fn next_past_damage(&mut self) -> Result<Option<Mark>> {
        loop {
            match self.next_mark() {
                Err(Error::Damaged(_)) if self.skip_damage()? => {}
                Err(Error::Damaged(_)) => return Ok(None),
                other => return other,
            }
        }
    }

    #[must_use]
    pub fn position(&self) -> Position {
        self.records.position()
    }

    pub fn seek(&mut self, position: Position) {
        self.records.seek(position);
    }

    /// How many bytes stand behind the last whole mark.
    pub fn pending(&self) -> Result<u64> {
        self.records.pending()
    }

    /// Moves to the next valid record behind damage. `false` if none is there yet.
    pub fn skip_damage(&mut self) -> Result<bool> {
        self.records.skip_damage()
    }
}

#[cfg(test)]
mod tests;
