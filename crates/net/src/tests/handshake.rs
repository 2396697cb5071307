//! Who is let through the hand-shake, and what the others are told.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use ccc_proto::{Chunk, DecodeError, limits};
use quinn::crypto::rustls::QuicClientConfig;
use quinn::{ClientConfig, ConnectionError};
use rustls::client::{AlwaysResolvesClientRawPublicKeys, Resumption};
use rustls::pki_types::{CertificateDer, UnixTime};
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::version::TLS13;
use rustls::{DistinguishedName, Error};
use tokio::runtime::{Builder, Handle};

use super::loopback::{self, Server};
use crate::tls::{AnyClient, PinnedServer, holds_its_raw_key};
use crate::{
    CloseCode, CloseReason, ConnectError, ConnectOptions, Connection, HandshakeError, Identity,
    KeyId, Listener, RecvError,
};

#[tokio::test]
async fn the_two_ends_know_each_other_by_key() {
    let (server, client) = (loopback::server(), Identity::ephemeral());
    let (ours, theirs) = server.connected(&loopback::endpoint(), &client).await;
    assert_eq!(ours.peer().id(), server.id);
    assert_eq!(*theirs.peer(), client.public());
}

#[tokio::test]
async fn a_server_with_another_key_gets_not_one_byte() {
    let server = loopback::server();
    let expected = KeyId::from_bytes([1; 32]);
    let options = ConnectOptions::new(server.addr, expected, Identity::ephemeral());
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
    // No connection came about on the other side either, so there was nothing to send on.
    assert!(matches!(arrived, Err(HandshakeError::Failed { .. })), "{arrived:?}");
}

#[tokio::test]
async fn an_unknown_client_is_turned_away_by_the_application() {
    let server = loopback::server();
    let (ours, theirs) = server.connected(&loopback::endpoint(), &Identity::ephemeral()).await;
    theirs.close(CloseCode::AUTH_UNKNOWN, "not enrolled");
    assert_eq!(ours.closed().await.peer_code(), Some(CloseCode::AUTH_UNKNOWN));
}

#[tokio::test]
async fn a_client_without_the_key_it_shows_is_no_peer() {
    let server = loopback::server();
    let victim = Identity::ephemeral();
    let thief = Identity::ephemeral().pretending_to_be(victim.public());
    let endpoint = loopback::endpoint();
    let (connected, arrived) = tokio::join!(endpoint.connect(server.known_to(&thief)), async {
        server.listener.accept().await.expect("the listener is open").handshake().await
    });
    assert!(matches!(arrived, Err(HandshakeError::Failed { .. })), "{arrived:?}");
    // The client's side is through before the server has judged it, and is then told.
    match connected {
        Ok(connection) => {
            let reason = connection.closed().await;
            assert!(matches!(reason, CloseReason::Transport { .. }), "{reason:?}");
        }
        Err(error) => assert!(matches!(error, ConnectError::Handshake { .. }), "{error:?}"),
    }
}

#[tokio::test]
async fn ends_without_a_common_version_name_both() {
    let server = loopback::server();
    let endpoint = loopback::endpoint();
    let options = server.known_to(&Identity::ephemeral());
    let (connected, arrived) =
        tokio::join!(endpoint.connect_with(options, &["ccc/9", "ccc/8"]), async {
            server.listener.accept().await.expect("the listener is open").handshake().await
        });
    match connected {
        Err(ConnectError::Version { ours, theirs, .. }) => {
            assert_eq!((ours.as_str(), theirs.as_str()), ("ccc/9 ccc/8", ccc_proto::ALPN));
        }
        other => panic!("{other:?}"),
    }
    assert!(matches!(arrived, Err(HandshakeError::Version { .. })), "{arrived:?}");
}

#[tokio::test]
async fn an_older_version_is_chosen_when_it_is_common() {
    let server = loopback::server();
    let endpoint = loopback::endpoint();
    let options = server.known_to(&Identity::ephemeral());
    let (connected, _arrived) =
        tokio::join!(endpoint.connect_with(options, &["ccc/9", ccc_proto::ALPN]), server.accept());
    assert!(connected.is_ok(), "{connected:?}");
}

#[tokio::test]
async fn a_client_of_another_protocol_is_refused() {
    let server = loopback::server();
    let identity = Identity::ephemeral();
    let config = eager_client(&identity, server.id, b"h3");
    let socket = quinn::Endpoint::client(([127, 0, 0, 1], 0).into()).expect("a free port");
    let connecting = socket.connect_with(config, server.addr, "ccc").expect("the call is right");
    let (connected, arrived) = tokio::join!(connecting, async {
        server.listener.accept().await.expect("the listener is open").handshake().await
    });
    assert!(matches!(connected, Err(ConnectionError::ConnectionClosed(_))), "{connected:?}");
    assert!(matches!(arrived, Err(HandshakeError::Failed { .. })), "{arrived:?}");
}

#[tokio::test]
async fn a_port_without_a_server_fails_at_once() {
    let addr = loopback::socket().local_addr().expect("it is bound");
    let options = ConnectOptions {
        deadline: Duration::from_secs(600),
        ..ConnectOptions::new(addr, KeyId::from_bytes([1; 32]), Identity::ephemeral())
    };
    let connected = crate::connect(options).await;
    assert!(matches!(connected, Err(ConnectError::Unreachable { .. })), "{connected:?}");
}

#[tokio::test]
async fn a_server_that_says_nothing_is_given_up() {
    let silent = loopback::socket();
    let addr = silent.local_addr().expect("it is bound");
    let deadline = Duration::from_millis(30);
    let options = ConnectOptions {
        deadline,
        ..ConnectOptions::new(addr, KeyId::from_bytes([1; 32]), Identity::ephemeral())
    };
    match crate::connect(options).await {
        Err(ConnectError::Deadline { after, .. }) => assert_eq!(after, deadline),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_server_may_refuse() {
    let server = loopback::server();
    let endpoint = loopback::endpoint();
    let (connected, ()) =
        tokio::join!(endpoint.connect(server.known_to(&Identity::ephemeral())), async {
            server.listener.accept().await.expect("the listener is open").refuse();
        });
    assert!(matches!(connected, Err(ConnectError::Refused { .. })), "{connected:?}");
}

#[tokio::test]
async fn large_messages_are_for_authorised_peers() {
    let server = loopback::server();
    let (ours, theirs) = server.connected(&loopback::endpoint(), &Identity::ephemeral()).await;
    let large = Chunk { offset: 0, bytes: vec![0; limits::CHUNK] }.into();
    let receive = |authorised: bool| {
        let (theirs, ours, large) = (&theirs, &ours, &large);
        async move {
            let mut send = ours.open_uni().await.expect("the connection is open");
            if authorised {
                theirs.authorize();
            }
            let (_sent, received) = tokio::join!(send.send(large), async {
                theirs.accept_uni().await.expect("one was opened").recv().await
            });
            received
        }
    };
    let refused = receive(false).await;
    let cap = limits::BODY_BEFORE_HELLO;
    assert!(
        matches!(refused, Err(RecvError::Message(DecodeError::TooLarge { cap: named, .. })) if named == cap),
        "{refused:?}"
    );
    assert_eq!(receive(true).await, Ok(Some(large.clone())));
}

#[tokio::test]
async fn a_stranger_opens_two_streams_of_each_kind() {
    let server = loopback::server();
    let (ours, theirs) = server.connected(&loopback::endpoint(), &Identity::ephemeral()).await;
    let mut held = Vec::new();
    for _ in 0..2 {
        held.push(ours.open_bi().await.expect("two are allowed"));
    }
    tokio::select! {
        biased;
        opened = ours.open_bi() => panic!("{opened:?}"),
        () = round_trips(&ours, &theirs) => {}
    }
    theirs.authorize();
    held.push(ours.open_bi().await.expect("more are allowed now"));
}

/// Enough traffic for anything that was under way to have arrived.
async fn round_trips(ours: &Connection, theirs: &Connection) {
    let message = Chunk { offset: 0, bytes: Vec::new() }.into();
    let mut send = ours.open_uni().await.expect("the connection is open");
    send.send(&message).await.expect("the stream is open");
    let mut there = theirs.accept_uni().await.expect("one was opened");
    let mut back = theirs.open_uni().await.expect("the connection is open");
    back.send(&message).await.expect("the stream is open");
    let mut recv = ours.accept_uni().await.expect("one was opened");
    for _ in 0..10 {
        assert_eq!(there.recv().await, Ok(Some(message.clone())));
        back.send(&message).await.expect("the stream is open");
        assert_eq!(recv.recv().await, Ok(Some(message.clone())));
        send.send(&message).await.expect("the stream is open");
    }
}

/// The verifier of a server, counting how often it is asked.
#[derive(Debug)]
struct Counting {
    inner: Arc<AnyClient>,
    asked: AtomicUsize,
}

impl ClientCertVerifier for Counting {
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        self.inner.root_hint_subjects()
    }

    fn verify_client_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        self.inner.verify_client_cert(end_entity, intermediates, now)
    }

    holds_its_raw_key!(inner.provider);
}

/// A client that keeps tickets and sends early data whenever a server lets it.
fn eager_client(identity: &Identity, server: KeyId, protocol: &[u8]) -> ClientConfig {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let resolver = AlwaysResolvesClientRawPublicKeys::new(identity.certified());
    let mut config = rustls::ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&TLS13])
        .expect("the provider speaks TLS 1.3")
        .dangerous()
        .with_custom_certificate_verifier(PinnedServer::new(server))
        .with_client_cert_resolver(Arc::new(resolver));
    config.alpn_protocols = vec![protocol.to_vec()];
    config.resumption = Resumption::in_memory_sessions(8);
    config.enable_early_data = true;
    let crypto = QuicClientConfig::try_from(config).expect("the provider has QUIC's suite");
    ClientConfig::new(Arc::new(crypto))
}

/// A key that was revoked came back in through a session ticket, without the verifier being asked.
/// It shows again as fewer questions than connections, or as early data that may be sent.
#[tokio::test]
async fn every_connection_shows_its_key_anew() {
    let identity = Identity::ephemeral();
    let verifier = Arc::new(Counting { inner: AnyClient::new(), asked: AtomicUsize::new(0) });
    let asked = Arc::clone(&verifier);
    let listener = Listener::bind_with(loopback::options(&identity), verifier, &[ccc_proto::ALPN]);
    let server = loopback::serving(listener.expect("a bound socket listens"), &identity);
    let config = eager_client(&Identity::ephemeral(), server.id, ccc_proto::ALPN.as_bytes());
    let socket = quinn::Endpoint::client(([127, 0, 0, 1], 0).into()).expect("a free port");
    for connections in 1..=3 {
        let connecting = socket
            .connect_with(config.clone(), server.addr, "ccc")
            .expect("the call is right")
            .into_0rtt()
            .map(|_early| ())
            .expect_err("no early data is possible");
        let (connected, theirs) = tokio::join!(connecting, server.accept());
        let connected = connected.expect("the server behaves");
        // The server's first stream arrives after everything that its hand-shake had to say, so a
        // ticket would be in the client's store by now.
        let mut hello = theirs.open_uni().await.expect("the connection is open");
        hello.write_raw(b"!").await.expect("the stream is open");
        connected.accept_uni().await.expect("one was opened");
        assert_eq!(asked.asked.load(Ordering::Relaxed), connections);
    }
}

/// A server may await arrivals and connections on another runtime than its network's.
#[test]
fn drivers_run_where_the_endpoint_was_opened() {
    let network = Builder::new_current_thread().enable_all().build().expect("a runtime");
    let other = Builder::new_current_thread().enable_all().build().expect("a runtime");
    let endpoint_runtime = network.handle().clone();
    let (server, endpoint) = {
        let _entered = network.enter();
        (loopback::server(), loopback::endpoint())
    };
    assert_eq!(endpoint_runtime.id(), network.handle().id());
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let network = std::thread::spawn(move || network.block_on(stopped));
    let (ours, theirs) = other.block_on(server.connected(&endpoint, &Identity::ephemeral()));
    drop(other);

    // Were a driver on the runtime that is gone, nothing would arrive any more.
    let third = Builder::new_current_thread().enable_all().build().expect("a runtime");
    third.block_on(round_trips(&ours, &theirs));
    drop((ours, theirs, endpoint, server));
    drop(stop);
    assert!(network.join().expect("the thread did not panic").is_err());
    assert!(Handle::try_current().is_err());
}

#[tokio::test]
async fn a_hand_shake_that_stalls_is_given_up() {
    let identity = Identity::ephemeral();
    let deadline = Duration::from_millis(30);
    let options =
        crate::ListenOptions { handshake_deadline: deadline, ..loopback::options(&identity) };
    let listener = Listener::bind(options).expect("a bound socket listens");
    let Server { listener, addr, .. } = loopback::serving(listener, &identity);
    let first_packet = super::strangers::first_packets(1).await.remove(0);
    let stranger = loopback::socket();
    stranger.send_to(&first_packet, addr).expect("loopback takes it");
    let incoming = listener.accept().await.expect("the listener is open");
    match incoming.handshake().await {
        Err(HandshakeError::Deadline { after, .. }) => assert_eq!(after, deadline),
        other => panic!("{other:?}"),
    }
    assert_eq!(listener.pending_handshakes(), 0);
}
