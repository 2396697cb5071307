//! `attach`, and `new` when it attaches. Owns the checks before the full screen is taken; the screen
//! itself is the full-screen client's.

use std::io::{self, IsTerminal as _};

use ccc_proto::{Attach, ClientKind, Ext, Message, PixelSize, WireSize};
use ccc_tui::{Look, Options, Outcome, Prediction};

use super::life::{new_request, spawn};
use crate::args::{AttachArgs, NewArgs, Predict, SpawnArgs};
use crate::context::{Context, unexpected};
use crate::exit::End;
use crate::failure::{Attempted as _, Failure};
use crate::output::label;
use crate::target;

pub(crate) async fn attach(context: &Context, args: &AttachArgs) -> Result<End, Failure> {
    let attempted = match &args.target {
        Some(target) => format!("attach {}", label(target)),
        None => "attach".into(),
    };
    refuse_inside(context, &attempted)?;
    let size = terminal_size(&attempted)?;
    let attach = Attach {
        target: args.target.clone().unwrap_or_default(),
        create: args.create || args.target.as_deref().is_none_or(str::is_empty),
        view: args.view,
        steal: args.steal,
        size,
        pixels: PixelSize::default(),
        known: Vec::new(),
        spawn: spawn(context, SpawnArgs::default(), size),
        ext: Ext::none(),
    };
    let connect = context.connect(ClientKind::TUI, true);
    let look = match args {
        AttachArgs { raw: true, .. } => Look::Raw,
        AttachArgs { plain: true, .. } => Look::Plain,
        AttachArgs { no_bar: true, .. } => Look::NoBar,
        _ => Look::Whole,
    };
    let prediction = args.predict.map(|predict| match predict {
        Predict::Auto => Prediction::Auto,
        Predict::Always => Prediction::Always,
        Predict::Never => Prediction::Never,
    });
    let config_file = context.home.config_file();
    show(&attempted, Options { connect, attach, look, prediction, config_file }).await
}

pub(crate) async fn new(context: &Context, args: NewArgs) -> Result<End, Failure> {
    let attempted = "make a session";
    refuse_inside(context, attempted)?;
    let size = terminal_size(attempted)?;
    let server = context.server_or_start(attempted).await?;
    let session =
        match server.request(new_request(context, args, size)).await.attempted(attempted)? {
            Message::Done(done) => done.session.map(|id| id.to_string()).unwrap_or_default(),
            other => return Err(unexpected(attempted, "Done", &other)),
        };
    let attach = Attach {
        target: session,
        create: false,
        view: false,
        steal: false,
        size,
        pixels: PixelSize::default(),
        known: Vec::new(),
        spawn: spawn(context, SpawnArgs::default(), size),
        ext: Ext::none(),
    };
    let connect = context.connect(ClientKind::TUI, true);
    let config_file = context.home.config_file();
    let options = Options { connect, attach, look: Look::Whole, prediction: None, config_file };
    show("attach", options).await
}

async fn show(attempted: &str, options: Options) -> Result<End, Failure> {
    match ccc_tui::run(options).await {
        Ok(Outcome::Detached(words)) => {
            if !words.is_empty() {
                println_quietly(&words);
            }
            Ok(End::Done)
        }
        Ok(Outcome::Ended { status, words }) => {
            println_quietly(&words);
            Ok(End::Status(status))
        }
        Err(ccc_tui::TuiError::Client(error)) => {
            Err(error).attempted(attempted).map_err(Failure::carrying_status)
        }
        Err(error) => Err(Failure::other(attempted, error).carrying_status()),
    }
}

/// A session shown inside its own pane would show itself for ever.
fn refuse_inside(context: &Context, attempted: &str) -> Result<(), Failure> {
    if target::own_pane(context).is_none() || std::env::var_os("TMUX").is_some() {
        return Ok(());
    }
    let failure = Failure::usage(attempted, "this terminal is a pane of that very server");
    Err(failure.with_hint("make a tab with `ccc tab new`, or move with `ccc switch SESSION`"))
}

fn terminal_size(attempted: &str) -> Result<WireSize, Failure> {
    if !io::stdin().is_terminal() || !io::stdout().is_terminal() {
        let failure = Failure::usage(attempted, "standard input and output are no terminal");
        return Err(failure.with_hint("from a script, use `ccc new -d` and `ccc send`"));
    }
    let size = rustix::termios::tcgetwinsize(io::stdout()).map_err(io::Error::from);
    let size = size.attempted(attempted)?;
    if size.ws_col == 0 || size.ws_row == 0 {
        let failure = Failure::usage(attempted, "the terminal says that it is 0 cells large");
        return Err(failure.with_hint("tell its size: stty cols 80 rows 24"));
    }
    Ok(WireSize { cols: size.ws_col, rows: size.ws_row })
}

fn println_quietly(words: &str) {
    use std::io::Write as _;
    // The screen is restored; with standard output gone there is nobody to tell.
    let _unread = writeln!(io::stdout().lock(), "{words}");
}
