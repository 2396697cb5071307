//! Recorded bytes on standard output: `tail`. Owns the copying; which bytes there are is the server's affair.

use std::io::{self, Write};

use ccc_client::Replies;
use ccc_proto::{Chunk, ChunkEnd, Ext, Message, Tail};

use crate::args::TailArgs;
use crate::context::{Context, unexpected};
use crate::exit::End;
use crate::failure::{Attempted as _, Failure};
use crate::target;

pub(crate) async fn tail(context: &Context, args: &TailArgs) -> Result<End, Failure> {
    let attempted = "tail";
    let target = target::or_here(args.target.as_deref(), context);
    let server = context.server(attempted).await?;
    let request = Tail { target, from: args.from, follow: args.follow, ext: Ext::none() };
    let replies = server.request_stream(request).await.attempted(attempted)?;
    copy(attempted, replies, &mut io::stdout().lock()).await?;
    Ok(End::Done)
}

/// Writes every piece as it comes, and gives the end.
pub(crate) async fn copy(
    attempted: &str,
    mut replies: Replies,
    out: &mut (impl Write + ?Sized),
) -> Result<ChunkEnd, Failure> {
    loop {
        match replies.next().await.attempted(attempted)? {
            Some(Message::Chunk(Chunk { bytes, .. })) => {
                out.write_all(&bytes).and_then(|()| out.flush()).attempted(attempted)?;
            }
            Some(Message::ChunkEnd(end)) => return Ok(end),
            Some(other) => return Err(unexpected(attempted, "Chunk", &other)),
            None => return Err(Failure::other(attempted, "the answer ended too early")),
        }
    }
}
