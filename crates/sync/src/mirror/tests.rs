//! The rule of applying, and what is refused. Whatever is refused changes nothing.

use ccc_proto::{
    Encoding, Ext, Frame, HEADER_BYTES, Message, PaneId, Received, RowIds, RowRun, WireImages,
    WireLink, WireRow, WireStyle, state_tag,
};
use proptest::prelude::*;

use super::*;
use crate::tests::{EPOCH, context, mirror_of, screen, written};
use crate::{CellsError, FrameContext, frame_since};

/// Three rows with styles, a link and wide characters.
fn sample() -> Frame {
    let bytes = "plain \x1b[31mred\x1b[0m\r\n한글e\u{301}\r\n\x1b]8;;http://a/\x1b\\link";
    frame_since(&written(12, 3, bytes.as_bytes()), context(None))
}

fn refused(change: impl FnOnce(&mut Frame)) -> ApplyError {
    let mut frame = sample();
    change(&mut frame);
    let mut mirror = mirror_of(&written(9, 4, b"before"));
    frame.epoch += 1;
    let before = mirror.clone();
    let error = mirror.apply(&frame).expect_err("it is unsound");
    assert_eq!(mirror, before);
    error
}

#[test]
fn a_new_mirror_shows_nothing_and_takes_only_a_whole_frame() {
    let mut mirror = Mirror::new(PaneId(12));
    assert!(mirror.is_empty());
    assert_eq!((mirror.known(), mirror.rows()), (None, &[][..]));
    let screen = written(12, 3, b"text");
    let partial = frame_since(&screen, context(Some(Seq(1))));
    assert_eq!(mirror.apply(&partial), Ok(Applied::NeedsWhole));
    assert!(mirror.is_empty());
    assert_eq!(mirror.apply(&frame_since(&screen, context(None))), Ok(Applied::Done));
    assert!(mirror.matches(&screen));
}

#[test]
fn within_an_epoch_only_what_builds_upon_the_shown_version_is_applied() {
    let mut screen = written(12, 3, b"a");
    let first = screen.seq();
    let mut mirror = mirror_of(&screen);
    screen.advance(b"b");
    let second = screen.seq();
    screen.advance(b"c");
    let ahead = frame_since(&screen, context(Some(second)));
    assert_eq!(mirror.apply(&ahead), Ok(Applied::NeedsWhole), "its base was never shown");
    let next = frame_since(&screen, context(Some(first)));
    assert_eq!(mirror.apply(&next), Ok(Applied::Done));
    assert_eq!(mirror.apply(&next), Ok(Applied::Stale), "a double");
    assert_eq!(mirror.apply(&ahead), Ok(Applied::Stale), "it came late");
    assert!(mirror.matches(&screen));
}

#[test]
fn another_epoch_needs_a_whole_frame_and_may_have_any_number() {
    let mut screen = written(12, 3, b"a long text before");
    let mut mirror = mirror_of(&screen);
    screen = written(12, 3, b"now");
    let other = FrameContext { epoch: EPOCH + 1, ..context(Some(Seq(1))) };
    assert_eq!(mirror.apply(&frame_since(&screen, other)), Ok(Applied::NeedsWhole));
    let whole = FrameContext { base: None, ..other };
    assert_eq!(mirror.apply(&frame_since(&screen, whole)), Ok(Applied::Done));
    assert_eq!(mirror.epoch(), Some(EPOCH + 1));
    assert!(mirror.matches(&screen));
}

#[test]
fn a_row_that_is_neither_sent_nor_shown_needs_a_whole_frame() {
    let mut screen = written(12, 3, b"a");
    let mut mirror = mirror_of(&screen);
    screen.advance(b"\r\n\n\n\nb");
    let mut frame = frame_since(&screen, context(mirror.seq()));
    frame.rows.pop();
    let before = mirror.clone();
    assert_eq!(mirror.apply(&frame), Ok(Applied::NeedsWhole));
    assert_eq!(mirror, before);
}

#[test]
fn state_that_is_not_said_is_unchanged_or_in_a_whole_frame_empty() {
    let mut screen = written(12, 3, b"\x1b]2;title\x07\x1b]7;/srv\x07\x1b]9;4;1;5\x07");
    let mut mirror = mirror_of(&screen);
    screen.advance(b"x");
    let mut frame = frame_since(&screen, context(mirror.seq()));
    frame.state = Ext::none();
    assert_eq!(mirror.apply(&frame), Ok(Applied::Done));
    assert_eq!((mirror.title(), mirror.cwd()), ("title", Some("/srv")));
    assert_eq!(mirror.progress(), Progress::Running(5));
    screen.advance(b"y");
    let mut frame = frame_since(&screen, context(None));
    frame.state = Ext::none();
    assert_eq!(mirror.apply(&frame), Ok(Applied::Done));
    assert_eq!((mirror.title(), mirror.cwd()), ("", None));
    assert_eq!(mirror.progress(), Progress::None);
}

#[test]
fn unsound_sizes_and_rows_are_refused() {
    for (cols, rows) in [(0, 3), (12, 0), (4097, 1), (1, 4097), (4096, 4096)] {
        let error = refused(|frame| {
            frame.size.cols = cols;
            frame.size.rows = rows;
        });
        assert!(matches!(error, ApplyError::Size { .. }), "{cols}x{rows}: {error}");
    }
    let rows = refused(|frame| frame.row_ids[0].count += 1);
    assert!(matches!(rows, ApplyError::RowCount { named: 4, rows: 3 }), "{rows}");
    let twice = refused(|frame| {
        frame.row_ids = vec![RowIds { first: 0, count: 2 }, RowIds { first: 1, count: 1 }];
    });
    assert_eq!(twice, ApplyError::RowTwice { row: 1 });
    let end = refused(|frame| frame.row_ids = vec![RowIds { first: u64::MAX, count: 3 }]);
    assert_eq!(end, ApplyError::RowTwice { row: u64::MAX });
    let unnamed = refused(|frame| frame.rows[0].id = 77);
    assert_eq!(unnamed, ApplyError::RowUnnamed { row: 77 });
    let again = refused(|frame| frame.rows[1] = frame.rows[0].clone());
    assert_eq!(again, ApplyError::RowTwice { row: 0 });
    let missing = refused(|frame| drop(frame.rows.pop()));
    assert_eq!(missing, ApplyError::RowMissing { row: 2 });
    let cursor = refused(|frame| frame.cursor.col = 12);
    assert_eq!(cursor, ApplyError::Cursor);
    let pane = refused(|frame| frame.pane = PaneId(13));
    assert_eq!(pane, ApplyError::OtherPane { wanted: PaneId(12), found: PaneId(13) });
}

#[test]
fn unsound_cells_are_refused() {
    let run = |style, width, text: &str, clusters: &[u8]| {
        let run = RowRun { style, width, text: text.into(), clusters: clusters.into() };
        match refused(|frame| frame.rows[0].runs = vec![run]) {
            ApplyError::Row { row: 0, source } => source,
            other => unreachable!("{other}"),
        }
    };
    assert_eq!(run(9, 1, "x", &[]), CellsError::Style { index: 9, known: 3 });
    assert_eq!(run(0, 0, "x", &[]), CellsError::Width { width: 0 });
    assert_eq!(run(0, 3, "x", &[]), CellsError::Width { width: 3 });
    assert_eq!(run(0, 1, "xy", &[1]), CellsError::Clusters { counted: 1, there: 2 });
    assert_eq!(run(0, 1, "x", &[1, 0]), CellsError::Clusters { counted: 1, there: 1 });
    assert_eq!(run(0, 1, "1234567890123", &[]), CellsError::TooWide { cols: 12 });
    assert_eq!(run(0, 2, "1234567", &[]), CellsError::TooWide { cols: 12 });
    assert_eq!(run(0, 1, "\x1b[2J", &[]), CellsError::Control);
    assert_eq!(run(0, 1, "\u{9b}", &[]), CellsError::Control);
}

#[test]
fn images_that_cannot_be_are_refused() {
    type Change = dyn Fn(&mut WireImages);

    let screen = written(12, 3, b"\x1b_Ga=T,i=1,f=24,s=2,v=1,c=3,r=2;AAAAAAAA\x1b\\");
    let frame = frame_since(&screen, context(None));
    let good = WireImages::from_bytes(frame.state.find(state_tag::IMAGES).unwrap()).unwrap();
    assert_eq!((good.images.len(), good.placements.len()), (1, 1));
    let changes: [(&str, &Change); 10] = [
        ("of no image", &|all| all.placements[0].image += 1),
        ("outside the image", &|all| all.placements[0].x = 1),
        ("of nothing", &|all| all.placements[0].width = 0),
        ("nowhere", &|all| all.placements[0].cols = 0),
        ("larger than a screen", &|all| all.placements[0].rows = 4097),
        ("above itself", &|all| all.placements[0].above = 2),
        ("too wide", &|all| all.images[0].width = 4097),
        ("too long", &|all| all.images[0].bytes = u32::MAX),
        ("too many images", &|all| all.images = vec![all.images[0]; 257]),
        ("too many placements", &|all| all.placements = vec![all.placements[0]; 513]),
    ];
    for (what, change) in changes {
        let mut images = good.clone();
        change(&mut images);
        let error = refused(|frame| frame.state.push(state_tag::IMAGES, images.to_bytes()));
        assert_eq!(error, ApplyError::Images, "{what}");
    }
    let error = refused(|frame| frame.state.push(state_tag::IMAGES, vec![0xff; 9]));
    assert_eq!(error, ApplyError::Images);
}

#[test]
fn images_are_said_when_they_changed_and_kept_when_not() {
    let mut screen = written(12, 3, b"\x1b_Ga=T,i=1,f=24,s=2,v=1,c=3,r=2;AAAAAAAA\x1b\\");
    let mut mirror = mirror_of(&screen);
    for (bytes, said) in [
        (&b"text"[..], false),
        (b"\n\n", false),
        (b"\x1b_Ga=d\x1b\\", true),
        (b"\x1b_Ga=p,i=1\x1b\\", true),
        (b"\x1bc", true),
    ] {
        let base = screen.seq();
        screen.advance(bytes);
        let frame = frame_since(&screen, context(Some(base)));
        assert_eq!(frame.state.find(state_tag::IMAGES).is_some(), said, "{}", bytes.escape_ascii());
        assert_eq!(mirror.apply(&frame), Ok(Applied::Done));
        assert_eq!(mirror.difference(&screen), None);
    }
    assert_eq!(mirror.images(), &PaneImages::default());
}

#[test]
fn unsound_tables_and_state_are_refused() {
    let link = refused(|frame| frame.styles.push(WireStyle { link: 2, ..WireStyle::default() }));
    assert_eq!(link, ApplyError::Tables(CellsError::Link { index: 1, known: 1 }));
    let control = refused(|frame| {
        frame.links[0] = WireLink { id: String::new(), uri: "http://\x1b".into() };
    });
    assert_eq!(control, ApplyError::Tables(CellsError::Control));
    for bytes in [vec![0xff], vec![0x1b]] {
        let state = refused(|frame| {
            frame.state = Ext::none();
            frame.state.push(state_tag::TITLE, bytes);
        });
        assert_eq!(state, ApplyError::State { tag: state_tag::TITLE });
    }
}

#[test]
fn what_came_later_is_shown_as_well_as_it_can_be() {
    let mut frame = sample();
    frame.state.push(900, [0xff]);
    frame.ext.push(900, [1]);
    frame.cursor.shape.0 = 900;
    frame.modes.0 |= 1 << 60;
    for style in &mut frame.styles {
        style.underline = 900;
        style.attrs |= 1 << 15 | 256;
        style.fg.0 = 0x0900_0000;
    }
    let mut mirror = Mirror::new(PaneId(12));
    assert_eq!(mirror.apply(&frame), Ok(Applied::Done));
    let style = mirror.rows()[0].cells[0].style;
    assert_eq!(style.underline, ccc_vt::Underline::Single);
    assert_eq!(style.attrs, ccc_vt::Attrs::BLINK);
    assert_eq!(style.fg, ccc_vt::Color::Default);
    assert_eq!(mirror.cursor().shape, ccc_vt::CursorShape::Default);
}

#[test]
fn a_screen_of_more_text_than_a_frame_holds_is_sent_with_blank_rows() {
    let mut screen = screen(40, 10);
    screen.advance("e\u{301}\u{302}\u{303}".repeat(400).as_bytes());
    let context = context(None);
    let full = crate::frame::frame_within(&screen, context, 100_000);
    let frame = crate::frame::frame_within(&screen, context, 1000);
    assert!(full.rows.iter().all(|row| !row.runs.is_empty()));
    let blank = frame.rows.iter().filter(|row| row.runs.is_empty()).count();
    assert!((1..10).contains(&blank), "{blank}");
    let mut mirror = Mirror::new(PaneId(12));
    assert_eq!(mirror.apply(&frame), Ok(Applied::Done));
    assert_eq!(mirror.rows()[0].text(), screen.row(0).expect("a row").text());
}

#[test]
fn more_styles_than_an_index_holds_lose_colour_and_not_text() {
    let mut screen = screen(1000, 80);
    let mut bytes = Vec::new();
    for n in 0..80_000_u32 {
        let [_, red, green, blue] = n.to_be_bytes();
        bytes.extend_from_slice(format!("\x1b[38;2;{red};{green};{blue};1mx").as_bytes());
    }
    screen.advance(&bytes);
    let frame = frame_since(&screen, context(None));
    let mut mirror = Mirror::new(PaneId(12));
    assert_eq!(mirror.apply(&frame), Ok(Applied::Done));
    let last = &mirror.rows()[79].cells[999];
    assert_eq!((last.text.as_str(), last.style.fg), ("x", ccc_vt::Color::Default));
    assert_eq!(last.style.attrs, ccc_vt::Attrs::BOLD);
    assert_eq!(mirror.rows()[60].cells[0].style.fg, ccc_vt::Color::Rgb(0, 0xea, 0x60));
    let bytes = Message::from(frame).to_bytes().expect("it fits");
    assert!(bytes.len() < ccc_proto::limits::BODY);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2048))]

    /// Bytes of a frame changed at random: applied or refused, never a panic, and refused means
    /// unchanged. What is applied keeps the mirror's own rules.
    #[test]
    fn mutated_frames_never_break_a_mirror(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..5),
        partial in any::<bool>(),
    ) {
        let mut screen = written(12, 3, "plain \x1b[31mred\r\n한글e\u{301}".as_bytes());
        let mut mirror = mirror_of(&screen);
        screen.advance(b"\x1b]8;;http://a/\x1b\\link\r\n\nmore");
        let frame = frame_since(&screen, context(mirror.seq().filter(|_| partial)));
        let mut bytes = Message::from(frame).to_bytes().expect("it fits");
        for (place, byte) in changes {
            let place = HEADER_BYTES + place.index(bytes.len() - HEADER_BYTES);
            bytes[place] = byte;
        }
        if let Ok(Received::Known(Message::Frame(frame))) =
            Message::decode(50, Encoding::PLAIN, &bytes[HEADER_BYTES..])
        {
            check(&mut mirror, &frame)?;
        }
    }

    /// Frames made up field by field.
    #[test]
    fn made_up_frames_never_break_a_mirror(frame in made_up()) {
        check(&mut mirror_of(&written(4, 3, b"a\r\nb\r\nc")), &frame)?;
    }
}

fn check(mirror: &mut Mirror, frame: &Frame) -> Result<(), TestCaseError> {
    let before = mirror.clone();
    if mirror.apply(frame) != Ok(Applied::Done) {
        prop_assert_eq!(&*mirror, &before);
    }
    let size = mirror.size();
    prop_assert_eq!(mirror.rows().len(), usize::from(size.rows));
    prop_assert!(mirror.cursor().col < size.cols && mirror.cursor().row < size.rows);
    for row in mirror.rows() {
        prop_assert!(fits(row, size.cols));
        prop_assert!(row.cells.iter().all(|cell| (1..=2).contains(&cell.width)));
        prop_assert!(!row.text().contains(char::is_control));
    }
    Ok(())
}

fn made_up() -> impl Strategy<Value = Frame> {
    let run = (0_u16..3, 0_u8..4, "[a한\u{301}\x1b]{0,4}", prop::collection::vec(0_u8..3, 0..4))
        .prop_map(|(style, width, text, clusters)| RowRun { style, width, text, clusters });
    let row = (0_u64..5, any::<bool>(), prop::collection::vec(run, 0..3))
        .prop_map(|(id, wrapped, runs)| WireRow { id, wrapped, runs });
    let ids = (prop_oneof![0_u64..5, Just(u64::MAX)], 0_u16..4)
        .prop_map(|(first, count)| RowIds { first, count });
    let style = (0_u16..3).prop_map(|link| WireStyle { link, ..WireStyle::default() });
    (
        (EPOCH..EPOCH + 2, 0_u64..12, 0_u64..12),
        (0_u16..6, 0_u16..5, 0_u16..5, 0_u16..4),
        prop::collection::vec(ids, 0..3),
        prop::collection::vec(row, 0..5),
        prop::collection::vec(style, 0..3),
    )
        .prop_map(
            |((epoch, base, seq), (cols, rows_high, col, row), row_ids, rows, styles)| {
                let mut frame = Frame { epoch, base, seq, row_ids, rows, styles, ..sample() };
                (frame.size.cols, frame.size.rows) = (cols, rows_high);
                (frame.cursor.col, frame.cursor.row) = (col, row);
                frame
            },
        )
}
