//! What listings and clients are shown of the house. Owns which record becomes which field; facts of
//! run time come from the caller.

use ccc_proto::{
    Ext, Layout, PaneId, PaneInfo, PaneState, SessionId, SessionInfo, SessionState, TabInfo,
    WirePane, WireSize, WireTab,
};

use super::{House, Life, Pane, Tab, TabView};

/// What only the running server knows of a pane.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PaneFacts {
    /// The title that its program set; empty for the command's name.
    pub title: String,
    /// The program of the command that its shell says is running; empty for none.
    pub running: String,
    /// Where its shell says it is; empty for where it was started.
    pub cwd: String,
    /// Bytes recorded so far.
    pub offset: u64,
    /// The first byte still kept.
    pub first_kept: u64,
    /// Milliseconds since 1970 of the last output; 0 for none.
    pub output_unix_ms: u64,
    /// It is not recorded for the time being.
    pub paused: bool,
    /// Waiting for the disk or recovering; `None` for what the records say.
    pub state: Option<PaneState>,
}

/// What only the running server knows of a session.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SessionFacts {
    /// How many clients look at it.
    pub attached: u16,
}

impl House {
    /// One session as listings show it. `None` when it does not exist or has no pane yet.
    #[must_use]
    pub fn session_info(
        &self,
        session: SessionId,
        facts: SessionFacts,
        pane_facts: impl Fn(PaneId) -> PaneFacts,
    ) -> Option<SessionInfo> {
        let session = self.sessions.get(&session)?;
        let views = self.views(session.id);
        let (current, _) = views
            .iter()
            .find(|(tab, _)| session.current == Some(tab.id))
            .or_else(|| views.first())?;
        let tabs = views.iter().map(|(tab, view)| TabInfo {
            tab: tab.id,
            number: tab.number,
            name: self.shown_name(tab, view, &pane_facts),
            focus: view.focus,
            zoomed: view.layout.zoomed(),
            size: wire_size(tab),
            ext: Ext::none(),
        });
        let panes = views.iter().flat_map(|(tab, view)| {
            let panes = view.layout.sizes(tab.size).into_iter();
            panes.filter_map(|(pane, size)| Some((self.panes.get(&pane)?, size)))
        });
        let panes: Vec<_> = panes
            .map(|(pane, size)| {
                let size = WireSize { cols: size.cols, rows: size.rows };
                pane.info(size, pane_facts(pane.id))
            })
            .collect();
        let runs = session.ended.is_none()
            && self
                .panes_of(session.id)
                .iter()
                .any(|pane| self.panes.get(pane).is_some_and(|pane| pane.life.is_alive()));
        Some(SessionInfo {
            session: session.id,
            name: session.name.clone(),
            state: if runs { SessionState::RUNNING } else { SessionState::ENDED },
            created_unix_ms: session.created_unix_ms,
            attached: facts.attached,
            current_tab: current.id,
            tabs: tabs.collect(),
            panes,
            ext: Ext::none(),
        })
    }

    /// All tabs of a session with the places of their panes. `None` when it does not exist or has no
    /// pane yet.
    #[must_use]
    pub fn layout(
        &self,
        session: SessionId,
        pane_facts: impl Fn(PaneId) -> PaneFacts,
    ) -> Option<Layout> {
        let session = self.sessions.get(&session)?;
        let views = self.views(session.id);
        if views.is_empty() {
            return None;
        }
        let tabs = views.iter().map(|(tab, view)| WireTab {
            tab: tab.id,
            number: tab.number,
            name: self.shown_name(tab, view, &pane_facts),
            size: wire_size(tab),
            zoomed: view.layout.zoomed(),
            focus: view.focus,
            nodes: view.layout.to_flat(tab.size),
            floating: view.layout.floating_flat(tab.size),
            ext: Ext::none(),
        });
        let panes = views.iter().flat_map(|(_, view)| view.layout.panes());
        Some(Layout {
            session: session.id,
            name: session.name.clone(),
            revision: session.revision,
            tabs: tabs.collect(),
            panes: panes.filter_map(|pane| self.wire_pane(pane, &pane_facts(pane))).collect(),
            ext: Ext::none(),
        })
    }

    /// One pane as a layout shows it.
    #[must_use]
    pub fn wire_pane(&self, pane: PaneId, facts: &PaneFacts) -> Option<WirePane> {
        let pane = self.panes.get(&pane)?;
        Some(WirePane {
            pane: pane.id,
            number: pane.number,
            title: pane.title(facts),
            state: pane.state(facts),
            exit: pane.life.exit(),
            recorded: pane.spec.recorded && !facts.paused,
            ext: Ext::none(),
        })
    }

    /// The tabs of a session that have a pane, in the order of the bar.
    fn views(&self, session: SessionId) -> Vec<(&Tab, &TabView)> {
        let tabs = self.sessions.get(&session).map_or(&[][..], |session| &session.tabs);
        let tabs = tabs.iter().filter_map(|tab| self.tabs.get(tab));
        tabs.filter_map(|tab| Some((tab, tab.view.as_ref()?))).collect()
    }

    /// The name of a tab, or of what runs in its focused pane.
    fn shown_name(
        &self,
        tab: &Tab,
        view: &TabView,
        pane_facts: impl Fn(PaneId) -> PaneFacts,
    ) -> String {
        if !tab.name.is_empty() {
            return tab.name.clone();
        }
        let pane = self.panes.get(&view.focus);
        pane.map(|pane| pane.program(&pane_facts(pane.id))).unwrap_or_default()
    }
}

impl Pane {
    fn info(&self, size: WireSize, facts: PaneFacts) -> PaneInfo {
        let (pid, start_time) = match self.life {
            Life::Running { pid, start_time } => (pid, start_time),
            Life::Starting | Life::Exited(_) | Life::Lost => (0, 0),
        };
        PaneInfo {
            pane: self.id,
            tab: self.tab,
            number: self.number,
            ulid: self.ulid.to_string(),
            title: self.title(&facts),
            command: self.spec.command(),
            cwd: if facts.cwd.is_empty() {
                String::from_utf8_lossy(&self.spec.cwd).into_owned()
            } else {
                facts.cwd.clone()
            },
            size,
            pid,
            start_time,
            state: self.state(&facts),
            exit: self.life.exit(),
            offset: facts.offset,
            first_kept: facts.first_kept,
            output_unix_ms: facts.output_unix_ms,
            recorded: self.spec.recorded && !facts.paused,
            ext: Ext::none(),
        }
    }

    fn title(&self, facts: &PaneFacts) -> String {
        if facts.title.is_empty() { self.program(facts) } else { facts.title.clone() }
    }

    /// What runs in it: in a shell that tells, the program of its command.
    fn program(&self, facts: &PaneFacts) -> String {
        if facts.running.is_empty() { self.spec.program() } else { facts.running.clone() }
    }

    fn state(&self, facts: &PaneFacts) -> PaneState {
        let recorded = match self.life {
            Life::Starting | Life::Running { .. } => PaneState::RUNNING,
            Life::Exited(_) => PaneState::EXITED,
            Life::Lost => PaneState::ENDED,
        };
        facts.state.unwrap_or(recorded)
    }
}

fn wire_size(tab: &Tab) -> WireSize {
    WireSize { cols: tab.size.cols, rows: tab.size.rows }
}
