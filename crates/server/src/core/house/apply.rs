//! The fold: one record, one change. Total: a record that makes no sense is counted and changes
//! nothing else, because a log may be damaged, and must then still be served.

use std::collections::BTreeSet;

use ccc_proto::{PaneId, SessionId, TabId, WireExit};
use ccc_vt::Size;
use ulid::Ulid;

use super::record::{
    Change, ClosedPaneKept, CountersKept, EarlierKept, FocusSet, LayoutChanged, PaneCreated,
    PaneExited, PaneMoved, PaneRestarted, PaneStarted, PanesSwapped, Record, Remembered,
    SessionCreated, SessionKept, TabCreated, TabMoved, TabPolicySet, TabSized,
};
use super::{ClosedPane, House, Life, Pane, Session, Tab, TabView};
use crate::core::layout::{Layout, Preset};
use crate::core::size_policy::Policy;

/// How many records of a later version are kept, so that a damaged log cannot fill the memory.
const MAX_LATER: usize = 4096;

impl House {
    /// Applies one record.
    pub fn apply(&mut self, record: &Record) {
        if self.change(record).is_none() {
            self.ignored += 1;
        }
    }

    /// `None` when the record makes no sense; nothing was changed then.
    fn change(&mut self, record: &Record) -> Option<()> {
        match &record.change {
            Change::SessionCreated(body) => self.session_created(body),
            Change::SessionRenamed(body) => {
                let session = self.sessions.get_mut(&body.session)?;
                session.name.clone_from(&body.name);
                self.touch(body.session)
            }
            Change::SessionEnded(body) => {
                self.sessions.get_mut(&body.session)?.ended = Some(body.exit);
                self.touch(body.session)
            }
            Change::SessionRevived(body) => {
                self.sessions.get_mut(&body.session)?.ended = None;
                self.touch(body.session)
            }
            Change::SessionRemoved(body) => self.session_removed(body.session),
            Change::TabCreated(body) => self.tab_created(body),
            Change::TabRenamed(body) => {
                let tab = self.tabs.get_mut(&body.tab)?;
                tab.name.clone_from(&body.name);
                let session = tab.session;
                self.touch(session)
            }
            Change::TabMoved(body) => self.tab_moved(body),
            Change::TabClosed(body) => self.tab_closed(body.tab, record.author.unix_ms),
            Change::TabSized(body) => self.tab_sized(body),
            Change::TabPolicySet(body) => self.tab_policy_set(body),
            Change::LayoutChanged(body) => self.layout_changed(body),
            Change::PaneCreated(body) => self.pane_created(body),
            Change::PaneStarted(body) => self.pane_started_record(body),
            Change::PaneExited(body) => self.pane_exited_record(body),
            Change::PaneRestarted(body) => self.pane_restarted(body),
            Change::PaneClosed(body) => self.pane_closed(body.pane, record.author.unix_ms),
            Change::PaneMoved(body) => self.pane_moved(body),
            Change::PanesSwapped(body) => self.panes_swapped(body),
            Change::PaneRemoved(body) => self.closed.remove(&body.pane).map(drop),
            Change::Remembered(body) => self.remembered(body),
            Change::FocusSet(body) => self.focus_set(body),
            Change::CountersKept(body) => self.counters_kept(body),
            Change::SessionKept(body) => self.session_kept(body),
            Change::ClosedPaneKept(body) => self.closed_pane_kept(body),
            Change::EarlierKept(body) => self.earlier_kept(body),
            Change::Later { .. } => {
                let room = self.later.len() < MAX_LATER;
                room.then(|| self.later.push(record.clone()))
            }
        }
    }

    fn session_created(&mut self, body: &SessionCreated) -> Option<()> {
        fresh(&mut self.ids.session, body.session.0)?;
        self.sessions.insert(
            body.session,
            Session {
                id: body.session,
                ulid: body.ulid.into(),
                name: body.name.clone(),
                created_unix_ms: body.created_unix_ms,
                ttl_ms: body.ttl_ms,
                ended: None,
                tabs: Vec::new(),
                current: None,
                revision: 1,
                used: 0,
            },
        );
        Some(())
    }

    fn session_removed(&mut self, id: SessionId) -> Option<()> {
        let session = self.sessions.remove(&id)?;
        for tab in session.tabs {
            self.tabs.remove(&tab);
            self.panes.retain(|_, pane| pane.tab != tab);
        }
        self.closed.retain(|_, pane| pane.session != id);
        Some(())
    }

    fn tab_created(&mut self, body: &TabCreated) -> Option<()> {
        if !self.sessions.contains_key(&body.session) {
            return None;
        }
        fresh(&mut self.ids.tab, body.tab.0)?;
        let tab = Tab {
            id: body.tab,
            session: body.session,
            number: body.number,
            name: body.name.clone(),
            size: Size::new(body.size.cols, body.size.rows),
            policy: Policy::Latest,
            view: None,
        };
        self.tabs.insert(body.tab, tab);
        let session = self.sessions.get_mut(&body.session)?;
        session.tabs.push(body.tab);
        session.current.get_or_insert(body.tab);
        self.touch(body.session)
    }

    fn tab_moved(&mut self, body: &TabMoved) -> Option<()> {
        let id = self.tabs.get(&body.tab)?.session;
        let session = self.sessions.get_mut(&id)?;
        session.tabs.retain(|tab| *tab != body.tab);
        let to = usize::from(body.to).min(session.tabs.len());
        session.tabs.insert(to, body.tab);
        self.touch(id)
    }

    fn tab_closed(&mut self, id: TabId, unix_ms: u64) -> Option<()> {
        let tab = self.tabs.remove(&id)?;
        for pane in tab.view.iter().flat_map(|view| view.layout.panes()) {
            if let Some(pane) = self.panes.remove(&pane) {
                self.closed.insert(pane.id, pane.close(tab.session, unix_ms));
            }
        }
        let session = self.sessions.get_mut(&tab.session)?;
        let at = session.tabs.iter().position(|other| *other == id)?;
        session.tabs.remove(at);
        if session.current == Some(id) {
            session.current = session.tabs.get(at.saturating_sub(1)).copied();
        }
        self.touch(tab.session)
    }

    fn tab_sized(&mut self, body: &TabSized) -> Option<()> {
        let tab = self.tabs.get_mut(&body.tab)?;
        tab.size = Size::new(body.size.cols, body.size.rows);
        if matches!(tab.policy, Policy::Fixed(_)) {
            tab.policy = Policy::Fixed(tab.size);
        }
        let session = tab.session;
        self.touch(session)
    }

    fn tab_policy_set(&mut self, body: &TabPolicySet) -> Option<()> {
        let tab = self.tabs.get_mut(&body.tab)?;
        tab.policy = match body.policy {
            0 => Policy::Latest,
            1 => Policy::Largest,
            2 => Policy::Fixed(tab.size),
            _ => return None,
        };
        Some(())
    }

    fn layout_changed(&mut self, body: &LayoutChanged) -> Option<()> {
        let tab = self.tabs.get_mut(&body.tab)?;
        let view = tab.view.as_mut()?;
        let mut layout = Layout::from_flat(&body.nodes).ok()?;
        layout = layout.with_floating(super::floating::from_ext(&body.ext)?).ok()?;
        let panes = |layout: &Layout| layout.panes().into_iter().collect::<BTreeSet<_>>();
        if panes(&layout) != panes(&view.layout) {
            return None;
        }
        layout.zoom(body.zoomed).ok()?;
        view.layout = layout.with_preset(Preset::from_number(body.preset));
        let session = tab.session;
        self.touch(session)
    }

    fn pane_created(&mut self, body: &PaneCreated) -> Option<()> {
        let mut view = self.tabs.get(&body.tab)?.view.clone();
        settle(&mut view, body.pane)?;
        fresh(&mut self.ids.pane, body.pane.0)?;
        let pane = Pane {
            id: body.pane,
            tab: body.tab,
            number: body.number,
            ulid: body.ulid.into(),
            earlier: Vec::new(),
            spec: body.spec.clone(),
            life: Life::Starting,
        };
        self.panes.insert(body.pane, pane);
        let tab = self.tabs.get_mut(&body.tab)?;
        tab.view = view;
        let session = tab.session;
        self.touch(session)
    }

    fn pane_started_record(&mut self, body: &PaneStarted) -> Option<()> {
        let pane = self.panes.get_mut(&body.pane)?;
        pane.life = Life::Running { pid: body.pid, start_time: body.start_time };
        Some(())
    }

    fn pane_exited_record(&mut self, body: &PaneExited) -> Option<()> {
        if let Some(closed) = self.closed.get_mut(&body.pane) {
            closed.exit = body.exit;
            closed.lost = body.lost;
            return Some(());
        }
        let pane = self.panes.get_mut(&body.pane)?;
        pane.life = if body.lost { Life::Lost } else { Life::Exited(body.exit) };
        let session = self.session_of(body.pane)?;
        self.touch(session)
    }

    fn pane_restarted(&mut self, body: &PaneRestarted) -> Option<()> {
        let pane = self.panes.get_mut(&body.pane).filter(|pane| !pane.life.is_alive())?;
        let ulid = Ulid::from(body.ulid);
        if ulid != pane.ulid {
            pane.earlier.push(std::mem::replace(&mut pane.ulid, ulid));
        }
        pane.spec = body.spec.clone();
        pane.life = Life::Starting;
        let session = self.session_of(body.pane)?;
        self.touch(session)
    }

    fn pane_closed(&mut self, id: PaneId, unix_ms: u64) -> Option<()> {
        let session = self.session_of(id)?;
        let pane = self.panes.remove(&id)?;
        self.unsettle(pane.tab, id)?;
        self.closed.insert(id, pane.close(session, unix_ms));
        self.touch(session)
    }

    fn pane_moved(&mut self, body: &PaneMoved) -> Option<()> {
        let from = self.panes.get(&body.pane)?.tab;
        if from == body.tab {
            return None;
        }
        let mut view = self.tabs.get(&body.tab)?.view.clone();
        settle(&mut view, body.pane)?;
        self.unsettle(from, body.pane)?;
        self.tabs.get_mut(&body.tab)?.view = view;
        let pane = self.panes.get_mut(&body.pane)?;
        pane.tab = body.tab;
        pane.number = body.number;
        self.touch_tabs(from, body.tab)
    }

    fn panes_swapped(&mut self, body: &PanesSwapped) -> Option<()> {
        let PanesSwapped { a, b, .. } = *body;
        let (a_tab, a_number) = self.panes.get(&a).map(|pane| (pane.tab, pane.number))?;
        let (b_tab, b_number) = self.panes.get(&b).map(|pane| (pane.tab, pane.number))?;
        if a == b {
            return None;
        }
        if a_tab == b_tab {
            self.tabs.get_mut(&a_tab)?.view.as_mut()?.layout.swap(a, b).ok()?;
            return self.touch_tabs(a_tab, b_tab);
        }
        for (tab, old, new) in [(a_tab, a, b), (b_tab, b, a)] {
            let view = self.tabs.get_mut(&tab)?.view.as_mut()?;
            view.layout.replace(old, new).ok()?;
            if view.focus == old {
                view.focus = new;
            }
        }
        for (id, tab, number) in [(a, b_tab, b_number), (b, a_tab, a_number)] {
            let pane = self.panes.get_mut(&id)?;
            (pane.tab, pane.number) = (tab, number);
        }
        self.touch_tabs(a_tab, b_tab)
    }

    fn remembered(&mut self, body: &Remembered) -> Option<()> {
        let view = self.tabs.get_mut(&body.tab).filter(|tab| tab.session == body.session)?;
        let view = view.view.as_mut().filter(|view| view.layout.contains(body.pane))?;
        let moved = std::mem::replace(&mut view.focus, body.pane) != body.pane;
        self.uses += 1;
        let session = self.sessions.get_mut(&body.session)?;
        session.current = Some(body.tab);
        session.used = self.uses;
        if moved { self.touch(body.session) } else { Some(()) }
    }

    fn focus_set(&mut self, body: &FocusSet) -> Option<()> {
        let tab = self.tabs.get_mut(&body.tab)?;
        tab.view.as_mut().filter(|view| view.layout.contains(body.pane))?.focus = body.pane;
        let session = tab.session;
        self.touch(session)
    }

    fn counters_kept(&mut self, body: &CountersKept) -> Option<()> {
        // Never lowered, whatever a log says: ids are not reused.
        self.ids.session = self.ids.session.max(body.session);
        self.ids.tab = self.ids.tab.max(body.tab);
        self.ids.pane = self.ids.pane.max(body.pane);
        self.uses = self.uses.max(body.uses);
        self.ignored = self.ignored.max(body.ignored);
        Some(())
    }

    fn session_kept(&mut self, body: &SessionKept) -> Option<()> {
        let session = self.sessions.get_mut(&body.session)?;
        session.revision = body.revision;
        session.used = body.used;
        session.current = body.current.filter(|tab| session.tabs.contains(tab));
        Some(())
    }

    fn closed_pane_kept(&mut self, body: &ClosedPaneKept) -> Option<()> {
        if self.panes.contains_key(&body.pane) || !self.sessions.contains_key(&body.session) {
            return None;
        }
        self.ids.pane = self.ids.pane.max(body.pane.0);
        let pane = ClosedPane {
            id: body.pane,
            session: body.session,
            ulid: body.ulid.into(),
            earlier: Vec::new(),
            spec: body.spec.clone(),
            exit: body.exit,
            lost: body.lost,
            closed_unix_ms: body.closed_unix_ms,
        };
        self.closed.insert(body.pane, pane);
        Some(())
    }

    fn earlier_kept(&mut self, body: &EarlierKept) -> Option<()> {
        let earlier = match self.panes.get_mut(&body.pane) {
            Some(pane) => &mut pane.earlier,
            None => &mut self.closed.get_mut(&body.pane)?.earlier,
        };
        earlier.extend(body.earlier.iter().copied().map(Ulid::from));
        Some(())
    }

    /// Takes a pane out of a tab's tree; the focus goes to whoever got its space.
    fn unsettle(&mut self, tab: TabId, pane: PaneId) -> Option<()> {
        let tab = self.tabs.get_mut(&tab)?;
        let view = tab.view.as_mut()?;
        match view.layout.remove(tab.size, pane) {
            Ok(heir) if view.focus == pane => view.focus = heir,
            Ok(_) => {}
            Err(_) => tab.view = None,
        }
        Some(())
    }

    /// Raises the revision of a session.
    fn touch(&mut self, session: SessionId) -> Option<()> {
        self.sessions.get_mut(&session)?.revision += 1;
        Some(())
    }

    fn touch_tabs(&mut self, a: TabId, b: TabId) -> Option<()> {
        let sessions = [a, b].map(|tab| self.tabs.get(&tab).map(|tab| tab.session));
        let sessions: BTreeSet<_> = sessions.into_iter().flatten().collect();
        sessions.into_iter().try_for_each(|session| self.touch(session))
    }
}

impl Pane {
    fn close(self, session: SessionId, closed_unix_ms: u64) -> ClosedPane {
        ClosedPane {
            id: self.id,
            session,
            ulid: self.ulid,
            earlier: self.earlier,
            spec: self.spec,
            exit: self.life.exit(),
            lost: self.life == Life::Lost,
            closed_unix_ms,
        }
    }
}

impl Life {
    /// How the program ended; kind 0 while it may still run.
    #[must_use]
    pub fn exit(self) -> WireExit {
        match self {
            Self::Starting | Self::Running { .. } => WireExit::default(),
            Self::Exited(exit) => exit,
            Self::Lost => super::UNKNOWN_EXIT,
        }
    }
}

/// Takes an id that no record used before, and none after it may again.
fn fresh(highest: &mut u64, id: u64) -> Option<()> {
    if id <= *highest {
        return None;
    }
    *highest = id;
    Some(())
}

/// Puts a pane at the right end of a tab's tree, or makes it the first.
fn settle(view: &mut Option<TabView>, pane: PaneId) -> Option<()> {
    match view {
        Some(view) => view.layout.append(pane).ok()?,
        None => *view = Some(TabView { layout: Layout::new(pane), focus: pane }),
    }
    Some(())
}
