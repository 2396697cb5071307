//! A server as a process of its own, clients on the loopback, and programs that do as they are told:
//! what the tests of the whole server stand on.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use ccc_net::{ConnectOptions, Connection, Identity, RecvStream, SendStream};
use ccc_proto::*;
use ccc_server::local_server;
use ccc_sync::{Applied, Mirror};
use ccc_testkit::example;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::timeout;

/// Longer than anything takes: a test that waits so long has failed.
pub(crate) const LONG: Duration = Duration::from_secs(60);

/// A home with its server. Everything is ended and deleted with it.
pub(crate) struct World {
    home: tempfile::TempDir,
    server: Option<Child>,
}

impl World {
    /// A home with a running server.
    pub(crate) fn start() -> Self {
        let home = tempfile::Builder::new().prefix("ccc-server").tempdir().unwrap();
        let mut world = Self { home, server: None };
        world.serve();
        world
    }

    /// Writes the configuration of the next server.
    pub(crate) fn with_config(text: &str) -> Self {
        let home = tempfile::Builder::new().prefix("ccc-server").tempdir().unwrap();
        std::fs::create_dir(home.path().join("config")).unwrap();
        std::fs::write(home.path().join("config/config.toml"), text).unwrap();
        let mut world = Self { home, server: None };
        world.serve();
        world
    }

    /// Starts the server and waits until it takes clients.
    pub(crate) fn serve(&mut self) {
        let mut server = Command::new(example("serve").unwrap())
            .arg("serve")
            .arg(self.home.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(server.stdout.take().unwrap()).read_line(&mut line).unwrap();
        assert_eq!(line, "ready\n", "{}", self.log());
        self.server = Some(server);
    }

    pub(crate) fn state(&self) -> PathBuf {
        self.home.path().join("state")
    }

    pub(crate) fn pid(&self) -> u32 {
        local_server(&self.state()).unwrap().pid
    }

    pub(crate) fn log(&self) -> String {
        let read = |name| std::fs::read_to_string(self.state().join("log").join(name));
        format!(
            "{}\n{}",
            read("server.log").unwrap_or_default(),
            read("keeper.log").unwrap_or_default()
        )
    }

    /// Kills the server; its keeper starts another.
    pub(crate) fn kill_server(&mut self) {
        if let Some(mut server) = self.server.take() {
            server.kill().unwrap();
            server.wait().unwrap();
        }
    }

    /// Waits until a server of another process takes clients.
    pub(crate) async fn next_server(&self, former: u32) {
        let changed = async {
            loop {
                // The keeper starts it at once; the file says when it listens.
                if local_server(&self.state()).is_ok_and(|server| server.pid != former) {
                    return;
                }
                tokio::task::yield_now().await;
            }
        };
        timeout(LONG, changed).await.expect("another server");
    }

    /// Waits until the server has left by itself.
    pub(crate) fn wait_for_server(&mut self) {
        let status = self.server.take().unwrap().wait().unwrap();
        assert!(status.success(), "{}", self.log());
    }

    /// A client that has said hello.
    pub(crate) async fn client(&self) -> Client {
        Client::connect(&self.state()).await
    }
}

impl Drop for World {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("{}", self.log());
        }
        let state = self.state();
        if local_server(&state).is_err() {
            // It never came up; a keeper without panes leaves by itself.
            return;
        }
        let stopping = std::thread::spawn(move || {
            let runtime =
                tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async move {
                let Ok(client) = timeout(LONG, Client::connect(&state)).await else { return };
                let _ =
                    timeout(LONG, client.ask(StopServer { kill: true, ext: Ext::none() })).await;
                let _ = timeout(LONG, client.connection.closed()).await;
            });
        });
        let _ = stopping.join();
        if let Some(mut server) = self.server.take() {
            let _ = server.wait();
        }
    }
}

/// How to reach the server of a state directory as somebody. Whoever comes waits as long as a test does.
pub(crate) fn connect_options(state: &Path, identity: Identity) -> ConnectOptions {
    let local = local_server(state).unwrap();
    let options = ConnectOptions::new(local.address, local.server.parse().unwrap(), identity);
    ConnectOptions { deadline: LONG, ..options }
}

/// A connection after its hello.
pub(crate) struct Client {
    pub(crate) connection: Connection,
    pub(crate) welcome: Welcome,
    control: SendStream,
    from_server: RecvStream,
}

impl Client {
    pub(crate) async fn connect(state: &Path) -> Self {
        let identity = Identity::load_or_create(&state.join("client/key")).unwrap();
        Self::connect_as(state, identity).await
    }

    /// As whoever holds this key.
    pub(crate) async fn connect_as(state: &Path, identity: Identity) -> Self {
        let connection = ccc_net::connect(connect_options(state, identity)).await.unwrap();
        Self::greet(&connection).await.expect("a welcome")
    }

    /// Says hello; `None` when nothing comes back.
    pub(crate) async fn greet(connection: &Connection) -> Option<Self> {
        let (mut control, mut from_server) = connection.open_bi().await.ok()?;
        let hello = Hello {
            minor: MINOR,
            software: "test".into(),
            kind: ClientKind::LIBRARY,
            host: "here".into(),
            pid: 0,
            ext: Ext::none(),
        };
        control.send(&hello.into()).await.ok()?;
        let Ok(Some(Message::Welcome(welcome))) = from_server.recv().await else { return None };
        Some(Self { connection: connection.clone(), welcome, control, from_server })
    }

    /// One request and the first message of its answer.
    pub(crate) async fn ask(&self, request: impl Into<Message>) -> Message {
        let (mut send, mut recv) = self.connection.open_bi().await.unwrap();
        send.send(&request.into()).await.unwrap();
        send.finish().await.unwrap();
        timeout(LONG, recv.recv()).await.expect("an answer in time").unwrap().expect("an answer")
    }

    /// One request and every message of its answer.
    pub(crate) async fn ask_all(&self, request: impl Into<Message>) -> Vec<Message> {
        let (mut send, mut recv) = self.connection.open_bi().await.unwrap();
        send.send(&request.into()).await.unwrap();
        send.finish().await.unwrap();
        let mut all = Vec::new();
        while let Some(message) = timeout(LONG, recv.recv()).await.expect("in time").unwrap() {
            all.push(message);
        }
        all
    }

    /// A request that makes something.
    pub(crate) async fn done(&self, request: impl Into<Message>) -> Done {
        match self.ask(request).await {
            Message::Done(done) => done,
            other => panic!("not done: {other:?}"),
        }
    }

    pub(crate) async fn sessions(&self) -> Vec<SessionInfo> {
        match self.ask(ListSessions::default()).await {
            Message::Sessions(sessions) => sessions.sessions,
            other => panic!("no sessions: {other:?}"),
        }
    }

    /// Looks at a session and reads nothing that comes.
    pub(crate) async fn attach_and_stall(mut self, attach: Attach) -> Self {
        self.control.send(&attach.into()).await.unwrap();
        self
    }

    /// Looks at a session.
    pub(crate) async fn attach(mut self, attach: Attach) -> Viewer {
        self.control.send(&attach.into()).await.unwrap();
        Viewer::new(self).await
    }
}

/// A new session that runs a shell script.
pub(crate) fn new(name: &str, script: &str) -> New {
    New { name: name.into(), spawn: spawn(script), ..New::default() }
}

/// What runs a shell script.
pub(crate) fn spawn(script: &str) -> Spawn {
    let machine = std::fs::read_to_string("/etc/machine-id").unwrap_or_default();
    Spawn {
        argv: vec![b"/bin/sh".to_vec(), b"-c".to_vec(), script.into()],
        env: vec![(b"PATH".to_vec(), b"/usr/bin:/bin".to_vec()), (b"PS1".to_vec(), b"$ ".to_vec())],
        machine: machine.trim().into(),
        size: WireSize { cols: 80, rows: 24 },
        ..Spawn::default()
    }
}

pub(crate) fn attach(target: &str) -> Attach {
    Attach {
        target: target.into(),
        create: false,
        view: false,
        steal: false,
        size: WireSize { cols: 80, rows: 24 },
        pixels: PixelSize::default(),
        known: Vec::new(),
        spawn: spawn("exec cat"),
        ext: Ext::none(),
    }
}

/// A client that looks at a session and keeps its mirrors.
pub(crate) struct Viewer {
    /// Ends when it is dropped.
    _connection: Connection,
    pub(crate) mirrors: BTreeMap<PaneId, Mirror>,
    /// What came on the control stream.
    pub(crate) said: Vec<Message>,
    control: SendStream,
    input: SendStream,
    applied: SendStream,
    number: u64,
    inbound: mpsc::Receiver<Message>,
    _readers: JoinSet<()>,
}

impl Viewer {
    async fn new(client: Client) -> Self {
        let Client { connection, control, mut from_server, .. } = client;
        let (words, inbound) = mpsc::channel(64);
        let mut readers = JoinSet::new();
        let said = words.clone();
        readers.spawn(async move {
            while let Ok(Some(message)) = from_server.recv().await {
                if said.send(message).await.is_err() {
                    return;
                }
            }
        });
        let frames = connection.clone();
        readers.spawn(async move {
            while let Ok(mut stream) = frames.accept_uni().await {
                let words = words.clone();
                tokio::spawn(async move {
                    if let Ok(Some(message)) = stream.recv().await {
                        let _ = words.send(message).await;
                    }
                });
            }
        });
        let input = connection.open_uni().await.unwrap();
        let applied = connection.open_uni().await.unwrap();
        Self {
            _connection: connection,
            mirrors: BTreeMap::new(),
            said: Vec::new(),
            control,
            input,
            applied,
            number: 0,
            inbound,
            _readers: readers,
        }
    }

    pub(crate) async fn tell(&mut self, message: impl Into<Message>) {
        self.control.send(&message.into()).await.unwrap();
    }

    pub(crate) async fn type_text(&mut self, pane: PaneId, text: &str) -> u64 {
        self.number += 1;
        let events = vec![InputEvent::text(text)];
        let input = Input { pane, number: self.number, events, ext: Ext::none() };
        self.input.send(&input.into()).await.unwrap();
        self.number
    }

    /// Types, if the connection still takes it.
    pub(crate) async fn try_type(&mut self, pane: PaneId, text: &str) -> bool {
        self.number += 1;
        let events = vec![InputEvent::text(text)];
        let input = Input { pane, number: self.number, events, ext: Ext::none() };
        self.input.send(&input.into()).await.is_ok()
    }

    pub(crate) async fn key(&mut self, pane: PaneId, code: WireKeyCode) {
        self.number += 1;
        let events = vec![InputEvent::key(&WireKey { code, kind: 1, ..WireKey::default() })];
        let input = Input { pane, number: self.number, events, ext: Ext::none() };
        self.input.send(&input.into()).await.unwrap();
    }

    pub(crate) async fn interrupt(&mut self, pane: PaneId) {
        self.number += 1;
        let interrupt = Interrupt { pane, number: self.number, ext: Ext::none() };
        self.input.send(&interrupt.into()).await.unwrap();
    }

    /// Waits for the word that it looks at a session.
    pub(crate) async fn attached(&mut self) -> Attached {
        self.said(|message| match message {
            Message::Attached(attached) => Some(attached.clone()),
            _ => None,
        })
        .await
    }

    /// Waits for a layout.
    pub(crate) async fn layout(&mut self) -> Layout {
        self.said(|message| match message {
            Message::Layout(layout) => Some(layout.clone()),
            _ => None,
        })
        .await
    }

    /// Detaches and waits until the server knows.
    pub(crate) async fn leave(mut self) {
        self.tell(Detach { ext: Ext::none() }).await;
        self.said(|message| matches!(message, Message::Detached(_)).then_some(())).await;
    }

    /// Takes the next message: a frame is applied and acknowledged, the rest is kept.
    pub(crate) async fn next(&mut self) {
        let message =
            timeout(LONG, self.inbound.recv()).await.expect("something in time").expect("a link");
        let Message::Frame(frame) = message else {
            self.said.push(message);
            return;
        };
        let mirror = self.mirrors.entry(frame.pane).or_insert_with(|| Mirror::new(frame.pane));
        match mirror.apply(&frame).unwrap() {
            Applied::Done => {
                let applied = mirror.frame_applied().unwrap();
                self.applied.send(&applied.into()).await.unwrap();
            }
            Applied::NeedsWhole => {
                let wanted = FrameWanted { pane: frame.pane };
                self.applied.send(&wanted.into()).await.unwrap();
            }
            Applied::Stale => {}
        }
    }

    pub(crate) fn text(&self, pane: PaneId) -> String {
        let Some(mirror) = self.mirrors.get(&pane) else { return String::new() };
        let rows: Vec<String> =
            mirror.rows().iter().map(|row| row.text().trim_end().to_owned()).collect();
        rows.join("\n")
    }

    /// Waits until a pane shows a text.
    pub(crate) async fn shows(&mut self, pane: PaneId, text: &str) {
        while !self.text(pane).contains(text) {
            // A wait that is nearly over says what there was instead.
            if timeout(LONG / 2, self.next()).await.is_err() {
                panic!("{text:?} was not shown, but:\n{}", self.text(pane));
            }
        }
    }

    /// Waits until the control stream said what is looked for.
    pub(crate) async fn said<T>(&mut self, wanted: impl Fn(&Message) -> Option<T>) -> T {
        loop {
            if let Some(found) = self.said.iter().find_map(&wanted) {
                return found;
            }
            self.next().await;
        }
    }
}
