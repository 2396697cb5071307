//! Files to and from the machine of a server, one at a time. Owns the requests and what an interrupted copy
//! goes on from; which files these are, and what is said of them, is the caller's affair.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};

pub use ccc_copy::{CopyError, Facts, Found, Kind, Walk, is_part, look, make_folder};
use ccc_copy::{Outgoing, PRIORITY, Part, Permit, Received, Sink, open, receive, send};
use ccc_net::{RecvStream, Turn};
pub use ccc_proto::FilePlace;
use ccc_proto::{
    Copied, Ext, FileInfo, FileOpened, GetFile, ListFiles, MakeFolder, Message, PartFound, PutFile,
};
use tokio::task::spawn_blocking;

use crate::server::unexpected;
use crate::{ClientError, Replies, Requester};

/// A smaller file is sent anew rather than asked about: that costs a round trip.
const RESUMED: u64 = 1024 * 1024;
/// A file up to this size goes all at once, so that any number of them may be on their way.
const WHOLE: u64 = 16 * 1024;
/// The permissions of a file that comes from no file.
const PLAIN: u32 = 0o644;

/// Where a file goes, and what it keeps.
#[derive(Clone, Debug)]
pub struct Put {
    pub place: FilePlace,
    /// A path of the server's user, or for [`FilePlace::PASTED`] a name.
    pub path: Vec<u8>,
    /// Permission bits, if not those of the file.
    pub mode: Option<u32>,
    /// Keep the time of its last change.
    pub keeps_time: bool,
}

/// What there is at a path of the server's user, piece by piece.
#[derive(Debug)]
pub struct Listing(Option<Replies>);

impl Listing {
    /// Some more; empty at the end. The very first is the path itself.
    ///
    /// # Errors
    /// The server cannot tell, or the connection is over.
    pub async fn next(&mut self) -> Result<Vec<FileInfo>, ClientError> {
        let Some(replies) = &mut self.0 else { return Ok(Vec::new()) };
        match replies.next().await? {
            Some(Message::Files(files)) => {
                if !files.more {
                    self.0 = None;
                }
                Ok(files.files)
            }
            Some(other) => Err(unexpected("Files", &other)),
            None => Err(ClientError::Lost { why: "the listing ended too early".into() }),
        }
    }
}

impl Requester {
    /// What there is at a path, and with `recursive` below it.
    ///
    /// # Errors
    /// The connection is over.
    pub async fn list_files(&self, path: &[u8], recursive: bool) -> Result<Listing, ClientError> {
        let request = ListFiles { path: path.to_vec(), recursive, ext: Ext::none() };
        Ok(Listing(Some(self.request_stream(request).await?)))
    }

    /// What is at a path; `None` when nothing is.
    ///
    /// # Errors
    /// The server cannot tell, or the connection is over.
    pub async fn look_at(&self, path: &[u8]) -> Result<Option<FileInfo>, ClientError> {
        let mut listing = self.list_files(path, false).await?;
        Ok(listing.next().await?.into_iter().next())
    }

    /// Makes a folder there, as [`make_folder`] does here.
    ///
    /// # Errors
    /// The server cannot make it, or the connection is over.
    pub async fn make_folder_at(
        &self,
        path: &[u8],
        mode: u32,
        modified_unix_ns: Option<i64>,
    ) -> Result<(), ClientError> {
        let ext = Ext::none();
        let request = MakeFolder { path: path.to_vec(), mode, modified_unix_ns, ext };
        match self.request(request).await? {
            Message::Done(_) => Ok(()),
            other => Err(unexpected("Done", &other)),
        }
    }

    /// Puts a file of this machine there, going on from what an interrupted copy has left; `told` hears how
    /// far it is there. Gives where it is.
    ///
    /// # Errors
    /// It cannot be read here or written there, or the connection is over.
    pub async fn put_file(
        &self,
        from: &Path,
        to: Put,
        told: impl FnMut(u64),
    ) -> Result<Copied, ClientError> {
        let path = from.to_owned();
        let (file, facts) = blocking(move || open(&path)).await?;
        let resume = facts.size >= RESUMED && to.place == FilePlace::PATH;
        let request = PutFile {
            place: to.place,
            path: to.path,
            mode: to.mode.unwrap_or(facts.mode),
            modified_unix_ns: to.keeps_time.then_some(facts.modified_unix_ns),
            resume,
            ext: Ext::none(),
        };
        let share = self.connection().copies();
        let permit = if facts.size <= WHOLE {
            Permit::Whole(share.take_whole(facts.size as usize).await)
        } else {
            Permit::Turn(share.turn().await)
        };
        let (mut tx, mut rx) = self.begin(&request.into(), PRIORITY).await?;
        let (length, hash) = if resume {
            match heard(&mut rx).await? {
                Message::PartFound(PartFound { offset, hash, .. }) => (offset, hash),
                other => return Err(unexpected("PartFound", &other)),
            }
        } else {
            (0, Vec::new())
        };
        let path = from.to_owned();
        let outgoing = blocking(move || Outgoing::behind(file, &path, length, &hash)).await?;
        let outgoing = match permit {
            Permit::Whole(_) => outgoing.until(facts.size),
            Permit::Turn(_) => outgoing,
        };
        self.sent(outgoing, &mut tx, &mut rx, told, permit).await
    }

    /// Puts all that comes out of a stream there.
    ///
    /// # Errors
    /// As [`Requester::put_file`].
    pub async fn put_stream(
        &self,
        from: impl Read + Send + 'static,
        to: Put,
        told: impl FnMut(u64),
    ) -> Result<Copied, ClientError> {
        let (place, path) = (to.place, to.path);
        let mode = to.mode.unwrap_or(PLAIN);
        let (modified_unix_ns, resume) = (None, false);
        let request = PutFile { place, path, mode, modified_unix_ns, resume, ext: Ext::none() };
        let share = self.connection().copies();
        let permit = Permit::Turn(share.turn().await);
        let (mut tx, mut rx) = self.begin(&request.into(), PRIORITY).await?;
        let outgoing = Outgoing::stream(from, "standard input");
        self.sent(outgoing, &mut tx, &mut rx, told, permit).await
    }

    async fn sent(
        &self,
        outgoing: Outgoing,
        tx: &mut ccc_net::SendStream,
        rx: &mut RecvStream,
        told: impl FnMut(u64),
        permit: Permit<'_, Turn<'_>>,
    ) -> Result<Copied, ClientError> {
        send(outgoing, tx, rx, told, permit).await?;
        let copied = match heard(rx).await? {
            Message::Copied(copied) => copied,
            other => return Err(unexpected("Copied", &other)),
        };
        // Everything is there; a server that is gone by now changes nothing.
        let _gone = tx.finish().await;
        Ok(copied)
    }

    /// Gets a file to `to`, going on from what an interrupted copy has left; `told` hears how far it is
    /// and how large. Gives its size.
    ///
    /// # Errors
    /// It cannot be read there or written here, or the connection is over.
    pub async fn get_file(
        &self,
        from: &[u8],
        to: &Path,
        keeps_time: bool,
        mut told: impl FnMut(u64, u64),
    ) -> Result<u64, ClientError> {
        let target = to.to_owned();
        let part = blocking(move || Part::open(&target, true)).await?;
        let (length, hash) = (part.length(), part.hash().to_vec());
        let (opened, mut tx, mut rx) = self.opened(from, length, hash).await?;
        let size = opened.file.size;
        told(opened.offset, size);
        let sink = Sink::Part(part, Box::new(()));
        let received = receive(sink, &mut tx, &mut rx, |at| told(at, size)).await?;
        let Received { sink: Sink::Part(part, _), end } = received else {
            return Err(ClientError::Lost { why: "what came went elsewhere".into() });
        };
        let modified = keeps_time.then_some(opened.file.modified_unix_ns);
        let size = end.size;
        blocking(move || part.finish(size, &end.hash, opened.file.mode, modified)).await?;
        // As above.
        let _gone = tx.finish().await;
        Ok(size)
    }

    /// Gets a file into a stream.
    ///
    /// # Errors
    /// As [`Requester::get_file`]; what was written before cannot be taken back.
    pub async fn get_stream(
        &self,
        from: &[u8],
        to: impl Write + Send + 'static,
        mut told: impl FnMut(u64, u64),
    ) -> Result<u64, ClientError> {
        let (opened, mut tx, mut rx) = self.opened(from, 0, Vec::new()).await?;
        let sink = Sink::stream(to, "standard output");
        let size = opened.file.size;
        let received = receive(sink, &mut tx, &mut rx, |at| told(at, size)).await?;
        let Received { sink: Sink::Stream(stream), end } = received else {
            return Err(ClientError::Lost { why: "what came went elsewhere".into() });
        };
        let size = end.size;
        blocking(move || stream.finish(&end)).await?;
        // As above.
        let _gone = tx.finish().await;
        Ok(size)
    }

    async fn opened(
        &self,
        from: &[u8],
        offset: u64,
        hash: Vec<u8>,
    ) -> Result<(FileOpened, ccc_net::SendStream, RecvStream), ClientError> {
        let request = GetFile { path: from.to_vec(), offset, hash, ext: Ext::none() };
        let (tx, mut rx) = self.begin(&request.into(), 0).await?;
        match heard(&mut rx).await? {
            Message::FileOpened(opened) => Ok((opened, tx, rx)),
            other => Err(unexpected("FileOpened", &other)),
        }
    }
}

/// A path below another one, as a server tells it: nothing that leads out.
#[must_use]
pub fn below(path: &[u8]) -> Option<PathBuf> {
    use std::os::unix::ffi::OsStrExt as _;
    use std::path::Component;
    let path = Path::new(std::ffi::OsStr::from_bytes(path));
    let plain = |part: Component<'_>| matches!(part, Component::Normal(_));
    let sound = path.components().all(plain) && path.components().next().is_some();
    (sound && !path.as_os_str().as_bytes().contains(&0)).then(|| path.components().collect())
}

async fn heard(rx: &mut RecvStream) -> Result<Message, ClientError> {
    match rx.recv().await {
        Ok(Some(Message::Failed(failed))) => Err(ClientError::Failed(Box::new(failed))),
        Ok(Some(message)) => Ok(message),
        Ok(None) => Err(ClientError::Lost { why: "no answer came".into() }),
        Err(error) => Err(ClientError::Lost { why: error.to_string() }),
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, CopyError> + Send + 'static,
) -> Result<T, ClientError> {
    match spawn_blocking(work).await {
        Ok(done) => Ok(done?),
        Err(error) => Err(ClientError::Lost { why: error.to_string() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_names_nothing_outside_of_what_was_asked_for() {
        let sound = |path: &[u8]| below(path).is_some();
        assert!(sound(b"a") && sound(b"a/b c") && sound(b"a/..b/...") && sound(b"\xff"));
        for bad in ["", "/", "/etc/passwd", "..", "../a", "a/../../b", "a/..", "a\0b"] {
            assert!(!sound(bad.as_bytes()), "{bad:?}");
        }
        // A dot means nothing in the middle, and leads nowhere at the beginning.
        assert_eq!(below(b"a/./b"), Some(PathBuf::from("a/b")));
        assert!(!sound(b"./a"));
    }
}
