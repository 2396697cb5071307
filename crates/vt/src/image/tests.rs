//! What images are looked at with, by themselves.

use super::placeholder::{self, NUMBERS, Piece, mark_of, number_of, piece};
use super::{ImageFormat, png, sixel};
use crate::Color;

/// A PNG's parts, with checksums that nobody looks at.
pub(crate) fn png_file(width: u32, height: u32, parts: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
    let mut head = [width.to_be_bytes(), height.to_be_bytes()].concat();
    head.extend_from_slice(&[8, 6, 0, 0, 0]);
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    let all = std::iter::once((b"IHDR", head.as_slice())).chain(parts.iter().copied());
    for (kind, content) in all {
        file.extend_from_slice(&u32::try_from(content.len()).unwrap().to_be_bytes());
        file.extend_from_slice(kind);
        file.extend_from_slice(content);
        file.extend_from_slice(&[0; 4]);
    }
    file
}

pub(crate) const BODY: &[(&[u8; 4], &[u8])] = &[(b"IDAT", b"pixels"), (b"IEND", b"")];

#[test]
fn a_png_is_measured_and_loses_what_makes_no_pixels() {
    let plain = png_file(640, 480, BODY);
    let noisy = png_file(640, 480, &[(b"zTXt", b"bomb"), BODY[0], (b"acTL", b"x"), BODY[1]]);
    let checked = png::checked(&[noisy, b"after".to_vec()].concat()).unwrap();
    assert_eq!((checked.width, checked.height), (640, 480));
    assert_eq!(checked.data, plain);
    assert_eq!(png::checked(&plain).unwrap().data, plain);
}

#[test]
fn what_is_no_whole_png_is_refused() {
    let good = png_file(4096, 1, BODY);
    for cut in 0..good.len() {
        assert_eq!(png::checked(&good[..cut]), None, "cut at {cut}");
    }
    assert!(png::checked(&good).is_some());
    assert_eq!(png::checked(&png_file(4097, 1, BODY)), None);
    assert_eq!(png::checked(&png_file(0, 1, BODY)), None);
    assert_eq!(png::checked(&png_file(1, 1, &BODY[1..])), None, "no pixels");
    assert_eq!(png::checked(&png_file(1, 1, &[BODY[0], (b"IHDR", &[0; 13]), BODY[1]])), None);
    let mut long = good;
    long[8..12].fill(0xff);
    assert_eq!(png::checked(&long), None, "a length beyond everything");
}

#[test]
fn sixels_become_pixels() {
    // Two red columns of six, then a blue pixel in the third row of the third column.
    let image = sixel::decode(b"#1;2;100;0;0!2~#2;2;0;0;100C").unwrap();
    assert_eq!((image.width, image.height), (3, 6));
    let pixel =
        |x: usize, y: usize| <[u8; 4]>::try_from(&image.rgba[(y * 3 + x) * 4..][..4]).unwrap();
    assert_eq!(pixel(0, 0), [255, 0, 0, 255]);
    assert_eq!(pixel(1, 5), [255, 0, 0, 255]);
    assert_eq!(pixel(2, 2), [0, 0, 255, 255]);
    assert_eq!(pixel(2, 3), [0; 4], "what was not drawn is transparent");
    // A second band, over the first by `$`, with the size that was announced.
    assert_eq!(sixel::measure(b"\"1;1;7;20#0~$~-@"), Some((7, 20)));
    assert_eq!(sixel::measure(b"#0~-@"), Some((1, 7)));
    assert_eq!(sixel::measure(b"#0??-?"), None, "no pixel at all");
}

#[test]
fn hues_begin_at_blue() {
    for (hue, rgb) in
        [(0, [0, 0, 255]), (120, [255, 0, 0]), (240, [0, 255, 0]), (60, [255, 0, 255])]
    {
        let image = sixel::decode(format!("#1;1;{hue};50;100@").as_bytes()).unwrap();
        assert_eq!(image.rgba[..3], rgb, "{hue}");
    }
    let grey = sixel::decode(b"#1;1;0;50;0@").unwrap();
    assert_eq!(grey.rgba[..3], [128, 128, 128]);
}

#[test]
fn sixels_too_large_are_refused() {
    assert_eq!(sixel::measure(b"!4096@"), Some((4096, 1)));
    assert_eq!(sixel::measure(b"!4097@"), None);
    assert_eq!(sixel::measure(b"!99999999999999999999999@"), None);
    assert_eq!(sixel::measure(b"\"1;1;99999999;99999999@"), None);
    // Within the sides, and more than may be decoded.
    assert_eq!(sixel::measure(b"\"1;1;4096;4096@"), None);
    assert_eq!(sixel::measure("-".repeat(1 << 20).as_bytes()), None);
    assert_eq!(sixel::measure(("-".repeat(700) + "@").as_bytes()), None);
}

#[test]
fn a_bomb_of_repeats_costs_the_image() {
    let bomb = "#1;2;0;0;100!300~$".repeat(60) + "#2;2;100;0;0!300~$";
    let image = sixel::decode(bomb.as_bytes()).unwrap();
    assert_eq!(image.rgba[..4], [0, 0, 255, 255], "what comes after the budget is not drawn");
}

#[test]
fn every_number_has_a_mark() {
    for number in 0..NUMBERS {
        assert_eq!(number_of(mark_of(number).unwrap()), Some(number));
    }
    assert_eq!(mark_of(NUMBERS), None);
    assert_eq!(
        [0, 1, 2, 296].map(mark_of),
        ['\u{305}', '\u{30d}', '\u{30e}', '\u{1d244}'].map(Some)
    );
    assert_eq!(number_of('a'), None);
}

#[test]
fn a_cell_names_its_piece() {
    let red = Color::Rgb(0, 1, 2);
    let first = piece("\u{10eeee}\u{30d}\u{305}", red, Color::Default, None).unwrap();
    assert_eq!(first, Piece { image: 0x102, placement: 0, row: 1, col: 0 });
    // What is left out goes on from the left.
    let next = piece("\u{10eeee}", red, Color::Default, Some(first)).unwrap();
    assert_eq!(next, Piece { col: 1, ..first });
    let other_row = piece("\u{10eeee}\u{305}", red, Color::Default, Some(next)).unwrap();
    assert_eq!(other_row, Piece { row: 0, col: 0, ..first });
    let other_image = piece("\u{10eeee}", Color::Indexed(7), Color::Default, Some(next)).unwrap();
    assert_eq!(other_image, Piece { image: 7, placement: 0, row: 0, col: 0 });
    // The third mark is the highest byte, the underline's colour the placement.
    let text = placeholder::text_of(2, 3, 0xfe).unwrap();
    let whole = piece(&text, red, Color::Indexed(9), None).unwrap();
    assert_eq!(whole, Piece { image: 0xfe00_0102, placement: 9, row: 2, col: 3 });
    assert_eq!(piece("x", red, Color::Default, None), None);
}

#[test]
fn data_is_held_against_its_format() {
    assert!(ImageFormat::Rgb.fits(2, 1, &[0; 6]));
    assert!(!ImageFormat::Rgb.fits(2, 1, &[0; 7]));
    assert!(ImageFormat::Rgba.fits(2, 1, &[0; 8]));
    assert!(!ImageFormat::Rgba.fits(0, 1, &[]));
    assert!(ImageFormat::RgbDeflated.fits(2, 1, b"\x78\x9c\x03\x00"));
    assert!(!ImageFormat::RgbDeflated.fits(2, 1, b"\x78\x9d\x03\x00"));
    assert!(ImageFormat::Sixel.fits(1, 6, b"~"));
    assert!(!ImageFormat::Sixel.fits(2, 6, b"~"));
    assert!(ImageFormat::Png.fits(3, 4, &png_file(3, 4, BODY)));
    assert!(!ImageFormat::Png.fits(4, 3, &png_file(3, 4, BODY)));
}
