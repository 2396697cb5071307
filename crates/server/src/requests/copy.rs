//! Requests upon files of the server's user: what there is, a folder, one file up or down. Files are touched
//! on threads that may wait for the disk; every copy is noted in the audit.

use std::ffi::OsStr;
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use ccc_copy::{
    CopyError, Outgoing, Part, Permit, Received, Sink, Walk, look, open, receive, send,
};
use ccc_proto::{
    Copied, Done, Ext, Failure, FileInfo, FileKind, FileOpened, FilePlace, Files, GetFile,
    ListFiles, MakeFolder, PartFound, PutFile,
};
use tokio::sync::{SemaphorePermit, mpsc};
use tokio::task::spawn_blocking;

use super::Asked;
use crate::audit::Note;
use crate::blocking::blocking;
use crate::context::Context;
use crate::copies::Turn;
use crate::fault::Fault;
use crate::pasted;

/// Bytes of paths in one page of a listing, below its cap.
const PAGE: usize = 128 * 1024;
/// Pages that may wait for a slow client; the walk waits with them.
const WAITING: usize = 2;
/// The longest path that the system takes.
const LONGEST: usize = 4096;
/// Bytes of a path in the audit: its end tells more than its beginning.
const NOTED: usize = 240;

/// All that is at a path, and with `recursive` below it.
pub(super) async fn list(asked: &mut Asked<'_>, request: ListFiles) -> Result<(), Fault> {
    let path = path_of(asked.ctx, &request.path)?;
    let (pages, mut listed) = mpsc::channel(WAITING);
    let listing = spawn_blocking(move || list_all(&path, request.recursive, &pages));
    asked.send.set_priority(-1);
    while let Some(files) = listed.recv().await {
        asked.reply(Files { files, more: true, ext: Ext::none() }).await?;
    }
    listing.await.map_err(|error| Fault::internal(error.to_string()))??;
    asked.reply(Files { files: Vec::new(), more: false, ext: Ext::none() }).await
}

fn list_all(
    path: &Path,
    recursive: bool,
    pages: &mpsc::Sender<Vec<FileInfo>>,
) -> Result<(), CopyError> {
    let Some(top) = look(path)? else { return Ok(()) };
    let mut page = vec![top.to_wire(Vec::new())];
    let mut bytes = 0;
    if recursive && top.kind == ccc_copy::Kind::Folder {
        for found in Walk::below(path)? {
            let name = found.path.into_os_string().into_vec();
            bytes += name.len() + 64;
            page.push(match found.facts {
                Ok(facts) => facts.to_wire(name),
                Err(_told_as) => {
                    FileInfo { path: name, kind: FileKind::UNREADABLE, ..FileInfo::default() }
                }
            });
            if bytes >= PAGE {
                bytes = 0;
                // One who is gone is told nothing.
                if pages.blocking_send(std::mem::take(&mut page)).is_err() {
                    return Ok(());
                }
            }
        }
    }
    let _gone = pages.blocking_send(page);
    Ok(())
}

pub(super) async fn make_folder(asked: &mut Asked<'_>, make: MakeFolder) -> Result<(), Fault> {
    let path = path_of(asked.ctx, &make.path)?;
    let noted = Noted::begin(asked, "folder", &path);
    let (mode, modified) = (make.mode, make.modified_unix_ns);
    let made = blocking(move || ccc_copy::make_folder(&path, mode, modified)).await;
    noted.ended(made.as_ref().err());
    made?;
    asked.reply(Done::default()).await
}

/// A file of the client's.
pub(super) async fn put(asked: &mut Asked<'_>, put: PutFile) -> Result<(), Fault> {
    let path = match put.place {
        FilePlace::PATH => path_of(asked.ctx, &put.path)?,
        FilePlace::PASTED => {
            let (folder, name) = (pasted::folder(&asked.ctx.surroundings), put.path.clone());
            blocking(move || {
                pasted::clean(&folder, SystemTime::now());
                pasted::free_name(&folder, &pasted::name(&name))
            })
            .await?
        }
        _ => return Err(Fault::unsupported("this server does not know that place for a file")),
    };
    let (ctx, client) = (Arc::clone(asked.ctx), Arc::clone(asked.client));
    let _slots = slots(&ctx, &client.copies).await?;
    let turn = ctx.copies.begin(&path);
    let mut noted = Noted::begin(asked, "up", &path);
    let result = tokio::select! {
        result = put_here(asked, &put, path.clone(), &turn, &mut noted) => result,
        () = turn.token.cancelled() => {
            let why = format!("another copy to {} took its place", path.display());
            Err(Fault::new(Failure::CONFLICT, why))
        }
        () = ctx.token.cancelled() => Err(Fault::stopping()),
    };
    noted.ended(result.as_ref().err());
    result
}

async fn put_here(
    asked: &mut Asked<'_>,
    put: &PutFile,
    path: PathBuf,
    turn: &Turn,
    noted: &mut Noted,
) -> Result<(), Fault> {
    let held = turn.alone().await;
    let resume = put.resume;
    let (part, held) =
        blocking(move || Ok::<_, CopyError>((Part::open(&path, resume)?, held))).await?;
    if resume {
        let (offset, hash) = (part.length(), part.hash().to_vec());
        asked.reply(PartFound { offset, hash, ext: Ext::none() }).await?;
    }
    let sink = Sink::Part(part, Box::new(held));
    let received = receive(sink, asked.send, asked.recv, |at| noted.at = at).await;
    let Received { sink: Sink::Part(part, held), end } = received? else {
        return Err(Fault::internal("what came went elsewhere"));
    };
    if asked.client.seat.is_cut() {
        return Err(Fault::new(Failure::DENIED, "what this key may do was changed"));
    }
    let (mode, modified) = (put.mode, put.modified_unix_ns);
    let size = end.size;
    let path = blocking(move || {
        let path = part.finish(size, &end.hash, mode, modified);
        drop(held);
        path
    });
    let path = path.await?.into_os_string().into_vec();
    asked.reply(Copied { path, size, ext: Ext::none() }).await
}

/// A file of the server's user.
pub(super) async fn get(asked: &mut Asked<'_>, get: GetFile) -> Result<(), Fault> {
    let path = path_of(asked.ctx, &get.path)?;
    let (ctx, client) = (Arc::clone(asked.ctx), Arc::clone(asked.client));
    let slots = slots(&ctx, &client.copies).await?;
    let mut noted = Noted::begin(asked, "down", &path);
    let result = tokio::select! {
        result = get_from(asked, get, path, &mut noted, slots) => result,
        () = ctx.token.cancelled() => Err(Fault::stopping()),
    };
    noted.ended(result.as_ref().err());
    result
}

async fn get_from(
    asked: &mut Asked<'_>,
    get: GetFile,
    path: PathBuf,
    noted: &mut Noted,
    slots: [SemaphorePermit<'_>; 2],
) -> Result<(), Fault> {
    let opened = blocking(move || {
        let (file, facts) = open(&path)?;
        let outgoing = Outgoing::behind(file, &path, get.offset, &get.hash)?;
        Ok::<_, CopyError>((outgoing, facts.to_wire(Vec::new())))
    });
    let (outgoing, file) = opened.await?;
    let offset = outgoing.offset();
    noted.at = offset;
    asked.reply(FileOpened { file, offset, ext: Ext::none() }).await?;
    // What is left is to hear that it came. Of many small files there is no round trip for each four of them.
    let permit = Permit::Turn(slots);
    send(outgoing, asked.send, asked.recv, |at| noted.at = at, permit).await?;
    Ok(())
}

/// Waits for room among the client's copies, then among all.
async fn slots<'a>(
    ctx: &'a Context,
    own: &'a tokio::sync::Semaphore,
) -> Result<[SemaphorePermit<'a>; 2], Fault> {
    let own = own.acquire().await.map_err(|_closed| Fault::stopping())?;
    let all = ctx.copies.slots.acquire().await.map_err(|_closed| Fault::stopping())?;
    Ok([own, all])
}

/// A path of the server's user, from its home if it is not absolute.
fn path_of(ctx: &Context, path: &[u8]) -> Result<PathBuf, Fault> {
    if path.contains(&0) {
        return Err(Fault::invalid("a path holds a zero byte"));
    }
    if path.len() > LONGEST {
        return Err(Fault::invalid("a path is longer than the system takes"));
    }
    let path = match path {
        b"~" => &[],
        path => path.strip_prefix(b"~/").unwrap_or(path),
    };
    // Parts that are empty mean nothing, at the end of a path as well.
    let path = Path::new(OsStr::from_bytes(path));
    Ok(ctx.surroundings.home().join(path).components().collect())
}

/// A copy as the audit will know it. One that is dropped was cut off.
struct Noted {
    ctx: Arc<Context>,
    note: Option<Note>,
    way: &'static str,
    /// How far it is.
    at: u64,
}

impl Noted {
    fn begin(asked: &Asked<'_>, way: &'static str, path: &Path) -> Self {
        let path = path.to_string_lossy();
        let end = path.ceil_char_boundary(path.len().saturating_sub(NOTED));
        let about = if end > 0 { format!("…{}", &path[end..]) } else { path.into_owned() };
        let note = Some(asked.client.note("copy").about(about));
        Self { ctx: Arc::clone(asked.ctx), note, way, at: 0 }
    }

    fn ended(mut self, fault: Option<&Fault>) {
        self.tell(fault.map_or("", |fault| fault.why.as_str()), fault.is_none());
    }

    fn tell(&mut self, why: &str, whole: bool) {
        let Some(note) = self.note.take() else { return };
        let (way, at) = (self.way, self.at);
        let detail = match (way, whole) {
            ("folder", true) => "folder".to_owned(),
            ("folder", false) => format!("folder, not made: {why}"),
            (_, true) => format!("{way}, {at} bytes"),
            (_, false) => format!("{way}, not whole after {at} bytes: {why}"),
        };
        self.ctx.audit.note(note.detail(detail));
    }
}

impl Drop for Noted {
    fn drop(&mut self) {
        self.tell("the client went away", false);
    }
}

impl From<CopyError> for Fault {
    fn from(error: CopyError) -> Self {
        use std::error::Error as _;
        let mut why = error.to_string();
        if let Some(source) = error.source() {
            why = format!("{why}: {source}");
        }
        match error {
            CopyError::Io { source, .. } => {
                let failure = match source.kind() {
                    std::io::ErrorKind::NotFound => Failure::NOT_FOUND,
                    std::io::ErrorKind::PermissionDenied => Failure::DENIED,
                    _ => Failure::INTERNAL,
                };
                Self::new(failure, why)
            }
            CopyError::Full { .. } => Self::new(Failure::EXHAUSTED, why)
                .hint("make room there and copy again: it goes on from what is kept"),
            CopyError::NotRegular { .. } | CopyError::Link { .. } | CopyError::Breach { .. } => {
                Self::invalid(why)
            }
            CopyError::Busy { .. } => Self::new(Failure::CONFLICT, why),
            CopyError::Failed(failed) => Self::new(failed.failure, why),
            CopyError::Differs { .. } | CopyError::Lost { .. } => Self::internal(why),
        }
    }
}
