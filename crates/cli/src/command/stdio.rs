//! `stdio`: the local server's connection on standard input and output. Owns the copying; the bytes are
//! encrypted from end to end, and nothing is read here.

use std::fs::File;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::os::fd::AsFd as _;
use std::thread;
use std::time::{Duration, Instant};

use ccc_client::{ClientError, find};
use ccc_proto::ClientKind;
use tokio::runtime::Builder;
use tokio::time::sleep;

use crate::context::Context;
use crate::exit::End;
use crate::failure::{Attempted as _, Failure};

/// How long a server that is being replaced is waited for, and how often it is looked for.
const SUCCESSION: Duration = Duration::from_secs(5);
const LOOK: Duration = Duration::from_millis(50);
/// Bytes that are moved at once: a record of TLS.
const AT_ONCE: usize = 16 * 1024;

pub(crate) fn stdio() -> Result<End, Failure> {
    let attempted = "carry a connection to the server";
    let context = Context::from_env()?;
    let runtime = Builder::new_current_thread().enable_all().build().attempted(attempted)?;
    let server = runtime.block_on(find_or_start(&context)).attempted(attempted)?;
    let to_server = server.try_clone().attempted(attempted)?;
    let input = File::from(io::stdin().as_fd().try_clone_to_owned().attempted(attempted)?);
    let output = File::from(io::stdout().as_fd().try_clone_to_owned().attempted(attempted)?);
    // It ends with this process, or when there is no more input: then the server hears that.
    thread::spawn(move || {
        let _all = copy(&input, &to_server);
        let _told = to_server.shutdown(Shutdown::Write);
    });
    match copy(&server, &output) {
        Ok(()) => Ok(End::Done),
        // Whoever started this reads no more, or the server was replaced: both are ends.
        Err(error)
            if matches!(error.kind(), ErrorKind::BrokenPipe | ErrorKind::ConnectionReset) =>
        {
            Ok(End::Done)
        }
        Err(error) => Err(error).attempted(attempted),
    }
}

async fn find_or_start(context: &Context) -> Result<TcpStream, ClientError> {
    match connect(context).await {
        // None runs: one is started as for any other command.
        Err(ClientError::NotRunning { .. }) => {
            context.connect(ClientKind::CLI, true).connect().await.map(drop)?;
            context.endpoints.drained().await;
            connect(context).await
        }
        connected => connected,
    }
}

/// By reading and writing: the standard library would let the kernel move the bytes, and while that waits for
/// the network it keeps the reader of the pipe from what is in it already.
fn copy(mut from: impl Read, mut to: impl Write) -> io::Result<()> {
    let mut room = vec![0; AT_ONCE];
    loop {
        match from.read(&mut room) {
            Ok(0) => return Ok(()),
            Ok(count) => to.write_all(&room[..count])?,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// Connects to the server of this home by TCP, through a change of servers.
async fn connect(context: &Context) -> Result<TcpStream, ClientError> {
    let until = Instant::now() + SUCCESSION;
    loop {
        let address = find(&context.home)?.address;
        let connected = TcpStream::connect(address).and_then(|stream| {
            stream.set_nodelay(true)?;
            Ok(stream)
        });
        match connected {
            Ok(stream) => return Ok(stream),
            Err(_) if Instant::now() < until => sleep(LOOK).await,
            Err(source) => return Err(ClientError::NoTcp { address, source }),
        }
    }
}
