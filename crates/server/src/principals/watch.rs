//! What is over by the clock alone: invitations, tokens, keys that were replaced. Owns the waiting for the
//! next of them; nothing wakes up while there is none.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::sleep;
use tracing::warn;

use super::change_by;
use crate::clock::unix_ms;
use crate::context::Context;
use crate::core::record::Author;

/// Looked at again at the latest: a clock that was set back must not keep anything alive for long.
const AT_LATEST: Duration = Duration::from_secs(60);

/// Ends what is over until the server stops.
pub(crate) async fn watch(ctx: Arc<Context>) {
    let token = ctx.token.clone();
    loop {
        let now = unix_ms();
        let next = ctx.principals.roster().next_deadline(now);
        let wait = next.map(|at| Duration::from_millis(at.saturating_sub(now)).min(AT_LATEST));
        tokio::select! {
            () = token.cancelled() => return,
            () = ctx.principals.changed.notified() => continue,
            () = sleep(wait.unwrap_or_default()), if wait.is_some() => {}
        }
        let now = unix_ms();
        if ctx.principals.roster().stale(now).is_empty() {
            continue;
        }
        let done = change_by(&ctx, Author::server(now), move |roster| Ok((roster.stale(now), ())));
        if let Err(fault) = done.await {
            warn!(why = fault.why, "what is over could not be noted");
            // The disk may be full for a while.
            sleep(AT_LATEST).await;
        }
    }
}
