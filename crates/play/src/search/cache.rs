//! Lines of bytes that are in no segment yet, kept in memory between searches as they would be on the disk.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use ccc_journal::{LinesReader, Offset};

/// Bytes that are kept: the last journal files of some hundred panes. The first of those that were used
/// longest ago go.
const KEEP_BYTES: usize = 32 * 1024 * 1024;

/// Lines that were folded, by the bytes they are of.
#[derive(Debug, Default)]
pub struct LinesCache(Mutex<VecDeque<Kept>>);

#[derive(Debug)]
struct Kept {
    dir: PathBuf,
    first: Offset,
    end: Offset,
    bytes: usize,
    lines: Arc<LinesReader<Vec<u8>>>,
}

impl LinesCache {
    /// Forgets the lines of a recording, whose bytes are others now.
    pub fn forget(&self, dir: &Path) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|kept| kept.dir != dir);
    }

    pub(super) fn find(
        &self,
        dir: &Path,
        first: Offset,
        end: Offset,
    ) -> Option<Arc<LinesReader<Vec<u8>>>> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let at = kept.iter().position(|kept| kept.first == first && kept.dir == dir)?;
        let found = kept.remove(at)?;
        if found.end != end {
            return None;
        }
        let lines = Arc::clone(&found.lines);
        kept.push_back(found);
        Some(lines)
    }

    pub(super) fn keep(
        &self,
        dir: &Path,
        first: Offset,
        end: Offset,
        bytes: usize,
        lines: &Arc<LinesReader<Vec<u8>>>,
    ) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|kept| kept.first != first || kept.dir != dir);
        kept.push_back(Kept { dir: dir.to_owned(), first, end, bytes, lines: Arc::clone(lines) });
        let mut sum: usize = kept.iter().map(|kept| kept.bytes).sum();
        while sum > KEEP_BYTES {
            let Some(oldest) = kept.pop_front() else { break };
            sum -= oldest.bytes;
        }
    }
}
