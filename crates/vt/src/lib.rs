//! Bytes of a terminal to a screen: parser, engine, scrollback lines, checkpoints, notices; and the
//! encoder of keys, paste and mouse for a pane's modes. No files, no clock, no runtime.

pub mod input;
mod modes;
mod size;
mod style;

pub use modes::{KittyFlags, Modes, MouseEncoding, MouseProtocol};
pub use size::{LineNumber, LinkId, MAX_CELLS, MAX_SIDE, RowId, Seq, Size};
pub use style::{Attrs, Color, Link, Style, Underline};
