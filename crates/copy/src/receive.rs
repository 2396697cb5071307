//! The end of a stream that gets the file: what comes is written, and how far is told. Owns the thread that
//! writes, and the order of the chunks; what becomes of the part file is its caller's.

use std::io::Write;
use std::path::PathBuf;

use ccc_net::{RecvStream, SendStream};
use ccc_proto::{Chunk, CopyEnd, CopyTaken, Message, limits};
use tokio::sync::{mpsc, watch};
use tokio::task::{JoinHandle, spawn_blocking};

use crate::{CopyError, Part};

/// Chunks that came and wait to be written: while one is, the next comes.
const WAITING: usize = 4;

/// Where a file goes.
pub enum Sink {
    /// To the disk. What is beside the part is kept as long as it is held.
    Part(Part, Box<dyn Send>),
    /// Out of this process, as it comes.
    Stream(Stream),
}

/// What is written to as it comes.
pub struct Stream {
    writer: Box<dyn Write + Send>,
    name: PathBuf,
    hasher: blake3::Hasher,
    length: u64,
}

/// All that came.
#[derive(Debug)]
pub struct Received {
    pub sink: Sink,
    /// What the other end said that it was.
    pub end: CopyEnd,
}

impl Sink {
    /// What is written to as it comes, under this name for people.
    #[must_use]
    pub fn stream(writer: impl Write + Send + 'static, name: &str) -> Self {
        let (writer, name) = (Box::new(writer), name.into());
        Self::Stream(Stream { writer, name, hasher: blake3::Hasher::new(), length: 0 })
    }

    /// Bytes that went there.
    #[must_use]
    pub const fn length(&self) -> u64 {
        match self {
            Self::Part(part, _) => part.length(),
            Self::Stream(stream) => stream.length,
        }
    }

    fn begin_anew(&mut self) -> Result<(), CopyError> {
        match self {
            Self::Part(part, _) => part.begin_anew(),
            Self::Stream(_) => Err(CopyError::Breach { what: "the file once more" }),
        }
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), CopyError> {
        match self {
            Self::Part(part, _) => part.write(bytes),
            Self::Stream(stream) => {
                let written = stream.writer.write_all(bytes);
                written.map_err(CopyError::io("write to", &stream.name))?;
                stream.hasher.update(bytes);
                stream.length += bytes.len() as u64;
                Ok(())
            }
        }
    }

    /// Writes all that comes until nothing more does.
    fn write_all(
        mut self,
        mut chunks: mpsc::Receiver<Chunk>,
        told: &watch::Sender<u64>,
    ) -> Result<Self, CopyError> {
        while let Some(chunk) = chunks.blocking_recv() {
            if chunk.offset == 0 && self.length() > 0 {
                self.begin_anew()?;
            }
            self.write(&chunk.bytes)?;
            told.send_replace(self.length());
        }
        Ok(self)
    }
}

impl Stream {
    /// Flushes it, and compares it with what it should have been. Blocks.
    ///
    /// # Errors
    /// It is something else, or takes no more.
    pub fn finish(mut self, end: &CopyEnd) -> Result<(), CopyError> {
        self.writer.flush().map_err(CopyError::io("write to", &self.name))?;
        if self.length != end.size || self.hasher.finalize().as_bytes() != end.hash.as_slice() {
            return Err(CopyError::Differs { path: self.name });
        }
        Ok(())
    }
}

impl std::fmt::Debug for Sink {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Part(part, _) => f.debug_tuple("Part").field(part).finish(),
            Self::Stream(stream) => stream.fmt(f),
        }
    }
}

impl std::fmt::Debug for Stream {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Stream").field("name", &self.name).finish_non_exhaustive()
    }
}

/// Takes a file until its end was told and everything is written. The first chunk continues what is there,
/// or begins anew. `told` hears each time how far it is written.
///
/// # Errors
/// It cannot be written, the other end gave up or breaks the rules, or the stream is over.
pub async fn receive(
    sink: Sink,
    tx: &mut SendStream,
    rx: &mut RecvStream,
    mut told: impl FnMut(u64),
) -> Result<Received, CopyError> {
    let mut order = Order { next: sink.length(), begun: false };
    let (tell, mut written) = watch::channel(sink.length());
    let (chunks, queue) = mpsc::channel(WAITING);
    let writing = spawn_blocking(move || sink.write_all(queue, &tell));
    let mut held: Option<Chunk> = None;
    // Each place is told once, so that nothing comes behind the one that ends the copy.
    let mut last = order.next;
    let end = loop {
        tokio::select! {
            biased;
            changed = written.changed() => {
                if changed.is_err() {
                    // It ended of itself, which only an error makes it do while there may be more.
                    joined(writing).await?;
                    return Err(CopyError::Lost { why: "writing the file ended".into() });
                }
                let offset = *written.borrow_and_update();
                told(offset);
                tx.send(&CopyTaken { offset }.into()).await?;
                last = offset;
            }
            room = chunks.reserve(), if held.is_some() => {
                if let (Ok(room), Some(chunk)) = (room, held.take()) {
                    room.send(chunk);
                }
            }
            message = rx.recv(), if held.is_none() => match message? {
                Some(Message::Chunk(chunk)) => {
                    let chunk = order.take(chunk)?;
                    if chunk.offset == 0 {
                        last = 0;
                    }
                    held = Some(chunk);
                }
                Some(Message::CopyEnd(end)) => break end,
                Some(Message::Failed(failed)) => return Err(CopyError::Failed(Box::new(failed))),
                Some(_) => return Err(CopyError::Breach { what: "what is no chunk" }),
                None => return Err(CopyError::Lost { why: "the other end finished before the file was whole".into() }),
            },
        }
    };
    drop(chunks);
    let mut sink = joined(writing).await?;
    if end.size == 0 && sink.length() > 0 {
        sink = joined(spawn_blocking(move || {
            sink.begin_anew()?;
            Ok(sink)
        }))
        .await?;
        last = 0;
    }
    let offset = sink.length();
    told(offset);
    if offset != last {
        tx.send(&CopyTaken { offset }.into()).await?;
    }
    Ok(Received { sink, end })
}

/// Where the next chunk has to begin.
struct Order {
    next: u64,
    begun: bool,
}

impl Order {
    fn take(&mut self, chunk: Chunk) -> Result<Chunk, CopyError> {
        let length = chunk.bytes.len();
        if length == 0 || length > limits::CHUNK {
            return Err(CopyError::Breach { what: "a chunk of a size that none has" });
        }
        let anew = !self.begun && chunk.offset == 0;
        if !anew && chunk.offset != self.next {
            return Err(CopyError::Breach { what: "a chunk that is not the next one" });
        }
        self.begun = true;
        self.next = chunk.offset + length as u64;
        Ok(chunk)
    }
}

async fn joined<T>(thread: JoinHandle<Result<T, CopyError>>) -> Result<T, CopyError> {
    match thread.await {
        Ok(done) => done,
        Err(error) => Err(CopyError::Lost { why: error.to_string() }),
    }
}
