//! The way into a pane: what is typed, in order, encoded when it is written. Owns the queue and the
//! interrupt's rule. It writes at once when nothing waits, so that a key crosses no other task; what
//! does not fit the terminal is written when there is room, by whoever drives [`PaneInput::drain`].

use std::collections::{HashMap, VecDeque};
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ccc_keeper::tty;
use ccc_proto::{AttachmentId, ClientId, TtyFlags};
use ccc_sync::input::Typed;
use ccc_vt::input::{self, PasteEncoder};
use ccc_vt::{CellPixels, Modes};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::pty::OpenptFlags;
use tokio::sync::{Notify, oneshot};

/// What may wait for one program, in bytes as they came. A program that reads nothing takes about
/// 20 KB; what is pasted behind that waits here, so that an interrupt sent after a long paste is
/// still seen. Above it the sender waits.
const WAITING_BYTES: usize = 4 * 1024 * 1024;
/// Most events that may wait, whatever their size: a mouse event takes no bytes until it is encoded.
const WAITING_EVENTS: usize = 64 * 1024;
/// The byte that the interrupt key makes.
const END_OF_TEXT: u8 = 0x03;

/// What ends a paste that the program was told the beginning of.
const END_OF_BRACKETS: &[u8] = b"\x1b[201~";

/// Closes a paste whose rest will not come.
const END_OF_PASTE: Typed = Typed::PastePiece { text: String::new(), first: false, last: true };

/// Who typed, and the number they gave it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stamp {
    pub(crate) attachment: AttachmentId,
    pub(crate) number: u64,
}

/// Too much waits already: what was submitted, to be tried again after [`PaneInput::room`].
#[derive(Debug)]
pub(crate) struct Full {
    pub(crate) events: Vec<Typed>,
    pub(crate) written: Option<oneshot::Sender<()>>,
}

/// What happened to something that was submitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Progress {
    /// All of it is with the program.
    Written,
    /// Some of it waits for room: [`PaneInput::drain`] is to be called when there is.
    Waiting,
}

/// One pane's queue. Locked for a few system calls that never wait, never over an await.
#[derive(Debug)]
pub(crate) struct PaneInput {
    queue: Mutex<Queue>,
    /// Woken when something begins to wait.
    began_waiting: Notify,
    /// Woken when what waited got less.
    room: Notify,
}

#[derive(Debug)]
struct Queue {
    /// `None` once the program has ended: what is typed then is dropped.
    master: Option<Arc<OwnedFd>>,
    modes: Modes,
    /// Of the screen, for a mouse in pixels.
    cell: CellPixels,
    items: VecDeque<Item>,
    /// Bytes of the front item as the program gets them, and how many of them it has.
    front: Vec<u8>,
    front_done: usize,
    waiting_bytes: usize,
    /// A paste of which the program has the beginning, and whose it is.
    paste: Option<(Option<AttachmentId>, PasteEncoder)>,
    /// The highest number of each attachment whose input was written or dropped.
    done: HashMap<AttachmentId, u64>,
}

#[derive(Debug)]
struct Item {
    events: Vec<Typed>,
    /// Bytes of the events as they came.
    bytes: usize,
    stamp: Option<Stamp>,
    /// Who typed it, so that it can be taken back; `None` for what nobody did.
    client: Option<ClientId>,
    written: Option<oneshot::Sender<()>>,
}

impl Item {
    fn end_of_paste() -> Self {
        Self { events: vec![END_OF_PASTE], bytes: 0, stamp: None, client: None, written: None }
    }
}

impl PaneInput {
    pub(crate) fn new(master: Option<Arc<OwnedFd>>) -> Self {
        let queue = Queue {
            master,
            modes: Modes::default(),
            cell: CellPixels::STANDARD,
            items: VecDeque::new(),
            front: Vec::new(),
            front_done: 0,
            waiting_bytes: 0,
            paste: None,
            done: HashMap::new(),
        };
        Self { queue: Mutex::new(queue), began_waiting: Notify::new(), room: Notify::new() }
    }

    /// The modes and the cell that events are encoded by from now on.
    pub(crate) fn set_modes(&self, modes: Modes, cell: CellPixels) {
        let mut queue = self.lock();
        (queue.modes, queue.cell) = (modes, cell);
    }

    /// Another program runs in the pane, or none.
    pub(crate) fn set_master(&self, master: Option<Arc<OwnedFd>>) {
        let mut queue = self.lock();
        queue.drop_all();
        queue.master = master;
        drop(queue);
        self.room.notify_waiters();
    }

    /// Takes what nobody in particular typed; see [`PaneInput::submit_for`].
    pub(crate) fn submit(
        &self,
        events: Vec<Typed>,
        stamp: Option<Stamp>,
        written: Option<oneshot::Sender<()>>,
    ) -> Result<Progress, Full> {
        self.submit_for(None, events, stamp, written)
    }

    /// Takes what a client typed. `written` is told when the program has it, and dropped when it never
    /// will.
    pub(crate) fn submit_for(
        &self,
        client: Option<ClientId>,
        events: Vec<Typed>,
        stamp: Option<Stamp>,
        written: Option<oneshot::Sender<()>>,
    ) -> Result<Progress, Full> {
        let mut queue = self.lock();
        if queue.waiting_bytes >= WAITING_BYTES || queue.items.len() >= WAITING_EVENTS {
            return Err(Full { events, written });
        }
        let bytes = events.iter().map(weight).sum();
        queue.items.push_back(Item { events, bytes, stamp, client, written });
        queue.waiting_bytes += bytes;
        Ok(self.after(queue))
    }

    /// Answers of the terminal itself to what the program asked. Dropped when too much waits: a
    /// program that asks without reading gets no answers.
    pub(crate) fn reply(&self, bytes: Vec<u8>) {
        // A reply that is not taken has no other use.
        let _ = self.submit(vec![Typed::Literal(bytes)], None, None);
    }

    /// Interrupts what runs, in order with the input around it. While the terminal makes signals
    /// (ISIG), the interrupt character; and if something waits already, so that the character could
    /// not be read, what waits is dropped and the signal sent. The same where the terminal holds whole
    /// lines that the program has not read: with 4 KB of them it looks at nothing behind them, though
    /// it takes 14 KB more. Otherwise a byte like any key.
    pub(crate) fn interrupt(
        &self,
        stamp: Option<Stamp>,
        written: Option<oneshot::Sender<()>>,
    ) -> Progress {
        let mut queue = self.lock();
        let Some(master) = queue.master.clone() else {
            queue.finish(stamp, written);
            return Progress::Written;
        };
        let modes = tty::modes(&master).ok();
        let character = modes.filter(|modes| modes.isig).and_then(|modes| modes.vintr);
        let Some(character) = character else {
            let events = vec![Typed::Literal(vec![END_OF_TEXT])];
            queue.items.push_back(Item { events, bytes: 1, stamp, client: None, written });
            queue.waiting_bytes += 1;
            return self.after(queue);
        };
        if queue.items.is_empty() && has_unread(&master) {
            // The signal that follows drops it as well, where the terminal comes to it.
            let _ = tty::flush_input(&master);
            let _ = flush_line(&master);
        }
        let wrote = queue.items.is_empty() && write(&master, &[character]) == Ok(1);
        if !wrote {
            queue.drop_all();
            // All of it may fail only when the terminal is gone, and then there is nothing to interrupt.
            let _ = tty::flush_input(&master);
            let _ = flush_line(&master);
            let _ = tty::interrupt(&master);
        }
        queue.finish(stamp, written);
        // What was dropped may leave the end of a paste to be written.
        let progress = self.after(queue);
        self.room.notify_waiters();
        progress
    }

    /// Writes what waits, as far as there is room.
    ///
    /// # Errors
    /// `WouldBlock` when there is no room; no other.
    pub(crate) fn drain(&self) -> io::Result<()> {
        let mut queue = self.lock();
        let result = queue.write_all();
        drop(queue);
        self.room.notify_waiters();
        result
    }

    /// Waits until something waits for room.
    pub(crate) async fn began_waiting(&self) {
        loop {
            let notified = self.began_waiting.notified();
            if !self.lock().items.is_empty() {
                return;
            }
            notified.await;
        }
    }

    /// Waits until what waited got less, or is little.
    pub(crate) async fn room(&self) {
        let notified = self.room.notified();
        tokio::pin!(notified);
        notified.as_mut().enable();
        let full = {
            let queue = self.lock();
            queue.waiting_bytes >= WAITING_BYTES || queue.items.len() >= WAITING_EVENTS
        };
        if full {
            notified.await;
        }
    }

    /// The highest number of this attachment that is no longer waiting; 0 for none.
    pub(crate) fn done(&self, attachment: AttachmentId) -> u64 {
        self.lock().done.get(&attachment).copied().unwrap_or(0)
    }

    /// The attachment is gone; its number need not be kept. A paste that it began is at its end: else the
    /// program would take what others type for the rest of it.
    pub(crate) fn forget(&self, attachment: AttachmentId) {
        let mut queue = self.lock();
        queue.done.remove(&attachment);
        let open = queue.paste.as_ref().is_some_and(|(whose, _)| *whose == Some(attachment));
        let waits = queue.items.iter().any(|item| {
            item.stamp.is_some_and(|stamp| stamp.attachment == attachment)
                && item.events.iter().any(|event| matches!(event, Typed::PastePiece { .. }))
        });
        if open || waits {
            queue.items.push_back(Item::end_of_paste());
            self.after(queue);
        }
    }

    /// Takes back what this client typed and the program does not have yet. A paste of which it has the
    /// beginning is at its end.
    pub(crate) fn withdraw(&self, client: ClientId) {
        let mut queue = self.lock();
        queue.withdraw(client);
        // What others typed behind it goes on.
        self.after(queue);
        self.room.notify_waiters();
    }

    /// What the terminal does with typed keys; nothing once the program has ended.
    pub(crate) fn tty_flags(&self) -> TtyFlags {
        let master = self.lock().master.clone();
        let Some(modes) = master.and_then(|master| tty::modes(&master).ok()) else {
            return TtyFlags(0);
        };
        let mut flags = 0;
        for (set, flag) in [
            (modes.echo, TtyFlags::ECHO),
            (modes.icanon, TtyFlags::ICANON),
            (modes.isig, TtyFlags::ISIG),
        ] {
            flags |= if set { flag } else { 0 };
        }
        TtyFlags(flags)
    }

    /// Writes what just came, and says what is left.
    fn after(&self, mut queue: MutexGuard<'_, Queue>) -> Progress {
        // The only failure is that there is no room now.
        if queue.write_all().is_ok() {
            return Progress::Written;
        }
        drop(queue);
        self.began_waiting.notify_one();
        Progress::Waiting
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        // A queue is whole between any two statements that can panic.
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Queue {
    fn write_all(&mut self) -> io::Result<()> {
        while !self.items.is_empty() {
            let Some(master) = self.master.clone() else {
                self.drop_all();
                return Ok(());
            };
            if self.front.is_empty() && self.front_done == 0 {
                self.encode_front();
            }
            while self.front_done < self.front.len() {
                match write(&master, &self.front[self.front_done..]) {
                    Ok(count) => self.front_done += count,
                    Err(Errno::INTR) => {}
                    Err(Errno::AGAIN) => return Err(io::ErrorKind::WouldBlock.into()),
                    // The other side is closed: nobody will ever read it.
                    Err(_) => {
                        self.drop_all();
                        return Ok(());
                    }
                }
            }
            self.pop_front();
        }
        Ok(())
    }

    fn encode_front(&mut self) {
        let Some(item) = self.items.front() else { return };
        let whose = item.stamp.map(|stamp| stamp.attachment);
        for event in &item.events {
            match event {
                Typed::PastePiece { text, first, last } => {
                    let open = self.paste.take().map(|(_, paste)| paste);
                    let open = match open {
                        Some(before) if *first => {
                            before.finish(&mut self.front);
                            None
                        }
                        open => open,
                    };
                    // The end of a paste that has ended already is no paste.
                    if open.is_none() && text.is_empty() && !first {
                        continue;
                    }
                    let mut paste =
                        open.unwrap_or_else(|| PasteEncoder::start(&self.modes, &mut self.front));
                    paste.push(text, &mut self.front);
                    if *last {
                        paste.finish(&mut self.front);
                    } else {
                        self.paste = Some((whose, paste));
                    }
                }
                event => encode(event, &self.modes, self.cell, &mut self.front),
            }
        }
    }

    fn pop_front(&mut self) {
        // A buffer that a large paste has grown is not kept.
        if self.front.capacity() > 4096 {
            self.front = Vec::new();
        }
        self.front.clear();
        self.front_done = 0;
        if let Some(item) = self.items.pop_front() {
            self.waiting_bytes -= item.bytes;
            self.finish(item.stamp, item.written);
        }
    }

    fn withdraw(&mut self, client: ClientId) {
        let front = self.items.front().filter(|item| item.client == Some(client));
        let pasting = front.is_some_and(|item| {
            let is_paste =
                |event: &Typed| matches!(event, Typed::Paste(_) | Typed::PastePiece { .. });
            self.front_done > 0 && item.events.iter().any(is_paste)
        });
        if front.is_some() {
            self.front = Vec::new();
            self.front_done = 0;
        }
        self.items.retain(|item| item.client != Some(client));
        self.waiting_bytes = self.items.iter().map(|item| item.bytes).sum();
        if pasting && self.modes.bracketed_paste {
            // The program waits for this and would take what others type for the rest.
            self.paste = None;
            let events = vec![Typed::Literal(END_OF_BRACKETS.to_vec())];
            let bytes = END_OF_BRACKETS.len();
            self.waiting_bytes += bytes;
            let item = Item { events, bytes, stamp: None, client: None, written: None };
            self.items.push_front(item);
        }
    }

    /// Gives up what waits. Its numbers count as done: nothing of it will come any more.
    fn drop_all(&mut self) {
        self.front = Vec::new();
        self.front_done = 0;
        self.waiting_bytes = 0;
        for item in std::mem::take(&mut self.items) {
            self.finish(item.stamp, None);
        }
        if self.paste.is_some() && self.master.is_some() {
            self.items.push_back(Item::end_of_paste());
        }
    }

    fn finish(&mut self, stamp: Option<Stamp>, written: Option<oneshot::Sender<()>>) {
        if let Some(Stamp { attachment, number }) = stamp {
            let done = self.done.entry(attachment).or_default();
            *done = number.max(*done);
        }
        if let Some(written) = written {
            // Whoever asked may have left.
            let _ = written.send(());
        }
    }
}

/// Drops what the line discipline holds for the program, as it does by itself when the interrupt
/// character reaches it: half a line that was typed before would stand in front of the next one.
fn flush_line(master: impl AsFd) -> Result<(), Errno> {
    rustix::termios::tcflush(program_side(master)?, rustix::termios::QueueSelector::IFlush)
}

/// Whether the line discipline holds anything that the program could read. To ask makes it take what was
/// written just now.
fn has_unread(master: impl AsFd) -> bool {
    let Ok(side) = program_side(master) else { return false };
    let mut waits = [PollFd::new(&side, PollFlags::IN)];
    poll(&mut waits, Some(&Timespec::default())).is_ok_and(|ready| ready > 0)
        && waits[0].revents().contains(PollFlags::IN)
}

fn program_side(master: impl AsFd) -> Result<OwnedFd, Errno> {
    let flags = OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC;
    rustix::pty::ioctl_tiocgptpeer(master, flags)
}

fn write(master: impl AsFd, bytes: &[u8]) -> Result<usize, Errno> {
    rustix::io::write(master, bytes)
}

fn encode(event: &Typed, modes: &Modes, cell: CellPixels, out: &mut Vec<u8>) {
    match event {
        Typed::Key(key) => input::encode_key(key, modes, out),
        Typed::Text(text) => out.extend_from_slice(text.as_bytes()),
        Typed::Paste(text) => input::encode_paste(text, modes, out),
        // The queue knows what came before it.
        Typed::PastePiece { .. } => {}
        Typed::Mouse(mouse) => {
            if !input::encode_mouse(mouse, modes, cell, out) {
                input::encode_alternate_scroll(mouse, modes, out);
            }
        }
        Typed::Focus(gained) => {
            input::encode_focus(*gained, modes, out);
        }
        Typed::Literal(bytes) => out.extend_from_slice(bytes),
    }
}

/// What an event costs while it waits.
fn weight(event: &Typed) -> usize {
    /// An event that carries no text.
    const PLAIN: usize = 64;
    match event {
        Typed::Text(text) | Typed::Paste(text) | Typed::PastePiece { text, .. } => {
            PLAIN + text.len()
        }
        Typed::Literal(bytes) => PLAIN + bytes.len(),
        Typed::Key(_) | Typed::Mouse(_) | Typed::Focus(_) => PLAIN,
    }
}

#[cfg(test)]
mod tests;
