//! A code holds for two keys and one connection, and for nobody in between.

use crate::{Connection, Identity, memory};

use super::*;

/// Both ends of a connection between two keys.
fn connected(client: &Identity, server: &Identity) -> (Connection, Connection) {
    memory::pair_with(client.public(), server.public())
}

fn begin(
    (at_client, at_server): &(Connection, Connection),
    client: &Identity,
    server: &Identity,
    codes: (&str, &str),
) -> ((CodeExchange, Vec<u8>), (CodeExchange, Vec<u8>)) {
    (
        CodeExchange::client(at_client, &client.public(), codes.0).unwrap(),
        CodeExchange::server(at_server, &server.public(), codes.1).unwrap(),
    )
}

#[test]
fn two_ends_with_one_code_prove_it_to_each_other() {
    let (client, server) = (Identity::ephemeral(), Identity::ephemeral());
    let link = connected(&client, &server);
    let ((a, to_b), (b, to_a)) = begin(&link, &client, &server, ("a-b-c-d", "a-b-c-d"));
    let (a, b) = (a.proofs(&to_a).unwrap(), b.proofs(&to_b).unwrap());
    assert!(b.proven_by(&a.ours) && a.proven_by(&b.ours));
    assert!(!b.proven_by(&b.ours), "a proof sent back proves nothing");
    assert!(!a.proven_by(&[]) && !a.proven_by(&b.ours[1..]));
}

#[test]
fn another_code_proves_nothing_and_what_is_no_message_is_told() {
    let (client, server) = (Identity::ephemeral(), Identity::ephemeral());
    let link = connected(&client, &server);
    let ((a, to_b), (b, to_a)) = begin(&link, &client, &server, ("a-b-c-d", "a-b-c-e"));
    let (a, b) = (a.proofs(&to_a).unwrap(), b.proofs(&to_b).unwrap());
    assert!(!b.proven_by(&a.ours) && !a.proven_by(&b.ours));
    for share in [&b""[..], &[0; 33], &[0x42; 33], &[0xff; 64]] {
        let ((a, _), _) = begin(&link, &client, &server, ("x", "x"));
        if let Some(proofs) = a.proofs(share) {
            assert!(!proofs.proven_by(&proofs.ours), "{share:?}");
        }
    }
}

/// Who sits in between has a connection with each end, passes on what they say, and the ends have the same
/// code: they stand at different connections, and agree on nothing.
#[test]
fn who_sits_in_between_with_two_connections_is_found_by_both() {
    let (client, server, between) =
        (Identity::ephemeral(), Identity::ephemeral(), Identity::ephemeral());
    let (at_client, _) = connected(&client, &between);
    let (_, at_server) = connected(&between, &server);
    let code = "a-b-c-d";
    let (a, to_b) = CodeExchange::client(&at_client, &client.public(), code).unwrap();
    let (b, to_a) = CodeExchange::server(&at_server, &server.public(), code).unwrap();
    let (a, b) = (a.proofs(&to_a).unwrap(), b.proofs(&to_b).unwrap());
    assert!(!b.proven_by(&a.ours) && !a.proven_by(&b.ours));
    // With the very same keys, and another connection between them.
    let (first, second) = (connected(&client, &server), connected(&client, &server));
    let (a, to_b) = CodeExchange::client(&first.0, &client.public(), code).unwrap();
    let (b, to_a) = CodeExchange::server(&second.1, &server.public(), code).unwrap();
    let (a, b) = (a.proofs(&to_a).unwrap(), b.proofs(&to_b).unwrap());
    assert!(!b.proven_by(&a.ours) && !a.proven_by(&b.ours));
}
