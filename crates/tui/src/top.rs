//! What panes take of the machine, as a table: processor, memory, bytes recorded and how fast. Owns the
//! measuring between two looks, the order and the columns; `top/run` shows it and keeps it fresh.

mod run;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

use ccc_client::proto::{PaneId, PaneState, SessionInfo, SessionState, Usage};

pub use self::run::{TopOptions, table_once, top};
use crate::words::Words;

/// By what the table is sorted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TopSort {
    #[default]
    Cpu,
    Memory,
    Rate,
    Bytes,
    Name,
}

impl TopSort {
    /// All with the key that chooses each.
    pub const ALL: [(char, Self); 5] = [
        ('c', Self::Cpu),
        ('m', Self::Memory),
        ('r', Self::Rate),
        ('b', Self::Bytes),
        ('n', Self::Name),
    ];

    /// The name, as on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Cpu => "cpu",
            Self::Memory => "memory",
            Self::Rate => "rate",
            Self::Bytes => "bytes",
            Self::Name => "name",
        }
    }
}

/// One look at the server.
#[derive(Clone, Debug, Default)]
pub(crate) struct Look {
    pub(crate) sessions: Vec<SessionInfo>,
    /// `None` from a server that does not measure.
    pub(crate) usage: Option<Usage>,
    /// Milliseconds of a clock that only rises, on this side.
    pub(crate) at_ms: u64,
}

/// One line of the table.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Line {
    pub(crate) pane: PaneId,
    pub(crate) name: String,
    /// Percent of one processor; `None` until it was looked at twice.
    pub(crate) cpu: Option<f64>,
    pub(crate) memory: Option<u64>,
    pub(crate) processes: Option<u32>,
    pub(crate) bytes: u64,
    /// Bytes in a second.
    pub(crate) rate: Option<f64>,
    pub(crate) state: String,
    pub(crate) command: String,
}

/// The table: what two looks tell.
pub(crate) fn lines(before: Option<&Look>, now: &Look, sort: TopSort) -> Vec<Line> {
    let usage: HashMap<PaneId, _> =
        now.usage.iter().flat_map(|usage| &usage.panes).map(|pane| (pane.pane, *pane)).collect();
    let usage_before: HashMap<PaneId, u64> = before
        .and_then(|before| before.usage.as_ref())
        .iter()
        .flat_map(|usage| &usage.panes)
        .map(|pane| (pane.pane, pane.cpu_ms))
        .collect();
    let bytes_before: HashMap<PaneId, u64> = before
        .iter()
        .flat_map(|before| &before.sessions)
        .flat_map(|info| &info.panes)
        .map(|pane| (pane.pane, pane.offset))
        .collect();
    let measured_ms = match (before.and_then(|before| before.usage.as_ref()), &now.usage) {
        (Some(before), Some(now)) => now.at_us.saturating_sub(before.at_us) as f64 / 1000.0,
        _ => 0.0,
    };
    let passed_ms = before.map_or(0, |before| now.at_ms.saturating_sub(before.at_ms)) as f64;
    let mut lines: Vec<Line> = Vec::new();
    // What has ended takes nothing.
    let running = now.sessions.iter().filter(|info| info.state == SessionState::RUNNING);
    for info in running {
        for pane in &info.panes {
            let tab = info.tabs.iter().find(|tab| tab.tab == pane.tab).map_or(0, |tab| tab.number);
            let used = usage.get(&pane.pane);
            let cpu = used.zip(usage_before.get(&pane.pane)).filter(|_| measured_ms > 0.0);
            let rate = bytes_before.get(&pane.pane).filter(|_| passed_ms > 0.0);
            let command = if pane.command.is_empty() { &pane.title } else { &pane.command };
            lines.push(Line {
                pane: pane.pane,
                name: format!("{}:{tab}.{}", info.name, pane.number),
                cpu: cpu.map(|(now, before)| {
                    now.cpu_ms.saturating_sub(*before) as f64 * 100.0 / measured_ms
                }),
                memory: used.map(|used| used.memory),
                processes: used.map(|used| used.processes),
                bytes: pane.offset,
                rate: rate
                    .map(|before| pane.offset.saturating_sub(*before) as f64 * 1000.0 / passed_ms),
                state: match (pane.state, pane.exit.status()) {
                    (PaneState::EXITED, Some(status)) => format!("exited {status}"),
                    (state, _) => state.to_string(),
                },
                command: command.chars().filter(|c| !c.is_control()).collect(),
            });
        }
    }
    sort_lines(&mut lines, sort);
    lines
}

/// The most first; those of which it is not known, and equal ones, by their names.
fn sort_lines(lines: &mut [Line], sort: TopSort) {
    let most = |line: &Line| match sort {
        TopSort::Cpu => line.cpu.unwrap_or(-1.0),
        TopSort::Memory => line.memory.map_or(-1.0, |memory| memory as f64),
        TopSort::Rate => line.rate.unwrap_or(-1.0),
        TopSort::Bytes => line.bytes as f64,
        TopSort::Name => 0.0,
    };
    lines.sort_by(|one, two| most(two).total_cmp(&most(one)).then_with(|| one.name.cmp(&two.name)));
}

/// The cells of the table, headings first.
pub(crate) fn cells(lines: &[Line], words: &Words) -> Vec<Vec<String>> {
    let heading = [
        words.say("top-pane"),
        words.say("top-cpu"),
        words.say("top-memory"),
        words.say("top-processes"),
        words.say("top-bytes"),
        words.say("top-rate"),
        words.say("top-state"),
        words.say("top-command"),
    ];
    let unknown = || "-".to_owned();
    let row = |line: &Line| {
        vec![
            line.name.clone(),
            line.cpu.map_or_else(unknown, |cpu| format!("{cpu:.1}")),
            line.memory.map_or_else(unknown, |memory| size(memory as f64)),
            line.processes.map_or_else(unknown, |count| count.to_string()),
            size(line.bytes as f64),
            line.rate.map_or_else(unknown, |rate| format!("{}/s", size(rate))),
            line.state.clone(),
            line.command.clone(),
        ]
    };
    std::iter::once(heading.map(str::to_owned).to_vec()).chain(lines.iter().map(row)).collect()
}

/// A number of bytes in three digits or so.
pub(crate) fn size(bytes: f64) -> String {
    const UNITS: [&str; 5] = ["B", "K", "M", "G", "T"];
    let mut value = bytes;
    let mut unit = 0;
    while value >= 999.5 && unit + 1 < UNITS.len() {
        value /= 1024.0;
        unit += 1;
    }
    if unit == 0 || value >= 99.95 {
        format!("{value:.0}{}", UNITS[unit])
    } else {
        format!("{value:.1}{}", UNITS[unit])
    }
}
