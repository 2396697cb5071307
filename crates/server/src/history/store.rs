//! The commands on the disk: what is appended to each pane's `marks`, and what of it is in the index.
//! Owns the one hand that writes both; imported commands stand in `imports`. Blocks; run where that is allowed.
//!
//! `marks` comes first and the index is read from it, so that there is one way into the index, whether a
//! command ended just now, while nobody looked, or before the folder was deleted.

mod imports;

use std::collections::VecDeque;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use ccc_index::{Index, IndexError, Opened, Taken as TakenIn};
use ccc_journal::{
    Error, JournalReader, MARKS_FILE, Mark, MarkReader, MarkWriter, Offset, PaneHeader, PaneUlid,
    Position, Stretch, WallClock,
};
use ccc_play::{COMMAND_BEGAN, COMMAND_ENDED, Fold, Remembered, TURN_BYTES};
use ccc_vt::Size;
use tracing::warn;

use crate::core::commands::{CommandFold, End, Moment, Noted, Ran};
use crate::core::world::reported_directory;
use crate::pane::echo::typed;
use crate::pane::limits;

use super::imported;
pub(crate) use imports::Taken;
use imports::{Imports, MOST};

/// The folder of the index.
const INDEX: &str = "index";
/// Open files of marks: those of panes that are worked in.
const WRITERS: usize = 8;
/// Bytes of a pane's marks from which on the older half is dropped: ten thousand long commands.
const MARKS_BYTES: u64 = 8 * 1024 * 1024;
/// Commands that are put into the index at once: a few megabytes.
const AT_ONCE: usize = 16 * 1024;
/// Commands of a pane whose marks are found again in its bytes.
const REFOUND: usize = 64 * 1024;

#[derive(Debug, thiserror::Error)]
pub(crate) enum StoreError {
    #[error("the marks of a pane: {0}")]
    Marks(#[from] Error),
    #[error(transparent)]
    Index(#[from] IndexError),
    #[error(
        "a server keeps at most {MOST} imported commands of 64 MiB in all, and this one has them"
    )]
    Full,
}

/// How far a rebuild is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Progress {
    pub(crate) panes: u64,
    pub(crate) of: u64,
    pub(crate) commands: u64,
}

#[derive(Debug)]
pub(super) struct Store {
    root: PathBuf,
    /// Name of this machine, to tell directories of others.
    host: String,
    /// Commands that began before are forgotten; how long ago that is, in milliseconds.
    keep_ms: u64,
    writers: VecDeque<(PaneUlid, MarkWriter)>,
    index: Option<Index>,
    /// While commands are being imported.
    imports: Option<Imports>,
}

impl Store {
    pub(super) fn new(root: PathBuf, host: String, keep_ms: u64) -> Self {
        Self { root, host, keep_ms, writers: VecDeque::new(), index: None, imports: None }
    }

    fn open(&self) -> Result<Opened, StoreError> {
        let folder = self.folder();
        ccc_journal::dir::create_private(&folder).map_err(Error::from)?;
        Ok(Index::open(&folder)?)
    }

    fn folder(&self) -> PathBuf {
        self.root.join(INDEX)
    }

    /// The index, opened and caught up with the marks when this is its first use.
    pub(super) fn index(
        &mut self,
        now_ms: u64,
        tell: &mut dyn FnMut(Progress),
    ) -> Result<Index, StoreError> {
        if let Some(index) = &self.index {
            return Ok(index.clone());
        }
        let opened = self.open()?;
        if let Some(aside) = &opened.set_aside {
            warn!(aside = %aside.display(), "the index was damaged and is built anew");
        }
        self.index = Some(opened.index.clone());
        self.catch_up_all(now_ms, tell)?;
        Ok(opened.index)
    }

    /// Forgets what the index has and reads all marks again.
    pub(super) fn rebuild(
        &mut self,
        now_ms: u64,
        tell: &mut dyn FnMut(Progress),
    ) -> Result<(), StoreError> {
        match &self.index {
            Some(index) => {
                index.forget_all_commands()?;
                self.catch_up_all(now_ms, tell)
            }
            None => {
                let opened = self.open()?;
                opened.index.forget_all_commands()?;
                self.index = Some(opened.index);
                self.catch_up_all(now_ms, tell)
            }
        }
    }

    /// Brings what was put into the index to the disk.
    pub(super) fn flush(&mut self) -> Result<(), StoreError> {
        for (_, writer) in &mut self.writers {
            writer.sync()?;
        }
        self.imports = None;
        if let Some(index) = &self.index {
            index.flush(&self.folder())?;
        }
        Ok(())
    }

    /// Remembers what a pane's shell said.
    pub(super) fn note(
        &mut self,
        pane: PaneUlid,
        session: &str,
        noted: &[Noted],
    ) -> Result<(), StoreError> {
        let dir = pane.dir(&self.root);
        let mut clock = None;
        let host = self.host.clone();
        let writer = self.writer(pane, &dir)?;
        for Noted { offset, command } in noted {
            if writer.newest().is_some_and(|newest| newest.0 > *offset) {
                continue;
            }
            let mut at = |moment| match moment {
                Moment::At(ms) => Some(ms),
                Moment::Byte(byte) => {
                    let clock = clock.get_or_insert_with(|| WallClock::open(&dir));
                    clock.at(Offset(byte)).map(|wall_ns| wall_ns / 1_000_000)
                }
            };
            let remembered = remembered(command, session, &host, &mut at);
            writer.append_new(&mark(*offset, &remembered))?;
        }
        if writer.size() > MARKS_BYTES {
            self.drop_older_half(pane, &dir)?;
        }
        let mut waiting = Vec::new();
        self.catch_up(pane, &mut waiting)?;
        self.put(&mut waiting)
    }

    /// Forgets panes whose recordings are gone, marks and all.
    pub(super) fn forget(&mut self, panes: &[PaneUlid]) -> Result<(), StoreError> {
        self.writers.retain(|(pane, _)| !panes.contains(pane));
        self.drop_index()?;
        Ok(())
    }

    /// Forgets the commands that began in a stretch, and says how many they were. The whole index goes, as what
    /// a database deletes stays in its files for long; it comes back from the marks when somebody asks.
    pub(super) fn forget_stretch(
        &mut self,
        pane: PaneUlid,
        stretch: Stretch,
    ) -> Result<u64, StoreError> {
        let dir = pane.dir(&self.root);
        let name = |mark: &Mark| {
            let name = Remembered::decode(mark)?.mark;
            // Its text ends at its mark.
            (name > stretch.from.0 && name <= stretch.to.0).then_some(name)
        };
        self.writers.retain(|(known, _)| *known != pane);
        let mut commands = std::collections::BTreeSet::new();
        if dir.join(MARKS_FILE).exists() {
            let mut reader = MarkReader::open(&dir)?;
            while let Some(mark) = reader.next_past_damage()? {
                commands.extend(name(&mark));
            }
            MarkWriter::rewrite(&dir, |mark| name(mark).is_none())?;
        }
        self.drop_index()?;
        Ok(commands.len() as u64)
    }

    /// Deletes the index with all that its files still hold of what it forgot; it comes back when somebody asks.
    fn drop_index(&mut self) -> Result<(), StoreError> {
        self.index = None;
        let entries = std::fs::read_dir(&self.root).into_iter().flatten().flatten();
        let folders = entries.filter(|entry| {
            // Also what was set aside when it was damaged.
            entry
                .file_name()
                .to_str()
                .is_some_and(|name| name == INDEX || name.starts_with(&format!("{INDEX}.damaged-")))
        });
        for folder in folders.map(|entry| entry.path()) {
            std::fs::remove_dir_all(&folder)
                .map_err(|source| IndexError::Folder { path: folder, source })?;
        }
        Ok(())
    }

    fn writer(&mut self, pane: PaneUlid, dir: &Path) -> Result<&mut MarkWriter, StoreError> {
        if let Some(at) = self.writers.iter().position(|(known, _)| *known == pane) {
            let writer = self.writers.remove(at);
            self.writers.extend(writer);
        } else {
            if self.writers.len() >= WRITERS {
                self.writers.pop_front();
            }
            let (writer, recovered) = MarkWriter::open(dir)?;
            if recovered.set_aside.is_some() || recovered.cut.is_some() {
                warn!(dir = %dir.display(), "a pane's marks were mended");
            }
            self.writers.push_back((pane, writer));
        }
        match self.writers.back_mut() {
            Some((_, writer)) => Ok(writer),
            None => unreachable!("one was put there just now"),
        }
    }

    fn drop_older_half(&mut self, pane: PaneUlid, dir: &Path) -> Result<(), StoreError> {
        let mut marks = 0_u64;
        let mut reader = MarkReader::open(dir)?;
        while reader.next_past_damage()?.is_some() {
            marks += 1;
        }
        let mut left = marks / 2;
        self.writers.retain(|(known, _)| *known != pane);
        MarkWriter::rewrite(dir, |_| match left.checked_sub(1) {
            Some(less) => {
                left = less;
                false
            }
            None => true,
        })?;
        Ok(())
    }

    fn catch_up_all(
        &mut self,
        now_ms: u64,
        tell: &mut dyn FnMut(Progress),
    ) -> Result<(), StoreError> {
        self.drop_stale_imports()?;
        let entries = std::fs::read_dir(self.root.join("panes")).into_iter().flatten();
        let panes: Vec<PaneUlid> = entries
            .flatten()
            .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
            .collect();
        let oldest = now_ms.saturating_sub(self.keep_ms);
        let mut progress = Progress { of: panes.len() as u64, ..Progress::default() };
        // Panes overlap in time: put together, each block of the index is written less often.
        let mut waiting = Vec::new();
        for pane in panes {
            tell(progress);
            // One pane that cannot be read keeps nobody from the others.
            match self.take_in(pane, oldest, &mut waiting) {
                Ok(marks) => progress.commands += marks,
                Err(error) => warn!(%pane, %error, "a pane's commands could not be read"),
            }
            progress.panes += 1;
            if waiting.len() >= AT_ONCE {
                self.put(&mut waiting)?;
            }
        }
        self.put(&mut waiting)?;
        // Likewise.
        match self.catch_up_imported() {
            Ok(commands) => progress.commands += commands,
            Err(error) => warn!(%error, "imported commands could not be read"),
        }
        if let Some(index) = &self.index {
            // Recordings that were deleted while no index was open.
            let gone = |pane: &String| {
                pane.parse()
                    .is_ok_and(|pane: PaneUlid| !pane.dir(&self.root).join(MARKS_FILE).exists())
            };
            let gone: Vec<String> = index.panes_taken()?.into_iter().filter(gone).collect();
            let gone: Vec<&str> = gone.iter().map(String::as_str).collect();
            index.forget_commands_of(&gone)?;
            index.forget_commands_before(oldest, imported::is_origin)?;
        }
        self.flush()?;
        tell(progress);
        Ok(())
    }

    fn take_in(
        &mut self,
        pane: PaneUlid,
        oldest_ms: u64,
        waiting: &mut Vec<Waiting>,
    ) -> Result<u64, StoreError> {
        let dir = pane.dir(&self.root);
        if !dir.join(MARKS_FILE).exists() {
            self.find_again(pane, &dir)?;
        }
        self.prune(pane, &dir, oldest_ms)?;
        self.catch_up(pane, waiting)
    }

    /// Drops marks of commands that began too long ago, if the first one did. The newest stays: it says
    /// how far the bytes were folded.
    fn prune(&mut self, pane: PaneUlid, dir: &Path, oldest_ms: u64) -> Result<(), StoreError> {
        let Ok(mut reader) = MarkReader::open(dir) else { return Ok(()) };
        let old = |mark: &Mark| {
            Remembered::decode(mark).is_some_and(|command| command.started_ms < oldest_ms)
        };
        if !reader.next_past_damage()?.is_some_and(|first| old(&first)) {
            return Ok(());
        }
        let mut newest = Offset::ZERO;
        let mut reader = MarkReader::open(dir)?;
        while let Some(mark) = reader.next_past_damage()? {
            newest = newest.max(mark.offset);
        }
        self.writers.retain(|(known, _)| *known != pane);
        MarkWriter::rewrite(dir, |mark| !old(mark) || mark.offset == newest)?;
        Ok(())
    }

    /// Reads the marks that the index does not have yet, and says how many commands they are.
    fn catch_up(&self, pane: PaneUlid, waiting: &mut Vec<Waiting>) -> Result<u64, StoreError> {
        let Some(index) = &self.index else { return Ok(0) };
        let dir = pane.dir(&self.root);
        let Ok(metadata) = std::fs::metadata(dir.join(MARKS_FILE)) else { return Ok(0) };
        let taken = index.taken(pane.as_str())?;
        let mut reader = MarkReader::open(&dir)?;
        let same = taken.file == metadata.ino() && taken.position <= metadata.len();
        if same && taken.position > 0 {
            reader.seek(Position(taken.position));
        }
        let (mut any, mut commands, mut last) = (false, 0, None);
        while let Some(mark) = reader.next_past_damage()? {
            // A command whose text nobody told is no line of a history.
            let command = Remembered::decode(&mark).filter(|command| !command.text.is_empty());
            if let Some(command) = command {
                // Its end is the same command again.
                commands += u64::from(last.replace(command.mark) != Some(command.mark));
                waiting.push(Waiting::Command(pane, command));
                any = true;
            }
        }
        let position = reader.position().0;
        if any || !same || position != taken.position {
            waiting.push(Waiting::Taken(pane, TakenIn { file: metadata.ino(), position }));
        }
        Ok(commands)
    }

    fn put(&self, waiting: &mut Vec<Waiting>) -> Result<(), StoreError> {
        let Some(index) = &self.index else { return Ok(()) };
        let commands: Vec<_> = waiting
            .iter()
            .filter_map(|waiting| match waiting {
                Waiting::Command(pane, command) => Some(indexed(command, pane.as_str())),
                Waiting::Taken(..) => None,
            })
            .collect();
        index.put_commands(&commands)?;
        for waiting in &*waiting {
            if let Waiting::Taken(pane, taken) = waiting {
                index.set_taken(pane.as_str(), *taken)?;
            }
        }
        waiting.clear();
        Ok(())
    }

    /// Writes a pane's marks anew from its bytes.
    fn find_again(&mut self, pane: PaneUlid, dir: &Path) -> Result<(), StoreError> {
        let mut journal = JournalReader::open(dir)?;
        // Of segments and journal files, whichever are older.
        let first = journal.first();
        if journal.end()? == first {
            return Ok(());
        }
        let header = PaneHeader::read(dir).ok();
        let size = header.as_ref().map_or(ccc_journal::Size { cols: 80, rows: 24 }, |h| h.size);
        let session = header.map_or_else(String::new, |header| header.session);
        let size = Size::new(size.cols, size.rows);
        let opened = Fold::open(dir, first, size, limits())?;
        let (mut fold, mut screen) = (opened.fold, opened.screen);
        let cwd = screen.cwd().unwrap_or_default().to_owned();
        let mut commands = CommandFold::new(None, cwd, None);
        let mut buffer = vec![0; TURN_BYTES];
        let mut noted = VecDeque::new();
        loop {
            let turn = fold.turn(&mut screen, &mut buffer)?;
            screen.take_replies();
            let notices = screen.take_notices();
            noted.extend(
                commands.hear_all(&notices, &|line, column, to| typed(&screen, line, column, to)),
            );
            if turn.exit.is_some() {
                noted.extend(commands.end(fold.offset().0, None));
            }
            while noted.len() > REFOUND {
                noted.pop_front();
            }
            if !turn.more {
                break;
            }
        }
        self.note(pane, &session, noted.make_contiguous())
    }
}

/// What is to be put into the index.
#[derive(Debug)]
enum Waiting {
    Command(PaneUlid, Remembered),
    Taken(PaneUlid, TakenIn),
}

fn mark(offset: u64, command: &Remembered) -> Mark {
    let kind = if command.to.is_some() { COMMAND_ENDED } else { COMMAND_BEGAN };
    Mark { kind, offset: Offset(offset), body: command.encode() }
}

fn remembered(
    command: &Ran,
    session: &str,
    host: &str,
    at: &mut impl FnMut(Moment) -> Option<u64>,
) -> Remembered {
    let Ran { mark, from, text, cwd, started, end } = command;
    let local = reported_directory(cwd, host).map(|path| path.to_string_lossy().into_owned());
    // In the order of the recording, which is the order in which times are found.
    let started_ms = at(*started).unwrap_or(0);
    let ended_ms = end.and_then(|end| end.at).and_then(at);
    Remembered {
        mark: *mark,
        from: *from,
        to: end.map(|end| end.to),
        started_ms,
        ended_ms,
        exit: end.and_then(|end| end.exit),
        session: session.to_owned(),
        cwd: local.unwrap_or_else(|| cwd.clone()),
        text: text.clone(),
    }
}

/// What is remembered of a pane, for a fold that goes on: the byte up to which, and the command that runs.
pub(crate) fn remembered_of(dir: &Path) -> (Option<u64>, Option<Ran>) {
    let Ok(mut reader) = MarkReader::open(dir) else { return (None, None) };
    let (mut known, mut running) = (None::<u64>, None);
    while let Ok(Some(mark)) = reader.next_past_damage() {
        known = known.max(Some(mark.offset.0));
        if let Some(command) = Remembered::decode(&mark) {
            running = Some(command);
        }
    }
    let running = running.filter(|command| command.to.is_none()).map(|command| Ran {
        mark: command.mark,
        from: command.from,
        text: command.text,
        cwd: command.cwd,
        started: Moment::At(command.started_ms),
        end: None::<End>,
    });
    (known, running)
}

/// As the index has it.
fn indexed<'a>(command: &'a Remembered, pane: &'a str) -> ccc_index::Command<'a> {
    ccc_index::Command {
        started_unix_ms: command.started_ms,
        pane,
        mark: command.mark,
        session: &command.session,
        text: &command.text,
        cwd: &command.cwd,
        from: command.from,
        to: command.to,
        exit: command.exit,
        duration_ms: command.ended_ms.map(|ended| ended.saturating_sub(command.started_ms)),
    }
}
