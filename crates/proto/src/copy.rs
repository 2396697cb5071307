//! Files between a client and the machine of a server: what there is, and one file up or down. Owns the
//! bodies. The bytes of a file travel as [`crate::Chunk`]s on the stream of its request.
//!
//! A path is bytes, as the operating system has it: absolute, or from the home directory of the
//! server's user.

use bincode::{Decode, Encode};

use crate::ext::Ext;
use crate::number::numbers;

numbers! {
    /// What a path leads to.
    FileKind {
        /// A regular file.
        FILE = 1,
        FOLDER = 2,
        /// A symbolic link, which is not followed.
        LINK = 3,
        /// A device, a pipe or a socket, none of which is copied.
        OTHER = 4,
        /// The system refuses to tell, or to list it.
        UNREADABLE = 5,
    }
}

numbers! {
    /// Where a file is to be put.
    FilePlace {
        /// At `path`.
        PATH = 1,
        /// In the folder of what was pasted, under the name in `path` or one like it that is free.
        PASTED = 2,
    }
}

/// One file, folder, or whatever else there is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct FileInfo {
    /// From the path that was asked for; empty for that one itself.
    pub path: Vec<u8>,
    pub kind: FileKind,
    /// Bytes of a file.
    pub size: u64,
    /// Permission bits, as `chmod` takes them.
    pub mode: u32,
    /// Nanoseconds since 1970 of the last change of its contents.
    pub modified_unix_ns: i64,
}

/// Asks what there is at a path. Answered by [`crate::Files`], more than once when there is much.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct ListFiles {
    pub path: Vec<u8>,
    /// Whether all that is in a folder is told as well: a folder before what is in it, and that
    /// before anything else.
    pub recursive: bool,
    pub ext: Ext,
}

/// Answer to [`crate::ListFiles`]. The first file of the first answer is the path itself; when
/// nothing is there the first answer is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Files {
    pub files: Vec<FileInfo>,
    /// Another answer follows.
    pub more: bool,
    pub ext: Ext,
}

/// Makes a folder where none is; the way there must be there. With a time, it also sets permissions and time
/// of one that was there. Answered by [`crate::Done`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct MakeFolder {
    pub path: Vec<u8>,
    pub mode: u32,
    /// `None` leaves it.
    pub modified_unix_ns: Option<i64>,
    pub ext: Ext,
}

/// Puts a file there. With `resume`, [`crate::PartFound`] answers first. Then come [`crate::Chunk`]s and
/// a [`crate::CopyEnd`] from the client, [`crate::CopyTaken`]s meanwhile from the server, and at last
/// [`crate::Copied`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct PutFile {
    pub place: FilePlace,
    pub path: Vec<u8>,
    pub mode: u32,
    /// `None` for the moment at which it is whole.
    pub modified_unix_ns: Option<i64>,
    /// Go on from what an interrupted copy has left.
    pub resume: bool,
    pub ext: Ext,
}

/// What an interrupted copy has left: the first chunk begins there, or at 0 to begin anew.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct PartFound {
    /// Bytes of it.
    pub offset: u64,
    /// BLAKE3 of them.
    pub hash: Vec<u8>,
    pub ext: Ext,
}

/// Asks for a file. Answered by [`crate::FileOpened`], [`crate::Chunk`]s and a [`crate::CopyEnd`]; the client
/// says [`crate::CopyTaken`] meanwhile.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct GetFile {
    pub path: Vec<u8>,
    /// Bytes that an interrupted copy has left here.
    pub offset: u64,
    /// BLAKE3 of them.
    pub hash: Vec<u8>,
    pub ext: Ext,
}

/// The file is there, and is told from `offset` on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct FileOpened {
    /// With an empty path.
    pub file: FileInfo,
    /// That of the request when its bytes are the same, else 0.
    pub offset: u64,
    pub ext: Ext,
}

/// All bytes of the file up to here were written: so much more may be under way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct CopyTaken {
    pub offset: u64,
}

/// The last chunk was sent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct CopyEnd {
    /// Bytes of the whole file.
    pub size: u64,
    /// BLAKE3 of it.
    pub hash: Vec<u8>,
    pub ext: Ext,
}

/// It is there, whole and under its name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Copied {
    /// Where; an absolute path.
    pub path: Vec<u8>,
    pub size: u64,
    pub ext: Ext,
}
