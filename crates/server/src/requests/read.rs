//! Requests that read what panes printed: rendered lines, and recorded bytes.

use std::path::PathBuf;
use std::sync::Arc;

use ccc_journal::{JournalReader, Offset, ReadAt};
use ccc_proto::{
    Capture, Chunk, ChunkEnd, Export, Ext, Tail, TextPage, WireExit, WireExitKind, limits,
};
use ccc_vt::Cell;
use tracing::warn;

use super::Asked;
use super::rendering::text;
use crate::blocking::blocking;
use crate::core::house::Life;
use crate::fault::Fault;
use crate::pane::{Pane, lines};

/// Bytes of text in one page of a capture.
const PAGE: usize = 256 * 1024;
/// Bytes of cells brought together at a time.
const GATHER: usize = 4 * 1024 * 1024;

/// Rendered lines. Lines of the screen count on from those above it.
pub(super) async fn capture(asked: &mut Asked<'_>, capture: Capture) -> Result<(), Fault> {
    let pane = asked.readable(&capture.target).await?;
    let shown = Shown::of(&pane);
    let bound = |line: Option<i64>, default: u64| match line {
        None => default,
        Some(line) if line < 0 => shown.top.saturating_sub(line.unsigned_abs()),
        Some(line) => line.unsigned_abs(),
    };
    let bottom = shown.rows.last().map_or(shown.top, |(number, _)| *number);
    let (from, to) = (bound(capture.from, shown.top), bound(capture.to, bottom));
    if from > to {
        return Err(Fault::invalid(format!("line {from} comes after line {to}")));
    }
    asked.send.set_priority(-1);
    let mut page = String::new();
    // The beginning of a line whose end is still on the screen.
    let mut begun: Vec<Cell> = Vec::new();
    let mut next = from;
    let above = shown.above.min(to.saturating_add(1));
    while next < above {
        let lines = lines::lines(&pane, next, above, GATHER).await?;
        let Some(last) = lines.last() else { break };
        next = last.number.0 + 1;
        for line in &lines {
            if capture.join && line.open {
                begun.clone_from(&line.cells);
            } else if capture.join {
                push_line(&mut page, &line.cells, capture.ansi);
            } else {
                for row in line.wrap(shown.cols) {
                    push_line(&mut page, &row.cells, capture.ansi);
                }
            }
            if page.len() >= PAGE {
                let text = std::mem::take(&mut page);
                asked.reply(TextPage { text, more: true }).await?;
            }
        }
    }
    let mut rows: Vec<_> =
        shown.rows.iter().filter(|(number, _)| (from..=to).contains(number)).collect();
    if capture.to.is_none() {
        // What lies below the last line was never written.
        let last = rows.iter().rposition(|(_, row)| !row.cells.is_empty());
        rows.truncate(last.map_or(0, |last| last + 1));
    }
    for (number, row) in rows {
        begun.extend(pad(row, shown.cols, capture.join && row.wrapped));
        if capture.join && row.wrapped && *number <= to {
            continue;
        }
        push_line(&mut page, &begun, capture.ansi);
        begun.clear();
    }
    if !begun.is_empty() {
        push_line(&mut page, &begun, capture.ansi);
    }
    asked.reply(TextPage { text: page, more: false }).await
}

fn push_line(page: &mut String, cells: &[Cell], ansi: bool) {
    page.push_str(&text(cells, ansi));
    page.push('\n');
}

/// A row's cells; one that goes on in the next row has blanks up to its end.
fn pad(row: &ccc_vt::Row, cols: u16, full: bool) -> Vec<Cell> {
    let mut cells = row.cells.clone();
    if full {
        let used: usize = cells.iter().map(|cell| usize::from(cell.width.max(1))).sum();
        // A wide character that did not fit leaves one column, which is not part of the text.
        let missing = usize::from(cols).saturating_sub(used);
        if missing > 1 {
            cells.extend(std::iter::repeat_n(Cell::blank(), missing));
        }
    }
    cells
}

/// A screen's rows with the numbers of their lines.
struct Shown {
    rows: Vec<(u64, ccc_vt::Row)>,
    /// The number of the line that the first row belongs to.
    top: u64,
    /// One past the last line that has anything above the screen.
    above: u64,
    cols: u16,
}

impl Shown {
    fn of(pane: &Pane) -> Self {
        let screen = pane.screen();
        let scrollback = screen.scrollback();
        let above = scrollback.end().0;
        let top = scrollback.open().unwrap_or_else(|| scrollback.end()).0;
        let mut number = top;
        let rows = screen
            .rows()
            .map(|row| {
                let row = row.to_row();
                let here = number;
                number += u64::from(!row.wrapped);
                (here, row)
            })
            .collect();
        Self { rows, top, above, cols: screen.size().cols }
    }
}

/// Every byte that a pane printed and that is still kept.
pub(super) async fn export(asked: &mut Asked<'_>, export: Export) -> Result<(), Fault> {
    let pane = asked.readable(&export.target).await?;
    if pane.unrecorded() {
        return Err(crate::unrecorded::refused(pane.id));
    }
    // While it is paused its other files are in memory.
    let dir = pane.ulid.dir(asked.ctx.state.root());
    let end = end_of(dir.clone()).await?;
    asked.send.set_priority(-1);
    send_bytes(asked, &pane, dir, Offset::ZERO, Some(end)).await
}

/// Recorded bytes from a place on, and what comes.
pub(super) async fn tail(asked: &mut Asked<'_>, tail: Tail) -> Result<(), Fault> {
    let pane = asked.readable(&tail.target).await?;
    let end = recorded(&pane).await?;
    let from = tail.from.map_or(end, Offset);
    asked.send.set_priority(-1);
    send_bytes(asked, &pane, pane.dir(), from, (!tail.follow).then_some(end)).await
}

/// Sends bytes up to `until`, or until the program ends.
async fn send_bytes(
    asked: &mut Asked<'_>,
    pane: &Arc<Pane>,
    dir: PathBuf,
    from: Offset,
    until: Option<Offset>,
) -> Result<(), Fault> {
    let mut watch = pane.watch();
    let mut reader = Some(open(&dir).await?);
    let mut refolds = pane.published().refolds;
    let mut at = from;
    let mut missing = 0;
    loop {
        // Looked at before the bytes, so that an end seen here has nothing behind it.
        let published = *watch.borrow_and_update();
        if until.is_none() && published.refolds != refolds {
            // Its files are others now, or elsewhere.
            refolds = published.refolds;
            reader = Some(open(&pane.dir()).await?);
        }
        while until.is_none_or(|until| at < until) {
            let Some(owned) = reader.take() else { break };
            let room = until.map_or(u64::MAX, |until| until.since(at));
            let (back, read) = read(owned, at, room).await?;
            reader = Some(back);
            match read {
                Read::Bytes(bytes) => {
                    let offset = at.0;
                    at = at.plus(bytes.len() as u64);
                    asked.reply(Chunk { offset, bytes }).await?;
                }
                Read::Gap(to) => {
                    missing += to.since(at);
                    at = to;
                }
                Read::End => break,
            }
        }
        let over = published.over && at >= published.offset;
        if over || until.is_some_and(|until| at >= until) || until.is_some() {
            break;
        }
        tokio::select! {
            changed = watch.changed() => if changed.is_err() {
                break;
            },
            () = Asked::hung_up(asked.recv) => return Ok(()),
            () = asked.ctx.token.cancelled() => return Err(Fault::stopping()),
        }
    }
    let exit = asked.exit_of(pane).await?;
    asked.reply(ChunkEnd { offset: at.0, exit, missing, ext: Ext::none() }).await
}

enum Read {
    Bytes(Vec<u8>),
    Gap(Offset),
    End,
}

async fn open(dir: &std::path::Path) -> Result<JournalReader, Fault> {
    let dir: PathBuf = dir.to_owned();
    blocking(move || JournalReader::open(&dir)).await
}

/// Reads a piece on a thread that may wait for the disk.
async fn read(
    mut reader: JournalReader,
    at: Offset,
    room: u64,
) -> Result<(JournalReader, Read), Fault> {
    blocking(move || {
        let size = usize::try_from(room).unwrap_or(usize::MAX).min(limits::CHUNK);
        let mut bytes = vec![0; size];
        let read = match reader.read_at(at, &mut bytes)? {
            ReadAt::Bytes(count) => {
                bytes.truncate(count);
                Read::Bytes(bytes)
            }
            ReadAt::Gap { to, .. } => Read::Gap(to),
            ReadAt::End => Read::End,
        };
        for damage in reader.take_damage() {
            let (path, at) = (damage.path.display(), damage.from);
            warn!(%path, %at, "a recording is damaged");
        }
        Ok::<_, ccc_journal::Error>((reader, read))
    })
    .await
}

/// Where a pane's recording ends now.
pub(super) async fn recorded(pane: &Arc<Pane>) -> Result<Offset, Fault> {
    end_of(pane.dir()).await
}

async fn end_of(dir: PathBuf) -> Result<Offset, Fault> {
    blocking(move || ccc_journal::end_offset(&dir)).await
}

impl Asked<'_> {
    /// How a pane's program ended, by its recording or by the records; nothing while it runs.
    pub(super) async fn exit_of(&self, pane: &Arc<Pane>) -> Result<WireExit, Fault> {
        let published = pane.published();
        if let Some(exit) = published.exit {
            return Ok(exit);
        }
        let id = pane.id;
        let life = self.ctx.book.run(move |book| book.house.pane(id).map(|pane| pane.life)).await?;
        Ok(match life {
            Some(Life::Exited(exit)) => exit,
            Some(Life::Lost) => WireExit { kind: WireExitKind::UNKNOWN, value: 0 },
            Some(Life::Starting | Life::Running { .. }) => WireExit::default(),
            None => {
                let closed =
                    self.ctx.book.run(move |book| book.house.closed_pane(id).map(|p| p.exit));
                closed.await?.unwrap_or_default()
            }
        })
    }
}
