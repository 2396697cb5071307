//! Who is told that programs of panes listen: those on other machines who look, and may have a port
//! forwarded. Owns what was told to whom; finding the ports is done elsewhere.

use std::sync::atomic::Ordering;

use ccc_proto::{EventKind, Ext, PaneEvent, PaneId, TabId};

use super::{Book, Looker};
use crate::core::authorize::{Action, Resource, authorize};
use crate::core::house::Life;
use crate::ports::{OpenPort, Root};

/// Ports of one pane that are told at a time: one has to do with a hand, many with a scan of its own.
const TOLD: usize = 4;

impl Book {
    /// Somebody on another machine comes to look at this tab: its panes are looked into, for a program that listens
    /// may have said nothing, and once more when they print the next time.
    pub(super) fn look_for_ports(&self, tab: TabId) {
        if !self.wants_ports_of(tab) {
            return;
        }
        let panes = self.house.panes().filter(|pane| pane.tab == tab);
        for pane in panes.filter_map(|known| self.ctx.panes.find(known.id)) {
            pane.may_listen.store(true, Ordering::Relaxed);
            self.ctx.ports.due(pane.id);
        }
    }

    /// A pane printed something, and a program of it may have begun to listen.
    pub(crate) fn pane_may_listen(&self, pane: PaneId) {
        if self.wants_ports(pane) {
            self.ctx.ports.due(pane);
        }
    }

    /// The processes of those panes whose ports somebody wants to hear of. They are looked into once more when
    /// they print again.
    pub(crate) fn roots(&self, panes: &[PaneId]) -> Vec<Root> {
        let wanted = panes.iter().filter(|pane| self.wants_ports(**pane));
        let roots = wanted.filter_map(|pane| {
            let Life::Running { pid, .. } = self.house.pane(*pane)?.life else { return None };
            self.ctx.panes.find(*pane)?.may_listen.store(true, Ordering::Relaxed);
            Some(Root { pane: *pane, pid })
        });
        roots.collect()
    }

    /// These ports are open in a pane now, and no others.
    pub(crate) fn pane_listens(&mut self, pane: PaneId, open: &[OpenPort]) {
        let Some(session) = self.house.session_of(pane) else { return };
        let tab = self.house.pane(pane).map(|known| known.tab);
        let lookers = self.lookers.values_mut().filter(|looker| Some(looker.place.tab) == tab);
        for looker in lookers.filter(|looker| may_forward(looker)) {
            let is_open = |port: u16| open.iter().any(|open| open.port == port);
            looker.ports.retain(|(told, port)| *told != pane || is_open(*port));
            let news: Vec<_> =
                open.iter().filter(|open| looker.ports.insert((pane, open.port))).collect();
            for OpenPort { port, program } in news.into_iter().take(TOLD) {
                let (kind, title) = (EventKind::LISTENS, program.clone());
                let data = port.to_string().into_bytes();
                let event = PaneEvent { id: 0, session, pane, kind, title, data, ext: Ext::none() };
                looker.tell(event);
            }
        }
    }

    fn wants_ports(&self, pane: PaneId) -> bool {
        self.house.pane(pane).is_some_and(|known| self.wants_ports_of(known.tab))
    }

    fn wants_ports_of(&self, tab: TabId) -> bool {
        let mut lookers = self.lookers.values().filter(|looker| looker.place.tab == tab);
        self.ctx.config.server.forward && lookers.any(may_forward)
    }
}

/// Whether it is on another machine, and its principal may have connections forwarded.
fn may_forward(looker: &Looker) -> bool {
    let may = || authorize(&looker.seat.principal(), Action::Forward, Resource::Whole).is_ok();
    looker.far && may()
}
