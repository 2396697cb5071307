//! What was written against what was kept. Owns the comparison; it believes neither side's word but
//! only bytes.

use std::fmt::Write as _;
use std::io::Read as _;
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use sha2::{Digest as _, Sha256};

use super::record;
use super::recorder::Account;
use super::stage::{Pair, Stage};

/// How long the last bytes may take to the disk.
const SETTLE: Duration = Duration::from_secs(60);
/// How long what is sealed is waited for.
const SEALING: Duration = Duration::from_secs(20);
/// How often it is looked at meanwhile.
const LOOK_AGAIN: Duration = Duration::from_millis(2);
/// A recorder accounts for a write when it is done: one may be missing in the account of a dead one.
const ONE_WRITE: u64 = 4096;

/// What a pane's recording holds.
#[derive(Debug, PartialEq, Eq)]
struct Export {
    bytes: u64,
    sha256: [u8; 32],
}

/// Everything that every program wrote is kept, and nothing else. Gives the violations and how many
/// bytes were compared.
pub(crate) fn exact(stage: &mut Stage) -> Result<(Vec<String>, u64)> {
    stage.ask_for_accounts()?;
    let mut violations = Vec::new();
    let mut compared = 0;
    for pair in &stage.pairs {
        let account = settled(stage, pair)?;
        let export = export(stage, &pair.flood.pane, |_| {})?;
        compared += export.bytes;
        let told = account.sha256.unwrap_or_default();
        if export.bytes != account.bytes || export.sha256 != told {
            violations.push(format!(
                "pane {}: written {} bytes, SHA-256 {}; exported {} bytes, SHA-256 {}",
                pair.flood.pane,
                account.bytes,
                hex(&told),
                export.bytes,
                hex(&export.sha256),
            ));
        }
    }
    Ok((violations, compared))
}

/// Waits until everything is sealed that can be, or for as long as it is worth: an unoptimised server
/// takes its time.
pub(crate) fn await_seals(stage: &Stage) {
    let until = Instant::now() + SEALING;
    while Instant::now() < until && !stage.pairs.iter().all(Pair::is_sealed) {
        std::thread::park_timeout(LOOK_AGAIN);
    }
}

/// Every recording is what was written, as far as it is sealed, and something is.
pub(crate) fn whole(stage: &Stage) -> Result<Vec<String>> {
    let listed = stage.sandbox.json(&["rec", "ls", "--json"])?;
    let figure = |name: &str| {
        let recordings = listed["recordings"].as_array().into_iter().flatten();
        recordings.filter_map(|recording| recording[name].as_u64()).sum::<u64>()
    };
    let (segments, sealed) = (figure("segments"), figure("sealed"));
    println!("{segments} segments of {} MiB in {} MiB", sealed >> 20, figure("sealed_disk") >> 20);
    let mut violations = Vec::new();
    if segments == 0 {
        violations.push("nothing was sealed".to_owned());
    }
    let checked = stage.sandbox.run(&["rec", "verify"])?;
    if checked.code != Some(0) {
        let wrong = checked.stdout.lines().filter(|line| !line.contains(": ok, "));
        violations.extend(wrong.map(|line| format!("rec verify: {line}")));
        violations.push(format!("rec verify ended with {:?} {}", checked.code, checked.stderr));
    }
    Ok(violations)
}

/// After the death of all custodians: each recording is exactly the beginning of what its program
/// wrote.
pub(crate) fn beginnings(stage: &Stage) -> Result<(Vec<String>, u64)> {
    let mut violations = Vec::new();
    let mut compared = 0;
    for pair in &stage.pairs {
        let mut wanted = Wanted::new(pair.index);
        let mut first_wrong = None;
        let export = export(stage, &pair.flood.pane, |bytes| {
            first_wrong = first_wrong.or_else(|| wanted.first_difference(bytes));
        })?;
        compared += export.bytes;
        let pane = &pair.flood.pane;
        if let Some(offset) = first_wrong {
            violations.push(format!("pane {pane}: byte {offset} is not what was written"));
        }
        let account = Account::read(&stage.accounts, pair.index)?;
        if export.bytes > account.bytes + ONE_WRITE {
            let (kept, written) = (export.bytes, account.bytes);
            violations.push(format!("pane {pane}: {kept} bytes kept of {written} written"));
        }
    }
    Ok((violations, compared))
}

/// The account of a recorder that has said all, once its recording is as long.
fn settled(stage: &Stage, pair: &Pair) -> Result<Account> {
    let until = Instant::now() + SETTLE;
    loop {
        let account = Account::read(&stage.accounts, pair.index)?;
        let recorded = pair.recorded();
        if account.sha256.is_some() && recorded >= account.bytes {
            return Ok(account);
        }
        ensure!(
            Instant::now() < until,
            "pane {}: {} bytes written, {recorded} recorded, and no more come",
            pair.flood.pane,
            account.bytes
        );
        // Two files of two programs: there is no one event to wait for.
        std::thread::park_timeout(LOOK_AGAIN);
    }
}

/// Exports a pane as a user would, and looks at every piece.
fn export(stage: &Stage, pane: &str, mut look: impl FnMut(&[u8])) -> Result<Export> {
    let mut command = stage.sandbox.ccc(&["export", "--raw", pane]).command();
    command.stdin(Stdio::null()).stdout(Stdio::piped());
    let mut child = command.spawn().context("start an export")?;
    let mut output = child.stdout.take().context("the output of an export")?;
    let mut hash = Sha256::new();
    let mut bytes = 0;
    let mut buffer = vec![0; 256 * 1024];
    loop {
        let count = output.read(&mut buffer).context("read an export")?;
        if count == 0 {
            break;
        }
        hash.update(&buffer[..count]);
        bytes += count as u64;
        look(&buffer[..count]);
    }
    let status = child.wait().context("wait for an export")?;
    ensure!(status.success(), "the export of pane {pane} ended with {status}");
    Ok(Export { bytes, sha256: hash.finalize().into() })
}

/// What a recorder writes, made again.
struct Wanted {
    index: u8,
    records: u64,
    /// Made and not compared yet, from `taken` on.
    ahead: Vec<u8>,
    taken: usize,
    offset: u64,
}

impl Wanted {
    fn new(index: u8) -> Self {
        Self { index, records: 0, ahead: Vec::new(), taken: 0, offset: 0 }
    }

    /// Where the next bytes differ from what was written, if they do.
    fn first_difference(&mut self, bytes: &[u8]) -> Option<u64> {
        while self.ahead.len() - self.taken < bytes.len() {
            record::write(self.index, self.records, &mut self.ahead);
            self.records += 1;
        }
        let wanted = &self.ahead[self.taken..self.taken + bytes.len()];
        let differs = wanted.iter().zip(bytes).position(|(wanted, got)| wanted != got);
        let place = differs.map(|at| self.offset + at as u64);
        self.taken += bytes.len();
        self.ahead.drain(..self.taken);
        self.taken = 0;
        self.offset += bytes.len() as u64;
        place
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().take(8).fold(String::new(), |mut text, byte| {
        // Into a string, which takes everything.
        let _written = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::{Wanted, record};

    #[test]
    fn a_byte_that_is_missing_is_found_where_it_is_missing() {
        let mut bytes = Vec::new();
        (0..10).for_each(|number| record::write(1, number, &mut bytes));
        let mut wanted = Wanted::new(1);
        let pieces: Vec<_> =
            bytes.chunks(100).map(|piece| wanted.first_difference(piece)).collect();
        assert!(pieces.iter().all(Option::is_none));
        bytes.remove(300);
        let mut wanted = Wanted::new(1);
        let found = bytes.chunks(77).find_map(|piece| wanted.first_difference(piece));
        // The byte behind the missing one may happen to be the same.
        assert!(found.is_some_and(|at| (300..304).contains(&at)), "{found:?}");
    }
}
