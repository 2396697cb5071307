//! The kills themselves, and the waiting for everything to be right again.

use std::time::{Duration, Instant, SystemTime};

use anyhow::{Context as _, Result, ensure};
use ccc_testkit::{Process, Terminal};

use super::plan::{Round, Since};
use super::recovery::Recovery;
use super::rotation::{self, Births, Rotations};
use super::stage::{PAIRS, Stage};
use super::victim::Victim;
use crate::percentile::ms;
use ccc_testkit::Random;

/// Permits for each recorder and round: 512 KiB, more than is written until the kill. Each byte of
/// all the recorders is folded before the next round, so more would only be waited for.
const PERMITS: usize = 2;
/// For everything that has to come about; far more than it may take.
const PATIENCE: Duration = Duration::from_secs(120);
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
    /// Kills while a recorder was still writing.
    pub(crate) under_load: usize,
    /// When journals went on in new files.
    pub(crate) births: Births,
}

pub(crate) struct Run<'a> {
    stage: &'a mut Stage,
    rotations: Rotations,
    recovery: Recovery,
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
        let recovery = Recovery::watch(&stage.sandbox.state())?;
        // Not all journals are to rotate at once.
        for pair in 0..usize::from(PAIRS) {
            stage.pairs[pair].permit(4 * pair)?;
        }
        let client = stage.attach(0)?;
        stage.pairs[0].expectation().wait(&client, PATIENCE)?;
        let random = Random::new(seed);
        let measured = Measured::default();
        Ok(Self { stage, rotations, recovery, random, client, watched: 0, measured, rounds: 0 })
    }

    pub(crate) fn round(&mut self, round: Round) -> Result<()> {
        self.rounds += 1;
        let played = self.play(round);
        let journals = self.stage.pairs.iter().map(|pair| pair.journal.as_path());
        rotation::note(&mut self.measured.births, journals)?;
        played.with_context(|| format!("round {}: {round:?}", self.rounds))
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
            Round::Recovery { first, since, after, second } => {
                let process = first.find(&custody, &self.client)?;
                // Who is there already is taken hold of before, so that finding takes no time.
                let known = match second.survivor_of(first) {
                    Some(role) => Some(role.find(&custody, &self.client)?),
                    None => None,
                };
                self.recovery.forget();
                self.kill(first, &process)?;
                if since == Since::Succession {
                    self.recovery.wait_begun(first, PATIENCE)?;
                }
                pass(after);
                self.kill_in_recovery(first, second, known)?
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
        loop {
            // The journal that has the least to go gets what it needs.
            let pair = self.stage.pairs.iter_mut().min_by_key(|pair| pair.to_rotation());
            let pair = pair.context("nobody writes")?;
            pair.permit(pair.to_rotation())?;
            if self.rotations.wait(ROTATION)? {
                return Ok(());
            }
            ensure!(Instant::now() < until, "no journal rotates");
        }
    }

    fn kill(&mut self, victim: Victim, process: &Process) -> Result<()> {
        process.kill();
        self.measured.kills.push(SystemTime::now());
        self.measured.under_load += usize::from(self.stage.is_flooding());
        process.wait_end(PATIENCE).with_context(|| format!("the end of the {victim}"))
    }

    /// Kills a second one: the one that is known, else a newborn one of its kind, else any that is
    /// there.
    fn kill_in_recovery(
        &mut self,
        first: Victim,
        second: Victim,
        known: Option<Process>,
    ) -> Result<Victim> {
        let order = [second, Victim::Keeper, Victim::Spare, Victim::Server];
        let find = |victim: &Victim| {
            let process = victim.find_in_recovery(&self.stage.sandbox, &self.client)?;
            Some((*victim, process))
        };
        let found = known.map(|process| (second, process));
        let found = found.or_else(|| order.iter().find_map(find));
        let (victim, process) = found.context("nobody is left")?;
        self.kill(victim, &process)?;
        // Looked at after the death, so that what is not over now was not over then.
        self.measured.in_recovery += usize::from(!self.recovery.may_be_over(first));
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
    pub(crate) fn near_a_rotation(&self) -> usize {
        rotation::near(&self.measured.kills, &self.measured.births)
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
