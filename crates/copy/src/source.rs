//! What is at a path, and opening a file that is to be read. Owns the rule which files are: regular ones,
//! named themselves. Blocks.

use std::fs::{self, File, Metadata};
use std::io::{self, Read as _, Seek as _};
use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _};
use std::path::Path;

use ccc_proto::{FileInfo, FileKind};
use rustix::fs::{Mode, OFlags};

use crate::CopyError;

/// Bytes that are read and hashed at a time.
pub(crate) const PIECE: usize = 64 * 1024;

/// What a path leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    File,
    Folder,
    /// A symbolic link, which is not followed.
    Link,
    /// A device, a pipe or a socket.
    Other(&'static str),
}

/// What a copy keeps of a file beside its bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Facts {
    pub kind: Kind,
    /// Bytes of a file.
    pub size: u64,
    /// Permission bits.
    pub mode: u32,
    /// Nanoseconds since 1970.
    pub modified_unix_ns: i64,
}

impl Facts {
    pub(crate) fn of(meta: &Metadata) -> Self {
        let seconds = meta.mtime().saturating_mul(1_000_000_000);
        Self {
            kind: Kind::of(meta),
            size: if meta.is_file() { meta.len() } else { 0 },
            mode: meta.mode() & 0o7777,
            modified_unix_ns: seconds.saturating_add(meta.mtime_nsec()),
        }
    }

    /// As it travels, under this path.
    #[must_use]
    pub fn to_wire(&self, path: Vec<u8>) -> FileInfo {
        let kind = match self.kind {
            Kind::File => FileKind::FILE,
            Kind::Folder => FileKind::FOLDER,
            Kind::Link => FileKind::LINK,
            Kind::Other(_) => FileKind::OTHER,
        };
        let (size, mode, modified_unix_ns) = (self.size, self.mode, self.modified_unix_ns);
        FileInfo { path, kind, size, mode, modified_unix_ns }
    }
}

impl Kind {
    fn of(meta: &Metadata) -> Self {
        let kind = meta.file_type();
        if kind.is_file() {
            Self::File
        } else if kind.is_dir() {
            Self::Folder
        } else if kind.is_symlink() {
            Self::Link
        } else if kind.is_fifo() {
            Self::Other("a pipe")
        } else if kind.is_socket() {
            Self::Other("a socket")
        } else {
            Self::Other("a device")
        }
    }

    /// Refuses what is not copied as a file.
    pub(crate) fn must_be_file(self, path: &Path) -> Result<(), CopyError> {
        let kind = match self {
            Self::File => return Ok(()),
            Self::Folder => "a folder",
            Self::Link => {
                let to = fs::read_link(path).unwrap_or_default();
                return Err(CopyError::Link { path: path.to_owned(), to });
            }
            Self::Other(kind) => kind,
        };
        Err(CopyError::NotRegular { path: path.to_owned(), kind })
    }
}

/// What is at a path; `None` when nothing is. A link that leads to a folder is that folder, because a
/// path goes through it anyway.
///
/// # Errors
/// The system does not tell.
pub fn look(path: &Path) -> Result<Option<Facts>, CopyError> {
    let meta = match fs::symlink_metadata(path) {
        Ok(meta) => meta,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(CopyError::io("look at", path)(error)),
    };
    if meta.is_symlink()
        && let Ok(behind) = fs::metadata(path)
        && behind.is_dir()
    {
        return Ok(Some(Facts::of(&behind)));
    }
    Ok(Some(Facts::of(&meta)))
}

/// Opens a file to be read.
///
/// # Errors
/// It is not there, is no regular file, or may not be read.
pub fn open(path: &Path) -> Result<(File, Facts), CopyError> {
    // A device is not even opened: that alone may do something.
    let seen = fs::symlink_metadata(path).map_err(CopyError::io("read", path))?;
    Kind::of(&seen).must_be_file(path)?;
    let flags =
        OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
    let opened = rustix::fs::open(path, flags, Mode::empty());
    let file = File::from(opened.map_err(|errno| CopyError::io("read", path)(errno.into()))?);
    // Another file may have taken its place meanwhile.
    let facts = Facts::of(&file.metadata().map_err(CopyError::io("look at", path))?);
    facts.kind.must_be_file(path)?;
    Ok((file, facts))
}

/// Whether a file begins with `length` bytes of this hash. If so it stands behind them, and their
/// hasher comes back; else it stands at its beginning.
///
/// # Errors
/// It cannot be read.
pub(crate) fn same_prefix(
    mut file: &File,
    path: &Path,
    length: u64,
    hash: &[u8],
) -> Result<Option<blake3::Hasher>, CopyError> {
    let failed = |source| CopyError::Io { what: "read", path: path.to_owned(), source };
    file.rewind().map_err(failed)?;
    let mut hasher = blake3::Hasher::new();
    let read = hash_from(&mut file.take(length), &mut hasher).map_err(failed)?;
    if read == length && hasher.finalize().as_bytes() == hash {
        return Ok(Some(hasher));
    }
    file.rewind().map_err(failed)?;
    Ok(None)
}

/// Hashes all there is; how many bytes that were.
pub(crate) fn hash_from(
    reader: &mut impl io::Read,
    hasher: &mut blake3::Hasher,
) -> io::Result<u64> {
    let mut buffer = vec![0; PIECE];
    let mut total = 0;
    loop {
        match reader.read(&mut buffer) {
            Ok(0) => return Ok(total),
            Ok(count) => {
                hasher.update(&buffer[..count]);
                total += count as u64;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}
