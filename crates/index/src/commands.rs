//! Commands of all panes, newest first. Owns how they lie in the database: in blocks of neighbours by
//! time, each with a summary of what may be found in it, so that a question reads few of them.
//!
//! One writer at a time. Readers need not wait for it: a block that is being split is at worst seen
//! twice, which the reader notices by the order of keys.

mod block;
mod filter;
mod form;
mod summary;

use crate::{Index, IndexError};
use block::Block;
pub use filter::{CommandFilter, ExitFilter};
use summary::Summary;

const BLOCKS: &str = "commands";
const SUMMARIES: &str = "summaries";
/// How far each pane's marks are in here.
const TAKEN: &str = "taken";
/// The most blocks: about a million commands. The oldest give way.
const MOST_BLOCKS: usize = 8192;

/// One command that ran in a pane, as the database has it. Fields are only ever added with another form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Command<'a> {
    /// When it began, milliseconds since 1970; 0 when nobody knows.
    pub started_unix_ms: u64,
    /// The pane's name on the disk, or what stands for one where a command ran in none.
    pub pane: &'a str,
    /// The byte of the mark where its output begins: with the pane it names the command.
    pub mark: u64,
    /// Name of the session that it ran in.
    pub session: &'a str,
    pub text: &'a str,
    /// Empty when the shell did not tell.
    pub cwd: &'a str,
    /// What it printed begins here.
    pub from: u64,
    /// And ends before this byte; `None` while it runs.
    pub to: Option<u64>,
    /// The status that the shell told; `None` while it runs, or when nobody told.
    pub exit: Option<i32>,
    /// `None` while it runs, or when its end is not known.
    pub duration_ms: Option<u64>,
}

/// Where a command stands in the order of all: by time, pane, mark.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CommandKey(Vec<u8>);

impl CommandKey {
    fn of(command: &Command<'_>) -> Self {
        let mut key = Self(Vec::with_capacity(16 + command.pane.len()));
        key.become_of(command);
        key
    }

    /// Becomes the place of another command, in the memory that it has.
    fn become_of(&mut self, command: &Command<'_>) {
        self.0.clear();
        self.0.extend_from_slice(&command.started_unix_ms.to_be_bytes());
        self.0.extend_from_slice(command.pane.as_bytes());
        self.0.extend_from_slice(&command.mark.to_be_bytes());
    }

    /// Bytes to hand out, and to take back with [`CommandKey::from_bytes`].
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Any bytes are a place in the order.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Self {
        Self(bytes.to_vec())
    }
}

/// How far a pane's marks were taken in, and of which file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    /// The file's number on its disk: another file is read from its beginning.
    pub file: u64,
    pub position: u64,
}

impl Index {
    /// Puts commands in, each in the place of what was known of it.
    ///
    /// # Errors
    /// The database failed.
    pub fn put_commands(&self, commands: &[Command<'_>]) -> Result<(), IndexError> {
        let blocks = self.db.open_tree(BLOCKS)?;
        let mut sorted: Vec<_> =
            commands.iter().map(|command| (CommandKey::of(command), command)).collect();
        sorted.sort_by(|a, b| a.0.cmp(&b.0));
        let mut rest = sorted.as_slice();
        while let Some((first, _)) = rest.first() {
            // The block that this one belongs to, and all that belong to the same one.
            let at = blocks.range(..=first.as_bytes()).next_back().transpose()?;
            let at = at.map_or_else(|| blocks.first(), |found| Ok(Some(found)))?;
            let next = match &at {
                Some((key, _)) => blocks.get_gt(key)?.map(|(key, _)| key),
                None => None,
            };
            let here = next.map_or(rest.len(), |next| {
                rest.partition_point(|(key, _)| key.as_bytes() < next.as_ref())
            });
            let (these, others) = rest.split_at(here.max(1));
            rest = others;
            let old = at.as_ref().map(|(_, bytes)| Block::decode(bytes)).unwrap_or_default();
            let merged = old.merged(these.iter().map(|(_, command)| **command));
            self.replace_block(at.as_ref().map(|(key, _)| key.as_ref()), &merged)?;
        }
        self.keep_to_bound()
    }

    /// Puts the pieces of a block in the place of the one under a key. What is new comes first, so that a
    /// reader misses nothing.
    fn replace_block(&self, old: Option<&[u8]>, block: &Block<'_>) -> Result<(), IndexError> {
        let (blocks, summaries) = (self.db.open_tree(BLOCKS)?, self.db.open_tree(SUMMARIES)?);
        let mut reused = false;
        for piece in block.split() {
            let Some(first) = piece.first() else { continue };
            let key = CommandKey::of(first);
            reused |= old == Some(key.as_bytes());
            // The block before its summary: a summary without a block is passed over.
            blocks.insert(key.as_bytes(), Block::encode(piece))?;
            summaries.insert(key.as_bytes(), Summary::of(piece).into_bytes())?;
        }
        match old {
            Some(old) if !reused => self.remove_block(old),
            _ => Ok(()),
        }
    }

    fn remove_block(&self, key: &[u8]) -> Result<(), IndexError> {
        self.db.open_tree(SUMMARIES)?.remove(key)?;
        self.db.open_tree(BLOCKS)?.remove(key)?;
        Ok(())
    }

    /// Calls `found` with the commands that pass, newest first, until it answers `false`. `before` begins
    /// behind a command of an earlier answer.
    ///
    /// # Errors
    /// The database failed.
    pub fn commands(
        &self,
        filter: &CommandFilter,
        before: Option<&CommandKey>,
        mut found: impl FnMut(&Command<'_>, &CommandKey) -> bool,
    ) -> Result<(), IndexError> {
        let (blocks, summaries) = (self.db.open_tree(BLOCKS)?, self.db.open_tree(SUMMARIES)?);
        let needed = filter.needs();
        let range = match before {
            Some(before) => summaries.range(..before.as_bytes()),
            None => summaries.range::<&[u8], _>(..),
        };
        let (mut last, mut at) = (before.cloned(), CommandKey(Vec::new()));
        for entry in range.rev() {
            let (key, summary) = entry?;
            if summary::may_hold(&summary, &needed)
                && let Some(bytes) = blocks.get(&key)?
            {
                let block = Block::decode(&bytes);
                for command in block.iter().rev().filter(|command| filter.passes(command)) {
                    at.become_of(command);
                    if last.as_ref().is_some_and(|last| at >= *last) {
                        continue;
                    }
                    let last = last.get_or_insert_with(|| CommandKey(Vec::new()));
                    std::mem::swap(last, &mut at);
                    if !found(command, last) {
                        return Ok(());
                    }
                }
            }
            // All blocks before this one are older than its first command.
            if block::begins_before(&key, filter.since_unix_ms) {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Forgets what began before a time, but for the commands of panes that `stays` says yes to.
    ///
    /// # Errors
    /// The database failed.
    pub fn forget_commands_before(
        &self,
        unix_ms: u64,
        stays: impl Fn(&str) -> bool,
    ) -> Result<(), IndexError> {
        self.retain(
            |key| block::begins_before(key, unix_ms),
            &[],
            |command| command.started_unix_ms >= unix_ms || stays(command.pane),
        )
    }

    /// Forgets the commands of panes.
    ///
    /// # Errors
    /// The database failed.
    pub fn forget_commands_of(&self, panes: &[&str]) -> Result<(), IndexError> {
        for pane in panes {
            self.db.open_tree(TAKEN)?.remove(pane.as_bytes())?;
            let needed = [summary::token(summary::PANE, pane.as_bytes())];
            self.retain(|_| true, &needed, |command| command.pane != *pane)?;
        }
        Ok(())
    }

    /// Forgets all commands and how far marks were taken.
    ///
    /// # Errors
    /// The database failed.
    pub fn forget_all_commands(&self) -> Result<(), IndexError> {
        for tree in [TAKEN, SUMMARIES, BLOCKS] {
            self.db.open_tree(tree)?.clear()?;
        }
        Ok(())
    }

    /// How far a pane's marks are in here.
    ///
    /// # Errors
    /// The database failed.
    pub fn taken(&self, pane: &str) -> Result<Taken, IndexError> {
        let bytes = self.db.open_tree(TAKEN)?.get(pane.as_bytes())?;
        let number = |at: usize| {
            let part = bytes.as_ref()?.get(at..at + 8)?;
            Some(u64::from_le_bytes(part.try_into().ok()?))
        };
        Ok(Taken { file: number(0).unwrap_or(0), position: number(8).unwrap_or(0) })
    }

    /// The panes whose marks are in here, as far as was noted.
    ///
    /// # Errors
    /// The database failed.
    pub fn panes_taken(&self) -> Result<Vec<String>, IndexError> {
        let taken = self.db.open_tree(TAKEN)?;
        let names = taken.iter().keys().map(|key| Ok(String::from_utf8_lossy(&key?).into_owned()));
        names.collect()
    }

    /// Notes how far a pane's marks are in here. To be called when they are.
    ///
    /// # Errors
    /// The database failed.
    pub fn set_taken(&self, pane: &str, taken: Taken) -> Result<(), IndexError> {
        let bytes = [taken.file.to_le_bytes(), taken.position.to_le_bytes()].concat();
        self.db.open_tree(TAKEN)?.insert(pane.as_bytes(), bytes)?;
        Ok(())
    }

    /// Rewrites the blocks that are looked at and may hold what is needed; stops at the first that is not
    /// looked at.
    fn retain(
        &self,
        looked_at: impl Fn(&[u8]) -> bool,
        needed: &[u16],
        keep: impl Fn(&Command<'_>) -> bool,
    ) -> Result<(), IndexError> {
        let (blocks, summaries) = (self.db.open_tree(BLOCKS)?, self.db.open_tree(SUMMARIES)?);
        for entry in summaries.iter() {
            let (key, summary) = entry?;
            if !looked_at(&key) {
                break;
            }
            if !summary::may_hold(&summary, needed) {
                continue;
            }
            let Some(bytes) = blocks.get(&key)? else { continue };
            let block = Block::decode(&bytes);
            let kept: Block<'_> = block.iter().copied().filter(|command| keep(command)).collect();
            if kept.len() < block.len() {
                self.replace_block(Some(&key), &kept)?;
            }
        }
        Ok(())
    }

    fn keep_to_bound(&self) -> Result<(), IndexError> {
        let summaries = self.db.open_tree(SUMMARIES)?;
        // Counting walks the tree, so it is done now and then.
        let puts = self.puts.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        if !puts.is_multiple_of(1024) {
            return Ok(());
        }
        let over = summaries.len().saturating_sub(MOST_BLOCKS);
        for entry in summaries.iter().keys().take(over) {
            self.remove_block(&entry?)?;
        }
        Ok(())
    }
}
