//! A screen as the bytes that draw it: what an export begins with where the bytes before are no longer kept. Owns the
//! sequences. Margins, character sets and modes that draw nothing are not in it.

use std::fmt::Write as _;

use ccc_sync::Mirror;
use ccc_vt::{Link, SgrParts, Style, sgr};

/// The bytes that make a fresh terminal of its size show this.
#[must_use]
pub fn paint(mirror: &Mirror) -> Vec<u8> {
    let mut out = String::new();
    if mirror.modes().has(ccc_proto::WireModes::ALTERNATE_SCREEN) {
        out.push_str("\x1b[?1049h");
    }
    let (mut style, mut link) = (Style::default(), None);
    // Writing to a string does not fail.
    for (y, row) in mirror.rows().iter().enumerate() {
        if row.cells.is_empty() {
            continue;
        }
        let _ = write!(out, "\x1b[{}H", y + 1);
        for cell in &row.cells {
            if cell.link != link {
                link.clone_from(&cell.link);
                let said = link.as_deref();
                let id = said.map(|link: &Link| link.id.as_str()).filter(|id| !id.is_empty());
                let id = id.map_or_else(String::new, |id| format!("id={id}"));
                let _ = write!(out, "\x1b]8;{id};{}\x1b\\", said.map_or("", |link| &link.uri));
            }
            let look = Style { link: None, ..cell.style };
            if look != style {
                let _ = write!(out, "\x1b[{}m", sgr(&look, SgrParts::Semicolons));
                style = look;
            }
            out.push_str(cell.as_read());
        }
    }
    if link.is_some() {
        out.push_str("\x1b]8;;\x1b\\");
    }
    out.push_str("\x1b[m");
    let cursor = mirror.cursor();
    let _ = write!(out, "\x1b[{};{}H", cursor.row + 1, cursor.col + 1);
    if !cursor.visible {
        out.push_str("\x1b[?25l");
    }
    out.into_bytes()
}

#[cfg(test)]
mod tests {
    use ccc_sync::{FrameContext, frame_since};
    use ccc_vt::{Limits, Screen, Size};

    use super::*;

    fn check(bytes: &str) {
        let mut screen = Screen::new(Size::new(20, 4), Limits::default());
        screen.advance(bytes.as_bytes());
        let pane = ccc_proto::PaneId(0);
        let tty = ccc_proto::TtyFlags::default();
        let context = FrameContext { pane, epoch: 1, base: None, input_done: 0, tty };
        let mut mirror = Mirror::new(pane);
        let _ = mirror.apply(&frame_since(&screen, context)).unwrap();
        let mut again = Screen::new(Size::new(20, 4), Limits::default());
        again.advance(&paint(&mirror));
        for (one, other) in screen.rows().zip(again.rows()) {
            let looks = |row: ccc_vt::Row| -> Vec<_> {
                let cells = row.cells.into_iter();
                cells.map(|cell| (cell.as_read().to_owned(), cell.style, cell.link)).collect()
            };
            assert_eq!(looks(one.to_row()), looks(other.to_row()), "{bytes:?}");
        }
        assert_eq!(screen.cursor(), again.cursor(), "{bytes:?}");
        assert_eq!(screen.modes().alternate_screen, again.modes().alternate_screen);
    }

    #[test]
    fn what_is_painted_looks_the_same() {
        check("plain\r\n  \x1b[1;31mred\x1b[m 한글");
        check("\x1b[4:3;58;5;9mwave\x1b[m\x1b[3;5H\x1b[48;2;1;2;3m  x\x1b[m\x1b[2;2H\x1b[?25l");
        check("\x1b]8;id=a;https://example.org/\x1b\\link\x1b]8;;\x1b\\ no");
        check("below\x1b[?1049h\x1b[7mtop\x1b[m");
        check(&"0123456789".repeat(8));
    }
}
