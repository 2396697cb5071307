//! The task of one pane: it waits until its recording grows, folds it, and tells everybody who
//! watches. Holds nothing for any client; what a panic leaves behind is a pane that says so.
//!
//! A quiet pane is folded on the thread that also sends frames, so that what it prints is on its way
//! to whoever looks without waking another thread; one that has much to fold goes to the pool, and
//! comes back when it is calm.

mod folding;
mod following;
mod keeping;
mod pace;
mod telling;

use std::sync::Arc;

use ccc_journal::{ExitStatus, Offset};
use ccc_play::{Fold, Opened};
use ccc_proto::{WireExit, WireExitKind};
use ccc_vt::Size;
use tokio::task::JoinHandle;
use tokio::time::Instant;
use tracing::{error, info, warn};

use super::keep::{Keep, Worked};
use super::{Pane, limits};
use crate::context::Context;
use crate::core::commands::{CommandFold, Noted};
use folding::{Folded, Hold};
use keeping::{remembered, tell_trimmed};
use pace::Window;

/// Whether a pane is new or comes back from the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// Its program was just started: everything it says is heard.
    New,
    /// What it said before was heard then: questions and bells are not repeated.
    Recovered,
    /// The records call its program alive, and nobody holds it: its end is in the recording, or
    /// unknown.
    Lost,
}

/// The threads that a pane is folded on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// The one that sends frames.
    Beside,
    Pool,
}

/// What follows when the task leaves a place.
#[derive(Clone, Copy, Debug)]
enum Next {
    Move(Place),
    Exited(WireExit),
    /// Nothing more will be folded.
    Over,
}

/// Starts the task. Opening a recording reads the disk, and a long one is folded from its last
/// checkpoint on: that is the pool's work.
pub(crate) fn spawn(ctx: &Arc<Context>, pane: &Arc<Pane>, size: Size, origin: Origin) {
    let (opening, pane) = (Arc::clone(ctx), Arc::clone(pane));
    ctx.tracker.spawn_on(async move { open(opening, pane, size, origin) }, &ctx.pool);
}

fn open(ctx: Arc<Context>, pane: Arc<Pane>, size: Size, origin: Origin) {
    let _unsaid = Unsaid(Arc::clone(&ctx), Arc::clone(&pane));
    let Opened { fold, screen, passed_over } =
        match Fold::open(&pane.dir(), Offset(u64::MAX), size, limits()) {
            Ok(opened) => opened,
            Err(error) => {
                error!(pane = %pane.id, %error, "a recording cannot be opened");
                give_up(&ctx, &pane);
                return;
            }
        };
    if passed_over > 0 {
        warn!(pane = %pane.id, passed_over, "checkpoints could not be used");
    }
    let first = fold.first_kept();
    pane.update_facts(|facts| facts.first_kept = first.0);
    if origin == Origin::Recovered && first > Offset::ZERO && pane.fds().is_some() {
        // A former server may have died between deleting and saying so.
        tell_trimmed(&ctx, &pane, first);
    }
    let cwd = screen.cwd().unwrap_or_default().to_owned();
    *pane.screen() = screen;
    let live = origin == Origin::New;
    if live {
        pane.publish(|published| published.ready = true);
        // Whoever was shown it before that saw it being recovered.
        let pane = pane.id;
        ctx.book.tell(move |book| book.pane_renamed(pane));
    }
    let place = if live && pane.fds().is_some() { Place::Beside } else { Place::Pool };
    let looks = origin == Origin::Recovered && pane.fds().is_none();
    let keep = Keep::new(pane.dir(), pane.recorded(), fold.offset());
    let (known, running) = remembered(&pane);
    let commands = CommandFold::new(known, cwd, running);
    let task = Task {
        ctx,
        pane,
        fold,
        keep,
        commands,
        noted: Vec::new(),
        origin,
        looks,
        live,
        hold: Hold::None,
        work: None,
        lately: Window::new(),
        second: Window::new(),
        retitle_due: None,
        running: String::new(),
        running_told: String::new(),
        settles: None,
        renamed: None,
        rang: None,
        trim_due: false,
        exit: None,
    };
    task.go_on(place);
}

struct Task {
    ctx: Arc<Context>,
    pane: Arc<Pane>,
    fold: Fold,
    keep: Keep,
    commands: CommandFold,
    /// What its shell said and was not remembered yet.
    noted: Vec<Noted>,
    origin: Origin,
    /// Its program ended long ago: all that is to be kept of it was, and somebody may be deleting that right now.
    /// Nothing is written.
    looks: bool,
    /// What the program says is answered and told; not so while it is being recovered.
    live: bool,
    hold: Hold,
    work: Option<JoinHandle<Worked>>,
    /// What was printed in the last moment, and in the last second.
    lately: Window,
    second: Window,
    /// The title changed and the house is to hear of it then.
    retitle_due: Option<Instant>,
    /// The program that its shell says is running, and the one that the house heard of last.
    running: String,
    running_told: String,
    /// The one that is running has been for long enough then.
    settles: Option<Instant>,
    renamed: Option<Instant>,
    rang: Option<Instant>,
    /// Another file began since the budget was looked at.
    trim_due: bool,
    /// The program's end, once all before it is folded.
    exit: Option<WireExit>,
}

/// Tells of a task that left without saying why.
struct Unsaid(Arc<Context>, Arc<Pane>);

impl Drop for Unsaid {
    fn drop(&mut self) {
        if std::thread::panicking() {
            error!(pane = %self.1.id, "the task of a pane failed; the pane is given up");
            self.1.publish(|published| {
                published.ready = true;
                published.held = false;
                published.over = true;
            });
            let pane = Arc::clone(&self.1);
            self.0.book.tell(move |book| book.pane_failed(&pane));
        }
    }
}

impl Task {
    /// Goes on with the pane in that place.
    fn go_on(self, place: Place) {
        let ctx = Arc::clone(&self.ctx);
        let thread = match place {
            Place::Beside => &ctx.beside,
            Place::Pool => &ctx.pool,
        };
        ctx.tracker.spawn_on(self.run(place), thread);
    }

    async fn run(mut self, place: Place) {
        let _unsaid = Unsaid(Arc::clone(&self.ctx), Arc::clone(&self.pane));
        let next = match self.pane.fds() {
            Some(fds) => self.follow(place, &fds).await,
            None => self.fold_all(place).await.map(|folded| match folded {
                Folded::Exited(exit) => Next::Exited(exit),
                Folded::Much => Next::Move(Place::Pool),
                Folded::All | Folded::Cancelled => Next::Over,
            }),
        };
        match next {
            Ok(Next::Move(place)) => self.go_on(place),
            Ok(Next::Exited(exit)) => self.exited(exit).await,
            Ok(Next::Over) => self.over().await,
            Err(error) => {
                error!(pane = %self.pane.id, %error, "a recording cannot be read");
                give_up(&self.ctx, &self.pane);
            }
        }
    }

    async fn over(mut self) {
        if let Some(work) = self.work.take() {
            // Whoever hears that it is over finds nobody writing.
            let _worked = work.await;
        }
        // One who changes the recording opens it again, and finds the end that may be in what was not folded.
        let folded = !self.pane.wants_refold();
        if self.origin == Origin::Lost && folded && !self.pane.token.is_cancelled() {
            info!(pane = %self.pane.id, "a program was lost with the machine or its custodians");
            let pane = self.pane.id;
            // Whoever waits for the end finds it noted. A server that stops notes it in its next life.
            let _ = self.ctx.book.run(move |book| book.pane_lost(pane)).await;
        }
        self.pane.publish(|published| published.over = true);
    }

    /// The recording is folded to its end: from now on what the program says is heard.
    fn caught_up(&mut self) {
        self.live = true;
        let screen = self.pane.screen();
        let (title, cwd) = (screen.title().to_owned(), screen.cwd().unwrap_or_default().to_owned());
        drop(screen);
        self.pane.update_facts(|facts| {
            facts.title = title;
            facts.cwd = cwd;
        });
        self.tell_running();
        self.pane.publish(|published| published.ready = true);
        self.tell_rename();
    }

    async fn exited(&mut self, exit: WireExit) {
        if !self.looks {
            self.keep_end(exit).await;
        }
        self.pane.drop_fds();
        let pane = Arc::clone(&self.pane);
        if self.ctx.book.run(move |book| book.pane_exited(&pane, exit)).await.is_err() {
            // The server stops; the next one finds the end in the events.
        }
        // Whoever waited for the end finds it in every listing.
        self.pane.publish(|published| {
            published.exit = Some(exit);
            published.held = false;
            published.over = true;
        });
    }
}

/// Shows what there is, and says that no more will come.
fn give_up(ctx: &Context, pane: &Arc<Pane>) {
    pane.publish(|published| {
        published.ready = true;
        published.over = true;
    });
    let pane = Arc::clone(pane);
    ctx.book.tell(move |book| book.pane_failed(&pane));
}

pub(crate) fn wire_exit(status: ExitStatus) -> WireExit {
    let (kind, value) = match status {
        ExitStatus::Code(code) => (WireExitKind::CODE, code),
        ExitStatus::Signal(signal) => (WireExitKind::SIGNAL, signal),
        ExitStatus::Unknown => (WireExitKind::UNKNOWN, 0),
    };
    WireExit { kind, value }
}
