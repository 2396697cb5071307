//! `cargo xtask tidy`: the house rules that no compiler checks. Owns the list of rules; each file
//! beside this one owns a few. The same rules run as tests in `cargo test --workspace`.

mod arrows;
mod documents;
mod files;
mod tree;
mod words;

use std::fmt;
use std::path::PathBuf;

use anyhow::{Result, bail};

use crate::workspace::{metadata, root};
use tree::Tree;

#[cfg(test)]
mod tests;

/// A broken rule: where, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    /// Below the root of the workspace.
    pub(crate) path: PathBuf,
    /// From 1; `None` when the whole file is meant.
    pub(crate) line: Option<usize>,
    pub(crate) why: String,
}

impl Finding {
    fn file(path: impl Into<PathBuf>, why: impl Into<String>) -> Self {
        Self { path: path.into(), line: None, why: why.into() }
    }

    fn line(path: impl Into<PathBuf>, line: usize, why: impl Into<String>) -> Self {
        Self { path: path.into(), line: Some(line), why: why.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}:{line}: {}", self.path.display(), self.why),
            None => write!(f, "{}: {}", self.path.display(), self.why),
        }
    }
}

pub(crate) fn run() -> Result<()> {
    let findings = findings()?;
    for finding in &findings {
        println!("{finding}");
    }
    match findings.len() {
        0 => Ok(()),
        count => bail!("{count} rules of the house are broken"),
    }
}

/// Everything that is not as it should be.
pub(crate) fn findings() -> Result<Vec<Finding>> {
    let tree = Tree::read(&root())?;
    let metadata = metadata()?;
    let mut findings = arrows::check(&metadata)?;
    findings.extend(files::check(&tree));
    findings.extend(words::check(&tree));
    findings.extend(documents::check(&tree, &metadata)?);
    Ok(findings)
}
