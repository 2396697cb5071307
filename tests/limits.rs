//! What runs out: descriptors and terminals. The new pane is refused in words, and the old ones do not
//! notice.

use ccc_testkit::{Output, Result, Sandbox};

/// More panes than either limit leaves room for.
const TOO_MANY: usize = 64;

/// Starts a server below a limit, fills it, and gives what the first pane too many was told.
fn fill(sandbox: &Sandbox) -> Result<Option<Output>> {
    sandbox.ok(&["new", "-d", "-n", "old"])?;
    sandbox.ok(&["wait", "old", "--match", r"^\$", "--timeout", "60s"])?;
    for _ in 0..TOO_MANY {
        let output = sandbox.run(&["new", "-d", "--", "/bin/sh", "-c", "read line"])?;
        if output.code != Some(0) {
            return Ok(Some(output));
        }
    }
    Ok(None)
}

/// The old pane answers, and an end makes room for another one.
fn unharmed(sandbox: &Sandbox) -> Result<()> {
    sandbox.ok(&["send", "old", "echo still-$((40+2))", "--enter"])?;
    sandbox.ok(&["wait", "old", "--match", "^still-42$", "--timeout", "60s"])?;
    sandbox.ok(&["send", "s2", "", "--enter"])?;
    sandbox.run(&["wait", "s2", "--exit", "--timeout", "60s"])?;
    sandbox.ok(&["rm", "s2"])?;
    sandbox.ok(&["run", "--", "true"]).map(drop)
}

#[test]
fn without_descriptors_a_new_pane_is_refused() -> Result<()> {
    let sandbox = Sandbox::new(env!("CARGO_BIN_EXE_ccc"))?;
    let script = "ulimit -n 200; exec \"$0\" serve --daemon";
    let server = sandbox.program("/bin/sh").args(["-c", script, env!("CARGO_BIN_EXE_ccc")]);
    let started = sandbox.run_program(&server, b"")?;
    assert_eq!(started.code, Some(0), "{started:?}");
    let refused = fill(&sandbox)?;
    let told = refused.as_ref().map_or("", |output| output.stderr.as_str());
    assert!(told.contains("descriptor"), "{refused:?}");
    unharmed(&sandbox)
}

#[test]
fn without_terminals_a_new_pane_is_refused() -> Result<()> {
    let sandbox = Sandbox::new(env!("CARGO_BIN_EXE_ccc"))?;
    // Terminals of its own, a few.
    let script = "mount -t devpts -o newinstance,ptmxmode=0666,max=6 devpts /dev/pts && \
                  mount --bind /dev/pts/ptmx /dev/ptmx || exit 77; exec \"$0\" serve --daemon";
    let words = ["-m", "/bin/sh", "-c", script, env!("CARGO_BIN_EXE_ccc")];
    let started = sandbox.run_program(&sandbox.program("unshare").args(words), b"")?;
    if started.code != Some(0) {
        println!("SKIPPED: no right to mount terminals: {}", started.stderr);
        return Ok(());
    }
    let refused = fill(&sandbox)?;
    let told = refused.as_ref().map_or("", |output| output.stderr.as_str());
    assert!(told.contains("no terminal (PTY) is left"), "{refused:?}");
    unharmed(&sandbox)
}
