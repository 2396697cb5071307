//! A server's audit, fetched and checked here: its chain, its signatures, and what this machine saw of it
//! before. Owns the checking and the memory of the last head that was seen; nothing is taken from the
//! server's word alone.

use std::io;

use ccc_journal::{atomic_write, dir};
use ccc_net::{KeyId, PeerKey};
use ccc_proto::{
    AUDIT_ENTRY, AuditCheckpoint, AuditEntry, AuditRecord, AuditRequest, Ext, Message,
};
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use crate::server::unexpected;
use crate::{ClientError, Home, Server};

/// The most that is taken of a server: four files of four megabytes, and room.
const MOST_BYTES: usize = 64 * 1024 * 1024;

/// Entries that a server leaves without a signature at most: it signs after 64, and one who reads while it
/// writes may see a few more.
const UNSIGNED: u64 = 64 + 8;

/// What came of checking.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Audited {
    pub entries: Vec<AuditEntry>,
    /// The last entry that the server signed, 0 for none.
    pub signed: u64,
    /// What is wrong, in words; empty when nothing is.
    pub faults: Vec<String>,
    /// The first entry comes after the one that follows what this machine saw before: what lies between is
    /// deleted, so that nothing says whether the one is the other's continuation.
    pub untied: bool,
    /// The head, to be remembered.
    pub head: Option<SeenHead>,
}

/// Where a chain stood when it was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenHead {
    pub seq: u64,
    pub head: Vec<u8>,
}

/// Fetches all records that a server keeps.
///
/// # Errors
/// The server does not give them.
pub async fn fetch(server: &Server) -> Result<Vec<AuditRecord>, ClientError> {
    let request = AuditRequest { after: 0, ext: Ext::none() };
    let mut pages = server.request_stream(request).await?;
    let (mut all, mut bytes) = (Vec::new(), 0);
    loop {
        match pages.next().await? {
            Some(Message::AuditPage(page)) => {
                bytes += page.records.iter().map(|record| record.body.len() + 16).sum::<usize>();
                if bytes > MOST_BYTES {
                    return Err(ClientError::Lost {
                        why: "the audit is larger than can be".into(),
                    });
                }
                all.extend(page.records);
                if !page.more {
                    return Ok(all);
                }
            }
            Some(other) => return Err(unexpected("AuditPage", &other)),
            None => return Err(ClientError::Lost { why: "the audit ended in the middle".into() }),
        }
    }
}

/// Checks records: each entry follows the one before, each is signed soon after by a key of the server, each
/// checkpoint says what the chain says, and what was seen before is still there, or is what the first entry
/// follows.
pub fn check(records: &[AuditRecord], keys: &[KeyId], seen: Option<&SeenHead>) -> Audited {
    let mut chain = Chain::default();
    for record in records {
        match (record.entry(), record.checkpoint()) {
            (Ok(Some(entry)), _) => chain.entry(entry, record),
            (_, Ok(Some(point))) => chain.checkpoint(&point, keys),
            (Err(_), _) | (_, Err(_)) => {
                let after = chain.last();
                chain.fault(format!("a record after entry {after} does not read"));
            }
            (Ok(None), Ok(None)) => {}
        }
    }
    let last = chain.last();
    chain.signed_until(last);
    if let Some(seen) = seen {
        chain.compare(seen);
    }
    let Chain { mut audited, mut hashes, .. } = chain;
    audited.head = hashes.pop().map(|head| SeenHead { seq: last, head });
    audited
}

/// What was checked so far.
#[derive(Default)]
struct Chain {
    audited: Audited,
    hashes: Vec<Vec<u8>>,
    first: u64,
    /// Entries up to here were signed soon, or that is told already.
    covered: u64,
}

impl Chain {
    fn fault(&mut self, why: String) {
        self.audited.faults.push(why);
    }

    fn last(&self) -> u64 {
        self.audited.entries.last().map_or(0, |entry| entry.seq)
    }

    /// The hash of an entry, if it is here.
    fn hash(&self, seq: u64) -> Option<&Vec<u8>> {
        let at = seq.checked_sub(self.first).and_then(|at| usize::try_from(at).ok())?;
        self.hashes.get(at)
    }

    fn entry(&mut self, entry: AuditEntry, record: &AuditRecord) {
        match (self.audited.entries.last(), self.hashes.last()) {
            (Some(last), Some(hash)) => {
                let last = last.seq;
                if entry.seq != last + 1 {
                    self.fault(format!("entry {last} is followed by {}", entry.seq));
                } else if entry.before != *hash {
                    self.fault(format!("entry {last} was changed"));
                }
            }
            _ => {
                self.first = entry.seq;
                self.covered = entry.seq.saturating_sub(1);
                if entry.seq == 1 && entry.before != [0; 32] {
                    self.fault("what came before entry 1 is missing".to_owned());
                }
            }
        }
        let text = [AUDIT_ENTRY, &record.body].concat();
        self.hashes.push(Sha256::digest(text).to_vec());
        self.audited.entries.push(entry);
    }

    fn checkpoint(&mut self, point: &AuditCheckpoint, keys: &[KeyId]) {
        let seq = point.seq;
        let key = PeerKey::from_spki(&point.key).filter(|key| keys.contains(&key.id()));
        if !key.is_some_and(|key| key.verify(&point.signed(), &point.signature)) {
            return self.fault(format!("the signature at entry {seq} is not the server's"));
        }
        match self.hash(seq) {
            Some(hash) if *hash != point.head => {
                self.fault(format!("entry {seq} is not what was signed"));
            }
            None if seq > self.first => {
                self.fault(format!("entry {seq} was signed and is missing"));
            }
            _ => {
                self.signed_until(seq);
                self.audited.signed = self.audited.signed.max(seq);
            }
        }
    }

    /// No more entries stand between two signatures, and behind the last, than a server leaves there.
    fn signed_until(&mut self, seq: u64) {
        let from = self.covered + 1;
        if seq.saturating_sub(self.covered) > UNSIGNED {
            self.fault(format!("entries {from} to {seq} have no signature of their time"));
        }
        self.covered = self.covered.max(seq);
    }

    fn compare(&mut self, seen: &SeenHead) {
        let (last, first) = (self.last(), self.first);
        let before = self.audited.entries.first().map(|entry| &entry.before);
        match self.hash(seen.seq) {
            Some(hash) if *hash == seen.head => {}
            Some(_) => {
                let why = format!("entry {} is another than this machine saw before", seen.seq);
                self.fault(why);
            }
            None if seen.seq > last => {
                let (from, to) = (last + 1, seen.seq);
                self.fault(format!("entries {from} to {to} were there and are missing"));
            }
            None if seen.seq + 1 == first => {
                if before != Some(&seen.head) {
                    self.fault(format!(
                        "entry {first} does not follow what this machine saw before"
                    ));
                }
            }
            None => self.audited.untied = true,
        }
    }
}

impl SeenHead {
    /// What was seen last of a server's audit.
    ///
    /// # Errors
    /// The file is not safely this user's, or makes no sense: then nothing can be said of what was cut.
    pub fn read(home: &Home, server: &KeyId) -> Result<Option<Self>, ClientError> {
        let path = home.witness(server);
        if path.symlink_metadata().is_err() {
            return Ok(None);
        }
        let file = dir::open_private_file(&path)?;
        let text = io::read_to_string(file)
            .map_err(|source| ClientError::File { path: path.clone(), source })?;
        let read = text.trim().split_once(' ').and_then(|(seq, head)| {
            let head = HEXLOWER.decode(head.as_bytes()).ok()?;
            Some(Self { seq: seq.parse().ok()?, head })
        });
        let why = "it holds no number and hash".to_owned();
        read.map(Some).ok_or(ClientError::WitnessFile { path, why })
    }

    /// Remembers it.
    ///
    /// # Errors
    /// The disk's.
    pub fn keep(&self, home: &Home, server: &KeyId) -> Result<(), ClientError> {
        let path = home.witness(server);
        if let Some(folder) = path.parent() {
            dir::create_private(folder)?;
        }
        let text = format!("{} {}\n", self.seq, HEXLOWER.encode(&self.head));
        Ok(atomic_write(&path, text.as_bytes(), 0o600)?)
    }
}

#[cfg(test)]
mod tests;
