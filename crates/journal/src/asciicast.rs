//! Recordings of other tools, read and written one entry at a time. Owns the text of asciicast versions 1 to 3;
//! `ttyrec` and `typescript` beside it own theirs and give the same entries. What the bytes mean is not known
//! here, and no more than one line is held.

mod read;
mod write;

use std::collections::BTreeMap;
use std::io;
use std::time::Duration;

use serde::{Deserialize, Serialize};

pub use read::CastReader;
pub use write::CastWriter;

use crate::units::Size;

/// The longest line that is read, in bytes. Recorders write one for each read from a terminal.
pub(crate) const MAX_LINE: u64 = 16 * 1024 * 1024;

/// The longest time that is believed: a hundred years.
pub(crate) const MAX_TIME: Duration = Duration::from_secs(100 * 366 * 24 * 3600);

/// Which asciicast.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CastVersion {
    /// One JSON object; only read.
    V1,
    /// A line for each event, times since the beginning.
    V2,
    /// A line for each event, times since the event before.
    V3,
}

/// What is said before the events.
#[derive(Clone, Debug, PartialEq)]
pub struct CastHeader {
    pub size: Size,
    /// Seconds since 1970.
    pub timestamp: Option<u64>,
    pub title: Option<String>,
    pub command: Option<String>,
    /// The longest pause that a player should make, in seconds.
    pub idle_time_limit: Option<f64>,
    /// Such as TERM and SHELL.
    pub env: BTreeMap<String, String>,
}

impl CastHeader {
    /// Nothing known but the size.
    #[must_use]
    pub fn of(size: Size) -> Self {
        Self {
            size,
            timestamp: None,
            title: None,
            command: None,
            idle_time_limit: None,
            env: BTreeMap::new(),
        }
    }
}

/// Something that happened, and when since the beginning. Times never go back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CastEntry {
    pub at: Duration,
    pub what: CastEvent,
}

/// What happened. What was typed is passed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CastEvent {
    Output(Vec<u8>),
    Resize(Size),
    Marker(String),
    /// The status that the program ended with.
    Exit(i32),
}

/// Why a recording of another tool cannot be read on. What was given before stands.
#[derive(Debug, thiserror::Error)]
pub enum CastError {
    #[error("line {line}: {why}")]
    Line { line: u64, why: String },
    #[error("byte {at}: {why}")]
    Byte { at: u64, why: String },
    #[error("{0}")]
    Form(String),
    #[error("could not be read")]
    Io(#[from] io::Error),
}

/// The header line of versions 2 and 3, and the object of version 1.
#[derive(Debug, Default, Serialize, Deserialize)]
struct HeaderLine {
    version: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    width: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    height: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    term: Option<Term>,
    #[serde(skip_serializing_if = "Option::is_none")]
    timestamp: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    idle_time_limit: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    command: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    env: Option<BTreeMap<String, Option<String>>>,
}

#[derive(Debug, Default, Serialize, Deserialize)]
struct Term {
    cols: u64,
    rows: u64,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    kind: Option<String>,
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}

/// A size of 0 is none; one that is larger than any terminal is cut.
pub(crate) fn size(cols: u64, rows: u64) -> Option<Size> {
    let side = |side: u64| u16::try_from(side).unwrap_or(u16::MAX);
    (cols > 0 && rows > 0).then(|| Size { cols: side(cols), rows: side(rows) })
}

/// `COLSxROWS`.
pub(crate) fn parse_size(text: &str) -> Option<Size> {
    let (cols, rows) = text.split_once('x')?;
    size(cols.parse().ok()?, rows.parse().ok()?)
}

#[cfg(test)]
mod tests;
