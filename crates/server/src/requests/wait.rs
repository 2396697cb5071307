//! Waiting for something in a pane.

use ccc_proto::Wait;

use super::Asked;
use crate::fault::Fault;

pub(super) async fn wait(_asked: &mut Asked<'_>, _wait: Wait) -> Result<(), Fault> {
    Err(Fault::unsupported("this server does not wait yet"))
}
