//! The scripts by which shells mark their prompts and commands. Owns their files in the state directory;
//! how a shell is led to them is `core::world::integration`'s.

use std::fs;
use std::path::{Path, PathBuf};

use ccc_journal::dir;
use tracing::warn;

use crate::ServeError;
use crate::state_dir::{StateDir, write_whole};

/// Each script and where it stands below the folder.
const SCRIPTS: [(&str, &str); 4] = [
    ("bash/ccc.bash", include_str!("shell/bash/ccc.bash")),
    ("zsh/.zshenv", include_str!("shell/zsh/.zshenv")),
    ("zsh/ccc.zsh", include_str!("shell/zsh/ccc.zsh")),
    ("fish/vendor_conf.d/ccc.fish", include_str!("shell/fish/ccc.fish")),
];

/// Writes the scripts that are missing or of another version, and says where they are. Without them
/// shells run as they would anywhere else.
pub(crate) fn write(state: &StateDir) -> Option<PathBuf> {
    let folder = state.root().join("shell");
    match write_below(&folder) {
        Ok(()) => Some(folder),
        Err(error) => {
            warn!(%error, "shells get no marks: their scripts cannot be written");
            None
        }
    }
}

fn write_below(folder: &Path) -> Result<(), ServeError> {
    for below in ["", "bash", "zsh", "fish", "fish/vendor_conf.d"] {
        dir::create_private(&folder.join(below))?;
    }
    for (name, script) in SCRIPTS {
        let path = folder.join(name);
        // Shells may be reading it: the same one is not written again.
        if fs::read(&path).is_ok_and(|present| present == script.as_bytes()) {
            continue;
        }
        write_whole(&path, script.as_bytes())?;
    }
    Ok(())
}
