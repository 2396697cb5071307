//! Requests and their answers.

use ccc_proto::{
    Capture, Chunk, ChunkEnd, ClientId, DetachClient, Direction, Doctor, Done, Events, Export, Ext,
    Failed, Failure, InputEvent, InputKind, Kill, LayoutLoad, LayoutSave, LayoutText, ListClients,
    ListSessions, ListUsage, Message, New, PaneBreak, PaneClose, PaneFloat, PaneId, PaneResize,
    PaneSwap, PaneZoom, Paste, Ping, Pong, PresetLayout, Remove, Rename, RequestInterrupt,
    ResizePane, Restart, SelectTarget, Send, Sent, SessionId, Split, StopServer, SwapWith,
    TabClose, TabId, TabMove, TabNew, Tail, TextPage, Toggle, Wait, WaitFor, Waited, WireExitKind,
};

use super::Writer;
use super::control::{SIZE, exit, spawn};

pub(super) fn messages(writer: Writer) -> Vec<Message> {
    let mut messages = lives(writer);
    messages.extend(places(writer));
    messages.extend(scripts(writer));
    messages
}

fn target() -> String {
    "work:1.2".into()
}

fn lives(writer: Writer) -> Vec<Message> {
    let ext = writer.ext();
    vec![
        Done {
            session: Some(SessionId(3)),
            tab: Some(TabId(7)),
            pane: Some(PaneId(12)),
            revision: 41,
            ext: ext.clone(),
        }
        .into(),
        Done::default().into(),
        Failed {
            failure: Failure(writer.number(Failure::CONFLICT.0)),
            why: "the name is taken".into(),
            hint: "ccc ls".into(),
            ext: ext.clone(),
        }
        .into(),
        ListSessions { target: target(), ext: ext.clone() }.into(),
        ListClients { ext: ext.clone() }.into(),
        ListUsage { target: target(), ext: ext.clone() }.into(),
        New {
            name: "work".into(),
            or_existing: true,
            ttl_ms: 60_000,
            spawn: spawn(writer),
            ext: ext.clone(),
        }
        .into(),
        Rename { target: target(), name: "build".into(), ext: ext.clone() }.into(),
        Kill { target: target(), signal: 9, ext: ext.clone() }.into(),
        Remove { target: target(), ext: ext.clone() }.into(),
        Restart { target: target(), spawn: spawn(writer), ext: ext.clone() }.into(),
        DetachClient {
            client: Some(ClientId(5)),
            target: target(),
            but: Some(ClientId(6)),
            ext: ext.clone(),
        }
        .into(),
        Doctor { ext: ext.clone() }.into(),
        StopServer { kill: true, ext: ext.clone() }.into(),
        Ping { ext: ext.clone() }.into(),
        Pong { ext }.into(),
    ]
}

fn places(writer: Writer) -> Vec<Message> {
    let ext = writer.ext();
    let direction = Direction(writer.number(Direction::DOWN.0));
    vec![
        TabNew {
            target: target(),
            name: "logs".into(),
            background: true,
            spawn: spawn(writer),
            ext: ext.clone(),
        }
        .into(),
        TabMove { target: target(), to: 2, ext: ext.clone() }.into(),
        SelectTarget { target: target(), client: Some(ClientId(5)), ext: ext.clone() }.into(),
        Split {
            target: target(),
            direction,
            cells: 20,
            percent: 30,
            background: true,
            revision: 41,
            spawn: spawn(writer),
            ext: ext.clone(),
        }
        .into(),
        PaneResize { target: target(), direction, cells: 5, ext: ext.clone() }.into(),
        PaneSwap {
            target: target(),
            with: SwapWith(writer.number(SwapWith::OTHER.0)),
            other: "p13".into(),
            ext: ext.clone(),
        }
        .into(),
        PaneZoom { target: target(), zoom: Toggle(writer.number(Toggle::ON.0)), ext: ext.clone() }
            .into(),
        PaneBreak { target: target(), name: "own".into(), background: false, ext: ext.clone() }
            .into(),
        PaneFloat {
            target: target(),
            float: Toggle(writer.number(Toggle::ON.0)),
            ext: ext.clone(),
        }
        .into(),
        PaneClose { target: target(), ext: ext.clone() }.into(),
        PresetLayout { target: target(), preset: "tiled".into(), ext: ext.clone() }.into(),
        LayoutSave { target: target(), ext: ext.clone() }.into(),
        LayoutText { text: "[[tab]]\n".into(), ext: ext.clone() }.into(),
        LayoutLoad {
            name: "work".into(),
            text: "[[tab]]\n".into(),
            spawn: spawn(writer),
            ext: ext.clone(),
        }
        .into(),
        TabClose { target: target(), ext: ext.clone() }.into(),
        ResizePane { target: target(), size: SIZE, ext }.into(),
    ]
}

fn scripts(writer: Writer) -> Vec<Message> {
    let ext = writer.ext();
    let typed = InputEvent::text("make\n");
    let typed = InputEvent { kind: InputKind(writer.number(typed.kind.0)), ..typed };
    vec![
        Send { target: target(), events: vec![typed], ext: ext.clone() }.into(),
        Paste { target: target(), text: "one\n가\n".into(), ext: ext.clone() }.into(),
        Sent { pane: PaneId(12), offset: 1 << 20, ext: ext.clone() }.into(),
        RequestInterrupt { target: target(), ext: ext.clone() }.into(),
        Capture {
            target: target(),
            from: Some(-100),
            to: Some(1 << 33),
            ansi: true,
            join: true,
            ext: ext.clone(),
        }
        .into(),
        Capture {
            target: String::new(),
            from: None,
            to: None,
            ansi: false,
            join: false,
            ext: Ext::none(),
        }
        .into(),
        TextPage { text: "$ make\nok\n".into(), more: true }.into(),
        Tail { target: target(), from: Some(4096), follow: true, ext: ext.clone() }.into(),
        Export { target: target(), ext: ext.clone() }.into(),
        Chunk { offset: 65_536, bytes: b"\x1b[1mok\xff".to_vec() }.into(),
        ChunkEnd {
            offset: 65_542,
            exit: exit(writer, WireExitKind::CODE, 2),
            missing: 10,
            ext: ext.clone(),
        }
        .into(),
        Wait {
            target: target(),
            wait_for: WaitFor(writer.number(WaitFor::MATCH.0)),
            pattern: "ok$".into(),
            idle_ms: 250,
            since: Some(4096),
            timeout_ms: 10_000,
            ext: ext.clone(),
        }
        .into(),
        Waited {
            pane: PaneId(12),
            exit: exit(writer, WireExitKind::UNKNOWN, 0),
            line: "ok".into(),
            offset: 5000,
            ext: ext.clone(),
        }
        .into(),
        Events { target: target(), ext }.into(),
    ]
}
