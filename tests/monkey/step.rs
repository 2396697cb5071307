//! What the monkey can do: a step at a time, by chance. Owns which steps there are and how often each comes; doing
//! them is the cage's.

use ccc_testkit::Size;
use ccc_testkit::vt::CellPixels;

use super::chance::Chance;

/// One thing that a person, a program or somebody else does.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// Bytes typed as they are, in one piece or a character at a time.
    Type {
        text: String,
        at_once: bool,
    },
    /// Keys as people write them.
    Keys(String),
    /// The outer terminal has another size.
    Resize(Size),
    /// The outer terminal has another font, and so another size.
    Font(CellPixels, Size),
    /// The outer terminal takes nothing, or goes on.
    Stuck(bool),
    /// A word for the program of some pane, by a number that is any.
    Word {
        pane: usize,
        word: &'static str,
    },
    /// A command on the command line about some pane, which is put in the place of `PANE`.
    Command {
        pane: usize,
        words: Vec<&'static str>,
    },
    /// A pane is closed, if others are left.
    Close {
        pane: usize,
    },
    /// Somebody else comes with another size, or goes.
    Other(Option<Size>),
    /// Somebody else types.
    OtherTypes(&'static str),
    /// Somebody comes to some pane by `attach --raw`, or has another size if they are there; or goes.
    Raw(Option<(usize, Size)>),
    RawTypes(&'static str),
    RawStuck(bool),
    KillServer,
    /// The network is so bad from now on.
    Weather {
        delay_ms: u64,
        loss_percent: u8,
        down: bool,
    },
    /// The client has another address.
    Move,
}

const SIZES: &[Size] = &[
    Size::new(80, 24),
    Size::new(80, 25),
    Size::new(100, 30),
    Size::new(41, 12),
    Size::new(121, 33),
    Size::new(60, 18),
    Size::new(24, 6),
];

/// Of somebody else: by theirs the two are told apart.
const OTHER_SIZES: &[Size] =
    &[Size::new(90, 27), Size::new(50, 14), Size::new(130, 40), Size::new(30, 8)];

const RAW_SIZES: &[Size] =
    &[Size::new(70, 20), Size::new(95, 26), Size::new(36, 10), Size::new(110, 35)];

const FONTS: &[CellPixels] = &[
    CellPixels::STANDARD,
    CellPixels::new(9, 18),
    CellPixels::new(13, 26),
    CellPixels::new(7, 15),
];

/// What is typed at programs; nothing that ends one, stops its terminal or says yes.
const TEXTS: &[&str] = &[
    "a",
    "word ",
    "some words ",
    "한글",
    "가나다 ",
    "😀",
    "e\u{301}",
    "\r",
    "\r",
    "\x7f",
    "\x7f\x7f\x7f",
    "\x15",
    "\x03",
    "\x1b[D",
    "\x1b[D\x1b[D",
    "\x1b[C",
    "\x1b[A",
    "\x17",
    "paint\r",
    "flood\r",
    "wide\r",
    "keys\r",
    "silent\r",
    "loud\r",
    "image\r",
    "sixel\r",
    "put\r",
    "0123456789 0123456789 0123456789 0123456789 ",
];

const RAW_TEXTS: &[&str] =
    &["flood\r", "image\r", "sixel\r", "other\r", "raw words", "\x02%", "\r", "\x03", "wide\r"];

/// Actions that keep everything alive.
const ACTIONS: &[&str] = &[
    "z",
    "z",
    "o",
    ";",
    "<left>",
    "<right>",
    "<up>",
    "<down>",
    "n",
    "p",
    "l",
    "1",
    "2",
    "3",
    "{",
    "}",
    "*",
    "!",
    "<space>",
    "<C-left>",
    "<C-right><C-right>",
    "<M-up>",
    "<C-down>",
    "q1",
    "q2",
    "q3",
    "q",
    "<esc>",
    "xn",
    "&n",
    "]",
    "k",
    "(",
    ")",
    "<tab>",
    "o<C-b>o",
    "zab<C-b>o",
    "oword<C-b>;",
    "zab<C-b>zcd",
    "[q",
    "[<C-c>ab",
    "?<C-c>a",
    ":<C-c>",
    "nword<C-b>p",
    "<left>a<C-b><right>b",
];
/// Views, and what is done in them; at each bar it is waited for what is drawn. What can do anything is left again.
const VIEWS: &[&str] = &[
    "[",
    "<pageup>",
    "[gg",
    "[kkkvw",
    "[Vkk<ret>",
    "[<C-u>q",
    "[/a<ret>n",
    "[?1<ret>NN",
    "/wor<ret>",
    "?|<down><down>|<C-c>",
    ":|xyz<C-w>a|<C-c>",
    ":zoom|<ret>",
    ":float|<ret>",
    ":next-l|<ret>",
    ":xyz<ret>",
    "<C-r>",
    "<C-r>a",
    "f",
    "fword",
    "fword|<ret>",
    "i",
    "s",
    "w",
    "w|<down>|<ret>",
    "r",
    "r|<space>",
    "r<left>|<left>",
    "y",
    "y|a",
    ",",
    ",|<C-u>tab<space>이름|<ret>",
];
/// Keys of those views.
const IN_VIEWS: &[&str] = &[
    "k", "j", "<C-u>", "<C-f>", "G", "<home>", "q", "<C-c>", "<down>", "<up>", "w", "<pageup>",
    "v", "<ret>",
];

const WORDS: &[&str] = &[
    "flood",
    "flood",
    "paint",
    "paint",
    "wide",
    "wide",
    "other",
    "first",
    "light",
    "dark",
    "hide",
    "show",
    "title",
    "bell",
    "note",
    "link",
    "mouse",
    "plain",
    "hover",
    "region",
    "whole",
    "image",
    "gone",
    "silent",
    "loud",
    "keys",
    "reset",
    "something",
    "leave",
    "image",
    "sixel",
    "sixel",
    "put",
    "put",
    "again",
    "anew",
    "piece",
    "under",
    "cells",
    "big",
    "across",
    "lift",
    "sink",
    "insert",
    "clear",
    "removed",
];

const COMMANDS: &[&[&str]] = &[
    &["split", "PANE", "--right", "--detached"],
    &["split", "PANE", "--down"],
    &["tab", "new", "work", "--detached"],
    &["pane", "zoom", "PANE"],
    &["pane", "float", "PANE"],
    &["pane", "float", "PANE", "--off"],
    &["pane", "swap", "PANE"],
    &["pane", "select", "PANE"],
    &["tab", "rename", "PANE", "탭 이름"],
    &["send", "PANE", "typed elsewhere", "--enter"],
    &["send", "PANE", "--keys", "C-c"],
    &["restart", "PANE"],
    &["capture", "PANE"],
    &["new", "-d", "-n", "another"],
    &["kill", "another"],
];

impl Step {
    pub(crate) fn by(chance: &mut Chance, far: bool) -> Self {
        let pane = chance.below(16);
        match chance.below(if far { 119 } else { 107 }) {
            0..24 => Self::Type { text: text(chance), at_once: chance.one_in(2) },
            24..36 => Self::Keys(format!("<C-b>{}", chance.of_all(ACTIONS))),
            36..42 => Self::Keys(format!("<C-b>{}", chance.of_all(&["%", "\"", "c", "%", "\""]))),
            42..50 => Self::Keys(format!("<C-b>{}", chance.of_all(VIEWS))),
            50..57 => Self::Keys(chance.of_all(IN_VIEWS).into()),
            57..61 => Self::Resize(chance.of_all(SIZES)),
            61..64 => Self::Stuck(chance.one_in(2)),
            64..80 => Self::Word { pane, word: chance.of_all(WORDS) },
            80..87 => Self::Command { pane, words: chance.of_all(COMMANDS).to_vec() },
            87 => Self::Close { pane },
            88..90 => Self::Other(chance.one_in(2).then(|| chance.of_all(OTHER_SIZES))),
            90..92 => Self::OtherTypes(chance.of_all(&["other", "\x02z", "\x02o", "\r", "\x02n"])),
            92 => Self::KillServer,
            93..99 => Self::Type { text: mouse(chance), at_once: true },
            99 => Self::Type { text: chance.of_all(&["\x1b[O", "\x1b[I"]).into(), at_once: true },
            100..104 => {
                let comes = !chance.one_in(3);
                Self::Raw(comes.then(|| (pane, chance.of_all(RAW_SIZES))))
            }
            104 => Self::RawTypes(chance.of_all(RAW_TEXTS)),
            105 => Self::RawStuck(chance.one_in(2)),
            106 => Self::Font(chance.of_all(FONTS), chance.of_all(SIZES)),
            107..117 => Self::Weather {
                delay_ms: chance.of_all(&[0, 20, 150, 400]),
                loss_percent: chance.of_all(&[0, 0, 20]),
                down: chance.one_in(8),
            },
            _ => Self::Move,
        }
    }
}

fn text(chance: &mut Chance) -> String {
    let count = 1 + chance.below(4);
    let text: String = (0..count).map(|_| chance.of_all(TEXTS)).collect();
    match chance.one_in(12) {
        true => format!("\x1b[200~pasted {}\x1b[201~", text.replace(['\r', '\x1b', '\x03'], " ")),
        false => text,
    }
}

/// A click, a drag, a turn of the wheel or a movement somewhere, as terminals tell it.
fn mouse(chance: &mut Chance) -> String {
    let mut at = || (1 + chance.below(100), 1 + chance.below(30));
    let ((x, y), (to_x, to_y)) = (at(), at());
    match chance.below(6) {
        0 => format!("\x1b[<0;{x};{y}M\x1b[<0;{x};{y}m"),
        1 => format!("\x1b[<0;{x};{y}M\x1b[<0;{x};{y}m\x1b[<0;{x};{y}M\x1b[<0;{x};{y}m"),
        2 => format!("\x1b[<0;{x};{y}M\x1b[<32;{to_x};{to_y}M\x1b[<0;{to_x};{to_y}m"),
        3 => format!("\x1b[<64;{x};{y}M"),
        4 => format!("\x1b[<65;{x};{y}M\x1b[<65;{x};{y}M"),
        _ => format!("\x1b[<35;{x};{y}M\x1b[<35;{to_x};{to_y}M"),
    }
}
