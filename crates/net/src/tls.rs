//! The hand-shake: TLS 1.3 with raw public keys both ways (RFC 7250). Owns what is offered and what
//! is accepted; the sockets are elsewhere.
//!
//! The client's verifier compares the server's key with the one it expects. The server's verifier
//! looks at form and possession only: who a key is, the application decides when the connection is
//! there. Resumption, tickets and early data are off on both sides, because a resumed connection
//! skips the verifier, and a key that was revoked in between would be let in.

use std::sync::{Arc, OnceLock};

use quinn::crypto::rustls::{NoInitialCipherSuite, QuicClientConfig, QuicServerConfig};
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{AlwaysResolvesClientRawPublicKeys, Resumption};
use rustls::crypto::{CryptoProvider, aws_lc_rs, verify_tls13_signature_with_raw_key};
use rustls::pki_types::{CertificateDer, ServerName, SubjectPublicKeyInfoDer, UnixTime};
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::server::{AlwaysResolvesServerRawPublicKeys, NoServerSessionStorage};
use rustls::version::TLS13;
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, DistinguishedName, Error,
    PeerMisbehaved, ServerConfig, SignatureScheme,
};

use crate::{Identity, KeyId, PeerKey};

/// Offered after every version by both ends. When nothing else is common, a connection comes about
/// on which the server only says which versions it speaks, so that the client can name both.
pub(crate) const VERSION_QUERY: &str = "ccc-version";

/// Offered by a client alone, and on its own: a connection on which a key may be enrolled.
pub(crate) const PAIRING: &str = ccc_proto::PAIRING_ALPN;

/// The versions this build speaks, best first.
pub(crate) const VERSIONS: &[&str] = &[ccc_proto::ALPN];

/// The name that the TLS library wants for a server. It is neither sent nor compared.
pub(crate) const SERVER_NAME: &str = "ccc";

/// What can fail when configurations are made: nothing that a peer or a user does.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TlsError {
    #[error(transparent)]
    Rustls(#[from] Error),
    #[error(transparent)]
    Quic(#[from] NoInitialCipherSuite),
}

/// aws-lc-rs, given explicitly so that no process-wide default decides; key exchanges are
/// X25519MLKEM768, for recorded traffic may be decrypted decades later, and X25519.
fn provider() -> Arc<CryptoProvider> {
    use aws_lc_rs::kx_group::{X25519, X25519MLKEM768};
    Arc::new(CryptoProvider {
        kx_groups: vec![X25519MLKEM768, X25519],
        ..aws_lc_rs::default_provider()
    })
}

fn protocols(versions: &[&str]) -> Vec<Vec<u8>> {
    versions.iter().chain(&[VERSION_QUERY]).map(|name| name.as_bytes().to_vec()).collect()
}

/// The client's side, for one connection: `verifier` keeps what the server showed.
pub(crate) fn client(
    identity: &Identity,
    verifier: Arc<PinnedServer>,
    versions: &[&str],
) -> Result<QuicClientConfig, TlsError> {
    Ok(client_config(identity, verifier, versions)?.try_into()?)
}

/// As [`client`], for one stream of bytes.
pub(crate) fn client_over_bytes(
    identity: &Identity,
    verifier: Arc<PinnedServer>,
    versions: &[&str],
) -> Result<Arc<ClientConfig>, Error> {
    Ok(Arc::new(client_config(identity, verifier, versions)?))
}

fn client_config(
    identity: &Identity,
    verifier: Arc<PinnedServer>,
    versions: &[&str],
) -> Result<ClientConfig, Error> {
    let resolver = AlwaysResolvesClientRawPublicKeys::new(identity.certified());
    let mut config = ClientConfig::builder_with_provider(provider())
        .with_protocol_versions(&[&TLS13])?
        .dangerous()
        .with_custom_certificate_verifier(verifier)
        .with_client_cert_resolver(Arc::new(resolver));
    config.alpn_protocols = protocols(versions);
    config.resumption = Resumption::disabled();
    config.enable_early_data = false;
    config.enable_sni = false;
    Ok(config)
}

/// The server's side, for all connections.
pub(crate) fn server(
    identity: &Identity,
    verifier: Arc<dyn ClientCertVerifier>,
    versions: &[&str],
) -> Result<QuicServerConfig, TlsError> {
    Ok(server_config(identity, verifier, versions)?.try_into()?)
}

/// As [`server`], for streams of bytes.
pub(crate) fn server_over_bytes(
    identity: &Identity,
    verifier: Arc<dyn ClientCertVerifier>,
    versions: &[&str],
) -> Result<Arc<ServerConfig>, Error> {
    Ok(Arc::new(server_config(identity, verifier, versions)?))
}

fn server_config(
    identity: &Identity,
    verifier: Arc<dyn ClientCertVerifier>,
    versions: &[&str],
) -> Result<ServerConfig, Error> {
    let resolver = AlwaysResolvesServerRawPublicKeys::new(identity.certified());
    let mut config = ServerConfig::builder_with_provider(provider())
        .with_protocol_versions(&[&TLS13])?
        .with_client_cert_verifier(verifier)
        .with_cert_resolver(Arc::new(resolver));
    config.alpn_protocols = protocols(versions);
    // The first of these that the client offers is taken, and every client offers the version query.
    config.alpn_protocols.insert(0, PAIRING.as_bytes().to_vec());
    config.send_tls13_tickets = 0;
    config.session_storage = Arc::new(NoServerSessionStorage {});
    config.max_early_data_size = 0;
    Ok(config)
}

/// What all verifiers say alike: a peer shows a raw key and proves by its signature, which this provider checks,
/// that it holds it. The traits have the same methods, and no trait in common.
macro_rules! holds_its_raw_key {
    ($($provider:ident).+) => {
        fn verify_tls12_signature(
            &self,
            _message: &[u8],
            _cert: &rustls::pki_types::CertificateDer<'_>,
            _signature: &rustls::DigitallySignedStruct,
        ) -> Result<rustls::client::danger::HandshakeSignatureValid, rustls::Error> {
            Err(rustls::PeerIncompatible::Tls12NotOffered.into())
        }

        fn verify_tls13_signature(
            &self,
            message: &[u8],
            cert: &rustls::pki_types::CertificateDer<'_>,
            signature: &rustls::DigitallySignedStruct,
        ) -> Result<rustls::client::danger::HandshakeSignatureValid, rustls::Error> {
            $crate::tls::verify_possession(&self.$($provider).+, message, cert, signature)
        }

        fn supported_verify_schemes(&self) -> Vec<rustls::SignatureScheme> {
            vec![rustls::SignatureScheme::ED25519]
        }

        fn requires_raw_public_keys(&self) -> bool {
            true
        }
    };
}
#[cfg(test)]
pub(crate) use holds_its_raw_key;

/// Lets one server in: the one whose key id was given. None is given only where nothing but enrolling a
/// key by a code, or asking for a server's keys, can follow: both prove the key by other means.
#[derive(Debug)]
pub(crate) struct PinnedServer {
    expected: Option<KeyId>,
    found: OnceLock<KeyId>,
    provider: Arc<CryptoProvider>,
}

impl PinnedServer {
    pub(crate) fn new(expected: KeyId) -> Arc<Self> {
        Arc::new(Self { expected: Some(expected), found: OnceLock::new(), provider: provider() })
    }

    /// Lets any server in, for the protocol of pairing alone.
    pub(crate) fn any() -> Arc<Self> {
        Arc::new(Self { expected: None, found: OnceLock::new(), provider: provider() })
    }

    /// The key that the server showed instead of the expected one.
    pub(crate) fn other_key(&self) -> Option<KeyId> {
        let expected = self.expected?;
        self.found.get().copied().filter(|found| *found != expected)
    }
}

impl ServerCertVerifier for PinnedServer {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let found = *self.found.get_or_init(|| KeyId::of_spki(end_entity));
        let shown = peer_key(end_entity, intermediates)?;
        if self.expected.is_some_and(|expected| found != expected || shown.id() != expected) {
            return Err(CertificateError::ApplicationVerificationFailure.into());
        }
        Ok(ServerCertVerified::assertion())
    }

    holds_its_raw_key!(provider);
}

/// Lets every client in that holds the key it shows.
#[derive(Debug)]
pub(crate) struct AnyClient {
    pub(crate) provider: Arc<CryptoProvider>,
}

impl AnyClient {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self { provider: provider() })
    }
}

impl ClientCertVerifier for AnyClient {
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }

    fn verify_client_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        _now: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        peer_key(end_entity, intermediates)?;
        Ok(ClientCertVerified::assertion())
    }

    holds_its_raw_key!(provider);
}

/// The one key that a peer may show: an Ed25519 key in its only encoding.
fn peer_key(
    end_entity: &CertificateDer<'_>,
    intermediates: &[CertificateDer<'_>],
) -> Result<PeerKey, Error> {
    if !intermediates.is_empty() {
        return Err(CertificateError::BadEncoding.into());
    }
    PeerKey::from_spki(end_entity).ok_or_else(|| CertificateError::BadEncoding.into())
}

pub(crate) fn verify_possession(
    provider: &CryptoProvider,
    message: &[u8],
    cert: &CertificateDer<'_>,
    signature: &DigitallySignedStruct,
) -> Result<HandshakeSignatureValid, Error> {
    if signature.scheme != SignatureScheme::ED25519 {
        return Err(PeerMisbehaved::SignedHandshakeWithUnadvertisedSigScheme.into());
    }
    verify_tls13_signature_with_raw_key(
        message,
        &SubjectPublicKeyInfoDer::from(cert.as_ref()),
        signature,
        &provider.signature_verification_algorithms,
    )
}

#[cfg(test)]
mod tests;
