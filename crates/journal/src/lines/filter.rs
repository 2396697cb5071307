//! What a chunk of text may hold: a set of its trigrams, kept small by being wrong now and then about what
//! is not there, and never about what is.

/// A filter as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter(Vec<u8>);

impl Filter {
    /// An empty one of so many bytes, at least one.
    pub(super) fn of_size(bytes: usize) -> Self {
        Self(vec![0; bytes.max(1)])
    }

    pub(super) fn stored(bytes: &[u8]) -> Self {
        Self(bytes.to_vec())
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }

    pub(super) fn add(&mut self, trigram: u32) {
        let (byte, bit) = self.place(trigram);
        if let Some(byte) = self.0.get_mut(byte) {
            *byte |= bit;
        }
    }

    /// Bytes that it takes.
    #[must_use]
    pub fn size(&self) -> usize {
        self.0.len()
    }

    /// Whether the trigram may be there.
    #[must_use]
    pub fn may_hold(&self, trigram: u32) -> bool {
        let (byte, bit) = self.place(trigram);
        self.0.get(byte).is_none_or(|byte| byte & bit != 0)
    }

    fn place(&self, trigram: u32) -> (usize, u8) {
        // Fibonacci hashing, then scaled to the number of bits.
        let hash = u64::from(trigram).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
        let bit = (hash * (self.0.len() as u64 * 8)) >> 32;
        (usize::try_from(bit / 8).unwrap_or(0), 1 << (bit % 8))
    }
}

/// The text with its letters in one case, as filters count them. Two letters that any search without
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

/// The trigrams of folded text.
pub fn trigrams(folded: &[u8]) -> impl Iterator<Item = u32> + '_ {
    folded
        .windows(3)
        .map(|three| u32::from(three[0]) << 16 | u32::from(three[1]) << 8 | u32::from(three[2]))
}
