//! The private key by which this end is known. Owns its form on disk and in the hand-shake.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use rustls::SignatureScheme;
use rustls::crypto::aws_lc_rs::sign::any_eddsa_type;
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use rustls::sign::CertifiedKey;

use crate::key_file::{self, KeyFileFault};
use crate::transport_keys::random;
use crate::{KeyFileError, KeyId, PeerKey};

/// What precedes the 32 secret bytes of an Ed25519 key in PKCS #8 (RFC 8410, version 1).
const PKCS8_PREFIX: [u8; 16] =
    [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];

/// An Ed25519 key with its private half. Cheap to clone; shown only by its id.
#[derive(Clone)]
pub struct Identity {
    public: PeerKey,
    certified: Arc<CertifiedKey>,
}

impl Identity {
    /// Reads the key in `path` (PKCS #8, mode 0600, in a directory of mode 0700), making it and
    /// that directory if there is none. The directory above must exist.
    ///
    /// # Errors
    /// The file or its directory is not safe to use, or holds no Ed25519 key. A file that exists is
    /// never changed.
    pub fn load_or_create(path: &Path) -> Result<Self, KeyFileError> {
        let pkcs8 = key_file::read_or_create(path, new_pkcs8)?;
        Self::from_pkcs8(pkcs8).ok_or_else(|| KeyFileError::new(path, KeyFileFault::Malformed))
    }

    /// Reads the key in `path` as [`Identity::load_or_create`] does; `None` if there is no file.
    ///
    /// # Errors
    /// As there.
    pub fn load(path: &Path) -> Result<Option<Self>, KeyFileError> {
        let Some(pkcs8) = key_file::read_if_there(path)? else { return Ok(None) };
        let malformed = || KeyFileError::new(path, KeyFileFault::Malformed);
        Self::from_pkcs8(pkcs8).map(Some).ok_or_else(malformed)
    }

    /// A new key that is kept nowhere.
    pub fn ephemeral() -> Self {
        Self::from_pkcs8(new_pkcs8()).expect("32 random bytes make an Ed25519 key")
    }

    /// The id by which others know this key.
    pub const fn id(&self) -> KeyId {
        self.public.id()
    }

    /// The public half.
    pub const fn public(&self) -> PeerKey {
        self.public
    }

    /// Signs a text with this key. It must begin with a word that says what it is, ending with a byte 0:
    /// what the hand-shake signs begins otherwise, so that neither can be taken for the other.
    pub fn sign(&self, text: &[u8]) -> Option<Vec<u8>> {
        let signer = self.certified.key.choose_scheme(&[SignatureScheme::ED25519])?;
        signer.sign(text).ok()
    }

    pub(crate) fn certified(&self) -> Arc<CertifiedKey> {
        Arc::clone(&self.certified)
    }

    /// An identity that shows the key of somebody else and signs with its own.
    #[cfg(test)]
    pub(crate) fn pretending_to_be(&self, other: PeerKey) -> Self {
        let form = CertificateDer::from(other.spki().to_vec());
        let key = Arc::clone(&self.certified.key);
        Self { public: other, certified: Arc::new(CertifiedKey::new(vec![form], key)) }
    }

    fn from_pkcs8(pkcs8: Vec<u8>) -> Option<Self> {
        let der = PrivatePkcs8KeyDer::from(pkcs8);
        let key = any_eddsa_type(&der).ok()?;
        let spki = key.public_key()?;
        let public = PeerKey::from_spki(&spki)?;
        let form = CertificateDer::from(public.spki().to_vec());
        Some(Self { public, certified: Arc::new(CertifiedKey::new(vec![form], key)) })
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Identity({})", self.id())
    }
}

fn new_pkcs8() -> Vec<u8> {
    let secret: [u8; 32] = random();
    [PKCS8_PREFIX.as_slice(), &secret].concat()
}
