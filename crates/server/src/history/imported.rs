//! A command that was imported, as it stands in `imported/marks`: owns its bytes, which `proto/journal.md`
//! describes, and the name by which the index knows whose it is. They ran in no pane and are in no recording, so
//! this file is their truth.

use ccc_journal::{Mark, Offset};
use ccc_play::{put_text, take_text};
use ccc_proto::{HistorySource, ImportedCommand};

/// The folder below the state directory; also the name under which the index notes how far it was read.
pub(super) const IMPORTED: &str = "imported";
/// The kind of mark, in the numbering of those of panes.
const COMMAND_IMPORTED: u16 = 3;

const HAS_DURATION: u8 = 1;
const HAS_EXIT: u8 = 2;

/// The longest texts, in bytes.
const WHO: usize = 64;
const TEXT: usize = 4096;
/// How far ahead the clock of whoever imports may be, in milliseconds: a day.
const AHEAD: u64 = 24 * 60 * 60 * 1000;

/// An imported command. What its history did not tell is not known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Imported {
    pub(super) source: HistorySource,
    /// The id of the principal who brought it.
    pub(super) who: String,
    pub(super) started_ms: Option<u64>,
    pub(super) duration_ms: Option<u64>,
    pub(super) exit: Option<i32>,
    pub(super) cwd: String,
    pub(super) text: String,
}

impl Imported {
    /// What somebody brings, cleaned as what a live shell tells; `None` when no text is left.
    pub(super) fn of(
        who: &str,
        source: HistorySource,
        command: &ImportedCommand,
        now_ms: u64,
    ) -> Option<Self> {
        let text = ccc_vt::command_text(command.text.as_bytes());
        let text = text.trim_end_matches('\n').to_owned();
        let started_ms = Some(command.started_unix_ms)
            .filter(|ms| (1..=now_ms.saturating_add(AHEAD)).contains(ms));
        (!text.trim().is_empty()).then(|| Self {
            source,
            who: who[..who.floor_char_boundary(WHO)].to_owned(),
            started_ms,
            duration_ms: command.duration_ms,
            exit: command.status,
            cwd: ccc_vt::command_text(command.cwd.as_bytes()),
            text,
        })
    }

    /// The mark; `number` counts the imported commands.
    pub(super) fn mark(&self, number: u64) -> Mark {
        let mut body = Vec::with_capacity(40 + self.who.len() + self.cwd.len() + self.text.len());
        body.extend_from_slice(&self.source.0.to_le_bytes());
        body.extend_from_slice(&self.started_ms.unwrap_or(0).to_le_bytes());
        body.extend_from_slice(&self.duration_ms.unwrap_or(0).to_le_bytes());
        body.extend_from_slice(&self.exit.unwrap_or(0).to_le_bytes());
        let flag = |set: bool, flag: u8| if set { flag } else { 0 };
        body.push(
            flag(self.duration_ms.is_some(), HAS_DURATION) | flag(self.exit.is_some(), HAS_EXIT),
        );
        for (text, longest) in [(&self.who, WHO), (&self.cwd, TEXT), (&self.text, TEXT)] {
            put_text(&mut body, text, longest);
        }
        Mark { kind: COMMAND_IMPORTED, offset: Offset(number), body }
    }

    /// The command of a mark; `None` for marks of other kinds, and for one that is none.
    pub(super) fn decode(mark: &Mark) -> Option<Self> {
        if mark.kind != COMMAND_IMPORTED {
            return None;
        }
        let (source, rest) = mark.body.split_first_chunk::<2>()?;
        let (started, rest) = rest.split_first_chunk::<8>()?;
        let (duration, rest) = rest.split_first_chunk::<8>()?;
        let (exit, rest) = rest.split_first_chunk::<4>()?;
        let (flags, mut rest) = rest.split_first()?;
        let mut text = || take_text(&mut rest);
        let has = |flag: u8| flags & flag != 0;
        Some(Self {
            source: HistorySource(u16::from_le_bytes(*source)),
            started_ms: Some(u64::from_le_bytes(*started)).filter(|ms| *ms != 0),
            duration_ms: has(HAS_DURATION).then_some(u64::from_le_bytes(*duration)),
            exit: has(HAS_EXIT).then_some(i32::from_le_bytes(*exit)),
            who: text()?,
            cwd: text()?,
            text: text()?,
        })
    }

    /// What stands in the place of a pane's name in the index.
    pub(super) fn origin(&self) -> String {
        format!("{IMPORTED}/{}/{}", self.source, self.who)
    }
}

/// Where a command came from and who brought it, by what stands in the place of its pane; `None` of one that ran
/// in a pane.
pub(crate) fn origin(pane: &str) -> Option<(&str, &str)> {
    pane.strip_prefix(IMPORTED)?.strip_prefix('/')?.split_once('/')
}

/// Whether a command with this in the place of its pane was imported.
pub(super) fn is_origin(pane: &str) -> bool {
    origin(pane).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn brought() -> ImportedCommand {
        ImportedCommand {
            text: "ls 서\n  -l".into(),
            cwd: "/tmp".into(),
            started_unix_ms: 1000,
            duration_ms: Some(0x0102),
            status: Some(-1),
        }
    }

    fn of(command: &ImportedCommand) -> Option<Imported> {
        Imported::of("ann", HistorySource::ZSH, command, 5000)
    }

    #[test]
    fn the_bytes_are_the_documented_ones() {
        let command = of(&brought()).unwrap();
        let mark = command.mark(7);
        let hex: String = mark.body.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(
            hex,
            "0200e8030000000000000201000000000000ffffffff030300616e6e04002f746d700b006c7320ec849c0a20202d6c"
        );
        assert_eq!((mark.kind, mark.offset), (3, Offset(7)));
        assert_eq!(Imported::decode(&mark), Some(command));
    }

    #[test]
    fn what_is_not_known_stays_unknown() {
        let bare = ImportedCommand { text: "ls".into(), ..ImportedCommand::default() };
        let command = of(&bare).unwrap();
        assert_eq!((command.started_ms, command.duration_ms, command.exit), (None, None, None));
        assert_eq!(Imported::decode(&command.mark(0)), Some(command));
    }

    #[test]
    fn a_body_that_is_cut_anywhere_is_none() {
        let mark = of(&brought()).unwrap().mark(7);
        for end in 0..mark.body.len() {
            let cut = Mark { body: mark.body[..end].to_vec(), ..mark.clone() };
            assert_eq!(Imported::decode(&cut), None, "{end}");
        }
        assert_eq!(Imported::decode(&Mark { kind: 1, ..mark }), None);
    }

    #[test]
    fn what_is_brought_is_cleaned_and_cut_and_no_time_is_to_come() {
        let command = |text: &str| ImportedCommand { text: text.into(), ..brought() };
        let text = |given: &str| of(&command(given)).map(|command| command.text);
        assert_eq!(text("a\u{1b}[2J\u{9b}\tb\nc\r\n"), Some("a[2J\tb\nc".into()));
        assert_eq!(text(" \n\u{7}"), None);
        assert_eq!(text(&"서".repeat(5000)).map(|text| text.len()), Some(4095));
        let at = |started_unix_ms| {
            of(&ImportedCommand { started_unix_ms, ..brought() }).and_then(|c| c.started_ms)
        };
        assert_eq!([at(0), at(5000 + AHEAD), at(5001 + AHEAD)], [None, Some(5000 + AHEAD), None]);
    }

    #[test]
    fn the_index_knows_whose_it_is() {
        assert_eq!(origin(&of(&brought()).unwrap().origin()), Some(("zsh", "ann")));
        assert_eq!(origin("01JD0000000000000000000000"), None);
        assert_eq!(origin("imported"), None);
    }
}
