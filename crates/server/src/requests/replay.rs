//! Looking at recordings: what there is of one, the screen at one of its bytes, and the images on it. Files are read
//! and folded on threads that may wait for the disk.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use ccc_journal::{ExitStatus, GapReason, Offset, PaneUlid};
use ccc_play::{Moment, Replay, Timeline, What, commands};
use ccc_proto::{
    self as wire, Ext, Failure, MomentKind, PaneId, RecordingState, ReplayCommand, ReplayGap,
    ReplayImage, ReplayInfo, ReplayMoment, ReplayPoint, ReplayRequest, ScreenPage, ScreenRequest,
    TtyFlags, WireExit, WireExitKind, WireSize, replay_tag,
};
use ccc_sync::{FrameContext, frame_since};
use ccc_vt::{Image, Screen, Size};

use super::Asked;
use super::recordings::Chosen;
use crate::blocking::aside;
use crate::fault::Fault;
use crate::pane::limits;
use crate::recordings::info;

/// Recordings that are kept open where they were looked at last: those of a few people who replay at the
/// same time. Each holds a screen.
const OPEN: usize = 4;
/// The most points, moments and commands that are told: four bytes or so each, and a command its text.
const POINTS: usize = 64 * 1024;
const MOMENTS: usize = 16 * 1024;
const COMMANDS: usize = 8 * 1024;
/// Bytes of a command's text that are told.
const TEXT: usize = 256;

/// Recordings where they were looked at last.
#[derive(Debug, Default)]
pub(crate) struct Replays(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    /// The newest at the end.
    open: VecDeque<(PaneUlid, Replay)>,
    /// The images of the screens that were shown last, one entry for each recording, the newest at the end. They are
    /// asked for next, and the screens have them anyway.
    images: VecDeque<(PaneUlid, Vec<Arc<Image>>)>,
    /// How often something was forgotten: what was opened before is kept no more.
    forgotten: u64,
}

impl Replays {
    /// One that is kept, and a number to put it back with, or another one that is opened afterwards.
    fn take(&self, ulid: PaneUlid) -> (Option<Replay>, u64) {
        let mut kept = self.lock();
        let at = kept.open.iter().position(|(known, _)| *known == ulid);
        let taken = at.and_then(|at| kept.open.remove(at));
        (taken.map(|(_, replay)| replay), kept.forgotten)
    }

    /// Closes a recording, whose bytes are others now. Whoever has taken it does not put it back.
    pub(crate) fn forget(&self, ulid: PaneUlid) {
        let mut kept = self.lock();
        kept.forgotten += 1;
        kept.open.retain(|(known, _)| *known != ulid);
        kept.images.retain(|(known, _)| *known != ulid);
    }

    /// An image of the screen of a recording that was shown last.
    fn image(&self, ulid: PaneUlid, serial: u64) -> Option<Arc<Image>> {
        let kept = self.lock();
        let (_, images) = kept.images.iter().find(|(known, _)| *known == ulid)?;
        images.iter().find(|image| image.serial == serial).map(Arc::clone)
    }

    fn put(&self, ulid: PaneUlid, replay: Replay, images: Vec<Arc<Image>>, forgotten: u64) {
        let mut kept = self.lock();
        if kept.forgotten != forgotten {
            return;
        }
        kept.images.retain(|(known, _)| *known != ulid);
        if !images.is_empty() {
            while kept.images.len() >= OPEN {
                kept.images.pop_front();
            }
            kept.images.push_back((ulid, images));
        }
        while kept.open.len() >= OPEN {
            kept.open.pop_front();
        }
        kept.open.push_back((ulid, replay));
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub(super) async fn about(asked: &mut Asked<'_>, request: ReplayRequest) -> Result<(), Fault> {
    if request.target.is_empty() {
        return Err(Fault::invalid("a recording to look at must be named"));
    }
    let chosen = Chosen::of(asked, Some(&request.target)).await?;
    let (ulid, dir, known) = chosen.one(&request.target)?;
    let told = aside(move || {
        let recording = info(&dir, ulid, known.as_ref())?;
        let line = Timeline::read(&dir)?;
        let commands = commands(&dir)?;
        Ok::<_, ccc_journal::Error>(ReplayInfo {
            ulid: recording.ulid,
            pane: recording.pane,
            session: recording.session,
            command: recording.command,
            running: recording.state == RecordingState::RUNNING,
            began_unix_ms: line.began_unix_ms(),
            first: recording.first,
            end: line.end().offset.0,
            duration_us: micros(line.end().at),
            points: points(&line),
            moments: newest(line.moments(), MOMENTS).iter().map(moment).collect(),
            commands: newest(&commands, COMMANDS)
                .iter()
                .map(|command| ReplayCommand {
                    mark: command.mark,
                    to: command.to,
                    text: command.text[..command.text.floor_char_boundary(TEXT)].to_owned(),
                    exit: command.exit,
                })
                .collect(),
            ext: gaps(&line),
        })
    });
    let told = told.await??;
    asked.reply(told).await
}

pub(super) async fn screen(asked: &mut Asked<'_>, request: ScreenRequest) -> Result<(), Fault> {
    let chosen = Chosen::of(asked, Some(&request.ulid)).await?;
    let (ulid, dir, known) = chosen.one(&request.ulid)?;
    let pane = known.and_then(|known| known.pane).unwrap_or(PaneId(0));
    let ctx = Arc::clone(asked.ctx);
    let page = aside(move || {
        let fresh = || Replay::new(&dir, Size { cols: 80, rows: 24 }, limits());
        let (kept, forgotten) = ctx.replays.take(ulid);
        let mut replay = kept.unwrap_or_else(fresh);
        let (screen, stands) = replay.show(Offset(request.offset))?;
        let tty = TtyFlags::default();
        let context = FrameContext { pane, epoch: 1, base: None, input_done: 0, tty };
        let page =
            ScreenPage { offset: stands.0, frame: frame_since(screen, context), ext: Ext::none() };
        let images = images_of(screen);
        ctx.replays.put(ulid, replay, images, forgotten);
        Ok::<_, ccc_journal::Error>(page)
    });
    let page = page.await?.map_err(|error| {
        Fault::new(Failure::INTERNAL, format!("the recording cannot be shown there: {error}"))
    })?;
    // It is looked at when there is time; frames go first.
    asked.send.set_priority(-1);
    asked.reply(page).await
}

pub(super) async fn image(asked: &mut Asked<'_>, request: ReplayImage) -> Result<(), Fault> {
    let chosen = Chosen::of(asked, Some(&request.ulid)).await?;
    let (ulid, dir, known) = chosen.one(&request.ulid)?;
    let pane = known.and_then(|known| known.pane).unwrap_or(PaneId(0));
    let serial = request.image;
    let ctx = Arc::clone(asked.ctx);
    let found = match ctx.replays.image(ulid, serial) {
        Some(image) => Some(image),
        None => aside(move || {
            let fresh = || Replay::new(&dir, Size { cols: 80, rows: 24 }, limits());
            let (kept, forgotten) = ctx.replays.take(ulid);
            let mut replay = kept.unwrap_or_else(fresh);
            // An image is called by where it ended: there it is, if its bytes are.
            for at in [request.offset, serial] {
                let (screen, _) = replay.show(Offset(at))?;
                let images = images_of(screen);
                let image = images.iter().find(|image| image.serial == serial).map(Arc::clone);
                if image.is_some() {
                    ctx.replays.put(ulid, replay, images, forgotten);
                    return Ok(image);
                }
            }
            Ok::<_, ccc_journal::Error>(None)
        })
        .await?
        .map_err(|error| {
            Fault::new(Failure::INTERNAL, format!("the recording cannot be read there: {error}"))
        })?,
    };
    let Some(image) = found else {
        return Err(Fault::new(Failure::NOT_FOUND, "the recording has no such image there"));
    };
    super::images::tell(asked, pane, &image, request.from).await
}

fn images_of(screen: &Screen) -> Vec<Arc<Image>> {
    screen.images().map(Arc::clone).collect()
}

fn newest<T>(all: &[T], count: usize) -> &[T] {
    &all[all.len().saturating_sub(count)..]
}

fn points(line: &Timeline) -> Vec<ReplayPoint> {
    let step = line.points().len().div_ceil(POINTS).max(1);
    let points = line.points().iter().step_by(step);
    points.map(|point| ReplayPoint { offset: point.offset.0, at_us: micros(point.at) }).collect()
}

fn moment(moment: &Moment) -> ReplayMoment {
    let (kind, size, exit) = match moment.what {
        What::Started => (MomentKind::STARTED, None, None),
        What::Resized(size) => (MomentKind::RESIZED, Some(size), None),
        What::Ended(status) => (MomentKind::ENDED, None, Some(status)),
        What::Gap(_) => (MomentKind::GAP, None, None),
    };
    ReplayMoment {
        offset: moment.point.offset.0,
        at_us: micros(moment.point.at),
        kind,
        size: size
            .map_or_else(WireSize::default, |size| WireSize { cols: size.cols, rows: size.rows }),
        exit: exit.map_or_else(WireExit::default, exited),
    }
}

/// What is missing, and why.
fn gaps(line: &Timeline) -> Ext {
    let gaps = newest(line.moments(), MOMENTS).iter().filter_map(|moment| match moment.what {
        What::Gap(gap) => Some(ReplayGap {
            from: gap.from.0,
            to: gap.to.0,
            reason: match gap.reason {
                GapReason::Unknown => wire::GapReason::default(),
                GapReason::Budget => wire::GapReason::BUDGET,
                GapReason::Forget => wire::GapReason::FORGET,
                GapReason::DiskFull => wire::GapReason::DISK_FULL,
                GapReason::Crash => wire::GapReason::CRASH,
                GapReason::Damaged => wire::GapReason::DAMAGED,
                GapReason::NotRecorded => wire::GapReason::NOT_RECORDED,
            },
        }),
        _ => None,
    });
    let mut ext = Ext::none();
    ext.push(replay_tag::GAPS, ReplayGap::encode(&gaps.collect::<Vec<_>>()));
    ext
}

const fn exited(status: ExitStatus) -> WireExit {
    match status {
        ExitStatus::Code(value) => WireExit { kind: WireExitKind::CODE, value },
        ExitStatus::Signal(value) => WireExit { kind: WireExitKind::SIGNAL, value },
        ExitStatus::Unknown => WireExit { kind: WireExitKind::UNKNOWN, value: 0 },
    }
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn what_was_opened_before_something_was_forgotten_is_not_put_back() {
        let replays = Replays::default();
        let ulid: PaneUlid = "01ARZ3NDEKTSV4RRFFQ69G5FAV".parse().expect("a pane");
        let replay = || Replay::new(Path::new("there"), Size { cols: 80, rows: 24 }, limits());
        let (none, before) = replays.take(ulid);
        assert!(none.is_none());
        replays.put(ulid, replay(), Vec::new(), before);
        let (kept, before) = replays.take(ulid);
        replays.forget(ulid);
        replays.put(ulid, kept.expect("one"), Vec::new(), before);
        let (none, now) = replays.take(ulid);
        assert!(none.is_none());
        replays.put(ulid, replay(), Vec::new(), now);
        assert!(replays.take(ulid).0.is_some());
    }
}
