//! Images that a program in a pane shows, as the terminal around the client has them: that terminal is our own
//! engine, which understands what the client tells it.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use ccc_testkit::vt::image::placeholder::is_placeholder;
use ccc_testkit::vt::{CellPixels, Facts, Image, ImageFormat, Limits, Placement, Screen};
use ccc_testkit::{Process, Program, Result, Sandbox, Size, Terminal};

const SOON: Duration = Duration::from_secs(60);
const SIZE: Size = Size::new(80, 24);
/// A PNG of 30x40 pixels that nobody decodes, in base64: header, pixels, end.
const PNG: &str =
    "iVBORw0KGgoAAAANSUhEUgAAAB4AAAAoCAYAAAAAAAAAAAAABklEQVRwaXhlbHMAAAAAAAAAAElFTkQAAAAA";

/// Top row, left column, columns, rows.
type Place = (i32, u16, u16, u16);

struct World {
    sandbox: Sandbox,
    outer: Terminal,
}

fn client(sandbox: &Sandbox) -> Program {
    sandbox.ccc(&["attach", "work", "--no-bar"])
}

/// Has a shell print the text, whose escapes are printf's, and then run each line it reads.
fn printing(text: &str) -> Result<World> {
    printing_in(text, CellPixels::STANDARD)
}

/// The same where the terminal around has cells of so many pixels.
fn printing_in(text: &str, cell: CellPixels) -> Result<World> {
    let sandbox = Sandbox::new(env!("CARGO_BIN_EXE_ccc"))?;
    let script =
        "stty -echo; printf \"$0\"; printf ready; while read -r line; do eval \"$line\"; done";
    sandbox
        .ok(&["new", "-d", "-n", "work", "--size", "80x24", "--", "/bin/sh", "-c", script, text])?;
    let outer = Terminal::answering_in_cells(&client(&sandbox), SIZE, Facts::STANDARD, cell)?;
    Ok(World { sandbox, outer })
}

/// What the terminal shows of images: top row, left column, columns, rows, and the image.
fn shown(screen: &Screen) -> Vec<(Place, &Image)> {
    let rows: Vec<_> = screen.rows().map(|row| row.id()).collect();
    let place = |p: &Placement| {
        let row = rows.iter().position(|id| *id == p.row)?;
        let top = i32::try_from(row).ok()? - i32::from(p.above);
        let image = screen.images().find(|image| image.serial == p.image)?;
        Some(((top, p.col, p.cols, p.rows), image.as_ref()))
    };
    screen.placements().iter().filter_map(place).collect()
}

impl World {
    fn shows(&self, what: &str, check: impl Fn(&[(Place, &Image)]) -> bool) -> Result<()> {
        self.outer.wait_screen(what, SOON, |screen| {
            screen.text().contains("ready") && check(&shown(screen))
        })
    }

    /// Waits until images stand in exactly these places.
    fn stand(&self, places: &[Place]) -> Result<()> {
        self.shows(&format!("images at {places:?}"), |shown| {
            shown.iter().map(|(place, _)| *place).eq(places.iter().copied())
        })
    }

    fn run(&self, line: &str) -> Result<()> {
        self.sandbox.ok(&["send", "work", line, "--enter"]).map(drop)
    }
}

fn put_png(keys: &str) -> String {
    format!("\\033_Ga=T,f=100,{keys};{PNG}\\033\\\\")
}

#[test]
fn a_png_is_shown_and_is_there_after_reattach_and_after_the_server_was_killed() -> Result<()> {
    let mut world = printing(&format!("\\n  {}", put_png("q=2")))?;
    let here = |shown: &[(Place, &Image)]| match shown {
        [(place, image)] => {
            *place == (1, 2, 3, 2)
                && image.format == ImageFormat::Png
                && (image.width, image.height) == (30, 40)
                // Ours, whatever the program called it.
                && image.id >> 16 == 0x6363
        }
        _ => false,
    };
    world.shows("the image", here)?;
    world.outer.type_keys("<C-b>d")?;
    world.outer.wait_closed(SOON)?;
    world.outer = Terminal::answering_as(&client(&world.sandbox), SIZE, Facts::STANDARD)?;
    world.shows("the image again", here)?;
    let server = world.sandbox.full_custody(SOON)?.server.pid;
    let process = Process::open(server).expect("the server runs");
    process.kill();
    process.wait_end(SOON)?;
    world.run("printf more")?;
    world.outer.wait_text("more", SOON)?;
    world.shows("the image after a crash", here)
}

#[test]
fn pixels_pass_as_they_are() -> Result<()> {
    let world = printing("\\033_Ga=T,i=5,f=24,s=2,v=1,c=4,r=2;AQIDBAUG\\033\\\\")?;
    world.shows("six bytes of pixels", |shown| match shown {
        [(place, image)] => {
            *place == (0, 0, 4, 2)
                && image.format == ImageFormat::Rgb
                && *image.data == [1, 2, 3, 4, 5, 6]
        }
        _ => false,
    })
}

#[test]
fn images_scroll_and_go() -> Result<()> {
    let world = printing(&put_png("i=5,q=2"))?;
    world.stand(&[(0, 0, 3, 2)])?;
    // The last row that it hangs on is still there: its lower half is shown.
    world.run("printf '\\033[24;1H\\n\\033[20;1Hready'")?;
    world.stand(&[(0, 0, 3, 1)])?;
    world.run("printf '\\033_Ga=d\\033\\\\'")?;
    world.stand(&[])
}

#[test]
fn an_overlay_takes_an_image_away_while_it_is_there() -> Result<()> {
    let world = printing(&format!("\\033[11;38H{}", put_png("i=5,q=2")))?;
    world.stand(&[(10, 37, 3, 2)])?;
    world.outer.type_keys("<C-b>?")?;
    world.outer.wait_screen("no image", SOON, |screen| shown(screen).is_empty())?;
    world.outer.type_keys("<esc>")?;
    world.stand(&[(10, 37, 3, 2)])
}

#[test]
fn an_image_is_cut_to_its_pane_and_moves_with_it() -> Result<()> {
    let world = printing(&put_png("i=5,c=60,r=2,q=2"))?;
    world.stand(&[(0, 0, 60, 2)])?;
    world.sandbox.ok(&["split", "work", "-r"])?;
    world.stand(&[(0, 0, 40, 2)])?;
    world.outer.wait_screen("two thirds of the pixels", SOON, |screen| {
        screen.placements().iter().all(|p| (p.source.x, p.source.width) == (0, 20))
    })
}

/// One that reached beyond the edge was not there at all.
#[test]
fn an_image_is_cut_to_a_terminal_that_is_smaller_than_the_tab() -> Result<()> {
    let mut world = printing(&format!("\\033[3;31H{}", put_png("i=5,c=20,r=12,q=2")))?;
    world.stand(&[(2, 30, 20, 12)])?;
    let view = world.sandbox.ccc(&["attach", "work", "--no-bar", "--view"]);
    world.outer = Terminal::answering(&view, Size::new(40, 10))?;
    world.outer.wait_screen("what there is room for", SOON, |screen| {
        shown(screen).iter().map(|(place, _)| *place).eq([(2, 30, 10, 8)])
    })
}

#[test]
fn pieces_in_cells_are_shown_as_one() -> Result<()> {
    let cells = "\\033[38;5;7m\\364\\216\\273\\256\\314\\205\\314\\205\\364\\216\\273\\256\\033[m\\r\\n\
                 \\033[38;5;7m\\364\\216\\273\\256\\314\\215\\314\\205\\364\\216\\273\\256\\033[m";
    let world = printing(&format!("{}{cells}", put_png("i=7,U=1,c=2,r=2,q=2")))?;
    world.stand(&[(0, 0, 2, 2)])?;
    // The cells themselves would name an image of the outer terminal's.
    world.outer.wait_screen("no placeholder", SOON, |screen| {
        !screen.rows().any(|row| row.cells().any(|cell| is_placeholder(cell.text())))
    })
}

#[test]
fn sixels_are_shown_as_pixels() -> Result<()> {
    let world = printing("x\\033Pq#1;2;100;0;0!10~-!10~-!10~-!10B\\033\\\\")?;
    world.shows("a red image of 10x20", |shown| match shown {
        [(place, image)] => {
            *place == (0, 1, 1, 1)
                && image.format == ImageFormat::Rgba
                && (image.width, image.height) == (10, 20)
                && image.data.starts_with(&[255, 0, 0, 255])
        }
        _ => false,
    })
}

#[test]
fn a_terminal_that_draws_sixels_gets_sixels_and_boxes_for_the_rest() -> Result<()> {
    let mut world = printing(&format!(
        "x\\033Pq#1;2;100;0;0!10~-!10~-!10~-!10B\\033\\\\\\033[4;3H\
         \\033_Ga=T,i=5,q=2,f=24,s=2,v=1,c=4,r=2;AQIDBAUG\\033\\\\\\033[8;1H{}",
        put_png("q=2,c=20,r=4")
    ))?;
    world.outer.type_keys("<C-b>d")?;
    world.outer.wait_closed(SOON)?;
    // No room for any APC string: it has sixels alone.
    let limits = Limits { apc_bytes: 0, ..Limits::default() };
    world.outer = Terminal::answering_within(&client(&world.sandbox), SIZE, limits)?;
    world.outer.wait_text("[image 30x40]", SOON)?;
    world.outer.wait_screen("two sixel images", SOON, |screen| {
        let pieces = |y: u16| {
            let cells = screen.row(y).into_iter().flat_map(|row| row.cells());
            cells.filter(|cell| is_placeholder(cell.text())).count()
        };
        let sizes = screen.images().map(|image| (image.format, image.width, image.height));
        sizes.eq([(ImageFormat::Sixel, 10, 20), (ImageFormat::Sixel, 40, 40)])
            && [0, 1, 3, 4, 5].map(pieces) == [1, 0, 4, 4, 0]
    })
}

#[test]
fn sixels_are_there_in_the_lines_above() -> Result<()> {
    let world = printing("\\033Pq#1;2;100;0;0!10~-!10~-!10~-!10B\\033\\\\")?;
    world.stand(&[(0, 0, 1, 1)])?;
    world.run("i=0; while [ $i -lt 40 ]; do echo $i; i=$((i + 1)); done; printf ready")?;
    world.stand(&[])?;
    world.outer.type_keys("<C-b>[gg")?;
    world.outer.wait_screen("the image in the first line", SOON, |screen| {
        shown(screen).iter().map(|(place, _)| *place).eq([(0, 0, 1, 1)])
    })
}

#[test]
fn a_terminal_that_can_neither_shows_a_box() -> Result<()> {
    let world = printing(&format!("\\033[5;5H{}", put_png("i=5,c=20,r=4,q=2")))?;
    world.stand(&[(4, 4, 20, 4)])?;
    world.outer.type_keys("<C-b>d")?;
    world.outer.wait_closed(SOON)?;
    let mute = Terminal::start(&client(&world.sandbox), SIZE)?;
    mute.wait_text("[image 30x40]", SOON)
}

/// Images in a replay of the pane, which shows none any more.
#[test]
fn a_replay_shows_what_was_shown() -> Result<()> {
    let world = printing(&format!("\\n  {}", put_png("i=5,q=2")))?;
    world.stand(&[(1, 2, 3, 2)])?;
    world.run("printf '\\033_Ga=d,d=A\\033\\\\gone'")?;
    world.outer.wait_text("gone", SOON)?;
    world.stand(&[])?;
    let replays = |terminal: &Terminal, keys: &str, count: usize| {
        terminal.type_keys(keys)?;
        terminal.wait_screen(&format!("{count} images in a replay"), SOON, |screen| {
            let here = |(place, image): &(Place, &Image)| {
                *place == (1, 2, 3, 2)
                    && image.format == ImageFormat::Png
                    && image.id >> 16 == 0x6363
            };
            let shown = shown(screen);
            screen.text().contains(" / ") && shown.len() == count && shown.iter().all(here)
        })
    };
    // Above the live pane.
    replays(&world.outer, "<C-b>r", 0)?;
    replays(&world.outer, ",", 1)?;
    replays(&world.outer, ".", 0)?;
    world.outer.type_keys("q")?;
    // Of a server, and of files alone.
    let own = world.sandbox.ccc(&["replay", "work", "--at", "end"]);
    let own = Terminal::answering_as(&own, SIZE, Facts::STANDARD)?;
    replays(&own, "", 0)?;
    replays(&own, ",", 1)?;
    own.type_keys("q")?;
    own.wait_closed(SOON)?;
    world.sandbox.ok(&["serve", "--stop", "--kill"])?;
    let pane = std::fs::read_dir(world.sandbox.state().join("panes"))
        .and_then(Iterator::collect::<std::io::Result<Vec<_>>>)
        .map_err(ccc_testkit::KitError::io("look for the recording"))?;
    let dir = pane[0].path().to_string_lossy().into_owned();
    let files = world.sandbox.ccc(&["replay", &dir, "--at", "end"]);
    let files = Terminal::answering_as(&files, SIZE, Facts::STANDARD)?;
    replays(&files, "", 0)?;
    replays(&files, ",", 1)?;
    // A terminal that can show none says what would be there.
    let mute = world.sandbox.ccc(&["replay", &dir, "--at", "end"]);
    let mute = Terminal::start(&mute, SIZE)?;
    mute.wait_text(" / ", SOON)?;
    mute.type_keys(",")?;
    mute.wait_text("[im", SOON)
}

/// Sixels in a replay, as pixels, and as sixels where the terminal draws those alone.
#[test]
fn a_replay_shows_sixels_that_were_shown() -> Result<()> {
    let world = printing("\\n  \\033Pq#1;2;100;0;0!10~-!10~-!10~-!10B\\033\\\\")?;
    world.stand(&[(1, 2, 1, 1)])?;
    world.run("printf '\\033[H\\033[2Jgone'")?;
    world.outer.wait_text("gone", SOON)?;
    world.outer.wait_screen("no image", SOON, |screen| shown(screen).is_empty())?;
    let at_end = world.sandbox.ccc(&["replay", "work", "--at", "end"]);
    let own = Terminal::answering_as(&at_end, SIZE, Facts::STANDARD)?;
    own.wait_screen("the end of a replay", SOON, |screen| {
        screen.text().contains("gone") && screen.text().contains(" / ") && shown(screen).is_empty()
    })?;
    let red = |screen: &Screen| match shown(screen)[..] {
        [(place, image)] => {
            place == (1, 2, 1, 1)
                && image.format == ImageFormat::Rgba
                && (image.width, image.height) == (10, 20)
                && image.data.starts_with(&[255, 0, 0, 255])
        }
        _ => false,
    };
    own.type_keys(",")?;
    own.wait_screen("a red image in a replay", SOON, red)?;
    own.type_keys(".")?;
    own.wait_screen("the end again", SOON, |screen| shown(screen).is_empty())?;
    // No room for any APC string: it has sixels alone.
    let limits = Limits { apc_bytes: 0, ..Limits::default() };
    let sixels = Terminal::answering_within(&at_end, SIZE, limits)?;
    sixels.wait_text(" / ", SOON)?;
    sixels.type_keys(",")?;
    sixels.wait_screen("a sixel image in a replay", SOON, |screen| {
        let images = screen.images().map(|image| (image.format, image.width, image.height));
        images.eq([(ImageFormat::Sixel, 10, 20)])
    })
}

/// Has the program ask for the size of a cell, and print what it is told behind a word.
fn asks(word: &str) -> String {
    format!(
        "stty raw -echo; printf '\\033[16t'; told=$(dd bs=64 count=1 2>/dev/null | tr '\\033' :); \
         stty sane -echo; echo {word}$told"
    )
}

/// Waits until the terminal of a program has this many pixels, as the program finds by TIOCGWINSZ.
fn has_pixels(terminal: &Path, pixels: (u16, u16)) {
    let terminal = std::fs::File::open(terminal).expect("the terminal of a program");
    let until = Instant::now() + SOON;
    loop {
        let size = rustix::termios::tcgetwinsize(&terminal).expect("a size");
        let told = (size.ws_xpixel, size.ws_ypixel);
        if told == pixels {
            return;
        }
        assert!(Instant::now() < until, "{told:?} instead of {pixels:?}");
        std::thread::yield_now();
    }
}

/// The terminal of the program.
fn terminal_of(world: &World) -> Result<PathBuf> {
    world.run("echo \"[$(tty)]\"")?;
    world.outer.wait_text("[/dev/pts/", SOON)?;
    let text = world.sandbox.ok(&["capture", "work"])?;
    let name = text.rsplit_once("[/dev/pts/").and_then(|(_, rest)| rest.split_once(']'));
    Ok(Path::new("/dev/pts").join(name.expect("it was waited for").0))
}

#[test]
fn a_program_has_the_cell_of_the_terminal_around_also_after_the_server_was_killed() -> Result<()> {
    let mut world = printing("")?;
    let terminal = terminal_of(&world)?;
    has_pixels(&terminal, (800, 480));
    let come = |world: &mut World, cell| {
        world.outer.type_keys("<C-b>d")?;
        world.outer.wait_closed(SOON)?;
        let program = client(&world.sandbox);
        world.outer = Terminal::answering_in_cells(&program, SIZE, Facts::STANDARD, cell)?;
        Ok(())
    };
    come(&mut world, CellPixels::new(9, 18))?;
    has_pixels(&terminal, (720, 432));
    world.run(&asks("one"))?;
    world.outer.wait_text("one:[6;18;9t", SOON)?;
    // What is put is measured by it.
    world.run(&format!("printf '\\033[2J\\033[Hready\\033[3H{}'", put_png("i=5,q=2")))?;
    world.stand(&[(2, 0, 4, 3)])?;
    // Another font: what stands keeps its cells.
    world.outer.set_cell(CellPixels::new(12, 24))?;
    world.outer.resize(Size::new(80, 20))?;
    has_pixels(&terminal, (960, 480));
    world.run(&format!("printf '\\033[10H{}'", put_png("i=6,q=2")))?;
    world.stand(&[(2, 0, 4, 3), (9, 0, 3, 2)])?;
    world.outer.type_keys("<C-b>d")?;
    world.outer.wait_closed(SOON)?;
    let process = Process::open(world.sandbox.full_custody(SOON)?.server.pid);
    let process = process.expect("the server runs");
    process.kill();
    process.wait_end(SOON)?;
    // Whoever comes now has a terminal that does not say, and leaves what there is.
    let mute = Terminal::start(&client(&world.sandbox), Size::new(80, 20))?;
    mute.wait_text("ready", SOON)?;
    world.run(&asks("again"))?;
    mute.wait_text("again:[6;24;12t", SOON)?;
    has_pixels(&terminal, (960, 480));
    Ok(())
}

#[test]
fn a_new_pane_begins_with_the_cell_of_its_tab() -> Result<()> {
    let world = printing_in("", CellPixels::new(9, 18))?;
    has_pixels(&terminal_of(&world)?, (720, 432));
    // It asks first of all.
    let script = format!("{}; cat", asks("split"));
    world.sandbox.ok(&["split", "work", "-r", "--", "/bin/sh", "-c", &script])?;
    world.outer.wait_text("split:[6;18;9t", SOON)
}

#[test]
fn a_program_is_answered() -> Result<()> {
    let sandbox = Sandbox::new(env!("CARGO_BIN_EXE_ccc"))?;
    let script = "stty raw -echo; printf '\\033_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\\033\\\\\\033[c'; \
                  dd bs=64 count=1 2>/dev/null | od -An -c; cat";
    sandbox.ok(&["new", "-d", "-n", "work", "--size", "80x24", "--", "/bin/sh", "-c", script])?;
    let outer = Terminal::start(&client(&sandbox), SIZE)?;
    outer.wait_text("i   =   3   1   ;   O   K", SOON)
}
