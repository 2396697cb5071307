//! The control stream and the input stream.

use ccc_proto::{
    Attach, Attached, AttachmentId, ClientFacts, ClientId, ClientKind, ClientSize, Detach,
    DetachReason, Detached, EventKind, Ext, Hello, Input, InputAgain, InputEvent, InputKind,
    Interrupt, KnownPane, Layout, Message, NodeKind, PaneEvent, PaneId, PaneState, PaneStatus,
    PixelSize, Refusal, Refused, Select, ServerNotice, ServerNoticeKind, SessionId, Spawn, Switch,
    TabId, Viewed, Welcome, WireColor, WireExit, WireExitKind, WireKey, WireKeyCode, WireMouse,
    WireMouseKind, WireNode, WirePane, WireSize, WireTab,
};

use super::Writer;

pub(super) const SIZE: WireSize = WireSize { cols: 80, rows: 24 };

pub(super) fn messages(writer: Writer) -> Vec<Message> {
    let mut messages = greetings(writer);
    messages.extend(attachment(writer));
    messages.extend(notices(writer));
    messages.extend(hands(writer));
    messages
}

fn greetings(writer: Writer) -> Vec<Message> {
    let mut tagged = Ext::none();
    tagged.push(7, *b"seven");
    vec![
        Hello {
            minor: 0,
            software: "ccc 0.1.0".into(),
            kind: ClientKind(writer.number(ClientKind::TUI.0)),
            host: "laptop".into(),
            pid: 4321,
            ext: writer.ext(),
        }
        .into(),
        Hello {
            minor: 3,
            software: "다른 0.4".into(),
            kind: ClientKind(900),
            host: String::new(),
            pid: 0,
            ext: tagged,
        }
        .into(),
        Welcome {
            minor: 0,
            software: "ccc 0.1.0".into(),
            server: "abcdefghijklmnopqrstuvwxyz234567abcdefghijklmnopqrst".into(),
            client: ClientId(5),
            host: "box".into(),
            pid: 99,
            ext: writer.ext(),
        }
        .into(),
        Refused {
            reason: Refusal(writer.number(Refusal::UNKNOWN_KEY.0)),
            why: "this key is not enrolled here".into(),
            hint: "ccc invite".into(),
            ext: writer.ext(),
        }
        .into(),
    ]
}

pub(super) fn spawn(writer: Writer) -> Spawn {
    Spawn {
        argv: vec![b"make".to_vec(), b"te\xffst".to_vec()],
        shell: b"/bin/bash".to_vec(),
        cwd: Some(b"/srv".to_vec()),
        fallback_cwd: Some(b"/home/a".to_vec()),
        env: vec![(b"LANG".to_vec(), b"C.UTF-8".to_vec())],
        set_env: vec![(b"CI".to_vec(), b"1".to_vec())],
        umask: Some(0o022),
        open_files: Some(1024),
        size: SIZE,
        no_record: true,
        machine: "m1".into(),
        ext: writer.ext(),
    }
}

pub(super) fn exit(writer: Writer, kind: WireExitKind, value: i32) -> WireExit {
    WireExit { kind: WireExitKind(writer.number(kind.0)), value }
}

fn attachment(writer: Writer) -> Vec<Message> {
    vec![
        Attach {
            target: "work:2.1".into(),
            create: true,
            view: false,
            steal: true,
            size: WireSize { cols: 300, rows: 24 },
            pixels: PixelSize { width: 1600, height: 800 },
            known: vec![KnownPane { pane: PaneId(12), epoch: 1 << 40, seq: 70_000 }],
            spawn: spawn(writer),
            ext: writer.ext(),
        }
        .into(),
        Attach {
            target: String::new(),
            create: false,
            view: true,
            steal: false,
            size: SIZE,
            pixels: PixelSize::default(),
            known: Vec::new(),
            spawn: Spawn::default(),
            ext: Ext::none(),
        }
        .into(),
        Attached {
            attachment: AttachmentId(8),
            session: SessionId(3),
            name: "work".into(),
            created: true,
            writable: true,
            ext: writer.ext(),
        }
        .into(),
        Select { number: 2, tab: TabId(7), pane: PaneId(12), ext: writer.ext() }.into(),
        Viewed {
            number: 2,
            session: SessionId(3),
            tab: TabId(7),
            pane: PaneId(12),
            ext: writer.ext(),
        }
        .into(),
        Switch { target: "other".into(), ext: writer.ext() }.into(),
        ClientSize {
            size: WireSize { cols: 200, rows: 50 },
            pixels: PixelSize { width: 1, height: 2 },
            ext: writer.ext(),
        }
        .into(),
        ClientFacts {
            foreground: WireColor(0x02d0_d0d0),
            background: WireColor(0x0210_2030),
            cursor: WireColor(0),
            palette: vec![WireColor(0x0200_0000), WireColor(0x02cd_0000)],
            cell: PixelSize { width: 10, height: 20 },
            ext: writer.ext(),
        }
        .into(),
        Detach { ext: writer.ext() }.into(),
        Detached {
            reason: DetachReason(writer.number(DetachReason::SESSION_ENDED.0)),
            exit: exit(writer, WireExitKind::SIGNAL, 15),
            why: "the session ended".into(),
            hint: "ccc restart work".into(),
            failure: 2,
            ext: writer.ext(),
        }
        .into(),
    ]
}

fn notices(writer: Writer) -> Vec<Message> {
    let running = PaneState(writer.number(PaneState::RUNNING.0));
    let node = |kind: NodeKind, pane, col, cols| WireNode {
        kind: NodeKind(writer.number(kind.0)),
        parent: 0,
        ratio: 32_768,
        server: 0,
        pane: PaneId(pane),
        col,
        row: 0,
        size: WireSize { cols, rows: 24 },
    };
    vec![
        Layout {
            session: SessionId(3),
            name: "work".into(),
            revision: 41,
            tabs: vec![WireTab {
                tab: TabId(7),
                number: 1,
                name: "build".into(),
                size: SIZE,
                zoomed: Some(PaneId(12)),
                focus: PaneId(12),
                nodes: vec![
                    node(NodeKind::ROW, 0, 0, 80),
                    node(NodeKind::LEAF, 12, 0, 40),
                    node(NodeKind::LEAF, 13, 41, 39),
                ],
                floating: vec![node(NodeKind::LEAF, 14, 10, 20)],
                ext: writer.ext(),
            }],
            panes: vec![WirePane {
                pane: PaneId(12),
                number: 1,
                title: "vim".into(),
                state: running,
                exit: exit(writer, WireExitKind(0), 0),
                recorded: true,
                ext: writer.ext(),
            }],
            ext: writer.ext(),
        }
        .into(),
        PaneEvent {
            id: 300,
            session: SessionId(3),
            pane: PaneId(12),
            kind: EventKind(writer.number(EventKind::NOTIFICATION.0)),
            title: "done".into(),
            data: b"all tests passed".to_vec(),
            ext: writer.ext(),
        }
        .into(),
        PaneStatus {
            pane: PaneId(12),
            state: PaneState(writer.number(PaneState::EXITED.0)),
            exit: exit(writer, WireExitKind::CODE, -1),
            why: "it ended".into(),
            ext: writer.ext(),
        }
        .into(),
        ServerNotice {
            kind: ServerNoticeKind(writer.number(ServerNoticeKind::WARNING.0)),
            text: "the disk is nearly full".into(),
            ext: writer.ext(),
        }
        .into(),
    ]
}

fn hands(writer: Writer) -> Vec<Message> {
    let key = WireKey {
        code: WireKeyCode(writer.number(WireKeyCode::CHAR.0)),
        char: 'c'.into(),
        modifiers: 4,
        kind: 1,
        shifted: 'C'.into(),
        base: 'c'.into(),
        text: "c".into(),
    };
    let mouse = WireMouse {
        kind: WireMouseKind(writer.number(WireMouseKind::PRESS.0)),
        button: 1,
        col: 10,
        row: 20,
        modifiers: 1,
    };
    let kinds = [
        InputEvent::key(&key),
        InputEvent::text("안녕"),
        InputEvent::paste("two\nlines"),
        InputEvent::mouse(&mouse),
        InputEvent::focus(true),
        InputEvent::literal(&[0, 27, 255]),
    ];
    let events =
        kinds.map(|event| InputEvent { kind: InputKind(writer.number(event.kind.0)), ..event });
    vec![
        Input { pane: PaneId(12), number: 9, events: events.into(), ext: writer.ext() }.into(),
        Interrupt { pane: PaneId(12), number: 10, ext: writer.ext() }.into(),
        InputAgain {
            attachment: AttachmentId(3),
            inputs: vec![Input {
                pane: PaneId(12),
                number: 9,
                events: vec![InputEvent {
                    kind: InputKind(writer.number(InputKind::TEXT.0)),
                    ..InputEvent::text("a")
                }],
                ext: writer.ext(),
            }],
            interrupts: vec![Interrupt { pane: PaneId(12), number: 10, ext: writer.ext() }],
            ext: writer.ext(),
        }
        .into(),
    ]
}
