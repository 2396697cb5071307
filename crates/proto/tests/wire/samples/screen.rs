//! Frames, their acknowledgement, and pages of history.

use ccc_proto::{
    CursorShape, Ext, Frame, FrameApplied, FrameWanted, HistoryPage, HistoryRequest, ImagePage,
    ImageRequest, MarksPage, MarksRequest, Message, PaneId, RowIds, RowRun, TtyFlags, WireColor,
    WireCursor, WireImage, WireImageFormat, WireImages, WireLine, WireLink, WireMark, WireMarkKind,
    WireModes, WirePlacement, WireRow, WireSize, WireStyle, history_tag, state_tag,
};

use super::Writer;

const PANE: PaneId = PaneId(12);

pub(super) fn messages(writer: Writer) -> Vec<Message> {
    vec![
        FrameApplied { pane: PANE, epoch: 1 << 33, seq: 70_001 }.into(),
        FrameWanted { pane: PANE }.into(),
        whole(writer).into(),
        scrolled().into(),
        with_images().into(),
        HistoryRequest { pane: PANE, from: 1000, count: 500, ext: writer.ext() }.into(),
        page(writer).into(),
        MarksRequest { pane: PANE, from: 1000, ext: writer.ext() }.into(),
        marks(writer).into(),
        ImageRequest { pane: PANE, image: 70_000, from: 1 << 20, ext: writer.ext() }.into(),
        image_page(writer).into(),
    ]
}

fn marks(writer: Writer) -> MarksPage {
    let end = WireMark {
        kind: WireMarkKind(writer.number(WireMarkKind::END.0)),
        line: 1003,
        column: 7,
        offset: 1 << 20,
        exit: Some(-1),
    };
    let kind = WireMarkKind(writer.number(WireMarkKind::PROMPT.0));
    let prompt = WireMark { kind, offset: 1 << 21, ..end };
    MarksPage { pane: PANE, cut: true, marks: vec![end, prompt], ext: writer.ext() }
}

fn run(style: u16, width: u8, text: &str, clusters: &[u8]) -> RowRun {
    RowRun { style, width, text: text.into(), clusters: clusters.into() }
}

fn styles(writer: Writer) -> Vec<WireStyle> {
    vec![
        WireStyle::default(),
        WireStyle {
            fg: WireColor(0x0100_0009),
            bg: WireColor(0x02ff_8000),
            underline_color: WireColor(0x0200_00ff),
            attrs: 1 | 16,
            // A bare number: what comes later draws as a single underline.
            underline: writer.number(3),
            link: 1,
        },
    ]
}

fn links() -> Vec<WireLink> {
    vec![WireLink { id: "a".into(), uri: "https://example.org/".into() }]
}

/// A whole 10x3 screen: a prompt in two styles, a row of wide and combined characters, a blank row.
pub(super) fn whole(writer: Writer) -> Frame {
    let mut state = Ext::none();
    state.push(state_tag::TITLE, *b"vim");
    state.push(state_tag::CWD, *b"/srv");
    state.push(state_tag::PROGRESS, *b"42");
    state.0.extend(writer.ext().0);
    Frame {
        pane: PANE,
        epoch: 1 << 33,
        base: 0,
        seq: 70_000,
        size: WireSize { cols: 10, rows: 3 },
        row_ids: vec![RowIds { first: 5, count: 2 }, RowIds { first: 300, count: 1 }],
        rows: vec![
            WireRow {
                id: 5,
                wrapped: true,
                runs: vec![run(0, 1, "$ ", &[1, 1]), run(1, 1, "ls", &[1, 1])],
            },
            WireRow {
                id: 6,
                wrapped: false,
                runs: vec![run(0, 2, "한글", &[1, 1]), run(0, 1, "e\u{301}x", &[2, 1])],
            },
            WireRow { id: 300, wrapped: false, runs: vec![run(0, 1, "~", &[1])] },
        ],
        styles: styles(writer),
        links: links(),
        cursor: WireCursor {
            col: 4,
            row: 0,
            visible: true,
            shape: CursorShape(writer.number(CursorShape::BAR.0)),
            blink: true,
        },
        modes: WireModes(WireModes::ALTERNATE_SCREEN | WireModes::BRACKETED_PASTE),
        history_lines: 1000,
        input_done: 9,
        tty: TtyFlags(TtyFlags::ECHO | TtyFlags::ICANON | TtyFlags::ISIG),
        state,
        ext: writer.ext(),
    }
}

/// The same screen one line further: one row came in, nothing else is said.
fn scrolled() -> Frame {
    Frame {
        pane: PANE,
        epoch: 1 << 33,
        base: 70_000,
        seq: 70_002,
        size: WireSize { cols: 10, rows: 3 },
        row_ids: vec![RowIds { first: 6, count: 1 }, RowIds { first: 300, count: 2 }],
        rows: vec![WireRow { id: 301, wrapped: false, runs: vec![run(0, 1, "next", &[])] }],
        styles: vec![WireStyle::default()],
        links: Vec::new(),
        cursor: WireCursor { col: 4, row: 2, visible: true, ..WireCursor::default() },
        modes: WireModes(0),
        history_lines: 1001,
        input_done: 9,
        tty: TtyFlags(0),
        state: Ext::none(),
        ext: Ext::none(),
    }
}

/// The same screen, with an image that stands on it twice: by itself, and in cells.
fn with_images() -> Frame {
    let image = WireImage {
        image: 70_000,
        id: 7,
        format: WireImageFormat::PNG,
        width: 640,
        height: 480,
        bytes: 100_000,
    };
    let by_itself = WirePlacement {
        image: 70_000,
        placement: 2,
        in_cells: false,
        row: 301,
        above: 1,
        col: 4,
        cols: 64,
        rows: 24,
        x: 10,
        y: 20,
        width: 600,
        height: 400,
        z: -1,
    };
    let in_cells =
        WirePlacement { placement: 0, in_cells: true, row: 0, above: 0, z: 0, ..by_itself };
    let placements = vec![by_itself, in_cells];
    let images = WireImages { images: vec![image], placements, ext: Ext::none() };
    let mut state = Ext::none();
    state.push(state_tag::IMAGES, images.to_bytes());
    Frame { base: 70_002, seq: 70_003, rows: Vec::new(), styles: Vec::new(), state, ..scrolled() }
}

fn image_page(writer: Writer) -> ImagePage {
    ImagePage {
        pane: PANE,
        image: 70_000,
        format: WireImageFormat(writer.number(WireImageFormat::RGBA.0)),
        width: 1,
        height: 2,
        total: 8,
        from: 4,
        bytes: vec![1, 2, 3, 255],
        ext: writer.ext(),
    }
}

fn page(writer: Writer) -> HistoryPage {
    let mut ext = writer.ext();
    ext.push(history_tag::OPEN, []);
    HistoryPage {
        pane: PANE,
        first_kept: 10,
        end: 1002,
        lines: vec![
            WireLine { number: 1000, version: 1, runs: vec![run(1, 1, "cargo test", &[1; 10])] },
            WireLine { number: 1001, version: 65_537, runs: vec![run(0, 1, "ok", &[1, 1])] },
        ],
        styles: styles(writer),
        links: links(),
        ext,
    }
}
