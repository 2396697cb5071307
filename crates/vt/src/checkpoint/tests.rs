//! Checkpoints: the form, its future, and damaged bytes.

use proptest::prelude::*;

use super::{MAGIC, VERSION, tag};
use crate::tests::fed;
use crate::tests::stream::{cases, feed, screen, seen, steps};
use crate::{CellPixels, Limits, RestoreError, Screen};

fn restore(bytes: &[u8]) -> Result<Screen, RestoreError> {
    Screen::restore(bytes, Limits::default())
}

/// A screen that has something in every field.
fn rich() -> Screen {
    fed(
        20,
        5,
        "a\r\nb\r\nc\r\nd\r\ne\r\nf\x1b]8;id=1;http://x\x07link\x1b]8;;\x07\x1b[1;4:3;38;2;1;2;3m한e\u{301}\x1b7\
         \x1b[>5u\x1b]2;title\x07\x1b[22t\x1b]7;file:///tmp\x07\x1b[?1s\x1b[2;4r\x1b[?1049h\x1b[41mx\x1b]9;4;1;5\x07\
         \x1b[6 q\x1b(0\x1b[38;5;1",
    )
}

/// What [`rich`] gave before screens had side margins.
const FIRST: &str = include_str!("tests/first.hex");

fn unhex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> =
        text.chars().filter_map(|c| c.to_digit(16)).map(|digit| digit as u8).collect();
    digits.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]).collect()
}

#[test]
fn old_checkpoints_stay_readable() {
    let (mut old, mut new) = (restore(&unhex(FIRST)).unwrap(), rich());
    for screen in [&mut old, &mut new] {
        screen.take_notices();
        screen.take_replies();
        // Ends the sequence that was begun, and shows what was saved, left and scrolled off.
        screen.advance(b"m.\x1b8,\x1b[?1049l\x1b8;\x1b[23t\x1b[?1r\x1b[?u\n\n\n\n\x1b[s\x1b[?6n");
        screen.resize(crate::Size::new(30, 9));
    }
    assert_eq!(old.text(), new.text());
    assert_eq!(old.text().lines().next(), Some("a"));
    let all = |screen: &mut Screen| seen(screen, Vec::new(), Vec::new());
    assert_eq!(all(&mut old).differs(&all(&mut new)), None);
}

/// A screen with images of every kind of placement, in the middle of another one.
fn pictures() -> Screen {
    fed(
        20,
        5,
        "\x1b_Ga=T,i=1,f=24,s=1,v=1,c=3,r=2,z=-2,q=1;AAAA\x1b\\\x1b_Ga=p,i=1,p=4,U=1,c=2,r=1\x1b\\\
         \x1bPq#1;2;9;9;9!15~\x1b\\\x1b[?80h\x1b_Ga=T,i=2,q=1,f=32,s=1,v=1,m=1;AQID\x1b\\",
    )
}

/// What [`pictures`] gave when screens first had images.
const PICTURES: &str = include_str!("tests/images.hex");

#[test]
fn old_checkpoints_with_images_stay_readable() {
    let (mut old, mut new) = (restore(&unhex(PICTURES)).unwrap(), pictures());
    for screen in [&mut old, &mut new] {
        screen.take_replies();
        screen.advance(b"\x1b_Gm=0;/w==\x1b\\");
    }
    let sizes: Vec<_> = old.images().map(|image| (image.id, image.data.len())).collect();
    assert_eq!(sizes, [(1, 3), (0xfe00_0001, 14), (2, 4)]);
    assert_eq!(old.placements().len(), 4);
    let all = |screen: &mut Screen| seen(screen, Vec::new(), Vec::new());
    assert_eq!(all(&mut old).differs(&all(&mut new)), None);
}

#[test]
fn images_that_cannot_be_are_refused() {
    let good = pictures().checkpoint();
    let (start, _, len) =
        fields(&good).into_iter().find(|(_, tag, _)| *tag == tag::IMAGES).unwrap();
    let body = start + 6;
    // Every byte of the field, as large as can be: read as another image, or refused as damaged.
    let mut refused = 0;
    for at in body..body + len {
        let mut bytes = good.clone();
        bytes[at] = u8::MAX;
        match restore(&bytes) {
            Ok(screen) => assert!(screen.placements().iter().all(crate::Placement::is_sound)),
            Err(error) => {
                assert_eq!(error, RestoreError::Damaged { tag: tag::IMAGES });
                refused += 1;
            }
        }
    }
    assert!(refused > len / 4, "{refused} of {len}");
}

#[test]
fn cells_in_pixels_are_kept_and_those_that_cannot_be_are_refused() {
    let mut screen = fed(20, 5, "x");
    let tags = |bytes: &[u8]| fields(bytes).into_iter().map(|(_, tag, _)| tag).collect::<Vec<_>>();
    // A pane of which nothing is on record has a checkpoint as ever.
    assert!(!tags(&screen.checkpoint()).contains(&tag::CELL));
    screen.set_cell(CellPixels::new(9, 18));
    let bytes = screen.checkpoint();
    assert_eq!(restore(&bytes).unwrap().cell(), CellPixels::new(9, 18));
    let (start, _, len) = fields(&bytes).into_iter().find(|(_, tag, _)| *tag == tag::CELL).unwrap();
    let body = start + 6;
    assert_eq!(bytes[body..body + len], [9, 0, 18, 0]);
    for (at, side) in [(body, 3), (body, 201), (body + 2, 0), (body + 3, 1)] {
        let mut bytes = bytes.clone();
        bytes[at] = side;
        assert_eq!(restore(&bytes).unwrap_err(), RestoreError::Damaged { tag: tag::CELL });
    }
}

#[test]
fn sides_are_kept() {
    let mut one = fed(20, 5, "\x1b[?69h\x1b[4;9s\x1b[2*x\x1b[2;4r\x1b[1;5Habcde");
    let mut two = restore(&one.checkpoint()).unwrap();
    for screen in [&mut one, &mut two] {
        screen.advance(b"f\x1b[1;1;3;5;1$r\x1bP$qs\x1b\\\x1bP$q*x\x1b\\");
    }
    assert_eq!(two.text(), "    abcde\n   f");
    let all = |screen: &mut Screen| seen(screen, Vec::new(), Vec::new());
    assert_eq!(all(&mut one).differs(&all(&mut two)), None);
}

#[test]
fn margins_outside_of_the_screen_are_refused() {
    let good = fed(20, 5, "\x1b[?69h\x1b[4;9s").checkpoint();
    for (field, at) in [(tag::MARGINS, 2), (tag::SIDES, 3)] {
        let (start, ..) = fields(&good).into_iter().find(|(_, tag, _)| *tag == field).unwrap();
        for end in [20_u16, u16::MAX] {
            let mut bytes = good.clone();
            bytes[start + 6 + at..start + 8 + at].copy_from_slice(&end.to_le_bytes());
            // The other end at 0, as in a region that is the whole screen.
            bytes[start + 4 + at..start + 6 + at].fill(0);
            assert_eq!(restore(&bytes).unwrap_err(), RestoreError::Damaged { tag: field });
        }
    }
}

/// Where each field begins, with its tag and the length of its body.
fn fields(bytes: &[u8]) -> Vec<(usize, u16, usize)> {
    let mut fields = Vec::new();
    let mut at = MAGIC.len() + 2;
    while at < bytes.len() {
        let tag = u16::from_le_bytes([bytes[at], bytes[at + 1]]);
        let len = u32::from_le_bytes(bytes[at + 2..at + 6].try_into().unwrap()) as usize;
        fields.push((at, tag, len));
        at += 6 + len;
    }
    fields
}

#[test]
fn what_is_unknown_is_skipped() {
    let mut bytes = rich().checkpoint();
    let mut future = vec![0xff, 0x7f, 5, 0, 0, 0];
    future.extend_from_slice(b"later");
    let first = fields(&bytes)[0].0;
    bytes.splice(first..first, future);
    // A later version may also make a field longer.
    let (at, _, len) =
        fields(&bytes).into_iter().find(|(_, tag, _)| *tag == tag::CURSOR_STYLE).unwrap();
    bytes.splice(at + 6 + len..at + 6 + len, [7, 7]);
    bytes[at + 2..at + 6].copy_from_slice(&(len as u32 + 2).to_le_bytes());
    let restored = restore(&bytes).unwrap();
    assert_eq!(restored.checkpoint(), rich().checkpoint());
}

#[test]
fn errors_say_what_is_wrong() {
    let good = rich().checkpoint();
    assert_eq!(restore(b"").unwrap_err(), RestoreError::NotACheckpoint);
    assert_eq!(restore(b"CCK").unwrap_err(), RestoreError::NotACheckpoint);
    assert_eq!(restore(&good[..good.len() - 1]).unwrap_err(), RestoreError::Short);
    let mut newer = good.clone();
    newer[4] = 2;
    assert_eq!(restore(&newer).unwrap_err(), RestoreError::Newer { found: 2, known: VERSION });
    for (at, tag, len) in fields(&good) {
        let mut without = good.clone();
        without.drain(at..at + 6 + len);
        let needed = [
            tag::SIZE,
            tag::COUNTERS,
            tag::PARSER,
            tag::MODES,
            tag::CURSOR,
            tag::SHOWN,
            tag::OTHER,
            tag::LINES,
        ];
        match restore(&without) {
            Ok(_) => assert!(!needed.contains(&tag), "{tag}"),
            Err(RestoreError::Missing { tag: missing }) => assert_eq!(missing, tag),
            // Links that cells name.
            Err(error) => {
                assert_eq!((error, tag), (RestoreError::Damaged { tag: tag::OTHER }, tag::LINKS));
            }
        }
    }
}

#[test]
fn cut_anywhere_it_is_refused_or_whole() {
    let good = rich().checkpoint();
    for len in 0..good.len() {
        if let Ok(mut screen) = restore(&good[..len]) {
            screen.advance(b"still alive");
        }
    }
}

#[test]
fn caps_come_before_memory() {
    // A size of 4 million cells with rows that are missing, and a field of 4 GiB that is not there.
    let mut bytes = MAGIC.to_vec();
    bytes.extend_from_slice(&VERSION.to_le_bytes());
    bytes.extend_from_slice(&[1, 0, 4, 0, 0, 0, 0, 16, 0, 4]);
    assert!(matches!(restore(&bytes), Err(RestoreError::Missing { .. })));
    bytes.extend_from_slice(&[2, 0, 0xff, 0xff, 0xff, 0xff]);
    assert_eq!(restore(&bytes).unwrap_err(), RestoreError::Short);
}

#[test]
fn every_flipped_byte_is_refused_or_harmless() {
    let good = rich().checkpoint();
    for at in 0..good.len() {
        for flip in [0x01, 0x80, 0xff] {
            let mut bytes = good.clone();
            bytes[at] ^= flip;
            if let Ok(mut screen) = restore(&bytes) {
                exercise(&mut screen);
            }
        }
    }
}

/// Does what a pane does to a screen; a bad one would panic.
fn exercise(screen: &mut Screen) {
    screen.advance(
        "m\x1b\\x한\u{301}\x1b[2Jabc\r\n\n\n\n\n\n\x1b[?1049l\x1b8\x1b[?6hz\x1b[99b".as_bytes(),
    );
    screen.resize(crate::Size::new(7, 9));
    screen.advance("end\x1b[23t\x1b[<9u\x1bcabc".as_bytes());
    screen.resize(crate::Size::new(30, 3));
    let rows: Vec<_> = screen.rows().map(|row| row.to_row()).collect();
    assert_eq!(rows.len(), 3);
    screen.scrollback().lines().count();
    assert!(!screen.checkpoint().is_empty());
}

proptest! {
    #![proptest_config(cases(200))]

    #[test]
    fn damaged_checkpoints_never_panic(
        steps in steps(),
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
    ) {
        let mut good = screen(12, 5);
        feed(&mut good, &steps);
        let mut bytes = good.checkpoint();
        for (at, byte) in damage {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if let Ok(mut screen) = restore(&bytes) {
            exercise(&mut screen);
        }
    }
}
