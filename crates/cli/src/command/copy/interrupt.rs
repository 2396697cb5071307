//! A copy that is told to end: what is said then. Owns the signals for as long as files are under way; a part of a
//! file stays where it is, as after any other end.

use tokio::signal::unix::{Signal, SignalKind, signal};

use super::{ATTEMPTED, Side, Top};
use crate::failure::{Attempted as _, Failure};

/// What is said of files that were cut off.
const AGAIN: &str = "run the same command again: a file that was cut off goes on from what is kept of it in .ccc-part";
/// The same where the folder under the new name would be taken for the one to copy into.
const AGAIN_INTO: &str = "run it again with /. behind the source, as the folder is there now: a file that was cut off goes on from what is kept of it in .ccc-part";

/// The signals that end a copy.
pub(super) struct Interrupt {
    interrupt: Signal,
    terminate: Signal,
}

impl Interrupt {
    /// From now on they end the process no more.
    ///
    /// # Errors
    /// The system's.
    pub(super) fn watch() -> Result<Self, Failure> {
        let watch = |kind| signal(kind).attempted(ATTEMPTED);
        let (interrupt, terminate) = (SignalKind::interrupt(), SignalKind::terminate());
        Ok(Self { interrupt: watch(interrupt)?, terminate: watch(terminate)? })
    }

    /// Waits for one of them.
    pub(super) async fn came(&mut self) -> Failure {
        let kind = tokio::select! {
            _ = self.interrupt.recv() => SignalKind::interrupt(),
            _ = self.terminate.recv() => SignalKind::terminate(),
        };
        Failure::interrupted(ATTEMPTED, kind)
    }
}

/// Tells how a copy that was cut off is taken up again. What goes through a stream is not.
pub(super) fn taken_up(failure: Failure, sources: &[Side], dest: &Side, top: Top) -> Failure {
    let is_stream = |side: &Side| matches!(side, Side::Stream);
    if !failure.is_cut_off() || is_stream(dest) || sources.iter().any(is_stream) {
        return failure;
    }
    failure.with_hint(if top == Top::Made { AGAIN_INTO } else { AGAIN })
}
