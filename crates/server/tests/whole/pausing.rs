//! A pane that is being paused while others go: its client, and the server.

use ccc_net::CloseCode;
use ccc_proto::*;
use rustix::process::{Pid, Signal, kill_process};
use tokio::time::timeout;

use crate::world::{Client, LONG, World, attach, new};

async fn keeper(client: &Client) -> Pid {
    let Message::DoctorReport(report) = client.ask(Doctor::default()).await else {
        panic!("no report")
    };
    Pid::from_raw(report.custody.keeper_pid.cast_signed()).unwrap()
}

fn set(on: bool) -> SetRecording {
    let set = if on { Toggle::ON } else { Toggle::OFF };
    SetRecording { target: "work".into(), set, ext: Ext::none() }
}

#[tokio::test]
async fn a_pause_goes_on_when_its_client_leaves() {
    let world = World::start();
    let other = world.client().await;
    let pane = other.done(new("work", "echo before; exec cat")).await.pane.unwrap();
    let mut viewer = world.client().await.attach(attach("work")).await;
    viewer.shows(pane, "before").await;
    let keeper = keeper(&other).await;
    let client = world.client().await.attach_and_stall(attach("work")).await;
    let looking = async |count: usize| {
        loop {
            let Message::Clients(told) = other.ask(ListClients::default()).await else {
                panic!("no clients")
            };
            if told.clients.len() == count {
                return;
            }
        }
    };
    looking(3).await;
    // The keeper is slow, so that whoever asked has left before it answers.
    kill_process(keeper, Signal::STOP).unwrap();
    let (mut send, recv) = client.connection.open_bi().await.unwrap();
    send.send(&set(false).into()).await.unwrap();
    send.finish().await.unwrap();
    // What comes behind it on the same connection is answered: it was taken.
    for _ in 0..4 {
        client.sessions().await;
    }
    drop((send, recv));
    client.connection.close(CloseCode::OK, "");
    looking(2).await;
    kill_process(keeper, Signal::CONT).unwrap();
    // What is printed from here on is nowhere, and the pane says so.
    let paused = async { while other.sessions().await[0].panes[0].recorded {} };
    timeout(LONG, paused).await.expect("a pane that is paused");
    viewer.type_text(pane, "secret-1\r").await;
    viewer.shows(pane, "before\nsecret-1\nsecret-1").await;
    let Message::RecordingSet(told) = other.ask(set(true)).await else { panic!("not set") };
    assert!(told.on && told.changed);
    viewer.type_text(pane, "after\r").await;
    viewer.shows(pane, "after\nafter").await;
}
