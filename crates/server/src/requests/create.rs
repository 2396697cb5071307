//! Requests that start programs: sessions, tabs, splits, restarts, saved layouts. Each plans first, so
//! that the intent is in the log before the program runs, and takes the plan back when it does not.

use std::sync::Arc;

use ccc_proto::{Attach, LayoutLoad, New, Restart, SessionId, Spawn, Split, TabNew, WireSize};
use ccc_sync::vt_size;
use ccc_vt::Size;
use ulid::Ulid;

use super::Asked;
use crate::connection::Client;
use crate::context::Context;
use crate::core::authorize::{Action, Resource, authorize};
use crate::core::house::{House, NewPane, NewSession, NewTab, Plan, Refusal, SplitPane};
use crate::core::layout::{Side, SplitSize};
use crate::core::target::{Depth, Place};
use crate::fault::Fault;
use crate::programs::{self, Ask};
use crate::{principals, session_files};

/// The size of a session that nobody with a terminal made.
const SIZE: Size = Size::new(80, 24);
/// The session that an attach without a target makes.
const FIRST: &str = "main";

/// Finds what an attach wants to look at, or makes it. Says whether it was made.
pub(crate) async fn for_attach(
    ctx: &Arc<Context>,
    client: &Arc<Client>,
    attach: &Attach,
) -> Result<(Place, bool), Fault> {
    let action = if attach.steal { Action::Detach } else { Action::Watch };
    let found = super::place(ctx, client, &attach.target, action).await;
    match found {
        Ok(place) => return Ok((place, false)),
        Err(fault) if !attach.create => return Err(fault),
        Err(fault) => {
            let may = authorize(&client.principal(), Action::Create, Resource::Server);
            // Whoever named nothing and may make nothing hears that nothing is there.
            may.map_err(|denied| if attach.target.is_empty() { fault } else { denied.into() })?;
        }
    }
    let name = if attach.target.is_empty() { FIRST } else { &attach.target };
    let mut spawn = attach.spawn.clone();
    if spawn.size == WireSize::default() {
        spawn.size = attach.size;
    }
    let plan = match session(ctx, client, name.to_owned(), 0, &spawn).await {
        Ok(plan) => plan,
        // Of two that attach at once, one makes it and the other finds it.
        Err(fault) => {
            let place = super::place(ctx, client, name, action).await.map_err(|_none| fault)?;
            return Ok((place, false));
        }
    };
    let (Some(session), Some(tab), Some(pane)) = (plan.session, plan.tab, plan.pane) else {
        return Err(Fault::internal("a session was made without a pane"));
    };
    Ok((Place { session, tab, pane, depth: Depth::Session }, true))
}

/// Points the session's stable links at the sockets of a client that came last.
pub(crate) async fn point_links(
    ctx: &Arc<Context>,
    client: &Client,
    spawn: &Spawn,
    session: SessionId,
) {
    let here = client.is_here(ctx, spawn);
    let ulid = ctx.book.run(move |book| book.house.session(session).map(|known| known.ulid)).await;
    let Ok(Some(ulid)) = ulid else { return };
    let links = session_files::links_of(ctx.state.root(), &ulid.to_string());
    let ask = Ask { spawn, author: &client.author(), here, from: None };
    for (name, target) in programs::links(ctx, &ask, &links) {
        session_files::point(&links, name, &target);
    }
}

pub(super) async fn new(asked: &mut Asked<'_>, new: New) -> Result<(), Fault> {
    if new.or_existing && !new.name.is_empty() {
        let name = new.name.clone();
        let principal = asked.principal();
        let existing = asked
            .ctx
            .book
            .run(move |book| {
                let house = book.house_for(&principal);
                let live = |s: &&crate::core::house::Session| s.ended.is_none() && s.name == name;
                house.sessions().find(live).map(|session| session.id)
            })
            .await?;
        if let Some(session) = existing {
            let plan = Plan { session: Some(session), ..Plan::default() };
            return asked.done(&plan).await;
        }
    }
    let plan = session(asked.ctx, asked.client, new.name, new.ttl_ms, &new.spawn).await?;
    asked.done(&plan).await
}

/// Makes a session with one pane and starts its program.
async fn session(
    ctx: &Arc<Context>,
    client: &Arc<Client>,
    name: String,
    ttl_ms: u64,
    spawn: &Spawn,
) -> Result<Plan, Fault> {
    let author = client.author();
    let here = client.is_here(ctx, spawn);
    let ask = Ask { spawn, author: &author, here, from: client.standing() };
    let spec = programs::spec(ctx, &ask)?;
    let ulid = Ulid::new();
    let new = NewSession {
        name,
        ulid,
        ttl_ms,
        pane: NewPane { ulid: Ulid::new(), spec },
        size: size_of(spawn),
        remember: true,
    };
    let by = author.clone();
    let plan = move |house: &House| house.new_session(&by, new.clone());
    let plan = make(ctx, client, ulid, plan).await?;
    start(ctx, &ask, &plan, true).await?;
    Ok(plan)
}

pub(super) async fn tab(asked: &mut Asked<'_>, tab: TabNew) -> Result<(), Fault> {
    let (ctx, client) = (asked.ctx, asked.client);
    let place = asked.place(&tab.target).await?;
    let author = client.author();
    let here = client.is_here(ctx, &tab.spawn);
    let ask = Ask { spawn: &tab.spawn, author: &author, here, from: Some(place.pane) };
    let new = NewTab {
        session: place.session,
        name: tab.name,
        pane: NewPane { ulid: Ulid::new(), spec: programs::spec(ctx, &ask)? },
        size: None,
        remember: !tab.background,
    };
    let by = author.clone();
    let plan = ctx
        .book
        .run(move |book| {
            let plan = book.house.new_tab(&by, new)?;
            let plan = book.commit(plan)?;
            book.came_to_be("tab-created", &plan);
            Ok::<_, Fault>(plan)
        })
        .await??;
    start(ctx, &ask, &plan, false).await?;
    if !tab.background {
        asked.show(&plan).await?;
    }
    asked.done(&plan).await
}

pub(super) async fn split(asked: &mut Asked<'_>, split: Split) -> Result<(), Fault> {
    let (ctx, client) = (asked.ctx, asked.client);
    let place = asked.place(&split.target).await?;
    let side = Side::from_wire(split.direction)
        .ok_or_else(|| Fault::invalid("a split goes right, down, left or up"))?;
    let author = client.author();
    let here = client.is_here(ctx, &split.spawn);
    let ask = Ask { spawn: &split.spawn, author: &author, here, from: Some(place.pane) };
    let wish = SplitPane {
        pane: place.pane,
        side,
        size: SplitSize::from_wire(split.cells, split.percent),
        revision: split.revision,
        new: NewPane { ulid: Ulid::new(), spec: programs::spec(ctx, &ask)? },
        remember: !split.background,
    };
    let by = author.clone();
    let plan = ctx
        .book
        .run(move |book| {
            let plan = book.house.split(&by, wish)?;
            let plan = book.commit(plan)?;
            book.came_to_be("pane-created", &plan);
            Ok::<_, Fault>(plan)
        })
        .await??;
    start(ctx, &ask, &plan, false).await?;
    if !split.background {
        asked.show(&plan).await?;
    }
    asked.done(&plan).await
}

pub(super) async fn restart(asked: &mut Asked<'_>, restart: Restart) -> Result<(), Fault> {
    let (ctx, client) = (asked.ctx, asked.client);
    let place = asked.place(&restart.target).await?;
    let panes = match place.depth {
        Depth::Pane => vec![place.pane],
        Depth::Tab => ctx.book.run(move |book| book.house.panes_in(place.tab)).await?,
        Depth::Session => ctx.book.run(move |book| book.house.panes_of(place.session)).await?,
    };
    let author = client.author();
    let mut restarted = None;
    for pane in panes {
        let known = ctx
            .book
            .run(move |book| {
                let pane = book.house.pane(pane)?;
                (!pane.life.is_alive()).then(|| pane.spec.clone())
            })
            .await?;
        let Some(known) = known else { continue };
        // What it ran before, in the world of whoever asks now.
        let mut spawn = restart.spawn.clone();
        if spawn.argv.is_empty() {
            spawn.argv.clone_from(&known.argv);
        }
        if spawn.cwd.is_none() && !known.cwd.is_empty() {
            spawn.fallback_cwd = Some(known.cwd.clone());
        }
        spawn.umask = spawn.umask.or(known.umask);
        spawn.no_record |= !known.recorded;
        spawn.open_files = spawn.open_files.or(known.open_files);
        let here = client.is_here(ctx, &spawn);
        let ask = Ask { spawn: &spawn, author: &author, here, from: None };
        let mut spec = programs::spec(ctx, &ask)?;
        spec.argv.clone_from(&spawn.argv);
        let by = author.clone();
        let plan = ctx
            .book
            .run(move |book| {
                let plan = book.house.restart_pane(&by, pane, Ulid::new(), spec)?;
                let plan = book.commit(plan)?;
                book.came_to_be("pane-restarted", &plan);
                Ok::<_, Fault>(plan)
            })
            .await??;
        if let Err(fault) = programs::start(ctx, &ask, pane).await {
            ctx.book.run(move |book| book.pane_lost(pane)).await?;
            return Err(fault);
        }
        restarted = Some(plan);
    }
    match restarted {
        Some(plan) => asked.done(&plan).await,
        None => Err(Fault::new(ccc_proto::Failure::CONFLICT, "nothing there has ended")),
    }
}

pub(super) async fn load(asked: &mut Asked<'_>, load: LayoutLoad) -> Result<(), Fault> {
    let (ctx, client) = (asked.ctx, asked.client);
    let saved = crate::core::saved_layout::load(&load.text)?;
    let author = client.author();
    let here = client.is_here(ctx, &load.spawn);
    let mut spawns = Vec::new();
    let mut panes = Vec::new();
    for pane in saved.tabs.iter().flat_map(|tab| &tab.panes) {
        let mut spawn = load.spawn.clone();
        spawn.argv = pane.command.iter().map(|word| word.clone().into_bytes()).collect();
        if !pane.cwd.is_empty() {
            spawn.cwd = Some(pane.cwd.clone().into_bytes());
        }
        let ask = Ask { spawn: &spawn, author: &author, here, from: None };
        panes.push(NewPane { ulid: Ulid::new(), spec: programs::spec(ctx, &ask)? });
        spawns.push(spawn);
    }
    let name = if load.name.is_empty() { saved.name.clone() } else { load.name };
    let (by, size) = (author.clone(), size_of(&load.spawn));
    let ulid = Ulid::new();
    let plan =
        move |house: &House| house.load_session(&by, &saved, &name, ulid, size, panes.clone());
    let plan = make(ctx, client, ulid, plan).await?;
    let made = match plan.session {
        Some(session) => ctx.book.run(move |book| book.house.panes_of(session)).await?,
        None => Vec::new(),
    };
    // Panes come in the order of the tabs and of their trees, which is the order of the saved ones
    // only when nobody wrote them otherwise: the ULIDs are not needed, the places are.
    for (pane, spawn) in made.into_iter().zip(&spawns) {
        let ask = Ask { spawn, author: &author, here, from: None };
        if let Err(fault) = programs::start(ctx, &ask, pane).await {
            programs::undo(ctx, &plan, true).await;
            return Err(fault);
        }
    }
    asked.done(&plan).await
}

/// Logs a session as it is planned. Whoever sees only some sessions owns those it makes, from before they are
/// there. Goes on when the client is gone, so that no right stays for what never came to be.
async fn make(
    ctx: &Arc<Context>,
    client: &Arc<Client>,
    ulid: Ulid,
    plan: impl Fn(&House) -> Result<Plan, Refusal> + Send + Sync + 'static,
) -> Result<Plan, Fault> {
    let (ctx, client, plan) = (Arc::clone(ctx), Arc::clone(client), Arc::new(plan));
    let tracker = ctx.tracker.clone();
    let made = tracker.spawn(async move {
        let limited = !client.principal().sees_all();
        if limited {
            // For what is refused anyway no right is given.
            let plan = Arc::clone(&plan);
            ctx.book.run(move |book| plan(&book.house).map(drop)).await??;
            principals::own(&ctx, &client, ulid).await?;
        }
        let made = ctx.book.run(move |book| {
            let plan = plan(&book.house)?;
            let plan = book.commit(plan)?;
            book.came_to_be("session-created", &plan);
            Ok(plan)
        });
        let made = made.await.flatten();
        if limited && made.is_err() {
            principals::session_gone(&ctx, ulid).await;
        }
        made
    });
    made.await.map_err(|error| Fault::internal(format!("the session was not made: {error}")))?
}

/// Starts the program of a plan's pane, or takes the plan back.
async fn start(
    ctx: &Arc<Context>,
    ask: &Ask<'_>,
    plan: &Plan,
    whole_session: bool,
) -> Result<(), Fault> {
    let pane = plan.pane.ok_or_else(|| Fault::internal("a plan made no pane"))?;
    if let Err(fault) = programs::start(ctx, ask, pane).await {
        programs::undo(ctx, plan, whole_session).await;
        return Err(fault);
    }
    Ok(())
}

impl Asked<'_> {
    /// Makes the asker's own attachment look at what it made.
    async fn show(&mut self, plan: &Plan) -> Result<(), Fault> {
        let (Some(tab), Some(pane)) = (plan.tab, plan.pane) else { return Ok(()) };
        let Some(attachment) = self.client.attachment() else { return Ok(()) };
        let (id, author) = (attachment.id, self.client.author());
        self.ctx.book.run(move |book| book.select(&author, id, None, tab, pane)).await
    }
}

fn size_of(spawn: &Spawn) -> Size {
    let size = vt_size(spawn.size);
    if size.cols == 0 || size.rows == 0 { SIZE } else { size.clamped() }
}
