//! The house as records: what a compacted log begins with.

use super::House;
use super::record::Record;

impl House {
    /// Records whose fold is this house.
    #[must_use]
    pub fn snapshot(&self) -> Vec<Record> {
        todo!()
    }

    /// Records that close what a crash between two records of one plan left without a pane.
    #[must_use]
    pub fn loose_ends(&self) -> Vec<Record> {
        todo!()
    }
}
