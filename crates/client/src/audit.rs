//! A server's audit, fetched and checked here: its chain, its signatures, and what this machine saw of it
//! before. Owns the checking and the memory of the last head that was seen; nothing is taken from the
//! server's word alone.

use std::io;

use ccc_journal::{atomic_write, dir};
use ccc_net::{KeyId, PeerKey};
use ccc_proto::{AUDIT_ENTRY, AuditEntry, AuditRecord, AuditRequest, Ext, Message};
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use crate::server::unexpected;
use crate::{ClientError, Home, Server};

/// The most that is taken of a server: four files of four megabytes, and room.
const MOST_BYTES: usize = 64 * 1024 * 1024;

/// What came of checking.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Audited {
    pub entries: Vec<AuditEntry>,
    /// The last entry that the server signed, 0 for none.
    pub signed: u64,
    /// What is wrong, in words; empty when nothing is.
    pub faults: Vec<String>,
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

/// Checks records: each entry follows the one before, each checkpoint is signed by a key of the server and
/// says what the chain says, and what was seen before is still there.
pub fn check(records: &[AuditRecord], keys: &[KeyId], seen: Option<&SeenHead>) -> Audited {
    let mut audited = Audited::default();
    let mut hashes: Vec<Vec<u8>> = Vec::new();
    let mut first = 0;
    for record in records {
        match (record.entry(), record.checkpoint()) {
            (Ok(Some(entry)), _) => {
                match (audited.entries.last(), hashes.last()) {
                    (Some(last), Some(hash)) => {
                        if entry.seq != last.seq + 1 {
                            let why = format!("entry {} is followed by {}", last.seq, entry.seq);
                            audited.faults.push(why);
                        } else if entry.before != *hash {
                            audited.faults.push(format!("entry {} was changed", last.seq));
                        }
                    }
                    _ => {
                        first = entry.seq;
                        if entry.seq == 1 && entry.before != [0; 32] {
                            audited.faults.push("what came before entry 1 is missing".to_owned());
                        }
                    }
                }
                let text = [AUDIT_ENTRY, &record.body].concat();
                hashes.push(Sha256::digest(text).to_vec());
                audited.entries.push(entry);
            }
            (_, Ok(Some(point))) => {
                let key = PeerKey::from_spki(&point.key);
                let known = key.filter(|key| keys.contains(&key.id()));
                let good = known.is_some_and(|key| key.verify(&point.signed(), &point.signature));
                let of = point.seq.checked_sub(first).and_then(|at| usize::try_from(at).ok());
                let hash = of.and_then(|at| hashes.get(at));
                if !good {
                    let why = format!("the signature at entry {} is not the server's", point.seq);
                    audited.faults.push(why);
                } else if hash.is_some_and(|hash| *hash != point.head) {
                    audited.faults.push(format!("entry {} is not what was signed", point.seq));
                } else if hash.is_none() && point.seq > first {
                    audited.faults.push(format!("entry {} was signed and is missing", point.seq));
                } else {
                    audited.signed = audited.signed.max(point.seq);
                }
            }
            (Err(_), _) | (_, Err(_)) => {
                let after = audited.entries.last().map_or(0, |entry| entry.seq);
                audited.faults.push(format!("a record after entry {after} does not read"));
            }
            (Ok(None), Ok(None)) => {}
        }
    }
    let last = audited.entries.last().map_or(0, |entry| entry.seq);
    if let Some(seen) = seen {
        let at = seen.seq.checked_sub(first).and_then(|at| usize::try_from(at).ok());
        match at.and_then(|at| hashes.get(at)) {
            Some(hash) if *hash != seen.head => {
                let why = format!("entry {} is another than this machine saw before", seen.seq);
                audited.faults.push(why);
            }
            None if seen.seq > last => {
                let why =
                    format!("entries {} to {} were there and are missing", last + 1, seen.seq);
                audited.faults.push(why);
            }
            _ => {}
        }
    }
    audited.head = hashes.pop().map(|head| SeenHead { seq: last, head });
    audited
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
        read.map(Some).ok_or(ClientError::HostsFile { path, why })
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
