//! All that is below a folder: a folder before what is in it, and that before anything else. Owns how deep it
//! goes. Holds a listing for each level and nothing of what it has told. Follows no link. Blocks.

use std::ffi::OsString;
use std::fs::{self, ReadDir};
use std::path::{Path, PathBuf};

use crate::CopyError;
use crate::source::{Facts, Kind};

/// Levels; each has an open descriptor. What lies deeper cannot be named by one path on most systems.
const DEEPEST: usize = 128;

/// Something below the folder.
#[derive(Debug)]
pub struct Found {
    /// From the folder on.
    pub path: PathBuf,
    /// What it is, or why the system does not tell.
    pub facts: Result<Facts, CopyError>,
}

/// A walk that has begun.
#[derive(Debug)]
pub struct Walk {
    root: PathBuf,
    levels: Vec<(PathBuf, ReadDir)>,
}

impl Walk {
    /// Begins below a folder.
    ///
    /// # Errors
    /// It cannot be listed.
    pub fn below(root: &Path) -> Result<Self, CopyError> {
        let listing = fs::read_dir(root).map_err(CopyError::io("list", root))?;
        Ok(Self { root: root.to_owned(), levels: vec![(PathBuf::new(), listing)] })
    }

    fn found(&mut self, path: PathBuf) -> Found {
        let whole = self.root.join(&path);
        let facts = match fs::symlink_metadata(&whole) {
            Ok(meta) => Facts::of(&meta),
            Err(error) => {
                return Found { path, facts: Err(CopyError::io("look at", &whole)(error)) };
            }
        };
        if facts.kind != Kind::Folder {
            return Found { path, facts: Ok(facts) };
        }
        if self.levels.len() >= DEEPEST {
            let error = std::io::Error::from(rustix::io::Errno::NAMETOOLONG);
            return Found { path, facts: Err(CopyError::io("list", &whole)(error)) };
        }
        match fs::read_dir(&whole) {
            Ok(listing) => {
                self.levels.push((path.clone(), listing));
                Found { path, facts: Ok(facts) }
            }
            Err(error) => Found { path, facts: Err(CopyError::io("list", &whole)(error)) },
        }
    }
}

impl Iterator for Walk {
    type Item = Found;

    fn next(&mut self) -> Option<Found> {
        loop {
            let (above, listing) = self.levels.last_mut()?;
            match listing.next() {
                Some(Ok(entry)) => {
                    let name: OsString = entry.file_name();
                    let path = above.join(name);
                    return Some(self.found(path));
                }
                Some(Err(error)) => {
                    let path = above.clone();
                    let whole = self.root.join(&path);
                    self.levels.pop();
                    return Some(Found { path, facts: Err(CopyError::io("list", &whole)(error)) });
                }
                None => drop(self.levels.pop()),
            }
        }
    }
}

#[cfg(test)]
mod tests;
