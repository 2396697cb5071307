//! The bytes of one pane on their way from the PTY to the journal.
//!
//! A flow belongs to one mover at a time and is used without any lock. It decides what one turn
//! does and what went wrong; when a turn is taken is the mover's affair.

use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use ccc_journal::{
    BootId, CellPixels, Event, EventReader, EventWriter, ExitStatus, Gap, GapReason, JournalWriter,
    Offset, PaneUlid, Size, enter_memory, journal_files, leave_memory, stay_recorded,
};
use rustix::io::Errno;
use rustix::pipe::SpliceFlags;
use rustix::termios::Winsize;

use crate::custody::{CustodySet, PaneFds, Terms};
use crate::protocol::{Moves, Wait};
use crate::system::monotonic_ns;

/// What one splice asks the PTY for. Its own buffer holds no more, and the kernel takes this much
/// memory for the call, used or not.
const CHUNK: usize = 4096;
/// A splice that brought less than this has emptied the PTY for now; asking again would only cost.
const SHORT: usize = 1024;
/// Most bytes of one turn, so that other panes of the mover get theirs.
pub(super) const TURN: usize = 64 * 1024;
/// Bytes of a pane that is not recorded which may lie in memory before its program waits, and of a file of it.
const MEMORY_CAP: u64 = 64 * 1024 * 1024;
const MEMORY_FILE: u64 = 2 * 1024 * 1024;
/// A child may go on printing while a resize or its parent's exit waits for the PTY to be empty.
const DRAIN: u64 = 1024 * 1024;
/// Bytes get a time at most this often.
const TIME_EVERY_NS: u64 = 10_000_000;

/// More bytes than this in a [`FLOOD_NS`] make a flood. Sixteen of them on two cores come to about 1 MB a
/// second each, and are floods for all that: together they take every processor there is.
pub(super) const FLOOD_BYTES: u64 = 256 * 1024;
const FLOOD_NS: u64 = 1_000_000_000;

/// The size of a quiet pane's pipe. A user's pipes may hold 64 MiB together, which a thousand
/// pipes of the usual 64 KiB would use up.
pub(super) const QUIET_PIPE: usize = 8 * 1024;
/// The size of a flooding pane's pipe.
pub(super) const FLOOD_PIPE: usize = 64 * 1024;

/// What others may see of a flow without asking it.
#[derive(Debug, Default)]
pub(super) struct Gauge {
    /// End of the journal.
    pub(super) offset: AtomicU64,
    /// The pane's filesystem refuses splice, so its bytes go through this process.
    pub(super) read_write: AtomicBool,
}

#[derive(Debug)]
pub(super) struct Flow {
    pub(super) token: u64,
    ulid: PaneUlid,
    terms: Terms,
    pub(super) fds: PaneFds,
    gauge: Arc<Gauge>,
    moves: Moves,
    hard_cap: u64,
    journal: JournalWriter,
    events: EventWriter,
    /// Offset of the oldest byte that the server has not trimmed.
    first: Offset,
    /// Offset of the oldest byte in the journal: what was printed before it is trimmed or sealed.
    unsealed: Offset,
    /// Bytes that have left the PTY and are not in the journal: in the pipe, or in `held`.
    under_way: usize,
    /// Only where bytes go through this process.
    held: Vec<u8>,
    /// Times are recorded. Not so for a pane that nobody can replay: its events would grow in memory.
    timed: bool,
    /// When the last time was recorded.
    timed_ns: u64,
    /// The size that the log says.
    recorded: Option<Size>,
    /// The size of a cell in pixels that the log says, once there is one that the terminal has as well.
    cell: Option<CellPixels>,
    /// Taken over from another process, which `events` must still say.
    adopted: bool,
    /// The log may already hold an exit.
    inherited: bool,
    /// The child has ended; the log must say so when the PTY is empty.
    pub(super) finishing: Option<ExitStatus>,
    pub(super) waiting: Option<Wait>,
    /// No process had the terminal open at the last turn.
    pub(super) hung_up: bool,
    /// It stands back and is not watched until its next turn.
    pub(super) rests: bool,
    /// The last turn left nothing in the PTY.
    pub(super) dry: bool,
    pub(super) pace: Pace,
}

/// What a turn came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    /// The PTY was emptied.
    Dry,
    /// There may be more.
    More,
    /// No process has the terminal open. One that has it as its controlling terminal may come back.
    HungUp,
}

/// How much a pane prints, to tell floods from others.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Pace {
    since_ns: u64,
    bytes: u64,
}

impl Flow {
    /// The flow of a pane that was opened in this process, with nothing recorded yet.
    pub(super) fn open(
        dir: &Path,
        token: u64,
        set: &CustodySet,
        moves: Moves,
        gauge: Arc<Gauge>,
    ) -> Result<Self, ccc_journal::Error> {
        let journal = JournalWriter::open(dir, set.terms.rotate_bytes)?;
        let (events, _cut) = EventWriter::open(dir)?;
        let unsealed =
            journal_files(dir)?.first().map_or_else(|| journal.first(), |oldest| oldest.first);
        // Segments are the server's; without them the journal is all that there is to say.
        let first = ccc_journal::first_offset(dir).unwrap_or(unsealed).min(unsealed);
        gauge.offset.store(journal.offset().0, Ordering::Relaxed);
        Ok(Self {
            token,
            ulid: set.ulid,
            terms: set.terms,
            fds: set.fds.clone(),
            gauge,
            moves,
            hard_cap: set.terms.hard_cap,
            journal,
            events,
            first,
            unsealed,
            under_way: 0,
            held: Vec::new(),
            timed: true,
            timed_ns: 0,
            recorded: None,
            cell: None,
            adopted: false,
            inherited: false,
            finishing: None,
            waiting: None,
            hung_up: false,
            rests: false,
            dry: false,
            pace: Pace::default(),
        })
    }

    /// The flow of a pane that another process moved before. What that one left in the pipe is
    /// older than what is in the PTY, and goes first.
    pub(super) fn adopt(
        dir: &Path,
        token: u64,
        set: &CustodySet,
        moves: Moves,
        gauge: Arc<Gauge>,
    ) -> Result<Self, ccc_journal::Error> {
        let mut flow = Self::open(dir, token, set, moves, gauge)?;
        let left = rustix::io::ioctl_fionread(&set.fds.pipe_read).unwrap_or(0);
        flow.under_way = usize::try_from(left).unwrap_or(0);
        flow.adopted = true;
        flow.inherited = true;
        Ok(flow)
    }

    /// Records the beginning of a new life of the pane.
    pub(super) fn record_start(
        &mut self,
        size: Size,
        cell: Option<CellPixels>,
    ) -> Result<(), ccc_journal::Error> {
        append_start(&mut self.events, self.journal.offset(), size, cell)?;
        (self.recorded, self.cell) = (Some(size), cell);
        Ok(())
    }

    pub(super) fn trimmed(&mut self, first: Offset) {
        let first = self.first.max(first).min(self.journal.offset());
        if first > self.first {
            let gap = Gap { from: self.first, to: first, reason: GapReason::Budget };
            // On a full disk the gap stays off the record, and readers find it by the names of the
            // files, without its reason.
            let _ = self.events.append(&Event::Gap(gap));
            self.first = first;
        }
    }

    /// What was printed before `first` has left the journal, and nothing is lost.
    pub(super) fn sealed(&mut self, first: Offset) {
        self.unsealed = self.unsealed.max(first).min(self.journal.offset());
    }

    /// What it prints is nobody's to replay, and in memory: times are not recorded, and less of it waits.
    pub(super) fn leave_unrecorded(&mut self) {
        self.timed = false;
        self.hard_cap = self.terms.hard_cap.min(MEMORY_CAP);
    }

    /// Goes on in memory from here, or on the disk again. Which of the two holds is said by the mark, so that a
    /// successor goes on there as well: it is made before the first byte in memory, and deleted after what the disk
    /// needs is there.
    pub(super) fn record(
        &mut self,
        on: bool,
        state_dir: &Path,
        now_ns: u64,
    ) -> Result<Offset, ResizeError> {
        if self.adopted {
            self.record_adoption(now_ns).map_err(ResizeError::Disk)?;
        }
        let at = self.journal.offset();
        if self.ulid.is_unrecorded(state_dir) != on {
            return Ok(at);
        }
        // What has left the PTY was printed before.
        match self.moves {
            Moves::Splice => self.pipe_to_file(),
            Moves::ReadWrite => self.memory_to_file(),
        }
        .map_err(ResizeError::Disk)?;
        let at = self.journal.offset();
        let disk = |error| ResizeError::Disk(wait_for_journal(&error));
        let size = crate::tty::size(&self.fds.master).map_err(ResizeError::Pty)?;
        if on {
            self.go_to_disk(state_dir, at, size)
        } else {
            self.go_to_memory(state_dir, at, size)
        }
        .map_err(disk)?;
        self.recorded = Some(size);
        self.bump();
        Ok(at)
    }

    /// All there or nothing of it: what cannot be made leaves the pane recorded.
    fn go_to_memory(&mut self, state: &Path, at: Offset, size: Size) -> ccc_journal::Result<()> {
        let dir = enter_memory(state, self.ulid, at)?;
        match begun_in(&dir, self.terms.rotate_bytes.min(MEMORY_FILE), size, self.cell) {
            Ok(files) => (self.journal, self.events) = files,
            Err(error) => {
                stay_recorded(state, self.ulid);
                return Err(error);
            }
        }
        (self.first, self.unsealed) = (at, at);
        self.leave_unrecorded();
        Ok(())
    }

    fn go_to_disk(&mut self, state: &Path, at: Offset, size: Size) -> ccc_journal::Result<()> {
        let dir = self.ulid.dir(state);
        let mut journal = JournalWriter::open(&dir, self.terms.rotate_bytes)?;
        let (mut events, _) = EventWriter::open(&dir)?;
        let from = journal.offset();
        if from < at {
            let gap = Gap { from, to: at, reason: GapReason::NotRecorded };
            events.append(&Event::Gap(gap))?;
            journal.skip(at.since(from))?;
        }
        append_size(&mut events, at, size, self.cell)?;
        let first = ccc_journal::first_offset(&dir)?;
        let unsealed = journal_files(&dir)?.first().map_or(at, |oldest| oldest.first);
        // Behind this nothing can fail.
        leave_memory(state, self.ulid)?;
        (self.journal, self.events) = (journal, events);
        (self.first, self.unsealed) = (first, unsealed);
        self.timed = true;
        self.hard_cap = self.terms.hard_cap;
        Ok(())
    }

    /// Records that bytes are to be forgotten, and begins another file so that the newest one holds none of them.
    pub(super) fn forget(
        &mut self,
        from: Offset,
        to: Offset,
        now_ns: u64,
    ) -> Result<Offset, ResizeError> {
        if self.adopted {
            self.record_adoption(now_ns).map_err(ResizeError::Disk)?;
        }
        let to = to.min(self.journal.offset());
        if from < to {
            let gap = Gap { from, to, reason: GapReason::Forget };
            self.append(&Event::Gap(gap)).map_err(ResizeError::Disk)?;
        }
        if to > self.journal.first() {
            let rotated = self.journal.rotate();
            rotated.map_err(|error| ResizeError::Disk(wait_for_journal(&error)))?;
        }
        self.bump();
        Ok(self.journal.offset())
    }

    /// Whether the flow may change hands: no byte of it is anywhere but in the PTY.
    pub(super) fn is_settled(&self) -> bool {
        self.under_way == 0 && !self.adopted && self.finishing.is_none() && self.waiting.is_none()
    }

    /// Gives the pipe another size. A refusal leaves the old one, which works as well.
    pub(super) fn size_pipe(&self, bytes: usize) {
        let _ = rustix::pipe::fcntl_setpipe_size(&self.fds.pipe_write, bytes);
    }

    /// Moves what is there, up to so many bytes, and tells the server if anything grew.
    pub(super) fn turn(&mut self, now_ns: u64, most: usize) -> Result<Turn, Wait> {
        if self.adopted {
            self.record_adoption(now_ns)?;
        }
        if self.is_capped() {
            return Err(Wait::Cap);
        }
        let turn = self.move_once(now_ns, most)?;
        self.dry = turn != Turn::More;
        Ok(turn)
    }

    fn is_capped(&self) -> bool {
        self.journal.offset().since(self.first.max(self.unsealed)) >= self.hard_cap
    }

    /// Records `size` behind all that was printed before, and then gives it to the PTY.
    pub(super) fn resize(&mut self, size: Size, now_ns: u64) -> Result<Offset, ResizeError> {
        if self.adopted {
            self.record_adoption(now_ns).map_err(ResizeError::Disk)?;
        }
        let actual = crate::tty::size(&self.fds.master).map_err(ResizeError::Pty)?;
        if self.recorded == Some(size) && actual == size {
            return Ok(self.journal.offset());
        }
        let offset = self.record_here(|offset| Event::Resize { offset, size }, now_ns)?;
        self.recorded = Some(size);
        self.give(size)?;
        Ok(offset)
    }

    /// The same for the size of a cell in pixels.
    pub(super) fn resize_cell(
        &mut self,
        cell: CellPixels,
        now_ns: u64,
    ) -> Result<Offset, ResizeError> {
        if self.adopted {
            self.record_adoption(now_ns).map_err(ResizeError::Disk)?;
        }
        let told = rustix::termios::tcgetwinsize(&self.fds.master).map_err(ResizeError::Pty)?;
        let size = Size { cols: told.ws_col, rows: told.ws_row };
        let wanted = crate::tty::winsize(size, Some(cell));
        let pixels = |size: Winsize| (size.ws_xpixel, size.ws_ypixel);
        if self.cell == Some(cell) && pixels(told) == pixels(wanted) {
            return Ok(self.journal.offset());
        }
        let offset = self.record_here(|offset| Event::CellPixels { offset, cell }, now_ns)?;
        self.cell = Some(cell);
        self.give(size)?;
        Ok(offset)
    }

    /// Records what holds behind all that was printed before.
    fn record_here(
        &mut self,
        event: impl FnOnce(Offset) -> Event,
        now_ns: u64,
    ) -> Result<Offset, ResizeError> {
        // Behind the cap the bytes have to stay in the PTY, and the size overtakes them.
        if !self.is_capped() {
            self.drain(now_ns).map_err(ResizeError::Disk)?;
        }
        let offset = self.journal.offset();
        self.append(&event(offset)).map_err(ResizeError::Disk)?;
        self.bump();
        Ok(offset)
    }

    /// Gives the PTY a size, with the pixels that its cells make.
    fn give(&self, size: Size) -> Result<(), ResizeError> {
        let winsize = crate::tty::winsize(size, self.cell);
        rustix::termios::tcsetwinsize(&self.fds.master, winsize).map_err(ResizeError::Pty)
    }

    /// Records the child's end behind all that can still be read; the cap does not hold here,
    /// because what is left is at most what the PTY holds. `finishing` stays if it has to wait.
    pub(super) fn finish(&mut self, now_ns: u64) -> Result<(ExitStatus, Offset), Wait> {
        let status = self.finishing.unwrap_or(ExitStatus::Unknown);
        if self.adopted {
            self.record_adoption(now_ns)?;
        }
        self.drain(now_ns)?;
        let offset = self.journal.offset();
        match self.inherited.then(|| self.recorded_exit()).flatten() {
            // The predecessor wrote it and died before it could say so.
            Some(recorded) => {
                self.finishing = None;
                Ok(recorded)
            }
            None => {
                self.append(&Event::Exit { offset, status, mono_ns: now_ns })?;
                self.finishing = None;
                self.bump();
                Ok((status, offset))
            }
        }
    }

    /// Empties the PTY as far as that is possible while the program goes on.
    fn drain(&mut self, now_ns: u64) -> Result<(), Wait> {
        let end = self.journal.offset().plus(DRAIN);
        while self.journal.offset() < end {
            if self.move_once(now_ns, TURN)? != Turn::More {
                break;
            }
        }
        Ok(())
    }

    fn record_adoption(&mut self, now_ns: u64) -> Result<(), Wait> {
        self.pipe_to_file()?;
        let offset = self.journal.offset();
        self.append(&Event::Adopted { offset, mono_ns: now_ns, boot_id: BootId::current() })?;
        // The predecessor may have died between recording a size and setting it. What the terminal
        // has now is what counts from here on.
        if let Ok(size) = crate::tty::size(&self.fds.master)
            && size.cols > 0
            && size.rows > 0
        {
            self.append(&Event::Resize { offset, size })?;
            self.recorded = Some(size);
        }
        if let Ok(Some(cell)) = crate::tty::cell(&self.fds.master) {
            self.append(&Event::CellPixels { offset, cell })?;
            self.cell = Some(cell);
        }
        self.adopted = false;
        self.bump();
        Ok(())
    }

    /// One round: PTY to pipe until a turn is full or nothing is left, pipe to journal, a time,
    /// and the server is told.
    fn move_once(&mut self, now_ns: u64, most: usize) -> Result<Turn, Wait> {
        let start = self.journal.offset();
        let turn = match self.moves {
            Moves::Splice => self.pty_to_pipe(most)?,
            Moves::ReadWrite => self.pty_to_memory(most)?,
        };
        let written = match self.moves {
            Moves::Splice => self.pipe_to_file(),
            Moves::ReadWrite => self.memory_to_file(),
        };
        let moved = self.journal.offset().since(start);
        if moved > 0 {
            self.pace.bytes += moved;
            self.gauge.offset.store(self.journal.offset().0, Ordering::Relaxed);
            if self.timed && now_ns.saturating_sub(self.timed_ns) >= TIME_EVERY_NS {
                self.timed_ns = now_ns;
                // Times only get coarser without it; the bytes are what must not wait.
                let _ = self.events.append(&Event::Time { offset: start, mono_ns: now_ns });
            }
            self.bump();
        }
        written?;
        // If no new file can be made now, the old one goes on and the next turn tries again.
        let _ = self.journal.rotate_if_due();
        Ok(turn)
    }

    fn pty_to_pipe(&mut self, most: usize) -> Result<Turn, Wait> {
        let flags = SpliceFlags::NONBLOCK | SpliceFlags::MOVE;
        while self.under_way < most {
            let (pty, pipe) = (&self.fds.master, &self.fds.pipe_write);
            match rustix::pipe::splice(pty, None, pipe, None, CHUNK, flags) {
                Ok(0) | Err(Errno::IO) => return Ok(Turn::HungUp),
                Ok(bytes) => {
                    self.under_way += bytes;
                    if bytes < SHORT {
                        return Ok(Turn::Dry);
                    }
                }
                // The PTY is empty, or the pipe is full and will be emptied now.
                Err(Errno::AGAIN) if self.under_way == 0 => return Ok(Turn::Dry),
                Err(Errno::AGAIN) => return Ok(Turn::More),
                Err(Errno::INTR) => {}
                Err(errno) => return Err(wait_for_disk(errno)),
            }
        }
        Ok(Turn::More)
    }

    fn pipe_to_file(&mut self) -> Result<(), Wait> {
        let flags = SpliceFlags::NONBLOCK | SpliceFlags::MOVE;
        while self.under_way > 0 {
            let (pipe, file) = (&self.fds.pipe_read, self.journal.file());
            match rustix::pipe::splice(pipe, None, file, None, self.under_way, flags) {
                Ok(0) | Err(Errno::AGAIN) => self.under_way = 0,
                Ok(bytes) => {
                    self.under_way -= bytes;
                    self.journal.advance(bytes as u64);
                }
                Err(Errno::INTR) => {}
                // The filesystem does not take pages. From here on, bytes are copied.
                Err(Errno::INVAL) => {
                    self.moves = Moves::ReadWrite;
                    self.gauge.read_write.store(true, Ordering::Relaxed);
                    return self.pipe_to_memory();
                }
                Err(errno) => {
                    let _ = self.journal.measure();
                    return Err(wait_for_disk(errno));
                }
            }
        }
        Ok(())
    }

    fn pipe_to_memory(&mut self) -> Result<(), Wait> {
        let pipe = Arc::clone(&self.fds.pipe_read);
        while self.under_way > 0 && self.read_some(&pipe).unwrap_or(0) > 0 {}
        self.memory_to_file()
    }

    fn pty_to_memory(&mut self, most: usize) -> Result<Turn, Wait> {
        let master = Arc::clone(&self.fds.master);
        while self.held.len() < most {
            match self.read_some(&master) {
                Ok(0) | Err(Errno::IO) => return Ok(Turn::HungUp),
                Ok(_) => {}
                Err(Errno::AGAIN) => return Ok(Turn::Dry),
                Err(Errno::INTR) => {}
                Err(errno) => return Err(wait_for_disk(errno)),
            }
        }
        Ok(Turn::More)
    }

    fn memory_to_file(&mut self) -> Result<(), Wait> {
        let before = self.journal.offset();
        let written = self.journal.append(&self.held);
        let bytes = usize::try_from(self.journal.offset().since(before)).unwrap_or(0);
        self.held.drain(..bytes.min(self.held.len()));
        self.under_way = self.held.len();
        written.map_err(|error| wait_for_journal(&error))
    }

    fn read_some(&mut self, from: &OwnedFd) -> rustix::io::Result<usize> {
        let mut chunk = [0; CHUNK];
        let len = rustix::io::read(from, &mut chunk)?;
        self.held.extend_from_slice(&chunk[..len]);
        Ok(len)
    }

    fn append(&mut self, event: &Event) -> Result<(), Wait> {
        self.events.append(event).map(drop).map_err(|error| wait_for_journal(&error))
    }

    /// The exit that `events` holds already, if any.
    fn recorded_exit(&self) -> Option<(ExitStatus, Offset)> {
        let mut events = EventReader::open(self.journal.path().parent()?).ok()?;
        let mut found = None;
        loop {
            match events.next_event() {
                Ok(Some(Event::Exit { offset, status, .. })) => found = Some((status, offset)),
                // A program was started again after it.
                Ok(Some(Event::Started { .. })) => found = None,
                Ok(Some(_)) => {}
                Ok(None) => return found,
                Err(_damaged) if events.skip_damage().unwrap_or(false) => {}
                Err(_) => return found,
            }
        }
    }

    /// Wakes whoever waits for the journal or the events to grow.
    fn bump(&self) {
        // Full only after 2^64 bumps that nobody looked at, and then it is readable anyhow.
        let _ = rustix::io::write(self.fds.eventfd.as_fd(), &1_u64.to_ne_bytes());
    }
}

impl Pace {
    /// Bytes since the window began; a window older than `length_ns` ends, and its bytes are given.
    pub(super) fn window(&mut self, now_ns: u64, length_ns: u64) -> Option<u64> {
        if now_ns.saturating_sub(self.since_ns) < length_ns {
            return None;
        }
        let bytes = self.bytes;
        *self = Self { since_ns: now_ns, bytes: 0 };
        Some(bytes)
    }

    /// Whether this much makes a flood.
    pub(super) fn is_flood(&mut self, now_ns: u64) -> bool {
        self.window(now_ns, FLOOD_NS).is_none() && self.bytes > FLOOD_BYTES
    }

    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }
}

/// The files of a pane that goes on in another directory, with its start on record.
fn begun_in(
    dir: &Path,
    rotate_bytes: u64,
    size: Size,
    cell: Option<CellPixels>,
) -> ccc_journal::Result<(JournalWriter, EventWriter)> {
    let journal = JournalWriter::open(dir, rotate_bytes)?;
    let (mut events, _) = EventWriter::open(dir)?;
    append_start(&mut events, journal.offset(), size, cell)?;
    Ok((journal, events))
}

fn append_start(
    events: &mut EventWriter,
    offset: Offset,
    size: Size,
    cell: Option<CellPixels>,
) -> ccc_journal::Result<()> {
    events.append(&Event::Started {
        offset,
        wall_ns: crate::system::wall_ns(),
        mono_ns: monotonic_ns(),
        boot_id: BootId::current(),
    })?;
    append_size(events, offset, size, cell)
}

fn append_size(
    events: &mut EventWriter,
    offset: Offset,
    size: Size,
    cell: Option<CellPixels>,
) -> ccc_journal::Result<()> {
    events.append(&Event::Resize { offset, size })?;
    if let Some(cell) = cell {
        events.append(&Event::CellPixels { offset, cell })?;
    }
    Ok(())
}

/// Why a resize was not done.
#[derive(Debug)]
pub(super) enum ResizeError {
    Disk(Wait),
    Pty(Errno),
}

fn wait_for_disk(errno: Errno) -> Wait {
    match errno {
        Errno::NOSPC | Errno::DQUOT | Errno::FBIG => Wait::DiskFull,
        errno => Wait::DiskError { errno: errno.raw_os_error() },
    }
}

fn wait_for_journal(error: &ccc_journal::Error) -> Wait {
    let errno = std::iter::successors(Some(error as &dyn std::error::Error), |e| e.source())
        .find_map(|cause| cause.downcast_ref::<io::Error>()?.raw_os_error());
    errno.map_or(Wait::DiskError { errno: 0 }, |e| wait_for_disk(Errno::from_raw_os_error(e)))
}

#[cfg(test)]
mod tests;
