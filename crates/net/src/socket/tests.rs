//! The socket: what arrives is read, and who waits for it or for room is woken.

use std::future::poll_fn;
use std::io::IoSliceMut;
use std::net::{Ipv4Addr, UdpSocket};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;

use quinn::AsyncUdpSocket as _;
use quinn::udp::{RecvMeta, Transmit};

use super::{AT_ONCE, Socket};

fn bound() -> (Arc<Socket>, UdpSocket) {
    let [socket, peer] = [(); 2].map(|()| UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap());
    peer.connect(socket.local_addr().unwrap()).unwrap();
    (Arc::new(Socket::new(socket).unwrap()), peer)
}

/// What there is of packets of one byte, without waiting.
async fn arrived(socket: &Socket) -> Vec<u8> {
    let mut bytes = vec![[0; 2048]; 32];
    let mut meta = [RecvMeta::default(); 32];
    let mut arrived = Vec::new();
    poll_fn(|cx| {
        loop {
            let mut bufs: Vec<_> = bytes.iter_mut().map(|bytes| IoSliceMut::new(bytes)).collect();
            match socket.poll_recv(cx, &mut bufs, &mut meta) {
                Poll::Ready(count) => {
                    let count = count.unwrap();
                    // Several of one size may come as one.
                    let read = meta.iter().zip(&bytes).take(count);
                    arrived.extend(read.flat_map(|(meta, bytes)| &bytes[..meta.len]));
                }
                Poll::Pending if arrived.is_empty() => return Poll::Pending,
                Poll::Pending => return Poll::Ready(()),
            }
        }
    })
    .await;
    arrived
}

#[tokio::test]
async fn every_packet_is_read_and_whoever_waits_is_woken_by_the_next() {
    let (socket, peer) = bound();
    for count in [1, 2, AT_ONCE, AT_ONCE + 1, 3 * AT_ONCE, 1] {
        let sent: Vec<u8> = (1..=count).map(|n| u8::try_from(n).unwrap()).collect();
        // The wait is under way when they are sent.
        let read = async {
            let mut read = Vec::new();
            while read.len() < count {
                read.extend(arrived(&socket).await);
            }
            read
        };
        let send =
            async { sent.iter().for_each(|byte| assert_eq!(peer.send(&[*byte]).unwrap(), 1)) };
        let (read, ()) = tokio::join!(read, send);
        assert_eq!(read, sent);
    }
}

#[tokio::test]
async fn who_was_refused_for_want_of_room_is_woken_when_there_is_some() {
    let (socket, peer) = bound();
    let mut rooms = [(); 2].map(|()| Arc::clone(&socket).create_io_poller());
    for round in 0..3 {
        socket.watch_room().unwrap();
        for room in &mut rooms {
            poll_fn(|cx| room.as_mut().poll_writable(cx)).await.unwrap();
        }
        assert!(socket.lock_full().is_none(), "it is no longer watched for room");
        let destination = peer.local_addr().unwrap();
        let contents = &[round];
        let transmit =
            Transmit { destination, ecn: None, contents, segment_size: None, src_ip: None };
        socket.try_send(&transmit).unwrap();
        let mut read = [0];
        assert_eq!((peer.recv(&mut read).unwrap(), read), (1, [round]));
    }
    let mut idle = pin!(poll_fn(|cx| rooms[0].as_mut().poll_writable(cx)));
    let ready = poll_fn(|cx| Poll::Ready(idle.as_mut().poll(cx).is_ready())).await;
    assert!(ready, "a socket with room is not waited for");
}
