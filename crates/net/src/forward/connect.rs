//! Connecting to a place by its name, for a connection that is carried. Owns which of its addresses is taken.

use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};

use tokio::net::{TcpStream, lookup_host};

/// Connects to the first address that answers. This machine's own is known without asking anybody.
///
/// # Errors
/// The name has no address, or the error of the first of them.
pub async fn connect(host: &str, port: u16) -> io::Result<TcpStream> {
    let addresses: Vec<SocketAddr> = if host.eq_ignore_ascii_case("localhost") {
        vec![(Ipv4Addr::LOCALHOST, port).into(), (Ipv6Addr::LOCALHOST, port).into()]
    } else {
        lookup_host((host, port)).await?.collect()
    };
    let mut first = None;
    for address in addresses {
        match TcpStream::connect(address).await {
            Ok(socket) => {
                // As while it is carried: an end that nobody declared is a reset.
                socket.set_zero_linger()?;
                return Ok(socket);
            }
            // The first says most: that of the other family is often not there at all.
            Err(error) => drop(first.get_or_insert(error)),
        }
    }
    Err(first.unwrap_or_else(|| io::Error::new(io::ErrorKind::NotFound, "it has no address")))
}
