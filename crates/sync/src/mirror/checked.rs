//! What a frame says, once it is found sound: every size, index, count and text in it was checked.
//! Owns the check of one frame by itself, not whether it fits what is shown.

use ccc_proto::{Frame, limits, state_tag};
use ccc_vt::{Cursor, MAX_CELLS, Progress, Row, RowId, Size};

use crate::cells::Unpacker;
use crate::terms;
use crate::{ApplyError, PaneImages};

#[derive(Debug)]
pub(super) struct Checked {
    pub(super) size: Size,
    /// All rows, top to bottom; none twice, and as many as the size has.
    pub(super) ids: Vec<RowId>,
    /// The rows that were sent; each is one of `ids`, none twice.
    pub(super) rows: Vec<Row>,
    /// Their places in `rows`, ascending by id.
    sent: Vec<(RowId, usize)>,
    pub(super) cursor: Cursor,
    pub(super) title: Option<String>,
    pub(super) cwd: Option<String>,
    pub(super) progress: Option<Progress>,
    pub(super) images: Option<PaneImages>,
}

impl Checked {
    pub(super) fn new(frame: &Frame) -> Result<Self, ApplyError> {
        let size = size(frame)?;
        let ids = ids(frame)?;
        let cursor = terms::vt_cursor(frame.cursor);
        if cursor.col >= size.cols || cursor.row >= size.rows {
            return Err(ApplyError::Cursor);
        }
        let unpacker = Unpacker::new(&frame.styles, &frame.links)?;
        let sent = sent(frame)?;
        let mut rows = Vec::with_capacity(sent.len());
        for row in &frame.rows {
            let cells = unpacker
                .cells(&row.runs, size.cols.into())
                .map_err(|source| ApplyError::Row { row: row.id, source })?;
            rows.push(Row { id: RowId(row.id), wrapped: row.wrapped, cells });
        }
        Ok(Self {
            size,
            ids,
            rows,
            sent,
            cursor,
            title: text(frame, state_tag::TITLE)?,
            cwd: text(frame, state_tag::CWD)?,
            images: match frame.state.find(state_tag::IMAGES) {
                Some(bytes) => Some(PaneImages::read(bytes).ok_or(ApplyError::Images)?),
                None => None,
            },
            progress: text(frame, state_tag::PROGRESS)?.map(|text| terms::progress_of(&text)),
        })
    }

    /// The place in `rows` of the row of that id, if it was sent.
    pub(super) fn sent(&self, id: RowId) -> Option<usize> {
        let found = self.sent.binary_search_by_key(&id, |(id, _)| *id);
        found.ok().and_then(|at| self.sent.get(at)).map(|(_, place)| *place)
    }
}

fn size(frame: &Frame) -> Result<Size, ApplyError> {
    let size = terms::vt_size(frame.size);
    let sides = 1..=limits::SIDE;
    if sides.contains(&size.cols)
        && sides.contains(&size.rows)
        && size.cells() <= usize::try_from(MAX_CELLS).unwrap_or(usize::MAX)
    {
        Ok(size)
    } else {
        Err(ApplyError::Size { size: frame.size })
    }
}

/// The ids of all rows. Counted before they are listed, and found apart before they are counted.
fn ids(frame: &Frame) -> Result<Vec<RowId>, ApplyError> {
    let named = frame.row_ids.iter().map(|run| u64::from(run.count)).sum::<u64>();
    if named != u64::from(frame.size.rows) {
        return Err(ApplyError::RowCount { named, rows: frame.size.rows });
    }
    let mut runs = frame.row_ids.clone();
    runs.retain(|run| run.count > 0);
    runs.sort_unstable_by_key(|run| run.first);
    let mut free = 0;
    for run in &runs {
        if run.first < free {
            return Err(ApplyError::RowTwice { row: run.first });
        }
        free = run
            .first
            .checked_add(run.count.into())
            .ok_or(ApplyError::RowTwice { row: run.first })?;
    }
    let ids = frame
        .row_ids
        .iter()
        .flat_map(|run| (run.first..run.first.saturating_add(run.count.into())).map(RowId));
    Ok(ids.collect())
}

/// The rows that were sent, by id, and their places. Found apart before cells are made of them.
fn sent(frame: &Frame) -> Result<Vec<(RowId, usize)>, ApplyError> {
    if let Some(unnamed) = frame.rows.iter().find(|row| !named(frame, row.id)) {
        return Err(ApplyError::RowUnnamed { row: unnamed.id });
    }
    let mut sent: Vec<_> = frame.rows.iter().map(|row| RowId(row.id)).zip(0..).collect();
    sent.sort_unstable();
    match sent.windows(2).find(|pair| pair[0].0 == pair[1].0) {
        Some(twice) => Err(ApplyError::RowTwice { row: twice[0].0.0 }),
        None => Ok(sent),
    }
}

fn named(frame: &Frame, id: u64) -> bool {
    frame
        .row_ids
        .iter()
        .any(|run| id.checked_sub(run.first).is_some_and(|place| place < u64::from(run.count)))
}

/// A state text, if it was said.
fn text(frame: &Frame, tag: u16) -> Result<Option<String>, ApplyError> {
    let Some(bytes) = frame.state.find(tag) else { return Ok(None) };
    match std::str::from_utf8(bytes) {
        Ok(text) if !text.contains(char::is_control) => Ok(Some(text.to_owned())),
        _ => Err(ApplyError::State { tag }),
    }
}
