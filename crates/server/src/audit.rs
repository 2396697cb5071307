//! The audit: each decision about rights, in a chain of hashes whose head the server signs. Owns the files
//! `audit/<first number>.log`, their bound, and how much of it anybody may cause. Checking it is done by
//! whoever asks for it, with the key that they know the server by.

mod files;
mod pace;

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use ccc_net::{Identity, PeerKey};
use ccc_proto::{AUDIT_ENTRY, AuditCheckpoint, AuditEntry, AuditRecord, Ext};
use sha2::{Digest, Sha256};
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;
use tracing::{error, warn};

use crate::ServeError;
use crate::clock::unix_ms;
use crate::core::authorize::Principal;
use crate::state_dir::StateDir;

pub(crate) use files::read;
use files::{Files, Opened};
use pace::Paces;

/// Entries that wait for the writer. Beyond it they are counted instead: the disk is stuck, and what is
/// decided must not wait for it.
const WAITING: usize = 1024;
/// How long an entry may be without a signature.
const UNSIGNED: Duration = Duration::from_secs(1);
/// Entries after which the head is signed at once.
const UNSIGNED_ENTRIES: u64 = 64;
/// Bytes of one text of an entry.
const TEXT: usize = 256;
/// What says that entries are missing, and how many.
const LEFT_OUT: &str = "left-out";

/// What happened.
#[derive(Clone, Debug, Default)]
pub(crate) struct Note {
    pub(crate) principal: String,
    pub(crate) name: String,
    pub(crate) from: String,
    pub(crate) what: &'static str,
    pub(crate) about: String,
    pub(crate) detail: String,
    pub(crate) denied: bool,
    /// Its doer can cause it as often as it likes.
    pub(crate) paced: bool,
}

impl Note {
    /// Something that somebody did.
    pub(crate) fn by(principal: &Principal, what: &'static str) -> Self {
        Self {
            principal: principal.id.clone(),
            name: principal.name.clone(),
            what,
            ..Self::default()
        }
    }

    pub(crate) fn from(mut self, from: Option<SocketAddr>) -> Self {
        self.from = from.map_or_else(String::new, |from| from.to_string());
        self
    }

    pub(crate) fn about(mut self, about: impl Into<String>) -> Self {
        self.about = about.into();
        self
    }

    pub(crate) fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = detail.into();
        self
    }

    /// It was not allowed.
    pub(crate) fn denied(mut self) -> Self {
        self.denied = true;
        self
    }

    /// Its doer can cause it as often as it likes, so only so much of it is noted.
    pub(crate) fn paced(mut self) -> Self {
        self.paced = true;
        self
    }
}

/// What the writer is sent.
#[derive(Debug)]
enum Order {
    Note(Note),
    /// Somebody waits until all that came before is written.
    Tell(oneshot::Sender<()>),
}

/// The way to the writer.
#[derive(Debug)]
pub(crate) struct Audit {
    orders: mpsc::Sender<Order>,
    paces: Mutex<Paces>,
    /// Entries that found no room, until an entry tells of them.
    lost: AtomicU64,
}

/// The writer, to be run.
pub(crate) struct Writer {
    orders: mpsc::Receiver<Order>,
    files: Files,
    identity: Identity,
    seq: u64,
    head: Vec<u8>,
    unsigned: u64,
    /// When the oldest entry without a signature is to have one.
    due: Option<Instant>,
    /// Entries that the disk did not take, until an entry tells of them.
    lost: u64,
}

impl Audit {
    /// Opens the files, and finds where the chain goes on. `keys` are those that its signatures may be of.
    pub(crate) fn open(
        state: &StateDir,
        identity: &Identity,
        keys: &[PeerKey],
    ) -> Result<(Self, Writer), ServeError> {
        let Opened { files, last, unsigned, set_aside } = Files::open(state, keys)?;
        let begins = last.is_none();
        let (seq, head) = last.unwrap_or_else(|| (0, vec![0; 32]));
        let (orders, received) = mpsc::channel(WAITING);
        // What a former life left is signed at once.
        let due = (unsigned > 0).then(Instant::now);
        let (identity, lost) = (identity.clone(), 0);
        let writer = Writer { orders: received, files, identity, seq, head, unsigned, due, lost };
        let audit = Self { orders, paces: Mutex::default(), lost: AtomicU64::new(0) };
        if begins {
            audit.note(Note { what: "begins", ..Note::default() });
        }
        if let Some(kept) = set_aside {
            let what = "damaged";
            audit.note(Note { what, ..Note::default() }.detail(kept.to_string_lossy()).denied());
        }
        // So many cannot be what was written last before a death: signatures are missing that were there.
        if unsigned > UNSIGNED_ENTRIES {
            let detail = format!("entries {} to {seq} were not signed", seq - unsigned + 1);
            audit.note(Note { what: "unsigned", detail, ..Note::default() }.denied());
        }
        Ok((audit, writer))
    }

    /// Notes what happened. Never waits; what finds no room is counted.
    pub(crate) fn note(&self, note: Note) {
        for note in self.paced(note) {
            self.send(note);
        }
    }

    /// As [`Audit::note`], and waits for room: for what must not be missing.
    pub(crate) async fn note_surely(&self, note: Note) {
        for note in self.paced(note) {
            if self.orders.send(Order::Note(note)).await.is_err() {
                error!("an entry of the audit was lost: the server stops");
            }
        }
    }

    /// Waits until all that was noted before is in the files, or nobody writes any more.
    pub(crate) async fn written(&self) {
        let (tx, rx) = oneshot::channel();
        // A writer that is gone has written what it got.
        if self.orders.send(Order::Tell(tx)).await.is_ok() {
            let _told = rx.await;
        }
    }

    /// The note, if it is to be noted, behind what is to be said of those that were not.
    fn paced(&self, note: Note) -> Vec<Note> {
        let mut paces = self.paces.lock().unwrap_or_else(PoisonError::into_inner);
        let now = std::time::Instant::now();
        let left_out = paces.left_out(now);
        let is_paced = note.denied || note.paced;
        let noted = !is_paced || paces.allow(&note.principal, &note.name, now);
        let left_out = left_out.into_iter().map(|left| Note {
            denied: left.principal.is_empty(),
            principal: left.principal,
            name: left.name,
            what: LEFT_OUT,
            detail: format!("{} entries were not noted one by one", left.count),
            ..Note::default()
        });
        left_out.chain(noted.then_some(note)).collect()
    }

    fn send(&self, note: Note) {
        let lost = self.lost.swap(0, Ordering::Relaxed);
        let sends = |note| self.orders.try_send(Order::Note(note)).is_ok();
        let now_lost = match (lost == 0 || sends(lost_entries(lost)), sends(note)) {
            (true, true) => return,
            (true, false) => 1,
            (false, true) => lost,
            (false, false) => lost + 1,
        };
        self.lost.fetch_add(now_lost, Ordering::Relaxed);
        warn!("an entry of the audit was lost: the disk is too slow");
    }
}

fn lost_entries(count: u64) -> Note {
    let detail = format!("{count} entries were lost: the disk did not take them in time");
    Note { what: LEFT_OUT, detail, ..Note::default() }
}

impl Writer {
    /// Writes until the server stops, and what came before that.
    pub(crate) async fn run(mut self, token: CancellationToken) {
        loop {
            let due = self.due;
            let order = tokio::select! {
                biased;
                () = token.cancelled() => break,
                // Before the next entry: who causes many must not put off the signature.
                () = sleep_until(due.unwrap_or_else(Instant::now)), if due.is_some() => {
                    self.sign();
                    continue;
                }
                order = self.orders.recv() => order,
            };
            let Some(order) = order else { break };
            self.follow(order);
            if self.unsigned >= UNSIGNED_ENTRIES {
                self.sign();
            }
        }
        while let Ok(order) = self.orders.try_recv() {
            self.follow(order);
        }
        self.sign();
    }

    fn follow(&mut self, order: Order) {
        match order {
            Order::Note(note) => self.append(note),
            // One who asked and left is told nothing.
            Order::Tell(tx) => drop(tx.send(())),
        }
    }

    fn append(&mut self, note: Note) {
        let lost = std::mem::take(&mut self.lost);
        if lost > 0 && !self.append_one(lost_entries(lost)) {
            self.lost = lost;
        }
        if !self.append_one(note) {
            self.lost += 1;
        }
    }

    fn append_one(&mut self, note: Note) -> bool {
        let cut = |text: String| text[..text.floor_char_boundary(TEXT)].to_owned();
        let entry = AuditEntry {
            seq: self.seq + 1,
            before: self.head.clone(),
            unix_ms: unix_ms(),
            principal: cut(note.principal),
            name: cut(note.name),
            from: cut(note.from),
            what: note.what.to_owned(),
            about: cut(note.about),
            detail: cut(note.detail),
            allowed: !note.denied,
            ext: Ext::none(),
        };
        let record = entry.record();
        let head = hash(&record);
        let written = self.write(entry.seq, &record);
        if written {
            self.seq = entry.seq;
            self.head = head;
            self.unsigned += 1;
            self.due.get_or_insert_with(|| Instant::now() + UNSIGNED);
        }
        written
    }

    /// Signs the head, if something is not signed yet.
    fn sign(&mut self) {
        if self.unsigned == 0 {
            self.due = None;
            return;
        }
        let mut checkpoint = AuditCheckpoint {
            seq: self.seq,
            head: self.head.clone(),
            unix_ms: unix_ms(),
            key: self.identity.public().spki().to_vec(),
            signature: Vec::new(),
            ext: Ext::none(),
        };
        let Some(signature) = self.identity.sign(&checkpoint.signed()) else {
            error!("the audit cannot be signed");
            self.due = None;
            return;
        };
        checkpoint.signature = signature;
        if !self.write(self.seq, &checkpoint.record()) {
            // The disk may be full for a while.
            self.due = Some(Instant::now() + UNSIGNED);
            return;
        }
        (self.unsigned, self.due) = (0, None);
        tokio::task::block_in_place(|| {
            if let Err(error) = self.files.sync() {
                error!(%error, "the audit was not synced");
            }
        });
    }

    fn write(&mut self, seq: u64, record: &AuditRecord) -> bool {
        let written =
            tokio::task::block_in_place(|| self.files.append(seq, record.kind, &record.body));
        if let Err(error) = &written {
            error!(%error, "an entry of the audit was not written");
        }
        written.is_ok()
    }
}

/// The hash of an entry.
pub(crate) fn hash(record: &AuditRecord) -> Vec<u8> {
    Sha256::new().chain_update(AUDIT_ENTRY).chain_update(&record.body).finalize().to_vec()
}

#[cfg(test)]
mod tests;
