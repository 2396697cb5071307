//! Servers that die while somebody connects, and servers of other versions.

use std::process::{Command, Stdio};
use std::time::Duration;

use ccc_net::Identity;
use ccc_proto::{
    ClientId, ClientKind, Ext, Failed, Failure, MINOR, Message, Ping, Pong, SearchRequest, Welcome,
};
use tokio::net::UdpSocket;
use tokio::time::timeout;

use super::{Connect, Server};
use crate::{Endpoints, Home};

/// Far below the deadline of a hand-shake would do; a loaded machine may need longer.
const PATIENCE: Duration = Duration::from_secs(60);

/// A hand-shake that a dead server took along was waited for until its deadline, five seconds, while
/// the successor was there all the time.
#[tokio::test]
async fn the_successor_of_a_server_that_dies_in_a_hand_shake_is_asked_at_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let home = Home::under(folder.path());
    std::fs::create_dir_all(home.state().join("run")).expect("a folder");
    std::fs::create_dir_all(home.identity()).expect("a folder");
    let server = Identity::ephemeral().id();
    let [first, second] = [socket().await, socket().await];
    let told = |socket: &UdpSocket, pid: u32| {
        let address = socket.local_addr().expect("it is bound");
        let text = format!(r#"{{"address":"{address}","server":"{server}","pid":{pid}}}"#);
        std::fs::write(home.server_file(), text).expect("a file");
    };
    let mut dying = Command::new("cat").stdin(Stdio::piped()).spawn().expect("cat runs");
    told(&first, dying.id());
    let connect = Connect {
        home: home.clone(),
        endpoints: Endpoints::default(),
        kind: ClientKind::CLI,
        starter: None,
        host: None,
        token: None,
    };
    let connecting = tokio::spawn(async move { connect.connect().await });
    heard(&first).await;
    told(&second, std::process::id());
    dying.kill().expect("it runs");
    dying.wait().expect("it ran");
    heard(&second).await;
    assert!(!connecting.is_finished());
    connecting.abort();
}

async fn socket() -> UdpSocket {
    UdpSocket::bind("127.0.0.1:0").await.expect("a free port")
}

/// Waits for the beginning of a hand-shake.
async fn heard(socket: &UdpSocket) {
    let mut packet = [0; 2048];
    let heard = timeout(PATIENCE, socket.recv(&mut packet)).await.expect("somebody connects");
    assert!(heard.expect("loopback works") >= 1200);
}

/// A server of the first minor version, which knows nothing of what came later, and one of a version that is to
/// come: both are worked with, and what is not known is told in words.
#[tokio::test]
async fn servers_of_other_versions_are_worked_with() {
    for minor in [0, MINOR, 900] {
        let (ours, theirs) = ccc_net::memory::pair();
        let serving = tokio::spawn(async move {
            theirs.authorize();
            let (mut send, mut recv) = theirs.accept_bi().await.expect("a client");
            let Ok(Some(Message::Hello(_))) = recv.recv().await else { panic!("no hello") };
            // What came later comes before the welcome and after it.
            send.write_raw(&later()).await.expect("it reads");
            let mut ext = Ext::none();
            if minor > MINOR {
                ext.push(9999, b"what it says is nobody's affair");
            }
            let welcome = Welcome {
                minor,
                software: "another".into(),
                server: String::new(),
                client: ClientId(1),
                host: "box".into(),
                pid: 0,
                ext,
            };
            send.send(&welcome.into()).await.expect("it reads");
            send.write_raw(&later()).await.expect("it reads");
            let (mut send, mut recv) = theirs.accept_bi().await.expect("a request");
            assert!(matches!(recv.recv().await, Ok(Some(Message::SearchRequest(_)))));
            let failed = Failed {
                failure: Failure::UNSUPPORTED,
                why: "this server does not know that request".into(),
                hint: String::new(),
                ext: Ext::none(),
            };
            send.send(&failed.into()).await.expect("it reads");
            send.finish().await.expect("it reads");
            let (mut send, mut recv) = theirs.accept_bi().await.expect("a request");
            assert!(matches!(recv.recv().await, Ok(Some(Message::Ping(_)))));
            send.write_raw(&later()).await.expect("it reads");
            send.send(&Pong::default().into()).await.expect("it reads");
            theirs.closed().await
        });
        let server = Server::greet(ours, ClientKind::CLI, None).await.expect("a welcome");
        assert_eq!(server.welcome().minor, minor);
        let refused = server.request(SearchRequest::default()).await.expect_err("not known there");
        assert_eq!(refused.failure(), Some(Failure::UNSUPPORTED));
        assert!(refused.to_string().contains("does not know that request"));
        let answer = server.request(Ping::default()).await.expect("an answer");
        assert!(matches!(answer, Message::Pong(_)));
        drop(server);
        serving.await.expect("no panic");
    }
}

/// A message of a number that nobody here knows.
fn later() -> Vec<u8> {
    let body = b"what it says is nobody's affair";
    let length = u32::try_from(body.len()).expect("it is short").to_le_bytes();
    [&length[..], &9999_u16.to_le_bytes(), &[0], body].concat()
}
