//! The scene: a server in a sandbox, sessions that each show a flooding and an idle pane side by
//! side, and the accounts of what was written. Owns where everything lies.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use ccc_testkit::{Sandbox, Size, Stat, Terminal, vt100};
use serde_json::Value;

use super::record;
use super::recorder::{PERMIT, PERMIT_BYTES, REPORT, idle_lines, permits_path};

/// Flooding panes, and as many idle ones.
pub(crate) const PAIRS: u8 = 8;
/// What attaches: two panes of records beside each other, and a bar.
pub(crate) const SIZE: Size = Size::new(160, 40);
/// Where a journal goes on in a new file, and the one before is sealed: often.
const FILE_BYTES: u64 = 1 << 20;
/// More than a run writes, so that nothing is trimmed and all bytes can be compared.
const BUDGET: u64 = 1 << 40;

/// A program under watch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Child {
    pub(crate) pane: String,
    pub(crate) ulid: String,
    pub(crate) pid: u32,
    pub(crate) start_time: u64,
}

/// One session: what floods on the left, what is idle on the right.
#[derive(Debug)]
pub(crate) struct Pair {
    pub(crate) index: u8,
    pub(crate) session: String,
    pub(crate) flood: Child,
    pub(crate) idle: Child,
    permits: File,
    /// Bytes that it was ever allowed to write.
    permitted: u64,
    pub(crate) journal: PathBuf,
}

#[derive(Debug)]
pub(crate) struct Stage {
    pub(crate) sandbox: Sandbox,
    /// Where accounts and permits lie.
    pub(crate) accounts: PathBuf,
    pub(crate) pairs: Vec<Pair>,
}

impl Stage {
    /// Starts a server and all the programs.
    pub(crate) fn set(ccc: &Path, drop_byte: bool) -> Result<Self> {
        let sandbox = Sandbox::new(ccc)?;
        let budgets = format!(
            "pane_budget = {BUDGET}\nserver_budget = {BUDGET}\nsegment_bytes = {FILE_BYTES}"
        );
        sandbox.configure(&format!("[recording]\n{budgets}\n"))?;
        let accounts = sandbox.home().join("accounts");
        fs::create_dir(&accounts).context("make a folder for accounts")?;
        let recorder = std::env::current_exe().context("find this program")?;
        let (recorder, folder) = (text(&recorder)?, text(&accounts)?);
        let mut pairs = Vec::new();
        for index in 0..PAIRS {
            let path = permits_path(&accounts, index);
            let rights = rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR;
            rustix::fs::mknodat(rustix::fs::CWD, &path, rustix::fs::FileType::Fifo, rights, 0)
                .context("make a pipe for permits")?;
            let permits = OpenOptions::new().read(true).write(true).open(&path);
            let permits = permits.context("open the pipe for permits")?;
            let (number, session) = (index.to_string(), format!("pair{index}"));
            let program = [recorder.as_str(), "recorder", number.as_str(), folder.as_str()];
            let size = format!("{}x{}", SIZE.cols, SIZE.rows - 1);
            let mut new = vec!["new", "-d", "-n", session.as_str(), "--size", size.as_str(), "--"];
            new.extend(program);
            if drop_byte && index == 0 {
                new.push("--drop-byte");
            }
            sandbox.ok(&new)?;
            let mut split = vec!["split", session.as_str(), "--right", "--"];
            split.extend(program);
            split.push("--idle");
            sandbox.ok(&split)?;
            let [flood, idle] = children(&sandbox.json(&["pane", "ls", &session, "--json"])?)?;
            let journal = sandbox.state().join("panes").join(&flood.ulid);
            pairs.push(Pair { index, session, flood, idle, permits, permitted: 0, journal });
        }
        Ok(Self { sandbox, accounts, pairs })
    }

    /// Lets every recorder write so many permits more.
    pub(crate) fn permit(&mut self, permits: usize) -> Result<()> {
        self.pairs.iter_mut().try_for_each(|pair| pair.permit(permits))
    }

    /// Whether anything that a recorder may write is not recorded yet.
    pub(crate) fn is_flooding(&self) -> bool {
        self.pairs.iter().any(|pair| pair.recorded() < pair.permitted)
    }

    /// Asks every recorder for its account.
    pub(crate) fn ask_for_accounts(&mut self) -> Result<()> {
        let ask = |pair: &mut Pair| pair.permits.write_all(&[REPORT]);
        self.pairs.iter_mut().try_for_each(ask).context("ask for accounts")
    }

    /// Which programs are no longer what they were.
    pub(crate) fn lost(&self) -> Vec<String> {
        let children = self.pairs.iter().flat_map(|pair| [&pair.flood, &pair.idle]);
        children
            .filter(|child| {
                let stat = Stat::of(child.pid).filter(|stat| stat.state != 'Z');
                stat.map(|stat| stat.start_time) != Some(child.start_time)
            })
            .map(|child| format!("pane {} (process {})", child.pane, child.pid))
            .collect()
    }

    /// Opens a new terminal on a pair.
    pub(crate) fn attach(&self, pair: usize) -> Result<Terminal> {
        Ok(self.sandbox.attach(SIZE, &[&self.pairs[pair].session])?)
    }
}

impl Pair {
    /// Lets this recorder write so many permits more.
    pub(crate) fn permit(&mut self, permits: usize) -> Result<()> {
        self.permitted += permits as u64 * PERMIT_BYTES;
        self.permits.write_all(&vec![PERMIT; permits]).context("permit")
    }

    /// How many permits, at least one, make this journal go on in a new file.
    pub(crate) fn to_rotation(&self) -> usize {
        let (_, len) = self.newest_file();
        let left = FILE_BYTES.saturating_sub(len);
        usize::try_from(left / PERMIT_BYTES).unwrap_or(0) + 1
    }

    /// Bytes in the journal at this moment.
    pub(crate) fn recorded(&self) -> u64 {
        let (first, len) = self.newest_file();
        first + len
    }

    /// Whether all but the newest file are segments.
    pub(crate) fn is_sealed(&self) -> bool {
        let entries = fs::read_dir(&self.journal).into_iter().flatten().flatten();
        let journals =
            entries.filter(|entry| entry.file_name().to_string_lossy().ends_with(".journal"));
        journals.count() <= 1
    }

    /// Its first byte's offset, and its length.
    fn newest_file(&self) -> (u64, u64) {
        let entries = fs::read_dir(&self.journal).into_iter().flatten().flatten();
        entries
            .filter_map(|entry| {
                let name = entry.file_name();
                let first = name.to_str()?.strip_suffix(".journal")?;
                let first = u64::from_str_radix(first, 16).ok()?;
                Some((first, entry.metadata().ok()?.len()))
            })
            .max()
            .unwrap_or((0, 0))
    }

    /// What a right screen must at least show: everything recorded by now.
    pub(crate) fn expectation(&self) -> Expectation {
        let whole = self.recorded() / record::RECORD_BYTES as u64;
        Expectation { index: self.index, newest: whole.checked_sub(1) }
    }
}

/// What a screen has to show to be right.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Expectation {
    index: u8,
    /// The record that was complete in the journal, and with it all before.
    newest: Option<u64>,
}

impl Expectation {
    pub(crate) fn is_met(self, screen: &vt100::Screen) -> bool {
        let text = ccc_testkit::text(screen);
        let idle = idle_lines(self.index).iter().all(|line| text.contains(line.as_str()));
        idle && record::newest(self.index, &text) >= self.newest
    }

    /// Waits until a terminal shows it, and says when.
    pub(crate) fn wait(self, terminal: &Terminal, within: Duration) -> Result<Instant> {
        let what = match self.newest {
            Some(record) => format!("record {record} beside the idle pane {}", self.index),
            None => format!("the idle pane {}", self.index),
        };
        terminal.wait_for(&what, within, |screen| self.is_met(screen))?;
        Ok(Instant::now())
    }
}

/// The two programs of a session, by the numbers of their panes.
fn children(listing: &Value) -> Result<[Child; 2]> {
    let panes = listing["panes"].as_array().context("a listing without panes")?;
    let mut children = BTreeMap::new();
    for pane in panes {
        let text = |key: &str| pane[key].as_str().map(ToOwned::to_owned).context("a pane's field");
        let child = Child {
            pane: text("id")?,
            ulid: text("ulid")?,
            pid: u32::try_from(pane["pid"].as_u64().context("a pane's process")?)?,
            start_time: pane["start_time"].as_u64().context("a process's start")?,
        };
        ensure!(child.pid != 0 && child.start_time != 0, "pane {} names no process", child.pane);
        children.insert(pane["number"].as_u64().context("a pane's number")?, child);
    }
    let children: Vec<Child> = children.into_values().collect();
    let count = children.len();
    children.try_into().ok().with_context(|| format!("{count} panes in a session, not two"))
}

fn text(path: &Path) -> Result<String> {
    path.to_str().map(ToOwned::to_owned).context("a path that is no text")
}
