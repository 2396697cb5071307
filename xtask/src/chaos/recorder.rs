//! The program in a pane: this very binary, started again. It writes records as fast as the terminal
//! takes them, as long as it is allowed to, and keeps account of them in a file that has nothing to
//! do with the terminal.

use std::fs::{File, OpenOptions};
use std::io::{Read as _, Write as _};
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use rustix::termios::{OptionalActions, tcgetattr, tcsetattr};
use sha2::{Digest as _, Sha256};

use super::record::{self, RECORD_BYTES};

/// Bytes that one permit allows.
pub(crate) const PERMIT_BYTES: u64 = 256 * 1024;
/// Bytes of one write, as a program with a buffer does it.
const WRITE_BYTES: usize = 4096;

/// May write [`PERMIT_BYTES`] more.
pub(crate) const PERMIT: u8 = b'g';
/// Is to say what it wrote.
pub(crate) const REPORT: u8 = b'r';

/// How a recorder is started.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct RecorderArgs {
    /// Which one it is
    index: u8,
    /// Where its account lies
    folder: PathBuf,
    /// Only says what it is, and what it is told
    #[arg(long)]
    idle: bool,
    /// Account for one byte that is never written, so that the account is wrong
    #[arg(long)]
    drop_byte: bool,
}

/// What a recorder says that it wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Account {
    pub(crate) bytes: u64,
    /// Up to the last report; `None` while there was none since something was written.
    pub(crate) sha256: Option<[u8; 32]>,
}

impl Account {
    /// Reads the file of a recorder.
    pub(crate) fn read(folder: &Path, index: u8) -> Result<Self> {
        let mut bytes = [0; 41];
        let path = account_path(folder, index);
        let file = File::open(&path).with_context(|| format!("open {}", path.display()))?;
        file.read_exact_at(&mut bytes, 0).context("read the account of a recorder")?;
        let (count, rest) = bytes.split_at(8);
        let sha256 = (rest[0] == 1).then(|| rest[1..].try_into().unwrap_or_default());
        Ok(Self { bytes: u64::from_le_bytes(count.try_into()?), sha256 })
    }
}

fn account_path(folder: &Path, index: u8) -> PathBuf {
    folder.join(format!("{index}.account"))
}

pub(crate) fn permits_path(folder: &Path, index: u8) -> PathBuf {
    folder.join(format!("{index}.permits"))
}

/// What an idle one shows, line by line.
pub(crate) fn idle_lines(index: u8) -> [String; 3] {
    let word = ["amber", "birch", "cedar", "delta", "ember", "fjord", "grove", "heath"];
    let word = word[usize::from(index) % word.len()];
    [format!("idle {index:02}"), format!("{word} {word} {word}"), format!("end of idle {index:02}")]
}

pub(crate) fn run(args: &RecorderArgs) -> Result<()> {
    // No byte is to become two on its way: the account is of what the terminal gives out.
    let mut terminal = tcgetattr(std::io::stdout()).context("look at the terminal")?;
    terminal.make_raw();
    tcsetattr(std::io::stdout(), OptionalActions::Now, &terminal).context("make it raw")?;
    if args.idle { idle(args.index) } else { flood(args) }
}

fn idle(index: u8) -> Result<()> {
    let mut stdout = std::io::stdout().lock();
    write!(stdout, "{}\r\n", idle_lines(index).join("\r\n"))?;
    stdout.flush()?;
    let mut byte = [0];
    let mut heard = String::new();
    while std::io::stdin().lock().read(&mut byte)? == 1 {
        if byte[0] != b'.' {
            heard.push(char::from(byte[0]));
            continue;
        }
        write!(stdout, "heard {heard}\r\n")?;
        stdout.flush()?;
        heard.clear();
    }
    Ok(())
}

fn flood(args: &RecorderArgs) -> Result<()> {
    let account =
        File::create(account_path(&args.folder, args.index)).context("open an account")?;
    account.write_all_at(&[0; 41], 0)?;
    // Open for writing too: the end of whoever gives permits is not the end of permits.
    let permits = permits_path(&args.folder, args.index);
    let mut permits = OpenOptions::new().read(true).write(true).open(permits).context("permits")?;
    let mut flood = Flood { args, account, hash: Sha256::new(), bytes: 0, records: 0 };
    let mut permit = [0];
    loop {
        permits.read_exact(&mut permit).context("wait for a permit")?;
        match permit[0] {
            PERMIT => flood.write_permit()?,
            _ => flood.report()?,
        }
    }
}

struct Flood<'a> {
    args: &'a RecorderArgs,
    account: File,
    hash: Sha256,
    bytes: u64,
    records: u64,
}

impl Flood<'_> {
    fn write_permit(&mut self) -> Result<()> {
        self.account.write_all_at(&[0], 8)?;
        let end = self.bytes + PERMIT_BYTES;
        let mut buffer = Vec::with_capacity(WRITE_BYTES);
        while self.bytes < end {
            buffer.clear();
            while buffer.len() < WRITE_BYTES {
                record::write(self.args.index, self.records, &mut buffer);
                self.records += 1;
            }
            // In two pieces, so that records do not always lie whole in one.
            let (first, rest) = buffer.split_at(100);
            self.write(first)?;
            if self.args.drop_byte && self.records * RECORD_BYTES as u64 == WRITE_BYTES as u64 {
                self.hash.update(&rest[..1]);
                self.write(&rest[1..])?;
            } else {
                self.write(rest)?;
            }
        }
        Ok(())
    }

    fn write(&mut self, mut bytes: &[u8]) -> Result<()> {
        while !bytes.is_empty() {
            let written = rustix::io::write(std::io::stdout(), bytes).context("write a record")?;
            let (done, left) = bytes.split_at(written);
            self.hash.update(done);
            self.bytes += written as u64;
            self.account.write_all_at(&self.bytes.to_le_bytes(), 0)?;
            bytes = left;
        }
        Ok(())
    }

    fn report(&self) -> Result<()> {
        let digest: [u8; 32] = self.hash.clone().finalize().into();
        self.account.write_all_at(&digest, 9)?;
        self.account.write_all_at(&[1], 8).context("report")
    }
}
