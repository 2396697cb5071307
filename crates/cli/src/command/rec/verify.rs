//! `rec verify`: whether recordings are what was written. Owns the telling as it goes on, and the status.

use std::ffi::OsStr;
use std::fmt::Display;
use std::io::{self, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use ccc_journal::check_segment;
use ccc_proto::{Ext, Message, RecordingChecked, RecordingFault, VerifyRecordings};
use ccc_server::recordings;
use serde_json::{Value, json};

use super::{here, in_state, running, size, text};
use crate::context::{Context, unexpected};
use crate::exit::End;
use crate::failure::{Attempted as _, Failure};
use crate::output::{Answer, label};
use crate::words::{say, told, with};

/// Progress is shown when it takes longer than this, and so often.
const PROGRESS: Duration = Duration::from_millis(500);

pub(crate) async fn verify(
    context: &Context,
    what: Option<&OsStr>,
    as_json: bool,
) -> Result<End, Failure> {
    let attempted = "check recordings";
    let mut seen = Seen::new(as_json);
    if let Some(path) = what.and_then(here) {
        std::fs::metadata(&path).attempted(&format!("check {}", path.display()))?;
        if path.is_file() {
            seen.take(of_file(&path).attempted(attempted)?).attempted(attempted)?;
        } else {
            of_folders(&path, &mut seen);
        }
        return seen.end().attempted(attempted);
    }
    let target = text(attempted, what)?.map(str::to_owned);
    match running(context, attempted).await? {
        Some(server) => {
            let request = VerifyRecordings { target, ext: Ext::none() };
            let mut replies = server.request_stream(request).await.attempted(attempted)?;
            loop {
                match replies.next().await.attempted(attempted)? {
                    Some(Message::RecordingChecked(word)) => {
                        let more = word.more;
                        seen.take(word).attempted(attempted)?;
                        if !more {
                            break;
                        }
                    }
                    Some(other) => return Err(unexpected(attempted, "RecordingChecked", &other)),
                    None => return Err(Failure::other(attempted, "the answer ended too early")),
                }
            }
        }
        None => match target {
            None => of_folders(&context.home.state().join("panes"), &mut seen),
            Some(target) => of_folders(&in_state(context, attempted, &target)?, &mut seen),
        },
    }
    seen.end().attempted(attempted)
}

/// What was seen of recordings that are checked.
struct Seen {
    as_json: bool,
    whole: Vec<RecordingChecked>,
    shown: Instant,
    /// A line of progress stands on the terminal.
    progress: bool,
}

impl Seen {
    fn new(as_json: bool) -> Self {
        Self { as_json, whole: Vec::new(), shown: Instant::now(), progress: false }
    }

    fn take(&mut self, word: RecordingChecked) -> io::Result<()> {
        if !word.whole {
            return self.show(&word);
        }
        self.clear()?;
        if !self.as_json {
            let mut out = io::stdout().lock();
            let name = &word.ulid;
            if word.faults.is_empty() {
                let values: [(&str, &dyn Display); 2] =
                    [("name", name), ("size", &size(word.total))];
                writeln!(out, "{}", with("{name}: ok, {size}", &values))?;
            }
            for RecordingFault { file, offset, what } in &word.faults {
                let what = told(what);
                let said = with(
                    "{name}: {file} at {offset}: {what}",
                    &[
                        ("name", name),
                        ("file", &label(file)),
                        ("offset", offset),
                        ("what", &label(&what)),
                    ],
                );
                writeln!(out, "{said}")?;
            }
        }
        self.whole.push(word);
        Ok(())
    }

    fn show(&mut self, word: &RecordingChecked) -> io::Result<()> {
        if word.total == 0 || self.shown.elapsed() < PROGRESS || !io::stderr().is_terminal() {
            return Ok(());
        }
        self.shown = Instant::now();
        self.progress = true;
        let (done, total) = (size(word.done), size(word.total));
        let part = with("{done} of {total}", &[("done", &done), ("total", &total)]);
        write!(io::stderr().lock(), "\r\x1b[K{}: {part}", word.ulid)
    }

    fn clear(&mut self) -> io::Result<()> {
        if std::mem::take(&mut self.progress) {
            write!(io::stderr().lock(), "\r\x1b[K")?;
        }
        Ok(())
    }

    fn end(mut self) -> io::Result<End> {
        self.clear()?;
        let faults: usize = self.whole.iter().map(|word| word.faults.len()).sum();
        if self.as_json {
            let recordings: Vec<Value> = self.whole.iter().map(checked_json).collect();
            let answer = json!({ "ok": faults == 0, "recordings": recordings });
            Answer { text: String::new(), json: answer }.print(true)?;
        } else if self.whole.is_empty() {
            writeln!(io::stdout().lock(), "{}", say("there are no recordings"))?;
        }
        Ok(if faults == 0 { End::Done } else { End::Status(1) })
    }
}

fn checked_json(word: &RecordingChecked) -> Value {
    let faults: Vec<Value> = word
        .faults
        .iter()
        .map(|fault| json!({ "file": fault.file, "offset": fault.offset, "what": fault.what }))
        .collect();
    json!({
        "recording": word.ulid,
        "pane": word.pane.map(|pane| pane.to_string()),
        "disk": word.total,
        "ok": word.faults.is_empty(),
        "faults": faults,
    })
}

/// Checks the recording in a folder, or all those whose folders lie in it.
fn of_folders(path: &Path, seen: &mut Seen) {
    let many = recordings::names(path);
    let own = path.file_name().map(|name| name.to_string_lossy().into_owned());
    let dirs: Vec<(String, PathBuf)> = if many.is_empty() {
        vec![(own.unwrap_or_default(), path.to_owned())]
    } else {
        many.iter().map(|ulid| (ulid.to_string(), path.join(ulid.as_str()))).collect()
    };
    for (name, dir) in dirs {
        // A word that cannot be printed ends the look.
        let mut tell = |word| seen.take(word).is_ok();
        if !recordings::checked(&dir, &name, None, &mut tell) {
            return;
        }
    }
}

/// Checks a single segment.
fn of_file(path: &Path) -> Result<RecordingChecked, ccc_journal::Error> {
    let faults = check_segment(path)?.into_iter().map(|fault| {
        let fault = ccc_journal::Fault::Segment { path: path.to_owned(), fault };
        let (file, offset) = fault.place();
        RecordingFault { file, offset, what: fault.to_string() }
    });
    let faults = faults.collect();
    let total = std::fs::metadata(path).map_or(0, |meta| meta.len());
    let ulid = path.display().to_string();
    Ok(RecordingChecked { ulid, done: total, total, whole: true, faults, ..Default::default() })
}
