//! Typing over a bad network, with mosh beside us over the same one: how long until a key is seen, guessed or
//! not. Owns the networks and the keys; tells its own table.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use ccc_testkit::{Network, Program, Random, Sandbox, Terminal, Weather, vt100};

use super::Plan;
use super::outer::SIZE;
use crate::percentile::percentile;

const PATIENCE: Duration = Duration::from_secs(120);
/// Prints what is typed, lines as lines.
const PROGRAM: &str = "stty -echo -icanon min 1; printf '#READY\\n'; exec cat";
/// Two panes flood beside the one that is typed in.
const FLOOD: &str = "while :; do seq 1 100000; done";
/// Letters on a line: half a terminal holds it.
const LINE: usize = 30;
/// People type a key every so often.
const PAUSE: Duration = Duration::from_millis(100);
const MORE_PAUSE_US: u64 = 100_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Who {
    Mosh,
    Ccc,
}

/// A network, and what else goes on.
struct Case {
    name: &'static str,
    rate: Option<u64>,
    floods: bool,
}

const CASES: [Case; 3] = [
    Case { name: "quiet", rate: None, floods: false },
    Case { name: "1 Mbit/s", rate: Some(1_000_000), floods: false },
    Case { name: "1 Mbit/s, a neighbour pane floods", rate: Some(1_000_000), floods: true },
];

const WEATHER: Weather = Weather {
    delay: Duration::from_millis(50),
    jitter: Duration::from_millis(10),
    loss: 0.05,
    burst: 1.0,
    doubled: 0.0,
    unordered: true,
    rate: None,
    largest: 65_536,
    down: false,
};

pub(crate) fn measure(plan: &Plan) -> Result<()> {
    let keys = if plan.quick { 60 } else { 200 };
    println!(
        "50 ms ± 10 ms and 5 % loss each way; {keys} keys in each run; ms until a key is seen\n"
    );
    println!("| network | echo | mosh p50 | p90 | p99 | ccc p50 | p90 | p99 |");
    println!("|---|---|---|---|---|---|---|---|");
    for case in &CASES {
        for guesses in [false, true] {
            let mut row =
                format!("| {} | {} |", case.name, if guesses { "guessed" } else { "true" });
            for who in [Who::Mosh, Who::Ccc] {
                let mut times = Vec::new();
                for run in 0..plan.runs.min(3) {
                    times.extend(type_over(plan, who, case, guesses, keys, run as u64)?);
                }
                for share in [0.5, 0.9, 0.99] {
                    let ms = percentile(&times, share).as_secs_f64() * 1000.0;
                    row += &format!(" {ms:.1} |");
                }
            }
            println!("{row}");
        }
    }
    println!();
    Ok(())
}

fn type_over(
    plan: &Plan,
    who: Who,
    case: &Case,
    guesses: bool,
    keys: usize,
    seed: u64,
) -> Result<Vec<Duration>> {
    let weather = Weather { rate: case.rate, ..WEATHER };
    // Set up in good weather: what is measured is typing.
    let good = Weather::default();
    let (here, there) = (Sandbox::new(&plan.ccc)?, Sandbox::new(&plan.ccc)?);
    let (network, terminal) = match who {
        Who::Mosh => {
            let (server, key) = mosh_server(&there, case.floods)?;
            let network = Network::to(server, good, seed + 1)?;
            let client = here
                .program("mosh-client")
                .env("MOSH_KEY", key)
                .env("MOSH_PREDICTION_DISPLAY", if guesses { "adaptive" } else { "never" })
                .args(["127.0.0.1".to_owned(), network.address().port().to_string()]);
            let terminal = Terminal::start(&client, SIZE)?;
            (network, terminal)
        }
        Who::Ccc => {
            let guessed = if guesses { "auto" } else { "never" };
            here.configure(&format!("prediction = \"{guessed}\"\n"))?;
            let network = pair(&here, &there, case.floods, good, seed)?;
            (network, here.attach(SIZE, &["box/work"])?)
        }
    };
    terminal.wait_text("#READY", PATIENCE)?;
    network.set(weather);
    let times = type_keys(&terminal, keys, seed)?;
    network.set(good);
    Ok(times)
}

/// Types letters at a person's pace and notes how long each took to be seen at its place.
fn type_keys(terminal: &Terminal, keys: usize, seed: u64) -> Result<Vec<Duration>> {
    let mut random = Random::new(seed);
    let mut line = String::new();
    let mut times = Vec::new();
    // The first keys of all tell the client how slow the link is.
    for number in 0..keys + LINE {
        let pause = PAUSE + Duration::from_micros(random.below(MORE_PAUSE_US));
        std::thread::park_timeout(pause);
        if line.len() == LINE {
            terminal.write(b"\r")?;
            line.clear();
            terminal.write(b"@")?;
            line.push('@');
            wait_line(terminal, &line)?;
        }
        let letter = char::from(b'a' + u8::try_from(number % 26).unwrap_or(0));
        line.push(letter);
        let pressed = Instant::now();
        terminal.write(letter.to_string().as_bytes())?;
        wait_line(terminal, &line)?;
        if number >= LINE {
            times.push(pressed.elapsed());
        }
    }
    Ok(times)
}

fn wait_line(terminal: &Terminal, line: &str) -> Result<()> {
    let shown = |screen: &vt100::Screen| ccc_testkit::text(screen).contains(line);
    Ok(terminal.wait_for(line, PATIENCE, shown)?)
}

/// A server with its port and key; a tmux in it where two panes are wanted.
fn mosh_server(there: &Sandbox, floods: bool) -> Result<(SocketAddr, String)> {
    let beside = format!(
        "exec tmux -L bench -f /dev/null new-session \"{PROGRAM}\" \\; split-window -h -d \"{FLOOD}\""
    );
    let words = ["sh", "-c", if floods { &beside } else { PROGRAM }];
    let server = there
        .program("mosh-server")
        .env("TMUX_TMPDIR", there.home())
        .args(["new", "-i", "127.0.0.1", "-p", "61000:61999", "--"])
        .args(words);
    let told = there.run_program(&server, b"")?;
    let line = told.stdout.lines().find_map(|line| line.strip_prefix("MOSH CONNECT "));
    let (port, key) = line
        .and_then(|line| line.trim().split_once(' '))
        .with_context(|| format!("mosh-server said: {}{}", told.stdout, told.stderr))?;
    Ok((SocketAddr::from(([127, 0, 0, 1], port.parse()?)), key.to_owned()))
}

/// A server at the end of a network, and a client that knows it.
fn pair(
    here: &Sandbox,
    there: &Sandbox,
    floods: bool,
    weather: Weather,
    seed: u64,
) -> Result<Network> {
    there.ok(&["new", "-d", "-n", "work", "--size", "80x23", "--", "sh", "-c", PROGRAM])?;
    if floods {
        there.ok(&["split", "work", "--right", "--detached", "--", "sh", "-c", FLOOD])?;
    }
    connect(here, there, weather, seed)
}

/// A network to a server, and a client that was paired with it.
pub(crate) fn connect(
    here: &Sandbox,
    there: &Sandbox,
    weather: Weather,
    seed: u64,
) -> Result<Network> {
    let link = there.ok(&["invite"])?;
    let pairing: Program = here.ccc(&["pair", "-", "--name", "box"]);
    let paired = here.run_program(&pairing, link.as_bytes())?;
    ensure!(paired.code == Some(0), "pair: {}", paired.stderr);
    let listed = here.json(&["hosts", "ls", "--json"])?;
    let address = listed["hosts"][0]["addresses"][0].as_str().unwrap_or_default().parse()?;
    let network = Network::to(address, weather, seed + 1)?;
    here.ok(&["hosts", "add", "box", &network.address().to_string()])?;
    Ok(network)
}
