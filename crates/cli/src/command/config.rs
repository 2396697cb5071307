//! The configuration: where it lies, and what is wrong with it. Needs no server.

use std::io;
use std::path::{Path, PathBuf};

use ccc_client::Home;
use serde_json::json;

use crate::args::ConfigCommand;
use crate::exit::End;
use crate::failure::{Attempted as _, Failure};
use crate::output::Answer;

pub(crate) fn config(command: &ConfigCommand) -> Result<End, Failure> {
    match command {
        ConfigCommand::Path { json } => {
            let path = own()?;
            let text = format!("{}\n", path.display());
            let answer = Answer { text, json: json!({ "path": path.to_string_lossy() }) };
            answer.print(json.json).attempted("print")?;
            Ok(End::Done)
        }
        ConfigCommand::Check { file, json } => {
            let path = match file {
                Some(file) => file.clone(),
                None => own()?,
            };
            check(&path, file.is_some(), json.json)
        }
    }
}

fn own() -> Result<PathBuf, Failure> {
    Ok(Home::from_env().attempted("find the configuration")?.config_file())
}

/// One that was not named need not exist: then the defaults hold.
fn check(path: &Path, named: bool, json: bool) -> Result<End, Failure> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound && !named => String::new(),
        Err(error) => return Err(error).attempted(&format!("read {}", path.display())),
    };
    let problems = ccc_tui::check_config(&text);
    let lines = problems.iter().map(|problem| format!("{}: {problem}\n", path.display()));
    let listed: Vec<_> = problems
        .iter()
        .map(|problem| json!({ "line": problem.line, "message": problem.message }))
        .collect();
    let answer = Answer {
        text: lines.collect(),
        json: json!({ "path": path.to_string_lossy(), "problems": listed }),
    };
    answer.print(json).attempted("print")?;
    Ok(if problems.is_empty() { End::Done } else { End::Status(1) })
}
