//! A recording of another tool becomes one of ours: asciicast, ttyrec, typescript. Owns what of theirs becomes
//! which bytes, events and marks, and that the directory appears under its name whole or not at all. The bytes
//! go through the same fold as a live program's, whose checkpoints make places quick to find.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::time::Duration;

use ccc_journal::asciicast::{
    CastEntry, CastError, CastEvent, CastHeader, CastReader, CastVersion,
};
use ccc_journal::ttyrec::TtyrecReader;
use ccc_journal::typescript::TypescriptReader;
use ccc_journal::{
    BootId, CheckpointLog, Error, Event, EventWriter, ExactText, ExitStatus, JournalWriter, Mark,
    MarkWriter, Offset, PaneHeader, PaneUlid, ROTATE_BYTES, Size,
};
use ccc_play::{COMMAND_ENDED, Fold, Remembered, TURN_BYTES};
use ccc_vt::Limits;

/// How the name of a directory begins that is not whole, before the process that writes it.
const BEGUN: &str = ".import-";

/// Markers that become commands; more are passed over.
const MARKERS: usize = 100_000;
/// The longest name, in bytes.
const NAME: usize = 256;

/// What is imported, and as what.
#[derive(Clone, Debug, Default)]
pub struct Import {
    pub file: PathBuf,
    /// The timing file of a typescript.
    pub timing: Option<PathBuf>,
    /// The name of the session it is shown as; else its title, else the file's name.
    pub name: Option<String>,
    /// The size of the terminal, for forms that do not tell it.
    pub size: Option<ccc_vt::Size>,
}

/// What came of it.
#[derive(Debug)]
pub struct Imported {
    /// The name of the recording.
    pub ulid: PaneUlid,
    pub dir: PathBuf,
    /// What it was: `asciicast v2`, `ttyrec`, `typescript`.
    pub form: &'static str,
    pub bytes: u64,
    pub duration: Duration,
    /// What was wrong with the file. Everything before it was taken.
    pub wrong: Option<CastError>,
}

/// Why nothing was imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    #[error("{} cannot be opened", path.display())]
    Open { path: PathBuf, source: io::Error },
    /// It is of no form that is known, or not even its beginning can be read.
    #[error("{}: {why}", path.display())]
    Form { path: PathBuf, why: String },
    /// The recording cannot be written.
    #[error("the recording cannot be written")]
    Write(#[from] Error),
}

/// Makes a recording in the folder `panes`. `done` is told the bytes that were taken, and may end it by an error.
/// Blocks.
///
/// # Errors
/// The file is none, or the recording cannot be written; nothing is left of it then.
pub fn import(
    panes: &Path,
    what: &Import,
    done: &mut dyn FnMut(u64) -> io::Result<()>,
) -> Result<Imported, ImportError> {
    let mut foreign = Foreign::open(what)?;
    ccc_journal::dir::create_private(panes).map_err(Error::from)?;
    let ulid = fresh_ulid()?;
    let begun = Begun::in_folder(panes, ulid)?;
    let mut written = write(&begun.dir, ulid, &mut foreign, what, done)?;
    let dir = panes.join(ulid.as_str());
    begun.finish(&dir)?;
    Ok(Imported {
        ulid,
        dir,
        form: foreign.name(),
        bytes: written.end.0,
        duration: written.last,
        wrong: written.wrong.take(),
    })
}

/// A name of its own, by the clock and by chance.
fn fresh_ulid() -> Result<PaneUlid, Error> {
    ulid::Ulid::new().to_string().parse()
}

/// A directory under another name, until it is whole.
struct Begun {
    dir: PathBuf,
    whole: bool,
}

impl Begun {
    fn in_folder(panes: &Path, ulid: PaneUlid) -> Result<Self, Error> {
        sweep(panes);
        let dir = panes.join(format!("{BEGUN}{}-{ulid}", std::process::id()));
        ccc_journal::dir::create_private(&dir)?;
        Ok(Self { dir, whole: false })
    }

    fn finish(mut self, dir: &Path) -> Result<(), Error> {
        ccc_journal::dir::sync(&self.dir)?;
        std::fs::rename(&self.dir, dir).map_err(|source| Error::Io {
            attempt: "put into its place",
            path: dir.to_owned(),
            source,
        })?;
        self.whole = true;
        if let Some(panes) = dir.parent() {
            ccc_journal::dir::sync(panes)?;
        }
        Ok(())
    }
}

impl Drop for Begun {
    fn drop(&mut self) {
        if !self.whole {
            // Nobody was told of it.
            let _ = std::fs::remove_dir_all(&self.dir);
        }
    }
}

/// Removes what imports left that were killed.
fn sweep(panes: &Path) {
    for entry in std::fs::read_dir(panes).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let pid = name.to_str().and_then(|name| name.strip_prefix(BEGUN)?.split('-').next());
        let pid = pid.and_then(|pid| pid.parse::<u32>().ok());
        if pid.is_some_and(|pid| !Path::new(&format!("/proc/{pid}")).exists()) {
            // Nobody was told of it; the next import tries again.
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
}

/// How far it was written.
struct Written {
    end: Offset,
    last: Duration,
    wrong: Option<CastError>,
}

fn write(
    dir: &Path,
    ulid: PaneUlid,
    foreign: &mut Foreign,
    what: &Import,
    done: &mut dyn FnMut(u64) -> io::Result<()>,
) -> Result<Written, ImportError> {
    // The first entry may tell when it all began.
    let mut next = foreign.next();
    let header = foreign.header();
    let size = what.size.map_or(header.size, |size| Size { cols: size.cols, rows: size.rows });
    let wall_ns = header.timestamp.unwrap_or(0).saturating_mul(1_000_000_000);
    pane_header(ulid, &header, size, wall_ns, foreign.name(), what).write(dir)?;
    let (mut journal, mut events) =
        (JournalWriter::open(dir, ROTATE_BYTES)?, EventWriter::open(dir)?.0);
    let boot_id = BootId::UNKNOWN;
    events.append(&Event::Started { offset: Offset::ZERO, wall_ns, mono_ns: 0, boot_id })?;
    events.append(&Event::Resize { offset: Offset::ZERO, size })?;
    let mut size = size;
    let mut last = Duration::ZERO;
    let mut markers: Vec<(Offset, Duration, String)> = Vec::new();
    let mut status = ExitStatus::Unknown;
    let mut wrong = None;
    loop {
        let entry = match next {
            Ok(Some(entry)) => entry,
            Ok(None) => break,
            Err(error) => {
                wrong = Some(error);
                break;
            }
        };
        let offset = journal.offset();
        if entry.at > last {
            last = entry.at;
            events.append(&Event::Time { offset, mono_ns: nanos(last) })?;
        }
        match entry.what {
            CastEvent::Output(bytes) => {
                journal.append(&bytes)?;
                journal.rotate_if_due()?;
                done(bytes.len() as u64).map_err(|source| stopped(dir, source))?;
            }
            CastEvent::Resize(new) if new != size => {
                size = new;
                events.append(&Event::Resize { offset, size })?;
            }
            CastEvent::Marker(label) if markers.len() < MARKERS => {
                markers.push((offset, last, label));
            }
            CastEvent::Resize(_) | CastEvent::Marker(_) => {}
            CastEvent::Exit(code) => status = ExitStatus::Code(code),
        }
        next = foreign.next();
    }
    let end = journal.offset();
    events.append(&Event::Exit { offset: end, status, mono_ns: nanos(last) })?;
    events.sync()?;
    journal.sync()?;
    mark(dir, &markers, end, last, wall_ns / 1_000_000)?;
    checkpoint(dir, done)?;
    Ok(Written { end, last, wrong })
}

/// What it was made as.
fn pane_header(
    ulid: PaneUlid,
    header: &CastHeader,
    size: Size,
    wall_ns: u64,
    form: &str,
    what: &Import,
) -> PaneHeader {
    let file = what.file.file_stem().map(|stem| stem.to_string_lossy().into_owned());
    let title = header.title.clone().filter(|title| !title.is_empty());
    let mut session = what.name.clone().or(title).or(file).unwrap_or_default();
    session.truncate(session.floor_char_boundary(NAME));
    let command = header.command.iter().map(|command| ExactText(command.into()));
    PaneHeader {
        format: PaneHeader::FORMAT,
        pane: ulid,
        session,
        tab: "1".into(),
        command: command.collect(),
        cwd: ExactText(std::ffi::OsString::new()),
        size,
        term: header.env.get("TERM").cloned().unwrap_or_default(),
        machine_id: String::new(),
        boot_id: BootId::UNKNOWN,
        principal: String::new(),
        created_ns: wall_ns,
        other: BTreeMap::from([(PaneHeader::IMPORTED.to_owned(), form.into())]),
    }
}

/// Markers as commands, each up to the next one.
fn mark(
    dir: &Path,
    markers: &[(Offset, Duration, String)],
    end: Offset,
    last: Duration,
    began_ms: u64,
) -> Result<(), Error> {
    if markers.is_empty() {
        return Ok(());
    }
    let wall = |at: Duration| began_ms.saturating_add(u64::try_from(at.as_millis()).unwrap_or(0));
    let mut marks = MarkWriter::open(dir)?.0;
    for (number, (offset, at, label)) in markers.iter().enumerate() {
        let (to, until) =
            markers.get(number + 1).map_or((end, last), |(offset, at, _)| (*offset, *at));
        let command = Remembered {
            mark: offset.0,
            from: offset.0,
            to: Some(to.0),
            started_ms: wall(*at),
            ended_ms: Some(wall(until)),
            exit: None,
            session: String::new(),
            cwd: String::new(),
            text: label.clone(),
        };
        marks.append(&Mark { kind: COMMAND_ENDED, offset: to, body: command.encode() })?;
    }
    marks.sync()
}

/// Folds it as a live program's bytes are, and keeps the states that a server would.
fn checkpoint(dir: &Path, done: &mut dyn FnMut(u64) -> io::Result<()>) -> Result<(), ImportError> {
    let size = ccc_vt::Size { cols: 80, rows: 24 };
    let opened = Fold::open(dir, Offset::ZERO, size, Limits::default())?;
    let (mut fold, mut screen) = (opened.fold, opened.screen);
    let mut checkpoints = CheckpointLog::open(dir)?.0;
    let mut buffer = vec![0; TURN_BYTES];
    loop {
        let turn = fold.turn(&mut screen, &mut buffer)?;
        screen.take_notices();
        screen.take_replies();
        if turn.begins_file || fold.checkpoint_due() {
            checkpoints.append(&fold.checkpoint(&screen), false)?;
        }
        if !turn.more {
            break;
        }
        done(0).map_err(|source| stopped(dir, source))?;
    }
    checkpoints.append(&fold.checkpoint(&screen), false)?;
    checkpoints.sync()?;
    Ok(())
}

fn stopped(dir: &Path, source: io::Error) -> Error {
    Error::Io { attempt: "go on with", path: dir.to_owned(), source }
}

fn nanos(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

/// A file of another tool.
enum Foreign {
    Cast(CastReader<BufReader<File>>),
    Ttyrec(TtyrecReader<BufReader<File>>),
    Typescript(TypescriptReader<BufReader<File>, BufReader<File>>),
}

impl Foreign {
    /// Looks what it is, by its first bytes.
    fn open(what: &Import) -> Result<Self, ImportError> {
        let open = |path: &Path| {
            let failed = |source| ImportError::Open { path: path.to_owned(), source };
            let file = File::open(path).map_err(failed)?;
            if file.metadata().map_err(failed)?.is_dir() {
                return Err(failed(io::ErrorKind::IsADirectory.into()));
            }
            Ok(BufReader::new(file))
        };
        let form = |why: String| ImportError::Form { path: what.file.clone(), why };
        let wrong = |error: CastError| form(error.to_string());
        let mut file = open(&what.file)?;
        let beginning = file
            .fill_buf()
            .map_err(|source| ImportError::Open { path: what.file.clone(), source })?;
        if beginning.is_empty() {
            return Err(form("the file is empty".into()));
        }
        if TypescriptReader::<BufReader<File>, BufReader<File>>::is_likely(beginning) {
            let timing = what.timing.as_deref().map(open).transpose()?;
            return TypescriptReader::new(file, timing).map(Self::Typescript).map_err(wrong);
        }
        let first = beginning.trim_ascii_start().first();
        if first.is_some_and(|byte| b"{#".contains(byte)) {
            return CastReader::new(file).map(Self::Cast).map_err(wrong);
        }
        if TtyrecReader::<BufReader<File>>::is_likely(beginning) {
            return Ok(Self::Ttyrec(TtyrecReader::new(file)));
        }
        Err(form("it is no asciicast, no ttyrec and no typescript of script".into()))
    }

    fn header(&self) -> CastHeader {
        match self {
            Self::Cast(reader) => reader.header().clone(),
            Self::Typescript(reader) => reader.header().clone(),
            Self::Ttyrec(reader) => {
                let header = CastHeader::of(Size { cols: 80, rows: 24 });
                CastHeader { timestamp: reader.timestamp(), ..header }
            }
        }
    }

    const fn name(&self) -> &'static str {
        match self {
            Self::Cast(reader) => match reader.version() {
                CastVersion::V1 => "asciicast v1",
                CastVersion::V2 => "asciicast v2",
                CastVersion::V3 => "asciicast v3",
            },
            Self::Ttyrec(_) => "ttyrec",
            Self::Typescript(_) => "typescript",
        }
    }

    fn next(&mut self) -> Result<Option<CastEntry>, CastError> {
        match self {
            Self::Cast(reader) => reader.next_entry(),
            Self::Ttyrec(reader) => reader.next_entry(),
            Self::Typescript(reader) => reader.next_entry(),
        }
    }
}

#[cfg(test)]
mod tests;
