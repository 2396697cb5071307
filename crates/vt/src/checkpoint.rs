//! Checkpoints: the whole state of a screen as tagged fields that know nothing of this engine's
//! memory. The form is described in `proto/checkpoint.md`; this module owns its header, tags and
//! caps. Not kept: the scrollback window beyond what a resize can pull back, notices and replies
//! that nobody took, the facts about the outer terminal.

mod decode;
mod encode;
mod images;
mod modes;
#[cfg(test)]
mod tests;

pub(crate) use decode::decode;
pub(crate) use encode::encode;

/// The first bytes.
const MAGIC: &[u8; 4] = b"CCKP";
/// Grows only when an older reader must not read on; new fields get new tags instead.
const VERSION: u16 = 1;

/// Numbers of the fields. Never reused.
mod tag {
    pub(super) const SIZE: u16 = 1;
    pub(super) const COUNTERS: u16 = 2;
    pub(super) const PARSER: u16 = 3;
    pub(super) const MODES: u16 = 4;
    pub(super) const CURSOR: u16 = 5;
    pub(super) const SAVED_PRIMARY: u16 = 6;
    pub(super) const SAVED_ALTERNATE: u16 = 7;
    pub(super) const CURSOR_STYLE: u16 = 8;
    pub(super) const MARGINS: u16 = 9;
    pub(super) const TABS: u16 = 10;
    pub(super) const SAVED_MODES: u16 = 11;
    pub(super) const KEYBOARD: u16 = 12;
    pub(super) const TITLES: u16 = 13;
    pub(super) const CWD: u16 = 14;
    pub(super) const PROGRESS: u16 = 15;
    pub(super) const LAST_CHAR: u16 = 16;
    pub(super) const LINKS: u16 = 17;
    pub(super) const SHOWN: u16 = 18;
    pub(super) const OTHER: u16 = 19;
    pub(super) const LINES: u16 = 20;
    pub(super) const SIDES: u16 = 21;
    pub(super) const COLORS: u16 = 22;
    pub(super) const DRAFTS: u16 = 23;
    pub(super) const IMAGES: u16 = 24;
    pub(super) const CELL: u16 = 25;
}
