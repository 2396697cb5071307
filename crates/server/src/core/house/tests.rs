//! Commands and their records, one by one; `life` holds the properties of long lives.

mod life;

use ccc_proto::{Ext, PaneState, SessionState, TabInfo, WireExit, WireExitKind, WireSize};

use super::*;
use crate::core::label::NameError;
use crate::core::layout::{LayoutError, Preset, Side, SplitSize};
use crate::core::target::Depth;

const AREA: Size = Size::new(80, 24);
const S1: SessionId = SessionId(1);
const T1: TabId = TabId(1);
const T2: TabId = TabId(2);
const P1: PaneId = PaneId(1);
const P2: PaneId = PaneId(2);
const P3: PaneId = PaneId(3);

fn exit(code: i32) -> WireExit {
    WireExit { kind: WireExitKind::CODE, value: code }
}

fn author() -> Author {
    Author { principal: "ann".into(), connection: 4, unix_ms: 1000, ext: Ext::none() }
}

fn shell(ulid: u128) -> NewPane {
    NewPane { ulid: Ulid(ulid), spec: PaneSpec { cwd: b"/src".into(), ..PaneSpec::default() } }
}

fn command(ulid: u128, words: &[&str]) -> NewPane {
    let argv = words.iter().map(|word| word.as_bytes().to_vec()).collect();
    NewPane { ulid: Ulid(ulid), spec: PaneSpec { argv, ..PaneSpec::default() } }
}

fn new_session(name: &str) -> NewSession {
    NewSession {
        name: name.into(),
        ulid: Ulid(100),
        ttl_ms: 0,
        pane: shell(1),
        size: AREA,
        remember: true,
    }
}

fn new_tab(name: &str) -> NewTab {
    NewTab { session: S1, name: name.into(), pane: shell(2), size: None, remember: false }
}

fn split_of(pane: PaneId) -> SplitPane {
    SplitPane {
        pane,
        side: Side::Right,
        size: SplitSize::Half,
        revision: 0,
        new: shell(3),
        remember: false,
    }
}

/// A house that logs and applies what its commands answer.
#[derive(Default)]
struct Running {
    house: House,
    log: Vec<Record>,
}

impl Running {
    /// `work`: tab 1 with p1 and p2, both shells.
    fn work() -> Self {
        let mut running = Self::default();
        running.run(|house, author| house.new_session(author, new_session("work"))).unwrap();
        running.run(|house, author| house.split(author, split_of(P1))).unwrap();
        running
    }

    fn run(
        &mut self,
        command: impl FnOnce(&House, &Author) -> Result<Plan, Refusal>,
    ) -> Result<Plan, Refusal> {
        let plan = command(&self.house, &author())?;
        for record in &plan.records {
            self.house.apply(record);
            self.log.push(record.clone());
        }
        assert_eq!(self.house.ignored(), 0, "a command's own record made no sense: {plan:?}");
        Ok(plan)
    }

    fn tree(&self, tab: TabId) -> Vec<(u64, Size)> {
        let tab = self.house.tab(tab).unwrap();
        let sizes = tab.view.as_ref().unwrap().layout.sizes(tab.size).into_iter();
        sizes.map(|(pane, size)| (pane.0, size)).collect()
    }

    fn focus(&self, tab: TabId) -> PaneId {
        self.house.tab(tab).unwrap().view.as_ref().unwrap().focus
    }

    fn names(&self, plan: &Plan) -> Vec<&'static str> {
        plan.records.iter().map(|record| record.change.name()).collect()
    }
}

// Sessions.

#[test]
fn a_session_is_made_with_one_tab_and_one_pane() {
    let mut running = Running::default();
    let plan = running.run(|house, author| house.new_session(author, new_session("work"))).unwrap();
    assert_eq!((plan.session, plan.tab, plan.pane), (Some(S1), Some(T1), Some(P1)));
    assert_eq!(running.tree(T1), [(1, AREA)]);
    assert_eq!(running.house.last_used(), Some(S1));
    assert!(plan.records.iter().all(|record| record.author == author()));
}

#[test]
fn a_session_that_nobody_names_is_main_and_then_numbered() {
    let mut running = Running::default();
    let mut names = Vec::new();
    for _ in 0..3 {
        let plan = running.run(|house, author| house.new_session(author, new_session(""))).unwrap();
        names.push(running.house.session(plan.session.unwrap()).unwrap().name.clone());
    }
    assert_eq!(names, ["main", "main-2", "main-3"]);
}

#[test]
fn names_are_unique_among_the_living_and_never_ids() {
    let mut running = Running::work();
    let taken = Refusal::SessionNameTaken { name: "work".into(), session: S1 };
    let again = running.run(|house, author| house.new_session(author, new_session("work")));
    assert_eq!(again, Err(taken.clone()));
    assert_eq!(taken.failure(), ccc_proto::Failure::CONFLICT);
    let id = running.run(|house, author| house.new_session(author, new_session("s3")));
    assert_eq!(id, Err(Refusal::Name(NameError::Id("s3".into()))));
    let long = "x".repeat(257);
    let long = running.run(|house, author| house.rename_session(author, S1, &long));
    assert_eq!(long, Err(Refusal::Name(NameError::TooLong { length: 257, cap: 256 })));
    running.run(|house, author| house.rename_session(author, S1, "work")).unwrap();
    running.run(|house, author| house.rename_session(author, S1, "play")).unwrap();
    running.run(|house, author| house.new_session(author, new_session("work"))).unwrap();
    assert!(running.run(|house, author| house.rename_session(author, S1, "work")).is_err());
}

#[test]
fn an_ended_session_keeps_its_name_only_until_a_living_one_takes_it() {
    let mut running = Running::work();
    running.run(|house, author| house.end_session(author, S1, exit(3))).unwrap();
    assert_eq!(running.house.last_used(), None);
    assert_eq!(running.house.session_named("work").unwrap().id, S1);
    let ended = running.run(|house, author| house.end_session(author, S1, exit(3)));
    assert_eq!(ended, Err(Refusal::Ended(S1)));
    running.run(|house, author| house.new_session(author, new_session("work"))).unwrap();
    assert_eq!(running.house.session_named("work").unwrap().id, SessionId(2));

    running.run(|house, author| house.pane_exited(author, P2, exit(1))).unwrap();
    let spec = PaneSpec::default();
    let revived =
        running.run(|house, author| house.restart_pane(author, P2, Ulid(9), spec.clone()));
    let taken = Refusal::SessionNameTaken { name: "work".into(), session: SessionId(2) };
    assert_eq!(revived, Err(taken));
    running.run(|house, author| house.rename_session(author, S1, "old")).unwrap();
    let plan = running.run(|house, author| house.restart_pane(author, P2, Ulid(9), spec)).unwrap();
    assert_eq!(running.names(&plan), ["SessionRevived", "PaneRestarted"]);
    assert_eq!(running.house.session(S1).unwrap().ended, None);
}

#[test]
fn a_session_of_which_something_runs_is_not_forgotten() {
    let mut running = Running::work();
    running.run(|house, author| house.close_pane(author, P2)).unwrap();
    let refused = running.run(|house, author| house.remove_session(author, S1));
    assert_eq!(refused, Err(Refusal::StillRuns(S1)));
    running.run(|house, author| house.pane_exited(author, P1, exit(1))).unwrap();
    let plan = running.run(|house, author| house.remove_session(author, S1)).unwrap();
    assert_eq!(plan.forget, [Ulid(1), Ulid(3)], "the recordings of open and closed panes");
    assert_eq!(running.house.sessions().count(), 0);
    assert_eq!(running.house.closed_panes().count(), 0);
    let plan = running.run(|house, author| house.new_session(author, new_session("work"))).unwrap();
    assert_eq!((plan.session, plan.tab, plan.pane), (Some(SessionId(2)), Some(T2), Some(P3)));
}

// Tabs.

#[test]
fn tabs_keep_their_numbers_and_take_the_lowest_free_one() {
    let mut running = Running::work();
    for name in ["a", "b"] {
        running.run(|house, author| house.new_tab(author, new_tab(name))).unwrap();
    }
    running.run(|house, author| house.close_tab(author, T2)).unwrap();
    let plan = running.run(|house, author| house.new_tab(author, new_tab("c"))).unwrap();
    assert_eq!(plan.tab, Some(TabId(4)), "an id is never reused");
    let numbers: Vec<_> = running
        .house
        .session(S1)
        .unwrap()
        .tabs
        .iter()
        .map(|tab| (tab.0, running.house.tab(*tab).unwrap().number))
        .collect();
    assert_eq!(numbers, [(1, 1), (3, 3), (4, 2)]);
}

#[test]
fn a_tab_name_is_unique_in_its_session_and_no_number() {
    let mut running = Running::work();
    running.run(|house, author| house.new_tab(author, new_tab("a"))).unwrap();
    let taken = running.run(|house, author| house.new_tab(author, new_tab("a")));
    assert_eq!(taken, Err(Refusal::TabNameTaken { name: "a".into(), tab: T2 }));
    let number = running.run(|house, author| house.rename_tab(author, T1, "7"));
    assert_eq!(number, Err(Refusal::Name(NameError::Number("7".into()))));
    running.run(|house, author| house.rename_tab(author, T2, "")).unwrap();
    running.run(|house, author| house.rename_tab(author, T1, "a")).unwrap();
}

#[test]
fn a_tab_moves_and_the_end_is_the_end() {
    let mut running = Running::work();
    for _ in 0..2 {
        running.run(|house, author| house.new_tab(author, new_tab(""))).unwrap();
    }
    let order = |running: &Running| -> Vec<_> {
        running.house.session(S1).unwrap().tabs.iter().map(|tab| tab.0).collect()
    };
    running.run(|house, author| house.move_tab(author, TabId(3), 0)).unwrap();
    assert_eq!(order(&running), [3, 1, 2]);
    running.run(|house, author| house.move_tab(author, TabId(3), 99)).unwrap();
    assert_eq!(order(&running), [1, 2, 3]);
    running.run(|house, author| house.move_tab(author, T1, 1)).unwrap();
    assert_eq!(order(&running), [2, 1, 3]);
}

#[test]
fn a_closed_tab_leaves_its_neighbour_current_and_the_last_ends_the_session() {
    let mut running = Running::work();
    let tab = NewTab { remember: true, ..new_tab("") };
    running.run(|house, author| house.new_tab(author, tab)).unwrap();
    assert_eq!(running.house.session(S1).unwrap().current, Some(T2));
    let plan = running.run(|house, author| house.close_tab(author, T2)).unwrap();
    assert_eq!((plan.closes, plan.ends), (Some(T2), None));
    assert_eq!(running.house.session(S1).unwrap().current, Some(T1));
    assert_eq!(running.house.closed_pane(P3).unwrap().session, S1);
    let plan = running.run(|house, author| house.close_tab(author, T1)).unwrap();
    assert_eq!((plan.closes, plan.ends), (None, Some(S1)));
    assert_eq!(running.tree(T1).len(), 2, "an ended session stays as it was");
}

#[test]
fn a_tab_takes_the_size_of_the_current_one_and_sizes_are_kept_sensible() {
    let mut running = Running::work();
    running.run(|house, author| house.size_tab(author, T1, Size::new(120, 40))).unwrap();
    let same = running.run(|house, author| house.size_tab(author, T1, Size::new(120, 40))).unwrap();
    assert_eq!(same.records, []);
    running.run(|house, author| house.new_tab(author, new_tab(""))).unwrap();
    assert_eq!(running.house.tab(T2).unwrap().size, Size::new(120, 40));
    running.run(|house, author| house.size_tab(author, T1, Size::new(0, u16::MAX))).unwrap();
    assert_eq!(running.house.tab(T1).unwrap().size, Size::new(1, 4096));
}

#[test]
fn a_fixed_size_is_taken_at_once_and_survives() {
    let mut running = Running::work();
    let fixed = Policy::Fixed(Size::new(100, 30));
    running.run(|house, author| house.set_policy(author, T1, fixed)).unwrap();
    assert_eq!(running.house.tab(T1).unwrap().size, Size::new(100, 30));
    assert_eq!(House::fold(&running.log).tab(T1).unwrap().policy, fixed);
    running.run(|house, author| house.set_policy(author, T1, Policy::Latest)).unwrap();
    assert_eq!(running.house.tab(T1).unwrap().policy, Policy::Latest);
}

#[test]
fn presets_arrange_and_the_next_follows() {
    let mut running = Running::work();
    let columns = |running: &mut Running, preset| {
        running.run(|house, author| house.arrange_tab(author, T1, preset)).unwrap();
        running.tree(T1).iter().map(|(_, size)| size.cols).collect::<Vec<_>>()
    };
    assert_eq!(columns(&mut running, Some(Preset::EvenVertical)), [80, 80]);
    assert_eq!(columns(&mut running, None), [80, 80], "main-horizontal follows");
    assert_eq!(columns(&mut running, None), [40, 39], "main-vertical follows");
}

// Panes.

#[test]
fn a_split_takes_the_lowest_free_number_and_leaves_focus_alone() {
    let mut running = Running::work();
    running.run(|house, author| house.split(author, split_of(P2))).unwrap();
    running.run(|house, author| house.close_pane(author, P2)).unwrap();
    let plan = running.run(|house, author| house.split(author, split_of(P3))).unwrap();
    assert_eq!(plan.pane, Some(PaneId(4)));
    assert_eq!(running.house.pane(PaneId(4)).unwrap().number, 2);
    assert_eq!(running.focus(T1), P1);
    let split = SplitPane { remember: true, ..split_of(P1) };
    let plan = running.run(|house, author| house.split(author, split)).unwrap();
    assert_eq!(Some(running.focus(T1)), plan.pane);
}

#[test]
fn a_split_of_another_layout_than_the_asker_saw_is_refused() {
    let mut running = Running::work();
    let revision = running.house.session(S1).unwrap().revision;
    let stale = SplitPane { revision: revision - 1, ..split_of(P1) };
    let refused = running.run(|house, author| house.split(author, stale));
    assert_eq!(refused, Err(Refusal::Stale { seen: revision - 1, now: revision }));
    let fresh = SplitPane { revision, ..split_of(P1) };
    running.run(|house, author| house.split(author, fresh)).unwrap();
}

#[test]
fn a_split_without_room_is_refused() {
    let mut running = Running::work();
    running.run(|house, author| house.size_tab(author, T1, Size::new(9, 24))).unwrap();
    let refused = running.run(|house, author| house.split(author, split_of(P1)));
    let too_small = LayoutError::TooSmall { pane: P1, length: 4 };
    assert_eq!(refused, Err(Refusal::Layout(too_small)));
}

#[test]
fn a_command_line_that_no_record_takes_is_refused() {
    let mut running = Running::work();
    let long = "x".repeat(PaneSpec::CAP);
    let split = SplitPane { new: command(3, &["echo", &long]), ..split_of(P1) };
    let refused = running.run(|house, author| house.split(author, split)).unwrap_err();
    assert!(matches!(refused, Refusal::CommandTooLong { .. }), "{refused}");
}

#[test]
fn closing_cascades_from_pane_to_tab_to_session() {
    let mut running = Running::work();
    running.run(|house, author| house.new_tab(author, new_tab(""))).unwrap();
    let plan = running.run(|house, author| house.close_pane(author, P1)).unwrap();
    assert_eq!((running.names(&plan), plan.closes, plan.ends), (vec!["PaneClosed"], None, None));
    assert_eq!(running.tree(T1), [(2, AREA)]);
    let plan = running.run(|house, author| house.close_pane(author, P2)).unwrap();
    assert_eq!((running.names(&plan), plan.closes), (vec!["TabClosed"], Some(T1)));
    let plan = running.run(|house, author| house.close_pane(author, P3)).unwrap();
    assert_eq!((running.names(&plan), plan.ends), (vec!["SessionEnded"], Some(S1)));
    assert_eq!(running.tree(T2), [(3, AREA)], "the last pane stays, to be read and restarted");
    let again = running.run(|house, author| house.close_pane(author, P3));
    assert_eq!(again, Err(Refusal::Ended(S1)));
}

#[test]
fn a_shell_that_exits_well_closes_its_pane() {
    let mut running = Running::work();
    let plan = running.run(|house, author| house.pane_exited(author, P2, exit(0))).unwrap();
    assert_eq!(running.names(&plan), ["PaneExited", "PaneClosed"]);
    assert_eq!(running.house.closed_pane(P2).unwrap().exit, exit(0));
    let plan = running.run(|house, author| house.pane_exited(author, P1, exit(0))).unwrap();
    assert_eq!(plan.ends, Some(S1));
    assert_eq!(running.house.session(S1).unwrap().ended, Some(exit(0)));
}

#[test]
fn a_command_and_any_failure_leaves_its_pane() {
    let mut running = Running::work();
    let split = SplitPane { new: command(3, &["true"]), ..split_of(P1) };
    running.run(|house, author| house.split(author, split)).unwrap();
    for (pane, exit) in [(P3, exit(0)), (P1, exit(1))] {
        let plan = running.run(|house, author| house.pane_exited(author, pane, exit)).unwrap();
        assert_eq!(running.names(&plan), ["PaneExited"]);
        assert_eq!(running.house.pane(pane).unwrap().life, Life::Exited(exit));
    }
    let signal = WireExit { kind: WireExitKind::SIGNAL, value: 9 };
    let plan = running.run(|house, author| house.pane_exited(author, P2, signal)).unwrap();
    assert_eq!(running.names(&plan), ["PaneExited"]);
}

#[test]
fn an_exit_that_nobody_could_learn_is_unknown_and_never_zero() {
    let mut running = Running::work();
    running.run(|house, author| house.pane_exited(author, P1, WireExit::default())).unwrap();
    assert_eq!(running.house.pane(P1).unwrap().life, Life::Exited(UNKNOWN_EXIT));
    assert_eq!(UNKNOWN_EXIT.status(), Some(125));
    running.run(|house, author| house.pane_lost(author, P2)).unwrap();
    assert_eq!(running.house.pane(P2).unwrap().life.exit(), UNKNOWN_EXIT);
}

#[test]
fn a_closed_panes_exit_is_still_written_down() {
    let mut running = Running::work();
    running.run(|house, author| house.close_pane(author, P2)).unwrap();
    assert_eq!(running.house.closed_pane(P2).unwrap().exit, WireExit::default());
    let hup = WireExit { kind: WireExitKind::SIGNAL, value: 1 };
    running.run(|house, author| house.pane_exited(author, P2, hup)).unwrap();
    assert_eq!(running.house.closed_pane(P2).unwrap().exit, hup);
    assert_eq!(running.house.session_of(P2), Some(S1));
}

#[test]
fn a_pane_starts_again_in_its_place_with_its_old_recordings_known() {
    let mut running = Running::work();
    running.run(|house, author| house.pane_started(author, P2, 77, 12345)).unwrap();
    let spec = PaneSpec { cwd: b"/new".into(), ..PaneSpec::default() };
    let refused =
        running.run(|house, author| house.restart_pane(author, P2, Ulid(9), spec.clone()));
    assert_eq!(refused, Err(Refusal::PaneRuns(P2)));
    running.run(|house, author| house.pane_exited(author, P2, exit(2))).unwrap();
    let before = running.tree(T1);
    running.run(|house, author| house.restart_pane(author, P2, Ulid(9), spec.clone())).unwrap();
    let pane = running.house.pane(P2).unwrap();
    assert_eq!((pane.ulid, pane.earlier.as_slice()), (Ulid(9), &[Ulid(3)][..]));
    assert_eq!((pane.life, &pane.spec), (Life::Starting, &spec));
    assert_eq!(running.tree(T1), before);
    assert_eq!(running.house.pane_of_ulid(Ulid(3)), Some(P2));
    assert_eq!(running.house.pane_of_ulid(Ulid(9)), Some(P2));
}

#[test]
fn a_pane_is_forgotten_with_all_its_recordings() {
    let mut running = Running::work();
    let refused = running.run(|house, author| house.remove_pane(author, P2));
    assert_eq!(refused, Err(Refusal::PaneRuns(P2)));
    running.run(|house, author| house.pane_exited(author, P2, exit(2))).unwrap();
    let spec = PaneSpec::default();
    running.run(|house, author| house.restart_pane(author, P2, Ulid(9), spec)).unwrap();
    running.run(|house, author| house.pane_exited(author, P2, exit(2))).unwrap();
    let plan = running.run(|house, author| house.remove_pane(author, P2)).unwrap();
    assert_eq!(plan.forget, [Ulid(9), Ulid(3)]);
    assert_eq!(running.names(&plan), ["PaneClosed", "PaneRemoved"]);
    assert_eq!(running.house.pane_of_ulid(Ulid(9)), None);
    running.run(|house, author| house.pane_exited(author, P1, exit(2))).unwrap();
    let last = running.run(|house, author| house.remove_pane(author, P1));
    assert_eq!(last, Err(Refusal::OnlyPane(P1)));
}

#[test]
fn swapped_panes_of_one_tab_keep_their_numbers() {
    let mut running = Running::work();
    running.run(|house, author| house.swap_panes(author, P1, SwapTarget::Next)).unwrap();
    assert_eq!(running.house.panes_in(T1), [P2, P1]);
    assert_eq!(running.house.pane(P1).unwrap().number, 1);
    running.run(|house, author| house.swap_panes(author, P1, SwapTarget::Previous)).unwrap();
    assert_eq!(running.house.panes_in(T1), [P1, P2]);
    let same = running.run(|house, author| house.swap_panes(author, P1, SwapTarget::Pane(P1)));
    assert_eq!(same, Err(Refusal::SamePane));
}

#[test]
fn swapped_panes_of_two_tabs_exchange_numbers_and_focus() {
    let mut running = Running::work();
    running.run(|house, author| house.new_tab(author, new_tab(""))).unwrap();
    running.run(|house, author| house.swap_panes(author, P2, SwapTarget::Pane(P3))).unwrap();
    assert_eq!(running.house.panes_in(T1), [P1, P3]);
    assert_eq!(running.house.panes_in(T2), [P2]);
    assert_eq!(running.focus(T2), P2);
    let number = |pane| running.house.pane(pane).unwrap().number;
    assert_eq!((number(P2), number(P3)), (1, 2));
}

#[test]
fn a_pane_breaks_out_into_a_tab_of_its_own() {
    let mut running = Running::work();
    let plan = running.run(|house, author| house.break_pane(author, P2, "out", true)).unwrap();
    assert_eq!((plan.tab, plan.pane), (Some(T2), Some(P2)));
    assert_eq!(running.tree(T1), [(1, AREA)]);
    assert_eq!(running.tree(T2), [(2, AREA)]);
    assert_eq!(running.house.pane(P2).unwrap().number, 1);
    assert_eq!(running.house.session(S1).unwrap().current, Some(T2));
    let alone = running.run(|house, author| house.break_pane(author, P1, "", false));
    assert_eq!(alone, Err(Refusal::Layout(LayoutError::OnlyPane(P1))));
}

#[test]
fn a_border_moves_and_a_zoomed_pane_has_the_focus() {
    let mut running = Running::work();
    running.run(|house, author| house.resize_pane(author, P1, Side::Right, 10)).unwrap();
    assert_eq!(running.tree(T1), [(1, Size::new(50, 24)), (2, Size::new(29, 24))]);
    running.run(|house, author| house.zoom_pane(author, P2, None)).unwrap();
    assert_eq!((running.tree(T1)[1], running.focus(T1)), ((2, AREA), P2));
    let again = running.run(|house, author| house.zoom_pane(author, P2, Some(true))).unwrap();
    assert_eq!(again.records, []);
    running.run(|house, author| house.zoom_pane(author, P2, None)).unwrap();
    assert_eq!(running.tree(T1)[1].1, Size::new(29, 24));
}

#[test]
fn remembering_moves_the_next_attach_and_ends_a_zoom_that_would_hide_it() {
    let mut running = Running::work();
    running.run(|house, author| house.new_session(author, new_session("play"))).unwrap();
    running.run(|house, author| house.zoom_pane(author, P1, Some(true))).unwrap();
    let plan = running.run(|house, author| house.remember(author, P2)).unwrap();
    assert_eq!(running.names(&plan), ["LayoutChanged", "Remembered"]);
    assert_eq!(running.focus(T1), P2);
    assert_eq!(running.house.last_used(), Some(S1));
    let again = running.run(|house, author| house.remember(author, P2)).unwrap();
    assert_eq!(again.records, []);
}

#[test]
fn focus_goes_to_whoever_got_the_space() {
    let mut running = Running::work();
    running.run(|house, author| house.remember(author, P2)).unwrap();
    running.run(|house, author| house.close_pane(author, P2)).unwrap();
    assert_eq!(running.focus(T1), P1);
}

#[test]
fn those_who_run_in_a_place_are_known() {
    let mut running = Running::work();
    running.run(|house, author| house.new_tab(author, new_tab(""))).unwrap();
    running.run(|house, author| house.pane_exited(author, P1, exit(1))).unwrap();
    let alive = |depth| {
        let place = running.house.resolve("p2", None).unwrap();
        running.house.alive(&Place { depth, ..place })
    };
    assert_eq!(alive(Depth::Session), [P2, P3]);
    assert_eq!(alive(Depth::Tab), [P2]);
    assert_eq!(alive(Depth::Pane), [P2]);
}

// Listings.

#[test]
fn a_listing_shows_all_that_the_records_and_the_server_know() {
    let mut running = Running::work();
    running.run(|house, author| house.pane_started(author, P1, 77, 12345)).unwrap();
    running.run(|house, author| house.pane_exited(author, P2, exit(3))).unwrap();
    let facts = |pane: PaneId| PaneFacts {
        title: if pane == P1 { "vim".into() } else { String::new() },
        offset: pane.0 * 10,
        ..PaneFacts::default()
    };
    let info = running.house.session_info(S1, SessionFacts { attached: 2 }, facts).unwrap();
    assert_eq!((info.name.as_str(), info.state, info.attached), ("work", SessionState::RUNNING, 2));
    assert_eq!((info.created_unix_ms, info.current_tab), (1000, T1));
    let [TabInfo { number: 1, name, focus: P1, zoomed: None, .. }] = info.tabs.as_slice() else {
        panic!("{:?}", info.tabs);
    };
    assert_eq!(name, "shell");
    let [first, second] = info.panes.as_slice() else {
        panic!("{:?}", info.panes);
    };
    assert_eq!((first.pid, first.start_time, first.title.as_str()), (77, 12345, "vim"));
    assert_eq!((first.state, first.offset, first.cwd.as_str()), (PaneState::RUNNING, 10, "/src"));
    assert_eq!((second.state, second.exit, second.pid), (PaneState::EXITED, exit(3), 0));
    assert_eq!((second.title.as_str(), second.size), ("shell", WireSize { cols: 39, rows: 24 }));
    assert_eq!(second.ulid, "00000000000000000000000003");
}

#[test]
fn a_session_in_which_nothing_runs_is_listed_as_ended() {
    let mut running = Running::work();
    let state = |running: &Running| {
        let info =
            running.house.session_info(S1, SessionFacts::default(), |_| PaneFacts::default());
        info.unwrap().state
    };
    running.run(|house, author| house.pane_lost(author, P1)).unwrap();
    assert_eq!(state(&running), SessionState::RUNNING);
    running.run(|house, author| house.pane_lost(author, P2)).unwrap();
    assert_eq!(state(&running), SessionState::ENDED);
    let panes = running.house.layout(S1, |_| PaneFacts::default()).unwrap().panes;
    assert!(panes.iter().all(|pane| pane.state == PaneState::ENDED && pane.exit == UNKNOWN_EXIT));
}

#[test]
fn a_layout_has_the_places_and_a_revision_that_rises() {
    let mut running = Running::work();
    let layout = running.house.layout(S1, |_| PaneFacts::default()).unwrap();
    let places: Vec<_> =
        layout.tabs[0].nodes.iter().map(|node| (node.pane.0, node.col, node.size.cols)).collect();
    assert_eq!(places, [(0, 0, 80), (1, 0, 40), (2, 41, 39)]);
    running.run(|house, author| house.rename_tab(author, T1, "edit")).unwrap();
    let later = running.house.layout(S1, |_| PaneFacts::default()).unwrap();
    assert!(later.revision > layout.revision);
    assert_eq!(later.tabs[0].name, "edit");
}

// Saved layouts.

#[test]
fn a_saved_session_is_loaded_as_it_was() {
    let mut running = Running::work();
    let split = SplitPane { side: Side::Down, new: command(5, &["make"]), ..split_of(P2) };
    running.run(|house, author| house.split(author, split)).unwrap();
    running.run(|house, author| house.remember(author, P3)).unwrap();
    running.run(|house, author| house.new_tab(author, new_tab("edit"))).unwrap();
    let saved = running.house.save_session(S1, |_| None).unwrap();
    let text = crate::core::saved_layout::save(&saved);
    let saved = crate::core::saved_layout::load(&text).unwrap();
    let panes = (10..14).map(shell).collect();
    let plan = running
        .run(|house, author| house.load_session(author, &saved, "copy", Ulid(50), AREA, panes))
        .unwrap();
    assert_eq!(
        (plan.session, plan.tab, plan.pane),
        (Some(SessionId(2)), Some(TabId(3)), Some(PaneId(7)))
    );
    let shape = |tab| running.tree(tab).into_iter().map(|(_, size)| size).collect::<Vec<_>>();
    assert_eq!(shape(TabId(3)), shape(T1));
    assert_eq!(running.house.tab(TabId(4)).unwrap().name, "edit");
    assert_eq!(running.house.pane_of_ulid(Ulid(13)), Some(PaneId(8)));
    let few = running.run(|house, author| {
        house.load_session(author, &saved, "x", Ulid(50), AREA, vec![shell(1)])
    });
    assert_eq!(few, Err(Refusal::Panes { panes: 4, given: 1 }));
}

#[test]
fn a_command_that_is_no_text_is_not_saved_wrongly() {
    let mut running = Running::work();
    let spec = PaneSpec { argv: vec![b"\xff".into()], ..PaneSpec::default() };
    let split = SplitPane { new: NewPane { ulid: Ulid(3), spec }, ..split_of(P1) };
    running.run(|house, author| house.split(author, split)).unwrap();
    assert_eq!(running.house.save_session(S1, |_| None), Err(Refusal::NotText(P3)));
}

// Records.

#[test]
fn kinds_rise_and_every_record_reads_back() {
    assert!(Change::KINDS.windows(2).all(|pair| pair[0].0 < pair[1].0));
    for record in Running::work().log {
        let (kind, bytes) = record.encode().unwrap();
        assert_eq!(Record::decode(kind, &bytes), Ok(record));
    }
}

#[test]
fn a_record_with_a_tag_of_a_later_version_reads() {
    let mut ext = Ext::none();
    ext.push(60_000, b"later".to_vec());
    let author = Author { ext: ext.clone(), ..author() };
    let record = Record { author, change: SessionRevived { session: S1, ext }.into() };
    let (kind, bytes) = record.encode().unwrap();
    assert_eq!(Record::decode(kind, &bytes), Ok(record));
}

#[test]
fn a_record_of_a_later_version_is_kept_as_it_is() {
    let record = Record::decode(60_000, b"\xff\x00whatever").unwrap();
    assert_eq!(record.encode().unwrap(), (60_000, b"\xff\x00whatever".to_vec()));
    let mut running = Running::work();
    running.house.apply(&record);
    assert_eq!(running.house.ignored(), 0);
    assert!(running.house.snapshot().contains(&record));
}

#[test]
fn bytes_that_are_no_record_are_refused_before_they_are_allocated() {
    let (kind, bytes) = Running::work().log[0].encode().unwrap();
    for cut in 0..bytes.len() {
        assert!(Record::decode(kind, &bytes[..cut]).is_err(), "cut at {cut}");
    }
    let mut longer = bytes.clone();
    longer.push(0);
    assert!(Record::decode(kind, &longer).is_err());
    // A principal's name of 2^60 bytes.
    let mut forged = vec![253];
    forged.extend_from_slice(&(1u64 << 60).to_le_bytes());
    assert!(matches!(Record::decode(1, &forged), Err(RecordError::Malformed { kind: 1, .. })));
}

#[test]
fn the_largest_commands_records_fit() {
    let mut running = Running::work();
    let longest = "x".repeat(PaneSpec::CAP - 100);
    let split = SplitPane { new: command(3, &[&longest]), ..split_of(P1) };
    let plan = running.run(|house, author| house.split(author, split)).unwrap();
    assert!(plan.records.iter().all(|record| record.encode().is_ok()));
}

#[test]
fn records_that_make_no_sense_are_counted_and_change_nothing() {
    let mut running = Running::work();
    running.house.apply(&running.log[0].clone());
    assert_eq!(running.house.ignored(), 1, "a session that was there");
    let unknown = SessionRenamed { session: SessionId(9), name: "x".into(), ext: Ext::none() };
    running.house.apply(&author().writes(unknown));
    let nodes = Layout::new(P1).to_flat(AREA);
    let incomplete = LayoutChanged { tab: T1, nodes, zoomed: None, preset: 0, ext: Ext::none() };
    running.house.apply(&author().writes(incomplete));
    assert_eq!(running.house.ignored(), 3);
    let before = House::fold(&running.log);
    assert_eq!(running.house.session(S1), before.session(S1));
    assert_eq!(running.house.tab(T1), before.tab(T1));
}

#[test]
fn what_a_crash_left_without_a_pane_is_closed() {
    let running = Running::work();
    // Only the session, or only session and tab, were logged.
    for logged in [1, 2] {
        let mut house = House::fold(&running.log[..logged]);
        assert_eq!(house.session_info(S1, SessionFacts::default(), |_| PaneFacts::default()), None);
        for record in house.loose_ends(&author()) {
            house.apply(&record);
        }
        assert_eq!((house.sessions().count(), house.ignored()), (0, 0));
    }
    assert_eq!(running.house.loose_ends(&author()), []);
}
