//! Where to listen, and where that leads, as people write it.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::str::FromStr;

/// A port here and a place there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForwardPlan {
    /// Where to listen; port 0 stands for any that is free.
    pub listen: SocketAddr,
    /// A name or an address, as the server knows it.
    pub host: String,
    pub port: u16,
}

/// What was written is no forward.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    #[error(
        "a forward is written PORT, PORT:REMOTE-PORT or [ADDRESS:]PORT:REMOTE-HOST:REMOTE-PORT"
    )]
    Form,
    #[error("{0:?} is no port: a number from 1 to 65535 is wanted")]
    Port(String),
    #[error("{0:?} is no address of this machine to listen on, such as 127.0.0.1, [::1] or *")]
    Address(String),
}

impl ForwardPlan {
    /// The same port here, on the loopback address, and there.
    #[must_use]
    pub fn of_port(port: u16) -> Self {
        Self { listen: (Ipv4Addr::LOCALHOST, port).into(), host: "localhost".into(), port }
    }

    /// Whether programs of other machines may connect to it here.
    #[must_use]
    pub fn is_open(&self) -> bool {
        !self.listen.ip().is_loopback()
    }

    /// Where it leads, as `host:port`.
    #[must_use]
    pub fn remote(&self) -> String {
        if self.host.contains(':') {
            return format!("[{}]:{}", self.host, self.port);
        }
        format!("{}:{}", self.host, self.port)
    }
}

impl FromStr for ForwardPlan {
    type Err = PlanError;

    fn from_str(text: &str) -> Result<Self, PlanError> {
        let parts = parts(text).ok_or(PlanError::Form)?;
        let loopback = IpAddr::from(Ipv4Addr::LOCALHOST);
        let (listen, local, host, port) = match parts.as_slice() {
            [local] => (loopback, *local, "localhost", *local),
            [local, port] => (loopback, *local, "localhost", *port),
            [local, host, port] => (loopback, *local, *host, *port),
            [listen, local, host, port] => (address(listen)?, *local, *host, *port),
            _ => return Err(PlanError::Form),
        };
        if host.is_empty() {
            return Err(PlanError::Form);
        }
        let port = number(port)?;
        let local = if local == "0" { 0 } else { number(local)? };
        Ok(Self { listen: SocketAddr::new(listen, local), host: host.to_owned(), port })
    }
}

impl fmt::Display for ForwardPlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} to {}", self.listen, self.remote())
    }
}

/// What stands between colons; those within brackets belong to an address.
fn parts(text: &str) -> Option<Vec<&str>> {
    let mut parts = Vec::new();
    let mut rest = text;
    loop {
        let (part, behind) = match rest.strip_prefix('[') {
            Some(inner) => inner.split_once(']')?,
            None => rest.split_at(rest.find(':').unwrap_or(rest.len())),
        };
        parts.push(part);
        if behind.is_empty() {
            return Some(parts);
        }
        rest = behind.strip_prefix(':')?;
    }
}

fn number(text: &str) -> Result<u16, PlanError> {
    let wrong = || PlanError::Port(text.to_owned());
    text.parse().ok().filter(|port| *port > 0).ok_or_else(wrong)
}

fn address(text: &str) -> Result<IpAddr, PlanError> {
    match text {
        "*" => Ok(Ipv4Addr::UNSPECIFIED.into()),
        "localhost" => Ok(Ipv4Addr::LOCALHOST.into()),
        _ => text.parse().map_err(|_none| PlanError::Address(text.to_owned())),
    }
}

#[cfg(test)]
mod tests;
