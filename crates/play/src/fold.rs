//! The fold itself: journal and events to a screen, in turns.
//!
//! The order of reading is what makes live, recovery and replay the same screen: first how far the
//! journal goes, then the events, then the bytes up to there, each event at its own byte. The
//! screen is the caller's, who may keep it behind a lock that is held for a turn only.

use std::path::{Path, PathBuf};

use ccc_journal::{
    Checkpoint, Damage, Error, Event, EventReader, ExitStatus, Gap, JournalReader, Offset,
    Position, ReadAt, Result,
};
use ccc_vt::{CellPixels, Limits, Screen, Size};

use crate::start::checkpoint_at;

/// The usual length of a turn's buffer. 16 flooding panes then delay a key by a few milliseconds at
/// most.
pub const TURN_BYTES: usize = 16 * 1024;

/// The engine and form of the checkpoints written and read here.
pub const ENGINE: u16 = 1;

/// Output after which a checkpoint is due: what a recovery has to fold at most.
pub const CHECKPOINT_BYTES: u64 = 2 * 1024 * 1024;

/// Where the fold of one recording stands.
#[derive(Debug)]
pub struct Fold {
    dir: PathBuf,
    limits: Limits,
    journal: JournalReader,
    /// `None` while the keeper has not made the file.
    events: Option<EventReader>,
    /// The place in the recording, which is also the screen's.
    offset: Offset,
    /// How far the journal went when it was looked at last. Events that belong before it were
    /// written before it was reached, so they are read after it is measured.
    target: Offset,
    /// The event that was read and not reached yet.
    next: Option<Event>,
    /// Events before it are in the screen.
    applied: Position,
    /// `events` lacks what a checkpoint counted on: it was lost and begun anew. Events before this
    /// offset are in the screen already.
    events_from: Offset,
    /// The journal file whose beginning was announced last.
    announced: Offset,
    /// Where the last checkpoint was taken.
    checkpointed: Offset,
}

/// What a turn did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Turn {
    /// Bytes that were fed to the screen.
    pub bytes: usize,
    /// There is more to fold at once. Otherwise the next turn is due when the recording grows.
    pub more: bool,
    /// The size changed.
    pub resized: bool,
    /// The child has ended, and all that it printed is folded.
    pub exit: Option<ExitStatus>,
    /// A program was started (again); an exit of an earlier turn no longer holds.
    pub started: bool,
    /// A journal file begins here and nothing of it is folded yet: a checkpoint is to be taken now,
    /// so that the bytes before can be deleted one day.
    pub begins_file: bool,
    /// Bytes that the recording does not hold were stepped over.
    pub gap: Option<Gap>,
    /// A stretch of `events` or of a segment could not be read and was stepped over.
    pub damage: Option<Damage>,
}

impl Fold {
    /// The place in the recording that the screen stands at.
    #[must_use]
    pub fn offset(&self) -> Offset {
        self.offset
    }

    /// The first byte still kept, as far as was seen.
    #[must_use]
    pub fn first_kept(&self) -> Offset {
        self.journal.first()
    }

    /// Looks at the directory again, after files were deleted.
    pub fn refresh(&mut self) -> Result<()> {
        self.journal.refresh()
    }

    /// Whether enough was folded since the last checkpoint. A turn that says `begins_file` makes one
    /// due as well, and so may time, which is the caller's.
    #[must_use]
    pub fn checkpoint_due(&self) -> bool {
        self.offset.since(self.checkpointed) >= CHECKPOINT_BYTES
    }

    /// The screen as a checkpoint at this place, for [`ccc_journal::CheckpointLog::append`].
    #[must_use]
    pub fn checkpoint(&mut self, screen: &Screen) -> Checkpoint {
        self.checkpointed = self.offset;
        Checkpoint {
            offset: self.offset,
            events_position: self.applied,
            engine: ENGINE,
            bytes: screen.checkpoint(),
        }
    }

    /// Folds at most `buffer.len()` bytes, up to the next event or the end of a journal file.
    ///
    /// # Errors
    /// If the operating system refuses to read. What was folded stays, and the same turn may be
    /// tried again.
    pub fn turn(&mut self, screen: &mut Screen, buffer: &mut [u8]) -> Result<Turn> {
        self.turn_until(Offset(u64::MAX), screen, buffer)
    }

    /// The same, going no further than `stop`. Events that stand at `stop` are applied.
    pub fn turn_until(
        &mut self,
        stop: Offset,
        screen: &mut Screen,
        buffer: &mut [u8],
    ) -> Result<Turn> {
        self.turn_feeding(stop, screen, buffer, &mut |screen, _, bytes| screen.advance(bytes))
    }

    /// Takes turns up to `stop`, or to the end if the recording is shorter. After each `hear` takes what the screen
    /// has to say; what it leaves is dropped.
    ///
    /// # Errors
    /// As of a turn.
    pub fn fold_until(
        &mut self,
        stop: Offset,
        screen: &mut Screen,
        buffer: &mut [u8],
        mut hear: impl FnMut(&mut Screen),
    ) -> Result<()> {
        loop {
            let turn = self.turn_until(stop, screen, buffer)?;
            hear(screen);
            // What a program says and asks was heard when it was said.
            screen.take_notices();
            screen.take_replies();
            if !turn.more {
                return Ok(());
            }
        }
    }

    /// The same, with bytes that `feed` gives to the screen, knowing at which offset they stand.
    pub(crate) fn turn_feeding(
        &mut self,
        stop: Offset,
        screen: &mut Screen,
        buffer: &mut [u8],
        feed: &mut dyn FnMut(&mut Screen, Offset, &[u8]),
    ) -> Result<Turn> {
        let mut turn = Turn::default();
        if self.offset >= self.target {
            self.target = self.journal.end()?.max(self.target);
        }
        self.apply_events(screen, &mut turn)?;
        if self.file_begins() {
            self.announced = self.offset;
            turn.begins_file = true;
            turn.more = true;
            return Ok(turn);
        }
        let mut limit = self.target.min(stop);
        if let Some(event) = self.next {
            limit = limit.min(event.offset());
        }
        let room = usize::try_from(limit.since(self.offset)).unwrap_or(usize::MAX);
        let room = room.min(buffer.len());
        if room > 0 {
            match self.journal.read_at(self.offset, &mut buffer[..room])? {
                ReadAt::Bytes(count) => {
                    feed(screen, self.offset, &buffer[..count]);
                    self.offset = self.offset.plus(count as u64);
                    turn.bytes = count;
                    // If none is known, none was there when this turn began. One that was written since comes with
                    // the next: whoever writes one tells of it.
                    if self.next.is_some() {
                        self.apply_events(screen, &mut turn)?;
                    }
                }
                ReadAt::Gap { .. } => turn.gap = self.step_over(screen)?,
                // Only a directory that is being deleted shrinks.
                ReadAt::End => self.target = self.offset,
            }
            if let Some(damage) = self.journal.take_damage().pop() {
                turn.damage = Some(damage);
            }
        }
        let reachable = self.target.min(stop);
        turn.more = self.offset < reachable || self.event_is_due() || self.file_begins();
        Ok(turn)
    }

    /// A fold at the first byte of the recording.
    pub(crate) fn from_start(dir: &Path, limits: Limits) -> Result<Self> {
        Ok(Self {
            dir: dir.to_owned(),
            limits,
            journal: JournalReader::open(dir)?,
            events: None,
            offset: Offset::ZERO,
            target: Offset::ZERO,
            next: None,
            applied: Position::default(),
            events_from: Offset::ZERO,
            announced: Offset::ZERO,
            checkpointed: Offset::ZERO,
        })
    }

    /// How far the journal goes now.
    pub(crate) fn measure(&mut self) -> Result<Offset> {
        self.journal.end()
    }

    /// The nearest keyframe in a segment from `floor` to `at`.
    pub(crate) fn keyframe(&self, floor: Offset, at: Offset) -> Option<Checkpoint> {
        self.journal.keyframe(floor, at, |engine| engine == ENGINE)
    }

    /// Goes on from a checkpoint whose screen the caller has.
    pub(crate) fn resume(&mut self, checkpoint: &Checkpoint) {
        self.offset = checkpoint.offset;
        self.target = self.target.max(checkpoint.offset);
        self.announced = checkpoint.offset;
        self.checkpointed = checkpoint.offset;
        self.applied = checkpoint.events_position;
        self.next = None;
        self.events = None;
    }

    /// Moves behind missing bytes. Where they were deleted for a budget, a checkpoint holds what
    /// they made of the screen; where they were lost, the screen goes on as it is.
    fn step_over(&mut self, screen: &mut Screen) -> Result<Option<Gap>> {
        // Why they are missing may be written further on in the events than this place. It is only
        // the reason that is lost if it cannot be read.
        if let Some(mut events) = self.open_events()? {
            for gap in events.remaining_gaps().unwrap_or_default() {
                self.journal.learn_gap(gap)?;
            }
        }
        let from = self.offset;
        let ReadAt::Gap { to, reason } = self.journal.read_at(from, &mut [0])? else {
            return Ok(None);
        };
        if let Some((checkpoint, restored)) =
            checkpoint_at(&self.dir, &self.journal, to, self.limits)?
        {
            *screen = restored;
            self.resume(&checkpoint);
        } else {
            screen.skip(to.since(from));
            self.offset = to;
        }
        self.target = self.target.max(to);
        Ok(Some(Gap { from, to, reason }))
    }

    fn file_begins(&self) -> bool {
        self.offset > self.announced && self.journal.begins_file(self.offset)
    }

    fn event_is_due(&self) -> bool {
        self.next.is_some_and(|event| event.offset() <= self.offset)
    }

    /// Applies the events that stand at or before this place.
    fn apply_events(&mut self, screen: &mut Screen, turn: &mut Turn) -> Result<()> {
        loop {
            if self.next.is_none() {
                self.next = self.read_event(turn)?;
            }
            let Some(event) = self.next else { return Ok(()) };
            if event.offset() > self.offset && !self.is_orphaned(&event)? {
                return Ok(());
            }
            match event {
                Event::Resize { size, offset } if offset >= self.events_from => {
                    screen.resize(Size::new(size.cols, size.rows));
                    turn.resized = true;
                }
                Event::CellPixels { cell, offset } if offset >= self.events_from => {
                    screen.set_cell(CellPixels::new(cell.width, cell.height));
                }
                Event::Exit { status, .. } => {
                    turn.exit = Some(status);
                    turn.started = false;
                }
                Event::Gap(gap) => {
                    self.journal.learn_gap(gap)?;
                    // The recording may go on in a file behind the gap.
                    self.target = self.journal.end()?.max(self.target);
                }
                Event::Started { .. } => {
                    turn.started = true;
                    turn.exit = None;
                }
                Event::Resize { .. }
                | Event::CellPixels { .. }
                | Event::Time { .. }
                | Event::Adopted { .. } => {}
            }
            self.next = None;
            self.applied = self.events.as_ref().map_or(self.applied, EventReader::position);
        }
    }

    /// Whether an event stands behind bytes that will never come: its writer had them in the journal
    /// before it wrote the event, so if they are not there now, a power cut took them. Such events
    /// are applied at the end of what there is.
    fn is_orphaned(&mut self, event: &Event) -> Result<bool> {
        if self.offset < self.target {
            return Ok(false);
        }
        self.target = self.journal.end()?.max(self.target);
        if self.offset < self.target {
            return Ok(false);
        }
        // The bytes may be in a file behind a gap that is not known here yet.
        self.journal.refresh()?;
        self.target = self.journal.end()?.max(self.target);
        Ok(self.offset >= self.target && event.offset() > self.target)
    }

    fn read_event(&mut self, turn: &mut Turn) -> Result<Option<Event>> {
        if self.events.is_none() {
            self.events = self.open_events()?;
        }
        let Some(events) = &mut self.events else { return Ok(None) };
        loop {
            match events.next_event() {
                Err(Error::Damaged(damage)) => {
                    turn.damage = Some(damage);
                    if !events.skip_damage()? {
                        return Ok(None);
                    }
                }
                // Without events the bytes are still worth showing.
                Err(Error::Foreign { path, .. }) => {
                    turn.damage = Some(Damage { path, from: Position(0), resume: None });
                    return Ok(None);
                }
                other => return other,
            }
        }
    }

    fn open_events(&mut self) -> Result<Option<EventReader>> {
        let mut events = match EventReader::open(&self.dir) {
            Ok(events) => events,
            Err(error) if error.is_not_found() => return Ok(None),
            Err(error) => return Err(error),
        };
        if self.applied > Position::default() {
            if self.applied <= events.end()? {
                events.seek(self.applied);
            } else {
                self.events_from = self.offset;
            }
        }
        Ok(Some(events))
    }
}

#[cfg(test)]
mod tests;
