//! Keys in, effects and whole pictures out.

use std::collections::HashMap;

use ccc_client::ClientEvent;
use ccc_client::input::Typed;
use ccc_client::proto::{
    AttachmentId, DetachReason, Detached, Direction, Ext, InputEvent, Message, NodeKind,
    PaneResize, SessionId, WireExit, WireNode,
};
use ccc_vt::input::parse_keys;

use super::notes::NOTE_TIME;
use super::*;
use crate::view::{self, Moment};

mod find;
mod floating;
mod forward;
mod frames;
mod guesses;
mod hints;
mod history;
mod lists;
mod older;
mod outside;
mod palette;
mod plain;
mod tree;
mod upload;

const SIZE: Size = Size { cols: 80, rows: 24 };

impl Mirrors for HashMap<PaneId, Mirror> {
    fn mirror(&self, pane: PaneId) -> Option<&Mirror> {
        self.get(&pane)
    }
}

fn leaf(pane: u64, col: u16, row: u16, cols: u16, rows: u16) -> WireNode {
    WireNode {
        kind: NodeKind::LEAF,
        parent: 0,
        ratio: 0,
        server: 0,
        pane: PaneId(pane),
        col,
        row,
        size: WireSize { cols, rows },
    }
}

fn tab(id: u64, number: u16, name: &str, nodes: Vec<WireNode>) -> WireTab {
    WireTab {
        tab: TabId(id),
        number,
        name: name.into(),
        size: WireSize { cols: 80, rows: 23 },
        zoomed: None,
        focus: nodes[0].pane,
        nodes,
        floating: Vec::new(),
        ext: Ext::none(),
    }
}

/// A session with a tab of three panes (left, top right, bottom right) and one of a single pane.
fn layout() -> Layout {
    let split = WireNode { kind: NodeKind::ROW, ..leaf(0, 0, 0, 80, 23) };
    let nodes = vec![leaf(1, 0, 0, 40, 23), leaf(2, 41, 0, 39, 11), leaf(3, 41, 12, 39, 11), split];
    let panes = (1..=4).map(|pane| WirePane {
        pane: PaneId(pane),
        number: u16::try_from(pane).unwrap(),
        title: String::new(),
        state: PaneState::RUNNING,
        exit: WireExit::default(),
        recorded: true,
        ext: Ext::none(),
    });
    Layout {
        session: SessionId(1),
        name: "work".into(),
        revision: 1,
        tabs: vec![tab(1, 1, "sh", nodes), tab(2, 2, "logs", vec![leaf(4, 0, 0, 80, 23)])],
        panes: panes.collect(),
        ext: Ext::none(),
    }
}

/// The defaults, whatever language this machine speaks.
fn settings() -> Settings {
    Settings { language: Some(crate::words::Language::English), ..Settings::default() }
}

struct Bench {
    app: App,
    mirrors: HashMap<PaneId, Mirror>,
    now: Instant,
}

impl Bench {
    fn new() -> Self {
        let app = App::new(SIZE, true, settings(), Spawn::default());
        let mut bench = Self { app, mirrors: HashMap::new(), now: Instant::now() };
        bench.client(ClientEvent::Attached(Attached {
            attachment: AttachmentId(1),
            session: SessionId(1),
            name: "work".into(),
            created: false,
            writable: true,
            ext: Ext::none(),
        }));
        bench.client(ClientEvent::Layout(layout()));
        bench
    }

    fn client(&mut self, event: ClientEvent) -> Vec<Effect> {
        self.app.update(Event::Client(event), &self.mirrors, self.now)
    }

    fn keys(&mut self, keys: &str) -> Vec<Effect> {
        let mut effects = Vec::new();
        for key in parse_keys(keys).unwrap() {
            let event = Event::Stdin(StdinEvent::Key(key));
            effects.extend(self.app.update(event, &self.mirrors, self.now));
        }
        effects
    }

    fn picture(&self) -> String {
        let moment = Moment { clock: "12:34".into(), lost_seconds: 7 };
        view::draw(&self.app, &self.mirrors, &moment).text()
    }

    fn bar(&self) -> String {
        self.picture().lines().last().unwrap().to_owned()
    }
}

fn requests(effects: &[Effect]) -> Vec<&Message> {
    effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Request { message, .. } => Some(message.as_ref()),
            _ => None,
        })
        .collect()
}

#[test]
fn keys_go_to_the_program_and_control_c_as_an_interrupt() {
    let mut bench = Bench::new();
    let effects = bench.keys("a");
    assert!(matches!(&effects[..], [Effect::Input { pane: PaneId(1), .. }]), "{effects:?}");
    assert_eq!(bench.keys("C-c"), [Effect::Interrupt(PaneId(1))]);
}

#[test]
fn the_prefix_twice_sends_it() {
    let mut bench = Bench::new();
    assert!(bench.keys("C-b").is_empty());
    let effects = bench.keys("C-b");
    assert!(matches!(&effects[..], [Effect::Input { .. }]), "{effects:?}");
}

#[test]
fn arrows_focus_by_direction_and_around_the_edge() {
    let mut bench = Bench::new();
    let mut go = |keys: &str| {
        bench.keys(keys);
        bench.app.pane.0
    };
    assert_eq!(go("C-b Right"), 2);
    assert_eq!(go("C-b Down"), 3);
    assert_eq!(go("C-b Down"), 2);
    assert_eq!(go("C-b Left"), 1);
    // Back to where one came from, not to the topmost.
    assert_eq!(go("C-b Right"), 2);
    assert_eq!(go("C-b ;"), 1);
    assert_eq!(go("C-b o"), 2);
}

#[test]
fn a_tab_remembers_its_focus_and_the_last_tab_is_one_key_away() {
    let mut bench = Bench::new();
    bench.keys("C-b Right");
    bench.keys("C-b n");
    assert_eq!((bench.app.tab, bench.app.pane), (TabId(2), PaneId(4)));
    bench.keys("C-b l");
    assert_eq!((bench.app.tab, bench.app.pane), (TabId(1), PaneId(2)));
    bench.keys("C-b 2");
    assert_eq!(bench.app.tab, TabId(2));
    bench.keys("C-b 7");
    assert!(bench.bar().contains("there is no tab 7"), "{}", bench.bar());
}

#[test]
fn a_resize_repeats_without_the_prefix_until_another_key() {
    let mut bench = Bench::new();
    let effects = bench.keys("C-b C-Right C-Right");
    let asked = requests(&effects);
    assert_eq!(asked.len(), 2);
    let Message::PaneResize(PaneResize { direction, cells, .. }) = asked[1] else {
        panic!("{asked:?}")
    };
    assert_eq!((*direction, *cells), (Direction::RIGHT, 1));
    let effects = bench.keys("x");
    assert!(matches!(&effects[..], [Effect::Input { .. }]), "{effects:?}");
}

#[test]
fn closing_a_running_pane_asks_and_an_ended_one_does_not() {
    let mut bench = Bench::new();
    assert!(bench.keys("C-b x").is_empty());
    assert!(bench.bar().starts_with("close p1 and end its program? (y/n)"), "{}", bench.bar());
    assert!(bench.keys("n").is_empty());
    assert_eq!(requests(&bench.keys("C-b x y")).len(), 1);
    let mut ended = layout();
    ended.panes[0].state = PaneState::EXITED;
    bench.client(ClientEvent::Layout(ended));
    assert_eq!(requests(&bench.keys("x")).len(), 1);
}

#[test]
fn closing_a_tab_asks_and_closes_it_whole() {
    let mut bench = Bench::new();
    assert!(bench.keys("C-b &").is_empty());
    let effects = bench.keys("y");
    let [Message::TabClose(close)] = requests(&effects)[..] else { panic!("{effects:?}") };
    assert_eq!(close.target, "t1");
}

#[test]
fn a_pane_that_is_gone_loses_the_focus() {
    let mut bench = Bench::new();
    bench.keys("C-b Right");
    let mut smaller = layout();
    smaller.tabs[0].nodes = vec![leaf(1, 0, 0, 80, 23)];
    bench.client(ClientEvent::Layout(smaller));
    assert_eq!(bench.app.pane, PaneId(1));
}

#[test]
fn the_bar_and_the_borders_stand_where_they_should() {
    let bench = Bench::new();
    let picture = bench.picture();
    let lines: Vec<&str> = picture.lines().collect();
    assert_eq!(lines.len(), 24);
    assert_eq!(lines[0].trim_start(), "│");
    assert_eq!(lines[11].trim_start(), format!("├{}", "─".repeat(39)));
    assert!(lines[23].starts_with("[work] 1:sh* 2:logs"), "{}", lines[23]);
    assert!(lines[23].ends_with("C-b ? help · live · REC · 12:34"), "{}", lines[23]);
}

#[test]
fn a_lost_link_is_told_with_what_is_unsure() {
    let mut bench = Bench::new();
    let state = ccc_client::LinkState::Reconnecting { since: bench.now, why: "restarted".into() };
    bench.client(ClientEvent::Link(state));
    bench.client(ClientEvent::Unsure(3));
    let picture = bench.picture();
    assert!(picture.contains("The link is lost: restarted"), "{picture}");
    assert!(picture.contains("3 inputs of unknown fate; nothing is sent twice."), "{picture}");
    bench.client(ClientEvent::Link(ccc_client::LinkState::Live));
    assert!(!bench.picture().contains("The link is lost"));
}

#[test]
fn help_lists_the_bindings_and_narrows() {
    let mut bench = Bench::new();
    bench.keys("C-b ?");
    bench.keys("z o o m");
    let picture = bench.picture();
    assert!(picture.contains("C-b z"), "{picture}");
    assert!(!picture.contains("split-right"), "{picture}");
    bench.keys("Escape");
    assert!(!bench.picture().contains("type to filter"));
}

#[test]
fn a_narrow_bar_loses_what_matters_least() {
    let mut bench = Bench::new();
    bench.app.update(Event::Resized(Size { cols: 30, rows: 5 }), &bench.mirrors, bench.now);
    let bar = bench.bar();
    assert!(bar.starts_with("[work] 1:sh*"), "{bar}");
    assert!(bar.ends_with("live"), "{bar}");
}

#[test]
fn a_viewer_sends_nothing() {
    let mut bench = Bench::new();
    bench.app.attached.as_mut().unwrap().writable = false;
    assert!(bench.keys("a C-c").is_empty());
    assert!(bench.bar().contains("view"), "{}", bench.bar());
}

fn split(bench: &mut Bench) -> Purpose {
    match bench.keys("C-b %").pop() {
        Some(Effect::Request { purpose, .. }) => purpose,
        other => panic!("{other:?}"),
    }
}

fn answer(bench: &mut Bench, purpose: Purpose, pane: u64, revision: u64) -> Vec<Effect> {
    let (tab, pane) = (Some(TabId(1)), Some(PaneId(pane)));
    let done = ccc_client::proto::Done { tab, pane, revision, ..Default::default() };
    let answer = Answer { purpose, result: Ok(Message::from(done)) };
    bench.app.update(Event::Answer(answer), &bench.mirrors, bench.now)
}

#[test]
fn an_answer_that_comes_late_does_not_pull_the_focus_back() {
    let mut bench = Bench::new();
    let late = split(&mut bench);
    // So late that hands were let go on without it.
    bench.now += Duration::from_secs(2);
    bench.keys("C-b Right");
    answer(&mut bench, late, 3, 1);
    assert_eq!(bench.app.pane, PaneId(2));
    let timely = split(&mut bench);
    answer(&mut bench, timely, 3, 1);
    assert_eq!(bench.app.pane, PaneId(3));
}

#[test]
fn what_is_typed_behind_a_split_goes_into_the_new_pane() {
    let mut bench = Bench::new();
    let purpose = split(&mut bench);
    assert!(bench.keys("a C-c").is_empty());
    let effects = answer(&mut bench, purpose, 5, 2);
    let focus = |pane, gained| Effect::Input { pane, events: vec![InputEvent::focus(gained)] };
    let (old, new) = (PaneId(1), PaneId(5));
    let [moved @ .., Effect::Input { pane: typed, .. }, Effect::Interrupt(interrupted)] =
        &effects[..]
    else {
        panic!("{effects:?}")
    };
    let select = Effect::Select { tab: TabId(1), pane: new };
    assert_eq!(moved, [select, focus(old, false), focus(new, true)]);
    assert_eq!((*typed, *interrupted), (new, new));
}

#[test]
fn a_split_that_is_refused_lets_hands_go_on_where_they_are() {
    let mut bench = Bench::new();
    let purpose = split(&mut bench);
    bench.keys("a");
    let refused = Answer { purpose, result: Err(ccc_client::ClientError::Deadline { seconds: 1 }) };
    let effects = bench.app.update(Event::Answer(refused), &bench.mirrors, bench.now);
    assert!(matches!(&effects[..], [Effect::Input { pane: PaneId(1), .. }]), "{effects:?}");
}

#[test]
fn a_layout_from_before_the_new_pane_does_not_pull_the_focus_back() {
    let mut bench = Bench::new();
    let purpose = split(&mut bench);
    answer(&mut bench, purpose, 5, 3);
    bench.client(ClientEvent::Layout(Layout { revision: 2, ..layout() }));
    assert_eq!(bench.app.pane, PaneId(5));
    // In the layout of that moment the pane has ended already.
    bench.client(ClientEvent::Layout(Layout { revision: 3, ..layout() }));
    assert_eq!(bench.app.pane, PaneId(1));
}

#[test]
fn what_is_typed_before_there_is_a_layout_waits_for_it() {
    let mut bench = Bench::new();
    bench.app.layout = None;
    assert!(bench.keys("a").is_empty());
    let effects = bench.client(ClientEvent::Layout(layout()));
    assert!(matches!(&effects[..], [Effect::Input { pane: PaneId(1), .. }]), "{effects:?}");
}

#[test]
fn a_session_that_ends_leads_to_the_last_one_and_then_out() {
    let mut bench = Bench::new();
    let attached = bench.app.attached.clone().unwrap();
    bench.client(ClientEvent::Attached(Attached { session: SessionId(2), ..attached.clone() }));
    let detached = |reason| {
        let exit = WireExit { kind: ccc_client::proto::WireExitKind::CODE, value: 7 };
        let (why, hint) = (String::new(), String::new());
        ClientEvent::Detached(Detached { reason, exit, why, hint, failure: 0, ext: Ext::none() })
    };
    let effects = bench.client(detached(DetachReason::SESSION_ENDED));
    assert_eq!(effects, [Effect::Attach("s1".into())]);
    // It is gone as well.
    let effects = bench.client(detached(DetachReason::FAILED));
    assert!(
        matches!(&effects[..], [Effect::Quit(Outcome::Ended { status: 7, .. })]),
        "{effects:?}"
    );
    bench.client(ClientEvent::Attached(attached));
    let effects = bench.client(detached(DetachReason::SESSION_ENDED));
    assert!(
        matches!(&effects[..], [Effect::Quit(Outcome::Ended { status: 7, .. })]),
        "{effects:?}"
    );
}

#[test]
fn a_long_copy_is_pasted_in_pieces_that_are_one_paste() {
    let mut bench = Bench::new();
    bench.app.copied = "가나다라".repeat(10_000);
    let effects = bench.keys("C-b ]");
    assert_eq!(effects.len(), 4);
    let sent: Vec<&InputEvent> = effects
        .iter()
        .map(|effect| match effect {
            Effect::Input { events, .. } => &events[0],
            other => panic!("{other:?}"),
        })
        .collect();
    // A byte in front says whether it is the first or the last.
    let text = |event: &InputEvent| String::from_utf8(event.body[1..].to_vec()).unwrap();
    let whole: String = sent.iter().map(|event| text(event)).collect();
    assert!(whole == bench.app.copied && sent.iter().all(|event| event.body.len() < 33_000));
    for (place, event) in sent.iter().enumerate() {
        assert_eq!(**event, InputEvent::paste_piece(&text(event), place == 0, place == 3));
    }
}

#[test]
fn what_no_terminal_takes_is_copied_inside_only() {
    let mut bench = Bench::new();
    let mut effects = Vec::new();
    bench.app.copy("x".repeat(2 << 20), &mut effects);
    assert!(effects.is_empty());
    bench.app.settings.clipboard = false;
    bench.app.copy("short".into(), &mut effects);
    assert!(effects.is_empty());
    bench.app.update(Event::Tick, &bench.mirrors, bench.now);
    assert!(bench.bar().contains("copied inside ccc only"), "{}", bench.bar());
    assert_eq!(bench.app.copied, "short");
}

#[test]
fn copies_have_no_secrets_where_that_is_wanted() {
    let mut bench = Bench::new();
    let mut effects = Vec::new();
    bench.app.copy("token=abcdefgh".into(), &mut effects);
    assert_eq!(effects, [Effect::Copy("token=abcdefgh".into())]);
    bench.app.settings.redact_copies = true;
    bench.app.copy("token=abcdefgh\nnext".into(), &mut effects);
    assert_eq!(effects[1], Effect::Copy("token=********\nnext".into()));
    assert_eq!(bench.app.copied, "token=********\nnext");
}
