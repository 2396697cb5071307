//! Programs that people run show through `ccc` what they show in a terminal: at three sizes, with every
//! attribute that there is. Both terminals answer what they are asked, as modern ones do.

#[path = "programs/exact.rs"]
mod exact;

use std::fs;
use std::path::Path;

use ccc_testkit::{Both, Kind, Output, Result, Sandbox, Size, Terminal, installed, wait_sealed};

/// Wider and higher than the first size, then smaller than it.
const SIZES: [Size; 2] = [Size::new(110, 32), Size::new(64, 18)];
/// A line that every text here has, with what most often goes wrong.
const LINE: &str = "한글 e\u{301} 👩\u{200d}🔧 │";

fn sandbox() -> Result<Sandbox> {
    Sandbox::new(env!("CARGO_BIN_EXE_ccc"))
}

fn start(sandbox: Sandbox, words: &[&str], ready: &str) -> Result<Both> {
    Both::start(sandbox, Kind::Answering, words, ready)
}

fn write(path: &Path, text: &str) -> Result<()> {
    let folder = path.parent().unwrap_or(path);
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(path, text))
        .map_err(ccc_testkit::KitError::io("write a file for the program"))
}

/// A text file of 200 lines in the home of programs.
fn text(sandbox: &Sandbox) -> Result<String> {
    let lines =
        (1..=200).map(|number| format!("line {number} {LINE} {}\n", "word ".repeat(number % 30)));
    write(&sandbox.user_home().join("text"), &lines.collect::<String>())?;
    Ok("text".into())
}

/// Types what has the program show something, then goes through the sizes. `redraw` is typed at each,
/// after which this stands on the screen.
fn through(mut both: Both, steps: &[(&str, &str)], redraw: &str, with: &str) -> Result<()> {
    all(&both, steps)?;
    for size in SIZES {
        both.change(size, |both| both.shown.resize(size), redraw, with)?;
    }
    exact::replays(&both.sandbox)
}

/// Types what has the program show something: keys as people write them, or plain text.
fn all(both: &Both, steps: &[(&str, &str)]) -> Result<()> {
    for (keys, shows) in steps {
        if keys.contains('<') {
            both.type_keys(keys)?;
        } else {
            both.write(keys)?;
        }
        both.same(shows)?;
    }
    Ok(())
}

const SHELL_STEPS: &[(&str, &str)] = &[
    // With the prompt behind it: what is typed before it is echoed before it, or twice.
    ("echo<space>show-$((40+2))<ret>", "\nshow-42\nme>"),
    (
        "printf<space>'\\e[1;3;4:3;58:2::9:99:199mcurly\\e[m<space>\\e[9mstruck\\e[m\\n'<ret>",
        "\ncurly struck\nme>",
    ),
    ("echo<space>한글<space>abc<Left><Left><Backspace>x", "echo 한글 xbc"),
];

#[test]
fn bash() -> Result<()> {
    if !installed("bash") {
        return Ok(());
    }
    let script = "exec bash --noprofile --rcfile <(echo \"PS1='\\[\\e[32m\\]me>\\[\\e[m\\] '; unset HISTFILE\") -i";
    let both = start(sandbox()?, &["bash", "-c", script], "me>")?;
    through(both, SHELL_STEPS, "\x0c", "me> echo 한글 xbc")
}

#[test]
fn zsh() -> Result<()> {
    if !installed("zsh") {
        return Ok(());
    }
    let sandbox = sandbox()?;
    write(
        &sandbox.user_home().join(".zshrc"),
        "PS1='%F{green}me>%f '\nRPS1='%F{blue}right%f'\nunset HISTFILE\n",
    )?;
    let both = start(sandbox, &["zsh", "-i", "-d"], "me>")?;
    through(both, SHELL_STEPS, "\x0c", "me> echo 한글 xbc")
}

#[test]
fn fish() -> Result<()> {
    if !installed("fish") {
        return Ok(());
    }
    let prompt = "function fish_prompt; set_color green; echo -n 'me> '; set_color normal; end; set -g fish_greeting; set -g fish_autosuggestion_enabled 0";
    let mut both =
        start(sandbox()?, &["fish", "--no-config", "--private", "-i", "-C", prompt], "me>")?;
    let steps = [
        ("echo<space>show-(math<space>40+2)<ret>", "\nshow-42\nme>"),
        ("echo<space>한글<space>abc<Left><Left><Backspace>x", "echo 한글 xbc"),
    ];
    all(&both, &steps)?;
    for size in SIZES {
        both.shown.resize(size)?;
        both.size = both.part_of(size)?;
        both.resize_bare()?;
        // It draws nothing when its line still fits.
        both.sandbox.ok(&["wait", "p1", "--idle", "300ms", "--timeout", "60s"])?;
        both.write("\x0c")?;
        both.same("me> echo 한글 xbc")?;
    }
    exact::replays(&both.sandbox)
}

#[test]
fn vim() -> Result<()> {
    let Some(vim) = ["vim", "vim.tiny"].into_iter().find(|vim| installed(vim)) else {
        return Ok(());
    };
    let sandbox = sandbox()?;
    let file = text(&sandbox)?;
    let set = "set number cursorline hlsearch laststatus=2 noswapfile termguicolors";
    let both =
        start(sandbox, &[vim, "-u", "NONE", "-i", "NONE", "-N", "--cmd", set, &file], "line 1 ")?;
    let steps = [
        ("/line<space>100<ret>", "100 line 100"),
        (":split<ret>", "text"),
        ("Gione<space>한글<esc>gg", "1 line 1 "),
    ];
    through(both, &steps, "\x0c", "1 line 1 ")
}

#[test]
fn nvim() -> Result<()> {
    if !installed("nvim") {
        return Ok(());
    }
    let sandbox = sandbox()?;
    let file = text(&sandbox)?;
    let set = "set number cursorline laststatus=2 noswapfile termguicolors";
    let both =
        start(sandbox, &["nvim", "-u", "NONE", "-i", "NONE", "--cmd", set, &file], "line 1 ")?;
    let steps =
        [("/line<space>100<ret>", "100 line 100"), (":vsplit<ret>", "text"), ("gg", "1 line 1 ")];
    through(both, &steps, "\x0c", "1 line 1 ")
}

#[test]
fn less() -> Result<()> {
    if !installed("less") {
        return Ok(());
    }
    let sandbox = sandbox()?;
    let file = text(&sandbox)?;
    let both = start(sandbox, &["less", "-N", &file], "line 1 ")?;
    let steps = [("/line<space>50<ret>", "line 50 "), ("G", "line 200 "), ("10g", "10 line 10 ")];
    through(both, &steps, "10g", "10 line 10 ")
}

#[test]
fn emacs() -> Result<()> {
    if !installed("emacs") {
        return Ok(());
    }
    let sandbox = sandbox()?;
    let file = text(&sandbox)?;
    let quiet = "(setq inhibit-startup-screen t auto-save-default nil make-backup-files nil create-lockfiles nil)";
    let both = start(sandbox, &["emacs", "-nw", "-Q", "--eval", quiet, &file], "line 1 ")?;
    let steps = [
        ("<M-g>g50<ret>", "line 50 "),
        ("typed<space>한글", "typed 한글"),
        ("<C-x>2", "U:**-"),
        ("<C-x>1", "typed 한글"),
    ];
    through(both, &steps, "\x0c", "typed 한글")
}

#[test]
fn nano() -> Result<()> {
    if !installed("nano") {
        return Ok(());
    }
    let sandbox = sandbox()?;
    let file = text(&sandbox)?;
    let both = start(sandbox, &["nano", "--ignorercfiles", "--linenumbers", &file], "line 1 ")?;
    let steps = [("<C-w>line<space>50<ret>", "50 line 50 "), ("typed<space>한글", "typed 한글")];
    through(both, &steps, "\x0c", "typed 한글")
}

#[test]
fn mc() -> Result<()> {
    if !installed("mc") {
        return Ok(());
    }
    let sandbox = sandbox()?;
    text(&sandbox)?;
    // Neither the room on the disk nor a hint, which are never the same twice.
    let ini = "[Layout]\nfree_space=false\nmessage_visible=0\nxterm_title=false\n";
    write(&sandbox.user_home().join(".config/mc/ini"), ini)?;
    let both = start(sandbox, &["mc", "--nosubshell", "--nomouse"], "10Quit")?;
    let steps = [("<F9>", "Options"), ("<esc><esc>", "10Quit")];
    through(both, &steps, "\x0c", "1Help")
}

/// A program that does nothing, to be looked at by those that list programs.
fn idle(sandbox: &Sandbox) -> Result<Terminal> {
    Terminal::start(&sandbox.program("sleep").args(["1000"]), SIZES[0])
}

#[test]
fn htop() -> Result<()> {
    if !installed("htop") {
        return Ok(());
    }
    let sandbox = sandbox()?;
    let settings = "fields=0 48 17 18 38 39 40 2 46 47 49 1\nhide_kernel_threads=1\nheader_layout=one_100\n\
                    column_meters_0=Hostname\ncolumn_meter_modes_0=2\ncolor_scheme=0\ndelay=1000\n";
    write(&sandbox.user_home().join(".config/htop/htoprc"), settings)?;
    let idle = idle(&sandbox)?;
    let both = start(
        sandbox,
        &["htop", "-d", "1000", "-p", &idle.process().pid().to_string()],
        "F10Quit",
    )?;
    through(both, &[("<F6>", "Sort by"), ("<esc>", "F10Quit")], "\x0c", "PID")
}

#[test]
fn top() -> Result<()> {
    if !installed("top") {
        return Ok(());
    }
    let sandbox = sandbox()?;
    let idle = idle(&sandbox)?;
    let both =
        start(sandbox, &["top", "-d", "1000", "-p", &idle.process().pid().to_string()], "PID")?;
    // Load, processors and memory are never the same twice: off with all of them.
    both.write_slowly("ltttmmm")?;
    through(both, &[], " ", "PID")
}

#[test]
fn fzf() -> Result<()> {
    if !installed("fzf") {
        return Ok(());
    }
    let sandbox = sandbox()?;
    let file = text(&sandbox)?;
    let script = format!("exec fzf --preview 'echo looked at {{2}}' <{file}");
    let both = start(sandbox, &["/bin/sh", "-c", &script], "200/200")?;
    let steps = [("line<space>19", "looked at 19"), ("<Up><Up>", "line 19")];
    through(both, &steps, "\x0c", "looked at 19")
}

#[test]
fn fzf_below_the_prompt() -> Result<()> {
    if !installed("fzf") {
        return Ok(());
    }
    let sandbox = sandbox()?;
    let file = text(&sandbox)?;
    let script = format!("echo above; exec fzf --height=8 --border --no-info <{file}");
    let both = start(sandbox, &["/bin/sh", "-c", &script], "line 1 ")?;
    let steps = [("line<space>19", "> line 19"), ("<Up><Up>", "line 19")];
    // It stays where it is when the size changes, so it is looked at in one size.
    all(&both, &steps)?;
    exact::replays(&both.sandbox)
}

/// A repository with a few commits, always the same.
fn repository(sandbox: &Sandbox) -> Result<Output> {
    let script = "cd ~ && git init -q -b main . && for n in 1 2 3 4 5 6 7 8 9; do echo $n >file$n && git add . && \
                  git commit -q -m \"change $n 한글\" || exit 1; done && git checkout -q -b side HEAD~3 && echo x >x && \
                  git add x && git commit -q -m side && git checkout -q main && git merge -q -m merged side";
    let name = |program: ccc_testkit::Program, who: &str| {
        let program = program
            .env(format!("GIT_{who}_NAME"), "someone")
            .env(format!("GIT_{who}_EMAIL"), "someone@example.com");
        program.env(format!("GIT_{who}_DATE"), "2026-01-02T03:04:05Z")
    };
    let program = sandbox.program("/bin/sh").args(["-c", script]);
    sandbox.run_program(&name(name(program, "AUTHOR"), "COMMITTER"), b"")
}

#[test]
fn git_log() -> Result<()> {
    if !installed("git") || !installed("less") {
        return Ok(());
    }
    let sandbox = sandbox()?;
    let made = repository(&sandbox)?;
    assert_eq!(made.code, Some(0), "{}", made.stderr);
    let words = [
        "env",
        "GIT_PAGER=less -R",
        "LESS=",
        "git",
        "log",
        "--graph",
        "--stat",
        "--color=always",
        "--decorate",
    ];
    let both = start(sandbox, &words, "merged")?;
    through(both, &[("/change<space>5<ret>", "change 5"), ("1g", "merged")], "1g", "merged")
}

#[test]
fn tig() -> Result<()> {
    if !installed("tig") {
        return Ok(());
    }
    let sandbox = sandbox()?;
    let made = repository(&sandbox)?;
    assert_eq!(made.code, Some(0), "{}", made.stderr);
    let both = start(sandbox, &["tig"], "merged")?;
    through(both, &[("jj<ret>", "file9"), ("q", "[main]")], "\x0c", "[main]")
}

#[test]
fn man() -> Result<()> {
    if !installed("man") || !installed("less") {
        return Ok(());
    }
    let sandbox = sandbox()?;
    let page =
        ".TH PAGE 1\n.SH NAME\npage \\- with \\fBbold\\fP and \\fIunderlined\\fP words\n.SH TEXT\n";
    write(
        &sandbox.user_home().join("page.1"),
        &format!("{page}{}", "some words to fill lines ".repeat(200)),
    )?;
    let both = start(sandbox, &["env", "MANPAGER=less -R", "man", "-l", "page.1"], "NAME")?;
    through(both, &[("G", "PAGE(1)"), ("1g", "NAME")], "1g", "NAME")
}

#[test]
fn python() -> Result<()> {
    if !installed("python3") {
        return Ok(());
    }
    let both = start(sandbox()?, &["python3", "-q", "-E"], ">>>")?;
    let steps = [
        ("print('한글'<space>*<space>3)<ret>", "\n한글한글한글\n>>>"),
        ("1/0<ret>", "ZeroDivisionError: division by zero\n>>>"),
        ("len('abc')", "len('abc')"),
    ];
    through(both, &steps, "\x0c", ">>> len('abc')")
}

#[test]
fn dialog() -> Result<()> {
    if !installed("dialog") {
        return Ok(());
    }
    let words = [
        "dialog",
        "--title",
        "A title",
        "--checklist",
        "한글 to choose from",
        "0",
        "0",
        "0",
        "one",
        "the first",
        "on",
        "two",
        "한글",
        "off",
    ];
    let both = start(sandbox()?, &words, "Cancel")?;
    // It keeps its place when the size changes.
    all(&both, &[("<Down>", "two"), ("<space>", "[*]"), ("<Tab>", "Cancel")])?;
    exact::replays(&both.sandbox)
}

#[test]
fn whiptail() -> Result<()> {
    if !installed("whiptail") {
        return Ok(());
    }
    let words = ["whiptail", "--title", "A title", "--yesno", "한글 to choose from", "10", "40"];
    let both = start(sandbox()?, &words, "<No>")?;
    both.same("<No>")?;
    both.type_keys("<Tab>")?;
    both.same("<No>")?;
    exact::replays(&both.sandbox)
}

#[test]
fn tmux_inside() -> Result<()> {
    if !installed("tmux") {
        return Ok(());
    }
    let sandbox = sandbox()?;
    // Two of them, each with a server of its own.
    let script = "exec tmux -L \"own-$$\" -f /dev/null new-session 'PS1=me\\>; export PS1; exec /bin/sh' \\; set -g status-right '' \\; set -g prefix C-a \\; set -g exit-empty on";
    let both = start(sandbox, &["/bin/sh", "-c", script], "me>")?;
    let steps = [("<C-a>%", "│$"), ("echo<space>show-$((40+2))<ret>", "show-42")];
    through(both, &steps, "\x0c", "me>")
}

#[test]
fn a_storm_of_lines() -> Result<()> {
    let script = "i=0; while [ $i -lt 3000 ]; do i=$((i+1)); printf '\\033[3%dmline %d 한글 %0*d\\033[m\\n' $((i%8)) $i $((i%97+1)) 7; done; printf done; stty -echo; while read line; do printf '\\033[H\\033[Jagain'; done";
    let both = start(sandbox()?, &["/bin/sh", "-c", script], "\ndone")?;
    both.same("\ndone")?;
    both.write("\r")?;
    both.same("again")?;
    exact::replays(&both.sandbox)
}

/// What agents do: a block of lines at the end of what was printed, drawn again and again over itself
/// as one synchronized update, longer and shorter, with lines above it going to the scrollback.
#[test]
fn an_agent_like_program() -> Result<()> {
    if !installed("python3") {
        return Ok(());
    }
    let program = r#"
import os, sys
def frame(n, height):
    cols = os.get_terminal_size().columns
    lines = ["\x1b[38;5;%dm✻ Thinking… %d\x1b[0m" % (n % 216 + 16, n), "╭" + "─" * (cols - 2) + "╮"]
    lines += ["│\x1b[2m %-*s\x1b[22m│" % (cols - 3, "> line %d of %d" % (i, height)) for i in range(height)]
    lines += ["╰" + "─" * (cols - 2) + "╯", "\x1b[3m 한글 👩‍🔧 \x1b[23m\x1b]8;;https://example.com/%d\x1b\\link\x1b]8;;\x1b\\" % n]
    return lines
def draw(first, last):
    before = 0
    for n in range(first, last):
        lines = frame(n, n % 5 + 1)
        out = "\x1b[?2026h"
        if before: out += "\x1b[2K" + "\x1b[1A\x1b[2K" * (before - 1) + "\x1b[G"
        if n % 7 == 0: out += "printed %d\n" % n
        out += "\n".join(lines) + "\x1b[?2026l"
        before = len(lines)
        sys.stdout.write(out); sys.stdout.flush()
draw(0, 300)
for n, line in enumerate(sys.stdin):
    sys.stdout.write("\x1b[2J\x1b[3J\x1b[H"); draw(n * 300, n * 300 + 300)
    sys.stdout.write(" round %d" % n); sys.stdout.flush()
"#;
    let sandbox = sandbox()?;
    write(&sandbox.user_home().join("agent.py"), program)?;
    let script = "stty -echo; exec python3 agent.py";
    let mut both = start(sandbox, &["/bin/sh", "-c", script], "Thinking… 299")?;
    both.same("Thinking… 299")?;
    for (round, size) in SIZES.into_iter().enumerate() {
        both.shown.resize(size)?;
        both.size = both.part_of(size)?;
        both.resize_bare()?;
        both.write("\r")?;
        both.same(&format!("round {round}"))?;
    }
    exact::replays(&both.sandbox)
}

/// A program on the library that coding agents draw with: lines that stay, and below them a box drawn
/// again and again.
#[test]
fn an_ink_program() -> Result<()> {
    let library = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("ink/node_modules");
    if !library.join("ink").is_dir() {
        println!("SKIPPED: ink is not installed in {}", library.display());
        return Ok(());
    }
    if !installed("node") {
        return Ok(());
    }
    let program = r##"
import React, { useEffect, useState } from "react";
import { Box, Static, Text, render, useApp } from "ink";
const h = React.createElement;
const FRAMES = 40;
function Agent({ round }) {
  const { exit } = useApp();
  const [n, next] = useState(0);
  useEffect(() => {
    if (n === FRAMES) { exit(); return; }
    const timer = setTimeout(() => next(n + 1), 4);
    return () => clearTimeout(timer);
  }, [n]);
  const said = Array.from({ length: Math.floor(n / 5) }, (_, i) => `said ${i} 한글 👩‍🔧 ${"word ".repeat(i * 3)}`);
  const spinner = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"[n % 10];
  return h(React.Fragment, null,
    h(Static, { items: said }, (line, i) => h(Text, { key: i, color: "#8899aa" }, line)),
    h(Box, { borderStyle: "round", borderColor: "cyan", flexDirection: "column", paddingX: 1 },
      h(Text, { bold: true, color: "green" }, `${spinner} Thinking… ${n}`),
      h(Text, { dimColor: true, wrap: "truncate-end" }, "a long line ".repeat(20)),
      n % 3 === 0 ? h(Text, { italic: true, underline: true }, "sometimes a line more") : null,
      h(Box, { justifyContent: "space-between" },
        h(Text, { inverse: true }, " left "), h(Text, { strikethrough: true }, "right"))));
}
for (let round = 0; ; round++) {
  const app = render(h(Agent, { round }), { exitOnCtrlC: false });
  await app.waitUntilExit();
  process.stdout.write(` round ${round}`);
  await new Promise(done => process.stdin.once("data", done));
  process.stdout.write("\x1b[2J\x1b[3J\x1b[H");
}
"##;
    let sandbox = sandbox()?;
    write(&sandbox.user_home().join("agent.mjs"), program)?;
    std::os::unix::fs::symlink(library, sandbox.user_home().join("node_modules"))
        .map_err(ccc_testkit::KitError::io("link the library"))?;
    let script = "stty -echo; exec node agent.mjs";
    let mut both = start(sandbox, &["/bin/sh", "-c", script], "round 0")?;
    both.same("round 0")?;
    for (round, size) in (1..).zip(SIZES) {
        both.shown.resize(size)?;
        both.size = both.part_of(size)?;
        both.resize_bare()?;
        both.write("\r")?;
        both.same(&format!("round {round}"))?;
    }
    exact::replays(&both.sandbox)
}

/// A compiler's messages in colour, and a spinner beside what it does, as builds print them.
#[test]
fn a_build() -> Result<()> {
    let sandbox = sandbox()?;
    write(
        &sandbox.user_home().join("build/Cargo.toml"),
        "[package]\nname = \"wrong\"\nversion = \"0.1.0\"\nedition = \"2021\"\n[workspace]\n",
    )?;
    write(
        &sandbox.user_home().join("build/src/main.rs"),
        "fn main() { let 한글 = 1; nowhere() }\n",
    )?;
    // Not what a HOME of its own would choose.
    let cargo = env!("CARGO");
    let rustc = Path::new(cargo).with_file_name("rustc");
    let rustc = rustc.display();
    let script = format!(
        "cd build && RUSTC={rustc} {cargo} build --offline --color always --config term.progress.when=\\'never\\' 2>&1 | \
         sed 's/ in [0-9.]*s//'; printf 'done'; stty -echo; while read line; do printf '\\033[H\\033[Jagain'; done"
    );
    let both = start(sandbox, &["/bin/sh", "-c", &script], "done")?;
    both.same("could not compile")?;
    both.write("\r")?;
    both.same("again")?;
    exact::replays(&both.sandbox)
}

/// More than one file of a recording takes, in several sizes, and part of it compressed: keyframes are gone
/// from as well.
#[test]
fn a_flood() -> Result<()> {
    let mib = std::env::var("CCC_FLOOD_MIB").ok().and_then(|mib| mib.parse().ok()).unwrap_or(2);
    let sandbox = sandbox()?;
    sandbox.configure("[recording]\nsegment_bytes = 1048576\n")?;
    let line = format!("\u{1b}[3{}m{LINE} {}\u{1b}[m\n", 4, "words of a line ".repeat(5));
    let many = usize::max(mib << 20, 1) / line.len();
    write(&sandbox.user_home().join("flood"), &line.repeat(many))?;
    let script =
        "stty -echo; printf ready; while read part; do cat flood; printf \"part-$part\"; done";
    sandbox.ok(&["new", "-d", "-n", "work", "--size", "80x24", "--", "/bin/sh", "-c", script])?;
    for (part, size) in ["80x24", "120x30", "61x19"].into_iter().enumerate() {
        sandbox.ok(&["resize", "work", size])?;
        sandbox.ok(&["send", "work", &part.to_string(), "--enter"])?;
        let shows = format!("part-{part}");
        sandbox.ok(&["wait", "work", "--match", &shows, "--timeout", "600s"])?;
    }
    wait_sealed(&sandbox.recording()?)?;
    exact::replays(&sandbox)
}
