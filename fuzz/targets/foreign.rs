//! Files of other tools: whatever they hold, they are read to their end or refused, in bounded memory, and times
//! never go back. The first byte chooses the form.

#![no_main]

use std::time::Duration;

use ccc_journal::asciicast::{CastEntry, CastError, CastEvent, CastReader};
use ccc_journal::ttyrec::TtyrecReader;
use ccc_journal::typescript::TypescriptReader;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Some((form, file)) = bytes.split_first() else { return };
    match form % 3 {
        0 => {
            if let Ok(mut reader) = CastReader::new(file) {
                read(file.len(), || reader.next_entry());
            }
        }
        1 => {
            let mut reader = TtyrecReader::new(file);
            read(file.len(), || reader.next_entry());
        }
        _ => {
            // The timing stands behind a byte that neither has.
            let mut parts = file.splitn(2, |byte| *byte == 0);
            let (script, timing) = (parts.next().unwrap_or_default(), parts.next());
            if let Ok(mut reader) = TypescriptReader::new(script, timing) {
                read(file.len(), || reader.next_entry());
            }
        }
    }
});

fn read(length: usize, mut next: impl FnMut() -> Result<Option<CastEntry>, CastError>) {
    let mut last = Duration::ZERO;
    let mut printed = 0;
    while let Ok(Some(entry)) = next() {
        assert!(entry.at >= last, "{:?} after {last:?}", entry.at);
        last = entry.at;
        if let CastEvent::Output(bytes) = entry.what {
            printed += bytes.len();
        }
    }
    assert!(printed <= length, "{printed} bytes of {length}");
}
