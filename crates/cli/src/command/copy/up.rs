//! Files of this machine to a host.

use std::io;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use ccc_client::copy::{Facts, FilePlace, Kind, Put, Walk, is_part, look};
use ccc_client::{ClientError, Requester};
use ccc_proto::FileKind;

use super::several::{Outcome, Several, Told, Within};
use super::{A_PART, ATTEMPTED, Shown, Tally, joined, name_of, shown};
use crate::args::CopySide as Side;
use crate::failure::{Attempted as _, Failure};

/// What a folder has to allow while files are put into it.
const USABLE: u32 = 0o700;

pub(super) async fn up(
    server: &Requester,
    sources: &[Side],
    dest: &Side,
    tally: &mut Tally,
) -> Result<(), Failure> {
    let Side::There { path: dest, .. } = dest else { return Ok(()) };
    let there = server.look_at(dest).await.attempted(ATTEMPTED)?;
    let folder = there.is_some_and(|there| there.kind == FileKind::FOLDER);
    if !folder && (sources.len() > 1 || dest.ends_with(b"/") && !tally.recursive) {
        let why = format!("{} is no folder there", shown(dest));
        return Err(Failure::usage(ATTEMPTED, why));
    }
    for source in sources {
        match source {
            Side::Stream if folder => {
                let why = "standard input has no name: give it one behind the folder";
                return Err(Failure::usage(ATTEMPTED, why));
            }
            Side::Stream => {
                let mut line = Shown::new("-", None);
                let put = server.put_stream(io::stdin(), put(dest.clone(), None, false), |at| {
                    line.at(at);
                });
                let copied = put.await;
                line.end();
                match copied {
                    Ok(copied) => tally.copied(copied.size),
                    Err(error) => tally.fail("-", error)?,
                }
            }
            Side::Here(path) => {
                let name = name_of(path);
                tally.begin(!folder && !name.is_empty());
                let to = if folder { joined(dest, &name) } else { dest.clone() };
                one(server, path, to, tally).await?;
            }
            Side::There { .. } => {}
        }
    }
    Ok(())
}

/// A file, or a folder with all that is in it.
async fn one(
    server: &Requester,
    path: &Path,
    to: Vec<u8>,
    tally: &mut Tally,
) -> Result<(), Failure> {
    let name = path.display().to_string();
    let facts = match look(path) {
        Ok(Some(facts)) => facts,
        Ok(None) => {
            let source = io::ErrorKind::NotFound.into();
            let error = ClientError::File { path: path.to_owned(), source };
            return tally.fail(&name, error);
        }
        Err(error) => return tally.fail(&name, error.into()),
    };
    match facts.kind {
        Kind::Folder if tally.recursive => tree(server, path, facts, to, tally).await,
        Kind::Folder => {
            let source = io::Error::other("it is a folder; copy it with -r");
            tally.fail(&name, ClientError::File { path: path.to_owned(), source })
        }
        // What is no file is refused with its kind where it is opened.
        _ => file(server, path, to, tally).await,
    }
}

async fn file(
    server: &Requester,
    path: &Path,
    to: Vec<u8>,
    tally: &mut Tally,
) -> Result<(), Failure> {
    let name = path.display().to_string();
    let size = std::fs::symlink_metadata(path).ok().map(|meta| meta.len());
    let mut line = Shown::new(&name, size);
    let copied = server.put_file(path, put(to, None, tally.keeps), |at| line.at(at)).await;
    line.end();
    match copied {
        Ok(copied) => tally.copied(copied.size),
        Err(error) => tally.fail(&name, error)?,
    }
    Ok(())
}

async fn tree(
    server: &Requester,
    root: &Path,
    facts: Facts,
    to: Vec<u8>,
    tally: &mut Tally,
) -> Result<(), Failure> {
    let name = root.display().to_string();
    let walk = match Walk::below(root) {
        Ok(walk) => walk,
        Err(error) => return tally.fail(&name, error.into()),
    };
    let tree = Tree { server, to: &to };
    if let Err(error) = tree.open(Path::new(""), facts, tally.keeps).await {
        return tally.fail(&shown(&to), error);
    }
    tally.made_top();
    let mut several = Several::default();
    let made = std::future::ready(Ok(()));
    let close = tree.close(Path::new(""), facts, tally.keeps);
    let top = several.folder(name, Within::everything(), made, close, tally).await?;
    // Folders that are being filled, the innermost last.
    let mut open: Vec<(PathBuf, Within)> = vec![(PathBuf::new(), top)];
    for found in walk {
        while open.pop_if(|(folder, _)| !found.path.starts_with(folder)).is_some() {}
        let Some((_, within)) = open.last() else { break };
        let within = within.clone();
        let whole = root.join(&found.path);
        let name = whole.display().to_string();
        let outcome = match found.facts {
            Ok(facts) if facts.kind == Kind::Folder => {
                let make = tree.open(&found.path, facts, tally.keeps);
                let close = tree.close(&found.path, facts, tally.keeps);
                let inside = several.folder(name, within, make, close, tally).await?;
                open.push((found.path, inside));
                continue;
            }
            Ok(facts) if facts.kind == Kind::File && is_part(&found.path) => {
                Outcome::Skipped(A_PART.to_owned())
            }
            Ok(facts) if facts.kind == Kind::File => {
                let (server, put) = (server.clone(), put(tree.at(&found.path), None, tally.keeps));
                let size = facts.size;
                let copy = move |mut told: Told| {
                    let told = move |at| told.at(at, size);
                    Box::pin(async move { Ok(server.put_file(&whole, put, told).await?.size) })
                };
                several.file(name, size, within, copy, tally).await?;
                continue;
            }
            Ok(Facts { kind: Kind::Other(kind), .. }) => Outcome::Skipped(format!("it is {kind}")),
            Ok(_) => Outcome::Skipped("it is a symbolic link".to_owned()),
            Err(error) => Outcome::Failed(error.into()),
        };
        several.not_copied(name, within, outcome, tally).await?;
    }
    drop(open);
    several.all(tally).await
}

/// A folder that is being copied.
struct Tree<'a> {
    server: &'a Requester,
    to: &'a [u8],
}

impl Tree<'_> {
    /// Where something of it is there.
    fn at(&self, path: &Path) -> Vec<u8> {
        joined(self.to, path.as_os_str().as_bytes())
    }

    fn make(
        &self,
        path: &Path,
        mode: u32,
        modified_unix_ns: Option<i64>,
    ) -> impl Future<Output = Result<(), ClientError>> + Send + use<> {
        let (server, path) = (self.server.clone(), self.at(path));
        async move { server.make_folder_at(&path, mode, modified_unix_ns).await }
    }

    /// Files are to come into a folder. One that was closed by a copy before may allow that no more, and what it
    /// allows is set in the end anyway.
    fn open(
        &self,
        path: &Path,
        facts: Facts,
        keeps: bool,
    ) -> impl Future<Output = Result<(), ClientError>> + Send + use<> {
        let mode = facts.mode | USABLE;
        // A future of one request is large, and many folders wait.
        let boxed = |modified| Box::pin(self.make(path, mode, modified));
        let set = keeps.then(|| boxed(Some(facts.modified_unix_ns)));
        let make = boxed(None);
        async move {
            match set {
                // It may be somebody else's, and take files nevertheless.
                Some(set) => match set.await {
                    Err(ClientError::Failed(_)) => make.await,
                    set => set,
                },
                None => make.await,
            }
        }
    }

    /// Nothing more comes into a folder: it gets the time and the permissions that it had here.
    fn close(
        &self,
        path: &Path,
        facts: Facts,
        keeps: bool,
    ) -> Option<(String, impl Future<Output = Result<(), ClientError>> + Send + use<>)> {
        let name = shown(&self.at(path));
        keeps.then(|| (name, self.make(path, facts.mode, Some(facts.modified_unix_ns))))
    }
}

const fn put(path: Vec<u8>, mode: Option<u32>, keeps_time: bool) -> Put {
    Put { place: FilePlace::PATH, path, mode, keeps_time }
}
