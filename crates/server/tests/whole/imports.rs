//! Imported commands over the wire: whose they are, who sees them, and whom they go with.

use ccc_proto::*;

use crate::rights::{guest, invitation};
use crate::world::{Client, World};

async fn import(client: &Client, texts: &[&str]) -> Message {
    let command =
        |text: &&str| ImportedCommand { text: (*text).into(), ..ImportedCommand::default() };
    let commands = texts.iter().map(command).collect();
    client.ask(ImportCommands { source: HistorySource::FISH, commands, ext: Ext::none() }).await
}

async fn texts(client: &Client) -> Vec<String> {
    match client.ask(CommandsRequest { count: 100, ..CommandsRequest::default() }).await {
        Message::CommandsPage(page) => {
            let mut texts: Vec<_> = page
                .commands
                .into_iter()
                .map(|command| {
                    assert_eq!((command.ulid.as_str(), command.place.as_str()), ("", "fish"));
                    assert_eq!((command.pane, command.state), (None, CommandState::UNKNOWN));
                    command.text
                })
                .collect();
            texts.reverse();
            assert_eq!(looked_for(client).await, once(&texts));
            texts
        }
        other => panic!("no commands: {other:?}"),
    }
}

/// What looking through all of them finds.
async fn looked_for(client: &Client) -> Vec<String> {
    let search = CommandsSearch {
        pattern: ".".into(),
        matching: CommandMatching::REGEX,
        ..CommandsSearch::default()
    };
    let (mut texts, mut end) = (Vec::new(), SearchEnd::NONE);
    for message in client.ask_all(search).await {
        let Message::CommandsFound(found) = message else { panic!("no commands: {message:?}") };
        texts.extend(found.commands.into_iter().map(|command| command.text));
        end = found.end;
    }
    assert_eq!(end, SearchEnd::ALL);
    texts.sort();
    texts
}

/// Each once, in their order.
fn once(texts: &[String]) -> Vec<String> {
    let texts: std::collections::BTreeSet<_> = texts.iter().cloned().collect();
    texts.into_iter().collect()
}

async fn forget(client: &Client) -> u64 {
    match client.ask(ForgetImported::default()).await {
        Message::ImportedForgotten(gone) => gone.commands,
        other => panic!("not forgotten: {other:?}"),
    }
}

#[track_caller]
fn failure(message: &Message) -> Failure {
    match message {
        Message::Failed(failed) => failed.failure,
        other => panic!("not refused: {other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn imported_commands_are_for_whoever_brought_them_and_for_admins() {
    let world = World::start();
    let owner = world.client().await;
    let everywhere = |role| Invite { all_sessions: true, ..invitation(role, "") };
    let (operator, ..) = guest(&world, &owner, everywhere(WireRole::OPERATOR)).await;
    let (other, ..) = guest(&world, &owner, everywhere(WireRole::OPERATOR)).await;
    let (admin, ..) = guest(&world, &owner, everywhere(WireRole::ADMIN)).await;
    let (partly, ..) = guest(&world, &owner, invitation(WireRole::OPERATOR, "")).await;
    let (viewer, ..) = guest(&world, &owner, everywhere(WireRole::VIEWER)).await;

    let taken = |added, known| Message::from(CommandsImported { added, known, ext: Ext::none() });
    assert_eq!(import(&operator, &["theirs-1", "theirs-2", " \u{7}"]).await, taken(2, 0));
    assert_eq!(import(&operator, &["theirs-1"]).await, taken(0, 1));
    assert_eq!(import(&owner, &["owners", "theirs-1"]).await, taken(2, 0));
    assert_eq!(failure(&import(&viewer, &["viewers"]).await), Failure::DENIED);
    assert_eq!(failure(&viewer.ask(ForgetImported::default()).await), Failure::DENIED);

    assert_eq!(texts(&operator).await, ["theirs-1", "theirs-2"]);
    for sees_nothing in [&other, &partly, &viewer] {
        assert_eq!(texts(sees_nothing).await, Vec::<String>::new());
    }
    let all = ["theirs-1", "theirs-2", "owners", "theirs-1"];
    for sees_all in [&owner, &admin] {
        let mut found = texts(sees_all).await;
        found.sort();
        let mut expected = all;
        expected.sort_unstable();
        assert_eq!(found, expected);
    }

    // What others brought stays, and is not even counted.
    assert_eq!(forget(&other).await, 0);
    assert_eq!(forget(&operator).await, 2);
    assert_eq!(texts(&owner).await, ["owners", "theirs-1"]);
    import(&operator, &["once more"]).await;
    assert_eq!(forget(&admin).await, 3);
    assert_eq!(texts(&owner).await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_too_much_at_once_or_of_an_unknown_history_is_refused() {
    let world = World::start();
    let owner = world.client().await;
    assert_eq!(failure(&import(&owner, &["x"; 4097]).await), Failure::INVALID);
    let commands = vec![ImportedCommand { text: "x".into(), ..ImportedCommand::default() }];
    let later = ImportCommands { source: HistorySource(900), commands, ext: Ext::none() };
    assert_eq!(failure(&owner.ask(later).await), Failure::UNSUPPORTED);
    assert_eq!(texts(&owner).await, Vec::<String>::new());
}
