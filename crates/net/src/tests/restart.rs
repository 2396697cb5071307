//! A server that dies without a word and comes back.

use std::time::Instant;

use ccc_proto::{Chunk, Message};
use tokio::runtime::Builder;
use tokio::sync::oneshot;

use super::loopback;
use crate::{CloseReason, IDLE_TIMEOUT, Identity, ListenOptions, Listener, TransportKeys};

/// A connection's keys in the server's memory die with the server, so its client can only be told
/// that they are gone: by a packet that a stranger cannot make. Without it, clients learned of a
/// restart from the idle timeout.
#[tokio::test]
async fn a_client_notices_a_restarted_server_at_its_next_packet() {
    let identity = Identity::ephemeral();
    let directory = tempfile::tempdir().expect("a directory");
    let keys_directory = directory.path().join("identity");
    let keys = || TransportKeys::load_or_create(&keys_directory).expect("the directory is ours");
    // Somebody else keeps the socket open meanwhile, as the keeper does.
    let parked = loopback::socket();
    let socket = || parked.try_clone().expect("a descriptor is free");

    let first_life = Builder::new_current_thread().enable_all().build().expect("a runtime");
    let handle = first_life.handle().clone();
    let (kill, killed) = oneshot::channel::<()>();
    let first_life = std::thread::spawn(move || {
        // The error is the signal: the other half was dropped.
        assert!(first_life.block_on(killed).is_err());
    });
    let listener = Listener::bind(ListenOptions::new(socket(), identity.clone(), keys(), handle));
    let server = loopback::serving(listener.expect("a bound socket listens"), &identity);
    let (ours, theirs) = server.connected(&loopback::endpoint(), &Identity::ephemeral()).await;
    let mut stream = ours.open_uni().await.expect("the connection is open");
    stream.send(&message()).await.expect("the stream is open");
    let mut there = theirs.accept_uni().await.expect("one was opened");
    assert_eq!(there.recv().await, Ok(Some(message())));

    // Nothing runs that could send a farewell, then or later.
    drop(kill);
    first_life.join().expect("the thread did not panic");
    assert_eq!(ours.close_reason(), None);

    let handle = tokio::runtime::Handle::current();
    let listener = Listener::bind(ListenOptions::new(socket(), identity.clone(), keys(), handle));
    let server = loopback::serving(listener.expect("a bound socket listens"), &identity);
    let began = Instant::now();
    stream.send(&message()).await.expect("the client does not know yet");
    assert_eq!(ours.closed().await, CloseReason::Forgotten);
    let noticed = began.elapsed();
    println!("noticed after {noticed:?}");
    assert!(noticed < IDLE_TIMEOUT / 2, "{noticed:?}");

    server.connected(&loopback::endpoint(), &Identity::ephemeral()).await;
}

fn message() -> Message {
    Chunk { offset: 0, bytes: b"a key".to_vec() }.into()
}
