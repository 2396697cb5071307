//! Servers that die while somebody connects.

use std::process::{Command, Stdio};
use std::time::Duration;

use ccc_net::Identity;
use ccc_proto::ClientKind;
use tokio::net::UdpSocket;
use tokio::time::timeout;

use super::Connect;
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
