//! Panes: split, closed, ended, swapped, moved, zoomed, remembered.

use super::*;

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
