//! Composition of rows and chrome.

use super::*;

const SIZE: Size = Size { cols: 6, rows: 1 };

fn row(text: &str) -> Row {
    let cells = text
        .chars()
        .map(|c| Cell { text: c.into(), width: ccc_vt::char_width(c), ..Cell::blank() })
        .collect();
    Row { cells, ..Row::default() }
}

fn chrome(x: u16, text: &str) -> Buffer {
    let width = u16::try_from(text.chars().count()).unwrap();
    let mut buffer = Buffer::empty(Rect { x, y: 0, width, height: 1 });
    buffer.set_string(x, 0, text, ratatui::style::Style::default());
    buffer
}

#[test]
fn a_row_is_cut_at_its_area_and_a_half_character_leaves_a_blank() {
    let mut surface = Surface::new(SIZE);
    surface.draw_row(Rect { x: 0, y: 0, width: 3, height: 1 }, 0, &row("가나"));
    assert_eq!(surface.text(), "가\n");
    assert_eq!(surface.row(0)[2], Cell::blank());
}

#[test]
fn chrome_over_half_a_wide_character_blanks_the_other_half() {
    let mut surface = Surface::new(SIZE);
    surface.draw_row(surface.area(), 0, &row("가나다"));
    surface.draw_chrome(&chrome(1, "│"));
    assert_eq!(surface.text(), " │나다\n");
    surface.draw_chrome(&chrome(2, "│"));
    assert_eq!(surface.text(), " ││ 다\n");
}

#[test]
fn a_shorter_row_wipes_what_stood_there() {
    let mut surface = Surface::new(SIZE);
    surface.draw_row(surface.area(), 0, &row("abcdef"));
    surface.draw_row(surface.area(), 0, &row("xy"));
    assert_eq!(surface.text(), "xy\n");
}
