//! What a pane's task passes on of what its program says beside its picture. Owns how often.

use std::sync::atomic::Ordering;
use std::time::Duration;

use ccc_journal::Offset;
use ccc_vt::{MarkKind, Notice};
use tokio::time::Instant;

use super::Task;
use crate::book::CommandEnd;
use crate::core::commands::{Moment, Noted, program_of};

/// Between two words to the house about one pane's title, or its bell: some programs change their
/// title with every line.
const PACE: Duration = Duration::from_millis(100);
/// A command that is over sooner gives its tab no name: names that come and go with every line hurt the eye.
const SETTLED: Duration = Duration::from_millis(500);

impl Task {
    /// Tells of commands that failed or ran long, for those who do not look.
    pub(super) fn tell_ends(&self, noted: &[Noted]) {
        let long_ms = u64::from(self.ctx.config.history.long_seconds).saturating_mul(1000);
        // The last one of a turn is what is worth hearing of.
        let told = noted.iter().rev().find_map(|Noted { command, .. }| {
            let end = command.end?;
            let (Moment::At(from), Some(Moment::At(to))) = (command.started, end.at) else {
                return None;
            };
            let ms = to.saturating_sub(from);
            let long = long_ms > 0 && ms >= long_ms;
            let failed = end.exit.is_some_and(|exit| exit != 0);
            let text = command.text.clone();
            (long || failed).then_some(CommandEnd { text, exit: end.exit, ms, long })
        });
        if let Some(told) = told {
            let pane = self.pane.id;
            self.ctx.book.tell(move |book| book.command_ended(pane, &told));
        }
    }

    /// Passes on what the program said beside its picture.
    pub(super) fn tell(&mut self, notices: Vec<Notice>) {
        let now = Instant::now();
        let mut renamed = false;
        for notice in notices {
            match notice {
                Notice::Title { title, .. } => {
                    renamed |= self.pane.update_facts(|facts| {
                        let other = facts.title != title;
                        facts.title = title;
                        other
                    });
                }
                Notice::Cwd { cwd, .. } => self.pane.update_facts(|facts| facts.cwd = cwd),
                Notice::Bell { .. } if self.rang.is_some_and(|rang| rang + PACE > now) => {}
                Notice::Bell { .. } | Notice::Clipboard { .. } | Notice::Notification { .. } => {
                    if matches!(notice, Notice::Bell { .. }) {
                        self.rang = Some(now);
                    }
                    let pane = self.pane.id;
                    self.ctx.book.tell(move |book| book.pane_says(pane, &notice));
                }
                _ => {}
            }
        }
        if renamed && self.retitle_due.is_none() {
            match self.renamed.map(|renamed| renamed + PACE).filter(|due| *due > now) {
                Some(due) => self.retitle_due = Some(due),
                None => self.tell_rename(),
            }
        }
    }

    /// Another command may be running now, or none.
    pub(super) fn tell_running(&mut self) {
        let text = self.commands.running();
        let running = if text.is_empty() { String::new() } else { program_of(text) };
        if running != self.running {
            self.running.clone_from(&running);
            self.pane.update_facts(|facts| facts.running = running);
            self.settles = (self.running != self.running_told).then(|| Instant::now() + SETTLED);
        }
    }

    /// When the house is to hear of another name.
    pub(super) fn rename_due(&self) -> Option<Instant> {
        self.retitle_due.into_iter().chain(self.settles).min()
    }

    /// Something was printed. The house hears of it once until somebody may be glad to hear it again:
    /// most of what is printed is seen anyway.
    pub(super) fn tell_activity(&self) {
        if self.pane.news.swap(false, Ordering::Relaxed) {
            let pane = self.pane.id;
            self.ctx.book.tell(move |book| book.pane_prints(pane));
        }
        if self.pane.may_listen.swap(false, Ordering::Relaxed) {
            let pane = self.pane.id;
            self.ctx.book.tell(move |book| book.pane_may_listen(pane));
        }
    }

    pub(super) fn tell_rename(&mut self) {
        (self.retitle_due, self.settles) = (None, None);
        self.renamed = Some(Instant::now());
        self.running_told.clone_from(&self.running);
        let pane = self.pane.id;
        self.ctx.book.tell(move |book| book.pane_renamed(pane));
    }
}

/// Where the shell stands at a prompt after these notices; `None` when they do not say.
pub(super) fn prompt_after(notices: &[Notice]) -> Option<Option<Offset>> {
    notices.iter().rev().find_map(|notice| match notice {
        Notice::Mark(mark) => match mark.kind {
            MarkKind::PromptStart | MarkKind::CommandStart => Some(Some(Offset(mark.offset))),
            MarkKind::OutputStart => Some(None),
            MarkKind::CommandEnd { .. } => None,
        },
        _ => None,
    })
}
