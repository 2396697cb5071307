//! Requests that read what panes printed.

use ccc_proto::{Capture, Export, Tail};

use super::Asked;
use crate::fault::Fault;

pub(super) async fn capture(_asked: &mut Asked<'_>, _capture: Capture) -> Result<(), Fault> {
    Err(Fault::unsupported("this server does not capture yet"))
}

pub(super) async fn tail(_asked: &mut Asked<'_>, _tail: Tail) -> Result<(), Fault> {
    Err(Fault::unsupported("this server does not tail yet"))
}

pub(super) async fn export(_asked: &mut Asked<'_>, _export: Export) -> Result<(), Fault> {
    Err(Fault::unsupported("this server does not export yet"))
}
