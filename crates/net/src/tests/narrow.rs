//! A road on which large packets begin to vanish, in virtual time.

use std::time::Duration;

use ccc_proto::{Chunk, Message};
use tokio::time::{Instant, timeout};

use crate::memory::Wire;
use crate::{ConnectOptions, Connection, Identity};

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
    let (wire, identity) = (Wire::new(DELAY), Identity::ephemeral());
    let at = "127.0.0.1:2".parse().expect("an address");
    let listener = wire.listener(at, &identity).expect("a listener");
    let endpoint = wire.endpoint("127.0.0.1:1".parse().expect("an address")).expect("a socket");
    // Nobody of the system's is asked whether anybody is there.
    let port = std::net::UdpSocket::bind(at);
    let options = ConnectOptions::new(at, identity.id(), Identity::ephemeral());
    let (ours, theirs) = tokio::join!(endpoint.connect(options), async {
        listener.accept().await.expect("it is open").handshake().await.expect("it behaves")
    });
    let ours = ours.expect("the server behaves");
    theirs.authorize();
    for offset in 0..20 {
        send_one(&theirs, &ours, offset).await;
    }
    wire.set_largest(LEAST);
    for offset in 20..30 {
        let took = send_one(&theirs, &ours, offset).await;
        println!("message {offset}: {took:?}");
        assert!(took < SOON, "message {offset} took {took:?}");
    }
    drop(port);
}
