//! What is printed in bulk: a log, dense colour, Unicode, a screen that is drawn again and again. The same
//! each time.

use std::io::Write as _;

use super::outer::SIZE;
use ccc_testkit::Random;

/// Lines like those of a busy service.
pub(crate) fn log(bytes: usize) -> Vec<u8> {
    let mut random = Random::new(7);
    let mut line = 0_u64;
    fill(bytes, |text| {
        let (worker, took, item) = (random.below(16), random.below(900), random.below(100_000));
        let (minute, second) = (line / 6000 % 60, line / 100 % 60);
        // Writing into memory does not fail, here and below.
        let _written = writeln!(
            text,
            "2026-01-01T10:{minute:02}:{second:02}.{:06} INFO worker-{worker} request {line} \
             served in {took} ms path /api/v1/items/{item}",
            line % 100 * 10_000
        );
        line += 1;
    })
}

/// Each word in a colour of its own.
pub(crate) fn colour(bytes: usize) -> Vec<u8> {
    let mut random = Random::new(8);
    fill(bytes, |text| {
        for _ in 0..10 {
            let (index, red, word) = (random.below(256), random.below(256), random.below(100_000));
            let _written = write!(
                text,
                "\x1b[38;5;{index}mword{word}\x1b[48;2;{red};20;{index}m \x1b[1;4mx\x1b[m"
            );
        }
        let _written = writeln!(text);
    })
}

/// Korean, Chinese, accents, emoji alone and joined.
pub(crate) fn unicode(bytes: usize) -> Vec<u8> {
    const WORDS: [&str; 8] = [
        "안녕하세요",
        "터미널",
        "漢字仮名",
        "naïve",
        "e\u{301}tude",
        "🚀",
        "👩\u{200d}🔧",
        "Привет",
    ];
    let mut random = Random::new(9);
    fill(bytes, |text| {
        for _ in 0..8 {
            let word = usize::try_from(random.below(8)).ok().and_then(|at| WORDS.get(at));
            let _written = write!(text, "{} ", word.unwrap_or(&""));
        }
        let _written = writeln!(text);
    })
}

/// What agents and monitors do: every row anew, as one synchronized update.
pub(crate) fn redraws(bytes: usize) -> Vec<u8> {
    let mut random = Random::new(10);
    fill(bytes, |text| {
        let _written = write!(text, "\x1b[?2026h\x1b[H");
        for row in 1..SIZE.rows - 1 {
            let (color, number) = (random.below(256), random.below(1_000_000));
            let _written = write!(
                text,
                "\x1b[{row};1H\x1b[38;5;{color}mrow {row} of a screen {number:>40}\x1b[m\x1b[K"
            );
        }
        let _written = write!(text, "\x1b[?2026l");
    })
}

fn fill(bytes: usize, mut piece: impl FnMut(&mut Vec<u8>)) -> Vec<u8> {
    let mut text = Vec::with_capacity(bytes + 4096);
    while text.len() < bytes {
        piece(&mut text);
    }
    text
}
