//! Programs that are examples of the workspace, for tests that run them. Owns finding one beside the test, and that
//! it is no older than what it is made of: `cargo test --test NAME` builds a test and no example.

use std::env;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::{KitError, Result};

/// What builds them.
const BUILD: &str = "cargo build --workspace --examples";

/// The example of this name.
///
/// # Errors
/// It was never built, or what it is made of has changed since, in this crate or in one of ours that it uses.
pub fn example(name: &str) -> Result<PathBuf> {
    let test = env::current_exe().map_err(KitError::io("find the test that runs"))?;
    // A test lies in `deps`, beside `examples`.
    let profile = test.ancestors().nth(2).unwrap_or_else(|| Path::new("."));
    let path = profile.join("examples").join(name);
    match stale(&path) {
        Ok(None) => Ok(path),
        Ok(Some(why)) => Err(unbuilt(&path, why)),
        Err(error) => Err(unbuilt(&path, error.to_string())),
    }
}

fn unbuilt(path: &Path, why: String) -> KitError {
    let what = format!("{} is not what the sources say: build it by `{BUILD}`", path.display());
    KitError::Unexpected { what, told: why }
}

/// Why this program is not what its sources would make; `None` if it is. Cargo lists them beside it.
fn stale(program: &Path) -> io::Result<Option<String>> {
    let built = fs::metadata(program)?.modified()?;
    let list = fs::read_to_string(program.with_extension("d"))?;
    let (target, sources) = list.split_once(": ").unwrap_or_default();
    // A folder of artifacts that was copied holds programs of other sources.
    if fs::canonicalize(target.replace("\\ ", " ")).ok() != fs::canonicalize(program).ok() {
        return Ok(Some(format!("it was built as {target}")));
    }
    Ok(paths(sources)
        .find(|source| is_newer(source, built))
        .map(|source| format!("{} has changed since", source.display())))
}

/// What has gone has changed as well.
fn is_newer(source: &Path, built: SystemTime) -> bool {
    let modified = fs::metadata(source).and_then(|metadata| metadata.modified());
    modified.map_or(true, |modified| modified > built)
}

/// The paths of a list as make reads it: between spaces, those within a path behind a backslash.
fn paths(list: &str) -> impl Iterator<Item = PathBuf> {
    let list = list.trim_end().replace("\\ ", "\0");
    let paths: Vec<PathBuf> = list
        .split(' ')
        .filter(|path| !path.is_empty())
        .map(|path| path.replace('\0', " ").into())
        .collect();
    paths.into_iter()
}

#[cfg(test)]
mod tests;
