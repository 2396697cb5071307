//! The table: what two looks tell, in which order, and how it is drawn.

use ccc_client::proto::{
    Ext, PaneInfo, PaneUsage, SessionId, TabId, TabInfo, WireExit, WireExitKind, WireSize,
};
use ccc_vt::Size;
use ccc_vt::input::parse_keys;

use super::run::{Chosen, Shown, chosen};
use super::*;
use crate::theme::Theme;
use crate::words::Language;

fn pane(pane: u64, number: u16, offset: u64) -> PaneInfo {
    PaneInfo {
        pane: PaneId(pane),
        tab: TabId(1),
        number,
        ulid: String::new(),
        title: "sh".into(),
        command: if pane == 2 { "make\u{1b}".into() } else { String::new() },
        cwd: String::new(),
        size: WireSize { cols: 80, rows: 24 },
        pid: 1,
        start_time: 1,
        state: PaneState::RUNNING,
        exit: WireExit::default(),
        offset,
        first_kept: 0,
        output_unix_ms: 0,
        recorded: true,
        ext: Ext::none(),
    }
}

/// At a time, with the bytes and the processor time of two panes.
fn look(at_ms: u64, panes: [(u64, u64, u64); 2]) -> Look {
    let infos = [(1, 1), (2, 2)].into_iter().zip(panes);
    let infos = infos.map(|((id, number), (bytes, _, _))| pane(id, number, bytes)).collect();
    let usage = (1..).zip(panes).map(|(id, (_, cpu_ms, memory))| PaneUsage {
        pane: PaneId(id),
        cpu_ms,
        memory,
        processes: 1,
    });
    Look {
        sessions: vec![SessionInfo {
            session: SessionId(1),
            name: "work".into(),
            state: SessionState::RUNNING,
            created_unix_ms: 0,
            attached: 0,
            current_tab: TabId(1),
            tabs: vec![TabInfo {
                tab: TabId(1),
                number: 3,
                name: String::new(),
                focus: PaneId(1),
                zoomed: None,
                size: WireSize { cols: 80, rows: 24 },
                ext: Ext::none(),
            }],
            panes: infos,
            ext: Ext::none(),
        }],
        usage: Some(Usage { at_us: at_ms * 1000, panes: usage.collect(), ext: Ext::none() }),
        at_ms,
    }
}

fn names(sort: TopSort) -> Vec<String> {
    let before = look(1000, [(100, 500, 9000), (0, 100, 8000)]);
    let now = look(3000, [(4196, 600, 9000), (2048, 1100, 8000)]);
    lines(Some(&before), &now, sort).into_iter().map(|line| line.name).collect()
}

#[test]
fn two_looks_tell_how_fast() {
    let before = look(1000, [(100, 500, 9000), (0, 100, 8000)]);
    let now = look(3000, [(4196, 600, 9000), (2048, 1100, 8000)]);
    let table = lines(Some(&before), &now, TopSort::Cpu);
    assert_eq!((table[0].cpu, table[0].rate), (Some(50.0), Some(1024.0)));
    assert_eq!((table[1].cpu, table[1].rate), (Some(5.0), Some(2048.0)));
    assert_eq!((table[0].command.as_str(), table[1].command.as_str()), ("make", "sh"));
    // The first look knows no rates, and a server of before no usage.
    let once = lines(None, &Look { usage: None, ..now.clone() }, TopSort::Cpu);
    assert_eq!((once[0].cpu, once[0].rate, once[0].memory), (None, None, None));
    let mut ended = now;
    ended.sessions[0].state = SessionState::ENDED;
    assert_eq!(lines(None, &ended, TopSort::Cpu), []);
}

#[test]
fn each_order_has_the_most_first() {
    let (one, two) = ("work:3.1".to_owned(), "work:3.2".to_owned());
    assert_eq!(names(TopSort::Cpu), [two.clone(), one.clone()]);
    for sort in [TopSort::Memory, TopSort::Rate, TopSort::Bytes, TopSort::Name] {
        assert_eq!(names(sort), [one.clone(), two.clone()], "{sort:?}");
    }
}

#[test]
fn the_picture_has_headings_lines_and_keys() {
    let now = look(3000, [(4196, 600, 5 << 30), (2048, 1100, 8000)]);
    let mut failed = now.clone();
    failed.sessions[0].panes[1].state = PaneState::EXITED;
    failed.sessions[0].panes[1].exit = WireExit { kind: WireExitKind::CODE, value: 3 };
    let table = lines(Some(&now), &Look { at_ms: 4000, ..failed }, TopSort::Name);
    let words = Language::English.words();
    let theme = Theme::named("terminal").unwrap();
    let shown = Shown { words, theme: &theme, sort: TopSort::Name, trouble: None };
    let picture = shown.draw(&table, Size { cols: 80, rows: 6 }).text();
    let lines: Vec<&str> = picture.lines().collect();
    assert_eq!(lines[0], "PANE      CPU%  MEM   PROCS  RECORDED  RATE  STATE     COMMAND");
    assert_eq!(lines[1], "work:3.1  -     5.0G  1      4.1K      0B/s  running   sh");
    assert_eq!(lines[2], "work:3.2  -     7.8K  1      2.0K      0B/s  exited 3  make");
    assert!(lines[5].contains("c cpu  m memory  r rate  b bytes  n name*"), "{picture}");
    let lost = Shown { trouble: Some("gone"), ..shown };
    assert!(lost.draw(&table, Size { cols: 80, rows: 6 }).text().contains("gone"));
}

#[test]
fn keys_choose_the_order_or_leave() {
    let key = |keys: &str| chosen(&parse_keys(keys).unwrap()[0]);
    assert_eq!(key("m"), Chosen::Sort(TopSort::Memory));
    for keys in ["q", "Escape", "C-c"] {
        assert_eq!(key(keys), Chosen::Leave, "{keys}");
    }
    assert_eq!(key("z"), Chosen::Nothing);
}

#[test]
fn sizes_are_short() {
    for (bytes, text) in [(0.0, "0B"), (999.0, "999B"), (1000.0, "1.0K"), (1536.0, "1.5K")] {
        assert_eq!(size(bytes), text);
    }
    assert_eq!(size(123.0 * 1024.0 * 1024.0), "123M");
    assert_eq!(size(5e15), "4547T");
}
