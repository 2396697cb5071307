//! What a recovery looks like from outside: the files in a server's `run` folder that a successor
//! takes or writes. Owns which file tells what.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use rustix::fs::inotify::{ReadFlags, WatchFlags};

use super::victim::Victim;
use super::watch::{Event, Watch};

#[derive(Debug)]
pub(crate) struct Recovery {
    watch: Watch,
    seen: Vec<Event>,
}

impl Recovery {
    pub(crate) fn watch(state: &Path) -> Result<Self> {
        let what = WatchFlags::MODIFY | WatchFlags::OPEN | WatchFlags::MOVED_TO;
        let watch = Watch::of([state.join("run").as_path()], what)?;
        Ok(Self { watch, seen: Vec::new() })
    }

    /// Forgets what happened until now.
    pub(crate) fn forget(&mut self) {
        while !self.watch.take().is_empty() {}
        self.seen.clear();
    }

    /// Waits until somebody is there in the place of the dead and has begun its work.
    pub(crate) fn wait_begun(&mut self, dead: Victim, within: Duration) -> Result<()> {
        let until = Instant::now() + within;
        while !self.seen.iter().any(|event| begins(dead, event)) {
            let events = self.watch.next(until)?;
            ensure!(!events.is_empty(), "nobody came in the place of the {dead}");
            self.seen.extend(events);
        }
        Ok(())
    }

    /// Whether everything may be back by now. `false` is certain: what ends a recovery has not
    /// happened.
    pub(crate) fn may_be_over(&mut self, dead: Victim) -> bool {
        self.seen.extend(self.watch.take());
        self.seen.iter().any(|event| ends(dead, event))
    }
}

/// A successor has what only one can have.
fn begins(dead: Victim, event: &Event) -> bool {
    match dead {
        Victim::Server => event.what == ReadFlags::MODIFY && event.name == "server.lock",
        Victim::Keeper => event.what == ReadFlags::MODIFY && event.name == "keeper.lock",
        Victim::Spare => event.what == ReadFlags::OPEN && event.name == "spare.lock",
        Victim::Client => false,
    }
}

/// A server says that it takes connections; a new spare begins to be told of the panes, which is
/// before it holds them.
fn ends(dead: Victim, event: &Event) -> bool {
    match dead {
        Victim::Server => event.what == ReadFlags::MOVED_TO && event.name == "server.json",
        Victim::Keeper | Victim::Spare => begins(Victim::Spare, event),
        Victim::Client => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn watched() -> (tempfile::TempDir, Recovery) {
        let state = tempfile::tempdir().unwrap();
        let run = state.path().join("run");
        std::fs::create_dir(&run).unwrap();
        std::fs::write(run.join("server.lock"), b"1").unwrap();
        let recovery = Recovery::watch(state.path()).unwrap();
        (state, recovery)
    }

    #[test]
    fn a_server_is_back_when_it_says_where_it_listens() {
        let (state, mut recovery) = watched();
        let run = state.path().join("run");
        std::fs::write(run.join("server.lock"), b"2").unwrap();
        recovery.wait_begun(Victim::Server, Duration::from_secs(60)).unwrap();
        assert!(!recovery.may_be_over(Victim::Server));
        std::fs::write(run.join("server.json.new"), b"{}").unwrap();
        std::fs::rename(run.join("server.json.new"), run.join("server.json")).unwrap();
        assert!(recovery.may_be_over(Victim::Server));
        recovery.forget();
        assert!(!recovery.may_be_over(Victim::Server));
    }

    #[test]
    fn a_successor_that_does_not_come_is_told() {
        let (_state, mut recovery) = watched();
        let error = recovery.wait_begun(Victim::Spare, Duration::ZERO).unwrap_err();
        assert_eq!(error.to_string(), "nobody came in the place of the spare");
    }
}
