//! What panes printed is found again: in those that live and those that are gone, over a kill of the server,
//! and whatever became of what is only a cache.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use ccc_testkit::{Process, Result, Sandbox, Size, text};
use serde_json::Value;

const SOON: Duration = Duration::from_secs(60);
/// The smallest files there are, so that a short flood fills many.
const CONFIG: &str = "[recording]\nsegment_bytes = 65536\n";

fn sandbox() -> Result<Sandbox> {
    let sandbox = Sandbox::new(env!("CARGO_BIN_EXE_ccc"))?;
    sandbox.configure(CONFIG)?;
    Ok(sandbox)
}

fn finds(sandbox: &Sandbox, args: &[&str]) -> Result<Vec<Value>> {
    let answer = sandbox.run(&[&["search", "--json"], args].concat())?;
    let answer: Value = serde_json::from_str(&answer.stdout).expect("an answer");
    Ok(answer["finds"].as_array().cloned().unwrap_or_default())
}

fn texts(finds: &[Value]) -> Vec<String> {
    finds.iter().map(|find| find["text"].as_str().unwrap_or_default().to_owned()).collect()
}

fn files(state: &Path, end: &str) -> Vec<PathBuf> {
    let panes = fs::read_dir(state.join("panes")).into_iter().flatten().flatten();
    let entries = panes.flat_map(|pane| fs::read_dir(pane.path()).into_iter().flatten().flatten());
    let paths = entries.map(|entry| entry.path());
    paths.filter(|path| path.to_string_lossy().ends_with(end)).collect()
}

const WRAPS: &str = "this line is so long that it goes over the edge of a screen of eighty columns, where \
                     THE NEEDLE in it is cut";

#[test]
fn what_was_printed_is_found_again() -> Result<()> {
    let sandbox = sandbox()?;
    // A pane that is gone, and had much to say after what is looked for.
    let gone = format!(
        "echo {WRAPS}; printf 'a \\033[31mco\\033[1;32mlour\\033[0med word\\n한국어로 된 줄\\n'; seq 1 30000"
    );
    sandbox.ok(&["run", "--", "/bin/sh", "-c", &gone])?;
    sandbox.ok(&[
        "new",
        "-d",
        "-n",
        "work",
        "--",
        "/bin/sh",
        "-c",
        "echo 'alive and 여기'; exec cat",
    ])?;
    sandbox.ok(&["wait", "work", "--match", "alive and", "--timeout", "60s"])?;

    let look = |sandbox: &Sandbox| -> Result<()> {
        // Where the screen ended, the needle was in two rows.
        assert_eq!(texts(&finds(sandbox, &["THE NEEDLE in it"])?), [WRAPS]);
        assert_eq!(texts(&finds(sandbox, &["coloured"])?), ["a coloured word"]);
        assert_eq!(texts(&finds(sandbox, &["국어로"])?), ["한국어로 된 줄"]);
        assert_eq!(
            texts(&finds(sandbox, &["-e", "^2999[0-3]$"])?),
            ["29993", "29992", "29991", "29990"]
        );
        let alive = finds(sandbox, &["여기"])?;
        assert_eq!(texts(&alive), ["alive and 여기"]);
        assert_eq!((&alive[0]["place"], &alive[0]["lives"]), (&"work:1.1".into(), &true.into()));
        assert_eq!(texts(&finds(sandbox, &["여기", "--session", "work"])?).len(), 1);
        assert_eq!(texts(&finds(sandbox, &["coloured", "--session", "work"])?).len(), 0);
        assert_eq!(texts(&finds(sandbox, &["12345", "-C", "1"])?).len(), 1);
        Ok(())
    };
    look(&sandbox)?;

    // Caches may be gone or spoilt, and the server may die.
    let lines = files(&sandbox.state(), ".lines");
    assert!(!lines.is_empty(), "what was looked through is kept for the next time");
    for (number, path) in lines.iter().enumerate() {
        let done = if number % 2 == 0 {
            fs::remove_file(path)
        } else {
            fs::write(path, b"neither lines nor anything")
        };
        assert!(done.is_ok());
    }
    let custody = sandbox.full_custody(SOON)?;
    let server = Process::open(custody.server.pid).expect("a server");
    server.kill();
    server.wait_end(SOON)?;
    sandbox.full_custody(SOON)?;
    look(&sandbox)
}

#[test]
fn the_command_is_like_grep() -> Result<()> {
    let sandbox = sandbox()?;
    sandbox.ok(&["run", "--", "/bin/sh", "-c", "echo before; echo 'the Thing'; echo after"])?;
    let found = sandbox.run(&["search", "thing", "-C", "1"])?;
    assert_eq!(found.code, Some(0), "{found:?}");
    let lines: Vec<&str> = found.stdout.lines().collect();
    assert_eq!(lines.len(), 3, "{lines:?}");
    assert!(lines[0].ends_with("- before") && lines[1].ends_with(": the Thing"), "{lines:?}");
    assert!(!found.stdout.contains('\x1b'));
    let none = sandbox.run(&["search", "THING"])?;
    assert_eq!((none.code, none.stdout.as_str()), (Some(1), ""));
    assert_eq!(sandbox.run(&["search", "THING", "-i"])?.code, Some(0));
    assert_eq!(sandbox.run(&["search", "thing", "--case"])?.code, Some(1));
    assert_eq!(sandbox.run(&["search", "thing", "--since", "1h"])?.code, Some(0));
    let bad = sandbox.run(&["search", "--regex", "("])?;
    assert!(bad.stderr.contains("unclosed group"), "{bad:?}");
    let nowhere = sandbox.run(&["search", "thing", "--session", "nowhere"])?;
    assert_eq!(nowhere.code, Some(3), "{nowhere:?}");
    Ok(())
}

#[test]
fn a_find_is_replayed_and_gone_to_from_the_full_screen() -> Result<()> {
    let sandbox = sandbox()?;
    let script = "echo a needle for you; seq 1 300; exec cat";
    sandbox.ok(&["new", "-d", "-n", "work", "--", "/bin/sh", "-c", script])?;
    let terminal = sandbox.attach(Size { cols: 80, rows: 24 }, &["work"])?;
    terminal.wait_text("300", SOON)?;
    terminal.type_keys("<C-b>f")?;
    terminal.write(b"needle")?;
    terminal.wait_text("a needle for you", SOON)?;
    // The recording, when it had just been printed: nothing of what came later.
    terminal.type_keys("<ret>")?;
    terminal.wait_for("the replay", SOON, |screen| {
        let text = text(screen);
        text.contains("a needle for you") && !text.contains("300") && !text.contains("> needle")
    })?;
    terminal.type_keys("q")?;
    terminal.wait_text("> needle", SOON)?;
    terminal.type_keys("<C-g>")?;
    terminal.wait_for("the lines above", SOON, |screen| {
        let text = text(screen);
        text.contains("a needle for you") && text.contains("\n10") && !text.contains("> needle")
    })?;
    Ok(())
}
