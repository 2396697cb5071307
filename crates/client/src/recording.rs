//! A recording to look at, told by a server or read from its directory with no server running. Owns the way
//! from either to one form.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use ccc_journal::{ExitStatus, Gap, GapReason, JournalReader, Offset, PANE_FILE, PaneHeader};
use ccc_play::{Moment, Point, Remembered, Replay, Timeline, What, commands};
use ccc_proto::{
    self as wire, MomentKind, PaneId, ReplayGap, ReplayInfo, ScreenPage, TtyFlags, WireExit,
    WireExitKind, replay_tag,
};
use ccc_sync::{FrameContext, Mirror, frame_since};
use ccc_vt::{Image, Limits, Size};

use crate::ClientError;

/// What there is to look at.
#[derive(Clone, Debug, Default)]
pub struct Recording {
    /// Name of its session.
    pub session: String,
    /// Program and arguments.
    pub command: String,
    /// Its program runs: more may come.
    pub running: bool,
    /// The first byte that is kept.
    pub first: Offset,
    pub line: Timeline,
    /// What the shell ran, in order.
    pub commands: Vec<Remembered>,
}

impl From<ReplayInfo> for Recording {
    fn from(info: ReplayInfo) -> Self {
        let point =
            |offset, at_us| Point { offset: Offset(offset), at: Duration::from_micros(at_us) };
        let mut points: Vec<Point> =
            info.points.iter().map(|known| point(known.offset, known.at_us)).collect();
        // Whatever a peer says, the line ascends.
        points.sort_by_key(|point| (point.at, point.offset));
        let gaps = ReplayGap::decode(info.ext.find(replay_tag::GAPS).unwrap_or_default());
        let moments = info.moments.iter().filter_map(|moment| {
            let what = match moment.kind {
                MomentKind::STARTED => What::Started,
                MomentKind::RESIZED => {
                    What::Resized(Size { cols: moment.size.cols, rows: moment.size.rows })
                }
                MomentKind::ENDED => What::Ended(exit_status(moment.exit)),
                MomentKind::GAP => {
                    let gap = gaps.iter().find(|gap| gap.from == moment.offset)?;
                    What::Gap(Gap {
                        from: Offset(gap.from),
                        to: Offset(gap.to),
                        reason: gap_reason(gap.reason),
                    })
                }
                // Newer kinds are not known here.
                _ => return None,
            };
            Some(Moment { point: point(moment.offset, moment.at_us), what })
        });
        let commands = info.commands.iter().map(|command| Remembered {
            mark: command.mark,
            from: command.mark,
            to: command.to,
            exit: command.exit,
            text: command.text.clone(),
            ..Remembered::default()
        });
        let mut commands: Vec<_> = commands.collect();
        commands.sort_by_key(|command| command.mark);
        Self {
            session: info.session,
            command: info.command,
            running: info.running,
            first: Offset(info.first),
            line: Timeline::of(
                points,
                moments.collect(),
                info.began_unix_ms,
                point(info.end, info.duration_us),
            ),
            commands,
        }
    }
}

const fn gap_reason(reason: wire::GapReason) -> GapReason {
    match reason {
        wire::GapReason::BUDGET => GapReason::Budget,
        wire::GapReason::FORGET => GapReason::Forget,
        wire::GapReason::DISK_FULL => GapReason::DiskFull,
        wire::GapReason::CRASH => GapReason::Crash,
        wire::GapReason::DAMAGED => GapReason::Damaged,
        wire::GapReason::NOT_RECORDED => GapReason::NotRecorded,
        _ => GapReason::Unknown,
    }
}

const fn exit_status(exit: WireExit) -> ExitStatus {
    match exit.kind {
        WireExitKind::CODE => ExitStatus::Code(exit.value),
        WireExitKind::SIGNAL => ExitStatus::Signal(exit.value),
        _ => ExitStatus::Unknown,
    }
}

impl Recording {
    /// What the directory of a pane tells.
    ///
    /// # Errors
    /// It is none, or cannot be read.
    pub fn read(dir: &Path) -> Result<Self, ClientError> {
        let header = PaneHeader::read(dir)?;
        Ok(Self {
            session: header.session.clone(),
            command: header
                .command
                .iter()
                .map(|word| word.0.to_string_lossy().into_owned())
                .collect::<Vec<_>>()
                .join(" "),
            running: false,
            first: JournalReader::open(dir)?.first(),
            line: Timeline::read(dir)?,
            commands: commands(dir)?,
        })
    }
}

/// A recording whose directory is at hand.
#[derive(Debug)]
pub struct RecordingFiles {
    dir: PathBuf,
    replay: Replay,
}

impl RecordingFiles {
    /// Whether a path is the directory of a recording.
    #[must_use]
    pub fn is_one(dir: &Path) -> bool {
        dir.join(PANE_FILE).is_file()
    }

    /// Opens it when it is first looked at.
    #[must_use]
    pub fn new(dir: &Path) -> Self {
        let replay = Replay::new(dir, Size { cols: 80, rows: 24 }, Limits::default());
        Self { dir: dir.to_owned(), replay }
    }

    /// What there is by now.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn recording(&self) -> Result<Recording, ClientError> {
        Recording::read(&self.dir)
    }

    /// The screen when the bytes before the offset had been printed. Blocks.
    ///
    /// # Errors
    /// The recording cannot be read.
    pub fn screen(&mut self, offset: Offset) -> Result<Mirror, ClientError> {
        let (screen, _) = self.replay.show(offset)?;
        let (pane, tty) = (PaneId(0), TtyFlags::default());
        let context = FrameContext { pane, epoch: 1, base: None, input_done: 0, tty };
        mirror_of(&frame_since(screen, context))
    }

    /// An image that the screen shows when the bytes before the offset had been printed. Blocks.
    ///
    /// # Errors
    /// The recording cannot be read.
    pub fn image(
        &mut self,
        offset: Offset,
        serial: u64,
    ) -> Result<Option<Arc<Image>>, ClientError> {
        // An image is called by where it ended: there it is as well, if its bytes are.
        for at in [offset, Offset(serial)] {
            let (screen, _) = self.replay.show(at)?;
            let image = screen.images().find(|image| image.serial == serial).map(Arc::clone);
            if image.is_some() {
                return Ok(image);
            }
        }
        Ok(None)
    }
}

/// The screen that a server sent.
///
/// # Errors
/// What it sent is none.
pub fn screen_of(page: &ScreenPage) -> Result<Mirror, ClientError> {
    mirror_of(&page.frame)
}

fn mirror_of(frame: &ccc_proto::Frame) -> Result<Mirror, ClientError> {
    let mut mirror = Mirror::new(frame.pane);
    match mirror.apply(frame) {
        Ok(_) => Ok(mirror),
        Err(error) => {
            Err(ClientError::Lost { why: format!("a screen that makes no sense: {error}") })
        }
    }
}
