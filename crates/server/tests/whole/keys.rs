//! Typed input through the whole path: order, interrupts, programs that do not read.

use ccc_proto::*;

use crate::world::{World, attach, new};

#[tokio::test]
async fn an_interrupt_ends_a_flood_and_a_program_that_reads_nothing() {
    let world = World::start();
    let client = world.client().await;
    // Whoever says the word is the one to be interrupted.
    let script = "yes flood; (echo next; exec sleep 1000); echo last; exec sed -u s/^/got:/";
    let pane = client.done(new("s", &format!("trap : INT; {script}"))).await.pane.unwrap();
    let mut viewer = world.client().await.attach(attach("s")).await;
    viewer.shows(pane, "flood").await;
    viewer.interrupt(pane).await;
    viewer.shows(pane, "next").await;
    // Far more than a terminal takes from a program that does not read it.
    for _ in 0..8 {
        viewer.type_text(pane, &"x".repeat(100_000)).await;
    }
    viewer.interrupt(pane).await;
    viewer.shows(pane, "last").await;
    // What was echoed of the dropped input may stand in front.
    viewer.type_text(pane, "\r").await;
    viewer.type_text(pane, "read again\r").await;
    viewer.shows(pane, "got:read again").await;
}

#[tokio::test]
async fn a_raw_program_gets_the_interrupt_as_a_byte_in_its_place() {
    let world = World::start();
    let client = world.client().await;
    let script = "stty raw -echo; printf ready; head -c 3 | od -An -tx1; stty sane; exec cat";
    let pane = client.done(new("s", script)).await.pane.unwrap();
    let mut viewer = world.client().await.attach(attach("s")).await;
    viewer.shows(pane, "ready").await;
    viewer.type_text(pane, "a").await;
    viewer.interrupt(pane).await;
    viewer.type_text(pane, "b").await;
    viewer.shows(pane, "61 03 62").await;
}

#[tokio::test]
async fn keys_are_written_as_the_programs_modes_ask() {
    let world = World::start();
    let client = world.client().await;
    let script = "stty raw -echo; printf '\\033[?1hready'; head -c 3 | od -An -tx1; exec cat";
    let pane = client.done(new("s", script)).await.pane.unwrap();
    let mut viewer = world.client().await.attach(attach("s")).await;
    viewer.shows(pane, "ready").await;
    viewer.key(pane, WireKeyCode::UP).await;
    viewer.shows(pane, "1b 4f 41").await;
}
