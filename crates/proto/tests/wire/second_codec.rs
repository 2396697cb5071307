//! A second codec that knows nothing of the first: the crate that the bodies are written with is
//! finished and will see no more releases, and this holds the way out open. For bodies that between
//! them use every shape of field, twins of the structs are read from the golden samples by the
//! second codec, print as the originals do, and are written to the same bytes.

use ccc_proto::{HEADER_BYTES, Message};
use wincode::config::{Configuration, deserialize_exact, serialize};

use crate::samples::{self, Writer};

/// Checks every sample of a twin's number, and that there is one.
macro_rules! agree {
    ($($name:ident,)*) => {
        $({
            let mut checked = 0;
            for sample in samples::all(Writer::Ours).into_iter().chain(samples::all(Writer::Future)) {
                let Message::$name(body) = &sample else { continue };
                let config = Configuration::default().with_varint_encoding();
                let bytes = sample.to_bytes().expect("a sample fits");
                let bytes = &bytes[HEADER_BYTES..];
                let read: twin::$name = deserialize_exact(bytes, config).expect(stringify!($name));
                assert_eq!(format!("{read:?}"), format!("{body:?}"));
                assert_eq!(serialize(&read, config).expect(stringify!($name)), bytes);
                checked += 1;
            }
            assert!(checked > 0, "no sample of {}", stringify!($name));
        })*
    };
}

#[test]
fn both_codecs_agree() {
    agree! {
        Hello,
        Attach,
        Layout,
        Input,
        FrameApplied,
        Frame,
        Capture,
        Chunk,
        Sessions,
        HistoryPage,
    }
}

/// The structs once more, by name and order of fields.
mod twin {
    use wincode::{SchemaRead, SchemaWrite};

    macro_rules! twins {
        ($($name:ident { $($field:ident: $type:ty,)* })*) => {
            $(
                #[derive(Debug, SchemaRead, SchemaWrite)]
                pub(super) struct $name { $($field: $type,)* }
            )*
        };
    }

    macro_rules! newtypes {
        ($($name:ident($type:ty);)*) => {
            $(
                #[derive(Debug, SchemaRead, SchemaWrite)]
                pub(super) struct $name($type);
            )*
        };
    }

    newtypes! {
        ClientKind(u16);
        CursorShape(u16);
        Ext(Vec<Tagged>);
        InputKind(u16);
        NodeKind(u16);
        PaneId(u64);
        PaneState(u16);
        SessionId(u64);
        SessionState(u16);
        TabId(u64);
        TtyFlags(u16);
        WireColor(u32);
        WireExitKind(u16);
        WireModes(u64);
    }

    twins! {
        Tagged { tag: u16, bytes: Vec<u8>, }
        Hello { minor: u16, software: String, kind: ClientKind, host: String, pid: u32, ext: Ext, }
        WireSize { cols: u16, rows: u16, }
        PixelSize { width: u16, height: u16, }
        KnownPane { pane: PaneId, epoch: u64, seq: u64, }
        Spawn {
            argv: Vec<Vec<u8>>,
            shell: Vec<u8>,
            cwd: Option<Vec<u8>>,
            fallback_cwd: Option<Vec<u8>>,
            env: Vec<(Vec<u8>, Vec<u8>)>,
            set_env: Vec<(Vec<u8>, Vec<u8>)>,
            umask: Option<u32>,
            open_files: Option<u64>,
            size: WireSize,
            no_record: bool,
            machine: String,
            ext: Ext,
        }
        Attach {
            target: String,
            create: bool,
            view: bool,
            steal: bool,
            size: WireSize,
            pixels: PixelSize,
            known: Vec<KnownPane>,
            spawn: Spawn,
            ext: Ext,
        }
        WireNode {
            kind: NodeKind,
            parent: u16,
            ratio: u32,
            server: u64,
            pane: PaneId,
            col: u16,
            row: u16,
            size: WireSize,
        }
        WireTab {
            tab: TabId,
            number: u16,
            name: String,
            size: WireSize,
            zoomed: Option<PaneId>,
            focus: PaneId,
            nodes: Vec<WireNode>,
            floating: Vec<WireNode>,
            ext: Ext,
        }
        WireExit { kind: WireExitKind, value: i32, }
        WirePane {
            pane: PaneId,
            number: u16,
            title: String,
            state: PaneState,
            exit: WireExit,
            recorded: bool,
            ext: Ext,
        }
        Layout {
            session: SessionId,
            name: String,
            revision: u64,
            tabs: Vec<WireTab>,
            panes: Vec<WirePane>,
            ext: Ext,
        }
        InputEvent { kind: InputKind, body: Vec<u8>, }
        Input { pane: PaneId, number: u64, events: Vec<InputEvent>, ext: Ext, }
        FrameApplied { pane: PaneId, epoch: u64, seq: u64, }
        RowIds { first: u64, count: u16, }
        RowRun { style: u16, width: u8, text: String, clusters: Vec<u8>, }
        WireRow { id: u64, wrapped: bool, runs: Vec<RowRun>, }
        WireStyle {
            fg: WireColor,
            bg: WireColor,
            underline_color: WireColor,
            attrs: u16,
            underline: u16,
            link: u16,
        }
        WireLink { id: String, uri: String, }
        WireCursor { col: u16, row: u16, visible: bool, shape: CursorShape, blink: bool, }
        Frame {
            pane: PaneId,
            epoch: u64,
            base: u64,
            seq: u64,
            size: WireSize,
            row_ids: Vec<RowIds>,
            rows: Vec<WireRow>,
            styles: Vec<WireStyle>,
            links: Vec<WireLink>,
            cursor: WireCursor,
            modes: WireModes,
            history_lines: u64,
            input_done: u64,
            tty: TtyFlags,
            state: Ext,
            ext: Ext,
        }
        Capture {
            target: String,
            from: Option<i64>,
            to: Option<i64>,
            ansi: bool,
            join: bool,
            ext: Ext,
        }
        Chunk { offset: u64, bytes: Vec<u8>, }
        TabInfo {
            tab: TabId,
            number: u16,
            name: String,
            focus: PaneId,
            zoomed: Option<PaneId>,
            size: WireSize,
            ext: Ext,
        }
        PaneInfo {
            pane: PaneId,
            tab: TabId,
            number: u16,
            ulid: String,
            title: String,
            command: String,
            cwd: String,
            size: WireSize,
            pid: u32,
            start_time: u64,
            state: PaneState,
            exit: WireExit,
            offset: u64,
            first_kept: u64,
            output_unix_ms: u64,
            recorded: bool,
            ext: Ext,
        }
        SessionInfo {
            session: SessionId,
            name: String,
            state: SessionState,
            created_unix_ms: u64,
            attached: u16,
            current_tab: TabId,
            tabs: Vec<TabInfo>,
            panes: Vec<PaneInfo>,
            ext: Ext,
        }
        Sessions { sessions: Vec<SessionInfo>, ext: Ext, }
        WireLine { number: u64, version: u32, runs: Vec<RowRun>, }
        HistoryPage {
            pane: PaneId,
            first_kept: u64,
            end: u64,
            lines: Vec<WireLine>,
            styles: Vec<WireStyle>,
            links: Vec<WireLink>,
            ext: Ext,
        }
    }
}
