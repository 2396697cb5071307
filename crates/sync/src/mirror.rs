//! The passive twin of a pane's screen on the client's side: it shows what frames say and decides
//! nothing. Owns the rule by which a frame is applied, dropped or asked for again; that a frame is
//! sound is checked in `checked`, and an unsound one changes nothing.

use std::collections::HashMap;
use std::sync::Arc;

use ccc_proto::{Frame, FrameApplied, KnownPane, PaneId, TtyFlags, WireModes};
use ccc_vt::{Cursor, LineNumber, Progress, Row, RowId, Seq, Size};

use crate::{ApplyError, PaneImages};

mod checked;
mod matches;

use checked::Checked;

#[cfg(test)]
mod tests;

/// What became of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Applied {
    /// It is shown now. The server is to be told: [`Mirror::frame_applied`].
    Done,
    /// The mirror shows that version or a later one: the frame was dropped.
    Stale,
    /// It builds upon something that the mirror does not have: the frame was dropped, and the pane
    /// is to be asked for whole.
    NeedsWhole,
}

/// What a client shows of one pane.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mirror {
    pane: PaneId,
    /// Epoch and seq of what is shown; `None` before the first frame.
    version: Option<(u64, Seq)>,
    size: Size,
    /// Top to bottom, always `size.rows` of them; each with no more columns than `size.cols`. Shared
    /// with whoever draws: a row that no frame changed is the same one still.
    rows: Vec<Arc<Row>>,
    /// Their names, in step.
    ids: Vec<RowId>,
    /// Inside the size, once there is one.
    cursor: Cursor,
    modes: WireModes,
    title: String,
    cwd: String,
    progress: Progress,
    images: Arc<PaneImages>,
    history_lines: u64,
    input_done: u64,
    tty: TtyFlags,
}

impl Mirror {
    /// A mirror that shows nothing yet: no rows, size 0x0.
    #[must_use]
    pub fn new(pane: PaneId) -> Self {
        Self {
            pane,
            version: None,
            size: Size::new(0, 0),
            rows: Vec::new(),
            ids: Vec::new(),
            cursor: Cursor::default(),
            modes: WireModes::default(),
            title: String::new(),
            cwd: String::new(),
            progress: Progress::None,
            images: Arc::default(),
            history_lines: 0,
            input_done: 0,
            tty: TtyFlags::default(),
        }
    }

    /// Shows the frame if it can be shown.
    ///
    /// Within an epoch a frame is shown iff `base` ≤ shown < `seq`. One of another epoch, and the
    /// first one of all, is shown iff it builds upon nothing (base 0).
    ///
    /// # Errors
    /// The frame is unsound, which is a mistake or malice of the server. Nothing was changed.
    pub fn apply(&mut self, frame: &Frame) -> Result<Applied, ApplyError> {
        if frame.pane != self.pane {
            return Err(ApplyError::OtherPane { wanted: self.pane, found: frame.pane });
        }
        match self.version.filter(|(epoch, _)| *epoch == frame.epoch) {
            Some((_, shown)) if frame.seq <= shown.0 => return Ok(Applied::Stale),
            Some((_, shown)) if frame.base > shown.0 => return Ok(Applied::NeedsWhole),
            None if frame.base != 0 => return Ok(Applied::NeedsWhole),
            _ => {}
        }
        let checked = Checked::new(frame)?;
        let whole = frame.base == 0;
        let Some(sources) = self.sources(&checked, whole)? else { return Ok(Applied::NeedsWhole) };
        self.show(frame, checked, sources, whole);
        Ok(Applied::Done)
    }

    /// Where each row of the frame comes from, top to bottom; `None` when one is neither sent nor
    /// shown.
    fn sources(&self, checked: &Checked, whole: bool) -> Result<Option<Vec<Source>>, ApplyError> {
        let narrower = checked.size.cols < self.size.cols;
        // Most rows of most frames stay where they are, and none is looked for.
        let mut moved: Option<HashMap<RowId, usize>> = None;
        let mut sources = Vec::with_capacity(checked.ids.len());
        for (place, id) in checked.ids.iter().enumerate() {
            if let Some(place) = checked.sent(*id) {
                sources.push(Source::Sent(place));
                continue;
            }
            if whole {
                return Err(ApplyError::RowMissing { row: id.0 });
            }
            let kept = if self.ids.get(place) == Some(id) {
                Some(place)
            } else {
                let places =
                    || self.ids.iter().enumerate().map(|(place, id)| (*id, place)).collect();
                moved.get_or_insert_with(places).get(id).copied()
            };
            let kept = kept.filter(|place| {
                !narrower || self.rows.get(*place).is_some_and(|row| fits(row, checked.size.cols))
            });
            let Some(place) = kept else { return Ok(None) };
            sources.push(Source::Shown(place));
        }
        Ok(Some(sources))
    }

    fn show(&mut self, frame: &Frame, mut checked: Checked, sources: Vec<Source>, whole: bool) {
        // Each source is named once, because no id is.
        let mut sent = |place: usize| checked.rows.get_mut(place).map(std::mem::take).map(Arc::new);
        if self.ids == checked.ids {
            for (row, source) in self.rows.iter_mut().zip(sources) {
                if let Source::Sent(place) = source
                    && let Some(new) = sent(place)
                {
                    *row = new;
                }
            }
        } else {
            let rows = sources.into_iter().filter_map(|source| match source {
                Source::Sent(place) => sent(place),
                Source::Shown(place) => self.rows.get(place).map(Arc::clone),
            });
            self.rows = rows.collect();
            self.ids = checked.ids;
        }
        self.version = Some((frame.epoch, Seq(frame.seq)));
        self.size = checked.size;
        self.cursor = checked.cursor;
        self.modes = frame.modes;
        // What a whole frame does not say is empty; what another one does not say is unchanged.
        let unsaid = whole.then(Default::default);
        if let Some(title) = checked.title.or_else(|| unsaid.clone()) {
            self.title = title;
        }
        if let Some(cwd) = checked.cwd.or(unsaid) {
            self.cwd = cwd;
        }
        if let Some(progress) = checked.progress.or_else(|| whole.then_some(Progress::None)) {
            self.progress = progress;
        }
        if let Some(images) = checked.images.or_else(|| whole.then(PaneImages::default)) {
            self.images = Arc::new(images);
        }
        self.history_lines = frame.history_lines;
        self.input_done = frame.input_done;
        self.tty = frame.tty;
    }

    /// The pane that it mirrors.
    #[must_use]
    pub const fn pane(&self) -> PaneId {
        self.pane
    }

    /// Whether it shows anything yet.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.version.is_none()
    }

    /// The epoch of what is shown.
    #[must_use]
    pub fn epoch(&self) -> Option<u64> {
        self.version.map(|(epoch, _)| epoch)
    }

    /// The version that is shown, as the server counts: it may count finer than the screen.
    #[must_use]
    pub fn seq(&self) -> Option<Seq> {
        self.version.map(|(_, seq)| seq)
    }

    /// What a returning client says it still shows.
    #[must_use]
    pub fn known(&self) -> Option<KnownPane> {
        let (epoch, seq) = self.version?;
        Some(KnownPane { pane: self.pane, epoch, seq: seq.0 })
    }

    /// What is to be sent after [`Applied::Done`].
    #[must_use]
    pub fn frame_applied(&self) -> Option<FrameApplied> {
        let (epoch, seq) = self.version?;
        Some(FrameApplied { pane: self.pane, epoch, seq: seq.0 })
    }

    /// The size of the screen, 0x0 before the first frame.
    #[must_use]
    pub const fn size(&self) -> Size {
        self.size
    }

    /// The rows, top to bottom. Cells beyond a row's last one are blank in the default style.
    ///
    /// The widths are the server's: where [`ccc_vt::width`] thinks otherwise, whoever draws keeps
    /// to the cell's width and sets the outer cursor anew behind it.
    #[must_use]
    pub fn rows(&self) -> &[Arc<Row>] {
        &self.rows
    }

    /// One row, from 0 at the top.
    #[must_use]
    pub fn row(&self, y: u16) -> Option<&Row> {
        self.rows.get(usize::from(y)).map(AsRef::as_ref)
    }

    /// Where the cursor is and how it looks.
    #[must_use]
    pub const fn cursor(&self) -> Cursor {
        self.cursor
    }

    /// The modes that matter outside the pane.
    #[must_use]
    pub const fn modes(&self) -> WireModes {
        self.modes
    }

    /// The title that the program set, or empty.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.title
    }

    /// The working directory that the shell told.
    #[must_use]
    pub fn cwd(&self) -> Option<&str> {
        (!self.cwd.is_empty()).then_some(self.cwd.as_str())
    }

    /// The program's progress. How far a failed or paused one got is not told, and stands as 0.
    #[must_use]
    pub const fn progress(&self) -> Progress {
        self.progress
    }

    /// Its images, and where they stand.
    #[must_use]
    pub fn images(&self) -> &PaneImages {
        &self.images
    }

    /// One past the newest logical line above the screen.
    #[must_use]
    pub const fn history_lines(&self) -> LineNumber {
        LineNumber(self.history_lines)
    }

    /// The last input number of this attachment that was written to the program.
    #[must_use]
    pub const fn input_done(&self) -> u64 {
        self.input_done
    }

    /// What the PTY's line discipline does.
    #[must_use]
    pub const fn tty(&self) -> TtyFlags {
        self.tty
    }
}

/// Where a row comes from.
#[derive(Clone, Copy, Debug)]
enum Source {
    /// Place in the rows of the frame.
    Sent(usize),
    /// Place in the rows that are shown.
    Shown(usize),
}

/// Whether the row has no more than `cols` columns.
fn fits(row: &Row, cols: u16) -> bool {
    row.cells.iter().map(|cell| usize::from(cell.width)).sum::<usize>() <= usize::from(cols)
}
