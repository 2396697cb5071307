//! What an interrupt is to a program: a byte when it asked for bytes, a signal when it did not.

use std::time::Duration;

use ccc_testkit::{Result, Sandbox, Size, Terminal};

const SOON: Duration = Duration::from_secs(60);

fn sandbox() -> Result<Sandbox> {
    Sandbox::new(env!("CARGO_BIN_EXE_ccc"))
}

/// Reads three bytes in raw mode and shows them; a signal would be shown as such.
const RAW: &str = "stty raw -echo; trap 'printf signal' INT; printf ready; \
                   dd bs=1 count=3 2>/dev/null | od -An -tx1; read line";

#[test]
fn a_raw_program_reads_the_byte_and_gets_no_signal() -> Result<()> {
    let sandbox = sandbox()?;
    sandbox.ok(&["new", "-d", "-n", "work", "--", "/bin/sh", "-c", RAW])?;
    sandbox.ok(&["wait", "work", "--match", "ready", "--timeout", "60s"])?;
    sandbox.ok(&["send", "work", "a"])?;
    sandbox.ok(&["interrupt", "work"])?;
    // The same as a key, from a client, in its order.
    let terminal = sandbox.attach(Size::new(80, 24), &["work"])?;
    terminal.wait_text("ready", SOON)?;
    terminal.type_keys("<C-c>")?;
    sandbox.ok(&["wait", "work", "--match", "61 03 03", "--timeout", "60s"])?;
    let screen = sandbox.ok(&["peek", "work"])?;
    assert!(!screen.contains("signal"), "{screen}");
    Ok(())
}

#[test]
fn a_program_that_never_reads_gets_the_signal() -> Result<()> {
    let sandbox = sandbox()?;
    // It waits for a pipe that nobody writes to, and never for its terminal.
    let script = "stty -echo; trap 'echo got it; exit 7' INT; mkfifo pipe; exec 3<>pipe; echo ready; \
                  read line <&3";
    sandbox.ok(&["new", "-d", "-n", "work", "--", "/bin/sh", "-c", script])?;
    sandbox.ok(&["wait", "work", "--match", "ready", "--timeout", "60s"])?;
    // Whole lines, far more than the queue of a terminal takes.
    let line = "all work and no play\r".repeat(1000);
    let sending = Terminal::start(&sandbox.ccc(&["send", "work", &line]), Size::new(80, 24))?;
    sandbox.ok(&["interrupt", "work"])?;
    // What could not be written is dropped, and whoever sent it waits no longer.
    sending.wait_end(SOON)?;
    let output = sandbox.run(&["wait", "work", "--exit", "--timeout", "60s"])?;
    assert_eq!(output.code, Some(7), "{output:?}");
    let screen = sandbox.ok(&["peek", "work"])?;
    assert!(screen.contains("got it"), "{screen}");
    Ok(())
}

/// A terminal takes 18 KB that nobody reads, and comes to an interrupt character behind more than 4 KB of them
/// only when somebody does.
#[test]
fn a_program_that_reads_nothing_is_interrupted_behind_any_number_of_lines() -> Result<()> {
    for lines in [1, 150, 300, 450] {
        let sandbox = sandbox()?;
        let script =
            "stty -echo; trap 'exit 7' INT; mkfifo pipe; exec 3<>pipe; echo ready; read line <&3";
        sandbox.ok(&["new", "-d", "-n", "work", "--", "/bin/sh", "-c", script])?;
        let terminal = sandbox.attach(Size::new(80, 24), &["work"])?;
        terminal.wait_text("ready", SOON)?;
        // What it does not take at once stays, and that is said.
        sandbox.run(&["send", "work", &"all work and no play makes jack\r".repeat(lines)])?;
        terminal.type_keys("<C-c>")?;
        let output = sandbox.run(&["wait", "work", "--exit", "--timeout", "60s"])?;
        assert_eq!(output.code, Some(7), "behind {lines} lines: {output:?}");
    }
    Ok(())
}
