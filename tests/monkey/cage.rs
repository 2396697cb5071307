//! The monkey's world: a server, the client that it plays with, and who else is there. Owns the doing of steps, how
//! all comes to rest, and what must be so then.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use ccc_testkit::{Custody, KitError, Network, Process, Result, Sandbox, Size, Terminal, Weather};
use serde_json::Value;

use super::kind::{Kind, Look};
use super::outer::Outer;
use super::raw::{QUIET, RawClient, looked_at};
use super::step::Step;

/// Far more than anything takes; what does not come at all costs this much.
const SOON: Duration = Duration::from_secs(60);
/// How long an answer may take before something is tried again.
const ANSWERED: Duration = Duration::from_secs(5);
/// How long a hand waits for what it did to show.
const LOOK: Duration = Duration::from_millis(120);
/// Panes that are made at most: each is a process, and asked for rest by others.
const PANES: usize = 6;

pub(crate) struct Cage {
    server: Sandbox,
    far: Option<(Sandbox, Network)>,
    pub(crate) client: Terminal,
    look: Look,
    size: Size,
    outer: Outer,
    other: Option<Terminal>,
    raw: Option<RawClient>,
    markers: u32,
    began: Instant,
    /// What was done and when, for whoever does it again.
    pub(crate) done: String,
}

impl Cage {
    pub(crate) fn new(kind: Kind, seed: u64) -> Result<Self> {
        let server = Sandbox::new(env!("CARGO_BIN_EXE_ccc"))?;
        let toy = server.home().join("toy");
        let script = format!("#!/bin/sh\n{}", include_str!("toy.sh"));
        write_program(&toy, &script)?;
        // What is split off runs it as well, whoever asks for that.
        server.configure(&format!("shell = {:?}\n", toy.display().to_string()))?;
        server.ok(&["new", "-d", "-n", "work"])?;
        let far = if kind.far { Some(far(&server, seed)?) } else { None };
        let (from, target) = match &far {
            Some((client, _)) => (client, "box/work"),
            None => (&server, "work"),
        };
        let size = Size::new(80, 25);
        let mut words = [&["attach", target], kind.look.words()].concat();
        // Where the picture is read aloud nothing is ever guessed.
        if kind.guesses && kind.look != Look::Plain {
            words.extend(["--predict", "always"]);
        }
        let outer = Outer::new(kind.draws);
        let client = outer.start(&from.ccc(&words), size)?;
        client.wait_text("at-ready", SOON)?;
        let (look, began) = (kind.look, Instant::now());
        let (other, raw, markers, done) = (None, None, 0, String::new());
        Ok(Self { server, far, client, look, size, outer, other, raw, markers, began, done })
    }

    pub(crate) const fn is_far(&self) -> bool {
        self.far.is_some()
    }

    /// Whether the client has left as it does when the session that it looked at has ended.
    pub(crate) fn is_left_well(&self) -> bool {
        let drawn = self.client.drawn_last();
        let drawn = String::from_utf8_lossy(&drawn);
        let well = drawn.contains(" ended]") && !drawn.contains("panicked");
        self.client.process().has_ended() && well
    }

    pub(crate) fn do_step(&mut self, step: &Step) -> Result<()> {
        let _written = writeln!(self.done, "{:>6} ms {step:?}", self.began.elapsed().as_millis());
        match step {
            Step::Type { text, at_once } => self.type_text(text, *at_once)?,
            Step::Keys(keys) => {
                let makes = ["<C-b>%", "<C-b>\"", "<C-b>c"].contains(&keys.as_str());
                if !makes || self.panes()?.len() < PANES {
                    for keys in keys.split('|') {
                        let drawn = self.client.drawn();
                        self.client.type_keys(keys)?;
                        self.look(drawn);
                    }
                }
            }
            Step::Resize(size) => {
                self.size = *size;
                self.client.resize(*size)?;
            }
            Step::Font(cell, size) => {
                self.client.set_cell(*cell)?;
                self.outer.cell = *cell;
                // With another font there is room for more or less.
                let Size { cols, rows } = *size;
                let size = if *size == self.size { Size::new(cols - 1, rows) } else { *size };
                self.size = size;
                self.client.resize(size)?;
            }
            Step::Stuck(stuck) => self.client.set_stuck(*stuck),
            Step::Word { pane, word } => {
                if let Some(pane) = self.pane(*pane, 1)? {
                    self.run(&["send", &pane, word, "--enter"])?;
                }
            }
            Step::Command { pane, words } => {
                let makes = ["split", "tab", "new"].contains(&words[0]);
                if let Some(pane) = self.pane(*pane, 1)?
                    && (!makes || self.panes()?.len() < PANES)
                {
                    let words: Vec<&str> = words
                        .iter()
                        .map(|word| if *word == "PANE" { &pane } else { *word })
                        .collect();
                    self.run(&words)?;
                }
            }
            Step::Close { pane } => {
                if let Some(pane) = self.pane(*pane, 3)? {
                    self.run(&["pane", "close", &pane])?;
                }
            }
            Step::Other(None) => self.other = None,
            Step::Other(Some(size)) => {
                let program = self.server.ccc(&["attach", "work"]);
                self.other = Some(Terminal::answering(&program, *size)?);
            }
            Step::OtherTypes(text) => {
                if let Some(other) =
                    self.other.as_ref().filter(|other| !other.process().has_ended())
                {
                    other.write(text.as_bytes())?;
                }
            }
            Step::Raw(None) => {
                if let Some(raw) = self.raw.take() {
                    raw.leave()?;
                }
            }
            Step::Raw(Some((pane, size))) => {
                if let Some(raw) = &mut self.raw {
                    raw.resize(*size)?;
                } else if let Some(pane) = self.pane(*pane, 1)? {
                    self.raw = Some(RawClient::come(&self.server, &pane, self.outer, *size)?);
                }
            }
            Step::RawTypes(text) => {
                if let Some(raw) = &self.raw {
                    raw.types(text)?;
                }
            }
            Step::RawStuck(stuck) => {
                if let Some(raw) = &self.raw {
                    raw.set_stuck(*stuck);
                }
            }
            Step::KillServer => self.kill_server()?,
            Step::Weather { delay_ms, loss_percent, down } => {
                if let Some((_, network)) = &self.far {
                    network.set(Weather {
                        delay: Duration::from_millis(*delay_ms),
                        loss: f64::from(*loss_percent) / 100.0,
                        down: *down,
                        ..Weather::default()
                    });
                }
            }
            Step::Move => {
                if let Some((_, network)) = &self.far {
                    network.change_address();
                }
            }
        }
        Ok(())
    }

    /// Waits a little for what is drawn, as hands do.
    fn look(&self, drawn: u64) {
        let _seen = self.client.wait_drawn(drawn + 1, LOOK);
    }

    fn type_text(&self, text: &str, at_once: bool) -> Result<()> {
        if at_once {
            return self.client.write(text.as_bytes());
        }
        for key in text.split_inclusive(|c: char| !c.is_ascii_control() && c != '[') {
            let drawn = self.client.drawn();
            self.client.write(key.as_bytes())?;
            if drawn.is_multiple_of(3) {
                self.look(drawn);
            }
        }
        Ok(())
    }

    /// A command, whatever becomes of it: what it is about may be gone.
    fn run(&self, args: &[&str]) -> Result<()> {
        self.server.run(args).map(drop)
    }

    /// The ids of panes, with whether their programs run.
    fn panes(&self) -> Result<Vec<(String, bool)>> {
        let told = self.server.json(&["ls", "--json"])?;
        let sessions = told["sessions"].as_array().into_iter().flatten();
        let panes = sessions.flat_map(|session| session["panes"].as_array().into_iter().flatten());
        let text = |pane: &Value, key: &str| pane[key].as_str().unwrap_or_default().to_owned();
        Ok(panes.map(|pane| (text(pane, "id"), text(pane, "state") == "running")).collect())
    }

    /// One of the running panes by any number, if there are so many.
    fn pane(&self, number: usize, least: usize) -> Result<Option<String>> {
        let mut panes = self.panes()?;
        panes.retain(|(_, runs)| *runs);
        let place = number % panes.len().max(1);
        Ok((panes.len() >= least).then(|| panes.swap_remove(place).0))
    }

    fn kill_server(&self) -> Result<()> {
        let before = self.server.full_custody(SOON)?.server.pid;
        if let Some(server) = Process::open(before) {
            server.kill();
            server.wait_end(SOON)?;
        }
        let _after: Custody = self.server.full_custody(SOON)?;
        Ok(())
    }

    /// Ends what is under way, and waits until the client shows what one shows that has just come.
    pub(crate) fn rest(&mut self) -> Result<()> {
        let _written = writeln!(self.done, "{:>6} ms rest", self.began.elapsed().as_millis());
        self.client.set_stuck(false);
        if let Some((_, network)) = &self.far {
            network.set(Weather::default());
        }
        self.server.full_custody(SOON)?;
        let pane = self.hands_rest()?;
        let _written = writeln!(self.done, "{:>6} ms hands", self.began.elapsed().as_millis());
        let (panes, until) = (self.panes()?, Instant::now() + SOON);
        let running: Vec<&str> =
            panes.iter().filter(|(_, runs)| *runs).map(|(id, _)| id.as_str()).collect();
        for pane in &running {
            self.server.ok(&["interrupt", pane])?;
            self.server.ok(&["send", pane, &format!("rest-{}", self.markers), "--enter"])?;
        }
        for pane in &running {
            self.wait_marker(pane, until.saturating_duration_since(Instant::now()))?;
        }
        let words = [&["attach", pane.as_str()], self.look.words()].concat();
        let fresh = self.outer.start(&self.server.ccc(&words), self.size)?;
        fresh.wait_quiet(QUIET, SOON)?;
        let area = self.look.area(self.size);
        let images = fresh.corner(area).images.len();
        let (now, raw) = (self.began.elapsed().as_millis(), self.raw.is_some());
        let _written = writeln!(self.done, "{now:>6} ms {images} images, raw client: {raw}");
        let Err(differs) = self.client.wait_same_corner(&fresh, area, ANSWERED) else {
            return self.raw_rests(fresh);
        };
        let _written = writeln!(self.done, "{:>6} ms {differs}", self.began.elapsed().as_millis());
        // Without a bar, what is said stands over the last row, for a few seconds each.
        // A view that was asked for over a slow network may have come just now: what is typed is that view's. Where
        // it is the program's, there is none, and no reason to be different.
        self.markers += 1;
        self.client.type_keys(&format!("rest-{}<ret>", self.markers))?;
        if self.wait_marker(&pane, ANSWERED).is_err() {
            self.hands_rest()?;
        }
        self.client.wait_same_corner(&fresh, area, SOON)?;
        self.raw_rests(fresh)
    }

    fn raw_rests(&self, fresh: Terminal) -> Result<()> {
        // One that is killed is thought to be there for a while.
        if !fresh.process().has_ended() {
            fresh.type_keys("<C-b>d")?;
            fresh.wait_closed(SOON)?;
        }
        self.raw.as_ref().map_or(Ok(()), |raw| raw.rest(&self.server))
    }

    /// Leaves every view, and types until the program in focus has it: what was typed before has then come to where
    /// it belongs. Gives the pane.
    fn hands_rest(&mut self) -> Result<String> {
        let until = Instant::now() + SOON;
        loop {
            self.markers += 1;
            let marker = format!("<C-c><C-c><C-c><C-c><C-c>rest-{}<ret>", self.markers);
            self.client.type_keys(&marker)?;
            // What was typed into a lost link is lost, and so is what started a program that had ended.
            let pane = self.looked_at()?;
            if let Some(pane) = pane
                && self.wait_marker(&pane, ANSWERED).is_ok()
                && self.looked_at()?.as_ref() == Some(&pane)
            {
                return Ok(pane);
            }
            let text = self.client.text();
            let (now, bar) = (self.began.elapsed(), text.lines().last().unwrap_or_default());
            let _written = writeln!(self.done, "{:>6} ms not yet: {bar}", now.as_millis());
            if Instant::now() >= until || self.client.process().has_ended() {
                let what = "a program to have what is typed".into();
                let instead = format!("{:?}\n{}", self.looked_at()?, self.client.text());
                return Err(KitError::TimedOut { what, within: SOON, instead });
            }
        }
    }

    /// The pane that the client looks at, which is known by its size.
    fn looked_at(&self) -> Result<Option<String>> {
        looked_at(&self.server, self.look.area(self.size))
    }

    fn wait_marker(&self, pane: &str, within: Duration) -> Result<()> {
        let (marker, within) =
            (format!("at-{}( |$)", self.markers), format!("{}ms", within.as_millis()));
        self.server.ok(&["wait", pane, "--match", &marker, "--timeout", &within]).map(drop)
    }
}

/// Another machine that knows the server behind a network.
fn far(server: &Sandbox, seed: u64) -> Result<(Sandbox, Network)> {
    let client = Sandbox::new(env!("CARGO_BIN_EXE_ccc"))?;
    let link = server.ok(&["invite"])?;
    let paired =
        client.run_program(&client.ccc(&["pair", "-", "--name", "box"]), link.as_bytes())?;
    assert_eq!(paired.code, Some(0), "{paired:?}");
    let hosts = client.json(&["hosts", "ls", "--json"])?;
    let address = hosts["hosts"][0]["addresses"][0].as_str().unwrap_or_default();
    let network = Network::to(address.parse().expect("an address"), Weather::default(), seed)?;
    client.ok(&["hosts", "add", "box", &network.address().to_string()])?;
    Ok((client, network))
}

fn write_program(path: &std::path::Path, text: &str) -> Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::write(path, text)
        .and_then(|()| std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)))
        .map_err(|source| KitError::Io { what: "write a program".into(), source })
}
