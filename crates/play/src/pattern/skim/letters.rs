//! A few letters in a row that every match has, in any case. Owns which ones: those that are rare in what programs
//! print, and have few forms.

use regex_automata::util::prefilter::Prefilter;
use regex_automata::{MatchKind, Span};

use super::super::runs::{Place, Runs};

/// Letters that are chosen for being rare.
const LETTERS: usize = 4;
/// The shortest text worth it.
const SHORTEST: usize = 3;
/// Forms of them at most: what finds several texts at once looks at them in eight groups.
const FORMS: usize = 16;
/// Bytes of a text at most.
const LONGEST: usize = 32;
/// How many of ten thousand bytes are this letter, or one of those that are not listed. Nothing hangs on it but time.
const COMMON: &[u8] = b"etaoinsrhldcu";
const OFTEN: u64 = 500;
const SELDOM: &[u8] = b"jqxz";
const RARELY: u64 = 40;
const ELSE: u64 = 200;

/// Finds them.
#[derive(Clone, Debug)]
pub(super) struct Letters {
    forms: Prefilter,
}

impl Letters {
    pub(super) fn of(runs: &Runs) -> Option<Self> {
        let tells = |place: &Place| place.plain && place.bytes.len() == 1;
        let parts = runs.all().iter().flat_map(|run| run.split(|place| !tells(place)));
        let texts: Vec<Vec<u8>> = parts
            .map(|part| part.iter().filter_map(|place| place.bytes.first().copied()).collect())
            .collect();
        let windows = || texts.iter().flat_map(|text| (0..text.len()).map(move |at| &text[at..]));
        let chosen = windows()
            .filter(|rest| rest.len() >= SHORTEST)
            .min_by_key(|rest| often(&rest[..rest.len().min(LETTERS)]))?;
        // More of them cost nothing as long as they have no more forms.
        let mut length = chosen.len().min(LETTERS);
        while forms(&chosen[..length]) > FORMS {
            length -= 1;
        }
        let enough = forms(&chosen[..length]);
        while length < chosen.len().min(LONGEST) && forms(&chosen[..=length]) == enough {
            length += 1;
        }
        let forms = all_forms(&chosen[..length]);
        let forms = Prefilter::new(MatchKind::LeftmostFirst, &forms)?;
        forms.is_fast().then_some(Self { forms })
    }

    pub(super) fn find(&self, text: &[u8], from: usize) -> Option<usize> {
        self.forms.find(text, Span::from(from..text.len())).map(|hit| hit.start)
    }
}

/// How often that is in a text, as a part of ten thousand for each of four letters.
fn often(text: &[u8]) -> u64 {
    let one = |byte: &u8| match byte {
        byte if COMMON.contains(byte) => OFTEN,
        byte if SELDOM.contains(byte) => RARELY,
        b' ' => 2 * OFTEN,
        _ => ELSE,
    };
    let missing = LETTERS.saturating_sub(text.len());
    text.iter().map(one).product::<u64>() * 10_000_u64.pow(u32::try_from(missing).unwrap_or(0))
}

/// In how many forms folded letters may stand.
fn forms(text: &[u8]) -> usize {
    1 << text.iter().filter(|byte| byte.is_ascii_lowercase()).count()
}

fn all_forms(text: &[u8]) -> Vec<Vec<u8>> {
    let mut forms = vec![Vec::new()];
    for byte in text {
        let capital = byte.to_ascii_uppercase();
        let mut others = if capital == *byte { Vec::new() } else { forms.clone() };
        forms.iter_mut().for_each(|form| form.push(*byte));
        others.iter_mut().for_each(|form| form.push(capital));
        forms.append(&mut others);
    }
    forms
}
