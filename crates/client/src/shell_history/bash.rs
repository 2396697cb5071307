//! Bash: a line for each command. With `HISTTIMEFORMAT` set a line `#<seconds>` stands before each, and a command
//! of several lines (`lithist`, here-documents) is all that stands up to the next such line. Bash goes by the first
//! line of the file, and so does this.

use super::lines::{Lines, lines};
use super::{command, number};
use crate::proto::ImportedCommand;

pub(super) fn commands(bytes: &[u8]) -> impl Iterator<Item = ImportedCommand> + '_ {
    let mut lines = lines(bytes);
    let timed = lines.peek().is_some_and(|line| time(line).is_some());
    std::iter::from_fn(move || next(bytes, &mut lines, timed))
}

fn next(bytes: &[u8], lines: &mut Lines<'_>, timed: bool) -> Option<ImportedCommand> {
    let mut started = None;
    loop {
        let from = lines.at();
        let line = lines.next()?;
        if let Some(seconds) = time(line) {
            started = Some(seconds);
            continue;
        }
        let mut end = from + line.len();
        if timed {
            while let Some(line) = lines.peek().filter(|line| time(line).is_none()) {
                end = lines.at() + line.len();
                lines.next();
            }
        }
        if let Some(command) = command(bytes.get(from..end)?, started) {
            return Some(command);
        }
        started = None;
    }
}

/// The time that a line notes, in seconds since 1970.
pub(super) fn time(line: &[u8]) -> Option<u64> {
    number(line.strip_prefix(b"#")?.trim_ascii_end())
}
