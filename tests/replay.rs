//! Looking at recordings as they were: in a window of their own, above a session that goes on, and with no
//! server at all.

use std::time::Duration;

use ccc_testkit::{Ended, Result, Sandbox, Size, Terminal, text};

const SIZE: Size = Size::new(80, 14);
const SOON: Duration = Duration::from_secs(60);

/// A session whose program prints three pictures, each after a line of input, and then stays.
fn printed() -> Result<Sandbox> {
    let sandbox = Sandbox::new(env!("CARGO_BIN_EXE_ccc"))?;
    let script = "stty -echo; printf 'first 한글'; read line; printf '\\033[2J\\033[Hsecond'; \
                  read line; printf '\\033[2J\\033[Hthird'; read line; exit 3";
    sandbox.ok(&["new", "-d", "-n", "work", "--", "sh", "-c", script])?;
    sandbox.ok(&["wait", "work", "--match", "first", "--timeout", "60s"])?;
    for picture in ["second", "third"] {
        sandbox.ok(&["send", "work", "--keys", "<ret>"])?;
        sandbox.ok(&["wait", "work", "--match", picture, "--timeout", "60s"])?;
    }
    Ok(sandbox)
}

/// Waits until the screen begins so and its last line says so.
fn shows(terminal: &Terminal, picture: &str, says: &str) -> Result<()> {
    terminal.wait_for(&format!("{picture:?} and {says:?}"), SOON, |screen| {
        let text = text(screen);
        let first = text.lines().next().unwrap_or_default();
        let last = text.lines().rfind(|line| line.contains(" / ")).unwrap_or_default();
        first.trim_end() == picture && last.contains(says)
    })
}

/// Steps through the three pictures, forward and back.
fn walk(terminal: &Terminal, end: &str) -> Result<()> {
    shows(terminal, "third", end)?;
    terminal.type_keys(",")?;
    shows(terminal, "second", " / ")?;
    terminal.type_keys(",")?;
    shows(terminal, "first 한글", " / ")?;
    terminal.type_keys("<Home>")?;
    terminal.type_keys(".")?;
    shows(terminal, "first 한글", " / ")?;
    terminal.type_keys(".")?;
    shows(terminal, "second", " / ")?;
    terminal.type_keys("<End>")?;
    shows(terminal, "third", end)
}

#[test]
fn a_pane_is_stepped_through_while_its_program_goes_on() -> Result<()> {
    let sandbox = printed()?;
    let terminal = sandbox.attach(SIZE, &["work"])?;
    terminal.wait_text("third", SOON)?;
    terminal.type_keys("<C-b>r")?;
    walk(&terminal, "now")?;
    terminal.type_keys(",")?;
    shows(&terminal, "second", " / ")?;
    // The program goes on meanwhile, and what it does is there afterwards.
    sandbox.ok(&["send", "work", "--keys", "<ret>"])?;
    sandbox.ok(&["wait", "work", "--exit", "--timeout", "60s"]).unwrap_or_default();
    shows(&terminal, "second", " / ")?;
    terminal.type_keys("q")?;
    terminal.wait_for("the live pane", SOON, |screen| {
        let text = text(screen);
        text.starts_with("third") && text.contains('3')
    })
}

#[test]
fn a_recording_is_played_with_no_server() -> Result<()> {
    let sandbox = printed()?;
    sandbox.ok(&["serve", "--stop", "--kill"])?;
    let panes = std::fs::read_dir(sandbox.state().join("panes"))
        .and_then(Iterator::collect::<std::io::Result<Vec<_>>>)
        .map_err(ccc_testkit::KitError::io("look for the recording"))?;
    let [pane] = &panes[..] else { panic!("{panes:?}") };
    let dir = pane.path();
    let dir = dir.to_string_lossy();
    let terminal = Terminal::start(&sandbox.ccc(&["replay", &dir, "--at", "end"]), SIZE)?;
    walk(&terminal, "end")?;
    // Played from the beginning, as fast as it goes, it ends where it ended.
    terminal.type_keys("<Home>")?;
    shows(&terminal, "", "0:00 / ")?;
    terminal.type_keys("++++++++<Space>")?;
    shows(&terminal, "third", "end")?;
    terminal.type_keys("q")?;
    assert_eq!(terminal.wait_closed(SOON)?, Ended::Code(0));
    // By its name too.
    let name = pane.file_name();
    let name = name.to_string_lossy();
    let terminal = Terminal::start(&sandbox.ccc(&["replay", &name, "--at", "end"]), SIZE)?;
    shows(&terminal, "third", "end")?;
    terminal.type_keys("t0<ret>")?;
    shows(&terminal, "", "0:00 / ")?;
    terminal.type_keys("tsoon<ret>")?;
    terminal.wait_text("soon", SOON)?;
    terminal.type_keys("q")?;
    assert_eq!(terminal.wait_closed(SOON)?, Ended::Code(0));
    Ok(())
}

#[test]
fn what_cannot_be_replayed_is_said_before_the_screen_is_taken() -> Result<()> {
    let sandbox = printed()?;
    let output = sandbox.run(&["replay", "work"])?;
    assert_eq!(output.code, Some(2));
    let terminal = Terminal::start(&sandbox.ccc(&["replay", "nowhere"]), SIZE)?;
    terminal.wait_text("error: replay: ", SOON)?;
    assert_eq!(terminal.wait_closed(SOON)?, Ended::Code(3));
    let terminal = Terminal::start(&sandbox.ccc(&["replay", "work", "--at", "soon"]), SIZE)?;
    terminal.wait_text("a time is start, end", SOON)?;
    assert_eq!(terminal.wait_closed(SOON)?, Ended::Code(2));
    Ok(())
}
