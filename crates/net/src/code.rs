//! Agreeing over a short code that was read aloud: SPAKE2, bound to both keys of the connection and to what
//! it exports, so that whoever sits in between agrees with neither end. Owns the exchange and its proofs;
//! how often a code may be tried is the server's affair.

use aws_lc_rs::{constant_time, hmac};
use spake2::{Ed25519Group, Identity as Name, Password, Spake2};

use crate::{Connection, PeerKey};

/// The label of what the connection exports.
const EXPORT: &[u8] = b"EXPORTER-ccc-pair-v1";
const CLIENT: &[u8] = b"ccc-pair-v1 client\0";
const SERVER: &[u8] = b"ccc-pair-v1 server\0";

/// One end of an exchange that has begun.
pub struct CodeExchange {
    state: Spake2<Ed25519Group>,
    export: [u8; 32],
    is_client: bool,
}

/// What both ends prove, once they have each other's message.
pub struct CodeProofs {
    /// What this end sends.
    pub ours: Vec<u8>,
    theirs: hmac::Tag,
}

impl CodeExchange {
    /// Begins at the client, whose key is `own`. Gives the message to send.
    pub fn client(connection: &Connection, own: &PeerKey, code: &str) -> Option<(Self, Vec<u8>)> {
        let (a, b) = (own, connection.peer());
        let (state, share) =
            Spake2::start_a(&password(code), &Name::new(a.spki()), &Name::new(b.spki()));
        Some((Self { state, export: export(connection)?, is_client: true }, share))
    }

    /// Begins at the server, whose key is `own`. Gives the message to send.
    pub fn server(connection: &Connection, own: &PeerKey, code: &str) -> Option<(Self, Vec<u8>)> {
        let (a, b) = (connection.peer(), own);
        let (state, share) =
            Spake2::start_b(&password(code), &Name::new(a.spki()), &Name::new(b.spki()));
        Some((Self { state, export: export(connection)?, is_client: false }, share))
    }

    /// Takes the other end's message. `None` if it is none.
    pub fn proofs(self, share: &[u8]) -> Option<CodeProofs> {
        let agreed = self.state.finish(share).ok()?;
        // HKDF's first half: what the connection exports is the salt.
        let salt = hmac::Key::new(hmac::HMAC_SHA256, &self.export);
        let key = hmac::Key::new(hmac::HMAC_SHA256, hmac::sign(&salt, &agreed).as_ref());
        let (ours, theirs) = if self.is_client { (CLIENT, SERVER) } else { (SERVER, CLIENT) };
        let ours = hmac::sign(&key, ours).as_ref().to_vec();
        Some(CodeProofs { ours, theirs: hmac::sign(&key, theirs) })
    }
}

impl CodeProofs {
    /// Whether the other end has the code, and stands at this very connection.
    pub fn proven_by(&self, proof: &[u8]) -> bool {
        constant_time::verify_slices_are_equal(self.theirs.as_ref(), proof).is_ok()
    }
}

fn password(code: &str) -> Password {
    Password::new(code.as_bytes())
}

fn export(connection: &Connection) -> Option<[u8; 32]> {
    connection.exporter(EXPORT, &[]).ok()
}

impl std::fmt::Debug for CodeExchange {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CodeExchange").field("is_client", &self.is_client).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for CodeProofs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CodeProofs").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
