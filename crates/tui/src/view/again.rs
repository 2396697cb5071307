//! The next picture from the one before, when nothing happened but that programs went on printing, or that guesses
//! came and went: only the rows of these are drawn. Owns what is remembered of a picture for that, and when it does
//! not do: then the whole picture is drawn.

use std::sync::Arc;

use ccc_client::Mirror;
use ccc_client::proto::{PaneId, PaneState, WireModes};
use ccc_vt::{Cursor, Row, Size};
use ratatui::layout::Rect;

use super::bar::LinkWords;
use crate::app::{App, Mirrors};
use crate::predict::Overlay;
use crate::surface::{Patch, Surface};

/// What the picture that is shown was made of.
#[derive(Debug)]
pub(crate) struct Kept {
    panes: Vec<KeptPane>,
    /// The rows of the pane in focus that guesses lie over.
    guessed: Vec<u16>,
    /// What the bar says of the link, which changes by itself.
    link: LinkWords,
}

#[derive(Debug)]
struct KeptPane {
    pane: PaneId,
    area: Rect,
    size: Size,
    rows: Vec<Arc<Row>>,
}

impl Kept {
    /// What there is to remember of the picture that was just made; `None` when the next one cannot be made
    /// of it: something but panes is in it, or a pane is not shown as it is.
    pub(crate) fn of(app: &App, mirrors: &impl Mirrors) -> Option<Self> {
        if app.raw.is_some() || !app.passes_on() {
            return None;
        }
        let keep = |(pane, area)| {
            let mirror = mirrors.mirror(pane).filter(|mirror| is_plain(mirror))?;
            let running = app.wire_pane(pane).is_some_and(|wire| wire.state == PaneState::RUNNING);
            (running && !app.floats(pane)).then(|| KeptPane {
                pane,
                area,
                size: mirror.size(),
                rows: mirror.rows().to_vec(),
            })
        };
        let panes = app.shown_panes().into_iter().map(keep).collect::<Option<_>>()?;
        let mirror = mirrors.mirror(app.pane)?;
        let guessed = rows_of(&app.predictor.overlay(mirror));
        Some(Self { panes, guessed, link: LinkWords::of(&app.link) })
    }

    /// What has changed since; remembers it. `None` when the whole is to be drawn, and then this is of no
    /// more use.
    pub(crate) fn patch(
        &mut self,
        app: &App,
        mirrors: &impl Mirrors,
        before: &Surface,
    ) -> Option<Patch> {
        if before.size() != app.size || LinkWords::of(&app.link) != self.link {
            return None;
        }
        let guesses = app.predictor.overlay(mirrors.mirror(app.pane)?);
        let guessed = rows_of(&guesses);
        let mut patch = Patch::default();
        for kept in &mut self.panes {
            let mirror = mirrors.mirror(kept.pane).filter(|mirror| is_plain(mirror))?;
            if mirror.size() != kept.size {
                return None;
            }
            let area = kept.area;
            let focused = kept.pane == app.pane;
            for (row, (old, new)) in (0..area.height).zip(kept.rows.iter_mut().zip(mirror.rows())) {
                let guesses = focused && (guessed.contains(&row) || self.guessed.contains(&row));
                if guesses || !Arc::ptr_eq(old, new) {
                    patch.draw_row(before, area, area.y + row, new);
                    old.clone_from(new);
                }
            }
            if focused {
                for (col, row, cell) in &guesses.cells {
                    patch.draw_cell(before, area, *col, *row, cell);
                }
                patch.cursor = inside(guesses.over(mirror.cursor()), area);
            }
        }
        self.guessed = guessed;
        patch.title = super::title(app, mirrors);
        patch.wants = super::wants(app, mirrors);
        Some(patch)
    }
}

/// The rows that guesses lie over.
fn rows_of(guesses: &Overlay) -> Vec<u16> {
    guesses.cells.iter().map(|(_, row, _)| *row).collect()
}

/// Whether its rows are all there is of it, just as they are.
fn is_plain(mirror: &Mirror) -> bool {
    mirror.images().placements.is_empty() && !mirror.modes().has(WireModes::REVERSE_SCREEN)
}

/// Where a cursor of the pane in an area stands in the picture.
pub(super) fn inside(cursor: Cursor, area: Rect) -> Option<Cursor> {
    let inside = cursor.col < area.width && cursor.row < area.height;
    inside.then(|| Cursor { col: area.x + cursor.col, row: area.y + cursor.row, ..cursor })
}
