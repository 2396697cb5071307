//! Ids of sessions, tabs, panes, clients and attachments, as people and peers see them. Owns their
//! text form; who hands them out is the server's affair.

use std::fmt;
use std::str::FromStr;

use bincode::{Decode, Encode};

/// Text that is not an id of the wanted kind.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not the id of a {kind}, which looks like {prefix}12")]
pub struct IdParseError {
    text: String,
    kind: &'static str,
    prefix: char,
}

macro_rules! id {
    ($(#[$meta:meta])* $name:ident, $kind:literal, $prefix:literal) => {
        $(#[$meta])*
        #[derive(
            Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode,
        )]
        pub struct $name(pub u64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}{}", $prefix, self.0)
            }
        }

        impl FromStr for $name {
            type Err = IdParseError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.strip_prefix($prefix)
                    .filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))
                    .and_then(|digits| digits.parse().ok())
                    .map(Self)
                    .ok_or_else(|| IdParseError {
                        text: text.chars().take(64).collect(),
                        kind: $kind,
                        prefix: $prefix,
                    })
            }
        }
    };
}

id!(
    /// A session, shown as `s3`. Never reused within a state directory.
    SessionId, "session", 's'
);
id!(
    /// A tab, shown as `t7`. Never reused within a state directory.
    TabId, "tab", 't'
);
id!(
    /// A pane, shown as `p12`. Never reused within a state directory.
    PaneId, "pane", 'p'
);
id!(
    /// One connection of one principal, shown as `c5`. Valid while that connection lives.
    ClientId, "client", 'c'
);
id!(
    /// One client looking at one session, shown as `a5`. Valid while it looks.
    AttachmentId, "attachment", 'a'
);
