//! Time of a computation: processor time of this thread, so that what else runs on the machine counts
//! less.

use rustix::time::{ClockId, Timespec, clock_gettime};

/// Seconds that `work` takes.
pub(crate) fn seconds(work: impl FnOnce()) -> f64 {
    let start = clock_gettime(ClockId::ThreadCPUTime);
    work();
    in_seconds(clock_gettime(ClockId::ThreadCPUTime)) - in_seconds(start)
}

fn in_seconds(time: Timespec) -> f64 {
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}
