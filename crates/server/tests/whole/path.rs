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
