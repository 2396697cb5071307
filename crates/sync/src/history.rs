//! Lines above the screen: pages for who asks, and lines again for who asked. Owns how many lines a
//! page holds; where lines come from when the window in memory no longer has them is the server's
//! affair, which hands them to [`page_of`].

use ccc_proto::{Ext, HistoryPage, HistoryRequest, WireLine, history_tag, limits};
use ccc_vt::{Line, LineNumber, Scrollback};

use crate::PageError;
use crate::cells::{Budget, CellLink, Packer, RunWriter, Unpacker};

#[cfg(test)]
mod tests;

/// The most lines of a page: a few screens, so that the first page is there at once.
pub const PAGE_LINES: u32 = 2000;
/// What the lines of a page may take on the wire, in bytes, beyond its first line: a page is read
/// at the speed of the link, and a viewer waits for it.
const PAGE_BYTES: usize = 512 * 1024;
/// The most columns of one line; what a program wrote beyond them into a line without end is left
/// to the recording.
const LINE_COLUMNS: u32 = 1 << 20;
/// Room for a line without its runs: number, version, length.
const LINE_BYTES: usize = 24;
/// Room for what is no line.
const REST_BYTES: usize = 4096;

/// The page that a request asks for, as far as the window in memory has it.
#[must_use]
pub fn history_page(scrollback: &Scrollback, request: &HistoryRequest) -> HistoryPage {
    let (first, end) = (scrollback.first(), scrollback.end());
    let from = request.from.clamp(first.0, end.0);
    let lines = (from..end.0).map_while(|number| scrollback.line(LineNumber(number)));
    page_of(request, first, end, lines)
}

/// The page made of `lines`, in rising order from the first one asked for that is kept. Takes as
/// many as the request and a page allow, but at least one if there is one, and asks the iterator
/// for no more than that.
#[must_use]
pub fn page_of(
    request: &HistoryRequest,
    first_kept: LineNumber,
    end: LineNumber,
    lines: impl IntoIterator<Item = Line>,
) -> HistoryPage {
    let room = limits::BODY - REST_BYTES;
    let mut packer = Packer::new(Budget::new(room));
    let mut wire = Vec::new();
    let mut ext = Ext::none();
    for (line, _) in lines.into_iter().zip(0..request.count.min(PAGE_LINES)) {
        wire.push(wire_line(&line, &mut packer));
        if line.open {
            ext.push(history_tag::OPEN, []);
        }
        if line.open || room - packer.budget.left() > PAGE_BYTES {
            break;
        }
    }
    HistoryPage {
        pane: request.pane,
        first_kept: first_kept.0,
        end: end.0,
        lines: wire,
        styles: packer.styles,
        links: packer.links,
        ext,
    }
}

fn wire_line(line: &Line, packer: &mut Packer) -> WireLine {
    let fits = packer.budget.take(LINE_BYTES);
    let mut writer = RunWriter::new(packer);
    let mut columns = 0;
    for cell in line.cells.iter().take_while(|_| fits) {
        columns += u32::from(cell.width);
        if columns > LINE_COLUMNS {
            break;
        }
        let link = cell.link.as_ref().map(CellLink::Shared);
        writer.cell(cell.text.as_str(), cell.width, &cell.style, link);
    }
    let runs = writer.finish().unwrap_or_default();
    WireLine { number: line.number.0, version: line.version, runs }
}

/// The lines of a page that a peer sent.
///
/// # Errors
/// The page is unsound, which is a mistake or malice of the server.
pub fn page_lines(page: &HistoryPage) -> Result<Vec<Line>, PageError> {
    let rising = page.lines.is_sorted_by(|one, next| one.number < next.number);
    let kept = page.first_kept..page.end;
    if !rising || !page.lines.iter().all(|line| kept.contains(&line.number)) {
        return Err(PageError::Numbers);
    }
    let unpacker = Unpacker::new(&page.styles, &page.links)?;
    let open =
        page.ext.find(history_tag::OPEN).and_then(|_| page.lines.last()).map(|line| line.number);
    page.lines
        .iter()
        .map(|line| {
            let cells = unpacker
                .cells(&line.runs, LINE_COLUMNS)
                .map_err(|source| PageError::Line { line: line.number, source })?;
            Ok(Line {
                number: LineNumber(line.number),
                version: line.version,
                open: open == Some(line.number),
                cells,
            })
        })
        .collect()
}
