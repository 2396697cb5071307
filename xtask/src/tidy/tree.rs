//! The text files of the workspace. Owns which folders are ours to check.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

/// What holds nothing written by hand. In a second working tree `.git` is a file.
const SKIPPED: [&str; 4] = ["target", ".git", "corpus", "artifacts"];

/// One text file.
#[derive(Clone, Debug)]
pub(crate) struct TextFile {
    /// Below the root.
    pub(crate) path: PathBuf,
    pub(crate) text: String,
}

impl TextFile {
    pub(crate) fn is_rust(&self) -> bool {
        self.path.extension().is_some_and(|extension| extension == "rs")
    }

    /// Whether all of it is compiled for tests only, by where it lies.
    pub(crate) fn is_test(&self) -> bool {
        let folder = self.path.components().any(|part| part.as_os_str() == "tests");
        folder || self.path.file_name().is_some_and(|name| name == "tests.rs")
    }

    /// Every line with its number, from 1.
    pub(crate) fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text.lines().enumerate().map(|(index, line)| (index + 1, line))
    }

    /// The last line before the tests that stand in the same file, or the last of all.
    pub(crate) fn last_line_of_code(&self) -> usize {
        let tests = self.lines().find(|(_, line)| line.trim() == "#[cfg(test)]");
        match tests {
            // What follows may be a mere `mod tests;`, with code behind it.
            Some((line, _)) if self.text.lines().nth(line).is_some_and(opens_tests) => line,
            _ => self.text.lines().count(),
        }
    }
}

fn opens_tests(line: &str) -> bool {
    line.starts_with("mod ") && line.ends_with('{')
}

/// All of them, by path.
#[derive(Debug)]
pub(crate) struct Tree {
    pub(crate) files: Vec<TextFile>,
}

impl Tree {
    pub(crate) fn read(root: &Path) -> Result<Self> {
        let mut files = Vec::new();
        let mut folders = vec![root.to_owned()];
        while let Some(folder) = folders.pop() {
            let entries = fs::read_dir(&folder);
            for entry in entries.with_context(|| format!("list {}", folder.display()))? {
                let entry = entry?;
                let path = entry.path();
                let kind = entry.file_type()?;
                if SKIPPED.iter().any(|skipped| entry.file_name() == *skipped) {
                    continue;
                }
                if kind.is_dir() {
                    folders.push(path);
                    continue;
                }
                // What is no text has no lines to check.
                if let (true, Ok(text)) = (kind.is_file(), fs::read_to_string(&path)) {
                    let path = path.strip_prefix(root).unwrap_or(&path).to_owned();
                    files.push(TextFile { path, text });
                }
            }
        }
        files.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(Self { files })
    }

    pub(crate) fn find(&self, path: &str) -> Option<&TextFile> {
        self.files.iter().find(|file| file.path == Path::new(path))
    }
}
