//! What of a connection's send window those have who send much that nobody waits for: each copy of a file, and
//! all together that is carried. Owns the dividing, so that keys and frames find room at once however many
//! send. How much of its part anybody uses, and how fast, is their own affair.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::transport::SEND_WINDOW_BYTES;

/// What they may have on its way together, in bytes: a quarter of the window stays free.
pub const BULK_BYTES: u64 = SEND_WINDOW_BYTES / 4 * 3;

/// The senders of one end of a connection. Clones are of the same end.
#[derive(Clone, Debug, Default)]
pub(crate) struct Bulk {
    senders: Arc<AtomicU64>,
}

/// The part of one of them, as long as it is held.
#[derive(Debug)]
pub struct BulkPart {
    senders: Arc<AtomicU64>,
}

impl Bulk {
    pub(crate) fn part(&self) -> BulkPart {
        self.senders.fetch_add(1, Ordering::Relaxed);
        BulkPart { senders: Arc::clone(&self.senders) }
    }
}

impl BulkPart {
    /// Bytes that may be on their way now: less when others come. What is beyond that already arrives by and
    /// by.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        BULK_BYTES / self.senders.load(Ordering::Relaxed).max(1)
    }
}

impl Drop for BulkPart {
    fn drop(&mut self) {
        self.senders.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn however_many_send_together_they_have_no_more_than_one() {
        let bulk = Bulk::default();
        let first = bulk.part();
        assert_eq!(first.bytes(), BULK_BYTES);
        let others: Vec<_> = (0..4).map(|_| bulk.part()).collect();
        let all: u64 = others.iter().chain([&first]).map(BulkPart::bytes).sum();
        assert!(all <= BULK_BYTES && all > BULK_BYTES * 9 / 10, "{all}");
        drop(others);
        assert_eq!(first.bytes(), BULK_BYTES);
    }
}
