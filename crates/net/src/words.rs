//! Bytes as words, for people who compare or read aloud. Owns the list: 256 words, one for each byte, in
//! the order of the alphabet, told apart by their first four letters. The list never changes: what one
//! version shows, another must show too.

use std::sync::LazyLock;

use crate::KeyId;

/// How many words of a key id are shown. They are for the eye: what is compared by programs is all of it.
const SHOWN: usize = 8;

static WORDS: LazyLock<Vec<&'static str>> =
    LazyLock::new(|| include_str!("words.txt").lines().collect());

/// The word of a byte.
pub fn word(byte: u8) -> &'static str {
    // The list has a word for every byte, which a test holds.
    WORDS.get(usize::from(byte)).copied().unwrap_or_default()
}

/// The byte of a word, by its first four letters, in any case.
pub fn byte(word: &str) -> Option<u8> {
    let word = word.to_ascii_lowercase();
    // A word that is shorter, or cut within a character there, has no first four letters.
    let same = |known: &&str| {
        *known == word || word.get(..4).is_some_and(|first| known.get(..4) == Some(first))
    };
    let at = WORDS.iter().position(same)?;
    u8::try_from(at).ok()
}

/// The first 64 bits of a key id as eight words with dashes between them.
pub fn words(id: &KeyId) -> String {
    let shown = id.as_bytes().iter().take(SHOWN).map(|byte| word(*byte));
    shown.collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_has_a_word_of_its_own() {
        assert_eq!(WORDS.len(), 256);
        for at in 0..=u8::MAX {
            assert_eq!(byte(word(at)), Some(at), "{}", word(at));
            assert_eq!(byte(&word(at).to_ascii_uppercase()), Some(at));
        }
        assert_eq!(byte("zebras"), Some(255), "the first four letters are enough");
        assert_eq!((byte(""), byte("qqqq"), byte("zeb")), (None, None, None));
        for other in ["단어", "가나다라", "naïve", "é", "figs", "日本"] {
            assert_eq!(byte(other), None, "{other}");
        }
    }

    #[test]
    fn the_list_is_the_one_that_was_agreed() {
        // A word that changes means that two versions show two fingerprints of one key.
        let sum = words(&KeyId::from_bytes([
            0, 1, 50, 100, 150, 200, 254, 255, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9,
            9, 9, 9, 9, 9, 9, 9,
        ]));
        assert_eq!(sum, "able-acid-cable-drum-grape-metal-walnut-zebra");
    }
}
