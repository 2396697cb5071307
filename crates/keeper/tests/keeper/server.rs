//! A server in the hands of its keeper.

use std::process::ExitCode;

use crate::Case;

pub const CASES: &[Case] = &[];

pub fn run(_arguments: &[String]) -> ExitCode {
    ExitCode::SUCCESS
}
