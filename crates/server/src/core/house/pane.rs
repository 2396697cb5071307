//! Commands upon panes: split, close, swap, resize, zoom, break out, remember, and their lives.

use ccc_proto::{Ext, PaneId, WireExit, WireExitKind};
use ulid::Ulid;

use super::record::{
    FocusSet, PaneClosed, PaneExited, PaneMoved, PaneRemoved, PaneSpec, PaneStarted, PanesSwapped,
    Remembered, SessionEnded, TabClosed,
};
use super::snapshot::layout_changed;
use super::tab::lowest_free;
use super::{House, Pane, Plan, Refusal, Tab, UNKNOWN_EXIT};
use crate::core::layout::{LayoutError, Side, SplitSize};
use crate::core::record::Author;

/// A pane to make.
#[derive(Clone, Debug)]
pub struct NewPane {
    /// Name of its directory and of its descriptors in custody.
    pub ulid: Ulid,
    pub spec: PaneSpec,
}

/// A pane to make beside another one.
#[derive(Clone, Debug)]
pub struct SplitPane {
    pub pane: PaneId,
    pub side: Side,
    pub size: SplitSize,
    /// The revision that the asker saw; 0 for any.
    pub revision: u64,
    pub new: NewPane,
    /// Move the remembered focus there.
    pub remember: bool,
}

/// With which pane to swap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SwapTarget {
    Next,
    Previous,
    Pane(PaneId),
}

impl House {
    /// Makes a pane beside another one.
    ///
    /// # Errors
    /// The pane does not exist, has no room, or the layout is another one than the asker saw.
    pub fn split(&self, author: &Author, split: SplitPane) -> Result<Plan, Refusal> {
        let (tab, _) = self.here(split.pane)?;
        let session = self.live(tab.session)?;
        if split.revision != 0 && split.revision != session.revision {
            return Err(Refusal::Stale { seen: split.revision, now: session.revision });
        }
        split.new.spec.check()?;
        let pane = PaneId(self.ids.pane + 1);
        let mut layout = self.view(tab.id)?.1.layout.clone();
        layout.split(tab.size, split.pane, split.side, split.size, pane)?;
        let number = self.free_pane_number(tab)?;
        let mut plan = tab.plan(Some(pane));
        plan.log(author, split.new.created(tab.id, pane, number));
        plan.log(author, layout_changed(tab, &layout));
        if split.remember {
            plan.log(author, remembered(tab, pane));
        }
        Ok(plan)
    }

    /// Takes a pane out of its tab. The last one of a tab closes the tab; the last one of a session
    /// stays where it is, and the session ends.
    ///
    /// # Errors
    /// The pane does not exist, or is the last of a session that has ended.
    pub fn close_pane(&self, author: &Author, pane: PaneId) -> Result<Plan, Refusal> {
        let (tab, here) = self.here(pane)?;
        self.close(author, tab, pane, here.life.exit())
    }

    /// The program runs.
    ///
    /// # Errors
    /// The pane does not exist.
    pub fn pane_started(
        &self,
        author: &Author,
        pane: PaneId,
        pid: u32,
        start_time: u64,
    ) -> Result<Plan, Refusal> {
        let mut plan = self.here(pane)?.0.plan(Some(pane));
        plan.log(author, PaneStarted { pane, pid, start_time, ext: Ext::none() });
        Ok(plan)
    }

    /// The program is gone. A login shell that exits with 0 closes its pane by the same plan; a
    /// command, and any failure, stays. Of a closed pane only the exit is written down.
    ///
    /// # Errors
    /// The pane does not exist.
    pub fn pane_exited(
        &self,
        author: &Author,
        pane: PaneId,
        exit: WireExit,
    ) -> Result<Plan, Refusal> {
        // Kind 0 means "it has not ended", which is known to be wrong.
        let exit = if exit.kind == WireExitKind(0) { UNKNOWN_EXIT } else { exit };
        let exited = PaneExited { pane, exit, lost: false, ext: Ext::none() };
        if let Some(closed) = self.closed.get(&pane) {
            let mut plan =
                Plan { session: Some(closed.session), pane: Some(pane), ..Plan::default() };
            plan.log(author, exited);
            return Ok(plan);
        }
        let (tab, here) = self.here(pane)?;
        let mut plan = tab.plan(Some(pane));
        plan.log(author, exited);
        let leaves = here.spec.argv.is_empty() && exit.status() == Some(0);
        if leaves && self.live(tab.session).is_ok() {
            let close = self.close(author, tab, pane, exit)?;
            plan.records.extend(close.records);
            (plan.ends, plan.closes) = (close.ends, close.closes);
        }
        Ok(plan)
    }

    /// The program was lost with the machine or with all custodians.
    ///
    /// # Errors
    /// The pane does not exist.
    pub fn pane_lost(&self, author: &Author, pane: PaneId) -> Result<Plan, Refusal> {
        let mut plan = self.here(pane)?.0.plan(Some(pane));
        plan.log(author, PaneExited { pane, exit: UNKNOWN_EXIT, lost: true, ext: Ext::none() });
        Ok(plan)
    }

    /// Exchanges two panes, also across tabs; each keeps its program and takes the other's place.
    /// Across tabs they take each other's number too.
    ///
    /// # Errors
    /// One does not exist, or both are one.
    pub fn swap_panes(
        &self,
        author: &Author,
        pane: PaneId,
        with: SwapTarget,
    ) -> Result<Plan, Refusal> {
        let (tab, _) = self.here(pane)?;
        let layout = &self.view(tab.id)?.1.layout;
        let other = match with {
            SwapTarget::Next => layout.next(pane).unwrap_or(pane),
            SwapTarget::Previous => layout.previous(pane).unwrap_or(pane),
            SwapTarget::Pane(other) => self.here(other)?.1.id,
        };
        if other == pane {
            return Err(Refusal::SamePane);
        }
        let mut plan = tab.plan(Some(pane));
        plan.log(author, PanesSwapped { a: pane, b: other, ext: Ext::none() });
        Ok(plan)
    }

    /// Moves a border of a pane.
    ///
    /// # Errors
    /// The pane does not exist or no border there can move.
    pub fn resize_pane(
        &self,
        author: &Author,
        pane: PaneId,
        side: Side,
        cells: u16,
    ) -> Result<Plan, Refusal> {
        let (tab, _) = self.here(pane)?;
        let mut layout = self.view(tab.id)?.1.layout.clone();
        layout.resize(tab.size, pane, side, cells)?;
        let mut plan = tab.plan(Some(pane));
        plan.log(author, layout_changed(tab, &layout));
        Ok(plan)
    }

    /// Gives a pane its whole tab and the focus, or its place back; `None` for the other of the two.
    /// No record when nothing changes, as with the only pane of a tab.
    ///
    /// # Errors
    /// The pane does not exist.
    pub fn zoom_pane(
        &self,
        author: &Author,
        pane: PaneId,
        on: Option<bool>,
    ) -> Result<Plan, Refusal> {
        let (tab, _) = self.here(pane)?;
        let view = self.view(tab.id)?.1;
        let mut layout = view.layout.clone();
        let on = on.unwrap_or_else(|| layout.zoomed() != Some(pane));
        layout.zoom(on.then_some(pane))?;
        let mut plan = tab.plan(Some(pane));
        if layout != view.layout {
            plan.log(author, layout_changed(tab, &layout));
        }
        if layout.zoomed() == Some(pane) && view.focus != pane {
            plan.log(author, FocusSet { tab: tab.id, pane, ext: Ext::none() });
        }
        Ok(plan)
    }

    /// Lets a pane float above its tab and gives it the focus, or puts it back; `None` for the other of
    /// the two. No record when nothing changes.
    ///
    /// # Errors
    /// The pane does not exist, stands alone in its tab, or too many float.
    pub fn float_pane(
        &self,
        author: &Author,
        pane: PaneId,
        on: Option<bool>,
    ) -> Result<Plan, Refusal> {
        let (tab, _) = self.here(pane)?;
        let view = self.view(tab.id)?.1;
        let mut layout = view.layout.clone();
        let floats = layout.floats(pane);
        let on = on.unwrap_or(!floats);
        let mut plan = tab.plan(Some(pane));
        if on == floats {
            return Ok(plan);
        }
        if on {
            layout.float(tab.size, pane)?;
        } else {
            layout.settle_back(tab.size, pane)?;
        }
        plan.log(author, layout_changed(tab, &layout));
        if view.focus != pane {
            plan.log(author, FocusSet { tab: tab.id, pane, ext: Ext::none() });
        }
        Ok(plan)
    }

    /// Moves a pane to a tab of its own, at the end of the bar.
    ///
    /// # Errors
    /// The pane does not exist or is alone in its tab; the name is none, or taken.
    pub fn break_pane(
        &self,
        author: &Author,
        pane: PaneId,
        name: &str,
        remember: bool,
    ) -> Result<Plan, Refusal> {
        let (from, _) = self.here(pane)?;
        let session = self.live(from.session)?;
        if self.panes_in(from.id).len() < 2 {
            return Err(LayoutError::OnlyPane(pane).into());
        }
        let (mut plan, tab) = self.plan_tab(author, session, name, from.size)?;
        plan.log(author, PaneMoved { pane, tab, number: 1, ext: Ext::none() });
        plan.pane = Some(pane);
        if remember {
            plan.log(author, Remembered { session: session.id, tab, pane, ext: Ext::none() });
        }
        Ok(plan)
    }

    /// Makes this pane and its tab the place where the next attach of the session starts, and the
    /// session the last used one. Ends the zoom of another pane, which would hide this one. No
    /// record when nothing changes.
    ///
    /// # Errors
    /// The pane does not exist.
    pub fn remember(&self, author: &Author, pane: PaneId) -> Result<Plan, Refusal> {
        let (tab, _) = self.here(pane)?;
        let session = self.sessions.get(&tab.session).ok_or(Refusal::NoSession(tab.session))?;
        let view = self.view(tab.id)?.1;
        let mut plan = tab.plan(Some(pane));
        if view.layout.zoomed().is_some_and(|zoomed| zoomed != pane) {
            let mut layout = view.layout.clone();
            layout.zoom(None)?;
            plan.log(author, layout_changed(tab, &layout));
        }
        let last_used = session.used == self.uses && self.uses > 0;
        if !last_used || session.current != Some(tab.id) || view.focus != pane {
            plan.log(author, remembered(tab, pane));
        }
        Ok(plan)
    }

    /// Forgets a pane that no longer runs, with its recording; one that is still in a tab is closed
    /// first.
    ///
    /// # Errors
    /// The pane does not exist, still runs, or is the only one of its session, which is to be
    /// forgotten whole.
    pub fn remove_pane(&self, author: &Author, pane: PaneId) -> Result<Plan, Refusal> {
        let mut plan = match self.closed.get(&pane) {
            Some(closed) => {
                let forget = [&[closed.ulid][..], &closed.earlier].concat();
                Plan { session: Some(closed.session), forget, ..Plan::default() }
            }
            None => {
                let (tab, here) = self.here(pane)?;
                if here.life.is_alive() {
                    return Err(Refusal::PaneRuns(pane));
                }
                if self.panes_of(tab.session).len() < 2 {
                    return Err(Refusal::OnlyPane(pane));
                }
                let forget = [&[here.ulid][..], &here.earlier].concat();
                Plan { forget, ..self.close(author, tab, pane, here.life.exit())? }
            }
        };
        plan.log(author, PaneRemoved { pane, ext: Ext::none() });
        plan.pane = Some(pane);
        Ok(plan)
    }

    /// A pane in a tab, and the tab.
    pub(super) fn here(&self, pane: PaneId) -> Result<(&Tab, &Pane), Refusal> {
        let here = self.panes.get(&pane).ok_or(Refusal::NoPane(pane))?;
        Ok((self.tabs.get(&here.tab).ok_or(Refusal::NoPane(pane))?, here))
    }

    fn close(
        &self,
        author: &Author,
        tab: &Tab,
        pane: PaneId,
        exit: WireExit,
    ) -> Result<Plan, Refusal> {
        let mut plan = tab.plan(Some(pane));
        if self.panes_in(tab.id).len() > 1 {
            plan.log(author, PaneClosed { pane, ext: Ext::none() });
            return Ok(plan);
        }
        let session = self.sessions.get(&tab.session).ok_or(Refusal::NoSession(tab.session))?;
        if session.tabs.len() > 1 {
            plan.closes = Some(tab.id);
            plan.log(author, TabClosed { tab: tab.id, ext: Ext::none() });
            return Ok(plan);
        }
        self.live(session.id)?;
        plan.ends = Some(session.id);
        plan.log(author, SessionEnded { session: session.id, exit, ext: Ext::none() });
        Ok(plan)
    }

    fn free_pane_number(&self, tab: &Tab) -> Result<u16, Refusal> {
        let panes = self.panes_in(tab.id);
        lowest_free(panes.iter().filter_map(|pane| self.panes.get(pane)).map(|pane| pane.number))
    }
}

fn remembered(tab: &Tab, pane: PaneId) -> Remembered {
    Remembered { session: tab.session, tab: tab.id, pane, ext: Ext::none() }
}
