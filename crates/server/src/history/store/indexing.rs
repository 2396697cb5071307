//! From the marks of panes into the index. Owns how far each pane's are in it, and that this is noted behind them.

use std::os::unix::fs::MetadataExt as _;

use ccc_index::Taken as TakenIn;
use ccc_journal::{MARKS_FILE, MarkReader, PaneUlid, Position};
use ccc_play::Remembered;

use super::{Store, StoreError};

/// What is to be put into the index.
#[derive(Debug)]
pub(super) enum Waiting {
    Command(PaneUlid, Remembered),
    Taken(PaneUlid, TakenIn),
}

impl Store {
    /// Reads the marks that the index does not have yet, and says how many commands they are.
    pub(super) fn catch_up(
        &self,
        pane: PaneUlid,
        waiting: &mut Vec<Waiting>,
    ) -> Result<u64, StoreError> {
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

    pub(super) fn put(&self, waiting: &mut Vec<Waiting>) -> Result<(), StoreError> {
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
