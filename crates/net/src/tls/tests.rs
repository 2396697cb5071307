//! The hand-shake without a network.

use rustls::quic::{ClientConnection, Connection, ServerConnection, Version};
use rustls::{HandshakeKind, NamedGroup, ProtocolVersion};

use super::*;

/// Hands what one end has to say to the other, part by part: keys change between the parts.
fn hand_over(from: &mut Connection, to: &mut Connection) -> Result<bool, Error> {
    let mut spoke = false;
    loop {
        let mut part = Vec::new();
        let keys_change = from.write_hs(&mut part).is_some();
        if part.is_empty() && !keys_change {
            return Ok(spoke);
        }
        to.read_hs(&part)?;
        spoke = true;
    }
}

#[test]
fn recorded_traffic_stays_secret() {
    let identity = Identity::ephemeral();
    let client = client_config(&Identity::ephemeral(), PinnedServer::new(identity.id()), VERSIONS);
    let server = server_config(&identity, AnyClient::new(), VERSIONS);
    let name = ServerName::try_from(SERVER_NAME).expect("it has the form of a name");
    let mut client = Connection::Client(
        ClientConnection::new(
            Arc::new(client.expect("the provider speaks TLS 1.3")),
            Version::V1,
            name,
            b"parameters".to_vec(),
        )
        .expect("the configuration is whole"),
    );
    let mut server = Connection::Server(
        ServerConnection::new(
            Arc::new(server.expect("the provider speaks TLS 1.3")),
            Version::V1,
            b"parameters".to_vec(),
        )
        .expect("the configuration is whole"),
    );
    loop {
        let asked = hand_over(&mut client, &mut server).expect("the client behaves");
        let answered = hand_over(&mut server, &mut client).expect("the server behaves");
        if !asked && !answered {
            break;
        }
    }
    for end in [&client, &server] {
        let group = end.negotiated_key_exchange_group().map(|group| group.name());
        assert_eq!(group, Some(NamedGroup::X25519MLKEM768));
        assert_eq!(end.protocol_version(), Some(ProtocolVersion::TLSv1_3));
        // Both shares went with the first flight: no second round trip to agree on a group.
        assert_eq!(end.handshake_kind(), Some(HandshakeKind::Full));
        assert_eq!(end.alpn_protocol(), Some(ccc_proto::ALPN.as_bytes()));
    }
}
