//! The histories that shells and Atuin keep, read as commands. Owns how each is written, how one is known by its
//! content, and where it lies; nothing here opens a file. Any bytes are some history: what is broken is passed
//! over.
//!
//! Atuin's database is not opened: its own program, or `sqlite3`, writes out what is read here. A second reader of
//! SQLite's files, with its log of pages that are not in them yet, would be more than all the rest of this, and the
//! library that is one is a quarter of a million lines for a thing that is done once.

mod atuin;
mod bash;
mod fish;
mod lines;
mod places;
mod zsh;

use std::path::Path;

use crate::proto::{HistorySource, ImportedCommand};

pub use places::{EveryPlace, Place, every_place, usual_place};

/// The longest command that is read, in bytes; a server keeps less.
const TEXT: usize = 16 * 1024;
/// Lines that are looked at to know a history.
const LINES: usize = 1000;

/// How the database of Atuin begins.
const SQLITE: &[u8] = b"SQLite format 3\0";

/// What Atuin's program is asked for; times are in UTC.
pub const ATUIN_LIST: &str =
    r"atuin history list --print0 --tz=+0 --format '{time}\t{exit}\t{directory}\t{command}'";

/// Why it is not known what a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unrecognized {
    #[error("it is empty")]
    Empty,
    #[error("it does not tell whose history it is")]
    Unknown,
    /// Atuin's own program reads it.
    #[error("it is the database of Atuin, or another of SQLite")]
    Database,
}

/// Whose history these bytes are, by the first line that tells.
///
/// # Errors
/// None does.
pub fn recognize(bytes: &[u8]) -> Result<HistorySource, Unrecognized> {
    if bytes.starts_with(SQLITE) {
        return Err(Unrecognized::Database);
    }
    if bytes.trim_ascii().is_empty() {
        return Err(Unrecognized::Empty);
    }
    let known = lines::lines(bytes).take(LINES).find_map(|line| {
        let known = [
            (HistorySource::FISH, fish::is_entry(line)),
            (HistorySource::ZSH, zsh::is_extended(line)),
            (HistorySource::BASH, bash::time(line).is_some()),
            (HistorySource::ATUIN, atuin::is_entry(line)),
        ];
        known.into_iter().find_map(|(source, is)| is.then_some(source))
    });
    known.ok_or(Unrecognized::Unknown)
}

/// Whose history a file of this name is, where its content does not tell: bash and zsh write nothing but the
/// commands unless they are told to note times.
#[must_use]
pub fn recognize_by_name(path: &Path) -> Option<HistorySource> {
    match path.file_name()?.to_str()? {
        ".bash_history" => Some(HistorySource::BASH),
        ".zsh_history" | ".zhistory" => Some(HistorySource::ZSH),
        "fish_history" => Some(HistorySource::FISH),
        _ => None,
    }
}

/// The commands of a history, as they stand in it, the oldest first as a rule. Costs O(bytes), and no more memory
/// than the longest command.
#[must_use]
pub fn commands(
    source: HistorySource,
    bytes: &[u8],
) -> Box<dyn Iterator<Item = ImportedCommand> + '_> {
    match source {
        HistorySource::ZSH => Box::new(zsh::commands(bytes)),
        HistorySource::FISH => Box::new(fish::commands(bytes)),
        HistorySource::ATUIN => atuin::commands(bytes),
        _ => Box::new(bash::commands(bytes)),
    }
}

/// A command with nothing known of it but its text, and perhaps its time in seconds since 1970; `None` where there is
/// nothing but blanks.
fn command(text: &[u8], started: Option<u64>) -> Option<ImportedCommand> {
    let text = plain(text);
    let started_unix_ms = started.map_or(0, |seconds| seconds.saturating_mul(1000));
    let blank = text.trim().is_empty();
    (!blank).then(|| ImportedCommand { text, started_unix_ms, ..ImportedCommand::default() })
}

/// Bytes as text, without the empty lines behind it; the rest of what is too long is left out.
fn plain(bytes: &[u8]) -> String {
    let bytes = bytes.get(..TEXT).unwrap_or(bytes);
    let end = bytes.iter().rposition(|byte| !b"\r\n".contains(byte)).map_or(0, |last| last + 1);
    String::from_utf8_lossy(&bytes[..end]).into_owned()
}

/// A number of decimal digits and nothing else.
fn number(digits: &[u8]) -> Option<u64> {
    let plain = !digits.is_empty() && digits.iter().all(u8::is_ascii_digit);
    plain.then(|| std::str::from_utf8(digits).ok()?.parse().ok()).flatten()
}

#[cfg(test)]
mod tests;
