//! The text of one cell and its width: the one authority on how many columns a cluster takes.

mod blocks;

use std::fmt;

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

pub(crate) use blocks::{Before, width_alone};

/// The most bytes a cell's cluster keeps; further combining marks are dropped. The longest emoji
/// sequence in use has 35.
pub const CLUSTER_BYTES: usize = 64;

/// The first character that may continue a cell; what is below never does.
pub(crate) const FIRST_MARK: char = '\u{300}';

/// Columns that a grapheme cluster takes: 0 (nothing of its own), 1 or 2.
///
/// Every part of the house asks here, so that server and client never disagree.
#[must_use]
pub fn width(cluster: &str) -> u8 {
    let mut chars = cluster.chars();
    match (chars.next(), chars.next()) {
        (None, _) => 0,
        (Some(c), None) => char_width(c),
        // Nothing that follows makes a character narrower, also not a selector of its text form
        // (U+FE0E): programs that add up characters would be a column off.
        (Some(c), _) => char_width(c).max(u8::try_from(cluster.width().min(2)).unwrap_or(2)),
    }
}

/// Columns that a character takes when it stands alone.
#[must_use]
pub fn char_width(c: char) -> u8 {
    match c {
        ' '..='~' => 1,
        '\u{3041}'..='\u{3096}' | '\u{30a1}'..='\u{30fa}' | '\u{3400}'..='\u{4dbf}' => 2,
        '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}' => 2,
        // A terminal has no place where it could break a line there: glibc and xterm show it.
        '\u{ad}' => 1,
        _ => c.width().map_or(0, |width| u8::try_from(width.min(2)).unwrap_or(2)),
    }
}

/// Whether `c` always starts a cell, by ranges alone: ideographs, kana, and Hangul syllables that
/// do not come after a conjoining jamo. `last` is the last character that started a cell.
#[inline]
pub(crate) fn never_joins(c: char, last: Option<char>) -> bool {
    match c {
        '\u{3041}'..='\u{3096}' | '\u{30a1}'..='\u{30fa}' | '\u{3400}'..='\u{9fff}' => true,
        '\u{ac00}'..='\u{d7a3}' => !matches!(
            last,
            Some('\u{1100}'..='\u{11ff}' | '\u{a960}'..='\u{a97c}' | '\u{d7b0}'..='\u{d7ff}')
        ),
        _ => false,
    }
}

/// What the engine does with a character after the cluster that ends in another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Joint {
    /// Always starts a cell of its own.
    Apart,
    /// Ask [`joins`].
    Ask,
}

/// Sorts out, without tables, the characters that nearly never continue a cluster. `last` is the
/// last character of the cell before.
pub(crate) fn joint(last: char, c: char) -> Joint {
    let plain = matches!(c,
        '\u{20}'..='\u{2ff}'
        | '\u{370}'..='\u{482}'
        | '\u{48a}'..='\u{590}'
        | '\u{2010}'..='\u{2027}'
        | '\u{2030}'..='\u{205f}'
        | '\u{2070}'..='\u{20cf}'
        | '\u{2100}'..='\u{2cee}'
        | '\u{2e80}'..='\u{3029}'
        | '\u{3030}'..='\u{3098}'
        | '\u{309b}'..='\u{a66e}'
        | '\u{f900}'..='\u{fb1d}'
        | '\u{ff01}'..='\u{ff9d}'
        | '\u{20000}'..='\u{3fffd}');
    // Hangul syllables continue only conjoining jamo, emoji only a joiner.
    let syllable = matches!(c, '\u{ac00}'..='\u{d7a3}');
    let emoji = matches!(c, '\u{1f000}'..='\u{1f1e5}' | '\u{1f200}'..='\u{1f3fa}' | '\u{1f400}'..='\u{1faff}');
    let open = matches!(last, '\u{200d}' | '\u{1100}'..='\u{115f}' | '\u{a960}'..='\u{a97c}');
    if plain && last != '\u{200d}' || (syllable || emoji) && !open {
        Joint::Apart
    } else {
        Joint::Ask
    }
}

/// Whether `c` continues the grapheme cluster `cluster` (UAX 29, extended clusters).
pub(crate) fn joins(cluster: &str, c: char) -> bool {
    // Rule GB9 for the marks that are met most: they join whatever stands in a cell.
    if matches!(c, '\u{300}'..='\u{36f}' | '\u{200d}' | '\u{20d0}'..='\u{20f0}' | '\u{fe00}'..='\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}')
    {
        return true;
    }
    // Rule GB11 for whole blocks of pictographs: the middle of nearly every emoji sequence.
    let pictograph = |c| matches!(c, '\u{1f400}'..='\u{1f53d}' | '\u{1f546}'..='\u{1f64f}' | '\u{1f680}'..='\u{1f6ff}');
    if pictograph(c) && cluster.ends_with('\u{200d}') && cluster.starts_with(pictograph) {
        let mut between = cluster.chars().skip(1);
        if between.all(|c| matches!(c, '\u{200d}' | '\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}')) {
            return true;
        }
    }
    // The last few characters decide, and a cluster is short: the copy is bounded.
    let mut joined = String::with_capacity(cluster.len() + 4);
    joined.push_str(cluster);
    joined.push(c);
    // What stands in a cell may itself be several clusters (a mark put there by hand): only the
    // last boundary counts.
    joined.grapheme_indices(true).next_back().is_none_or(|(start, _)| start < cluster.len())
}

/// Text of a cell: nothing, a character, or a longer grapheme cluster.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Text(Repr);

#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Repr {
    #[default]
    Blank,
    /// UTF-8 of up to 14 bytes; most clusters fit.
    Inline {
        len: u8,
        bytes: [u8; Text::INLINE],
    },
    Boxed(Box<str>),
}

impl Text {
    const INLINE: usize = 14;

    /// A cell that was never written, or was erased.
    pub const BLANK: Self = Self(Repr::Blank);

    /// The text `text`.
    #[must_use]
    pub fn new(text: &str) -> Self {
        if text.is_empty() {
            return Self::BLANK;
        }
        let mut bytes = [0; Self::INLINE];
        match bytes.get_mut(..text.len()) {
            Some(slot) => {
                slot.copy_from_slice(text.as_bytes());
                // The length fits: it is at most INLINE.
                let len = u8::try_from(text.len()).unwrap_or(0);
                Self(Repr::Inline { len, bytes })
            }
            None => Self(Repr::Boxed(text.into())),
        }
    }

    /// The text, empty for a blank cell.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match &self.0 {
            Repr::Blank => "",
            Repr::Inline { len, bytes } => bytes
                .get(..usize::from(*len))
                .and_then(|b| std::str::from_utf8(b).ok())
                .unwrap_or(""),
            Repr::Boxed(text) => text,
        }
    }

    /// Whether the cell is blank.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        matches!(self.0, Repr::Blank)
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

impl From<char> for Text {
    fn from(c: char) -> Self {
        Self::new(c.encode_utf8(&mut [0; 4]))
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}
