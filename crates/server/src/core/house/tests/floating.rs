//! Floating panes in records: they come back with the log, with a snapshot, and not from bytes that
//! make no sense.

use super::*;

fn floating(house: &House) -> Vec<PaneId> {
    let view = house.tab(T1).unwrap().view.as_ref().unwrap();
    view.layout.floating().iter().map(|floating| floating.pane).collect()
}

fn floated() -> Running {
    let mut running = Running::work();
    running.run(|house, author| house.split(author, split_of(P2))).unwrap();
    let plan = running.run(|house, author| house.float_pane(author, P2, None)).unwrap();
    assert_eq!(running.names(&plan), ["LayoutChanged", "FocusSet"]);
    running
}

#[test]
fn a_pane_floats_with_the_focus_and_comes_back_to_its_place() {
    let mut running = floated();
    assert_eq!((floating(&running.house), running.focus(T1)), (vec![P2], P2));
    let plan = running.run(|house, author| house.float_pane(author, P2, Some(true))).unwrap();
    assert!(plan.records.is_empty());
    running.run(|house, author| house.float_pane(author, P2, None)).unwrap();
    let sizes: Vec<u64> = running.tree(T1).into_iter().map(|(pane, _)| pane).collect();
    assert_eq!((sizes, floating(&running.house)), (vec![1, 2, 3], vec![]));
}

#[test]
fn the_log_and_a_snapshot_keep_what_floats_and_the_way_back() {
    let running = floated();
    let bytes = |records: &[Record]| -> Vec<Record> {
        let encoded = records.iter().map(|record| record.encode().unwrap());
        encoded.map(|(kind, bytes)| Record::decode(kind, &bytes).unwrap()).collect()
    };
    for records in [bytes(&running.log), bytes(&running.house.snapshot())] {
        let mut again = Running { house: House::fold(&records), log: Vec::new() };
        assert_eq!(again.house, running.house);
        assert_eq!(again.house.ignored(), 0);
        again.run(|house, author| house.float_pane(author, P2, Some(false))).unwrap();
        let back: Vec<u64> = again.tree(T1).into_iter().map(|(pane, _)| pane).collect();
        assert_eq!(back, [1, 2, 3]);
    }
}

#[test]
fn a_layout_from_before_there_were_floating_panes_reads() {
    let mut running = Running::work();
    let tree = running.house.tab(T1).unwrap().view.as_ref().unwrap().layout.to_flat(AREA);
    let body = LayoutChanged { tab: T1, nodes: tree, zoomed: None, preset: 0, ext: Ext::none() };
    running.house.apply(&author().writes(body));
    assert_eq!((running.house.ignored(), floating(&running.house)), (0, vec![]));
}

#[test]
fn bytes_that_make_no_sense_change_nothing() {
    let mut running = floated();
    let before = running.house.clone();
    let record = running.log.iter().rfind(|record| record.change.name() == "LayoutChanged");
    let Change::LayoutChanged(body) = record.unwrap().change.clone() else { panic!("no layout") };
    let whole = body.ext.find(1).unwrap().to_vec();
    for cut in 0..whole.len() {
        let mut ext = Ext::none();
        ext.push(1, &whole[..cut]);
        running.house.apply(&author().writes(LayoutChanged { ext, ..body.clone() }));
    }
    assert_eq!(running.house.ignored(), whole.len() as u64);
    assert_eq!(floating(&running.house), floating(&before));
}
