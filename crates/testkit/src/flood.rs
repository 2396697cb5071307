//! A program that prints without end, never reads what is typed, and tells at once when it is interrupted, past
//! its terminal. Owns the pipe by which it tells.

use std::fs::{self, File};
use std::io::Read as _;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{Mode, OFlags};
use rustix::time::{ClockId, clock_gettime};

use crate::error::{KitError, Result};
use crate::sandbox::Sandbox;

/// Prints lines of a log at a rate, as far as the terminal takes them, and notes each SIGINT by the clock
/// that all processes of a machine share.
const PROGRAM: &str = r#"
import os, signal, sys, time
told = os.open(sys.argv[1], os.O_WRONLY)
rate = float(sys.argv[2])
def interrupted(*_):
    os.write(told, b"%020d" % time.monotonic_ns())
signal.signal(signal.SIGINT, interrupted)
block = b"".join(b"%04d a line of a flood that never ends and that nobody reads to its end\r\n" % n for n in range(900))
began, written = time.monotonic(), 0
while True:
    written += os.write(1, block)
    ahead = written / rate - (time.monotonic() - began)
    if ahead > 0:
        time.sleep(ahead)
"#;
/// Digits of a time in nanoseconds, as the program writes them.
const TOLD: usize = 20;

/// What a flooding program tells.
#[derive(Debug)]
pub struct Flood {
    told: File,
}

impl Flood {
    /// Prepares one that prints so many bytes a second, and gives the script that starts it. Needs python3.
    ///
    /// # Errors
    /// The disk's.
    pub fn prepare(sandbox: &Sandbox, bytes_per_second: u64) -> Result<(Self, String)> {
        let (program, pipe) =
            (sandbox.user_home().join("flood.py"), sandbox.user_home().join("interrupted"));
        fs::write(&program, PROGRAM).map_err(KitError::io("write a program"))?;
        let mode = Mode::RUSR | Mode::WUSR;
        rustix::fs::mkfifoat(rustix::fs::CWD, &pipe, mode).map_err(KitError::io("make a pipe"))?;
        // Both ways, so that it is open before the program is there.
        let told = rustix::fs::open(&pipe, OFlags::RDWR | OFlags::CLOEXEC, Mode::empty());
        let told = File::from(told.map_err(KitError::io("open a pipe"))?);
        let (program, pipe) = (program.display(), pipe.display());
        let script = format!("stty -echo -opost; exec python3 {program} {pipe} {bytes_per_second}");
        Ok((Self { told }, script))
    }

    /// When the program is interrupted next, by the clock of [`Flood::now`].
    ///
    /// # Errors
    /// It is not.
    pub fn wait_interrupted(&mut self, within: Duration) -> Result<Duration> {
        let mut waits = [PollFd::new(&self.told, PollFlags::IN)];
        let until = Timespec::try_from(within).ok();
        if poll(&mut waits, until.as_ref()).map_err(KitError::io("wait for a pipe"))? == 0 {
            let (what, instead) = ("an interrupt".into(), "it goes on".into());
            return Err(KitError::TimedOut { what, within, instead });
        }
        let mut digits = [0; TOLD];
        self.told.read_exact(&mut digits).map_err(KitError::io("read a pipe"))?;
        let text = String::from_utf8_lossy(&digits).into_owned();
        let nanoseconds = text.parse().map_err(|_no_number| KitError::Unexpected {
            what: "the program told no time".into(),
            told: text,
        })?;
        Ok(Duration::from_nanos(nanoseconds))
    }

    /// The time by the clock that all processes of this machine share.
    #[must_use]
    pub fn now() -> Duration {
        let now = clock_gettime(ClockId::Monotonic);
        Duration::try_from(now).unwrap_or_default()
    }
}
