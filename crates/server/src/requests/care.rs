//! Requests about the server itself: a sign of life, and how it is.

use ccc_proto::{Ext, Pong};

use super::Asked;
use crate::doctor;
use crate::fault::Fault;

pub(super) async fn ping(asked: &mut Asked<'_>) -> Result<(), Fault> {
    asked.reply(Pong { ext: Ext::none() }).await
}

pub(super) async fn doctor(asked: &mut Asked<'_>) -> Result<(), Fault> {
    let report = doctor::report(asked.ctx).await;
    asked.reply(report).await
}
