//! Facts that the bytes told and that are not part of the picture: bells, titles, marks, copies.
//! Who may act on them is decided elsewhere.

use crate::LineNumber;

/// The most notices kept until they are taken; later ones are counted and dropped. A turn of 16 KiB
/// holds at most about 2,000 marks.
pub const NOTICES: usize = 4096;
/// The most bytes of text that waiting notices hold together.
pub const NOTICE_BYTES: usize = 1 << 20;

/// Something a program said beside its picture. `offset` is the index, in the recording, of the
/// byte that ended the sequence.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Notice {
    /// BEL outside a string. Several in a row are one.
    Bell {
        /// Its byte.
        offset: u64,
    },
    /// The title changed (OSC 0, 2, or the title stack).
    Title {
        /// The new title.
        title: String,
        /// Its last byte.
        offset: u64,
    },
    /// The icon name changed (OSC 0, 1).
    IconName {
        /// The new name.
        name: String,
        /// Its last byte.
        offset: u64,
    },
    /// The shell's working directory (OSC 7, OSC 9;9, 633;P;Cwd, 1337;CurrentDir).
    Cwd {
        /// A `file:` address or a path, as the program sent it.
        cwd: String,
        /// Its last byte.
        offset: u64,
    },
    /// A point of shell integration (OSC 133, 633).
    Mark(Mark),
    /// The command line as the shell itself gave it (OSC 633;E, or `cmdline_url` of OSC 133;C), told before
    /// the mark where its output begins.
    CommandText {
        /// The text, its escapes resolved.
        text: String,
        /// Its last byte.
        offset: u64,
    },
    /// The program wants to set the clipboard (OSC 52). Reading is never offered.
    Clipboard {
        /// The selections named (`c`, `p`, …), at most 8.
        selection: String,
        /// The decoded bytes; empty clears.
        data: Vec<u8>,
        /// Its last byte.
        offset: u64,
    },
    /// A desktop notification (OSC 9, 99, 777).
    Notification {
        /// Its title, maybe empty.
        title: String,
        /// Its text.
        body: String,
        /// Its last byte.
        offset: u64,
    },
    /// Progress changed (OSC 9;4).
    Progress {
        /// The new state.
        progress: Progress,
        /// Its last byte.
        offset: u64,
    },
    /// `CSI 3 J`: a terminal would have forgotten its scrollback. Here it is a point where a
    /// viewer may fold; nothing is deleted.
    Fold {
        /// The number the next line of the scrollback gets.
        line: LineNumber,
        /// Its last byte.
        offset: u64,
    },
    /// RIS: the terminal was reset.
    Reset {
        /// Its last byte.
        offset: u64,
    },
}

/// A point of shell integration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Mark {
    /// What begins or ends there.
    pub kind: MarkKind,
    /// Index of the first byte of the sequence: where what a command printed ends.
    pub begin: u64,
    /// Index of the last byte of the sequence.
    pub offset: u64,
    /// Logical line that the cursor was on. A clear of the screen may give the number to another.
    pub line: LineNumber,
    /// Column of that line, soft wraps joined. Of a line whose beginning scrolled off before its width
    /// changed it is what it would be at the present width.
    pub column: u32,
}

/// Kind of a [`Mark`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MarkKind {
    /// A: the prompt begins.
    PromptStart,
    /// B: the prompt ends; what the user types begins.
    CommandStart,
    /// C: the command runs; its output begins.
    OutputStart,
    /// D: the command ended.
    CommandEnd {
        /// Its exit status, if the shell told.
        exit: Option<i32>,
    },
}

/// Progress of a program (OSC 9;4).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Progress {
    /// Nothing to show.
    #[default]
    None,
    /// Percent done.
    Running(u8),
    /// Failed, at that percentage.
    Failed(u8),
    /// Busy, nobody knows for how long.
    Indeterminate,
    /// Paused, at that percentage.
    Paused(u8),
}

impl Notice {
    /// Bytes of text it holds.
    pub(crate) fn bytes(&self) -> usize {
        match self {
            Self::Title { title: text, .. }
            | Self::IconName { name: text, .. }
            | Self::Cwd { cwd: text, .. }
            | Self::CommandText { text, .. } => text.len(),
            Self::Clipboard { selection, data, .. } => selection.len() + data.len(),
            Self::Notification { title, body, .. } => title.len() + body.len(),
            Self::Bell { .. }
            | Self::Mark(_)
            | Self::Progress { .. }
            | Self::Fold { .. }
            | Self::Reset { .. } => 0,
        }
    }
}
