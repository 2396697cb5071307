//! How large a tab is when several clients look at it. Owns the rule and its pace; who resizes
//! terminals is the task's affair. Time comes as an argument.

use std::collections::BTreeMap;
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
    policy: Policy,
    /// All who look at it, also those without a say.
    lookers: BTreeMap<AttachmentId, Looker>,
    /// Rises with each coming and typing, so that their order holds within one instant.
    turns: u64,
    changed: Option<Instant>,
}

#[derive(Clone, Copy, Debug)]
struct Looker {
    area: Size,
    view: bool,
    /// When it came or typed last, and in which turn.
    typed_at: (Instant, u64),
}

impl TabSize {
    /// A tab that has `size` until somebody with a say looks at it.
    #[must_use]
    pub fn new(size: Size, policy: Policy) -> Self {
        Self { size, policy, lookers: BTreeMap::new(), turns: 0, changed: None }
    }

    /// The size that the tab has.
    #[must_use]
    pub fn size(&self) -> Size {
        self.size
    }

    #[must_use]
    pub fn policy(&self) -> Policy {
        self.policy
    }

    pub fn set_policy(&mut self, policy: Policy) {
        self.policy = policy;
    }

    /// An attachment looks at the tab now, or its area changed. Coming counts as typing; a new area
    /// does not, so that a window that is dragged somewhere changes nothing for whoever types here.
    /// One that only views, or has no area, has no say.
    pub fn looks(&mut self, who: AttachmentId, area: Size, view: bool, now: Instant) {
        self.turns += 1;
        let typed_at = self.lookers.get(&who).map_or((now, self.turns), |looker| looker.typed_at);
        self.lookers.insert(who, Looker { area, view, typed_at });
    }

    /// It typed here.
    pub fn typed(&mut self, who: AttachmentId, now: Instant) {
        self.turns += 1;
        if let Some(looker) = self.lookers.get_mut(&who) {
            looker.typed_at = (now, self.turns);
        }
    }

    /// It looks elsewhere, or is gone. The tab keeps its size when nobody is left.
    pub fn leaves(&mut self, who: AttachmentId) {
        self.lookers.remove(&who);
    }

    /// The size to change to now, if any; it is then the tab's size.
    pub fn decide(&mut self, now: Instant) -> Option<Size> {
        let wanted = self.wanted().filter(|wanted| *wanted != self.size)?;
        if self.due().is_some_and(|due| now < due) {
            return None;
        }
        self.size = wanted;
        self.changed = Some(now);
        Some(wanted)
    }

    /// When to ask [`TabSize::decide`] again although nothing happens. `None` for never.
    #[must_use]
    pub fn next_deadline(&self) -> Option<Instant> {
        self.wanted().filter(|wanted| *wanted != self.size)?;
        self.due()
    }

    /// Who sees a tab of another size than its own area, to be told so.
    #[must_use]
    pub fn others(&self) -> Vec<AttachmentId> {
        let others = self.lookers.iter().filter(|(_, looker)| looker.area != self.size);
        others.map(|(who, _)| *who).collect()
    }

    /// The size by the policy, whatever the pace.
    fn wanted(&self) -> Option<Size> {
        match self.policy {
            Policy::Fixed(size) => Some(size),
            Policy::Latest => {
                self.voices().max_by_key(|looker| looker.typed_at).map(|looker| looker.area)
            }
            Policy::Largest => self
                .voices()
                .map(|looker| looker.area)
                .reduce(|a, b| Size::new(a.cols.max(b.cols), a.rows.max(b.rows))),
        }
    }

    /// When the next change may be: at once (`None`) while one client alone has a say, or nobody.
    fn due(&self) -> Option<Instant> {
        let contested = !matches!(self.policy, Policy::Fixed(_)) && self.voices().count() > 1;
        self.changed.filter(|_| contested).map(|changed| changed + PACE)
    }

    fn voices(&self) -> impl Iterator<Item = &Looker> {
        self.lookers
            .values()
            .filter(|looker| !looker.view && looker.area.cols > 0 && looker.area.rows > 0)
    }
}

#[cfg(test)]
mod tests;
