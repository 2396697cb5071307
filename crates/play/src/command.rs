//! A command in the `marks` file: owns its bytes, which `proto/journal.md` describes. When one is noted is
//! the server's affair.

use std::collections::BTreeMap;
use std::path::Path;

use ccc_journal::{Mark, MarkReader, Result};

/// Kinds of marks.
pub const COMMAND_BEGAN: u16 = 1;
pub const COMMAND_ENDED: u16 = 2;

const HAS_ENDED: u8 = 1;
const HAS_EXIT: u8 = 2;
const HAS_END_TIME: u8 = 4;

/// The longest texts, in bytes.
const SESSION: usize = 256;
const TEXT: usize = 4096;

/// A command as it is remembered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Remembered {
    pub mark: u64,
    pub from: u64,
    /// `None` while it runs.
    pub to: Option<u64>,
    pub started_ms: u64,
    pub ended_ms: Option<u64>,
    pub exit: Option<i32>,
    pub session: String,
    pub cwd: String,
    pub text: String,
}

impl Remembered {
    pub fn encode(&self) -> Vec<u8> {
        let mut body = Vec::with_capacity(64 + self.text.len() + self.cwd.len());
        for number in [
            self.mark,
            self.from,
            self.to.unwrap_or(0),
            self.started_ms,
            self.ended_ms.unwrap_or(0),
        ] {
            body.extend_from_slice(&number.to_le_bytes());
        }
        body.extend_from_slice(&self.exit.unwrap_or(0).to_le_bytes());
        let flag = |set: bool, flag: u8| if set { flag } else { 0 };
        body.push(
            flag(self.to.is_some(), HAS_ENDED)
                | flag(self.exit.is_some(), HAS_EXIT)
                | flag(self.ended_ms.is_some(), HAS_END_TIME),
        );
        for (text, longest) in [(&self.session, SESSION), (&self.cwd, TEXT), (&self.text, TEXT)] {
            put_text(&mut body, text, longest);
        }
        body
    }

    /// The command of a mark; `None` for marks of other kinds, and for one that is none.
    pub fn decode(mark: &Mark) -> Option<Self> {
        if ![COMMAND_BEGAN, COMMAND_ENDED].contains(&mark.kind) {
            return None;
        }
        let mut rest = mark.body.as_slice();
        let mut number = || -> Option<u64> {
            let (number, after) = rest.split_first_chunk::<8>()?;
            rest = after;
            Some(u64::from_le_bytes(*number))
        };
        let (mark, from, to) = (number()?, number()?, number()?);
        let (started_ms, ended_ms) = (number()?, number()?);
        let (exit, after) = rest.split_first_chunk::<4>()?;
        let (flags, mut rest) = after.split_first()?;
        let mut text = || take_text(&mut rest);
        let has = |flag: u8| flags & flag != 0;
        Some(Self {
            mark,
            from,
            to: has(HAS_ENDED).then_some(to),
            started_ms,
            ended_ms: has(HAS_END_TIME).then_some(ended_ms),
            exit: has(HAS_EXIT).then_some(i32::from_le_bytes(*exit)),
            session: text()?,
            cwd: text()?,
            text: text()?,
        })
    }
}

/// The commands that the marks of a pane's directory tell, oldest first. Without the file there are none:
/// a server finds them again in the bytes.
///
/// # Errors
/// If the operating system refuses to read. Damage is passed over.
pub fn commands(dir: &Path) -> Result<Vec<Remembered>> {
    let mut marks = match MarkReader::open(dir) {
        Ok(marks) => marks,
        Err(error) if error.is_not_found() => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    // What is told again of a command counts.
    let mut found = BTreeMap::new();
    while let Some(mark) = marks.next_past_damage()? {
        found.extend(Remembered::decode(&mark).map(|command| (command.mark, command)));
    }
    Ok(found.into_values().collect())
}

/// Appends a text to the body of a mark, cut to so many bytes, at most 65,535.
pub fn put_text(body: &mut Vec<u8>, text: &str, longest: usize) {
    let text = &text[..text.floor_char_boundary(longest.min(u16::MAX.into()))];
    body.extend_from_slice(&(text.len() as u16).to_le_bytes());
    body.extend_from_slice(text.as_bytes());
}

/// Takes a text from what is left of the body of a mark; `None` if it is cut.
pub fn take_text(rest: &mut &[u8]) -> Option<String> {
    let (length, after) = rest.split_first_chunk::<2>()?;
    let (text, after) = after.split_at_checked(usize::from(u16::from_le_bytes(*length)))?;
    *rest = after;
    Some(String::from_utf8_lossy(text).into_owned())
}

#[cfg(test)]
mod tests {
    use ccc_journal::Offset;

    use super::*;

    fn command() -> Remembered {
        Remembered {
            mark: 7,
            from: 8,
            to: Some(0x0102),
            started_ms: 1000,
            ended_ms: Some(1500),
            exit: Some(-1),
            session: "work".into(),
            cwd: "/tmp".into(),
            text: "ls 서".into(),
        }
    }

    fn mark(body: Vec<u8>) -> Mark {
        Mark { kind: COMMAND_ENDED, offset: Offset(9), body }
    }

    #[test]
    fn the_bytes_are_the_documented_ones() {
        let bytes = command().encode();
        let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(
            hex,
            "070000000000000008000000000000000201000000000000e803000000000000dc05000000000000\
             ffffffff070400776f726b04002f746d7006006c7320ec849c"
        );
        assert_eq!(Remembered::decode(&mark(bytes)), Some(command()));
    }

    #[test]
    fn what_is_not_known_stays_unknown() {
        let running = Remembered { to: None, ended_ms: None, exit: None, ..command() };
        assert_eq!(Remembered::decode(&mark(running.encode())), Some(running));
    }

    #[test]
    fn a_body_that_is_cut_anywhere_is_none() {
        let bytes = command().encode();
        for end in 0..bytes.len() {
            assert_eq!(Remembered::decode(&mark(bytes[..end].to_vec())), None, "{end}");
        }
        let mut other = mark(bytes);
        other.kind = 900;
        assert_eq!(Remembered::decode(&other), None);
    }
}
