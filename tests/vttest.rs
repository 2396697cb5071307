//! vttest, walked through its menus in a terminal, in a pane of ours, and in one of tmux: the screens that
//! a pane shows are those of the terminal, but for the ones named here. Tells how many they are of how many.

use std::time::Duration;

use ccc_testkit::{Process, Program, Result, Sandbox, Size, Terminal, installed};

const SOON: Duration = Duration::from_secs(60);
/// vttest draws in one go, and then sleeps until a key comes.
const QUIET: Duration = Duration::from_millis(60);
/// How long a screen may take to become the same.
const PATIENCE: Duration = Duration::from_secs(30);
/// tmux never will where it differs, and nothing hangs on it.
const PATIENCE_WITH_TMUX: Duration = Duration::from_millis(300);
const SIZE: Size = Size::new(80, 24);
/// More keys than any of the tests takes.
const STEPS: usize = 60;
/// Entries that need more than Return: keys, the mouse, a printer, a modem line; and those that are about what
/// comes back, which vttest throws away when it comes at once. Those have tests of their own.
const SKIPPED: &[&str] = &[
    "keyboard",
    "keypad",
    "mouse",
    "printer",
    "locator",
    "modify",
    "exit",
    "newline",
    "download",
    "window",
    "focus",
    "answerback",
    "self-test",
    "report",
    "status",
    "attributes",
    "request",
    "query",
    "checksum",
    "national",
    "decrqss",
    "response",
    "decsnls",
    "lines per screen",
    "user-defined",
    "switch to/from",
    "mode 1047",
    "mode 1049",
    "specify",
    "8-bit",
];
/// Screens that differ, and why they may.
const DIFFERENT: &[(&str, &str)] = &[];

struct Walk {
    bare: Terminal,
    shown: Terminal,
    tmux: Option<Terminal>,
    /// The vttest in the pane. A key that comes before it waits for one is thrown away.
    in_pane: Process,
    /// What is compared now: the numbers chosen on the way.
    place: Vec<u32>,
    /// Where it began.
    first: u32,
    screens: usize,
    differ: Vec<String>,
    differ_in_tmux: usize,
    _sandbox: Sandbox,
}

impl Walk {
    fn start(beside: bool) -> Result<Self> {
        let sandbox = Sandbox::new(env!("CARGO_BIN_EXE_ccc"))?;
        let bare = Terminal::answering(&sandbox.program("vttest"), SIZE)?;
        sandbox.ok(&["new", "-d", "-n", "work", "--size", "80x24", "--", "vttest"])?;
        let shown = Terminal::answering(&sandbox.ccc(&["attach", "work", "--no-bar"]), SIZE)?;
        let tmux =
            (beside && installed("tmux")).then(|| Terminal::answering(&tmux(&sandbox), SIZE));
        let tmux = tmux.transpose()?;
        for terminal in [Some(&bare), Some(&shown), tmux.as_ref()].into_iter().flatten() {
            terminal.wait_text("Enter choice number", SOON)?;
        }
        let panes = sandbox.json(&["pane", "ls", "work", "--json"])?;
        let pid = panes["panes"][0]["pid"].as_u64().and_then(|pid| u32::try_from(pid).ok());
        let in_pane = pid.and_then(Process::open).expect("the pane's program");
        let (place, differ) = (Vec::new(), Vec::new());
        Ok(Self {
            bare,
            shown,
            tmux,
            in_pane,
            place,
            first: 0,
            screens: 0,
            differ,
            differ_in_tmux: 0,
            _sandbox: sandbox,
        })
    }

    fn press(&self, keys: &str) -> Result<()> {
        self.bare.write(keys.as_bytes())?;
        self.shown.write(keys.as_bytes())?;
        match &self.tmux {
            Some(tmux) => tmux.write(keys.as_bytes()),
            None => Ok(()),
        }
    }

    /// Looks at what a key led to. What differs is kept with what it looks like.
    fn compare(&mut self) -> Result<()> {
        self.bare.wait_quiet(QUIET, SOON)?;
        self.bare.process().wait_asleep(SOON)?;
        self.screens += 1;
        let place: Vec<String> = self.place.iter().map(u32::to_string).collect();
        let place = place.join(".");
        if let Err(error) = self.shown.wait_same(&self.bare, PATIENCE) {
            self.differ.push(format!("{place} (screen {}): {error}", self.screens));
        }
        self.in_pane.wait_asleep(SOON)?;
        if let Some(tmux) = &self.tmux {
            self.differ_in_tmux +=
                usize::from(tmux.wait_same(&self.bare, PATIENCE_WITH_TMUX).is_err());
        }
        Ok(())
    }

    fn is_menu(&self) -> bool {
        self.bare.text().contains("Enter choice number")
    }

    /// The numbers that can be chosen here.
    fn choices(&self) -> Vec<u32> {
        let text = self.bare.text().to_lowercase();
        let entries = text.lines().filter_map(|line| {
            let (number, name) = line.trim().split_once(". ")?;
            let skipped = SKIPPED.iter().any(|word| name.contains(word));
            number.parse().ok().filter(|number| *number > 0 && !skipped)
        });
        entries.collect()
    }

    fn title(&self) -> String {
        let text = self.bare.text();
        text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default().into()
    }

    /// Chooses an entry of the menu that is shown, sees all of it, and is back at that menu.
    fn choose(&mut self, number: u32) -> Result<()> {
        let menu = self.title();
        if self.place.is_empty() && self.first == 0 {
            self.first = number;
        }
        self.place.push(number);
        self.press(&format!("{number}\r"))?;
        self.compare()?;
        let mut steps = 0;
        while !self.is_menu() && steps < STEPS {
            self.press("\r")?;
            self.compare()?;
            steps += 1;
        }
        assert!(steps < STEPS, "{:?} does not end: {}", self.place, self.bare.text());
        if self.title() != menu {
            for number in self.choices() {
                self.choose(number)?;
            }
            self.press("0\r")?;
            self.compare()?;
        }
        self.place.pop();
        Ok(())
    }
}

fn tmux(sandbox: &Sandbox) -> Program {
    let script = "exec tmux -L \"vttest-$$\" -f /dev/null new-session vttest \\; set -g status off \\; set -s escape-time 0";
    sandbox.program("/bin/sh").args(["-c", script])
}

/// Walks through an entry of the main menu, beside tmux where vttest offers it the same tests.
fn walk(number: u32, beside_tmux: bool) -> Result<()> {
    if !installed("vttest") {
        return Ok(());
    }
    let mut walk = Walk::start(beside_tmux)?;
    walk.choose(number)?;
    walk.told()
}

impl Walk {
    /// Tells how much is the same.
    #[expect(clippy::print_stdout, reason = "the count is what this is about")]
    fn told(self) -> Result<()> {
        let (screens, differ, place) = (self.screens, self.differ.len(), self.first);
        println!("vttest {place}: {} of {screens} screens are the same", screens - differ);
        if self.tmux.is_some() {
            println!("vttest {place}: {} of {screens} in tmux", screens - self.differ_in_tmux);
        }
        let named = |told: &&String| {
            !DIFFERENT.iter().any(|(place, _)| told.starts_with(&format!("{place} ")))
        };
        let unnamed: Vec<&str> = self.differ.iter().filter(named).map(String::as_str).collect();
        assert!(unnamed.is_empty(), "{}", unnamed.join("\n"));
        Ok(())
    }
}

#[test]
fn cursor_movements() -> Result<()> {
    walk(1, true)
}

#[test]
fn screen_features() -> Result<()> {
    walk(2, true)
}

#[test]
fn character_sets() -> Result<()> {
    walk(3, false)
}

#[test]
fn double_sizes() -> Result<()> {
    walk(4, true)
}

#[test]
fn insert_and_delete() -> Result<()> {
    walk(8, true)
}

#[test]
fn known_bugs() -> Result<()> {
    walk(9, true)
}

/// The menus of later terminals, each in terminals of its own: most of the time is spent waiting.
#[test]
fn later_terminals() -> Result<()> {
    if !installed("vttest") {
        return Ok(());
    }
    let menus: Vec<_> = (1..=8)
        .map(|number| {
            std::thread::spawn(move || {
                let mut walk = Walk::start(false)?;
                walk.first = number;
                walk.press("11\r")?;
                walk.compare()?;
                if walk.choices().contains(&number) {
                    walk.choose(number)?;
                }
                walk.told()
            })
        })
        .collect();
    for menu in menus {
        menu.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
    }
    Ok(())
}
