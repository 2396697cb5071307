//! The full-screen client where it needs the server's half: floating panes, what a shell marks, what
//! happens out of sight, and a configuration that changes meanwhile.

use std::time::Duration;

use ccc_testkit::{Process, Result, Sandbox, Size, Terminal, text};

const SIZE: Size = Size::new(80, 24);
/// Far more than anything here takes; what does not come at all costs this much.
const SOON: Duration = Duration::from_secs(60);

fn sandbox() -> Result<Sandbox> {
    Sandbox::new(env!("CARGO_BIN_EXE_ccc"))
}

/// Attached, with the prompt of a shell to be seen.
fn attached(sandbox: &Sandbox) -> Result<Terminal> {
    let terminal = sandbox.attach(SIZE, &[])?;
    terminal.wait_for("a prompt and a cursor behind it", SOON, |screen| {
        text(screen).contains("$ ") || text(screen).lines().any(|line| line == "$")
    })?;
    Ok(terminal)
}

fn wait_bar(terminal: &Terminal, wanted: &str) -> Result<()> {
    terminal.wait_for(&format!("`{wanted}` in the bar"), SOON, |screen| {
        text(screen).lines().last().unwrap_or_default().contains(wanted)
    })
}

/// The server dies and its keeper starts another one.
fn another_server(sandbox: &Sandbox) -> Result<()> {
    let before = sandbox.full_custody(SOON)?.server.pid;
    if let Some(server) = Process::open(before) {
        server.kill();
        server.wait_end(SOON)?;
    }
    let after = sandbox.full_custody(SOON)?.server.pid;
    assert_ne!(before, after);
    Ok(())
}

#[test]
fn a_floating_pane_outlives_the_server_and_goes_back_to_its_place() -> Result<()> {
    let sandbox = sandbox()?;
    let terminal = attached(&sandbox)?;
    terminal.type_keys("<C-b>%")?;
    terminal.wait_text("│", SOON)?;
    terminal.write(b"until stty size | grep '23 3[9]'; do :; done\r")?;
    terminal.wait_text("23 39", SOON)?;
    terminal.type_keys("<C-b>*")?;
    terminal.wait_text("┌ 2: ", SOON)?;
    // The frame is there before the program has its new size.
    terminal.write(b"until stty size | grep '18 6[4]'; do :; done\r")?;
    terminal.wait_text("18 64", SOON)?;

    another_server(&sandbox)?;
    let other = sandbox.attach(SIZE, &[])?;
    other.wait_text("┌ 2: ", SOON)?;
    other.wait_text("18 64", SOON)?;
    sandbox.ok(&["pane", "float", "main:1.2", "--off"])?;
    other.wait_for("a border and no frame", SOON, |screen| {
        let text = text(screen);
        !text.contains('┌') && text.lines().take(23).all(|line| line.contains('│'))
    })?;
    other.write(b"until stty size | grep '23 3[9]'; do :; done\r")?;
    other
        .wait_for("its old size again", SOON, |screen| text(screen).matches("23 39").count() > 1)?;
    // One alone has nothing to float above.
    sandbox.ok(&["pane", "close", "main:1.2"])?;
    let refused = sandbox.run(&["pane", "float", "main:1.1"])?;
    assert_eq!(refused.code, Some(2), "{refused:?}");
    assert!(refused.stderr.contains("is the only pane"), "{refused:?}");
    Ok(())
}

/// What a shell with integration prints around a command that prints two lines.
const MARKED: &str =
    r"printf '\033]133;A\007> \033]133;C\007OUT-1\nOUT-2\n\033]133;D;0\007\033]133;A\007'";

#[test]
fn the_output_of_the_last_command_is_copied_also_after_another_server_came() -> Result<()> {
    let sandbox = sandbox()?;
    let terminal = attached(&sandbox)?;
    terminal.write(MARKED.as_bytes())?;
    terminal.type_keys("<ret>")?;
    terminal
        .wait_for("the output", SOON, |screen| text(screen).lines().any(|line| line == "OUT-2"))?;
    terminal.type_keys("<C-b>[")?;
    // The marks come in a moment later than the lines.
    terminal.wait_text("[0/0]", SOON)?;
    terminal.type_keys("o")?;
    wait_bar(&terminal, "copied: 12 characters")?;

    another_server(&sandbox)?;
    let other = sandbox.attach(SIZE, &[])?;
    other.wait_text("OUT-2", SOON)?;
    other.type_keys("<C-b>[")?;
    other.wait_text("[0/0]", SOON)?;
    other.type_keys("o")?;
    wait_bar(&other, "copied: 12 characters")
}

#[test]
fn the_output_is_opened_in_the_editor_and_the_editor_goes_when_it_ends() -> Result<()> {
    let sandbox = sandbox()?;
    sandbox.configure("editor = [\"sh\", \"-c\", \"cat $0; read line\"]\n")?;
    let terminal = attached(&sandbox)?;
    terminal.write(MARKED.as_bytes())?;
    terminal.type_keys("<ret>")?;
    terminal
        .wait_for("the output", SOON, |screen| text(screen).lines().any(|line| line == "OUT-2"))?;
    terminal.type_keys("<C-b>[")?;
    terminal.wait_text("[0/0]", SOON)?;
    terminal.type_keys("e")?;
    terminal.wait_for("the editor", SOON, |screen| text(screen).starts_with("OUT-1\nOUT-2\n"))?;
    wait_bar(&terminal, " 2:sh*")?;
    terminal.type_keys("<ret>")?;
    terminal.wait_for("the first tab alone", SOON, |screen| !text(screen).contains(" 2:sh"))
}

#[test]
fn what_happens_out_of_sight_is_told_by_badges() -> Result<()> {
    let sandbox = sandbox()?;
    let terminal = attached(&sandbox)?;
    sandbox.ok(&[
        "tab",
        "new",
        "main",
        "-d",
        "-n",
        "other",
        "--",
        "sh",
        "-c",
        "read x; echo $x; sleep 1000",
    ])?;
    wait_bar(&terminal, " 2:other")?;
    sandbox.ok(&["send", "main:2", "something", "--enter"])?;
    wait_bar(&terminal, " 2:other#")?;
    // Seen whole, and nothing new.
    terminal.type_keys("<C-b>n")?;
    wait_bar(&terminal, " 2:other*")?;
    terminal.wait_text("something\nsomething", SOON)?;
    terminal.type_keys("<C-b>p")?;
    wait_bar(&terminal, " 2:other- ")?;

    sandbox.ok(&["tab", "new", "main", "-d", "-n", "third", "--", "sh", "-c", "read x; exit 3"])?;
    wait_bar(&terminal, " 3:third")?;
    sandbox.ok(&["send", "main:3", "", "--enter"])?;
    wait_bar(&terminal, "✗")
}

#[test]
fn a_configuration_that_changes_counts_at_once_and_a_wrong_one_is_named() -> Result<()> {
    let sandbox = sandbox()?;
    sandbox.configure("")?;
    let terminal = attached(&sandbox)?;
    wait_bar(&terminal, "C-b ? help")?;
    sandbox.configure("prefix = \"C-a\"\n")?;
    wait_bar(&terminal, "C-a ? help")?;
    sandbox.configure("prefix = \"C-a\"\nmuose = false\n")?;
    wait_bar(&terminal, "line 2: no key is called `muose`, the nearest is `mouse`")?;
    terminal.type_keys("<C-a>d")?;
    terminal.wait_closed(SOON)?;
    Ok(())
}

/// Keys that came in one piece and ended where they began were taken for keys that only the program sees: nothing was
/// drawn, and the bar went on telling how to find help to who had found the prefix.
#[test]
fn what_keys_change_on_their_way_is_drawn_also_when_they_come_at_once() -> Result<()> {
    let sandbox = sandbox()?;
    let terminal = attached(&sandbox)?;
    wait_bar(&terminal, "C-b ? help")?;
    // There is no other pane to go to.
    terminal.type_keys("<C-b>o")?;
    terminal.wait_for("the bar without a hint", SOON, |screen| {
        let text = text(screen);
        let bar = text.lines().last().unwrap_or_default();
        bar.starts_with("[main] ") && !bar.contains("C-b ? help")
    })
}

#[test]
fn a_command_that_is_typed_into_the_palette_is_done() -> Result<()> {
    let sandbox = sandbox()?;
    let terminal = attached(&sandbox)?;
    terminal.type_keys("<C-b>:")?;
    terminal.wait_text("┌ palette ", SOON)?;
    terminal.type_keys("tab<space>new<space>-n<space>logs<space>--<space>sleep<space>1000")?;
    terminal.wait_text("Open a tab", SOON)?;
    terminal.type_keys("<ret>")?;
    wait_bar(&terminal, " 2:logs*")?;
    // Some letters of an action are enough.
    terminal.type_keys("<C-b>:")?;
    terminal.wait_text("┌ palette ", SOON)?;
    terminal.type_keys("prevt<ret>")?;
    wait_bar(&terminal, " 1:shell*")?;
    terminal.type_keys("<C-b>:switch<space>nowhere<ret>")?;
    wait_bar(&terminal, "nowhere")
}

#[test]
fn a_label_copies_to_the_terminal_around_it() -> Result<()> {
    let sandbox = sandbox()?;
    let terminal = attached(&sandbox)?;
    terminal.type_keys("clear;<space>echo<space>at<space>https://example.org/x<ret>")?;
    terminal.wait_for("the address alone", SOON, |screen| {
        text(screen).starts_with("at https://example.org/x\n")
    })?;
    terminal.type_keys("<C-b>y")?;
    wait_bar(&terminal, "[hints]")?;
    terminal.type_keys("a")?;
    wait_bar(&terminal, "copied: 21 characters")?;
    // OSC 52 with the address in base64.
    terminal.wait_bytes(b"52;c;aHR0cHM6Ly9leGFtcGxlLm9yZy94", SOON)
}

#[test]
fn the_background_of_the_terminal_decides_how_the_bar_looks() -> Result<()> {
    let sandbox = sandbox()?;
    let terminal = attached(&sandbox)?;
    let ground = |screen: &ccc_testkit::vt100::Screen| {
        screen.cell(23, 79).map(|cell| cell.bgcolor()).unwrap_or_default()
    };
    let unknown = terminal.look(ground);
    // As a terminal answers when it is asked.
    terminal.write(b"\x1b]11;rgb:ffff/ffff/ffff\x1b\\")?;
    terminal.wait_for("another bar", SOON, |screen| ground(screen) != unknown)?;
    let light = terminal.look(ground);
    terminal.write(b"\x1b]11;rgb:0000/0000/0000\x1b\\")?;
    terminal.wait_for("a third bar", SOON, |screen| {
        ground(screen) != light && ground(screen) != unknown
    })?;
    // What is set stays, whatever the background.
    sandbox.configure("theme = \"high-contrast\"\n")?;
    let terminal = attached(&sandbox)?;
    let set = terminal.look(ground);
    terminal.write(b"\x1b]11;rgb:ffff/ffff/ffff\x1b\\a")?;
    terminal.wait_for("the key behind it", SOON, |screen| text(screen).contains("$ a"))?;
    assert_eq!(terminal.look(ground), set);
    Ok(())
}
