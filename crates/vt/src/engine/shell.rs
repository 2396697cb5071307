//! Shell integration: OSC 133 (FinalTerm) and OSC 633 (Visual Studio Code).

use super::osc::{number, split, text};
use super::{Engine, TEXT_BYTES};
use crate::{Mark, MarkKind, Notice};

impl Engine {
    /// OSC 133.
    pub(super) fn shell_mark(&mut self, data: &[u8], begin: u64) {
        let (kind, params) = split(data, b';');
        // `k=s`, `k=c`: the prompt of a further line is no new prompt.
        let further = params.split(|byte| *byte == b';').any(|p| p == b"k=s" || p == b"k=c");
        let kind = match kind {
            b"A" | b"N" if !further => MarkKind::PromptStart,
            b"B" => MarkKind::CommandStart,
            b"C" => {
                let told =
                    params.split(|b| *b == b';').find_map(|p| p.strip_prefix(b"cmdline_url="));
                if let Some(told) = told {
                    let text = command_text(&percent_decoded(told));
                    self.notice(Notice::CommandText { text, offset: self.event_offset() });
                }
                MarkKind::OutputStart
            }
            b"D" => MarkKind::CommandEnd { exit: number(split(params, b';').0) },
            _ => return,
        };
        self.mark(kind, begin);
    }

    /// OSC 633: the same letters, the command's text, properties.
    pub(super) fn editor_mark(&mut self, data: &[u8], begin: u64) {
        let (kind, params) = split(data, b';');
        match kind {
            b"E" => {
                let text = command_text(&unescape(split(params, b';').0));
                self.notice(Notice::CommandText { text, offset: self.event_offset() });
            }
            b"P" => {
                if let Some(cwd) = params.strip_prefix(b"Cwd=") {
                    self.set_cwd(&command_text(&unescape(cwd)));
                }
            }
            _ => self.shell_mark(data, begin),
        }
    }

    fn mark(&mut self, kind: MarkKind, begin: u64) {
        let line = self.line_at(self.cursor.y);
        let x = self.cursor.x + usize::from(self.cursor.wrap_pending);
        let column = self.column_at(self.cursor.y, x);
        self.notice(Notice::Mark(Mark { kind, begin, offset: self.event_offset(), line, column }));
    }
}

/// Undoes `\\` and `\xHH`.
fn unescape(data: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(data.len());
    let mut rest = data;
    while let Some((byte, after)) = rest.split_first() {
        rest = after;
        match (byte, after) {
            (b'\\', [b'\\', tail @ ..]) => {
                out.push(b'\\');
                rest = tail;
            }
            (b'\\', [b'x', high, low, tail @ ..]) => {
                let digit = |byte: &u8| char::from(*byte).to_digit(16);
                if let (Some(high), Some(low)) = (digit(high), digit(low)) {
                    // Two hexadecimal digits are a byte.
                    out.push((high << 4 | low) as u8);
                    rest = tail;
                } else {
                    out.push(*byte);
                }
            }
            _ => out.push(*byte),
        }
    }
    out
}

/// Undoes `%HH`; what is no such escape stays as it is.
fn percent_decoded(data: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(data.len());
    let mut rest = data;
    while let Some((byte, after)) = rest.split_first() {
        rest = after;
        let digit = |byte: &u8| char::from(*byte).to_digit(16);
        match (byte, after) {
            (b'%', [high, low, tail @ ..]) => match (digit(high), digit(low)) {
                (Some(high), Some(low)) => {
                    // Two hexadecimal digits are a byte.
                    out.push((high << 4 | low) as u8);
                    rest = tail;
                }
                _ => out.push(b'%'),
            },
            _ => out.push(*byte),
        }
    }
    out
}

/// The text of a command as it is kept, from bytes that anybody may have written: at most 4096 bytes, no control
/// characters. New lines and tabs are kept: a command may have several lines.
#[must_use]
pub fn command_text(data: &[u8]) -> String {
    let mut command = String::from_utf8_lossy(data).into_owned();
    command.retain(|c| !c.is_control() || c == '\n' || c == '\t');
    if command.len() <= TEXT_BYTES { command } else { text(command.as_bytes()) }
}
