//! Ctrl-C over a thin link under a flood: from the key to the signal in the program, which never reads what is
//! typed. Owns the network and the keys; tells its own table.

use std::time::Duration;

use anyhow::Result;
use ccc_testkit::{Flood, Random, Sandbox, Weather};

use super::Plan;
use super::net::connect;
use super::outer::SIZE;
use crate::percentile::percentile;

const PATIENCE: Duration = Duration::from_secs(120);
/// What the program prints in a second, as far as its terminal takes it.
const FLOOD: u64 = 40_000_000;
const PAUSE: Duration = Duration::from_millis(50);
const MORE_PAUSE_US: u64 = 200_000;
const DELAY: Duration = Duration::from_millis(50);
/// Lines that are typed ahead: more than the terminal looks at, and fewer than it takes.
const AHEAD: usize = 400;

pub(crate) fn measure(plan: &Plan) -> Result<()> {
    let keys = if plan.quick { 30 } else { 200 };
    println!(
        "Ctrl-C over 1 Mbit/s and 50 ms each way under 40 MB/s; ms beyond those 50; {keys} keys in each run\n"
    );
    println!("| typed ahead | p50 | p99 | longest |");
    println!("|---|---|---|---|");
    for ahead in [0, AHEAD] {
        let mut times = Vec::new();
        for run in 0..plan.runs.min(3) {
            times.extend(interrupt(plan, keys, ahead, run as u64)?);
        }
        let mut row = format!("| {ahead} lines |");
        for share in [0.5, 0.99, 1.0] {
            let ms = percentile(&times, share).as_secs_f64() * 1000.0;
            row += &format!(" {ms:.1} |");
        }
        println!("{row}");
    }
    println!();
    Ok(())
}

fn interrupt(plan: &Plan, keys: usize, ahead: usize, seed: u64) -> Result<Vec<Duration>> {
    let (here, there) = (Sandbox::new(&plan.ccc)?, Sandbox::new(&plan.ccc)?);
    there.configure(&format!(
        "[recording]\npane_budget = {0}\nserver_budget = {0}\n",
        1_u64 << 40
    ))?;
    let (mut flood, script) = Flood::prepare(&there, FLOOD)?;
    there.ok(&["new", "-d", "-n", "work", "--size", "80x23", "--", "sh", "-c", &script])?;
    let network = connect(&here, &there, Weather::default(), seed)?;
    let terminal = here.attach(SIZE, &["box/work"])?;
    terminal.wait_text("a line of a flood", PATIENCE)?;
    network.set(Weather { delay: DELAY, rate: Some(1_000_000), ..Weather::default() });
    let mut random = Random::new(seed);
    let mut times = Vec::new();
    let lines = "all work and no play\r".repeat(ahead);
    for _ in 0..keys {
        if ahead > 0 {
            there.ok(&["send", "work", &lines])?;
        }
        std::thread::park_timeout(PAUSE + Duration::from_micros(random.below(MORE_PAUSE_US)));
        let pressed = Flood::now();
        terminal.write(b"\x03")?;
        let took = flood.wait_interrupted(PATIENCE)?.saturating_sub(pressed);
        times.push(took.saturating_sub(DELAY));
    }
    network.set(Weather::default());
    Ok(times)
}
