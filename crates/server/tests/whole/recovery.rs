//! A server that is killed: its programs do not notice, and the next one shows what they printed.

use ccc_proto::*;

use crate::world::{Client, World, attach, new};

#[tokio::test]
async fn a_killed_server_comes_back_with_everything() {
    let mut world = World::start();
    let client = world.client().await;
    let made = client.done(new("work", "echo before; exec cat")).await;
    let pane = made.pane.unwrap();
    let mut viewer = world.client().await.attach(attach("work")).await;
    viewer.shows(pane, "before").await;
    viewer.type_text(pane, "typed\r").await;
    viewer.shows(pane, "typed\ntyped").await;
    let child = client.sessions().await[0].panes[0].pid;

    let former = world.pid();
    world.kill_server();
    world.next_server(former).await;

    let client = world.client().await;
    let sessions = client.sessions().await;
    assert_eq!(sessions[0].name, "work");
    assert_eq!((sessions[0].panes[0].pid, sessions[0].panes[0].pane), (child, pane));
    let mut viewer = world.client().await.attach(attach("work")).await;
    viewer.shows(pane, "before\ntyped\ntyped").await;
    viewer.type_text(pane, "after\r").await;
    viewer.shows(pane, "after\nafter").await;
}

#[tokio::test]
async fn what_is_printed_while_no_server_runs_is_not_lost() {
    let mut world = World::start();
    let client = world.client().await;
    // The program goes on by itself when the file is there.
    let flag = world.state().join("go");
    let script = format!(
        "stty -opost; until [ -e {} ]; do read -t 1 x || :; done; seq 1 20000; echo end; exec cat",
        flag.display()
    );
    let bash = Spawn {
        argv: vec![b"/bin/bash".to_vec(), b"-c".to_vec(), script.into()],
        ..crate::world::spawn("")
    };
    let pane = client.done(New { spawn: bash, ..new("work", "") }).await.pane.unwrap();
    let former = world.pid();
    world.kill_server();
    std::fs::write(&flag, "").unwrap();
    world.next_server(former).await;
    let mut viewer = world.client().await.attach(attach("work")).await;
    viewer.shows(pane, "end").await;
    let client = world.client().await;
    let mut recorded = Vec::new();
    for message in client.ask_all(Export { target: "work".into(), ext: Ext::none() }).await {
        match message {
            Message::Chunk(chunk) => recorded.extend(chunk.bytes),
            Message::ChunkEnd(end) => assert_eq!(end.missing, 0),
            other => panic!("no bytes: {other:?}"),
        }
    }
    let expected: String = (1..=20000).map(|n| format!("{n}\n")).collect();
    assert_eq!(String::from_utf8(recorded).unwrap(), format!("{expected}end\n"));
}

#[tokio::test]
async fn a_killed_keeper_is_succeeded_and_nobody_notices() {
    let world = World::start();
    let client = world.client().await;
    let pane = client.done(new("work", "echo before; exec cat")).await.pane.unwrap();
    let mut viewer = world.client().await.attach(attach("work")).await;
    viewer.shows(pane, "before").await;
    // Killed twice, so that the second succession is that of a spare that came after the first.
    for round in 0..2 {
        let custody = complete_custody(&client).await;
        let keeper = rustix::process::Pid::from_raw(custody.keeper_pid.cast_signed()).unwrap();
        rustix::process::kill_process(keeper, rustix::process::Signal::KILL).unwrap();
        viewer.type_text(pane, &format!("after{round}\r")).await;
        viewer.shows(pane, &format!("after{round}\nafter{round}")).await;
        let size = WireSize { cols: 70 + round, rows: 24 };
        viewer.tell(ClientSize { size, pixels: PixelSize::default(), ext: Ext::none() }).await;
        while viewer.mirrors[&pane].size().cols != size.cols {
            viewer.next().await;
        }
    }
    complete_custody(&client).await;
}

/// Waits until server, keeper and spare hold everything.
async fn complete_custody(client: &Client) -> Custody {
    loop {
        let Message::DoctorReport(report) = client.ask(Doctor::default()).await else {
            panic!("no report")
        };
        if report.custody.complete() {
            return report.custody;
        }
    }
}

#[tokio::test]
async fn a_stopped_server_leaves_its_programs_to_the_next() {
    let mut world = World::start();
    let client = world.client().await;
    let pane = client.done(new("work", "echo before; exec cat")).await.pane.unwrap();
    client.done(StopServer { kill: false, ext: Ext::none() }).await;
    client.connection.closed().await;
    world.wait_for_server();
    world.serve();
    let mut viewer = world.client().await.attach(attach("work")).await;
    viewer.shows(pane, "before").await;
    viewer.type_text(pane, "after\r").await;
    viewer.shows(pane, "after\nafter").await;
}

#[tokio::test]
async fn a_second_server_is_refused_and_told_who_runs() {
    let world = World::start();
    let error = ccc_server::serve(ccc_server::ServeOptions {
        state_dir: world.state(),
        config_dir: world.state(),
        exe: "/nonexistent".into(),
        listen: None,
        auto: false,
        on_ready: Box::new(|| panic!("it must not start")),
    })
    .unwrap_err();
    let pid = world.pid();
    let ccc_server::ServeError::AlreadyRunning { pid: owner, .. } = error else {
        panic!("{error}")
    };
    assert_eq!(owner, pid);
}
