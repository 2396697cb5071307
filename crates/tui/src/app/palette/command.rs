//! Commands as they are typed into the palette: the words of the command line, for the place that one
//! looks at. Owns their grammar; what they do is in `run`.

use ccc_client::forward::ForwardPlan;
use ccc_client::proto::{Direction, SwapWith, Toggle, WireSize, limits};

/// One command, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Command {
    Split {
        direction: Direction,
        cells: u16,
        percent: u16,
        argv: Vec<String>,
    },
    TabNew {
        name: String,
        argv: Vec<String>,
    },
    TabSelect(String),
    TabRename(String),
    TabMove(u16),
    TabClose,
    New {
        name: String,
        argv: Vec<String>,
    },
    Switch(String),
    Rename(String),
    Detach,
    Kill,
    Restart,
    PaneSelect(u16),
    PaneResize {
        side: Direction,
        cells: u16,
    },
    PaneSwap(SwapWith),
    PaneZoom(Toggle),
    PaneFloat(Toggle),
    PaneBreak(String),
    PaneClose,
    Layout(String),
    Resize(WireSize),
    Send {
        text: String,
        enter: bool,
    },
    Interrupt,
    /// To a port of the server, or to the one that was offered.
    Forward(Option<ForwardPlan>),
    Record(Toggle),
    /// Of this pane's recording: what was printed in the last so many milliseconds, or the last command.
    Forget(Option<u64>),
}

/// How one command is written.
struct Form {
    words: &'static [&'static str],
    usage: &'static str,
    /// What it does, in the catalogue.
    key: &'static str,
    read: fn(&mut Rest) -> Option<Command>,
}

const FORMS: &[Form] = &[
    Form {
        words: &["split"],
        usage: "split [-r|-d] [--size CELLS|PERCENT%] [-- COMMAND]",
        key: "command-split",
        read: split,
    },
    Form {
        words: &["tab", "new"],
        usage: "tab new [-n NAME] [-- COMMAND]",
        key: "command-tab-new",
        read: |rest| {
            let (name, argv) = rest.named()?;
            Some(Command::TabNew { name, argv })
        },
    },
    Form {
        words: &["tab", "select"],
        usage: "tab select NUMBER|NAME",
        key: "command-tab-select",
        read: |rest| rest.only().map(Command::TabSelect),
    },
    Form {
        words: &["tab", "rename"],
        usage: "tab rename NAME",
        key: "command-tab-rename",
        read: |rest| rest.only().map(Command::TabRename),
    },
    Form {
        words: &["tab", "move"],
        usage: "tab move PLACE",
        key: "command-tab-move",
        read: |rest| Some(Command::TabMove(rest.number()?.checked_sub(1)?)),
    },
    Form {
        words: &["tab", "close"],
        usage: "tab close",
        key: "command-tab-close",
        read: |rest| rest.end(Command::TabClose),
    },
    Form {
        words: &["new"],
        usage: "new [-n NAME] [-- COMMAND]",
        key: "command-new",
        read: |rest| {
            let (name, argv) = rest.named()?;
            Some(Command::New { name, argv })
        },
    },
    Form {
        words: &["switch"],
        usage: "switch SESSION",
        key: "command-switch",
        read: |rest| rest.only().map(Command::Switch),
    },
    Form {
        words: &["rename"],
        usage: "rename NAME",
        key: "command-rename",
        read: |rest| rest.only().map(Command::Rename),
    },
    Form {
        words: &["detach"],
        usage: "detach",
        key: "command-detach",
        read: |rest| rest.end(Command::Detach),
    },
    Form {
        words: &["kill"],
        usage: "kill",
        key: "command-kill",
        read: |rest| rest.end(Command::Kill),
    },
    Form {
        words: &["restart"],
        usage: "restart",
        key: "command-restart",
        read: |rest| rest.end(Command::Restart),
    },
    Form {
        words: &["pane", "select"],
        usage: "pane select NUMBER",
        key: "command-pane-select",
        read: |rest| rest.number().map(Command::PaneSelect),
    },
    Form {
        words: &["pane", "resize"],
        usage: "pane resize left|right|up|down [CELLS]",
        key: "command-pane-resize",
        read: pane_resize,
    },
    Form {
        words: &["pane", "swap"],
        usage: "pane swap [--next|--previous]",
        key: "command-pane-swap",
        read: |rest| match rest.one_of(&["--next", "--previous"])? {
            Some("--previous") => Some(Command::PaneSwap(SwapWith::PREVIOUS)),
            _ => Some(Command::PaneSwap(SwapWith::NEXT)),
        },
    },
    Form {
        words: &["pane", "zoom"],
        usage: "pane zoom [--on|--off]",
        key: "command-pane-zoom",
        read: |rest| rest.toggle().map(Command::PaneZoom),
    },
    Form {
        words: &["pane", "float"],
        usage: "pane float [--on|--off]",
        key: "command-pane-float",
        read: |rest| rest.toggle().map(Command::PaneFloat),
    },
    Form {
        words: &["pane", "break"],
        usage: "pane break [-n NAME]",
        key: "command-pane-break",
        read: |rest| {
            let (name, argv) = rest.named()?;
            argv.is_empty().then_some(Command::PaneBreak(name))
        },
    },
    Form {
        words: &["pane", "close"],
        usage: "pane close",
        key: "command-pane-close",
        read: |rest| rest.end(Command::PaneClose),
    },
    Form {
        words: &["rec", "pause"],
        usage: "rec pause",
        key: "command-rec-pause",
        read: |rest| rest.end(Command::Record(Toggle::OFF)),
    },
    Form {
        words: &["rec", "resume"],
        usage: "rec resume",
        key: "command-rec-resume",
        read: |rest| rest.end(Command::Record(Toggle::ON)),
    },
    Form {
        words: &["rec", "forget"],
        usage: "rec forget --command|--last MINUTESm",
        key: "command-rec-forget",
        read: |rest| {
            if rest.take("--command") {
                return rest.end(Command::Forget(None));
            }
            let last = rest.value(&["--last"])??;
            let minutes: u32 = last.strip_suffix('m').unwrap_or(&last).parse().ok()?;
            rest.end(Command::Forget(Some(u64::from(minutes) * 60_000)))
        },
    },
    Form {
        words: &["layout", "preset"],
        usage: "layout preset [even-horizontal|even-vertical|main-horizontal|main-vertical|tiled]",
        key: "command-layout",
        read: layout,
    },
    Form {
        words: &["layout"],
        usage: "layout [even-horizontal|even-vertical|main-horizontal|main-vertical|tiled]",
        key: "command-layout",
        read: layout,
    },
    Form {
        words: &["resize"],
        usage: "resize COLSxROWS|auto",
        key: "command-resize",
        read: resize,
    },
    Form {
        words: &["send"],
        usage: "send [--enter] TEXT",
        key: "command-send",
        read: |rest| {
            let enter = rest.take("--enter");
            let text = rest.0.split_off(0).join(" ");
            (enter || !text.is_empty()).then_some(Command::Send { text, enter })
        },
    },
    Form {
        words: &["interrupt"],
        usage: "interrupt",
        key: "command-interrupt",
        read: |rest| rest.end(Command::Interrupt),
    },
    Form {
        words: &["forward"],
        usage: "forward [PORT|[ADDRESS:]PORT:HOST:PORT]",
        key: "command-forward",
        read: |rest| match rest.0.len() {
            0 => Some(Command::Forward(None)),
            _ => Some(Command::Forward(Some(rest.only()?.parse().ok()?))),
        },
    },
];

/// A line that begins with the words of a command.
pub(super) struct Read {
    /// The command, or how it is written.
    pub(super) command: Result<Command, String>,
    /// What it does, in the catalogue.
    pub(super) key: &'static str,
}

/// Reads a line; `None` when it begins with no command.
pub(super) fn read(line: &str) -> Option<Read> {
    let words = words(line);
    let begins = |form: &&Form| {
        words.len() >= form.words.len()
            && words.iter().zip(form.words).all(|(word, known)| word == known)
    };
    let form = FORMS.iter().find(begins)?;
    let mut rest = Rest(words.get(form.words.len()..).unwrap_or_default().to_vec());
    let command = (form.read)(&mut rest).ok_or_else(|| form.usage.to_owned());
    Some(Read { command, key: form.key })
}

/// What follows the words of a command.
struct Rest(Vec<String>);

impl Rest {
    /// Takes a flag, wherever it stands before `--`.
    fn take(&mut self, flag: &str) -> bool {
        let end = self.0.iter().position(|word| word == "--").unwrap_or(self.0.len());
        let at = self.0.iter().take(end).position(|word| word == flag);
        at.map(|at| self.0.remove(at)).is_some()
    }

    /// Takes a flag with its value: `None` when the value is missing.
    fn value(&mut self, flags: &[&str]) -> Option<Option<String>> {
        let end = self.0.iter().position(|word| word == "--").unwrap_or(self.0.len());
        let Some(at) = self.0.iter().take(end).position(|word| flags.contains(&word.as_str()))
        else {
            return Some(None);
        };
        if at + 1 >= end {
            return None;
        }
        self.0.remove(at);
        Some(Some(self.0.remove(at)))
    }

    /// What stands behind `--`; nothing else may be left.
    fn argv(&mut self) -> Option<Vec<String>> {
        match self.0.split_first() {
            None => Some(Vec::new()),
            Some((dashes, argv)) if dashes == "--" && !argv.is_empty() => Some(argv.to_vec()),
            Some(_) => None,
        }
    }

    /// A name by `-n`, and a command.
    fn named(&mut self) -> Option<(String, Vec<String>)> {
        let name = self.value(&["-n", "--name"])?.unwrap_or_default();
        Some((name, self.argv()?))
    }

    /// One word and no more.
    fn only(&mut self) -> Option<String> {
        if self.0.len() == 1 { self.0.pop() } else { None }
    }

    fn number(&mut self) -> Option<u16> {
        self.only()?.parse().ok()
    }

    fn end(&mut self, command: Command) -> Option<Command> {
        self.0.is_empty().then_some(command)
    }

    /// At most one of these flags.
    fn one_of(&mut self, flags: &[&'static str]) -> Option<Option<&'static str>> {
        let found = flags.iter().copied().find(|flag| self.take(flag));
        self.0.is_empty().then_some(found)
    }

    fn toggle(&mut self) -> Option<Toggle> {
        Some(match self.one_of(&["--on", "--off"])? {
            Some("--on") => Toggle::ON,
            Some(_) => Toggle::OFF,
            None => Toggle::TOGGLE,
        })
    }
}

fn split(rest: &mut Rest) -> Option<Command> {
    let right = rest.take("-r") | rest.take("--right");
    let down = rest.take("-d") | rest.take("--down");
    let size = rest.value(&["--size"])?;
    let argv = rest.argv()?;
    if right && down {
        return None;
    }
    let direction = if right { Direction::RIGHT } else { Direction::DOWN };
    let (cells, percent) = match size.as_deref() {
        None => (0, 0),
        Some(size) => match size.strip_suffix('%') {
            Some(percent) => {
                (0, percent.parse().ok().filter(|percent| (1..100).contains(percent))?)
            }
            None => (size.parse().ok().filter(|cells| *cells > 0)?, 0),
        },
    };
    Some(Command::Split { direction, cells, percent, argv })
}

fn pane_resize(rest: &mut Rest) -> Option<Command> {
    let (side, cells) = match rest.0.as_slice() {
        [side] => (side, 1),
        [side, cells] => (side, cells.parse().ok().filter(|cells| *cells > 0)?),
        _ => return None,
    };
    let side = match side.as_str() {
        "left" => Direction::LEFT,
        "right" => Direction::RIGHT,
        "up" => Direction::UP,
        "down" => Direction::DOWN,
        _ => return None,
    };
    Some(Command::PaneResize { side, cells })
}

fn layout(rest: &mut Rest) -> Option<Command> {
    match rest.0.len() {
        0 => Some(Command::Layout(String::new())),
        _ => rest.only().map(Command::Layout),
    }
}

fn resize(rest: &mut Rest) -> Option<Command> {
    let size = rest.only()?;
    if size == "auto" {
        return Some(Command::Resize(WireSize { cols: 0, rows: 0 }));
    }
    let (cols, rows) = size.split_once('x')?;
    let side = |text: &str| text.parse().ok().filter(|side| (1..=limits::SIDE).contains(side));
    Some(Command::Resize(WireSize { cols: side(cols)?, rows: side(rows)? }))
}

/// Words of a line: blanks part them, quotes keep them together, a backslash takes the next character
/// as it is outside of single quotes.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        match (c, quote) {
            ('\\', None | Some('"')) => word.get_or_insert_default().extend(chars.next()),
            (c, Some(open)) if c == open => quote = None,
            (c, Some(_)) => word.get_or_insert_default().push(c),
            ('"' | '\'', None) => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (c, None) if c.is_whitespace() => words.extend(word.take()),
            (c, None) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, expected: Command) {
        assert_eq!(read(line).unwrap().command, Ok(expected), "{line}");
    }

    #[test]
    fn commands_are_read_as_on_the_command_line() {
        check(
            "split -r",
            Command::Split { direction: Direction::RIGHT, cells: 0, percent: 0, argv: vec![] },
        );
        check(
            "split --size 30% -d -- htop -d 5",
            Command::Split {
                direction: Direction::DOWN,
                cells: 0,
                percent: 30,
                argv: ["htop", "-d", "5"].map(String::from).to_vec(),
            },
        );
        check("tab new -n 'my logs'", Command::TabNew { name: "my logs".into(), argv: vec![] });
        check("rename a\\ b", Command::Rename("a b".into()));
        check("tab move 1", Command::TabMove(0));
        check("layout tiled", Command::Layout("tiled".into()));
        check("layout preset tiled", Command::Layout("tiled".into()));
        check("resize 120x40", Command::Resize(WireSize { cols: 120, rows: 40 }));
        check("pane resize left 5", Command::PaneResize { side: Direction::LEFT, cells: 5 });
        check("pane zoom --off", Command::PaneZoom(Toggle::OFF));
        check("send --enter make test", Command::Send { text: "make test".into(), enter: true });
        check("kill", Command::Kill);
        check("forward", Command::Forward(None));
        check("forward 5173", Command::Forward(Some(ForwardPlan::of_port(5173))));
        check("forward 80:db:5432", Command::Forward("80:db:5432".parse().ok()));
        check("rec pause", Command::Record(Toggle::OFF));
        check("rec forget --last 10m", Command::Forget(Some(600_000)));
        check("rec forget --command", Command::Forget(None));
    }

    #[test]
    fn what_cannot_be_read_says_how_it_is_written() {
        for line in [
            "split -r -d",
            "split --size",
            "split --size 0",
            "split --size 100%",
            "split --",
            "split x",
            "tab move 0",
            "tab rename",
            "rename a b",
            "resize 0x1",
            "pane resize over",
            "kill now",
            "pane zoom --on --off",
            "tab new -n",
            "send",
            "forward 0",
            "forward 1 2",
        ] {
            let usage = read(line).unwrap().command.unwrap_err();
            assert_eq!(usage.split(' ').next(), line.split(' ').next(), "{line}");
        }
    }

    #[test]
    fn what_is_no_command_is_none() {
        for line in ["", "  ", "splitt", "tab", "tab frobnicate", "pane", "\"split"] {
            assert!(read(line).is_none() || line == "\"split", "{line}");
        }
    }

    proptest::proptest! {
        #[test]
        fn whatever_is_typed_is_read_or_refused(line in "[a-z \\\\'\"=%0-9-]{0,40}") {
            for form in FORMS {
                let typed = format!("{} {line}", form.words.join(" "));
                // The words of a longer command may come of it.
                proptest::prop_assert!(read(&typed).is_some());
            }
        }
    }
}
