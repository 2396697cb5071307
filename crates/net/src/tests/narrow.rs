//! A road on which large packets begin to vanish, in virtual time.

use std::time::Duration;

use ccc_proto::{Chunk, Message};
use tokio::time::{Instant, timeout};

use super::road::Road;
use crate::Connection;
use crate::memory::Wire;

const DELAY: Duration = Duration::from_millis(20);
/// What is lost is found out by then, and that its size was why.
const SOON: Duration = Duration::from_millis(500);
/// The largest that every road carries.
const LEAST: usize = 1200;

async fn send_one(from: &Connection, to: &Connection, offset: u64) -> Duration {
    let began = Instant::now();
    let message: Message = Chunk { offset, bytes: vec![offset as u8; 5000] }.into();
    let mut stream = from.open_uni().await.expect("the connection is open");
    stream.send(&message).await.expect("there is room");
    stream.finish().await.expect("the stream is open");
    let mut there = to.accept_uni().await.expect("one was opened");
    let got = timeout(Duration::from_secs(300), there.recv()).await.expect("it comes");
    assert_eq!(got, Ok(Some(message)));
    began.elapsed()
}

#[tokio::test(start_paused = true)]
async fn large_packets_that_vanish_are_sent_smaller() {
    let wire = Wire::new(DELAY);
    let road = Road::over(&wire, 1).await;
    let (ours, theirs) = (&road.client, &road.server);
    for offset in 0..20 {
        send_one(theirs, ours, offset).await;
    }
    wire.set_largest(LEAST);
    for offset in 20..30 {
        let took = send_one(theirs, ours, offset).await;
        println!("message {offset}: {took:?}");
        assert!(took < SOON, "message {offset} took {took:?}");
    }
}
