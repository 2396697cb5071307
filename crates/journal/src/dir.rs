//! Directories and files that must be safely ours: how they are made, opened and checked.
//!
//! Every check is made on the open descriptor, never on a path that may change in between. This
//! module does not know what the files hold.

use std::fs::File;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::path::{Path, PathBuf};

use rustix::fs::{FileType, Mode, OFlags, Stat};

pub(crate) const DIR_MODE: Mode = Mode::RWXU;
pub(crate) const FILE_MODE: Mode = Mode::RUSR.union(Mode::WUSR);

/// Why a directory or file is not used. Each refusal knows the command that mends it.
#[derive(Debug, thiserror::Error)]
pub enum DirError {
    #[error("{} is a symbolic link", path.display())]
    Symlink { path: PathBuf },
    #[error("{} is not a directory", path.display())]
    NotADirectory { path: PathBuf },
    #[error("{} is not a regular file", path.display())]
    NotAFile { path: PathBuf },
    #[error("{} belongs to user {owner}, not to user {expected}", path.display())]
    ForeignOwner { path: PathBuf, owner: u32, expected: u32 },
    #[error("{} is open to other users (mode {mode:04o})", path.display())]
    TooOpen { path: PathBuf, mode: u32, wanted: u32 },
    #[error("{} has {links} names, so that another directory may hold it too", path.display())]
    HardLinked { path: PathBuf, links: u64 },
    #[error("{} is in use by another machine ({found})", path.display())]
    OtherMachine { path: PathBuf, found: String },
    #[error("could not {attempt} {}", path.display())]
    Io {
        attempt: &'static str,
        path: PathBuf,
        #[source]
        source: io::Error,
    },
}

impl DirError {
    /// The command that mends it without losing anything, where there is one.
    #[must_use]
    pub fn mend(&self) -> Option<String> {
        match self {
            Self::TooOpen { path, wanted, .. } => {
                Some(format!("chmod {wanted:o} {}", quoted(path)))
            }
            Self::ForeignOwner { path, expected, .. } => {
                Some(format!("chown {expected} {}", quoted(path)))
            }
            Self::HardLinked { path, .. } => {
                let path = quoted(path);
                Some(format!("cp -p {path} {path}.new && mv {path}.new {path}"))
            }
            Self::OtherMachine { .. } => Some("export CCC_HOME=DIR".to_owned()),
            // What the link points to takes its place; a link to nothing holds nothing.
            Self::Symlink { path } => Some(match path.canonicalize() {
                Ok(target) => format!("rm {0} && mv {1} {0}", quoted(path), quoted(&target)),
                Err(_nothing) => format!("rm {}", quoted(path)),
            }),
            Self::NotADirectory { .. } | Self::NotAFile { .. } | Self::Io { .. } => None,
        }
    }

    fn errno(attempt: &'static str, path: &Path) -> impl FnOnce(rustix::io::Errno) -> Self {
        move |errno| Self::Io { attempt, path: path.to_owned(), source: errno.into() }
    }
}

/// Opens an existing directory that is ours: no symbolic link, our own, writable by nobody else.
pub fn open_private(path: &Path) -> Result<OwnedFd, DirError> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let fd = rustix::fs::open(path, flags, Mode::empty()).map_err(|errno| refused(path, errno))?;
    let stat = rustix::fs::fstat(&fd).map_err(DirError::errno("examine", path))?;
    check_owner(path, &stat)?;
    let mode = stat.st_mode & 0o7777;
    if mode & 0o022 != 0 {
        return Err(DirError::TooOpen { path: path.to_owned(), mode, wanted: 0o700 });
    }
    Ok(fd)
}

/// Makes the directory and what is missing above it, all of it 0700, and opens it as
/// [`open_private`] does. What exists already keeps its mode and is only checked.
pub fn create_private(path: &Path) -> Result<OwnedFd, DirError> {
    match rustix::fs::mkdir(path, DIR_MODE) {
        Ok(()) | Err(rustix::io::Errno::EXIST) => {}
        Err(rustix::io::Errno::NOENT) => {
            if let Some(parent) = path.parent().filter(|p| !p.as_os_str().is_empty()) {
                create_private(parent)?;
            }
            match rustix::fs::mkdir(path, DIR_MODE) {
                Ok(()) | Err(rustix::io::Errno::EXIST) => {}
                Err(errno) => return Err(DirError::errno("make directory", path)(errno)),
            }
        }
        Err(errno) => return Err(DirError::errno("make directory", path)(errno)),
    }
    open_private(path)
}

/// Opens a file that only we may read (a key, a pin): no link of either kind, our own, 0600.
pub fn open_private_file(path: &Path) -> Result<File, DirError> {
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::CLOEXEC | OFlags::NONBLOCK;
    let fd = rustix::fs::open(path, flags, Mode::empty()).map_err(|errno| refused(path, errno))?;
    let stat = rustix::fs::fstat(&fd).map_err(DirError::errno("examine", path))?;
    if FileType::from_raw_mode(stat.st_mode) != FileType::RegularFile {
        return Err(DirError::NotAFile { path: path.to_owned() });
    }
    check_owner(path, &stat)?;
    let mode = stat.st_mode & 0o7777;
    if mode & 0o077 != 0 {
        return Err(DirError::TooOpen { path: path.to_owned(), mode, wanted: 0o600 });
    }
    let links = stat.st_nlink;
    if links > 1 {
        return Err(DirError::HardLinked { path: path.to_owned(), links });
    }
    Ok(File::from(fd))
}

/// Makes what was renamed, created or deleted in a directory survive a power cut.
pub fn sync(path: &Path) -> Result<(), DirError> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
    let fd = rustix::fs::open(path, flags, Mode::empty())
        .map_err(DirError::errno("open directory", path))?;
    rustix::fs::fsync(fd.as_fd()).map_err(DirError::errno("sync directory", path))
}

/// The directory a file is in.
pub(crate) fn of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

/// Opens a file of a recording: a regular file, never through a symbolic link, never inherited by
/// a child. `NONBLOCK` keeps a planted FIFO from holding the open; it means nothing to a file.
pub(crate) fn open_file(path: &Path, flags: OFlags) -> rustix::io::Result<File> {
    let flags = flags | OFlags::NOFOLLOW | OFlags::CLOEXEC | OFlags::NONBLOCK;
    let fd = rustix::fs::open(path, flags, FILE_MODE)?;
    let stat = rustix::fs::fstat(&fd)?;
    if FileType::from_raw_mode(stat.st_mode) != FileType::RegularFile {
        return Err(rustix::io::Errno::INVAL);
    }
    Ok(File::from(fd))
}

/// Opens a directory to look for names in it, and for nothing else.
pub(crate) fn open_place(path: &Path) -> rustix::io::Result<OwnedFd> {
    rustix::fs::open(path, OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty())
}

fn check_owner(path: &Path, stat: &Stat) -> Result<(), DirError> {
    let expected = rustix::process::geteuid().as_raw();
    if stat.st_uid != expected {
        return Err(DirError::ForeignOwner { path: path.to_owned(), owner: stat.st_uid, expected });
    }
    Ok(())
}

/// What an open that failed says about the path. Kernels disagree about the errno for a symbolic
/// link, so the link itself is looked at.
fn refused(path: &Path, errno: rustix::io::Errno) -> DirError {
    let path_buf = path.to_owned();
    match std::fs::symlink_metadata(path) {
        Ok(meta) if meta.is_symlink() => DirError::Symlink { path: path_buf },
        Ok(_) if errno == rustix::io::Errno::NOTDIR => DirError::NotADirectory { path: path_buf },
        _ => DirError::errno("open", path)(errno),
    }
}

/// The path as a shell takes it, so that the command can be pasted.
fn quoted(path: &Path) -> String {
    let text = path.to_string_lossy();
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+,:@%".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        return text.into_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests;
