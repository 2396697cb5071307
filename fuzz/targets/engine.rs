//! The engine: any bytes, sizes and pixels of a cell. It never panics, it is the same however the bytes are cut, and a
//! checkpoint in the middle changes nothing. Images that it holds can be decoded.

#![no_main]

use ccc_vt::image::sixel;
use ccc_vt::{CellPixels, Image, ImageFormat, Limits, Placement, Row, Screen, Size};
use libfuzzer_sys::fuzz_target;

/// One step of a program's life.
enum Step<'a> {
    Bytes(&'a [u8]),
    Resize(Size),
    Cell(CellPixels),
}

/// The byte that a new size follows.
const RESIZE: u8 = 0xff;
/// The byte that another size of a cell follows.
const CELL: u8 = 0xfe;

fuzz_target!(|input: &[u8]| {
    let Some((head, input)) = input.split_at_checked(4) else {
        // Too short for a program; long enough to be a bad checkpoint.
        let _ = Screen::restore(input, Limits::default());
        return;
    };
    let _ = Screen::restore(input, Limits::default());
    let size = Size::new(u16::from(head[0] % 100) + 1, u16::from(head[1] % 40) + 1);
    let steps = steps(input);

    let mut whole = Screen::new(size, limits());
    for step in &steps {
        match step {
            Step::Bytes(bytes) => whole.advance(bytes),
            Step::Resize(size) => whole.resize(*size),
            Step::Cell(cell) => whole.set_cell(*cell),
        }
    }

    let mut cut = Screen::new(size, limits());
    let (mut notices, mut replies) = (Vec::new(), Vec::new());
    let (piece, restore) = (usize::from(head[2] % 16) + 1, usize::from(head[3]));
    let mut pieces = 0;
    for step in &steps {
        match step {
            Step::Bytes(bytes) => {
                for bytes in bytes.chunks(piece) {
                    cut.advance(bytes);
                    pieces += 1;
                    if pieces == restore {
                        notices = cut.take_notices();
                        replies = cut.take_replies();
                        let checkpoint = cut.checkpoint();
                        cut = Screen::restore(&checkpoint, limits()).expect("our own checkpoint");
                        assert!(cut.checkpoint() == checkpoint, "a checkpoint of a checkpoint");
                    }
                }
            }
            Step::Resize(size) => cut.resize(*size),
            Step::Cell(cell) => cut.set_cell(*cell),
        }
    }
    assert_same(&whole, &cut);
    notices.extend(cut.take_notices());
    replies.extend(cut.take_replies());
    // An input is too short for either to reach its bound.
    assert!(notices == whole.take_notices(), "the notices differ");
    assert!(replies == whole.take_replies(), "the replies differ");
    for image in whole.images() {
        let Image { format, width, height, data, .. } = &**image;
        assert!(format.fits(*width, *height, data), "an image that is none");
        if *format == ImageFormat::Sixel {
            let pixels = sixel::decode(data).expect("it was measured");
            assert_eq!((pixels.width, pixels.height), (*width, *height));
        }
    }
});

fn limits() -> Limits {
    Limits { scrollback_bytes: 16 * 1024, ..Limits::default() }
}

/// A new size, also one of a cell, stands as a byte that no text has, and two more.
fn steps(mut input: &[u8]) -> Vec<Step<'_>> {
    let mut steps = Vec::new();
    while let Some(at) = input.iter().position(|byte| [RESIZE, CELL].contains(byte)) {
        let (before, [kind, one, two, rest @ ..]) = input.split_at(at) else {
            // Not whole: then it is a byte like any other.
            break;
        };
        steps.push(Step::Bytes(before));
        steps.push(if *kind == RESIZE {
            Step::Resize(Size::new(u16::from(one % 120) + 1, u16::from(two % 50) + 1))
        } else {
            // Also one that is not sound, which changes nothing.
            Step::Cell(CellPixels::new((*one).into(), (*two).into()))
        });
        input = rest;
    }
    steps.push(Step::Bytes(input));
    steps
}

fn assert_same(whole: &Screen, cut: &Screen) {
    assert_eq!(whole.size(), cut.size());
    assert_eq!(whole.cell(), cut.cell());
    assert!(whole.cell().is_sound());
    assert_eq!(whole.offset(), cut.offset());
    assert_eq!(whole.cursor(), cut.cursor());
    assert_eq!(whole.modes(), cut.modes());
    assert_eq!(whole.title(), cut.title());
    assert_eq!(whole.seq(), cut.seq());
    assert!(whole.images().eq(cut.images()), "the images differ");
    assert_eq!(whole.placements(), cut.placements());
    assert!(whole.placements().iter().all(Placement::is_sound));
    let rows = |screen: &Screen| -> Vec<Row> { screen.rows().map(|row| row.to_row()).collect() };
    assert!(rows(whole) == rows(cut), "the rows differ");
    assert_eq!(whole.colors(), cut.colors());
    assert_eq!(whole.scrollback().end(), cut.scrollback().end());
    // What else there is: margins, tabs, saved cursors, pieces of notifications, the parser.
    assert!(whole.checkpoint() == cut.checkpoint(), "what is kept differs");
}
