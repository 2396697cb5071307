//! The letters of a stream of bytes as lines and strings, each with the bytes that made it. Owns which bytes are
//! letters, where a line ends, and which bytes are to be hidden.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use crate::redact::{RedactLines, Redactor, hide};

/// Letters of a line, or of a string, without an end that are looked at together.
const LONGEST: usize = 64 * 1024;

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

/// Bytes of a piece that are to be hidden, and what takes their place.
type Hits = BTreeMap<u64, Vec<(Letter, String)>>;

/// What was read so far.
#[derive(Debug)]
pub(super) struct Letters {
    lines: RedactLines,
    names: RedactLines,
    state: State,
    /// The line that is being printed, and the words of the string that is being told.
    line: Text,
    words: Text,
    /// A character of several bytes that is not whole yet: its bytes, and where they stand.
    part: Vec<(u8, u64, usize)>,
    hits: Hits,
}

impl Letters {
    pub(super) fn new(redactor: &Redactor) -> Self {
        Self {
            lines: redactor.lines(),
            names: redactor.lines(),
            state: State::Ground,
            line: Text::default(),
            words: Text::default(),
            part: Vec::new(),
            hits: Hits::new(),
        }
    }

    /// Secrets that were found.
    pub(super) fn found(&self) -> u64 {
        self.lines.hidden() + self.names.hidden()
    }

    /// A text that stands by itself, without its secrets.
    pub(super) fn mask<'t>(&mut self, text: &'t str) -> Cow<'t, str> {
        self.names.mask(text)
    }

    /// The first piece that has letters of which it is not known yet whether they are to be hidden.
    pub(super) fn open(&self) -> Option<u64> {
        let letters = [self.line.letters.first(), self.words.letters.first()];
        let open = letters.into_iter().flatten().map(|(_, letter)| letter.piece);
        open.chain(self.part.first().map(|(_, piece, _)| *piece)).min()
    }

    /// No more will come.
    pub(super) fn end(&mut self) {
        self.end_line();
        self.end_words();
        self.part.clear();
    }

    /// The bytes of a piece with what was found in it hidden; that is forgotten.
    pub(super) fn hide<'b>(&mut self, piece: u64, bytes: &'b [u8]) -> Cow<'b, [u8]> {
        let Some(mut hits) = self.hits.remove(&piece) else { return bytes.into() };
        hits.sort_by_key(|(letter, _)| letter.from);
        let mut out = Vec::with_capacity(bytes.len());
        let mut at = 0;
        for (letter, hidden) in hits {
            out.extend_from_slice(bytes.get(at..letter.from).unwrap_or_default());
            out.extend_from_slice(hidden.as_bytes());
            at = letter.from + usize::from(letter.len);
        }
        out.extend_from_slice(bytes.get(at..).unwrap_or_default());
        out.into()
    }

    /// Takes the next byte, which stands at a place of a piece.
    pub(super) fn byte(&mut self, byte: u8, piece: u64, at: usize) {
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
        if byte < 0x80 {
            self.part.clear();
            return self.push(char::from(byte), letter, words);
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
                self.push(c, Letter { piece, from, len }, words);
            }
            Err(error) if error.error_len().is_some() || bytes.len() >= 4 => self.part.clear(),
            Err(_more) => {}
        }
    }

    fn push(&mut self, c: char, letter: Letter, words: bool) {
        let text = if words { &mut self.words } else { &mut self.line };
        text.push(c, letter);
        if text.text.len() < LONGEST {
            return;
        }
        // A string goes on: what follows, an image perhaps, is no line.
        if words { self.look_at_words() } else { self.end_line() }
    }

    fn end_line(&mut self) {
        // CR and LF both end one.
        if self.line.text.is_empty() {
            return;
        }
        let found = self.lines.find(&self.line.text);
        note(&self.line, &found, &mut self.hits);
        self.line.clear();
    }

    fn end_words(&mut self) {
        self.state = State::Ground;
        self.look_at_words();
    }

    fn look_at_words(&mut self) {
        let found = self.names.find(&self.words.text);
        note(&self.words, &found, &mut self.hits);
        self.words.clear();
    }
}

/// Notes what is to be hidden of a text.
fn note(text: &Text, found: &[Range<usize>], hits: &mut Hits) {
    let mut found = found.iter().peekable();
    for (at, letter) in &text.letters {
        while found.peek().is_some_and(|part| part.end <= *at) {
            found.next();
        }
        if found.peek().is_some_and(|part| part.contains(at)) {
            let c = text.text[*at..].chars().next().unwrap_or(' ');
            // A blank may have been made by other bytes, which move the cursor.
            if c.is_whitespace() {
                continue;
            }
            let mut hidden = String::new();
            hide(c, &mut hidden);
            hits.entry(letter.piece).or_default().push((*letter, hidden));
        }
    }
}
