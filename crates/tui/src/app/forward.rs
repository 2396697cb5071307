//! Ports of the server that are led to from here. Owns which one was offered, and what is said of those that
//! are led; the listening is done elsewhere.

use std::net::SocketAddr;

use ccc_client::forward::ForwardPlan;
use ccc_client::proto::PaneEvent;

use super::{App, Effect};
use crate::keymap::Action;

/// What became of a port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Forwarded {
    /// It is listened on there.
    Listens { local: SocketAddr, remote: String },
    /// It is not, and why.
    Failed { remote: String, why: String },
    /// A connection was not led on.
    Refused { remote: String, why: String },
}

impl App {
    /// A program of a pane listens: that may be wanted here.
    pub(super) fn on_listens(&mut self, event: &PaneEvent) {
        let port = std::str::from_utf8(&event.data).ok().and_then(|port| port.parse().ok());
        let Some(port) = port.filter(|port| *port > 0) else { return };
        self.offered = Some(port);
        let keys = self.keymap.keys_of(Action::Palette).into_iter().next().unwrap_or_default();
        let (pane, keys) = (event.pane, format!("{keys} forward"));
        let values: [(&str, &dyn std::fmt::Display); 3] =
            [("port", &port), ("pane", &pane), ("keys", &keys.trim())];
        self.offer = self.words.with("port-offered", &values);
        self.note(self.offer.clone());
    }

    /// Leads to a port, or to the one that was offered.
    pub(super) fn forward(&mut self, plan: Option<ForwardPlan>, effects: &mut Vec<Effect>) {
        match plan.or_else(|| self.offered.map(ForwardPlan::of_port)) {
            Some(plan) => {
                // The bar is for what becomes of it.
                self.take_back(&self.offer.clone());
                effects.push(Effect::Forward(plan));
            }
            None => self.note_key("port-none"),
        }
    }

    pub(super) fn on_forwarded(&mut self, forwarded: &Forwarded) {
        match forwarded {
            Forwarded::Listens { local, remote } => {
                self.note_with("port-forwarded", &[("local", local), ("remote", remote)]);
            }
            Forwarded::Failed { remote, why } => {
                self.note_with("port-failed", &[("remote", remote), ("why", why)]);
            }
            Forwarded::Refused { remote, why } => {
                self.note_with("port-refused", &[("remote", remote), ("why", why)]);
            }
        }
    }
}
