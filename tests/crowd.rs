//! Many clients before one pane: everybody sees every line, and somebody else types beside them.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use ccc_testkit::{KitError, Result, Sandbox, Size, example};

const SOON: Duration = Duration::from_secs(60);
const CLIENTS: usize = 40;

/// Ends the crowd whatever becomes of the test.
struct Crowd(Child);

impl Drop for Crowd {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _gone = self.0.kill();
        let _reaped = self.0.wait();
    }
}

fn io(source: std::io::Error) -> KitError {
    KitError::Io { what: "gather a crowd".into(), source }
}

#[test]
fn everybody_sees_every_line() -> Result<()> {
    let sandbox = Sandbox::new(env!("CARGO_BIN_EXE_ccc"))?;
    // A line for each that is read: how fast they come is the test's affair.
    let script = "stty -echo; echo tick 0; while read line; do echo tick $line; done";
    sandbox.ok(&["new", "-d", "-n", "ticks", "--", "/bin/sh", "-c", script])?;
    let mut command = Command::new(example("crowd")?);
    command.arg(sandbox.home()).args([&CLIENTS.to_string(), "ticks"]);
    let child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().map_err(io)?;
    let mut crowd = Crowd(child);
    let mut input = crowd.0.stdin.take().expect("a pipe");
    let mut output = BufReader::new(crowd.0.stdout.take().expect("a pipe"));
    let mut line = String::new();
    output.read_line(&mut line).map_err(io)?;
    assert_eq!(line, "attached\n");
    let terminal = sandbox.attach(Size::new(80, 24), &["ticks"])?;
    terminal.wait_text("tick 0", SOON)?;
    for number in 1..=10 {
        terminal.write(format!("{number}\r").as_bytes())?;
        terminal.wait_text(&format!("tick {number}"), SOON)?;
    }
    input.write_all(b"10\n").map_err(io)?;
    line.clear();
    output.read_line(&mut line).map_err(io)?;
    println!("{line}");
    let told: serde_json::Value = serde_json::from_str(&line).expect("JSON");
    assert_eq!(told["clients"], CLIENTS);
    assert_eq!(told["last"], 10, "everybody saw the last one");
    assert_eq!(told["missed"], 0, "and all before");
    assert!(crowd.0.wait().map_err(io)?.success());
    Ok(())
}
