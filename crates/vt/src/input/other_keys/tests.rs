//! Tables of expected bytes, from xterm's tables of modified keys (its page "modified keys", PC
//! keyboard, with modifyOtherKeys at 1 and at 2).

use crate::Modes;
use crate::input::{encode_key, parse_keys};

fn check(level: u8, keys: &str, expected: &str) {
    let modes = Modes { modify_other_keys: level, ..Modes::default() };
    let mut out = Vec::new();
    for key in parse_keys(keys).unwrap() {
        encode_key(&key, &modes, &mut out);
    }
    assert_eq!(out.escape_ascii().to_string(), expected, "{keys} at level {level}");
}

#[test]
fn plain_and_shifted_text_stays_text() {
    for level in 0..=2 {
        check(level, "a A S-a % 한 Space S-Space", "aAA%\\xed\\x95\\x9c  ");
        check(level, "Enter Tab Backspace Escape", "\\r\\t\\x7f\\x1b");
        check(level, "Up C-Up F1 S-F5 C-Delete", "\\x1b[A\\x1b[1;5A\\x1bOP\\x1b[15;2~\\x1b[3;5~");
        check(level, "D-a H-Enter", "");
    }
}

#[test]
fn level_1_changes_what_has_no_well_known_form() {
    // Kept: Ctrl with a control byte, Alt alone, Shift-Tab, Backspace.
    check(1, "C-a C-A C-Space C-3 C-/ C-_ C-? C-S-a", "\\x01\\x01\\x00\\x1b\\x1f\\x1f\\x7f\\x01");
    check(1, "M-a M-A M-Enter M-Tab M-Escape", "\\x1ba\\x1bA\\x1b\\r\\x1b\\t\\x1b\\x1b");
    check(1, "S-Tab Backspace C-Backspace M-Backspace", "\\x1b[Z\\x7f\\x08\\x1b\\x7f");
    // Changed.
    check(1, "C-,", "\\x1b[27;5;44~");
    check(1, "C-M-;", "\\x1b[27;7;59~");
    check(1, "C-! C-1 C-9", "\\x1b[27;5;33~\\x1b[27;5;49~\\x1b[27;5;57~");
    check(1, "S-Enter C-Enter C-S-Enter", "\\x1b[27;2;13~\\x1b[27;5;13~\\x1b[27;6;13~");
    check(1, "C-Tab C-S-Tab", "\\x1b[27;5;9~\\x1b[27;6;9~");
    check(1, "S-Escape", "\\x1b[27;2;27~");
}

#[test]
fn level_2_changes_all_modified_keys() {
    check(2, "C-a C-A C-S-a", "\\x1b[27;5;97~\\x1b[27;6;65~\\x1b[27;6;65~");
    check(2, "C-Space C-/ C-i", "\\x1b[27;5;32~\\x1b[27;5;47~\\x1b[27;5;105~");
    check(2, "M-a M-A C-M-a T-a", "\\x1b[27;3;97~\\x1b[27;4;65~\\x1b[27;7;97~\\x1b[27;9;97~");
    check(2, "S-Tab C-Tab M-Tab", "\\x1b[27;2;9~\\x1b[27;5;9~\\x1b[27;3;9~");
    check(2, "S-Enter M-Enter", "\\x1b[27;2;13~\\x1b[27;3;13~");
    check(2, "C-Backspace M-Backspace", "\\x1b[27;5;127~\\x1b[27;3;127~");
    check(2, "M-Escape", "\\x1b[27;3;27~");
    check(2, "C-한", "\\x1b[27;5;54620~");
}
