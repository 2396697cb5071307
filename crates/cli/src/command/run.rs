//! `run`: a command in a pane of its own, its output here, its status ours. Owns the turning of
//! terminal output into something that a pipe likes.

use std::io::{self, IsTerminal as _, Read as _, Write};

use ccc_proto::{Ext, Failure as Why, Kill, Message, New, PaneClose, PaneId, Send, Tail};
use tokio::sync::mpsc;
use tokio::time::timeout;

use super::life::spawn;
use super::tail::copy;
use crate::args::RunArgs;
use crate::context::{Context, unexpected};
use crate::exit::{End, status_of};
use crate::failure::{Attempted as _, Failure};
use crate::reader::while_read;

/// Pieces of standard input on their way: enough to keep a link busy.
const INPUT_QUEUE: usize = 4;

pub(crate) async fn run(context: &Context, args: RunArgs) -> Result<End, Failure> {
    let attempted = "run";
    if args.spawn.command.is_empty() {
        let failure = Failure::usage(attempted, "there is no command");
        return Err(failure.with_hint("write it after two dashes: ccc run -- make test"));
    }
    in_own_pane(context, args).await.map_err(Failure::carrying_status)
}

async fn in_own_pane(context: &Context, args: RunArgs) -> Result<End, Failure> {
    let attempted = "run";
    let limit = args.timeout;
    let started = start(context, args).await?;
    let following = while_read(attempted, Box::pin(started.follow(attempted)));
    let end = match limit {
        None => following.await,
        Some(limit) => match timeout(limit, following).await {
            Ok(end) => end,
            Err(_elapsed) => started.give_up(attempted).await,
        },
    };
    started.close().await;
    end
}

struct Started {
    server: ccc_client::Server,
    pane: PaneId,
    interactive: bool,
}

async fn start(context: &Context, args: RunArgs) -> Result<Started, Failure> {
    let attempted = "run";
    let server = context.server_or_start(attempted).await?;
    let request = New {
        name: args.name.unwrap_or_default(),
        or_existing: false,
        ttl_ms: 0,
        spawn: spawn(context, args.spawn, args.size),
        ext: Ext::none(),
    };
    match server.request(request).await.attempted(attempted)? {
        Message::Done(done) => match done.pane {
            Some(pane) => Ok(Started { server, pane, interactive: args.interactive }),
            None => Err(Failure::other(attempted, "the server made no pane")),
        },
        other => Err(unexpected(attempted, "Done", &other)),
    }
}

impl Started {
    async fn follow(&self, attempted: &str) -> Result<End, Failure> {
        let target = self.pane.to_string();
        let request = Tail { target, from: Some(0), follow: true, ext: Ext::none() };
        let replies = self.server.request_stream(request).await.attempted(attempted)?;
        let stdout = io::stdout();
        let plain = !stdout.is_terminal();
        let mut out = LineEnds { out: stdout.lock(), plain, held: false };
        let end = if self.interactive {
            tokio::select! {
                end = copy(attempted, replies, &mut out) => end?,
                error = self.pass_input() => return Err(error),
            }
        } else {
            copy(attempted, replies, &mut out).await?
        };
        out.finish().attempted(attempted)?;
        Ok(End::Status(status_of(end.exit)))
    }

    /// Ends the command, whose time is over. It has ended when this returns.
    async fn give_up(&self, attempted: &str) -> Result<End, Failure> {
        let kill = Kill { target: self.pane.to_string(), signal: 0, ext: Ext::none() };
        self.server.request(kill).await.attempted(attempted)?;
        Ok(End::Status(i32::from(crate::exit::TIMEOUT)))
    }

    /// Takes the pane out of the way, so that nobody who attaches later lands in it. Its recording
    /// stays.
    async fn close(&self) {
        let close = PaneClose { target: self.pane.to_string(), ext: Ext::none() };
        // Somebody else may have closed it, and how the command ended is worth more than this.
        let _closed = self.server.request(close).await;
    }

    /// Passes standard input on; ends only with an error.
    async fn pass_input(&self) -> Failure {
        let (tx, mut rx) = mpsc::channel::<Vec<u8>>(INPUT_QUEUE);
        // Reading standard input cannot be given up, so it has a thread that may outlive us.
        std::thread::spawn(move || {
            let mut buffer = vec![0; 16 * 1024];
            while let Ok(count @ 1..) = io::stdin().read(&mut buffer) {
                if tx.blocking_send(buffer[..count].to_vec()).is_err() {
                    return;
                }
            }
        });
        while let Some(bytes) = rx.recv().await {
            if let Err(error) = self.type_in(&bytes).await {
                return error;
            }
        }
        // The end of the input is what Ctrl-D says to a program that reads lines.
        match self.type_in(&[4]).await {
            Ok(()) => std::future::pending().await,
            Err(error) => error,
        }
    }

    /// Types these bytes, however long the command takes to read.
    async fn type_in(&self, bytes: &[u8]) -> Result<(), Failure> {
        loop {
            let events = vec![ccc_proto::InputEvent::literal(bytes)];
            let request = Send { target: self.pane.to_string(), events, ext: Ext::none() };
            let Err(error) = self.server.request(request).await else { return Ok(()) };
            match error.failure() {
                // What the command has not read in time waits for it, in its order.
                Some(Why::TIMEOUT) => return Ok(()),
                // So much waits that this was not taken.
                Some(Why::EXHAUSTED) => {}
                // It has ended; how, is on its way.
                Some(Why::GONE | Why::CONFLICT) => std::future::pending().await,
                _ => return Err(error).attempted("send input"),
            }
        }
    }
}

/// Turns the CR LF of a terminal into the LF of a pipe.
struct LineEnds<W> {
    out: W,
    plain: bool,
    /// A CR at the end of the last piece.
    held: bool,
}

impl<W: Write> LineEnds<W> {
    fn finish(&mut self) -> io::Result<()> {
        if std::mem::take(&mut self.held) {
            self.out.write_all(b"\r")?;
        }
        self.out.flush()
    }
}

impl<W: Write> Write for LineEnds<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if !self.plain {
            return self.out.write(bytes);
        }
        let mut text = Vec::with_capacity(bytes.len() + 1);
        for &byte in bytes {
            if std::mem::take(&mut self.held) && byte != b'\n' {
                text.push(b'\r');
            }
            match byte {
                b'\r' => self.held = true,
                other => text.push(other),
            }
        }
        self.out.write_all(&text)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_ends_are_plain_however_the_bytes_are_cut() {
        let text = b"a\r\nb\rc\r\r\nd\r";
        for cut in 0..=text.len() {
            let mut out = LineEnds { out: Vec::new(), plain: true, held: false };
            out.write_all(&text[..cut]).unwrap();
            out.write_all(&text[cut..]).unwrap();
            out.finish().unwrap();
            assert_eq!(out.out, b"a\nb\rc\r\nd\r", "cut at {cut}");
        }
    }
}
