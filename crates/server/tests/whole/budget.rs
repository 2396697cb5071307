//! Disk budgets: old bytes go, what is shown stays, and the program goes on.

use ccc_proto::*;

use crate::world::{World, attach, new};

#[tokio::test]
async fn old_bytes_go_when_the_budget_is_reached_and_nothing_else() {
    let mut world = World::with_config("[recording]\npane_budget = 1048576\n");
    let client = world.client().await;
    // Four times the budget, so that a pane which were not trimmed would stop.
    let script = "seq -f '%020.0f' 1 200000; echo end; exec cat";
    let pane = client.done(new("s", script)).await.pane.unwrap();
    let mut viewer = world.client().await.attach(attach("s")).await;
    viewer.shows(pane, "end").await;
    let mut first = None;
    let mut bytes = 0;
    for message in client.ask_all(Export { target: "s".into(), ext: Ext::none() }).await {
        match message {
            Message::Chunk(chunk) => {
                first.get_or_insert(chunk.offset);
                bytes += chunk.bytes.len() as u64;
            }
            Message::ChunkEnd(end) => assert_eq!(end.missing + bytes, 200_000 * 22 + 5),
            other => panic!("no bytes: {other:?}"),
        }
    }
    assert!(first.unwrap() > 0, "nothing was deleted");
    // The screen of the next server needs the bytes that are gone only as far as a checkpoint has
    // them.
    let former = world.pid();
    world.kill_server();
    world.next_server(former).await;
    let mut viewer = world.client().await.attach(attach("s")).await;
    viewer.shows(pane, "00000000000000200000\nend").await;
}
