//! Bytes of a terminal to a screen: parser, engine, scrollback lines, checkpoints, notices; and the
//! encoder of keys, paste and mouse for a pane's modes. No files, no clock, no runtime.

mod cell;
mod checkpoint;
mod codec;
mod colors;
mod cursor;
mod engine;
mod error;
mod grid;
pub mod image;
pub mod input;
mod intern;
mod limits;
mod modes;
mod notice;
mod parser;
mod row;
mod screen;
mod scrollback;
mod sgr;
mod size;
mod style;
#[cfg(test)]
mod tests;
mod text;

pub use colors::{Colors, Rgb};
pub use cursor::{Cursor, CursorShape};
pub use engine::command_text;
pub use error::RestoreError;
pub use image::{Image, ImageFormat, Placement};
pub use limits::{Facts, Limits};
pub use modes::{KittyFlags, Modes, MouseEncoding, MouseProtocol};
pub use notice::{Mark, MarkKind, NOTICE_BYTES, NOTICES, Notice, Progress};
pub use row::{Cell, Line, Row};
pub use screen::{CellRef, RowRef, Screen};
pub use scrollback::Scrollback;
pub use sgr::{SgrParts, sgr};
pub use size::{CellPixels, LineNumber, LinkId, MAX_CELLS, MAX_SIDE, RowId, Seq, Size};
pub use style::{Attrs, Color, Link, Style, Underline};
pub use text::{CLUSTER_BYTES, Text, char_width, width};
