//! Which road is taken, who is let through the hand-shake over TCP, and what strangers may do there.

use std::future::pending;
use std::io;
use std::net::{Ipv4Addr, UdpSocket};
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::ServerName;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::runtime::Handle;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

use super::loopback::{self, Server, server_on_one_number, server_with_tcp};
use crate::tls::{self, PinnedServer, SERVER_NAME, VERSIONS};
use crate::{
    Carrier, CloseCode, ConnectError, ConnectOptions, Dial, Endpoint, HandshakeError, Identity,
    KeyId, Transport,
};

#[tokio::test]
async fn udp_that_is_swallowed_is_given_up_for_tcp() {
    let (server, _silent) = server_behind_silence();
    let client = Identity::ephemeral();
    let endpoint = loopback::endpoint();
    let options = server.known_to(&client).by(Transport::Auto);
    let (ours, theirs) = tokio::join!(endpoint.connect(options), server.accept());
    let ours = ours.expect("TCP passes");
    assert_eq!((ours.carrier(), theirs.carrier()), (Carrier::Tcp, Carrier::Tcp));
    assert_eq!((ours.peer().id(), *theirs.peer()), (server.id, client.public()));
    assert_eq!(ours.remote_addr(), Some(server.addr));
}

/// A server by TCP, and somebody who takes the packets of UDP and says nothing.
fn server_behind_silence() -> (Server, UdpSocket) {
    loop {
        let server = server_with_tcp();
        // The number of a TCP port that is free may be taken for UDP: then another one is.
        if let Ok(silent) = UdpSocket::bind(server.addr) {
            return (server, silent);
        }
    }
}

#[tokio::test]
async fn where_udp_passes_it_is_taken() {
    let server = server_on_one_number();
    let endpoint = loopback::endpoint();
    let options = server.known_to(&Identity::ephemeral());
    // A machine with much to do may need longer than the usual.
    let options = ConnectOptions { tcp_after: options.deadline / 2, ..options.by(Transport::Auto) };
    let (ours, _theirs) = tokio::join!(endpoint.connect(options), server.accept());
    assert_eq!(ours.expect("the server behaves").carrier(), Carrier::Quic);
}

#[tokio::test]
async fn what_is_to_carry_it_carries_it_and_nothing_else_is_tried() {
    let server = server_on_one_number();
    let endpoint = loopback::endpoint();
    let known = || server.known_to(&Identity::ephemeral());
    let (ours, theirs) =
        tokio::join!(endpoint.connect(known().by(Transport::Tcp)), server.accept());
    let ours = ours.expect("TCP passes");
    assert_eq!((ours.carrier(), theirs.carrier()), (Carrier::Tcp, Carrier::Tcp));
    let (ours, _theirs) =
        tokio::join!(endpoint.connect(known().by(Transport::Quic)), server.accept());
    assert_eq!(ours.expect("UDP passes").carrier(), Carrier::Quic);

    // UDP does not pass here, and TCP would.
    let (server, _silent) = server_behind_silence();
    let options = server.known_to(&Identity::ephemeral()).by(Transport::Quic);
    let (deadline, tcp_after) = (Duration::from_millis(400), Duration::ZERO);
    let options = ConnectOptions { deadline, tcp_after, ..options };
    let refused = tokio::select! {
        refused = endpoint.connect(options) => refused,
        theirs = server.accept() => panic!("it came by {:?}", theirs.carrier()),
    };
    assert!(matches!(refused, Err(ConnectError::Deadline { .. })), "{refused:?}");
    // And here it is the other way round.
    let server = loopback::server();
    let options = server.known_to(&Identity::ephemeral()).by(Transport::Tcp);
    let refused = endpoint.connect(options).await;
    assert!(refused.is_err(), "{refused:?}");
}

#[tokio::test]
async fn another_key_gets_not_one_byte() {
    let server = server_with_tcp();
    let expected = KeyId::from_bytes([1; 32]);
    let options =
        ConnectOptions::new(server.addr, expected, Identity::ephemeral()).by(Transport::Auto);
    let endpoint = loopback::endpoint();
    let (connected, arrived) = tokio::join!(endpoint.connect(options), async {
        server.listener.accept().await.expect("the listener is open").handshake().await
    });
    match connected {
        Err(ConnectError::WrongKey { found, expected: named, .. }) => {
            assert_eq!((found, named), (server.id, expected));
        }
        other => panic!("{other:?}"),
    }
    assert!(matches!(arrived, Err(HandshakeError::Failed { .. })), "{arrived:?}");
}

#[tokio::test]
async fn versions_that_do_not_meet_are_both_named() {
    let server = server_with_tcp();
    let options = server.known_to(&Identity::ephemeral()).by(Transport::Auto);
    let endpoint = loopback::endpoint();
    let connecting = endpoint.connect_with(options, &["ccc/9"]);
    let (connected, arrived) = tokio::join!(connecting, async {
        server.listener.accept().await.expect("the listener is open").handshake().await
    });
    match connected {
        Err(ConnectError::Version { ours, theirs, .. }) => {
            assert_eq!((ours.as_str(), theirs), ("ccc/9", VERSIONS.join(" ")));
        }
        other => panic!("{other:?}"),
    }
    assert!(matches!(arrived, Err(HandshakeError::Version { .. })), "{arrived:?}");
}

#[tokio::test]
async fn closing_the_listener_reaches_those_who_came_by_tcp() {
    let server = server_with_tcp();
    let endpoint = loopback::endpoint();
    let options = server.known_to(&Identity::ephemeral()).by(Transport::Auto);
    let (ours, theirs) = tokio::join!(endpoint.connect(options), server.accept());
    let ours = ours.expect("the server behaves");
    server.listener.close(CloseCode::SHUTTING_DOWN, "the server stops");
    assert_eq!(ours.closed().await.peer_code(), Some(CloseCode::SHUTTING_DOWN));
    drop((ours, theirs));
    server.listener.drained().await;
    endpoint.drained().await;
}

#[tokio::test]
async fn other_protocols_are_met_with_silence() {
    let server = server_with_tcp();
    let accepting = async {
        loop {
            let incoming = server.listener.accept().await.expect("the listener is open");
            let arrived = incoming.handshake().await;
            assert!(matches!(arrived, Err(HandshakeError::Failed { .. })), "{arrived:?}");
        }
    };
    let knocking = async {
        let junk: [&[u8]; 4] =
            [b"GET / HTTP/1.1\r\n\r\n", b"SSH-2.0-OpenSSH_9.9\r\n", &[0; 64], &[0x16; 1400]];
        for words in junk {
            let mut stranger = TcpStream::connect(server.addr).await.expect("it listens");
            stranger.write_all(words).await.expect("the system takes it");
            stranger.shutdown().await.expect("the system takes it");
            let mut heard = Vec::new();
            // Closed, or cut off: either way without a word.
            let _end = stranger.read_to_end(&mut heard).await;
            assert_eq!(heard, b"", "for {words:?}");
        }
        // One who speaks TLS and none of our protocols.
        let pin = PinnedServer::any();
        let config = tls::client_over_bytes(&Identity::ephemeral(), pin, &[]);
        let mut config = Arc::unwrap_or_clone(config.expect("it is ours"));
        config.alpn_protocols = vec![b"h2".to_vec()];
        let stranger = TcpStream::connect(server.addr).await.expect("it listens");
        let name = ServerName::try_from(SERVER_NAME).expect("it is a name");
        let error = TlsConnector::from(Arc::new(config)).connect(name, stranger).await;
        let error = error.expect_err("the server has nothing to say");
        assert!(!error.to_string().contains("alert"), "{error}");
    };
    tokio::select! {
        () = accepting => {}
        () = knocking => {}
    }
}

#[tokio::test]
async fn one_source_has_few_places_and_gets_them_back() {
    // This machine's own; another one has 16.
    let server = server_with_tcp();
    let mut mute = Vec::new();
    let mut places = Vec::new();
    for _ in 0..PLACES {
        mute.push(TcpStream::connect(server.addr).await.expect("it listens"));
        places.push(server.listener.accept().await.expect("the listener is open"));
    }
    assert_eq!(server.listener.pending_handshakes(), PLACES);
    drop(places);
    assert_eq!(server.listener.pending_handshakes(), 0);
}

/// Far longer than anything takes.
const LONG: Duration = Duration::from_secs(80);
/// Places of all that come from this machine.
const PLACES: usize = 48;

/// Sixteen connections that said nothing closed TCP to everybody behind the same address, and sixty-four from
/// four addresses to the whole world, for as long as they were renewed every five seconds.
#[tokio::test]
async fn silence_keeps_nobody_out() {
    const FLOOD: usize = 200;
    // Nobody is shown the door because of the time.
    let server = loopback::server_with(LONG);
    let arriving = async {
        let mut handshakes = tokio::task::JoinSet::new();
        let mut came = Vec::new();
        loop {
            tokio::select! {
                incoming = server.listener.accept() => {
                    let incoming = incoming.expect("the listener is open");
                    handshakes.spawn(incoming.handshake());
                    assert!(server.listener.pending_handshakes() <= PLACES);
                }
                Some(ended) = handshakes.join_next() => {
                    if let Ok(connection) = ended.expect("no panic") {
                        came.push(connection);
                    }
                }
            }
        }
    };
    let knocking = async {
        let mut mute = Vec::new();
        for _ in 0..FLOOD {
            mute.push(TcpStream::connect(server.addr).await.expect("it listens"));
        }
        let endpoint = loopback::endpoint();
        let options = server.known_to(&Identity::ephemeral()).by(Transport::Auto);
        let ours = endpoint.connect(options).await.expect("silence is no reason");
        assert_eq!(ours.carrier(), Carrier::Tcp);
        // The first of them was shown the door without a word.
        let mut first = mute.swap_remove(0);
        let heard = timeout(LONG / 2, first.read(&mut [0; 8])).await.expect("it is over");
        assert_eq!(heard.ok(), Some(0));
    };
    tokio::select! {
        () = arriving => {}
        () = knocking => {}
    }
}

#[tokio::test(start_paused = true)]
async fn a_program_has_time_to_get_there() {
    let connecting = |way: Duration| {
        let dial: Dial = Arc::new(move || {
            Box::pin(async move {
                // Time is virtual.
                let _way = timeout(way, pending::<()>()).await;
                Err(io::Error::other("no such host"))
            })
        });
        let (addr, key) = ((Ipv4Addr::UNSPECIFIED, 0).into(), KeyId::from_bytes([1; 32]));
        let options = ConnectOptions::new(addr, key, Identity::ephemeral());
        async move { Endpoint::through(dial, Handle::current()).connect(options).await }
    };
    match connecting(Duration::from_secs(20)).await {
        Err(ConnectError::Local { detail, .. }) => assert_eq!(detail, "no such host"),
        other => panic!("{other:?}"),
    }
    match connecting(Duration::from_secs(3600)).await {
        Err(ConnectError::Deadline { after, .. }) => assert_eq!(after, Duration::from_secs(30)),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_mute_client_is_given_up() {
    let server = loopback::server_with(Duration::from_millis(30));
    let _mute = TcpStream::connect(server.addr).await.expect("it listens");
    let incoming = server.listener.accept().await.expect("the listener is open");
    let arrived = incoming.handshake().await;
    assert!(matches!(arrived, Err(HandshakeError::Deadline { .. })), "{arrived:?}");
    assert_eq!(server.listener.pending_handshakes(), 0);
}
