//! `cargo xtask chaos`: kills processes of a running server under load, in random order, and then
//! compares every byte that programs wrote with every byte that was kept. Owns the run and its
//! verdict; who is killed when is in `plan`, what must hold in `oracle`.

mod oracle;
mod plan;
mod record;
mod recorder;
mod recovery;
mod rotation;
mod run;
mod stage;
mod victim;
mod watch;

use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};

use crate::percentile::{median, ms, percentile};
use crate::workspace::{Profile, build_ccc};
use run::{Measured, Run};
use stage::Stage;
use victim::Victim;

pub(crate) use recorder::{RecorderArgs, run as record};

/// From a kill to the right screen in a new attach.
const MEDIAN: Duration = Duration::from_millis(300);
const P99: Duration = Duration::from_secs(1);

#[derive(Clone, Debug, clap::Args)]
pub(crate) struct ChaosArgs {
    /// How many kills at least; a fifth of them near a rotation, a fifth during recovery
    #[arg(long, default_value_t = 200)]
    kills: usize,
    /// Chooses victims and moments; printed, so that a run can be repeated
    #[arg(long)]
    seed: Option<u64>,
    /// Lose one byte on purpose: the run must fail
    #[arg(long)]
    drop_byte: bool,
    /// Use an unoptimised build, and judge no times and not how close kills came
    #[arg(long)]
    dev: bool,
    /// The program to try; else it is built
    #[arg(long)]
    ccc: Option<PathBuf>,
}

impl ChaosArgs {
    /// A short run, for every change.
    pub(crate) const fn short(kills: usize, drop_byte: bool) -> Self {
        Self { kills, seed: None, drop_byte, dev: true, ccc: None }
    }
}

pub(crate) fn run(args: &ChaosArgs) -> Result<()> {
    match violations(args)?.len() {
        0 => Ok(()),
        count => bail!("{count} violations"),
    }
}

/// That the oracle sees a lost byte: a run that loses one, and must say so.
pub(crate) fn prove_oracle() -> Result<()> {
    let violations = violations(&ChaosArgs::short(2, true))?;
    ensure!(violations.iter().any(|violation| violation.contains("SHA-256")), "it did not see it");
    Ok(())
}

/// Everything that did not hold; an error is something that did not come about.
fn violations(args: &ChaosArgs) -> Result<Vec<String>> {
    let profile = if args.dev { Profile::Dev } else { Profile::Release };
    let ccc = args.ccc.clone().map_or_else(|| build_ccc(profile), Ok)?;
    let ccc = ccc.canonicalize().with_context(|| format!("find {}", ccc.display()))?;
    let seed = args.seed.unwrap_or_else(|| {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        now.unwrap_or_default().as_secs()
    });
    println!("chaos: {} kills, seed {seed}", args.kills);
    let began = Instant::now();
    let mut stage = Stage::set(&ccc, args.drop_byte)?;
    let result = all(&mut stage, args, seed);
    if result.is_err() {
        print_logs(&stage);
    }
    stage.sandbox.end()?;
    println!("chaos: {:.0} s in all", began.elapsed().as_secs_f64());
    let violations = result?;
    for violation in &violations {
        println!("VIOLATION: {violation}");
    }
    Ok(violations)
}

/// Runs everything and gives what did not hold. An error is something that did not come about.
fn all(stage: &mut Stage, args: &ChaosArgs, seed: u64) -> Result<Vec<String>> {
    let mut violations = Vec::new();
    let mut run = Run::begin(stage, seed)?;
    for round in plan::rounds(args.kills, seed) {
        run.round(round)?;
    }
    // Whether a kill came at a bad moment is known only afterwards: more, until there are enough.
    let fifth = args.kills / 5;
    for round in plan::more_in_recovery(seed).take(args.kills) {
        if run.in_recovery() >= fifth {
            break;
        }
        run.round(round)?;
    }
    for round in plan::more_near_a_rotation(seed).take(args.kills) {
        if run.near_a_rotation() >= fifth {
            break;
        }
        run.round(round)?;
    }
    let measured = run.end()?;
    violations.extend(judge(&measured, args));

    // Over segments and journal, whatever was being sealed when servers died.
    oracle::await_seals(stage);
    let (wrong, bytes) = oracle::exact(stage)?;
    println!("{} MiB compared: {}", bytes >> 20, word(&wrong));
    violations.extend(wrong);
    violations.extend(oracle::whole(stage)?);
    let lost: Vec<String> = stage.lost().iter().map(|child| format!("{child} is gone")).collect();
    violations.extend(lost);
    violations.extend(run::idle_panes_answer(stage));

    let ended = run::kill_all_custodians(stage)?;
    let (wrong, bytes) = oracle::beginnings(stage)?;
    let verdict = word(&wrong);
    println!("all custodians at once: {ended} programs ended, {} MiB: {verdict}", bytes >> 20);
    violations.extend(wrong);
    Ok(violations)
}

fn judge(measured: &Measured, args: &ChaosArgs) -> Vec<String> {
    let mut violations = Vec::new();
    println!("kill to the right screen in a new attach, ms:");
    println!("| killed | kills | median | p99 | most |\n|---|---|---|---|---|");
    for victim in Victim::ALL {
        let of_victim = measured.times.iter().filter(|(who, _)| *who == victim);
        let times: Vec<Duration> = of_victim.map(|(_, time)| *time).collect();
        println!("| {victim} | {} | {}", times.len(), columns(&times));
    }
    let times: Vec<Duration> = measured.times.iter().map(|(_, time)| *time).collect();
    println!("| all | {} | {}", times.len(), columns(&times));
    if !args.dev && (median(&times) > MEDIAN || percentile(&times, 0.99) > P99) {
        violations.push(format!(
            "median {} ms and p99 {} ms, at most {} and {}",
            ms(median(&times)),
            ms(percentile(&times, 0.99)),
            ms(MEDIAN),
            ms(P99)
        ));
    }
    let near = rotation::near(&measured.kills, &measured.births);
    let (kills, under_load) = (measured.kills.len(), measured.under_load);
    println!("{kills} kills in all, {under_load} of them while programs wrote");
    let fifth = args.kills / 5;
    println!("{near} kills within 20 ms of a rotation, {} during recovery", measured.in_recovery);
    // How close a kill comes is a time as well.
    if !args.dev && (near < fifth || measured.in_recovery < fifth) {
        violations.push(format!("fewer than {fifth} kills near a rotation or during recovery"));
    }
    violations
}

fn columns(times: &[Duration]) -> String {
    let most = percentile(times, 1.0);
    format!("{} | {} | {} |", ms(median(times)), ms(percentile(times, 0.99)), ms(most))
}

fn word(violations: &[String]) -> &'static str {
    if violations.is_empty() { "exact" } else { "NOT exact" }
}

/// What server and keeper said, for whoever has to find out.
fn print_logs(stage: &Stage) {
    let folder = stage.sandbox.state().join("log");
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let text = std::fs::read_to_string(entry.path()).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        println!("--- {}", entry.file_name().display());
        lines[lines.len().saturating_sub(40)..].iter().for_each(|line| println!("{line}"));
    }
}
