//! TERM is `xterm-256color`, so everything that its terminfo entry promises has to work: each output
//! capability of `infocmp -x xterm-256color` (ncurses 6.4), with an effect, or by name among the few
//! without. Left out are the strings that keys and mice send.

use super::stream::seen;
use crate::{Limits, Screen, Size};

/// Capability and its string, with parameters filled in.
const CAPABILITIES: &[(&str, &str)] = &[
    ("bel", "\x07"),
    ("blink", "\x1b[5m"),
    ("bold", "\x1b[1m"),
    ("cbt", "\x1b[Z"),
    ("civis", "\x1b[?25l"),
    ("clear", "\x1b[H\x1b[2J"),
    ("cnorm", "\x1b[?12l\x1b[?25h"),
    ("cr", "\r"),
    ("csr", "\x1b[2;5r"),
    ("cub", "\x1b[2D"),
    ("cub1", "\x08"),
    ("cud", "\x1b[2B"),
    ("cud1", "\n"),
    ("cuf", "\x1b[2C"),
    ("cuf1", "\x1b[C"),
    ("cup", "\x1b[4;9H"),
    ("cuu", "\x1b[2A"),
    ("cuu1", "\x1b[A"),
    ("cvvis", "\x1b[?12;25h"),
    ("dch", "\x1b[2P"),
    ("dch1", "\x1b[P"),
    ("dim", "\x1b[2m"),
    ("dl", "\x1b[2M"),
    ("dl1", "\x1b[M"),
    ("ech", "\x1b[2X"),
    ("ed", "\x1b[J"),
    ("el", "\x1b[K"),
    ("el1", "\x1b[1K"),
    ("flash", "\x1b[?5h\x1b[?5l"),
    ("home", "\x1b[H"),
    ("hpa", "\x1b[3G"),
    ("ht", "\t"),
    ("hts", "\x1bH"),
    ("ich", "\x1b[2@"),
    ("il", "\x1b[2L"),
    ("il1", "\x1b[L"),
    ("ind", "\n"),
    ("indn", "\x1b[2S"),
    ("initc", "\x1b]4;7;rgb:10/20/30\x1b\\"),
    ("invis", "\x1b[8m"),
    ("is2", "\x1b[!p\x1b[?3;4l\x1b[4l\x1b>"),
    ("mc0", "\x1b[i"),
    ("mc4", "\x1b[4i"),
    ("mc5", "\x1b[5i"),
    ("meml", "\x1bl"),
    ("memu", "\x1bm"),
    ("mgc", "\x1b[?69l"),
    ("nel", "\x1bE"),
    ("oc", "\x1b]104\x07"),
    ("op", "\x1b[39;49m"),
    ("rc", "\x1b8"),
    ("rep", "x\x1b[3b"),
    ("rev", "\x1b[7m"),
    ("ri", "\x1bM"),
    ("rin", "\x1b[2T"),
    ("ritm", "\x1b[23m"),
    ("rmacs", "\x1b(B"),
    ("rmam", "\x1b[?7l"),
    ("rmcup", "\x1b[?1049l\x1b[23;0;0t"),
    ("rmir", "\x1b[4l"),
    ("rmkx", "\x1b[?1l\x1b>"),
    ("rmm", "\x1b[?1034l"),
    ("rmso", "\x1b[27m"),
    ("rmul", "\x1b[24m"),
    ("rs1", "\x1bc\x1b]104\x07"),
    ("rs2", "\x1b[!p\x1b[?3;4l\x1b[4l\x1b>"),
    ("sc", "\x1b7"),
    ("setab", "\x1b[44m"),
    ("setab", "\x1b[104m"),
    ("setab", "\x1b[48;5;200m"),
    ("setaf", "\x1b[34m"),
    ("setaf", "\x1b[94m"),
    ("setaf", "\x1b[38;5;200m"),
    ("sgr", "\x1b(0\x1b[0;1;2;4;7;5;8m"),
    ("sgr0", "\x1b(B\x1b[m"),
    ("sitm", "\x1b[3m"),
    ("smacs", "\x1b(0"),
    ("smam", "\x1b[?7h"),
    ("smcup", "\x1b[?1049h\x1b[22;0;0t"),
    ("smglp", "\x1b[?69h\x1b[3s"),
    ("smglr", "\x1b[?69h\x1b[3;9s"),
    ("smgrp", "\x1b[?69h\x1b[;9s"),
    ("smir", "\x1b[4h"),
    ("smkx", "\x1b[?1h\x1b="),
    ("smm", "\x1b[?1034h"),
    ("smso", "\x1b[7m"),
    ("smul", "\x1b[4m"),
    ("tbc", "\x1b[3g"),
    ("u7", "\x1b[6n"),
    ("u9", "\x1b[c"),
    ("vpa", "\x1b[5d"),
    ("BD", "\x1b[?2004l"),
    ("BE", "\x1b[?2004h"),
    ("Cr", "\x1b]112\x07"),
    ("Cs", "\x1b]12;#102030\x07"),
    ("E3", "\x1b[3J"),
    ("Ms", "\x1b]52;c;aGk=\x07"),
    ("Se", "\x1b[2 q"),
    ("Ss", "\x1b[4 q"),
    ("XM", "\x1b[?1006;1000h"),
    ("XM", "\x1b[?1006;1000l"),
    ("rmxx", "\x1b[29m"),
    ("smxx", "\x1b[9m"),
];

/// Printers, memory that is locked, and a Meta key that sets the eighth bit.
const WITHOUT_EFFECT: [&str; 7] = ["mc0", "mc4", "mc5", "meml", "memu", "rmm", "smm"];

/// A screen with something everywhere, and one on which everything is switched on.
const BEFORE: [&str; 2] = [
    "one\r\ntwo\r\nthree\r\nfour\r\nfive\r\nsix\x1b[3;3H",
    "\x1b[?1049h\x1b[22t\x1b]2;title\x07one\r\ntwo\r\nthree\x1b7\x1b[?12;1;69;2004;1000;1006h\x1b[2;8s\
     \x1b=\x1b[4h\x1b[?7;25l\x1b]4;1;#000001\x07\x1b]12;#000001\x07\
     \x1b[1;2;3;4;5;7;8;9;31;42m\x1b(0\x1b[2;4H",
];

fn after(before: &str, bytes: &[u8]) -> (super::stream::Seen, String) {
    let mut screen = Screen::new(Size::new(20, 6), Limits::default());
    screen.advance(before.as_bytes());
    screen.advance(bytes);
    // What the parser remembers of a sequence that is over is the same then.
    screen.advance(b"\x1b[?y");
    (seen(&mut screen, Vec::new(), Vec::new()), screen.text())
}

#[test]
fn every_promise_of_the_terminfo_entry_is_kept() {
    for (name, sequence) in CAPABILITIES {
        // NUL does nothing, and as many bytes make the same offsets.
        let nothing = vec![0; sequence.len()];
        let has_effect = BEFORE
            .iter()
            .any(|before| after(before, sequence.as_bytes()) != after(before, &nothing));
        assert_eq!(has_effect, !WITHOUT_EFFECT.contains(name), "{name}");
        for before in BEFORE {
            let mut screen = Screen::new(Size::new(20, 6), Limits::default());
            screen.advance(before.as_bytes());
            screen.advance(sequence.as_bytes());
            assert_eq!(screen.parser.state, crate::parser::State::Ground, "{name}");
        }
    }
}

#[test]
fn nothing_of_a_sequence_is_printed() {
    for (name, sequence) in CAPABILITIES.iter().filter(|(name, _)| *name != "rep") {
        let mut screen = Screen::new(Size::new(20, 6), Limits::default());
        screen.advance(sequence.as_bytes());
        assert_eq!(screen.text(), "", "{name}");
    }
}
