//! The direction from this end: what is taken for sending, in which order it goes, and what the other end says of
//! it. Owns no state of its own; it is the core's and the stream's.

use std::cmp::Reverse;
use std::collections::VecDeque;

use super::{Core, usize_of};
use crate::mux::frame::{self, Breach, CONNECTION, HEADER, LONGEST, put};
use crate::mux::stream_state::Finish;
use crate::{SendError, StreamCode};

/// Bytes of one stream that wait for their turn. They all may be sent at once, so that this is the network's
/// slowness and not the reader's; a part of what all streams may have.
const QUEUE_BYTES: usize = 64 * 1024;

impl Core {
    /// Takes a part of `bytes` for sending and tells how much; `None` while there is no room.
    pub(in crate::mux) fn write(
        &mut self,
        id: u32,
        bytes: &[u8],
    ) -> Option<Result<usize, SendError>> {
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
        // Where the bulky has filled its part, the urgent still has some, and so have requests.
        let kept = match send.priority {
            1.. => 0,
            0 => QUEUE_BYTES.min(self.queue_cap / 2),
            _ => (2 * QUEUE_BYTES).min(self.queue_cap / 2),
        };
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

    pub(in crate::mux) fn finish(&mut self, id: u32) -> Result<(), SendError> {
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
    pub(in crate::mux) fn reset(&mut self, id: u32, code: StreamCode) {
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

    pub(in crate::mux) fn set_priority(&mut self, id: u32, priority: i32) {
        let Some(send) = self.streams.get_mut(&id).and_then(|stream| stream.send.as_mut()) else {
            return;
        };
        send.priority = priority;
        if let Some(place) = send.place.take() {
            self.ready.remove(&(place, id));
            self.make_ready(id);
        }
    }

    pub(super) fn stopped(&mut self, id: u32, code: StreamCode) -> Result<(), Breach> {
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

    pub(super) fn all_arrived(&mut self, id: u32) -> Result<(), Breach> {
        let Some(stream) = self.streams.get_mut(&id) else { return self.was_there(id) };
        let Some(send) = stream.send.as_mut().filter(|send| send.finish == Finish::Sent) else {
            return Err(Breach("the arrival of an end was told that was not sent"));
        };
        send.over = true;
        send.ended.send_if_modified(|ended| ended.replace(None).is_none());
        self.forget_if_over(id);
        Ok(())
    }

    pub(super) fn credited(&mut self, id: u32, credit: u64) -> Result<(), Breach> {
        if id == CONNECTION {
            self.credit = self.credit.max(credit);
            self.their_window = self.their_window.max(self.credit.saturating_sub(self.used));
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

    pub(super) fn send_of(&mut self, id: u32, out: &mut Vec<u8>) {
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

    pub(super) fn feed_the_starved(&mut self) {
        for id in self.starved.drain(..) {
            if let Some(send) = self.streams.get(&id).and_then(|stream| stream.send.as_ref()) {
                send.changed.notify_waiters();
            }
        }
    }
}
