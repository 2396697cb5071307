//! A program that prints numbered records without end, and what they look like from outside.
//!
//! The terminal's output processing is off, so that the journal must hold exactly these bytes.

use std::io::Write;
use std::process::ExitCode;

use rustix::event::{PollFd, PollFlags, Timespec};
use rustix::termios::{LocalModes, OptionalActions, OutputModes};

pub(crate) const RECORD: usize = 64;
/// How a flood that was told to stop ends.
pub(crate) const EXIT: i32 = 7;

/// `flood [RECORDS]`: that many, or until a byte is typed.
pub(crate) fn run(arguments: &[String]) -> ExitCode {
    let stdout = std::io::stdout();
    let mut termios = rustix::termios::tcgetattr(&stdout).expect("a terminal");
    termios.output_modes -= OutputModes::OPOST;
    termios.local_modes -= LocalModes::ECHO | LocalModes::ICANON;
    rustix::termios::tcsetattr(&stdout, OptionalActions::Now, &termios).expect("a terminal");
    let count: Option<u64> = arguments.first().map(|count| count.parse().expect("a number"));
    let mut out = stdout.lock();
    let mut number = 0;
    while count.is_none_or(|count| number < count) && !(number % 64 == 0 && typed()) {
        out.write_all(&record(number)).expect("the terminal takes it");
        number += 1;
    }
    out.flush().expect("the terminal takes it");
    ExitCode::from(u8::try_from(EXIT).expect("small"))
}

fn typed() -> bool {
    let stdin = std::io::stdin();
    let now = Timespec { tv_sec: 0, tv_nsec: 0 };
    let mut fds = [PollFd::new(&stdin, PollFlags::IN)];
    rustix::event::poll(&mut fds, Some(&now)).expect("poll") > 0
}

fn record(number: u64) -> Vec<u8> {
    let mut record = format!("{number:016x} {:032x}", number.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    record.extend(std::iter::repeat_n('.', RECORD - 1 - record.len()));
    record.push('\n');
    record.into_bytes()
}

/// `bytes` must be whole records from the first one on; gives how many.
pub(crate) fn check(bytes: &[u8]) -> u64 {
    for (number, found) in bytes.chunks(RECORD).enumerate() {
        let expected = record(number as u64);
        assert!(
            found == expected,
            "record {number} of {}: {:?}",
            bytes.len() / RECORD,
            String::from_utf8_lossy(found)
        );
    }
    (bytes.len() / RECORD) as u64
}
