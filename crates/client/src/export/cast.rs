//! A recording as an asciicast: what was printed, sizes, and a marker for each command. Nothing that was typed
//! is in it.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::time::Duration;

use ccc_journal::asciicast::{CastHeader, CastVersion, CastWriter};
use ccc_journal::{ExitStatus, Size};

use super::{Form, Teller, Told};
use crate::Recording;

/// What the header says beside what the recording tells.
#[derive(Clone, Debug, Default)]
pub struct CastOptions {
    /// The longest pause a player should make. Times stay what they were.
    pub idle_limit: Option<Duration>,
    /// Such as TERM and SHELL.
    pub env: BTreeMap<String, String>,
}

/// An asciicast that is written.
#[derive(Debug)]
pub struct CastForm<W: Write> {
    writer: CastWriter<W>,
    size: ccc_vt::Size,
}

impl<W: Write> CastForm<W> {
    /// Writes the header.
    ///
    /// # Errors
    /// `out` takes nothing.
    pub fn new(
        out: W,
        version: CastVersion,
        recording: &Recording,
        options: CastOptions,
    ) -> io::Result<Self> {
        let size = Teller::size(recording);
        let seconds = Teller::new(recording).began_unix_ms() / 1000;
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let header = CastHeader {
            timestamp: (seconds > 0).then_some(seconds),
            title: some(&recording.session),
            command: some(&recording.command),
            idle_time_limit: options.idle_limit.map(|limit| limit.as_secs_f64()),
            env: options.env,
            ..CastHeader::of(written(size))
        };
        Ok(Self { writer: CastWriter::new(out, version, &header)?, size })
    }
}

impl<W: Write> Form for CastForm<W> {
    fn told(&mut self, at: Duration, told: Told<'_>) -> io::Result<()> {
        match told {
            Told::Output(bytes) => self.writer.output(at, bytes),
            // The header has the first one.
            Told::Resize(size) if size == self.size => Ok(()),
            Told::Resize(size) => {
                self.size = size;
                self.writer.resize(at, written(size))
            }
            Told::Command(command) => self.writer.marker(at, &command.text),
            Told::Ended(ExitStatus::Code(status)) => self.writer.exit(at, status),
            Told::Ended(ExitStatus::Signal(signal)) => self.writer.exit(at, 128 + signal),
            Told::Ended(ExitStatus::Unknown) => Ok(()),
        }
    }

    fn finish(self: Box<Self>, at: Duration) -> io::Result<()> {
        self.writer.finish(at)?.flush()
    }
}

const fn written(size: ccc_vt::Size) -> Size {
    Size { cols: size.cols, rows: size.rows }
}
