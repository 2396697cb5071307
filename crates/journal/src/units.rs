//! The small types every file format here is made of: places, sizes and identities.
//!
//! They hold no file and check nothing but their own form.

use std::fmt;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::error::{Error, Result};

/// A byte position in a recording, counted from the first byte the pane ever printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Offset(pub u64);

impl Offset {
    pub const ZERO: Self = Self(0);

    /// The offset `bytes` further on. It stays at the end of the range rather than wrap, because the
    /// operand may come from a disk.
    #[must_use]
    pub fn plus(self, bytes: u64) -> Self {
        Self(self.0.saturating_add(bytes))
    }

    /// How many bytes lie between `earlier` and here; zero if `earlier` is not earlier.
    #[must_use]
    pub fn since(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0)
    }
}

impl fmt::Display for Offset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A byte position in a record file (`events`, `marks`, `checkpoints`, `control.log`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position(pub u64);

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The size of a terminal in cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Size {
    pub cols: u16,
    pub rows: u16,
}

/// The size of a cell of a terminal in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CellPixels {
    pub width: u16,
    pub height: u16,
}

impl CellPixels {
    /// What a side may be. An event with another one changes nothing.
    pub const SIDES: RangeInclusive<u16> = 4..=200;

    /// Whether both sides are what they may be.
    #[must_use]
    pub fn is_sound(self) -> bool {
        Self::SIDES.contains(&self.width) && Self::SIDES.contains(&self.height)
    }
}

/// One life of a kernel. Monotonic times compare only within one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct BootId(pub [u8; 16]);

impl BootId {
    /// A kernel that does not say (or a file that does not know) gives this one.
    pub const UNKNOWN: Self = Self([0; 16]);

    /// The running kernel's. [`BootId::UNKNOWN`] where there is no such file.
    #[must_use]
    pub fn current() -> Self {
        std::fs::read_to_string("/proc/sys/kernel/random/boot_id")
            .ok()
            .and_then(|text| text.trim().parse().ok())
            .unwrap_or(Self::UNKNOWN)
    }
}

impl fmt::Display for BootId {
    /// 32 lower-case hexadecimal digits, without the dashes.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl FromStr for BootId {
    type Err = Error;

    /// Takes 32 hexadecimal digits with dashes anywhere between them.
    fn from_str(text: &str) -> Result<Self> {
        let malformed = || Error::Malformed { what: "boot id" };
        let mut bytes = [0; 16];
        let mut digits = text.chars().filter(|c| *c != '-');
        for byte in &mut bytes {
            for _ in 0..2 {
                let digit = digits.next().and_then(|c| c.to_digit(16)).ok_or_else(malformed)?;
                *byte = *byte << 4 | digit as u8;
            }
        }
        if digits.next().is_some() {
            return Err(malformed());
        }
        Ok(Self(bytes))
    }
}

/// The name of a pane on disk and towards the keeper: a ULID, 26 upper-case Crockford digits.
///
/// Names people choose are labels and never reach a path; only this type makes one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PaneUlid([u8; Self::LEN]);

impl PaneUlid {
    /// Of bytes that lie in no pane's directory.
    pub(crate) const NOBODY: Self = Self([b'0'; Self::LEN]);

    const LEN: usize = 26;

    #[must_use]
    pub fn as_str(&self) -> &str {
        // Every byte was checked to be ASCII when this value was made.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// Where the pane's files live: `<state>/panes/<ulid>`.
    #[must_use]
    pub fn dir(&self, state: &Path) -> PathBuf {
        state.join("panes").join(self.as_str())
    }
}

impl FromStr for PaneUlid {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let malformed = || Error::Malformed { what: "pane ulid" };
        let bytes: [u8; Self::LEN] =
            text.as_bytes().try_into().map_err(|_wrong_length| malformed())?;
        let digits = bytes.iter().all(|b| b"0123456789ABCDEFGHJKMNPQRSTVWXYZ".contains(b));
        // 26 digits of five bits hold 130; a larger first digit would be more than 128.
        if !digits || bytes[0] > b'7' {
            return Err(malformed());
        }
        Ok(Self(bytes))
    }
}

impl fmt::Display for PaneUlid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for PaneUlid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PaneUlid({self})")
    }
}

macro_rules! as_text {
    ($type:ty) => {
        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

as_text!(BootId);
as_text!(PaneUlid);

/// This machine's identity as the system keeps it, or `None` where it keeps none.
#[must_use]
pub fn machine_id() -> Option<String> {
    ["/etc/machine-id", "/var/lib/dbus/machine-id"].iter().find_map(|path| {
        let id = std::fs::read_to_string(path).ok()?.trim().to_owned();
        (!id.is_empty()).then_some(id)
    })
}

#[cfg(test)]
mod tests;
