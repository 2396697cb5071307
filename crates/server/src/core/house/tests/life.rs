//! Long random lives: whatever is asked, in whatever order, and wherever the log is cut.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;

/// Something asked of the house. Numbers pick among what is there.
#[derive(Clone, Debug)]
enum Ask {
    NewSession(Option<u8>, bool),
    RenameSession(usize, u8),
    EndSession(usize),
    RemoveSession(usize),
    NewTab(usize, Option<u8>, bool),
    RenameTab(usize, Option<u8>),
    MoveTab(usize, u16),
    CloseTab(usize),
    SizeTab(usize, Size),
    Policy(usize, Policy),
    Arrange(usize, Option<Preset>),
    Split(usize, Side, SplitSize, bool),
    Close(usize),
    Started(usize),
    Exited(usize, i32),
    Lost(usize),
    Restart(usize, bool),
    Swap(usize, usize),
    SwapNext(usize),
    Resize(usize, Side, u16),
    Zoom(usize, Option<bool>),
    Break(usize, bool),
    Remember(usize),
    RemovePane(usize),
    SaveAndLoad(usize),
}

fn side() -> impl Strategy<Value = Side> {
    prop::sample::select(vec![Side::Right, Side::Down, Side::Left, Side::Up])
}

fn size() -> impl Strategy<Value = Size> {
    (0u16..200, 0u16..60).prop_map(|(cols, rows)| Size::new(cols, rows))
}

fn ask() -> impl Strategy<Value = Ask> {
    let at = || 0usize..40;
    let name = || prop::option::of(0u8..4);
    let split_size = prop_oneof![
        4 => Just(SplitSize::Half),
        1 => (0u16..50).prop_map(SplitSize::Cells),
        1 => (0u16..110).prop_map(SplitSize::Percent),
    ];
    let policy =
        prop_oneof![Just(Policy::Latest), Just(Policy::Largest), size().prop_map(Policy::Fixed),];
    let preset = prop::option::of(prop::sample::select(Preset::ALL.to_vec()));
    prop_oneof![
        3 => (name(), any::<bool>()).prop_map(|(name, remember)| Ask::NewSession(name, remember)),
        1 => (at(), 0u8..4).prop_map(|(at, name)| Ask::RenameSession(at, name)),
        1 => at().prop_map(Ask::EndSession),
        1 => at().prop_map(Ask::RemoveSession),
        4 => (at(), name(), any::<bool>()).prop_map(|(at, name, remember)| Ask::NewTab(at, name, remember)),
        1 => (at(), name()).prop_map(|(at, name)| Ask::RenameTab(at, name)),
        2 => (at(), 0u16..6).prop_map(|(at, to)| Ask::MoveTab(at, to)),
        2 => at().prop_map(Ask::CloseTab),
        2 => (at(), size()).prop_map(|(at, size)| Ask::SizeTab(at, size)),
        1 => (at(), policy).prop_map(|(at, policy)| Ask::Policy(at, policy)),
        1 => (at(), preset).prop_map(|(at, preset)| Ask::Arrange(at, preset)),
        8 => (at(), side(), split_size, any::<bool>()).prop_map(|(at, side, size, remember)| Ask::Split(at, side, size, remember)),
        4 => at().prop_map(Ask::Close),
        3 => at().prop_map(Ask::Started),
        4 => (at(), 0..3).prop_map(|(at, code)| Ask::Exited(at, code)),
        1 => at().prop_map(Ask::Lost),
        2 => (at(), any::<bool>()).prop_map(|(at, same)| Ask::Restart(at, same)),
        2 => (at(), at()).prop_map(|(a, b)| Ask::Swap(a, b)),
        1 => at().prop_map(Ask::SwapNext),
        2 => (at(), side(), 0u16..20).prop_map(|(at, side, cells)| Ask::Resize(at, side, cells)),
        2 => (at(), prop::option::of(any::<bool>())).prop_map(|(at, on)| Ask::Zoom(at, on)),
        2 => (at(), any::<bool>()).prop_map(|(at, remember)| Ask::Break(at, remember)),
        3 => at().prop_map(Ask::Remember),
        1 => at().prop_map(Ask::RemovePane),
        1 => at().prop_map(Ask::SaveAndLoad),
    ]
}

/// What the house answers; things are picked also among those that are gone or never were.
fn answer(house: &House, author: &Author, ask: &Ask, ulid: u128) -> Result<Plan, Refusal> {
    let name = |name: &Option<u8>| name.map_or_else(String::new, |name| format!("n{name}"));
    let session = |at: &usize| {
        let all: Vec<_> = house.sessions().map(|session| session.id).collect();
        *all.get(at % (all.len() + 1)).unwrap_or(&SessionId(99))
    };
    let tab = |at: &usize| {
        let all: Vec<_> = house.tabs.keys().copied().collect();
        *all.get(at % (all.len() + 1)).unwrap_or(&TabId(99))
    };
    let pane = |at: &usize| {
        let all: Vec<_> = house.panes.keys().chain(house.closed.keys()).copied().collect();
        *all.get(at % (all.len() + 1)).unwrap_or(&PaneId(999))
    };
    match ask {
        Ask::NewSession(given, remember) => {
            let new =
                NewSession { remember: *remember, pane: shell(ulid), ..new_session(&name(given)) };
            house.new_session(author, new)
        }
        Ask::RenameSession(at, given) => {
            house.rename_session(author, session(at), &name(&Some(*given)))
        }
        Ask::EndSession(at) => house.end_session(author, session(at), exit(0)),
        Ask::RemoveSession(at) => house.remove_session(author, session(at)),
        Ask::NewTab(at, given, remember) => {
            let new = NewTab {
                session: session(at),
                pane: command(ulid, &["make"]),
                remember: *remember,
                ..new_tab(&name(given))
            };
            house.new_tab(author, new)
        }
        Ask::RenameTab(at, given) => house.rename_tab(author, tab(at), &name(given)),
        Ask::MoveTab(at, to) => house.move_tab(author, tab(at), *to),
        Ask::CloseTab(at) => house.close_tab(author, tab(at)),
        Ask::SizeTab(at, size) => house.size_tab(author, tab(at), *size),
        Ask::Policy(at, policy) => house.set_policy(author, tab(at), *policy),
        Ask::Arrange(at, preset) => house.arrange_tab(author, tab(at), *preset),
        Ask::Split(at, side, size, remember) => {
            let (pane, side, size, remember) = (pane(at), *side, *size, *remember);
            let new = shell(ulid);
            house.split(author, SplitPane { pane, side, size, revision: 0, new, remember })
        }
        Ask::Close(at) => house.close_pane(author, pane(at)),
        Ask::Started(at) => house.pane_started(author, pane(at), 7, 8),
        Ask::Exited(at, code) => house.pane_exited(author, pane(at), exit(*code)),
        Ask::Lost(at) => house.pane_lost(author, pane(at)),
        Ask::Restart(at, same) => {
            let at = pane(at);
            let old = house.pane(at).map_or(Ulid(ulid), |pane| pane.ulid);
            let ulid = if *same { old } else { Ulid(ulid) };
            house.restart_pane(author, at, ulid, PaneSpec::default())
        }
        Ask::Swap(a, b) => house.swap_panes(author, pane(a), SwapTarget::Pane(pane(b))),
        Ask::SwapNext(at) => house.swap_panes(author, pane(at), SwapTarget::Next),
        Ask::Resize(at, side, cells) => house.resize_pane(author, pane(at), *side, *cells),
        Ask::Zoom(at, on) => house.zoom_pane(author, pane(at), *on),
        Ask::Break(at, remember) => house.break_pane(author, pane(at), "", *remember),
        Ask::Remember(at) => house.remember(author, pane(at)),
        Ask::RemovePane(at) => house.remove_pane(author, pane(at)),
        Ask::SaveAndLoad(at) => {
            let mut saved = house.save_session(session(at), |_| None)?;
            saved.name = String::new();
            let count: usize = saved.tabs.iter().map(|tab| tab.panes.len()).sum();
            let panes = (0..count as u128).map(|pane| shell(ulid + 1 + pane)).collect();
            house.load_session(author, &saved, "", Ulid(ulid), AREA, panes)
        }
    }
}

/// All that must hold of a house between two plans.
fn assert_sound(house: &House) {
    let mut names = BTreeSet::new();
    let mut tabs = BTreeSet::new();
    for session in house.sessions() {
        assert!(session.ended.is_some() || names.insert(&session.name), "two {}", session.name);
        assert!(!session.tabs.is_empty(), "{} has no tab", session.id);
        assert!(session.tabs.contains(&session.current.unwrap()));
        let mut numbers = BTreeSet::new();
        for id in &session.tabs {
            let tab = house.tab(*id).unwrap();
            assert!(tabs.insert(*id) && tab.session == session.id);
            assert!(numbers.insert(tab.number), "{id} has the number of another tab");
            assert_tab(house, tab);
        }
        let info =
            house.session_info(session.id, SessionFacts::default(), |_| PaneFacts::default());
        let info = info.unwrap();
        let layout = house.layout(session.id, |_| PaneFacts::default()).unwrap();
        assert_eq!(info.panes.len(), layout.panes.len());
        assert_eq!(info.tabs.len(), session.tabs.len());
        assert_eq!(layout.tabs.len(), session.tabs.len());
        assert!(house.resolve(&session.id.to_string(), None).is_ok());
        assert!(house.resolve(&session.name, None).is_ok());
    }
    assert_eq!(tabs, house.tabs.keys().copied().collect());
    for closed in house.closed_panes() {
        assert!(house.pane(closed.id).is_none() && house.session(closed.session).is_some());
    }
}

fn assert_tab(house: &House, tab: &Tab) {
    let view = tab.view.as_ref().unwrap();
    let leaves: BTreeSet<_> = view.layout.panes().into_iter().collect();
    let panes: Vec<_> = house.panes().filter(|pane| pane.tab == tab.id).collect();
    assert_eq!(leaves, panes.iter().map(|pane| pane.id).collect(), "leaves of {}", tab.id);
    assert!(leaves.contains(&view.focus));
    assert!(view.layout.zoomed().is_none_or(|zoomed| leaves.contains(&zoomed)));
    let numbers: BTreeSet<_> = panes.iter().map(|pane| pane.number).collect();
    assert_eq!(numbers.len(), panes.len(), "two panes of {} have one number", tab.id);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 250, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_asked_the_house_is_sound_and_its_log_tells_all(
        asks in prop::collection::vec(ask(), 1..70),
        cut in any::<prop::sample::Index>(),
        torn in any::<prop::sample::Index>(),
    ) {
        let mut running = Running::default();
        let mut seen = BTreeSet::new();
        for (turn, ask) in asks.iter().enumerate() {
            let before = running.house.clone();
            let ulid = 1000 * (turn as u128 + 1);
            match running.run(|house, author| answer(house, author, ask, ulid)) {
                Ok(plan) => {
                    for made in plan.records.iter().filter_map(|record| match &record.change {
                        Change::SessionCreated(body) => Some(body.session.to_string()),
                        Change::TabCreated(body) => Some(body.tab.to_string()),
                        Change::PaneCreated(body) => Some(body.pane.to_string()),
                        _ => None,
                    }) {
                        prop_assert!(seen.insert(made.clone()), "{} is reused", made);
                    }
                    for session in before.sessions() {
                        let after = running.house.session(session.id);
                        prop_assert!(after.is_none_or(|after| after.revision >= session.revision));
                    }
                }
                Err(_) => prop_assert_eq!(&running.house, &before),
            }
            assert_sound(&running.house);
        }
        prop_assert_eq!(&House::fold(&running.log), &running.house);

        // A log that was compacted anywhere tells the same.
        let cut = cut.index(running.log.len() + 1);
        let snapshot = House::fold(&running.log[..cut]).snapshot();
        prop_assert_eq!(&House::fold(snapshot.iter().chain(&running.log[cut..])), &running.house);

        // Through bytes it is the same.
        let read: Vec<_> = snapshot.iter().map(|record| {
            let (kind, bytes) = record.encode().unwrap();
            Record::decode(kind, &bytes).unwrap()
        }).collect();
        prop_assert_eq!(read, snapshot);

        // A log that ends within a plan is mended without doubt.
        let mut house = House::fold(&running.log[..torn.index(running.log.len() + 1)]);
        for record in house.loose_ends(&author()) {
            house.apply(&record);
        }
        prop_assert_eq!(house.ignored(), 0);
        assert_sound(&house);
    }

    #[test]
    fn a_damaged_log_never_panics_and_is_still_told_by_its_snapshot(
        asks in prop::collection::vec(ask(), 1..40),
        order in prop::collection::vec((any::<prop::sample::Index>(), 0u8..12), 0..80),
    ) {
        let mut running = Running::default();
        for (turn, ask) in asks.iter().enumerate() {
            let ulid = 1000 * (turn as u128 + 1);
            drop(running.run(|house, author| answer(house, author, ask, ulid)));
        }
        // Records of another house come again, are lost, or stand in another order.
        let mut log = running.log.clone();
        for (at, what) in order {
            if log.is_empty() {
                break;
            }
            let at = at.index(log.len());
            match what {
                0..5 => drop(log.remove(at)),
                5..8 => log.insert(at, log[log.len() / 2].clone()),
                8..10 => log.swap(at, 0),
                _ => log.extend(House::fold(&log[..at]).snapshot().into_iter().take(7)),
            }
        }
        let house = House::fold(&log);
        let snapshot = house.snapshot();
        prop_assert_eq!(&House::fold(&snapshot), &house);
        let mut mended = house;
        for record in mended.loose_ends(&author()) {
            mended.apply(&record);
        }
        for session in mended.sessions() {
            let facts = SessionFacts::default();
            prop_assert!(mended.session_info(session.id, facts, |_| PaneFacts::default()).is_some());
            prop_assert!(mended.resolve(&session.id.to_string(), None).is_ok());
        }
    }

    #[test]
    fn no_bytes_panic(kind in 0u16..50, bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let mut house = Running::work().house;
        if let Ok(record) = Record::decode(kind, &bytes) {
            house.apply(&record);
            prop_assert_eq!(&House::fold(&house.snapshot()), &house);
        }
    }
}
