//! `pane.toml`: what a pane was made as, for people and for a restart after everything else is gone.
//!
//! Written once in one step. Keys of newer releases are kept when a file is read and written again;
//! a missing or misshapen known key is an error that names the file.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::io::Read;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::Path;

use rustix::fs::OFlags;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::atomic::atomic_write;
use crate::dir;
use crate::error::{Error, Result};
use crate::units::{BootId, PaneUlid, Size};

/// The name of the file in a pane's directory.
pub const PANE_FILE: &str = "pane.toml";

/// The form this release writes, and the newest it reads.
const FORMAT: u16 = 1;

/// Largest file in bytes: the kernel takes 2 MiB of arguments, and quoting may double them.
const MAX_FILE: u64 = 8 * 1024 * 1024;

/// What a pane was made as.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PaneHeader {
    /// Version of the form; a newer one than this release knows is refused.
    pub format: u16,
    pub pane: PaneUlid,
    /// Name of the session at birth. A label, never a path.
    pub session: String,
    /// Name or number of the tab at birth.
    pub tab: String,
    /// Program and arguments as the kernel took them.
    pub command: Vec<ExactText>,
    pub cwd: ExactText,
    pub size: Size,
    /// TERM as the child saw it.
    pub term: String,
    /// Empty where the system keeps none.
    pub machine_id: String,
    pub boot_id: BootId,
    /// Id of the principal who asked for it.
    pub principal: String,
    /// Wall clock in nanoseconds since 1970.
    pub created_ns: u64,
    /// Keys this release does not know.
    #[serde(flatten)]
    pub other: BTreeMap<String, toml::Value>,
}

impl PaneHeader {
    /// The key that says what form of another tool a recording was made from, among [`PaneHeader::other`]. It
    /// is no field, as releases that do not know it keep it there too.
    pub const IMPORTED: &str = "imported";

    /// What form of another tool it was made from; `None` for a recording of a pane.
    #[must_use]
    pub fn imported(&self) -> Option<&str> {
        self.other.get(Self::IMPORTED)?.as_str()
    }

    /// The form that a new header is to carry.
    pub const FORMAT: u16 = FORMAT;

    /// Writes the file into a pane's directory, 0600, durably and in one step.
    pub fn write(&self, dir: &Path) -> Result<()> {
        let path = dir.join(PANE_FILE);
        let text = toml::to_string(self).map_err(|e| Error::Text {
            what: "a pane header",
            path: path.clone(),
            source: Box::new(e),
        })?;
        atomic_write(&path, text.as_bytes(), 0o600)
    }

    /// Reads the file of a pane's directory.
    pub fn read(dir: &Path) -> Result<Self> {
        let path = dir.join(PANE_FILE);
        let file = dir::open_file(&path, OFlags::RDONLY).map_err(Error::errno("open", &path))?;
        let size = file.metadata().map_err(Error::io("examine", &path))?.len();
        if size > MAX_FILE {
            return Err(Error::TooLarge { what: "pane header", size, limit: MAX_FILE });
        }
        let mut bytes = Vec::new();
        file.take(MAX_FILE).read_to_end(&mut bytes).map_err(Error::io("read", &path))?;
        Self::parse(&bytes, &path)
    }

    /// Reads a header from memory; `path` is what messages call it.
    pub fn parse(bytes: &[u8], path: &Path) -> Result<Self> {
        let malformed = |source: Box<dyn std::error::Error + Send + Sync>| Error::Text {
            what: "a pane header",
            path: path.to_owned(),
            source,
        };
        let text = std::str::from_utf8(bytes).map_err(|e| malformed(Box::new(e)))?;
        let table: toml::Table = toml::from_str(text).map_err(|e| malformed(Box::new(e)))?;
        // The version first: a newer form may miss keys that this one wants.
        let found = table.get("format").and_then(toml::Value::as_integer);
        if let Some(found) = found.and_then(|found| u16::try_from(found).ok())
            && found > FORMAT
        {
            return Err(Error::Newer { path: path.to_owned(), found, known: FORMAT });
        }
        table.try_into().map_err(|e: toml::de::Error| malformed(Box::new(e)))
    }
}

/// Text of the operating system, kept to the byte: a string where it is UTF-8, which is nearly
/// always, and otherwise a table with its bytes in hexadecimal.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ExactText(pub OsString);

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum WrittenText {
    Plain(String),
    Bytes { hex: String },
}

impl AsRef<OsStr> for ExactText {
    fn as_ref(&self) -> &OsStr {
        &self.0
    }
}

impl<T: Into<OsString>> From<T> for ExactText {
    fn from(text: T) -> Self {
        Self(text.into())
    }
}

impl Serialize for ExactText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let written = match self.0.to_str() {
            Some(text) => WrittenText::Plain(text.to_owned()),
            None => WrittenText::Bytes {
                hex: self.0.as_bytes().iter().map(|byte| format!("{byte:02x}")).collect(),
            },
        };
        written.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for ExactText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let malformed = || serde::de::Error::custom("expected pairs of hexadecimal digits");
        match WrittenText::deserialize(deserializer)? {
            WrittenText::Plain(text) => Ok(Self(text.into())),
            WrittenText::Bytes { hex } => {
                let digit = |b: u8| char::from(b).to_digit(16).map(|digit| digit as u8);
                let (pairs, []) = hex.as_bytes().as_chunks::<2>() else { return Err(malformed()) };
                let bytes = pairs.iter().map(|[high, low]| Some(digit(*high)? << 4 | digit(*low)?));
                let bytes: Option<Vec<u8>> = bytes.collect();
                Ok(Self(OsString::from_vec(bytes.ok_or_else(malformed)?)))
            }
        }
    }
}

#[cfg(test)]
mod tests;
