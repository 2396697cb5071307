//! A recording as plain text: its lines as a terminal shows them, whole however wide it was. Owns when a line is
//! final: a change of size may pull the last lines above the screen down again.

use std::io::{self, Write};
use std::time::Duration;

use ccc_vt::{Cell, Limits, LineNumber, Screen, Size};

use super::{Form, Told};
use crate::redact::{RedactLines, Redactor};

/// Bytes that are fed at a time, so that no more lines leave the screen than the scrollback holds.
const TURN_BYTES: usize = 4 * 1024;
/// Bytes of lines above the screen that are held: far more than a turn makes.
const SCROLLBACK_BYTES: usize = 16 << 20;
/// Lines above the screen that may come back.
const NOT_FINAL: u64 = 256;

/// Lines that are written as they become final.
#[derive(Debug)]
pub struct TextForm<'a, W> {
    out: W,
    screen: Screen,
    /// The next line to write.
    next: u64,
    redact: Option<RedactLines>,
    hidden: Option<&'a mut u64>,
}

impl<'a, W: Write> TextForm<'a, W> {
    /// An empty screen of this size.
    pub fn new(out: W, size: Size) -> Self {
        let limits = Limits { scrollback_bytes: SCROLLBACK_BYTES, ..Limits::default() };
        let screen = Screen::new(size, limits);
        Self { out, screen, next: 0, redact: None, hidden: None }
    }

    /// Hides secrets, and says in `hidden` at the end how many.
    #[must_use]
    pub fn redacted(mut self, redactor: &Redactor, hidden: &'a mut u64) -> Self {
        self.redact = Some(redactor.lines());
        self.hidden = Some(hidden);
        self
    }

    /// Writes the lines before this one; gives the beginning of a line that goes on behind them.
    fn lines(&mut self, before: u64) -> io::Result<String> {
        let scrollback = self.screen.scrollback();
        self.next = self.next.max(scrollback.first().0);
        while self.next < before {
            let Some(line) = scrollback.line(LineNumber(self.next)) else { break };
            if line.open {
                return Ok(read(&line.cells));
            }
            self.next += 1;
            let line = read(&line.cells);
            write_line(&mut self.out, &mut self.redact, &line)?;
        }
        Ok(String::new())
    }
}

impl<W: Write> Form for TextForm<'_, W> {
    fn told(&mut self, _: Duration, told: Told<'_>) -> io::Result<()> {
        match told {
            Told::Resize(size) => self.screen.resize(size),
            Told::Output(bytes) => {
                for turn in bytes.chunks(TURN_BYTES) {
                    self.screen.advance(turn);
                    self.screen.take_notices();
                    self.screen.take_replies();
                    let final_ones = self.screen.scrollback().end().0.saturating_sub(NOT_FINAL);
                    self.lines(final_ones)?;
                }
            }
            Told::Command(_) | Told::Ended(_) => {}
        }
        Ok(())
    }

    fn finish(mut self: Box<Self>, _: Duration) -> io::Result<()> {
        let mut begun = self.lines(self.screen.scrollback().end().0)?;
        let cols = usize::from(self.screen.size().cols);
        let mut rows: Vec<_> = self.screen.rows().map(|row| row.to_row()).collect();
        // What lies below the last line was never written.
        let last = rows.iter().rposition(|row| !row.text().is_empty());
        rows.truncate(last.map_or(0, |last| last + 1));
        for row in rows {
            begun.push_str(&read(&row.cells));
            if row.wrapped {
                let used: usize = row.cells.iter().map(|cell| usize::from(cell.width.max(1))).sum();
                // A wide character that did not fit leaves one column, which is not part of the text.
                let missing = cols.saturating_sub(used);
                begun.extend(std::iter::repeat_n(' ', if missing > 1 { missing } else { 0 }));
                continue;
            }
            write_line(&mut self.out, &mut self.redact, &begun)?;
            begun.clear();
        }
        if !begun.is_empty() {
            write_line(&mut self.out, &mut self.redact, &begun)?;
        }
        if let (Some(redact), Some(hidden)) = (&self.redact, self.hidden.as_deref_mut()) {
            *hidden = redact.hidden();
        }
        self.out.flush()
    }
}

fn write_line(
    out: &mut impl Write,
    redact: &mut Option<RedactLines>,
    line: &str,
) -> io::Result<()> {
    let line = match redact {
        Some(redact) => redact.mask(line),
        None => line.into(),
    };
    writeln!(out, "{}", line.trim_end())
}

fn read(cells: &[Cell]) -> String {
    cells.iter().map(Cell::as_read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(pieces: &[Told<'_>]) -> String {
        let mut out = Vec::new();
        let mut form = Box::new(TextForm::new(&mut out, Size::new(20, 4)));
        for piece in pieces {
            form.told(Duration::ZERO, *piece).unwrap();
        }
        form.finish(Duration::ZERO).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn lines_are_whole_whatever_the_width_and_have_no_look() {
        let long = "0123456789".repeat(12);
        let text = format!("{long}\r\n\x1b[1;31m한글\x1b[m  \r\n\r\nlast one");
        assert_eq!(told(&[Told::Output(text.as_bytes())]), format!("{long}\n한글\n\nlast one\n"));
        // A line of which the beginning has left the screen.
        assert_eq!(told(&[Told::Output(long.as_bytes())]), format!("{long}\n"));
        assert_eq!(told(&[]), "");
    }

    #[test]
    fn every_line_is_there_once_over_changes_of_size() {
        let lines = |from: u32, to: u32| -> String {
            (from..to).map(|number| format!("line {number}\r\n")).collect()
        };
        let (one, two) = (lines(0, 30_000), lines(30_000, 30_020));
        let small = Told::Resize(Size::new(10, 2));
        let large = Told::Resize(Size::new(40, 60));
        let shown = told(&[
            Told::Output(one.as_bytes()),
            small,
            large,
            Told::Output(two.as_bytes()),
            small,
        ]);
        assert_eq!(shown, lines(0, 30_020).replace('\r', ""));
    }
}
