//! Where other machines may reach this server, as far as it can tell. Owns the guess; whoever invites may
//! say better.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};

use crate::context::Context;

/// The best first; loopback when it listens nowhere else.
pub(crate) fn of(ctx: &Context) -> Vec<String> {
    let address = ctx.address;
    if !address.ip().is_unspecified() {
        return vec![address.to_string()];
    }
    let mut found = Vec::new();
    // Documentation addresses (RFC 5737, RFC 3849): nothing is sent, only a route is looked up.
    let towards: [IpAddr; 2] =
        [Ipv4Addr::new(192, 0, 2, 1).into(), Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1).into()];
    for target in towards {
        if address.is_ipv4() && target.is_ipv6() {
            continue;
        }
        if let Some(ip) = source_towards(target) {
            found.push(SocketAddr::new(ip, address.port()).to_string());
        }
    }
    if found.is_empty() {
        found.push(SocketAddr::new(Ipv4Addr::LOCALHOST.into(), address.port()).to_string());
    }
    found
}

/// The address by which this machine would send there.
fn source_towards(target: IpAddr) -> Option<IpAddr> {
    let any: IpAddr = match target {
        IpAddr::V4(_) => Ipv4Addr::UNSPECIFIED.into(),
        IpAddr::V6(_) => Ipv6Addr::UNSPECIFIED.into(),
    };
    let socket = UdpSocket::bind((any, 0)).ok()?;
    socket.connect((target, 9)).ok()?;
    let ip = socket.local_addr().ok()?.ip();
    (!ip.is_unspecified()).then_some(ip)
}

/// Where a program on this machine reaches a server that listens there.
pub(crate) fn local(address: SocketAddr) -> SocketAddr {
    let loopback = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(loopback, address.port())
}
