//! Keys that take the place of others: following a server's from the one that is known to the one it has, and
//! giving this machine another. Owns the checking of statements; a key that nothing vouches for is another
//! server's.

use std::fs;
use std::net::SocketAddr;

use ccc_journal::dir;
use ccc_net::{Identity, KeyId, PeerKey};
use ccc_proto::{
    AddKey, AskKeys, CLIENT_KEY, CLIENT_KEY_EXPORT, Ext, KeyChain, KeyStatement, MOST_STATEMENTS,
    Message,
};
use tokio::net::lookup_host;
use tokio::time::timeout;

use crate::host_link::NOWHERE;
use crate::server::{blocking, unexpected};
use crate::{ClientError, Connect, Endpoints, Home, Host, Hosts, Server};

/// How long a server may take to tell its keys.
const ANSWER: std::time::Duration = std::time::Duration::from_secs(5);

/// The key ids of one statement, if both keys signed it.
fn vouched(statement: &KeyStatement) -> Option<(KeyId, KeyId)> {
    let (old, new) = (PeerKey::from_spki(&statement.old)?, PeerKey::from_spki(&statement.new)?);
    let text = statement.signed();
    let good = old.verify(&text, &statement.by_old) && new.verify(&text, &statement.by_new);
    good.then(|| (old.id(), new.id()))
}

/// Whether statements lead from one key to another, each vouching for the next, none left out.
#[must_use]
pub fn keys_lead(statements: &[KeyStatement], from: KeyId, to: KeyId) -> bool {
    let mut at = from;
    let mut serial = 0;
    for statement in statements.iter().take(MOST_STATEMENTS) {
        let Some((old, new)) = vouched(statement) else { return false };
        // What was before the known key is of no concern.
        if old != at {
            if at == from {
                continue;
            }
            return false;
        }
        if statement.serial <= serial {
            return false;
        }
        (at, serial) = (new, statement.serial);
    }
    at == to && from != to
}

/// The keys that a server had before this one, as far as each vouched for the next.
#[must_use]
pub fn former_keys(statements: &[KeyStatement], now: KeyId) -> Vec<KeyId> {
    let mut at = now;
    let mut all = Vec::new();
    for statement in statements.iter().rev().take(MOST_STATEMENTS) {
        match vouched(statement) {
            Some((old, new)) if new == at => {
                all.push(old);
                at = old;
            }
            _ => break,
        }
    }
    all
}

/// Asks a server that is trusted for the keys it had before.
///
/// # Errors
/// The server does not tell.
pub async fn ask_former(server: &Server, now: KeyId) -> Result<Vec<KeyId>, ClientError> {
    match server.request(AskKeys::default()).await? {
        Message::KeyChain(chain) => Ok(former_keys(&chain.statements, now)),
        other => Err(unexpected("KeyChain", &other)),
    }
}

/// Finds out whether the server that answers with another key is the one that was known, and remembers its
/// new key if so. `None` when nothing vouches for it.
pub(crate) async fn follow(home: &Home, endpoints: &Endpoints, host: &Host) -> Option<Host> {
    if host.via.is_some() {
        return ask_and_renew(home, endpoints, host, NOWHERE).await;
    }
    for address in &host.addresses {
        let Ok(found) = lookup_host(address).await else { continue };
        for address in found {
            let renewed = ask_and_renew(home, endpoints, host, address).await;
            if renewed.is_some() {
                return renewed;
            }
        }
    }
    None
}

async fn ask_and_renew(
    home: &Home,
    endpoints: &Endpoints,
    host: &Host,
    address: SocketAddr,
) -> Option<Host> {
    let (statements, key) =
        timeout(ANSWER, ask_unpinned(endpoints, host, address)).await.ok()??;
    if !keys_lead(&statements, host.server, key) {
        return None;
    }
    let renewed = Host { server: key, ..host.clone() };
    let (home, old) = (home.clone(), host.server);
    let kept = blocking(move || Hosts::change(&home, |hosts| hosts.renew(old, key)));
    kept.await.is_ok().then_some(renewed)
}

/// Nothing that a stranger may not know is said here: whoever answers is nobody yet.
async fn ask_unpinned(
    endpoints: &Endpoints,
    host: &Host,
    address: SocketAddr,
) -> Option<(Vec<KeyStatement>, KeyId)> {
    let endpoint = match &host.via {
        Some(command) => endpoints.through(command),
        None => endpoints.towards(address).ok()?,
    };
    // Nor is it told who asks.
    let identity = Identity::ephemeral();
    let options = endpoints.options(address, host.server, identity);
    let connection = endpoint.connect_unpinned_for_pairing(options).await.ok()?;
    let (mut tx, mut rx) = connection.open_bi().await.ok()?;
    tx.send(&AskKeys::default().into()).await.ok()?;
    match rx.recv().await.ok()?? {
        Message::KeyChain(KeyChain { statements, .. }) => {
            Some((statements, connection.peer().id()))
        }
        _ => None,
    }
}

/// What came of giving this machine another key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Renewed {
    /// The id of the new key.
    pub key: KeyId,
    /// The hosts that know it now.
    pub known: Vec<String>,
    /// The hosts that could not be told.
    pub unreached: Vec<String>,
}

/// Gives this machine another key and has it enrolled at every host, by connections of the old one. Nothing
/// is changed when a host cannot be told, unless that is allowed: all are there before the first is told, and
/// one that was told goes by the old key until the new one comes.
///
/// # Errors
/// A host cannot be told, or the key cannot be written.
pub async fn renew(home: &Home, connect: &Connect, skip: bool) -> Result<Renewed, ClientError> {
    let path = home.client_key();
    let fresh = path.with_file_name("key.next");
    let next = {
        let (home, fresh) = (home.clone(), fresh.clone());
        blocking(move || {
            dir::create_private(home.state())?;
            // One that was begun and not finished may be known somewhere already: it is gone on with.
            Ok(Identity::load_or_create(&fresh)?)
        })
        .await?
    };
    let mut renewed = Renewed { key: next.id(), known: Vec::new(), unreached: Vec::new() };
    let mut servers = Vec::new();
    for host in Hosts::read(home)?.all() {
        let connect = Connect { host: Some(host.clone()), starter: None, ..connect.clone() };
        match connect.connect().await {
            Ok(server) => servers.push((host.name.clone(), server)),
            Err(_) if skip => renewed.unreached.push(host.name.clone()),
            Err(error) => return Err(error),
        }
    }
    for (name, server) in servers {
        match enrol(&server, &next).await {
            Ok(()) => renewed.known.push(name),
            Err(_) if skip => renewed.unreached.push(name),
            Err(error) => return Err(error),
        }
    }
    blocking(move || {
        let fault = |source| ClientError::File { path: fresh.clone(), source };
        fs::rename(&fresh, &path).map_err(fault)?;
        if let Some(folder) = path.parent() {
            dir::sync(folder)?;
        }
        Ok(())
    })
    .await?;
    Ok(renewed)
}

async fn enrol(server: &Server, next: &Identity) -> Result<(), ClientError> {
    let key = next.public().spki().to_vec();
    let lost = |why: &str| ClientError::Lost { why: why.to_owned() };
    let export = server
        .export(CLIENT_KEY_EXPORT, &key)
        .ok_or_else(|| lost("the connection exports nothing"))?;
    let text = [CLIENT_KEY, &export].concat();
    let proof = next.sign(&text).ok_or_else(|| lost("the key does not sign"))?;
    // One that was told before, by a run that did not come to its end, says so again.
    match server.request(AddKey { key, proof, ext: Ext::none() }).await? {
        Message::Done(_) => Ok(()),
        other => Err(unexpected("Done", &other)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn statement(old: &Identity, new: &Identity, serial: u64) -> KeyStatement {
        let mut statement = KeyStatement {
            serial,
            old: old.public().spki().to_vec(),
            new: new.public().spki().to_vec(),
            since_unix_ms: 5,
            by_old: Vec::new(),
            by_new: Vec::new(),
        };
        statement.by_old = old.sign(&statement.signed()).unwrap();
        statement.by_new = new.sign(&statement.signed()).unwrap();
        statement
    }

    #[test]
    fn one_who_was_away_for_any_number_of_keys_still_finds_the_server() {
        let keys: Vec<Identity> = (0..4).map(|_| Identity::ephemeral()).collect();
        let chain: Vec<KeyStatement> =
            (0..3).map(|at| statement(&keys[at], &keys[at + 1], at as u64 + 1)).collect();
        for from in 0..3 {
            assert!(keys_lead(&chain, keys[from].id(), keys[3].id()), "from {from}");
        }
        assert!(!keys_lead(&chain, keys[3].id(), keys[3].id()), "it is no other key");
        assert!(!keys_lead(&chain, keys[0].id(), keys[2].id()), "it ends elsewhere");
        let ids: Vec<KeyId> = keys.iter().take(3).rev().map(Identity::id).collect();
        assert_eq!(former_keys(&chain, keys[3].id()), ids);
        assert!(former_keys(&chain, keys[2].id()).is_empty());
    }

    #[test]
    fn a_statement_that_is_forged_left_out_or_out_of_order_leads_nowhere() {
        let [a, b, c, thief] = [(); 4].map(|()| Identity::ephemeral());
        let (first, second) = (statement(&a, &b, 1), statement(&b, &c, 2));
        let (from, to) = (a.id(), c.id());
        assert!(!keys_lead(&[], from, to));
        assert!(!keys_lead(std::slice::from_ref(&first), from, to));
        assert!(!keys_lead(std::slice::from_ref(&second), from, to));
        assert!(!keys_lead(&[second.clone(), first.clone()], from, to));
        assert!(
            !keys_lead(&[first.clone(), statement(&b, &c, 1)], from, to),
            "the numbers must rise"
        );
        // Without the old key, or without the new one, nothing is vouched for.
        let mut forged = statement(&thief, &c, 2);
        forged.old = b.public().spki().to_vec();
        assert!(!keys_lead(&[first.clone(), forged], from, to));
        let mut stolen = second.clone();
        stolen.new = thief.public().spki().to_vec();
        assert!(!keys_lead(&[first.clone(), stolen], from, thief.id()));
        for bit in 0..64 * 8 {
            let mut turned = second.clone();
            turned.by_new[bit / 8] ^= 1 << (bit % 8);
            assert!(!keys_lead(&[first.clone(), turned], from, to), "bit {bit}");
        }
    }
}
