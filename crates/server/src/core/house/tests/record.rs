//! Records as bytes, foreign records, and logs that end too early.

use super::*;
use crate::core::record::RecordError;

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
fn a_closed_panes_id_is_not_given_again() {
    // Once, a damaged log could make a pane that was open and closed at a time.
    let running = Running::work();
    let mut house = running.house.clone();
    house.apply(&author().writes(ClosedPaneKept {
        session: S1,
        pane: PaneId(7),
        ulid: StoredUlid(7),
        spec: PaneSpec::default(),
        exit: exit(0),
        lost: false,
        closed_unix_ms: 0,
        ext: Ext::none(),
    }));
    house.apply(&author().writes(shell(8).created(T1, PaneId(7), 3)));
    assert_eq!((house.ignored(), house.pane(PaneId(7))), (1, None));
    assert_eq!(House::fold(&house.snapshot()), house);
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
