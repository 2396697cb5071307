//! Measures a running server on its machine: how long a key takes to come back as a frame, alone and
//! beside panes that print without end, and how fast a long output is recorded and shown.
//!
//! `probe HOME KEYS FLOODS` prints microseconds; the server is the example `serve` or any other.

use std::error::Error;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use ccc_net::{ConnectOptions, Connection, Identity, SendStream};
use ccc_proto::*;
use ccc_sync::{Applied, Mirror};
use tokio::time::timeout;

/// Longer than any answer takes.
const LONG: Duration = Duration::from_secs(60);

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    let mut arguments = std::env::args().skip(1);
    let state = PathBuf::from(arguments.next().unwrap_or_default()).join("state");
    let keys = arguments.next().map_or(Ok(1000), |keys| keys.parse())?;
    let floods = arguments.next().map_or(Ok(0), |floods| floods.parse())?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(run(&state, keys, floods))
}

async fn run(state: &Path, keys: usize, floods: usize) -> Outcome<()> {
    let (connection, mut control) = connect(state).await?;
    let quiet = make(&connection, "stty raw -echo; exec cat").await?;
    for _ in 0..floods {
        make(&connection, "exec yes 'a line of a flood, long enough to be one of a log file'")
            .await?;
    }
    let attach = Attach {
        target: quiet.to_string(),
        create: false,
        view: false,
        steal: false,
        size: WireSize { cols: 80, rows: 24 },
        pixels: PixelSize::default(),
        known: Vec::new(),
        spawn: Spawn::default(),
        ext: Ext::none(),
    };
    control.send(&attach.into()).await?;
    let mut input = connection.open_uni().await?;
    let mut applied = connection.open_uni().await?;
    let mut mirror = Mirror::new(quiet);
    let mut times = Vec::with_capacity(keys);
    frame(&connection, &mut applied, &mut mirror).await?;
    // Each key finds a quiet path.
    let mut pace = tokio::time::interval(Duration::from_millis(3));
    for number in 1..=keys {
        pace.tick().await;
        let before = mirror.cursor();
        let typed = Instant::now();
        let events = vec![InputEvent::text("x")];
        let number = number as u64;
        input.send(&Input { pane: quiet, number, events, ext: Ext::none() }.into()).await?;
        while mirror.cursor() == before {
            frame(&connection, &mut applied, &mut mirror).await?;
        }
        times.push(typed.elapsed());
        if number.is_multiple_of(60) {
            let events = vec![InputEvent::literal(b"\x1b[H\x1b[J")];
            let number = number + 1_000_000;
            input.send(&Input { pane: quiet, number, events, ext: Ext::none() }.into()).await?;
            while mirror.cursor().col != 0 {
                frame(&connection, &mut applied, &mut mirror).await?;
            }
        }
    }
    times.sort();
    let at = |percent: usize| times[(times.len() * percent / 100).min(times.len() - 1)].as_micros();
    let (p50, p90, p99) = (at(50), at(90), at(99));
    writeln!(io::stdout(), "echo us p50 {p50} p90 {p90} p99 {p99} beside {floods} floods")?;
    let kill = StopServer { kill: true, ext: Ext::none() };
    ask(&connection, kill.into()).await?;
    Ok(())
}

async fn connect(state: &Path) -> Outcome<(Connection, SendStream)> {
    let local = ccc_server::local_server(state)?;
    let identity = Identity::load_or_create(&state.join("client/key"))?;
    let options = ConnectOptions::new(local.address, local.server.parse()?, identity);
    let connection = ccc_net::connect(options).await?;
    let (mut control, mut answers) = connection.open_bi().await?;
    let hello = Hello {
        minor: MINOR,
        software: "probe".into(),
        kind: ClientKind::LIBRARY,
        host: String::new(),
        pid: 0,
        ext: Ext::none(),
    };
    control.send(&hello.into()).await?;
    timeout(LONG, answers.recv()).await??;
    // What else is said there is not needed, and must not fill its window.
    tokio::spawn(async move { while let Ok(Some(_)) = answers.recv().await {} });
    Ok((connection, control))
}

async fn ask(connection: &Connection, request: Message) -> Outcome<Message> {
    let (mut send, mut recv) = connection.open_bi().await?;
    send.send(&request).await?;
    send.finish().await?;
    timeout(LONG, recv.recv()).await??.ok_or_else(|| "no answer".into())
}

async fn make(connection: &Connection, script: &str) -> Outcome<PaneId> {
    let spawn = Spawn {
        argv: vec![b"/bin/sh".to_vec(), b"-c".to_vec(), script.into()],
        size: WireSize { cols: 80, rows: 24 },
        ..Spawn::default()
    };
    match ask(connection, New { spawn, ..New::default() }.into()).await? {
        Message::Done(Done { pane: Some(pane), .. }) => Ok(pane),
        other => Err(format!("no pane: {other:?}").into()),
    }
}

/// Takes one frame and puts it on the mirror.
async fn frame(
    connection: &Connection,
    applied: &mut SendStream,
    mirror: &mut Mirror,
) -> Outcome<()> {
    let mut stream = timeout(LONG, connection.accept_uni()).await??;
    let Some(Message::Frame(frame)) = timeout(LONG, stream.recv()).await?? else {
        return Err("a stream without a frame".into());
    };
    if let (Applied::Done, Some(done)) = (mirror.apply(&frame)?, mirror.frame_applied()) {
        applied.send(&done.into()).await?;
    }
    Ok(())
}
