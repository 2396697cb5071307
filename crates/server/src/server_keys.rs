//! The server's key and those it had before. Owns `identity/key` being replaced and `identity/rotations`,
//! the statements by which each key vouches for the next; and what becomes of both when a key may be in
//! other hands.

use std::fs;
use std::path::PathBuf;

use ccc_net::{Identity, PeerKey};
use ccc_proto::{KeyChain, KeyStatement, MOST_STATEMENTS, Message};
use tracing::{info, warn};

use crate::ServeError;
use crate::clock::unix_ms;
use crate::state_dir::{StateDir, write_whole};

/// The file of the key that is used now.
pub(crate) fn path(state: &StateDir) -> PathBuf {
    state.identity().join("key")
}

fn rotations(state: &StateDir) -> PathBuf {
    state.identity().join("rotations")
}

/// How the key became what it is. A file that does not read vouches for nothing; nor does what leads beyond the
/// key in use, which a change that did not come to its end has left there.
pub(crate) fn chain(state: &StateDir, now: &Identity) -> Vec<KeyStatement> {
    let mut statements = read(state);
    while statements.last().is_some_and(|last| last.new != now.public().spki()) {
        statements.pop();
    }
    statements
}

/// The key in use and those before it that the statements tell of.
pub(crate) fn all(state: &StateDir, now: &Identity) -> Vec<PeerKey> {
    let statements = chain(state, now);
    let former = statements.iter().filter_map(|statement| PeerKey::from_spki(&statement.old));
    std::iter::once(now.public()).chain(former).collect()
}

fn read(state: &StateDir) -> Vec<KeyStatement> {
    let Ok(bytes) = fs::read(rotations(state)) else { return Vec::new() };
    match Message::read(&bytes, ccc_proto::limits::CONTROL_BODY) {
        Ok(Some((ccc_proto::Received::Known(Message::KeyChain(chain)), _))) => chain.statements,
        _ => {
            warn!("the statements about former keys do not read");
            Vec::new()
        }
    }
}

/// Makes the key that takes the place of the one in use, and gives it. It is used from the next start on.
pub(crate) fn replace(
    state: &StateDir,
    now: &Identity,
    compromised: bool,
) -> Result<Identity, ServeError> {
    let fresh = path(state).with_file_name("key.next");
    match fs::remove_file(&fresh) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            return Err(ServeError::io(format!("remove {}", fresh.display()))(error));
        }
        _ => {}
    }
    let next = Identity::load_or_create(&fresh).map_err(ServeError::part("make another key"))?;
    let mut statements = if compromised { Vec::new() } else { chain(state, now) };
    if !compromised {
        let statement = statement(now, &next, statements.last().map_or(1, |last| last.serial + 1));
        let statement = statement
            .ok_or_else(|| ServeError::part("sign another key")("the key does not sign"))?;
        statements.push(statement);
        let left_out = statements.len().saturating_sub(MOST_STATEMENTS);
        statements.drain(..left_out);
    }
    // The statements first: with them alone the old key is still the one in use, and they end behind it.
    let chain = KeyChain { statements, ext: ccc_proto::Ext::none() };
    let bytes = Message::from(chain).to_bytes().map_err(ServeError::part("write the keys"))?;
    write_whole(&rotations(state), &bytes)?;
    if compromised {
        // What the old key signed proves nothing any more; it is kept for people to look at.
        let aside = state.root().join(format!("audit-before-{}", unix_ms()));
        match fs::rename(state.audit(), &aside) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(ServeError::io("set the audit aside")(error));
            }
            _ => {}
        }
    }
    fs::rename(&fresh, path(state)).map_err(ServeError::io("put the new key in place"))?;
    ccc_journal::dir::sync(&state.identity())?;
    info!(old = %now.id(), new = %next.id(), compromised, "the server has another key");
    Ok(next)
}

fn statement(old: &Identity, new: &Identity, serial: u64) -> Option<KeyStatement> {
    let mut statement = KeyStatement {
        serial,
        old: old.public().spki().to_vec(),
        new: new.public().spki().to_vec(),
        since_unix_ms: unix_ms(),
        by_old: Vec::new(),
        by_new: Vec::new(),
    };
    statement.by_old = old.sign(&statement.signed())?;
    statement.by_new = new.sign(&statement.signed())?;
    Some(statement)
}

#[cfg(test)]
mod tests;
