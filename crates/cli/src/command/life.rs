//! Making, naming, ending and forgetting sessions. Owns the requests and the words of the answers.

use ccc_client::Asker;
use ccc_proto::{
    DetachClient, Done, Ext, Kill, Message, New, Remove, Rename, Restart, SelectTarget, Spawn,
    WireSize,
};

use crate::args::{
    DetachArgs, KillArgs, NewArgs, RenameArgs, RestartArgs, RmArgs, SpawnArgs, SwitchArgs,
};
use crate::context::{Context, unexpected};
use crate::failure::{Attempted as _, Failure};
use crate::output::Answer;
use crate::{json, target};

/// The size of a pane that nobody looks at.
const UNSEEN: WireSize = WireSize { cols: 80, rows: 24 };

/// What a new pane starts, as this process sees the world.
pub(crate) fn spawn(context: &Context, args: SpawnArgs, size: WireSize) -> Spawn {
    let SpawnArgs { command: argv, cwd, env: set_env, no_record, .. } = args;
    Asker { argv, cwd, set_env, size, no_record, elsewhere: context.host.is_some() }.spawn()
}

/// Asks for something that is answered by what was made or changed.
pub(crate) fn ask_done(
    context: &Context,
    attempted: &str,
    request: impl Into<Message>,
) -> impl Future<Output = Result<Done, Failure>> {
    done(context, attempted, request.into())
}

async fn done(context: &Context, attempted: &str, request: Message) -> Result<Done, Failure> {
    match context.ask(attempted, request).await? {
        Message::Done(done) => Ok(done),
        other => Err(unexpected(attempted, "Done", &other)),
    }
}

/// A request whose answer is only worth saying to programs.
pub(crate) fn ask_quietly(
    context: &Context,
    attempted: &str,
    request: impl Into<Message>,
) -> impl Future<Output = Result<Answer, Failure>> {
    quiet(context, attempted, request.into())
}

async fn quiet(context: &Context, attempted: &str, request: Message) -> Result<Answer, Failure> {
    let done = done(context, attempted, request).await?;
    Ok(Answer::quiet(json::done(&done)))
}

/// The request of `new`, also when it attaches afterwards.
pub(crate) fn new_request(context: &Context, args: NewArgs, size: WireSize) -> New {
    New {
        name: args.name.unwrap_or_default(),
        or_existing: args.or_attach,
        ttl_ms: args.ttl.map_or(0, |ttl| u64::try_from(ttl.as_millis()).unwrap_or(u64::MAX)),
        spawn: spawn(context, args.spawn, args.size.unwrap_or(size)),
        ext: Ext::none(),
    }
}

pub(crate) async fn new(context: &Context, args: NewArgs) -> Result<Answer, Failure> {
    let attempted = "make a session";
    let server = context.server_or_start(attempted).await?;
    match server.request(new_request(context, args, UNSEEN)).await.attempted(attempted)? {
        Message::Done(done) => {
            let id = done.session.map(|id| format!("{id}\n")).unwrap_or_default();
            Ok(Answer { text: id, json: json::done(&done) })
        }
        other => Err(unexpected(attempted, "Done", &other)),
    }
}

pub(crate) async fn switch(context: &Context, args: &SwitchArgs) -> Result<Answer, Failure> {
    select(context, &args.target, args.client).await
}

/// Makes a client look at a place: the named one, else the one that typed last.
pub(crate) async fn select(
    context: &Context,
    to: &str,
    client: Option<ccc_proto::ClientId>,
) -> Result<Answer, Failure> {
    let request = SelectTarget { target: to.into(), client, ext: Ext::none() };
    ask_quietly(context, &format!("select {to}"), request).await
}

pub(crate) async fn rename(context: &Context, args: &RenameArgs) -> Result<Answer, Failure> {
    rename_words(context, &args.words).await
}

/// Renames what the first word, or the pane one stands in, names.
pub(crate) async fn rename_words(context: &Context, words: &[String]) -> Result<Answer, Failure> {
    let (target, rest) =
        target::split_words(words, 2, context).map_err(|why| Failure::usage("rename", why))?;
    let name = rest.first().cloned().unwrap_or_default();
    let attempted = format!("rename {target}");
    ask_quietly(context, &attempted, Rename { target, name, ext: Ext::none() }).await
}

pub(crate) async fn detach(context: &Context, args: &DetachArgs) -> Result<Answer, Failure> {
    let target = target::or_here(args.target.as_deref(), context);
    let request = DetachClient { client: args.client, target, but: None, ext: Ext::none() };
    ask_quietly(context, "detach", request).await
}

pub(crate) async fn kill(context: &Context, args: &KillArgs) -> Result<Answer, Failure> {
    let target = target::or_here(args.target.as_deref(), context);
    if target.is_empty() {
        let why = "say what to end: nothing is killed by guessing";
        return Err(Failure::usage("kill", why).with_hint("list what runs with `ccc ls`"));
    }
    let attempted = format!("kill {target}");
    let signal = args.signal.unwrap_or(0);
    ask_quietly(context, &attempted, Kill { target, signal, ext: Ext::none() }).await
}

pub(crate) async fn rm(context: &Context, args: &RmArgs) -> Result<Answer, Failure> {
    let target = args.target.clone();
    let attempted = format!("forget {target}");
    ask_quietly(context, &attempted, Remove { target, ext: Ext::none() }).await
}

pub(crate) async fn restart(context: &Context, args: &RestartArgs) -> Result<Answer, Failure> {
    let target = target::or_here(args.target.as_deref(), context);
    let attempted = format!("restart {target}");
    let spawn = spawn(context, SpawnArgs::default(), WireSize::default());
    ask_quietly(context, &attempted, Restart { target, spawn, ext: Ext::none() }).await
}
