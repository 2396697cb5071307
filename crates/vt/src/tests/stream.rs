//! Random streams that look like terminal output: mostly valid, partly hostile.

use std::fmt;

use proptest::prelude::*;

use crate::{CellPixels, Limits, Notice, Row, Screen, Size};

/// So many random cases. A failure is told, not written to a file: it becomes a test of its own.
pub(crate) fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

/// One step of a fold.
#[derive(Clone)]
pub(crate) enum Step {
    Bytes(Vec<u8>),
    Resize(u16, u16),
    Cell(u16, u16),
}

impl fmt::Debug for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bytes(bytes) => write!(f, "b\"{}\"", bytes.escape_ascii()),
            Self::Resize(cols, rows) => write!(f, "{cols}x{rows}"),
            Self::Cell(width, height) => write!(f, "cells of {width}x{height}"),
        }
    }
}

pub(crate) fn feed(screen: &mut Screen, steps: &[Step]) {
    for step in steps {
        match step {
            Step::Bytes(bytes) => screen.advance(bytes),
            Step::Resize(cols, rows) => screen.resize(Size::new(*cols, *rows)),
            Step::Cell(width, height) => screen.set_cell(CellPixels::new(*width, *height)),
        }
    }
}

pub(crate) fn screen(cols: u16, rows: u16) -> Screen {
    Screen::new(Size::new(cols, rows), Limits::default())
}

/// All that can be seen of a screen, to be compared.
#[derive(Debug, PartialEq)]
pub(crate) struct Seen {
    rows: Vec<(Row, u64)>,
    rest: String,
    notices: Vec<Notice>,
    replies: String,
    checkpoint: Vec<u8>,
}

impl Seen {
    /// Where it differs from `other`, for people.
    pub(crate) fn differs(&self, other: &Self) -> Option<String> {
        if self == other {
            return None;
        }
        for (one, two) in self.rows.iter().zip(&other.rows) {
            if one != two {
                return Some(format!(
                    "rows {:?} {one:?}\n {:?} {two:?}",
                    one.0.text(),
                    two.0.text()
                ));
            }
        }
        if (&self.rest, &self.replies) != (&other.rest, &other.replies)
            || self.notices != other.notices
        {
            let parts =
                |seen: &Self| format!("{} {:?} {:?}", seen.rest, seen.replies, seen.notices);
            return Some(format!("{}\n{}", parts(self), parts(other)));
        }
        let differs = self.checkpoint.iter().zip(&other.checkpoint).position(|(a, b)| a != b);
        let at = differs.unwrap_or(0);
        let near = |seen: &Self| {
            let bytes = seen.checkpoint.get(at.saturating_sub(60)..).unwrap_or_default();
            bytes[..bytes.len().min(90)].escape_ascii().to_string()
        };
        Some(format!("checkpoints at {at}:\n{}\n{}", near(self), near(other)))
    }
}

pub(crate) fn seen(screen: &mut Screen, mut notices: Vec<Notice>, mut replies: Vec<u8>) -> Seen {
    notices.extend(screen.take_notices());
    replies.extend(screen.take_replies());
    let rest = format!(
        "{:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?}",
        screen.cursor(),
        screen.modes(),
        screen.title(),
        screen.icon_name(),
        screen.cwd(),
        screen.progress(),
        screen.seq(),
        screen.offset(),
        screen.scrollback().end(),
        screen.images().collect::<Vec<_>>(),
        screen.placements(),
    );
    Seen {
        rows: screen.rows().map(|row| (row.to_row(), row.seq().0)).collect(),
        rest,
        notices,
        replies: String::from_utf8(replies).expect("replies are text"),
        checkpoint: screen.checkpoint(),
    }
}

fn text() -> impl Strategy<Value = Vec<u8>> {
    let words = prop::sample::select(vec![
        "hello world",
        "한글",
        "日本語",
        "e\u{301}",
        "👩\u{200d}👩\u{200d}👧",
        "🇩🇪🇫🇷",
        "❤\u{fe0f}",
        "👍🏽",
        "ä",
        "\u{301}",
        "\u{200d}",
        "x",
        "\u{9b}3A",
        "\u{9d}0;t\u{9c}",
        "\u{85}",
        "क्षि",
        "\u{ad}",
        "日本語テキストと한국어를 섞다",
        "Привет, κόσμε ── │ ©®",
        "🎉🚀👩\u{200d}💻👍🏽🇰🇷🇩❤\u{fe0f}⌚\u{fe0e}",
        "e\u{301}\u{302}ñ",
        "👩\u{200d}©\u{200d}é 1\u{fe0f}\u{20e3} \u{600}1",
        "\u{1112}\u{1161}\u{11ab}한\u{1112}가",
        "\u{200d}🎉\u{200d}한",
        "１２ｗｉｄｅ、。",
    ]);
    prop_oneof![
        4 => "[ -~]{1,40}".prop_map(String::into_bytes),
        4 => words.prop_map(|word| word.as_bytes().to_vec()),
        1 => prop::collection::vec(any::<u8>(), 1..8),
    ]
}

fn number() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => Just(String::new()),
        6 => (0_u16..12).prop_map(|n| n.to_string()),
        2 => (0_u16..110).prop_map(|n| n.to_string()),
        1 => any::<u32>().prop_map(|n| n.to_string()),
    ]
}

fn csi() -> impl Strategy<Value = Vec<u8>> {
    let finals = prop::sample::select(b"@ABCDEFGHIJKLMPSTXZ`abcdefghlmnpqrstuvxz{}~^".to_vec());
    let marker = prop::sample::select(vec!["", "", "", "", "?", ">", "<", "="]);
    let middle =
        prop::sample::select(vec!["", "", "", "", "", "", " ", "$", "$", "!", "\"", "'", "*"]);
    (marker, prop::collection::vec(number(), 0..5), middle, finals).prop_map(
        |(marker, numbers, middle, last)| {
            let numbers = numbers.join(";");
            format!("\x1b[{marker}{numbers}{middle}{}", char::from(last)).into_bytes()
        },
    )
}

fn mode() -> impl Strategy<Value = Vec<u8>> {
    let modes = prop::sample::select(vec![
        1, 5, 6, 7, 12, 25, 45, 47, 66, 69, 80, 1000, 1002, 1003, 1004, 1006, 1007, 1015, 1016,
        1047, 1048, 1049, 2004, 2026, 2027, 2031, 2048,
    ]);
    let last = prop::sample::select(vec!["h", "l", "h", "l", "$p", "s", "r"]);
    (modes, last).prop_map(|(mode, last)| format!("\x1b[?{mode}{last}").into_bytes())
}

fn sgr() -> impl Strategy<Value = Vec<u8>> {
    let codes = prop::sample::select(vec![
        "0",
        "1",
        "2",
        "3",
        "4",
        "4:3",
        "4:0",
        "5",
        "7",
        "8",
        "9",
        "21",
        "22",
        "24",
        "27",
        "31",
        "39",
        "44",
        "49",
        "53",
        "59",
        "97",
        "103",
        "38;5;200",
        "38;2;1;2;3",
        "48:2::9:8:7",
        "48;2;5;5;5",
        "58:5:9",
        "58;2;3;4;5",
        "",
    ]);
    prop::collection::vec(codes, 0..4)
        .prop_map(|codes| format!("\x1b[{}m", codes.join(";")).into_bytes())
}

fn other() -> impl Strategy<Value = Vec<u8>> {
    let fixed: Vec<&'static [u8]> = vec![
        b"\r\n",
        b"\n",
        b"\r",
        b"\t",
        b"\x08",
        b"\x07",
        b"\x07\x07",
        b"\x0e",
        b"\x0f",
        b"\x1b7",
        b"\x1b8",
        b"\x1bD",
        b"\x1b6",
        b"\x1b9",
        b"\x1b[?69h\x1b[3;9s",
        b"\x1b[?69h\x1b[2;11s\x1b[2;4r\x1b[?6h",
        b"\x1b[2*x",
        b"\x1b[2;3;4;9;1;44$r",
        b"\x1b[1;2;3;6;1;2;4$v",
        b"\x1bE",
        b"\x1bM",
        b"\x1bH",
        b"\x1b(0",
        b"\x1b(B",
        b"\x1b)0",
        b"\x1bN",
        b"\x1b#8",
        b"\x1b=",
        b"\x1b>",
        b"\x1bc",
        b"\x1b[?1049h",
        b"\x1b[?1049l",
        b"\x1b]0;a title\x07",
        b"\x1b]2;other\x1b\\",
        b"\x1b]7;file://h/tmp\x07",
        b"\x1b[22t",
        b"\x1b[23t",
        b"\x1b]8;;http://a\x1b\\",
        b"\x1b]8;id=1;http://b\x07",
        b"\x1b]8;;\x07",
        b"\x1b]133;A\x07",
        b"\x1b]133;C\x1b\\",
        b"\x1b]133;D;3\x07",
        b"\x1b]52;c;aGk=\x07",
        b"\x1b]9;4;1;40\x07",
        b"\x1b]777;notify;a;b\x07",
        b"\x1bP$qm\x1b\\",
        b"\x1bP+q544e\x1b\\",
        b"\x1b_Gi=1\x1b\\",
        b"\x1b_Ga=T,i=1,f=24,s=1,v=1,c=3,r=2;AAAA\x1b\\",
        b"\x1b_Ga=T,f=32,s=2,v=1,z=-1,C=1,r=4;AAAAAAAAAAA=\x1b\\",
        b"\x1b_Ga=t,i=2,p=5,f=24,s=1,v=2,m=1;AAAA\x1b\\",
        b"\x1b_Gm=0;AAAA\x1b\\",
        b"\x1b_Ga=p,i=2,U=1,c=2,r=2\x1b\\",
        b"\x1b_Ga=p,i=1,p=7,r=9\x1b\\",
        b"\x1b_Ga=d,d=I,i=1\x1b\\",
        b"\x1b_Ga=d\x1b\\",
        b"\x1b_Ga=d,d=y,y=2\x1b\\",
        b"\x1b_Ga=q,i=3,s=1,v=1,f=24;AAAA\x1b\\",
        b"\x1b_Ga=t,t=f,i=4;L2V0Yw==\x1b\\",
        "\x1b[38;5;2m\u{10eeee}\u{305}\u{305}\u{10eeee}\x1b[m".as_bytes(),
        b"\x1bPq#1;2;9;9;9!30~-!30~-!30~-!30~\x1b\\",
        b"\x1bP0;1q\"1;1;9;9#0~",
        b"\x1bXskip\x1b\\",
        b"\x1b]11;?\x07",
        b"\x1b]11;rgb:12/34/56\x07",
        b"\x1b]4;3;#abcdef;4;?\x07",
        b"\x1b]104;3\x07",
        b"\x1b]110\x07",
        b"\x1b]99;i=1:d=0;one\x1b\\",
        b"\x1b]99;i=2:d=0:p=body;two\x1b\\",
        b"\x1b]99;i=1:p=body;end\x1b\\",
        b"\x1b[>1u",
        b"\x1b[<u",
        b"\x1b[3J",
        b"\x1b[2J",
        b"\x1b[H\x1b[J",
        b"\x1b",
        b"\x1b[",
        b"\x1b]",
        b"\x1bP",
        b"\x18",
        b"\x1b[38;2;1",
    ];
    prop::sample::select(fixed).prop_map(<[u8]>::to_vec)
}

pub(crate) fn piece() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![4 => text(), 4 => csi(), 2 => sgr(), 1 => mode(), 4 => other()]
}

pub(crate) fn bytes() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(piece(), 1..60).prop_map(|pieces| pieces.concat())
}

pub(crate) fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        8 => piece().prop_map(Step::Bytes),
        1 => (0_u16..30, 0_u16..12).prop_map(|(cols, rows)| Step::Resize(cols, rows)),
        1 => (0_u16..30, 0_u16..220).prop_map(|(width, height)| Step::Cell(width, height)),
    ];
    prop::collection::vec(step, 1..80)
}
