//! Who may do what, over the wire: strangers, invitations, viewers and what they learn, and the moment in
//! which a right ends.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

use ccc_net::{CloseCode, CloseReason, Connection, Endpoint, Identity};
use ccc_proto::*;
use tokio::runtime::Handle;
use tokio::time::timeout;

use crate::world::{Client, LONG, World, attach, connect_options, new};

/// As long as a code may last: what is used last outlives a test with as many hand-shakes as there are
/// messages, also on a machine with much to do.
const UNTIL_THE_END: Duration = Duration::from_secs(5 * 60);

/// Every message there is, as its bytes: the golden vectors.
fn vectors() -> BTreeMap<String, Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../proto/vectors");
    let files = std::fs::read_dir(folder).unwrap().map(Result::unwrap);
    let named = files.map(|file| {
        let text = std::fs::read_to_string(file.path()).unwrap();
        let digits: Vec<u8> = text.bytes().filter(u8::is_ascii_hexdigit).collect();
        let bytes = digits
            .chunks(2)
            .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap());
        (file.file_name().into_string().unwrap(), bytes.collect())
    });
    named.collect()
}

fn number(bytes: &[u8]) -> u16 {
    u16::from_le_bytes([bytes[4], bytes[5]])
}

async fn pairing_connection(world: &World, identity: &Identity) -> Connection {
    let options = connect_options(&world.state(), identity.clone());
    let endpoint = Endpoint::towards(options.addr, Handle::current()).unwrap();
    endpoint.connect_for_pairing(options).await.unwrap()
}

pub(crate) fn invitation(role: WireRole, session: &str) -> Invite {
    let level = if role == WireRole::VIEWER { GrantLevel::VIEW } else { GrantLevel::OWN };
    let grant = WireGrant { session: session.into(), level };
    Invite {
        kind: InviteKind::LINK,
        role,
        name: "guest".into(),
        ttl_ms: UNTIL_THE_END.as_millis().try_into().unwrap(),
        uses: 0,
        all_sessions: false,
        grants: if session.is_empty() { Vec::new() } else { vec![grant] },
        ext: Ext::none(),
    }
}

pub(crate) async fn invited(owner: &Client, invite: Invite) -> Invited {
    match owner.ask(invite).await {
        Message::Invited(invited) => invited,
        other => panic!("not invited: {other:?}"),
    }
}

async fn ask_to_pair(connection: &Connection, secret: &str) -> Message {
    let (mut send, mut recv) = connection.open_bi().await.unwrap();
    let (name, software) = ("guest".into(), "test".into());
    let pair = Pair { secret: secret.into(), name, software, ext: Ext::none() };
    send.send(&pair.into()).await.unwrap();
    timeout(LONG, recv.recv()).await.unwrap().unwrap().unwrap()
}

/// A client that was enrolled by an invitation, and its key.
pub(crate) async fn guest(
    world: &World,
    owner: &Client,
    invite: Invite,
) -> (Client, Identity, Paired) {
    let invited = invited(owner, invite).await;
    let identity = Identity::ephemeral();
    let connection = pairing_connection(world, &identity).await;
    let Message::Paired(paired) = ask_to_pair(&connection, &invited.secret).await else {
        panic!("not paired")
    };
    (Client::connect_as(&world.state(), identity.clone()).await, identity, paired)
}

pub(crate) async fn why_closed(connection: &Connection) -> Option<CloseCode> {
    timeout(LONG, connection.closed()).await.expect("an end").peer_code()
}

/// Whether a key is let in.
pub(crate) async fn is_let_in(world: &World, identity: &Identity) -> Result<(), CloseReason> {
    let options = connect_options(&world.state(), identity.clone());
    let connection = ccc_net::connect(options).await.unwrap();
    let answer = timeout(LONG, Client::greet(&connection)).await.expect("an answer");
    match answer {
        Some(_) => Ok(()),
        None => Err(connection.closed().await),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_nobody_knows_reaches_nothing_by_any_message() {
    let world = World::start();
    turned_away(&world).await;
    // While somebody may come by a token, strangers are listened to, and reach as little.
    let owner = world.client().await;
    let token = Invite { kind: InviteKind::TOKEN, ..invitation(WireRole::VIEWER, "") };
    invited(&owner, token).await;
    turned_away(&world).await;
    let options = connect_options(&world.state(), Identity::ephemeral());
    let connection = ccc_net::connect(options).await.unwrap();
    assert_eq!(why_closed(&connection).await, Some(CloseCode::AUTH_UNKNOWN), "silence");
}

async fn turned_away(world: &World) {
    for (name, bytes) in vectors() {
        let identity = Identity::ephemeral();
        let options = connect_options(&world.state(), identity.clone());
        let connection = ccc_net::connect(options).await.unwrap();
        if let Ok((mut send, _recv)) = connection.open_bi().await {
            // It may be closed already.
            let _ = send.write_raw(&bytes).await;
        }
        assert_eq!(why_closed(&connection).await, Some(CloseCode::AUTH_UNKNOWN), "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pairing_connection_takes_what_enrols_and_nothing_else() {
    let world = World::start();
    let owner = world.client().await;
    let secret = invited(&owner, invitation(WireRole::ADMIN, "")).await.secret;
    let (mut refused, mut late) = (0, 0);
    for (name, bytes) in vectors() {
        // A link, a code, and which keys the server had.
        if [240, 242, 245].contains(&number(&bytes)) {
            continue;
        }
        let connection = pairing_connection(&world, &Identity::ephemeral()).await;
        let (mut send, mut recv) = connection.open_bi().await.unwrap();
        let _ = send.write_raw(&bytes).await;
        let reason = timeout(LONG, connection.closed()).await.expect("an end");
        match reason.peer_code() {
            Some(CloseCode::PROTOCOL) => refused += 1,
            // Where a machine has much to do, it reached the server when its time was over, or the word that says
            // why is lost, and the server knows nothing any more.
            Some(CloseCode::TOO_SLOW) => late += 1,
            None if reason == CloseReason::Forgotten => late += 1,
            _ => panic!("{name}: {reason:?}"),
        }
        assert!(!matches!(recv.recv().await, Ok(Some(_))), "{name} was answered");
    }
    assert!(refused > late, "{refused} were refused, {late} came late");
    // Two of them at once, and silence, are no way around it either.
    let connection = pairing_connection(&world, &Identity::ephemeral()).await;
    assert_eq!(why_closed(&connection).await, Some(CloseCode::TOO_SLOW), "silence");
    // What was tried left the invitation as it was.
    let connection = pairing_connection(&world, &Identity::ephemeral()).await;
    assert!(matches!(ask_to_pair(&connection, &secret).await, Message::Paired(_)));
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_that_come_at_once_with_one_secret_one_is_enrolled() {
    let world = World::start();
    let owner = world.client().await;
    let secret = invited(&owner, invitation(WireRole::OPERATOR, "")).await.secret;
    let mut coming = tokio::task::JoinSet::new();
    // As many as one source may at a time.
    for _ in 0..4 {
        let connection = pairing_connection(&world, &Identity::ephemeral()).await;
        let secret = secret.clone();
        coming.spawn(async move { ask_to_pair(&connection, &secret).await });
    }
    let mut paired = 0;
    while let Some(answer) = coming.join_next().await {
        match answer.unwrap() {
            Message::Paired(_) => paired += 1,
            Message::Refused(refused) => assert_eq!(refused.reason, Refusal::NO_INVITATION),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(paired, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn guesses_end_after_a_few_and_are_answered_alike() {
    let world = World::start();
    let owner = world.client().await;
    let secret = invited(&owner, invitation(WireRole::OPERATOR, "")).await.secret;
    let mut answers = Vec::new();
    for guess in 0..12 {
        let connection = pairing_connection(&world, &Identity::ephemeral()).await;
        let Message::Refused(refused) = ask_to_pair(&connection, &format!("guess{guess}")).await
        else {
            panic!("a guess was taken")
        };
        answers.push(refused);
    }
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    // The right one from the same place has to wait as well, and is not used up by that.
    let connection = pairing_connection(&world, &Identity::ephemeral()).await;
    assert_eq!(ask_to_pair(&connection, &secret).await, Message::from(answers[0].clone()));
    let Message::Principals(known) = owner.ask(ListPrincipals::default()).await else { panic!() };
    assert_eq!(known.invites.len(), 1);
}

/// What a client hears to a request, without what differs between two servers anyway.
async fn heard(client: &Client, bytes: &[u8]) -> Vec<Message> {
    let (mut send, mut recv) = client.connection.open_bi().await.unwrap();
    send.write_raw(bytes).await.unwrap();
    send.finish().await.unwrap();
    let mut all = Vec::new();
    while let Ok(Some(message)) = timeout(LONG, recv.recv()).await.expect("an answer in time") {
        all.push(match message {
            Message::Usage(usage) => Usage { at_us: 0, ..usage }.into(),
            // Who asks is told of itself.
            Message::Clients(clients) => {
                assert!(clients.clients.len() <= 1, "{clients:?}");
                Clients { clients: Vec::new(), ..clients }.into()
            }
            other => other,
        });
    }
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn a_viewer_without_a_grant_hears_what_it_would_if_nothing_were_there() {
    let (full, empty) = (World::start(), World::start());
    let owner = full.client().await;
    // The vectors speak of `work`, of tabs and panes in it, and of ids such as p12.
    let made = owner.done(new("work", "printf 'make error: hidden\\n'; exec cat")).await;
    for tab in 0..12 {
        let spawn = crate::world::spawn("printf 'hidden error\\n'; exec cat");
        let target = "work".to_owned();
        owner
            .done(TabNew {
                target,
                name: format!("hidden{tab}"),
                background: true,
                spawn,
                ext: Ext::none(),
            })
            .await;
    }
    let pane = made.pane.unwrap();
    let (guest, _, _) = guest(&full, &owner, invitation(WireRole::VIEWER, "")).await;
    let nobody = empty.client().await;
    let (stranger, _, _) = self::guest(&empty, &nobody, invitation(WireRole::VIEWER, "")).await;
    assert_eq!(owner.sessions().await.len(), 1);
    let mut checked = 0;
    for (name, bytes) in vectors() {
        // Requests with an end.
        if !(100..300).contains(&number(&bytes)) || number(&bytes) == 152 {
            continue;
        }
        let there = heard(&guest, &bytes).await;
        assert_eq!(there, heard(&stranger, &bytes).await, "{name}");
        assert!(!format!("{there:?}").contains("hidden"), "{name}: {there:?}");
        checked += 1;
    }
    assert!(checked > 80, "{checked} requests were tried");
    // Nor is anything told that happens there.
    let (mut send, mut events) = guest.connection.open_bi().await.unwrap();
    send.send(&Events::default().into()).await.unwrap();
    let (mut send, mut all) = owner.connection.open_bi().await.unwrap();
    send.send(&Events::default().into()).await.unwrap();
    owner.ask(Ping::default()).await;
    owner.done(Rename { target: "work".into(), name: "else".into(), ext: Ext::none() }).await;
    timeout(LONG, all.recv()).await.unwrap().unwrap();
    owner
        .done(Grant {
            principal: "guest".into(),
            session: "else".into(),
            level: GrantLevel::VIEW,
            ext: Ext::none(),
        })
        .await;
    // The grant ended the connection before anything was told on it.
    assert!(timeout(LONG, events.recv()).await.unwrap().is_err());
    assert_eq!(why_closed(&guest.connection).await, Some(CloseCode::RIGHTS_CHANGED));
    assert!(pane.0 > 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_viewer_changes_nothing_by_any_message_on_any_stream() {
    let world = World::start();
    let owner = world.client().await;
    let wait = |target: &str| Wait {
        target: target.into(),
        wait_for: WaitFor::MATCH,
        pattern: "^ready$".into(),
        idle_ms: 0,
        since: Some(0),
        timeout_ms: 60_000,
        ext: Ext::none(),
    };
    let mut pane = None;
    // The vectors speak of `work:1.2` and of pane 12.
    for name in ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "work"] {
        pane = owner.done(new(name, "echo ready; exec cat")).await.pane;
        // What a pane prints later would look like something that the viewer did.
        assert!(matches!(owner.ask(wait(name)).await, Message::Waited(_)));
    }
    assert_eq!(pane, Some(PaneId(12)));
    let before = owner.sessions().await;
    let bytes_before = owner.ask_all(Export { target: "work".into(), ext: Ext::none() }).await;
    let (viewer, _, paired) = guest(&world, &owner, invitation(WireRole::VIEWER, "work")).await;
    assert_eq!(paired.role, WireRole::VIEWER);
    // It attaches as anybody does, and hears that it may only look.
    let mut looking = viewer.attach(attach("work")).await;
    assert!(!looking.attached().await.writable);
    looking.shows(PaneId(12), "ready").await;
    looking.type_text(PaneId(12), "typed").await;
    looking.interrupt(PaneId(12)).await;
    looking
        .tell(ClientSize {
            size: WireSize { cols: 33, rows: 11 },
            pixels: PixelSize::default(),
            ext: Ext::none(),
        })
        .await;
    let (other, _, _) = guest(&world, &owner, invitation(WireRole::VIEWER, "work")).await;
    for (name, bytes) in vectors() {
        let number = number(&bytes);
        if number == 152 {
            continue;
        }
        // On a stream of its own each, in both forms; what ends the connection is no way in.
        let Ok((mut send, mut recv)) = other.connection.open_bi().await else { panic!("{name}") };
        let _ = send.write_raw(&bytes).await;
        let _ = send.finish().await;
        // Whatever it was, it is over when its answer is.
        while let Ok(Ok(Some(_))) = timeout(LONG, recv.recv()).await {}
        if (10..50).contains(&number) {
            let mut send = other.connection.open_uni().await.unwrap();
            let _ = send.write_raw(&bytes).await;
            let _ = send.finish().await;
        }
    }
    assert!(matches!(other.ask(Ping::default()).await, Message::Pong(_)));
    looking.leave().await;
    let after = owner.sessions().await;
    let stable = |sessions: &[SessionInfo]| -> Vec<SessionInfo> {
        sessions.iter().map(|one| SessionInfo { attached: 0, ..one.clone() }).collect()
    };
    assert_eq!(stable(&before), stable(&after));
    let bytes_after = owner.ask_all(Export { target: "work".into(), ext: Ext::none() }).await;
    assert_eq!(bytes_before, bytes_after, "something reached the program");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_grant_allows_is_allowed_and_only_in_its_session() {
    let world = World::start();
    let owner = world.client().await;
    let work = owner.done(new("work", "echo ready; exec cat")).await.pane.unwrap();
    let other = owner.done(new("other", "echo ready; exec cat")).await.pane.unwrap();
    let (mut client, identity, _) =
        guest(&world, &owner, invitation(WireRole::VIEWER, "work")).await;
    let typing = |target: &str| Send {
        target: target.into(),
        events: vec![InputEvent::text("hello\n")],
        ext: Ext::none(),
    };
    let failure = |message: Message| match message {
        Message::Failed(failed) => failed.failure,
        _ => Failure(0),
    };
    let grant = |session: &str, level| Grant {
        principal: "guest".into(),
        session: session.into(),
        level,
        ext: Ext::none(),
    };
    assert_eq!(failure(client.ask(typing("work")).await), Failure::DENIED);
    for (level, may_type, may_split) in [
        (GrantLevel::TYPE, true, false),
        (GrantLevel::OWN, true, true),
        (GrantLevel::NONE, false, false),
    ] {
        owner.done(grant("work", level)).await;
        assert_eq!(why_closed(&client.connection).await, Some(CloseCode::RIGHTS_CHANGED));
        client = Client::connect_as(&world.state(), identity.clone()).await;
        let typed = failure(client.ask(typing("work")).await);
        assert_eq!(typed == Failure(0), may_type, "{level}: {typed}");
        let split = Split {
            target: "work".into(),
            direction: Direction::DOWN,
            cells: 0,
            percent: 0,
            spawn: crate::world::spawn("exec cat"),
            background: true,
            revision: 0,
            ext: Ext::none(),
        };
        let split = failure(client.ask(split).await);
        assert_eq!(split == Failure(0), may_split, "{level}: {split}");
        // What it may not see is refused as what is not there.
        let nowhere = failure(client.ask(typing("nowhere")).await);
        assert_ne!(nowhere, Failure(0), "{level}");
        for hidden in ["other", &other.to_string()] {
            assert_eq!(failure(client.ask(typing(hidden)).await), nowhere, "{level}");
        }
    }
    // Typing over an attachment into a pane of another session: the id alone is no credential.
    owner.done(grant("work", GrantLevel::TYPE)).await;
    why_closed(&client.connection).await;
    let client = Client::connect_as(&world.state(), identity).await;
    let mut looking = client.attach(attach("work")).await;
    assert!(looking.attached().await.writable);
    looking.type_text(other, "smuggled\n").await;
    looking.type_text(work, "arrives\n").await;
    looking.shows(work, "arrives").await;
    let printed = owner.ask_all(Export { target: "other".into(), ext: Ext::none() }).await;
    assert!(!format!("{printed:?}").contains("smuggled"));
    for message in &printed {
        if let Message::Chunk(chunk) = message {
            assert!(!String::from_utf8_lossy(&chunk.bytes).contains("smuggled"));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_key_is_cut_at_once_and_nothing_it_typed_comes_after() {
    let world = World::start();
    let owner = world.client().await;
    let pane = owner.done(new("work", "stty -echo; echo ready; exec cat")).await.pane.unwrap();
    let (mut took, mut changes, mut heard_why) = (Vec::new(), Vec::new(), 0);
    for round in 0..10 {
        let began = Instant::now();
        invited(&owner, invitation(WireRole::OPERATOR, "work")).await;
        changes.push(began.elapsed());
        let (client, identity, paired) =
            guest(&world, &owner, invitation(WireRole::OPERATOR, "work")).await;
        let connection = client.connection.clone();
        let mut looking = client.attach(attach("work")).await;
        looking.attached().await;
        looking.type_text(pane, &format!("begins-{round}\n")).await;
        looking.shows(pane, &format!("begins-{round}")).await;
        // Typed as fast as the wire takes it, until it takes no more.
        let typing = tokio::spawn(async move { while looking.try_type(pane, "late\n").await {} });
        let closed = tokio::spawn(async move {
            let reason = connection.closed().await;
            (Instant::now(), reason)
        });
        let began = Instant::now();
        owner.done(Revoke { principal: paired.name.clone(), ext: Ext::none() }).await;
        let mark = format!("mark-{round}\n");
        let events = vec![InputEvent::text(&mark)];
        owner.ask(Send { target: "work".into(), events, ext: Ext::none() }).await;
        let (ended, reason) = timeout(LONG, closed).await.unwrap().unwrap();
        // The word that says why may be lost in what is typed against it: then the server knows nothing any more.
        let told = reason.peer_code() == Some(CloseCode::AUTH_REVOKED);
        assert!(told || reason == CloseReason::Forgotten, "{reason:?}");
        heard_why += usize::from(told);
        took.push(ended.saturating_duration_since(began));
        typing.await.unwrap();
        // A later word of the owner's has everything before it.
        let events = vec![InputEvent::text(&format!("end-{round}\n"))];
        owner.ask(Send { target: "work".into(), events, ext: Ext::none() }).await;
        let printed = printed_until(&owner, "work", &format!("end-{round}\r\n")).await;
        let after = printed.rsplit(&format!("mark-{round}\r\n")).next().unwrap();
        assert!(printed.contains(&format!("mark-{round}")), "{printed}");
        assert!(!after.contains("late"), "round {round}: {after:?}");
        let refused = is_let_in(&world, &identity).await.unwrap_err();
        assert_eq!(refused.peer_code(), Some(CloseCode::AUTH_UNKNOWN));
    }
    assert!(heard_why > 5, "only {heard_why} of 10 were told that their key is revoked");
    let median = |times: &mut Vec<Duration>| {
        times.sort_unstable();
        times[times.len() / 2]
    };
    let (cut, change) = (median(&mut took), median(&mut changes));
    println!(
        "from the request to the end of the connection, of 10: {took:?}; a change: {change:?}"
    );
    // What is promised, and what a machine adds that has much else to do: any change of rights tells.
    assert!(cut < Duration::from_millis(100) + 10 * change, "{took:?}, a change takes {change:?}");
}

/// What a pane printed, once this is at its end.
async fn printed_until(client: &Client, target: &str, end: &str) -> String {
    loop {
        let all = client.ask_all(Export { target: target.into(), ext: Ext::none() }).await;
        let chunks = all.iter().filter_map(|message| match message {
            Message::Chunk(chunk) => Some(chunk.bytes.as_slice()),
            _ => None,
        });
        let text = String::from_utf8_lossy(&chunks.collect::<Vec<_>>().concat()).into_owned();
        if text.ends_with(end) {
            return text;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_revoked_key_typed_ahead_is_taken_back_also_over_a_restart() {
    let mut world = World::start();
    let owner = world.client().await;
    let fifo = world.state().join("go");
    rustix::fs::mkfifoat(rustix::fs::CWD, &fifo, rustix::fs::Mode::RWXU).unwrap();
    let script = format!("stty raw -echo; echo ready; read go < {}; exec cat", fifo.display());
    let pane = owner.done(new("work", &script)).await.pane.unwrap();
    printed_until(&owner, "work", "ready\n").await;
    let (client, identity, paired) =
        guest(&world, &owner, invitation(WireRole::OPERATOR, "work")).await;
    let mut looking = client.attach(attach("work")).await;
    looking.attached().await;
    // So much that the server takes no more of it: what follows waits in its task and on the wire.
    let typing = tokio::spawn(async move {
        let text = "x".repeat(60_000);
        while looking.try_type(pane, &text).await {}
    });
    let client = Client::connect_as(&world.state(), identity.clone()).await;
    loop {
        let events = vec![InputEvent::text("x")];
        let answer = client.ask(Send { target: "work".into(), events, ext: Ext::none() }).await;
        // The terminal takes some of it, more of it waits, until it is all that may.
        let Message::Failed(failed) = answer else { continue };
        if failed.failure == Failure::EXHAUSTED {
            break;
        }
        assert_eq!(failed.failure, Failure::TIMEOUT, "{failed:?}");
    }
    owner.done(Revoke { principal: paired.principal, ext: Ext::none() }).await;
    let events = vec![InputEvent::text("END")];
    let ending = Send { target: "work".into(), events, ext: Ext::none() };
    let (_, printed) = tokio::join!(owner.ask(ending), async {
        tokio::task::spawn_blocking(move || std::fs::write(fifo, "go\n")).await.unwrap().unwrap();
        printed_until(&owner, "work", "END").await
    });
    let typed = printed.bytes().filter(|byte| *byte == b'x').count();
    // What the terminal had taken before is the program's.
    assert!(typed < 30_000, "{typed} bytes came");
    typing.await.unwrap();
    let former = world.pid();
    world.kill_server();
    world.next_server(former).await;
    let refused = is_let_in(&world, &identity).await.unwrap_err();
    assert_eq!(refused.peer_code(), Some(CloseCode::AUTH_UNKNOWN));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_roster_that_may_have_lost_a_revocation_lets_nobody_in_but_the_owner() {
    let mut world = World::start();
    let owner = world.client().await;
    let (_client, identity, _) = guest(&world, &owner, invitation(WireRole::ADMIN, "")).await;
    let (_other, other, _) = guest(&world, &owner, invitation(WireRole::ADMIN, "")).await;
    assert_eq!(is_let_in(&world, &identity).await, Ok(()));
    drop(owner);
    let former = world.pid();
    let path = world.state().join("identity/principals.log");
    let mut bytes = std::fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0x55;
    std::fs::write(&path, bytes).unwrap();
    world.kill_server();
    world.next_server(former).await;
    for key in [&identity, &other] {
        let refused = is_let_in(&world, key).await.unwrap_err();
        assert_eq!(refused.peer_code(), Some(CloseCode::AUTH_UNKNOWN));
    }
    assert!(matches!(world.client().await.ask(Ping::default()).await, Message::Pong(_)));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happens_in_a_session_that_may_not_be_seen_is_told_to_nobody_who_may_not() {
    let world = World::start();
    let owner = world.client().await;
    let script = "echo ready; while read line; do printf '\\a'; done";
    owner.done(new("work", script)).await;
    owner.done(new("other", script)).await;
    printed_until(&owner, "other", "ready\r\n").await;
    let (guest, _, _) = guest(&world, &owner, invitation(WireRole::VIEWER, "work")).await;
    let (mut send, mut events) = guest.connection.open_bi().await.unwrap();
    send.send(&Events::default().into()).await.unwrap();
    // The events are watched once this is answered behind them.
    guest.ask(Ping::default()).await;
    let mut guest = guest.attach(attach("work")).await;
    guest.attached().await;
    let mut everything = world.client().await.attach(attach("work")).await;
    everything.attached().await;
    let bell = |message: &Message| match message {
        Message::PaneEvent(event) if event.kind == EventKind::BELL => Some(event.session),
        _ => None,
    };
    let events_of = |text: &str| vec![InputEvent::text(text)];
    for (round, target) in ["other", "work"].into_iter().enumerate() {
        let typed = Send { target: target.into(), events: events_of("\n"), ext: Ext::none() };
        assert!(matches!(owner.ask(typed).await, Message::Sent(_)));
        // Who sees everything has heard of it before the next is rung.
        while everything.said.iter().filter_map(bell).count() <= round {
            everything.next().await;
        }
    }
    let work = guest.said(bell).await;
    assert_eq!(work, SessionId(1), "the first bell that it hears is of its own session");
    let heard = timeout(LONG, async {
        loop {
            match events.recv().await.unwrap().unwrap() {
                Message::Watched(watched) => {
                    assert_eq!(watched.session, Some(SessionId(1)), "{watched:?}");
                    if watched.what == "bell" {
                        return;
                    }
                }
                other => panic!("{other:?}"),
            }
        }
    });
    heard.await.expect("the bell of its own session");
}
