//! Cells as text for scripts: plain, or with their look as escape sequences. Owns where a look is written;
//! which rows are shown is the asker's affair.

use std::fmt::Write as _;

use ccc_vt::{Cell, SgrParts, Style, sgr};

/// The cells as text, blanks as spaces, those at the end left out unless they have a look that is
/// asked for.
pub(super) fn text(cells: &[Cell], ansi: bool) -> String {
    let mut out = String::with_capacity(cells.len());
    let mut style = Style::default();
    let mut end = 0;
    for cell in cells {
        let look = Style { link: None, ..cell.style };
        if ansi && look != style {
            // Writing to a string does not fail.
            let _ = write!(out, "\x1b[{}m", sgr(&look, SgrParts::Semicolons));
            style = look;
        }
        let text = cell.as_read();
        out.push_str(text);
        let shows = text != " " || (ansi && look != Style::default());
        if shows {
            end = out.len();
        }
    }
    out.truncate(end);
    if ansi && style != Style::default() {
        out.push_str("\x1b[m");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use ccc_vt::{Limits, Screen, Size};

    /// What a terminal shows of `bytes`, as text with its look.
    #[track_caller]
    fn check(bytes: &str, expected: &str) {
        let mut screen = Screen::new(Size::new(40, 1), Limits::default());
        screen.advance(bytes.as_bytes());
        let row = screen.row(0).unwrap().to_row();
        let shown = text(&row.cells, true);
        assert_eq!(shown, expected);
        let mut again = Screen::new(Size::new(40, 1), Limits::default());
        again.advance(shown.as_bytes());
        assert_eq!(again.row(0).unwrap().to_row().cells, row.cells);
    }

    #[test]
    fn looks_are_written_once_where_they_change_and_ended() {
        check("plain", "plain");
        check("\x1b[1;31mred\x1b[m x", "\x1b[0;1;31mred\x1b[0m x");
        check("\x1b[92;48;5;200mx", "\x1b[0;92;48;5;200mx\x1b[m");
        check("\x1b[4:3;58:2::1:2:3mx", "\x1b[0;4:3;58:2::1:2:3mx\x1b[m");
        check("\x1b[44m  \x1b[m", "\x1b[0;44m  \x1b[m");
    }

    #[test]
    fn plain_text_has_no_sequences_and_no_blanks_at_its_end() {
        let mut screen = Screen::new(Size::new(40, 1), Limits::default());
        screen.advance("\x1b[1m한글 x\x1b[44m   ".as_bytes());
        assert_eq!(text(&screen.row(0).unwrap().to_row().cells, false), "한글 x");
    }
}
