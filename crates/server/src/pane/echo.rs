//! What was typed at a prompt, as the terminal shows it: for commands whose shell marks where they are
//! typed and does not tell their text. Owns which part of a screen that is, and when it is not known.

use ccc_vt::{Cell, LineNumber, Screen};

/// The text from a column of a line to its end, when what follows begins on the next line. `None` when it
/// has several lines, whose prompts cannot be told from the text, or has scrolled too far; and when it
/// begins with a blank, which is how people ask shells to forget a command.
pub(crate) fn typed(
    screen: &Screen,
    from: LineNumber,
    column: u32,
    to: LineNumber,
) -> Option<String> {
    if to.0 != from.0 + 1 || screen.modes().alternate_screen {
        return None;
    }
    let cells: Vec<Cell> = match screen.scrollback().line(from) {
        Some(line) if line.open => return None,
        Some(line) => line.cells,
        None => {
            let rows = (0..).zip(screen.rows()).filter(|(y, _)| screen.line_at(*y) == from);
            rows.flat_map(|(_, row)| row.to_row().cells).collect()
        }
    };
    let mut before = 0;
    let typed: String = cells
        .iter()
        .skip_while(|cell| {
            let skipped = before < column;
            before += u32::from(cell.width);
            skipped
        })
        .map(Cell::as_read)
        .collect();
    let typed = typed.trim_end();
    (!typed.is_empty() && !typed.starts_with(' ')).then(|| typed.to_owned())
}

#[cfg(test)]
mod tests {
    use ccc_vt::{Limits, Size};

    use super::*;

    #[track_caller]
    fn check(bytes: &str, from: u64, column: u32, expected: Option<&str>) {
        let mut screen = Screen::new(Size::new(20, 4), Limits::default());
        screen.advance(bytes.as_bytes());
        let (from, to) = (LineNumber(from), LineNumber(from + 1));
        assert_eq!(typed(&screen, from, column, to).as_deref(), expected, "{bytes:?}");
    }

    #[test]
    fn it_is_what_stands_behind_the_prompt() {
        check("$ ls -la\r\n", 0, 2, Some("ls -la"));
        check("서 $ echo 서울\r\nout", 0, 5, Some("echo 서울"));
        check("$ a command that is wrapped\r\n", 0, 2, Some("a command that is wrapped"));
        check("$ gone\r\n1\r\n2\r\n3\r\n4\r\n5", 0, 2, Some("gone"));
    }

    #[test]
    fn what_is_to_be_forgotten_or_not_there_is_not_known() {
        check("$  hidden\r\n", 0, 2, None);
        check("$ \r\n", 0, 2, None);
        check("$ ls\r\n\x1b[A\x1b[K", 0, 2, None);
        check("$ ls\r\n\x1b[?1049h", 0, 2, None);
    }
}
