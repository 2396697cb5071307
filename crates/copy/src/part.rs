//! The file that a copy grows in: `<name>.ccc-part` beside the wanted name, which it takes when it is
//! whole. Owns what may be in it: always the beginning of what was being copied, and nothing else. Blocks.

use std::ffi::OsString;
use std::fs::{self, File, FileTimes, Permissions};
use std::io::{self, Seek as _, Write as _};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use rustix::fs::{FlockOperation, Mode, OFlags};
use rustix::io::Errno;

use crate::CopyError;
use crate::source::{Kind, hash_from, look};

/// What the name of a part file ends in.
pub const PART: &str = ".ccc-part";

/// Nobody but its owner may look into it before it is whole.
const PRIVATE: Mode = Mode::RUSR.union(Mode::WUSR);

/// The longest name that a file may have, on every file system of note.
const LONGEST_NAME: usize = 255;

/// A file that is not whole yet. Locked against any other copy to the same name; dropped, it stays, unless there is
/// nothing in it.
#[derive(Debug)]
pub struct Part {
    file: File,
    path: PathBuf,
    target: PathBuf,
    /// Bytes of it, all of which `hasher` has seen.
    length: u64,
    hasher: blake3::Hasher,
    /// It has the wanted name.
    in_place: bool,
}

impl Part {
    /// Opens the part of a file that is to be at `target`: a new one, or with `resume` what an
    /// interrupted copy has left.
    ///
    /// # Errors
    /// `target` is something else than a regular file, another copy to it is under way, or the system
    /// refuses.
    pub fn open(target: &Path, resume: bool) -> Result<Self, CopyError> {
        if let Some(there) = look(target)? {
            there.kind.must_be_file(target)?;
        }
        let path = path_of(target);
        let file = open_locked(&path, target)?;
        let mut part = Self {
            file,
            path,
            target: target.to_owned(),
            length: 0,
            hasher: blake3::Hasher::new(),
            in_place: false,
        };
        if resume {
            let read = hash_from(&mut part.file, &mut part.hasher);
            part.length = read.map_err(CopyError::io("read", &part.path))?;
        } else {
            part.begin_anew()?;
        }
        Ok(part)
    }

    /// Bytes that are there.
    #[must_use]
    pub const fn length(&self) -> u64 {
        self.length
    }

    /// BLAKE3 of them.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        *self.hasher.finalize().as_bytes()
    }

    /// Where the whole file will be.
    #[must_use]
    pub fn target(&self) -> &Path {
        &self.target
    }

    /// Empties it.
    ///
    /// # Errors
    /// The system's.
    pub fn begin_anew(&mut self) -> Result<(), CopyError> {
        let emptied = self.file.set_len(0).and_then(|()| self.file.rewind());
        emptied.map_err(CopyError::io("empty", &self.path))?;
        (self.length, self.hasher) = (0, blake3::Hasher::new());
        Ok(())
    }

    /// Adds bytes to its end.
    ///
    /// # Errors
    /// The disk is full, or the system refuses; what was written before stays.
    pub fn write(&mut self, mut bytes: &[u8]) -> Result<(), CopyError> {
        while !bytes.is_empty() {
            match self.file.write(bytes) {
                Ok(count) => {
                    self.hasher.update(&bytes[..count]);
                    self.length += count as u64;
                    bytes = &bytes[count..];
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(self.failed("write", error)),
            }
        }
        Ok(())
    }

    /// Gives it the wanted name, over whatever file had it, if it is of this size and hash. Without a
    /// time it was changed now.
    ///
    /// # Errors
    /// It is another file, and gone; or the system refuses, and it stays.
    pub fn finish(
        mut self,
        size: u64,
        hash: &[u8],
        mode: u32,
        modified_unix_ns: Option<i64>,
    ) -> Result<PathBuf, CopyError> {
        if self.length != size || self.hash() != *hash {
            // Going on from it would never come to a good end.
            fs::remove_file(&self.path).map_err(CopyError::io("delete", &self.path))?;
            return Err(CopyError::Differs { path: self.target.clone() });
        }
        let permissions = Permissions::from_mode(mode & 0o777);
        self.file
            .set_permissions(permissions)
            .map_err(CopyError::io("set the mode of", &self.path))?;
        if let Some(modified) = modified_unix_ns {
            let times = FileTimes::new().set_modified(moment(modified));
            self.file.set_times(times).map_err(CopyError::io("set the time of", &self.path))?;
        }
        // Delayed allocation may find only now that there is no room.
        self.file.sync_all().map_err(|error| self.failed("sync", error))?;
        // A file of that very name was copied meanwhile: what is there now is not what was compared.
        if !is_named(&self.file, &self.path).map_err(CopyError::io("look at", &self.path))? {
            return Err(CopyError::Busy { path: self.target.clone() });
        }
        fs::rename(&self.path, &self.target).map_err(CopyError::io("replace", &self.target))?;
        self.in_place = true;
        let folder = folder_of(&self.target);
        let synced = File::open(folder).and_then(|folder| folder.sync_all());
        synced.map_err(CopyError::io("sync", folder))?;
        Ok(self.target.clone())
    }

    fn failed(&self, what: &'static str, source: io::Error) -> CopyError {
        match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                CopyError::Full { part: self.path.clone(), kept: self.length, source }
            }
            _ => CopyError::io(what, &self.path)(source),
        }
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        if self.length == 0 && !self.in_place {
            // Best effort; whoever has opened it meanwhile finds that it has no name and opens another.
            let _gone = fs::remove_file(&self.path);
        }
    }
}

/// Whether this is the name of a part, which is no file of its own.
#[must_use]
pub fn is_part(path: &Path) -> bool {
    path.as_os_str().as_bytes().ends_with(PART.as_bytes())
}

/// A moment from its nanoseconds since 1970.
pub(crate) fn moment(unix_ns: i64) -> SystemTime {
    let distance = Duration::from_nanos(unix_ns.unsigned_abs());
    let moment = if unix_ns < 0 {
        SystemTime::UNIX_EPOCH.checked_sub(distance)
    } else {
        SystemTime::UNIX_EPOCH.checked_add(distance)
    };
    moment.unwrap_or(SystemTime::UNIX_EPOCH)
}

/// A name that is too long with our end gets the hash of itself instead.
fn path_of(target: &Path) -> PathBuf {
    let name = target.file_name().unwrap_or_default();
    let mut part = if name.len() + PART.len() > LONGEST_NAME {
        OsString::from(blake3::hash(name.as_bytes()).to_hex().as_str())
    } else {
        name.to_owned()
    };
    part.push(PART);
    target.with_file_name(part)
}

fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// Opens the part, which must be a regular file and nobody else's at the moment. Whoever finishes
/// renames theirs: then the one that was opened is the whole file, and not to be touched.
fn open_locked(path: &Path, target: &Path) -> Result<File, CopyError> {
    let mut made_writable = false;
    loop {
        if let Some(there) = look(path)? {
            match there.kind {
                Kind::File => {}
                kind => kind.must_be_file(path)?,
            }
        }
        let opened = rustix::fs::open(path, flags(OFlags::RDWR | OFlags::CREATE), PRIVATE);
        let file = match opened {
            Ok(file) => File::from(file),
            Err(Errno::ACCESS) if !made_writable && make_writable(path, target)? => {
                made_writable = true;
                continue;
            }
            Err(errno) => return Err(CopyError::io("create", path)(errno.into())),
        };
        lock(&file, path, target)?;
        let ours = file.metadata().map_err(CopyError::io("look at", path))?;
        if !ours.is_file() {
            return Err(CopyError::NotRegular { path: path.to_owned(), kind: "no regular file" });
        }
        if is_named(&file, path).is_ok_and(|is_named| is_named) {
            return Ok(file);
        }
    }
}

fn flags(more: OFlags) -> OFlags {
    OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC | more
}

fn lock(file: &File, path: &Path, target: &Path) -> Result<(), CopyError> {
    match rustix::fs::flock(file, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => Ok(()),
        Err(Errno::WOULDBLOCK) => Err(CopyError::Busy { path: target.to_owned() }),
        Err(errno) => Err(CopyError::io("lock", path)(errno.into())),
    }
}

/// Whether this is the file of that name.
fn is_named(file: &File, path: &Path) -> io::Result<bool> {
    let (ours, named) = (file.metadata()?, fs::symlink_metadata(path)?);
    Ok((named.dev(), named.ino()) == (ours.dev(), ours.ino()))
}

/// A copy that was cut off when it was all but done has left the permissions of the whole file, which may not be
/// written to. Whether there was one to give its own back to.
fn make_writable(path: &Path, target: &Path) -> Result<bool, CopyError> {
    let Ok(file) = rustix::fs::open(path, flags(OFlags::RDONLY), Mode::empty()) else {
        return Ok(false);
    };
    let file = File::from(file);
    lock(&file, path, target)?;
    Ok(rustix::fs::fchmod(&file, PRIVATE).is_ok())
}

#[cfg(test)]
mod tests;
