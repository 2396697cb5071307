//! `grant`, `role`, `revoke`: what somebody may do. Owns the reading of their words.

use ccc_proto::{Ext, Grant, Revoke, SetRole};
use clap::ValueEnum as _;

use crate::args::{GrantArgs, Level, RevokeArgs, RoleArgs};
use crate::command::life::ask_quietly;
use crate::context::Context;
use crate::failure::Failure;
use crate::output::Answer;

pub(crate) async fn grant(context: &Context, args: &GrantArgs) -> Result<Answer, Failure> {
    let attempted = format!("grant {}", args.name);
    let (session, level) = match (args.words.as_slice(), args.all) {
        ([session, level], false) => (session.clone(), level),
        ([level], true) => (String::new(), level),
        (_, true) => return Err(Failure::usage(&attempted, "with --all no session is named")),
        (_, false) => return Err(Failure::usage(&attempted, "say the session and the level")),
    };
    let level = Level::from_str(level, true).map_err(|_other| {
        Failure::usage(&attempted, format!("{level:?} is no level: view, type, own, none"))
    })?;
    let level = level.to_wire();
    let request = Grant { principal: args.name.clone(), session, level, ext: Ext::none() };
    ask_quietly(context, &attempted, request).await
}

pub(crate) async fn role(context: &Context, args: &RoleArgs) -> Result<Answer, Failure> {
    let attempted = format!("change the role of {}", args.name);
    let role = args.role.to_wire();
    let request = SetRole { principal: args.name.clone(), role, ext: Ext::none() };
    ask_quietly(context, &attempted, request).await
}

pub(crate) async fn revoke(context: &Context, args: &RevokeArgs) -> Result<Answer, Failure> {
    let attempted = format!("revoke {}", args.name);
    let request = Revoke { principal: args.name.clone(), ext: Ext::none() };
    ask_quietly(context, &attempted, request).await
}
