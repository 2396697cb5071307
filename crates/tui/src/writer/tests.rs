//! What is drawn is what an independent terminal shows.

use ccc_vt::{Attrs, Color, Cursor, KittyFlags, Row, Size, Text, Underline};
use ratatui::layout::Rect;

use super::*;
use crate::image::Graphics;

const ABILITIES: Abilities = Abilities {
    depth: ColorDepth::True,
    underlines: true,
    synchronized: true,
    clusters: false,
    theme_reports: false,
    kitty_keys: true,
    other_keys: false,
    progress: true,
    notify: Notify::Plain,
    graphics: Graphics::Kitty,
};

const SIZE: Size = Size { cols: 10, rows: 3 };

fn cell(text: &str, style: Style) -> Cell {
    Cell { text: Text::new(text), width: ccc_vt::width(text), style, link: None }
}

fn picture(lines: &[&[Cell]]) -> Surface {
    let mut surface = Surface::new(SIZE);
    for (y, cells) in lines.iter().enumerate() {
        let y = u16::try_from(y).unwrap();
        let row = Row { cells: cells.to_vec(), ..Row::default() };
        surface.draw_row(Rect { x: 0, y: 0, width: SIZE.cols, height: SIZE.rows }, y, &row);
    }
    surface
}

fn plain(text: &str) -> Vec<Cell> {
    text.chars().map(|c| cell(&c.to_string(), Style::default())).collect()
}

/// Draws the pictures one after another and gives what vt100 then shows, with the bytes of the last.
fn show(pictures: Vec<Surface>) -> (vt100::Parser, Vec<u8>) {
    let mut writer = Writer::new(ABILITIES);
    let rows = std::num::NonZeroU16::new(SIZE.rows).unwrap();
    let cols = std::num::NonZeroU16::new(SIZE.cols).unwrap();
    let mut eye = vt100::Parser::new(rows, cols, 0);
    let mut bytes = Vec::new();
    for picture in pictures {
        bytes.clear();
        writer.draw(picture, &mut bytes);
        eye.process(&bytes);
    }
    (eye, bytes)
}

#[test]
fn a_patch_writes_what_the_whole_picture_would() {
    let lines = |second: &str| picture(&[&plain("hello"), &plain(second), &plain("below")]);
    let mut whole = Writer::new(ABILITIES);
    let mut patched = Writer::new(ABILITIES);
    let (mut of_whole, mut of_patch) = (Vec::new(), Vec::new());
    whole.draw(lines("world"), &mut of_whole);
    patched.draw(lines("world"), &mut of_patch);
    for next in ["wOrld", "wOrld", "wOr", "longer than before"] {
        let cells = plain(next);
        let row = std::sync::Arc::new(Row { cells, ..Row::default() });
        let mut patch = Patch::default();
        let before = patched.shown().unwrap();
        patch.draw_row(before, before.area(), 1, &row);
        patched.redraw(patch, &mut of_patch);
        whole.draw(lines(next), &mut of_whole);
        assert_eq!(String::from_utf8_lossy(&of_patch), String::from_utf8_lossy(&of_whole));
    }
}

#[test]
fn only_changed_cells_are_written() {
    let (eye, bytes) = show(vec![
        picture(&[&plain("hello"), &plain("world")]),
        picture(&[&plain("hello"), &plain("wOrld")]),
    ]);
    assert_eq!(eye.screen().contents(), "hello\nwOrld");
    let text = String::from_utf8(bytes).unwrap();
    assert!(text.contains("\u{1b}[2;2HO"), "{text:?}");
    assert!(!text.contains("hello") && !text.contains("rld"), "{text:?}");
}

#[test]
fn the_same_picture_writes_nothing() {
    let same = || picture(&[&plain("hello")]);
    let (_, bytes) = show(vec![same(), same()]);
    assert!(bytes.is_empty(), "{bytes:?}");
}

#[test]
fn wide_characters_and_what_replaces_them_stay_in_their_columns() {
    let (eye, _) = show(vec![
        picture(&[&plain("가나다")]),
        picture(&[&[plain("가"), plain("ab"), plain("다")].concat()]),
        picture(&[&[plain("x"), plain("나"), plain("y")].concat()]),
    ]);
    assert_eq!(eye.screen().contents().trim_end(), "x나y");
}

#[test]
fn looks_are_changed_by_the_least_and_end_right() {
    let bold = Style { attrs: Attrs::BOLD, ..Style::default() };
    let both = Style { attrs: Attrs::BOLD | Attrs::DIM, fg: Color::Rgb(1, 2, 3), ..bold };
    let dim = Style { attrs: Attrs::DIM, ..Style::default() };
    let cells = [cell("a", bold), cell("b", both), cell("c", dim), cell("d", Style::default())];
    let (eye, _) = show(vec![picture(&[&cells])]);
    let at = |col| eye.screen().cell(0, col).unwrap();
    assert!(at(0).bold() && at(1).fgcolor() == vt100::Color::Rgb(1, 2, 3));
    assert!(!at(2).bold() && at(2).dim() && at(2).fgcolor() == vt100::Color::Default);
    assert!(!at(3).bold() && !at(3).dim());
}

#[test]
fn the_cursor_ends_where_the_program_put_it() {
    let mut surface = picture(&[&plain("안녕")]);
    surface.cursor = Some(Cursor { col: 4, row: 0, visible: true, ..Cursor::default() });
    let (eye, _) = show(vec![surface.clone()]);
    assert_eq!(eye.screen().cursor_position(), (0, 4));
    assert!(!eye.screen().hide_cursor());
    surface.cursor = None;
    let (eye, _) = show(vec![surface]);
    assert!(eye.screen().hide_cursor());
}

#[test]
fn a_link_cannot_smuggle_a_sequence_out() {
    let mut out = Vec::new();
    let evil = Link { id: "x".into(), uri: "http://a\u{1b}\\\u{1b}]0;gotcha\u{7}".into() };
    write_link(Some(&evil), &mut out);
    assert_eq!(out, b"\x1b]8;;\x1b\\");
    out.clear();
    write_link(Some(&Link { id: "7".into(), uri: "http://a/".into() }), &mut out);
    assert_eq!(out, b"\x1b]8;id=7;http://a/\x1b\\");
}

#[test]
fn underlines_use_colons_so_that_old_terminals_skip_them() {
    let mut out = Vec::new();
    let style = Style {
        underline: Underline::Curly,
        underline_color: Color::Rgb(1, 2, 3),
        ..Style::default()
    };
    sgr::change(Some(&Style::default()), &style, ColorDepth::True, &mut out);
    assert_eq!(out, b"\x1b[4:3;58:2::1:2:3m");
}

/// A full picture began after a link was the last thing drawn, and all of it led where that link led.
#[test]
fn a_new_beginning_closes_the_link_that_is_open() {
    let uri = std::sync::Arc::new(Link { id: String::new(), uri: "https://example.com".into() });
    let linked = Cell { link: Some(uri), ..cell("x", Style::default()) };
    let mut writer = Writer::new(ABILITIES);
    let mut screen = ccc_vt::Screen::new(SIZE, ccc_vt::Limits::default());
    let mut bytes = Vec::new();
    writer.draw(picture(&[&[linked]]), &mut bytes);
    writer.forget();
    writer.draw(picture(&[&plain("plain")]), &mut bytes);
    screen.advance(&bytes);
    let linked = screen.rows().flat_map(|row| row.cells().collect::<Vec<_>>());
    assert_eq!(linked.filter(|cell| cell.style().link.is_some()).count(), 0);
}

fn drawn(writer: &mut Writer, picture: Surface) -> String {
    let mut out = Vec::new();
    writer.draw(picture, &mut out);
    String::from_utf8(out).unwrap()
}

#[test]
fn what_programs_want_is_switched_on_and_off_again() {
    let mut writer = Writer::new(ABILITIES);
    let wanting = |wants| {
        let mut picture = picture(&[&plain("x")]);
        picture.wants = wants;
        picture
    };
    drawn(&mut writer, wanting(Wants::default()));
    let keys = KittyFlags::DISAMBIGUATE | KittyFlags::EVENT_TYPES;
    let wants = Wants {
        own: false,
        alternate: false,
        pointer: true,
        pointer_moves: true,
        keys,
        progress: Progress::Running(40),
    };
    let text = drawn(&mut writer, wanting(wants));
    assert_eq!(text, "\u{1b}[?1003h\u{1b}[=3;1u\u{1b}]9;4;1;40\u{1b}\\");
    assert_eq!(drawn(&mut writer, wanting(wants)), "");
    let text = drawn(&mut writer, wanting(Wants::default()));
    assert_eq!(text, "\u{1b}[?1003l\u{1b}[=1;1u\u{1b}]9;4;0;0\u{1b}\\");
}

#[test]
fn a_terminal_without_underline_styles_gets_plain_ones_and_no_colour_of_theirs() {
    let style = Style {
        underline: Underline::Curly,
        underline_color: Color::Indexed(9),
        ..Style::default()
    };
    let mut writer = Writer::new(Abilities { underlines: false, synchronized: false, ..ABILITIES });
    let text = drawn(&mut writer, picture(&[&[cell("x", style)]]));
    assert!(text.contains("\u{1b}[4m") && !text.contains("58") && !text.contains("4:"), "{text:?}");
    assert!(!text.contains("2026"), "{text:?}");
    writer.learn(ABILITIES);
    let text = drawn(&mut writer, picture(&[&[cell("x", style)]]));
    assert!(text.contains("4:3") && text.contains("58:5:9") && text.contains("2026"), "{text:?}");
}

#[test]
fn a_notification_is_one_line_and_ends_where_it_should() {
    let mut out = Vec::new();
    let mut writer = Writer::new(ABILITIES);
    writer.notify("a;b", "c\u{1b}\\d", &mut out);
    writer.learn(Abilities { notify: Notify::Titled, ..ABILITIES });
    writer.notify("a;b", "c\nd", &mut out);
    let text = String::from_utf8(out).unwrap();
    assert_eq!(text, "\u{1b}]9;a;b: c\\d\u{1b}\\\u{1b}]777;notify;a,b;cd\u{1b}\\");
}

/// A piece of an image that a program put into a cell would name one of the outer terminal's images.
#[test]
fn no_piece_of_an_image_goes_into_the_scrollback() {
    let piece = cell("\u{10eeee}\u{305}\u{305}", Style::default());
    let row = Row { cells: vec![piece, cell("x", Style::default())], ..Row::default() };
    let mut out = Vec::new();
    Writer::new(ABILITIES).scroll(&[row], picture(&[&plain("shown")]), &mut out);
    let text = String::from_utf8(out).unwrap();
    assert!(text.contains(" x") && text.contains("shown"), "{text:?}");
    assert!(!text.contains('\u{10eeee}'), "{text:?}");
}
