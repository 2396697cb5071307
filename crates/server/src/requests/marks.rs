//! Pages of a shell's marks: from memory, and once for each life of a pane from its recording.

use std::sync::Arc;

use ccc_proto::{Ext, MarksPage, MarksRequest, WireMark, WireMarkKind};
use ccc_vt::{Mark, MarkKind};

use super::Asked;
use crate::blocking::blocking;
use crate::fault::Fault;
use crate::pane::{Pane, marks};

pub(super) async fn page(asked: &mut Asked<'_>, request: MarksRequest) -> Result<(), Fault> {
    let pane = asked.pane_of(request.pane).await?;
    if let Err(fault) = complete(&pane).await {
        // What is known without the recording is told all the same.
        tracing::warn!(pane = %pane.id, ?fault, "older marks were not found");
    }
    let (marks, cut) = pane.marks().since_line(request.from);
    let marks = marks.iter().map(wire).collect();
    asked.reply(MarksPage { pane: request.pane, cut, marks, ext: Ext::none() }).await
}

async fn complete(pane: &Arc<Pane>) -> Result<(), Fault> {
    let Some(until) = pane.marks().missing_before() else { return Ok(()) };
    let (dir, size) = (pane.dir(), pane.screen().size());
    let (older, cut) = blocking(move || marks::from_disk(&dir, size, until)).await?;
    pane.marks().found(older, cut);
    Ok(())
}

fn wire(mark: &Mark) -> WireMark {
    let (kind, exit) = match mark.kind {
        MarkKind::PromptStart => (WireMarkKind::PROMPT, None),
        MarkKind::CommandStart => (WireMarkKind::COMMAND, None),
        MarkKind::OutputStart => (WireMarkKind::OUTPUT, None),
        MarkKind::CommandEnd { exit } => (WireMarkKind::END, exit),
    };
    WireMark { kind, line: mark.line.0, column: mark.column, offset: mark.offset, exit }
}
