//! The audit: each decision about rights, in a chain of hashes whose head the server signs. Owns the files
//! `audit/<first number>.log`, their bound, and how much of it strangers may cause. Checking it is done by
//! whoever asks for it, with the key that they know the server by.

mod files;
mod pace;

use std::net::SocketAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use ccc_net::Identity;
use ccc_proto::{AUDIT_ENTRY, AuditCheckpoint, AuditEntry, AuditRecord, Ext};
use sha2::{Digest, Sha256};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;
use tracing::{error, warn};

use crate::ServeError;
use crate::clock::unix_ms;
use crate::core::authorize::Principal;
use crate::state_dir::StateDir;

use files::Files;
pub(crate) use files::read;
use pace::Pace;

/// Entries that wait for the writer. Beyond it they are counted instead: the disk is stuck, and what is
/// decided must not wait for it.
const WAITING: usize = 1024;
/// How long an entry may be without a signature.
const UNSIGNED: Duration = Duration::from_secs(1);
/// Entries after which the head is signed at once.
const UNSIGNED_ENTRIES: u64 = 64;
/// Bytes of one text of an entry.
const TEXT: usize = 256;

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
}

/// The way to the writer.
#[derive(Debug)]
pub(crate) struct Audit {
    notes: mpsc::Sender<Note>,
    /// What is refused can be caused by anybody, as often as they like.
    pace: Mutex<Pace>,
}

/// The writer, to be run.
pub(crate) struct Writer {
    notes: mpsc::Receiver<Note>,
    files: Files,
    identity: Identity,
    seq: u64,
    head: Vec<u8>,
    unsigned: u64,
}

impl Audit {
    /// Opens the files, and finds where the chain goes on.
    pub(crate) fn open(
        state: &StateDir,
        identity: &Identity,
    ) -> Result<(Self, Writer), ServeError> {
        let (files, last) = Files::open(state)?;
        let begins = last.is_none();
        let (seq, head) = last.unwrap_or_else(|| (0, vec![0; 32]));
        let (notes, received) = mpsc::channel(WAITING);
        let writer =
            Writer { notes: received, files, identity: identity.clone(), seq, head, unsigned: 0 };
        let audit = Self { notes, pace: Mutex::default() };
        if begins {
            audit.note(Note { what: "begins", ..Note::default() });
        }
        Ok((audit, writer))
    }

    /// Notes what happened. Never waits.
    pub(crate) fn note(&self, note: Note) {
        let mut pace = self.pace.lock().unwrap_or_else(PoisonError::into_inner);
        let now = std::time::Instant::now();
        if note.denied && !pace.allow(now) {
            return;
        }
        if let Some(left_out) = pace.left_out(now) {
            self.send(Note {
                what: "left-out",
                detail: format!("{left_out} refusals were not noted one by one"),
                denied: true,
                ..Note::default()
            });
        }
        drop(pace);
        self.send(note);
    }

    fn send(&self, note: Note) {
        if self.notes.try_send(note).is_err() {
            // The writer counts what is missing by nothing; the log of the server says it.
            warn!("an entry of the audit was lost: the disk is too slow");
        }
    }
}

impl Writer {
    /// Writes until the server stops, and what came before that.
    pub(crate) async fn run(mut self, token: CancellationToken) {
        loop {
            let deadline = (self.unsigned > 0).then(|| Instant::now() + UNSIGNED);
            let note = tokio::select! {
                biased;
                () = token.cancelled() => break,
                note = self.notes.recv() => note,
                () = sleep_until(deadline.unwrap_or_else(Instant::now)), if deadline.is_some() => {
                    self.sign();
                    continue;
                }
            };
            let Some(note) = note else { break };
            self.append(note);
            if self.unsigned >= UNSIGNED_ENTRIES {
                self.sign();
            }
        }
        while let Ok(note) = self.notes.try_recv() {
            self.append(note);
        }
        self.sign();
    }

    fn append(&mut self, note: Note) {
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
        if self.write(entry.seq, &record) {
            self.seq = entry.seq;
            self.head = head;
            self.unsigned += 1;
        }
    }

    /// Signs the head, if something is not signed yet.
    fn sign(&mut self) {
        if self.unsigned == 0 {
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
            return;
        };
        checkpoint.signature = signature;
        self.unsigned = 0;
        let seq = self.seq;
        self.write(seq, &checkpoint.record());
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
