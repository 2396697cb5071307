//! The task of one pane: it waits until its recording grows, folds it, and tells everybody who
//! watches. Holds nothing for any client; what a panic leaves behind is a pane that says so.
//!
//! A quiet pane is folded on the thread that also sends frames, so that what it prints is on its way
//! to whoever looks without waking another thread; one that has much to fold goes to the pool, and
//! comes back when it is calm.

mod keeping;
mod pace;
mod telling;

use std::cell::RefCell;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use ccc_journal::{ExitStatus, Offset};
use ccc_keeper::PaneFds;
use ccc_play::{Fold, Opened, TURN_BYTES, Turn};
use ccc_proto::{WireExit, WireExitKind};
use ccc_vt::Size;
use tokio::io::Interest;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, sleep_until};
use tracing::{error, info, warn};

use super::echo::typed;
use super::keep::{Keep, Worked};
use super::{Pane, Refold, limits};
use crate::clock::unix_ms;
use crate::context::Context;
use crate::core::commands::{CommandFold, Noted};
use crate::readiness::{self, Watched};
use crate::recovery::header_size;
use keeping::{finished, remembered, tell_trimmed};
use pace::{BREATH, CALM, GAUGE, REST, Window};
use telling::prompt_after;

/// The longest that a synchronized update is waited for.
const HOLD: Duration = Duration::from_millis(150);

thread_local! {
    /// One for each worker and not for each pane: a thousand idle panes need none.
    static BUFFER: RefCell<Vec<u8>> = RefCell::new(vec![0; TURN_BYTES]);
}

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

/// How far a fold came.
enum Folded {
    All,
    Exited(WireExit),
    /// There is more than this place is for.
    Much,
    Cancelled,
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
        rename_due: None,
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
    rename_due: Option<Instant>,
    renamed: Option<Instant>,
    rang: Option<Instant>,
    /// Another file began since the budget was looked at.
    trim_due: bool,
    /// The program's end, once all before it is folded.
    exit: Option<WireExit>,
}

/// A synchronized update under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hold {
    None,
    /// Frames wait, until then at most.
    Until(Instant),
    /// It took too long; frames go on although it has not ended.
    Expired,
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

    /// Folds what comes until the program has ended, or the pane belongs elsewhere.
    async fn follow(&mut self, place: Place, fds: &PaneFds) -> Result<Next, ccc_journal::Error> {
        let grew = match readiness::watch(Arc::clone(&fds.eventfd), Interest::READABLE) {
            Ok(grew) => grew,
            Err(error) => {
                error!(pane = %self.pane.id, %error, "a pane cannot be watched");
                return Ok(Next::Over);
            }
        };
        let pane = Arc::clone(&self.pane);
        let mut room: Option<Watched> = None;
        loop {
            if let Some(refold) = pane.take_refold() {
                self.fold_anew(refold).await?;
            }
            match self.fold_all(place).await? {
                Folded::All => {}
                Folded::Exited(exit) => return Ok(Next::Exited(exit)),
                Folded::Much => return Ok(Next::Move(Place::Pool)),
                Folded::Cancelled => return Ok(Next::Over),
            }
            let hold = match self.hold {
                Hold::Until(at) => Some(at),
                Hold::None | Hold::Expired => None,
            };
            tokio::select! {
                biased;
                () = pane.token.cancelled() => return Ok(Next::Over),
                () = pane.refold_wanted.notified() => {}
                // Every bump of the counter is an edge of its own, so that it need not be read.
                grown = grew.readable() => match grown {
                    Ok(mut ready) => {
                        ready.clear_ready();
                        if self.lately.is_flood() && !pane.fresh.load(Ordering::Relaxed) {
                            sleep(BREATH).await;
                        } else if place == Place::Pool && self.second.was_calm() {
                            return Ok(Next::Move(Place::Beside));
                        }
                    }
                    Err(error) => {
                        error!(pane = %pane.id, %error, "a pane is no longer watched");
                        return Ok(Next::Over);
                    }
                },
                () = pane.input.began_waiting(), if room.is_none() => {
                    room = readiness::watch(Arc::clone(&fds.master), Interest::WRITABLE).ok();
                }
                written = writable(room.as_ref()), if room.is_some() => {
                    if written {
                        match pane.input.drain() {
                            Ok(()) => room = None,
                            // Another dup of the terminal may have filled it first.
                            Err(_full) => {}
                        }
                        pane.publish(|published| published.input += 1);
                    } else {
                        room = None;
                    }
                }
                () = sleep_until(self.rename_due.unwrap_or_else(Instant::now)),
                    if self.rename_due.is_some() => self.tell_rename(),
                () = sleep_until(hold.unwrap_or_else(Instant::now)), if hold.is_some() => {
                    self.hold = Hold::Expired;
                    pane.publish(|published| published.held = false);
                }
                worked = finished(&mut self.work), if self.work.is_some() => self.worked(worked),
            }
        }
    }

    /// Folds until the end of the journal, turn by turn, or one turn and what it leaves beside the
    /// frames.
    async fn fold_all(&mut self, place: Place) -> Result<Folded, ccc_journal::Error> {
        let ctx = Arc::clone(&self.ctx);
        // The first turn of a quiet pane, and each of one that was just typed in, waits for nobody;
        // the others share what leaves a worker free for them.
        let mut first = true;
        loop {
            let fresh = self.pane.fresh.swap(false, Ordering::Relaxed);
            let at_once =
                place == Place::Beside || fresh || (first && self.live && !self.lately.is_flood());
            let permit = if at_once { None } else { ctx.turns.acquire().await.ok() };
            first = false;
            let turn = self.turn()?;
            let stands_back = permit.is_some()
                && self.live
                && ctx.hands.go_before(self.pane.id, std::time::Instant::now());
            if stands_back {
                // With the permit, so that all who stand back share one pace.
                sleep(REST).await;
            }
            drop(permit);
            self.lately.count(turn.bytes as u64, GAUGE);
            self.second.count(turn.bytes as u64, CALM * 2);
            self.exit = turn.exit.map(wire_exit).or(self.exit);
            if self.work.as_ref().is_some_and(JoinHandle::is_finished) {
                let worked = finished(&mut self.work).await;
                self.worked(worked);
            }
            if !turn.more && !self.live {
                self.caught_up();
            }
            if let (false, Some(exit)) = (turn.more, self.exit) {
                return Ok(Folded::Exited(exit));
            }
            if self.pane.token.is_cancelled() {
                return Ok(Folded::Cancelled);
            }
            if self.pane.wants_refold() {
                return Ok(Folded::All);
            }
            if place == Place::Beside && (turn.more || self.lately.is_flood()) {
                return Ok(Folded::Much);
            }
            if !turn.more {
                return Ok(Folded::All);
            }
            tokio::task::yield_now().await;
        }
    }

    /// Stands still while somebody changes the recording, and begins anew with what it is then.
    async fn fold_anew(&mut self, refold: Refold) -> Result<(), ccc_journal::Error> {
        while self.work.is_some() {
            let worked = finished(&mut self.work).await;
            self.work = None;
            if let Some(first) = self.keep.done(worked) {
                self.trimmed(first);
            }
        }
        self.remember();
        let Refold { stands, go } = refold;
        if stands.send(()).is_ok() {
            // Whoever asked drops it when it is done, whatever came of it.
            let _done = go.await;
        }
        let pane = Arc::clone(&self.pane);
        let size = header_size(&pane.dir());
        let opened = Fold::open(&pane.dir(), Offset(u64::MAX), size, limits())?;
        self.fold = opened.fold;
        let first = self.fold.first_kept();
        pane.update_facts(|facts| facts.first_kept = first.0);
        self.keep = Keep::new(pane.dir(), pane.recorded(), self.fold.offset());
        let (known, running) = remembered(&pane);
        let cwd = opened.screen.cwd().unwrap_or_default().to_owned();
        self.commands = CommandFold::new(known, cwd, running);
        self.noted.clear();
        self.hold = Hold::None;
        self.live = false;
        pane.begin_anew(opened.screen);
        self.ctx.panes.changed();
        Ok(())
    }

    fn turn(&mut self) -> Result<Turn, ccc_journal::Error> {
        let pane = Arc::clone(&self.pane);
        let mut screen = pane.screen();
        let from = self.fold.offset();
        let fold = &mut self.fold;
        let turn = BUFFER.with_borrow_mut(|buffer| fold.turn(&mut screen, buffer))?;
        let (seq, modes) = (screen.seq(), screen.modes());
        let replies = screen.take_replies();
        let notices = screen.take_notices();
        let noted = self.commands.hear(&notices, self.live.then(unix_ms), &|line, column, to| {
            typed(&screen, line, column, to)
        });
        let due = !self.looks && self.keep.is_due(fold.offset(), turn.begins_file);
        let checkpoint = due.then(|| fold.checkpoint(&screen));
        drop(screen);

        pane.input.set_modes(modes);
        pane.marks().hear(from, &notices);
        self.tell_ends(&noted);
        if pane.recorded() && !self.looks {
            self.noted.extend(noted);
            self.remember();
        }
        self.hold = match (modes.synchronized_output && self.live, self.hold) {
            (false, _) => Hold::None,
            (true, Hold::None) => Hold::Until(Instant::now() + HOLD),
            (true, hold) => hold,
        };
        let held = matches!(self.hold, Hold::Until(_));
        let prompt = prompt_after(&notices);
        let offset = self.fold.offset();
        // Whoever is woken by what is published finds these as well.
        if self.live && turn.bytes > 0 {
            pane.update_facts(|facts| facts.output_unix_ms = unix_ms());
        }
        pane.publish(|published| {
            published.seq = seq;
            published.offset = offset;
            published.held = held;
            if let Some(prompt) = prompt {
                published.prompt = prompt;
                published.marks = true;
            }
        });
        if let Some(gap) = &turn.gap {
            warn!(pane = %pane.id, from = %gap.from, to = %gap.to, reason = ?gap.reason, "a gap");
        }
        if let Some(damage) = &turn.damage {
            warn!(pane = %pane.id, from = %damage.from, "damaged events");
        }
        if turn.bytes > 0 && pane.recorded() {
            self.ctx.syncer.grew(&self.pane);
        }
        if self.live {
            if !replies.is_empty() {
                pane.input.reply(replies);
            }
            self.tell(notices);
            if turn.bytes > 0 {
                self.tell_activity();
            }
        }
        if let Some(checkpoint) = checkpoint {
            self.keep.add(checkpoint);
        }
        if turn.begins_file && !self.looks {
            self.trim_due = true;
            if pane.recorded() {
                self.ctx.sealer.due(self.pane.ulid, &self.pane.dir());
            }
        }
        self.begin_work();
        Ok(turn)
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
        self.pane.publish(|published| published.ready = true);
        let pane = self.pane.id;
        self.ctx.book.tell(move |book| book.pane_renamed(pane));
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

/// Waits until the terminal takes input; false when it cannot be told.
async fn writable(room: Option<&Watched>) -> bool {
    match room {
        Some(room) => match room.writable().await {
            Ok(mut ready) => {
                ready.clear_ready();
                true
            }
            Err(_) => false,
        },
        None => std::future::pending().await,
    }
}

pub(crate) fn wire_exit(status: ExitStatus) -> WireExit {
    let (kind, value) = match status {
        ExitStatus::Code(code) => (WireExitKind::CODE, code),
        ExitStatus::Signal(signal) => (WireExitKind::SIGNAL, signal),
        ExitStatus::Unknown => (WireExitKind::UNKNOWN, 0),
    };
    WireExit { kind, value }
}
