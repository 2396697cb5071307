//! The bytes of a block: each text, pane, session and directory once, and for each command numbers that say how it
//! differs from the one before. What somebody types is held against all commands of years, so that reading them is most
//! of what a search takes.
//!
//! Numbers are varints, 7 bits a byte and the lowest first; differences are zigzags.

use std::collections::HashMap;

use super::Command;

/// What a command has of what not all have.
const ENDED: u64 = 1;
const STATUS: u64 = 2;
const LASTED: u64 = 4;

pub(super) fn encode(commands: &[Command<'_>]) -> Vec<u8> {
    let (mut names, mut all) = (HashMap::new(), Vec::new());
    let mut rows = Vec::new();
    let (mut started, mut mark) = (0, 0);
    for command in commands {
        for text in [command.pane, command.session, command.text, command.cwd] {
            let number = *names.entry(text).or_insert_with(|| {
                all.push(text);
                all.len() as u64 - 1
            });
            put(number, &mut rows);
        }
        put_difference(command.started_unix_ms, started, &mut rows);
        put_difference(command.mark, mark, &mut rows);
        put_difference(command.from, command.mark, &mut rows);
        (started, mark) = (command.started_unix_ms, command.mark);
        let has = |is: bool, flag: u64| if is { flag } else { 0 };
        let ended = has(command.to.is_some(), ENDED) | has(command.exit.is_some(), STATUS);
        put(ended | has(command.duration_ms.is_some(), LASTED), &mut rows);
        if let Some(to) = command.to {
            put_difference(to, command.from, &mut rows);
        }
        if let Some(exit) = command.exit {
            put_difference(i64::from(exit).cast_unsigned(), 0, &mut rows);
        }
        if let Some(duration) = command.duration_ms {
            put(duration, &mut rows);
        }
    }
    let mut out = Vec::new();
    put(all.len() as u64, &mut out);
    all.iter().for_each(|text| put(text.len() as u64, &mut out));
    all.iter().for_each(|text| out.extend_from_slice(text.as_bytes()));
    put(commands.len() as u64, &mut out);
    out.append(&mut rows);
    out
}

/// `None` for what was not written here.
pub(super) fn decode(bytes: &[u8]) -> Option<Vec<Command<'_>>> {
    let mut rest = Rest(bytes);
    let lengths = (0..rest.count()?).map(|_| rest.count()).collect::<Option<Vec<usize>>>()?;
    let whole = lengths.iter().try_fold(0_usize, |sum, length| sum.checked_add(*length))?;
    let (texts, others) = rest.0.split_at_checked(whole)?;
    let mut texts = std::str::from_utf8(texts).ok()?;
    let mut names = Vec::with_capacity(lengths.len());
    for length in lengths {
        let (text, others) = texts.split_at_checked(length)?;
        names.push(text);
        texts = others;
    }
    let mut rest = Rest(others);
    let count = rest.count()?;
    let mut commands: Vec<Command<'_>> = Vec::with_capacity(count);
    let (mut started, mut mark) = (0, 0);
    for _ in 0..count {
        let mut text = || names.get(usize::try_from(rest.number()?).ok()?).copied();
        let (pane, session, text, cwd) = (text()?, text()?, text()?, text()?);
        started = rest.difference(started)?;
        mark = rest.difference(mark)?;
        let from = rest.difference(mark)?;
        let has = rest.number()?;
        let to = if has & ENDED == 0 { None } else { Some(rest.difference(from)?) };
        let exit = if has & STATUS == 0 { None } else { Some(rest.difference(0)?.cast_signed()) };
        let exit = exit.map(i32::try_from).transpose().ok()?;
        let duration_ms = if has & LASTED == 0 { None } else { Some(rest.number()?) };
        let started_unix_ms = started;
        commands.push(Command {
            started_unix_ms,
            pane,
            mark,
            session,
            text,
            cwd,
            from,
            to,
            exit,
            duration_ms,
        });
    }
    Some(commands)
}

fn put(mut number: u64, out: &mut Vec<u8>) {
    while number >= 0x80 {
        out.push(u8::try_from(number & 0x7f).unwrap_or(0) | 0x80);
        number >>= 7;
    }
    out.push(u8::try_from(number).unwrap_or(0));
}

fn put_difference(number: u64, before: u64, out: &mut Vec<u8>) {
    let signed = number.wrapping_sub(before).cast_signed();
    put(((signed << 1) ^ (signed >> 63)).cast_unsigned(), out);
}

/// Bytes that were not read.
struct Rest<'a>(&'a [u8]);

impl Rest<'_> {
    fn number(&mut self) -> Option<u64> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let (byte, rest) = self.0.split_first()?;
            self.0 = rest;
            number |= u64::from(byte & 0x7f) << shift;
            if *byte < 0x80 {
                return Some(number);
            }
        }
        None
    }

    fn difference(&mut self, before: u64) -> Option<u64> {
        let number = self.number()?;
        Some(before.wrapping_add((number >> 1) ^ (number & 1).wrapping_neg()))
    }

    /// How many of something follow, of which each takes a byte at least.
    fn count(&mut self) -> Option<usize> {
        let count = usize::try_from(self.number()?).ok()?;
        (count <= self.0.len()).then_some(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn commands() -> Vec<Command<'static>> {
        let one = Command {
            started_unix_ms: 1_700_000_000_000,
            pane: "01JD0000000000000000000000",
            mark: 100,
            session: "work",
            text: "make 한국",
            cwd: "",
            from: 101,
            to: Some(99),
            exit: Some(-1),
            duration_ms: Some(0),
        };
        let last = Command { mark: u64::MAX, from: 0, exit: Some(i32::MIN), ..one };
        vec![
            one,
            Command { to: None, exit: None, duration_ms: None, text: "", ..one },
            Command { started_unix_ms: 0, cwd: "/home/ann", duration_ms: Some(u64::MAX), ..one },
            last,
        ]
    }

    #[test]
    fn what_is_read_is_what_was_written() {
        let bytes = encode(&commands());
        assert_eq!(decode(&bytes), Some(commands()));
        assert_eq!(decode(&encode(&[])), Some(Vec::new()));
    }

    #[test]
    fn damaged_bytes_are_read_as_something_or_nothing() {
        let bytes = encode(&commands());
        for cut in 0..bytes.len() {
            assert_eq!(decode(&bytes[..cut]), None, "cut at {cut}");
        }
        for at in 0..bytes.len() * 8 {
            let mut flipped = bytes.clone();
            flipped[at / 8] ^= 1 << (at % 8);
            let read = decode(&flipped).unwrap_or_default();
            assert!(read.len() <= bytes.len(), "bit {at}");
        }
    }
}
