//! Characters that are known by their block: that they start a cell of their own, and how wide it is. A
//! short way to what `text` says, and held against it; see `docs/design/characters-by-block.md`.

use super::never_joins;

/// What is known of what stands before a character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Before {
    /// Some cell, or none: the last that was begun began with this character.
    Cell(Option<char>),
    /// A cell of one character that [`width_alone`] knows.
    Alone,
}

/// What [`width_alone`] knows of some characters: in the low bits their columns, 0 if nothing is known.
type Known = u8;

const NARROW: Known = 1;
const WIDE: Known = 2;
const COLUMNS: Known = 3;
/// Wide, but may continue a letter of Hangul.
const SYLLABLE: Known = WIDE | 1 << 2;
/// Wide, but may continue a joiner.
const PICTOGRAPH: Known = WIDE | 1 << 3;
/// Different things: [`RANGES`] has to be asked.
const MIXED: Known = 1 << 4;

/// From, to (inclusive), what.
const RANGES: &[(u32, u32, Known)] = &[
    (0x20, 0x7e, NARROW),
    (0xa1, 0xa8, NARROW),
    (0xaa, 0xac, NARROW),
    (0xaf, 0x2ff, NARROW),
    (0x391, 0x3a1, NARROW),
    (0x3a3, 0x482, NARROW),
    (0x2500, 0x25a9, NARROW),
    (0x3001, 0x3029, WIDE),
    (0x3041, 0x3096, WIDE),
    (0x30a1, 0x30fa, WIDE),
    (0x3400, 0x4dbf, WIDE),
    (0x4e00, 0x9fff, WIDE),
    (0xac00, 0xd7a3, SYLLABLE),
    (0xff01, 0xff60, WIDE),
    (0x1f300, 0x1f320, PICTOGRAPH),
    (0x1f337, 0x1f37c, PICTOGRAPH),
    (0x1f37e, 0x1f393, PICTOGRAPH),
    (0x1f3a0, 0x1f3ca, PICTOGRAPH),
    (0x1f3e0, 0x1f3f0, PICTOGRAPH),
    (0x1f400, 0x1f43e, PICTOGRAPH),
    (0x1f442, 0x1f4fc, PICTOGRAPH),
    (0x1f4ff, 0x1f53d, PICTOGRAPH),
    (0x1f5fb, 0x1f64f, PICTOGRAPH),
    (0x1f680, 0x1f6c5, PICTOGRAPH),
    (0x1f90c, 0x1f93a, PICTOGRAPH),
    (0x1f93c, 0x1f945, PICTOGRAPH),
    (0x1f947, 0x1f9ff, PICTOGRAPH),
];

fn range_of(code: u32) -> Known {
    let range = RANGES.iter().find(|(first, last, _)| (*first..=*last).contains(&code));
    range.map_or(0, |(.., known)| *known)
}

/// Characters of an entry of [`BLOCKS`], as a power of two.
const BLOCK_BITS: u32 = 4;

/// [`RANGES`] by the upper bits of a character.
static BLOCKS: [Known; 0x20000 >> BLOCK_BITS] = {
    let mut blocks = [0; 0x20000 >> BLOCK_BITS];
    let mut at = 0;
    while at < RANGES.len() {
        let (first, last, known) = RANGES[at];
        let mut block = first >> BLOCK_BITS;
        while block <= last >> BLOCK_BITS {
            let whole = first <= block << BLOCK_BITS && (block + 1) << BLOCK_BITS <= last + 1;
            blocks[block as usize] = if whole { known } else { MIXED };
            block += 1;
        }
        at += 1;
    }
    blocks
};

/// Columns of a character that is known by its block to start a cell of its own, whatever stands
/// before it or by the little that is known of that: most of what is printed above ASCII. It says
/// what [`char_width`] and [`joins`] say; 0 is no answer.
#[inline]
pub(crate) fn width_alone(c: char, before: Before) -> u8 {
    let code = u32::from(c);
    let block = BLOCKS.get((code >> BLOCK_BITS) as usize).copied().unwrap_or(0);
    let known = if block == MIXED { range_of(code) } else { block };
    match before {
        Before::Cell(last) if known > COLUMNS => {
            if known == SYLLABLE && never_joins(c, last) {
                WIDE
            } else {
                0
            }
        }
        _ => known & COLUMNS,
    }
}

#[cfg(test)]
mod tests {
    use super::{Before, width_alone};
    use crate::text::{char_width, joins};

    #[test]
    fn what_is_known_by_its_block_is_true() {
        let alone = |c: char| width_alone(c, Before::Alone);
        let known: Vec<char> = (' '..=char::MAX).filter(|c| alone(*c) != 0).collect();
        assert!(known.len() > 30_000);
        for c in known {
            assert_eq!(alone(c), char_width(c), "{c:?}");
            for before in ["a", "é", "한", "中", "😀", "─"] {
                assert!(!joins(before, c), "{c:?} after {before:?}");
            }
            let width = width_alone(c, Before::Cell(None));
            if width == 0 {
                continue;
            }
            assert_eq!(width, char_width(c), "{c:?}");
            for before in ["👩\u{200d}", "\u{200d}", "🇩", "e\u{301}", "क\u{94d}"] {
                assert!(!joins(before, c), "{c:?} after {before:?}");
            }
        }
        // What a syllable may continue.
        assert_eq!(width_alone('한', Before::Cell(Some('\u{1112}'))), 0);
        assert_eq!(width_alone('😀', Before::Cell(Some('a'))), 0);
    }
}
