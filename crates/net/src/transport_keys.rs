//! What lets a restarted server be recognised by clients of its former life: the key that signs
//! stateless resets and the key in its connection ids. Owns both and their files.
//!
//! Both are needed. A restarted server answers a packet of an old connection only if it takes the
//! packet's connection id for one of its own, and the client believes the answer only if it is
//! signed as the former server would have signed it.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use aws_lc_rs::{hmac, rand};
use quinn::EndpointConfig;
use quinn_proto::HashedConnectionIdGenerator;

use crate::KeyFileError;
use crate::key_file::{self, KeyFileFault};

const RESET_FILE: &str = "reset.key";
const CONNECTION_ID_FILE: &str = "connection-id.key";

/// The secrets of a server's transport. They name nobody: with them one can end connections of this
/// server, not read or join them.
#[derive(Clone)]
pub struct TransportKeys {
    reset: [u8; 32],
    connection_id: [u8; 8],
}

impl TransportKeys {
    /// Reads `reset.key` and `connection-id.key` in `directory`, making what is missing.
    ///
    /// # Errors
    /// A file exists and is not safe to use.
    pub fn load_or_create(directory: &Path) -> Result<Self, KeyFileError> {
        Ok(Self {
            reset: load_or_create(&directory.join(RESET_FILE))?,
            connection_id: load_or_create(&directory.join(CONNECTION_ID_FILE))?,
        })
    }

    /// Keys that nobody will know after this process, for a server that is not meant to return.
    pub fn ephemeral() -> Self {
        Self { reset: random(), connection_id: random() }
    }

    pub(crate) fn endpoint_config(&self) -> EndpointConfig {
        let reset = hmac::Key::new(hmac::HMAC_SHA256, &self.reset);
        let connection_id = u64::from_le_bytes(self.connection_id);
        let mut config = EndpointConfig::new(Arc::new(reset));
        config
            .cid_generator(move || Box::new(HashedConnectionIdGenerator::from_key(connection_id)));
        config
    }
}

impl fmt::Debug for TransportKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TransportKeys")
    }
}

fn load_or_create<const N: usize>(path: &Path) -> Result<[u8; N], KeyFileError> {
    let contents = key_file::read_or_create(path, || random::<N>().to_vec())?;
    contents
        .try_into()
        .map_err(|_contents: Vec<u8>| KeyFileError::new(path, KeyFileFault::Malformed))
}

/// Bytes that nobody can guess.
pub(crate) fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    rand::fill(&mut bytes).expect("the system's source of randomness does not fail once seeded");
    bytes
}
