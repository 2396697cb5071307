//! Requests upon keys: those of the server, and another one of the asker's.

use ccc_net::PeerKey;
use ccc_proto::{AddKey, CLIENT_KEY, CLIENT_KEY_EXPORT, Ext, KeyChain, Rekey, Rekeyed};

use super::Asked;
use crate::ExitKind;
use crate::blocking::aside;
use crate::clock::unix_ms;
use crate::core::house::Plan;
use crate::fault::Fault;
use crate::{principals, server_keys};

pub(super) async fn chain(asked: &mut Asked<'_>) -> Result<(), Fault> {
    let statements = server_keys::chain(&asked.ctx.state, &asked.ctx.identity);
    asked.reply(KeyChain { statements, ext: Ext::none() }).await
}

pub(super) async fn add(asked: &mut Asked<'_>, add: AddKey) -> Result<(), Fault> {
    let bad = || Fault::invalid("the new key did not sign for this connection");
    let key = PeerKey::from_spki(&add.key).ok_or_else(bad)?;
    let export = asked.client.connection.exporter(CLIENT_KEY_EXPORT, &add.key);
    let text = [CLIENT_KEY, &export.map_err(|_none| bad())?].concat();
    if !key.verify(&text, &add.proof) {
        return Err(bad());
    }
    let (id, new, now) = (asked.principal().id.clone(), key.id().to_string(), unix_ms());
    let by = asked.client.connection.peer().id().to_string();
    principals::change(asked.ctx, asked.client, move |roster| {
        Ok((roster.promise(&id, &by, &new, now)?, ()))
    })
    .await?;
    asked.done(&Plan::default()).await
}

/// Replaces the server's key. The server leaves, and its keeper starts it again with the new one.
pub(super) async fn rekey(asked: &mut Asked<'_>, rekey: Rekey) -> Result<(), Fault> {
    let ctx = std::sync::Arc::clone(asked.ctx);
    let what = if rekey.compromised { "compromised" } else { "" };
    ctx.audit.note_surely(asked.client.note("rekey").detail(what)).await;
    let replaced =
        aside(move || server_keys::replace(&ctx.state, &ctx.identity, rekey.compromised)).await?;
    let next = replaced.map_err(|error| Fault::internal(error.to_string()))?;
    asked.reply(Rekeyed { server: next.id().to_string(), ext: Ext::none() }).await?;
    if asked.send.finish().await.is_ok() {
        let arrived = asked.send.stopped();
        let _ = tokio::time::timeout(std::time::Duration::from_secs(1), arrived).await;
    }
    // It may be leaving already.
    let _ = asked.ctx.leave.try_send(ExitKind::Again);
    Ok(())
}
