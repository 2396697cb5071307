//! The marks of panes: what a shell said, appended to each pane's file. Owns the open files, their bound, what is dropped
//! of them with time, and finding them again in a recording that has lost them.

use std::collections::VecDeque;
use std::path::Path;

use ccc_journal::{
    JournalReader, Mark, MarkReader, MarkWriter, Offset, PaneHeader, PaneUlid, WallClock,
};
use ccc_play::{COMMAND_BEGAN, COMMAND_ENDED, Fold, Remembered, TURN_BYTES};
use ccc_vt::Size;
use tracing::warn;

use super::{Store, StoreError};
use crate::core::commands::{CommandFold, End, Moment, Noted, Ran};
use crate::core::world::reported_directory;
use crate::pane::echo::typed;
use crate::pane::limits;

/// Open files of marks: those of panes that are worked in.
const WRITERS: usize = 8;
/// Bytes of a pane's marks from which on the older half is dropped: ten thousand long commands.
const MARKS_BYTES: u64 = 8 * 1024 * 1024;
/// Commands of a pane whose marks are found again in its bytes.
const REFOUND: usize = 64 * 1024;

impl Store {
    /// Remembers what a pane's shell said.
    pub(in crate::history) fn note(
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

    /// Drops marks of commands that began too long ago, if the first one did. The newest stays: it says
    /// how far the bytes were folded.
    pub(super) fn prune(
        &mut self,
        pane: PaneUlid,
        dir: &Path,
        oldest_ms: u64,
    ) -> Result<(), StoreError> {
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

    /// Writes a pane's marks anew from its bytes.
    pub(super) fn find_again(&mut self, pane: PaneUlid, dir: &Path) -> Result<(), StoreError> {
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

pub(super) fn mark(offset: u64, command: &Remembered) -> Mark {
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
