//! What an attached client shows of a program equals what the program shows in a bare terminal of the
//! same size, text and attributes: at three sizes, after coming back, and after the server was killed.

use ccc_testkit::{Both, Kind, Panes, Result, Sandbox, Size, Terminal, installed};

const SMALL: Size = Size::new(80, 24);
const SIZES: [Size; 2] = [Size::new(200, 50), Size::new(60, 20)];

fn start(words: &[&str], ready: &str) -> Result<Both> {
    Both::start(Sandbox::new(env!("CARGO_BIN_EXE_ccc"))?, Kind::Silent, words, ready)
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
    let both = start(&["bash", "-c", script, rc], "me:~")?;
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
    let both = start(&[vim, "-u", "NONE", "-i", "NONE", "-n", "-N", "--cmd", set], "VIM")?;
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
    let both = start(&["/bin/sh", "-c", script, &colored_text()], "line 0")?;
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
    Both::start(sandbox, Kind::Silent, &words, "F10Quit")?.all("\x0c", "PID")
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
    let mut both = start(&["/bin/sh", "-c", script], "me 200 of")?;
    let frames = |size: Size| format!("me 200 of {}x{}", size.cols, size.rows);
    both.same(&frames(SMALL))?;
    for panes in [Panes::One, Panes::Three] {
        if panes == Panes::Three {
            both.split()?;
        }
        for area in SIZES {
            both.shown.resize(area)?;
            both.size = both.part_of(area)?;
            both.resize_bare()?;
            // The program asks for its size when it is told to draw.
            both.type_keys("<ret>")?;
            both.same(&frames(both.size))?;
        }
    }
    Ok(())
}
