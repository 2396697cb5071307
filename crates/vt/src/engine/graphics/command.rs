//! One command of the kitty graphics protocol, read from its keys. What it asks for is not decided here.

use crate::engine::osc::split;

/// One command, its keys by their letters. What is absent is 0.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Command {
    /// `a`.
    pub(crate) action: u8,
    /// `q`: 1 hides answers that all went well, 2 all.
    pub(crate) quiet: u8,
    /// `t`.
    pub(crate) medium: u8,
    /// `o`.
    pub(crate) compression: u8,
    /// `d`.
    pub(crate) delete: u8,
    /// `m`: more is to come.
    pub(crate) more: bool,
    /// All others, by [`NUMBERS`].
    pub(crate) numbers: [u32; NUMBERS.len()],
}

/// The keys whose values are numbers.
const NUMBERS: [u8; 16] = *b"iIpfsvxywhcrzCUX";

impl Command {
    /// Reads `key=value` with `,` between; `None` if that is not what it is. Unknown keys are skipped.
    pub(super) fn read(control: &[u8]) -> Option<Self> {
        let mut command = Self::default();
        for pair in control.split(|byte| *byte == b',').filter(|pair| !pair.is_empty()) {
            let (key, value) = split(pair, b'=');
            let (&[key], &[first, ..]) = (key, value) else { return None };
            match key {
                b'a' => command.action = first,
                b't' => command.medium = first,
                b'o' => command.compression = first,
                b'd' => command.delete = first,
                b'q' => command.quiet = number(value)?.min(2) as u8,
                b'm' => command.more = number(value)? != 0,
                _ => {
                    let slot = NUMBERS.iter().position(|known| *known == key);
                    if let Some(slot) = slot.and_then(|at| command.numbers.get_mut(at)) {
                        *slot = number(value)?;
                    }
                }
            }
        }
        Some(command)
    }

    /// The value of a key that is a number.
    pub(super) fn of(&self, key: u8) -> u32 {
        let place = NUMBERS.iter().position(|known| *known == key);
        place.and_then(|place| self.numbers.get(place)).copied().unwrap_or(0)
    }

    /// The same, where more than a screen has means as much as it has.
    pub(super) fn side(&self, key: u8) -> u16 {
        u16::try_from(self.of(key)).unwrap_or(u16::MAX)
    }
}

/// A number; a negative one as its two's complement.
fn number(value: &[u8]) -> Option<u32> {
    let text = std::str::from_utf8(value).ok()?;
    match text.strip_prefix('-') {
        Some(_) => text.parse::<i32>().ok().map(i32::cast_unsigned),
        None => text.parse().ok(),
    }
}
