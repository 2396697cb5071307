//! One character of UTF-8 at a time. Bad bytes are taken as Unicode recommends: one U+FFFD for each
//! maximal part of a character.

/// What stands at the beginning of some bytes, the first of which is not ASCII.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Decoded {
    /// A character and its length.
    Char(char, usize),
    /// This many bytes are no character.
    Invalid(usize),
    /// All bytes may begin a character; there are fewer than it needs.
    Incomplete,
}

/// The first character, if it has three bytes and no trap: most of what is not ASCII.
#[inline]
pub(super) fn decode_three(bytes: &[u8]) -> Option<char> {
    // E0 may be overlong; what is a surrogate is no character.
    let [first @ 0xe1..=0xef, second @ 0x80..=0xbf, third @ 0x80..=0xbf, ..] = bytes else {
        return None;
    };
    let high = u32::from(first & 0x0f) << 12;
    char::from_u32(high | u32::from(second & 0x3f) << 6 | u32::from(third & 0x3f))
}

/// Decodes the first character.
pub(super) fn decode(bytes: &[u8]) -> Decoded {
    let Some(first) = bytes.first() else { return Decoded::Incomplete };
    // Length, bits of the first byte, and what the second byte may be (Unicode, table 3-7).
    let (len, bits, low, high) = match first {
        0x00..=0x7f => return Decoded::Char(char::from(*first), 1),
        0xc2..=0xdf => (2, first & 0x1f, 0x80, 0xbf),
        0xe0 => (3, 0, 0xa0, 0xbf),
        0xed => (3, 0x0d, 0x80, 0x9f),
        0xe1..=0xef => (3, first & 0x0f, 0x80, 0xbf),
        0xf0 => (4, 0, 0x90, 0xbf),
        0xf1..=0xf3 => (4, first & 0x07, 0x80, 0xbf),
        0xf4 => (4, 4, 0x80, 0x8f),
        _ => return Decoded::Invalid(1),
    };
    let mut code = u32::from(bits);
    for at in 1..len {
        let Some(byte) = bytes.get(at) else { return Decoded::Incomplete };
        let (low, high) = if at == 1 { (low, high) } else { (0x80, 0xbf) };
        if *byte < low || *byte > high {
            return Decoded::Invalid(at);
        }
        code = code << 6 | u32::from(byte & 0x3f);
    }
    // The table admits neither surrogates nor codes past the end.
    char::from_u32(code).map_or(Decoded::Invalid(len), |c| Decoded::Char(c, len))
}
