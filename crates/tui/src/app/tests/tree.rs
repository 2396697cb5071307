//! Trees with pictures, badges, and what was said out of sight.

use ccc_client::proto::{
    EventKind, PaneEvent, PaneInfo, SessionInfo, SessionState, Sessions, TabInfo, TextPage,
    Watched, WireExitKind, event_tag, watched_tag,
};

use super::hints::showing;
use super::*;

fn pane_info(pane: u64, tab: u64, state: PaneState, status: i32) -> PaneInfo {
    PaneInfo {
        pane: PaneId(pane),
        tab: TabId(tab),
        number: 1,
        ulid: String::new(),
        title: "sh".into(),
        command: String::new(),
        cwd: String::new(),
        size: WireSize { cols: 20, rows: 3 },
        pid: 0,
        start_time: 0,
        state,
        exit: WireExit { kind: WireExitKind::CODE, value: status },
        offset: 0,
        first_kept: 0,
        output_unix_ms: 0,
        recorded: true,
        ext: Ext::none(),
    }
}

fn session(id: u64, name: &str, tab: u64, pane: PaneInfo) -> SessionInfo {
    SessionInfo {
        session: SessionId(id),
        name: name.into(),
        state: SessionState::RUNNING,
        created_unix_ms: 0,
        attached: 0,
        current_tab: TabId(tab),
        tabs: vec![TabInfo {
            tab: TabId(tab),
            number: 1,
            name: "sh".into(),
            focus: pane.pane,
            zoomed: None,
            size: WireSize { cols: 80, rows: 23 },
            ext: Ext::none(),
        }],
        panes: vec![pane],
        ext: Ext::none(),
    }
}

fn said(bench: &mut Bench, id: u64, pane: u64, kind: EventKind, text: &str) {
    bench.client(ClientEvent::Pane(PaneEvent {
        id,
        session: SessionId(1),
        pane: PaneId(pane),
        kind,
        title: String::new(),
        data: text.into(),
        ext: Ext::none(),
    }));
}

fn sessions(bench: &mut Bench) -> Vec<Effect> {
    let effects = bench.keys("C-b s");
    let [Effect::Request { purpose, .. }, Effect::AskElsewhere] = &effects[..] else {
        panic!("{effects:?}")
    };
    let here = pane_info(1, 1, PaneState::RUNNING, 0);
    let failed = pane_info(9, 9, PaneState::EXITED, 3);
    let sessions = vec![session(1, "work", 1, here), session(2, "website", 9, failed)];
    let answer = Answer {
        purpose: purpose.clone(),
        result: Ok(Sessions { sessions, ext: Ext::none() }.into()),
    };
    bench.app.update(Event::Answer(answer), &bench.mirrors, bench.now)
}

#[test]
fn sessions_stand_beside_a_picture_of_the_chosen_one() {
    let mut bench = Bench::new();
    showing(&mut bench, 1, &["what is in pane one"]);
    assert!(sessions(&mut bench).is_empty(), "what is seen is not asked for");
    let picture = bench.picture();
    for wanted in ["work*", "  1:sh", "website", "✗", "what is in pane one"] {
        assert!(picture.contains(wanted), "{wanted}: {picture}");
    }
    // Another one is asked for, once.
    bench.keys("Down");
    let effects = bench.keys("Down");
    let [Effect::Request { message, purpose }] = &effects[..] else { panic!("{effects:?}") };
    let Message::Capture(capture) = message.as_ref() else { panic!("{message:?}") };
    assert_eq!(capture.target, "p9");
    let page = TextPage { text: "\u{1b}[31mred\u{1b}[0m\nsecond\n".into(), more: false };
    let answer = Answer { purpose: purpose.clone(), result: Ok(page.into()) };
    bench.app.update(Event::Answer(answer), &bench.mirrors, bench.now);
    let picture = bench.picture();
    assert!(picture.contains("│red") && picture.contains("│second"), "{picture}");
    assert!(bench.keys("Up Down").is_empty());
    assert_eq!(bench.keys("Down Enter"), [Effect::Switch("t9".into())]);
}

#[test]
fn tabs_stand_with_their_panes_and_badges() {
    let mut bench = Bench::new();
    let mut changed = layout();
    changed.panes[3].state = PaneState::EXITED;
    changed.panes[3].exit = WireExit { kind: WireExitKind::CODE, value: 1 };
    changed.panes[1].title = "htop".into();
    bench.client(ClientEvent::Layout(changed));
    said(&mut bench, 1, 4, EventKind::ACTIVITY, "");
    assert!(bench.bar().contains(" 2:logs#✗"), "{}", bench.bar());
    bench.keys("C-b w");
    let picture = bench.picture();
    assert!(picture.contains("  1.2 htop"), "{picture}");
    assert!(picture.contains("#✗"), "{picture}");
    bench.keys("h t o p Enter");
    assert_eq!(bench.app.pane, PaneId(2));
    // What is seen is no news any more.
    bench.keys("C-b n C-b p");
    assert!(bench.bar().contains(" 2:logs-✗"), "{}", bench.bar());
    // What is looked at makes none.
    said(&mut bench, 2, 1, EventKind::ACTIVITY, "");
    assert!(!bench.bar().contains('#'), "{}", bench.bar());
}

#[test]
fn what_is_said_out_of_sight_waits_in_the_inbox() {
    let mut bench = Bench::new();
    bench.keys("C-b i");
    assert!(bench.bar().contains("nothing was said"), "{}", bench.bar());
    bench.app.clock = "12:30".into();
    said(&mut bench, 1, 4, EventKind::NOTIFICATION, "tests passed");
    said(&mut bench, 2, 4, EventKind::BELL, "");
    // What one sees oneself needs no keeping.
    said(&mut bench, 3, 1, EventKind::BELL, "");
    let mut ext = Ext::none();
    ext.push(event_tag::SESSION_NAME, "website");
    bench.client(ClientEvent::Pane(PaneEvent {
        id: 4,
        session: SessionId(2),
        pane: PaneId(9),
        kind: EventKind::NOTIFICATION,
        title: String::new(),
        data: "deployed\u{1b}[2J".into(),
        ext,
    }));
    while bench.app.shown_note().is_some() {
        bench.now += NOTE_TIME;
        bench.app.update(Event::Tick, &bench.mirrors, bench.now);
    }
    assert!(bench.bar().contains("inbox 3"), "{}", bench.bar());
    assert!(bench.bar().contains(" 2:logs!"), "{}", bench.bar());

    bench.keys("C-b i");
    let picture = bench.picture();
    for wanted in ["website  12:30  !  deployed[2J", "work     12:30  !  bell", "tests passed"] {
        assert!(picture.contains(wanted), "{wanted}: {picture}");
    }
    bench.keys("t e s t s Enter");
    assert_eq!((bench.app.tab, bench.app.pane), (TabId(2), PaneId(4)));
    assert!(!bench.bar().contains("inbox"), "{}", bench.bar());
    bench.keys("C-b i d e p l");
    assert_eq!(bench.keys("Enter"), [Effect::Switch("p9".into())]);
}

#[test]
fn messages_that_follow_each_other_leave_the_count_of_what_waits_to_be_seen() {
    let mut bench = Bench::new();
    said(&mut bench, 1, 4, EventKind::NOTIFICATION, "tests passed");
    said(&mut bench, 2, 4, EventKind::NOTIFICATION, &"a long story ".repeat(10));
    let first = bench.bar();
    bench.now += NOTE_TIME;
    bench.app.update(Event::Tick, &bench.mirrors, bench.now);
    insta::assert_snapshot!("messages_beside_the_inbox", format!("{first}\n{}", bench.bar()));
    // What takes an answer has the whole bar.
    bench.keys("C-b x");
    assert!(bench.bar().contains("close") && !bench.bar().contains("inbox"), "{}", bench.bar());
}

fn elsewhere(bench: &mut Bench, host: &str, found: Found) -> Vec<Effect> {
    let event = Event::Elsewhere { machine: Some(host.into()), found };
    bench.app.update(event, &bench.mirrors, bench.now)
}

fn arrived(bench: &mut Bench, machine: Machine) {
    let arrival = Arrival { machine, host: "far".into(), spawn: Spawn::default() };
    bench.app.update(Event::Arrived(arrival), &bench.mirrors, bench.now);
    bench.client(ClientEvent::Attached(Attached {
        attachment: AttachmentId(1),
        session: SessionId(1),
        name: "logs".into(),
        created: false,
        writable: true,
        ext: Ext::none(),
    }));
    bench.client(ClientEvent::Layout(layout()));
}

#[test]
fn machines_answer_one_by_one_and_the_choice_stays_where_it_is() {
    let mut bench = Bench::new();
    showing(&mut bench, 1, &["what is in pane one"]);
    sessions(&mut bench);
    elsewhere(&mut bench, "box", Found::Asked);
    elsewhere(&mut bench, "slow", Found::Asked);
    assert!(bench.picture().contains("box/     asking"), "{}", bench.picture());
    bench.keys("Down");
    let found = vec![session(1, "logs", 1, pane_info(1, 1, PaneState::RUNNING, 0))];
    assert!(elsewhere(&mut bench, "box", Found::Sessions(found)).is_empty());
    elsewhere(&mut bench, "slow", Found::Silent("nobody there".into()));
    let picture = bench.picture();
    for wanted in ["work*", "box/logs", "slow/", "no answer: nobody"] {
        assert!(picture.contains(wanted), "{wanted}: {picture}");
    }
    // It was at the tab of the session here; the pane of the same number there is another one.
    let effects = bench.keys("l o g s");
    let asked = |effect: &Effect| matches!(effect, Effect::RequestElsewhere { .. });
    assert_eq!(effects.iter().filter(|effect| asked(effect)).count(), 1, "{effects:?}");
    let there = Effect::Visit { machine: Some("box".into()), target: "s1".into() };
    assert_eq!(bench.keys("Enter"), [there]);
    assert!(bench.bar().contains("going to box"), "{}", bench.bar());
    // Until it answers, this session goes on.
    assert!(bench.picture().contains("what is in pane one"));
}

#[test]
fn another_machine_begins_with_nothing_of_the_one_before() {
    let mut bench = Bench::new();
    said(&mut bench, 1, 4, EventKind::NOTIFICATION, "tests passed");
    said(&mut bench, 2, 4, EventKind::ACTIVITY, "");
    arrived(&mut bench, Some("box".into()));
    while bench.app.shown_note().is_some() {
        bench.now += NOTE_TIME;
        bench.app.update(Event::Tick, &bench.mirrors, bench.now);
    }
    assert!(!bench.bar().contains(['#', '!']), "{}", bench.bar());
    // The inbox is one for all machines, and leads to where it was said.
    let here = Effect::Visit { machine: None, target: "p4".into() };
    assert_eq!(bench.keys("C-b i Enter"), [here]);
    // What is typed on the way waits; it takes too long.
    bench.now += Duration::from_secs(3);
    let last = || Effect::Visit { machine: None, target: "s1".into() };
    assert_eq!(bench.keys("C-b Tab"), [last()]);
    // It ends there: back to the last one.
    let ended = ClientEvent::Detached(Detached {
        reason: DetachReason::SESSION_ENDED,
        exit: WireExit::default(),
        why: String::new(),
        hint: String::new(),
        failure: 0,
        ext: Ext::none(),
    });
    assert_eq!(bench.client(ended), [last()]);
    let why = "no route".to_owned();
    let failed = Event::NotArrived { machine: None, why };
    let effects = bench.app.update(failed, &bench.mirrors, bench.now);
    assert!(matches!(effects[..], [Effect::Quit(Outcome::Ended { .. })]), "{effects:?}");
}

#[test]
fn a_machine_that_cannot_be_reached_leaves_everything_as_it_is() {
    let mut bench = Bench::new();
    showing(&mut bench, 1, &["what is in pane one"]);
    let mut effects = Vec::new();
    bench.app.go_to(Some("box".into()), String::new(), bench.now, &mut effects);
    bench.app.update(Event::Tick, &bench.mirrors, bench.now);
    assert!(bench.bar().contains("going to box"), "{}", bench.bar());
    let failed = Event::NotArrived { machine: Some("box".into()), why: "no route".into() };
    bench.app.update(failed, &bench.mirrors, bench.now);
    assert!(bench.bar().contains("box cannot be reached: no route"), "{}", bench.bar());
    assert!(bench.picture().contains("what is in pane one"));
    assert_eq!(bench.app.machine, None);
}

fn input(effects: &[Effect]) -> Vec<PaneId> {
    let typed = |effect: &Effect| match effect {
        Effect::Input { pane, .. } => Some(*pane),
        _ => None,
    };
    effects.iter().filter_map(typed).collect()
}

#[test]
fn what_is_typed_on_the_way_waits_for_the_other_machine() {
    let mut bench = Bench::new();
    bench.app.go_to(Some("box".into()), "s1".into(), bench.now, &mut Vec::new());
    assert_eq!(bench.keys("l s Enter"), []);
    let host = "far".into();
    let arrival = Arrival { machine: Some("box".into()), host, spawn: Spawn::default() };
    bench.app.update(Event::Arrived(arrival), &bench.mirrors, bench.now);
    let effects = bench.client(ClientEvent::Attached(Attached {
        attachment: AttachmentId(1),
        session: SessionId(1),
        name: "logs".into(),
        created: false,
        writable: true,
        ext: Ext::none(),
    }));
    assert!(input(&effects).is_empty(), "where it goes is not known yet");
    let effects = bench.client(ClientEvent::Layout(layout()));
    // That the focus came, and three keys.
    assert_eq!(input(&effects), [PaneId(1); 4], "{effects:?}");
}

/// Somebody chose a slow machine, gave up waiting, and worked on: the machine answered in the middle of a word,
/// and the rest of it went into a shell there.
#[test]
fn whoever_works_on_is_not_led_away() {
    let mut bench = Bench::new();
    bench.app.go_to(Some("box".into()), "s1".into(), bench.now, &mut Vec::new());
    bench.now += Duration::from_secs(3);
    let effects = bench.keys("l");
    assert_eq!(input(&effects).len(), 1, "{effects:?}");
    assert_eq!(effects.last(), Some(&Effect::Stay), "{effects:?}");
    assert!(!bench.bar().contains("going to"), "{}", bench.bar());
    assert!(!bench.keys("s").contains(&Effect::Stay));
    // Nor is who goes to another session of this machine; the loop gives the way up by itself.
    bench.app.go_to(Some("box".into()), "s1".into(), bench.now, &mut Vec::new());
    let mut effects = Vec::new();
    bench.app.go_to(None, "s2".into(), bench.now, &mut effects);
    assert_eq!(effects, [Effect::Switch("s2".into())]);
    assert!(!bench.bar().contains("going to"), "{}", bench.bar());
}

#[test]
fn what_is_said_on_a_machine_that_was_left_is_kept_and_told() {
    let mut bench = Bench::new();
    let heard = |bench: &mut Bench, machine: Machine, what: &str, text: &str| {
        let mut ext = Ext::none();
        ext.push(watched_tag::SESSION_NAME, "work".as_bytes());
        let watched = Box::new(Watched {
            id: 1,
            unix_ms: 0,
            what: what.into(),
            session: Some(SessionId(7)),
            tab: None,
            // A pane of this number stands here as well.
            pane: Some(PaneId(1)),
            exit: WireExit::default(),
            text: text.into(),
            ext,
        });
        let event = Event::SaidElsewhere { machine, watched };
        bench.app.update(event, &bench.mirrors, bench.now)
    };
    assert!(heard(&mut bench, Some("box".into()), "bell", "").is_empty());
    assert_eq!(bench.app.unread(), 1);
    let told = heard(&mut bench, Some("box".into()), "notification", "build: done");
    let (title, body) = ("[box/work]".into(), "build: done".into());
    assert_eq!(told, [Effect::Notify { title, body }]);
    let picture = bench.picture();
    assert!(picture.contains("[box/work] build: done"), "{picture}");
    // The pane of the same number that is seen here has said nothing.
    assert!(bench.app.wants_you.is_empty() && bench.app.unread() == 2);
    // What comes late of where one is by now is told by the attachment there.
    let late = heard(&mut bench, None, "notification", "late");
    assert!(late.is_empty() && bench.app.unread() == 2);
    bench.keys("C-b i");
    let picture = bench.picture();
    assert!(picture.contains("box/work") && picture.contains("build: done"), "{picture}");
    let effects = bench.keys("Enter");
    let [Effect::Visit { machine, target }] = &effects[..] else { panic!("{effects:?}") };
    assert_eq!((machine.as_deref(), target.as_str()), (Some("box"), "p1"));
}
