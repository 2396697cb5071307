//! A recording in the forms of other tools. Owns the way from its bytes and its line of time to what is told of
//! it piece by piece; each form beside this file makes of that what it is. Where the bytes come from, a server
//! or files, is not known here.

mod cast;
mod page;
mod paint;
mod text;

use std::io;
use std::path::Path;
use std::time::Duration;

use ccc_journal::{ExitStatus, JournalReader, Offset, ReadAt};
use ccc_play::{Remembered, What};
use ccc_vt::Size;

pub use cast::{CastForm, CastOptions};
pub use ccc_journal::asciicast::CastVersion;
pub use page::PageForm;
pub use paint::paint;
pub use text::TextForm;

use crate::{ClientError, Recording};

/// Bytes that are read from a file at a time.
const READ_BYTES: usize = 256 * 1024;

/// A piece of a recording.
#[derive(Clone, Copy, Debug)]
pub enum Told<'a> {
    /// What was printed.
    Output(&'a [u8]),
    Resize(Size),
    /// A command began.
    Command(&'a Remembered),
    /// Its program ended.
    Ended(ExitStatus),
}

/// A form that a recording is written in. Times count from the first byte that is kept, and never go back.
pub trait Form {
    /// Takes the next piece.
    ///
    /// # Errors
    /// What it is written to takes no more.
    fn told(&mut self, at: Duration, told: Told<'_>) -> io::Result<()>;

    /// All was told; the recording is this long.
    ///
    /// # Errors
    /// What it is written to takes no more.
    fn finish(self: Box<Self>, at: Duration) -> io::Result<()>;
}

/// The exact bytes.
#[derive(Debug)]
pub struct RawForm<W>(pub W);

impl<W: io::Write> Form for RawForm<W> {
    fn told(&mut self, _: Duration, told: Told<'_>) -> io::Result<()> {
        match told {
            Told::Output(bytes) => self.0.write_all(bytes),
            _ => Ok(()),
        }
    }

    fn finish(mut self: Box<Self>, _: Duration) -> io::Result<()> {
        self.0.flush()
    }
}

/// Cuts the bytes of a recording where its line of time says that something happened.
#[derive(Debug)]
pub struct Teller<'a> {
    recording: &'a Recording,
    /// The next byte.
    at: Offset,
    /// The time of the first byte, from which times count.
    since: Duration,
    /// What is passed of points, moments and commands.
    point: usize,
    moment: usize,
    command: usize,
    missing: u64,
}

impl<'a> Teller<'a> {
    /// At the first byte that is kept.
    #[must_use]
    pub fn new(recording: &'a Recording) -> Self {
        let mut teller = Self {
            recording,
            at: recording.first,
            since: Duration::ZERO,
            point: 0,
            moment: 0,
            command: 0,
            missing: 0,
        };
        // What happened before is in the screen that it starts with.
        let moments = recording.line.moments();
        teller.moment = moments.partition_point(|moment| moment.point.offset < teller.at);
        teller.command = recording.commands.partition_point(|c| c.mark < teller.at.0);
        if teller.at > Offset::ZERO {
            teller.since = teller.now();
        }
        teller
    }

    /// The size that the first byte was printed into.
    #[must_use]
    pub fn size(recording: &Recording) -> Size {
        let moments = recording.line.moments().iter();
        let sizes = moments.filter_map(|moment| match moment.what {
            What::Resized(size) => Some((moment.point.offset, size)),
            _ => None,
        });
        // One at the first byte itself is told like all that follow.
        let before = sizes.clone().take_while(|(offset, _)| *offset < recording.first).last();
        before
            .or_else(|| sizes.clone().next())
            .map_or(Size { cols: 80, rows: 24 }, |(_, size)| size)
    }

    /// When the recording's first kept byte came, in milliseconds since 1970; 0 when nothing tells.
    #[must_use]
    pub fn began_unix_ms(&self) -> u64 {
        match self.recording.line.began_unix_ms() {
            0 => 0,
            began => began + u64::try_from(self.since.as_millis()).unwrap_or(0),
        }
    }

    /// Bytes that were left out because they are not kept.
    #[must_use]
    pub const fn missing(&self) -> u64 {
        self.missing
    }

    /// The next bytes, in order; what lies between is missing. What is behind the end that the recording
    /// had when it was asked about is left out.
    ///
    /// # Errors
    /// The form's.
    pub fn bytes(&mut self, offset: Offset, bytes: &[u8], form: &mut dyn Form) -> io::Result<()> {
        self.missing += offset.since(self.at);
        self.at = self.at.max(offset);
        let mut rest = bytes;
        while !rest.is_empty() {
            self.moments(form)?;
            let room = self.next_stop().since(self.at);
            if room == 0 {
                return Ok(());
            }
            let count = rest.len().min(usize::try_from(room).unwrap_or(usize::MAX));
            let (piece, after) = rest.split_at(count);
            let now = self.now();
            form.told(self.since_first(now), Told::Output(piece))?;
            self.at = self.at.plus(count as u64);
            rest = after;
        }
        Ok(())
    }

    /// All bytes were given.
    ///
    /// # Errors
    /// The form's.
    pub fn finish(mut self, mut form: Box<dyn Form + '_>) -> io::Result<u64> {
        self.at = Offset(u64::MAX);
        self.moments(&mut *form)?;
        form.finish(self.since_first(self.recording.line.end().at))?;
        Ok(self.missing)
    }

    /// Tells what happened up to here.
    fn moments(&mut self, form: &mut dyn Form) -> io::Result<()> {
        loop {
            let moment = self.recording.line.moments().get(self.moment);
            let moment = moment.filter(|moment| moment.point.offset <= self.at);
            let command = self.recording.commands.get(self.command);
            let command = command.filter(|command| command.mark <= self.at.0);
            match (moment, command) {
                (Some(moment), _)
                    if command.is_none_or(|command| moment.point.offset.0 <= command.mark) =>
                {
                    let at = self.since_first(moment.point.at);
                    self.moment += 1;
                    match moment.what {
                        What::Resized(size) => form.told(at, Told::Resize(size))?,
                        What::Ended(status) => form.told(at, Told::Ended(status))?,
                        What::Started | What::Gap(_) => {}
                    }
                }
                (_, Some(command)) => {
                    let mark = Offset(command.mark).min(self.recording.line.end().offset);
                    let at = self.since_first(self.recording.line.time_at(mark));
                    self.command += 1;
                    form.told(at, Told::Command(command))?;
                }
                _ => return Ok(()),
            }
        }
    }

    /// When the byte here came.
    fn now(&mut self) -> Duration {
        let points = self.recording.line.points();
        while points.get(self.point).is_some_and(|point| point.offset <= self.at) {
            self.point += 1;
        }
        let last = self.point.checked_sub(1).and_then(|last| points.get(last));
        last.map_or(Duration::ZERO, |point| point.at)
    }

    /// Up to where bytes came at one time with nothing between.
    fn next_stop(&mut self) -> Offset {
        self.now();
        let recording = self.recording;
        let mut stop = recording.line.end().offset;
        if let Some(point) = recording.line.points().get(self.point) {
            stop = stop.min(point.offset);
        }
        if let Some(moment) = recording.line.moments().get(self.moment) {
            stop = stop.min(moment.point.offset);
        }
        if let Some(command) = recording.commands.get(self.command) {
            stop = stop.min(Offset(command.mark));
        }
        stop.max(self.at)
    }

    fn since_first(&self, at: Duration) -> Duration {
        at.saturating_sub(self.since)
    }
}

/// Tells the recording in a directory, and says of every piece how much is done. Gives the bytes that are
/// missing. Blocks.
///
/// # Errors
/// The recording cannot be read, or the form's output takes no more.
pub fn tell_files(
    dir: &Path,
    recording: &Recording,
    mut form: Box<dyn Form + '_>,
    done: &mut dyn FnMut(u64) -> io::Result<()>,
) -> Result<u64, ClientError> {
    let mut journal = JournalReader::open(dir)?;
    let mut teller = Teller::new(recording);
    let mut buffer = vec![0; READ_BYTES];
    let mut at = recording.first;
    let end = recording.line.end().offset;
    while at < end {
        match journal.read_at(at, &mut buffer)? {
            ReadAt::Bytes(count) => {
                teller.bytes(at, &buffer[..count], &mut *form).map_err(wrote)?;
                at = at.plus(count as u64);
                done(count as u64).map_err(wrote)?;
            }
            ReadAt::Gap { to, .. } => at = to,
            ReadAt::End => break,
        }
    }
    teller.finish(form).map_err(wrote)
}

fn wrote(source: io::Error) -> ClientError {
    ClientError::Output { source }
}

#[cfg(test)]
mod tests;
