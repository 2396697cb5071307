//! `attach --raw`: one pane in the terminal's own screen, with its own scrollback.

use std::time::Duration;

use ccc_testkit::vt::{KittyFlags, Limits, MouseProtocol, Placement, Screen};
use ccc_testkit::{Result, Sandbox, Size, Terminal};

const SOON: Duration = Duration::from_secs(60);
const SIZE: Size = Size::new(80, 24);

struct World {
    sandbox: Sandbox,
    outer: Terminal,
}

/// A shell in a pane that somebody looks at so.
fn world() -> Result<World> {
    let sandbox = Sandbox::new(env!("CARGO_BIN_EXE_ccc"))?;
    sandbox.ok(&["new", "-d", "-n", "work", "--size", "80x24"])?;
    let outer = Terminal::answering(&sandbox.ccc(&["attach", "work", "--raw"]), SIZE)?;
    outer.wait_text("$", SOON)?;
    Ok(World { sandbox, outer })
}

/// All that the terminal has: its scrollback, then its screen.
fn all(screen: &Screen) -> Vec<String> {
    let above = screen.scrollback();
    let numbers = above.first().0..above.end().0;
    let lines = numbers.filter_map(|number| above.line(ccc_testkit::vt::LineNumber(number)));
    lines.map(|line| line.text()).chain(screen.text().lines().map(str::to_owned)).collect()
}

#[test]
fn what_scrolls_off_is_in_the_terminals_own_scrollback_once_and_in_order() -> Result<()> {
    let World { outer, sandbox: _kept } = world()?;
    outer.type_keys(
        "seq<space>-f<space>'line<space>%g'<space>1<space>1500;<space>echo<space>do''ne<ret>",
    )?;
    outer.wait_screen("every line once and in order", SOON, |screen| {
        let lines = all(screen);
        let printed: Vec<&String> = lines.iter().filter(|line| line.starts_with("line ")).collect();
        screen.text().contains("\ndone")
            && printed.len() == 1500
            && printed.iter().zip(1..).all(|(line, number)| **line == format!("line {number}"))
    })
}

#[test]
fn a_long_line_stays_one_line() -> Result<()> {
    let World { outer, sandbox: _kept } = world()?;
    outer.type_keys("printf<space>'%0300d\\n'<space>7;<space>seq<space>1<space>60<ret>")?;
    let long = format!("{}7", "0".repeat(299));
    outer.wait_screen("the long line", SOON, |screen| {
        all(screen).contains(&long) && screen.text().contains("\n60")
    })
}

#[test]
fn a_program_with_a_screen_of_its_own_gets_the_other_screen() -> Result<()> {
    let World { outer, sandbox: _kept } = world()?;
    outer.type_keys("printf<space>'\\033[?1049h\\033[?1000hinside';<space>read<space>x;<space>printf<space>'\\033[?1000l\\033[?1049l'<ret>")?;
    outer.wait_screen("the other screen", SOON, |screen| {
        let modes = screen.modes();
        modes.alternate_screen
            && modes.kitty == KittyFlags::DISAMBIGUATE
            && modes.mouse != MouseProtocol::None
            && screen.text().contains("inside")
    })?;
    outer.type_keys("<ret>")?;
    outer.wait_screen("the own screen", SOON, |screen| {
        let modes = screen.modes();
        !modes.alternate_screen
            && modes.mouse == MouseProtocol::None
            && screen.text().contains("printf")
    })
}

#[test]
fn it_is_left_with_what_it_shows_and_come_back_to() -> Result<()> {
    let World { sandbox, outer } = world()?;
    outer.type_keys("echo<space>he''re<ret>")?;
    outer.wait_text("\nhere", SOON)?;
    outer.type_keys("<C-b>d")?;
    outer.wait_closed(SOON)?;
    outer.wait_screen("what was shown, and a fresh terminal", SOON, |screen| {
        screen.modes() == Screen::new(SIZE, Default::default()).modes()
            && all(screen).iter().any(|line| line == "here")
    })?;
    let again = Terminal::answering(&sandbox.ccc(&["attach", "work", "--raw"]), SIZE)?;
    again.wait_text("\nhere", SOON)
}

#[test]
fn the_prefix_does_nothing_but_leave() -> Result<()> {
    let World { outer, sandbox } = world()?;
    outer.type_keys("<C-b>%")?;
    outer.type_keys("echo<space>al''one<ret>")?;
    outer.wait_text("\nalone", SOON)?;
    let panes = sandbox.json(&["pane", "ls", "work", "--json"])?;
    assert_eq!(panes["panes"].as_array().map(Vec::len), Some(1));
    Ok(())
}

/// A change of size drew all anew, and what was cleared for it stood in the scrollback as well.
#[test]
fn a_new_size_leaves_nothing_twice() -> Result<()> {
    let World { outer, sandbox: _kept } = world()?;
    outer.write(b"seq -f 'line %g' 1 300; echo do''ne\r")?;
    outer.wait_screen("every line", SOON, |screen| {
        screen.text().contains("\ndone") && in_order(screen, 300)
    })?;
    outer.resize(Size::new(70, 24))?;
    outer.write(b"seq -f 'line %g' 301 400; echo do''ne again\r")?;
    outer.wait_screen("every line once", SOON, |screen| {
        screen.text().contains("\ndone again") && in_order(screen, 400)
    })
}

/// Blanks at the end of a row that goes on were cut, and the next row stood where they had been.
#[test]
fn blanks_where_a_line_wraps_are_kept() -> Result<()> {
    let World { outer, sandbox: _kept } = world()?;
    outer.write(b"printf '%-100sb\\n' a; seq 1 60\r")?;
    let long = format!("a{}b", " ".repeat(99));
    outer.wait_screen("the long line", SOON, |screen| {
        all(screen).contains(&long) && screen.text().contains("\n60")
    })
}

/// Every line up to this number stands there once and in order.
fn in_order(screen: &Screen, last: usize) -> bool {
    let lines = all(screen);
    let printed = lines.iter().filter(|line| line.starts_with("line "));
    printed.map(String::as_str).eq((1..=last).map(|number| format!("line {number}")))
}

#[test]
fn lines_before_a_program_with_a_screen_of_its_own_are_there_behind_it() -> Result<()> {
    let World { outer, sandbox: _kept } = world()?;
    outer.write(
        b"seq -f 'line %g' 1 900; printf '\\033[?1049hinside'; read x; printf '\\033[?1049ldo''ne'\r",
    )?;
    outer.wait_screen("the other screen", SOON, |screen| {
        screen.modes().alternate_screen && screen.text().contains("inside")
    })?;
    outer.write(b"\r")?;
    outer.wait_screen("every line once and in order", SOON, |screen| {
        screen.text().contains("done") && in_order(screen, 900)
    })
}

#[test]
fn a_terminal_that_takes_nothing_for_a_while_misses_no_line() -> Result<()> {
    let World { outer, sandbox } = world()?;
    outer.set_stuck(true);
    outer.write(b"seq -f 'line %g' 1 4000; echo do''ne\r")?;
    sandbox.ok(&["wait", "work", "--match", "^done", "--timeout", "60s"])?;
    outer.set_stuck(false);
    outer.wait_screen("every line once and in order", SOON, |screen| {
        screen.text().contains("\ndone") && in_order(screen, 4000)
    })
}

#[test]
fn asked_to_end_in_a_program_with_a_screen_of_its_own_it_leaves_the_terminal_as_it_was()
-> Result<()> {
    let World { outer, sandbox: _kept } = world()?;
    outer.write(b"printf '\\033[?1049h\\033[?1000hinside'; read x\r")?;
    outer.wait_screen("the other screen", SOON, |screen| screen.modes().alternate_screen)?;
    outer.process().terminate();
    outer.wait_closed(SOON)?;
    outer.wait_screen("a fresh terminal", SOON, |screen| {
        screen.modes() == Screen::new(SIZE, Default::default()).modes()
    })
}

/// A PNG of 30x40 pixels that nobody decodes, in base64: header, pixels, end.
const PNG: &str =
    "iVBORw0KGgoAAAANSUhEUgAAAB4AAAAoCAYAAAAAAAAAAAAABklEQVRwaXhlbHMAAAAAAAAAAElFTkQAAAAA";

/// A pane whose program clears it, shows an image in its second row and column, and then runs each line it reads.
fn with_image() -> Result<Sandbox> {
    let sandbox = Sandbox::new(env!("CARGO_BIN_EXE_ccc"))?;
    let script =
        "stty -echo; printf \"$0\"; printf ready; while read -r line; do eval \"$line\"; done";
    let text = format!("\\n \\033_Ga=T,f=100,q=2;{PNG}\\033\\\\");
    let new = ["new", "-d", "-n", "work", "--size", "80x24", "--", "/bin/sh", "-c", script, &text];
    sandbox.ok(&new)?;
    sandbox.ok(&["wait", "work", "--match", "ready", "--timeout", "60s"])?;
    Ok(sandbox)
}

/// Where images stand by themselves: their last rows, first columns, columns and rows.
fn images(screen: &Screen) -> Vec<(usize, u16, u16, u16)> {
    let rows: Vec<_> = screen.rows().map(|row| row.id()).collect();
    let place = |p: &Placement| {
        let row = rows.iter().position(|id| *id == p.row)?;
        Some((row, p.col, p.cols, p.rows))
    };
    screen.placements().iter().filter(|p| !p.is_virtual).filter_map(place).collect()
}

#[test]
fn an_image_stands_on_the_screen_and_moves_up_with_its_rows() -> Result<()> {
    let sandbox = with_image()?;
    let outer = Terminal::answering(&sandbox.ccc(&["attach", "work", "--raw"]), SIZE)?;
    let stands = |last: &[(usize, u16, u16, u16)]| {
        outer.wait_screen(&format!("images at {last:?}"), SOON, |screen| images(screen) == last)
    };
    stands(&[(2, 1, 3, 2)])?;
    // One row is pushed off: the image went up with it in the terminal, and was then thought to be where it should.
    sandbox.ok(&["send", "work", "echo; seq 1 20; echo moved", "--enter"])?;
    outer.wait_text("\nmoved", SOON)?;
    stands(&[(1, 1, 3, 2)])?;
    sandbox.ok(&["send", "work", "seq 21 90; echo gone", "--enter"])?;
    outer.wait_text("\ngone", SOON)?;
    stands(&[])?;
    // What was pushed up is there, and nothing of an image between its lines.
    outer.wait_screen("every line once and in order", SOON, |screen| {
        let lines = all(screen);
        let numbers = lines.iter().filter_map(|line| line.parse::<u32>().ok());
        numbers.eq(1..=90)
    })
}

#[test]
fn an_image_is_hidden_by_another_screen_and_goes_when_it_is_left() -> Result<()> {
    let sandbox = with_image()?;
    let outer = Terminal::answering(&sandbox.ccc(&["attach", "work", "--raw"]), SIZE)?;
    let shows = |count: usize| {
        outer.wait_screen(&format!("{count} images"), SOON, |screen| images(screen).len() == count)
    };
    shows(1)?;
    sandbox.ok(&["send", "work", "printf '\\033[?1049hinside'", "--enter"])?;
    outer.wait_screen("the other screen", SOON, |screen| {
        screen.modes().alternate_screen && images(screen).is_empty()
    })?;
    sandbox.ok(&["send", "work", "printf '\\033[?1049l'", "--enter"])?;
    outer.wait_screen("the own screen", SOON, |screen| !screen.modes().alternate_screen)?;
    shows(1)?;
    outer.type_keys("<C-b>d")?;
    outer.wait_closed(SOON)?;
    shows(0)
}

#[test]
fn a_terminal_that_draws_sixels_gets_sixels_and_one_that_draws_none_a_box() -> Result<()> {
    let sandbox = with_image()?;
    let sixel = "printf '\\033[12;3H\\033Pq#1;2;100;0;0!10~-!10~-!10~-!10B\\033\\\\'";
    sandbox.ok(&["send", "work", sixel, "--enter"])?;
    // No room for any APC string: it has sixels alone.
    let limits = Limits { apc_bytes: 0, ..Limits::default() };
    let attach = sandbox.ccc(&["attach", "work", "--raw"]);
    let sixels = Terminal::answering_within(&attach, SIZE, limits)?;
    sixels.wait_text("[im", SOON)?;
    sixels.wait_screen("a sixel image", SOON, |screen| {
        screen.images().map(|image| (image.width, image.height)).eq([(10, 20)])
    })?;
    let mute = Terminal::start(&attach, SIZE)?;
    mute.wait_text("[im", SOON)
}
