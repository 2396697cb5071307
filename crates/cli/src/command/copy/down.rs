//! Files of a host to this machine. Owns that a server writes nowhere but where it was asked to: each path that
//! it tells has to lie in a folder that it told before, and is made of plain names.

use std::io;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use ccc_client::copy::{CopyError, Kind, below, is_part, look, make_folder};
use ccc_client::{ClientError, Requester};
use ccc_proto::{FileInfo, FileKind};

use super::several::{Outcome, Several, Told, Within};
use super::{A_PART, ATTEMPTED, Shown, Tally, joined, name_of, shown};
use crate::args::CopySide as Side;
use crate::failure::{Attempted as _, Failure};

/// What a folder has to allow while files are put into it.
const USABLE: u32 = 0o700;

pub(super) async fn down(
    server: &Requester,
    sources: &[Side],
    dest: &Side,
    tally: &mut Tally,
) -> Result<(), Failure> {
    let Side::Here(dest) = dest else { return to_stream(server, sources, tally).await };
    let there = look(dest).map_err(ClientError::from).attempted(ATTEMPTED)?;
    let folder = there.is_some_and(|there| there.kind == Kind::Folder);
    let slash = dest.as_os_str().as_bytes().ends_with(b"/");
    if !folder && (sources.len() > 1 || slash && !tally.recursive) {
        let why = format!("{} is no folder", dest.display());
        return Err(Failure::usage(ATTEMPTED, why));
    }
    for source in sources {
        let Side::There { path, .. } = source else { continue };
        // The name is the one that was typed: what a server says of it does not count.
        let name = name_of(Path::new(std::ffi::OsStr::from_bytes(path)));
        tally.begin(!folder && !name.is_empty());
        let to = if folder { dest.join(std::ffi::OsStr::from_bytes(&name)) } else { dest.clone() };
        one(server, path, to, tally).await?;
    }
    Ok(())
}

async fn to_stream(server: &Requester, sources: &[Side], tally: &mut Tally) -> Result<(), Failure> {
    for source in sources {
        let Side::There { path, .. } = source else { continue };
        let name = shown(path);
        let mut line = Shown::new(&name, None);
        let got = server.get_stream(path, io::stdout(), |at, size| {
            line.size = Some(size);
            line.at(at);
        });
        let copied = got.await;
        line.end();
        match copied {
            Ok(size) => tally.copied(size),
            // One who reads no more has read enough.
            Err(ClientError::Copy(CopyError::Io { source, .. }))
                if source.kind() == io::ErrorKind::BrokenPipe =>
            {
                return Err(source).attempted(ATTEMPTED);
            }
            Err(error) => tally.fail(&name, error)?,
        }
    }
    Ok(())
}

/// A file, or a folder with all that is in it.
async fn one(
    server: &Requester,
    path: &[u8],
    to: PathBuf,
    tally: &mut Tally,
) -> Result<(), Failure> {
    let name = shown(path);
    if !tally.recursive {
        // A folder is refused where it is opened.
        return file(server, path, &to, tally).await;
    }
    let mut listing = match server.list_files(path, true).await {
        Ok(listing) => listing,
        Err(error) => return tally.fail(&name, error),
    };
    let mut page = match listing.next().await {
        Ok(page) => page.into_iter(),
        Err(error) => return tally.fail(&name, error),
    };
    match page.next() {
        Some(top) if top.kind == FileKind::FOLDER => {
            if let Err(error) = open_folder(&to, &top, tally.keeps) {
                return tally.fail(&name, error.into());
            }
            tally.made_top();
            let mut tree = Tree::begin(server, path, to, tally);
            tree.open(PathBuf::new(), &top).await?;
            let mut page: Vec<FileInfo> = page.collect();
            loop {
                for found in page {
                    tree.take(found).await?;
                }
                page = match listing.next().await {
                    Ok(page) if page.is_empty() => break,
                    Ok(page) => page,
                    Err(error) => {
                        tree.open.clear();
                        tree.several.all(tree.tally).await?;
                        return tree.tally.fail(&name, error);
                    }
                };
            }
            tree.close_all().await
        }
        // Whatever else it is, or that it is not there, is said where it is opened.
        _ => file(server, path, &to, tally).await,
    }
}

async fn file(
    server: &Requester,
    path: &[u8],
    to: &Path,
    tally: &mut Tally,
) -> Result<(), Failure> {
    let name = shown(path);
    let mut line = Shown::new(&name, None);
    let got = server.get_file(path, to, tally.keeps, |at, size| {
        line.size = Some(size);
        line.at(at);
    });
    let copied = got.await;
    line.end();
    match copied {
        Ok(size) => tally.copied(size),
        Err(error) => tally.fail(&name, error)?,
    }
    Ok(())
}

/// A folder that is being copied.
struct Tree<'a> {
    server: &'a Requester,
    from: &'a [u8],
    to: PathBuf,
    tally: &'a mut Tally,
    /// Folders that are being filled, the innermost last.
    open: Vec<(PathBuf, Within)>,
    /// A folder that was not made, and so nothing that is in it is copied.
    left_out: Option<PathBuf>,
    several: Several,
}

impl<'a> Tree<'a> {
    fn begin(server: &'a Requester, from: &'a [u8], to: PathBuf, tally: &'a mut Tally) -> Self {
        let (open, several) = (Vec::new(), Several::default());
        Self { server, from, to, tally, open, left_out: None, several }
    }

    /// A folder was made, and is being filled. With everything in it, it gets the time and the permissions that it
    /// has there.
    async fn open(&mut self, path: PathBuf, info: &FileInfo) -> Result<(), Failure> {
        let to = self.to.join(&path);
        let name = to.display().to_string();
        let (mode, modified) = (info.mode, info.modified_unix_ns);
        let close = async move { Ok(make_folder(&to, mode, Some(modified))?) };
        let close = self.tally.keeps.then(|| (name.clone(), close));
        let around = self.open.last().map_or_else(Within::everything, |(_, within)| within.clone());
        let made = std::future::ready(Ok(()));
        let within = self.several.folder(name, around, made, close, self.tally).await?;
        self.open.push((path, within));
        Ok(())
    }

    async fn take(&mut self, found: FileInfo) -> Result<(), Failure> {
        let name = shown(&joined(self.from, &found.path));
        let Some(path) = below(&found.path) else {
            return Err(refused(&name));
        };
        if self.left_out.as_ref().is_some_and(|folder| path.starts_with(folder)) {
            return Ok(());
        }
        let parent = path.parent().map(Path::to_owned).unwrap_or_default();
        while self.open.pop_if(|(folder, _)| *folder != parent).is_some() {}
        let Some((_, within)) = self.open.last() else {
            return Err(refused(&name));
        };
        let within = within.clone();
        let to = self.to.join(&path);
        let outcome = match found.kind {
            FileKind::FOLDER => {
                // A link of this machine would lead elsewhere.
                let linked = std::fs::symlink_metadata(&to).is_ok_and(|there| there.is_symlink());
                if linked {
                    self.left_out = Some(path);
                    return self.tally.skip(&name, "a symbolic link is there in its place");
                }
                return match open_folder(&to, &found, self.tally.keeps) {
                    Ok(()) => self.open(path, &found).await,
                    Err(error) => {
                        self.left_out = Some(path);
                        self.tally.fail(&name, error.into())
                    }
                };
            }
            FileKind::FILE if is_part(&path) => Outcome::Skipped(A_PART.to_owned()),
            FileKind::FILE => {
                let (server, keeps) = (self.server.clone(), self.tally.keeps);
                let from = joined(self.from, &found.path);
                let copy = move |mut told: Told| {
                    let told = move |at, size| told.at(at, size);
                    Box::pin(async move { server.get_file(&from, &to, keeps, told).await })
                };
                return self.several.file(name, found.size, within, copy, self.tally).await;
            }
            FileKind::LINK => Outcome::Skipped("it is a symbolic link".to_owned()),
            FileKind::UNREADABLE => {
                let source = io::ErrorKind::PermissionDenied.into();
                Outcome::Failed(ClientError::File { path: name.clone().into(), source })
            }
            _ => Outcome::Skipped("it is a device, a pipe or a socket".to_owned()),
        };
        self.several.not_copied(name, within, outcome, self.tally).await
    }

    async fn close_all(mut self) -> Result<(), Failure> {
        self.open.clear();
        self.several.all(self.tally).await
    }
}

/// Files are to come into a folder. One that was closed by a copy before may allow that no more, and what it allows
/// is set in the end anyway.
fn open_folder(to: &Path, info: &FileInfo, keeps: bool) -> Result<(), CopyError> {
    let mode = info.mode | USABLE;
    if keeps && make_folder(to, mode, Some(info.modified_unix_ns)).is_ok() {
        return Ok(());
    }
    // It may be somebody else's, and take files nevertheless.
    make_folder(to, mode, None)
}

/// A server tells what was not asked for.
fn refused(name: &str) -> Failure {
    let why = format!("the server told {name}, which lies in no folder that it told before");
    Failure::other(ATTEMPTED, why)
}
