//! Keys that are sent twice on a slow link, a moment apart: a lost packet costs this moment, and not the time
//! that the transport takes to find out, which is more than a round trip. Owns what was typed lately and when
//! it goes out again; the server takes each once.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use ccc_net::{Connection, IDLE_TIMEOUT, REPEAT_AFTER, SendStream, StreamCode};
use ccc_proto::{AttachmentId, Ext, FrameWanted, Input, InputAgain, Interrupt, Message};
use tokio::sync::mpsc;
use tokio::task::yield_now;
use tokio::time::sleep_until;

use super::now;

/// How often what has not arrived goes out again after that, at first.
const PROBE: Duration = Duration::from_millis(200);
/// A link on which nothing came for so long had an outage.
const LONG_SILENCE: Duration = Duration::from_secs(1);
/// Inputs that may wait; a hand has fewer under way on any link.
const WAITING: usize = 64;
/// The same in bytes as they travel: they go in one message, and several such are under way on a bad link.
const WAITING_BYTES: usize = 8 * 1024;
/// What is larger, in the same bytes, is no key, and is not sent twice.
const LARGEST: usize = 256;

/// What the server has, as far as this side knows.
#[derive(Debug, Default)]
pub(super) struct Progress {
    attachment: AtomicU64,
    done: AtomicU64,
}

impl Progress {
    pub(super) fn attached(&self, attachment: AttachmentId) {
        self.attachment.store(attachment.0, Ordering::Relaxed);
    }

    pub(super) fn done(&self, number: u64) {
        self.done.store(number, Ordering::Relaxed);
    }
}

/// Inputs that the server may not have.
#[derive(Debug, Default)]
struct Typed {
    waiting: VecDeque<Waiting>,
}

#[derive(Debug)]
struct Waiting {
    number: u64,
    message: Message,
    /// Bytes as they travel.
    size: usize,
    sent: Instant,
    /// When it goes out again.
    next: Instant,
}

impl Typed {
    /// One was sent. What is no key makes all before it not worth repeating, because they have their order.
    fn sent(&mut self, message: Message, now: Instant) {
        let number = match &message {
            Message::Input(input) => input.number,
            Message::Interrupt(interrupt) => interrupt.number,
            _ => return,
        };
        // What cannot be encoded did not go out the first time either.
        let size = message.to_bytes().map_or(usize::MAX, |bytes| bytes.len());
        let bytes: usize = self.waiting.iter().map(|waiting| waiting.size).sum();
        let fits = self.waiting.len() < WAITING && bytes.saturating_add(size) <= WAITING_BYTES;
        let follows = self.waiting.back().is_none_or(|last| last.number + 1 == number);
        if size > LARGEST || !fits || !follows {
            self.waiting.clear();
        }
        if size <= LARGEST {
            let next = now + REPEAT_AFTER;
            self.waiting.push_back(Waiting { number, message, size, sent: now, next });
        }
    }

    /// When the next one is to go out again.
    fn due(&self) -> Option<Instant> {
        self.waiting.iter().map(|waiting| waiting.next).min()
    }

    /// All that the server may lack, if one of them is due. They travel together, because it takes none
    /// before its turn.
    fn take_due(
        &mut self,
        attachment: AttachmentId,
        done: u64,
        now: Instant,
    ) -> Option<InputAgain> {
        // Of a pane that is gone no frame tells that it had its last key.
        self.waiting.retain(|waiting| {
            waiting.number > done && now.saturating_duration_since(waiting.sent) < IDLE_TIMEOUT
        });
        let due = self.due().is_some_and(|due| due <= now);
        // All go now, and so all again at one time.
        for waiting in self.waiting.iter_mut().filter(|_| due) {
            // Seldomer as time goes by, so that what is under way stays little.
            let waited = now.saturating_duration_since(waiting.sent);
            waiting.next = now + PROBE.max(waited / 16);
        }
        let (mut inputs, mut interrupts): (Vec<Input>, Vec<Interrupt>) = (Vec::new(), Vec::new());
        for waiting in self.waiting.iter().filter(|_| due) {
            match &waiting.message {
                Message::Input(input) => inputs.push(input.clone()),
                Message::Interrupt(interrupt) => interrupts.push(interrupt.clone()),
                _ => {}
            }
        }
        due.then(|| InputAgain { attachment, inputs, interrupts, ext: Ext::none() })
    }
}

/// Sends again what comes in the queue, until it closes.
///
/// Over a link that has gone silent they go out again and again: the transport tries less and less often, and
/// whatever comes through first tells both ends that there is a link again.
pub(super) async fn run(
    connection: Connection,
    progress: Arc<Progress>,
    mut queue: mpsc::Receiver<Message>,
) {
    let mut typed = Typed::default();
    let mut silence = Silence { heard: None, since: now() };
    let mut last: Option<SendStream> = None;
    loop {
        let due = typed.due();
        tokio::select! {
            message = queue.recv() => match message {
                Some(message) => {
                    // What came while nobody typed was nothing that was waited for.
                    if typed.waiting.is_empty() {
                        silence = Silence { heard: connection.heard(), since: now() };
                    }
                    // The key itself goes out first.
                    yield_now().await;
                    typed.sent(message, now());
                }
                None => return,
            },
            () = sleep_until(due.unwrap_or_else(now).into()), if due.is_some() => {
                let attachment = AttachmentId(progress.attachment.load(Ordering::Relaxed));
                let done = progress.done.load(Ordering::Relaxed);
                let now = now();
                let over = silence.ended(connection.heard(), now);
                let Some(again) = typed.take_due(attachment, done, now) else { continue };
                // What is sent now has all of it that the server may still lack.
                if let Some(mut last) = last.take() {
                    last.reset(StreamCode::SUPERSEDED);
                }
                let Ok(stream) = connection.open_uni().await else { return };
                last = send(stream, again, over).await;
            }
        }
    }
}

/// For how long nothing came.
#[derive(Clone, Copy, Debug)]
struct Silence {
    heard: Option<u64>,
    since: Instant,
}

impl Silence {
    /// Whether a long one has ended.
    fn ended(&mut self, heard: Option<u64>, now: Instant) -> bool {
        if heard == self.heard {
            return false;
        }
        let long = now.saturating_duration_since(self.since) >= LONG_SILENCE;
        *self = Self { heard, since: now };
        long
    }
}

/// The stream that carries it, if that took it. Where a silence has ended, what was sent into it is not waited
/// for: the pane is asked for as it is now.
async fn send(mut stream: SendStream, again: InputAgain, over: bool) -> Option<SendStream> {
    let pane = again.inputs.last().map(|input| input.pane);
    let mut messages = vec![again.into()];
    if let Some(pane) = pane.filter(|_| over) {
        messages.push(FrameWanted { pane }.into());
    }
    stream.send_all(&messages).await.ok()?;
    stream.finish().await.ok()?;
    Some(stream)
}

#[cfg(test)]
mod tests;
