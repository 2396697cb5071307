//! Trigrams of text, and what somebody who searches wants of them. Owns how text is folded before it is taken
//! apart.

/// Wants that are counted: more hardly rule out more.
const MOST: usize = 32;
/// What is wanted at one place of three that has more bytes than this rules out next to nothing.
const WIDE: usize = 128;

/// One byte of a set, or a letter beyond ASCII, which takes more bytes than one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ByteSet {
    bytes: [u64; 4],
    /// Letters beyond ASCII are in it as well.
    beyond: bool,
}

impl ByteSet {
    /// These bytes of folded text, and any letter beyond ASCII if it is to be so.
    pub fn new(bytes: impl IntoIterator<Item = u8>, beyond: bool) -> Self {
        let mut set = Self { bytes: [0; 4], beyond };
        for byte in bytes {
            set.bytes[usize::from(byte) / 64] |= 1 << (byte % 64);
        }
        set
    }

    fn has(&self, byte: u8) -> bool {
        self.bytes[usize::from(byte) / 64] & (1 << (byte % 64)) != 0
    }

    fn count(&self) -> usize {
        self.bytes.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// Its byte, if there is but one.
    fn only(&self) -> Option<u8> {
        let one = self.count() == 1 && !self.beyond;
        one.then(|| (0..=u8::MAX).find(|byte| self.has(*byte))).flatten()
    }
}

/// Three sets behind each other, for each of which the text has to have bytes somewhere.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// For each place of three and each byte, the wants that it is good for.
    good: Vec<[u32; 3]>,
    /// Wants that a letter beyond ASCII is good for.
    beyond: u32,
    count: usize,
    /// The wants that are for one trigram.
    exact: Vec<(u32, usize)>,
}

impl Wanted {
    /// Wants three bytes in a row of these sets. Says nothing where that rules out nothing.
    pub fn add(&mut self, three: &[ByteSet; 3]) {
        if self.count == MOST || three.iter().all(|set| set.count() > WIDE) {
            return;
        }
        let only: Vec<u8> = three.iter().filter_map(ByteSet::only).collect();
        if let [a, b, c] = only[..] {
            let trigram = number(a, b, c);
            if self.exact.iter().any(|(known, _)| *known == trigram) {
                return;
            }
            self.exact.push((trigram, self.count));
        }
        self.good.resize(256, [0; 3]);
        let bit = 1 << self.count;
        for (place, set) in three.iter().enumerate() {
            for byte in (0..=u8::MAX).filter(|byte| set.has(*byte)) {
                self.good[usize::from(byte)][place] |= bit;
            }
            if set.beyond {
                self.beyond |= bit;
            }
        }
        self.count += 1;
    }

    /// Whether nothing is wanted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    pub(super) fn count(&self) -> usize {
        self.count
    }

    /// Those for one trigram, each with its number.
    pub(super) fn exact(&self) -> &[(u32, usize)] {
        &self.exact
    }

    /// The wants, as bits, that a trigram of folded text is good for.
    #[must_use]
    pub(super) fn met_by(&self, trigram: u32) -> u32 {
        let [_, a, b, c] = trigram.to_be_bytes();
        let at = |place: usize, byte: u8| self.good.get(usize::from(byte)).map_or(0, |g| g[place]);
        let met = at(0, a) & at(1, b) & at(2, c);
        if trigram & 0x80_80_80 == 0 { met } else { met | self.beyond }
    }

    /// Whether a text may have all that is wanted, as a file of lines would say it.
    #[must_use]
    pub fn may_be_in(&self, text: &str) -> bool {
        let folded = fold_text(text);
        let met = trigrams(&folded).fold(0, |met, trigram| met | self.met_by(trigram));
        u64::from(met) == (1_u64 << self.count) - 1
    }
}

const fn number(a: u8, b: u8, c: u8) -> u32 {
    u32::from_be_bytes([0, a, b, c])
}

/// The text with its letters in one case, as trigrams are taken of it. Two letters that any search without
/// case may take for the same are the same here.
#[must_use]
pub fn fold_text(text: &str) -> Vec<u8> {
    if text.is_ascii() {
        return text.to_ascii_lowercase().into_bytes();
    }
    let mut folded = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            // The two that are taken for letters of ASCII.
            '\u{212a}' => folded.push('k'),
            '\u{17f}' => folded.push('s'),
            c => folded.extend(c.to_lowercase()),
        }
    }
    folded.into_bytes()
}

/// The trigrams of folded text; none over the end of a line.
pub(super) fn trigrams(folded: &[u8]) -> impl Iterator<Item = u32> + '_ {
    let lines = folded.split(|byte| *byte == b'\n');
    lines.flat_map(|line| line.windows(3)).map(|three| number(three[0], three[1], three[2]))
}
