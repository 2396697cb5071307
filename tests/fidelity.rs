//! What an attached client shows of a program equals what the program shows in a bare terminal of the
//! same size, text and attributes: at three sizes, after coming back, and after the server was killed.

use std::time::{Duration, Instant};

use ccc_testkit::{KitError, Process, Program, Result, Sandbox, Size, Terminal, text};

const SOON: Duration = Duration::from_secs(60);
const SMALL: Size = Size::new(80, 24);
const SIZES: [Size; 2] = [Size::new(200, 50), Size::new(60, 20)];

/// A program beside itself: in a bare terminal, and in a pane that a client looks at.
struct Both {
    sandbox: Sandbox,
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
        let bare = sandbox.program(words[0]).args(&words[1..]).env("COLORTERM", "truecolor");
        let bare = Terminal::start(&bare, SMALL)?;
        bare.wait_text(ready, SOON)?;
        sandbox.ok(&[&["new", "-d", "-n", "work", "--size", "80x24", "--"], words].concat())?;
        let shown = Terminal::start(&client(&sandbox), SMALL)?;
        shown.wait_text(ready, SOON)?;
        Ok(Self { sandbox, bare, shown })
    }

    fn type_keys(&self, keys: &str) -> Result<()> {
        self.bare.type_keys(keys)?;
        self.shown.type_keys(keys)
    }

    fn write(&self, text: &str) -> Result<()> {
        self.bare.write(text.as_bytes())?;
        self.shown.write(text.as_bytes())
    }

    /// Waits until the pane has this size: what is typed before belongs to the old one.
    fn wait_size(&self, size: Size) -> Result<()> {
        let until = Instant::now() + SOON;
        loop {
            let panes = self.sandbox.json(&["pane", "ls", "work", "--json"])?;
            let pane = &panes["panes"][0];
            if pane["cols"] == size.cols && pane["rows"] == size.rows {
                return Ok(());
            }
            if Instant::now() > until {
                let what = format!("the pane is not {}x{}", size.cols, size.rows);
                return Err(KitError::Unexpected { what, told: panes.to_string() });
            }
        }
    }

    /// Both show this text, and then the same.
    fn same(&self, with: &str) -> Result<()> {
        self.bare.wait_text(with, SOON)?;
        self.shown.wait_text(with, SOON)?;
        self.shown.wait_same(&self.bare, SOON)
    }

    /// Through the sizes, a detach and a kill, with `redraw` typed at each size.
    fn all(mut self, redraw: &str, with: &str) -> Result<()> {
        self.same(with)?;
        for size in SIZES {
            self.bare.resize(size)?;
            self.shown.resize(size)?;
            self.wait_size(size)?;
            self.write(redraw)?;
            self.same(with)?;
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
    let script = format!("exec bash --noprofile --rcfile <(printf '%s' \"$0\") -i");
    let both = Both::start(&["bash", "-c", &script, rc], "me:~")?;
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
    // What it shows changes by itself; its last line does not.
    let both = Both::start(&["htop"], "F10Quit")?;
    both.shown.wait_text("F10Quit", SOON)?;
    let last = |terminal: &Terminal| terminal.picture().rows.pop();
    assert_eq!(last(&both.shown), last(&both.bare));
    Ok(())
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
    let both = Both::start(&["/bin/sh", "-c", script], "frame 200 of")?;
    both.same("frame 200 of 80x24")?;
    for size in SIZES {
        both.bare.resize(size)?;
        both.shown.resize(size)?;
        let seen = |terminal: &Terminal| {
            let wanted = format!("ame 200 of {}x{}", size.cols, size.rows);
            terminal.wait_for(&wanted, SOON, |screen| text(screen).contains(&wanted))
        };
        // The program asks for its size when it is told to draw: not before the pane has it.
        both.sandbox.ok(&["wait", "work", "--idle", "300ms", "--timeout", "60s"])?;
        both.type_keys("<ret>")?;
        seen(&both.bare)?;
        seen(&both.shown)?;
        both.shown.wait_same(&both.bare, SOON)?;
    }
    Ok(())
}
