//! A server and its keeper as processes of their own, for tests that kill them: the part of the
//! command line that the two start each other by, and nothing else.

use std::error::Error;
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use ccc_server::ServeOptions;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Whoever started this process may have closed its end.
            let _ = writeln!(io::stderr(), "error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args_os().skip(1);
    let verb = arguments.next().unwrap_or_default();
    let exe = std::env::current_exe()?;
    if verb == "keeper" {
        let mut state_dir = PathBuf::new();
        let mut spare = false;
        while let Some(argument) = arguments.next() {
            if argument == "--state" {
                state_dir = arguments.next().unwrap_or_default().into();
            }
            spare |= argument == "--spare";
        }
        let build = env!("CARGO_PKG_VERSION").to_owned();
        ccc_keeper::run(&ccc_keeper::KeeperArgs { state_dir, spare, build })?;
        return Ok(());
    }
    let home = PathBuf::from(arguments.next().unwrap_or_default());
    let options = ServeOptions {
        state_dir: home.join("state"),
        config_dir: home.join("config"),
        exe,
        auto: false,
        listen: None,
        on_ready: Box::new(|| {
            let mut out = io::stdout().lock();
            // A server that its keeper started again has nobody who waits.
            let _ = writeln!(out, "ready").and_then(|()| out.flush());
        }),
    };
    ccc_server::serve(options)?;
    Ok(())
}
