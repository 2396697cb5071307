//! A block: commands that are neighbours by time. Owns its size; its bytes are `form`'s.

use super::{Command, CommandKey, form};

/// The most commands of one block.
const COMMANDS: usize = 256;
/// Bytes of text from which on a block is full, however few commands it has.
const BYTES: usize = 48 * 1024;
/// The longest block that is read, in bytes: one command of the longest text over what is full.
const LONGEST: usize = 1024 * 1024;

/// Commands in their order.
#[derive(Debug, Default)]
pub(super) struct Block<'a>(Vec<Command<'a>>);

impl<'a> Block<'a> {
    /// What does not read is passed over: it is only a copy.
    pub(super) fn decode(bytes: &'a [u8]) -> Self {
        Self(form::decode(bytes).filter(|_| bytes.len() <= LONGEST).unwrap_or_default())
    }

    pub(super) fn encode(commands: &[Command<'_>]) -> Vec<u8> {
        form::encode(commands)
    }

    /// With others, which come in their order, each in the place of what was known of it.
    pub(super) fn merged(self, others: impl Iterator<Item = Command<'a>>) -> Self {
        let mut commands = self.0;
        for command in others {
            let key = CommandKey::of(&command);
            match commands.binary_search_by_key(&key, CommandKey::of) {
                Ok(at) => commands[at] = command,
                Err(at) => commands.insert(at, command),
            }
        }
        Self(commands)
    }

    /// In pieces that are not too large. What comes at the end is mostly new, so all pieces but the last
    /// are full.
    pub(super) fn split(&self) -> impl Iterator<Item = &[Command<'a>]> {
        let mut rest = self.0.as_slice();
        std::iter::from_fn(move || {
            let mut bytes = 0;
            let full = rest.iter().take(COMMANDS).position(|command| {
                bytes += command.text.len() + command.cwd.len();
                bytes > BYTES
            });
            let here = full.map_or(COMMANDS, |at| at + 1).min(rest.len());
            let (piece, others) = rest.split_at(here);
            rest = others;
            (!piece.is_empty()).then_some(piece)
        })
    }

    pub(super) fn iter(&self) -> std::slice::Iter<'_, Command<'a>> {
        self.0.iter()
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }
}

impl<'a> FromIterator<Command<'a>> for Block<'a> {
    fn from_iter<I: IntoIterator<Item = Command<'a>>>(commands: I) -> Self {
        Self(commands.into_iter().collect())
    }
}

/// Whether the first command of a block began before a time.
pub(super) fn begins_before(key: &[u8], unix_ms: u64) -> bool {
    key.first_chunk::<8>().is_some_and(|time| u64::from_be_bytes(*time) < unix_ms)
}
