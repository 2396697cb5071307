//! Histories of shells: whatever a file holds, it is read to its end, in bounded memory, and nothing comes of it
//! that a server would not take. The first byte chooses whose it is said to be.

#![no_main]

use ccc_client::proto::HistorySource;
use ccc_client::shell_history::{commands, recognize};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Some((choice, file)) = bytes.split_first() else { return };
    let sources =
        [HistorySource::BASH, HistorySource::ZSH, HistorySource::FISH, HistorySource::ATUIN];
    let source = sources[usize::from(choice % 4)];
    let (mut count, mut length) = (0, 0);
    for command in commands(source, file) {
        assert!(!command.text.trim().is_empty());
        assert!(!command.text.ends_with('\n'));
        // A byte that is no text becomes a mark of three.
        length += command.text.len() + command.cwd.len();
        count += 1;
    }
    assert!(count <= file.len() && length <= 3 * file.len(), "{count}, {length} of {}", file.len());
    // What is recognized is read as that.
    if let Ok(source) = recognize(file) {
        commands(source, file).for_each(drop);
    }
});
