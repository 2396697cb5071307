//! The lines beside segments, for searches: made when a segment is, or was found without.

use std::path::Path;

use ccc_journal::{
    Error, LinesOf, lines_file_name, parse_segment_file_name, segments, sweep_lines, write_lines,
};
use ccc_play::make_lines;
use tokio_util::sync::CancellationToken;
use tracing::{debug, warn};

use crate::recovery::header_size;

/// Whether a segment in a pane's directory has no file of lines.
pub(super) fn lacks(dir: &Path) -> bool {
    let entries = std::fs::read_dir(dir).into_iter().flatten().flatten();
    let mut numbers = entries.filter_map(|entry| parse_segment_file_name(&entry.file_name()));
    numbers.any(|number| !dir.join(lines_file_name(number)).exists())
}

/// Makes the files that are missing. What cannot be made now is made by the search that needs it.
pub(super) fn make(dir: &Path, stop: &CancellationToken) -> Result<(), Error> {
    if !lacks(dir) {
        return Ok(());
    }
    sweep_lines(dir)?;
    let (files, _unusable) = segments(dir)?;
    for file in files {
        let number = file.header.number;
        if stop.is_cancelled() {
            return Ok(());
        }
        if dir.join(lines_file_name(number)).exists() {
            continue;
        }
        let of = LinesOf::segment(&file.header);
        let made = make_lines(dir, of, header_size(dir), false, &mut || !stop.is_cancelled());
        match made {
            Ok(Some(bytes)) => {
                debug!(dir = %dir.display(), number, bytes = bytes.len(), "lines stored");
                write_lines(dir, number, &bytes)?;
            }
            Ok(None) => return Ok(()),
            Err(error) => warn!(dir = %dir.display(), number, %error, "lines were not stored"),
        }
    }
    Ok(())
}
