//! A form of a recording without its secrets. Owns how the text of a line is known in a stream of bytes before
//! a terminal has drawn it: letters in the order in which they came, looks and colours between them passed over,
//! until the cursor goes elsewhere. Bytes are only ever replaced by as many columns, so that every piece keeps its
//! time and every letter its place.

use std::io;
use std::time::Duration;

use ccc_journal::ExitStatus;
use ccc_play::Remembered;
use ccc_vt::Size;

use super::{RedactLines, Redactor, hide};
use crate::export::{Form, Told};

/// Letters of a line without an end that are looked at together.
const LONGEST: usize = 64 * 1024;

/// A piece that waits for the end of its line.
#[derive(Debug)]
enum Kept {
    Output(Vec<u8>),
    Resize(Size),
    Command(Remembered),
    Ended(ExitStatus),
}

/// One letter of a text and the bytes that made it.
#[derive(Clone, Copy, Debug)]
struct Letter {
    /// Which piece, counted from the first of all.
    piece: u64,
    from: usize,
    len: u8,
}

/// Letters that follow each other.
#[derive(Debug, Default)]
struct Text {
    text: String,
    letters: Vec<(usize, Letter)>,
}

impl Text {
    fn push(&mut self, c: char, letter: Letter) {
        self.letters.push((self.text.len(), letter));
        self.text.push(c);
    }

    fn clear(&mut self) {
        self.text.clear();
        self.letters.clear();
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    Ground,
    Escape,
    /// Intermediates of an escape sequence.
    Charset,
    Control,
    /// A string that ends with BEL or ESC \.
    Words,
    /// An ESC inside of it.
    WordsEscape,
}

/// A form that hears everything but secrets.
pub struct RedactForm<'a> {
    inner: Box<dyn Form + 'a>,
    lines: RedactLines,
    names: RedactLines,
    /// Pieces that are not passed on yet, and the number of the first of them.
    kept: std::collections::VecDeque<(Duration, Kept)>,
    first: u64,
    state: State,
    /// The line that is being printed, and the words of the string that is being told.
    line: Text,
    words: Text,
    /// A character of several bytes that is not whole yet: its bytes, and where they stand.
    part: Vec<(u8, u64, usize)>,
    /// Bytes that are to be hidden: piece, place, how many, and what takes their place.
    hits: Vec<(Letter, String)>,
    told: &'a mut u64,
}

impl std::fmt::Debug for RedactForm<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RedactForm").field("state", &self.state).finish_non_exhaustive()
    }
}

impl<'a> RedactForm<'a> {
    /// Around another form; `hidden` is how many secrets were found when it is finished.
    pub fn new(inner: Box<dyn Form + 'a>, redactor: &Redactor, hidden: &'a mut u64) -> Self {
        Self {
            inner,
            lines: redactor.lines(),
            names: redactor.lines(),
            kept: std::collections::VecDeque::new(),
            first: 0,
            state: State::Ground,
            line: Text::default(),
            words: Text::default(),
            part: Vec::new(),
            hits: Vec::new(),
            told: hidden,
        }
    }

    fn keep(&mut self, at: Duration, piece: Kept) -> io::Result<()> {
        self.kept.push_back((at, piece));
        self.pass_on(false)
    }

    /// Passes on what no open line has letters in; `all` of it at the end.
    fn pass_on(&mut self, all: bool) -> io::Result<()> {
        let letters = [self.line.letters.first(), self.words.letters.first()];
        let open = letters.into_iter().flatten().map(|(_, letter)| letter.piece);
        let open = open.chain(self.part.first().map(|(_, piece, _)| *piece)).min();
        let until = match open {
            Some(piece) if !all => piece,
            _ => self.first + self.kept.len() as u64,
        };
        while self.first < until {
            let Some((at, piece)) = self.kept.pop_front() else { break };
            match piece {
                Kept::Output(bytes) => {
                    let bytes = hidden_in(self.first, &bytes, &mut self.hits);
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

    fn byte(&mut self, byte: u8, piece: u64, at: usize) {
        let letter = Letter { piece, from: at, len: 1 };
        match self.state {
            State::Ground => self.ground(byte, letter),
            State::Escape => {
                self.state = match byte {
                    b'[' => State::Control,
                    b']' | b'P' | b'X' | b'^' | b'_' => State::Words,
                    b' '..=b'/' => State::Charset,
                    _ => State::Ground,
                };
                // The cursor goes to another place.
                if matches!(byte, b'7' | b'8' | b'D' | b'E' | b'M' | b'c') {
                    self.end_line();
                }
            }
            State::Charset => {
                if !(b' '..=b'/').contains(&byte) {
                    self.state = State::Ground;
                }
            }
            State::Control => match byte {
                0x40..=0x7e => {
                    self.state = State::Ground;
                    match byte {
                        // Looks, modes, questions, and what is erased to the right.
                        b'm' | b'h' | b'l' | b'n' | b'c' | b'q' | b't' | b'u' | b'K' => {}
                        // A step to the right leaves a blank.
                        b'C' => self.line.push(' ', letter),
                        _ => self.end_line(),
                    }
                }
                0x1b => self.state = State::Escape,
                _ => {}
            },
            State::Words => match byte {
                0x07 => self.end_words(),
                0x1b => self.state = State::WordsEscape,
                _ => self.letter(byte, letter, true),
            },
            State::WordsEscape => {
                self.end_words();
                if byte != b'\\' {
                    self.state = State::Escape;
                    self.byte(byte, piece, at);
                }
            }
        }
    }

    fn ground(&mut self, byte: u8, letter: Letter) {
        match byte {
            0x1b => self.state = State::Escape,
            b'\t' => self.line.push(' ', letter),
            // A bell moves nothing.
            0x00..=0x07 | 0x0e..=0x1a | 0x1c..=0x1f | 0x7f => {}
            0x08..=0x0d => self.end_line(),
            _ => self.letter(byte, letter, false),
        }
        if self.line.text.len() >= LONGEST {
            self.end_line();
        }
    }

    /// A letter, or a part of one.
    fn letter(&mut self, byte: u8, letter: Letter, words: bool) {
        let into = |this: &mut Self, c, letter| {
            let text = if words { &mut this.words } else { &mut this.line };
            text.push(c, letter);
            if text.text.len() >= LONGEST {
                if words { this.end_words() } else { this.end_line() }
            }
        };
        if byte < 0x80 {
            self.part.clear();
            return into(self, char::from(byte), letter);
        }
        self.part.push((byte, letter.piece, letter.from));
        let bytes: Vec<u8> = self.part.iter().map(|(byte, ..)| *byte).collect();
        match std::str::from_utf8(&bytes) {
            Ok(text) => {
                let c = text.chars().next().unwrap_or(char::REPLACEMENT_CHARACTER);
                let (_, piece, from) = self.part[0];
                // Of one that is cut between two pieces only the first part is replaced.
                let own = self.part.iter().filter(|part| part.1 == piece).count();
                let len = u8::try_from(own).unwrap_or(1);
                self.part.clear();
                into(self, c, Letter { piece, from, len });
            }
            Err(error) if error.error_len().is_some() || bytes.len() >= 4 => self.part.clear(),
            Err(_more) => {}
        }
    }

    fn end_line(&mut self) {
        let found = self.lines.find(&self.line.text);
        note(&self.line, &found, &mut self.hits);
        self.line.clear();
    }

    fn end_words(&mut self) {
        self.state = State::Ground;
        let found = self.names.find(&self.words.text);
        note(&self.words, &found, &mut self.hits);
        self.words.clear();
    }
}

/// Notes what is to be hidden of a text.
fn note(text: &Text, found: &[std::ops::Range<usize>], hits: &mut Vec<(Letter, String)>) {
    let mut found = found.iter().peekable();
    for (at, letter) in &text.letters {
        while found.peek().is_some_and(|part| part.end <= *at) {
            found.next();
        }
        if found.peek().is_some_and(|part| part.contains(at)) {
            let c = text.text[*at..].chars().next().unwrap_or(' ');
            let mut hidden = String::new();
            hide(c, &mut hidden);
            hits.push((*letter, hidden));
        }
    }
}

/// The bytes of a piece with what was noted of it hidden; that is forgotten.
fn hidden_in<'b>(
    piece: u64,
    bytes: &'b [u8],
    hits: &mut Vec<(Letter, String)>,
) -> std::borrow::Cow<'b, [u8]> {
    let (mut own, others): (Vec<_>, Vec<_>) =
        std::mem::take(hits).into_iter().partition(|(letter, _)| letter.piece == piece);
    *hits = others;
    if own.is_empty() {
        return bytes.into();
    }
    own.sort_by_key(|(letter, _)| letter.from);
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    for (letter, hidden) in own {
        out.extend_from_slice(bytes.get(at..letter.from).unwrap_or_default());
        out.extend_from_slice(hidden.as_bytes());
        at = letter.from + usize::from(letter.len);
    }
    out.extend_from_slice(bytes.get(at..).unwrap_or_default());
    out.into()
}

impl Form for RedactForm<'_> {
    fn told(&mut self, at: Duration, told: Told<'_>) -> io::Result<()> {
        match told {
            Told::Output(bytes) => {
                let piece = self.first + self.kept.len() as u64;
                for (place, byte) in bytes.iter().enumerate() {
                    self.byte(*byte, piece, place);
                }
                self.keep(at, Kept::Output(bytes.to_vec()))
            }
            Told::Resize(size) => self.keep(at, Kept::Resize(size)),
            Told::Command(command) => {
                let text = self.names.mask(&command.text).into_owned();
                self.keep(at, Kept::Command(Remembered { text, ..command.clone() }))
            }
            Told::Ended(status) => self.keep(at, Kept::Ended(status)),
        }
    }

    fn finish(mut self: Box<Self>, at: Duration) -> io::Result<()> {
        self.end_line();
        self.end_words();
        self.part.clear();
        self.pass_on(true)?;
        *self.told = self.lines.hidden() + self.names.hidden();
        self.inner.finish(at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Takes what it is told as text, pieces apart.
    struct Heard<'a>(&'a mut Vec<String>);

    impl Form for Heard<'_> {
        fn told(&mut self, at: Duration, told: Told<'_>) -> io::Result<()> {
            self.0.push(match told {
                Told::Output(bytes) => {
                    format!("{} {}", at.as_secs(), String::from_utf8_lossy(bytes))
                }
                Told::Command(command) => format!("{} > {}", at.as_secs(), command.text),
                _ => format!("{} -", at.as_secs()),
            });
            Ok(())
        }

        fn finish(self: Box<Self>, _: Duration) -> io::Result<()> {
            Ok(())
        }
    }

    fn heard(pieces: &[&[u8]]) -> (Vec<String>, u64) {
        let (mut all, mut hidden) = (Vec::new(), 0);
        let mut form =
            Box::new(RedactForm::new(Box::new(Heard(&mut all)), &Redactor::default(), &mut hidden));
        for (second, piece) in pieces.iter().enumerate() {
            form.told(Duration::from_secs(second as u64), Told::Output(piece)).unwrap();
        }
        form.finish(Duration::ZERO).unwrap();
        (all, hidden)
    }

    #[test]
    fn a_secret_is_hidden_however_it_comes_and_every_piece_keeps_its_time() {
        let whole = b"a\r\nkey AKIAIOSFODNN7EXAMPLE end\r\n";
        let (expected, hidden) = heard(&[whole]);
        assert_eq!(expected, ["0 a\r\nkey AKIA**************** end\r\n"]);
        assert_eq!(hidden, 1);
        for cut in 0..whole.len() {
            let (pieces, _) = heard(&[&whole[..cut], &whole[cut..]]);
            let joined: String = pieces.iter().map(|piece| &piece[2..]).collect();
            assert_eq!(joined, expected[0][2..], "cut at {cut}");
            assert_eq!(pieces.len(), 2);
            assert!(pieces[1].starts_with("1 "), "{pieces:?}");
        }
        // Key by key, in colours, and wrapped by nobody.
        let keys: Vec<&[u8]> = whole.chunks(1).collect();
        let (pieces, _) = heard(&keys);
        let joined: String = pieces.iter().map(|piece| piece.split_once(' ').unwrap().1).collect();
        assert_eq!(joined, expected[0][2..]);
        let (colored, _) = heard(&[b"AKIA\x1b[1;31m\x1b[KIOSFODNN7\x1b[mEXAMPLE\x1b[0K"]);
        assert_eq!(colored, ["0 AKIA\x1b[1;31m\x1b[K*********\x1b[m*******\x1b[0K"]);
    }

    #[test]
    fn titles_and_commands_have_none_either() {
        let title = b"\x1b]0;mysql password=hunter2hunter2\x07ok\r\n";
        assert_eq!(heard(&[title]).0, ["0 \x1b]0;mysql password=**************\x07ok\r\n"]);
        let (mut all, mut hidden) = (Vec::new(), 0);
        let mut form =
            Box::new(RedactForm::new(Box::new(Heard(&mut all)), &Redactor::default(), &mut hidden));
        let text = "curl https://me:very-secret@host/".to_owned();
        let command = Remembered { text, ..Remembered::default() };
        form.told(Duration::ZERO, Told::Command(&command)).unwrap();
        form.finish(Duration::ZERO).unwrap();
        assert_eq!(all, ["0 > curl https://me:***********@host/"]);
    }

    #[test]
    fn other_bytes_are_passed_on_as_they_are() {
        let odd: &[u8] =
            b"\x1b]8;;http://x\x1b\\\xff\xfe\xe2\x82\x1b[3Ctext\x1b(B\x1b7\x1bP1$r\x1b\\\x00\xe2";
        let (mut all, mut hidden) = (Vec::new(), 0);
        struct Bytes<'a>(&'a mut Vec<u8>);
        impl Form for Bytes<'_> {
            fn told(&mut self, _: Duration, told: Told<'_>) -> io::Result<()> {
                if let Told::Output(bytes) = told {
                    self.0.extend_from_slice(bytes);
                }
                Ok(())
            }
            fn finish(self: Box<Self>, _: Duration) -> io::Result<()> {
                Ok(())
            }
        }
        let mut form =
            Box::new(RedactForm::new(Box::new(Bytes(&mut all)), &Redactor::default(), &mut hidden));
        for piece in odd.chunks(3) {
            form.told(Duration::ZERO, Told::Output(piece)).unwrap();
        }
        form.finish(Duration::ZERO).unwrap();
        assert_eq!(all, odd);
    }
}
