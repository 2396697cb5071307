//! A screen to a frame: what changed since a version. Owns which rows are sent; how cells become
//! runs is in `cells`.
//!
//! A row is left out iff its own version is not after `base`. That is right because the engine gives
//! a row a newer version not only when its cells change but whenever it comes to stand on the shown
//! screen: new, pulled back by a resize, or with its whole screen when a program leaves or enters
//! the alternate one. So a row that is left out has been on the shown screen, unchanged, at every
//! version from `base` to now; whoever shows one of those versions has it.

use ccc_proto::{Ext, Frame, PaneId, RowIds, TtyFlags, WireRow, limits, state_tag};
use ccc_vt::{RowRef, Screen, Seq};

use crate::cells::{Budget, CellLink, Packer, RunWriter};
use crate::{images, terms};

/// The longest text of a state tag, in bytes; a longer one is cut.
const STATE_BYTES: usize = 4096;
/// Room for a row without its runs: its id, its flag and a length.
const ROW_BYTES: usize = 16;
/// Room for everything in a frame that is no row, style or link.
const REST_BYTES: usize = 128 * 1024;

/// What a frame says beside the screen, and for whom it is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FrameContext {
    pub pane: PaneId,
    /// The life of the version counter that the screen is in.
    pub epoch: u64,
    /// The version that the client is known to show in this epoch; `None` or 0 for none.
    pub base: Option<Seq>,
    /// The last input number of the attachment that was written to the program.
    pub input_done: u64,
    /// What the PTY's line discipline does.
    pub tty: TtyFlags,
}

/// The change of the screen from `context.base` to now; the whole screen when there is no base, or
/// when the screen never had that version.
///
/// Costs O(rows) and the cells of the changed rows. A frame always fits its cap: on a screen whose
/// cells hold more text than that, the rows that do not fit are sent blank.
#[must_use]
pub fn frame_since(screen: &Screen, context: FrameContext) -> Frame {
    frame_within(screen, context, limits::BODY - REST_BYTES)
}

/// [`frame_since`] with another bound for what the rows and their tables take.
pub(crate) fn frame_within(screen: &Screen, context: FrameContext, bytes: usize) -> Frame {
    let seq = screen.seq();
    let base = context.base.filter(|base| *base <= seq).unwrap_or_default();
    let whole = base == Seq(0);
    let mut packer = Packer::new(Budget::new(bytes));
    let mut row_ids = Vec::new();
    let mut rows = Vec::new();
    for row in screen.rows() {
        name(&mut row_ids, row.id().0);
        if whole || row.seq() > base {
            rows.push(wire_row(screen, row, &mut packer));
        }
    }
    Frame {
        pane: context.pane,
        epoch: context.epoch,
        base: base.0,
        seq: seq.0,
        size: terms::wire_size(screen.size()),
        row_ids,
        rows,
        styles: packer.styles,
        links: packer.links,
        cursor: terms::wire_cursor(screen.cursor()),
        modes: terms::wire_modes(&screen.modes()),
        history_lines: screen.scrollback().end().0,
        input_done: context.input_done,
        tty: context.tty,
        state: state(screen, base),
        ext: Ext::none(),
    }
}

/// Appends an id to the runs of rising ids.
fn name(row_ids: &mut Vec<RowIds>, id: u64) {
    match row_ids.last_mut() {
        Some(run) if run.first.checked_add(run.count.into()) == Some(id) => run.count += 1,
        _ => row_ids.push(RowIds { first: id, count: 1 }),
    }
}

fn wire_row(screen: &Screen, row: RowRef<'_>, packer: &mut Packer) -> WireRow {
    // The rows' own bytes are within the rest: a screen has at most 4096 of them.
    const { assert!(limits::SIDE as usize * ROW_BYTES < REST_BYTES) };
    let mut writer = RunWriter::new(packer);
    for cell in row.cells() {
        let style = cell.style();
        let link = style.link.and_then(|id| Some(CellLink::Named(id, screen.link(id)?)));
        writer.cell(cell.text(), cell.width(), &style, link);
    }
    WireRow { id: row.id().0, wrapped: row.wrapped(), runs: writer.finish().unwrap_or_default() }
}

/// All texts, in every frame: they are short, and a frame that says them needs no memory of what was said
/// before. The images only when they changed.
fn state(screen: &Screen, base: Seq) -> Ext {
    let mut state = Ext::none();
    state.push(state_tag::TITLE, plain(screen.title()));
    state.push(state_tag::CWD, plain(screen.cwd().unwrap_or_default()));
    state.push(state_tag::PROGRESS, terms::progress_text(screen.progress()));
    if screen.images_seq() > base {
        state.push(state_tag::IMAGES, images::wire_images(screen).to_bytes());
    }
    state
}

/// A text that a reader takes: no control characters, and no longer than it must be.
pub(crate) fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len().min(STATE_BYTES));
    for character in text.chars().filter(|character| !character.is_control()) {
        if plain.len() + character.len_utf8() > STATE_BYTES {
            break;
        }
        plain.push(character);
    }
    plain
}
