//! A client that stops reading: it costs little, and nobody else notices.

use std::time::Instant;

use ccc_proto::*;

use crate::world::{World, attach, new};

#[tokio::test]
async fn nobody_notices_a_client_that_never_reads() {
    let world = World::start();
    let client = world.client().await;
    let pane = client.done(new("s", "yes 'a line of a flood that never ends'")).await.pane.unwrap();
    let quiet = client.done(new("quiet", "exec cat")).await.pane.unwrap();
    // It attaches and from then on takes nothing from its connection: its windows fill and stay so.
    let stalled = world.client().await.attach_and_stall(attach("s")).await;
    let mut reader = world.client().await.attach(attach("s")).await;
    reader.shows(pane, "a flood").await;
    let mut typist = world.client().await.attach(attach("quiet")).await;
    typist.attached().await;
    let mut worst = std::time::Duration::ZERO;
    for round in 0..20 {
        let typed = Instant::now();
        typist.type_text(quiet, &format!("r{round}\r")).await;
        typist.shows(quiet, &format!("r{round}\nr{round}")).await;
        worst = worst.max(typed.elapsed());
        let before = reader.mirrors[&pane].seq();
        while reader.mirrors[&pane].seq() == before {
            reader.next().await;
        }
    }
    // Far above any delay of a loaded machine, far below waiting for somebody who never reads.
    assert!(worst < std::time::Duration::from_secs(20), "{worst:?}");
    let clients = match client.ask(ListClients::default()).await {
        Message::Clients(clients) => clients.clients,
        other => panic!("no clients: {other:?}"),
    };
    assert_eq!(clients.len(), 4);
    drop(stalled);
}
