//! What listings and layouts show, and what is saved of a session.

use super::*;

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
fn a_tab_without_a_name_has_that_of_what_runs_in_its_focused_pane() {
    let mut running = Running::work();
    running.run(|house, author| house.remember(author, P2)).unwrap();
    let facts = |pane: PaneId| PaneFacts {
        title: if pane == P1 { "notes.md - vim".into() } else { String::new() },
        running: if pane == P1 { "vim".into() } else { "cargo".into() },
        ..PaneFacts::default()
    };
    let layout = running.house.layout(S1, facts).unwrap();
    assert_eq!(layout.tabs[0].name, "cargo");
    let titles: Vec<_> = layout.panes.iter().map(|pane| pane.title.as_str()).collect();
    assert_eq!(titles, ["notes.md - vim", "cargo"]);
    let quiet = running.house.layout(S1, |_| PaneFacts::default()).unwrap();
    assert_eq!(quiet.tabs[0].name, "shell");
    running.run(|house, author| house.rename_tab(author, T1, "edit")).unwrap();
    assert_eq!(running.house.layout(S1, facts).unwrap().tabs[0].name, "edit");
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
