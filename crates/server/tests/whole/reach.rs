//! What somebody who may little reaches of others: their clients, their sessions, what they left; and what ends
//! with those who are shown out.

use std::path::Path;

use ccc_net::{CloseCode, Identity};
use ccc_proto::*;
use tokio::time::timeout;

use crate::rights::{guest, invitation, invited, is_let_in, why_closed};
use crate::world::{Client, LONG, World, attach, new};

/// What the links of all sessions point at.
fn links(world: &World) -> Vec<(std::path::PathBuf, Option<std::path::PathBuf>)> {
    let sessions = std::fs::read_dir(world.state().join("sessions")).unwrap().flatten();
    let links = sessions.flat_map(|one| std::fs::read_dir(one.path().join("links")).unwrap());
    let target = |link: std::fs::DirEntry| (link.path(), std::fs::read_link(link.path()).ok());
    let mut all: Vec<_> = links.flatten().map(target).collect();
    all.sort();
    all
}

/// An attach from this machine, with an agent of its own.
fn attach_with_agent(target: &str, agent: &Path) -> Attach {
    let mut attach = attach(target);
    let agent = agent.to_string_lossy().into_owned().into_bytes();
    attach.spawn.env.push((b"SSH_AUTH_SOCK".to_vec(), agent));
    attach
}

#[tokio::test(flavor = "multi_thread")]
async fn a_viewer_leads_no_program_to_its_own_agent() {
    let world = World::start();
    let owner = world.client().await;
    owner.done(new("work", "exec cat")).await;
    let (own, others) = (world.state().join("own-agent"), world.state().join("other-agent"));
    let _listeners =
        [&own, &others].map(|path| std::os::unix::net::UnixListener::bind(path).unwrap());
    let mut mine = world.client().await.attach(attach_with_agent("work", &own)).await;
    mine.attached().await;
    // The client is attached once its links are made.
    let before = links(&world);
    assert!(before.iter().any(|(_, target)| target.as_ref() == Some(&own)), "{before:?}");
    let (viewer, _, _) = guest(&world, &owner, invitation(WireRole::VIEWER, "work")).await;
    let mut looking = viewer.attach(attach_with_agent("work", &others)).await;
    assert!(!looking.attached().await.writable);
    assert_eq!(links(&world), before);
    let only_looking = Attach { view: true, ..attach_with_agent("work", &others) };
    let mut only_looking = world.client().await.attach(only_looking).await;
    only_looking.attached().await;
    assert_eq!(links(&world), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_led_away_from_where_the_asker_has_no_say() {
    let world = World::start();
    let owner = world.client().await;
    owner.done(new("secret", "exec cat")).await;
    owner.done(new("work", "exec cat")).await;
    let mut mine = world.client().await.attach(attach("secret")).await;
    mine.attached().await;
    let Message::Clients(clients) = owner.ask(ListClients::default()).await else { panic!() };
    let looks = |client: &&ClientInfo| client.session.is_some();
    let client = clients.clients.iter().find(looks).unwrap().client;
    let (other, _, _) = guest(&world, &owner, invitation(WireRole::OPERATOR, "work")).await;
    let lead = || SelectTarget { target: "work".into(), client: Some(client), ext: Ext::none() };
    let answer = other.ask(lead()).await;
    assert!(matches!(&answer, Message::Failed(failed) if failed.failure == Failure::NOT_FOUND));
    let Message::Clients(clients) = owner.ask(ListClients::default()).await else { panic!() };
    let still = clients.clients.iter().find(looks).unwrap();
    assert_eq!(still.session, Some(SessionId(1)), "{still:?}");
    owner.done(lead()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_may_in_a_session_is_asked_again_in_the_next() {
    let world = World::start();
    let owner = world.client().await;
    owner.done(new("work", "exec cat")).await;
    owner.done(new("show", "exec cat")).await;
    let invite = Invite {
        grants: vec![
            WireGrant { session: "work".into(), level: GrantLevel::TYPE },
            WireGrant { session: "show".into(), level: GrantLevel::VIEW },
        ],
        ..invitation(WireRole::VIEWER, "work")
    };
    let (client, _, _) = guest(&world, &owner, invite).await;
    let id = client.welcome.client;
    let looks_only = async |owner: &Client| {
        let Message::Clients(clients) = owner.ask(ListClients::default()).await else { panic!() };
        clients.clients.iter().find(|one| one.client == id).unwrap().view
    };
    let mut looking = client.attach(attach("work")).await;
    assert!(looking.attached().await.writable);
    // By itself, and led by another.
    for (target, writable, by_itself) in
        [("show", false, true), ("work", true, true), ("show", false, false), ("work", true, false)]
    {
        looking.said.clear();
        let target = target.to_owned();
        if by_itself {
            looking.tell(Switch { target, ext: Ext::none() }).await;
        } else {
            let client = Some(id);
            owner.done(SelectTarget { target, client, ext: Ext::none() }).await;
        }
        assert_eq!(looking.attached().await.writable, writable);
        assert_eq!(looks_only(&owner).await, !writable);
    }
    // One that asked to look only does so everywhere.
    let view = Attach { view: true, ..attach("show") };
    let client = world.client().await;
    let mut looking = client.attach(view).await;
    assert!(!looking.attached().await.writable);
    looking.said.clear();
    looking.tell(Switch { target: "work".into(), ext: Ext::none() }).await;
    assert!(!looking.attached().await.writable);
}

/// The records of the roster's file that name a session's owner, by how often they stand there.
fn roster_len(world: &World) -> u64 {
    std::fs::metadata(world.state().join("identity/principals.log")).unwrap().len()
}

#[tokio::test(flavor = "multi_thread")]
async fn no_right_stays_for_a_session_that_is_not_made_or_is_gone() {
    let world = World::start();
    let owner = world.client().await;
    owner.done(new("work", "exec cat")).await;
    let (limited, _, paired) = guest(&world, &owner, invitation(WireRole::OPERATOR, "work")).await;
    let grants = async || {
        let Message::Principals(all) = owner.ask(ListPrincipals::default()).await else { panic!() };
        let mut all = all.principals.into_iter();
        all.find(|one| one.principal == paired.principal).unwrap().grants.len()
    };
    assert_eq!(grants().await, 1);
    let before = roster_len(&world);
    // One that is refused by its plan is not even promised anything.
    for _ in 0..3 {
        assert!(matches!(limited.ask(new("work", "exec cat")).await, Message::Failed(_)));
    }
    assert_eq!(roster_len(&world), before);
    let mut nothing = new("none", "");
    nothing.spawn.argv = vec![b"/there/is/no/such/program".to_vec()];
    assert!(matches!(limited.ask(nothing).await, Message::Failed(_)));
    assert_eq!(grants().await, 1);
    limited.done(new("mine", "exec cat")).await;
    assert_eq!(grants().await, 2);
    limited.done(Kill { target: "mine".into(), signal: 0, ext: Ext::none() }).await;
    // That its program has ended is noted a moment after the session's end.
    let removed = async {
        let remove = || Remove { target: "mine".into(), ext: Ext::none() };
        loop {
            match owner.ask(remove()).await {
                Message::Done(_) => return,
                Message::Failed(failed) if failed.failure == Failure::CONFLICT => {}
                other => panic!("{other:?}"),
            }
        }
    };
    timeout(LONG, removed).await.expect("an end");
    assert_eq!(grants().await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_that_an_admin_began_does_not_land_after_it_was_revoked() {
    let world = World::start();
    let owner = world.client().await;
    for round in 0..10 {
        let (admin, _, paired) = guest(&world, &owner, invitation(WireRole::ADMIN, "")).await;
        let mut tasks = tokio::task::JoinSet::new();
        for n in 0..8 {
            let connection = admin.connection.clone();
            tasks.spawn(async move {
                loop {
                    let name = format!("left-{round}-{n}");
                    let invite = Invite { name, ..invitation(WireRole::ADMIN, "") };
                    let Ok((mut send, mut recv)) = connection.open_bi().await else { return };
                    let sent =
                        send.send(&invite.into()).await.is_ok() && send.finish().await.is_ok();
                    if !sent || recv.recv().await.is_err() {
                        return;
                    }
                }
            });
        }
        // Until so many are open that some are under way at any moment.
        let open = async || {
            let Message::Principals(all) = owner.ask(ListPrincipals::default()).await else {
                panic!()
            };
            all.invites.len()
        };
        while open().await < 3 {}
        owner.done(Revoke { principal: paired.principal, ext: Ext::none() }).await;
        assert_eq!(open().await, 0, "what it made is gone with it");
        while tasks.join_next().await.is_some() {}
        assert_eq!(open().await, 0, "round {round}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_ends_with_whoever_made_it() {
    let world = World::start();
    let owner = world.client().await;
    let (admin, _, paired) = guest(&world, &owner, invitation(WireRole::ADMIN, "")).await;
    let code = Invite { kind: InviteKind::CODE, ..invitation(WireRole::ADMIN, "") };
    invited(&admin, code.clone()).await;
    invited(&owner, code).await;
    owner.done(Revoke { principal: paired.principal, ext: Ext::none() }).await;
    let Message::Principals(all) = owner.ask(ListPrincipals::default()).await else { panic!() };
    assert_eq!(all.invites.len(), 1, "{:?}", all.invites);
}

async fn add_key(client: &Client, next: &Identity) -> Message {
    let key = next.public().spki().to_vec();
    let export = client.connection.exporter(CLIENT_KEY_EXPORT, &key).unwrap();
    let proof = next.sign(&[CLIENT_KEY, &export].concat()).unwrap();
    client.ask(AddKey { key, proof, ext: Ext::none() }).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_is_replaced_adds_none_itself_and_one_that_never_came_is_taken_back() {
    let world = World::start();
    let owner = world.client().await;
    let (client, old, _) = guest(&world, &owner, invitation(WireRole::OPERATOR, "")).await;
    let [first, second, thief] = [(); 3].map(|()| Identity::ephemeral());
    assert!(matches!(add_key(&client, &first).await, Message::Done(_)));
    assert!(matches!(add_key(&client, &first).await, Message::Done(_)), "it may be said again");
    assert!(matches!(add_key(&client, &second).await, Message::Done(_)));
    assert!(is_let_in(&world, &first).await.is_err(), "another was promised in its place");
    let renewed = Client::connect_as(&world.state(), second).await;
    // From now on the old one is on its way out, and is no measure for what comes after it.
    assert_eq!(is_let_in(&world, &old).await, Ok(()));
    let Message::Failed(failed) = add_key(&client, &thief).await else { panic!("it was added") };
    assert_eq!(failed.failure, Failure::DENIED, "{failed:?}");
    assert!(matches!(add_key(&renewed, &thief).await, Message::Done(_)));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_owners_former_key_is_nobodys_and_its_connections_end() {
    let world = World::start();
    let before = world.client().await;
    let path = world.state().join("client/key");
    let former = Identity::load_or_create(&path).unwrap();
    std::fs::rename(&path, path.with_file_name("aside")).unwrap();
    // While there is none, nobody is the owner; and none is made by somebody knocking.
    let refused = is_let_in(&world, &former).await.unwrap_err();
    assert_eq!(refused.peer_code(), Some(CloseCode::AUTH_UNKNOWN));
    assert!(!path.exists());
    assert_eq!(why_closed(&before.connection).await, Some(CloseCode::RIGHTS_CHANGED));
    let owner = world.client().await;
    assert!(matches!(owner.ask(ListPrincipals::default()).await, Message::Principals(_)));
    assert!(is_let_in(&world, &former).await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pane_that_may_not_be_seen_is_not_told_by_a_search() {
    let world = World::start();
    let owner = world.client().await;
    owner.done(new("work", "exec cat")).await;
    let mut secret = new("secret", "exec cat");
    secret.spawn.no_record = true;
    let hidden = owner.done(secret).await.pane.unwrap().to_string();
    let (guest, _, _) = guest(&world, &owner, invitation(WireRole::OPERATOR, "work")).await;
    let search = |target: &str| SearchRequest {
        target: target.into(),
        pattern: "x".into(),
        ..SearchRequest::default()
    };
    let why = async |client: &Client, target: &str| match client.ask(search(target)).await {
        Message::Failed(failed) => (failed.failure, failed.why.replace(target, "it"), failed.hint),
        other => panic!("{other:?}"),
    };
    assert_eq!(why(&guest, &hidden).await, why(&guest, "p99").await);
    assert_ne!(why(&owner, &hidden).await, why(&owner, "p99").await);
}
