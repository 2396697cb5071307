//! SGR in every form, and links.

use super::fed;
use crate::{Attrs, Color, Style, Underline};

/// The style of the first cell after `sgr`.
fn style(sgr: &str) -> Style {
    fed(10, 2, format!("{sgr}x")).row(0).unwrap().cells().next().unwrap().style()
}

#[test]
fn attributes_on_and_off() {
    let all = Attrs::all() - Attrs::PROTECTED;
    assert_eq!(style("\x1b[1;2;3;5;7;8;9;53m").attrs, all);
    assert_eq!(style("\x1b[1;2;3;5;7;8;9;53m\x1b[22;23;25;27;28;29;55m").attrs, Attrs::empty());
    assert_eq!(style("\x1b[1;31m\x1b[m"), Style::default());
    assert_eq!(style("\x1b[1;31m\x1b[;3m").attrs, Attrs::ITALIC);
}

#[test]
fn underlines() {
    for (sgr, underline) in [
        ("4", Underline::Single),
        ("4:0", Underline::None),
        ("4:2", Underline::Double),
        ("4:3", Underline::Curly),
        ("4:4", Underline::Dotted),
        ("4:5", Underline::Dashed),
        ("21", Underline::Double),
        ("4:3;24", Underline::None),
    ] {
        assert_eq!(style(&format!("\x1b[{sgr}m")).underline, underline, "{sgr}");
    }
}

#[test]
fn colours_in_every_form() {
    for sgr in ["38;2;1;2;3", "38:2:1:2:3", "38:2::1:2:3", "38:2:0:1:2:3", "38:2::1:2:3:0:0"] {
        assert_eq!(style(&format!("\x1b[{sgr}m")).fg, Color::Rgb(1, 2, 3), "{sgr}");
        let under = style(&format!("\x1b[{}m", sgr.replacen("38", "58", 1)));
        assert_eq!(
            (under.underline_color, under.attrs),
            (Color::Rgb(1, 2, 3), Attrs::empty()),
            "{sgr}"
        );
    }
    assert_eq!(style("\x1b[38;5;200;1m").fg, Color::Indexed(200));
    assert_eq!(style("\x1b[48:5:200m").bg, Color::Indexed(200));
    assert_eq!(style("\x1b[97;107m").fg, Color::Indexed(15));
    assert_eq!(style("\x1b[31;39m").fg, Color::Default);
    assert_eq!(style("\x1b[58:5:3;59m").underline_color, Color::Default);
    // The parameters after a colour are its own.
    let both = style("\x1b[38;2;10;20;30;48;5;7;4m");
    assert_eq!(
        (both.fg, both.bg, both.underline),
        (Color::Rgb(10, 20, 30), Color::Indexed(7), Underline::Single)
    );
}

#[test]
fn links() {
    let screen =
        fed(20, 2, "\x1b]8;id=a;http://x\x1b\\one\x1b]8;;\x1b\\ \x1b]8;;http://x/;y\x07two");
    let row = screen.row(0).unwrap().to_row();
    let link = |index: usize| {
        row.cells[index].link.as_deref().map(|link| (link.id.as_str(), link.uri.as_str()))
    };
    assert_eq!(link(0), Some(("a", "http://x")));
    assert_eq!(link(3), None);
    assert_eq!(link(4), Some(("", "http://x/;y")));
    assert!(row.cells.iter().all(|cell| cell.style.link.is_none()));
    let id = screen.row(0).unwrap().cells().next().unwrap().style().link.unwrap();
    assert_eq!(screen.link(id).unwrap().uri, "http://x");
}

#[test]
fn links_survive_the_scrollback() {
    let screen = fed(20, 1, "\x1b]8;;http://x\x07a\x1b]8;;\x07b\r\n");
    let line = screen.scrollback().line(crate::LineNumber(0)).unwrap();
    assert_eq!(line.cells[0].link.as_ref().unwrap().uri, "http://x");
    assert_eq!(line.cells[1].link, None);
}
