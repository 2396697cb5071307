//! Control sequences: their parts, and which of them are keys, mouse, focus, or answers.

use ccc_vt::input::{KeyEvent, MouseButton};

use super::{StdinEvent, keys, mouse, reply};

/// How many parameters, and how many parts of one, are read; the longest known has the text of a
/// key as its parts.
const PARAMETERS_MAX: usize = 64;

/// What a sequence turned out to be.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// A key in a form to which some terminals add Alt by one more ESC.
    LegacyKey(KeyEvent),
    /// Anything else that can be told.
    Events(Vec<StdinEvent>),
    PasteStart,
    Unknown,
}

impl Meaning {
    pub(super) fn one(event: StdinEvent) -> Self {
        Self::Events(vec![event])
    }

    pub(super) fn keys(keys: impl Iterator<Item = KeyEvent>) -> Self {
        Self::Events(keys.map(StdinEvent::Key).collect())
    }
}

/// The parts of `CSI prefix parameters intermediates last`.
#[derive(Debug)]
pub(super) struct Csi<'a> {
    /// One of `<=>?`.
    pub(super) prefix: Option<u8>,
    pub(super) intermediates: &'a [u8],
    pub(super) last: u8,
    /// Parameters between `;`, each of them parts between `:`. None is one that was left out.
    parameters: Vec<Vec<Option<u32>>>,
}

impl<'a> Csi<'a> {
    /// Takes apart what stands after `CSI`; None when it is malformed or has a number beyond u32.
    pub(super) fn parse(bytes: &'a [u8]) -> Option<Self> {
        let (last, body) = bytes.split_last()?;
        let prefix = body.first().copied().filter(|byte| matches!(byte, b'<'..=b'?'));
        let body = body.get(usize::from(prefix.is_some())..)?;
        let end = body.iter().position(|byte| *byte < b'0').unwrap_or(body.len());
        let (parameters, intermediates) = body.split_at_checked(end)?;
        if intermediates.iter().any(|byte| *byte >= b'0') {
            return None;
        }
        let parameters = parameters_of(parameters)?;
        Some(Self { prefix, intermediates, last: *last, parameters })
    }

    /// Plain numbers between `;`; one that was left out is 0.
    pub(super) fn numbers(bytes: &[u8]) -> Option<Vec<u32>> {
        let parameters = parameters_of(bytes)?;
        Some(parameters.iter().filter_map(|parts| Some(parts.first()?.unwrap_or(0))).collect())
    }

    /// The first part of a parameter; None when it was left out.
    pub(super) fn number(&self, place: usize) -> Option<u32> {
        self.sub(place, 0)
    }

    /// A part of a parameter; None when it was left out.
    pub(super) fn sub(&self, place: usize, part: usize) -> Option<u32> {
        *self.parameters.get(place)?.get(part)?
    }

    /// All parts of a parameter.
    pub(super) fn subs(&self, place: usize) -> impl Iterator<Item = Option<u32>> {
        self.parameters.get(place).into_iter().flatten().copied()
    }

    /// All parameters as plain numbers of 16 bits; None if one is larger.
    pub(super) fn all_u16(&self) -> Option<Vec<u16>> {
        self.parameters
            .iter()
            .map(|parts| u16::try_from(parts.first().copied().flatten().unwrap_or(0)).ok())
            .collect()
    }

    /// Whether there is nothing but the last byte.
    pub(super) fn is_bare(&self) -> bool {
        self.parameters.is_empty() && self.prefix.is_none() && self.intermediates.is_empty()
    }

    /// What the sequence says.
    pub(super) fn meaning(
        &self,
        kitty: bool,
        positions_expected: &mut u32,
        pressed: &mut Option<MouseButton>,
    ) -> Meaning {
        let known = match (self.prefix, self.intermediates, self.last) {
            (Some(b'<'), [], b'M' | b'm') => self.mouse(pressed),
            (None, [], b'M') if !self.is_bare() => self.mouse(pressed),
            (None, [], b'I' | b'O') if self.is_bare() => {
                Some(Meaning::one(StdinEvent::Focus(self.last == b'I')))
            }
            (None, [], b'~') if self.number(0) == Some(200) => Some(Meaning::PasteStart),
            (None, [], b'~' | b'^' | b'@') => keys::tilde(self, kitty),
            (None, [], b'u') => keys::kitty(self),
            (None, [], b'R') => self.position_or_key(kitty, positions_expected),
            (None, [], b't' | b'n') | (_, _, b'c' | b'y') | (Some(_), _, _) => {
                match reply::from_csi(self) {
                    Some(reply) => Some(Meaning::one(StdinEvent::Reply(reply))),
                    None => keys::letter(self, kitty).filter(|_| self.is_bare()),
                }
            }
            (None, [], _) => keys::letter(self, kitty),
            _ => None,
        };
        known.unwrap_or(Meaning::Unknown)
    }

    fn mouse(&self, pressed: &mut Option<MouseButton>) -> Option<Meaning> {
        let (code, col, row) = (self.number(0)?, self.number(1)?, self.number(2)?);
        Some(if self.prefix.is_some() {
            mouse::from_sgr(code, col, row, self.last == b'm', pressed)
        } else {
            mouse::from_urxvt(code, col, row, pressed)
        })
    }

    /// `CSI 1 ; 2 R` is both Shift-F3 and the cursor in the second column of the first row.
    fn position_or_key(&self, kitty: bool, expected: &mut u32) -> Option<Meaning> {
        if *expected == 0
            && let Some(key) = keys::letter(self, kitty)
        {
            return Some(key);
        }
        let reply = reply::cursor_position(self)?;
        *expected = expected.saturating_sub(1);
        Some(Meaning::one(StdinEvent::Reply(reply)))
    }
}

fn parameters_of(bytes: &[u8]) -> Option<Vec<Vec<Option<u32>>>> {
    if bytes.is_empty() {
        return Some(Vec::new());
    }
    let text = std::str::from_utf8(bytes).ok()?;
    let parse = |part: &str| match part {
        "" => Some(None),
        _ if part.bytes().all(|byte| byte.is_ascii_digit()) => part.parse().ok().map(Some),
        _ => None,
    };
    let parts = |parameter: &str| -> Option<Vec<_>> {
        let parts: Vec<_> = parameter.split(':').map(parse).collect::<Option<_>>()?;
        (parts.len() <= PARAMETERS_MAX).then_some(parts)
    };
    let parameters: Vec<_> = text.split(';').map(parts).collect::<Option<_>>()?;
    (parameters.len() <= PARAMETERS_MAX).then_some(parameters)
}
