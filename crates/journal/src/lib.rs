//! The files of a recording and the record logs: append, tail, seek, trim, recover.
//!
//! A pane on disk is a directory of a few files, each with one writer. The keeper appends the bytes
//! of the PTY to `<first offset>.journal` files and what happened at which byte to `events`. The
//! server appends `marks` and `checkpoints`, and keeps its own affairs in record logs such as
//! `control.log`. Everybody else reads. The bytes of every format are in `proto/journal.md`.
//!
//! This crate is synchronous and knows no emulator: what the bytes mean is not decided here. No
//! function panics on what it finds on a disk. A torn tail is cut and reported, a bad record is
//! named by file and position, and the good prefix before it is always served.

pub mod asciicast;
mod atomic;
mod checkpoint;
mod die;
pub mod dir;
mod error;
mod event;
mod files;
mod forget;
mod lines;
mod log;
mod mark;
mod memory;
mod pane;
mod reader;
mod record;
mod segment;
mod settle;
mod summary;
mod sync;
mod trim;
pub mod ttyrec;
pub mod typescript;
mod units;
mod verify;
mod writer;

pub use atomic::{atomic_write, sweep_leftovers};
pub use checkpoint::{
    CHECKPOINTS_FILE, Checkpoint, CheckpointEntry, CheckpointLog, CheckpointReader, MAX_CHECKPOINT,
};
pub use error::{Damage, Error, Result};
pub use event::{
    EVENTS_FILE, Event, EventReader, EventWriter, ExitStatus, Gap, GapReason, tell_gap,
};
pub use files::{
    Finding, JournalFile, Piece, Pieces, end_offset, findings, first_offset, journal_file_name,
    journal_files, parse_journal_file_name, pieces,
};
pub use forget::{Forgotten, Stretch, begin_forgetting, end_forgetting, forget, forgetting};
pub use lines::{
    ByteSet, LineChunk, LineChunkInfo, LineRef, LinesBuilder, LinesOf, LinesReader, ShownLine,
    TextBuffer, Wanted, fold_text, lines_file_name, read_lines, sweep_lines, write_lines,
};
pub use log::{Durability, RecordLog, Replay};
pub use mark::{MARKS_FILE, MAX_MARK_BODY, Mark, MarkReader, MarkWriter};
pub use memory::{
    create_place, drop_memory, drop_unrecorded, enter_memory, leave_memory, left_in_memory,
    left_memory, make_unrecorded, paused_place, stay_recorded, unrecorded,
};
pub use pane::{ExactText, PANE_FILE, PaneHeader};
pub use reader::{JournalReader, ReadAt};
pub use record::{
    Cut, FileKind, HEADER_BYTES, MAX_BODY, MAX_RECORD, RECORD_HEAD_BYTES, Record, RecordReader,
    Recovered, Source,
};
pub use segment::{
    CHUNK_BYTES, Clock, Hash, KeyframeEntry, Sealing, SegmentFault, SegmentFile, SegmentHeader,
    SegmentIndex, SegmentReader, TimeEntry, UnusableSegment, WallClock, check_segment,
    finish_sealings, offset_at, parse_segment_file_name, sealable, segment_file_name, segments,
    wall_at, walls,
};
pub use settle::settle;
pub use summary::{Summary, last_exit, summary};
pub use sync::JournalSync;
pub use trim::{Budget, Trimmed, plan, trim, unrecorded_gap};
pub use units::{BootId, CellPixels, Offset, PaneUlid, Position, Size, machine_id};
pub use verify::{Fault, Verified, verify, verify_telling};
pub use writer::{JournalWriter, ROTATE_BYTES};
