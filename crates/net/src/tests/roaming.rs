//! A client whose address changes.

use ccc_proto::{Chunk, Message};

use super::loopback;
use crate::Identity;

#[tokio::test]
async fn a_stream_keeps_its_order_across_addresses() {
    const MESSAGES: u64 = 400;
    let server = loopback::server();
    let endpoint = loopback::endpoint();
    let (ours, theirs) = server.connected(&endpoint, &Identity::ephemeral()).await;
    theirs.authorize();
    let first_addr = theirs.remote_addr();
    let mut send = ours.open_uni().await.expect("the connection is open");
    let sending = async {
        for offset in 0..MESSAGES {
            if offset % 100 == 50 {
                endpoint.rebind(loopback::socket()).expect("a bound socket");
            }
            send.send(&message(offset)).await.expect("the server reads");
        }
        send.finish().await.expect("the stream is open");
    };
    let receiving = async {
        let mut recv = theirs.accept_uni().await.expect("one was opened");
        for offset in 0..MESSAGES {
            assert_eq!(recv.recv().await, Ok(Some(message(offset))));
        }
        assert_eq!(recv.recv().await, Ok(None));
    };
    tokio::join!(sending, receiving);
    assert_ne!(theirs.remote_addr(), first_addr);
    assert_eq!(ours.close_reason(), None);

    let path = theirs.path();
    assert!(path.late_after() >= path.rtt, "{path:?}");
    assert!(path.congestion_window > 0, "{path:?}");
}

fn message(offset: u64) -> Message {
    Chunk { offset, bytes: vec![offset as u8; 4000] }.into()
}
