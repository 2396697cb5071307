//! What may be found in a block, in a kilobyte: a set of hashed facts. A fact that is not in it is not in
//! the block; one that is may be.

use super::Command;

/// Bits of a summary, a power of two.
const BITS: usize = 8192;
/// Bytes of the pieces that texts are taken apart into: what is asked for is mostly longer, and two letters
/// that are nowhere would be looked for everywhere.
const LONG: usize = 3;
const SHORT: usize = 2;

/// What a fact is about.
pub(super) const PANE: u8 = b'p';
/// Two bits for a session: there are few, and one that is gone should not be looked for everywhere.
pub(super) const SESSION: [u8; 2] = [b's', b'S'];
pub(super) const FOLDER: u8 = b'd';
pub(super) const STATUS: u8 = b'x';
const TEXT: u8 = b't';
/// The statuses that are asked for by word.
pub(super) const OK: &[u8] = b"ok";
pub(super) const FAILED: &[u8] = b"failed";

pub(super) struct Summary(Vec<u8>);

impl Summary {
    pub(super) fn of(commands: &[Command<'_>]) -> Self {
        let mut summary = Self(vec![0; BITS / 8]);
        for command in commands {
            summary.add(token(PANE, command.pane.as_bytes()));
            for about in SESSION {
                summary.add(token(about, command.session.as_bytes()));
            }
            for folder in std::path::Path::new(command.cwd).ancestors() {
                summary.add(token(FOLDER, folder.as_os_str().as_encoded_bytes()));
            }
            if let Some(exit) = command.exit {
                summary.add(token(STATUS, &exit.to_le_bytes()));
                summary.add(token(STATUS, if exit == 0 { OK } else { FAILED }));
            }
            for piece in pieces(command.text, LONG).chain(pieces(command.text, SHORT)) {
                summary.add(piece);
            }
        }
        summary
    }

    fn add(&mut self, token: u16) {
        if let Some(byte) = self.0.get_mut(usize::from(token) / 8) {
            *byte |= 1 << (token % 8);
        }
    }

    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.0
    }
}

/// Whether a block with this summary may hold all of these facts.
pub(super) fn may_hold(summary: &[u8], needed: &[u16]) -> bool {
    needed.iter().all(|token| {
        summary.get(usize::from(*token) / 8).is_none_or(|byte| byte & (1 << (token % 8)) != 0)
    })
}

/// The bit of a fact.
pub(super) fn token(about: u8, fact: &[u8]) -> u16 {
    // FNV-1a; its low bits mix well enough for a set of a few thousand.
    let hash = std::iter::once(&about).chain(fact).fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    let mixed = hash ^ (hash >> 32);
    u16::try_from(mixed % BITS as u64).unwrap_or(0)
}

/// The bits that a text with this in it must have. One letter says nothing.
pub(super) fn bits_of(text: &str) -> impl Iterator<Item = u16> {
    pieces(text, if text.len() < LONG { SHORT } else { LONG })
}

/// The bits of so many bytes in a row, letters of ASCII in lower case.
fn pieces(text: &str, length: usize) -> impl Iterator<Item = u16> {
    text.as_bytes().windows(length).map(|piece| token(TEXT, &piece.to_ascii_lowercase()))
}
