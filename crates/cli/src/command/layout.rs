//! Tabs, splits and saved layouts. Owns the requests and the reading of words like `right 5`.

use std::io::{self, Read as _};
use std::path::Path;

use ccc_proto::{
    Direction, Ext, LayoutLoad, LayoutSave, LayoutText, Message, PaneBreak, PaneClose, PaneFloat,
    PaneResize, PaneSwap, PaneZoom, PresetLayout, Split, SwapWith, TabClose, TabMove, TabNew,
    Toggle, WireSize,
};
use clap::ValueEnum as _;

use super::life::{ask_done, ask_quietly, rename_words, select, spawn};
use super::listing;
use crate::args::{LayoutCommand, PaneCommand, Side, SpawnArgs, SplitArgs, TabCommand};
use crate::context::{Context, unexpected};
use crate::failure::{Attempted as _, Failure};
use crate::output::Answer;
use crate::{json, target};

pub(crate) async fn tab(context: &Context, command: TabCommand) -> Result<Answer, Failure> {
    let here = |named: Option<String>| target::or_here(named.as_deref(), context);
    match command {
        TabCommand::New { target, name, detached, spawn: args, .. } => {
            let request = TabNew {
                target: here(target),
                name: name.unwrap_or_default(),
                background: detached,
                spawn: spawn(context, args, WireSize::default()),
                ext: Ext::none(),
            };
            let done = ask_done(context, "make a tab", request).await?;
            let text = done.tab.map(|tab| format!("{tab}\n")).unwrap_or_default();
            Ok(Answer { text, json: json::done(&done) })
        }
        TabCommand::Ls { target, .. } => listing::tabs(context, &here(target)).await,
        TabCommand::Select { target, client, .. } => select(context, &target, client).await,
        TabCommand::Rename { words, .. } => {
            // A bare session or pane must not be renamed by a command that says tab.
            rename_words(context, &words).await
        }
        TabCommand::Move { target, place, .. } => {
            let attempted = format!("move {target}");
            let request = TabMove { target, to: place - 1, ext: Ext::none() };
            ask_quietly(context, &attempted, request).await
        }
        TabCommand::Close { target, .. } => {
            let target = here(target);
            if target.is_empty() {
                return Err(Failure::usage("close a tab", "say which one"));
            }
            let attempted = format!("close {target}");
            ask_quietly(context, &attempted, TabClose { target, ext: Ext::none() }).await
        }
    }
}

pub(crate) async fn split(context: &Context, args: SplitArgs) -> Result<Answer, Failure> {
    let (cells, percent) = match args.size.as_deref().map(part_size) {
        None => (0, 0),
        Some(Ok(size)) => size,
        Some(Err(why)) => return Err(Failure::usage("split", why)),
    };
    let target = target::or_here(args.target.as_deref(), context);
    let request = Split {
        target,
        direction: if args.right { Direction::RIGHT } else { Direction::DOWN },
        cells,
        percent,
        background: args.detached,
        revision: 0,
        spawn: spawn(context, args.spawn, WireSize::default()),
        ext: Ext::none(),
    };
    let done = ask_done(context, "split", request).await?;
    let text = done.pane.map(|pane| format!("{pane}\n")).unwrap_or_default();
    Ok(Answer { text, json: json::done(&done) })
}

/// `30` is cells, `30%` is percent.
fn part_size(text: &str) -> Result<(u16, u16), String> {
    let wrong = || format!("{text:?} is no size: write cells like 20, or percent like 30%");
    match text.strip_suffix('%') {
        Some(percent) => match percent.parse() {
            Ok(percent) if (1..=99).contains(&percent) => Ok((0, percent)),
            _ => Err(wrong()),
        },
        None => match text.parse() {
            Ok(cells) if cells > 0 => Ok((cells, 0)),
            _ => Err(wrong()),
        },
    }
}

pub(crate) async fn pane(context: &Context, command: PaneCommand) -> Result<Answer, Failure> {
    let here = |named: Option<String>| target::or_here(named.as_deref(), context);
    let ext = Ext::none();
    match command {
        PaneCommand::Ls { target, .. } => {
            listing::panes(context, target.as_deref().unwrap_or_default()).await
        }
        PaneCommand::Select { target, client, .. } => select(context, &target, client).await,
        PaneCommand::Resize { words, .. } => {
            let (target, rest) = target::split_words(&words, 3, context)
                .map_err(|why| Failure::usage("resize", why))?;
            let (direction, cells) =
                border_move(rest).map_err(|why| Failure::usage("resize", why))?;
            let request = PaneResize { target, direction, cells, ext };
            ask_quietly(context, "resize the pane", request).await
        }
        PaneCommand::Swap { target, previous, with, .. } => {
            let (with, other) = match (with, previous) {
                (Some(other), _) => (SwapWith::OTHER, other),
                (None, true) => (SwapWith::PREVIOUS, String::new()),
                (None, false) => (SwapWith::NEXT, String::new()),
            };
            let request = PaneSwap { target: here(target), with, other, ext };
            ask_quietly(context, "swap panes", request).await
        }
        PaneCommand::Zoom { target, on, off, .. } => {
            let zoom = switched(on, off);
            ask_quietly(context, "zoom", PaneZoom { target: here(target), zoom, ext }).await
        }
        PaneCommand::Float { target, on, off, .. } => {
            let float = switched(on, off);
            ask_quietly(context, "float", PaneFloat { target: here(target), float, ext }).await
        }
        PaneCommand::Break { target, name, detached, .. } => {
            let request = PaneBreak {
                target: here(target),
                name: name.unwrap_or_default(),
                background: detached,
                ext,
            };
            let done = ask_done(context, "break the pane out", request).await?;
            let text = done.tab.map(|tab| format!("{tab}\n")).unwrap_or_default();
            Ok(Answer { text, json: json::done(&done) })
        }
        PaneCommand::Close { target, .. } => {
            let target = here(target);
            if target.is_empty() {
                return Err(Failure::usage("close a pane", "say which one"));
            }
            ask_quietly(context, &format!("close {target}"), PaneClose { target, ext }).await
        }
    }
}

fn border_move(words: &[String]) -> Result<(Direction, u16), String> {
    let [side, cells] = words else { return Err("say a side and how many cells".into()) };
    let side = Side::from_str(side, true)
        .map_err(|_unknown| format!("{side:?} is no side: left, right, up or down"))?;
    let direction = match side {
        Side::Left => Direction::LEFT,
        Side::Right => Direction::RIGHT,
        Side::Up => Direction::UP,
        Side::Down => Direction::DOWN,
    };
    let cells = cells.parse().map_err(|_none| format!("{cells:?} is no number of cells"))?;
    Ok((direction, cells))
}

pub(crate) async fn layout(context: &Context, command: LayoutCommand) -> Result<Answer, Failure> {
    match command {
        LayoutCommand::Save { target, output } => {
            let target = target::or_here(target.as_deref(), context);
            save(context, target, output.as_deref()).await
        }
        LayoutCommand::Load { file, name, .. } => load(context, &file, name).await,
        LayoutCommand::Preset { words, .. } => {
            let (target, preset) = match words.as_slice() {
                [target, preset] => (target.clone(), preset.clone()),
                [word] if target::own_pane(context).is_none() => (word.clone(), String::new()),
                rest => (target::or_here(None, context), rest.first().cloned().unwrap_or_default()),
            };
            let request = PresetLayout { target, preset, ext: Ext::none() };
            ask_quietly(context, "arrange the tab", request).await
        }
    }
}

async fn save(context: &Context, target: String, output: Option<&Path>) -> Result<Answer, Failure> {
    let attempted = "save the layout";
    let request = LayoutSave { target, ext: Ext::none() };
    let text = match context.ask(attempted, request).await? {
        Message::LayoutText(LayoutText { text, .. }) => text,
        other => return Err(unexpected(attempted, "LayoutText", &other)),
    };
    let json = serde_json::json!({ "layout": text });
    match output {
        None => Ok(Answer { text, json }),
        Some(file) => {
            std::fs::write(file, &text).attempted(&format!("write {}", file.display()))?;
            Ok(Answer::quiet(json))
        }
    }
}

async fn load(context: &Context, file: &Path, name: Option<String>) -> Result<Answer, Failure> {
    let attempted = format!("load {}", file.display());
    let mut text = String::new();
    if file == Path::new("-") {
        io::stdin().read_to_string(&mut text).attempted(&attempted)?;
    } else {
        text = std::fs::read_to_string(file).attempted(&attempted)?;
    }
    let request = LayoutLoad {
        name: name.unwrap_or_default(),
        text,
        spawn: spawn(context, SpawnArgs::default(), WireSize { cols: 80, rows: 24 }),
        ext: Ext::none(),
    };
    let server = context.server_or_start(&attempted).await?;
    match server.request(request).await.attempted(&attempted)? {
        Message::Done(done) => {
            let text = done.session.map(|id| format!("{id}\n")).unwrap_or_default();
            Ok(Answer { text, json: json::done(&done) })
        }
        other => Err(unexpected(&attempted, "Done", &other)),
    }
}

fn switched(on: bool, off: bool) -> Toggle {
    match (on, off) {
        (true, _) => Toggle::ON,
        (_, true) => Toggle::OFF,
        _ => Toggle::TOGGLE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_of_a_split_are_cells_or_percent() {
        assert_eq!(part_size("20"), Ok((20, 0)));
        assert_eq!(part_size("30%"), Ok((0, 30)));
        for wrong in ["", "0", "100%", "-3", "x"] {
            assert!(part_size(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_border_moves_to_a_side_by_cells() {
        let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(border_move(&words("right 5")), Ok((Direction::RIGHT, 5)));
        assert!(border_move(&words("sideways 5")).is_err());
        assert!(border_move(&words("up many")).is_err());
    }
}
