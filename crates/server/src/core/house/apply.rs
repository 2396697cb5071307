//! The fold: one record, one change. Total: a record that makes no sense is counted and changes
//! nothing else.

use super::House;
use super::record::Record;

impl House {
    /// Applies one record.
    pub fn apply(&mut self, _record: &Record) {
        todo!()
    }
}
