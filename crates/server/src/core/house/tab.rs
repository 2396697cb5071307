//! Commands upon tabs: make, rename, move, close, arrange, size.

use ccc_proto::{Ext, PaneId, SessionId, TabId, limits};
use ccc_vt::Size;

use super::pane::NewPane;
use super::record::{
    Remembered, SessionEnded, TabClosed, TabCreated, TabMoved, TabPolicySet, TabRenamed, TabSized,
};
use super::session::wire;
use super::snapshot::{layout_changed, policy_number};
use super::{House, Plan, Refusal, Session, Tab, TabView, UNKNOWN_EXIT};
use crate::core::label::{NameOf, check_name};
use crate::core::layout::Preset;
use crate::core::record::Author;
use crate::core::size_policy::Policy;

/// A tab to make, with its first pane.
#[derive(Clone, Debug)]
pub struct NewTab {
    pub session: SessionId,
    /// Empty for one that is shown by what runs in it.
    pub name: String,
    pub pane: NewPane,
    /// `None` for the size of the session's current tab.
    pub size: Option<Size>,
    /// Start the next attach there.
    pub remember: bool,
}

impl House {
    /// Makes a tab with one pane at the end of the bar.
    ///
    /// # Errors
    /// The session does not exist or has ended; the name is none, or taken in the session.
    pub fn new_tab(&self, author: &Author, new: NewTab) -> Result<Plan, Refusal> {
        let session = self.live(new.session)?;
        new.pane.spec.check()?;
        let current = session.current.and_then(|tab| self.tabs.get(&tab)).map(|tab| tab.size);
        let size = new.size.or(current).unwrap_or_default();
        let (mut plan, tab) = self.plan_tab(author, session, &new.name, size)?;
        let pane = PaneId(self.ids.pane + 1);
        plan.log(author, new.pane.created(tab, pane, 1));
        plan.pane = Some(pane);
        if new.remember {
            plan.log(author, Remembered { session: session.id, tab, pane, ext: Ext::none() });
        }
        Ok(plan)
    }

    /// Gives a tab another name; an empty one lets it be shown by what runs in it.
    ///
    /// # Errors
    /// The tab does not exist; the name is none, or taken in the session.
    pub fn rename_tab(&self, author: &Author, tab: TabId, name: &str) -> Result<Plan, Refusal> {
        let here = self.tabs.get(&tab).ok_or(Refusal::NoTab(tab))?;
        self.check_tab_name(name, here.session, Some(tab))?;
        let mut plan = here.plan(None);
        plan.log(author, TabRenamed { tab, name: name.into(), ext: Ext::none() });
        Ok(plan)
    }

    /// Moves a tab to a place of the bar, from 0; beyond the end is the end.
    ///
    /// # Errors
    /// The tab does not exist.
    pub fn move_tab(&self, author: &Author, tab: TabId, to: u16) -> Result<Plan, Refusal> {
        let mut plan = self.tabs.get(&tab).ok_or(Refusal::NoTab(tab))?.plan(None);
        plan.log(author, TabMoved { tab, to, ext: Ext::none() });
        Ok(plan)
    }

    /// Closes a tab with its panes; the last one of a session ends the session instead.
    ///
    /// # Errors
    /// The tab does not exist, or its session has ended.
    pub fn close_tab(&self, author: &Author, tab: TabId) -> Result<Plan, Refusal> {
        let here = self.tabs.get(&tab).ok_or(Refusal::NoTab(tab))?;
        let session = self.live(here.session)?;
        let mut plan = here.plan(None);
        if session.tabs.len() > 1 {
            plan.closes = Some(tab);
            plan.log(author, TabClosed { tab, ext: Ext::none() });
            return Ok(plan);
        }
        let focus = here.view.as_ref().and_then(|view| self.panes.get(&view.focus));
        let exit = focus.map_or(UNKNOWN_EXIT, |pane| pane.life.exit());
        plan.ends = Some(session.id);
        plan.log(author, SessionEnded { session: session.id, exit, ext: Ext::none() });
        Ok(plan)
    }

    /// Arranges the panes by a preset, or by the next one.
    ///
    /// # Errors
    /// The tab does not exist.
    pub fn arrange_tab(
        &self,
        author: &Author,
        tab: TabId,
        preset: Option<Preset>,
    ) -> Result<Plan, Refusal> {
        let (here, view) = self.view(tab)?;
        let mut layout = view.layout.clone();
        layout.arrange(preset.unwrap_or_else(|| layout.next_preset()));
        let mut plan = here.plan(None);
        plan.log(author, layout_changed(here, &layout));
        Ok(plan)
    }

    /// Writes down the size that the policy decided; no record when it has it already.
    ///
    /// # Errors
    /// The tab does not exist.
    pub fn size_tab(&self, author: &Author, tab: TabId, size: Size) -> Result<Plan, Refusal> {
        let here = self.tabs.get(&tab).ok_or(Refusal::NoTab(tab))?;
        let mut plan = here.plan(None);
        if sensible(size) != here.size {
            plan.log(author, TabSized { tab, size: wire(size), ext: Ext::none() });
        }
        Ok(plan)
    }

    /// Decides how the tab's size is decided. A fixed one is its size at once.
    ///
    /// # Errors
    /// The tab does not exist.
    pub fn set_policy(&self, author: &Author, tab: TabId, policy: Policy) -> Result<Plan, Refusal> {
        let here = self.tabs.get(&tab).ok_or(Refusal::NoTab(tab))?;
        let mut plan = match policy {
            Policy::Fixed(size) => self.size_tab(author, tab, size)?,
            _ => here.plan(None),
        };
        plan.log(author, TabPolicySet { tab, policy: policy_number(policy), ext: Ext::none() });
        Ok(plan)
    }

    /// A tab with what it shows.
    pub(super) fn view(&self, tab: TabId) -> Result<(&Tab, &TabView), Refusal> {
        let here = self.tabs.get(&tab).ok_or(Refusal::NoTab(tab))?;
        Ok((here, here.view.as_ref().ok_or(Refusal::NoTab(tab))?))
    }

    /// A plan that begins with an empty tab at the end of the bar.
    pub(super) fn plan_tab(
        &self,
        author: &Author,
        session: &Session,
        name: &str,
        size: Size,
    ) -> Result<(Plan, TabId), Refusal> {
        self.check_tab_name(name, session.id, None)?;
        let tab = TabId(self.ids.tab + 1);
        let tabs = session.tabs.iter().filter_map(|tab| self.tabs.get(tab));
        let number = lowest_free(tabs.map(|tab| tab.number))?;
        let session = session.id;
        let mut plan = Plan { session: Some(session), tab: Some(tab), ..Plan::default() };
        let (name, size) = (name.into(), wire(size));
        plan.log(author, TabCreated { session, tab, number, name, size, ext: Ext::none() });
        Ok((plan, tab))
    }

    fn check_tab_name(
        &self,
        name: &str,
        session: SessionId,
        but: Option<TabId>,
    ) -> Result<(), Refusal> {
        if name.is_empty() {
            return Ok(());
        }
        check_name(NameOf::Tab, name)?;
        let mut tabs = self.tabs.values().filter(|tab| tab.session == session);
        match tabs.find(|tab| tab.name == name && Some(tab.id) != but) {
            Some(tab) => Err(Refusal::TabNameTaken { name: name.into(), tab: tab.id }),
            None => Ok(()),
        }
    }
}

impl Tab {
    /// An empty plan about this tab.
    pub(super) fn plan(&self, pane: Option<PaneId>) -> Plan {
        Plan { session: Some(self.session), tab: Some(self.id), pane, ..Plan::default() }
    }
}

/// The lowest number from 1 that is not taken.
pub(super) fn lowest_free(taken: impl Iterator<Item = u16>) -> Result<u16, Refusal> {
    let taken: std::collections::BTreeSet<_> = taken.collect();
    (1..=u16::MAX).find(|number| !taken.contains(number)).ok_or(Refusal::NoNumber)
}

/// The nearest size that a tab may have.
pub(super) fn sensible(size: Size) -> Size {
    Size::new(size.cols.clamp(1, limits::SIDE), size.rows.clamp(1, limits::SIDE))
}
