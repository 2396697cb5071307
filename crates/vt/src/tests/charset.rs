//! Character sets: which of G0–G3 holds what, which is shown, and every line drawing character.

use super::check;

#[test]
fn each_set_can_be_designated_and_shown() {
    check("\x1b(0q\x1b(Bq", "─q");
    check("\x1b)0q\x0eq\x0fq", "q─q");
    // LS2 and LS3 lock, SS2 and SS3 are for one character, in both of their forms.
    check("\x1b*0q\x1bnqq\x0fq", "q──q");
    check("\x1b+0q\x1boqq\x0fq", "q──q");
    check("\x1b*0\x1bNqq", "─q");
    check("\x1b+0\x1bOqq", "─q");
    check("\x1b*0\u{8e}qq", "─q");
    check("\x1b+0\u{8f}qq", "─q");
    // A shift to an ASCII set inside of line drawing.
    check("\x1b(0\x1b*Bq\x1bNqq", "─q─");
}

#[test]
fn british_and_unknown_sets() {
    check("\x1b(A#a", "£a");
    check("\x1b)A#\x0e#\x0f#", "#£#");
    // What nobody has is ASCII; so are the sets of 96 characters.
    check("\x1b(K#[", "#[");
    check("\x1b(0\x1b(<q", "q");
    check("\x1b)0\x1b-Aq\x0eq", "qq");
}

#[test]
fn all_of_line_drawing() {
    let drawing = "◆▒␉␌␍␊°±␤␋┘┐┌└┼⎺⎻─⎼⎽├┤┴┬│≤≥π≠£·";
    for (byte, expected) in (b'`'..=b'~').zip(drawing.chars()) {
        check([b"\x1b(0", &[byte][..]].concat(), &expected.to_string());
    }
    // Others stay.
    check("\x1b(0AZ09 _x", "AZ09  │");
}

#[test]
fn sets_belong_to_the_saved_cursor() {
    check("\x1b(0\x1b7\x1b(Bq\x1b8q", "─");
    check("\x1b(0\x0e\x1b[!pq", "q");
    check("\x1b(0\x1bcq", "q");
    // REP repeats what was shown.
    check("\x1b(0q\x1b(B\x1b[2b", "───");
}
