//! Appending to a record file, and mending it when it is opened.
//!
//! One record is one write. After a failed write the file is cut back to the last whole record; a
//! failed sync poisons the writer, because a later sync may claim success for bytes that are gone.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use rustix::fs::OFlags;

use super::source::fill;
use super::{
    FileKind, HEADER_BYTES, HeaderState, MAX_RECORD, Parsed, RECORD_HEAD_BYTES, Source, VERSION,
    encode, find_record, inspect_header, parse,
};
use crate::atomic::FreshFile;
use crate::dir;
use crate::error::{Damage, Error, Result};
use crate::units::Position;

/// What opening for writing found and did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recovered {
    /// The file was not there and was made.
    pub created: bool,
    /// The torn tail that was cut off.
    pub cut: Option<Cut>,
    /// Bad stretches between good records. They stay in the file; readers step over them.
    pub damage: Vec<Damage>,
    /// The file was not usable at all, was kept under this name, and a new one was begun.
    pub set_aside: Option<PathBuf>,
}

/// A tail that held no valid record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cut {
    /// Where the file ends now.
    pub at: Position,
    /// How many bytes went.
    pub bytes: u64,
}

/// How much of an existing file is checked before the first append.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scan {
    Whole,
    /// Only as far back as it takes to find the last good record: for files of many megabytes
    /// whose readers check each record anyway.
    Tail,
}

/// How far before the end a [`Scan::Tail`] starts.
const TAIL_BYTES: u64 = 4 * MAX_RECORD as u64;

/// The one writer of a record file.
#[derive(Debug)]
pub(crate) struct RecordWriter {
    file: File,
    path: PathBuf,
    /// Where the next record goes; what stands behind it in the file is not ours.
    end: u64,
    /// A failed write may have left bytes behind `end`.
    ragged: bool,
    poisoned: bool,
    /// The file was created and its name may not have reached the disk.
    unsynced_name: bool,
    scratch: Vec<u8>,
}

impl RecordWriter {
    /// Opens or creates the file and mends its tail.
    pub(crate) fn open(path: &Path, kind: FileKind, scan: Scan) -> Result<(Self, Recovered)> {
        let (file, created) = match dir::open_file(path, OFlags::RDWR) {
            Ok(file) => (file, false),
            Err(rustix::io::Errno::NOENT) => {
                let flags = OFlags::RDWR | OFlags::CREATE;
                let file = dir::open_file(path, flags).map_err(Error::errno("create", path))?;
                (file, true)
            }
            Err(errno) => return Err(Error::errno("open", path)(errno)),
        };
        let mut recovered = Recovered { created, ..Recovered::default() };
        let mut writer = Self {
            file,
            path: path.to_owned(),
            end: HEADER_BYTES as u64,
            ragged: false,
            poisoned: false,
            unsynced_name: created,
            scratch: Vec::new(),
        };
        writer.settle_header(kind, &mut recovered)?;
        writer.settle_tail(scan, &mut recovered)?;
        Ok((writer, recovered))
    }

    /// As [`RecordWriter::open`], but a file that is not one of ours is kept under another name and
    /// a new one begun: for files without which a pane can go on.
    pub(crate) fn open_or_set_aside(
        path: &Path,
        kind: FileKind,
        scan: Scan,
    ) -> Result<(Self, Recovered)> {
        match Self::open(path, kind, scan) {
            Err(Error::Foreign { .. }) => {
                let aside = set_aside(path)?;
                let (writer, mut recovered) = Self::open(path, kind, scan)?;
                recovered.set_aside = Some(aside);
                Ok((writer, recovered))
            }
            other => other,
        }
    }

    /// Writes a whole new file with what `fill` appends, and puts it in the place of the one at
    /// `path` when it is durable. After an error, and at any crash, the old file stands.
    pub(crate) fn replace(
        path: &Path,
        kind: FileKind,
        fill: impl FnOnce(&mut Self) -> Result<()>,
    ) -> Result<Self> {
        let fresh = FreshFile::create(path)?;
        fresh.file.write_all_at(&kind.header(), 0).map_err(Error::io("write header of", path))?;
        let mut writer = Self {
            file: fresh.file.try_clone().map_err(Error::io("open", path))?,
            path: path.to_owned(),
            end: HEADER_BYTES as u64,
            ragged: false,
            poisoned: false,
            unsynced_name: false,
            scratch: Vec::new(),
        };
        fill(&mut writer)?;
        fresh.replace(path)?;
        Ok(writer)
    }

    /// Where the next record will stand.
    pub(crate) fn end(&self) -> Position {
        Position(self.end)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn file(&self) -> &File {
        &self.file
    }

    /// Appends one record with one write; returns where it stands.
    pub(crate) fn append(&mut self, kind: u16, body: &[u8]) -> Result<Position> {
        let mut scratch = std::mem::take(&mut self.scratch);
        scratch.clear();
        let appended =
            encode(self.end, kind, body, &mut scratch).and_then(|()| self.append_encoded(&scratch));
        self.scratch = scratch;
        appended
    }

    /// Appends records that were encoded for [`RecordWriter::end`], with one write, all of them or
    /// none; returns where the first stands.
    pub(crate) fn append_encoded(&mut self, bytes: &[u8]) -> Result<Position> {
        self.refuse_if_poisoned()?;
        self.append_bytes(bytes)
    }

    /// Makes everything appended so far durable.
    pub(crate) fn sync(&mut self) -> Result<()> {
        self.refuse_if_poisoned()?;
        let synced = self.file.sync_data().map_err(Error::io("sync", &self.path)).and_then(|()| {
            if self.unsynced_name {
                dir::sync(dir::of(&self.path))?;
            }
            Ok(())
        });
        self.poisoned = synced.is_err();
        self.unsynced_name &= self.poisoned;
        synced
    }

    /// Drops everything from `end` on: records that are whole but of no use without the missing
    /// ones behind them.
    pub(crate) fn cut(&mut self, end: Position) -> Result<()> {
        self.end = end.0;
        self.file.set_len(end.0).map_err(Error::io("cut the torn tail of", &self.path))
    }

    /// The same, and the file's name too, whoever created it.
    pub(crate) fn sync_with_name(&mut self) -> Result<()> {
        self.unsynced_name = true;
        self.sync()
    }

    pub(crate) fn refuse_if_poisoned(&self) -> Result<()> {
        if self.poisoned {
            return Err(Error::Poisoned { path: self.path.clone() });
        }
        Ok(())
    }

    fn append_bytes(&mut self, bytes: &[u8]) -> Result<Position> {
        if self.ragged {
            self.file.set_len(self.end).map_err(Error::io("mend the end of", &self.path))?;
            self.ragged = false;
        }
        let position = self.end();
        if let Err(source) = self.file.write_all_at(bytes, self.end) {
            // Cut back what went through. If that fails too it is done before the next append.
            self.ragged = self.file.set_len(self.end).is_err();
            return Err(Error::Io { attempt: "append to", path: self.path.clone(), source });
        }
        self.end = self.end.saturating_add(bytes.len() as u64);
        Ok(position)
    }

    /// Writes the header of a new file, mends one that is cut or damaged, refuses a foreign one.
    fn settle_header(&mut self, kind: FileKind, recovered: &mut Recovered) -> Result<()> {
        let mut bytes = vec![0; HEADER_BYTES + MAX_RECORD];
        let filled = fill(&self.file, 0, &mut bytes).map_err(Error::io("read", &self.path))?;
        let bytes = &bytes[..filled];
        match inspect_header(kind, bytes) {
            HeaderState::Good => return Ok(()),
            HeaderState::Newer(found) => {
                return Err(Error::Newer { path: self.path.clone(), found, known: VERSION });
            }
            HeaderState::Partial => {
                if filled > 0 {
                    recovered.cut = Some(Cut { at: Position(0), bytes: filled as u64 });
                }
            }
            HeaderState::Bad => {
                // A record that was written for exactly this place proves that the file is ours.
                let behind = bytes.get(HEADER_BYTES..).unwrap_or_default();
                if !matches!(parse(HEADER_BYTES as u64, behind), Parsed::Record { .. }) {
                    let path = self.path.clone();
                    return Err(Error::Foreign { path, expected: kind.name() });
                }
                recovered.damage.push(Damage {
                    path: self.path.clone(),
                    from: Position(0),
                    resume: Some(Position(HEADER_BYTES as u64)),
                });
            }
        }
        self.file.write_all_at(&kind.header(), 0).map_err(Error::io("write header of", &self.path))
    }

    /// Finds the end of the last good record and cuts what stands behind it.
    fn settle_tail(&mut self, scan: Scan, recovered: &mut Recovered) -> Result<()> {
        let scanned = scan_records(&self.file, &self.path, scan);
        let (end, size, damage) = scanned.map_err(Error::io("read", &self.path))?;
        recovered.damage.extend(damage);
        self.end = end;
        if end < size {
            self.file.set_len(end).map_err(Error::io("cut the torn tail of", &self.path))?;
            recovered.cut = Some(Cut { at: Position(end), bytes: size - end });
        }
        Ok(())
    }
}

#[cfg(test)]
impl RecordWriter {
    /// The state after a failed write whose bytes could not be cut back.
    pub(crate) fn mark_ragged(&mut self) {
        self.ragged = true;
    }

    /// Puts a file with failures of its own under the writer.
    pub(crate) fn replace_file(&mut self, file: File) {
        self.file = file;
    }
}

/// Walks over the records; returns the end of the last good one, the file's size, and the bad
/// stretches between good ones.
fn scan_records(file: &File, path: &Path, scan: Scan) -> io::Result<(u64, u64, Vec<Damage>)> {
    let header = HEADER_BYTES as u64;
    let size = Source::size(file)?;
    let mut at = header;
    if scan == Scan::Tail && size > header + TAIL_BYTES {
        at = find_record(file, size - TAIL_BYTES, size)?.unwrap_or(header);
    }
    let mut damage = Vec::new();
    let mut window = vec![0; 16 * MAX_RECORD];
    'windows: loop {
        let filled = fill(file, at, &mut window)?;
        let mut used = 0;
        loop {
            let position = at.saturating_add(used as u64);
            match parse(position, &window[used..filled]) {
                Parsed::Record { body, .. } => used += RECORD_HEAD_BYTES + body.len(),
                // The record is cut by the window, not by the end of the file: read on from it.
                Parsed::NeedMore if used > 0 && filled == window.len() => {
                    at = position;
                    continue 'windows;
                }
                Parsed::NeedMore | Parsed::Bad => {
                    if position >= size {
                        return Ok((position, size, damage));
                    }
                    let Some(found) = find_record(file, position.saturating_add(1), size)? else {
                        return Ok((position, size, damage));
                    };
                    damage.push(Damage {
                        path: path.to_owned(),
                        from: Position(position),
                        resume: Some(Position(found)),
                    });
                    at = found;
                    continue 'windows;
                }
            }
        }
    }
}

/// Gives a file that cannot be used a name under which it is kept, and returns that name.
fn set_aside(path: &Path) -> Result<PathBuf> {
    let aside = keep_copy(path)?;
    std::fs::remove_file(path).map_err(Error::io("set aside", path))?;
    Ok(aside)
}

/// Gives a damaged file a second name under which it is kept, and returns that name.
pub(crate) fn keep_copy(path: &Path) -> Result<PathBuf> {
    const MOST_KEPT: u32 = 1000;
    for number in 1..=MOST_KEPT {
        let mut name = path.as_os_str().to_owned();
        name.push(format!(".damaged-{number}"));
        let aside = PathBuf::from(name);
        match std::fs::hard_link(path, &aside) {
            Ok(()) => return Ok(aside),
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists => {}
            Err(e) => return Err(Error::io("set aside", path)(e)),
        }
    }
    Err(Error::TooLarge {
        what: "number of files set aside",
        size: u64::from(MOST_KEPT) + 1,
        limit: u64::from(MOST_KEPT),
    })
}
