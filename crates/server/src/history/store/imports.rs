//! Imported commands on the disk and in the index. Owns the file, its bound, and that nothing stands in it twice.

use std::collections::HashSet;
use std::hash::{BuildHasher as _, RandomState};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use ccc_index::Taken as TakenIn;
use ccc_journal::{Error, MARKS_FILE, MarkReader, MarkWriter, Position};
use tracing::warn;

use super::{AT_ONCE, Store, StoreError};
use crate::history::Import;
use crate::history::imported::{IMPORTED, Imported};

/// The most imported commands: decades of a busy person, a quarter of what the index holds.
pub(super) const MOST: usize = 250_000;
/// The most bytes of their file.
const MOST_BYTES: u64 = 64 * 1024 * 1024;

/// What became of commands that were brought.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Taken {
    pub(crate) added: u64,
    /// They were there already.
    pub(crate) known: u64,
}

/// The file while commands are being brought.
#[derive(Debug)]
pub(super) struct Imports {
    writer: MarkWriter,
    /// Hashes of what is in it: eight bytes of each command, and only for as long as it takes.
    known: HashSet<u64>,
    hasher: RandomState,
    next: u64,
}

impl Imports {
    fn open(dir: &Path) -> Result<Self, Error> {
        ccc_journal::dir::create_private(dir)?;
        let (writer, recovered) = MarkWriter::open(dir)?;
        if recovered.set_aside.is_some() || recovered.cut.is_some() {
            warn!(dir = %dir.display(), "the imported commands were mended");
        }
        let next = writer.newest().map_or(0, |newest| newest.0.saturating_add(1));
        let mut imports = Self { writer, known: HashSet::new(), hasher: RandomState::new(), next };
        let mut reader = MarkReader::open(dir)?;
        while let Some(mark) = reader.next_past_damage()? {
            if let Some(command) = Imported::decode(&mark) {
                imports.known.insert(imports.hash(&command));
            }
        }
        Ok(imports)
    }

    fn hash(&self, command: &Imported) -> u64 {
        let Imported { source, who, started_ms, text, .. } = command;
        self.hasher.hash_one((source, who, started_ms, text))
    }

    /// Appends a command unless it is there. Says whether it was not.
    fn add(&mut self, command: &Imported) -> Result<bool, StoreError> {
        let hash = self.hash(command);
        if self.known.contains(&hash) {
            return Ok(false);
        }
        if self.known.len() >= MOST || self.writer.size() >= MOST_BYTES {
            return Err(StoreError::Full);
        }
        self.writer.append(&command.mark(self.next))?;
        self.known.insert(hash);
        self.next += 1;
        Ok(true)
    }
}

impl Store {
    fn imported(&self) -> PathBuf {
        self.root.join(IMPORTED)
    }

    /// Takes in what somebody brings, durably.
    pub(in crate::history) fn import(
        &mut self,
        import: Import,
        now_ms: u64,
    ) -> Result<Taken, StoreError> {
        let mut imports = match self.imports.take() {
            Some(imports) => imports,
            None => Imports::open(&self.imported())?,
        };
        let Import { who, source, commands } = import;
        let mut brought =
            commands.iter().filter_map(|command| Imported::of(&who, source, command, now_ms));
        let mut taken = Taken::default();
        let done = brought.try_for_each(|command| {
            match imports.add(&command)? {
                true => taken.added += 1,
                false => taken.known += 1,
            }
            Ok(())
        });
        // What was taken before it was full stays.
        imports.writer.sync()?;
        self.imports = Some(imports);
        self.catch_up_imported()?;
        done.map(|()| taken)
    }

    /// Forgets what somebody imported, or everything that was; says how many commands that was. The index goes
    /// first, as what a database deletes stays in its files for long: a crash in between forgets nothing yet.
    pub(in crate::history) fn forget_imported(
        &mut self,
        who: Option<&str>,
    ) -> Result<u64, StoreError> {
        self.imports = None;
        let dir = self.imported();
        let mut reader = match MarkReader::open(&dir) {
            Ok(reader) => reader,
            Err(error) if error.is_not_found() => return Ok(0),
            Err(error) => return Err(error.into()),
        };
        let goes = |command: &Imported| who.is_none_or(|who| command.who == who);
        let (mut gone, mut left) = (0, 0_u64);
        while let Some(mark) = reader.next_past_damage()? {
            if let Some(command) = Imported::decode(&mark) {
                match goes(&command) {
                    true => gone += 1,
                    false => left += 1,
                }
            }
        }
        self.drop_index()?;
        if left > 0 {
            MarkWriter::rewrite(&dir, |mark| {
                Imported::decode(mark).is_some_and(|command| !goes(&command))
            })?;
        } else {
            // With what was set aside because it was damaged.
            let removed = std::fs::remove_dir_all(&dir);
            removed.map_err(|source| Error::Io { attempt: "delete", path: dir, source })?;
            ccc_journal::dir::sync(&self.root).map_err(Error::from)?;
        }
        Ok(gone)
    }

    /// Empties an index that was made of another file of imported commands than there is.
    pub(super) fn drop_stale_imports(&self) -> Result<(), StoreError> {
        let Some(index) = &self.index else { return Ok(()) };
        let taken = index.taken(IMPORTED)?;
        let is = std::fs::metadata(self.imported().join(MARKS_FILE)).ok();
        let same = is.is_some_and(|is| is.ino() == taken.file && taken.position <= is.len());
        if taken != TakenIn::default() && !same {
            index.forget_all_commands()?;
        }
        Ok(())
    }

    /// Puts those into the index that it does not have yet, and says how many they are.
    pub(super) fn catch_up_imported(&self) -> Result<u64, StoreError> {
        let Some(index) = &self.index else { return Ok(0) };
        let dir = self.imported();
        let Ok(metadata) = std::fs::metadata(dir.join(MARKS_FILE)) else { return Ok(0) };
        let taken = index.taken(IMPORTED)?;
        let mut reader = MarkReader::open(&dir)?;
        if taken.file == metadata.ino() && taken.position > 0 {
            reader.seek(Position(taken.position));
        }
        let (mut commands, mut waiting) = (0, Vec::new());
        loop {
            let mark = reader.next_past_damage()?;
            let ended = mark.is_none();
            let command = mark.and_then(|mark| Some((mark.offset.0, Imported::decode(&mark)?)));
            waiting.extend(command.map(|(number, command)| (number, command.origin(), command)));
            if ended || waiting.len() >= AT_ONCE {
                let put: Vec<_> = waiting.iter().map(indexed).collect();
                index.put_commands(&put)?;
                let position = reader.position().0;
                index.set_taken(IMPORTED, TakenIn { file: metadata.ino(), position })?;
                commands += waiting.len() as u64;
                waiting.clear();
            }
            if ended {
                return Ok(commands);
            }
        }
    }
}

/// As the index has it: it has ended, and printed nothing that is known.
fn indexed((number, origin, command): &(u64, String, Imported)) -> ccc_index::Command<'_> {
    ccc_index::Command {
        started_unix_ms: command.started_ms.unwrap_or(0),
        pane: origin,
        mark: *number,
        session: "",
        text: &command.text,
        cwd: &command.cwd,
        from: 0,
        to: Some(0),
        exit: command.exit,
        duration_ms: command.duration_ms,
    }
}

#[cfg(test)]
mod tests;
