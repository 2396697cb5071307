//! What modern programs ask of a terminal, feature by feature: a program in a pane prints the sequence, and
//! what reaches the terminal around the client, or comes back to the program, is looked at.

use std::time::Duration;

use ccc_testkit::vt::{
    Attrs, CellPixels, Color, CursorShape, Facts, KittyFlags, MouseProtocol, Notice, Progress,
    Screen, Style, Underline,
};
use ccc_testkit::{Program, Result, Sandbox, Size, Terminal};

const SOON: Duration = Duration::from_secs(60);
const SIZE: Size = Size::new(120, 24);
/// Of the terminal around the client: nothing that anybody would assume.
const FACTS: Facts =
    Facts { foreground: (0xa1, 0xa2, 0xa3), background: (0x10, 0x20, 0x30), ..Facts::STANDARD };

const CELL: CellPixels = CellPixels::new(9, 18);

/// A program in a pane, and the terminal around the client that looks at it.
struct World {
    sandbox: Sandbox,
    outer: Terminal,
}

/// Has a shell print the text, whose escapes are printf's, and then read lines in silence.
fn printing(text: &str) -> Result<World> {
    running(&["/bin/sh", "-c", "stty -echo; printf \"$0\"; while read line; do :; done", text])
}

/// Has a shell print a question, and then what it reads, as hexadecimal digits, chunk by chunk.
fn asking(text: &str) -> Result<World> {
    let script = "stty raw -echo; printf \"$0\"; printf ready; \
                  while :; do printf ' '; dd bs=4096 count=1 2>/dev/null | od -An -v -tx1 | tr -d ' \\n'; done";
    running(&["/bin/sh", "-c", script, text])
}

fn running(words: &[&str]) -> Result<World> {
    let sandbox = Sandbox::new(env!("CARGO_BIN_EXE_ccc"))?;
    // It starts to talk when its questions are answered as the terminal around the client would.
    let wait = "stty raw -echo; until printf '\\033]11;?\\a' && dd bs=64 count=1 2>/dev/null | grep -q 1010/2020/3030; \
                do :; done; until printf '\\033[16t' && dd bs=64 count=1 2>/dev/null | grep -q '6;18;9t'; \
                do :; done; stty sane; exec \"$@\"";
    let wait = ["/bin/sh", "-c", wait, "sh"];
    sandbox
        .ok(&[&["new", "-d", "-n", "work", "--size", "120x24", "--"], &wait[..], words].concat())?;
    let outer = Terminal::answering_in_cells(&client(&sandbox), SIZE, FACTS, CELL)?;
    let world = World { sandbox, outer };
    world.settled()?;
    Ok(world)
}

fn client(sandbox: &Sandbox) -> Program {
    sandbox.ccc(&["attach", "work", "--no-bar"])
}

impl World {
    /// Waits until the client has heard all answers, which shows in what it switches on then.
    fn settled(&self) -> Result<()> {
        self.outer.wait_screen("theme reports to be asked for", SOON, |screen| {
            screen.modes().theme_reports
        })
    }

    fn shows(&self, text: &str) -> Result<()> {
        self.outer.wait_text(text, SOON)
    }

    /// Waits for a look of the cell at this place.
    fn looks(&self, row: u16, col: u16, check: impl Fn(&Screen, Style) -> bool) -> Result<()> {
        self.outer.wait_screen("a look", SOON, |screen| {
            let cells = screen.row(row).into_iter().flat_map(|row| row.cells());
            let mut columns = 0;
            for cell in cells {
                if columns == col {
                    return check(screen, cell.style());
                }
                columns += u16::from(cell.width());
            }
            false
        })
    }

    /// Leaves and comes back.
    fn again(mut self) -> Result<Self> {
        self.outer.type_keys("<C-b>d")?;
        self.outer.wait_closed(SOON)?;
        self.outer = Terminal::answering_in_cells(&client(&self.sandbox), SIZE, FACTS, CELL)?;
        self.settled()?;
        Ok(self)
    }

    /// The program, which prints what it reads, has read exactly this since it was ready.
    fn read(&self, bytes: &[u8]) -> Result<()> {
        let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        self.outer.wait_screen(&format!("`{hex}` to be read"), SOON, |screen| {
            let text = screen.text();
            let read = text.split_once("ready").map_or("", |(_, read)| read);
            // Another pane may stand beside it.
            let read = read.split_once('│').map_or(read, |(read, _)| read);
            read.split_whitespace().collect::<String>() == hex
        })
    }
}

/// What comes back to the program that prints this question.
fn answered(question: &str, answer: &str) -> Result<()> {
    asking(question)?.read(answer.as_bytes())
}

#[test]
fn true_colour_in_both_forms() -> Result<()> {
    let world = printing("\\033[38;2;1;2;3ma\\033[m\\033[48:2::4:5:6mb\\033[m\\033[38:2:7:8:9mc")?;
    world.looks(0, 0, |_, style| style.fg == Color::Rgb(1, 2, 3))?;
    world.looks(0, 1, |_, style| style.bg == Color::Rgb(4, 5, 6))?;
    world.looks(0, 2, |_, style| style.fg == Color::Rgb(7, 8, 9))
}

#[test]
fn fewer_colours_for_a_terminal_that_has_fewer() -> Result<()> {
    let sandbox = Sandbox::new(env!("CARGO_BIN_EXE_ccc"))?;
    let words = ["/bin/sh", "-c", "printf '\\033[38;2;255;0;0mred'; read line"];
    sandbox.ok(&[&["new", "-d", "-n", "work", "--"], &words[..]].concat())?;
    let outer = Terminal::start(&client(&sandbox).env("TERM", "xterm"), SIZE)?;
    outer.wait_for("a colour of the sixteen", SOON, |screen| {
        screen.cell(0, 0).is_some_and(|cell| cell.fgcolor() == ccc_testkit::vt100::Color::Idx(9))
    })
}

#[test]
fn underline_styles_and_colours() -> Result<()> {
    let world = printing("\\033[4:3;58:2::1:2:3ma\\033[4:5;58;5;9mb\\033[m\\033[21mc")?;
    world.looks(0, 0, |_, style| {
        style.underline == Underline::Curly && style.underline_color == Color::Rgb(1, 2, 3)
    })?;
    world.looks(0, 1, |_, style| {
        style.underline == Underline::Dashed && style.underline_color == Color::Indexed(9)
    })?;
    world.looks(0, 2, |_, style| style.underline == Underline::Double)
}

#[test]
fn overline_blink_strike_conceal() -> Result<()> {
    let world = printing("\\033[53ma\\033[m\\033[5mb\\033[m\\033[9mc\\033[m\\033[8md")?;
    for (col, attr) in
        [Attrs::OVERLINE, Attrs::BLINK, Attrs::STRIKE, Attrs::CONCEAL].into_iter().enumerate()
    {
        world.looks(0, u16::try_from(col).unwrap_or(0), |_, style| style.attrs == attr)?;
    }
    Ok(())
}

#[test]
fn links_also_after_coming_back() -> Result<()> {
    let linked = |screen: &Screen, style: Style| {
        style
            .link
            .and_then(|id| screen.link(id))
            .is_some_and(|link| link.uri == "https://example.com/a")
    };
    let world = printing("\\033]8;id=x;https://example.com/a\\033\\\\link\\033]8;;\\033\\\\ no")?;
    world.looks(0, 0, linked)?;
    world.looks(0, 5, |_, style| style.link.is_none())?;
    let id = |world: &World| {
        let mut id = String::new();
        world.outer.wait_screen("an id", SOON, |screen| {
            let style = screen.row(0).and_then(|row| row.cells().next().map(|cell| cell.style()));
            let link = style.and_then(|style| style.link).and_then(|link| screen.link(link));
            id = link.map(|link| link.id.clone()).unwrap_or_default();
            !id.is_empty()
        })?;
        Result::Ok(id)
    };
    let before = id(&world)?;
    let world = world.again()?;
    world.looks(0, 3, linked)?;
    assert_eq!(id(&world)?, before);
    Ok(())
}

#[test]
fn the_background_goes_on_when_lines_scroll_in() -> Result<()> {
    let world = printing(
        "\\033[41m\\033[24;1Hlast\\n\\n\\033[10;1H\\033[L\\033[44m\\033[12;1Habc\\033[3D\\033[P",
    )?;
    world.looks(23, 50, |_, style| style.bg == Color::Indexed(1))?;
    world.looks(9, 50, |_, style| style.bg == Color::Indexed(1))?;
    world.looks(11, 119, |_, style| style.bg == Color::Indexed(4))
}

#[test]
fn line_drawing_arrives_as_unicode() -> Result<()> {
    printing("\\033(0lqqk\\033(B ok \\033)0\\016x\\017x")?.shows("┌──┐ ok │x")
}

#[test]
fn combining_marks_stay_with_their_letters() -> Result<()> {
    printing("e\\314\\201 n\\314\\203 \\340\\270\\201\\340\\270\\263 |")?
        .shows("e\u{301} n\u{303} ")
}

#[test]
fn clusters_are_one_cell_and_the_cursor_is_behind_them() -> Result<()> {
    // A family, a hand with a skin tone, a flag, a heart with VS16, Korean in jamo.
    let world =
        printing("👩\u{200d}👩\u{200d}👧|👍\u{1f3fd}|🇰🇷|❤\u{fe0f}|\u{1112}\u{1161}\u{11ab}|")?;
    world.outer.wait_screen("five clusters", SOON, |screen| {
        let Some(row) = screen.row(0) else { return false };
        let cells: Vec<_> =
            row.cells().take(10).map(|cell| (cell.text().to_owned(), cell.width())).collect();
        cells.chunks(2).all(|pair| pair[0].1 == 2 && pair[1].0 == "|") && screen.cursor().col == 15
    })
}

#[test]
fn clusters_are_announced() -> Result<()> {
    // 3: on, and it cannot be switched off.
    answered("\\033[?2027$p", "\x1b[?2027;3$y")
}

#[test]
fn a_copy_goes_to_the_client() -> Result<()> {
    let world = printing("\\033]52;c;aGVsbG8=\\a")?;
    world.outer.wait_heard(
        "a copy",
        SOON,
        |notice| matches!(notice, Notice::Clipboard { data, .. } if data == b"hello"),
    )
}

#[test]
fn the_clipboard_is_not_read() -> Result<()> {
    // The answer to the second question comes, and nothing before it.
    answered("\\033]52;c;?\\a\\033[5n", "\x1b[0n")
}

#[test]
fn prompts_are_kept_and_not_passed_on() -> Result<()> {
    let world =
        printing("\\033]133;A\\a$ \\033]133;B\\acmd\\n\\033]133;C\\aout\\n\\033]133;D;3\\adone")?;
    world.shows("done")?;
    let marks = world.outer.heard().into_iter().filter(|notice| matches!(notice, Notice::Mark(_)));
    assert_eq!(marks.count(), 0);
    Ok(())
}

#[test]
fn a_new_pane_begins_where_the_shell_is() -> Result<()> {
    let world = printing("\\033]7;file:///usr/lib\\033\\\\here")?;
    world.shows("here")?;
    world.outer.type_keys("<C-b>%")?;
    world.outer.type_keys("pwd<ret>")?;
    world.shows("/usr/lib")
}

#[test]
fn notifications_name_their_session_also_from_afar() -> Result<()> {
    let world =
        printing("\\033]9;from here\\a\\033]777;notify;Title;body\\a\\033]99;;kitty\\033\\\\")?;
    let heard = |title: &'static str, text: &'static str| {
        world.outer.wait_heard(&format!("{title} {text}"), SOON, |notice| match notice {
            Notice::Notification { title: heard, body, .. } => {
                let whole =
                    if heard.is_empty() { body.clone() } else { format!("{heard}: {body}") };
                whole == format!("{title}: {text}")
            }
            _ => false,
        })
    };
    heard("[work]", "from here")?;
    heard("[work] Title", "body")?;
    let say = "read line; printf '\\033]9;from afar\\a'; read line";
    world.sandbox.ok(&["new", "-d", "-n", "other", "--", "/bin/sh", "-c", say])?;
    world.sandbox.ok(&["send", "other", "--enter", ""])?;
    heard("[other]", "from afar")
}

#[test]
fn progress_is_shown_for_the_pane_in_focus() -> Result<()> {
    let world = printing("\\033]9;4;1;40\\a")?;
    world.outer.wait_heard("progress", SOON, |notice| {
        matches!(notice, Notice::Progress { progress: Progress::Running(40), .. })
    })?;
    world.outer.type_keys("<C-b>%")?;
    world.outer.wait_screen("no progress", SOON, |screen| screen.progress() == Progress::None)
}

#[test]
fn kitty_keys_with_releases() -> Result<()> {
    let world = asking("\\033[>3u")?;
    world.shows("ready")?;
    let flags = KittyFlags::DISAMBIGUATE | KittyFlags::EVENT_TYPES;
    world.outer.wait_screen("the flags", SOON, |screen| screen.modes().kitty == flags)?;
    world.outer.write(b"\x1b[105;5u\x1b[105;5:3u\x1b[27u")?;
    world.read(b"\x1b[105;5u\x1b[105;5:3u\x1b[27u")
}

#[test]
fn kitty_keys_are_legacy_keys_for_others() -> Result<()> {
    let world = asking("")?;
    world.shows("ready")?;
    world.outer.write(b"\x1b[105;5u\x1b[27u\x1b[13;2u")?;
    world.read(b"\t\x1b\r")
}

#[test]
fn kitty_keys_over_a_terminal_that_knows_none() -> Result<()> {
    let sandbox = Sandbox::new(env!("CARGO_BIN_EXE_ccc"))?;
    let script = "stty raw -echo; printf '\\033[>1uready'; dd bs=64 count=1 2>/dev/null | od -An -tx1; read line";
    sandbox.ok(&["new", "-d", "-n", "work", "--", "/bin/sh", "-c", script])?;
    let outer = Terminal::start(&client(&sandbox), SIZE)?;
    outer.wait_text("ready", SOON)?;
    outer.write(b"\x1b")?;
    outer.wait_text("1b 5b 32 37 75", SOON)
}

#[test]
fn other_keys_modified() -> Result<()> {
    let world = asking("\\033[>4;2m")?;
    world.shows("ready")?;
    world.outer.write(b"\x1b[105;5u")?;
    world.read(b"\x1b[27;5;105~")
}

#[test]
fn pastes_are_bracketed_for_whom_asks() -> Result<()> {
    let world = asking("\\033[?2004h")?;
    world.shows("ready")?;
    world.outer.write(b"\x1b[200~a\x1b]b\x1b[201~")?;
    // What would end the paste, or begin a sequence, is taken out.
    world.read(b"\x1b[200~a]b\x1b[201~")
}

#[test]
fn the_mouse_in_the_form_that_the_program_asks_for() -> Result<()> {
    let world = asking("\\033[?1000h")?;
    world.shows("ready")?;
    world.outer.write(b"\x1b[<0;5;3M\x1b[<0;5;3m")?;
    world.read(b"\x1b[M\x20\x25\x23\x1b[M\x23\x25\x23")
}

#[test]
fn the_mouse_in_pixels_has_the_middle_of_the_cell() -> Result<()> {
    let world = asking("\\033[?1000h\\033[?1016h")?;
    world.shows("ready")?;
    world.outer.write(b"\x1b[<0;5;3M")?;
    world.outer.wait_screen("a place in pixels", SOON, |screen| {
        screen.text().contains("1b5b3c303b34313b34354d")
    })
}

#[test]
fn all_movement_is_asked_for_while_a_program_wants_it() -> Result<()> {
    let world = asking("\\033[?1003h\\033[?1006h")?;
    world
        .outer
        .wait_screen("all movement", SOON, |screen| screen.modes().mouse == MouseProtocol::Any)?;
    world.outer.write(b"\x1b[<35;7;8M")?;
    world.read(b"\x1b[<35;7;8M")
}

#[test]
fn focus_is_told_also_between_panes() -> Result<()> {
    let world = asking("\\033[?1004h")?;
    world.shows("ready")?;
    world.outer.write(b"\x1b[O\x1b[I")?;
    world.read(b"\x1b[O\x1b[I")?;
    world.outer.type_keys("<C-b>%")?;
    world.read(b"\x1b[O\x1b[I\x1b[O")?;
    world.outer.type_keys("<C-b><Left>")?;
    world.read(b"\x1b[O\x1b[I\x1b[O\x1b[I")
}

#[test]
fn updates_are_synchronized_both_ways() -> Result<()> {
    let world = printing("\\033[?2026hhalf\\033[Hwhole\\033[?2026l")?;
    world.shows("whole")?;
    world.outer.wait_bytes(b"\x1b[?2026h", SOON)
}

#[test]
fn the_cursor_has_its_shape_also_after_coming_back() -> Result<()> {
    let bar = |screen: &Screen| screen.cursor().shape == CursorShape::Bar && !screen.cursor().blink;
    let world = printing("\\033[6 q")?;
    world.outer.wait_screen("a bar", SOON, bar)?;
    world.again()?.outer.wait_screen("a bar again", SOON, bar)
}

#[test]
fn the_wheel_is_arrows_in_a_screen_of_its_own() -> Result<()> {
    let world = asking("\\033[?1049h")?;
    world.shows("ready")?;
    world.outer.write(b"\x1b[<64;5;3M")?;
    world.read(b"\x1b[A\x1b[A\x1b[A")
}

#[test]
fn colours_are_those_of_the_terminal_around() -> Result<()> {
    answered("\\033]10;?\\033\\\\", "\x1b]10;rgb:a1a1/a2a2/a3a3\x1b\\")?;
    answered("\\033]11;?\\a", "\x1b]11;rgb:1010/2020/3030\x07")?;
    answered("\\033]4;1;?\\a", "\x1b]4;1;rgb:cdcd/0000/0000\x07")
}

#[test]
fn it_says_what_it_is() -> Result<()> {
    let version = env!("CARGO_PKG_VERSION");
    answered("\\033[>q", &format!("\x1bP>|ccc({version})\x1b\\"))?;
    answered("\\033[c", "\x1b[?64;4;6;21;22;28;52c")?;
    answered("\\033[=c", "\x1bP!|63636300\x1b\\")?;
    let world = asking("\\033[>c")?;
    world.outer.wait_screen("DA2", SOON, |screen| screen.text().contains("1b5b3e34313b"))
}

#[test]
fn capabilities_are_told() -> Result<()> {
    // Ms, RGB, Su, Smulx, Setulc: each is known.
    for name in ["4d73", "524742", "5375", "536d756c78", "536574756c63"] {
        let world = asking(&format!("\\033P+q{name}\\033\\\\"))?;
        let wanted: String = format!("\x1bP1+r{}", name.to_uppercase())
            .bytes()
            .map(|b| format!("{b:02x}"))
            .collect();
        world.shows(&wanted)?;
    }
    Ok(())
}

#[test]
fn settings_are_told() -> Result<()> {
    answered("\\033[1;4:3m\\033P$qm\\033\\\\", "\x1bP1$r0;1;4:3m\x1b\\")?;
    answered("\\033[4 q\\033P$q q\\033\\\\", "\x1bP1$r4 q\x1b\\")?;
    answered("\\033[2;9r\\033P$qr\\033\\\\", "\x1bP1$r2;9r\x1b\\")
}

#[test]
fn modes_are_told_and_unknown_ones_are_unknown() -> Result<()> {
    answered("\\033[?2026$p", "\x1b[?2026;2$y")?;
    answered("\\033[?2004h\\033[?2004$p", "\x1b[?2004;1$y")?;
    answered("\\033[?4711$p", "\x1b[?4711;0$y")?;
    answered("\\033[4$p", "\x1b[4;2$y")
}

#[test]
fn sizes_are_told_in_cells_and_pixels() -> Result<()> {
    // Of a cell of the terminal around.
    answered("\\033[14t", "\x1b[4;432;1080t")?;
    answered("\\033[16t", "\x1b[6;18;9t")?;
    answered("\\033[18t", "\x1b[8;24;120t")
}

#[test]
fn a_new_size_is_told_in_band() -> Result<()> {
    let world = asking("\\033[?2048h")?;
    world.read(b"\x1b[48;24;120;432;1080t")?;
    world.outer.resize(Size::new(100, 30))?;
    world.read(b"\x1b[48;24;120;432;1080t\x1b[48;30;100;540;900t")
}

#[test]
fn the_theme_is_told_when_it_changes() -> Result<()> {
    let world = asking("\\033[?2031h\\033[?996n")?;
    world.read(b"\x1b[?997;1n")?;
    world.outer.set_facts(Facts { background: (0xff, 0xff, 0xff), ..FACTS })?;
    world.read(b"\x1b[?997;1n\x1b[?997;2n")
}

#[test]
fn the_title_also_after_coming_back() -> Result<()> {
    let titled = |screen: &Screen| screen.title().contains("my title");
    let world = printing("\\033]2;my title\\a")?;
    world.outer.wait_screen("a title", SOON, titled)?;
    world.again()?.outer.wait_screen("a title again", SOON, titled)
}

#[test]
fn escape_alone_is_passed_on() -> Result<()> {
    let world = asking("")?;
    world.shows("ready")?;
    world.outer.type_keys("<esc>")?;
    world.read(b"\x1b")
}

#[test]
fn the_terminal_is_left_as_it_was() -> Result<()> {
    let world = asking(
        "\\033[?1049h\\033[?1003h\\033[>3u\\033[6 q\\033]8;;https://example.com\\033\\\\link",
    )?;
    let flags = KittyFlags::DISAMBIGUATE | KittyFlags::EVENT_TYPES;
    world.outer.wait_screen("the flags", SOON, |screen| screen.modes().kitty == flags)?;
    world.outer.type_keys("<C-b>d")?;
    world.outer.wait_closed(SOON)?;
    let fresh = Screen::new(SIZE, Default::default()).modes();
    world.outer.wait_screen("the modes of a fresh terminal", SOON, |screen| {
        screen.modes() == fresh && screen.cursor().shape == CursorShape::Default
    })
}
