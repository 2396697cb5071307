//! Ends: of shells, commands, panes, sessions and servers.

use ccc_proto::*;

use tokio::time::timeout;

use crate::world::{LONG, Viewer, World, attach, new, spawn};

async fn detached(viewer: &mut Viewer) -> Detached {
    viewer
        .said(|message| match message {
            Message::Detached(detached) => Some(detached.clone()),
            _ => None,
        })
        .await
}

#[tokio::test]
async fn a_login_shell_that_exits_well_ends_its_session_and_tells_its_clients() {
    let world = World::start();
    let client = world.client().await;
    let mut shell = new("s", "");
    shell.spawn.argv.clear();
    shell.spawn.shell = b"/bin/sh".to_vec();
    let pane = client.done(shell).await.pane.unwrap();
    let mut viewer = world.client().await.attach(attach("s")).await;
    viewer.attached().await;
    viewer.type_text(pane, "exit\r").await;
    let detached = detached(&mut viewer).await;
    assert_eq!(detached.reason, DetachReason::SESSION_ENDED);
    assert_eq!(detached.exit, WireExit { kind: WireExitKind::CODE, value: 0 });
    assert_eq!(client.sessions().await[0].state, SessionState::ENDED);
}

#[tokio::test]
async fn a_failure_stays_with_its_status_and_a_closed_pane_leaves_the_others() {
    let world = World::start();
    let client = world.client().await;
    let first = client.done(new("s", "exec cat")).await.pane.unwrap();
    let split = Split {
        target: "s".into(),
        direction: Direction::DOWN,
        cells: 0,
        percent: 0,
        background: true,
        revision: 0,
        spawn: spawn("echo bad; exit 9"),
        ext: Ext::none(),
    };
    let mut viewer = world.client().await.attach(attach("s")).await;
    let second = client.done(split).await.pane.unwrap();
    let status = viewer
        .said(|message| match message {
            Message::PaneStatus(status) if status.pane == second => Some(status.clone()),
            _ => None,
        })
        .await;
    assert_eq!((status.state, status.exit.status()), (PaneState::EXITED, Some(9)));
    viewer.shows(second, "bad").await;
    client.done(PaneClose { target: second.to_string(), ext: Ext::none() }).await;
    let layout = viewer
        .said(|message| match message {
            Message::Layout(layout) if layout.revision > 2 && layout.panes.len() == 1 => {
                Some(layout.clone())
            }
            _ => None,
        })
        .await;
    assert_eq!(layout.panes[0].pane, first);
    // The first one has the whole tab again.
    while viewer.mirrors[&first].size() != ccc_vt::Size::new(80, 24) {
        viewer.next().await;
    }
}

#[tokio::test]
async fn a_client_is_detached_by_another_and_by_stealing() {
    let world = World::start();
    let client = world.client().await;
    client.done(new("s", "exec cat")).await;
    let mut first = world.client().await.attach(attach("s")).await;
    first.attached().await;
    let mut second = world.client().await.attach(Attach { steal: true, ..attach("s") }).await;
    assert_eq!(detached(&mut first).await.reason, DetachReason::BY_OTHER);
    second.attached().await;
    let all = DetachClient { client: None, target: "s".into(), but: None, ext: Ext::none() };
    client.done(all).await;
    assert_eq!(detached(&mut second).await.reason, DetachReason::BY_OTHER);
    assert_eq!(client.sessions().await[0].attached, 0);
}

#[tokio::test]
async fn a_stopping_server_says_goodbye() {
    let world = World::start();
    let client = world.client().await;
    client.done(new("s", "exec cat")).await;
    let mut viewer = world.client().await.attach(attach("s")).await;
    viewer.attached().await;
    client.done(StopServer { kill: true, ext: Ext::none() }).await;
    assert_eq!(detached(&mut viewer).await.reason, DetachReason::SERVER_STOPS);
}

#[tokio::test]
async fn a_session_with_a_time_to_live_ends_after_its_last_client() {
    let world = World::start();
    let client = world.client().await;
    client.done(New { ttl_ms: 50, ..new("s", "exec cat") }).await;
    let viewer = world.client().await.attach(attach("s")).await;
    let (mut asked, mut events) = client.connection.open_bi().await.unwrap();
    asked.send(&Events::default().into()).await.unwrap();
    viewer.leave().await;
    let ended = async {
        while let Ok(Some(Message::Watched(watched))) = events.recv().await {
            if watched.what == "session-ended" {
                return;
            }
        }
    };
    timeout(LONG, ended).await.expect("the session ended");
    assert_eq!(client.sessions().await[0].state, SessionState::ENDED);
}
