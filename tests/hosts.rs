//! Sessions of several machines in one window: listed together, gone to and come back from, and one that
//! does not answer in nobody's way. Each machine is a sandbox.

use std::time::Duration;

use ccc_testkit::{KitError, Process, Result, Sandbox, Size, Terminal, text};
use rustix::process::Signal;

const SIZE: Size = Size::new(100, 24);
const SOON: Duration = Duration::from_secs(60);

fn sandbox() -> Result<Sandbox> {
    Sandbox::new(env!("CARGO_BIN_EXE_ccc"))
}

/// A machine with a session that says who it is and repeats what it is told.
fn machine(session: &str, word: &str) -> Result<Sandbox> {
    let machine = sandbox()?;
    let script = format!("echo {word}; while read line; do echo {word}:$line; done");
    machine.ok(&["new", "-d", "-n", session, "--", "/bin/sh", "-c", &script])?;
    machine.ok(&["wait", session, "--match", word, "--timeout", "60s"])?;
    Ok(machine)
}

fn pair(server: &Sandbox, client: &Sandbox, name: &str) -> Result<()> {
    let link = server.ok(&["invite"])?;
    let paired =
        client.run_program(&client.ccc(&["pair", "-", "--name", name]), link.as_bytes())?;
    assert_eq!(paired.code, Some(0), "{paired:?}");
    Ok(())
}

fn wait_all(terminal: &Terminal, wanted: &[&str]) -> Result<()> {
    terminal.wait_for(&format!("{wanted:?}"), SOON, |screen| {
        let shown = text(screen);
        wanted.iter().all(|wanted| shown.contains(wanted))
    })
}

fn type_line(terminal: &Terminal, line: &str, answer: &str) -> Result<()> {
    terminal.type_keys(&format!("{line}<ret>"))?;
    terminal.wait_text(answer, SOON)
}

#[test]
fn sessions_of_all_machines_are_one_list_and_one_window() -> Result<()> {
    let (here, there, gone) =
        (machine("mine", "HERE")?, machine("work", "THERE")?, machine("old", "GONE")?);
    pair(&there, &here, "box")?;
    pair(&gone, &here, "gone")?;
    gone.ok(&["serve", "--stop"])?;

    let terminal = here.attach(SIZE, &["mine"])?;
    type_line(&terminal, "one", "HERE:one")?;
    terminal.type_keys("<C-b>s")?;
    // The one that does not answer holds up neither the list nor the way to another.
    wait_all(&terminal, &["mine*", "box/work", "gone/"])?;
    terminal.write(b"boxwork")?;
    terminal.wait_for("a picture of the other machine's session", SOON, |screen| {
        let shown = text(screen);
        shown.contains("THERE") && !shown.contains("mine*")
    })?;
    terminal.type_keys("<ret>")?;
    terminal.wait_text("[work]", SOON)?;
    type_line(&terminal, "two", "THERE:two")?;
    assert_eq!(there.json(&["who", "work", "--json"])?["clients"][0]["role"], "operator");
    assert_eq!(here.json(&["ls", "mine", "--json"])?["sessions"][0]["attached"], 0);

    // Back to where one came from, and there again; what is typed on the way is meant for there.
    terminal.type_keys("<C-b><Tab>")?;
    terminal.wait_text("[mine]", SOON)?;
    type_line(&terminal, "three", "HERE:three")?;
    terminal.write(b"\x02\tfour\r")?;
    terminal.wait_text("THERE:four", SOON)?;
    // A new tab there is made there, with that machine's own world.
    terminal.type_keys("<C-b>c")?;
    terminal.wait_text("2:", SOON)?;
    terminal.type_keys("echo<space>env:$CCC_SERVER<ret>")?;
    terminal.wait_text(&format!("env:{}", there.state().display()), SOON)?;

    // From there, this machine's sessions have no name before them.
    terminal.type_keys("<C-b>s")?;
    wait_all(&terminal, &["box/work*", "mine", "gone/"])?;
    terminal.wait_text("no answer", SOON)?;
    terminal.type_keys("mine<ret>")?;
    terminal.wait_text("[mine]", SOON)?;
    type_line(&terminal, "five", "HERE:five")?;
    // The machine that is gone is said to be so, and everything stays.
    terminal.type_keys("<C-b>sgone/<ret>")?;
    terminal.wait_text("gone cannot be reached", SOON)?;
    type_line(&terminal, "six", "HERE:six")?;
    Ok(())
}

#[test]
fn a_session_that_ends_gives_way_to_the_last_one_also_on_another_machine() -> Result<()> {
    let (here, there) = (machine("mine", "HERE")?, machine("work", "THERE")?);
    pair(&there, &here, "box")?;
    let terminal = here.attach(SIZE, &["mine"])?;
    terminal.wait_text("HERE", SOON)?;
    terminal.type_keys("<C-b>s")?;
    terminal.wait_text("box/work", SOON)?;
    terminal.type_keys("boxwork<ret>")?;
    terminal.wait_text("[work]", SOON)?;
    there.ok(&["kill", "work"])?;
    terminal.wait_text("[mine]", SOON)?;
    type_line(&terminal, "back", "HERE:back")
}

#[test]
fn while_one_machine_says_nothing_others_are_at_hand() -> Result<()> {
    let (here, there) = (machine("mine", "HERE")?, machine("work", "THERE")?);
    pair(&there, &here, "box")?;
    let terminal = here.attach(SIZE, &["box/work"])?;
    terminal.wait_text("THERE", SOON)?;
    let server = Process::open(there.custody()?.server.pid).expect("the server runs");
    server.signal(Signal::STOP);
    terminal.type_keys("<C-b>s")?;
    wait_all(&terminal, &["mine", "asking"])?;
    terminal.type_keys("mine<ret>")?;
    terminal.wait_text("[mine]", SOON)?;
    type_line(&terminal, "free", "HERE:free")?;
    // Whoever gives up waiting and works on stays, also when the other one answers at last.
    terminal.type_keys("<C-b><Tab>")?;
    type_line(&terminal, "patience", "HERE:patience")?;
    server.signal(Signal::CONT);
    there.ok(&["ls"])?;
    type_line(&terminal, "stays", "HERE:stays")?;
    assert!(terminal.text().contains("[mine]"), "{}", terminal.text());
    Ok(())
}

/// The greatest number that the bar told of a program on the other machine.
fn tick(screen: &str) -> Option<u64> {
    let told = screen.split("[box/loud] tick-").skip(1);
    let numbers = told.map(|told| told.split(|c: char| !c.is_ascii_digit()).next());
    numbers.filter_map(|number| number?.parse().ok()).max()
}

#[test]
fn programs_on_a_machine_that_was_left_are_heard_also_after_its_server_was_killed() -> Result<()> {
    let (here, there) = (machine("mine", "HERE")?, machine("work", "THERE")?);
    pair(&there, &here, "box")?;
    let count = there.home().join("ticks");
    let script = format!(
        "i=0; while sleep 0.3; do i=$((i+1)); echo $i > '{}'; printf '\\033]9;tick-%s\\007' $i; done",
        count.display()
    );
    there.ok(&["new", "-d", "-n", "loud", "--", "/bin/sh", "-c", &script])?;
    let terminal = here.attach(SIZE, &["mine"])?;
    terminal.wait_text("HERE", SOON)?;
    // A machine that was never looked at is not listened to; one that was left is.
    terminal.type_keys("<C-b>sboxwork")?;
    wait_all(&terminal, &["box/work"])?;
    terminal.type_keys("<ret>")?;
    terminal.wait_text("[work]", SOON)?;
    terminal.type_keys("<C-b><Tab>")?;
    terminal.wait_text("[mine]", SOON)?;
    terminal.wait_for("a word from there", SOON, |screen| tick(&text(screen)).is_some())?;
    terminal.type_keys("<C-b>i")?;
    terminal.wait_for("the inbox", SOON, |screen| text(screen).matches("box/loud").count() > 1)?;
    terminal.type_keys("<esc>")?;

    let server = Process::open(there.custody()?.server.pid).expect("the server runs");
    server.kill();
    server.wait_end(SOON)?;
    there.full_custody(SOON)?;
    let before = std::fs::read_to_string(&count).map_err(KitError::io("read the count"))?;
    let before: u64 = before.trim().parse().unwrap_or_default();
    terminal.wait_for("a later word", SOON, |screen| {
        tick(&text(screen)).is_some_and(|tick| tick > before)
    })?;
    type_line(&terminal, "free", "HERE:free")
}

/// What this machine's environment holds is nobody's business on another.
#[test]
fn another_machine_does_not_learn_the_environment() -> Result<()> {
    let (here, there) = (sandbox()?, machine("work", "THERE")?);
    pair(&there, &here, "box")?;
    let ask = ["new", "-d", "--on", "box", "-n", "env", "--", "/bin/sh", "-c", "env; cat"];
    let asked = here.ccc(&ask).env("SECRET_OF_THIS_MACHINE", "1").env("LC_TIME", "ko_KR.UTF-8");
    let made = here.run_program(&asked, b"")?;
    assert_eq!(made.code, Some(0), "{made:?}");
    there.ok(&["wait", "env", "--match", "LC_TIME=ko_KR.UTF-8", "--timeout", "60s"])?;
    let shown = there.ok(&["capture", "env", "--from", "0"])?;
    assert!(!shown.contains("SECRET_OF_THIS_MACHINE"), "{shown}");
    Ok(())
}
