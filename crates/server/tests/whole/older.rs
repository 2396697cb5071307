//! Clients of other versions: an older one is served as ever, and what a newer one asks for is answered.

use std::path::Path;

use ccc_net::{Connection, Identity, RecvStream, SendStream};
use ccc_proto::*;
use tokio::time::timeout;

use crate::world::{LONG, World, attach, connect_options, new};

/// A request of a version that is to come.
const LATER: u16 = 9999;

/// What an older peer sent, byte by byte.
fn vector(file: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../proto/vectors").join(file);
    let text = std::fs::read_to_string(path).unwrap();
    let digits: Vec<u8> = text.bytes().filter(u8::is_ascii_hexdigit).collect();
    let pair = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
    digits.chunks(2).map(pair).collect()
}

/// A message of a number that nobody here knows.
fn later() -> Vec<u8> {
    let body = b"what it says is nobody's affair";
    let length = u32::try_from(body.len()).unwrap().to_le_bytes();
    [&length[..], &LATER.to_le_bytes(), &[0], body].concat()
}

/// A client of the first minor version: its hello is the first vector there was.
async fn first_client(world: &World) -> (Connection, SendStream, RecvStream) {
    let hello = vector("1-hello.hex");
    let (Received::Known(Message::Hello(read)), _) =
        Message::read(&hello, limits::BODY).unwrap().unwrap()
    else {
        panic!("the vector is a hello")
    };
    assert_eq!((read.minor, &read.ext), (0, &Ext::none()));
    let identity = Identity::load_or_create(&world.state().join("client/key")).unwrap();
    let connection = ccc_net::connect(connect_options(&world.state(), identity)).await.unwrap();
    let (mut send, mut recv) = connection.open_bi().await.unwrap();
    send.write_raw(&hello).await.unwrap();
    let Some(Message::Welcome(welcome)) = recv.recv().await.unwrap() else { panic!("no welcome") };
    assert_eq!(welcome.minor, MINOR);
    (connection, send, recv)
}

#[tokio::test]
async fn a_client_of_the_first_minor_version_works_as_ever() {
    let world = World::start();
    let made = world.client().await.done(new("work", "echo ready; exec cat")).await;
    let pane = made.pane.unwrap();
    let (connection, mut send, mut recv) = first_client(&world).await;
    send.send(&attach("work").into()).await.unwrap();
    // It knows some of what it hears: that, and the first frame.
    let attached = timeout(LONG, async {
        loop {
            match recv.recv().await.unwrap() {
                Some(Message::Attached(attached)) => return attached,
                Some(_) => {}
                None => panic!("nothing is shown"),
            }
        }
    });
    assert_eq!(attached.await.unwrap().session, made.session.unwrap());
    // It never repeats a key, never tells its facts, and acknowledges as it always did.
    let mut input = connection.open_uni().await.unwrap();
    let typed = Input {
        pane,
        number: 1,
        events: vec![InputEvent::text("typed by hand\r")],
        ext: Ext::none(),
    };
    input.send(&typed.into()).await.unwrap();
    let mut mirror = ccc_sync::Mirror::new(pane);
    let mut applied = connection.open_uni().await.unwrap();
    let shown = timeout(LONG, async {
        loop {
            let mut frame = connection.accept_uni().await.unwrap();
            let Ok(Some(Message::Frame(frame))) = frame.recv().await else { continue };
            if mirror.apply(&frame).is_ok_and(|outcome| outcome == ccc_sync::Applied::Done) {
                applied.send(&mirror.frame_applied().unwrap().into()).await.unwrap();
            }
            let rows: Vec<String> = mirror.rows().iter().map(|row| row.text()).collect();
            if rows.iter().filter(|row| row.contains("typed by hand")).count() == 2 {
                return;
            }
        }
    });
    shown.await.expect("what it typed, and its echo");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_request_there_ever_was_is_answered() {
    let world = World::start();
    world.client().await.done(new("work", "exec cat")).await;
    let (connection, _send, _recv) = first_client(&world).await;
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../proto/vectors");
    let mut files: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    files.sort();
    let mut asked = 0;
    for file in files {
        let bytes = vector(&file);
        let number = u16::from_le_bytes([bytes[4], bytes[5]]);
        // What ends the connection or has no end is asked elsewhere; below are no requests.
        if !(100..300).contains(&number) || [111, 152, 172, 271, 290].contains(&number) {
            continue;
        }
        let (mut send, mut recv) = connection.open_bi().await.unwrap();
        send.write_raw(&bytes).await.unwrap();
        send.finish().await.unwrap();
        let answer = timeout(LONG, recv.recv()).await.expect("an answer in time");
        assert!(matches!(answer, Ok(Some(_))), "{file}: {answer:?}");
        asked += 1;
    }
    assert!(asked > 80, "{asked} requests were asked");
    assert_eq!(connection.close_reason(), None);
}

#[tokio::test]
async fn what_a_newer_client_asks_for_is_answered_and_what_it_tells_is_passed_over() {
    let world = World::start();
    let made = world.client().await.done(new("work", "echo ready; exec cat")).await;
    let (connection, mut send, mut recv) = first_client(&world).await;
    // A request is answered when it is there, whether or not more follows it.
    for ends in [true, false] {
        let (mut ask, mut answer) = connection.open_bi().await.unwrap();
        ask.write_raw(&later()).await.unwrap();
        if ends {
            ask.finish().await.unwrap();
        }
        let answer = timeout(LONG, answer.recv()).await.unwrap();
        let Ok(Some(Message::Failed(failed))) = answer else { panic!("{ends}: {answer:?}") };
        assert_eq!(failed.failure, Failure::UNSUPPORTED);
    }
    // On the streams that have no answers it is as if it had not come.
    send.write_raw(&later()).await.unwrap();
    send.send(&attach("work").into()).await.unwrap();
    // What is typed before that has nowhere to go.
    while !matches!(timeout(LONG, recv.recv()).await.unwrap(), Ok(Some(Message::Attached(_)))) {}
    let mut input = connection.open_uni().await.unwrap();
    input.write_raw(&later()).await.unwrap();
    let pane = made.pane.unwrap();
    let events = vec![InputEvent { kind: InputKind(LATER), body: b"x".to_vec() }];
    let mut ext = Ext::none();
    ext.push(LATER, b"x");
    input.send(&Input { pane, number: 1, events, ext: ext.clone() }.into()).await.unwrap();
    let events = vec![InputEvent::text("after it\r")];
    input.send(&Input { pane, number: 2, events, ext }.into()).await.unwrap();
    let wait = Wait {
        target: "work".into(),
        wait_for: WaitFor::MATCH,
        pattern: "^after it$".into(),
        idle_ms: 0,
        since: Some(0),
        timeout_ms: 60_000,
        ext: Ext::none(),
    };
    let (mut ask, mut answer) = connection.open_bi().await.unwrap();
    ask.send(&wait.into()).await.unwrap();
    ask.finish().await.unwrap();
    let answer = timeout(LONG, answer.recv()).await.unwrap();
    assert!(matches!(answer, Ok(Some(Message::Waited(_)))), "{answer:?}");
    assert_eq!(connection.close_reason(), None);
}
