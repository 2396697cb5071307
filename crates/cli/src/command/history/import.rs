//! `history import` and `history forget`. Owns which files are read, how much of one goes at once, and what is said
//! of it; how a history is written is the client library's to know.

use std::collections::VecDeque;
use std::fmt::Display;
use std::fs::File;
use std::io::{self, Read, Write as _};
use std::path::Path;

use ccc_client::Server;
use ccc_client::shell_history::{
    ATUIN_LIST, Unrecognized, commands, every_place, recognize, recognize_by_name, usual_place,
};
use ccc_proto::{
    CommandsImported, Ext, ForgetImported, HistorySource, ImportCommands, ImportedCommand,
    ImportedForgotten, Message,
};
use serde_json::{Value, json};

use crate::args::HistoryOf;
use crate::context::{Context, unexpected};
use crate::exit::End;
use crate::failure::{Attempted as _, Failure};
use crate::output::Answer;
use crate::progress::Progress;
use crate::words::{say, with};

/// The largest history that is read, in bytes: millions of commands.
const LARGEST: u64 = 256 * 1024 * 1024;
/// The newest commands of a history that are imported, as many as a server keeps.
const MOST: usize = 250_000;
/// What goes at once: so many commands, and so many bytes of their texts.
const AT_ONCE: usize = 1000;
const BYTES: usize = 512 * 1024;

const ATTEMPTED: &str = "import commands";

/// A history that was read.
struct History {
    source: HistorySource,
    /// The file, as it is called here.
    name: String,
    bytes: Vec<u8>,
}

pub(crate) async fn import(
    context: &Context,
    file: Option<&Path>,
    from: Option<HistoryOf>,
    as_json: bool,
) -> Result<End, Failure> {
    let from = from.map(source);
    let histories = match file {
        Some(file) => vec![named(file, from)?],
        None => usual(from)?,
    };
    let server = context.server_or_start(ATTEMPTED).await?;
    let (mut text, mut list, mut added) = (String::new(), Vec::new(), 0);
    for history in &histories {
        let (told, json, count) = send(&server, history).await?;
        text.push_str(&told);
        list.push(json);
        added += count;
    }
    Answer { text, json: json!({ "histories": list, "added": added }) }
        .print(as_json)
        .attempted("print")?;
    Ok(End::Done)
}

pub(crate) async fn forget(context: &Context) -> Result<Answer, Failure> {
    let attempted = "forget imported commands";
    match context.ask(attempted, ForgetImported::default()).await? {
        Message::ImportedForgotten(ImportedForgotten { commands, .. }) => Ok(Answer {
            text: match commands {
                1 => format!("{}\n", say("1 imported command forgotten")),
                count => with("{count} imported commands forgotten", &[("count", &count)]) + "\n",
            },
            json: json!({ "forgotten": commands }),
        }),
        other => Err(unexpected(attempted, "ImportedForgotten", &other)),
    }
}

const fn source(of: HistoryOf) -> HistorySource {
    match of {
        HistoryOf::Bash => HistorySource::BASH,
        HistoryOf::Zsh => HistorySource::ZSH,
        HistoryOf::Fish => HistorySource::FISH,
        HistoryOf::Atuin => HistorySource::ATUIN,
    }
}

/// The history in a file, or in standard input.
fn named(file: &Path, from: Option<HistorySource>) -> Result<History, Failure> {
    let (name, bytes) = match file.as_os_str().as_encoded_bytes() {
        b"-" => ("standard input".to_owned(), read(io::stdin().lock())),
        _ => (file.display().to_string(), File::open(file).and_then(read)),
    };
    let attempted = format!("import {name}");
    let bytes = bytes.attempted(&attempted)?;
    let source = match (recognize(&bytes), from) {
        (Err(why @ Unrecognized::Database), _) => {
            let hint = format!("{ATUIN_LIST} | ccc history import --from atuin -");
            return Err(Failure::other(&attempted, why).with_hint(hint));
        }
        (_, Some(from)) => from,
        (Ok(source), None) => source,
        (Err(why), None) => match recognize_by_name(file) {
            Some(named) if why == Unrecognized::Unknown => named,
            _ => {
                let hint = "say it with --from bash, zsh, fish or atuin";
                return Err(Failure::other(&attempted, why).with_hint(hint));
            }
        },
    };
    Ok(History { source, name, bytes })
}

/// The histories that lie where they usually do.
fn usual(from: Option<HistorySource>) -> Result<Vec<History>, Failure> {
    let (variable, home) = (|name: &str| std::env::var_os(name), std::env::home_dir());
    if from == Some(HistorySource::ATUIN) {
        let why = "the database of Atuin is written out by its own program";
        let hint = format!("{ATUIN_LIST} | ccc history import --from atuin -");
        return Err(Failure::usage(ATTEMPTED, why).with_hint(hint));
    }
    if let Some(from) = from {
        let place = usual_place(from, variable, home).ok_or_else(nothing)?;
        return Ok(vec![named(&place.path, Some(from))?]);
    }
    let every = every_place(variable, home);
    let mut found = Vec::new();
    for place in every.shells {
        match named(&place.path, Some(place.source)) {
            Ok(history) => found.push(history),
            Err(_) if !place.path.exists() => {}
            Err(failure) => return Err(failure),
        }
    }
    if every.atuin.is_some_and(|path| path.exists()) {
        let mut err = io::stderr().lock();
        let command = format!("{ATUIN_LIST} | ccc history import -");
        let note = with("Atuin's history is imported by: {command}", &[("command", &command)]);
        let _told = writeln!(err, "{} {note}", say("note:"));
    }
    if found.is_empty() { Err(nothing()) } else { Ok(found) }
}

fn nothing() -> Failure {
    Failure::other(ATTEMPTED, "no history of bash, zsh or fish is where it usually lies")
        .with_hint("name the file: ccc history import FILE")
}

/// All bytes, if they are not too many.
fn read(from: impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(LARGEST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LARGEST {
        let why = format!("it has more than {} MiB; import the end of it", LARGEST >> 20);
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, why));
    }
    Ok(bytes)
}

/// Sends a history and says what became of it, and how many were added.
async fn send(server: &Server, history: &History) -> Result<(String, Value, u64), Failure> {
    let History { source, name, bytes } = history;
    let attempted = format!("import {name}");
    let (mut newest, mut all) = (VecDeque::new(), 0_u64);
    for command in commands(*source, bytes) {
        all += 1;
        if newest.len() == MOST {
            newest.pop_front();
        }
        newest.push_back(command);
    }
    if all > newest.len() as u64 {
        let mut err = io::stderr().lock();
        let values: [(&str, &dyn Display); 2] = [("all", &all), ("count", &MOST)];
        let note = with("of {all} commands the newest {count} are imported", &values);
        let _told = writeln!(err, "{} {note}", say("note:"));
    }
    let total = newest.len() as u64;
    let mut progress = Progress::counted(total, counted(total));
    let (mut added, mut known) = (0, 0);
    while !newest.is_empty() {
        let batch = batch(&mut newest);
        let sent = batch.len() as u64;
        let request = ImportCommands { source: *source, commands: batch, ext: Ext::none() };
        match server.request(request).await.attempted(&attempted)? {
            Message::CommandsImported(CommandsImported { added: new, known: old, .. }) => {
                added += new;
                known += old;
            }
            other => return Err(unexpected(&attempted, "CommandsImported", &other)),
        }
        progress.add(sent).attempted(&attempted)?;
    }
    progress.end().attempted(&attempted)?;
    let (source, count) = (source.to_string(), counted(added));
    let mut text = with(
        "{source}: {commands} imported from {name}",
        &[("source", &source), ("commands", &count), ("name", name)],
    );
    if known > 0 {
        text.push_str(", ");
        text.push_str(&with("{count} were there already", &[("count", &known)]));
    }
    text.push('\n');
    let json = json!({
        "source": source,
        "file": name,
        "commands": all,
        "added": added,
        "known": known,
    });
    Ok((text, json, added))
}

/// The next commands that go at once.
fn batch(rest: &mut VecDeque<ImportedCommand>) -> Vec<ImportedCommand> {
    let (mut batch, mut bytes) = (Vec::new(), 0);
    while batch.len() < AT_ONCE && bytes < BYTES {
        let Some(command) = rest.pop_front() else { break };
        bytes += command.text.len() + command.cwd.len();
        batch.push(command);
    }
    batch
}

fn counted(commands: u64) -> String {
    match commands {
        1 => say("1 command").to_owned(),
        count => with("{count} commands", &[("count", &count)]),
    }
}
