//! Listings, health, and what is watched.

use ccc_proto::{
    ClientId, ClientInfo, Clients, Custody, DoctorFinding, DoctorReport, ForgetStretch, Forgetting,
    Health, ListRecordings, Message, PaneId, PaneInfo, PaneState, PaneUsage, RecordingChecked,
    RecordingFault, RecordingInfo, RecordingRemoved, RecordingSet, RecordingState, Recordings,
    RemoveRecording, SessionId, SessionInfo, SessionState, Sessions, SetRecording,
    StretchForgotten, TabId, TabInfo, Toggle, Usage, VerifyRecordings, Watched, WireExitKind,
};

use super::Writer;
use super::control::{SIZE, exit};

pub(super) fn messages(writer: Writer) -> Vec<Message> {
    let ext = writer.ext();
    vec![
        Sessions { sessions: vec![session(writer)], ext: ext.clone() }.into(),
        Clients {
            clients: vec![ClientInfo {
                client: ClientId(5),
                software: "ccc 0.1.0".into(),
                host: "laptop".into(),
                address: "[::1]:4433".into(),
                principal: "abcdefghijklmnopqrstuvwxyz234567abcdefghijklmnopqrst".into(),
                session: Some(SessionId(3)),
                tab: Some(TabId(7)),
                pane: Some(PaneId(12)),
                size: SIZE,
                view: true,
                typed_unix_ms: 1_700_000_000_000,
                ext: ext.clone(),
            }],
            ext: ext.clone(),
        }
        .into(),
        Watched {
            id: 77,
            unix_ms: 1_700_000_000_000,
            what: "pane-exited".into(),
            session: Some(SessionId(3)),
            tab: Some(TabId(7)),
            pane: Some(PaneId(12)),
            exit: exit(writer, WireExitKind::CODE, 0),
            text: "vim".into(),
            ext: ext.clone(),
        }
        .into(),
        DoctorReport {
            custody: Custody {
                panes: 4,
                server: 4,
                keeper: 4,
                spare: 4,
                server_pid: 99,
                keeper_pid: 98,
                spare_pid: 97,
            },
            findings: vec![DoctorFinding {
                name: "splice".into(),
                health: Health(writer.number(Health::OK.0)),
                text: "output goes to disk without a copy".into(),
                hint: "none needed".into(),
            }],
            ext: ext.clone(),
        }
        .into(),
        Usage {
            at_us: 1 << 40,
            panes: vec![PaneUsage {
                pane: PaneId(12),
                cpu_ms: 61_000,
                memory: 1 << 33,
                processes: 3,
            }],
            ext: ext.clone(),
        }
        .into(),
        ListRecordings { target: Some("p12".into()), ext: ext.clone() }.into(),
        Recordings {
            recordings: vec![recording(writer)],
            pane_budget: 64 << 20,
            server_budget: 4 << 30,
            retention_days: 30,
            more: true,
            ext: ext.clone(),
        }
        .into(),
        VerifyRecordings { target: Some("p12".into()), ext: ext.clone() }.into(),
        RecordingChecked {
            ulid: ULID.into(),
            pane: Some(PaneId(12)),
            done: 70_000,
            total: 80_000,
            whole: true,
            faults: vec![RecordingFault {
                file: "3.seg".into(),
                offset: 4096,
                what: "damaged".into(),
            }],
            more: true,
            ext: ext.clone(),
        }
        .into(),
        RemoveRecording { target: "build".into(), ext: ext.clone() }.into(),
        RecordingRemoved { recording: recording(writer), ext: ext.clone() }.into(),
        ForgetStretch {
            target: "build:1.2".into(),
            what: Forgetting(writer.number(Forgetting::COMMAND.0)),
            from: 70_000,
            to: 80_000,
            ext: ext.clone(),
        }
        .into(),
        StretchForgotten {
            ulid: ULID.into(),
            pane: Some(PaneId(12)),
            from: 70_000,
            to: 80_000,
            bytes: 9_000,
            commands: 3,
            segments: 2,
            behind: 400_000,
            of: 500_000,
            done: true,
            ext: ext.clone(),
        }
        .into(),
        SetRecording {
            target: "build:1.2".into(),
            set: Toggle(writer.number(Toggle::ON.0)),
            ext: ext.clone(),
        }
        .into(),
        RecordingSet { pane: Some(PaneId(12)), on: true, changed: true, ext }.into(),
    ]
}

fn session(writer: Writer) -> SessionInfo {
    SessionInfo {
        session: SessionId(3),
        name: "work".into(),
        state: SessionState(writer.number(SessionState::RUNNING.0)),
        created_unix_ms: 1_700_000_000_000,
        attached: 2,
        current_tab: TabId(7),
        tabs: vec![TabInfo {
            tab: TabId(7),
            number: 1,
            name: "build".into(),
            focus: PaneId(12),
            zoomed: Some(PaneId(12)),
            size: SIZE,
            ext: writer.ext(),
        }],
        panes: vec![PaneInfo {
            pane: PaneId(12),
            tab: TabId(7),
            number: 1,
            ulid: "01J0000000000000000000000A".into(),
            title: "vim".into(),
            command: "vim notes".into(),
            cwd: "/srv".into(),
            size: SIZE,
            pid: 4321,
            start_time: 123_456,
            state: PaneState(writer.number(PaneState::RUNNING.0)),
            exit: exit(writer, WireExitKind(0), 0),
            offset: 1 << 20,
            first_kept: 4096,
            output_unix_ms: 1_700_000_000_001,
            recorded: true,
            ext: writer.ext(),
        }],
        ext: writer.ext(),
    }
}

const ULID: &str = "01ARZ3NDEKTSV4RRFFQ69G5FAV";

fn recording(writer: Writer) -> RecordingInfo {
    RecordingInfo {
        ulid: ULID.into(),
        pane: Some(PaneId(12)),
        state: RecordingState(writer.number(RecordingState::KEPT.0)),
        session: "build".into(),
        command: "make -j8".into(),
        began_unix_ms: 1 << 41,
        last_unix_ms: (1 << 41) + 5000,
        first: 1 << 23,
        end: 1 << 30,
        disk: 100_000_000,
        segments: 126,
        journals: 1,
        sealed: 1 << 29,
        sealed_disk: 99_000_000,
        unusable: 1,
        ext: writer.ext(),
    }
}
