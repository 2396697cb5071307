//! The commands on the disk: what is appended to each pane's `marks`, and what of it is in the index.
//! Owns the one hand that writes both, and when the index is opened and caught up with all of them. How marks are written
//! stands in `marks`, how they come into the index in `indexing`, how they leave both in `forgetting`; imported commands
//! stand in `imports`. Blocks; run where that is allowed.
//!
//! `marks` comes first and the index is read from it, so that there is one way into the index, whether a
//! command ended just now, while nobody looked, or before the folder was deleted.

mod forgetting;
mod imports;
mod indexing;
mod marks;

use std::collections::VecDeque;
use std::path::PathBuf;

use ccc_index::{Index, IndexError, Opened};
use ccc_journal::{Error, MARKS_FILE, MarkWriter, PaneUlid};
use tracing::warn;

use super::imported;
pub(crate) use imports::Taken;
use imports::{Imports, MOST};
use indexing::Waiting;
pub(crate) use marks::remembered_of;

/// The folder of the index.
const INDEX: &str = "index";
/// Commands that are put into the index at once: a few megabytes.
const AT_ONCE: usize = 16 * 1024;
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
}
