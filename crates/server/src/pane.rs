//! One pane at run time: its screen, the way in, and what others may see of it. Owns what is shared;
//! folding is the task's, encoding the input's. Where it stands in a layout is not known here.

pub(crate) mod echo;
pub(crate) mod input;
mod keep;
pub(crate) mod lines;
pub(crate) mod marks;
mod sizing;
pub(crate) mod task;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ccc_journal::{Offset, PANE_FILE, PaneUlid};
use ccc_keeper::{PaneFds, tty};
use ccc_proto::{AttachmentId, PaneId, PaneState, WireExit};
use ccc_vt::{CellPixels, Facts, Limits, Screen, Seq, Size};
use tokio::sync::{Notify, oneshot, watch};
use tokio_util::sync::CancellationToken;

use crate::core::house::PaneFacts;
use input::PaneInput;
pub(crate) use sizing::SizeWish;
use sizing::Sizing;

/// What the task of a pane tells everybody who waits for it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Published {
    pub(crate) seq: Seq,
    /// Rises when input that had to wait was written.
    pub(crate) input: u64,
    /// Bytes folded so far.
    pub(crate) offset: Offset,
    /// The program is in the middle of a redraw: frames wait.
    pub(crate) held: bool,
    /// The screen is what the recording says; before that it is being recovered.
    pub(crate) ready: bool,
    /// The program has ended and all that it printed is folded.
    pub(crate) exit: Option<WireExit>,
    /// Where the shell marked the prompt that it stands at, if it does.
    pub(crate) prompt: Option<Offset>,
    /// The shell marks its prompts.
    pub(crate) marks: bool,
    /// No more will come.
    pub(crate) over: bool,
    /// How often the recording was folded anew, because it was changed.
    pub(crate) refolds: u64,
}

/// One life of a pane. A restarted pane is another value under the same id.
#[derive(Debug)]
pub(crate) struct Pane {
    pub(crate) id: PaneId,
    pub(crate) ulid: PaneUlid,
    place: Mutex<Place>,
    /// Names this life of the screen's versions to clients; another one when the screen is folded anew.
    epoch: AtomicU64,
    /// Held for a turn or for making one frame, never over an await or I/O.
    screen: Mutex<Screen>,
    published: watch::Sender<Published>,
    pub(crate) input: PaneInput,
    facts: Mutex<PaneFacts>,
    /// The first line that the recording tells, and the first kept byte that it was found for.
    first_line: Mutex<Option<(u64, u64)>>,
    marks: Mutex<marks::Marks>,
    /// Who typed last, so that the house hears of a change of hands and not of every key.
    typist: AtomicU64,
    /// Something was typed that no turn has followed yet: this pane is folded before floods.
    pub(crate) fresh: AtomicBool,
    /// Somebody may look elsewhere and be glad to hear that it prints. Taken back when that was told.
    pub(crate) news: AtomicBool,
    /// Somebody on another machine may look, who would have a port forwarded on which a program of it
    /// listens. Taken back when that is looked for.
    pub(crate) may_listen: AtomicBool,
    /// The size that the layout gives it, to be recorded by the keeper.
    size: Mutex<Sizing>,
    /// Somebody changes the recording, and has it folded anew then.
    refold: Mutex<Option<Refold>>,
    refold_wanted: Notify,
    /// Ends the pane's tasks.
    pub(crate) token: CancellationToken,
    fds: Mutex<Option<PaneFds>>,
}

/// Where a pane's files are.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub(crate) dir: PathBuf,
    pub(crate) recording: Recording,
}

/// Whether what a pane prints is on the disk and remembered; else its files are in memory and go with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Recording {
    On,
    /// Not now. What came before is on the disk.
    Paused,
    /// Never.
    Off,
}

impl Place {
    /// Where the files of a pane are by what its state directory says.
    pub(crate) fn of(root: &Path, ulid: PaneUlid) -> Self {
        let recording = match ulid.is_unrecorded(root) {
            false => Recording::On,
            true if ulid.dir(root).join(PANE_FILE).exists() => Recording::Paused,
            true => Recording::Off,
        };
        Self { dir: ulid.place(root), recording }
    }
}

/// The task's side of [`Pane::stand_still`].
#[derive(Debug)]
struct Refold {
    stands: oneshot::Sender<()>,
    go: oneshot::Receiver<()>,
}

/// A pane that folds nothing and writes nothing, until this is dropped: then it is folded anew.
#[derive(Debug)]
pub(crate) struct Still {
    _go: oneshot::Sender<()>,
    refolds: u64,
}

/// Limits of a pane's screen: a window of scrollback of 1 MiB is the main part of what a busy one costs.
pub(crate) fn limits() -> Limits {
    Limits::default()
}

impl Pane {
    pub(crate) fn new(
        id: PaneId,
        ulid: PaneUlid,
        place: Place,
        size: Size,
        fds: Option<PaneFds>,
        token: CancellationToken,
    ) -> Self {
        // A pane that comes back has the size that it was given last.
        let present = fds.as_ref().and_then(|fds| tty::size(&fds.master).ok());
        let present = present.map_or(size, |size| Size::new(size.cols, size.rows));
        let cell = fds.as_ref().and_then(|fds| tty::cell(&fds.master).ok().flatten());
        let cell = cell.map(|cell| CellPixels::new(cell.width, cell.height));
        Self {
            id,
            ulid,
            place: Mutex::new(place),
            epoch: AtomicU64::new(new_epoch()),
            screen: Mutex::new(Screen::new(size, limits())),
            published: watch::Sender::default(),
            input: PaneInput::new(fds.as_ref().map(|fds| Arc::clone(&fds.master))),
            facts: Mutex::default(),
            first_line: Mutex::new(None),
            marks: Mutex::default(),
            typist: AtomicU64::new(0),
            fresh: AtomicBool::new(false),
            news: AtomicBool::new(true),
            may_listen: AtomicBool::new(true),
            size: Mutex::new(Sizing::new(present, cell)),
            refold: Mutex::new(None),
            refold_wanted: Notify::new(),
            token,
            fds: Mutex::new(fds),
        }
    }

    pub(crate) fn dir(&self) -> PathBuf {
        lock(&self.place).dir.clone()
    }

    /// What it prints is on the disk and remembered.
    pub(crate) fn recorded(&self) -> bool {
        lock(&self.place).recording == Recording::On
    }

    /// It was made not to be recorded.
    pub(crate) fn unrecorded(&self) -> bool {
        lock(&self.place).recording == Recording::Off
    }

    /// Its files are elsewhere, from the next fold on.
    pub(crate) fn set_place(&self, place: Place) {
        *lock(&self.place) = place;
    }

    pub(crate) fn epoch(&self) -> u64 {
        self.epoch.load(Ordering::Acquire)
    }

    /// Has the task finish what it writes and stand still. `None` when no task folds the pane.
    pub(crate) async fn stand_still(&self) -> Option<Still> {
        let (stands, standing) = oneshot::channel();
        let (go, wait) = oneshot::channel();
        let refolds = self.published().refolds;
        *lock(&self.refold) = Some(Refold { stands, go: wait });
        self.refold_wanted.notify_one();
        let mut watch = self.watch();
        let stands = tokio::select! {
            stands = standing => stands.is_ok(),
            _ = watch.wait_for(|published| published.over) => false,
        };
        if !stands {
            lock(&self.refold).take();
        }
        stands.then_some(Still { _go: go, refolds })
    }

    fn take_refold(&self) -> Option<Refold> {
        lock(&self.refold).take()
    }

    fn wants_refold(&self) -> bool {
        lock(&self.refold).is_some()
    }

    /// Another screen, which is that of the recording when it is folded to its end.
    fn begin_anew(&self, screen: Screen) {
        *lock(&self.first_line) = None;
        *self.marks() = marks::Marks::default();
        // Nobody makes a frame of the one screen under the name of the other.
        let mut held = self.screen();
        *held = screen;
        self.epoch.store(new_epoch(), Ordering::Release);
        drop(held);
        self.publish(|published| {
            published.ready = false;
            published.held = false;
            published.refolds += 1;
        });
    }

    /// Lets the task go on, and returns when the screen is that of the recording again.
    pub(crate) async fn go_on(&self, still: Still) {
        let refolds = still.refolds;
        drop(still);
        let mut watch = self.watch();
        // The task always comes to an end of the recording, or gives the pane up.
        let _ = watch.wait_for(|now| now.over || (now.refolds > refolds && now.ready)).await;
    }

    /// The screen as it is folded so far.
    pub(crate) fn screen(&self) -> MutexGuard<'_, Screen> {
        // A fold that panicked ends its pane; whoever looks still sees what there was.
        self.screen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn watch(&self) -> watch::Receiver<Published> {
        self.published.subscribe()
    }

    pub(crate) fn published(&self) -> Published {
        *self.published.borrow()
    }

    fn publish(&self, change: impl FnOnce(&mut Published)) {
        self.published.send_if_modified(|published| {
            let before = *published;
            change(published);
            *published != before
        });
    }

    pub(crate) fn facts(&self) -> PaneFacts {
        let mut facts = lock(&self.facts).clone();
        let published = self.published();
        facts.offset = published.offset.0;
        facts.paused = lock(&self.place).recording == Recording::Paused;
        if !published.ready {
            facts.state = Some(PaneState::RECOVERING);
        }
        facts
    }

    /// What its shell marked.
    pub(crate) fn marks(&self) -> MutexGuard<'_, marks::Marks> {
        lock(&self.marks)
    }

    fn update_facts<R>(&self, change: impl FnOnce(&mut PaneFacts) -> R) -> R {
        change(&mut lock(&self.facts))
    }

    /// Notes a state that the records do not tell.
    pub(crate) fn set_state(&self, state: PaneState) {
        self.update_facts(|facts| facts.state = Some(state));
    }

    /// Notes that its output waits for room on the disk, or does no longer.
    pub(crate) fn set_waiting_for_disk(&self, waits: bool) {
        let state = waits.then_some(PaneState::WAITING_FOR_DISK);
        self.update_facts(|facts| facts.state = state);
    }

    /// Notes who typed; true when it was somebody else before.
    pub(crate) fn typed_by(&self, attachment: AttachmentId) -> bool {
        self.fresh.store(true, Ordering::Relaxed);
        self.typist.swap(attachment.0, Ordering::Relaxed) != attachment.0
    }

    /// What the program asks of its terminal is answered by these facts from now on.
    pub(crate) fn answer_as(&self, facts: Facts) {
        let mut screen = self.screen();
        screen.set_facts(facts);
        let told = screen.take_replies();
        drop(screen);
        // A program that asked to be told hears of it, but not one whose screen is still recovered.
        if self.published().ready && !told.is_empty() {
            self.input.reply(told);
        }
    }

    /// The descriptors, while the program runs.
    pub(crate) fn fds(&self) -> Option<PaneFds> {
        lock(&self.fds).clone()
    }

    /// Gives the descriptors up.
    pub(crate) fn drop_fds(&self) {
        self.input.set_master(None);
        *lock(&self.fds) = None;
    }

    /// The first line that the recording tells, when it is known for this first byte.
    fn first_line(&self, kept: u64) -> Option<u64> {
        lock(&self.first_line).filter(|(of, _)| *of == kept).map(|(_, first)| first)
    }

    fn set_first_line(&self, kept: u64, first: u64) {
        *lock(&self.first_line) = Some((kept, first));
    }

    /// Wants another size, and cells of another size in pixels where one is known. True when the caller is to ask
    /// the keeper, by [`Pane::next_size`].
    pub(crate) fn want_size(&self, size: Size, cell: Option<CellPixels>) -> bool {
        lock(&self.size).want(size, cell)
    }

    /// The keeper did not do what it was asked for: the next wish counts again.
    pub(crate) fn size_refused(&self, wish: SizeWish) {
        lock(&self.size).refused(wish);
    }

    /// What to ask the keeper for now; `None` ends the asking.
    pub(crate) fn next_size(&self) -> Option<SizeWish> {
        lock(&self.size).next()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // What is kept in these is whole after every statement.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A number that no earlier life of any pane had, also across restarts of the server.
fn new_epoch() -> u64 {
    let mut bytes = [0; 8];
    // Without randomness the clock is unlikely enough to repeat.
    match getrandom::fill(&mut bytes) {
        Ok(()) => u64::from_le_bytes(bytes) | 1,
        Err(_) => crate::clock::unix_ms() | 1,
    }
}
