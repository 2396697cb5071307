//! What is told of images is what our own engine, as the outer terminal, then shows; and pixels that went out
//! as sixels come back.

use ccc_client::ImageInfo;
use ccc_client::proto::PaneId;
use ccc_vt::image::placeholder;
use ccc_vt::image::sixel::Pixels;
use ccc_vt::{CellPixels, Color, Limits, Placement, Screen, Size};

use super::*;
use crate::image::ImageFrom;
use crate::surface::Surface;
use crate::writer::Writer;

const SIZE: Size = Size { cols: 20, rows: 6 };

fn abilities(graphics: Graphics) -> crate::outer::Abilities {
    let mut abilities = crate::outer::Outer::new(|_| None).abilities();
    abilities.graphics = graphics;
    abilities
}

fn placed(serial: u64, area: Rect, bytes: Vec<u8>) -> Placed {
    let (width, height) = (2, u16::try_from(bytes.len() / 8).unwrap());
    let format = ImageFormat::Rgba;
    let info =
        ImageInfo { serial, id: 0, format: Some(format), width, height, bytes: bytes.len() as u32 };
    let data = Some(Arc::new(ImageData { format, width, height, bytes }));
    let key = ImageKey { from: ImageFrom::Pane { pane: PaneId(1), epoch: 1 }, serial };
    Placed { key, info, source: Source { x: 0, y: 0, width, height }, area, z: 0, data }
}

fn area(x: u16, y: u16, width: u16, height: u16) -> Rect {
    Rect { x, y, width, height }
}

fn picture(placed: &[Placed]) -> Surface {
    let mut surface = Surface::new(SIZE);
    placed.iter().for_each(|placed| surface.place(placed.clone()));
    surface
}

struct Bench {
    writer: Writer,
    eye: Screen,
}

impl Bench {
    fn new(graphics: Graphics) -> Self {
        let eye = Screen::new(SIZE, Limits::default());
        Self { writer: Writer::new(abilities(graphics)), eye }
    }

    /// Draws images and gives the bytes.
    fn draw(&mut self, images: &[Placed]) -> Vec<u8> {
        let mut out = Vec::new();
        self.writer.draw(picture(images), &mut out);
        self.eye.advance(&out);
        out
    }

    /// The images on the screen: by themselves and in cells.
    fn seen(&self) -> String {
        let mut seen = String::new();
        for p in self.eye.placements().iter().filter(|placement| !placement.is_virtual) {
            let y = self.eye.rows().position(|row| row.id() == p.row);
            seen += &format!("{}x{} ends at {}, {y:?} ", p.cols, p.rows, p.col);
        }
        for (y, row) in self.eye.rows().enumerate() {
            let pieces = row.cells().filter(|cell| placeholder::is_placeholder(cell.text()));
            let pieces = pieces.count();
            if pieces > 0 {
                seen += &format!("{pieces} in row {y} ");
            }
        }
        seen
    }

    /// Where the terminal shows which pixels, in any order.
    fn shown(&self) -> Vec<(Rect, Vec<u8>)> {
        let rows: Vec<_> = self.eye.rows().map(|row| row.id()).collect();
        let place = |p: &Placement| {
            let y = rows.iter().position(|id| *id == p.row).unwrap();
            let area = area(p.col, u16::try_from(y).unwrap() - p.above, p.cols, p.rows);
            let image = self.eye.images().find(|image| image.serial == p.image).unwrap();
            (area, image.data.to_vec())
        };
        self.eye.placements().iter().map(place).collect()
    }
}

/// What scrolled took the image along, and the next picture had it where it was not.
#[test]
fn an_image_stands_where_it_is_when_rows_go_into_the_scrollback() {
    for graphics in [Graphics::Kitty, Graphics::Sixel { cell: (10, 20) }] {
        let mut bench = Bench::new(graphics);
        let image = placed(1, area(3, 2, 4, 2), vec![7; 8]);
        bench.draw(std::slice::from_ref(&image));
        let before = bench.seen();
        let rows = vec![ccc_vt::Row::default(); 9];
        let mut out = Vec::new();
        bench.writer.scroll(&rows, picture(std::slice::from_ref(&image)), &mut out);
        bench.eye.advance(&out);
        assert_eq!(bench.seen(), before, "{graphics:?}");
        assert!(!before.is_empty(), "{graphics:?}");
        // And is not sent again, nor drawn again by the same picture.
        assert!(out.len() < 400, "{}", out.escape_ascii());
        assert_eq!(bench.draw(std::slice::from_ref(&image)), b"", "{graphics:?}");
        bench.draw(&[]);
        assert_eq!(bench.seen(), "", "{graphics:?}");
    }
}

/// Each screen of a terminal has images of its own: what is told to go in one stays in the other.
#[test]
fn images_go_before_the_screen_that_they_stand_on_does() {
    let mut bench = Bench::new(Graphics::Kitty);
    let image = placed(1, area(3, 2, 4, 2), vec![7; 8]);
    bench.draw(&[image]);
    let mut other = picture(&[]);
    (other.wants.own, other.wants.alternate) = (true, true);
    let mut out = Vec::new();
    bench.writer.draw(other, &mut out);
    let at = |bytes: &[u8]| out.windows(bytes.len()).position(|part| part == bytes);
    let (gone, switched) = (at(b"\x1b_Ga=d,d=I"), at(b"\x1b[?1049h"));
    assert!(gone.is_some() && gone < switched, "{gone:?} {switched:?}");
}

#[test]
fn an_image_is_sent_once_and_moves() {
    let mut bench = Bench::new(Graphics::Kitty);
    let image = |x| placed(1, area(x, 1, 4, 2), vec![7; 8]);
    let first = bench.draw(&[image(0)]);
    assert_eq!(bench.shown(), [(area(0, 1, 4, 2), vec![7; 8])]);
    let moved = bench.draw(&[image(3)]);
    assert_eq!(bench.shown(), [(area(3, 1, 4, 2), vec![7; 8])]);
    let sends = |bytes: &[u8]| bytes.windows(6).filter(|part| part == b"_Ga=t,").count();
    assert_eq!((sends(&first), sends(&moved)), (1, 0));
    assert_eq!(bench.draw(&[image(3)]), b"", "nothing changed");
    bench.draw(&[]);
    assert_eq!(bench.shown(), []);
    // It is held for when it comes back.
    assert_eq!(sends(&bench.draw(&[image(0)])), 0);
    assert_eq!(bench.shown().len(), 1);
}

#[test]
fn the_same_image_stands_in_two_places() {
    let mut bench = Bench::new(Graphics::Kitty);
    let image = |y| placed(1, area(0, y, 4, 2), vec![7; 8]);
    bench.draw(&[image(0), image(3)]);
    assert_eq!(bench.shown().len(), 2);
    bench.draw(&[image(3)]);
    assert_eq!(bench.shown(), [(area(0, 3, 4, 2), vec![7; 8])]);
}

#[test]
fn a_terminal_that_was_forgotten_gets_all_again() {
    let mut bench = Bench::new(Graphics::Kitty);
    let image = placed(1, area(0, 0, 4, 2), vec![7; 8]);
    bench.draw(std::slice::from_ref(&image));
    bench.writer.forget();
    bench.draw(std::slice::from_ref(&image));
    assert_eq!((bench.shown().len(), bench.eye.images().len()), (1, 1));
    let mut out = Vec::new();
    bench.writer.finish(&mut out);
    bench.eye.advance(&out);
    assert_eq!((bench.shown().len(), bench.eye.images().len()), (0, 0), "left as it was found");
}

#[test]
fn images_that_are_shown_no_more_are_let_go_in_the_end() {
    let mut bench = Bench::new(Graphics::Kitty);
    for serial in 1..60 {
        bench.draw(&[placed(serial, area(0, 0, 2, 1), vec![7; 8])]);
    }
    assert_eq!(bench.eye.images().len(), IDLE + 1);
    assert_eq!(bench.shown().len(), 1);
}

#[test]
fn ids_come_round_without_meeting_those_in_use() {
    let mut bench = Bench::new(Graphics::Kitty);
    let still = placed(1, area(0, 0, 2, 1), vec![7; 8]);
    bench.draw(std::slice::from_ref(&still));
    bench.writer.images.ids = 0xffff;
    bench.draw(&[still, placed(2, area(4, 0, 2, 1), vec![8; 8])]);
    let ids: Vec<u32> = bench.eye.images().map(|image| image.id).collect();
    assert_eq!(bench.shown().len(), 2);
    assert_eq!((ids.len(), ids[0] == ids[1]), (2, false));
}

#[test]
fn large_images_go_in_pieces() {
    let mut bench = Bench::new(Graphics::Kitty);
    let bytes: Vec<u8> = (0..8 * 1500_u32).map(|n| (n % 251) as u8).collect();
    let out = bench.draw(&[placed(1, area(0, 0, 2, 1), bytes.clone())]);
    assert_eq!(bench.shown(), [(area(0, 0, 2, 1), bytes)]);
    let longest = out.split(|byte| *byte == 0x1b).map(<[u8]>::len).max().unwrap();
    assert!(longest < PIECE + 80, "{longest}");
}

#[test]
fn nothing_is_told_to_a_terminal_that_draws_none() {
    let mut bench = Bench::new(Graphics::Boxes);
    bench.draw(&[placed(1, area(0, 0, 2, 1), vec![7; 8])]);
    assert_eq!(bench.eye.images().len(), 0);
}

const RED: [u8; 4] = [255, 0, 0, 255];
const BLUE: [u8; 4] = [0, 0, 255, 255];

#[test]
fn sixels_are_as_large_as_their_cells() {
    let mut bench = Bench::new(Graphics::Sixel { cell: (10, 20) });
    let pixels = [RED, BLUE].concat();
    bench.draw(&[placed(1, area(3, 1, 4, 3), pixels)]);
    let image = bench.eye.images().next().unwrap();
    assert_eq!((image.width, image.height), (40, 60));
    let decoded = sixel::decode(&image.data).unwrap();
    assert_eq!(decoded.rgba[..4], RED);
    assert_eq!(decoded.rgba[19 * 4..20 * 4], RED);
    assert_eq!(decoded.rgba[20 * 4..21 * 4], BLUE);
    // The cells of the terminal hold it where it is meant to be.
    let cells = |y: u16| bench.eye.row(y).unwrap().to_row().cells.len();
    assert_eq!([0, 1, 3, 4].map(cells), [0, 7, 7, 0]);
}

/// What ended in the last row scrolled the terminals that have their cursor below an image then, and every picture
/// after it stood a row too high.
#[test]
fn sixels_never_scroll_the_screen() {
    // Seven pixels to a row: lines of sixels end within rows of cells.
    let mut bench = Bench::new(Graphics::Sixel { cell: (10, 7) });
    bench.eye.set_cell(CellPixels::new(10, 7));
    let image = |serial, y| placed(serial, area(0, y, 2, 2), [RED, RED].concat());
    bench.draw(&[image(1, 0)]);
    assert_eq!(bench.seen(), "2 in row 0 2 in row 1 ");
    bench.draw(&[image(2, 3)]);
    assert_eq!(bench.seen(), "2 in row 3 2 in row 4 ");
    bench.draw(&[image(3, 4)]);
    assert_eq!(bench.seen(), "2 in row 4 ");
    bench.draw(&[placed(4, area(0, 5, 2, 1), [RED, RED].concat())]);
    assert_eq!(bench.seen(), "");
    let heights: Vec<u16> = bench.eye.images().map(|image| image.height).collect();
    assert_eq!(heights, [14, 12, 6]);
}

#[test]
fn sixels_go_when_their_cells_are_written() {
    let mut bench = Bench::new(Graphics::Sixel { cell: (10, 20) });
    let image = |x| placed(1, area(x, 1, 4, 2), [RED, RED].concat());
    bench.draw(&[image(0)]);
    assert_eq!(bench.draw(&[image(0)]), b"", "nothing changed");
    bench.draw(&[image(10)]);
    let row = bench.eye.row(1).unwrap().to_row();
    let is_piece =
        |x: usize| placeholder::is_placeholder(row.cells.get(x).map_or("", |c| c.text.as_str()));
    assert_eq!([0, 3, 10, 13].map(is_piece), [false, false, true, true]);
    bench.draw(&[]);
    let text = |y: u16| bench.eye.row(y).unwrap().to_row();
    assert!((0..6).all(|y| {
        text(y)
            .cells
            .iter()
            .all(|cell| cell.as_read() == " " && !cell.text.as_str().starts_with('\u{10eeee}'))
    }));
}

/// One whose data came later covered what lies over it.
#[test]
fn what_lies_over_sixels_that_are_drawn_is_drawn_again() {
    let mut bench = Bench::new(Graphics::Sixel { cell: (10, 20) });
    let below = placed(1, area(0, 1, 6, 2), [RED, RED].concat());
    let over = placed(9, area(4, 1, 4, 2), [BLUE, BLUE].concat());
    bench.draw(&[Placed { data: None, ..below.clone() }, over.clone()]);
    bench.draw(&[below, over]);
    let row = bench.eye.row(1).unwrap().to_row();
    let first = |x: usize| {
        let cell = row.cells.get(x).unwrap();
        let piece = placeholder::piece(cell.text.as_str(), cell.style.fg, Color::Default, None);
        let id = piece.unwrap().image;
        let image = bench.eye.images().find(|image| image.id == id).unwrap();
        sixel::decode(&image.data).unwrap().rgba.get(..4).unwrap().to_vec()
    };
    assert_eq!([0, 3, 4, 7].map(first), [RED, RED, BLUE, BLUE]);
}

#[test]
fn pixels_come_back_out_of_sixels() {
    let clear = [9, 9, 9, 0];
    let rgba: Vec<u8> = [RED, RED, RED, RED, BLUE, clear].concat().repeat(7).repeat(6);
    let pixels = Pixels { width: 42, height: 6, rgba };
    let mut out = Vec::new();
    sixels::encode(&pixels, &mut out);
    let start = out.iter().position(|byte| *byte == b'q').unwrap() + 1;
    let data = &out[start..out.len() - 2];
    let back = sixel::decode(data).unwrap();
    let shown = |pixel: &[u8]| if pixel[3] == 0 { [0; 4] } else { pixel.try_into().unwrap() };
    let expected: Vec<[u8; 4]> = pixels.rgba.chunks(4).map(shown).collect();
    let found: Vec<[u8; 4]> = back.rgba.chunks(4).map(shown).collect();
    assert_eq!((back.width, back.height), (42, 6));
    assert_eq!(found, expected);
}

#[test]
fn more_colours_than_there_are_registers_become_fewer() {
    let rgba: Vec<u8> = (0..60 * 60_u32)
        .flat_map(|n| [(n % 256) as u8, (n / 16 % 256) as u8, (n / 7 % 256) as u8, 255])
        .collect();
    let mut out = Vec::new();
    sixels::encode(&Pixels { width: 60, height: 60, rgba }, &mut out);
    let colors = String::from_utf8(out).unwrap().matches(";2;").count();
    assert!((2..=256).contains(&colors), "{colors}");
}
