//! Tabs: numbers, names, order, closing, sizes.

use super::*;

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
