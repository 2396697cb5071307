//! Commands between pipes: whose reader goes away, and whose text is long.

use ccc_testkit::{Output, Result, Sandbox};

fn sandbox() -> Result<Sandbox> {
    Sandbox::new(env!("CARGO_BIN_EXE_ccc"))
}

fn sh(sandbox: &Sandbox, script: &str, input: &[u8]) -> Result<Output> {
    let program = sandbox.program("/bin/sh").args(["-c", script, env!("CARGO_BIN_EXE_ccc")]);
    sandbox.run_program(&program, input)
}

/// A first version noticed it only with the next thing that it had to print, which may never come.
#[test]
fn a_reader_that_is_gone_ends_what_has_nothing_to_print() -> Result<()> {
    let sandbox = sandbox()?;
    let silent = ["tail", "-f", "/dev/null"];
    sandbox.ok(&[&["new", "-d", "-n", "work", "--"][..], &silent].concat())?;
    for command in ["events", "tail -f work", "run -- tail -f /dev/null", "control"] {
        // Standard input stays open, so that its end is not what ends the command.
        let script = format!(
            "rm -f in; mkfifo in; exec 3<>in; {{ \"$0\" {command} <&3; echo $? >&2; }} | true"
        );
        let output = sh(&sandbox, &script, b"")?;
        assert_eq!(output.stderr, "0\n", "{command}: {output:?}");
    }
    // The command of `run` got a hang-up.
    let ended = sandbox.run(&["wait", "p2", "--exit", "--timeout", "60s"])?;
    assert_eq!(ended.code, Some(128 + 1), "{ended:?}");
    let first = sh(&sandbox, "\"$0\" run -- yes | head -n 1", b"")?;
    assert_eq!((first.stdout.as_str(), first.stderr.as_str()), ("y\n", ""), "{first:?}");
    let ended = sandbox.run(&["wait", "p3", "--exit", "--timeout", "60s"])?;
    assert_eq!(ended.code, Some(128 + 1), "{ended:?}");
    Ok(())
}

/// A first version made a paste of each piece of 64 KiB, and an editor took each for one.
#[test]
fn a_long_paste_is_one_for_the_program() -> Result<()> {
    let sandbox = sandbox()?;
    let text: String = (0..60_000).map(|number| format!("{number} ")).collect();
    let wanted = format!("\x1b[200~{text}\x1b[201~\r");
    let script = format!(
        "stty raw -echo; printf '\\033[?2004hready'; head -c {} > got; printf done; read line",
        wanted.len()
    );
    sandbox.ok(&["new", "-d", "-n", "work", "--", "/bin/sh", "-c", &script])?;
    sandbox.ok(&["wait", "work", "--match", "ready", "--timeout", "60s"])?;
    let sent = sh(&sandbox, "\"$0\" send work --paste --enter", text.as_bytes())?;
    assert_eq!((sent.code, sent.stderr.as_str()), (Some(0), ""), "{sent:?}");
    sandbox.ok(&["wait", "work", "--match", "done", "--timeout", "60s"])?;
    let got = std::fs::read_to_string(sandbox.user_home().join("got")).unwrap_or_default();
    assert_eq!(got.matches("\x1b[200~").count(), 1, "{} bytes", got.len());
    assert!(got == wanted, "{} bytes of {}", got.len(), wanted.len());
    Ok(())
}

#[test]
fn what_is_no_pipe_is_written_to_the_end() -> Result<()> {
    let sandbox = sandbox()?;
    for to in ["/dev/null", "file"] {
        let output =
            sh(&sandbox, &format!("\"$0\" run -- /bin/sh -c 'echo a; exit 3' > {to}"), b"")?;
        assert_eq!((output.code, output.stderr.as_str()), (Some(3), ""), "{to}: {output:?}");
    }
    Ok(())
}
