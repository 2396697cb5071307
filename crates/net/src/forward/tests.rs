//! What whoever is connected at one end sees of whoever is at the other, whatever lies in between.

mod long;

use std::io::ErrorKind;
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;

use ccc_proto::{Forward, ForwardTaken, Message};
use socket2::SockRef;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::{Carried, CarryError, carry};
use crate::tests::on_all;
use crate::{CloseCode, Connection, RecvStream, SendStream, Share};

on_all! {
    in_memory: #[tokio::test]
    every_byte_comes_and_each_direction_ends_by_itself
    a_reset_is_a_reset_at_the_other_end
    what_is_given_up_is_a_reset
    a_connection_that_ends_resets_what_it_carried
    who_takes_nothing_holds_up_nobody
    other_messages_are_a_breach
}

/// Far longer than anything takes.
const LONG: Duration = Duration::from_secs(120);
/// Bytes that the system holds for each direction of a socket.
const SYSTEM: usize = 16 * 1024;

type Ending = JoinHandle<Result<Carried, CarryError>>;

/// Two sockets that are connected to each other.
async fn sockets() -> (TcpStream, TcpStream) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("loopback has ports");
    let address = listener.local_addr().expect("it is bound");
    let (near, far) = tokio::join!(TcpStream::connect(address), listener.accept());
    let (near, far) = (near.expect("it listens"), far.expect("it was connected to").0);
    for socket in [&near, &far] {
        // The system would hold megabytes for whoever does not read.
        let socket = SockRef::from(socket);
        socket.set_send_buffer_size(SYSTEM).expect("a socket has buffers");
        socket.set_recv_buffer_size(SYSTEM).expect("a socket has buffers");
    }
    (near, far)
}

/// One stream of a connection, at both ends.
async fn stream(
    client: &Connection,
    server: &Connection,
) -> ((SendStream, RecvStream), (SendStream, RecvStream)) {
    let mut ours = client.open_bi().await.expect("the connection is open");
    ours.0.send(&Forward::default().into()).await.expect("the stream is open");
    let mut theirs = server.accept_bi().await.expect("the client opened one");
    let asked = theirs.1.recv().await.expect("it was sent");
    assert!(matches!(asked, Some(Message::Forward(_))), "{asked:?}");
    (ours, theirs)
}

fn carried(
    socket: TcpStream,
    (mut send, mut recv): (SendStream, RecvStream),
    share: &Arc<Share>,
) -> Ending {
    let share = Arc::clone(share);
    tokio::spawn(async move { carry(socket, &mut send, &mut recv, &share).await })
}

/// What one client carries over a connection.
struct Carrying {
    client: Connection,
    server: Connection,
    shares: (Arc<Share>, Arc<Share>),
}

impl Carrying {
    fn new(client: Connection, server: Connection) -> Self {
        Self { client, server, shares: (Share::new(), Share::new()) }
    }

    /// Sockets of those who are connected at the client's and at the server's end.
    async fn one(&self) -> ((TcpStream, Ending), (TcpStream, Ending)) {
        let (ours, theirs) = stream(&self.client, &self.server).await;
        let ((near, inner), (outer, far)) = (sockets().await, sockets().await);
        let near_end = carried(inner, ours, &self.shares.0);
        let far_end = carried(outer, theirs, &self.shares.1);
        ((near, near_end), (far, far_end))
    }
}

fn bytes(count: usize) -> Vec<u8> {
    (0..count).map(|n| (n * 31 % 251) as u8).collect()
}

async fn ended(ending: Ending) -> Result<Carried, CarryError> {
    ending.await.expect("it does not panic")
}

/// What a socket tells that was reset.
async fn is_reset(socket: &mut TcpStream) {
    let mut rest = Vec::new();
    let error = socket.read_to_end(&mut rest).await.expect_err("it is no end");
    assert_eq!(error.kind(), ErrorKind::ConnectionReset);
}

async fn every_byte_comes_and_each_direction_ends_by_itself(
    client: Connection,
    server: Connection,
) {
    const COUNT: usize = 1024 * 1024;
    let carrying = Carrying::new(client, server);
    let ((near, near_end), (mut far, far_end)) = carrying.one().await;
    let (mut reader, mut writer) = near.into_split();
    let there = tokio::spawn(async move {
        let mut all = Vec::new();
        // Only the end of this direction lets it go on.
        far.read_to_end(&mut all).await.expect("a whole direction");
        far.write_all(&all).await.expect("the other one goes on");
        all
    });
    writer.write_all(&bytes(COUNT)).await.expect("it is connected");
    drop(writer);
    let mut back = Vec::new();
    reader.read_to_end(&mut back).await.expect("a whole direction");
    assert!(back == bytes(COUNT) && there.await.expect("it does not panic") == back);
    let all = Carried { sent: COUNT as u64, received: COUNT as u64 };
    assert_eq!(ended(near_end).await.expect("it is whole"), all);
    assert_eq!(ended(far_end).await.expect("it is whole"), all);
    // What was out came back.
    for share in [&carrying.shares.0, &carrying.shares.1] {
        assert_eq!(share.out(), 0);
    }
}

async fn a_reset_is_a_reset_at_the_other_end(client: Connection, server: Connection) {
    let carrying = Carrying::new(client, server);
    let ((mut near, near_end), (far, far_end)) = carrying.one().await;
    near.write_all(b"first").await.expect("it is connected");
    far.set_zero_linger().expect("a socket can do so");
    drop(far);
    is_reset(&mut near).await;
    assert!(matches!(ended(near_end).await, Err(CarryError::There)));
    assert!(matches!(ended(far_end).await, Err(CarryError::Here { .. })));
}

async fn what_is_given_up_is_a_reset(client: Connection, server: Connection) {
    let carrying = Carrying::new(client, server);
    let ((mut near, near_end), (mut far, far_end)) = carrying.one().await;
    near.write_all(b"first").await.expect("it is connected");
    far.read_exact(&mut [0; 5]).await.expect("it is carried");
    near_end.abort();
    is_reset(&mut near).await;
    is_reset(&mut far).await;
    assert!(matches!(ended(far_end).await, Err(CarryError::There)));
}

async fn a_connection_that_ends_resets_what_it_carried(client: Connection, server: Connection) {
    let carrying = Carrying::new(client, server);
    let ((mut near, near_end), (mut far, far_end)) = carrying.one().await;
    carrying.server.close(CloseCode::SHUTTING_DOWN, "stops");
    is_reset(&mut near).await;
    is_reset(&mut far).await;
    assert!(matches!(ended(near_end).await, Err(CarryError::Lost { .. })));
    assert!(matches!(ended(far_end).await, Err(CarryError::Lost { .. })));
}

async fn who_takes_nothing_holds_up_nobody(client: Connection, server: Connection) {
    let carrying = Carrying::new(client, server);
    let mut stuck = Vec::new();
    // Much more than the windows of the connection, towards sockets that are never read.
    for _ in 0..24 {
        let ((mut near, near_end), far) = carrying.one().await;
        let flood = tokio::spawn(async move {
            let piece = vec![7; 64 * 1024];
            while near.write_all(&piece).await.is_ok() {}
        });
        stuck.push((flood, near_end, far));
    }
    timeout(LONG, others_go_on(&carrying)).await.expect("others go on");
    for (flood, near_end, _far) in stuck {
        assert!(!near_end.is_finished());
        flood.abort();
    }
}

/// One that is carried comes to its end, and then a request gets through, and another.
async fn others_go_on(carrying: &Carrying) {
    let ((mut near, near_end), (mut far, far_end)) = carrying.one().await;
    let there = tokio::spawn(async move {
        let mut all = Vec::new();
        far.read_to_end(&mut all).await.map(|_count| all)
    });
    near.write_all(&bytes(500_000)).await.expect("it is connected");
    drop(near);
    assert!(there.await.expect("it does not panic").expect("a whole direction") == bytes(500_000));
    ended(near_end).await.expect("it is whole");
    ended(far_end).await.expect("it is whole");
    let (mut ours, mut theirs) = stream(&carrying.client, &carrying.server).await;
    let key = Message::from(Forward { port: 1, ..Forward::default() });
    for _ in 0..100 {
        ours.0.send(&key).await.expect("the connection has room");
        assert_eq!(theirs.1.recv().await, Ok(Some(key.clone())));
    }
}

async fn other_messages_are_a_breach(client: Connection, server: Connection) {
    for wrong in [Message::from(Forward::default()), ForwardTaken { arrived: 1, taken: 0 }.into()] {
        let (mut ours, theirs) = stream(&client, &server).await;
        let (outer, mut far) = sockets().await;
        let ending = carried(outer, theirs, &Share::new());
        ours.0.send(&wrong).await.expect("the stream is open");
        is_reset(&mut far).await;
        assert!(matches!(ended(ending).await, Err(CarryError::Breach(_))), "{wrong:?}");
    }
}
