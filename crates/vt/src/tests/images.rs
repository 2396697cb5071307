//! Images: kitty commands with their answers, where placements stand, sixels in cells, and bounds.

use super::{fed, replies};
use crate::image::placeholder::piece;
use crate::image::tests::{BODY, png_file};
use crate::image::{IMAGE_BYTES, IMAGES, PLACEMENTS};
use crate::{CellPixels, ImageFormat, Limits, Placement, Screen, Size};

/// A 20x6 screen.
fn screen(bytes: &str) -> Screen {
    fed(20, 6, bytes)
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let bits = chunk.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte));
        let bits = bits << (8 * (3 - chunk.len()));
        for place in 0..4 {
            let digit = DIGITS[(bits >> (18 - 6 * place) & 63) as usize];
            text.push(if place <= chunk.len() { digit.into() } else { '=' });
        }
    }
    text
}

fn png(width: u32, height: u32) -> String {
    base64(&png_file(width, height, BODY))
}

/// Where the placements that can be seen stand: row of the top edge, column, columns, rows.
fn places(screen: &Screen) -> Vec<(i32, u16, u16, u16)> {
    let rows: Vec<_> = screen.rows().map(|row| row.id()).collect();
    let place = |p: &Placement| {
        let y = rows.iter().position(|id| *id == p.row)?;
        Some((i32::try_from(y).ok()? - i32::from(p.above), p.col, p.cols, p.rows))
    };
    screen.placements().iter().filter(|p| !p.is_virtual).filter_map(place).collect()
}

#[test]
fn an_image_is_sent_and_put() {
    let screen = screen(&format!("ab\x1b_Ga=T,f=100,i=7;{}\x1b\\x", png(30, 40)));
    let image = screen.images().next().unwrap();
    assert_eq!((image.id, image.format), (7, ImageFormat::Png));
    assert_eq!((image.width, image.height), (30, 40));
    // Three columns, two rows; the text goes on to its right, on its last row.
    assert_eq!(places(&screen), [(0, 2, 3, 2)]);
    assert_eq!(screen.text(), "ab\n     x");
}

#[test]
fn images_are_measured_by_the_cell_that_there_is_when_they_come() {
    let mut screen = screen(&format!("\x1b_Ga=T,f=100,i=7,q=2;{}\x1b\\", png(30, 40)));
    screen.set_cell(CellPixels::new(6, 8));
    // What stands there keeps its cells; the same image put again has as many as it covers now.
    assert_eq!(places(&screen), [(0, 0, 3, 2)]);
    screen.advance(b"\x1b[H\x1b_Ga=p,i=7,p=2,q=2\x1b\\\x1b[H\x1b_Ga=p,i=7,p=3,c=10,q=2\x1b\\");
    let cells: Vec<_> = screen.placements().iter().map(|p| (p.cols, p.rows)).collect();
    assert_eq!(cells, [(3, 2), (5, 5), (10, 10)]);
    screen.advance(b"\x1bPq#1;2;9;9;9!15~-!15~\x1b\\\x1b[14t\x1b[16t\x1b[18t\x1b[?2;1S");
    let sixel = screen.placements().last().unwrap();
    assert_eq!((sixel.cols, sixel.rows), (3, 2));
    assert_eq!(screen.take_replies(), b"\x1b[4;48;120t\x1b[6;8;6t\x1b[8;6;20t\x1b[?2;0;120;48S");
    // A reset is the program's, and its cells are not.
    screen.advance(b"\x1bc");
    assert_eq!(screen.cell(), CellPixels::new(6, 8));
}

#[test]
fn pieces_make_one_image() {
    let whole = png(10, 20);
    let (one, two) = whole.split_at(40);
    let screen = screen(&format!(
        "\x1b_Ga=t,f=100,i=7,m=1;{one}\x1b\\text\x1b_Gm=0;{two}\x1b\\\x1b_Ga=p,i=7,c=4,r=1\x1b\\"
    ));
    assert_eq!(screen.images().len(), 1);
    assert_eq!(places(&screen), [(0, 4, 4, 1)]);
}

#[test]
fn a_transmission_ends_when_another_begins() {
    let begun = "\x1b_Ga=t,i=7,f=24,s=2,v=1,m=1;AAAA\x1b\\";
    // A piece may name the image that it is of.
    let named = screen(&format!("{begun}\x1b_Gi=7,m=0,q=1;AAAA\x1b\\"));
    assert_eq!(named.images().map(|image| image.data.len()).collect::<Vec<_>>(), [6]);
    for other in ["a=t,i=8,f=24,s=1,v=1;AAAA", "i=8,f=24,s=1,v=1;AAAA", "a=d;"] {
        let mut screen = screen(&format!("{begun}\x1b_G{other}\x1b\\\x1b_Gm=0;AAAA\x1b\\"));
        assert!(screen.images().all(|image| image.id == 8), "{other}");
        screen.take_replies();
    }
}

#[test]
fn what_sixels_may_be_is_told() {
    replies("\x1b[?1;1;0S\x1b[?1;4;0S", "\x1b[?1;0;256S\x1b[?1;0;256S");
    replies("\x1b[?2;1;0S", "\x1b[?2;0;800;480S");
    replies("\x1b[?2;4;0S", "\x1b[?2;0;4096;4096S");
    // Nothing of it can be set, and there is no ReGIS.
    replies("\x1b[?1;3;16S\x1b[?3;1;0S", "\x1b[?1;3S\x1b[?3;1S");
}

#[test]
fn a_placement_stays_with_its_row_when_the_size_changes() {
    let mut screen =
        screen("a long line of text\r\n\x1b_Ga=T,i=1,q=1,f=24,s=1,v=1,c=3,r=2;AAAA\x1b\\");
    assert_eq!(places(&screen), [(1, 0, 3, 2)]);
    screen.resize(Size::new(10, 6));
    assert_eq!(
        (places(&screen), screen.text().as_str()),
        (vec![(2, 0, 3, 2)], "a long lin\ne of text")
    );
    screen.resize(Size::new(20, 8));
    assert_eq!(places(&screen), [(1, 0, 3, 2)]);
    screen.resize(Size::new(20, 2));
    assert_eq!(places(&screen), [(0, 0, 3, 2)]);
}

#[test]
fn answers() {
    replies("\x1b_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\", "\x1b_Gi=31;OK\x1b\\");
    replies("\x1b_Gi=31,s=1,v=1,a=q,q=1,f=24;AAAA\x1b\\", "");
    // One pixel, as an encoder wrote it.
    let real = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
    replies(format!("\x1b_Gi=1,a=q,f=100;{real}\x1b\\"), "\x1b_Gi=1;OK\x1b\\");
    replies("\x1b_Gi=1,f=24,s=2,v=1;AAAA\x1b\\", "\x1b_Gi=1;ENODATA:too little data\x1b\\");
    replies("\x1b_Gi=1,f=24,s=2,v=1,q=2;AAAA\x1b\\", "");
    replies("\x1b_Gi=1,f=100;AAAA\x1b\\", "\x1b_Gi=1;EBADPNG:no PNG, or too large\x1b\\");
    replies("\x1b_Gi=1,a=p,p=3\x1b\\", "\x1b_Gi=1,p=3;ENOENT:no such image\x1b\\");
    replies("\x1b_Gi=1,a=f\x1b\\", "\x1b_Gi=1;EINVAL:no animation here\x1b\\");
    replies(
        "\x1b_Gi=1,f=24,s=99999,v=1;AAAA\x1b\\",
        "\x1b_Gi=1;EINVAL:wrong width or height\x1b\\",
    );
    for medium in ["f", "t", "s"] {
        let ask = format!("\x1b_Gi=1,s=1,v=1,f=24,a=q,t={medium};L2V0Yw==\x1b\\");
        replies(ask, "\x1b_Gi=1;EINVAL:only data in the stream\x1b\\");
    }
    // A number gets an id; without either there is no answer.
    replies("\x1b_GI=5,f=24,s=1,v=1;AAAA\x1b\\", "\x1b_Gi=4261412865,I=5;OK\x1b\\");
    replies("\x1b_Ga=T,f=24,s=1,v=1;AAAA\x1b\\", "");
    replies(
        "\x1b_Gi=1,I=2,f=24,s=1,v=1;AAAA\x1b\\",
        "\x1b_Gi=1,I=2;EINVAL:an id and a number at once\x1b\\",
    );
    // No command at all.
    replies("\x1b_Gi=x;AAAA\x1b\\\x1b_Xi=1\x1b\\\x1b_G=,;\x1b\\", "");
}

#[test]
fn what_is_asked_for_is_not_kept() {
    assert_eq!(screen("\x1b_Gi=1,a=q,f=24,s=1,v=1;AAAA\x1b\\").images().len(), 0);
}

const DOT: &str = "\x1b_Ga=T,i=1,f=24,s=1,v=1,c=3,r=2;AAAA\x1b\\";

#[test]
fn placements_scroll_with_their_rows() {
    let mut screen =
        screen("\x1b_Gi=1,f=24,s=1,v=1,q=1;AAAA\x1b\\a\r\nb\r\n\x1b_Ga=p,i=1,c=3,r=2\x1b\\");
    assert_eq!(places(&screen), [(2, 0, 3, 2)]);
    screen.advance(b"\r\n\n\n\n");
    assert_eq!(places(&screen), [(0, 0, 3, 2)]);
    // The lower half is still to be seen, then nothing.
    screen.advance(b"\n");
    assert_eq!(places(&screen), [(-1, 0, 3, 2)]);
    screen.advance(b"\n");
    assert_eq!(places(&screen), []);
}

#[test]
fn a_placement_makes_room_at_the_bottom() {
    let screen = screen(&format!("\x1b[6Hlast{DOT}"));
    assert_eq!(places(&screen), [(4, 4, 3, 2)]);
    assert_eq!(screen.text(), "\n\n\n\nlast");
    let (col, row) = (screen.cursor().col, screen.cursor().row);
    assert_eq!((col, row), (7, 5));
    // Unless it is told to leave the cursor alone.
    let mut still = fed(20, 6, "\x1b[6Hlast\x1b_Ga=T,i=1,f=24,s=1,v=1,c=3,r=2,C=1;AAAA\x1b\\");
    assert_eq!(places(&still), [(5, 4, 3, 2)]);
    assert_eq!(still.cursor().col, 4);
    still.advance(b"\r\n");
    assert_eq!(places(&still), [(4, 4, 3, 2)]);
}

#[test]
fn clearing_the_screen_clears_images() {
    for clear in ["\x1b[2J", "\x1b[H\x1b[J", "\x1bc"] {
        let mut screen = screen(DOT);
        assert_eq!(places(&screen).len(), 1);
        let before = screen.images_seq();
        screen.advance(clear.as_bytes());
        assert_eq!(screen.placements(), [], "{clear:?}");
        assert!(screen.images_seq() > before);
    }
    // Text over it does not.
    assert_eq!(places(&screen(&format!("{DOT}\x1b[Hxxxxx\x1b[K"))).len(), 1);
    // What stands on the other screen stays.
    let mut screen = screen(&format!("{DOT}\x1b[?1049h\x1b[2J"));
    assert_eq!(places(&screen), []);
    screen.advance(b"\x1b[?1049l");
    assert_eq!(places(&screen), [(0, 0, 3, 2)]);
}

#[test]
fn deleting() {
    let two = format!("{DOT}\x1b[4;10H\x1b_Ga=T,i=2,p=4,z=-3,f=24,s=1,v=1,c=1,r=1;AAAA\x1b\\");
    let both = [(0, 0, 3, 2), (3, 9, 1, 1)];
    for (delete, left, images) in [
        ("", &both[..0], 2),
        ("d=A", &both[..0], 0),
        ("d=i,i=2", &both[..1], 2),
        ("d=I,i=2", &both[..1], 1),
        ("d=i,i=2,p=5", &both[..], 2),
        ("d=I,i=2,p=4", &both[..1], 1),
        ("d=p,x=2,y=2", &both[1..], 2),
        ("d=p,x=4,y=2", &both[..], 2),
        ("d=q,x=10,y=4,z=-3", &both[..1], 2),
        ("d=x,x=10", &both[..1], 2),
        ("d=Y,y=1", &both[1..], 1),
        ("d=z,z=-3", &both[..1], 2),
        ("d=R,x=2,y=9", &both[..1], 1),
        ("d=r,x=1,y=1", &both[1..], 2),
        ("d=c", &both[..], 2),
        ("d=n,I=1", &both[..], 2),
        ("d=f,i=1", &both[..], 2),
    ] {
        let screen = screen(&format!("{two}\x1b_Ga=d,{delete}\x1b\\"));
        assert_eq!(places(&screen), left, "{delete}");
        assert_eq!(screen.images().len(), images, "{delete}");
    }
}

#[test]
fn a_placement_of_the_same_id_moves_and_a_new_image_takes_the_old_away() {
    let put = |row| format!("\x1b[{row}H\x1b_Ga=p,i=1,p=2,c=1,r=1\x1b\\");
    let mut screen = screen(&format!("\x1b_Gi=1,f=24,s=1,v=1;AAAA\x1b\\{}{}", put(1), put(3)));
    assert_eq!(places(&screen), [(2, 0, 1, 1)]);
    screen.advance(b"\x1b_Gi=1,f=24,s=1,v=1;AAAA\x1b\\");
    assert_eq!((places(&screen), screen.images().len()), (vec![], 1));
}

#[test]
fn virtual_placements_stand_in_cells() {
    let mut screen = screen(
        "\x1b_Ga=T,U=1,i=258,f=24,s=1,v=1,c=2,r=1;AAAA\x1b\\\
         \x1b[38;2;0;1;2m\u{10eeee}\u{305}\u{305}\u{10eeee}\u{305}\u{30d}\x1b[m|",
    );
    assert!(screen.placements()[0].is_virtual);
    let row = screen.row(0).unwrap().to_row();
    let found: Vec<_> = row
        .cells
        .iter()
        .map_while(|cell| {
            piece(cell.text.as_str(), cell.style.fg, cell.style.underline_color, None)
        })
        .map(|piece| (piece.image, piece.row, piece.col))
        .collect();
    assert_eq!(found, [(258, 0, 0), (258, 0, 1)]);
    // No text, wherever text is read; and it goes into the lines above like text.
    assert_eq!((screen.text().as_str(), row.text().as_str()), ("  |", "  |"));
    screen.advance(b"\x1b[2J");
    assert_eq!(screen.placements().len(), 1);
}

#[test]
fn sixels_stand_in_cells_and_the_cursor_below() {
    let screen = screen("ab\x1bPq#1;2;100;0;0!25~-!25~-!25~-!25~\x1b\\x");
    let image = screen.images().next().unwrap();
    assert_eq!((image.format, image.width, image.height), (ImageFormat::Sixel, 25, 24));
    let placement = screen.placements()[0];
    assert_eq!((placement.is_virtual, placement.cols, placement.rows), (true, 3, 2));
    let rows: Vec<_> = screen.rows().map(|row| row.to_row()).collect();
    for (y, row) in rows.iter().take(2).enumerate() {
        let cells = row.cells.iter().skip(2).map(|cell| {
            piece(cell.text.as_str(), cell.style.fg, cell.style.underline_color, None).unwrap()
        });
        let found: Vec<_> = cells.map(|piece| (piece.image, piece.row, piece.col)).collect();
        let y = u16::try_from(y).unwrap();
        assert_eq!(found, [(image.id, y, 0), (image.id, y, 1), (image.id, y, 2)]);
    }
    assert_eq!(screen.text(), "ab\n\n  x");
}

#[test]
fn sixels_are_cut_at_the_edge_and_scroll_at_the_bottom() {
    let tall = "\x1b[6;18Hx\x1bPq!90~-!90~-!90~-!90~\x1b\\y";
    let screen = screen(tall);
    assert_eq!(screen.text(), "\n\n\n                 x\n\n                  y");
    assert_eq!(screen.row(3).unwrap().to_row().cells.len(), 20);
    // DECSDM: at the top left corner, nothing moves.
    let still = fed(20, 6, format!("\x1b[?80h{tall}"));
    assert_eq!(still.row(0).unwrap().to_row().cells.len(), 9);
    assert_eq!(still.text(), "\n\n\n\n\n                 xy");
    assert_eq!(
        fed(20, 6, "\x1b[?80$p\x1b[?80h\x1b[?80$p").take_replies(),
        b"\x1b[?80;2$y\x1b[?80;1$y"
    );
}

#[test]
fn text_writes_over_sixels_and_erasing_takes_them_away() {
    let mut screen = screen("\x1bPq!30~\x1b\\\x1b[Hx\x1b[3G\x1b[X");
    let cells = screen.row(0).unwrap().to_row().cells;
    assert_eq!((cells.len(), cells[0].text.as_str()), (2, "x"));
    screen.advance(b"\x1b[2J");
    assert!(screen.row(0).unwrap().to_row().cells.is_empty());
}

/// Images of the largest size that is held undecoded: each a third of what all may be.
fn big(id: u32) -> Vec<u8> {
    let side = 936;
    let pixels = base64(&vec![0; side * side * 3]);
    let mut bytes = Vec::new();
    let mut head = format!("i={id},f=24,s={side},v={side},q=1,");
    for piece in pixels.as_bytes().chunks(4096) {
        bytes.extend_from_slice(format!("\x1b_G{head}m=1;").as_bytes());
        bytes.extend_from_slice(piece);
        bytes.extend_from_slice(b"\x1b\\");
        head.clear();
    }
    bytes.extend_from_slice(b"\x1b_Gm=0\x1b\\");
    bytes
}

#[test]
fn the_oldest_that_are_shown_nowhere_go_first() {
    let mut screen = Screen::new(Size::new(20, 6), Limits::default());
    for id in 1..=3 {
        screen.advance(&big(id));
    }
    let ids = |screen: &Screen| screen.images().map(|image| image.id).collect::<Vec<_>>();
    assert_eq!(ids(&screen), [1, 2, 3]);
    screen.advance(b"\x1b_Ga=p,i=1,c=1,r=1\x1b\\");
    screen.advance(b"\x1b_Ga=p,i=2,U=1,c=1,r=1\x1b\\\x1b[38;5;2m\xf4\x8e\xbb\xae");
    screen.advance(&big(4));
    assert_eq!(ids(&screen), [1, 2, 4]);
    screen.advance(&big(5));
    assert_eq!(ids(&screen), [1, 2, 5]);
    assert!(screen.heap_bytes() < IMAGE_BYTES + (2 << 20));
    // All of it comes back from a checkpoint.
    let again = Screen::restore(&screen.checkpoint(), Limits::default()).unwrap();
    assert_eq!(ids(&again), [1, 2, 5]);
    assert_eq!(again.placements(), screen.placements());
}

#[test]
fn hostile_images_hold_no_more_than_their_bounds() {
    let mut screen = Screen::new(Size::new(20, 6), Limits::default());
    // A transmission that never ends.
    let piece = format!("\x1b_Gi=1,f=32,s=4096,v=4096,m=1;{}\x1b\\", "A".repeat(900_000));
    screen.advance(piece.as_bytes());
    let next = format!("\x1b_Gm=1;{}\x1b\\", "A".repeat(900_000));
    for _ in 0..24 {
        screen.advance(next.as_bytes());
        assert!(screen.heap_bytes() < 3 * IMAGE_BYTES);
    }
    screen.advance(b"\x1b_Gm=0\x1b\\");
    assert_eq!(screen.take_replies(), b"\x1b_Gi=1;EFBIG:too much data, or not base64\x1b\\");
    // Many small ones, placed everywhere.
    for n in 1..2000 {
        screen.advance(format!("\x1b_Ga=T,i={n},f=24,s=1,v=1,r=4096,c=9999;AAAA\x1b\\").as_bytes());
        screen.advance(b"\x1b_Ga=p,i=1,C=1\x1b\\\x1bPq~\x1b\\");
        screen.take_replies();
    }
    assert!(screen.images().len() <= IMAGES && screen.placements().len() <= PLACEMENTS);
    for n in 0..2000 {
        screen.advance(format!("\x1b_Ga=p,i=1999,U=1,p={n}\x1b\\").as_bytes());
        screen.take_replies();
    }
    assert_eq!(screen.placements().len(), PLACEMENTS);
    assert!(screen.heap_bytes() < 2 << 20);
}
