//! Idle panes: memory, CPU and wake-ups of servers that have nothing to do. Owns the window of time.

use std::time::Duration;

use anyhow::Result;

use super::Plan;
use super::report::Report;
use super::stage::{Contender, Stage};
use super::usage::{Memory, Usage, megabytes};

const COUNTS: [usize; 4] = [1, 10, 100, 1000];

pub(crate) fn measure(plan: &Plan, report: &mut Report) -> Result<()> {
    let window = Duration::from_secs(if plan.quick { 10 } else { 60 });
    COUNTS.iter().try_for_each(|count| panes(plan, *count, window, report))
}

/// Both servers idle beside each other in the same window; neither takes anything from the other.
fn panes(plan: &Plan, count: usize, window: Duration, report: &mut Report) -> Result<()> {
    let mut stages = Vec::new();
    for contender in plan.in_turn(&Contender::SERVERS, 0) {
        let stage = Stage::set(contender, &plan.ccc)?;
        for n in 0..count {
            stage.background(&format!("idle{n}"), &["cat"])?;
        }
        let servers = stage.servers()?;
        stages.push((contender, stage, servers));
    }
    // Checkpoints and the like that follow a start are over.
    pass(Duration::from_secs(5));
    let before: Vec<Usage> =
        stages.iter().map(|(_, _, servers)| Usage::of(servers)).collect::<Result<_>>()?;
    pass(window);
    for ((contender, _, servers), before) in stages.iter().zip(before) {
        let spent = Usage::of(servers)?.since(&before);
        let name = format!("{count} idle panes");
        let pss = megabytes(Memory::of(servers)?.pss);
        report.add(&format!("{name}, PSS of servers"), "MB", *contender, pss);
        let seconds = window.as_secs_f64();
        #[expect(clippy::cast_precision_loss, reason = "some thousand switches")]
        let switches = spent.switches as f64 / seconds;
        report.add(&format!("{name}, voluntary switches"), "per s", *contender, switches);
        let cpu = spent.cpu.as_secs_f64() * 1000.0 / seconds;
        report.add(&format!("{name}, CPU"), "ms per s", *contender, cpu);
    }
    Ok(())
}

/// Lets time go by, because what happens in it is measured.
fn pass(time: Duration) {
    // Nobody ever sends: the end of the window is the only thing that can come.
    let (_tx, rx) = std::sync::mpsc::sync_channel::<()>(0);
    let _elapsed = rx.recv_timeout(time);
}
