//! Runs to cells. Everything is checked: a peer's indexes, counts and widths are claims.

use std::sync::Arc;

use ccc_proto::{RowRun, WireLink, WireStyle};
use ccc_vt::{Cell, Link, Style, Text};

use crate::CellsError;
use crate::terms;

/// The tables of one message, resolved and checked once.
#[derive(Debug)]
pub(crate) struct Unpacker {
    styles: Vec<(Style, Option<Arc<Link>>)>,
}

impl Unpacker {
    pub(crate) fn new(styles: &[WireStyle], links: &[WireLink]) -> Result<Self, CellsError> {
        let links = links
            .iter()
            .map(|link| {
                if link.id.contains(char::is_control) || link.uri.contains(char::is_control) {
                    return Err(CellsError::Control);
                }
                Ok(Arc::new(Link { id: link.id.clone(), uri: link.uri.clone() }))
            })
            .collect::<Result<Vec<_>, _>>()?;
        let styles = styles
            .iter()
            .map(|style| {
                let link = match style.link.checked_sub(1) {
                    None => None,
                    Some(index) => Some(Arc::clone(
                        links
                            .get(usize::from(index))
                            .ok_or(CellsError::Link { index, known: links.len() })?,
                    )),
                };
                Ok((terms::vt_style(style), link))
            })
            .collect::<Result<Vec<_>, _>>()?;
        Ok(Self { styles })
    }

    /// The cells of one row or line, at most `cols` columns, without the blank cells of the default
    /// look at its end.
    pub(crate) fn cells(&self, runs: &[RowRun], cols: u32) -> Result<Vec<Cell>, CellsError> {
        let mut cells = Vec::with_capacity(columns(runs, cols)?);
        for run in runs {
            let (style, link) = self
                .styles
                .get(usize::from(run.style))
                .ok_or(CellsError::Style { index: run.style, known: self.styles.len() })?;
            let mut push = |text: &str| {
                let text = if text == " " { Text::BLANK } else { Text::new(text) };
                cells.push(Cell { text, width: run.width, style: *style, link: link.clone() });
            };
            let mut rest = run.text.as_str();
            if run.clusters.is_empty() {
                for (at, character) in rest.char_indices() {
                    push(rest.get(at..at + character.len_utf8()).unwrap_or_default());
                }
            }
            for count in &run.clusters {
                let end = rest
                    .char_indices()
                    .nth(usize::from(*count))
                    .map_or(rest.len(), |(index, _)| index);
                let (cluster, after) = rest.split_at(end);
                push(cluster);
                rest = after;
            }
        }
        trim(&mut cells);
        Ok(cells)
    }
}

/// How many cells the runs hold, once counts, widths and characters are found consistent. Nothing
/// is allocated for runs that are not.
fn columns(runs: &[RowRun], cols: u32) -> Result<usize, CellsError> {
    let mut cells = 0_usize;
    let mut used = 0_u64;
    for run in runs {
        if !(1..=2).contains(&run.width) {
            return Err(CellsError::Width { width: run.width });
        }
        if run.text.contains(char::is_control) {
            return Err(CellsError::Control);
        }
        let there = run.text.chars().count();
        let here = if run.clusters.is_empty() {
            there
        } else {
            let counted = run.clusters.iter().copied().map(usize::from).sum();
            if counted != there || run.clusters.contains(&0) {
                return Err(CellsError::Clusters { counted, there });
            }
            run.clusters.len()
        };
        cells += here;
        used += here as u64 * u64::from(run.width);
        if used > u64::from(cols) {
            return Err(CellsError::TooWide { cols });
        }
    }
    Ok(cells)
}

/// Removes the blank cells of the default look at the end, so that equal rows are equal values.
fn trim(cells: &mut Vec<Cell>) {
    let plain =
        |cell: &Cell| cell.text.is_blank() && cell.link.is_none() && cell.style == Style::default();
    let end = cells.iter().rposition(|cell| !plain(cell)).map_or(0, |last| last + 1);
    cells.truncate(end);
}
