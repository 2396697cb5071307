//! Atuin: what its program lists (time in UTC, status, directory and command with tabs between them; entries end
//! with a NUL, or with a line feed), or an object of JSON in each line with the names of its table, which `sqlite3`
//! makes of its database.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde::Deserialize;

use super::lines::lines;
use super::{command, plain};
use crate::proto::ImportedCommand;

/// A row of the table of Atuin, times in nanoseconds; of one that is not known more than this is not read.
#[derive(Debug, Deserialize)]
struct Row {
    command: String,
    timestamp: i64,
    #[serde(default)]
    duration: Option<i64>,
    #[serde(default)]
    exit: Option<i64>,
    #[serde(default)]
    cwd: Option<String>,
}

pub(super) fn commands(bytes: &[u8]) -> Box<dyn Iterator<Item = ImportedCommand> + '_> {
    if bytes.trim_ascii_start().starts_with(b"{") {
        return Box::new(lines(bytes).filter_map(row));
    }
    if bytes.contains(&0) {
        return Box::new(bytes.split(|byte| *byte == 0).filter_map(|text| {
            // Behind the NUL there may be a line feed.
            listed(text.strip_prefix(b"\n").unwrap_or(text))
        }));
    }
    let mut lines = lines(bytes);
    Box::new(std::iter::from_fn(move || {
        loop {
            let from = lines.at();
            let line = lines.next()?;
            if !is_listed(line) {
                continue;
            }
            // A command of several lines goes on up to the next entry.
            let mut end = from + line.len();
            while let Some(line) = lines.peek().filter(|line| !is_listed(line)) {
                end = lines.at() + line.len();
                lines.next();
            }
            if let Some(command) = bytes.get(from..end).and_then(listed) {
                return Some(command);
            }
        }
    }))
}

/// Whether a line begins an entry, of either form.
pub(super) fn is_entry(line: &[u8]) -> bool {
    is_listed(line) || row(line).is_some()
}

fn is_listed(line: &[u8]) -> bool {
    fields(line).is_some()
}

/// Time in seconds since 1970, status, directory and text.
fn fields(entry: &[u8]) -> Option<(u64, i32, &[u8], &[u8])> {
    let mut parts = entry.splitn(4, |byte| *byte == b'\t');
    let (time, exit, cwd, text) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let time = std::str::from_utf8(time.get(..19).filter(|_| time.len() == 19)?).ok()?;
    let time: DateTime = time.parse().ok()?;
    let seconds = time.to_zoned(TimeZone::UTC).ok()?.timestamp().as_second();
    let exit = std::str::from_utf8(exit).ok()?.parse().ok()?;
    Some((u64::try_from(seconds).ok()?, exit, cwd, text))
}

fn listed(entry: &[u8]) -> Option<ImportedCommand> {
    let (started, exit, cwd, text) = fields(entry)?;
    let command = command(text, Some(started))?;
    Some(ImportedCommand { cwd: plain(cwd), status: known(exit), ..command })
}

fn row(line: &[u8]) -> Option<ImportedCommand> {
    let row: Row = line.starts_with(b"{").then(|| serde_json::from_slice(line).ok()).flatten()?;
    let millis = |nanos: i64| u64::try_from(nanos / 1_000_000).ok();
    let command = command(row.command.as_bytes(), None)?;
    Some(ImportedCommand {
        started_unix_ms: millis(row.timestamp).unwrap_or(0),
        duration_ms: row.duration.filter(|nanos| *nanos >= 0).and_then(millis),
        status: row.exit.and_then(|exit| i32::try_from(exit).ok()).and_then(known),
        cwd: plain(row.cwd.unwrap_or_default().as_bytes()),
        ..command
    })
}

/// The status of a command; -1 is Atuin's word for one whose end it did not see.
fn known(exit: i32) -> Option<i32> {
    (exit != -1).then_some(exit)
}
