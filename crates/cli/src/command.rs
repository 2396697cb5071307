//! From arguments to effects. Owns the dispatch; each command stands in the file of its group.

mod attach;
mod care;
mod config;
mod control;
mod copy;
mod export;
mod forward;
mod history;
mod import;
mod layout;
mod life;
mod listing;
mod machines;
mod rec;
mod replay;
mod run;
mod script;
mod search;
mod serve;
mod stdio;
mod tail;
mod top;

use std::path::PathBuf;
use std::pin::Pin;

use tokio::runtime::Builder;

use crate::args::{
    Args, Command, HistoryArgs, HistoryCommand, HostsCommand, RecCommand, Transport,
};
use crate::at_host::at_host;
use crate::context::Context;
use crate::exit::End;
use crate::failure::{Attempted as _, Failure};
use crate::output::Answer;
use crate::reader::while_read;
use crate::words;

/// A command under way.
type Commanded<'a> = Pin<Box<dyn Future<Output = Result<End, Failure>> + 'a>>;

/// Does what the arguments ask.
pub(crate) fn run(args: Args) -> Result<End, Failure> {
    match args.command {
        // These bring their own loop, or need none.
        Command::Keeper(args) => {
            words::for_programs();
            serve::keeper(&args)
        }
        Command::Serve(args) if !args.stop => {
            if args.background {
                words::for_programs();
            }
            serve::serve(&args)
        }
        Command::Completions { shell } => care::completions(shell),
        Command::Config(command) => config::config(&command),
        Command::Man { dir } => care::man(dir.as_deref()),
        Command::Stdio => stdio::stdio(),
        command => Builder::new_current_thread()
            .enable_all()
            .build()
            .attempted("start")?
            // A runtime has several places from which it drives a future, and each has a copy of it.
            .block_on(Box::pin(run_async(command, args.token_file, args.via, args.transport))
                as Commanded<'_>),
    }
}

async fn run_async(
    command: Command,
    token: Option<PathBuf>,
    via: Option<String>,
    transport: Transport,
) -> Result<End, Failure> {
    let endpoints = ccc_client::Endpoints::by(match transport {
        Transport::Auto => ccc_client::Transport::Auto,
        Transport::Quic => ccc_client::Transport::Quic,
        Transport::Tcp => ccc_client::Transport::Tcp,
    });
    let mut context = Context { via, endpoints, ..Context::from_env()? };
    if let Some(path) = token {
        context = machines::read_token(context, &path)?;
    }
    let result = run_in(&context, command).await;
    context.endpoints.drained().await;
    result
}

async fn run_in(context: &Context, mut command: Command) -> Result<End, Failure> {
    let context = at_host(context, &mut command)?;
    run_at(&context, command).await.map_err(|failure| context.explain(failure))
}

async fn run_at(context: &Context, command: Command) -> Result<End, Failure> {
    match command {
        Command::Attach(args) => attach::attach(context, &args).await,
        Command::New(args) if !args.detached && !args.json.json => attach::new(context, args).await,
        Command::Run(args) => run::run(context, args).await,
        Command::Tail(args) => while_read("tail", Box::pin(tail::tail(context, &args))).await,
        Command::Export(args) if args.output.is_none() => {
            while_read("export", Box::pin(export::export(context, &args))).await
        }
        Command::Export(args) => export::export(context, &args).await,
        Command::Events(args) => {
            while_read("watch events", Box::pin(script::events(context, &args))).await
        }
        Command::Control(_) => while_read("control", Box::pin(control::control(context))).await,
        Command::Copy(args) => copy::copy(context, &args).await,
        Command::Top(args) if !args.json.json => top::top(context, &args).await,
        Command::Replay(args) => replay::replay(context, args).await,
        Command::Forward(args) => forward::forward(context, args).await,
        Command::Search(args) => search::search(context, &args).await,
        Command::Audit(command) => {
            while_read("read the audit", Box::pin(machines::audit(context, &command))).await
        }
        Command::Rec(RecCommand::Verify { what, json }) => {
            rec::verify(context, what.as_deref(), json.json).await
        }
        Command::Rec(RecCommand::Import { file, name, timing, size, json }) => {
            let size = size.map(|size| ccc_vt::Size::new(size.cols, size.rows));
            let what = ccc_client::import::Import { file, name, timing, size };
            import::import(context, &what, json.json)
        }
        Command::History(HistoryArgs {
            command: Some(HistoryCommand::Import { file, from, json, .. }),
            ..
        }) => history::import(context, file.as_deref(), from, json.json).await,
        Command::Wait(args) if args.exit => {
            let json = args.json.json;
            let (answer, status) = script::wait_exit(context, &args).await?;
            answer.print(json).attempted("print")?;
            Ok(End::Status(status))
        }
        command => {
            let json = wants_json(&command);
            answer(context, command).await?.print(json).attempted("print")?;
            Ok(End::Done)
        }
    }
}

/// The commands that have one answer, which a control stream may ask for as well.
async fn answer(context: &Context, command: Command) -> Result<Answer, Failure> {
    match command {
        Command::Serve(args) => serve::stop(context, &args).await,
        Command::Switch(args) => life::switch(context, &args).await,
        Command::New(args) => life::new(context, args).await,
        Command::Ls(args) => listing::ls(context, &args).await,
        Command::Rename(args) => life::rename(context, &args).await,
        Command::Detach(args) => life::detach(context, &args).await,
        Command::Kill(args) => life::kill(context, &args).await,
        Command::Rm(args) => life::rm(context, &args).await,
        Command::Restart(args) => life::restart(context, &args).await,
        Command::Tab(command) => layout::tab(context, command).await,
        Command::Split(args) => layout::split(context, args).await,
        Command::Pane(command) => layout::pane(context, command).await,
        Command::Layout(command) => layout::layout(context, command).await,
        Command::Send(args) => script::send(context, &args).await,
        Command::Interrupt(args) => script::interrupt(context, &args).await,
        Command::Capture(args) => script::capture(context, &args).await,
        Command::Peek(args) => script::peek(context, &args).await,
        Command::Wait(args) => script::wait(context, &args).await,
        Command::Resize(args) => script::resize(context, &args).await,
        Command::Rec(RecCommand::Ls { .. }) => rec::ls(context).await,
        Command::Rec(RecCommand::Info { what, .. }) => rec::info(context, what.as_deref()).await,
        Command::Rec(RecCommand::Rm { target, .. }) => rec::rm(context, &target).await,
        Command::Rec(RecCommand::Pause { target, .. }) => {
            rec::set(context, target.as_deref(), false).await
        }
        Command::Rec(RecCommand::Resume { target, .. }) => {
            rec::set(context, target.as_deref(), true).await
        }
        Command::Rec(RecCommand::Forget { target, last, command, from, to, yes, .. }) => {
            let what = rec::What { last, command, from, to, yes };
            rec::forget(context, target.as_deref(), what).await
        }
        Command::History(args) => match args.command {
            None => history::history(context, &args).await,
            Some(HistoryCommand::Forget { .. }) => history::forget(context).await,
            Some(HistoryCommand::Import { .. }) => Err(no_single_answer()),
        },
        Command::Invite(args) => machines::invite(context, &args).await,
        Command::Pair(args) => machines::pair(context, &args).await,
        Command::Token(command) => machines::token(context, &command).await,
        Command::Server(command) => machines::server(context, &command).await,
        Command::Hosts(command) => machines::hosts(context, &command).await,
        Command::Who(args) => machines::who(context, &args).await,
        Command::Grant(args) => machines::grant(context, &args).await,
        Command::Role(args) => machines::role(context, &args).await,
        Command::Revoke(args) => machines::revoke(context, &args).await,
        Command::Doctor(args) if args.rebuild_index => history::rebuild(context).await,
        Command::Doctor(_) => care::doctor(context).await,
        Command::Top(args) => top::usage(context, &args).await,
        Command::Version { .. } => care::version(context).await,
        Command::Attach(_)
        | Command::Run(_)
        | Command::Tail(_)
        | Command::Events(_)
        | Command::Control(_)
        | Command::Copy(_)
        | Command::Export(_)
        | Command::Replay(_)
        | Command::Forward(_)
        | Command::Rec(RecCommand::Verify { .. } | RecCommand::Import { .. })
        | Command::Search(_)
        | Command::Audit(_)
        | Command::Completions { .. }
        | Command::Config(_)
        | Command::Man { .. }
        | Command::Stdio
        | Command::Keeper(_) => Err(no_single_answer()),
    }
}

fn no_single_answer() -> Failure {
    Failure::usage("control", "this command has no single answer; run it by itself")
}

fn wants_json(command: &Command) -> bool {
    use crate::args::{LayoutCommand, PaneCommand, ServerCommand, TabCommand, TokenCommand};
    match command {
        Command::Switch(args) => args.json.json,
        Command::New(args) => args.json.json,
        Command::Ls(args) => args.json.json,
        Command::Rename(args) => args.json.json,
        Command::Detach(args) => args.json.json,
        Command::Kill(args) => args.json.json,
        Command::Rm(args) => args.json.json,
        Command::Restart(args) => args.json.json,
        Command::Split(args) => args.json.json,
        Command::Send(args) => args.json.json,
        Command::Interrupt(args) => args.json.json,
        Command::Capture(args) => args.json.json,
        Command::Peek(args) => args.json.json,
        Command::Wait(args) => args.json.json,
        Command::Resize(args) => args.json.json,
        Command::Top(args) => args.json.json,
        Command::History(args) => match &args.command {
            Some(HistoryCommand::Import { json, .. } | HistoryCommand::Forget { json, .. }) => {
                json.json
            }
            None => args.json.json,
        },
        Command::Doctor(args) => args.json.json,
        Command::Version { json, .. } => json.json,
        Command::Invite(args) => args.json.json,
        Command::Pair(args) => args.json.json,
        Command::Who(args) => args.json.json,
        Command::Grant(args) => args.json.json,
        Command::Role(args) => args.json.json,
        Command::Revoke(args) => args.json.json,
        Command::Server(ServerCommand::Rekey { json, .. }) => json.json,
        Command::Token(
            TokenCommand::New { json, .. }
            | TokenCommand::Ls { json, .. }
            | TokenCommand::Revoke { json, .. },
        ) => json.json,
        Command::Hosts(
            HostsCommand::Ls { json }
            | HostsCommand::Add { json, .. }
            | HostsCommand::Rename { json, .. }
            | HostsCommand::Rekey { json, .. }
            | HostsCommand::Rm { json, .. },
        ) => json.json,
        Command::Tab(
            TabCommand::New { json, .. }
            | TabCommand::Ls { json, .. }
            | TabCommand::Select { json, .. }
            | TabCommand::Rename { json, .. }
            | TabCommand::Move { json, .. }
            | TabCommand::Close { json, .. },
        )
        | Command::Pane(
            PaneCommand::Ls { json, .. }
            | PaneCommand::Select { json, .. }
            | PaneCommand::Resize { json, .. }
            | PaneCommand::Swap { json, .. }
            | PaneCommand::Zoom { json, .. }
            | PaneCommand::Float { json, .. }
            | PaneCommand::Break { json, .. }
            | PaneCommand::Close { json, .. },
        )
        | Command::Layout(LayoutCommand::Load { json, .. } | LayoutCommand::Preset { json, .. })
        | Command::Rec(
            RecCommand::Ls { json, .. }
            | RecCommand::Info { json, .. }
            | RecCommand::Rm { json, .. }
            | RecCommand::Pause { json, .. }
            | RecCommand::Resume { json, .. }
            | RecCommand::Forget { json, .. },
        ) => json.json,
        _ => false,
    }
}
