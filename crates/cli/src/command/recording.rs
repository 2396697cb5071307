//! Recorded bytes on standard output or in a file: `tail` and `export`. Owns the copying and its
//! progress; which bytes there are is the server's affair.

use std::fs::File;
use std::io::{self, IsTerminal as _, Write};
use std::time::{Duration, Instant};

use ccc_client::Replies;
use ccc_proto::{Chunk, ChunkEnd, Export, Ext, Message, Tail};

use crate::args::{ExportArgs, TailArgs};
use crate::context::{Context, unexpected};
use crate::exit::End;
use crate::failure::{Attempted as _, Failure};
use crate::target;

/// Progress is shown when it takes longer than this, and so often.
const PROGRESS: Duration = Duration::from_millis(500);

pub(crate) async fn tail(context: &Context, args: &TailArgs) -> Result<End, Failure> {
    let attempted = "tail";
    let target = target::or_here(args.target.as_deref(), &context.home);
    let server = context.server(attempted).await?;
    let request = Tail { target, from: args.from, follow: args.follow, ext: Ext::none() };
    let replies = server.request_stream(request).await.attempted(attempted)?;
    copy(attempted, replies, &mut io::stdout().lock(), None).await?;
    Ok(End::Done)
}

pub(crate) async fn export(context: &Context, args: &ExportArgs) -> Result<End, Failure> {
    let attempted = "export";
    let target = target::or_here(args.target.as_deref(), &context.home);
    let server = context.server(attempted).await?;
    let request = Export { target, ext: Ext::none() };
    let replies = server.request_stream(request).await.attempted(attempted)?;
    let end = match &args.output {
        None => copy(attempted, replies, &mut io::stdout().lock(), None).await?,
        Some(path) => {
            let mut file = File::create(path).attempted(&format!("write {}", path.display()))?;
            let progress = io::stderr().is_terminal().then(Progress::new);
            copy(attempted, replies, &mut file, progress).await?
        }
    };
    if end.missing > 0 {
        let mut out = io::stderr().lock();
        let missing = end.missing;
        let said = writeln!(
            out,
            "note: {missing} bytes are no longer kept, or damaged: see ccc rec verify"
        );
        said.attempted(attempted)?;
    }
    Ok(End::Done)
}

/// Writes every piece as it comes, and gives the end.
pub(crate) async fn copy(
    attempted: &str,
    mut replies: Replies,
    out: &mut (impl Write + ?Sized),
    mut progress: Option<Progress>,
) -> Result<ChunkEnd, Failure> {
    loop {
        match replies.next().await.attempted(attempted)? {
            Some(Message::Chunk(Chunk { bytes, .. })) => {
                out.write_all(&bytes).and_then(|()| out.flush()).attempted(attempted)?;
                if let Some(progress) = &mut progress {
                    progress.add(bytes.len()).attempted(attempted)?;
                }
            }
            Some(Message::ChunkEnd(end)) => return Ok(end),
            Some(other) => return Err(unexpected(attempted, "Chunk", &other)),
            None => return Err(Failure::other(attempted, "the answer ended too early")),
        }
    }
}

/// A line on standard error that says how far it is.
pub(crate) struct Progress {
    bytes: u64,
    shown: Instant,
}

impl Progress {
    fn new() -> Self {
        Self { bytes: 0, shown: Instant::now() }
    }

    fn add(&mut self, bytes: usize) -> io::Result<()> {
        self.bytes += bytes as u64;
        if self.shown.elapsed() < PROGRESS {
            return Ok(());
        }
        self.shown = Instant::now();
        write!(io::stderr().lock(), "\r{} MiB", self.bytes >> 20)
    }
}
