//! Outages, in virtual time: QUIC over a wire in memory, a server that is a script, and a program that notes
//! each key it gets.

use std::net::{SocketAddr, UdpSocket};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use ccc_net::memory::Wire;
use ccc_net::{Connection, Identity, Listener, SendStream};
use ccc_proto::{
    Attach, Attached, AttachmentId, ClientId, ClientKind, Ext, Input, InputEvent, Message, PaneId,
    PixelSize, SessionId, Spawn, TtyFlags, Welcome, WireSize, attach_tag,
};
use ccc_sync::{FrameContext, frame_since};
use ccc_vt::{Limits, Screen, Size};
use tokio::time::{Instant, timeout};

mod silence;
mod sizes;

use super::{Attachment, ClientEvent, LinkState, NotSent};
use crate::{Connect, Endpoints, Home, Host};

const DELAY: Duration = Duration::from_millis(40);
const ROUND_TRIP: Duration = Duration::from_millis(80);
const PANE: PaneId = PaneId(1);
/// Between two packets of a client that looks for its server: each try lasts 5 s, in which they become fewer, and
/// the next one begins 2 s later.
const SOON: Duration = Duration::from_millis(2700);
const HALF_AN_HOUR: Duration = Duration::from_secs(30 * 60);

/// A program that prints what it reads, and whoever types into it.
struct Program {
    screen: Screen,
    /// Every key that it got.
    got: String,
    attachments: u64,
    /// The last number that was taken of the newest attachment.
    taken: u64,
    /// What its viewer's terminal has.
    size: WireSize,
    viewer: Option<Connection>,
}

type Shared = Arc<Mutex<Program>>;

/// A client that looks at the program over a wire.
struct World {
    wire: Wire,
    program: Shared,
    attachment: Attachment,
    /// What happened to the link so far.
    links: Vec<LinkState>,
    unsure: u64,
    attached: usize,
    _folder: tempfile::TempDir,
    /// Has the server's port in the system, which is asked whether anybody is there.
    _port: UdpSocket,
}

impl World {
    async fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let port = UdpSocket::bind("127.0.0.1:0").expect("a free port");
        let (server, client): (SocketAddr, SocketAddr) =
            (port.local_addr().expect("it is bound"), "127.0.0.1:1".parse().expect("an address"));
        let (wire, identity) = (Wire::new(DELAY), Identity::ephemeral());
        let program = Program {
            screen: Screen::new(Size::new(80, 24), Limits::default()),
            got: String::new(),
            attachments: 0,
            taken: 0,
            size: WireSize::default(),
            viewer: None,
        };
        let program = Arc::new(Mutex::new(program));
        let listener = wire.listener(server, &identity).expect("a listener");
        tokio::spawn(serve(listener, Arc::clone(&program)));
        let host = Host {
            name: "box".into(),
            addresses: vec![server.to_string()],
            via: None,
            server: identity.id(),
            paired_unix_ms: 0,
        };
        let connect = Connect {
            home: Home::under(folder.path()),
            endpoints: Endpoints::of_ipv4(wire.endpoint(client).expect("a socket")),
            kind: ClientKind::LIBRARY,
            starter: None,
            host: Some(host),
            token: None,
        };
        let attach = Attach {
            target: "work".into(),
            create: false,
            view: false,
            steal: false,
            size: WireSize { cols: 80, rows: 24 },
            pixels: PixelSize::default(),
            known: Vec::new(),
            spawn: Spawn::default(),
            ext: Ext::none(),
        };
        print(&program, "ready ");
        ccc_journal::dir::create_private(connect.home.state()).expect("a folder");
        let attachment = Attachment::start(connect, attach).await.expect("the server is there");
        let mut world = Self {
            wire,
            program,
            attachment,
            links: Vec::new(),
            unsure: 0,
            attached: 0,
            _folder: folder,
            _port: port,
        };
        world.until_shown("ready").await;
        world
    }

    async fn step(&mut self) {
        while let Some(ClientEvent::Unsure(count)) = self.attachment.queued() {
            self.unsure += count;
        }
        match self.attachment.next().await {
            ClientEvent::Link(state) => self.links.push(state),
            ClientEvent::Attached(_) => self.attached += 1,
            ClientEvent::Gone(error) => panic!("{error}"),
            _ => {}
        }
        while let Some(ClientEvent::Unsure(count)) = self.attachment.queued() {
            self.unsure += count;
        }
    }

    /// Lets time pass.
    async fn pass(&mut self, time: Duration) {
        let until = Instant::now() + time;
        while tokio::time::timeout_at(until, self.step()).await.is_ok() {}
    }

    fn shown(&self) -> String {
        let rows = self.attachment.mirror(PANE).map(|mirror| mirror.rows().to_vec());
        rows.into_iter().flatten().map(|row| row.text().trim_end().to_owned()).collect()
    }

    async fn until_shown(&mut self, text: &str) {
        let shown = async {
            while !self.shown().contains(text) {
                self.step().await;
            }
        };
        if timeout(Duration::from_secs(60), shown).await.is_err() {
            panic!("{text:?} is not shown, but {:?}; the link was {:?}", self.shown(), self.links);
        }
    }

    fn type_text(&mut self, text: &str) -> Result<u64, NotSent> {
        self.attachment.input(PANE, vec![InputEvent::text(text)])
    }

    fn got(&self) -> String {
        lock(&self.program).got.clone()
    }
}

fn lock(program: &Shared) -> std::sync::MutexGuard<'_, Program> {
    program.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The program prints; whoever looks is told.
fn print(program: &Shared, text: &str) {
    lock(program).screen.advance(text.as_bytes());
    show(program);
}

fn show(program: &Shared) {
    let (frame, viewer) = {
        let program = lock(program);
        let context = FrameContext {
            pane: PANE,
            epoch: 1,
            base: None,
            input_done: program.taken,
            tty: TtyFlags(0),
        };
        (frame_since(&program.screen, context), program.viewer.clone())
    };
    let Some(viewer) = viewer else { return };
    tokio::spawn(async move {
        // A frame that does not arrive is followed by a newer one.
        let mut stream = viewer.open_uni().await.ok()?;
        stream.send(&frame.into()).await.ok()?;
        stream.finish().await.ok()
    });
}

async fn serve(listener: Listener, program: Shared) {
    while let Some(incoming) = listener.accept().await {
        let program = Arc::clone(&program);
        tokio::spawn(async move {
            let connection = incoming.handshake().await.ok()?;
            connection.authorize();
            look(connection, program).await
        });
    }
}

/// One connection: welcome, the attach, and then keys.
async fn look(connection: Connection, program: Shared) -> Option<()> {
    let (mut send, mut recv) = connection.accept_bi().await.ok()?;
    let Ok(Some(Message::Hello(_))) = recv.recv().await else { return None };
    welcome(&mut send).await?;
    let Ok(Some(Message::Attach(attach))) = recv.recv().await else { return None };
    let before = attach.ext.find(attach_tag::INPUTS).and_then(|bytes| bytes.first_chunk());
    let attachment = {
        let mut program = lock(&program);
        program.attachments += 1;
        program.taken = before.map_or(0, |bytes| u64::from_le_bytes(*bytes));
        program.size = attach.size;
        program.viewer = Some(connection.clone());
        AttachmentId(program.attachments)
    };
    let attached = Attached {
        attachment,
        session: SessionId(1),
        name: "work".into(),
        created: false,
        writable: true,
        ext: Ext::none(),
    };
    send.send(&attached.into()).await.ok()?;
    show(&program);
    let sized = Arc::clone(&program);
    tokio::spawn(async move {
        while let Ok(Some(message)) = recv.recv().await {
            if let Message::ClientSize(told) = message {
                lock(&sized).size = told.size;
            }
        }
    });
    while let Ok(mut stream) = connection.accept_uni().await {
        let program = Arc::clone(&program);
        tokio::spawn(async move {
            while let Ok(Some(message)) = stream.recv().await {
                match message {
                    Message::Input(input) => take(&program, attachment, input),
                    Message::InputAgain(again) if again.attachment == attachment => {
                        again
                            .inputs
                            .into_iter()
                            .for_each(|input| take(&program, attachment, input));
                    }
                    Message::FrameWanted(_) => show(&program),
                    _ => {}
                }
            }
        });
    }
    Some(())
}

async fn welcome(send: &mut SendStream) -> Option<()> {
    let welcome = Welcome {
        minor: ccc_proto::MINOR,
        software: "script".into(),
        server: String::new(),
        client: ClientId(1),
        host: "box".into(),
        pid: 0,
        ext: Ext::none(),
    };
    send.send(&welcome.into()).await.ok()
}

/// Each key once and in order, whichever stream brings it.
fn take(program: &Shared, attachment: AttachmentId, input: Input) {
    let text: String = {
        let mut program = lock(program);
        if program.attachments != attachment.0 || input.number != program.taken + 1 {
            return;
        }
        program.taken = input.number;
        input.events.iter().map(|event| String::from_utf8_lossy(&event.body)).collect()
    };
    lock(program).got += &text;
    print(program, &text);
}

#[tokio::test(start_paused = true)]
async fn after_half_an_hour_without_a_network_the_attach_goes_on() {
    let mut world = World::new().await;
    world.type_text("a").unwrap();
    world.until_shown("ready a").await;

    world.wire.set_down(true);
    world.type_text("b").unwrap();
    print(&world.program, "meanwhile ");
    world.pass(HALF_AN_HOUR).await;
    assert!(
        matches!(world.links.last(), Some(LinkState::Reconnecting { .. })),
        "{:?}",
        world.links
    );
    // Whoever types is told at once that nobody takes it.
    assert_eq!(world.type_text("c"), Err(NotSent));
    assert_eq!(world.unsure, 1, "the key that was under way is told of");

    let before = world.attached;
    world.wire.set_down(false);
    let back = Instant::now();
    world.until_shown("ready ameanwhile").await;
    let right = Instant::now();
    let first = world.wire.first_passed().expect("something passed");
    println!(
        "the first packet {:?} after the network was back, the screen {:?} after it",
        first - back,
        right - first
    );
    assert!(right - first <= 2 * ROUND_TRIP, "{:?} after the first packet", right - first);
    assert!(right - back <= SOON + 2 * ROUND_TRIP, "{:?}", right - back);
    assert_eq!(world.attached, before + 1, "it is attached once");

    world.type_text("d").unwrap();
    world.until_shown("meanwhile d").await;
    assert_eq!(
        world.got(),
        "ad",
        "the key of the outage is lost, and was told of; none came twice"
    );
    assert_eq!(world.unsure, 1);
}

#[tokio::test(start_paused = true)]
async fn a_key_that_arrived_before_the_outage_does_not_come_again() {
    let mut world = World::new().await;
    world.type_text("a").unwrap();
    // It is with the program, and nobody here hears of it.
    world.pass(DELAY + Duration::from_millis(5)).await;
    world.wire.set_down(true);
    assert_eq!(world.got(), "a");
    world.pass(HALF_AN_HOUR).await;
    assert_eq!(world.unsure, 1, "nobody here can know");
    world.wire.set_down(false);
    world.until_shown("ready a").await;
    world.type_text("b").unwrap();
    world.until_shown("ready ab").await;
    assert_eq!(world.got(), "ab");
}

#[tokio::test(start_paused = true)]
async fn a_shorter_outage_ends_no_connection_and_loses_no_key() {
    for seconds in [1, 5, 10, 20, 28] {
        let mut world = World::new().await;
        world.wire.set_down(true);
        // Long enough before the others to be found lost with them.
        world.type_text("a").unwrap();
        world.pass(Duration::from_secs(seconds)).await;
        world.type_text("b").unwrap();
        world.wire.set_down(false);
        let back = Instant::now();
        world.until_shown("ready ab").await;
        println!("after {seconds} s the screen is right in {:?}", back.elapsed());
        assert!(back.elapsed() <= Duration::from_secs(2), "{:?}", back.elapsed());
        assert_eq!((world.got().as_str(), world.unsure), ("ab", 0));
        assert!(world.links.is_empty(), "{:?}", world.links);
    }
}

/// Whenever a network comes back, a packet is not far.
#[tokio::test(start_paused = true)]
async fn a_network_that_comes_back_is_found_soon() {
    let mut longest = Duration::ZERO;
    for number in 0..12 {
        let mut world = World::new().await;
        world.wire.set_down(true);
        world.pass(Duration::from_secs(90) + number * Duration::from_millis(640)).await;
        world.wire.set_down(false);
        let (back, before) = (Instant::now(), world.attached);
        while world.attached == before {
            world.step().await;
        }
        longest = longest.max(back.elapsed());
    }
    println!("found after {longest:?} at most");
    assert!(longest <= SOON + 2 * ROUND_TRIP, "{longest:?}");
}
