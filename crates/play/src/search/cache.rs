//! Lines of bytes that are in no segment yet, kept in memory between searches as they would be on the disk.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ccc_journal::{LinesReader, Offset};

/// Bytes that are kept: the last journal files of some hundred panes. The first of those that were used
/// longest ago go.
const KEEP_BYTES: usize = 32 * 1024 * 1024;

/// Lines that were folded, by the bytes they are of.
#[derive(Debug, Default)]
pub struct LinesCache {
    kept: Mutex<VecDeque<Kept>>,
    /// How often something was forgotten: what was read before is kept no more.
    forgotten: AtomicU64,
}

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
        // A search under way that has read them finds the number changed, or is through and loses them here.
        let mut kept = self.lock();
        self.forgotten.fetch_add(1, Ordering::AcqRel);
        kept.retain(|kept| kept.dir != dir);
    }

    /// A number that changes when bytes of any recording do: to be asked before they are read.
    pub(super) fn age(&self) -> u64 {
        self.forgotten.load(Ordering::Acquire)
    }

    pub(super) fn find(
        &self,
        dir: &Path,
        first: Offset,
        end: Offset,
    ) -> Option<Arc<LinesReader<Vec<u8>>>> {
        let mut kept = self.lock();
        let at = kept.iter().position(|kept| kept.first == first && kept.dir == dir)?;
        let found = kept.remove(at)?;
        if found.end != end {
            return None;
        }
        let lines = Arc::clone(&found.lines);
        kept.push_back(found);
        Some(lines)
    }

    /// Keeps lines of bytes that were read at that age.
    pub(super) fn keep(
        &self,
        age: u64,
        dir: &Path,
        first: Offset,
        end: Offset,
        bytes: usize,
        lines: &Arc<LinesReader<Vec<u8>>>,
    ) {
        let mut kept = self.lock();
        if self.age() != age {
            return;
        }
        kept.retain(|kept| kept.first != first || kept.dir != dir);
        kept.push_back(Kept { dir: dir.to_owned(), first, end, bytes, lines: Arc::clone(lines) });
        let mut sum: usize = kept.iter().map(|kept| kept.bytes).sum();
        while sum > KEEP_BYTES {
            let Some(oldest) = kept.pop_front() else { break };
            sum -= oldest.bytes;
        }
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<Kept>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use ccc_journal::{LinesBuilder, LinesOf};

    use super::*;

    #[test]
    fn what_was_read_before_something_was_forgotten_is_not_kept() {
        let (dir, first, end) = (Path::new("one"), Offset(0), Offset(9));
        let bytes = LinesBuilder::new(LinesOf::unsealed(dir, first, end)).finish().unwrap();
        let lines = Arc::new(LinesReader::new(bytes, dir).unwrap());
        let cache = LinesCache::default();
        let age = cache.age();
        cache.keep(age, dir, first, end, 1, &lines);
        assert!(cache.find(dir, first, end).is_some());
        cache.forget(dir);
        assert!(cache.find(dir, first, end).is_none());
        // Of a search that was on its way then.
        cache.keep(age, dir, first, end, 1, &lines);
        assert!(cache.find(dir, first, end).is_none());
        cache.keep(cache.age(), dir, first, end, 1, &lines);
        assert!(cache.find(dir, first, end).is_some());
    }
}
