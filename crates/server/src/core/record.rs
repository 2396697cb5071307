//! Records that a fold is made of. Owns their form in bytes and its bounds; which changes there are is each fold's
//! own (`house`, `roster`), and the file that keeps them is the record log's.
//!
//! A record is a kind and a body: who caused it, then what changed, in bincode. A kind is never reused and a body
//! never changes; what grows is a new kind, or a tagged value in the list that ends every body. A record of a kind
//! that came later is kept as it is.

use bincode::{Decode, Encode};
use ccc_proto::Ext;

/// The largest record in bytes, which the record log takes in one write.
pub const MAX_RECORD: usize = 60 * 1024;

/// Who caused a record and when, for the audit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Author {
    /// Id of the principal; empty for the server itself.
    pub principal: String,
    /// Number of the connection; 0 for none.
    pub connection: u64,
    /// Milliseconds since 1970.
    pub unix_ms: u64,
    pub ext: Ext,
}

impl Author {
    /// The server itself.
    #[must_use]
    pub fn server(unix_ms: u64) -> Self {
        Self { unix_ms, ..Self::default() }
    }
}

/// One change, and who caused it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record<C> {
    pub author: Author,
    pub change: C,
}

impl<C: Changes> Record<C> {
    /// The kind and the bytes for the record log.
    ///
    /// # Errors
    /// The body is larger than [`MAX_RECORD`].
    pub fn encode(&self) -> Result<(u16, Vec<u8>), RecordError> {
        let (kind, bytes) = self.change.encode_by(&self.author)?;
        if bytes.len() > MAX_RECORD {
            return Err(RecordError::TooLarge { kind, length: bytes.len() });
        }
        Ok((kind, bytes))
    }

    /// The record of a kind and its bytes. An unknown kind is a change of a later version.
    ///
    /// # Errors
    /// The bytes are not what the kind says.
    pub fn decode(kind: u16, bytes: &[u8]) -> Result<Self, RecordError> {
        let (author, change) = C::decode(kind, bytes)?;
        Ok(Self { author, change })
    }
}

/// What cannot be read or written as a record.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecordError {
    /// The disk's doing, or a mistake of whoever wrote it.
    #[error("a record of kind {kind} ({name}) does not read: {detail}")]
    Malformed { kind: u16, name: &'static str, detail: String },
    /// Ours: commands keep every body below it.
    #[error("a record of kind {kind} takes {length} bytes, more than {MAX_RECORD}")]
    TooLarge { kind: u16, length: usize },
}

/// All that may change in one fold. [`changes`] makes it.
pub trait Changes: Sized {
    /// The kind and the bytes of the record that has this author.
    ///
    /// # Errors
    /// The codec refuses, which is a mistake of ours.
    fn encode_by(&self, author: &Author) -> Result<(u16, Vec<u8>), RecordError>;

    /// Who caused a record of that kind, and what it changed.
    ///
    /// # Errors
    /// The bytes are not what the kind says.
    fn decode(kind: u16, bytes: &[u8]) -> Result<(Author, Self), RecordError>;
}

/// Makes the changes of a fold from a list of numbers on disk and bodies: a struct for each, and `Change` over all.
macro_rules! changes {
    ($($(#[$meta:meta])* $kind:literal => $name:ident { $($(#[$field_meta:meta])* $field:ident: $type:ty,)* })*) => {
        /// What changed. The variant's body is the struct of the same name.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum Change {
            $($name($name),)*
            /// Of a later version: its kind and its whole body, author included.
            Later { kind: u16, body: Vec<u8> },
        }

        $(
            $(#[$meta])*
            #[derive(Clone, Debug, PartialEq, Eq, bincode::Encode, bincode::Decode)]
            pub struct $name {
                $($(#[$field_meta])* pub $field: $type,)*
                pub ext: ccc_proto::Ext,
            }

            impl From<$name> for Change {
                fn from(body: $name) -> Self {
                    Self::$name(body)
                }
            }
        )*

        impl Change {
            /// The name of the body.
            #[must_use]
            pub fn name(&self) -> &'static str {
                match self {
                    $(Self::$name(_) => stringify!($name),)*
                    Self::Later { .. } => "Later",
                }
            }

            /// Every known kind with its name, in rising order.
            pub const KINDS: &[(u16, &'static str)] = &[$(($kind, stringify!($name)),)*];
        }

        impl $crate::core::record::Changes for Change {
            fn encode_by(
                &self,
                author: &$crate::core::record::Author,
            ) -> Result<(u16, Vec<u8>), $crate::core::record::RecordError> {
                match self {
                    $(Self::$name(body) => {
                        let bytes = $crate::core::record::encode($kind, self.name(), &(author, body));
                        bytes.map(|bytes| ($kind, bytes))
                    })*
                    Self::Later { kind, body } => Ok((*kind, body.clone())),
                }
            }

            fn decode(
                kind: u16,
                bytes: &[u8],
            ) -> Result<($crate::core::record::Author, Self), $crate::core::record::RecordError> {
                match kind {
                    $($kind => {
                        let read = $crate::core::record::decode(kind, stringify!($name), bytes);
                        read.map(|(author, body)| (author, Self::$name(body)))
                    })*
                    _ => Ok((
                        $crate::core::record::Author::default(),
                        Self::Later { kind, body: bytes.to_vec() },
                    )),
                }
            }
        }
    };
}

pub(super) use changes;

/// For [`changes`].
pub(super) fn encode(
    kind: u16,
    name: &'static str,
    body: &impl Encode,
) -> Result<Vec<u8>, RecordError> {
    bincode::encode_to_vec(body, bincode::config::standard())
        .map_err(|error| RecordError::Malformed { kind, name, detail: error.to_string() })
}

/// For [`changes`].
pub(super) fn decode<T: Decode<()>>(
    kind: u16,
    name: &'static str,
    bytes: &[u8],
) -> Result<T, RecordError> {
    // A list of empty strings takes 24 times its bytes in memory; a forged length takes more.
    const MEMORY: usize = MAX_RECORD * 64;
    let config = bincode::config::standard().with_limit::<MEMORY>();
    let malformed = |detail: String| RecordError::Malformed { kind, name, detail };
    let (value, used) =
        bincode::decode_from_slice(bytes, config).map_err(|error| malformed(error.to_string()))?;
    if used != bytes.len() {
        return Err(malformed(format!("{} bytes after its end", bytes.len() - used)));
    }
    Ok(value)
}
