//! Reads what script(1) writes: the typescript, and beside it when which of its bytes came, in the old form
//! (pairs of a delay and a count) or the new one (lines that begin with O, I, S or H). Owns both. What was typed
//! is passed over, also where it stands in the same file.

use std::io::{BufRead, Read};
use std::time::Duration;

use crate::asciicast::{CastEntry, CastError, CastEvent, CastHeader, MAX_LINE, MAX_TIME, size};
use crate::units::Size;

/// Bytes that are given at a time, whatever count a line claims.
const PIECE: u64 = 64 * 1024;
/// What a typescript begins with.
const BEGINNING: &[u8] = b"Script started on ";
/// The longest first line.
const MAX_FIRST: u64 = 64 * 1024;

/// A typescript that is read.
#[derive(Debug)]
pub struct TypescriptReader<R, T> {
    input: R,
    /// Without it all came at once.
    timing: Option<T>,
    header: CastHeader,
    /// The line of `timing` that was read last, and whether it waits to be taken.
    line: u64,
    text: String,
    waits: bool,
    at: Duration,
    left: u64,
    /// Where output and input were logged, by the new form.
    logs: [Option<String>; 2],
}

impl<R: BufRead, T: BufRead> TypescriptReader<R, T> {
    /// Reads what is said before the first output.
    ///
    /// # Errors
    /// The typescript does not begin as one.
    pub fn new(mut input: R, timing: Option<T>) -> Result<Self, CastError> {
        let mut first = Vec::new();
        (&mut input).take(MAX_FIRST).read_until(b'\n', &mut first)?;
        if !Self::is_likely(&first) {
            return Err(CastError::Line { line: 1, why: "this is no typescript".into() });
        }
        let first = String::from_utf8_lossy(&first).into_owned();
        let mut reader = Self {
            input,
            timing,
            header: first_line(&first),
            line: 0,
            text: String::new(),
            waits: false,
            at: Duration::ZERO,
            left: 0,
            logs: [None, None],
        };
        // What the new form says of the whole comes first.
        while reader.next_line()? {
            match reader.text.strip_prefix("H ") {
                Some(said) => {
                    let said = said.to_owned();
                    reader.said(&said);
                }
                None => {
                    reader.waits = true;
                    break;
                }
            }
        }
        Ok(reader)
    }

    /// Whether a file that begins so is likely one.
    #[must_use]
    pub fn is_likely(beginning: &[u8]) -> bool {
        beginning.starts_with(BEGINNING)
    }

    #[must_use]
    pub const fn header(&self) -> &CastHeader {
        &self.header
    }

    /// The next entry; `None` at the end.
    ///
    /// # Errors
    /// A line of the timing is none, or the typescript is shorter than it says.
    pub fn next_entry(&mut self) -> Result<Option<CastEntry>, CastError> {
        if self.timing.is_none() {
            let mut bytes = Vec::new();
            let read = (&mut self.input).take(PIECE).read_to_end(&mut bytes)?;
            let what = CastEvent::Output(bytes);
            return Ok((read > 0).then_some(CastEntry { at: Duration::ZERO, what }));
        }
        while self.left == 0 {
            if !std::mem::take(&mut self.waits) && !self.next_line()? {
                return Ok(None);
            }
            let text = self.text.clone();
            if text.is_empty() {
                continue;
            }
            let (kind, rest) = match text.split_at_checked(2) {
                Some((kind @ ("O " | "I " | "S " | "H "), rest)) => (kind, rest),
                _ => ("O ", &text[..]),
            };
            if kind == "H " {
                if let Some(status) = self.said(rest) {
                    return Ok(Some(CastEntry { at: self.at, what: CastEvent::Exit(status) }));
                }
                continue;
            }
            let mut words = rest.split_ascii_whitespace();
            let delay = words.next().and_then(|word| word.parse::<f64>().ok());
            let delay = delay.filter(|delay| *delay <= MAX_TIME.as_secs_f64());
            let Some(delay) = delay.and_then(|d| Duration::try_from_secs_f64(d.max(0.0)).ok())
            else {
                return Err(self.wrong("there is no delay"));
            };
            self.at = self.at.saturating_add(delay).min(MAX_TIME);
            if kind == "S " {
                if let Some(size) = winch(words) {
                    return Ok(Some(CastEntry { at: self.at, what: CastEvent::Resize(size) }));
                }
                continue;
            }
            let Some(count) = words.next().and_then(|word| word.parse::<u64>().ok()) else {
                return Err(self.wrong("there is no count"));
            };
            if kind == "O " {
                self.left = count;
            } else if self.logs[0].is_some() && self.logs[0] == self.logs[1] {
                std::io::copy(&mut (&mut self.input).take(count), &mut std::io::sink())?;
            }
        }
        let mut bytes = Vec::new();
        let read = (&mut self.input).take(self.left.min(PIECE)).read_to_end(&mut bytes)?;
        if read == 0 {
            self.left = 0;
            return Err(self.wrong("the typescript ends before this"));
        }
        self.left -= read as u64;
        Ok(Some(CastEntry { at: self.at, what: CastEvent::Output(bytes) }))
    }

    /// Takes what the new form says of the whole; gives the status that a program ended with.
    fn said(&mut self, rest: &str) -> Option<i32> {
        let mut words = rest.splitn(3, ' ');
        let (_, name, value) = (words.next()?, words.next()?, words.next()?.trim());
        let number = || value.parse::<u64>().ok();
        let now = self.header.size;
        match name {
            "COMMAND" => self.header.command = Some(value.to_owned()),
            "TERM" | "SHELL" => {
                self.header.env.insert(name.to_owned(), value.to_owned());
            }
            "COLUMNS" => {
                let new = number().and_then(|cols| size(cols, u64::from(now.rows)));
                self.header.size = new.unwrap_or(now);
            }
            "LINES" => {
                let new = number().and_then(|rows| size(u64::from(now.cols), rows));
                self.header.size = new.unwrap_or(now);
            }
            "START_TIME" => self.header.timestamp = date(value).or(self.header.timestamp),
            "OUTPUT_LOG" => self.logs[0] = Some(value.to_owned()),
            "INPUT_LOG" => self.logs[1] = Some(value.to_owned()),
            "EXIT_CODE" => return value.parse().ok(),
            _ => {}
        }
        None
    }

    fn next_line(&mut self) -> Result<bool, CastError> {
        let Some(timing) = &mut self.timing else { return Ok(false) };
        let mut line = Vec::new();
        let read = timing.take(MAX_LINE).read_until(b'\n', &mut line)?;
        if read == 0 {
            return Ok(false);
        }
        self.line += 1;
        self.text = String::from_utf8_lossy(&line).trim_end().to_owned();
        Ok(true)
    }

    fn wrong(&self, why: &str) -> CastError {
        CastError::Line { line: self.line, why: format!("of the timing: {why}") }
    }
}

/// What the first line of a typescript says.
fn first_line(line: &str) -> CastHeader {
    let mut header = CastHeader::of(Size { cols: 80, rows: 24 });
    let rest = line.get(BEGINNING.len()..).unwrap_or_default();
    header.timestamp = date(rest);
    let value = |name: &str| {
        let (_, after) = rest.split_once(&format!("{name}=\""))?;
        // A command may hold quotes itself; others do not.
        let end = if name == "COMMAND" {
            after.find("\" ").or_else(|| after.rfind('"'))
        } else {
            after.find('"')
        };
        after.get(..end?)
    };
    let number = |name| value(name)?.parse::<u64>().ok();
    if let Some(size) = number("COLUMNS").zip(number("LINES")).and_then(|(c, r)| size(c, r)) {
        header.size = size;
    }
    header.command = value("COMMAND").map(str::to_owned);
    if let Some(term) = value("TERM") {
        header.env.insert("TERM".into(), term.to_owned());
    }
    header
}

/// `ROWS=24 COLS=80`, after the name of the signal.
fn winch<'a>(words: impl Iterator<Item = &'a str>) -> Option<Size> {
    let (mut cols, mut rows) = (None, None);
    for word in words {
        match word.split_once('=') {
            Some(("COLS", number)) => cols = number.parse().ok(),
            Some(("ROWS", number)) => rows = number.parse().ok(),
            _ => {}
        }
    }
    size(cols?, rows?)
}

/// Seconds since 1970 of a text such as `2026-11-30 00:18:05+00:00`; other forms of dates are not read.
fn date(text: &str) -> Option<u64> {
    let number = |from: usize, to: usize| text.get(from..to)?.parse::<i64>().ok();
    let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
    let east = match text.get(19..20)? {
        "+" => 1,
        "-" => -1,
        _ => return None,
    };
    let offset = east * (number(20, 22)? * 3600 + number(23, 25)? * 60);
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    // Years that begin in March have their odd day at the end.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days =
        year * 365 + year / 4 - year / 100 + year / 400 + (month * 153 + 2) / 5 + day - 1 - 719_468;
    u64::try_from(days * 86_400 + hour * 3600 + minute * 60 + second - offset).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    type Reader<'a> = TypescriptReader<&'a [u8], &'a [u8]>;

    fn read(script: &[u8], timing: Option<&str>) -> (Vec<CastEntry>, Option<CastError>) {
        let mut reader = match Reader::new(script, timing.map(str::as_bytes)) {
            Ok(reader) => reader,
            Err(error) => return (Vec::new(), Some(error)),
        };
        let mut entries = Vec::new();
        loop {
            match reader.next_entry() {
                Ok(Some(entry)) => entries.push(entry),
                Ok(None) => return (entries, None),
                Err(error) => return (entries, Some(error)),
            }
        }
    }

    fn output(ms: u64, text: &str) -> CastEntry {
        let what = CastEvent::Output(text.as_bytes().to_vec());
        CastEntry { at: Duration::from_millis(ms), what }
    }

    const FIRST: &str = "Script started on 2026-11-30 00:18:05+00:00 [COMMAND=\"echo a\" TERM=\"xterm\" TTY=\"/dev/pts/1\" COLUMNS=\"100\" LINES=\"30\"]\n";

    #[test]
    fn the_old_form_has_delays_and_counts() {
        let script = format!("{FIRST}a\r\nb\r\n\nScript done on 2026-11-30\n");
        let (entries, wrong) = read(script.as_bytes(), Some("0.25 3\n0.5 3\n"));
        assert!(wrong.is_none());
        assert_eq!(entries, [output(250, "a\r\n"), output(750, "b\r\n")]);
        let reader = Reader::new(script.as_bytes(), None).unwrap();
        let header = reader.header();
        assert_eq!(header.size, Size { cols: 100, rows: 30 });
        assert_eq!(
            (header.timestamp, header.command.as_deref()),
            (Some(1_795_997_885), Some("echo a"))
        );
        assert_eq!(header.env.get("TERM").map(String::as_str), Some("xterm"));
    }

    #[test]
    fn the_new_form_has_sizes_and_status_and_input_is_passed_over() {
        let timing = "H 0.0 START_TIME 2026-11-30 00:18:05+00:00\nH 0.0 COLUMNS 90\nH 0.0 LINES 20\n\
            H 0.0 OUTPUT_LOG io\nH 0.0 INPUT_LOG io\nI 0.1 3\nO 0.1 2\nS 0.1 SIGWINCH ROWS=30 COLS=100\n\
            O 0.1 1\nH 0.0 DURATION 0.4\nH 0.0 EXIT_CODE 7\n";
        let script = format!("{FIRST}pw\nabc\nScript done\n");
        let (entries, wrong) = read(script.as_bytes(), Some(timing));
        assert!(wrong.is_none());
        let at = Duration::from_millis;
        let size = CastEvent::Resize(Size { cols: 100, rows: 30 });
        assert_eq!(
            entries,
            [
                output(200, "ab"),
                CastEntry { at: at(300), what: size },
                output(400, "c"),
                CastEntry { at: at(400), what: CastEvent::Exit(7) },
            ]
        );
        let reader = Reader::new(script.as_bytes(), Some(timing.as_bytes())).unwrap();
        assert_eq!(reader.header().size, Size { cols: 90, rows: 20 });
    }

    #[test]
    fn what_is_cut_or_a_lie_is_named_and_what_came_before_is_given() {
        let script = format!("{FIRST}abc");
        let (entries, wrong) = read(script.as_bytes(), Some("0.1 1\n0.1 99999999999999\n"));
        assert_eq!(entries, [output(100, "a"), output(200, "bc")]);
        assert_eq!(
            wrong.unwrap().to_string(),
            "line 2: of the timing: the typescript ends before this"
        );
        for broken in ["x 1", "0.1", "0.1 -4", "1e99 1", "NaN 1"] {
            let (_, wrong) = read(script.as_bytes(), Some(broken));
            assert!(matches!(wrong, Some(CastError::Line { line: 1, .. })), "{broken}");
        }
        assert!(read(b"something else", None).1.is_some());
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(line in "\\PC{0,60}", timing in "[OISH0-9. a-z=\\n]{0,80}") {
            let script = format!("Script started on {line}\nabc");
            let _ = read(script.as_bytes(), Some(&timing));
            let _ = date(&line);
        }
    }
}
