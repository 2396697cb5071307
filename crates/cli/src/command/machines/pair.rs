//! `pair`: this machine's key enrolled by a link. Owns the reading of the link and the words afterwards.

use std::io::{self, Read as _, Write as _};

use ccc_client::{Enrolled, InviteLink, Server, SpokenCode, checked_address};
use serde_json::json;

use crate::args::PairArgs;
use crate::context::Context;
use crate::failure::{Attempted as _, Failure};
use crate::output::{Answer, label};
use crate::words::{say, with};

/// The most that is read as a link.
const LONGEST: u64 = 4096;

pub(crate) async fn pair(context: &Context, args: &PairArgs) -> Result<Answer, Failure> {
    let attempted = "pair";
    let text = match args.link.as_str() {
        "-" => {
            let mut text = String::new();
            io::stdin().lock().take(LONGEST).read_to_string(&mut text).attempted(attempted)?;
            text
        }
        text => text.to_owned(),
    };
    if args.at.is_some() && context.via.is_some() {
        let why = "a code is used with an address, and not with --via: use a link there";
        return Err(Failure::usage(attempted, why));
    }
    if let Some(at) = &args.at {
        let at =
            checked_address(at).map_err(|error| Failure::usage(attempted, error.to_string()))?;
        let code: SpokenCode = text
            .parse()
            .map_err(|error: ccc_client::CodeError| Failure::usage(attempted, error.to_string()))?;
        let (home, endpoints) = (&context.home, &context.endpoints);
        let name = args.name.clone();
        let enrolled = ccc_client::pair_by_code(home, endpoints, &at, &code, name).await;
        return told(context, enrolled.attempted(attempted)?).await;
    }
    let link: InviteLink = text.parse().map_err(|error: ccc_client::LinkError| {
        Failure::usage(attempted, error.to_string())
            .with_hint("copy the whole line that `ccc invite` printed, in quotes")
    })?;
    let (home, endpoints) = (&context.home, &context.endpoints);
    let (via, name) = (context.via.clone(), args.name.clone());
    let enrolled = ccc_client::pair(home, endpoints, link, via, name);
    told(context, enrolled.await.attempted(attempted)?).await
}

async fn told(context: &Context, enrolled: Enrolled) -> Result<Answer, Failure> {
    let Enrolled { host, paired } = enrolled;
    let server = host.server;
    let words = ccc_client::words(&server);
    // Whether it lets us in is seen by going in.
    let there = Context { host: Some(host.clone()), ..context.clone() };
    if let Err(failure) = there.server("connect").await.map(drop::<Server>) {
        let (attempted, why) = failure.told();
        let _told = writeln!(io::stderr().lock(), "{} {attempted}: {why}", say("note:"));
    }
    let name = label(&host.name);
    let paired_with = with(
        "paired with {name}, as {called} with the role {role}",
        &[("name", &name), ("called", &label(&paired.name)), ("role", &paired.role)],
    );
    let (key, now) = (say("its key:"), say("now:"));
    let text = format!("{paired_with}\n{key} {words}\n{now} ccc attach {name}/   ccc ls {name}/\n");
    let json = json!({
        "host": host.name,
        "addresses": host.addresses,
        "server": server.to_string(),
        "words": words,
        "principal": paired.principal,
        "name": paired.name,
        "role": paired.role.to_string(),
    });
    Ok(Answer { text, json })
}
