//! The one binary. Owns the order of things: read the arguments, do what they ask, print, end with
//! the right code. What is asked is done by the libraries.

mod args;
mod at_host;
mod command;
mod context;
mod exit;
mod failure;
mod json;
mod moment;
mod names;
mod output;
mod progress;
mod reader;
mod target;
mod whole_file;
mod words;

use std::process::ExitCode;

use clap::{CommandFactory as _, Parser as _};
use clap_complete::CompleteEnv;

fn main() -> ExitCode {
    // A shell asks what a word may become, and is answered before anything else.
    CompleteEnv::with_factory(|| names::completing(args::Args::command()))
        .var(names::ASKED)
        .complete();
    match args::Args::try_parse() {
        Ok(args) => exit::end(command::run(args)),
        Err(error) => words::end_of_usage(error),
    }
}
