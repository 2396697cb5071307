//! `export`: a recording in another form. Owns which recording is meant, where the bytes come from, and where
//! they go; the forms are the client library's.

use std::collections::BTreeMap;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use ccc_client::export::{
    CastForm, CastOptions, CastVersion, Form, PageForm, RawForm, Teller, TextForm, Told, paint,
    tell_files,
};
use ccc_client::redact::{RedactForm, Redactor};
use ccc_client::{Mirror, Offset, Recording, RecordingFiles, Server, screen_of};
use ccc_journal::{PaneHeader, PaneUlid};
use ccc_proto::{Chunk, Export, Ext, Message, PaneId, ReplayRequest, ScreenRequest};

use super::search::tell_hidden;
use crate::args::{CastArg, ExportArgs};
use crate::context::{Context, unexpected};
use crate::exit::End;
use crate::failure::{Attempted as _, Failure};
use crate::progress::Progress;
use crate::target;
use crate::whole_file::WholeFile;
use crate::words::{say, with};

pub(crate) async fn export(context: &Context, args: &ExportArgs) -> Result<End, Failure> {
    let attempted = "export";
    let mut source = Source::open(context, args, attempted).await?;
    let hides = !args.no_redact && !args.raw;
    let redactor = hides.then(|| context.redactor(attempted)).transpose()?;
    if let Some(redactor) = &redactor {
        let about = &mut source.recording;
        about.command = redactor.text(&about.command).into_owned();
    }
    let mut hidden = 0;
    let redact = redactor.as_ref().map(|redactor| (redactor, &mut hidden));
    let missing = match &args.output {
        None => {
            let mut out = BufWriter::new(io::stdout().lock());
            write(&source, args, redact, &mut out, attempted).await?
        }
        Some(path) => {
            let naming = format!("write {}", path.display());
            let mut file = BufWriter::new(WholeFile::create(path).attempted(&naming)?);
            let missing = write(&source, args, redact, &mut file, attempted).await?;
            let file = file.into_inner().map_err(io::IntoInnerError::into_error);
            file.and_then(WholeFile::finish).attempted(&naming)?;
            missing
        }
    };
    if missing > 0 {
        let mut out = io::stderr().lock();
        let what = with(
            "{count} bytes are no longer kept, were not recorded, or are damaged: see ccc rec verify",
            &[("count", &missing)],
        );
        let said = writeln!(out, "{} {what}", say("note:"));
        said.attempted(attempted)?;
    }
    tell_hidden(hidden, say("--no-redact writes them"));
    Ok(End::Done)
}

/// Where a recording comes from.
struct Source {
    recording: Recording,
    /// Its directory, if it is on this machine.
    dir: Option<PathBuf>,
    /// Whom to ask for its bytes, and for what; none where files are read.
    server: Option<(Server, String)>,
}

impl Source {
    async fn open(context: &Context, args: &ExportArgs, attempted: &str) -> Result<Self, Failure> {
        if let Some(dir) = files(context, args) {
            let recording = Recording::read(&dir).attempted(attempted)?;
            return Ok(Self { recording, dir: Some(dir), server: None });
        }
        let named = args.what.as_ref().map(|what| what.to_string_lossy());
        let target = target::or_here(named.as_deref(), context);
        let server = context.server(attempted).await?;
        let request = ReplayRequest { target: target.clone(), ext: Ext::none() };
        let info = match server.request(request).await.attempted(attempted)? {
            Message::ReplayInfo(info) => info,
            other => return Err(unexpected(attempted, "ReplayInfo", &other)),
        };
        let ulid: Option<PaneUlid> = info.ulid.parse().ok();
        let dir = ulid
            .map(|ulid| ulid.dir(context.home.state()))
            .filter(|dir| context.host.is_none() && dir.is_dir());
        let target = info.pane.map_or(target, |pane| pane.to_string());
        Ok(Self { recording: info.into(), dir, server: Some((server, target)) })
    }

    /// The screen that the first byte which is kept was printed onto.
    async fn first_screen(&self, attempted: &str) -> Result<Mirror, Failure> {
        let first = self.recording.first;
        if let Some(dir) = &self.dir {
            return RecordingFiles::new(dir).screen(first).attempted(attempted);
        }
        let Some((server, target)) = &self.server else { return Ok(Mirror::new(PaneId(0))) };
        let request = ScreenRequest { ulid: target.clone(), offset: first.0, ext: Ext::none() };
        match server.request(request).await.attempted(attempted)? {
            Message::ScreenPage(page) => screen_of(&page).attempted(attempted),
            other => Err(unexpected(attempted, "ScreenPage", &other)),
        }
    }

    /// What the program saw of its terminal, where that is known.
    fn env(&self) -> BTreeMap<String, String> {
        let header = self.dir.as_deref().and_then(|dir| PaneHeader::read(dir).ok());
        let Some(header) = header else { return BTreeMap::new() };
        let mut env = BTreeMap::new();
        if !header.term.is_empty() {
            env.insert("TERM".to_owned(), header.term);
        }
        if let [shell] = &header.command[..] {
            env.insert("SHELL".to_owned(), shell.0.to_string_lossy().into_owned());
        }
        env
    }
}

/// The directory that is meant, when it is one, or the name of a recording that no server has to be asked for.
fn files(context: &Context, args: &ExportArgs) -> Option<PathBuf> {
    // What another machine has is not in a directory of this one.
    let what = Path::new(args.what.as_ref().filter(|_| context.host.is_none())?);
    let name = || {
        let ulid: PaneUlid = what.to_str()?.parse().ok()?;
        Some(ulid.dir(context.home.state()))
    };
    let is_one = |dir: &PathBuf| RecordingFiles::is_one(dir);
    Some(what.to_owned()).filter(is_one).or_else(|| name().filter(is_one))
}

/// Writes all of it in the form that is asked for, and gives the number of bytes that are missing.
async fn write<W: Write>(
    source: &Source,
    args: &ExportArgs,
    redact: Option<(&Redactor, &mut u64)>,
    out: &mut W,
    attempted: &str,
) -> Result<u64, Failure> {
    let recording = &source.recording;
    let mut redact = redact;
    let mut form: Box<dyn Form + '_> = match args.cast {
        Some(version) => {
            let version = match version {
                CastArg::V2 => CastVersion::V2,
                CastArg::V3 => CastVersion::V3,
            };
            let options = CastOptions { idle_limit: args.idle_limit, env: source.env() };
            Box::new(CastForm::new(out, version, recording, options).attempted(attempted)?)
        }
        None if args.html => Box::new(PageForm::new(out, recording, args.idle_limit)),
        None if args.txt => {
            let form = TextForm::new(out, Teller::size(recording));
            match redact.take() {
                Some((redactor, hidden)) => Box::new(form.redacted(redactor, hidden)),
                None => Box::new(form),
            }
        }
        None => Box::new(RawForm(out)),
    };
    if let Some((redactor, hidden)) = redact {
        form = Box::new(RedactForm::new(form, redactor, hidden));
    }
    // What comes first draws upon what is no longer kept. Raw bytes are what was printed and nothing else.
    if recording.first > Offset::ZERO && !args.raw {
        let first = source.first_screen(attempted).await?;
        form.told(Duration::ZERO, Told::Output(&paint(&first))).attempted(attempted)?;
    }
    let mut progress = Progress::new(recording.line.end().offset.since(recording.first));
    let missing = match (&source.server, &source.dir) {
        (Some((server, target)), _) => {
            tell_asked(server, target, recording, form, &mut progress, attempted).await
        }
        (None, Some(dir)) => {
            let mut done = |bytes| progress.add(bytes);
            tell_files(dir, recording, form, &mut done).attempted(attempted)
        }
        (None, None) => Err(Failure::other(attempted, "there is nothing to read it from")),
    };
    progress.end().attempted(attempted)?;
    missing
}

/// Tells the recording of a server.
async fn tell_asked(
    server: &Server,
    target: &str,
    recording: &Recording,
    mut form: Box<dyn Form + '_>,
    progress: &mut Progress,
    attempted: &str,
) -> Result<u64, Failure> {
    let request = Export { target: target.to_owned(), ext: Ext::none() };
    let mut replies = server.request_stream(request).await.attempted(attempted)?;
    let mut teller = Teller::new(recording);
    loop {
        match replies.next().await.attempted(attempted)? {
            Some(Message::Chunk(Chunk { offset, bytes, .. })) => {
                teller.bytes(Offset(offset), &bytes, &mut *form).attempted(attempted)?;
                progress.add(bytes.len() as u64).attempted(attempted)?;
            }
            Some(Message::ChunkEnd(end)) => {
                let missing = teller.finish(form).attempted(attempted)?;
                return Ok(missing.max(end.missing));
            }
            Some(other) => return Err(unexpected(attempted, "Chunk", &other)),
            None => return Err(Failure::other(attempted, "the answer ended too early")),
        }
    }
}
