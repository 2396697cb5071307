//! Looking at recordings.

use ccc_proto::{
    Message, MomentKind, PaneId, ReplayCommand, ReplayImage, ReplayInfo, ReplayMoment, ReplayPoint,
    ReplayRequest, ScreenPage, ScreenRequest, WireExit, WireExitKind, WireSize,
};

use super::Writer;

const ULID: &str = "01JD0000000000000000000000";

pub(super) fn messages(writer: Writer) -> Vec<Message> {
    let exit = WireExit { kind: WireExitKind(writer.number(WireExitKind::CODE.0)), value: 2 };
    let info = ReplayInfo {
        ulid: ULID.into(),
        pane: Some(PaneId(12)),
        session: "work".into(),
        command: "make -j8".into(),
        running: true,
        began_unix_ms: 1_764_000_000_000,
        first: 4096,
        end: 1 << 33,
        duration_us: 3_600_000_000,
        points: vec![ReplayPoint { offset: 4096, at_us: 10_000 }],
        moments: vec![ReplayMoment {
            offset: 5000,
            at_us: 20_000,
            kind: MomentKind(writer.number(MomentKind::ENDED.0)),
            size: WireSize { cols: 80, rows: 24 },
            exit,
        }],
        commands: vec![ReplayCommand {
            mark: 4200,
            to: Some(5000),
            text: "make 서울".into(),
            exit: Some(-2),
        }],
        ext: writer.ext(),
    };
    let screen =
        ScreenPage { offset: 5000, frame: super::screen::whole(writer), ext: writer.ext() };
    let image = ReplayImage {
        ulid: ULID.into(),
        offset: 5000,
        image: 4700,
        from: 1 << 20,
        ext: writer.ext(),
    };
    vec![
        ReplayRequest { target: "work:1.2".into(), ext: writer.ext() }.into(),
        info.into(),
        ScreenRequest { ulid: ULID.into(), offset: 5000, ext: writer.ext() }.into(),
        screen.into(),
        image.into(),
    ]
}
