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

#[test]
fn a_patch_makes_the_picture_that_drawing_all_makes() {
    let whole = Rect { x: 0, y: 0, width: 6, height: 2 };
    let (left, right) = (Rect { width: 3, ..whole }, Rect { x: 4, width: 2, ..whole });
    let size = Size { rows: 2, ..SIZE };
    let draw = |rows: &[(Rect, u16, &str)]| {
        let mut surface = Surface::new(size);
        for (area, y, text) in rows {
            surface.draw_shared_row(*area, *y, &Arc::new(row(text)));
        }
        surface
    };
    let cases: &[(Rect, &str, &str)] = &[
        (whole, "abcdef", "xy"),
        (whole, "", "가나다"),
        (whole, "abc", "가나다라"),
        (left, "가x", "x가나"),
        (left, "ab", "abcdef"),
        (right, "나", "x나"),
    ];
    for (area, old, new) in cases {
        let beside: &[(Rect, u16, &str)] =
            &[(left, 0, "123"), (right, 0, "45"), (whole, 1, "under")];
        let mut before = draw(&[beside, &[(*area, 0, old)]].concat());
        let mut patch = Patch::default();
        patch.draw_row(&before, *area, 0, &Arc::new(row(new)));
        patch.title = "said".into();
        before.lay(patch);
        let after = draw(&[beside, &[(*area, 0, old), (*area, 0, new)]].concat());
        assert_eq!(before.text(), after.text(), "{old:?} becomes {new:?} in {area}");
        assert!((0..2).all(|y| before.row(y) == after.row(y)), "{old:?} becomes {new:?} in {area}");
        assert_eq!(before.title, "said");
    }
    // Two panes beside each other change the same line.
    let mut before = draw(&[(left, 0, "abc"), (right, 0, "de")]);
    let mut patch = Patch::default();
    patch.draw_row(&before, right, 0, &Arc::new(row("yz")));
    patch.draw_row(&before, left, 0, &Arc::new(row("x")));
    before.lay(patch);
    assert_eq!(before.text(), "x   yz\n\n");
}
