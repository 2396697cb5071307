//! Many clients of one server, each with a socket and a connection of its own, who look at sessions that print
//! `tick N` now and then. For whoever measures the server meanwhile.
//!
//! `crowd HOME COUNT SESSION...` says `attached` when everybody sees a tick, looks on until a line of its input,
//! and then until everybody has seen the tick of that number, if the line is one. Says as JSON the last tick
//! that all saw, how many one missed at most, and how long after the first of those who look at the same session
//! the last one saw the same tick, in milliseconds.

use std::collections::HashMap;
use std::error::Error;
use std::io::{self, BufRead as _, Write as _};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use ccc_client::proto::{Attach, ClientKind, Ext, PixelSize, Spawn, WireSize};
use ccc_client::{Attachment, ClientEvent, Connect, Endpoints, Home, Mirror};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::sync::{Semaphore, mpsc, watch};
use tokio::task::JoinSet;

type Failure = Box<dyn Error + Send + Sync>;

/// Clients that come at the same time.
const AT_ONCE: usize = 16;

/// When the first and the last one saw a tick of a session.
type Seen = HashMap<(usize, u64), (Instant, Instant)>;

/// What one client saw.
#[derive(Clone, Copy, Debug, Default)]
struct Ticks {
    last: u64,
    missed: u64,
}

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [home, count, sessions @ ..] = arguments.as_slice() else {
        return Err("crowd HOME COUNT SESSION...".into());
    };
    if sessions.is_empty() {
        return Err("no session to look at".into());
    }
    // Each client has a socket, and a hold of the server's process.
    let most = getrlimit(Resource::Nofile).maximum;
    setrlimit(Resource::Nofile, Rlimit { current: most, maximum: most })?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(run(Home::under(Path::new(home)), count.parse()?, sessions))
}

async fn run(home: Home, count: usize, sessions: &[String]) -> Result<(), Failure> {
    let seen = Arc::new(Mutex::new(Seen::new()));
    let places = Arc::new(Semaphore::new(AT_ONCE));
    let (attached, mut all_attached) = mpsc::channel(count.max(1));
    let (over, until) = watch::channel(None);
    let mut clients = JoinSet::new();
    for number in 0..count {
        let session = number % sessions.len();
        let client = Client {
            home: home.clone(),
            session,
            target: sessions[session].clone(),
            seen: Arc::clone(&seen),
            until: until.clone(),
        };
        let (places, attached) = (Arc::clone(&places), attached.clone());
        clients.spawn(async move {
            let place = places.acquire_owned().await?;
            let mut attachment = client.come().await?;
            drop(place);
            attached.send(()).await?;
            client.look(&mut attachment).await
        });
    }
    drop(attached);
    for _ in 0..count {
        tokio::select! {
            one = all_attached.recv() => one.ok_or("a client did not come")?,
            Some(ended) = clients.join_next() => {
                ended??;
                return Err("a client left".into());
            }
        }
    }
    say("attached")?;
    // What was seen while others came is no measurement.
    lock(&seen).clear();
    let line = tokio::task::spawn_blocking(|| {
        let mut line = String::new();
        io::stdin().lock().read_line(&mut line).map(|_count| line)
    });
    over.send(Some(line.await??.trim().parse().unwrap_or(0)))?;
    let mut ticks = Vec::new();
    while let Some(ended) = clients.join_next().await {
        ticks.push(ended??);
    }
    let last = ticks.iter().map(|ticks| ticks.last).min().unwrap_or_default();
    let missed = ticks.iter().map(|ticks| ticks.missed).max().unwrap_or_default();
    let spread: Vec<String> = lock(&seen)
        .values()
        .map(|(first, last)| format!("{:.1}", (*last - *first).as_secs_f64() * 1000.0))
        .collect();
    say(&format!(
        "{{\"clients\":{},\"last\":{last},\"missed\":{missed},\"spread_ms\":[{}]}}",
        ticks.len(),
        spread.join(",")
    ))
}

struct Client {
    home: Home,
    session: usize,
    target: String,
    seen: Arc<Mutex<Seen>>,
    /// The tick that is the last to be seen, once that is known.
    until: watch::Receiver<Option<u64>>,
}

impl Client {
    /// Looks at its session until a tick is there.
    async fn come(&self) -> Result<Attachment, Failure> {
        let connect = Connect {
            home: self.home.clone(),
            endpoints: Endpoints::default(),
            kind: ClientKind::LIBRARY,
            starter: None,
            host: None,
            token: None,
        };
        let attach = Attach {
            target: self.target.clone(),
            create: false,
            view: false,
            steal: false,
            size: WireSize { cols: 80, rows: 24 },
            pixels: PixelSize::default(),
            known: Vec::new(),
            spawn: Spawn::default(),
            ext: Ext::none(),
        };
        let mut attachment = Attachment::start(connect, attach).await?;
        while self.next(&mut attachment).await?.is_empty() {}
        Ok(attachment)
    }

    /// Looks on until it is over.
    async fn look(self, attachment: &mut Attachment) -> Result<Ticks, Failure> {
        let (mut ticks, mut before) = (Ticks::default(), None);
        let mut until = self.until.clone();
        loop {
            let shown = tokio::select! {
                over = until.wait_for(|until| until.is_some_and(|until| ticks.last >= until)) => {
                    over?;
                    return Ok(ticks);
                }
                shown = self.next(attachment) => shown?,
            };
            let Some(newest) = shown.iter().copied().max() else { continue };
            let now = Instant::now();
            let new = shown.into_iter().filter(|tick| before.is_none_or(|before| *tick > before));
            let mut count = 0;
            for tick in new {
                lock(&self.seen).entry((self.session, tick)).or_insert((now, now)).1 = now;
                count += 1;
            }
            ticks.missed += before.map_or(0, |before| newest.saturating_sub(before + count));
            (ticks.last, before) = (newest, Some(newest));
        }
    }

    /// The ticks on the screen after something has happened.
    async fn next(&self, attachment: &mut Attachment) -> Result<Vec<u64>, Failure> {
        match attachment.next().await {
            ClientEvent::Frame(pane) => Ok(attachment.mirror(pane).map(ticks).unwrap_or_default()),
            ClientEvent::Link(state) if attachment.round_trip().is_none() => {
                Err(format!("the link is lost: {state:?}").into())
            }
            ClientEvent::Detached(detached) => Err(format!("detached: {detached:?}").into()),
            ClientEvent::Gone(error) => Err(error.into()),
            _ => Ok(Vec::new()),
        }
    }
}

fn ticks(mirror: &Mirror) -> Vec<u64> {
    let texts = mirror.rows().iter().map(|row| row.text());
    texts.filter_map(|text| text.trim_end().strip_prefix("tick ")?.parse().ok()).collect()
}

fn lock(seen: &Mutex<Seen>) -> std::sync::MutexGuard<'_, Seen> {
    seen.lock().unwrap_or_else(PoisonError::into_inner)
}

fn say(line: &str) -> Result<(), Failure> {
    writeln!(io::stdout(), "{line}")?;
    Ok(())
}
