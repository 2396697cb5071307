//! Which rectangles the pieces in cells and the placements of a pane become.

use ccc_vt::image::placeholder::mark_of;
use ccc_vt::{Cell, Color, Style, Text};

use super::*;

const AREA: Rect = Rect { x: 2, y: 1, width: 8, height: 4 };

fn cell(text: &str) -> Cell {
    let style = Style { fg: Color::Indexed(7), ..Style::default() };
    Cell { text: Text::new(text), width: 1, style, link: None }
}

/// A row of pieces, each a row and a column of the image; `None` for a cell without.
fn row(pieces: &[Option<(u16, u16)>]) -> Row {
    let text = |piece: &Option<(u16, u16)>| match piece {
        Some((row, col)) => {
            ['\u{10eeee}', mark_of(*row).unwrap(), mark_of(*col).unwrap()].iter().collect()
        }
        None => "x".to_owned(),
    };
    Row { cells: pieces.iter().map(|piece| cell(&text(piece))).collect(), ..Row::default() }
}

fn found(rows: &[Row]) -> Vec<(u16, u16, u16, u16)> {
    pieces(rows.iter(), 8).iter().map(|p| (p.x, p.y, p.cols, p.rows)).collect()
}

#[test]
fn pieces_that_stand_as_in_the_image_are_one() {
    let rows = [0, 1].map(|y| row(&[None, Some((y, 0)), Some((y, 1)), Some((y, 2))]));
    assert_eq!(found(&rows), [(1, 0, 3, 2)]);
    // A hole, and rows that do not follow each other.
    let rows = [row(&[Some((0, 0)), None, Some((0, 2))]), row(&[Some((2, 0))])];
    assert_eq!(found(&rows), [(0, 0, 1, 1), (2, 0, 1, 1), (0, 1, 1, 1)]);
    // Twice the same image, beside each other.
    let rows = [row(&[Some((0, 0)), Some((0, 1)), Some((0, 0)), Some((0, 1))])];
    assert_eq!(found(&rows), [(0, 0, 2, 1), (2, 0, 2, 1)]);
}

#[test]
fn what_a_cell_leaves_out_goes_on_from_the_left() {
    let mut first = row(&[Some((1, 3))]);
    first.cells.extend([cell("\u{10eeee}"), cell("\u{10eeee}\u{30d}")]);
    let all = pieces([first].iter(), 8);
    assert_eq!((all.len(), all[0].cols, all[0].first.row, all[0].first.col), (1, 3, 1, 3));
}

#[test]
fn pieces_beyond_the_pane_are_not_there() {
    let rows = [row(&[None, None, Some((0, 0)), Some((0, 1))])];
    assert_eq!(pieces(rows.iter(), 3).iter().map(|p| p.cols).collect::<Vec<_>>(), [1]);
}

fn placement(above: u16, col: u16, cols: u16, rows: u16) -> Placement {
    Placement {
        image: 1,
        id: 0,
        is_virtual: false,
        row: RowId(5),
        above,
        col,
        cols,
        rows,
        source: Source { x: 10, y: 20, width: 100, height: 80 },
        z: 0,
    }
}

#[test]
fn a_placement_is_cut_at_every_edge() {
    let cut = |placement: Placement, y| {
        clipped(&placement, y, AREA)
            .map(|(s, r)| ((s.x, s.y, s.width, s.height), (r.x, r.y, r.width, r.height)))
    };
    // Whole.
    assert_eq!(cut(placement(1, 3, 5, 2), 2), Some(((10, 20, 100, 80), (5, 2, 5, 2))));
    // Half of it scrolled off the top.
    assert_eq!(cut(placement(1, 0, 5, 2), 0), Some(((10, 60, 100, 40), (2, 1, 5, 1))));
    // Below the bottom, and beyond the right edge.
    assert_eq!(cut(placement(0, 6, 4, 4), 3), Some(((10, 20, 50, 20), (8, 4, 2, 1))));
    assert_eq!(cut(placement(0, 8, 4, 1), 0), None);
    assert_eq!(cut(placement(0, 0, 4, 1), 4), None);
    // What is less than a pixel is one.
    let tiny =
        Placement { source: Source { x: 3, y: 4, width: 1, height: 1 }, ..placement(3, 0, 9, 4) };
    assert_eq!(cut(tiny, 0), Some(((3, 4, 1, 1), (2, 1, 8, 1))));
}

/// Serials and numbers of images in order, each given by serial, number, left and right edge.
fn ordered(images: &[(u64, i32, u16, u16)]) -> Vec<(u64, i32)> {
    let shown = |&(serial, z, left, right): &(u64, i32, u16, u16)| {
        let format = Some(ccc_vt::ImageFormat::Rgb);
        let info = ImageInfo { serial, id: 0, format, width: 1, height: 1, bytes: 3 };
        let source = Source { x: 0, y: 0, width: 1, height: 1 };
        (info, source, Rect { x: left, y: 0, width: right - left, height: 1 }, z)
    };
    let mut all: Vec<Shown> = images.iter().map(shown).collect();
    order(&mut all);
    all.iter().map(|(info, .., z)| (info.serial, *z)).collect()
}

#[test]
fn images_over_each_other_are_told_in_order() {
    // As they came, whatever their ids; beside each other they may have the same number.
    assert_eq!(ordered(&[(9, 0, 0, 4), (5, 0, 2, 6)]), [(5, 0), (9, 1)]);
    assert_eq!(ordered(&[(9, 0, 0, 4), (5, 0, 4, 6)]), [(5, 0), (9, 0)]);
    // One that is pushed up pushes what lies over it.
    let pile = [(1, 0, 0, 4), (2, 0, 2, 6), (3, 1, 4, 8), (4, 7, 0, 9)];
    assert_eq!(ordered(&pile), [(1, 0), (2, 1), (3, 2), (4, 7)]);
    // Under the text they stay under it.
    assert_eq!(ordered(&[(1, -1, 0, 4), (2, -1, 2, 6), (3, 0, 0, 9)]), [(1, -2), (2, -1), (3, 0)]);
}
