//! Screens to frames and back: what changed on a pane's screen since a version, and the passive
//! twin of that screen on the client's side. Also pages of history and typed input, both ways.
//!
//! Owns the meaning of `ccc_proto::Frame` and of the pages; everything that a peer sent is checked
//! here before it is believed. No I/O, no clock, no decision of when something is sent.
//!
//! The law that holds it together: `apply(frame_since(base))` on any mirror that shows a version
//! from `base` to the frame's own gives the screen that the frame was made of.

mod cells;
mod error;
mod frame;
mod history;
mod images;
pub mod input;
mod mirror;
mod terms;

pub use error::{ApplyError, CellsError, PageError};
pub use frame::{FrameContext, frame_since};
pub use history::{PAGE_LINES, history_page, page_lines, page_of};
pub use images::{ImageInfo, PaneImages};
pub use mirror::{Applied, Mirror};
pub use terms::{
    vt_cell, vt_color, vt_cursor, vt_facts, vt_size, wire_color, wire_cursor, wire_modes, wire_size,
};

#[cfg(test)]
mod tests;
