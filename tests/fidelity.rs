//! What an attached client shows of a program equals what the program shows in a bare terminal of the
//! same size, text and attributes: at three sizes, after coming back, and after the server was killed.

use std::time::{Duration, Instant};

use ccc_testkit::{KitError, Picture, Process, Program, Result, Sandbox, Size, Terminal};

const SOON: Duration = Duration::from_secs(60);
const SMALL: Size = Size::new(80, 24);
const SIZES: [Size; 2] = [Size::new(200, 50), Size::new(60, 20)];

/// How many panes the tab has. The program's is the first, in the top left corner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Panes {
    One,
    Three,
}

/// A program beside itself: in a bare terminal, and in a pane that a client looks at.
struct Both {
    sandbox: Sandbox,
    panes: Panes,
    /// Of the pane, and so of the bare terminal.
    size: Size,
    bare: Terminal,
    shown: Terminal,
}

fn client(sandbox: &Sandbox) -> Program {
    sandbox.ccc(&["attach", "work", "--no-bar"]).env("COLORTERM", "truecolor")
}

impl Both {
    /// `ready` stands on the screen when the program waits for input.
    fn start(words: &[&str], ready: &str) -> Result<Self> {
        let sandbox = Sandbox::new(env!("CARGO_BIN_EXE_ccc"))?;
        Self::start_in(sandbox, words, ready)
    }

    fn start_in(sandbox: Sandbox, words: &[&str], ready: &str) -> Result<Self> {
        let bare = sandbox.program(words[0]).args(&words[1..]).env("COLORTERM", "truecolor");
        let bare = Terminal::start(&bare, SMALL)?;
        bare.wait_text(ready, SOON)?;
        sandbox.ok(&[&["new", "-d", "-n", "work", "--size", "80x24", "--"], words].concat())?;
        let shown = Terminal::start(&client(&sandbox), SMALL)?;
        shown.wait_text(ready, SOON)?;
        Ok(Self { sandbox, panes: Panes::One, size: SMALL, bare, shown })
    }

    fn type_keys(&self, keys: &str) -> Result<()> {
        self.bare.type_keys(keys)?;
        self.shown.type_keys(keys)
    }

    fn write(&self, text: &str) -> Result<()> {
        self.bare.write(text.as_bytes())?;
        self.shown.write(text.as_bytes())
    }

    /// Waits until the panes share an area of this size, and gives the program's part of it: what is
    /// typed before belongs to the old one.
    fn part_of(&self, area: Size) -> Result<Size> {
        let until = Instant::now() + SOON;
        loop {
            let listing = self.sandbox.json(&["pane", "ls", "work", "--json"])?;
            let size = |id: &str| {
                let pane = listing["panes"].as_array()?.iter().find(|pane| pane["id"] == id)?;
                let side = |name: &str| u16::try_from(pane[name].as_u64()?).ok();
                Some(Size::new(side("cols")?, side("rows")?))
            };
            let part = size("p1").filter(|part| match self.panes {
                Panes::One => *part == area,
                Panes::Three => {
                    let (right, below) = (size("p2"), size("p3"));
                    right.is_some_and(|right| part.cols + 1 + right.cols == area.cols)
                        && below.is_some_and(|below| part.rows + 1 + below.rows == area.rows)
                }
            });
            if let Some(part) = part {
                return Ok(part);
            }
            if Instant::now() > until {
                let what = format!("the panes do not share {}x{}", area.cols, area.rows);
                return Err(KitError::Unexpected { what, told: listing.to_string() });
            }
        }
    }

    /// Both show this text, and then the same.
    fn same(&self, with: &str) -> Result<()> {
        for terminal in [&self.bare, &self.shown] {
            terminal.wait_for(with, SOON, |screen| {
                Picture::corner(screen, self.size).plain().contains(with)
            })?;
        }
        self.shown.wait_same_corner(&self.bare, self.size, SOON)
    }

    /// Puts two panes beside the program's.
    fn split(&mut self) -> Result<()> {
        let other = ["/bin/sh", "-c", "while read line; do echo $line; done"];
        for side in ["--right", "--down"] {
            let split = ["split", "p1", side, "--detached", "--"];
            self.sandbox.ok(&[&split[..], &other[..]].concat())?;
        }
        self.panes = Panes::Three;
        Ok(())
    }

    /// Bytes that the program has printed in its pane.
    fn printed(&self) -> Result<u64> {
        let listing = self.sandbox.json(&["pane", "ls", "work", "--json"])?;
        let panes = listing["panes"].as_array().into_iter().flatten();
        let own = panes.filter(|pane| pane["id"] == "p1");
        Ok(own.filter_map(|pane| pane["recorded_bytes"].as_u64()).sum())
    }

    /// Changes the size of the area or of its parts, and types what makes the program draw anew. It is
    /// typed after the program has heard of its size and drawn: some forget half a command then.
    fn change(
        &mut self,
        area: Size,
        change: impl FnOnce(&mut Self) -> Result<()>,
        redraw: &str,
        with: &str,
    ) -> Result<()> {
        let (printed, drawn) = (self.printed()?, self.bare.drawn());
        change(self)?;
        self.size = self.part_of(area)?;
        self.bare.resize(self.size)?;
        self.bare.wait_drawn(drawn + 1, SOON)?;
        let until = Instant::now() + SOON;
        while self.printed()? == printed {
            if Instant::now() > until {
                let what = "the program does not draw at its new size".into();
                return Err(KitError::Unexpected { what, told: self.shown.text() });
            }
        }
        self.write(redraw)?;
        self.same(with)
    }

    /// Alone and among three panes: through the sizes, a detach and a kill, with `redraw` typed at
    /// each size.
    fn all(mut self, redraw: &str, with: &str) -> Result<()> {
        self.same(with)?;
        self.through(redraw, with)?;
        self.change(SIZES[1], Self::split, redraw, with)?;
        self.change(SMALL, |both| both.shown.resize(SMALL), redraw, with)?;
        self.through(redraw, with)
    }

    fn through(&mut self, redraw: &str, with: &str) -> Result<()> {
        for size in SIZES {
            self.change(size, |both| both.shown.resize(size), redraw, with)?;
        }
        self.shown.type_keys("<C-b>d")?;
        self.shown.wait_closed(SOON)?;
        self.shown = Terminal::start(&client(&self.sandbox), SIZES[1])?;
        self.same(with)?;
        let server = Process::open(self.sandbox.full_custody(SOON)?.server.pid);
        let server = server.ok_or_else(|| KitError::Unexpected {
            what: "there is no server".into(),
            told: self.shown.text(),
        })?;
        server.kill();
        server.wait_end(SOON)?;
        self.sandbox.full_custody(SOON)?;
        self.shown = Terminal::start(&client(&self.sandbox), SIZES[1])?;
        self.same(with)
    }
}

/// Whether a program is installed; says so when not.
#[expect(clippy::print_stdout, reason = "what was not tested is said")]
fn installed(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path).any(|folder| folder.join(program).is_file());
    if !found {
        println!("SKIPPED: there is no {program} on this machine");
    }
    found
}

/// A text with long lines, colours and wide characters.
fn colored_text() -> String {
    let lines = (0..120).map(|number| {
        let color = number % 256;
        let word = "한글 text ".repeat(number % 9);
        format!("\\033[38;5;{color}mline {number}\\033[m \\033[1;4m{word}\\033[7mend\\033[m\\n")
    });
    lines.collect()
}

#[test]
fn bash_with_colours() -> Result<()> {
    if !installed("bash") {
        return Ok(());
    }
    let rc = "PS1='\\[\\e[1;32m\\]me\\[\\e[m\\]:\\[\\e[38;2;9;99;199m\\]~\\[\\e[m\\]\\$ '; unset HISTFILE; \
              show() { clear; printf '\\e[3mitalic\\e[m \\e[48;5;99mfield\\e[K\\e[m\\n한글 e\\u0301 \\e[2mdim\\e[m\\nshow-%s\\n' $1; }";
    let script = "exec bash --noprofile --rcfile <(printf '%s' \"$0\") -i";
    let both = Both::start(&["bash", "-c", script, rc], "me:~")?;
    both.type_keys("show<space>$((40+2))<ret>")?;
    both.all("show $((40+2))\r", "show-42\nme:~")
}

#[test]
fn vim() -> Result<()> {
    let Some(vim) = ["vim", "vim.tiny"].into_iter().find(|vim| installed(vim)) else {
        return Ok(());
    };
    // Questions to the terminal are off: nobody answers them in the bare one.
    let set = "set t_RV= t_u7= t_RB= t_RF= t_RS= t_RC= number cursorline background=dark hlsearch";
    let both = Both::start(&[vim, "-u", "NONE", "-i", "NONE", "-n", "-N", "--cmd", set], "VIM")?;
    both.type_keys("ione<space>한글<ret>two<esc>")?;
    // An escape with a key right behind it would be that key with Alt.
    both.same("2 two")?;
    both.write("yy30pgg/two\r:syntax on\r")?;
    both.all("gg\x0c", "1 one 한글")
}

#[test]
fn less() -> Result<()> {
    if !installed("less") {
        return Ok(());
    }
    let script = "printf \"$0\" >text; exec less -R text";
    let both = Both::start(&["/bin/sh", "-c", script, &colored_text()], "line 0")?;
    both.write("10g")?;
    both.all("10g", "line 10")
}

#[test]
fn htop() -> Result<()> {
    if !installed("htop") {
        return Ok(());
    }
    // One process that does nothing, and no meters: what is shown stays as it is.
    let sandbox = Sandbox::new(env!("CARGO_BIN_EXE_ccc"))?;
    let settings = sandbox.home().join("htoprc");
    let written = std::fs::write(
        &settings,
        "fields=0 48 17 18 38 39 40 2 46 47 49 1\nhide_kernel_threads=1\nheader_layout=one_100\n\
         column_meters_0=Hostname\ncolumn_meter_modes_0=2\ncolor_scheme=0\ndelay=1000\n",
    );
    assert!(written.is_ok(), "{written:?}");
    let idle = Terminal::start(&sandbox.program("sleep").args(["1000"]), SMALL)?;
    let script = "HTOPRC=$0 exec htop -d 1000 -p $1";
    let (settings, pid) = (settings.display().to_string(), idle.process().pid().to_string());
    let words = ["/bin/sh", "-c", script, &settings, &pid];
    Both::start_in(sandbox, &words, "F10Quit")?.all("\x0c", "PID")
}

#[test]
fn a_program_that_redraws_fast() -> Result<()> {
    let script = r#"
        draw() {
            set -- $(stty size)
            frame=0
            while [ $frame -lt 200 ]; do
                frame=$((frame + 1))
                printf '\033[H\033[2J\033[48;5;%dm\033[K frame %d of %sx%s\033[m' $frame $frame $2 $1
                printf '\033[%d;%dH\033[1;7m한\033[m\033[%d;1H\033[38;2;%d;9;9mlast\033[m' \
                    $((frame % $1 + 1)) $((frame % ($2 - 1) + 1)) $1 $frame
            done
        }
        stty -echo
        printf '\033[?1049h\033[?25l'
        while draw; read line; do :; done
    "#;
    let mut both = Both::start(&["/bin/sh", "-c", script], "me 200 of")?;
    let frames = |size: Size| format!("me 200 of {}x{}", size.cols, size.rows);
    both.same(&frames(SMALL))?;
    for panes in [Panes::One, Panes::Three] {
        if panes == Panes::Three {
            both.split()?;
        }
        for area in SIZES {
            both.shown.resize(area)?;
            both.size = both.part_of(area)?;
            both.bare.resize(both.size)?;
            // The program asks for its size when it is told to draw: not before the pane has it.
            both.sandbox.ok(&["wait", "p1", "--idle", "300ms", "--timeout", "60s"])?;
            both.type_keys("<ret>")?;
            both.same(&frames(both.size))?;
        }
    }
    Ok(())
}
