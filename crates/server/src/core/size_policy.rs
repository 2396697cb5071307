//! How large a tab is when several clients look at it, and each of its cells. Owns the rule and its pace; who resizes
//! terminals is the task's affair. Time comes as an argument.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use ccc_proto::AttachmentId;
use ccc_vt::{CellPixels, Size};

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

/// What changes of a tab now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Decision {
    /// Its size in cells.
    pub size: Option<Size>,
    /// The size of its cells in pixels.
    pub cell: Option<CellPixels>,
}

/// The size of one tab, decided by those who look at it.
#[derive(Clone, Debug)]
pub struct TabSize {
    size: Size,
    /// The size of a cell in pixels, once somebody with a say told one.
    cell: Option<CellPixels>,
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
    /// Of its terminal; a sound one, where it is known.
    cell: Option<CellPixels>,
    view: bool,
    /// When it came or typed last, and in which turn.
    typed_at: (Instant, u64),
}

impl TabSize {
    /// A tab that has `size` until somebody with a say looks at it.
    #[must_use]
    pub fn new(size: Size, policy: Policy) -> Self {
        Self { size, cell: None, policy, lookers: BTreeMap::new(), turns: 0, changed: None }
    }

    /// The size that the tab has.
    #[must_use]
    pub fn size(&self) -> Size {
        self.size
    }

    /// The size of a cell in pixels that the tab has: that of whoever typed or came last, whatever the policy.
    /// `None` until one was told.
    #[must_use]
    pub fn cell(&self) -> Option<CellPixels> {
        self.cell
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
        let known = self.lookers.get(&who);
        let typed_at = known.map_or((now, self.turns), |looker| looker.typed_at);
        let cell = known.and_then(|looker| looker.cell);
        self.lookers.insert(who, Looker { area, cell, view, typed_at });
    }

    /// How large a cell of its terminal is in pixels.
    pub fn draws(&mut self, who: AttachmentId, cell: Option<CellPixels>) {
        if let Some(looker) = self.lookers.get_mut(&who) {
            looker.cell = cell;
        }
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

    /// What to change now, if anything; the tab then has it.
    pub fn decide(&mut self, now: Instant) -> Decision {
        let mut decision = self.wanted();
        let waits = |due: Option<Instant>| due.is_some_and(|due| now < due);
        decision.size = decision.size.filter(|_| !waits(self.size_due()));
        decision.cell = decision.cell.filter(|_| !waits(self.due()));
        self.size = decision.size.unwrap_or(self.size);
        self.cell = decision.cell.or(self.cell);
        if decision != Decision::default() {
            self.changed = Some(now);
        }
        decision
    }

    /// When to ask [`TabSize::decide`] again although nothing happens. `None` for never.
    #[must_use]
    pub fn next_deadline(&self) -> Option<Instant> {
        let Decision { size, cell } = self.wanted();
        let size = size.and_then(|_| self.size_due());
        size.into_iter().chain(cell.and_then(|_| self.due())).min()
    }

    /// Who sees a tab of another size than its own area, to be told so.
    #[must_use]
    pub fn others(&self) -> Vec<AttachmentId> {
        let others = self.lookers.iter().filter(|(_, looker)| looker.area != self.size);
        others.map(|(who, _)| *who).collect()
    }

    /// What is not as the policy has it, whatever the pace.
    fn wanted(&self) -> Decision {
        let last = self.voices().max_by_key(|looker| looker.typed_at);
        let size = match self.policy {
            Policy::Fixed(size) => Some(size),
            Policy::Latest => last.map(|looker| looker.area),
            Policy::Largest => self
                .voices()
                .map(|looker| looker.area)
                .reduce(|a, b| Size::new(a.cols.max(b.cols), a.rows.max(b.rows))),
        };
        Decision {
            size: size.filter(|size| *size != self.size),
            // A terminal that does not say leaves what there is.
            cell: last.and_then(|looker| looker.cell).filter(|cell| self.cell != Some(*cell)),
        }
    }

    /// When the next change may be: at once (`None`) while one client alone has a say, or nobody.
    fn due(&self) -> Option<Instant> {
        let contested = self.voices().count() > 1;
        self.changed.filter(|_| contested).map(|changed| changed + PACE)
    }

    /// The same for the size in cells, which nobody contests where it is fixed.
    fn size_due(&self) -> Option<Instant> {
        self.due().filter(|_| !matches!(self.policy, Policy::Fixed(_)))
    }

    fn voices(&self) -> impl Iterator<Item = &Looker> {
        self.lookers
            .values()
            .filter(|looker| !looker.view && looker.area.cols > 0 && looker.area.rows > 0)
    }
}

#[cfg(test)]
mod tests;
