//! Processes: which there are, when they started, and ending one without ever hitting another that
//! was given its number.

use std::fs;
use std::os::fd::OwnedFd;
use std::path::Path;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, PidfdFlags, Signal, pidfd_open, pidfd_send_signal};

use crate::error::{KitError, Result};

/// What `/proc/<pid>/stat` says that a test wants to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stat {
    /// In the kernel's ticks since boot. Together with the id it names a process for good.
    pub start_time: u64,
    /// Of the parent.
    pub parent: u32,
    /// `Z` is a process that has ended and was not reaped.
    pub state: char,
}

impl Stat {
    /// Reads it, if there is such a process.
    pub fn of(pid: u32) -> Option<Self> {
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
        // The name in parentheses may hold anything.
        let (_, after_name) = stat.rsplit_once(')')?;
        let fields: Vec<&str> = after_name.split_whitespace().collect();
        Some(Self {
            state: fields.first()?.chars().next()?,
            parent: fields.get(1)?.parse().ok()?,
            start_time: fields.get(19)?.parse().ok()?,
        })
    }
}

/// A running process, held by a pidfd: its number cannot come to mean another.
#[derive(Debug)]
pub struct Process {
    pid: u32,
    start_time: u64,
    pidfd: OwnedFd,
}

impl Process {
    /// Takes hold of a process, if it runs.
    pub fn open(pid: u32) -> Option<Self> {
        let process = Self::child(pid)?;
        // Read after the pidfd is open, so it is about the process that is held.
        Stat::of(pid).filter(|stat| stat.state != 'Z')?;
        Some(process)
    }

    /// Takes hold of a child that may have ended already, but was not reaped.
    pub(crate) fn child(pid: u32) -> Option<Self> {
        let raw = Pid::from_raw(i32::try_from(pid).ok()?)?;
        let pidfd = pidfd_open(raw, PidfdFlags::empty()).ok()?;
        Some(Self { pid, start_time: Stat::of(pid)?.start_time, pidfd })
    }

    pub fn pid(&self) -> u32 {
        self.pid
    }

    /// In the kernel's ticks since boot.
    pub fn start_time(&self) -> u64 {
        self.start_time
    }

    /// The words it was started with.
    pub fn command_line(&self) -> Vec<String> {
        let bytes = fs::read(format!("/proc/{}/cmdline", self.pid)).unwrap_or_default();
        let words = bytes.split(|byte| *byte == 0).filter(|word| !word.is_empty());
        words.map(|word| String::from_utf8_lossy(word).into_owned()).collect()
    }

    /// Sends a signal. A process that has ended already is no error.
    pub fn signal(&self, signal: Signal) {
        let _gone = pidfd_send_signal(&self.pidfd, signal);
    }

    /// Asks it to end.
    pub fn terminate(&self) {
        self.signal(Signal::TERM);
    }

    /// Holds it where it is: it does nothing more until it is continued or killed.
    pub fn stop(&self) {
        self.signal(Signal::STOP);
    }

    /// Ends it as nothing can prevent.
    pub fn kill(&self) {
        self.signal(Signal::KILL);
    }

    /// Whether it has ended.
    pub fn has_ended(&self) -> bool {
        self.ended_within(Duration::ZERO)
    }

    /// Waits until it has ended.
    ///
    /// # Errors
    /// It did not.
    pub fn wait_end(&self, within: Duration) -> Result<()> {
        if self.ended_within(within) {
            return Ok(());
        }
        Err(KitError::TimedOut {
            what: format!("the end of process {}", self.pid),
            within,
            instead: self.command_line().join(" "),
        })
    }

    /// Waits until it sleeps: until it waits for something, such as a key. One that is ready to run and gets
    /// no processor does not count, nor one that only lets some time pass.
    ///
    /// # Errors
    /// It works all the time, or has ended.
    pub fn wait_asleep(&self, within: Duration) -> Result<()> {
        let until = Instant::now() + within;
        loop {
            match Stat::of(self.pid).map(|stat| stat.state) {
                Some('S') if !self.lets_time_pass() => return Ok(()),
                Some(_) if Instant::now() < until => std::thread::yield_now(),
                state => {
                    let what = format!("process {} to sleep", self.pid);
                    return Err(KitError::TimedOut { what, within, instead: format!("{state:?}") });
                }
            }
        }
    }

    fn lets_time_pass(&self) -> bool {
        let waits_in = fs::read_to_string(format!("/proc/{}/wchan", self.pid)).unwrap_or_default();
        waits_in.contains("nanosleep")
    }

    fn ended_within(&self, within: Duration) -> bool {
        let until = Instant::now() + within;
        loop {
            let left = until.saturating_duration_since(Instant::now());
            let mut fds = [PollFd::new(&self.pidfd, PollFlags::IN)];
            match poll(&mut fds, Timespec::try_from(left).ok().as_ref()) {
                Ok(0) => return false,
                Err(rustix::io::Errno::INTR) => {}
                Ok(_) | Err(_) => return true,
            }
        }
    }

    /// Every running process whose environment names a path in `folder`: those that were started
    /// for it, and what they started.
    pub fn of_folder(folder: &Path) -> Vec<Self> {
        let needle = format!("={}", folder.display());
        let own = std::process::id();
        let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
        entries
            .filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok())
            .filter(|pid| *pid != own)
            .filter_map(Self::open)
            .filter(|process| {
                // Read with the pidfd held; a process that ends meanwhile reads as empty.
                let environment = fs::read(format!("/proc/{}/environ", process.pid));
                let environment = environment.unwrap_or_default();
                environment.windows(needle.len()).any(|window| window == needle.as_bytes())
            })
            .collect()
    }
}
