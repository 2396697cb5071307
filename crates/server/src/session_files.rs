//! What a session keeps on the disk beside the records: the environment of its birth, and links that
//! stay the same while clients come and go. Owns the files; who may read them is the directory's.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use tracing::warn;

use crate::context::Context;
use crate::core::world::Variable;
use crate::fault::Fault;
use crate::state_dir::write_whole;

/// The largest environment that is read back: what a kernel takes.
const MAX_ENVIRONMENT: u64 = 6 * 1024 * 1024;

/// The directory of one session.
pub(crate) struct SessionFiles {
    dir: PathBuf,
}

impl SessionFiles {
    /// Opens the directory, making it if it is not there. `ulid` is one of ours, never a name.
    pub(crate) fn open(ctx: &Context, ulid: &str) -> Result<Self, Fault> {
        let dir = dir_of(ctx.state.root(), ulid);
        for dir in [&dir, &dir.join("links")] {
            ccc_journal::dir::create_private(dir)
                .map_err(|error| Fault::internal(error.to_string()))?;
        }
        Ok(Self { dir })
    }

    pub(crate) fn links(&self) -> PathBuf {
        self.dir.join("links")
    }

    /// Keeps the environment that the session's programs are started in.
    pub(crate) fn write_environment(&self, variables: &[Variable]) -> Result<(), Fault> {
        let mut bytes = Vec::new();
        for (name, value) in variables {
            bytes.extend_from_slice(name);
            bytes.push(b'=');
            bytes.extend_from_slice(value);
            bytes.push(0);
        }
        write_whole(&self.environment(), &bytes).map_err(|error| Fault::internal(error.to_string()))
    }

    /// The environment that was kept; empty when there is none.
    pub(crate) fn read_environment(&self) -> Result<Vec<Variable>, Fault> {
        let mut bytes = Vec::new();
        let read = fs::File::open(self.environment())
            .and_then(|file| file.take(MAX_ENVIRONMENT).read_to_end(&mut bytes));
        match read {
            Ok(_) => {}
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => {
                return Err(Fault::internal(format!("the session's environment: {error}")));
            }
        }
        let variables = bytes.split(|byte| *byte == 0).filter_map(|line| {
            let equals = line.iter().position(|byte| *byte == b'=')?;
            Some((line[..equals].to_vec(), line[equals + 1..].to_vec()))
        });
        Ok(variables.collect())
    }

    fn environment(&self) -> PathBuf {
        self.dir.join("env")
    }
}

/// Where the stable links of a session stand.
pub(crate) fn links_of(root: &Path, ulid: &str) -> PathBuf {
    dir_of(root, ulid).join("links")
}

/// Forgets a session's files.
pub(crate) fn remove(root: &Path, ulid: &str) {
    match fs::remove_dir_all(dir_of(root, ulid)) {
        Ok(()) => {}
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        Err(error) => warn!(%error, "a session's files were not forgotten"),
    }
}

/// Points a stable link somewhere else, in one step. A link that cannot be made costs only what the
/// link is for.
pub(crate) fn point(links: &Path, name: &str, target: &Path) {
    let link = links.join(name);
    if fs::read_link(&link).is_ok_and(|present| present == target) {
        return;
    }
    let new = links.join(format!("{name}.new"));
    let _ = fs::remove_file(&new);
    let made = std::os::unix::fs::symlink(target, &new).and_then(|()| fs::rename(&new, &link));
    if let Err(error) = made {
        warn!(name, %error, "a session's link was not made");
    }
}

fn dir_of(root: &Path, ulid: &str) -> PathBuf {
    root.join("sessions").join(ulid)
}
