//! Pairing, as far as it goes without a network: messages of the pairing protocol in any order and of any content
//! against a roster with one open invitation, an exchange over a code, and a chain of keys. Nobody gets in without
//! the secret, and with it one key does.

#![no_main]

use std::sync::LazyLock;

use ccc_client::{former_keys, keys_lead};
use ccc_net::{CodeExchange, Identity, PeerKey, memory};
use ccc_proto::{
    Ext, InviteKind, KeyChain, KeyStatement, Message, Pair, PairProof, PairShare, Received, limits,
};
use ccc_server::core::authorize::Role;
use ccc_server::core::record::Author;
use ccc_server::core::roster::{Change, Coming, Entry, Roster, Terms};
use ccc_server::core::token::hash_of;
use libfuzzer_sys::fuzz_target;

/// The secret of the one link. A fuzzer finds it only where it stands in a first input.
const SECRET: &str = "s3cret";
const EXPIRES: u64 = 1000;

/// Keys of both ends, and one that the server had before.
static KEYS: LazyLock<[Identity; 3]> = LazyLock::new(|| [(); 3].map(|()| Identity::ephemeral()));

fuzz_target!(|bytes: &[u8]| {
    let Some((now, mut rest)) = bytes.split_first() else { return };
    let mut pairing = Pairing::new(u64::from(*now) * 8);
    while let Ok(Some((received, used))) = Message::read(rest, limits::BODY) {
        rest = &rest[used..];
        if let Received::Known(message) = received {
            pairing.hear(message);
        }
    }
    pairing.check();
});

struct Pairing {
    roster: Roster,
    now_ms: u64,
    /// Who was let in by the link, in their order.
    enrolled: Vec<String>,
}

impl Pairing {
    fn new(now_ms: u64) -> Self {
        let mut roster = Roster::default();
        let terms = Terms {
            role: Role::Operator,
            name: String::new(),
            all_sessions: true,
            grants: Vec::new(),
            expires_unix_ms: EXPIRES,
        };
        let made = roster.invite("i-1", InviteKind::LINK, hash_of(SECRET), &terms, 0);
        apply(&mut roster, made.expect("there is room for one"));
        Self { roster, now_ms, enrolled: Vec::new() }
    }

    fn hear(&mut self, message: Message) {
        match message {
            Message::Pair(pair) => self.link(&pair),
            Message::PairShare(PairShare { share, .. }) => exchange(&share, &share),
            Message::PairBegin(begin) => exchange(&begin.share, &begin.share),
            Message::PairProof(PairProof { proof, .. }) => exchange(&[], &proof),
            Message::KeyChain(chain) => keys(chain),
            // A request for the keys asks for nothing else, and an answer changes nothing.
            _ => {}
        }
    }

    /// Somebody comes with a link's secret, by a key that is named as they are.
    fn link(&mut self, pair: &Pair) {
        let key = pair.software.clone();
        let hash = hash_of(&pair.secret);
        match self.roster.come(&key, &hash, &pair.name, self.now_ms) {
            Coming::New(changes) => {
                assert_eq!(pair.secret, SECRET, "another secret lets nobody in");
                assert!(self.now_ms < EXPIRES, "it was too old");
                for change in changes {
                    apply(&mut self.roster, change);
                }
                self.enrolled.push(key);
            }
            Coming::Again => assert_eq!(self.enrolled.first(), Some(&key)),
            Coming::Refused(_) => {}
        }
        // The same again is no second way in.
        let again = self.roster.come(&pair.software, &hash, &pair.name, self.now_ms);
        assert!(!matches!(again, Coming::New(_)));
    }

    fn check(&self) {
        assert!(self.enrolled.len() <= 1, "{:?}", self.enrolled);
        assert_eq!(self.roster.members().count(), self.enrolled.len());
        for member in self.roster.members() {
            assert_eq!(member.principal.role, Role::Operator);
        }
        // What is logged of it is it.
        let mut same = Roster::default();
        for entry in self.roster.snapshot() {
            let (kind, bytes) = entry.encode().expect("what is known is written");
            same.apply(&Entry::decode(kind, &bytes).expect("what was written reads"));
        }
        let all = |roster: &Roster| roster.members().cloned().collect::<Vec<_>>();
        assert_eq!(all(&same), all(&self.roster));
    }
}

fn apply(roster: &mut Roster, change: Change) {
    roster.apply(&Entry { author: Author::default(), change });
}

/// Both ends of a code, one of which is talked to by somebody who has not got it.
fn exchange(share: &[u8], proof: &[u8]) {
    let [client, server, _] = &*KEYS;
    let (at_client, at_server) = memory::pair_with(client.public(), server.public());
    let code = "able-zebra-marble-tango";
    let client = CodeExchange::client(&at_client, &client.public(), code);
    let server = CodeExchange::server(&at_server, &server.public(), code);
    let (Some((client, to_server)), Some((server, to_client))) = (client, server) else {
        panic!("a connection in memory exports");
    };
    let share_of = |good: &[u8]| if share.is_empty() { good.to_vec() } else { share.to_vec() };
    for proofs in [client.proofs(&share_of(&to_client)), server.proofs(&share_of(&to_server))] {
        let Some(proofs) = proofs else { continue };
        assert!(!proofs.proven_by(proof), "it was proven by nobody who has the code");
        assert!(!proofs.proven_by(&proofs.ours), "nor by what comes back");
    }
}

/// Statements from anywhere, alone and behind one that is good.
fn keys(chain: KeyChain) {
    let [before, now, other] = &*KEYS;
    let (from, to) = (before.id(), now.id());
    let mut statements = chain.statements;
    assert!(!keys_lead(&statements, from, to), "neither key signed anything");
    assert!(former_keys(&statements, to).is_empty());
    // Whoever holds two keys may lead from one to the other, and from nowhere else.
    for statement in &statements {
        for key in [&statement.old, &statement.new] {
            if let Some(key) = PeerKey::from_spki(key) {
                assert!(!keys_lead(&statements, from, key.id()));
                assert!(!keys_lead(&statements, key.id(), to));
            }
        }
    }
    let good = signed(before, now);
    assert!(keys_lead(std::slice::from_ref(&good), from, to));
    statements.push(good);
    assert!(!keys_lead(&statements, from, other.id()));
    assert_eq!(former_keys(&statements, to).first(), Some(&from));
    let written = KeyChain { statements, ext: Ext::none() };
    let bytes = Message::from(written.clone()).to_bytes();
    if let Ok(bytes) = bytes {
        let read = Message::read(&bytes, limits::BODY).expect("what was written reads");
        assert_eq!(read.map(|(read, _)| read), Some(Received::Known(written.into())));
    }
}

fn signed(old: &Identity, new: &Identity) -> KeyStatement {
    let mut statement = KeyStatement {
        serial: 1,
        old: old.public().spki().to_vec(),
        new: new.public().spki().to_vec(),
        since_unix_ms: 5,
        by_old: Vec::new(),
        by_new: Vec::new(),
    };
    statement.by_old = old.sign(&statement.signed()).expect("a key signs");
    statement.by_new = new.sign(&statement.signed()).expect("a key signs");
    statement
}
