//! The end of a stream that has the file: chunks as far as the window allows, and what the whole file was. Owns
//! the thread that reads; the request before it and the answer behind it are its caller's.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::Instant;

use ccc_net::{Held, RecvStream, SendError, SendStream, Share};
use ccc_proto::{Chunk, CopyEnd, Ext, Message, limits};
use tokio::sync::mpsc;
use tokio::task::spawn_blocking;

use crate::CopyError;
use crate::source::same_prefix;
use crate::under_way::UnderWay;

/// Pieces that were read and wait to be sent: while one goes out the next is there.
const READ_AHEAD: usize = 4;

/// A file that is to be sent.
pub struct Outgoing {
    reader: Box<dyn Read + Send>,
    path: PathBuf,
    /// What lies before `offset` is in it.
    hasher: blake3::Hasher,
    offset: u64,
    /// Reading it may wait for a person: nobody may have to wait for that at the end.
    endless: bool,
}

/// How a file may go out, beside others.
#[derive(Debug)]
pub enum Permit<'a, T> {
    /// Part by part, as there is room. What is held for that is let go of when all is with the transport.
    Turn(T),
    /// At once, as far as there is room for it already.
    Whole(Held<'a>),
}

/// What the thread that reads has to say.
enum Step {
    Bytes(Vec<u8>),
    End(CopyEnd),
    Failed(CopyError),
}

impl Outgoing {
    /// A file, from behind what the other end has if that is its beginning. Blocks.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn behind(file: File, path: &Path, length: u64, hash: &[u8]) -> Result<Self, CopyError> {
        let same = same_prefix(&file, path, length, hash)?;
        let (offset, hasher) = same.map_or_else(Default::default, |hasher| (length, hasher));
        let (reader, path) = (Box::new(file), path.to_owned());
        Ok(Self { reader, path, hasher, offset, endless: false })
    }

    /// No more than its first so many bytes, whatever it has become.
    #[must_use]
    pub fn until(mut self, size: u64) -> Self {
        self.reader = Box::new(self.reader.take(size));
        self
    }

    /// Where it begins.
    #[must_use]
    pub const fn offset(&self) -> u64 {
        self.offset
    }

    /// What comes out of a stream, under this name for people.
    #[must_use]
    pub fn stream(reader: impl Read + Send + 'static, name: &str) -> Self {
        let (reader, path) = (Box::new(reader), name.into());
        Self { reader, path, hasher: blake3::Hasher::new(), offset: 0, endless: true }
    }

    /// Reads on a thread, which ends by itself when nobody takes what it reads.
    fn begin(self, pieces: mpsc::Sender<Step>) -> Result<(), CopyError> {
        if !self.endless {
            drop(spawn_blocking(move || self.read(&pieces)));
            return Ok(());
        }
        let path = self.path.clone();
        let thread = std::thread::Builder::new().name("copy".into());
        let begun = thread.spawn(move || self.read(&pieces));
        begun.map(drop).map_err(CopyError::io("read", &path))
    }

    fn read(mut self, pieces: &mpsc::Sender<Step>) {
        loop {
            let mut bytes = vec![0; limits::CHUNK];
            let read = match self.reader.read(&mut bytes) {
                Ok(0) => {
                    let hash = self.hasher.finalize().as_bytes().to_vec();
                    Step::End(CopyEnd { size: self.offset, hash, ext: Ext::none() })
                }
                Ok(count) => {
                    bytes.truncate(count);
                    self.hasher.update(&bytes);
                    self.offset += count as u64;
                    Step::Bytes(bytes)
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => Step::Failed(CopyError::io("read", &self.path)(error)),
            };
            let last = !matches!(read, Step::Bytes(_));
            // Nobody waits any more when the copy was given up.
            if pieces.blocking_send(read).is_err() || last {
                return;
            }
        }
    }
}

impl std::fmt::Debug for Outgoing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Outgoing").field("path", &self.path).finish_non_exhaustive()
    }
}

/// Sends a file and waits until the other end has written all of it; how large it is. `told` hears
/// each time how far the other end has written.
///
/// # Errors
/// It cannot be read, the other end gave up, or the stream is over.
pub async fn send<T>(
    outgoing: Outgoing,
    tx: &mut SendStream,
    rx: &mut RecvStream,
    mut told: impl FnMut(u64),
    permit: Permit<'_, T>,
) -> Result<u64, CopyError> {
    tx.set_priority(crate::PRIORITY);
    let mut at = outgoing.offset;
    let mut under_way = UnderWay::new(at, tx);
    let share = under_way.share();
    let (mut turn, mut whole) = match permit {
        Permit::Turn(turn) => (Some(turn), None),
        Permit::Whole(whole) => (None, Some(whole)),
    };
    let (pieces, mut read) = mpsc::channel(READ_AHEAD);
    outgoing.begin(pieces)?;
    let mut waiting: Vec<u8> = Vec::new();
    let mut size = None;
    while size != Some(under_way.behind()) {
        tokio::select! {
            biased;
            heard = rx.recv() => {
                under_way.taken(heard_taken(heard?)?, Instant::now());
                told(under_way.behind());
            }
            held = room(&mut whole, &share, waiting.len()), if !waiting.is_empty() => {
                let rest = waiting.split_off(held.bytes().min(waiting.len()));
                let bytes = std::mem::replace(&mut waiting, rest);
                under_way.sent(held, bytes.len(), Instant::now());
                let chunk = Chunk { offset: at, bytes };
                at += chunk.bytes.len() as u64;
                sent(tx.send(&chunk.into()).await, rx).await?;
            }
            next = read.recv(), if waiting.is_empty() && size.is_none() => match next {
                Some(Step::Bytes(bytes)) => waiting = bytes,
                Some(Step::End(end)) => {
                    size = Some(end.size);
                    sent(tx.send(&end.into()).await, rx).await?;
                    turn = None;
                }
                Some(Step::Failed(error)) => return Err(error),
                None => return Err(CopyError::Lost { why: "reading the file ended".into() }),
            },
        }
    }
    drop(turn);
    Ok(under_way.behind())
}

/// What is there already, or else room for at most so many bytes.
async fn room<'a>(whole: &mut Option<Held<'a>>, share: &'a Share, most: usize) -> Held<'a> {
    match whole.take() {
        Some(whole) => whole,
        None => share.take(most).await,
    }
}

fn heard_taken(message: Option<Message>) -> Result<u64, CopyError> {
    match message {
        Some(Message::CopyTaken(taken)) => Ok(taken.offset),
        Some(Message::Failed(failed)) => Err(CopyError::Failed(Box::new(failed))),
        Some(_) => Err(CopyError::Breach { what: "what is no answer to a chunk" }),
        None => {
            Err(CopyError::Lost { why: "the other end finished before the file was whole".into() })
        }
    }
}

/// One that reads no more of the file has said why, or is gone.
async fn sent(sent: Result<(), SendError>, rx: &mut RecvStream) -> Result<(), CopyError> {
    let Err(error) = sent else { return Ok(()) };
    if matches!(error, SendError::Stopped(_)) {
        while let Ok(Some(message)) = rx.recv().await {
            if let Message::Failed(failed) = message {
                return Err(CopyError::Failed(Box::new(failed)));
            }
        }
    }
    Err(error.into())
}

#[cfg(test)]
mod tests;
