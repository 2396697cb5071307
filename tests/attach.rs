//! `ccc attach` in a real terminal: what a person sees and types, and how the terminal is left. The
//! eye is an emulator that is not ours.

use std::time::Duration;

use ccc_testkit::{Ended, KitError, Picture, Result, Sandbox, Size, Terminal, text};
use rustix::process::Signal;

const SIZE: Size = Size::new(80, 24);
/// Far more than anything here takes; what does not come at all costs this much.
const SOON: Duration = Duration::from_secs(60);

fn sandbox() -> Result<Sandbox> {
    Sandbox::new(env!("CARGO_BIN_EXE_ccc"))
}

/// Attached, with the prompt of a shell to be seen.
fn attached(sandbox: &Sandbox, args: &[&str]) -> Result<Terminal> {
    let terminal = sandbox.attach(SIZE, args)?;
    terminal.wait_for("a prompt and a cursor behind it", SOON, |screen| {
        text(screen).contains("$ ") || text(screen).lines().any(|line| line == "$")
    })?;
    Ok(terminal)
}

fn bar(screen: &ccc_testkit::vt100::Screen) -> String {
    text(screen).lines().last().unwrap_or_default().to_owned()
}

/// Waits until the status bar says this.
fn wait_bar(terminal: &Terminal, wanted: &str) -> Result<()> {
    terminal
        .wait_for(&format!("`{wanted}` in the bar"), SOON, |screen| bar(screen).contains(wanted))
}

/// The pane that new keys go to.
fn focused(sandbox: &Sandbox) -> Result<String> {
    let sessions = sandbox.json(&["ls", "--json"])?;
    let session = &sessions["sessions"][0];
    let tabs = session["tabs"].as_array().into_iter().flatten();
    let mut tabs = tabs.filter(|tab| tab["id"] == session["current_tab"]);
    Ok(tabs.next().and_then(|tab| tab["focus"].as_str()).unwrap_or_default().to_owned())
}

#[test]
fn a_tab_that_is_closed_is_gone_from_the_bar() -> Result<()> {
    let sandbox = sandbox()?;
    let terminal = attached(&sandbox, &[])?;
    terminal.type_keys("<C-b>c")?;
    wait_bar(&terminal, "2:shell*")?;
    terminal.type_keys("<C-b>&")?;
    wait_bar(&terminal, "(y/n)")?;
    terminal.type_keys("y")?;
    terminal.wait_for("the first tab alone", SOON, |screen| {
        let bar = bar(screen);
        bar.contains(" 1:shell*") && !bar.contains(" 2:")
    })?;
    Ok(())
}

#[test]
fn the_first_minute() -> Result<()> {
    let sandbox = sandbox()?;
    let terminal = attached(&sandbox, &[])?;
    terminal.wait_for("the bar and its hint", SOON, |screen| {
        let bar = bar(screen);
        bar.starts_with("[main] 1:") && bar.contains("C-b ? help") && bar.contains("REC")
    })?;
    // The shell has all of the terminal but the bar.
    terminal.type_keys("stty<space>size<ret>")?;
    terminal.wait_text("23 80", SOON)?;

    terminal.type_keys("<C-b>%")?;
    terminal.wait_for("a border in the middle", SOON, |screen| {
        (0..23).all(|row| (39..=40).any(|col| contents(screen, row, col) == "│"))
    })?;
    let right = focused(&sandbox)?;
    terminal.type_keys("stty<space>size<ret>")?;
    terminal.wait_text("23 39", SOON)?;
    terminal.type_keys("<C-b>\"")?;
    terminal.wait_for("a border below", SOON, |screen| {
        (45..80).all(|col| (10..=12).any(|row| contents(screen, row, col) == "─"))
    })?;
    assert_ne!(focused(&sandbox)?, right);

    // What is typed reaches the pane on the left and stands there.
    terminal.type_keys("<C-b><left>echo<space>to-the-$((40+2))<ret>")?;
    terminal.wait_for("the words on the left", SOON, |screen| {
        screen.rows(0, 39).any(|row| row.trim_end() == "to-the-42")
    })?;

    terminal.type_keys("<C-b>z")?;
    wait_bar(&terminal, "Z")?;
    terminal.wait_for("no border", SOON, |screen| !text(screen).contains('│'))?;
    terminal.type_keys("<C-b>z")?;
    terminal.wait_text("│", SOON)?;

    terminal.type_keys("<C-b>c")?;
    wait_bar(&terminal, " 2:")?;
    terminal.wait_for("an empty tab", SOON, |screen| {
        !text(screen).contains('│') && text(screen).starts_with('$')
    })?;
    terminal.type_keys("<C-b>1")?;
    terminal.wait_text("to-the-42", SOON)?;

    terminal.type_keys("<C-b>?")?;
    terminal.wait_text("split", SOON)?;
    terminal.type_keys("<esc>")?;
    terminal.wait_for("the help to go", SOON, |screen| !text(screen).contains("split"))?;
    terminal.type_keys("<C-b>d")?;
    assert_eq!(terminal.wait_closed(SOON)?, Ended::Code(0));
    assert!(terminal.text().contains("[detached from session main]"), "{}", terminal.text());
    Ok(())
}

fn contents(screen: &ccc_testkit::vt100::Screen, row: u16, col: u16) -> String {
    screen.cell(row, col).map(|cell| cell.contents().to_owned()).unwrap_or_default()
}

/// What a terminal has besides its cells, told by what was written to it last: every mode that was
/// switched on has to be switched off after that.
fn left_on(drawn: &[u8]) -> Vec<u16> {
    let text = String::from_utf8_lossy(drawn);
    let mut on = Vec::new();
    for sequence in text.split("\x1b[?").skip(1) {
        let end = sequence.find(|c: char| !(c.is_ascii_digit() || c == ';')).unwrap_or(0);
        let modes = sequence[..end].split(';').filter_map(|mode| mode.parse().ok());
        for mode in modes {
            on.retain(|known| *known != mode);
            if sequence[end..].starts_with('h') {
                on.push(mode);
            }
        }
    }
    on.sort_unstable();
    on
}

/// A shell with words on its screen and odd settings, in which the client runs.
fn around(sandbox: &Sandbox) -> Result<Terminal> {
    let script = "printf 'here before\\r\\n'; stty -echo eof ^E; stty -a >$HOME/before; \
                  \"$0\" attach; code=$?; stty -a >$HOME/after; \
                  cmp $HOME/before $HOME/after && echo \"same settings, code $code\"; read line";
    let program = sandbox.program("/bin/sh").args(["-c", script, env!("CARGO_BIN_EXE_ccc")]);
    let terminal = Terminal::start(&program, SIZE)?;
    wait_bar(&terminal, "[main]")?;
    terminal.type_keys("echo<space>in-$((1+1))<ret>")?;
    terminal.wait_text("in-2", SOON)?;
    Ok(terminal)
}

fn is_as_before(terminal: &Terminal) -> Result<()> {
    terminal.wait_text("same settings, code 0", SOON)?;
    terminal.look(|screen| {
        assert!(text(screen).starts_with("here before\n"), "{}", text(screen));
        assert!(!screen.alternate_screen() && !screen.hide_cursor() && !screen.bracketed_paste());
        assert!(!screen.application_cursor() && !screen.application_keypad());
        assert_eq!(screen.mouse_protocol_mode(), ccc_testkit::vt100::MouseProtocolMode::None);
    });
    // The cursor may be switched on and stay so: that is how a terminal starts.
    let left: Vec<u16> =
        left_on(&terminal.drawn_last()).into_iter().filter(|mode| *mode != 25).collect();
    assert!(left.is_empty(), "modes that are still on: {left:?}");
    Ok(())
}

#[test]
fn detaching_leaves_the_terminal_as_it_was() -> Result<()> {
    let sandbox = sandbox()?;
    let terminal = around(&sandbox)?;
    terminal.type_keys("<C-b>d")?;
    is_as_before(&terminal)
}

#[test]
fn so_does_a_client_that_is_asked_to_end() -> Result<()> {
    let sandbox = sandbox()?;
    let terminal = around(&sandbox)?;
    let mut processes = sandbox.processes().into_iter();
    let client = processes
        .find(|process| process.command_line().get(1).is_some_and(|word| word == "attach"));
    let client = client.ok_or_else(|| KitError::Unexpected {
        what: "there is no client".into(),
        told: terminal.text(),
    })?;
    client.signal(Signal::TERM);
    is_as_before(&terminal)
}

#[test]
fn who_comes_back_sees_the_same() -> Result<()> {
    let sandbox = sandbox()?;
    let terminal = attached(&sandbox, &[])?;
    terminal.type_keys("<C-b>%")?;
    terminal.wait_text("│$", SOON)?;
    terminal.type_keys("<C-b>\"")?;
    terminal.wait_for("a prompt below the border", SOON, |screen| {
        text(screen).contains("├──")
            && text(screen).lines().nth(12).is_some_and(|row| row.contains('$'))
    })?;
    terminal.type_keys("<C-b><left>x=kept<ret>")?;
    terminal.wait_for("a prompt below", SOON, |screen| {
        screen.rows(0, 39).nth(1).is_some_and(|row| row.starts_with('$'))
    })?;
    terminal.type_keys("printf<space>'\\033[1;31mred\\033[m'<ret>")?;
    terminal.wait_text("red$", SOON)?;
    terminal.wait_for("the cursor at the prompt", SOON, |screen| {
        !screen.hide_cursor() && screen.cursor_position().1 == 5
    })?;
    // The bar gives a hint only once.
    let before = terminal.picture().without_last(1);
    terminal.type_keys("<C-b>d")?;
    assert_eq!(terminal.wait_closed(SOON)?, Ended::Code(0));
    let again = sandbox.attach(SIZE, &[])?;
    again.wait_for("the same picture", SOON, |screen| {
        Picture::of(screen).without_last(1) == before
    })?;
    again.type_keys("echo<space>x=$x<ret>")?;
    again.wait_text("x=kept", SOON)
}

#[test]
fn the_cursor_is_behind_wide_characters() -> Result<()> {
    let sandbox = sandbox()?;
    let terminal = attached(&sandbox, &[])?;
    terminal.type_keys("printf<space>'한글가\\n'<ret>")?;
    // With the prompt behind them: what is typed before it is echoed before it.
    terminal.wait_for("three syllables", SOON, |screen| text(screen).contains("\n한글가\n$"))?;
    // Typed ones too: echoed by the terminal driver, two columns each; a combining mark has none.
    terminal.type_keys("cat<ret>")?;
    terminal.write("ab한글e\u{301}".as_bytes())?;
    let cursor = |terminal: &Terminal, wanted: u16| {
        terminal.wait_for(&format!("the cursor in column {wanted}"), SOON, |screen| {
            screen.cursor_position().1 == wanted && !screen.hide_cursor()
        })
    };
    cursor(&terminal, 7)?;
    // A whole character is erased, not one of its bytes.
    terminal.type_keys("<backspace><backspace>")?;
    terminal.type_keys("<backspace>")?;
    terminal.wait_for("글 to be erased", SOON, |screen| {
        text(screen).lines().any(|line| line.starts_with("ab한") && !line.contains('글'))
    })?;
    terminal.type_keys("<ret>")?;
    terminal.wait_for("what the program read", SOON, |screen| {
        text(screen).lines().filter(|line| *line == "ab한").count() >= 1
    })
}

#[test]
fn older_lines_are_a_key_away() -> Result<()> {
    let sandbox = sandbox()?;
    let terminal = attached(&sandbox, &[])?;
    terminal.type_keys("seq<space>1<space>500<ret>")?;
    terminal.wait_for("the last line", SOON, |screen| text(screen).contains("\n500\n$"))?;
    terminal.type_keys("<C-b>[")?;
    terminal.write(b"gg")?;
    terminal.wait_for("the first line", SOON, |screen| text(screen).contains("\n1\n2\n3\n"))?;
    terminal.type_keys("q")?;
    terminal.wait_for("the last line", SOON, |screen| text(screen).contains("\n500\n$"))?;
    terminal.type_keys("echo<space>back-$((1+1))<ret>")?;
    terminal.wait_text("back-2", SOON)
}

#[test]
fn two_at_once_start_one_server() -> Result<()> {
    let sandbox = sandbox()?;
    let one = sandbox.attach(SIZE, &[])?;
    let two = sandbox.attach(SIZE, &[])?;
    wait_bar(&one, "[main]")?;
    wait_bar(&two, "[main]")?;
    let processes = sandbox.processes();
    let serving = |process: &&ccc_testkit::Process| {
        process.command_line().get(1).is_some_and(|word| word == "serve")
    };
    assert_eq!(processes.iter().filter(serving).count(), 1);
    let sessions = sandbox.json(&["ls", "--json"])?;
    assert_eq!(sessions["sessions"].as_array().map(Vec::len), Some(1), "{sessions}");
    one.type_keys("echo<space>from-$((0+1))<ret>")?;
    two.wait_text("from-1", SOON)
}

#[test]
fn without_a_terminal_it_says_so() -> Result<()> {
    let sandbox = sandbox()?;
    let output = sandbox.run(&["attach"])?;
    assert_eq!((output.code, output.stdout.as_str()), (Some(2), ""));
    assert_eq!(
        output.stderr,
        "error: attach: standard input and output are no terminal\n\
         hint: from a script, use `ccc new -d` and `ccc send`\n"
    );
    let none = Terminal::start(&sandbox.ccc(&["attach"]), Size::new(0, 0))?;
    assert_eq!(none.wait_closed(SOON)?, Ended::Code(2));
    assert!(sandbox.processes().is_empty(), "a server was started");
    Ok(())
}

#[test]
fn a_pane_is_not_shown_in_itself() -> Result<()> {
    let sandbox = sandbox()?;
    let terminal = attached(&sandbox, &[])?;
    terminal.write(format!("{} attach; echo code=$?\r", env!("CARGO_BIN_EXE_ccc")).as_bytes())?;
    terminal.wait_text("code=2", SOON)?;
    let text = terminal.text();
    assert!(text.contains("this terminal is a pane of that very server"), "{text}");
    assert!(text.contains("ccc tab new") && text.contains("ccc switch"), "{text}");
    Ok(())
}
