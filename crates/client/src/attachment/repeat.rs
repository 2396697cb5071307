//! Keys that are sent twice on a slow link, a moment apart: a lost packet costs this moment, and not the time
//! that the transport takes to find out, which is more than a round trip. Owns what was typed lately and when
//! it goes out again; the server takes each once.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use ccc_net::Connection;
use ccc_proto::{AttachmentId, Ext, Input, InputAgain, Interrupt, Message};
use tokio::sync::mpsc;
use tokio::time::sleep_until;

/// Round trips over which keys are sent twice: below, the transport's own repetition is as good.
pub(super) const SLOW: Duration = Duration::from_millis(30);
/// Between a key and its repetition: losses come in bursts.
const PAUSE: Duration = Duration::from_millis(20);
/// Inputs that may wait; a hand has fewer under way on any link.
const WAITING: usize = 64;
/// What is larger is no key, and is not sent twice.
const LARGEST: usize = 256;

/// What the server has, as far as this side knows.
#[derive(Debug, Default)]
pub(super) struct Progress {
    attachment: AtomicU64,
    done: AtomicU64,
}

impl Progress {
    pub(super) fn attached(&self, attachment: AttachmentId) {
        self.done.store(0, Ordering::Relaxed);
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
    sent: Instant,
    repeated: bool,
}

impl Typed {
    /// One was sent. What is no key makes all before it not worth repeating, because they have their order.
    fn sent(&mut self, message: Message, now: Instant) {
        let number = match &message {
            Message::Input(input) => input.number,
            Message::Interrupt(interrupt) => interrupt.number,
            _ => return,
        };
        let size = match &message {
            Message::Input(input) => input.events.iter().map(|event| event.body.len()).sum(),
            _ => 0,
        };
        let follows = self.waiting.back().is_none_or(|last| last.number + 1 == number);
        if size > LARGEST || self.waiting.len() >= WAITING || !follows {
            self.waiting.clear();
        }
        if size <= LARGEST {
            self.waiting.push_back(Waiting { number, message, sent: now, repeated: false });
        }
    }

    /// When the next one is to go out again.
    fn due(&self) -> Option<Instant> {
        let next = self.waiting.iter().find(|waiting| !waiting.repeated);
        next.map(|waiting| waiting.sent + PAUSE)
    }

    /// All that the server may lack, if one of them is due. They travel together, because it takes none
    /// before its turn.
    fn take_due(
        &mut self,
        attachment: AttachmentId,
        done: u64,
        now: Instant,
    ) -> Option<InputAgain> {
        self.waiting.retain(|waiting| waiting.number > done);
        let mut due = false;
        for waiting in self.waiting.iter_mut().filter(|waiting| !waiting.repeated) {
            if waiting.sent + PAUSE <= now {
                waiting.repeated = true;
                due = true;
            }
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
pub(super) async fn run(
    connection: Connection,
    progress: Arc<Progress>,
    mut queue: mpsc::Receiver<Message>,
) {
    let mut typed = Typed::default();
    loop {
        let due = typed.due();
        tokio::select! {
            message = queue.recv() => match message {
                Some(message) => typed.sent(message, Instant::now()),
                None => return,
            },
            () = sleep_until(due.unwrap_or_else(Instant::now).into()), if due.is_some() => {
                let attachment = AttachmentId(progress.attachment.load(Ordering::Relaxed));
                let done = progress.done.load(Ordering::Relaxed);
                if let Some(again) = typed.take_due(attachment, done, Instant::now())
                    && send(&connection, again).await.is_none()
                {
                    return;
                }
            }
        }
    }
}

/// `None` when the connection is over.
async fn send(connection: &Connection, again: InputAgain) -> Option<()> {
    let mut stream = connection.open_uni().await.ok()?;
    stream.send(&again.into()).await.ok()?;
    stream.finish().await.ok()
}

#[cfg(test)]
mod tests;
