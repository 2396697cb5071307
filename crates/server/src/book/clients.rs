//! Connected clients: who came, who left, how listings show them. Owns when nobody is there any more; where each
//! looks is known to `looking`.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use ccc_net::Carrier;
use ccc_proto::{ClientId, ClientInfo, Ext, WireSize, client_tag};
use tokio::time::Instant;

use super::{Book, Looker};
use crate::clock::unix_ms;
use crate::core::authorize::{Principal, Role};
use crate::core::record::Author;
use crate::principals::Seat;

/// A connected client as listings show it.
#[derive(Clone, Debug)]
pub(crate) struct ClientEntry {
    pub(crate) software: String,
    pub(crate) host: String,
    pub(crate) carrier: Carrier,
    pub(crate) seat: Arc<Seat>,
}

impl Book {
    pub(crate) fn client_came(&mut self, entry: ClientEntry) -> ClientId {
        let client = ClientId(self.next_client);
        self.next_client += 1;
        self.clients.insert(client, entry);
        self.note_desertion();
        client
    }

    pub(crate) fn client_left(&mut self, client: ClientId) {
        self.clients.remove(&client);
        let attachments: Vec<_> = self
            .lookers
            .iter()
            .filter(|(_, looker)| looker.client == client)
            .map(|(attachment, _)| *attachment)
            .collect();
        for attachment in attachments {
            self.leave(attachment);
        }
        self.note_desertion();
    }

    /// All clients as listings show them to somebody: itself, and those who look at what it may see too.
    /// Where they come from is for those to know who work here.
    pub(crate) fn client_infos(&self, asker: ClientId, to: &Principal) -> Vec<ClientInfo> {
        let seen = |looker: Option<&Looker>| {
            let session = looker.and_then(|looker| self.house.session(looker.place.session));
            session.is_some_and(|session| to.sees(session.ulid))
        };
        let works = to.sees_all() && to.role >= Role::Operator;
        self.clients
            .iter()
            .filter_map(|(&client, entry)| {
                let looker = self.lookers.values().find(|looker| looker.client == client);
                if !works && client != asker && !seen(looker) {
                    return None;
                }
                let principal = entry.seat.principal();
                let mut ext = Ext::none();
                ext.push(client_tag::NAME, principal.name.as_bytes());
                ext.push(client_tag::ROLE, principal.role.name().as_bytes());
                if entry.carrier != Carrier::Quic {
                    ext.push(client_tag::CARRIER, entry.carrier.name().as_bytes());
                }
                let known = works || client == asker;
                let address = entry.seat.address().filter(|_| known);
                Some(ClientInfo {
                    client,
                    software: entry.software.clone(),
                    host: entry.host.clone(),
                    address: address.map_or_else(String::new, |at| at.to_string()),
                    principal: principal.id.clone(),
                    session: looker.map(|looker| looker.place.session),
                    tab: looker.map(|looker| looker.place.tab),
                    pane: looker.map(|looker| looker.place.pane),
                    size: looker.map_or_else(WireSize::default, |looker| WireSize {
                        cols: looker.size.cols,
                        rows: looker.size.rows,
                    }),
                    view: looker.is_some_and(|looker| looker.view),
                    typed_unix_ms: looker.map_or(0, |l| l.typed.load(Ordering::Relaxed)),
                    ext,
                })
            })
            .collect()
    }

    pub(crate) fn has_clients(&self) -> bool {
        !self.clients.is_empty()
    }

    /// Notes when the last client and session left, for a server that a client started.
    pub(crate) fn note_desertion(&mut self) {
        let live = self.house.sessions().any(|session| session.ended.is_none());
        let needed = self.has_clients() || live;
        self.deserted = match (needed, self.deserted) {
            (true, _) => None,
            (false, since) => Some(since.unwrap_or_else(Instant::now)),
        };
    }
}

/// The author of what a client asks for.
pub(crate) fn author(principal: &str, client: ClientId) -> Author {
    Author {
        principal: principal.to_owned(),
        connection: client.0,
        unix_ms: unix_ms(),
        ext: Ext::none(),
    }
}
