//! What a connection over one stream of bytes knows: its streams, what each may still send, what is to be
//! said next. Pure: bytes and moments come in, bytes go out; nothing here waits. Owns every bound on what a
//! peer can make this end hold.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap, VecDeque};
use std::sync::Arc;

use tokio::sync::{Notify, watch};
use tokio::time::Instant;

use super::frame::{self, Breach, CONNECTION, HEADER, Header, LONGEST, put, u32_of, u64_of};
use super::round_trip::RoundTrip;
use super::stream_state::{Finish, Place, Receiving, Sending, Stream};
use crate::transport::{STREAM_WINDOW_BYTES, STREAMS, UNAUTHORISED_STREAMS, WINDOW_BYTES};
use crate::{CloseCode, CloseReason, RecvError, SendError, StreamCode, UNAUTHORISED_WINDOW_BYTES};

/// Bytes of one stream that wait for their turn. They all may be sent at once, so that this is the network's
/// slowness and not the reader's; a part of what all streams may have.
const QUEUE_BYTES: usize = 64 * 1024;

/// Streams that go both ways, and streams of one direction.
pub(super) const BOTH: usize = 0;
pub(super) const ONE: usize = 1;

/// Streams of one kind that an end opened.
#[derive(Debug, Default)]
pub(super) struct Opened {
    /// So many were, ever.
    pub(super) count: u64,
    /// So many may be, ever.
    pub(super) allowed: u64,
}

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
        self.window = self.window.max(u64::from(WINDOW_BYTES));
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

    /// Opens a stream; `None` while they allow no more.
    pub(super) fn open(&mut self, kind: usize) -> Option<u32> {
        let opened = &mut self.ours[kind];
        if opened.count >= opened.allowed {
            return None;
        }
        let Some(id) = stream_id(opened.count, !self.is_client, kind) else {
            // Nobody has to wait for what never comes; another connection counts anew.
            self.close(CloseCode::OK, b"all numbers of streams are used up");
            return None;
        };
        opened.count += 1;
        let recv = (kind == BOTH).then(Receiving::new);
        let mut stream = Stream::new(Some(Sending::new()), recv);
        stream.announce = true;
        self.streams.insert(id, stream);
        self.speak_of(id);
        Some(id)
    }

    pub(super) fn accept(&mut self, kind: usize) -> Option<u32> {
        self.arrived[kind].pop_front()
    }

    /// Takes a part of `bytes` for sending and tells how much; `None` while there is no room.
    pub(super) fn write(&mut self, id: u32, bytes: &[u8]) -> Option<Result<usize, SendError>> {
        if let Some(reason) = self.over() {
            return Some(Err(reason.into()));
        }
        let credit_of_all = self.credit.saturating_sub(self.used);
        let Some(send) = self.streams.get_mut(&id).and_then(|stream| stream.send.as_mut()) else {
            return Some(Err(SendError::Ended));
        };
        if let Some(code) = send.stopped {
            return Some(Err(SendError::Stopped(code)));
        }
        if send.finish != Finish::No || send.over {
            return Some(Err(SendError::Ended));
        }
        // Where the bulky has filled its part, the urgent still has some.
        let kept = if send.priority > 0 { 0 } else { QUEUE_BYTES.min(self.queue_cap / 2) };
        let room_of_all = self.queue_cap.saturating_sub(self.queued + kept);
        let own = (QUEUE_BYTES.saturating_sub(send.queue.len()))
            .min(usize_of(send.credit.saturating_sub(send.used)));
        let shared = room_of_all.min(usize_of(credit_of_all));
        let count = bytes.len().min(own).min(shared);
        if count == 0 && !bytes.is_empty() {
            if shared == 0 && !self.starved.contains(&id) {
                self.starved.push(id);
            }
            return None;
        }
        send.queue.extend(&bytes[..count]);
        send.used += count as u64;
        self.used += count as u64;
        self.queued += count;
        self.make_ready(id);
        Some(Ok(count))
    }

    pub(super) fn finish(&mut self, id: u32) -> Result<(), SendError> {
        if let Some(reason) = self.over() {
            return Err(reason.into());
        }
        let send = self.streams.get_mut(&id).and_then(|stream| stream.send.as_mut());
        let send = send.ok_or(SendError::Ended)?;
        if let Some(code) = send.stopped {
            return Err(SendError::Stopped(code));
        }
        send.finish = Finish::Wanted;
        self.make_ready(id);
        Ok(())
    }

    /// Gives a sending direction up: what was not sent by now never will be.
    pub(super) fn reset(&mut self, id: u32, code: StreamCode) {
        self.drop_queue(id);
        let Some(send) = self.streams.get_mut(&id).and_then(|stream| stream.send.as_mut()) else {
            return;
        };
        if !send.over && send.reset.is_none() {
            send.reset = Some(code);
            send.ended.send_if_modified(|ended| {
                let first = ended.is_none();
                ended.get_or_insert(None);
                first
            });
            self.speak_of(id);
        }
    }

    pub(super) fn set_priority(&mut self, id: u32, priority: i32) {
        let Some(send) = self.streams.get_mut(&id).and_then(|stream| stream.send.as_mut()) else {
            return;
        };
        send.priority = priority;
        if let Some(place) = send.place.take() {
            self.ready.remove(&(place, id));
            self.make_ready(id);
        }
    }

    /// Reads some bytes; 0 at the end, `None` while there are none.
    pub(super) fn read(&mut self, id: u32, buffer: &mut [u8]) -> Option<Result<usize, RecvError>> {
        let over = self.over();
        if over == Some(CloseReason::Local) {
            return Some(Err(CloseReason::Local.into()));
        }
        let Some(recv) = self.streams.get_mut(&id).and_then(|stream| stream.recv.as_mut()) else {
            return Some(Err(RecvError::Ended));
        };
        if recv.stopped {
            return Some(Err(RecvError::Ended));
        }
        if let Some(code) = recv.reset {
            return Some(Err(RecvError::Reset(code)));
        }
        let count = recv.take(buffer);
        if count > 0 || buffer.is_empty() {
            if recv.needs_credit(u64::from(STREAM_WINDOW_BYTES)) {
                recv.credit_due = true;
                self.speak_of(id);
            }
            self.done_with(count);
            return Some(Ok(count));
        }
        if recv.finished {
            return Some(Ok(0));
        }
        over.map(|reason| Err(reason.into()))
    }

    /// Nobody reads a stream any more.
    pub(super) fn stop(&mut self, id: u32, code: StreamCode) {
        let Some(recv) = self.streams.get_mut(&id).and_then(|stream| stream.recv.as_mut()) else {
            return;
        };
        let left = recv.drop_buffer();
        if !recv.stopped {
            recv.stopped = true;
            if !recv.over() {
                recv.stop_due = Some(code);
                self.speak_of(id);
            }
        }
        self.done_with(left);
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

    fn opened(&mut self, id: u32) -> Result<(), Breach> {
        let kind = usize::from(id & 2 != 0);
        let theirs = &mut self.theirs[kind];
        if Some(id) != stream_id(theirs.count, self.is_client, kind) {
            return Err(Breach("a stream was opened out of order"));
        }
        if theirs.count >= theirs.allowed {
            return Err(Breach("more streams were opened than allowed"));
        }
        theirs.count += 1;
        let send = (kind == BOTH).then(Sending::new);
        self.streams.insert(id, Stream::new(send, Some(Receiving::new())));
        self.arrived[kind].push_back(id);
        self.has_arrived[kind].notify_waiters();
        Ok(())
    }

    /// A frame about a stream that is not there is skipped if the stream was, as both may have crossed.
    fn was_there(&self, id: u32) -> Result<(), Breach> {
        let kind = usize::from(id & 2 != 0);
        let is_ours = (id & 1 == 0) == self.is_client;
        let opened = if is_ours { &self.ours[kind] } else { &self.theirs[kind] };
        if u64::from(id >> 2) < opened.count {
            return Ok(());
        }
        Err(Breach("a stream was spoken of that was never opened"))
    }

    fn data(&mut self, id: u32, bytes: &[u8]) -> Result<(), Breach> {
        self.received += bytes.len() as u64;
        if self.received > self.granted {
            return Err(Breach("more was sent than the connection's credit"));
        }
        let Some(stream) = self.streams.get_mut(&id) else {
            self.was_there(id)?;
            self.done_with(bytes.len());
            return Ok(());
        };
        let Some(recv) = &mut stream.recv else {
            return Err(Breach("data came on a stream of the other direction"));
        };
        if recv.over() {
            return Err(Breach("data came behind the end of a stream"));
        }
        if !recv.accepts(bytes.len()) {
            return Err(Breach("more was sent than a stream's credit"));
        }
        if recv.stopped {
            self.done_with(bytes.len());
        } else {
            recv.buffer.extend(bytes);
            recv.changed.notify_waiters();
        }
        Ok(())
    }

    /// Their direction of a stream is finished, or reset.
    fn their_end(&mut self, id: u32, reset: Option<StreamCode>) -> Result<(), Breach> {
        let Some(stream) = self.streams.get_mut(&id) else { return self.was_there(id) };
        let Some(recv) = &mut stream.recv else {
            return Err(Breach("the end came of a direction that the stream has not"));
        };
        if recv.over() {
            // A reset behind a finish: everything is here.
            return Ok(());
        }
        let mut left = 0;
        match reset {
            Some(code) => {
                recv.reset = Some(code);
                left = recv.drop_buffer();
            }
            None => {
                recv.finished = true;
                // A stop that was not said yet need not be any more.
                recv.arrived_due = recv.stop_due.take().is_some() || !recv.stopped;
            }
        }
        recv.changed.notify_waiters();
        self.done_with(left);
        self.speak_of(id);
        self.forget_if_over(id);
        Ok(())
    }

    fn stopped(&mut self, id: u32, code: StreamCode) -> Result<(), Breach> {
        self.drop_queue(id);
        let Some(stream) = self.streams.get_mut(&id) else { return self.was_there(id) };
        let Some(send) = &mut stream.send else {
            return Err(Breach("a direction was stopped that the stream has not"));
        };
        if send.over || send.reset.is_some() || send.stopped.is_some() {
            return Ok(());
        }
        send.stopped = Some(code);
        send.ended.send_if_modified(|ended| ended.replace(Some(code)).is_none());
        send.changed.notify_waiters();
        if send.finish == Finish::Sent {
            send.over = true;
        } else {
            send.reset = Some(code);
            self.speak_of(id);
        }
        self.forget_if_over(id);
        Ok(())
    }

    fn all_arrived(&mut self, id: u32) -> Result<(), Breach> {
        let Some(stream) = self.streams.get_mut(&id) else { return self.was_there(id) };
        let Some(send) = stream.send.as_mut().filter(|send| send.finish == Finish::Sent) else {
            return Err(Breach("the arrival of an end was told that was not sent"));
        };
        send.over = true;
        send.ended.send_if_modified(|ended| ended.replace(None).is_none());
        self.forget_if_over(id);
        Ok(())
    }

    fn credited(&mut self, id: u32, credit: u64) -> Result<(), Breach> {
        if id == CONNECTION {
            self.credit = self.credit.max(credit);
            self.feed_the_starved();
            return Ok(());
        }
        let Some(stream) = self.streams.get_mut(&id) else { return self.was_there(id) };
        let Some(send) = &mut stream.send else {
            return Err(Breach("credit came for a direction that the stream has not"));
        };
        send.credit = send.credit.max(credit);
        send.changed.notify_waiters();
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
                let credit = recv.grant(u64::from(STREAM_WINDOW_BYTES));
                put(out, frame::CREDIT, id, &[&credit.to_le_bytes()]);
            }
        }
    }

    fn send_of(&mut self, id: u32, out: &mut Vec<u8>) {
        let Some(send) = self.streams.get_mut(&id).and_then(|stream| stream.send.as_mut()) else {
            return;
        };
        send.place = None;
        let count = send.queue.len().min(LONGEST.saturating_sub(out.len() + HEADER));
        if count > 0 {
            let (front, back) = send.queue.as_slices();
            let (front, back) = (&front[..count.min(front.len())], back);
            let rest = count - front.len();
            put(out, frame::DATA, id, &[front, &back[..rest]]);
            send.queue.drain(..count);
            self.queued -= count;
        }
        if send.queue.is_empty() {
            if send.finish == Finish::Wanted {
                send.finish = Finish::Sent;
                put(out, frame::FINISH, id, &[]);
            }
            // A stream that waits holds nothing.
            send.queue = VecDeque::new();
        }
        send.changed.notify_waiters();
        if !send.queue.is_empty() {
            self.make_ready(id);
        }
    }

    /// Lets a stream that has data or a finish take its place among those that do.
    fn make_ready(&mut self, id: u32) {
        let Some(send) = self.streams.get_mut(&id).and_then(|stream| stream.send.as_mut()) else {
            return;
        };
        let has = !send.queue.is_empty() || send.finish == Finish::Wanted;
        if has && send.place.is_none() && send.reset.is_none() && !send.over {
            self.turn += 1;
            let place = (Reverse(send.priority), self.turn);
            send.place = Some(place);
            self.ready.insert((place, id));
        }
        self.to_send.notify_one();
    }

    fn speak_of(&mut self, id: u32) {
        if let Some(stream) = self.streams.get_mut(&id)
            && !std::mem::replace(&mut stream.speaks, true)
        {
            self.control.push_back(id);
        }
        self.to_send.notify_one();
    }

    /// Takes back what was handed over and not sent, and the credit that it used.
    fn drop_queue(&mut self, id: u32) {
        let Some(send) = self.streams.get_mut(&id).and_then(|stream| stream.send.as_mut()) else {
            return;
        };
        let left = std::mem::take(&mut send.queue).len();
        if let Some(place) = send.place.take() {
            self.ready.remove(&(place, id));
        }
        send.used -= left as u64;
        self.used -= left as u64;
        self.queued -= left;
        if left > 0 {
            self.feed_the_starved();
        }
    }

    fn feed_the_starved(&mut self) {
        for id in self.starved.drain(..) {
            if let Some(send) = self.streams.get(&id).and_then(|stream| stream.send.as_ref()) {
                send.changed.notify_waiters();
            }
        }
    }

    /// So many bytes need to be held no more: the other end gets credit for them, not for each single one.
    fn done_with(&mut self, count: usize) {
        self.read += count as u64;
        if self.read + self.window >= self.granted + self.window / 2 {
            self.granted = self.read + self.window;
            self.grant = true;
            self.to_send.notify_one();
        }
    }

    /// Drops a stream of which nothing is to be said or heard any more, and nobody holds anything.
    fn forget_if_over(&mut self, id: u32) {
        if !self.streams.get(&id).is_some_and(Stream::is_over) {
            return;
        }
        self.streams.remove(&id);
        let (kind, is_ours) = (usize::from(id & 2 != 0), (id & 1 == 0) == self.is_client);
        if is_ours {
            return;
        }
        self.theirs_over[kind] += 1;
        let allowed = self.theirs_over[kind] + self.concurrent;
        let theirs = &self.theirs[kind];
        // Not for each single one, unless they may be waiting for it.
        if allowed >= theirs.allowed + (self.concurrent / 4).max(1)
            || theirs.count == theirs.allowed
        {
            self.theirs[kind].allowed = allowed;
            self.allow[kind] = true;
            self.to_send.notify_one();
        }
    }
}

/// The number of a stream: each kind of each end counts up by four.
fn stream_id(count: u64, by_server: bool, kind: usize) -> Option<u32> {
    // The last number of all is the connection's.
    let count = u32::try_from(count).ok().filter(|count| *count < u32::MAX >> 2)?;
    Some(count << 2 | (kind as u32) << 1 | u32::from(by_server))
}

fn usize_of(count: u64) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}
