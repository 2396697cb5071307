//! Zsh: a line for each command, with `extended_history` as `: <seconds>:<duration>;command`. A line that ends with
//! a backslash goes on in the next one; a command that ends with one has a space behind it. Bytes that mean
//! something to zsh are *metafied*: written as 0x83 and the byte with its bit 5 turned over.

use super::lines::{Lines, lines};
use super::{TEXT, command, number};
use crate::proto::ImportedCommand;

/// What stands before a metafied byte.
const META: u8 = 0x83;
/// Bytes of an entry that are looked at: each of a text may be two, and there are the times before it.
const LONGEST: usize = 2 * TEXT + 64;

pub(super) fn commands(bytes: &[u8]) -> impl Iterator<Item = ImportedCommand> + '_ {
    let mut lines = lines(bytes);
    std::iter::from_fn(move || {
        loop {
            let line = whole(&mut lines)?;
            let (times, text) = match extended(&line) {
                Some((started, duration, text)) => (Some((started, duration)), text),
                None => (None, escaped_colon(&line)),
            };
            let started = times.map(|(started, _)| started);
            let Some(mut command) = command(&plain(text), started) else { continue };
            // A shell that notes a command when it begins writes a duration of 0.
            command.duration_ms = times
                .map(|(_, duration)| duration.saturating_mul(1000))
                .filter(|duration| *duration > 0);
            return Some(command);
        }
    })
}

/// Whether a line is one of an extended history.
pub(super) fn is_extended(line: &[u8]) -> bool {
    extended(line).is_some()
}

/// A line with those that it goes on in; the rest of one that is too long is left out.
fn whole(lines: &mut Lines<'_>) -> Option<Vec<u8>> {
    let mut whole = Vec::new();
    let mut line = lines.next()?;
    loop {
        let (part, goes_on) = match line.strip_suffix(b"\\") {
            Some(part) => (part, true),
            None => (spaced_backslash(line), false),
        };
        let room = LONGEST.saturating_sub(whole.len());
        whole.extend_from_slice(part.get(..room).unwrap_or(part));
        if !goes_on {
            return Some(whole);
        }
        let Some(next) = lines.next() else { return Some(whole) };
        line = next;
        if whole.len() < LONGEST {
            whole.push(b'\n');
        }
    }
}

/// A line without the space that keeps a backslash at its end from going on.
fn spaced_backslash(line: &[u8]) -> &[u8] {
    let last = line.iter().rposition(|byte| *byte != b' ');
    let spaced = last.is_some_and(|last| line[last] == b'\\' && last + 1 < line.len());
    &line[..line.len() - usize::from(spaced)]
}

/// Time, duration and text of `: 1700000000:5;text`.
fn extended(line: &[u8]) -> Option<(u64, u64, &[u8])> {
    let rest = line.strip_prefix(b":")?.trim_ascii_start();
    // Both numbers are short.
    let end = rest.iter().take(48).position(|byte| *byte == b';')?;
    let (times, text) = rest.split_at(end);
    let colon = times.iter().position(|byte| *byte == b':')?;
    let (started, duration) = times.split_at(colon);
    Some((number(started)?, number(&duration[1..])?, &text[1..]))
}

/// A command that begins with a colon is written with a backslash before it.
fn escaped_colon(line: &[u8]) -> &[u8] {
    match line.strip_prefix(b"\\") {
        Some(rest) if rest.starts_with(b":") => rest,
        _ => line,
    }
}

/// Undoes what zsh does to bytes that mean something to it.
fn plain(metafied: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(metafied.len());
    let mut bytes = metafied.iter();
    while let Some(byte) = bytes.next() {
        plain.push(match byte {
            &META => match bytes.next() {
                Some(byte) => byte ^ 32,
                None => META,
            },
            byte => *byte,
        });
    }
    plain
}
