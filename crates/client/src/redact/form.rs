//! A form of a recording without its secrets. Owns how the text of a line is known in a stream of bytes before
//! a terminal has drawn it: letters in the order in which they came, looks and colours between them passed over,
//! until the cursor goes elsewhere. Bytes are only ever replaced by as many columns, so that every piece keeps its
//! time and every letter its place.

mod letters;

use std::collections::VecDeque;
use std::io;
use std::time::Duration;

use ccc_journal::ExitStatus;
use ccc_play::Remembered;
use ccc_vt::Size;

use super::Redactor;
use crate::export::{Form, Told};
use letters::Letters;

/// A piece that waits for the end of its line.
#[derive(Debug)]
enum Kept {
    Output(Vec<u8>),
    Resize(Size),
    Command(Remembered),
    Ended(ExitStatus),
}

/// A form that hears everything but secrets.
pub struct RedactForm<'a> {
    inner: Box<dyn Form + 'a>,
    letters: Letters,
    /// Pieces that are not passed on yet, and the number of the first of them.
    kept: VecDeque<(Duration, Kept)>,
    first: u64,
    told: &'a mut u64,
}

impl std::fmt::Debug for RedactForm<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RedactForm").field("letters", &self.letters).finish_non_exhaustive()
    }
}

impl<'a> RedactForm<'a> {
    /// Around another form; `hidden` is how many secrets were found when it is finished.
    pub fn new(inner: Box<dyn Form + 'a>, redactor: &Redactor, hidden: &'a mut u64) -> Self {
        let letters = Letters::new(redactor);
        Self { inner, letters, kept: VecDeque::new(), first: 0, told: hidden }
    }

    fn keep(&mut self, at: Duration, piece: Kept) -> io::Result<()> {
        self.kept.push_back((at, piece));
        self.pass_on(false)
    }

    /// Passes on what no open line has letters in; `all` of it at the end.
    fn pass_on(&mut self, all: bool) -> io::Result<()> {
        let until = match self.letters.open() {
            Some(piece) if !all => piece,
            _ => self.first + self.kept.len() as u64,
        };
        while self.first < until {
            let Some((at, piece)) = self.kept.pop_front() else { break };
            match piece {
                Kept::Output(bytes) => {
                    let bytes = self.letters.hide(self.first, &bytes);
                    self.inner.told(at, Told::Output(&bytes))?;
                }
                Kept::Resize(size) => self.inner.told(at, Told::Resize(size))?,
                Kept::Command(command) => self.inner.told(at, Told::Command(&command))?,
                Kept::Ended(status) => self.inner.told(at, Told::Ended(status))?,
            }
            self.first += 1;
        }
        Ok(())
    }
}

impl Form for RedactForm<'_> {
    fn told(&mut self, at: Duration, told: Told<'_>) -> io::Result<()> {
        match told {
            Told::Output(bytes) => {
                let piece = self.first + self.kept.len() as u64;
                for (place, byte) in bytes.iter().enumerate() {
                    self.letters.byte(*byte, piece, place);
                }
                self.keep(at, Kept::Output(bytes.to_vec()))
            }
            Told::Resize(size) => self.keep(at, Kept::Resize(size)),
            Told::Command(command) => {
                let text = self.letters.mask(&command.text).into_owned();
                self.keep(at, Kept::Command(Remembered { text, ..command.clone() }))
            }
            Told::Ended(status) => self.keep(at, Kept::Ended(status)),
        }
    }

    fn finish(mut self: Box<Self>, at: Duration) -> io::Result<()> {
        self.letters.end();
        self.pass_on(true)?;
        *self.told = self.letters.found();
        self.inner.finish(at)
    }
}

#[cfg(test)]
mod tests;
