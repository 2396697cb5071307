//! What every match of an expression has in it: runs of bytes, each one of a set. Owns how an expression is taken
//! apart for that, and errs on the side of less.

use ccc_journal::{ByteSet, Wanted, fold_text};
use regex_syntax::hir::{Class, ClassUnicode, Hir, HirKind};

/// How often a part that repeats is taken, and how long a run grows.
const REPEATS: u32 = 16;
const LONGEST: usize = 256;
/// Letters of a class that are looked at one by one.
const LETTERS: usize = 4;
/// Parts that are looked at: repetitions of repetitions are looked at again and again.
const PARTS: usize = 4096;

/// One place of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// Bytes of folded text that may stand there.
    pub(super) bytes: Vec<u8>,
    /// A letter beyond ASCII may as well.
    pub(super) beyond: bool,
    /// But for their case these are the bytes of the text before it was folded.
    pub(super) plain: bool,
}

/// Runs of a text that every match has, folded.
#[derive(Debug, Default)]
pub(super) struct Runs {
    runs: Vec<Vec<Place>>,
    open: Vec<Place>,
    /// Parts that were looked at.
    parts: usize,
}

impl Runs {
    pub(super) fn of(hir: &Hir) -> Self {
        let mut runs = Self::default();
        runs.walk(hir);
        runs.end(false);
        runs
    }

    pub(super) fn all(&self) -> &[Vec<Place>] {
        &self.runs
    }

    /// What a file of lines is asked: single texts first, since they rule out most.
    pub(super) fn wanted(&self) -> Wanted {
        let mut wanted = Wanted::default();
        let threes = || self.runs.iter().flat_map(|run| run.windows(3));
        let is_text = |three: &[Place]| three.iter().all(Place::is_text);
        let texts = threes().filter(|three| is_text(three));
        for three in texts.chain(threes().filter(|three| !is_text(three))) {
            if let [a, b, c] = three {
                wanted.add(&[a.set(), b.set(), c.set()]);
            }
        }
        wanted
    }

    /// Ends a run; `more` says that a match has more behind it, whatever that is.
    fn end(&mut self, more: bool) {
        if more && !self.open.is_empty() {
            self.open.push(Place::anything());
        }
        let run = std::mem::take(&mut self.open);
        if run.len() > 2 {
            self.runs.push(run);
        }
    }

    fn put(&mut self, place: Place) {
        self.open.push(place);
        if self.open.len() == LONGEST {
            self.end(false);
        }
    }

    fn letter(&mut self, folded: &[u8], plain: bool) {
        for byte in folded {
            self.put(Place { bytes: vec![*byte], beyond: false, plain });
        }
    }

    fn walk(&mut self, hir: &Hir) {
        self.parts += 1;
        if self.parts > PARTS {
            self.end(false);
            return;
        }
        match hir.kind() {
            HirKind::Empty | HirKind::Look(_) => {}
            HirKind::Literal(literal) => match std::str::from_utf8(&literal.0) {
                Ok(text) => text.chars().for_each(|c| self.letter(&folded(c), c.is_ascii())),
                Err(_) => self.end(false),
            },
            HirKind::Class(Class::Unicode(class)) => match (one_letter(class), Place::of(class)) {
                (Some(folded), _) => self.letter(&folded, class.is_ascii()),
                (None, Some(place)) => self.put(place),
                (None, None) => self.end(false),
            },
            HirKind::Class(Class::Bytes(_)) | HirKind::Alternation(_) => self.end(false),
            HirKind::Repetition(repetition) => {
                // The first ones stand behind what came before, the last ones before what comes behind.
                let times = repetition.min.min(REPEATS);
                let fixed = repetition.max == Some(times);
                (0..times).for_each(|_| self.walk(&repetition.sub));
                if !fixed {
                    self.end(false);
                    (0..times).for_each(|_| self.walk(&repetition.sub));
                }
            }
            HirKind::Capture(capture) => self.walk(&capture.sub),
            HirKind::Concat(subs) => {
                for (at, sub) in subs.iter().enumerate() {
                    let rest = subs.get(at..).unwrap_or_default();
                    let more = rest.iter().any(|sub| sub.properties().minimum_len() > Some(0));
                    if more && is_gap(sub) {
                        self.end(true);
                    }
                    self.walk(sub);
                    let before = subs.get(..at).unwrap_or_default();
                    let some = before.iter().any(|sub| sub.properties().minimum_len() > Some(0));
                    if some && is_gap(sub) {
                        self.open = vec![Place::anything()];
                    }
                }
            }
        }
    }
}

/// Whether a part may be nothing.
fn is_gap(hir: &Hir) -> bool {
    matches!(hir.kind(), HirKind::Repetition(repetition) if repetition.min == 0)
}

impl Place {
    /// Any byte, of a letter of any length.
    fn anything() -> Self {
        Self { bytes: (0..=u8::MAX).collect(), beyond: false, plain: false }
    }

    /// A letter of a class; `None` if none is of ASCII.
    fn of(class: &ClassUnicode) -> Option<Self> {
        let has = |letter: char| {
            class.iter().any(|range| (range.start()..=range.end()).contains(&letter))
        };
        let mut bytes: Vec<u8> = (0..0x80_u8)
            .filter(|byte| has(char::from(*byte)))
            .map(|byte| byte.to_ascii_lowercase())
            .collect();
        // The two that fold to letters of ASCII.
        bytes.extend(has('\u{212a}').then_some(b'k'));
        bytes.extend(has('\u{17f}').then_some(b's'));
        bytes.sort_unstable();
        bytes.dedup();
        let beyond = class.iter().any(|range| !range.end().is_ascii());
        (!bytes.is_empty()).then_some(Self { bytes, beyond, plain: !beyond })
    }

    fn is_text(&self) -> bool {
        self.bytes.len() == 1 && !self.beyond
    }

    fn set(&self) -> ByteSet {
        ByteSet::new(self.bytes.iter().copied(), self.beyond)
    }
}

/// The letter that all of a small class fold to.
fn one_letter(class: &ClassUnicode) -> Option<Vec<u8>> {
    let letters = class.iter().flat_map(|range| range.start()..=range.end());
    let mut all = letters.take(LETTERS + 1).map(folded);
    let first = all.next()?;
    let mut count = 1;
    let same = all.all(|other| {
        count += 1;
        other == first
    });
    (same && count <= LETTERS).then_some(first)
}

fn folded(letter: char) -> Vec<u8> {
    fold_text(letter.encode_utf8(&mut [0; 4]))
}
