//! The kills themselves, and the waiting for everything to be right again.

use std::time::{Duration, Instant, SystemTime};

use anyhow::{Context as _, Result, ensure};
use ccc_testkit::{Custody, Process, Terminal};

use super::plan::Round;
use super::rotation::{self, Rotations};
use super::stage::{PAIRS, Stage};
use super::victim::{Victim, ready_server};
use crate::percentile::ms;
use crate::random::Random;

/// Permits for each recorder and round: 1 MiB, more than is written until the kill.
const PERMITS: usize = 4;
/// For everything that has to come about; far more than it may take.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long one wait for a rotation is, before more is written.
const ROTATION: Duration = Duration::from_millis(300);

/// Rounds that take longer are named, so that they can be looked into.
const SLOW: Duration = Duration::from_millis(500);

/// What came out.
#[derive(Debug, Default)]
pub(crate) struct Measured {
    /// Who was killed last, and the time from that kill to the right screen.
    pub(crate) times: Vec<(Victim, Duration)>,
    /// When each kill was.
    pub(crate) kills: Vec<SystemTime>,
    /// Kills while what an earlier one had ended was not back.
    pub(crate) in_recovery: usize,
}

pub(crate) struct Run<'a> {
    stage: &'a mut Stage,
    rotations: Rotations,
    random: Random,
    /// The client that is there all the time, and is killed at times.
    client: Terminal,
    /// The pair that it looks at.
    watched: usize,
    measured: Measured,
    rounds: usize,
}

impl<'a> Run<'a> {
    pub(crate) fn begin(stage: &'a mut Stage, seed: u64) -> Result<Self> {
        let rotations = Rotations::watch(stage.pairs.iter().map(|pair| pair.journal.as_path()))?;
        // Not all journals are to rotate at once.
        for pair in 0..usize::from(PAIRS) {
            stage.pairs[pair].permit(4 * pair)?;
        }
        let client = stage.attach(0)?;
        stage.pairs[0].expectation().wait(&client, PATIENCE)?;
        let random = Random::new(seed);
        let measured = Measured::default();
        Ok(Self { stage, rotations, random, client, watched: 0, measured, rounds: 0 })
    }

    pub(crate) fn round(&mut self, round: Round) -> Result<()> {
        self.rounds += 1;
        self.play(round).with_context(|| format!("round {}: {round:?}", self.rounds))
    }

    fn play(&mut self, round: Round) -> Result<()> {
        let custody = self.stage.sandbox.full_custody(PATIENCE)?;
        let panes = 2 * u64::from(PAIRS);
        ensure!(custody.panes == panes, "custody of {} panes, not of {panes}", custody.panes);
        self.rotations.forget();
        self.stage.permit(PERMITS)?;
        let last = match round {
            Round::Plain { victim, after } => {
                let process = victim.find(&custody, &self.client)?;
                pass(after);
                self.kill(victim, &process)?;
                victim
            }
            Round::Rotation { victim, after } => {
                let process = victim.find(&custody, &self.client)?;
                self.await_rotation()?;
                pass(after);
                self.kill(victim, &process)?;
                victim
            }
            Round::Recovery { first, after, second } => {
                let process = first.find(&custody, &self.client)?;
                self.kill(first, &process)?;
                pass(after);
                self.kill_in_recovery(&custody, first, second)?
            }
        };
        let killed = Instant::now();
        let took = self.look_anew(last, killed)?;
        if took > SLOW {
            println!("slow: {} ms after round {}, {round:?}", ms(took), self.rounds);
        }
        let lost = self.stage.lost();
        ensure!(lost.is_empty(), "programs were lost: {}", lost.join(", "));
        Ok(())
    }

    fn await_rotation(&mut self) -> Result<()> {
        let until = Instant::now() + PATIENCE;
        while !self.rotations.wait(ROTATION)? {
            ensure!(Instant::now() < until, "no journal rotates");
            self.stage.permit(PERMITS)?;
        }
        Ok(())
    }

    fn kill(&mut self, victim: Victim, process: &Process) -> Result<()> {
        process.kill();
        self.measured.kills.push(SystemTime::now());
        process.wait_end(PATIENCE).with_context(|| format!("the end of the {victim}"))
    }

    /// Kills a second one, if there is one of its kind at this moment, else one that is there.
    fn kill_in_recovery(
        &mut self,
        custody: &Custody,
        first: Victim,
        second: Victim,
    ) -> Result<Victim> {
        let order = [second, Victim::Keeper, Victim::Spare, Victim::Server];
        let find = |victim: &Victim| {
            let process = victim.find_in_recovery(&self.stage.sandbox, &self.client)?;
            Some((*victim, process))
        };
        let (victim, process) = order.iter().find_map(find).context("nobody is left")?;
        let not_back = match first {
            Victim::Server => ready_server(&self.stage.sandbox) == Some(custody.server.pid),
            // A new spare takes longer than the two milliseconds since to start and be told all.
            Victim::Keeper | Victim::Spare => true,
            Victim::Client => false,
        };
        self.kill(victim, &process)?;
        self.measured.in_recovery += usize::from(not_back);
        Ok(victim)
    }

    /// Attaches with a new client, and times when it is right.
    fn look_anew(&mut self, last: Victim, killed: Instant) -> Result<Duration> {
        let pairs = self.stage.pairs.len() as u64;
        let pair = usize::try_from(self.random.below(pairs)).unwrap_or(0);
        let expectation = self.stage.pairs[pair].expectation();
        let fresh = self.stage.attach(pair)?;
        let right = expectation.wait(&fresh, PATIENCE).context("a new attach")?;
        let took = right.saturating_duration_since(killed);
        self.measured.times.push((last, took));
        if self.client.process().has_ended() {
            self.client = fresh;
            self.watched = pair;
            return Ok(took);
        }
        // The one that was there all the time comes back by itself.
        let expectation = self.stage.pairs[self.watched].expectation();
        expectation.wait(&self.client, PATIENCE).context("the client that was there")?;
        fresh.type_keys("<C-b>d")?;
        fresh.wait_end(PATIENCE).context("a detach")?;
        Ok(took)
    }

    /// Kills so far that fell into the recovery from another.
    pub(crate) fn in_recovery(&self) -> usize {
        self.measured.in_recovery
    }

    /// Kills so far that fell close to a rotation.
    pub(crate) fn near_a_rotation(&self) -> Result<usize> {
        let journals = self.stage.pairs.iter().map(|pair| pair.journal.as_path());
        rotation::near(&self.measured.kills, journals)
    }

    pub(crate) fn end(self) -> Result<Measured> {
        self.stage.sandbox.full_custody(PATIENCE)?;
        Ok(self.measured)
    }
}

/// Lets time pass, so that kills fall at uneven moments.
fn pass(time: Duration) {
    let until = Instant::now() + time;
    while let Some(left) = until.checked_duration_since(Instant::now()).filter(|t| !t.is_zero()) {
        std::thread::park_timeout(left);
    }
}

/// After everything, the idle programs still hear what is typed.
pub(crate) fn idle_panes_answer(stage: &Stage) -> Vec<String> {
    let answers = |pane: &str| -> Result<()> {
        stage.sandbox.ok(&["send", pane, "hello."])?;
        stage.sandbox.ok(&["wait", pane, "--match", "^heard hello", "--timeout", "20s"])?;
        Ok(())
    };
    let idle = stage.pairs.iter().map(|pair| pair.idle.pane.as_str());
    idle.filter_map(|pane| {
        let error = answers(pane).err()?;
        Some(format!("pane {pane} does not answer: {error:#}"))
    })
    .collect()
}

/// Kills server, keeper and spare in one go, while everything floods. Gives how many programs ended
/// by it: all must.
pub(crate) fn kill_all_custodians(stage: &mut Stage) -> Result<usize> {
    let custody = stage.sandbox.full_custody(PATIENCE)?;
    let open = |pid| Process::open(pid).context("a custodian that is gone");
    let custodians = [custody.spare.pid, custody.keeper.pid, custody.server.pid].map(open);
    let custodians: Vec<Process> = custodians.into_iter().collect::<Result<_>>()?;
    let children = stage.pairs.iter().flat_map(|pair| [pair.flood.pid, pair.idle.pid]);
    let children: Vec<Process> = children.filter_map(Process::open).collect();
    stage.permit(PERMITS)?;
    pass(Duration::from_millis(10));
    custodians.iter().for_each(Process::kill);
    for process in &custodians {
        process.wait_end(PATIENCE)?;
    }
    for child in &children {
        child.wait_end(PATIENCE).context("a program whose terminal is gone")?;
    }
    stage.sandbox.ok(&["serve", "--daemon"])?;
    Ok(children.len())
}
