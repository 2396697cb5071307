//! What a connection over one stream of bytes knows: its streams, what each may still send, what is to be
//! said next. Pure: bytes and moments come in, bytes go out; nothing here waits. Owns every bound on what a
//! peer can make this end hold.

mod opening;
mod receiving;
mod sending;

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::sync::Arc;

use tokio::sync::{Notify, watch};
use tokio::time::Instant;

use self::opening::Opened;
use super::frame::{
    self, Breach, CONNECTION, HEADER, Header, LONGEST, WINDOW_BYTES, put, u32_of, u64_of,
};
use super::round_trip::RoundTrip;
use super::stream_state::{Place, Stream};
use crate::transport::{self, STREAMS, UNAUTHORISED_STREAMS};
use crate::{CloseCode, CloseReason, StreamCode, UNAUTHORISED_WINDOW_BYTES};

/// Streams that go both ways, and streams of one direction.
pub(super) const BOTH: usize = 0;
pub(super) const ONE: usize = 1;

#[derive(Debug)]
pub(super) struct Core {
    is_client: bool,
    pub(super) streams: HashMap<u32, Stream>,
    pub(super) ours: [Opened; 2],
    theirs: [Opened; 2],
    /// Their streams that are over: each lets them open another.
    theirs_over: [u64; 2],
    /// How many of theirs may live at once.
    concurrent: u64,
    /// Opened by them, and not yet accepted.
    arrived: [VecDeque<u32>; 2],
    /// Bytes of all streams: handed over, and permitted by them.
    used: u64,
    credit: u64,
    /// How many of them the other end lets be under way: the most that it ever gave at a time.
    pub(super) their_window: u64,
    /// Bytes of all streams: received, done with, and permitted to them.
    received: u64,
    read: u64,
    granted: u64,
    window: u64,
    /// Waiting to be sent, over all streams, and how many may.
    queued: usize,
    queue_cap: usize,
    /// Streams with something to say beside data. A stream is in it once.
    control: VecDeque<u32>,
    /// Streams with data or a finish to send, the most urgent first.
    ready: BTreeSet<(Place, u32)>,
    turn: u64,
    /// Streams whose writer waits for room that is not its stream's own.
    starved: Vec<u32>,
    grant: bool,
    allow: [bool; 2],
    /// What the other end asked to have back; a newer one takes the place of an older.
    pong: Option<Vec<u8>>,
    pub(super) round_trip: RoundTrip,
    goodbye: Option<(CloseCode, Vec<u8>)>,
    said_goodbye: bool,
    over: watch::Sender<Option<CloseReason>>,
    /// Told when there is something to send.
    pub(super) to_send: Arc<Notify>,
    /// Told when streams may be opened that could not.
    pub(super) may_open: Arc<Notify>,
    /// Told when one arrived.
    pub(super) has_arrived: [Arc<Notify>; 2],
}

impl Core {
    pub(super) fn new(is_client: bool, queue_cap: usize, now: Instant) -> Self {
        let client_window = u64::from(UNAUTHORISED_WINDOW_BYTES);
        let server_window = u64::from(WINDOW_BYTES);
        let (few, many) = (u64::from(UNAUTHORISED_STREAMS), u64::from(STREAMS));
        let opened = |allowed| [Opened { count: 0, allowed }, Opened { count: 0, allowed }];
        let (credit, window) =
            if is_client { (client_window, server_window) } else { (server_window, client_window) };
        let (ours, theirs) = if is_client { (few, many) } else { (many, few) };
        Self {
            is_client,
            streams: HashMap::new(),
            ours: opened(ours),
            theirs: opened(theirs),
            theirs_over: [0; 2],
            concurrent: theirs,
            arrived: Default::default(),
            used: 0,
            credit,
            their_window: credit,
            received: 0,
            read: 0,
            granted: window,
            window,
            queued: 0,
            queue_cap,
            control: VecDeque::new(),
            ready: BTreeSet::new(),
            turn: 0,
            starved: Vec::new(),
            grant: false,
            allow: [false; 2],
            pong: None,
            round_trip: RoundTrip::new(now),
            goodbye: None,
            said_goodbye: false,
            over: watch::channel(None).0,
            to_send: Arc::default(),
            may_open: Arc::default(),
            has_arrived: Default::default(),
        }
    }

    /// Gives a peer that was let in its full windows and streams.
    pub(super) fn authorize(&mut self) {
        self.window = self.window.max(u64::from(transport::WINDOW_BYTES));
        self.concurrent = self.concurrent.max(u64::from(STREAMS));
        self.granted = self.read + self.window;
        for kind in [BOTH, ONE] {
            self.theirs[kind].allowed = self.theirs_over[kind] + self.concurrent;
        }
        (self.grant, self.allow) = (true, [true; 2]);
        self.to_send.notify_one();
    }

    pub(super) fn over(&self) -> Option<CloseReason> {
        self.over.borrow().clone()
    }

    pub(super) fn watch_over(&self) -> watch::Receiver<Option<CloseReason>> {
        self.over.subscribe()
    }

    /// Whether the last word was put into what goes out.
    pub(super) const fn said_goodbye(&self) -> bool {
        self.said_goodbye
    }

    /// Ends the connection from here.
    pub(super) fn close(&mut self, code: CloseCode, reason: &[u8]) {
        if self.over.borrow().is_none() {
            let cut = reason.len().min(frame::REASON);
            self.goodbye = Some((code, reason[..cut].to_vec()));
            self.end(CloseReason::Local);
        }
    }

    /// The connection is over; the first reason counts.
    pub(super) fn end(&mut self, reason: CloseReason) {
        if self.over.borrow().is_some() {
            return;
        }
        self.over.send_replace(Some(reason));
        for stream in self.streams.values() {
            stream.wake();
        }
        self.to_send.notify_one();
        self.may_open.notify_waiters();
        self.has_arrived.iter().for_each(|told| told.notify_waiters());
    }

    /// The application holds the half no more.
    pub(super) fn let_go(&mut self, id: u32, sending: bool) {
        if let Some(stream) = self.streams.get_mut(&id) {
            match (&mut stream.send, &mut stream.recv) {
                (Some(send), _) if sending => send.held = false,
                (_, Some(recv)) if !sending => recv.held = false,
                _ => {}
            }
        }
        self.forget_if_over(id);
    }

    /// Heeds one frame of the other end.
    pub(super) fn receive(
        &mut self,
        header: Header,
        contents: &[u8],
        now: Instant,
    ) -> Result<(), Breach> {
        let id = header.stream;
        match header.kind {
            frame::OPEN => self.opened(id)?,
            frame::DATA => self.data(id, contents)?,
            frame::FINISH | frame::RESET => {
                let reset = (header.kind == frame::RESET).then(|| StreamCode(u32_of(contents)));
                self.their_end(id, reset)?;
            }
            frame::STOP => self.stopped(id, StreamCode(u32_of(contents)))?,
            frame::ARRIVED => self.all_arrived(id)?,
            frame::CREDIT => self.credited(id, u64_of(contents))?,
            frame::STREAMS => {
                let Some(kind) = [0, 2].iter().position(|number| *number == id) else {
                    return Err(Breach("streams of an unknown kind were allowed"));
                };
                let allowed = &mut self.ours[kind].allowed;
                *allowed = (*allowed).max(u64_of(contents));
                self.may_open.notify_waiters();
            }
            frame::CLOSE => {
                let (code, reason) = contents.split_at(contents.len().min(4));
                self.end(CloseReason::peer(u32_of(code).into(), reason));
            }
            frame::PING => {
                self.pong = Some(contents.to_vec());
                self.to_send.notify_one();
            }
            frame::PONG => self.round_trip.answered(u64_of(contents), now),
            _later => {}
        }
        Ok(())
    }

    /// Appends what is to be said next: what is short and urgent, then data in the order of priorities, until
    /// about one frame's worth is there. Nothing comes when there is nothing.
    pub(super) fn fill(&mut self, out: &mut Vec<u8>, now: Instant) {
        if self.said_goodbye {
            return;
        }
        if let Some((code, reason)) = self.goodbye.take() {
            put(out, frame::CLOSE, CONNECTION, &[&code.0.to_le_bytes(), &reason]);
            self.said_goodbye = true;
            return;
        }
        if let Some(contents) = self.pong.take() {
            put(out, frame::PONG, CONNECTION, &[&contents]);
        }
        if std::mem::take(&mut self.grant) {
            put(out, frame::CREDIT, CONNECTION, &[&self.granted.to_le_bytes()]);
        }
        for (kind, number) in [(BOTH, 0), (ONE, 2)] {
            if std::mem::take(&mut self.allow[kind]) {
                put(out, frame::STREAMS, number, &[&self.theirs[kind].allowed.to_le_bytes()]);
            }
        }
        while out.len() < LONGEST {
            let Some(id) = self.control.pop_front() else { break };
            self.say_of(id, out);
            self.forget_if_over(id);
        }
        let mut sent = false;
        while out.len() + HEADER < LONGEST {
            let Some((_, id)) = self.ready.pop_first() else { break };
            self.send_of(id, out);
            sent = true;
        }
        if sent {
            self.feed_the_starved();
        }
        if let Some(stamp) = self.round_trip.ping(sent, now) {
            put(out, frame::PING, CONNECTION, &[&stamp.to_le_bytes()]);
        }
    }

    fn say_of(&mut self, id: u32, out: &mut Vec<u8>) {
        let Some(stream) = self.streams.get_mut(&id) else { return };
        stream.speaks = false;
        if std::mem::take(&mut stream.announce) {
            put(out, frame::OPEN, id, &[]);
        }
        if let Some(send) = &mut stream.send
            && let Some(code) = send.reset.take()
        {
            send.over = true;
            put(out, frame::RESET, id, &[&code.0.to_le_bytes()]);
        }
        if let Some(recv) = &mut stream.recv {
            if let Some(code) = recv.stop_due.take()
                && !recv.over()
            {
                put(out, frame::STOP, id, &[&code.0.to_le_bytes()]);
            }
            if std::mem::take(&mut recv.arrived_due) {
                put(out, frame::ARRIVED, id, &[]);
            }
            if std::mem::take(&mut recv.credit_due) && !recv.over() && !recv.stopped {
                let credit = recv.grant();
                put(out, frame::CREDIT, id, &[&credit.to_le_bytes()]);
            }
        }
    }

    fn speak_of(&mut self, id: u32) {
        if let Some(stream) = self.streams.get_mut(&id)
            && !std::mem::replace(&mut stream.speaks, true)
        {
            self.control.push_back(id);
        }
        self.to_send.notify_one();
    }
}

fn usize_of(count: u64) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}
