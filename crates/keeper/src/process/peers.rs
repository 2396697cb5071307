//! Who is connected to the keeper: accepting, reading what they ask, telling them what happens.
//!
//! What the answers are is decided in [`super::requests`].

use rustix::event::epoll;
use rustix::io::Errno;
use rustix::net::SocketFlags;

use super::connection::{Connection, Lost};
use super::control::{Control, Source};
use super::mover::Ask;
use super::say;
use crate::protocol::{Asked, Notice, Packet, Response};

/// Requests of one peer answered before others have their turn.
const REQUESTS: usize = 64;
/// One server, one spare, and what looks on. More is a mistake, and costs descriptors.
const MAX_CONNECTIONS: usize = 256;

impl Control {
    pub(super) fn accept(&mut self) {
        let flags = SocketFlags::CLOEXEC | SocketFlags::NONBLOCK;
        loop {
            let socket = match rustix::net::accept_with(&self.listener, flags) {
                Ok(socket) => socket,
                // Left in the queue it would be reported for ever.
                Err(Errno::MFILE | Errno::NFILE) => {
                    let listener = &self.listener;
                    let turned_away =
                        self.reserve.lend(|| rustix::net::accept_with(listener, flags));
                    say(format_args!("no descriptor for a connection"));
                    match turned_away {
                        Ok(_) => continue,
                        Err(_) => return,
                    }
                }
                Err(_) => return,
            };
            let Ok(peer) = rustix::net::sockopt::socket_peercred(&socket) else { continue };
            if peer.uid != rustix::process::geteuid() {
                say(format_args!("refused a connection of user {}", peer.uid.as_raw()));
                continue;
            }
            if self.connections.len() >= MAX_CONNECTIONS {
                say(format_args!("refused one connection too many"));
                continue;
            }
            let pid = peer.pid.as_raw_nonzero().get().unsigned_abs();
            self.add_connection(Connection::new(socket, pid));
        }
    }

    pub(super) fn add_connection(&mut self, connection: Connection) -> u64 {
        let id = self.next_id();
        self.watch(&connection.socket, Source::Connection(id));
        self.connections.insert(id, connection);
        id
    }

    pub(super) fn serve(&mut self, id: u64, flags: epoll::EventFlags) {
        if flags.contains(epoll::EventFlags::OUT) {
            self.flush(id);
        }
        let mut buffer = std::mem::take(&mut self.buffer);
        for _ in 0..REQUESTS {
            let Some(connection) = self.connections.get(&id) else { break };
            match connection.receive(&mut buffer).and_then(|packet| {
                packet.map(|packet| Asked::decode(packet).map_err(|_no_frame| Lost)).transpose()
            }) {
                Ok(None) => break,
                Ok(Some(Asked { id: request, request: asked })) => {
                    let ask = Ask { connection: id, id: request };
                    match asked.and_then(|asked| self.answer(ask, asked)) {
                        Ok(Some(response)) => self.respond(ask, &response),
                        Ok(None) => {}
                        Err(refusal) => self.respond(ask, &Response::Refused(refusal)),
                    }
                }
                Err(Lost) => self.lose(id),
            }
        }
        self.buffer = buffer;
    }

    pub(super) fn respond(&mut self, ask: Ask, response: &Response) {
        let packet = response.encode(ask.id);
        self.send(ask.connection, packet);
    }

    pub(super) fn notify(&mut self, id: u64, notice: &Notice) {
        self.send(id, notice.encode());
    }

    /// Tells every custodian but the one that knows.
    pub(super) fn tell(&mut self, notice: &Notice, but: Option<u64>) {
        let custodians = self.connections.iter().filter(|(_, c)| c.is_custodian());
        let ids: Vec<u64> = custodians.map(|(id, _)| *id).filter(|id| Some(*id) != but).collect();
        for id in ids {
            self.notify(id, notice);
        }
    }

    fn send(&mut self, id: u64, packet: Packet) {
        let Some(connection) = self.connections.get_mut(&id) else { return };
        let sent = connection.send(packet);
        self.after_sending(id, sent);
    }

    pub(super) fn flush(&mut self, id: u64) {
        let Some(connection) = self.connections.get_mut(&id) else { return };
        let sent = connection.flush();
        self.after_sending(id, sent);
    }

    fn after_sending(&mut self, id: u64, sent: Result<(), Lost>) {
        let Some(connection) = self.connections.get(&id) else { return };
        if sent.is_err() {
            return self.lose(id);
        }
        let mut flags = epoll::EventFlags::IN;
        flags.set(epoll::EventFlags::OUT, connection.waits_for_room);
        let data = Source::Connection(id).pack();
        let _ = epoll::modify(&self.epoll, &connection.socket, data, flags);
    }

    pub(super) fn lose(&mut self, id: u64) {
        if let Some(connection) = self.connections.remove(&id) {
            self.ignore(&connection.socket);
            self.connection_lost(id);
        }
    }
}
