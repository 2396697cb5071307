//! Programs of panes: how one is started in its world, and how one is ended. Owns the way between a
//! pane of the house and its custody set; what a world is made of is `core::world`'s.

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use ccc_journal::{BootId, ExactText, PaneHeader, PaneUlid, make_unrecorded};
use ccc_keeper::protocol::SignalTarget;
use ccc_keeper::{PaneFds, SpawnSpec, Terms, tty};
use ccc_proto::{Failure, PaneId, SessionId, Spawn, TabId, WireExit, WireExitKind};
use ccc_vt::{CellPixels, Size};
use tokio::io::Interest;
use tokio::task::JoinSet;
use tokio::time::timeout;
use tracing::{info, warn};
use ulid::Ulid;

use crate::book::Book;
use crate::context::Context;
use crate::core::house::{PaneSpec, Plan};
use crate::core::record::Author;
use crate::core::world::{Birth, PaneDirectories, World, reported_directory, world};
use crate::fault::Fault;
use crate::pane::task::{Origin, spawn};
use crate::pane::{Pane, Place, Recording};
use crate::session_files::{self, SessionFiles};
use crate::surroundings::path_bytes;
use crate::{principals, readiness, unrecorded};

/// How long a program may take to end after a hang-up before it is killed.
const GRACE: Duration = Duration::from_secs(5);
/// Bytes over a pane's budget that may lie on disk while the server is away: more, and the program
/// waits for it.
const HARD_CAP_OVER: u64 = 64 * 1024 * 1024;
/// Bytes of the smallest journal file that is made.
const LEAST_FILE: u64 = 64 * 1024;
/// Umask of a program whose asker did not tell: what most systems give a login.
const UMASK: u32 = 0o022;

/// A pane of the house that is to get a program.
#[derive(Clone, Debug)]
pub(crate) struct Birthplace {
    pub(crate) session: SessionId,
    pub(crate) session_ulid: String,
    pub(crate) session_name: String,
    pub(crate) tab: TabId,
    pub(crate) tab_label: String,
    pub(crate) pane: PaneId,
    pub(crate) ulid: PaneUlid,
    /// What it prints may reach the disk.
    pub(crate) recorded: bool,
    pub(crate) size: Size,
    /// How large a cell is in pixels, where somebody who works in its session told.
    pub(crate) cell: Option<CellPixels>,
}

/// What a pane is asked to run, and by whom.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ask<'a> {
    pub(crate) spawn: &'a Spawn,
    pub(crate) author: &'a Author,
    /// The asker is on this machine, so that its shell, directory and environment mean something.
    pub(crate) here: bool,
    /// The pane that the asker stands in or splits.
    pub(crate) from: Option<PaneId>,
}

/// The record of what is asked for, with the directory it will start in.
///
/// # Errors
/// The command cannot be one, or the directory does not exist.
pub(crate) fn spec(ctx: &Context, ask: &Ask<'_>) -> Result<PaneSpec, Fault> {
    let world = make_world(ctx, ask, None)?;
    let cwd = choose_directory(&world)?;
    Ok(PaneSpec {
        argv: ask.spawn.argv.clone(),
        cwd: path_bytes(&cwd),
        umask: ask.spawn.umask,
        open_files: ask.spawn.open_files,
        recorded: is_recorded(ctx, ask),
        ..PaneSpec::default()
    })
}

/// A pane is recorded unless it is asked not to be, or comes from one that is not.
fn is_recorded(ctx: &Context, ask: &Ask<'_>) -> bool {
    let from = ask.from.and_then(|pane| ctx.panes.find(pane));
    !ask.spawn.no_record && from.is_none_or(|pane| !pane.unrecorded())
}

/// Starts the program of a pane that the house has, and makes the pane known.
///
/// # Errors
/// It could not be started; the house still has the pane.
pub(crate) async fn start(
    ctx: &Arc<Context>,
    ask: &Ask<'_>,
    pane: PaneId,
) -> Result<Arc<Pane>, Fault> {
    let place = ctx
        .book
        .run(move |book| book.place_of(pane))
        .await?
        .ok_or_else(|| Fault::new(Failure::NOT_FOUND, format!("pane {pane} does not exist")))?;
    let files = SessionFiles::open(ctx, &place.session_ulid)?;
    let stored;
    let mut ask = *ask;
    if ask.spawn.env.is_empty() {
        stored = Spawn { env: files.read_environment()?, ..ask.spawn.clone() };
        ask.spawn = &stored;
    } else if ask.here {
        files.write_environment(&ask.spawn.env)?;
    }
    let world = make_world(ctx, &ask, Some(&place))?;
    let cwd = choose_directory(&world)?;
    for (name, target) in &world.links {
        session_files::point(&files.links(), name, target);
    }
    let spec = spawn_spec(&world, &cwd, place.cell);
    let dir = if place.recorded {
        place.ulid.dir(ctx.state.root())
    } else {
        make_unrecorded(ctx.state.root(), place.ulid)?
    };
    write_header(ctx, &place, &dir, &world, &cwd, &ask.author.principal)?;
    let budget = ctx.config.recording.pane_budget;
    let segment_bytes = ctx.config.recording.segment_bytes;
    let recorded_terms = Terms {
        hard_cap: budget.saturating_add(HARD_CAP_OVER),
        rotate_bytes: segment_bytes.min((budget / 4).max(LEAST_FILE)).max(LEAST_FILE),
    };
    let terms = if place.recorded {
        recorded_terms
    } else {
        unrecorded::terms(ctx.config.recording.memory_budget)
    };
    let Size { cols, rows } = place.size;
    let size = ccc_journal::Size { cols, rows };
    let set = ctx.keeper.open(place.ulid, size, terms, &spec, place.recorded).await?;
    let pane = Arc::new(Pane::new(
        place.pane,
        place.ulid,
        Place { dir, recording: if place.recorded { Recording::On } else { Recording::Off } },
        place.size,
        Some(set.fds),
        ctx.token.child_token(),
    ));
    ctx.panes.insert(&pane);
    // Noted before its task begins: a program may end at once, and its end comes second.
    let (id, pid, start_time) = (place.pane, set.pid, start_time(set.pid));
    ctx.book
        .run(move |book| {
            let plan = book.house.pane_started(&Book::own_author(), id, pid, start_time)?;
            book.commit(plan)
        })
        .await??;
    spawn(ctx, &pane, place.size, Origin::New);
    info!(pane = %pane.id, ulid = %pane.ulid, pid, "a program was started");
    Ok(pane)
}

/// Takes back what a plan made when its programs could not be started.
pub(crate) async fn undo(ctx: &Arc<Context>, plan: &Plan, whole_session: bool) {
    let (session, pane) = (plan.session, plan.pane);
    let undone = ctx
        .book
        .run(move |book| -> Result<Option<Ulid>, Fault> {
            let author = Book::own_author();
            let mut gone = None;
            if let Some(pane) = pane {
                let lost = book.house.pane_lost(&author, pane)?;
                book.commit(lost)?;
            }
            let removed = match (whole_session, session, pane) {
                (true, Some(session), _) => {
                    if book.house.session(session).is_some_and(|known| known.ended.is_none()) {
                        let ended = book.house.end_session(&author, session, Default::default())?;
                        book.commit(ended)?;
                    }
                    gone = book.house.session(session).map(|session| session.ulid);
                    book.house.remove_session(&author, session)?
                }
                (false, _, Some(pane)) => book.house.remove_pane(&author, pane)?,
                _ => return Ok(None),
            };
            book.commit_ending(removed)?;
            Ok(gone)
        })
        .await;
    match undone.flatten() {
        Ok(Some(session)) => principals::session_gone(ctx, session).await,
        Ok(None) => {}
        Err(fault) => warn!(why = fault.why, "a pane without a program was left in the house"),
    }
}

/// Ends a program: hang-up, and after a time kill. Returns when it has ended and every listing says so.
pub(crate) async fn kill(ctx: &Arc<Context>, pane: &Arc<Pane>) {
    if let Some(fds) = pane.fds() {
        signal(ctx, pane, HANG_UP).await;
        if timeout(GRACE, ended(&fds)).await.is_err() {
            signal(ctx, pane, KILL).await;
            ended(&fds).await;
        }
    }
    // The pane's own task notes how it ended, once all it printed is folded.
    let mut watch = pane.watch();
    if timeout(GRACE, watch.wait_for(|published| published.over)).await.is_err() {
        warn!(pane = %pane.id, "a pane whose program ended did not come to its end");
    }
}

const HANG_UP: u8 = 1;
const KILL: u8 = 9;

async fn signal(ctx: &Arc<Context>, pane: &Arc<Pane>, signal: u8) {
    if let Err(error) = ctx.keeper.signal(pane.ulid, signal, SignalTarget::Leader).await {
        info!(pane = %pane.id, signal, %error, "a signal was not sent");
    }
}

/// Waits until the program has ended.
async fn ended(fds: &PaneFds) {
    match readiness::watch(Arc::clone(&fds.pidfd), Interest::READABLE) {
        Ok(pidfd) => drop(pidfd.readable().await),
        Err(error) => warn!(%error, "a program's end cannot be watched"),
    }
}

/// Ends the programs of panes that left the house, and gives up their descriptors.
pub(crate) fn end_all(ctx: &Arc<Context>, panes: Vec<Arc<Pane>>) {
    for pane in panes {
        let ctx2 = Arc::clone(ctx);
        ctx.tracker.spawn_on(
            async move {
                kill(&ctx2, &pane).await;
                pane.token.cancel();
                pane.drop_fds();
                if let Err(error) = ctx2.keeper.close(pane.ulid).await {
                    info!(pane = %pane.id, %error, "a closed pane was not given up");
                }
            },
            &ctx.pool,
        );
    }
}

/// Ends several programs at the same time. Returns when all have ended.
pub(crate) async fn kill_all(ctx: &Arc<Context>, panes: Vec<Arc<Pane>>) {
    let mut killing = JoinSet::new();
    for pane in panes {
        let of = Arc::clone(ctx);
        killing.spawn_on(async move { kill(&of, &pane).await }, &ctx.pool);
    }
    while killing.join_next().await.is_some() {}
}

/// Ends all programs of a session and then the session itself, whatever they were.
pub(crate) async fn kill_session(
    ctx: &Arc<Context>,
    session: SessionId,
    author: Author,
) -> Result<Option<Plan>, Fault> {
    let panes = ctx.book.run(move |book| book.house.panes_of(session)).await?;
    kill_all(ctx, panes.into_iter().filter_map(|pane| ctx.panes.find(pane)).collect()).await;
    ctx.book
        .run(move |book| {
            // The last shell's end may have ended it already.
            if book.house.session(session).is_none_or(|known| known.ended.is_some()) {
                return Ok(None);
            }
            let exit = WireExit { kind: WireExitKind::SIGNAL, value: HANG_UP.into() };
            let plan = book.house.end_session(&author, session, exit)?;
            Ok(Some(book.commit_ending(plan)?.0))
        })
        .await?
}

/// When a process started, in clock ticks since boot; 0 when it is gone.
pub(crate) fn start_time(pid: u32) -> u64 {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    // The second field is the name in parentheses and may hold anything.
    let fields = stat.rsplit_once(')').map_or("", |(_, fields)| fields);
    fields.split_ascii_whitespace().nth(19).and_then(|field| field.parse().ok()).unwrap_or(0)
}

/// The directory that the foreground process of a pane works in.
pub(crate) fn foreground_directory(pane: &Pane) -> Option<PathBuf> {
    let group = tty::foreground_group(&pane.fds()?.master).ok().flatten()?;
    std::fs::read_link(format!("/proc/{}/cwd", group.as_raw_nonzero())).ok()
}

/// The links that a client's environment asks for, in a session's directory of links.
pub(crate) fn links(ctx: &Context, ask: &Ask<'_>, links: &Path) -> Vec<(&'static str, PathBuf)> {
    if !ask.here {
        return Vec::new();
    }
    // A command that cannot be one makes no links either.
    world_in(ctx, ask, None, links).map(|world| world.links).unwrap_or_default()
}

fn make_world(ctx: &Context, ask: &Ask<'_>, place: Option<&Birthplace>) -> Result<World, Fault> {
    let links = place.map_or_else(PathBuf::new, |place| {
        session_files::links_of(ctx.state.root(), &place.session_ulid)
    });
    world_in(ctx, ask, place, &links)
}

fn world_in(
    ctx: &Context,
    ask: &Ask<'_>,
    place: Option<&Birthplace>,
    links: &Path,
) -> Result<World, Fault> {
    let from = ask.from.and_then(|pane| ctx.panes.find(pane));
    let reported = from
        .as_ref()
        .and_then(|pane| reported_directory(&pane.facts().cwd, &ctx.surroundings.host));
    let foreground = from.as_ref().and_then(|pane| foreground_directory(pane));
    let birth = Birth {
        spawn: ask.spawn,
        same_machine: ask.here,
        shell: ctx.config.shell.as_deref(),
        term: ctx.config.term.as_deref(),
        account: &ctx.surroundings.account,
        login_environment: &ctx.surroundings.environment,
        asking_pane: from.as_ref().map(|_| PaneDirectories {
            reported: reported.as_deref(),
            foreground: foreground.as_deref(),
        }),
        scripts: ctx.scripts.as_deref(),
        links,
        server: ctx.state.root(),
        session: place.map_or(SessionId(0), |place| place.session),
        tab: place.map_or(TabId(0), |place| place.tab),
        pane: place.map_or(PaneId(0), |place| place.pane),
        version: env!("CARGO_PKG_VERSION"),
        open_files: ctx.surroundings.open_files,
    };
    Ok(world(&birth)?)
}

fn choose_directory(world: &World) -> Result<PathBuf, Fault> {
    for directory in &world.directories {
        if directory.path.is_dir() {
            return Ok(directory.path.clone());
        }
        if directory.must_exist {
            let why = format!("there is no directory {}", directory.path.display());
            return Err(Fault::new(Failure::NO_SUCH_DIRECTORY, why));
        }
    }
    Ok(PathBuf::from("/"))
}

fn spawn_spec(world: &World, cwd: &Path, cell: Option<CellPixels>) -> SpawnSpec {
    let text = OsString::from_vec;
    let login = world.argv.first().is_some_and(|zeroth| zeroth.starts_with(b"-"));
    SpawnSpec {
        program: text(world.program.clone()),
        arguments: world.argv.iter().skip(1).cloned().map(text).collect(),
        environment: world
            .environment_in(cwd)
            .into_iter()
            .map(|(name, value)| (text(name), text(value)))
            .collect(),
        cwd: cwd.to_owned(),
        umask: world.umask.unwrap_or(UMASK),
        nofile: world.open_files.unwrap_or(0),
        login,
        cell: cell.map(|CellPixels { width, height }| ccc_journal::CellPixels { width, height }),
    }
}

fn write_header(
    ctx: &Context,
    place: &Birthplace,
    dir: &Path,
    world: &World,
    cwd: &Path,
    principal: &str,
) -> Result<(), Fault> {
    ccc_journal::dir::create_private(dir).map_err(|error| Fault::internal(error.to_string()))?;
    let term = world.environment.iter().find(|(name, _)| name == b"TERM");
    let Size { cols, rows } = place.size;
    let header = PaneHeader {
        format: PaneHeader::FORMAT,
        pane: place.ulid,
        session: place.session_name.clone(),
        tab: place.tab_label.clone(),
        command: std::iter::once(&world.program)
            .chain(world.argv.iter().skip(1))
            .map(|word| ExactText(OsString::from_vec(word.clone())))
            .collect(),
        cwd: ExactText(cwd.as_os_str().to_owned()),
        size: ccc_journal::Size { cols, rows },
        term: term.map_or_else(String::new, |(_, term)| String::from_utf8_lossy(term).into_owned()),
        machine_id: ctx.surroundings.machine.clone(),
        boot_id: BootId::current(),
        principal: principal.to_owned(),
        created_ns: crate::clock::unix_ms().saturating_mul(1_000_000),
        other: Default::default(),
    };
    Ok(header.write(dir)?)
}
