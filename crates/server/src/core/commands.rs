//! Commands of one pane, as a fold over what its shell marked. Owns which marks make a command and which
//! are nothing; files and clocks are others' affairs.
//!
//! Any program can print marks. What comes of it is data: bounded in size and in number, and never run.

use ccc_vt::{LineNumber, Mark, MarkKind, Notice};

mod program;

pub use self::program::program_of;

/// Commands that may begin at once, and how many more in a second: a person's shell stays far below, and a
/// program that prints marks for fun fills no disk.
const BURST: u32 = 1024;
const PER_SECOND: u64 = 16;

/// What the terminal shows from a column of a line up to another line, as a command.
pub type Shown<'a> = &'a dyn Fn(LineNumber, u32, LineNumber) -> Option<String>;

/// When something happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// Milliseconds since 1970.
    At(u64),
    /// When this byte of the recording came, as its events tell.
    Byte(u64),
}

/// A command as far as it is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ran {
    /// The byte of the mark where its output begins. It names the command within its pane.
    pub mark: u64,
    /// The first byte of its output.
    pub from: u64,
    /// As its shell told it; empty when it did not.
    pub text: String,
    /// Likewise, as told: a path or a `file:` address.
    pub cwd: String,
    pub started: Moment,
    /// `None` while it runs.
    pub end: Option<End>,
}

/// The end of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct End {
    /// One past the last byte of its output.
    pub to: u64,
    /// The status, if the shell told one. Never guessed.
    pub exit: Option<i32>,
    /// `None` when nobody said when it ended.
    pub at: Option<Moment>,
}

/// Something to remember: a command has begun, or ended, or is known better.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Noted {
    /// The byte that said so.
    pub offset: u64,
    pub command: Ran,
}

/// The fold.
#[derive(Clone, Debug)]
pub struct CommandFold {
    /// What was said up to this byte is remembered already.
    known: Option<u64>,
    cwd: String,
    /// The text that was told for the next command; empty when the shell keeps it to itself.
    text: Option<String>,
    /// Where it is typed.
    typed_at: Option<(LineNumber, u32)>,
    running: Option<Ran>,
    left: u32,
    refilled_ms: u64,
}

impl Default for CommandFold {
    fn default() -> Self {
        Self::new(None, String::new(), None)
    }
}

impl CommandFold {
    /// A fold that goes on where what is remembered ends.
    #[must_use]
    pub fn new(known: Option<u64>, cwd: String, running: Option<Ran>) -> Self {
        Self { known, cwd, text: None, typed_at: None, running, left: BURST, refilled_ms: 0 }
    }

    /// Takes what a turn said. `now` is the time, when it is said now and not read from the past; `shown`
    /// looks at the terminal, for a shell that does not tell what was typed.
    pub fn hear(&mut self, notices: &[Notice], now: Option<u64>, shown: Shown<'_>) -> Vec<Noted> {
        let mut noted = Vec::new();
        for notice in notices {
            match notice {
                Notice::Cwd { cwd, .. } => self.cwd.clone_from(cwd),
                Notice::CommandText { text, offset } if self.is_new(*offset) => {
                    self.text = Some(text.clone());
                }
                Notice::Mark(mark) if self.is_new(mark.offset) => {
                    noted.extend(self.mark(mark, now, shown));
                }
                _ => {}
            }
        }
        noted
    }

    /// Takes what was said in the past, however much it is: whoever reads a whole recording bounds it.
    pub fn hear_all(&mut self, notices: &[Notice], shown: Shown<'_>) -> Vec<Noted> {
        self.left = BURST.max(u32::try_from(notices.len()).unwrap_or(BURST));
        self.hear(notices, None, shown)
    }

    /// The program of the pane has ended at that byte: what ran is over, and nobody said how.
    pub fn end(&mut self, offset: u64, now: Option<u64>) -> Option<Noted> {
        let at = now.map_or(Moment::Byte(offset), Moment::At);
        self.ended(offset, End { to: offset, exit: None, at: Some(at) })
    }

    /// What runs now, as its shell told it; empty when nothing does, or it did not.
    #[must_use]
    pub fn running(&self) -> &str {
        self.running.as_ref().map_or("", |command| &command.text)
    }

    fn is_new(&self, offset: u64) -> bool {
        self.known.is_none_or(|known| offset > known)
    }

    fn mark(&mut self, mark: &Mark, now: Option<u64>, shown: Shown<'_>) -> Option<Noted> {
        let moment = now.map_or(Moment::Byte(mark.offset), Moment::At);
        match mark.kind {
            // A prompt without an end before it: the shell does not tell ends, or another shell began.
            MarkKind::PromptStart => {
                (self.text, self.typed_at) = (None, None);
                let end = End { to: mark.begin, exit: None, at: Some(moment) };
                self.ended(mark.offset, end)
            }
            MarkKind::CommandStart => {
                self.typed_at = Some((mark.line, mark.column));
                None
            }
            MarkKind::OutputStart => self.began(mark, moment, now, shown),
            MarkKind::CommandEnd { exit } => {
                self.ended(mark.offset, End { to: mark.begin, exit, at: Some(moment) })
            }
        }
    }

    fn began(
        &mut self,
        mark: &Mark,
        started: Moment,
        now: Option<u64>,
        shown: Shown<'_>,
    ) -> Option<Noted> {
        let typed_at = self.typed_at.take();
        let text = self.text.take();
        if let Some(running) = &mut self.running {
            // Two integrations mark the same command. One of them may know its text, and neither mark is
            // output.
            if mark.begin == running.from {
                running.from = mark.offset + 1;
            }
            let text = text.filter(|_| running.text.is_empty())?;
            running.text = text;
            return Some(Noted { offset: mark.offset, command: running.clone() });
        }
        if !self.allowed(now) {
            return None;
        }
        let command = Ran {
            mark: mark.offset,
            from: mark.offset + 1,
            text: text
                .or_else(|| typed_at.and_then(|(line, column)| shown(line, column, mark.line)))
                .unwrap_or_default(),
            cwd: self.cwd.clone(),
            started,
            end: None,
        };
        self.running = Some(command.clone());
        Some(Noted { offset: mark.offset, command })
    }

    fn ended(&mut self, offset: u64, end: End) -> Option<Noted> {
        let mut command = self.running.take()?;
        command.end = Some(End { to: end.to.max(command.from), ..end });
        Some(Noted { offset, command })
    }

    fn allowed(&mut self, now: Option<u64>) -> bool {
        if let Some(now) = now {
            let passed = now.saturating_sub(self.refilled_ms);
            let more = u32::try_from(passed.saturating_mul(PER_SECOND) / 1000).unwrap_or(BURST);
            if more > 0 {
                self.left = self.left.saturating_add(more).min(BURST);
                self.refilled_ms = now;
            }
        }
        match self.left.checked_sub(1) {
            Some(left) => self.left = left,
            None => return false,
        }
        true
    }
}

#[cfg(test)]
mod tests;
