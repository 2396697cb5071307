//! Small secret files: read only when nobody else could have read or written them, made so that a
//! crash leaves either nothing or the whole file. Owns the checks, not what is in the files.
//!
//! Every check is made on what was opened, never on a name that could mean something else by the
//! time it is opened.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use rustix::fs::{self, AtFlags, FileType, Mode, OFlags, RenameFlags};
use rustix::io::Errno;
use rustix::process;

use crate::transport_keys::random;

/// No file that belongs here is larger.
const MAX_BYTES: u64 = 4096;

/// A key file that is not used, and why.
#[derive(Debug, thiserror::Error)]
#[error("{}: {fault}", .path.display())]
pub struct KeyFileError {
    /// The file or the directory at fault.
    pub path: PathBuf,
    #[source]
    pub fault: KeyFileFault,
}

/// What is wrong with a key file or its directory.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileFault {
    #[error("others may read or write the key (mode {mode:04o}, must be 0600)")]
    Mode { mode: u32 },
    #[error("others may enter or write the directory of the key (mode {mode:04o}, must be 0700)")]
    DirectoryMode { mode: u32 },
    #[error("belongs to user {owner}, not to user {us}")]
    Owner { owner: u32, us: u32 },
    #[error("is a symbolic link")]
    Symlink,
    #[error("the directory of the key is a symbolic link or no directory")]
    DirectoryKind,
    #[error("has {links} names; another name could be readable elsewhere")]
    HardLinked { links: u64 },
    #[error("is no regular file")]
    Kind,
    #[error("does not hold a key of the expected form")]
    Malformed,
    #[error(transparent)]
    Io(#[from] io::Error),
}

impl KeyFileError {
    /// A shell command that mends it and loses nothing, where there is one.
    pub fn mending_command(&self) -> Option<String> {
        let path = quoted(&self.path);
        match &self.fault {
            KeyFileFault::Mode { .. } => Some(format!("chmod 600 {path}")),
            KeyFileFault::DirectoryMode { .. } => Some(format!("chmod 700 {path}")),
            KeyFileFault::Owner { us, .. } => Some(format!("sudo chown {us} {path}")),
            KeyFileFault::Symlink => Some(format!("mv \"$(readlink -f {path})\" {path}")),
            KeyFileFault::HardLinked { .. } => {
                Some(format!("cp -p {path} {path}.copy && mv {path}.copy {path}"))
            }
            KeyFileFault::DirectoryKind
            | KeyFileFault::Kind
            | KeyFileFault::Malformed
            | KeyFileFault::Io(_) => None,
        }
    }

    pub(crate) fn new(path: &Path, fault: impl Into<KeyFileFault>) -> Self {
        Self { path: path.to_owned(), fault: fault.into() }
    }
}

/// The contents of the file, which is made of `make()` first if there is none, as is its directory.
/// Two processes that start at once agree on one content.
///
/// # Errors
/// See [`KeyFileFault`]; nothing was changed then.
pub(crate) fn read_or_create(
    path: &Path,
    make: impl FnOnce() -> Vec<u8>,
) -> Result<Vec<u8>, KeyFileError> {
    let (directory, name) = open_directory(path)?;
    if let Some(contents) = read(&directory, path, name)? {
        return Ok(contents);
    }
    create(&directory, name, &make()).map_err(|error| KeyFileError::new(path, error))?;
    // What counts is what the file says now: another process may have been first.
    read(&directory, path, name)?
        .ok_or_else(|| KeyFileError::new(path, io::Error::from(io::ErrorKind::NotFound)))
}

/// The contents of the file; `None` if there is none.
///
/// # Errors
/// See [`KeyFileFault`].
pub(crate) fn read_if_there(path: &Path) -> Result<Option<Vec<u8>>, KeyFileError> {
    let (directory, name) = open_directory(path)?;
    read(&directory, path, name)
}

/// Opens and checks the directory of `path`, making it if it is missing.
fn open_directory(path: &Path) -> Result<(File, &OsStr), KeyFileError> {
    let invalid = || KeyFileError::new(path, io::Error::from(io::ErrorKind::InvalidInput));
    let name = path.file_name().ok_or_else(invalid)?;
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    let parent = parent.unwrap_or_else(|| Path::new("."));
    let at_fault = |fault: KeyFileFault| KeyFileError::new(parent, fault);

    match fs::mkdir(parent, Mode::RWXU) {
        Ok(()) | Err(Errno::EXIST) => {}
        Err(errno) => return Err(at_fault(io::Error::from(errno).into())),
    }
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let directory = match fs::open(parent, flags, Mode::empty()) {
        Ok(directory) => File::from(directory),
        Err(Errno::LOOP | Errno::NOTDIR) => return Err(at_fault(KeyFileFault::DirectoryKind)),
        Err(errno) => return Err(at_fault(io::Error::from(errno).into())),
    };
    let state = fs::fstat(&directory).map_err(|errno| at_fault(io::Error::from(errno).into()))?;
    check_owner(state.st_uid).map_err(at_fault)?;
    let mode = permissions(&state);
    if mode & 0o077 != 0 {
        return Err(at_fault(KeyFileFault::DirectoryMode { mode }));
    }
    Ok((directory, name))
}

fn read(directory: &File, path: &Path, name: &OsStr) -> Result<Option<Vec<u8>>, KeyFileError> {
    read_checked(directory, name).map_err(|fault| KeyFileError::new(path, fault))
}

fn read_checked(directory: &File, name: &OsStr) -> Result<Option<Vec<u8>>, KeyFileFault> {
    // Without NONBLOCK a fifo in this place would hold us for ever.
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let file = match fs::openat(directory, name, flags, Mode::empty()) {
        Ok(file) => File::from(file),
        Err(Errno::NOENT) => return Ok(None),
        Err(Errno::LOOP) => return Err(KeyFileFault::Symlink),
        Err(errno) => return Err(io::Error::from(errno).into()),
    };
    let state = fs::fstat(&file).map_err(io::Error::from)?;
    if FileType::from_raw_mode(state.st_mode) != FileType::RegularFile {
        return Err(KeyFileFault::Kind);
    }
    check_owner(state.st_uid)?;
    let mode = permissions(&state);
    if mode & 0o177 != 0 {
        return Err(KeyFileFault::Mode { mode });
    }
    let links = link_count(&state);
    if links != 1 {
        return Err(KeyFileFault::HardLinked { links });
    }
    let mut contents = Vec::new();
    file.take(MAX_BYTES + 1).read_to_end(&mut contents)?;
    if contents.len() as u64 > MAX_BYTES {
        return Err(KeyFileFault::Malformed);
    }
    Ok(Some(contents))
}

/// Writes under another name, then takes the right one, unless somebody else has it by then.
fn create(directory: &File, name: &OsStr, contents: &[u8]) -> io::Result<()> {
    let mut draft = name.to_owned();
    draft.push(format!(".{:016x}", u64::from_le_bytes(random())));
    let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let mode = Mode::RUSR | Mode::WUSR;
    let mut file = File::from(fs::openat(directory, &draft, flags, mode)?);
    let written = (|| {
        // The umask may have taken bits of ours away.
        fs::fchmod(&file, mode)?;
        file.write_all(contents)?;
        file.sync_all()?;
        rename_if_free(directory, &draft, name)
    })();
    if written.is_err() {
        // The first error is the one to report.
        let _ = fs::unlinkat(directory, &draft, AtFlags::empty());
    }
    match written {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        other => other?,
    }
    directory.sync_all()
}

fn rename_if_free(directory: &File, draft: &OsStr, name: &OsStr) -> io::Result<()> {
    match fs::renameat_with(directory, draft, directory, name, RenameFlags::NOREPLACE) {
        // Some file systems, NFS among them, cannot refuse to replace. There two first starts at
        // the same moment may leave one of them with a key that only it knows until its next start.
        Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => {
            Ok(fs::renameat(directory, draft, directory, name)?)
        }
        other => Ok(other?),
    }
}

fn check_owner(owner: u32) -> Result<(), KeyFileFault> {
    let us = process::geteuid().as_raw();
    if owner == us { Ok(()) } else { Err(KeyFileFault::Owner { owner, us }) }
}

#[expect(clippy::unnecessary_cast, reason = "the field's width differs between systems")]
const fn permissions(state: &fs::Stat) -> u32 {
    state.st_mode as u32 & 0o7777
}

#[expect(clippy::unnecessary_cast, reason = "the field's width differs between systems")]
const fn link_count(state: &fs::Stat) -> u64 {
    state.st_nlink as u64
}

/// A path as one word of a POSIX shell.
fn quoted(path: &Path) -> String {
    let text = path.display().to_string();
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+:@%".contains(c);
    if !text.is_empty() && !text.starts_with('-') && text.chars().all(plain) {
        return text;
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests;
