//! Fish: what looks like YAML and is its own. An entry begins with `- cmd: `; in what follows `\n` and `\\` stand for a line
//! feed and a backslash; a line `  when: <seconds>` says when, and the paths that may follow are of no use here.

use super::lines::lines;
use super::{TEXT, command, number};
use crate::proto::ImportedCommand;

const ENTRY: &[u8] = b"- cmd:";
const WHEN: &[u8] = b"  when: ";

pub(super) fn commands(bytes: &[u8]) -> impl Iterator<Item = ImportedCommand> + '_ {
    let mut lines = lines(bytes);
    std::iter::from_fn(move || {
        loop {
            let Some(text) = lines.next()?.strip_prefix(ENTRY) else { continue };
            let text = unescaped(text.strip_prefix(b" ").unwrap_or(text));
            let mut started = None;
            while let Some(line) = lines.peek().filter(|line| !is_entry(line)) {
                started = started.or_else(|| number(line.strip_prefix(WHEN)?.trim_ascii_end()));
                lines.next();
            }
            if let Some(command) = command(&text, started) {
                return Some(command);
            }
        }
    })
}

/// Whether an entry begins with this line.
pub(super) fn is_entry(line: &[u8]) -> bool {
    line.starts_with(ENTRY)
}

/// The text of a command; the rest of one that is too long is left out.
fn unescaped(text: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(text.len().min(TEXT));
    let mut rest = text;
    while let Some((byte, after)) = rest.split_first() {
        if plain.len() >= TEXT {
            break;
        }
        let (byte, after) = match (byte, after.split_first()) {
            (b'\\', Some((b'n', after))) => (b'\n', after),
            (b'\\', Some((b'\\', after))) => (b'\\', after),
            _ => (*byte, after),
        };
        plain.push(byte);
        rest = after;
    }
    plain
}
