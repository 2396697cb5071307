//! Commands upon sessions: make, load, save, rename, end, start again, forget.

use ccc_proto::{Ext, PaneId, SessionId, TabId, WireExit, WireSize};
use ccc_vt::Size;
use ulid::Ulid;

use super::pane::NewPane;
use super::record::{
    FocusSet, PaneCreated, PaneRestarted, PaneSpec, Remembered, SessionCreated, SessionEnded,
    SessionRemoved, SessionRenamed, SessionRevived, TabCreated,
};
use super::snapshot::layout_changed;
use super::{House, Plan, Refusal, Session, Tab, tab};
use crate::core::label::{NameOf, check_name};
use crate::core::layout::{Layout, LayoutError};
use crate::core::record::Author;
use crate::core::saved_layout::{SavedPane, SavedSession, SavedTab};
use crate::core::size_policy::Policy;

/// The name of the first session that nobody names.
const FIRST_NAME: &str = "main";

/// A session to make, with its first tab and pane.
#[derive(Clone, Debug)]
pub struct NewSession {
    /// Empty for one that is made up: `main`, `main-2` and so on.
    pub name: String,
    /// Name of the session's directory.
    pub ulid: Ulid,
    /// Ends so long after its last client left; 0 for never.
    pub ttl_ms: u64,
    pub pane: NewPane,
    pub size: Size,
    /// Make it the last used one.
    pub remember: bool,
}

impl House {
    /// Makes a session with one tab and one pane.
    ///
    /// # Errors
    /// The name is none, or a live session has it.
    pub fn new_session(&self, author: &Author, new: NewSession) -> Result<Plan, Refusal> {
        let mut plan = self.plan_session(author, &new.name, new.ulid, new.ttl_ms)?;
        let session = SessionId(self.ids.session + 1);
        let tab = TabId(self.ids.tab + 1);
        let pane = PaneId(self.ids.pane + 1);
        new.pane.spec.check()?;
        let size = wire(new.size);
        let name = String::new();
        plan.log(author, TabCreated { session, tab, number: 1, name, size, ext: Ext::none() });
        plan.log(author, new.pane.created(tab, pane, 1));
        if new.remember {
            plan.log(author, Remembered { session, tab, pane, ext: Ext::none() });
        }
        (plan.tab, plan.pane) = (Some(tab), Some(pane));
        Ok(plan)
    }

    /// Makes a session by a saved layout. `panes` gives each pane its ULID and spec, in the order of
    /// the tabs and of their `panes`. An empty `name` takes the saved one.
    ///
    /// # Errors
    /// As [`House::new_session`]; there must be as many `panes` as the layout has.
    pub fn load_session(
        &self,
        author: &Author,
        saved: &SavedSession,
        name: &str,
        ulid: Ulid,
        size: Size,
        panes: Vec<NewPane>,
    ) -> Result<Plan, Refusal> {
        let name = if name.is_empty() { &saved.name } else { name };
        let expected = saved.tabs.iter().map(|tab| tab.panes.len()).sum();
        if panes.len() != expected || expected == 0 {
            return Err(Refusal::Panes { panes: expected, given: panes.len() });
        }
        let mut plan = self.plan_session(author, name, ulid, 0)?;
        let session = SessionId(self.ids.session + 1);
        let mut panes = panes.into_iter();
        let mut next = self.ids.pane;
        for (index, saved) in saved.tabs.iter().enumerate() {
            let number = u16::try_from(index + 1).map_err(|_wide| Refusal::NoNumber)?;
            let tab = TabId(self.ids.tab + u64::from(number));
            let first = next + 1;
            if !saved.name.is_empty() {
                check_name(NameOf::Tab, &saved.name)?;
            }
            let name = saved.name.clone();
            let size = wire(size);
            plan.log(author, TabCreated { session, tab, number, name, size, ext: Ext::none() });
            for (number, new) in (1..).zip(panes.by_ref().take(saved.panes.len())) {
                new.spec.check()?;
                next += 1;
                plan.log(author, new.created(tab, PaneId(next), number));
            }
            let layout = placed(saved, first)?;
            let focus = PaneId(first + saved.focus.min(saved.panes.len() - 1) as u64);
            let tab = Tab {
                id: tab,
                session,
                number,
                name: String::new(),
                size: Size::new(size.cols, size.rows),
                policy: Policy::Latest,
                view: None,
            };
            plan.log(author, layout_changed(&tab, &layout));
            plan.log(author, FocusSet { tab: tab.id, pane: focus, ext: Ext::none() });
            plan.tab.get_or_insert(tab.id);
            plan.pane.get_or_insert(focus);
        }
        if let (Some(tab), Some(pane)) = (plan.tab, plan.pane) {
            plan.log(author, Remembered { session, tab, pane, ext: Ext::none() });
        }
        Ok(plan)
    }

    /// A session as it would be saved. `cwd` tells where a pane is now; `None` for where it started.
    ///
    /// # Errors
    /// It does not exist, or a command cannot be written as text.
    pub fn save_session(
        &self,
        session: SessionId,
        cwd: impl Fn(PaneId) -> Option<String>,
    ) -> Result<SavedSession, Refusal> {
        let session = self.sessions.get(&session).ok_or(Refusal::NoSession(session))?;
        let mut tabs = Vec::new();
        for tab in session.tabs.iter().filter_map(|tab| self.tabs.get(tab)) {
            let Some(view) = &tab.view else {
                continue;
            };
            let layout = view.layout.settled(tab.size);
            let order = layout.panes();
            let index = |pane| order.iter().position(|other| *other == pane).unwrap_or(0);
            let panes = order.iter().filter_map(|pane| self.panes.get(pane)).map(|pane| {
                let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).ok();
                let command: Option<Vec<_>> =
                    pane.spec.argv.iter().map(|word| text(word)).collect();
                let cwd = cwd(pane.id).or_else(|| text(&pane.spec.cwd));
                let (Some(command), Some(cwd)) = (command, cwd) else {
                    return Err(Refusal::NotText(pane.id));
                };
                Ok(SavedPane { command, cwd })
            });
            tabs.push(SavedTab {
                name: tab.name.clone(),
                panes: panes.collect::<Result<_, _>>()?,
                layout: layout.renamed(|pane| PaneId(index(pane) as u64)),
                focus: index(view.focus),
            });
        }
        Ok(SavedSession { name: session.name.clone(), tabs })
    }

    /// Gives a session another name.
    ///
    /// # Errors
    /// The name is none, or a live session has it.
    pub fn rename_session(
        &self,
        author: &Author,
        session: SessionId,
        name: &str,
    ) -> Result<Plan, Refusal> {
        self.session(session).ok_or(Refusal::NoSession(session))?;
        check_name(NameOf::Session, name)?;
        self.check_session_name(name, Some(session))?;
        let mut plan = Plan { session: Some(session), ..Plan::default() };
        plan.log(author, SessionRenamed { session, name: name.into(), ext: Ext::none() });
        Ok(plan)
    }

    /// Ends a session whose programs are gone, with its tabs as they are.
    ///
    /// # Errors
    /// It does not exist or has ended.
    pub fn end_session(
        &self,
        author: &Author,
        session: SessionId,
        exit: WireExit,
    ) -> Result<Plan, Refusal> {
        self.live(session)?;
        let mut plan = Plan { session: Some(session), ends: Some(session), ..Plan::default() };
        plan.log(author, SessionEnded { session, exit, ext: Ext::none() });
        Ok(plan)
    }

    /// Starts a pane's program again in the same place. The caller starts it, with the same ULID or
    /// a new one; an ended session lives again.
    ///
    /// # Errors
    /// It does not exist or still runs; its session's name was taken meanwhile.
    pub fn restart_pane(
        &self,
        author: &Author,
        pane: PaneId,
        ulid: Ulid,
        spec: PaneSpec,
    ) -> Result<Plan, Refusal> {
        let (tab, here) = self.here(pane)?;
        let session = self.sessions.get(&tab.session).ok_or(Refusal::NoSession(tab.session))?;
        if here.life.is_alive() {
            return Err(Refusal::PaneRuns(pane));
        }
        spec.check()?;
        let mut plan = tab.plan(Some(pane));
        if session.ended.is_some() {
            self.check_session_name(&session.name, Some(session.id))?;
            plan.log(author, SessionRevived { session: session.id, ext: Ext::none() });
        }
        plan.log(author, PaneRestarted { pane, ulid: ulid.into(), spec, ext: Ext::none() });
        Ok(plan)
    }

    /// Forgets a session of which nothing runs, with all its recordings.
    ///
    /// # Errors
    /// It does not exist or something of it still runs.
    pub fn remove_session(&self, author: &Author, session: SessionId) -> Result<Plan, Refusal> {
        self.session(session).ok_or(Refusal::NoSession(session))?;
        let panes = self.panes.values().filter(|pane| self.session_of(pane.id) == Some(session));
        let mut plan = Plan { session: Some(session), ..Plan::default() };
        for pane in panes {
            if pane.life.is_alive() {
                return Err(Refusal::StillRuns(session));
            }
            plan.forget.push(pane.ulid);
            plan.forget.extend(&pane.earlier);
        }
        for pane in self.closed.values().filter(|pane| pane.session == session) {
            plan.forget.push(pane.ulid);
            plan.forget.extend(&pane.earlier);
        }
        plan.log(author, SessionRemoved { session, ext: Ext::none() });
        Ok(plan)
    }

    /// A session that has not ended.
    pub(super) fn live(&self, session: SessionId) -> Result<&Session, Refusal> {
        let found = self.sessions.get(&session).ok_or(Refusal::NoSession(session))?;
        if found.ended.is_some() { Err(Refusal::Ended(session)) } else { Ok(found) }
    }

    /// The session of this name: a live one, else the newest that ended.
    #[must_use]
    pub fn session_named(&self, name: &str) -> Option<&Session> {
        let named = self.sessions.values().filter(|session| session.name == name);
        named.max_by_key(|session| (session.ended.is_none(), session.id))
    }

    fn plan_session(
        &self,
        author: &Author,
        name: &str,
        ulid: Ulid,
        ttl_ms: u64,
    ) -> Result<Plan, Refusal> {
        let name = if name.is_empty() {
            self.made_up_name()
        } else {
            check_name(NameOf::Session, name)?;
            self.check_session_name(name, None)?;
            name.into()
        };
        let session = SessionId(self.ids.session + 1);
        let mut plan = Plan { session: Some(session), ..Plan::default() };
        let created_unix_ms = author.unix_ms;
        let ulid = ulid.into();
        let ext = Ext::none();
        plan.log(author, SessionCreated { session, ulid, name, created_unix_ms, ttl_ms, ext });
        Ok(plan)
    }

    fn check_session_name(&self, name: &str, but: Option<SessionId>) -> Result<(), Refusal> {
        let mut live = self.sessions.values().filter(|session| session.ended.is_none());
        match live.find(|session| session.name == name && Some(session.id) != but) {
            Some(session) => {
                Err(Refusal::SessionNameTaken { name: name.into(), session: session.id })
            }
            None => Ok(()),
        }
    }

    fn made_up_name(&self) -> String {
        let free = |name: &String| self.check_session_name(name, None).is_ok();
        let numbered = (2..).map(|number: u64| format!("{FIRST_NAME}-{number}"));
        let mut names = [FIRST_NAME.to_owned()].into_iter().chain(numbered);
        names.find(free).unwrap_or_default()
    }
}

impl NewPane {
    pub(super) fn created(self, tab: TabId, pane: PaneId, number: u16) -> PaneCreated {
        let (ulid, spec) = (self.ulid.into(), self.spec);
        PaneCreated { tab, pane, ulid, number, spec, ext: Ext::none() }
    }
}

impl PaneSpec {
    pub(super) fn check(&self) -> Result<(), Refusal> {
        let length = self.bytes();
        let cap = Self::CAP;
        if length > cap { Err(Refusal::CommandTooLong { length, cap }) } else { Ok(()) }
    }
}

/// The size of a tab as a record has it.
pub(super) fn wire(size: Size) -> WireSize {
    let size = tab::sensible(size);
    WireSize { cols: size.cols, rows: size.rows }
}

/// The saved tree with the ids that its panes get, from `first` on.
fn placed(saved: &SavedTab, first: u64) -> Result<Layout, Refusal> {
    let mut leaves: Vec<_> = saved.layout.panes().iter().map(|pane| pane.0).collect();
    leaves.sort_unstable();
    if !leaves.iter().copied().eq(0..saved.panes.len() as u64) {
        let why = "its panes are not those that are listed";
        return Err(LayoutError::NotATree { nodes: leaves.len(), why }.into());
    }
    Ok(saved.layout.renamed(|pane| PaneId(first + pane.0)))
}
