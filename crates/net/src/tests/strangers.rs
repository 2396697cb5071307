//! What those who prove nothing may do to a server.

use std::io;
use std::net::UdpSocket;
use std::time::Duration;

use tokio::runtime::Handle;

use super::loopback;
use crate::{ConnectOptions, Endpoint, Identity, KeyId};

/// The first packets of so many clients, each of which would go on if it were answered.
pub(super) async fn first_packets(count: usize) -> Vec<Vec<u8>> {
    let sink = loopback::socket();
    let addr = sink.local_addr().expect("it is bound");
    sink.set_nonblocking(true).expect("sockets can be");
    let sink = tokio::net::UdpSocket::from_std(sink).expect("the runtime takes it");
    let mut packets = Vec::new();
    while packets.len() < count {
        let options = ConnectOptions {
            deadline: Duration::from_secs(600),
            ..ConnectOptions::new(addr, KeyId::from_bytes([1; 32]), Identity::ephemeral())
        };
        let endpoint = loopback::endpoint();
        let from = endpoint.local_addr().expect("it is bound");
        tokio::select! {
            connected = endpoint.connect(options) => panic!("{connected:?}"),
            packet = packet_from(&sink, from) => packets.push(packet),
        }
    }
    packets
}

/// The next packet from `from`, past those of clients that went before.
async fn packet_from(sink: &tokio::net::UdpSocket, from: std::net::SocketAddr) -> Vec<u8> {
    let mut buffer = [0; 2048];
    loop {
        let (length, source) = sink.recv_from(&mut buffer).await.expect("loopback works");
        if source == from {
            return buffer[..length].to_vec();
        }
    }
}

#[tokio::test]
async fn half_open_hand_shakes_leave_room_for_honest_clients() {
    const STRANGERS: usize = 80;
    const WITHOUT_PROOF: usize = 64;
    let server = loopback::server();
    let strangers: Vec<(UdpSocket, Vec<u8>)> =
        first_packets(STRANGERS).await.into_iter().map(|p| (loopback::socket(), p)).collect();
    let mut half_open = Vec::new();
    for (number, (socket, packet)) in strangers.iter().enumerate() {
        socket.send_to(packet, server.addr).expect("loopback takes it");
        if number < WITHOUT_PROOF {
            half_open.push(server.listener.accept().await.expect("the listener is open"));
        }
    }
    assert_eq!(server.listener.pending_handshakes(), WITHOUT_PROOF);

    // The honest client comes after all of them, is asked for its address like the last sixteen,
    // and unlike them answers.
    let (_ours, theirs) = server.connected(&loopback::endpoint(), &Identity::ephemeral()).await;
    assert_eq!(theirs.close_reason(), None);
    assert_eq!(server.listener.pending_handshakes(), WITHOUT_PROOF);
    for (socket, packet) in &strangers[WITHOUT_PROOF..] {
        let mut answer = [0; 2048];
        let length = socket.recv(&mut answer).expect("loopback works");
        // A Retry: long header, type 3, and never more than a third of what it answers.
        assert_eq!(answer[0] & 0xf0, 0xf0);
        assert!(length * 3 <= packet.len(), "{length} bytes for {}", packet.len());
    }
    drop(half_open);
    assert_eq!(server.listener.pending_handshakes(), 0);
}

#[tokio::test]
async fn other_protocols_are_met_with_silence() {
    let server = loopback::server();
    let stranger = loopback::socket();
    let mut long_header = vec![0xc0, 0, 0, 0, 1, 8];
    long_header.resize(1200, 0x5a);
    let junk: [&[u8]; 5] =
        [b"GET / HTTP/1.1\r\n\r\n", b"SSH-2.0-OpenSSH_9.9\r\n", &[0], &[0x16; 1400], &long_header];
    for packet in junk {
        stranger.send_to(packet, server.addr).expect("loopback takes it");
    }
    let endpoint = Endpoint::new(loopback::socket(), Handle::current()).expect("a bound socket");
    server.connected(&endpoint, &Identity::ephemeral()).await;
    stranger.set_nonblocking(true).expect("sockets can be");
    let heard = stranger.recv(&mut [0; 2048]).map_err(|error| error.kind());
    assert_eq!(heard, Err(io::ErrorKind::WouldBlock));
}
