//! A port that a program of a pane listens on: how it is offered, and taken.

use ccc_client::forward::ForwardPlan;
use ccc_client::proto::{EventKind, PaneEvent};

use super::palette::typed;
use super::*;

fn listens(bench: &mut Bench, data: &str) -> Vec<Effect> {
    bench.client(ClientEvent::Pane(PaneEvent {
        id: 1,
        session: SessionId(1),
        pane: PaneId(3),
        kind: EventKind::LISTENS,
        title: "node".into(),
        data: data.into(),
        ext: Ext::none(),
    }))
}

fn command(bench: &mut Bench, text: &str) -> Vec<Effect> {
    bench.now += Duration::from_secs(60);
    bench.keys("C-b :");
    typed(bench, text);
    bench.keys("Enter")
}

#[test]
fn an_open_port_is_offered_in_the_bar_and_taken_by_a_word() {
    let mut bench = Bench::new();
    assert!(command(&mut bench, "forward").is_empty());
    assert!(bench.bar().contains("no port was offered"), "{}", bench.bar());
    bench.now += Duration::from_secs(60);
    bench.app.update(Event::Tick, &bench.mirrors, bench.now);
    assert!(listens(&mut bench, "5173").is_empty());
    assert!(bench.bar().contains("port 5173 is open in p3 · C-b : forward"), "{}", bench.bar());
    let effects = command(&mut bench, "forward");
    assert_eq!(effects, [Effect::Forward(ForwardPlan::of_port(5173))]);
    assert!(!bench.bar().contains("is open in"), "an offer that was taken: {}", bench.bar());
    // Another one by its number, and what is no port is none.
    let effects = command(&mut bench, "forward 8080:db:5432");
    let plan = "8080:db:5432".parse().expect("a plan");
    assert_eq!(effects, [Effect::Forward(plan)]);
    listens(&mut bench, "0");
    listens(&mut bench, "http");
    assert_eq!(bench.app.offered, Some(5173));
}

#[test]
fn what_became_of_a_port_is_said() {
    let mut bench = Bench::new();
    let mut check = |forwarded: Forwarded, words: &str| {
        bench.now += Duration::from_secs(60);
        bench.app.update(Event::Forwarded(forwarded), &bench.mirrors, bench.now);
        assert!(bench.bar().contains(words), "{}", bench.bar());
    };
    let local = ([127, 0, 0, 1], 40001).into();
    let remote = "localhost:5173".to_owned();
    check(
        Forwarded::Listens { local, remote: remote.clone() },
        "127.0.0.1:40001 leads to localhost:5173 there",
    );
    let why = "no".to_owned();
    check(
        Forwarded::Failed { remote: remote.clone(), why: why.clone() },
        "not led to localhost:5173: no",
    );
    check(Forwarded::Refused { remote, why }, "a connection was not led to localhost:5173: no");
}

#[test]
fn an_offer_is_of_the_session_that_is_looked_at() {
    let mut bench = Bench::new();
    listens(&mut bench, "5173");
    bench.client(ClientEvent::Attached(Attached {
        attachment: AttachmentId(1),
        session: SessionId(2),
        name: "other".into(),
        created: false,
        writable: true,
        ext: Ext::none(),
    }));
    assert_eq!(bench.app.offered, None);
}
