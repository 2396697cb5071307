//! The whole path: a server process, its keeper, a program in a terminal, a client on the loopback.

use ccc_proto::*;

use crate::world::{World, attach, new};

#[tokio::test]
async fn a_client_types_and_sees_the_answer() {
    let world = World::start();
    let client = world.client().await;
    let made = client.done(new("work", "printf 'hello\\n'; exec cat")).await;
    let pane = made.pane.unwrap();
    let mut viewer = world.client().await.attach(attach("work")).await;
    let attached = viewer.attached().await;
    assert_eq!((attached.session, attached.created), (made.session.unwrap(), false));
    viewer.shows(pane, "hello").await;
    let number = viewer.type_text(pane, "echo me\r").await;
    viewer.shows(pane, "echo me\necho me").await;
    while viewer.mirrors[&pane].input_done() < number {
        viewer.next().await;
    }
    let tty = viewer.mirrors[&pane].tty();
    assert_eq!(tty.0, TtyFlags::ECHO | TtyFlags::ICANON | TtyFlags::ISIG);
}

#[tokio::test]
async fn an_attach_makes_the_first_session_when_it_may() {
    let world = World::start();
    let mut viewer = world.client().await.attach(Attach { create: true, ..attach("") }).await;
    let attached = viewer.attached().await;
    let layout = viewer.layout().await;
    assert_eq!((attached.name.as_str(), attached.created), ("main", true));
    assert_eq!(layout.tabs[0].size, WireSize { cols: 80, rows: 24 });
    let pane = layout.panes[0].pane;
    viewer.type_text(pane, "back\r").await;
    viewer.shows(pane, "back\nback").await;
}

#[tokio::test]
async fn a_synchronized_update_is_shown_whole_or_after_a_while() {
    let world = World::start();
    let client = world.client().await;
    let script = "stty -echo; printf '\\033[?2026hhalf'; read x; printf ' whole\\033[?2026l'; \
                  read x; printf '\\033[?2026hnever ended'; exec cat";
    let pane = client.done(new("work", script)).await.pane.unwrap();
    let mut viewer = world.client().await.attach(attach("work")).await;
    viewer.attached().await;
    viewer.type_text(pane, "\r").await;
    viewer.shows(pane, "half whole").await;
    viewer.type_text(pane, "\r").await;
    viewer.shows(pane, "never ended").await;
}

#[tokio::test]
async fn bells_copies_and_titles_reach_whoever_looks() {
    let world = World::start();
    let client = world.client().await;
    let script = "read x; printf '\\a\\033]52;c;aGVsbG8=\\a\\033]2;named\\a'; exec cat";
    let pane = client.done(new("work", script)).await.pane.unwrap();
    let mut viewer = world.client().await.attach(attach("work")).await;
    viewer.attached().await;
    viewer.type_text(pane, "\r").await;
    let mut ids = Vec::new();
    for (wanted, data) in [(EventKind::BELL, &b""[..]), (EventKind::CLIPBOARD, b"hello")] {
        let event = viewer
            .said(|message| match message {
                Message::PaneEvent(event) if event.kind == wanted => Some(event.clone()),
                _ => None,
            })
            .await;
        assert_eq!((event.pane, event.data.as_slice()), (pane, data));
        ids.push(event.id);
    }
    assert!(ids[0] < ids[1]);
    viewer
        .said(|message| match message {
            Message::Layout(layout) if layout.panes[0].title == "named" => Some(()),
            _ => None,
        })
        .await;
    while viewer.mirrors[&pane].title() != "named" {
        viewer.next().await;
    }
}
