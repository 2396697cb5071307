//! Targets as people type them, against one house.

use ccc_proto::Ext;
use ulid::Ulid;

use super::*;
use crate::core::house::{
    LayoutChanged, NewPane, NewSession, NewTab, PaneSpec, SessionEnded, SplitPane,
};
use crate::core::layout::{Side, SplitSize};
use crate::core::record::Author;
use ccc_vt::Size;

/// Sessions `work` (s1: tab 1 with p1 and p2, tab 2 `edit` with p3, tab 3 `v1.2` with p4) and
/// `feat/login:x` (s2: tab 1 with p5).
fn house() -> House {
    let author = Author::default();
    let mut house = House::default();
    let pane = || NewPane { ulid: Ulid(1), spec: PaneSpec::default() };
    let mut run = |plan: &dyn Fn(&House) -> crate::core::house::Plan| {
        let plan = plan(&house);
        plan.records.iter().for_each(|record| house.apply(record));
    };
    let session = |name: &str| NewSession {
        name: name.into(),
        ulid: Ulid(1),
        ttl_ms: 0,
        pane: pane(),
        size: Size::new(80, 24),
        remember: true,
    };
    let tab = |name: &str| NewTab {
        session: SessionId(1),
        name: name.into(),
        pane: pane(),
        size: None,
        remember: false,
    };
    run(&|house| house.new_session(&author, session("work")).unwrap());
    run(&|house| {
        let split = SplitPane {
            pane: PaneId(1),
            side: Side::Right,
            size: SplitSize::Half,
            revision: 0,
            new: pane(),
            remember: true,
        };
        house.split(&author, split).unwrap()
    });
    run(&|house| house.new_tab(&author, tab("edit")).unwrap());
    run(&|house| house.new_tab(&author, tab("v1.2")).unwrap());
    run(&|house| house.new_session(&author, session("feat/login:x")).unwrap());
    house
}

/// What a target means: `s1 t1 p2 Session`, or the error.
fn resolved(house: &House, text: &str, asker: Option<u64>) -> String {
    match house.resolve(text, asker.map(PaneId)) {
        Ok(place) => format!("{} {} {} {:?}", place.session, place.tab, place.pane, place.depth),
        Err(error) => error.to_string(),
    }
}

#[track_caller]
fn check(text: &str, asker: Option<u64>, expected: &str) {
    assert_eq!(resolved(&house(), text, asker), expected, "{text:?}");
}

#[test]
fn a_session_is_its_remembered_place() {
    check("work", None, "s1 t1 p2 Session");
    check("s1", None, "s1 t1 p2 Session");
    check("feat/login:x", None, "s2 t4 p5 Session");
}

#[test]
fn a_tab_is_named_by_number_name_or_id() {
    check("work:1", None, "s1 t1 p2 Tab");
    check("work:2", None, "s1 t2 p3 Tab");
    check("work:edit", None, "s1 t2 p3 Tab");
    check("work:t2", None, "s1 t2 p3 Tab");
    check("s1:edit", None, "s1 t2 p3 Tab");
    check("t3", None, "s1 t3 p4 Tab");
}

#[test]
fn a_pane_is_named_by_number_or_id() {
    check("work:1.1", None, "s1 t1 p1 Pane");
    check("work:1.2", None, "s1 t1 p2 Pane");
    check("work:1.p1", None, "s1 t1 p1 Pane");
    check("work:.1", None, "s1 t1 p1 Pane");
    check("p4", None, "s1 t3 p4 Pane");
}

#[test]
fn names_are_compared_whole_before_they_are_parsed() {
    check("work:v1.2", None, "s1 t3 p4 Tab");
    check("work:v1.2.1", None, "s1 t3 p4 Pane");
    check("feat/login:x:1.1", None, "s2 t4 p5 Pane");
    check("feat/login:x:", None, "s2 t4 p5 Session");
}

#[test]
fn nothing_is_where_the_asker_stands_else_the_last_used_session() {
    check("", Some(1), "s1 t1 p1 Pane");
    check("", None, "s2 t4 p5 Session");
    check("", Some(99), "s2 t4 p5 Session");
    check(":2", Some(1), "s1 t2 p3 Tab");
    check(":1", None, "s2 t4 p5 Tab");
    check("edit", Some(1), "s1 t2 p3 Tab");
    assert_eq!(resolved(&House::default(), "", None), "no session is here");
}

#[test]
fn an_error_names_what_is_missing_and_what_is_nearest() {
    check("wrok", None, "no session, tab or pane is called \"wrok\"; the nearest is \"work\"");
    check("zzz", None, "no session, tab or pane is called \"zzz\"");
    check("wokr:1", None, "no session, tab or pane is called \"wokr\"; the nearest is \"work\"");
    check("work:edti", None, "session \"work\" has no tab \"edti\"; the nearest is \"edit\"");
    check("work:9", None, "session \"work\" has no tab \"9\"; the nearest is \"1\"");
    check("work:1.7", None, "tab 1 of session \"work\" has no pane \"7\"; the nearest is \"1\"");
    check("p77", None, "no session, tab or pane is called \"p77\"");
    check("s9", None, "no session, tab or pane is called \"s9\"");
    check("t9", None, "no session, tab or pane is called \"t9\"");
    check("edit", None, "no session, tab or pane is called \"edit\"");
}

#[test]
fn a_target_longer_than_any_name_is_refused_unread() {
    check(&"x".repeat(1000), None, "a target of 1000 bytes is longer than 528");
}

#[test]
fn no_text_panics() {
    let house = house();
    for text in
        [":", ".", "::", ":.", "work:", "work:.", "work::", "work:1.", ":::...", "é:é.é", "s:t.p"]
    {
        let _ = resolved(&house, text, Some(1));
        let _ = resolved(&house, text, None);
    }
}

#[test]
fn a_live_session_is_found_before_an_ended_one_of_the_same_name() {
    let mut house = house();
    let exit = ccc_proto::WireExit::default();
    let ended = SessionEnded { session: SessionId(1), exit, ext: Ext::none() };
    house.apply(&crate::core::house::Record { author: Author::default(), change: ended.into() });
    assert_eq!(resolved(&house, "work", None), "s1 t1 p2 Session", "ended, and still readable");
    let new = NewSession {
        name: "work".into(),
        ulid: Ulid(1),
        ttl_ms: 0,
        pane: NewPane { ulid: Ulid(1), spec: PaneSpec::default() },
        size: Size::new(80, 24),
        remember: false,
    };
    let plan = house.new_session(&Author::default(), new).unwrap();
    plan.records.iter().for_each(|record| house.apply(record));
    assert_eq!(resolved(&house, "work", None), "s3 t5 p6 Session");
    assert_eq!(resolved(&house, "s1", None), "s1 t1 p2 Session");
    assert_eq!(resolved(&house, "", None), "s2 t4 p5 Session");
}

#[test]
fn a_closed_pane_is_not_a_place_and_is_said_to_be_closed() {
    let mut house = house();
    let plan = house.close_pane(&Author::default(), PaneId(1)).unwrap();
    plan.records.iter().for_each(|record| house.apply(record));
    let closed = "pane p1 was closed; its recording is still there";
    assert_eq!(resolved(&house, "p1", None), closed);
    assert_eq!(resolved(&house, "", Some(1)), "s1 t1 p2 Session", "the session it stood in");
}

#[test]
fn the_grammar_alone() {
    let path = |session: &str, tab: Option<&str>, pane: Option<&str>| Target::Path {
        session: session.into(),
        tab: tab.map(Into::into),
        pane: pane.map(Into::into),
    };
    assert_eq!(Target::parse(""), Target::Here);
    assert_eq!(Target::parse("s3"), Target::Session(SessionId(3)));
    assert_eq!(Target::parse("t7"), Target::Tab(TabId(7)));
    assert_eq!(Target::parse("p12"), Target::Pane(PaneId(12)));
    assert_eq!(Target::parse("work"), path("work", None, None));
    assert_eq!(Target::parse("work:2"), path("work", Some("2"), None));
    assert_eq!(Target::parse("work:2.1"), path("work", Some("2"), Some("1")));
    assert_eq!(Target::parse("s3x"), path("s3x", None, None));
    let too_large = "s99999999999999999999999";
    assert_eq!(Target::parse(too_large), path(too_large, None, None));
}

#[test]
fn a_tab_between_two_records_is_nowhere() {
    // A layout of a tab without a pane is ignored, and the tab has no place.
    let mut house = house();
    let record = LayoutChanged {
        tab: TabId(77),
        nodes: Vec::new(),
        zoomed: None,
        preset: 0,
        ext: Ext::none(),
    };
    house.apply(&crate::core::house::Record { author: Author::default(), change: record.into() });
    assert_eq!(house.ignored(), 1);
}
