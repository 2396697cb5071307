//! The outer terminal: a PTY in which a program runs, read by the thread that measures, so that no
//! hand-over between threads is part of a time. Owns the program's end.

use std::os::fd::OwnedFd;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, anyhow, bail};
use ccc_testkit::{Program, Size};
use portable_pty::{Child, CommandBuilder, PtySize, native_pty_system};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{PidfdFlags, PidfdGetfdFlags, getpid, pidfd_getfd, pidfd_open};

/// What every outer terminal measures.
pub(crate) const SIZE: Size = Size::new(80, 24);
/// How much of the last output an error shows.
const SHOWN: usize = 600;

#[derive(Debug)]
pub(crate) struct Outer {
    master: OwnedFd,
    child: Box<dyn Child + Send + Sync>,
    buffer: Vec<u8>,
    /// Read, and not yet searched in whole.
    pending: Vec<u8>,
    /// Bytes that the program has drawn.
    pub(crate) drawn: u64,
}

impl Outer {
    pub(crate) fn start(program: &Program) -> Result<Self> {
        let size = PtySize { rows: SIZE.rows, cols: SIZE.cols, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).context("open a terminal")?;
        let child = pair.slave.spawn_command(builder(program)).context("start a program")?;
        drop(pair.slave);
        // A descriptor of our own, because the library's offers no wait with a deadline.
        let raw = pair.master.as_raw_fd().context("a terminal without a descriptor")?;
        let own = pidfd_open(getpid(), PidfdFlags::empty()).context("open a pidfd")?;
        let master =
            pidfd_getfd(&own, raw, PidfdGetfdFlags::empty()).context("take the terminal")?;
        Ok(Self { master, child, buffer: vec![0; 1 << 16], pending: Vec::new(), drawn: 0 })
    }

    pub(crate) fn pid(&self) -> Option<u32> {
        self.child.process_id()
    }

    pub(crate) fn write(&self, bytes: &[u8]) -> Result<()> {
        let count = rustix::io::write(&self.master, bytes).context("type")?;
        if count == bytes.len() { Ok(()) } else { bail!("the terminal took only {count} bytes") }
    }

    /// Reads until these bytes were drawn. What came after them is searched the next time.
    pub(crate) fn wait_for(&mut self, needle: &[u8], within: Duration) -> Result<()> {
        let until = Instant::now() + within;
        loop {
            if let Some(at) = find(&self.pending, needle) {
                self.pending.drain(..at + needle.len());
                return Ok(());
            }
            let searched = self.pending.len().saturating_sub(needle.len().max(SHOWN));
            self.pending.drain(..searched);
            if !self.read(until.saturating_duration_since(Instant::now()))? {
                let wanted = String::from_utf8_lossy(needle);
                let shown = String::from_utf8_lossy(&self.pending);
                return Err(anyhow!("{wanted:?} did not come within {within:?}, but {shown:?}"));
            }
        }
    }

    /// Reads for so long, and forgets what came.
    pub(crate) fn forget(&mut self, during: Duration) -> Result<()> {
        let until = Instant::now() + during;
        while self.read(until.saturating_duration_since(Instant::now()))? {
            self.pending.clear();
        }
        self.pending.clear();
        Ok(())
    }

    /// The same while the program draws all the time.
    pub(crate) fn forget_busy(&mut self, during: Duration) -> Result<()> {
        let until = Instant::now() + during;
        while Instant::now() < until && self.read(during)? {
            self.pending.clear();
        }
        Ok(())
    }

    /// Reads what is there, or comes in time. `false` when nothing came.
    fn read(&mut self, within: Duration) -> Result<bool> {
        let within = Timespec::try_from(within).context("a time to wait")?;
        let mut fds = [PollFd::new(&self.master, PollFlags::IN)];
        if poll(&mut fds, Some(&within)).context("wait for a terminal")? == 0 {
            return Ok(false);
        }
        let count = rustix::io::read(&self.master, &mut self.buffer).with_context(|| {
            let shown = String::from_utf8_lossy(&self.pending);
            format!("read from a terminal whose program ended after {shown:?}")
        })?;
        self.pending.extend_from_slice(&self.buffer[..count]);
        self.drawn += count as u64;
        Ok(count > 0)
    }

    /// Keeps reading until the program ends; for what is drawn and not measured.
    pub(crate) fn read_on(mut self) {
        std::thread::spawn(move || {
            while self.read(Duration::from_secs(3600)).is_ok_and(|more| more) {
                self.pending.clear();
            }
        });
    }
}

impl Drop for Outer {
    fn drop(&mut self) {
        // It may have ended by itself, and there is nobody to tell.
        let _gone = self.child.kill();
        let _reaped = self.child.wait();
    }
}

fn builder(program: &Program) -> CommandBuilder {
    let command = program.command();
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    let mut builder = CommandBuilder::from_argv(words.map(ToOwned::to_owned).collect());
    builder.env_clear();
    for (name, value) in command.get_envs() {
        builder.env(name, value.unwrap_or_default());
    }
    if let Some(directory) = command.get_current_dir() {
        builder.cwd(directory);
    }
    builder
}

/// Where a few bytes begin. Needles start with a byte that is rare in what is searched.
pub(crate) fn find(bytes: &[u8], needle: &[u8]) -> Option<usize> {
    let first = *needle.first()?;
    let mut from = 0;
    loop {
        let at = from + bytes.get(from..)?.iter().position(|byte| *byte == first)?;
        if bytes[at..].starts_with(needle) {
            return Some(at);
        }
        from = at + 1;
    }
}

#[cfg(test)]
mod tests {
    use super::find;

    #[test]
    fn a_needle_is_found_where_it_begins() {
        assert_eq!(find(b"ab##@", b"#@"), Some(3));
        assert_eq!(find(b"ab##", b"#@"), None);
        assert_eq!(find(b"", b"#@"), None);
    }
}
