//! `rec import`, and what `replay` makes of another tool's file. Owns where the recording goes and what is said of
//! it; how it is made is the client library's.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use ccc_client::import::{Import, Imported, import as make};
use serde_json::json;

use crate::context::Context;
use crate::exit::{self, End};
use crate::failure::{Attempted as _, Failure};
use crate::progress::Progress;
use crate::words::{say, told};

pub(crate) fn import(context: &Context, what: &Import, as_json: bool) -> Result<End, Failure> {
    let attempted = format!("import {}", what.file.display());
    let panes = context.home.state().join("panes");
    let imported = made(&attempted, &panes, what)?;
    let wrong = imported.wrong.as_ref().map(ToString::to_string);
    let mut out = io::stdout().lock();
    if as_json {
        let answer = json!({
            "recording": imported.ulid.as_str(),
            "form": imported.form,
            "bytes": imported.bytes,
            "duration_ms": u64::try_from(imported.duration.as_millis()).unwrap_or(u64::MAX),
            "wrong": wrong,
        });
        writeln!(out, "{answer}").attempted(&attempted)?;
    } else {
        writeln!(out, "{}", imported.ulid).attempted(&attempted)?;
    }
    let Some(wrong) = wrong else { return Ok(End::Done) };
    tell(what, &wrong).attempted(&attempted)?;
    Ok(End::Status(exit::FAILED.into()))
}

/// A recording that is there as long as it is looked at.
#[derive(Debug)]
pub(crate) struct Passing {
    folder: PathBuf,
    pub(crate) dir: PathBuf,
}

impl Passing {
    /// Imports a file for a look.
    pub(crate) fn of(attempted: &str, file: &Path) -> Result<Self, Failure> {
        let folder = std::env::temp_dir().join(format!("ccc-replay-{}", std::process::id()));
        // Removed also when the import fails.
        let mut passing = Self { dir: folder.clone(), folder };
        let what = Import { file: file.to_owned(), ..Import::default() };
        let imported = made(attempted, &passing.folder, &what)?;
        if let Some(wrong) = &imported.wrong {
            tell(&what, &wrong.to_string()).attempted(attempted)?;
        }
        passing.dir = imported.dir;
        Ok(passing)
    }
}

impl Drop for Passing {
    fn drop(&mut self) {
        // What cannot be removed is in a folder that the system empties.
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn made(attempted: &str, panes: &Path, what: &Import) -> Result<Imported, Failure> {
    let length = std::fs::metadata(&what.file).map_or(0, |file| file.len());
    let mut progress = Progress::new(length);
    let imported = make(panes, what, &mut |bytes| progress.add(bytes));
    progress.end().attempted(attempted)?;
    imported.map_err(|error| Failure::other(attempted, error))
}

fn tell(what: &Import, wrong: &str) -> io::Result<()> {
    let file = what.file.display();
    let (note, wrong) = (say("note:"), told(wrong));
    let kept = say("what comes before was taken");
    writeln!(io::stderr().lock(), "{note} {file}: {wrong}; {kept}")
}
