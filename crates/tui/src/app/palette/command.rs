//! Commands as they are typed into the palette: the words of the command line, for the place that one
//! looks at. Owns how each is written; what they do is in `run`.

mod rest;

use ccc_client::forward::ForwardPlan;
use ccc_client::proto::{Direction, SwapWith, Toggle, WireSize, limits};

use self::rest::{Rest, words};

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

#[cfg(test)]
mod tests;
