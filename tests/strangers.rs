//! Strangers at the port of a whole server: hand-shakes that nobody goes on with, and connections by TCP that
//! say nothing. They cost it little, and an honest client comes in while they knock.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use ccc_testkit::{KitError, Result, Sandbox, example};
use serde_json::Value;

/// What strangers may cost, and how long an honest client may wait in the middle of them.
const MEMORY_KIB: u64 = 16 * 1024;
const WAIT_MS: u64 = 1000;
/// Hand-shakes by QUIC; `CCC_STRANGERS=10000` for as many as are promised, whose packets a debug build makes
/// for half a minute.
const STRANGERS: usize = 400;
const BY_TCP: usize = 1000;

/// A program that floods a server, and does each of its parts when it is told.
struct Flood {
    child: std::process::Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Flood {
    fn prepare(sandbox: &Sandbox, count: usize) -> Result<Self> {
        let server = sandbox.state().join("run/server.json");
        let server: Value = serde_json::from_slice(&fs::read(server).map_err(io)?).expect("JSON");
        let text = |name: &str| server[name].as_str().unwrap_or_default().to_owned();
        let key = sandbox.state().join("client/key").display().to_string();
        let mut command = Command::new(example("strangers")?);
        command.args(["at", &text("address"), &text("server"), &key]);
        command.args([count.to_string(), BY_TCP.to_string()]);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().map_err(io)?;
        let input = child.stdin.take().expect("a pipe");
        let output = BufReader::new(child.stdout.take().expect("a pipe"));
        let mut flood = Self { child, input, output };
        assert_eq!(flood.line()?, "made\n");
        Ok(flood)
    }

    fn go_on(&mut self) -> Result<()> {
        self.input.write_all(b"\n").map_err(io)
    }

    fn line(&mut self) -> Result<String> {
        let mut line = String::new();
        self.output.read_line(&mut line).map_err(io)?;
        Ok(line)
    }
}

impl Drop for Flood {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _gone = self.child.kill();
        let _reaped = self.child.wait();
    }
}

fn io(source: std::io::Error) -> KitError {
    KitError::Io { what: "flood a server".into(), source }
}

/// What a process alone has in memory, with its share of what others have as well.
fn memory_kib(pid: u32) -> Result<u64> {
    let rollup = fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).map_err(io)?;
    let line = rollup.lines().find_map(|line| line.strip_prefix("Pss:"));
    let number = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
    Ok(number.expect("a size"))
}

#[test]
fn strangers_cost_little_and_an_honest_client_comes_in() -> Result<()> {
    let sandbox = Sandbox::new(env!("CARGO_BIN_EXE_ccc"))?;
    sandbox.ok(&["new", "-d", "-n", "work", "--", "/bin/cat"])?;
    let server = sandbox.full_custody(Duration::from_secs(60))?.server.pid;
    let count = std::env::var("CCC_STRANGERS").ok().and_then(|count| count.parse().ok());
    let count = count.unwrap_or(STRANGERS);
    let mut flood = Flood::prepare(&sandbox, count)?;
    let before = memory_kib(server)?;
    let began = Instant::now();
    sandbox.ok(&["ls"])?;
    let usual = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    flood.go_on()?;
    let told = flood.line()?;
    // While all of them hold what they got.
    let grown = memory_kib(server)?.saturating_sub(before);
    println!("{count} hand-shakes, {BY_TCP} by TCP: {grown} KiB more; {told}");
    assert!(grown <= MEMORY_KIB, "{grown} KiB more");
    let told: Value = serde_json::from_str(&told).expect("JSON");
    assert_eq!(told["by_tcp"], BY_TCP, "all were answered by the system");
    let waited = told["honest_ms"].as_array().into_iter().flatten();
    let mut waited: Vec<u64> = waited.filter_map(Value::as_u64).collect();
    waited.sort_unstable();
    // The middle one: the machine may be busy for a moment, or so busy that nobody comes in faster.
    let most = WAIT_MS.max(4 * usual);
    assert!(waited[waited.len() / 2] < most, "honest clients waited {waited:?} ms of {most}");
    // The whole client comes in as well, while they hold on.
    assert!(sandbox.ok(&["ls"])?.contains("work"));
    flood.go_on()?;
    assert!(flood.child.wait().map_err(io)?.success());
    assert!(sandbox.ok(&["ls"])?.contains("work"));
    Ok(())
}
