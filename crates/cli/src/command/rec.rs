//! Recordings as a whole: `rec ls`, `info`, `rm`. Owns the words and the choice between a server and the
//! files themselves, which tell the same where no server runs. Checking is `verify`'s.

mod forget;
mod verify;

use std::ffi::OsStr;
use std::fmt::Display;
use std::path::{Path, PathBuf};

use ccc_client::{ClientError, Server};
use ccc_journal::{PaneUlid, SegmentFault, SegmentReader, check_segment};
use ccc_proto::{
    ClientKind, Ext, ListRecordings, Message, RecordingInfo, RecordingState, Recordings,
    RemoveRecording, SetRecording, Toggle,
};
use ccc_server::recordings;
use serde_json::{Value, json};

pub(crate) use self::forget::{What, forget};
pub(crate) use self::verify::verify;
use crate::context::{Context, unexpected};
use crate::failure::{Attempted as _, Failure};
use crate::output::{Answer, label, table};
use crate::target;
use crate::words::{say, with, word};

pub(crate) async fn ls(context: &Context) -> Result<Answer, Failure> {
    let attempted = "list recordings";
    let recordings = match running(context, attempted).await? {
        Some(server) => ask(&server, attempted, None).await?.recordings,
        None => local(context),
    };
    let mut rows = Vec::new();
    if !recordings.is_empty() {
        let head = [
            say("recording"),
            say("pane"),
            say("state"),
            say("session"),
            say("began"),
            say("length"),
            say("bytes"),
            say("disk"),
            say("command"),
        ];
        rows.push(head.map(str::to_owned).to_vec());
    }
    for info in &recordings {
        rows.push(vec![
            info.ulid.clone(),
            info.pane.map_or_else(|| "-".into(), |pane| pane.to_string()),
            word(&state(info.state)),
            label(&info.session),
            moment(info.began_unix_ms),
            length(info),
            size(info.end - info.first.min(info.end)),
            size(info.disk),
            label(&info.command),
        ]);
    }
    let json: Vec<Value> = recordings.iter().map(to_json).collect();
    Ok(Answer { text: table(&rows), json: json!({ "recordings": json }) })
}

pub(crate) async fn info(context: &Context, what: Option<&OsStr>) -> Result<Answer, Failure> {
    let attempted = "look at the recording";
    if let Some(path) = what.and_then(here) {
        if path.is_file() {
            return segment(&path);
        }
        let info = of_folder(&path).attempted(attempted)?;
        return Ok(described(&info, None));
    }
    let target = target::or_here(text(attempted, what)?, context);
    match running(context, attempted).await? {
        Some(server) => {
            let answer = ask(&server, attempted, Some(target)).await?;
            let Some(info) = answer.recordings.first() else {
                return Err(Failure::other(attempted, "there is no such recording"));
            };
            Ok(described(info, Some(&answer)))
        }
        None => {
            let dir = in_state(context, attempted, &target)?;
            Ok(described(&of_folder(&dir).attempted(attempted)?, None))
        }
    }
}

pub(crate) async fn rm(context: &Context, target: &str) -> Result<Answer, Failure> {
    let attempted = "delete the recording";
    let info = match running(context, attempted).await? {
        Some(server) => {
            let request = RemoveRecording { target: target.to_owned(), ext: Ext::none() };
            match server.request(request).await.attempted(attempted)? {
                Message::RecordingRemoved(removed) => removed.recording,
                other => return Err(unexpected(attempted, "RecordingRemoved", &other)),
            }
        }
        None => {
            return Err(Failure::other(
                attempted,
                "no server runs, and only it knows what is needed",
            )
            .with_hint("ccc serve --daemon"));
        }
    };
    let text = with(
        "{name}: {size} of output, {segments} segments, journal of {files}, {disk} of disk, with its lines and commands",
        &[
            ("name", &info.ulid),
            ("size", &size(info.end - info.first.min(info.end))),
            ("segments", &info.segments),
            ("files", &files(info.journals)),
            ("disk", &size(info.disk)),
        ],
    );
    Ok(Answer { text: text + "\n", json: json!({ "removed": to_json(&info) }) })
}

/// Stops recording a pane, or goes on.
pub(crate) async fn set(
    context: &Context,
    target: Option<&str>,
    on: bool,
) -> Result<Answer, Failure> {
    let attempted = if on { "record the pane again" } else { "stop recording the pane" };
    let target = target::or_here(target, context);
    let set = if on { Toggle::ON } else { Toggle::OFF };
    match context.ask(attempted, SetRecording { target, set, ext: Ext::none() }).await? {
        Message::RecordingSet(now) => {
            let name = now.pane.map(|pane| pane.to_string());
            let state = match (now.on, now.changed) {
                (true, true) => say("recorded again"),
                (true, false) => say("recorded already"),
                (false, true) => say("not recorded from here on"),
                (false, false) => say("not recorded already"),
            };
            let text = format!("{}: {state}\n", name.as_deref().unwrap_or("-"));
            let json = json!({ "pane": name, "recorded": now.on, "changed": now.changed });
            Ok(Answer { text, json })
        }
        other => Err(unexpected(attempted, "RecordingSet", &other)),
    }
}

/// What a segment's header says.
fn segment(path: &Path) -> Result<Answer, Failure> {
    let attempted = format!("read {}", path.display());
    let reader = SegmentReader::open(path).attempted(&attempted)?;
    let header = reader.header();
    let faults: Vec<SegmentFault> = check_segment(path).attempted(&attempted)?;
    let (first, last) = (header.wall_first_ns / 1_000_000, header.wall_last_ns / 1_000_000);
    let rows = [
        (say("segment"), header.number.to_string()),
        (say("recording"), header.pane.to_string()),
        (say("bytes"), bytes(&header.first, &header.end(), header.len)),
        (say("disk"), size(header.file_len())),
        (say("from"), moment(first)),
        (say("until"), moment(last)),
        (say("keyframes"), header.keyframes.to_string()),
        (say("events"), header.events.to_string()),
        (say("faults"), faults.len().to_string()),
    ];
    let rows: Vec<Vec<String>> =
        rows.into_iter().map(|(name, value)| vec![name.to_owned(), value]).collect();
    let json = json!({
        "segment": header.number,
        "recording": header.pane.to_string(),
        "first": header.first.0,
        "end": header.end().0,
        "disk": header.file_len(),
        "from_ms": first,
        "until_ms": last,
        "keyframes": header.keyframes,
        "events": header.events,
        "faults": faults.len(),
    });
    Ok(Answer { text: table(&rows), json })
}

fn described(info: &RecordingInfo, of: Option<&Recordings>) -> Answer {
    let kept = info.end - info.first.min(info.end);
    let mut rows = vec![
        (say("recording"), info.ulid.clone()),
        (say("pane"), info.pane.map_or_else(|| "-".into(), |pane| pane.to_string())),
        (say("state"), word(&state(info.state))),
        (say("session"), label(&info.session)),
        (say("command"), label(&info.command)),
        (say("began"), moment(info.began_unix_ms)),
        (say("length"), length(info)),
        (say("bytes"), bytes(&info.first, &info.end, kept)),
        (
            say("segments"),
            with(
                "{count}, {size} in {disk}",
                &[
                    ("count", &info.segments),
                    ("size", &size(info.sealed)),
                    ("disk", &size(info.sealed_disk)),
                ],
            ),
        ),
        (say("journal"), files(info.journals)),
        (say("disk"), size(info.disk)),
    ];
    if info.unusable > 0 {
        let values: [(&str, &dyn Display); 2] = [("count", &info.unusable), ("name", &info.ulid)];
        rows.push((say("unusable"), with("{count} files; see: ccc rec verify {name}", &values)));
    }
    if let Some(settings) = of {
        let (pane, all) = (size(settings.pane_budget), size(settings.server_budget));
        let budget = with("{size} of disk, {all} for all", &[("size", &pane), ("all", &all)]);
        rows.push((say("budget"), budget));
        let kept = match settings.retention_days {
            0 => say("whatever its age").to_owned(),
            days => with("{days} days", &[("days", &days)]),
        };
        rows.push((say("kept"), kept));
    }
    let rows: Vec<Vec<String>> =
        rows.into_iter().map(|(name, value)| vec![name.to_owned(), value]).collect();
    let mut json = to_json(info);
    if let Some(settings) = of {
        json["pane_budget"] = settings.pane_budget.into();
        json["server_budget"] = settings.server_budget.into();
        json["retention_days"] =
            (settings.retention_days > 0).then_some(settings.retention_days).into();
    }
    Answer { text: table(&rows), json }
}

fn to_json(info: &RecordingInfo) -> Value {
    json!({
        "recording": info.ulid,
        "pane": info.pane.map(|pane| pane.to_string()),
        "state": state(info.state),
        "session": info.session,
        "command": info.command,
        "began_ms": info.began_unix_ms,
        "last_ms": info.last_unix_ms,
        "first": info.first,
        "end": info.end,
        "disk": info.disk,
        "segments": info.segments,
        "journals": info.journals,
        "sealed": info.sealed,
        "sealed_disk": info.sealed_disk,
        "unusable": info.unusable,
    })
}

fn state(state: RecordingState) -> String {
    match state {
        RecordingState::RUNNING => "running".into(),
        RecordingState::ENDED => "ended".into(),
        RecordingState::LOST => "lost".into(),
        RecordingState::KEPT => "kept".into(),
        other => other.to_string(),
    }
}

/// The running server; `None` where none runs and the files tell as much.
async fn running(context: &Context, attempted: &str) -> Result<Option<Server>, Failure> {
    match context.connect(ClientKind::CLI, false).connect().await {
        Ok(server) => Ok(Some(server)),
        Err(ClientError::NotRunning { .. }) => Ok(None),
        Err(error) => Err(error).attempted(attempted),
    }
}

async fn ask(
    server: &Server,
    attempted: &str,
    target: Option<String>,
) -> Result<Recordings, Failure> {
    let request = ListRecordings { target, ext: Ext::none() };
    let mut replies = server.request_stream(request).await.attempted(attempted)?;
    let mut all = Recordings::default();
    loop {
        match replies.next().await.attempted(attempted)? {
            Some(Message::Recordings(answer)) => {
                let more = answer.more;
                let before = std::mem::take(&mut all.recordings);
                all = answer;
                all.recordings.splice(0..0, before);
                if !more {
                    return Ok(all);
                }
            }
            Some(other) => return Err(unexpected(attempted, "Recordings", &other)),
            None => return Err(Failure::other(attempted, "the answer ended too early")),
        }
    }
}

/// The recordings of a home where no server runs.
fn local(context: &Context) -> Vec<RecordingInfo> {
    let panes = context.home.state().join("panes");
    let found = recordings::names(&panes);
    found.iter().filter_map(|ulid| of_folder(&panes.join(ulid.as_str())).ok()).collect()
}

fn of_folder(dir: &Path) -> Result<RecordingInfo, ccc_journal::Error> {
    let named = dir.file_name().and_then(OsStr::to_str).and_then(|name| name.parse().ok());
    let ulid = match named {
        Some(ulid) => ulid,
        None => ccc_journal::PaneHeader::read(dir)?.pane,
    };
    recordings::info(dir, ulid, None)
}

/// The directory of a recording that is named where no server runs to say what a name means.
fn in_state(context: &Context, attempted: &str, target: &str) -> Result<PathBuf, Failure> {
    let ulid: Option<PaneUlid> = target.parse().ok();
    let dir = ulid.map(|ulid| ulid.dir(context.home.state())).filter(|dir| dir.is_dir());
    dir.ok_or_else(|| {
        Failure::other(attempted, format!("no server runs to say what {target:?} means"))
            .with_hint("ccc rec ls")
    })
}

/// The path that is meant, when it is one rather than a target.
fn here(what: &OsStr) -> Option<PathBuf> {
    let path = Path::new(what);
    let spelt = what.as_encoded_bytes().contains(&b'/') || what == "." || what == "..";
    (spelt || path.extension().is_some_and(|end| end == "seg")).then(|| path.to_owned())
}

fn text<'a>(attempted: &str, what: Option<&'a OsStr>) -> Result<Option<&'a str>, Failure> {
    match what {
        None => Ok(None),
        Some(what) => match what.to_str() {
            Some(text) => Ok(Some(text)),
            None => Err(Failure::usage(attempted, "a target is UTF-8")),
        },
    }
}

fn files(count: u32) -> String {
    match count {
        1 => say("1 file").to_owned(),
        count => with("{count} files", &[("count", &count)]),
    }
}

fn bytes(first: &dyn Display, end: &dyn Display, count: u64) -> String {
    with("{from} to {to} ({size})", &[("from", first), ("to", end), ("size", &size(count))])
}

/// Bytes for people.
fn size(bytes: u64) -> String {
    let units = ["KiB", "MiB", "GiB", "TiB"];
    let mut value = bytes as f64;
    let mut unit = "B";
    for next in units {
        if value < 1024.0 {
            break;
        }
        value /= 1024.0;
        unit = next;
    }
    if unit == "B" { format!("{bytes} B") } else { format!("{value:.1} {unit}") }
}

/// How long a recording lasts so far.
fn length(info: &RecordingInfo) -> String {
    if info.began_unix_ms == 0 || info.last_unix_ms < info.began_unix_ms {
        return "-".into();
    }
    let seconds = (info.last_unix_ms - info.began_unix_ms) / 1000;
    let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
    match hours {
        0 => format!("{minutes}:{:02}", seconds % 60),
        _ => format!("{hours}:{minutes:02}:{:02}", seconds % 60),
    }
}

/// A moment by the clock of the world, in seconds.
fn moment(unix_ms: u64) -> String {
    if unix_ms == 0 {
        return "-".into();
    }
    crate::moment::utc(unix_ms / 1000)
}
