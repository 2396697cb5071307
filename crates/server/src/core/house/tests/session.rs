//! Sessions: made, named, ended, started again, forgotten.

use super::*;

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
