//! The tagged extension list that ends every large body. Owns the list, not the meaning of a tag:
//! that stands beside the body which uses it.

use bincode::{Decode, Encode};

/// One extension: a tag that is never reused within its body, and its bytes.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Tagged {
    /// What `bytes` means, by the list beside the body.
    pub tag: u16,
    /// The value, in the encoding that the tag's description names.
    pub bytes: Vec<u8>,
}

/// What a newer peer added to a body. A reader takes the tags it knows and skips the rest.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Ext(pub Vec<Tagged>);

impl Ext {
    /// An empty list.
    pub const fn none() -> Self {
        Self(Vec::new())
    }

    /// The bytes of the first value with this tag.
    pub fn find(&self, tag: u16) -> Option<&[u8]> {
        self.0.iter().find(|tagged| tagged.tag == tag).map(|tagged| tagged.bytes.as_slice())
    }

    /// The first value with this tag as text; `None` too when it is not UTF-8.
    pub fn find_text(&self, tag: u16) -> Option<&str> {
        std::str::from_utf8(self.find(tag)?).ok()
    }

    /// Adds a value.
    pub fn push(&mut self, tag: u16, bytes: impl Into<Vec<u8>>) {
        self.0.push(Tagged { tag, bytes: bytes.into() });
    }
}
