//! How large a tab is when several clients look at it. Owns the rule and its pace; who resizes
//! terminals is the task's affair. Time comes as an argument.

use std::time::{Duration, Instant};

use ccc_proto::AttachmentId;
use ccc_vt::Size;

/// Between two changes while more than one client has a say.
pub const PACE: Duration = Duration::from_secs(1);

/// Whose size counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Policy {
    /// That of whoever typed or came last.
    #[default]
    Latest,
    /// The most columns and the most rows of all.
    Largest,
    /// Nobody's: this one.
    Fixed(Size),
}

/// The size of one tab, decided by those who look at it.
#[derive(Clone, Debug)]
pub struct TabSize {
    size: Size,
}

impl TabSize {
    /// A tab that has `size` until somebody with a say looks at it.
    #[must_use]
    pub fn new(size: Size, _policy: Policy) -> Self {
        Self { size }
    }
    /// The size that the tab has.
    #[must_use]
    pub fn size(&self) -> Size {
        self.size
    }
    #[must_use]
    pub fn policy(&self) -> Policy {
        todo!()
    }
    pub fn set_policy(&mut self, _policy: Policy) {
        todo!()
    }
    /// An attachment looks at the tab now, or its area changed. Coming counts as typing. One that
    /// only views, or has no area, has no say.
    pub fn looks(&mut self, _who: AttachmentId, _area: Size, _view: bool, _now: Instant) {
        todo!()
    }
    /// It typed here.
    pub fn typed(&mut self, _who: AttachmentId, _now: Instant) {
        todo!()
    }
    /// It looks elsewhere, or is gone. The tab keeps its size when nobody is left.
    pub fn leaves(&mut self, _who: AttachmentId) {
        todo!()
    }
    /// The size to change to now, if any; it is then the tab's size.
    pub fn decide(&mut self, _now: Instant) -> Option<Size> {
        todo!()
    }
    /// When to ask [`TabSize::decide`] again although nothing happens.
    #[must_use]
    pub fn next_deadline(&self) -> Option<Instant> {
        todo!()
    }
    /// Who sees a tab of another size than its own area, to be told so.
    #[must_use]
    pub fn others(&self) -> Vec<AttachmentId> {
        todo!()
    }
}
