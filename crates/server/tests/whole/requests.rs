//! Requests against a whole server: what scripts do.

use ccc_proto::*;

use crate::world::{Client, World, new, spawn};

fn send(target: &str, text: &str) -> Send {
    Send { target: target.into(), events: vec![InputEvent::text(text)], ext: Ext::none() }
}

fn wait_for(target: &str, wait_for: WaitFor) -> Wait {
    Wait {
        target: target.into(),
        wait_for,
        pattern: String::new(),
        idle_ms: 0,
        since: None,
        timeout_ms: 0,
        ext: Ext::none(),
    }
}

fn matching(target: &str, pattern: &str) -> Wait {
    Wait { pattern: pattern.into(), ..wait_for(target, WaitFor::MATCH) }
}

fn capture(target: &str) -> Capture {
    Capture {
        target: target.into(),
        from: None,
        to: None,
        ansi: false,
        join: false,
        ext: Ext::none(),
    }
}

async fn captured(client: &Client, request: Capture) -> String {
    let pages = client.ask_all(request).await;
    pages
        .into_iter()
        .map(|page| match page {
            Message::TextPage(page) => page.text,
            other => panic!("no page: {other:?}"),
        })
        .collect()
}

async fn waited(client: &Client, request: Wait) -> Waited {
    match client.ask(request).await {
        Message::Waited(waited) => waited,
        other => panic!("not waited: {other:?}"),
    }
}

async fn failed(client: &Client, request: impl Into<Message>) -> Failed {
    match client.ask(request).await {
        Message::Failed(failed) => failed,
        other => panic!("did not fail: {other:?}"),
    }
}

async fn bytes(client: &Client, request: impl Into<Message>) -> (Vec<u8>, ChunkEnd) {
    let mut bytes = Vec::new();
    for message in client.ask_all(request).await {
        match message {
            Message::Chunk(chunk) => {
                assert_eq!(chunk.offset, bytes.len() as u64);
                bytes.extend(chunk.bytes);
            }
            Message::ChunkEnd(end) => return (bytes, end),
            other => panic!("no bytes: {other:?}"),
        }
    }
    panic!("no end")
}

#[tokio::test]
async fn what_is_sent_is_answered_and_found() {
    let world = World::start();
    let client = world.client().await;
    client.done(new("s", "while read line; do echo \"got $line\"; done")).await;
    let Message::Sent(sent) = client.ask(send("s", "one\r")).await else { panic!("not sent") };
    let found = waited(&client, matching("s", "^got o")).await;
    assert_eq!(found.line, "got one");
    client.ask(send("s", "two\r")).await;
    // Only what came after the first was sent, which holds both.
    let since = Wait { since: Some(sent.offset), ..matching("s", "^got t") };
    assert_eq!(waited(&client, since).await.line, "got two");
    assert_eq!(captured(&client, capture("s")).await, "one\ngot one\ntwo\ngot two\n");
}

#[tokio::test]
async fn a_wait_ends_with_its_time_and_an_exit_with_its_status() {
    let world = World::start();
    let client = world.client().await;
    let pane = client.done(new("s", "read line; exit 3")).await.pane.unwrap().to_string();
    let short = Wait { timeout_ms: 50, ..matching(&pane, "never") };
    assert_eq!(failed(&client, short).await.failure, Failure::TIMEOUT);
    let quiet = Wait { idle_ms: 20, ..wait_for(&pane, WaitFor::IDLE) };
    assert_eq!(waited(&client, quiet).await.exit, WireExit::default());
    client.ask(send(&pane, "\r")).await;
    let exit = waited(&client, wait_for(&pane, WaitFor::EXIT)).await.exit;
    assert_eq!(exit, WireExit { kind: WireExitKind::CODE, value: 3 });
    let none = failed(&client, matching(&pane, "never")).await;
    assert_eq!(none.failure, Failure::GONE);
}

#[tokio::test]
async fn every_byte_comes_back_and_lines_above_the_screen_too() {
    let world = World::start();
    let client = world.client().await;
    let script = "stty -opost; seq 1 5000; printf '\\033[31mred\\033[m end'; read line";
    let pane = client.done(new("s", script)).await.pane.unwrap();
    waited(&client, matching("s", "end$")).await;
    let expected: String = (1..=5000).map(|n| format!("{n}\n")).collect();
    let (exported, end) = bytes(&client, Export { target: "s".into(), ext: Ext::none() }).await;
    let text = String::from_utf8(exported).unwrap();
    assert_eq!(text, format!("{expected}\x1b[31mred\x1b[m end"));
    assert_eq!((end.missing, end.exit), (0, WireExit::default()));
    let tail = Tail { target: "s".into(), from: Some(0), follow: false, ext: Ext::none() };
    assert_eq!(bytes(&client, tail).await.0, text.as_bytes());

    let lines = Capture { from: Some(99), to: Some(100), ..capture("s") };
    assert_eq!(captured(&client, lines).await.replace(' ', ""), "100\n101\n");
    let ansi = Capture { ansi: true, ..capture("s") };
    assert!(captured(&client, ansi).await.contains("\x1b[0;31mred\x1b[0m end"));

    let request = HistoryRequest { pane, from: 0, count: 10, ext: Ext::none() };
    let Message::HistoryPage(page) = client.ask(request).await else { panic!("no page") };
    assert_eq!((page.first_kept, page.lines.len()), (0, 10));
    assert_eq!(page.lines[0].runs[0].text, "1");
    // Lines count from 0, and the numbers that were printed from 1.
    let above = Capture { from: Some(-1), to: Some(-1), ..capture("s") };
    assert_eq!(captured(&client, above).await.trim(), page.end.to_string());
}

#[tokio::test]
async fn a_tail_follows_to_the_end_and_tells_the_exit() {
    let world = World::start();
    let client = world.client().await;
    client.done(new("s", "stty -opost -echo; printf a; read line; printf b; exit 7")).await;
    waited(&client, matching("s", "a")).await;
    let follow = Tail { target: "s".into(), from: Some(0), follow: true, ext: Ext::none() };
    let follower = world.client().await;
    let tail = async { bytes(&follower, follow).await };
    let (tailed, ()) = tokio::join!(tail, async {
        client.ask(send("s", "\r")).await;
    });
    assert_eq!(tailed.0, b"ab");
    assert_eq!(tailed.1.exit, WireExit { kind: WireExitKind::CODE, value: 7 });
}

#[tokio::test]
async fn tabs_and_panes_are_made_arranged_and_closed() {
    let world = World::start();
    let client = world.client().await;
    let made = client.done(new("s", "exec cat")).await;
    let tab = TabNew {
        target: "s".into(),
        name: "logs".into(),
        background: false,
        spawn: spawn("exec cat"),
        ext: Ext::none(),
    };
    let second = client.done(tab).await;
    assert_ne!(made.tab, second.tab);
    let split = Split {
        target: "s:logs".into(),
        direction: Direction::RIGHT,
        cells: 0,
        percent: 25,
        background: false,
        revision: 0,
        spawn: spawn("stty size; exec cat"),
        ext: Ext::none(),
    };
    let third = client.done(split).await.pane.unwrap();
    // 79 cells are left beside the border, a quarter of 80 for the new pane.
    let size = waited(&client, matching(&third.to_string(), "^24 ")).await.line;
    let sessions = client.sessions().await;
    let info = sessions[0].panes.iter().find(|pane| pane.pane == third).unwrap();
    assert_eq!(size, format!("{} {}", info.size.rows, info.size.cols));
    assert_eq!(sessions[0].tabs.len(), 2);
    let zoom = PaneZoom { target: third.to_string(), zoom: Toggle::ON, ext: Ext::none() };
    client.done(zoom).await;
    let Message::LayoutText(saved) =
        client.ask(LayoutSave { target: "s".into(), ext: Ext::none() }).await
    else {
        panic!("not saved")
    };
    let load = LayoutLoad {
        name: "copy".into(),
        text: saved.text,
        spawn: spawn("exec cat"),
        ext: Ext::none(),
    };
    client.done(load).await;
    let copy = client.sessions().await.into_iter().find(|session| session.name == "copy").unwrap();
    assert_eq!((copy.tabs.len(), copy.panes.len()), (2, 3));
    client.done(PaneClose { target: third.to_string(), ext: Ext::none() }).await;
    let sessions = client.sessions().await;
    assert_eq!(sessions[0].panes.len(), 2);
}

#[tokio::test]
async fn what_does_not_start_leaves_nothing_and_says_why() {
    let world = World::start();
    let client = world.client().await;
    let mut missing = new("s", "");
    missing.spawn.argv = vec![b"/no/such/program".to_vec()];
    assert_eq!(failed(&client, missing).await.failure, Failure::COMMAND_NOT_FOUND);
    let mut nowhere = new("s", "exec cat");
    nowhere.spawn.cwd = Some(b"/no/such/place".to_vec());
    assert_eq!(failed(&client, nowhere).await.failure, Failure::NO_SUCH_DIRECTORY);
    assert!(client.sessions().await.is_empty());
    let absent = failed(&client, capture("nobody")).await;
    assert_eq!(absent.failure, Failure::NOT_FOUND);
}

#[tokio::test]
async fn an_ended_command_stays_and_starts_again() {
    let world = World::start();
    let client = world.client().await;
    let made = client.done(new("s", "echo once; exit 1")).await;
    let pane = made.pane.unwrap().to_string();
    waited(&client, wait_for(&pane, WaitFor::EXIT)).await;
    let sessions = client.sessions().await;
    assert_eq!(sessions[0].panes[0].state, PaneState::EXITED);
    assert_eq!(sessions[0].panes[0].exit.status(), Some(1));
    let restart = Restart { target: pane.clone(), spawn: Spawn::default(), ext: Ext::none() };
    let again = client.done(restart).await;
    assert_eq!(again.pane, made.pane);
    waited(&client, wait_for(&pane, WaitFor::EXIT)).await;
    assert!(captured(&client, capture(&pane)).await.starts_with("once"));
    client.done(Kill { target: "s".into(), signal: 0, ext: Ext::none() }).await;
    assert_eq!(client.sessions().await[0].state, SessionState::ENDED);
    client.done(Remove { target: "s".into(), ext: Ext::none() }).await;
    assert!(client.sessions().await.is_empty());
}

/// One whose output was not all folded yet was said to run still, though its program had ended.
#[tokio::test]
async fn what_was_killed_is_removed_at_once() {
    let world = World::start();
    let client = world.client().await;
    for _ in 0..5 {
        let pane =
            client.done(new("s", "seq 1 100000; sleep 1000")).await.pane.unwrap().to_string();
        waited(&client, matching(&pane, "^1")).await;
        client.done(Kill { target: "s".into(), signal: 0, ext: Ext::none() }).await;
        client.done(Remove { target: "s".into(), ext: Ext::none() }).await;
    }
    assert!(client.sessions().await.is_empty());
}

#[tokio::test]
async fn an_interrupt_ends_what_runs() {
    let world = World::start();
    let client = world.client().await;
    let pane = client.done(new("s", "echo ready; exec sleep 1000")).await.pane.unwrap().to_string();
    waited(&client, matching(&pane, "ready")).await;
    let interrupt = RequestInterrupt { target: pane.clone(), ext: Ext::none() };
    assert!(matches!(client.ask(interrupt).await, Message::Sent(_)));
    let exit = waited(&client, wait_for(&pane, WaitFor::EXIT)).await.exit;
    assert_eq!(exit.status(), Some(130));
}

#[tokio::test]
async fn the_server_tells_how_it_is_and_what_changes() {
    let world = World::start();
    let client = world.client().await;
    let (mut asked, mut events) = client.connection.open_bi().await.unwrap();
    asked.send(&Events::default().into()).await.unwrap();
    assert!(matches!(client.ask(Ping::default()).await, Message::Pong(_)));
    client.done(new("s", "exec cat")).await;
    let Ok(Some(Message::Watched(first))) = events.recv().await else { panic!("no event") };
    assert_eq!((first.what.as_str(), first.text.as_str()), ("session-created", "s"));
    let Message::DoctorReport(report) = client.ask(Doctor::default()).await else {
        panic!("no report")
    };
    assert_eq!((report.custody.panes, report.custody.server, report.custody.keeper), (1, 1, 1));
    assert_eq!(report.custody.server_pid, world.pid());
    let Message::Clients(clients) = client.ask(ListClients::default()).await else {
        panic!("no clients")
    };
    assert_eq!(clients.clients.len(), 1);
    assert_eq!(clients.clients[0].client, client.welcome.client);
}
