//! Commands that somebody brings from elsewhere, and their going.

use ccc_proto::{CommandsImported, Ext, ForgetImported, ImportCommands, ImportedForgotten};

use super::Asked;
use crate::fault::Fault;
use crate::history::Import;

/// The most commands of one message: a megabyte or so.
const AT_ONCE: usize = 4096;

pub(super) async fn import(asked: &mut Asked<'_>, request: ImportCommands) -> Result<(), Fault> {
    let ImportCommands { source, commands, .. } = request;
    if commands.len() > AT_ONCE {
        let why = format!("{} commands came at once, and {AT_ONCE} are the most", commands.len());
        return Err(Fault::invalid(why));
    }
    if source.name() == "other" {
        return Err(Fault::unsupported("this server does not know the history they come from"));
    }
    let who = asked.principal().id.clone();
    let taken = asked.ctx.history.import(Import { who, source, commands }).await?;
    let (added, known) = (taken.added, taken.known);
    asked.reply(CommandsImported { added, known, ext: Ext::none() }).await
}

/// Forgets those that the asker sees.
pub(super) async fn forget(asked: &mut Asked<'_>, _request: ForgetImported) -> Result<(), Fault> {
    let principal = asked.principal();
    let who = (!principal.sees_all_imported()).then(|| principal.id.clone());
    let commands = asked.ctx.history.forget_imported(who).await?;
    asked.reply(ImportedForgotten { commands, ext: Ext::none() }).await
}
