//! `stdio`: the local server's connection on standard input and output. Owns the copying; the bytes are
//! encrypted from end to end, and nothing is read here.

use std::fs::File;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::os::fd::AsFd as _;
use std::thread;
use std::time::{Duration, Instant};

use ccc_client::{ClientError, Running, ServerAddress, find};
use ccc_proto::ClientKind;
use rustix::net::{AddressFamily, SocketFlags, SocketType, socket_with, sockopt};
use tokio::runtime::Builder;
use tokio::time::sleep;

use crate::context::Context;
use crate::exit::End;
use crate::failure::{Attempted as _, Failure};

/// How long a server that runs and takes nobody is waited for, and how often it is looked for: it is being
/// replaced, or has no TCP.
const SUCCESSION: Duration = Duration::from_secs(2);
const LOOK: Duration = Duration::from_millis(50);
/// Bytes from the server that the system holds for this process, which it doubles. They are out of the server's
/// hands, and the buffer would grow to megabytes by itself while what is behind standard output is slow.
const HELD: usize = 32 * 1024;
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
        // None runs, or the one that ran is dead: its successor is found, or one started, as for any other
        // command.
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
        let ServerAddress { address, pid, .. } = find(&context.home)?;
        match connect_to(address) {
            Ok(stream) => return Ok(stream),
            // What the file says is from before it was killed, or before a power cut.
            Err(_) if Running::find(pid).is_none() => {
                return Err(ClientError::NotRunning { state: context.home.state().into() });
            }
            Err(_) if Instant::now() < until => sleep(LOOK).await,
            Err(source) => return Err(ClientError::NoTcp { address, source }),
        }
    }
}

fn connect_to(address: SocketAddr) -> io::Result<TcpStream> {
    let family = if address.is_ipv4() { AddressFamily::INET } else { AddressFamily::INET6 };
    let socket = socket_with(family, SocketType::STREAM, SocketFlags::CLOEXEC, None)?;
    // Only before connecting does it bound the window that the server is told.
    sockopt::set_socket_recv_buffer_size(&socket, HELD)?;
    rustix::net::connect(&socket, &address)?;
    let stream = TcpStream::from(socket);
    stream.set_nodelay(true)?;
    Ok(stream)
}

#[cfg(test)]
mod tests {
    use std::net::{Ipv4Addr, TcpListener};

    use super::*;

    #[test]
    fn little_is_held_for_a_reader_that_is_slow() {
        let server = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let unread = connect_to(server.local_addr().unwrap()).unwrap();
        let (mut sender, _) = server.accept().unwrap();
        sockopt::set_socket_send_buffer_size(&sender, 16 * 1024).unwrap();
        sender.set_nonblocking(true).unwrap();
        let mut taken = 0;
        while let Ok(count) = sender.write(&[0; 1024]) {
            taken += count;
        }
        assert!(taken < 8 * HELD, "{taken} bytes");
        drop(unread);
    }
}
