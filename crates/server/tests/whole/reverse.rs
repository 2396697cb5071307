//! Ports of the server's machine that lead to a client, as a client that does not keep to the customs sees them.

use ccc_net::{RecvStream, SendStream};
use ccc_proto::*;
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::world::{Client, LONG, World};

/// A port for this client, for as long as the stream lives.
async fn listen(client: &Client) -> Result<(u16, SendStream, RecvStream), Failed> {
    let (mut send, mut recv) = client.connection.open_bi().await.unwrap();
    send.send(&ForwardListen::default().into()).await.unwrap();
    match timeout(LONG, recv.recv()).await.unwrap().unwrap() {
        Some(Message::ForwardListening(listening)) => Ok((listening.port, send, recv)),
        Some(Message::Failed(failed)) => Err(failed),
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_waits_at_a_port_is_reset_when_it_is_given_up_and_is_nobody_elses() {
    let world = World::start();
    let client = world.client().await;
    let (port, send, mut recv) = listen(&client).await.unwrap();
    let mut socket = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    let arrived = match timeout(LONG, recv.recv()).await.unwrap().unwrap() {
        Some(Message::ForwardArrived(arrived)) => arrived,
        other => panic!("{other:?}"),
    };
    assert_eq!(arrived.from, socket.local_addr().unwrap().to_string());
    // Its number means nothing to another client, even one of the same person.
    let take = ForwardAccept { number: arrived.number, ext: Ext::none() };
    let another = world.client().await.ask(take.clone()).await;
    assert!(
        matches!(&another, Message::Failed(failed) if failed.failure == Failure::NOT_FOUND),
        "{another:?}"
    );
    drop((send, recv));
    let cut = timeout(LONG, socket.read(&mut [0; 1])).await.unwrap().unwrap_err();
    assert_eq!(cut.kind(), std::io::ErrorKind::ConnectionReset);
    let late = client.ask(take).await;
    assert!(
        matches!(&late, Message::Failed(failed) if failed.failure == Failure::NOT_FOUND),
        "{late:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_has_a_few_ports_and_gets_them_back() {
    let world = World::start();
    let client = world.client().await;
    let mut ports = Vec::new();
    for _ in 0..limits::FORWARD_PORTS {
        ports.push(listen(&client).await.unwrap());
    }
    assert_eq!(listen(&client).await.unwrap_err().failure, Failure::EXHAUSTED);
    let port = ports.pop().map(|(port, ..)| port).unwrap();
    // The stream of the last one is over, which the server hears by and by.
    let until = std::time::Instant::now() + LONG;
    while TcpStream::connect(("127.0.0.1", port)).await.is_ok() {
        assert!(std::time::Instant::now() < until, "the port is still listened on");
    }
    while listen(&client).await.is_err() {
        assert!(std::time::Instant::now() < until, "its place is not given back");
    }
}
