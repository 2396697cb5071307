//! Making a folder that a copy goes into. Blocks.

use std::fs::{self, File, FileTimes, Permissions};
use std::io::ErrorKind;
use std::os::unix::fs::{DirBuilderExt as _, PermissionsExt as _};
use std::path::Path;

use crate::CopyError;
use crate::part::moment;

/// Makes a folder where none is. With a time, permissions and time of one that is there are set as well.
///
/// # Errors
/// Something else is there, the way there is not, or the system refuses.
pub fn make_folder(path: &Path, mode: u32, modified_unix_ns: Option<i64>) -> Result<(), CopyError> {
    let mode = mode & 0o777;
    let made = match fs::DirBuilder::new().mode(mode).create(path) {
        Ok(()) => true,
        Err(error) if error.kind() == ErrorKind::AlreadyExists && path.is_dir() => false,
        Err(error) => return Err(CopyError::io("make", path)(error)),
    };
    if made || modified_unix_ns.is_some() {
        // The process's mask may have taken something of it.
        let set = fs::set_permissions(path, Permissions::from_mode(mode));
        set.map_err(CopyError::io("set the mode of", path))?;
    }
    if let Some(modified) = modified_unix_ns {
        let times = FileTimes::new().set_modified(moment(modified));
        let set = File::open(path).and_then(|folder| folder.set_times(times));
        set.map_err(CopyError::io("set the time of", path))?;
    }
    Ok(())
}
