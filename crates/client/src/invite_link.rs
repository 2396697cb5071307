//! The link that an invitation is handed on as: where the server is, which key it has, and a secret.
//! Owns its text: `ccc://host:port[,host:port…]/<server id>#<secret>`.

use std::fmt;
use std::str::FromStr;

use ccc_net::KeyId;

/// What a link begins with.
const SCHEME: &str = "ccc://";
/// The longest link that is read: a few addresses, an id and a secret.
const LONGEST: usize = 2048;
/// Addresses of one server.
pub(crate) const ADDRESSES: usize = 8;

/// An invitation, as it was handed on.
#[derive(Clone, PartialEq, Eq)]
pub struct InviteLink {
    /// `host:port`, the best first.
    pub addresses: Vec<String>,
    /// The key that must answer there.
    pub server: KeyId,
    /// What the server knows the invitation by.
    pub secret: String,
}

/// A text that is no link.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LinkError {
    #[error("a link begins with ccc://")]
    Scheme,
    #[error("a link is at most {LONGEST} bytes long")]
    TooLong,
    #[error("the link has no secret behind a #; it may have been cut")]
    Secret,
    #[error("the link does not name the server's key; it may have been cut")]
    Server,
    #[error("{0:?} is no address of the form host:port")]
    Address(String),
    #[error("a link has at most {ADDRESSES} addresses")]
    Addresses,
}

impl FromStr for InviteLink {
    type Err = LinkError;

    fn from_str(text: &str) -> Result<Self, LinkError> {
        let text = text.trim();
        if text.len() > LONGEST {
            return Err(LinkError::TooLong);
        }
        let rest = text.strip_prefix(SCHEME).ok_or(LinkError::Scheme)?;
        let (place, secret) = rest.split_once('#').ok_or(LinkError::Secret)?;
        let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
        if secret.is_empty() || !secret.chars().all(is_plain) {
            return Err(LinkError::Secret);
        }
        let (addresses, server) = place.split_once('/').ok_or(LinkError::Server)?;
        let server = server.parse().map_err(|_no_id| LinkError::Server)?;
        let addresses: Vec<String> =
            addresses.split(',').map(checked_address).collect::<Result<_, _>>()?;
        if addresses.len() > ADDRESSES {
            return Err(LinkError::Addresses);
        }
        Ok(Self { addresses, server, secret: secret.to_owned() })
    }
}

/// An address of the form `host:port` or `[v6]:port`.
///
/// # Errors
/// It has another form.
pub fn checked_address(text: &str) -> Result<String, LinkError> {
    let wrong = || LinkError::Address(text.chars().take(80).collect());
    let (host, port) = text.rsplit_once(':').ok_or_else(wrong)?;
    let is_number = port.parse::<u16>().is_ok_and(|port| port != 0);
    let is_host = match host.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
        Some(v6) => v6.parse::<std::net::Ipv6Addr>().is_ok(),
        None => {
            let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
            !host.is_empty() && host.len() <= 253 && host.chars().all(plain)
        }
    };
    if is_number && is_host { Ok(text.to_owned()) } else { Err(wrong()) }
}

impl fmt::Display for InviteLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{SCHEME}{}/{}#{}", self.addresses.join(","), self.server, self.secret)
    }
}

impl fmt::Debug for InviteLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // What opens a door is not printed by accident.
        write!(f, "{SCHEME}{}/{}#…", self.addresses.join(","), self.server)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id() -> KeyId {
        KeyId::from_bytes([7; 32])
    }

    #[test]
    fn a_link_reads_as_it_was_written() {
        for addresses in [&["box.example:4433"][..], &["192.0.2.1:1", "[2001:db8::1]:65535"]] {
            let addresses = addresses.iter().map(|text| (*text).to_owned()).collect();
            let link = InviteLink { addresses, server: id(), secret: "abc234".into() };
            assert_eq!(format!(" {link}\n").parse(), Ok(link.clone()));
            assert!(!format!("{link:?}").contains("abc234"));
        }
    }

    #[test]
    fn what_is_no_link_is_told_why() {
        let good = format!("ccc://a:1/{}#s", id());
        let cases = [
            ("http://a:1/x#s".to_owned(), LinkError::Scheme),
            (good.replace("#s", ""), LinkError::Secret),
            (good.replace("#s", "#"), LinkError::Secret),
            (good.replace("#s", "#a b"), LinkError::Secret),
            (good.replace("/y", "/z"), LinkError::Server),
            (good[..40].to_owned() + "#s", LinkError::Server),
            (good.replace("a:1", "a"), LinkError::Address("a".into())),
            (good.replace("a:1", "a:0"), LinkError::Address("a:0".into())),
            (good.replace("a:1", "a:99999"), LinkError::Address("a:99999".into())),
            (good.replace("a:1", "-;rm:1"), LinkError::Address("-;rm:1".into())),
            (good.replace("a:1", "[a]:1"), LinkError::Address("[a]:1".into())),
            (good.replace("a:1", &["a:1"; 9].join(",")), LinkError::Addresses),
            (format!("ccc://{}", "x".repeat(LONGEST)), LinkError::TooLong),
        ];
        for (text, error) in cases {
            if text != good {
                assert_eq!(text.parse::<InviteLink>(), Err(error), "{text}");
            }
        }
    }
}
