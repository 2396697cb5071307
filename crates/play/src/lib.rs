//! A recording at an offset, or at its end, as a screen.
//!
//! There is one way from bytes to a screen, [`Fold`], and everything takes it: the task of a live
//! pane, recovery after a crash, and replay. It starts at the best checkpoint there is, feeds bytes
//! in short turns, and changes the size exactly where `events` says that the terminal did. This
//! crate opens no file itself and knows no clock; `ccc-journal` reads, `ccc-vt` interprets.

mod command;
mod fold;
mod keyframes;
mod loose;
mod pattern;
mod replay;
mod search;
mod shown;
mod start;
mod timeline;

pub use command::{COMMAND_BEGAN, COMMAND_ENDED, Remembered, commands, put_text, take_text};
pub use fold::{CHECKPOINT_BYTES, ENGINE, Fold, TURN_BYTES, Turn};
pub use keyframes::{KEYFRAME_BYTES, keyframes};
pub use loose::{Fit, Loose};
pub use pattern::{Case, Pattern, PatternError};
pub use replay::Replay;
pub use search::{Found, LinesCache, Query, Searched, Sought, Stop, make_lines, search};
pub use shown::ShownLines;
pub use start::{Opened, place_before, screen_at, states_without_text};
pub use timeline::{Moment, Point, Timeline, What};
