//! Random programs: what a terminal is fed, cut anywhere, with resizes between.

use ccc_vt::Size;
use proptest::prelude::*;

/// One step of a screen's life.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    Bytes(Vec<u8>),
    Resize(Size),
}

/// Sequences that move rows, cells, screens and state about.
const SEQUENCES: &[&str] = &[
    "\r\n",
    "\n",
    "\n\n\n",
    "\r",
    "\t",
    "\x08",
    "\x1bM",
    "\x1bD",
    "\x1bE",
    "\x1b7",
    "\x1b8",
    "\x1b[H",
    "\x1b[3;4H",
    "\x1b[5;1H",
    "\x1b[A",
    "\x1b[2B",
    "\x1b[3C",
    "\x1b[40C",
    "\x1b[2D",
    "\x1b[J",
    "\x1b[1J",
    "\x1b[2J",
    "\x1b[3J",
    "\x1b[K",
    "\x1b[1K",
    "\x1b[2K",
    "\x1b[X",
    "\x1b[3@",
    "\x1b[2P",
    "\x1b[L",
    "\x1b[2L",
    "\x1b[M",
    "\x1b[2M",
    "\x1b[S",
    "\x1b[2S",
    "\x1b[T",
    "\x1b[2T",
    "\x1b[2;4r",
    "\x1b[1;3r",
    "\x1b[r",
    "\x1b[?69h\x1b[3;8s",
    "\x1b[?69l",
    "\x1b_Ga=T,i=1,f=24,s=1,v=1,c=3,r=2;AAAA\x1b\\",
    "\x1b_Ga=p,i=1,c=2,r=1,C=1\x1b\\",
    "\x1b_Ga=d,d=I,i=1\x1b\\",
    "\x1b_Ga=d\x1b\\",
    "\x1bPq#1;2;9;9;9!25~-!25~-!25~-!25~\x1b\\",
    "\x1bc",
    "\x1b#8",
    "\x1b[?1049h",
    "\x1b[?1049l",
    "\x1b[?47h",
    "\x1b[?47l",
    "\x1b[?1047h",
    "\x1b[?1047l",
    "\x1b[?6h",
    "\x1b[?6l",
    "\x1b[?7l",
    "\x1b[?7h",
    "\x1b[4h",
    "\x1b[4l",
    "\x1b[?25l",
    "\x1b[?25h",
    "\x1b[?5h",
    "\x1b[?5l",
    "\x1b[?1h",
    "\x1b[?1l",
    "\x1b[?2004h",
    "\x1b[?1000h",
    "\x1b[?1003h",
    "\x1b[?1000l",
    "\x1b[?1004h",
    "\x1b[?2026h",
    "\x1b[?2026l",
    "\x1b[>5u",
    "\x1b[<u",
    "\x1b[2 q",
    "\x1b[5 q",
    "\x1b[0 q",
    "\x1b[0m",
    "\x1b[1;31m",
    "\x1b[7m",
    "\x1b[38;5;200m",
    "\x1b[48;2;1;2;3m",
    "\x1b[4:3;58:2::9:8:7m",
    "\x1b[9;53m",
    "\x1b[1\"q",
    "\x1b[0\"q",
    "\x1b[?2K",
    "\x1b[44m",
    "\x1b]0;title\x07",
    "\x1b]2;\u{c81c}\u{baa9}\x1b\\",
    "\x1b]2;\x1b\\",
    "\x1b]7;file://h/srv\x07",
    "\x1b]9;4;1;40\x07",
    "\x1b]9;4;2;40\x07",
    "\x1b]9;4;3\x07",
    "\x1b]9;4;0\x07",
    "\x1b]8;;http://a/\x1b\\",
    "\x1b]8;id=x;http://b/\x1b\\",
    "\x1b]8;;\x1b\\",
    "\x1bc",
    "\x1b[!p",
    "\x1b(0",
    "\x1b(B",
    "\x1b[5b",
    "\x07",
    "\x1b[",
    "\x1b[3",
    "\x1b]0;half",
    "\u{c2}\u{9c}",
];

fn piece() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        8 => prop::sample::select(SEQUENCES).prop_map(|text| text.as_bytes().to_vec()),
        6 => "[ -~]{1,14}".prop_map(String::into_bytes),
        2 => "[ a\u{ac00}-\u{ac10}\u{301}\u{200d}\u{1f468}\u{1f469}\u{fe0f}\u{1100}\u{1161}]{1,8}"
            .prop_map(String::into_bytes),
        1 => prop::collection::vec(any::<u8>(), 1..6),
    ]
}

/// Programs as steps. The pieces are joined and cut anew, so that a cut falls anywhere.
pub(crate) fn steps() -> impl Strategy<Value = Vec<Step>> {
    let pieces = prop::collection::vec(piece(), 1..60);
    let cuts = prop::collection::vec(any::<prop::sample::Index>(), 0..10);
    let sizes = prop::collection::vec((any::<prop::sample::Index>(), 1_u16..20, 1_u16..9), 0..4);
    (pieces, cuts, sizes).prop_map(|(pieces, cuts, sizes)| {
        let bytes = pieces.concat();
        let mut ends: Vec<usize> = cuts.iter().map(|cut| cut.index(bytes.len() + 1)).collect();
        ends.push(bytes.len());
        ends.sort_unstable();
        let mut from = 0;
        let mut steps = Vec::new();
        for end in ends {
            steps.push(Step::Bytes(bytes[from..end].to_vec()));
            from = end;
        }
        for (place, cols, rows) in sizes {
            let place = place.index(steps.len() + 1);
            steps.insert(place, Step::Resize(Size::new(cols, rows)));
        }
        steps
    })
}
