//! The port, of UDP and of TCP with the same number: chosen once, kept for ever, because clients remember it. When somebody else has it
//! the server says who and does not start on another one.

use std::fs;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener, UdpSocket};
use std::path::PathBuf;

use tracing::warn;

use crate::ServeError;
use crate::config::Listening;
use crate::state_dir::{StateDir, write_whole};

/// The address of this server; port 0 when none was ever chosen.
pub(crate) fn wanted(state: &StateDir, asked: &Listening) -> Result<SocketAddr, ServeError> {
    let kept = read(state)?;
    let address = asked
        .listen
        .or_else(|| kept.map(|kept| kept.ip()))
        .unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST));
    let port = asked.port.or_else(|| kept.map(|kept| kept.port())).unwrap_or(0);
    Ok(SocketAddr::new(address, port))
}

/// Ports that are tried before one is taken whose number TCP has not free.
const TRIES: usize = 16;

/// Opens the socket, naming whoever is in the way. Of ports that may be any, one is taken whose number is free
/// for TCP as well.
pub(crate) fn bind(address: SocketAddr) -> Result<UdpSocket, ServeError> {
    if address.port() != 0 {
        return bind_one(address);
    }
    for _try in 1..TRIES {
        let socket = bind_one(address)?;
        if socket.local_addr().is_ok_and(|address| TcpListener::bind(address).is_ok()) {
            return Ok(socket);
        }
    }
    bind_one(address)
}

/// Listens by TCP as well, for clients whom UDP does not reach. Without it the server serves the others.
pub(crate) fn bind_tcp(address: SocketAddr) -> Option<TcpListener> {
    match TcpListener::bind(address) {
        Ok(listener) => Some(listener),
        Err(error) => {
            warn!(%address, %error, "no clients are taken by TCP");
            None
        }
    }
}

fn bind_one(address: SocketAddr) -> Result<UdpSocket, ServeError> {
    UdpSocket::bind(address).map_err(|error| match error.kind() {
        std::io::ErrorKind::AddrInUse => ServeError::PortTaken {
            port: address.port(),
            owner: owner(address.port()).unwrap_or_else(|| "another program".to_owned()),
        },
        _ => ServeError::Io { attempt: format!("listen on {address}"), source: error },
    })
}

/// Remembers the address for the next life.
pub(crate) fn keep(state: &StateDir, address: SocketAddr) -> Result<(), ServeError> {
    if read(state)? == Some(address) {
        return Ok(());
    }
    write_whole(&path(state), format!("{address}\n").as_bytes())
}

fn path(state: &StateDir) -> PathBuf {
    state.identity().join("port")
}

fn read(state: &StateDir) -> Result<Option<SocketAddr>, ServeError> {
    let path = path(state);
    match fs::read_to_string(&path) {
        Ok(text) => text.trim().parse().map(Some).map_err(|_no_address| ServeError::BadFile {
            why: "it holds no address such as 127.0.0.1:4433".to_owned(),
            path,
        }),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(ServeError::io(format!("read {}", path.display()))(error)),
    }
}

/// Who has a UDP port, as `/proc` tells it: `process 12 (name)`. Other users' sockets show only
/// that they exist.
fn owner(port: u16) -> Option<String> {
    let inode = ["/proc/net/udp", "/proc/net/udp6"].iter().find_map(|table| {
        let text = fs::read_to_string(table).ok()?;
        text.lines().skip(1).find_map(|line| inode_of(line, port))
    })?;
    let wanted = format!("socket:[{inode}]");
    for process in fs::read_dir("/proc").ok()?.flatten() {
        let Some(pid) = process.file_name().to_str().and_then(|name| name.parse::<u32>().ok())
        else {
            continue;
        };
        let Ok(descriptors) = fs::read_dir(process.path().join("fd")) else { continue };
        let holds = descriptors
            .flatten()
            .filter_map(|descriptor| fs::read_link(descriptor.path()).ok())
            .any(|target| target.as_os_str() == wanted.as_str());
        if holds {
            let name = fs::read_to_string(process.path().join("comm")).unwrap_or_default();
            return Some(format!("process {pid} ({})", name.trim()));
        }
    }
    Some("a process of another user".to_owned())
}

/// The inode in a line of `/proc/net/udp`, when its local port is this one.
fn inode_of(line: &str, port: u16) -> Option<u64> {
    let mut fields = line.split_ascii_whitespace();
    let (_, local) = fields.nth(1)?.rsplit_once(':')?;
    if u16::from_str_radix(local, 16).ok()? != port {
        return None;
    }
    // After sl and local: remote, state, queues, timer, retransmits, uid, timeout, inode.
    fields.nth(7)?.parse().ok()
}

#[cfg(test)]
mod tests;
