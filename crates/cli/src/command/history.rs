//! The commands that ran in all panes: the list, and the building of the index that it comes from. Owns
//! how ages, durations and endings are written; `import` has those that come from elsewhere.

mod import;

use std::io::{self, IsTerminal as _, Write as _};
use std::path::{Component, Path, PathBuf};
use std::pin::pin;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use ccc_proto::{
    CommandEnded, CommandState, CommandsPage, CommandsRequest, IndexProgress, Message,
    RebuildIndex, WireCommand,
};
use serde_json::json;
use tokio::time::timeout;

use crate::args::{Exit, HistoryArgs};
use crate::context::{Context, unexpected};
use crate::failure::{Attempted as _, Failure};
use crate::json;
use crate::output::{Answer, label, table};
use crate::words::{say, with, word};
pub(crate) use import::{forget, import};

/// Commands of one request.
const PAGE: u32 = 5_000;
/// How long an answer may take before it is said why.
const SOON: Duration = Duration::from_millis(500);

const RED: &str = "\x1b[31m";
const DIM: &str = "\x1b[2m";
const PLAIN: &str = "\x1b[0m";

pub(crate) async fn history(context: &Context, args: &HistoryArgs) -> Result<Answer, Failure> {
    let attempted = "list commands";
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let mut request = question(args, now).attempted(attempted)?;
    let wanted = if args.count == 0 { usize::MAX } else { args.count };
    let server = context.server(attempted).await?;
    let mut commands: Vec<WireCommand> = Vec::new();
    while commands.len() < wanted {
        let left = u32::try_from(wanted - commands.len()).unwrap_or(PAGE);
        request.count = left.min(PAGE);
        match patiently(server.request(request.clone())).await.attempted(attempted)? {
            Message::CommandsPage(CommandsPage { commands: page, next, .. }) => {
                commands.extend(page);
                if next.is_empty() {
                    break;
                }
                request.after = next;
            }
            other => return Err(unexpected(attempted, "CommandsPage", &other)),
        }
    }
    commands.truncate(wanted);
    commands.reverse();
    if commands.is_empty() && request == (CommandsRequest { count: request.count, ..bare() }) {
        let mut err = io::stderr().lock();
        let none = say(
            "no commands are known; shells started with `shell_integration = true` (bash, zsh, fish) mark theirs",
        );
        let _told = writeln!(err, "{none}");
    }
    let colors = io::stdout().is_terminal()
        && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    let list: Vec<_> = commands.iter().map(json::command).collect();
    Ok(Answer { text: text(&commands, now, colors), json: json!({ "commands": list }) })
}

/// The first question may have to wait until the index is built; whoever sits there is told why.
async fn patiently<T>(answer: impl Future<Output = T>) -> T {
    let mut answer = pin!(answer);
    match timeout(SOON, &mut answer).await {
        Ok(answer) => answer,
        Err(_later) => {
            let mut err = io::stderr();
            if err.is_terminal() {
                let why = say("reading the commands of all panes for the first time ...");
                let _told = writeln!(err, "{why}");
            }
            answer.await
        }
    }
}

fn bare() -> CommandsRequest {
    CommandsRequest::default()
}

fn question(args: &HistoryArgs, now: Duration) -> io::Result<CommandsRequest> {
    let (ended, status) = match args.exit {
        None => (CommandEnded::ANY, 0),
        Some(Exit::Ok) => (CommandEnded::OK, 0),
        Some(Exit::Failed) => (CommandEnded::FAILED, 0),
        Some(Exit::Status(status)) => (CommandEnded::STATUS, status),
    };
    let cwd = match &args.cwd {
        Some(cwd) => plain(&std::env::current_dir()?.join(cwd)).to_string_lossy().into_owned(),
        None => String::new(),
    };
    let since = args.since.map_or(0, |since| millis(now.saturating_sub(since)));
    Ok(CommandsRequest {
        text: args.text.clone().unwrap_or_default(),
        session: args.session.clone().unwrap_or_default(),
        cwd,
        ended,
        status,
        since_unix_ms: since,
        ..bare()
    })
}

/// A path without `.` and `..`, as a shell keeps it in PWD; links stay.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => drop(plain.pop()),
            other => plain.push(other),
        }
    }
    plain
}

fn text(commands: &[WireCommand], now: Duration, colors: bool) -> String {
    let rows: Vec<_> = commands.iter().map(|command| row(command, now)).collect();
    let text = table(&rows);
    if !colors {
        return text;
    }
    let mut colored = String::new();
    for (line, command) in text.lines().zip(commands) {
        let color = match (command.state, command.status) {
            (CommandState::ENDED, 0) => "",
            (CommandState::ENDED, _) => RED,
            _ => DIM,
        };
        let end = if color.is_empty() { "" } else { PLAIN };
        colored.push_str(&format!("{color}{line}{end}\n"));
    }
    colored
}

fn row(command: &WireCommand, now: Duration) -> Vec<String> {
    let began = Some(command.started_unix_ms).filter(|ms| *ms != 0).map(Duration::from_millis);
    let age = began.map_or_else(|| "-".to_owned(), |began| ago(now.saturating_sub(began)));
    let place = match command.is_imported() {
        true => with("imported:{source}", &[("source", &command.place)]),
        false => command.place.clone(),
    };
    let status = match command.state {
        CommandState::ENDED => command.status.to_string(),
        other => word(&other.to_string()),
    };
    let took =
        command.duration_ms.map_or_else(|| "-".to_owned(), |ms| took(Duration::from_millis(ms)));
    vec![age, took, status, label(&place), label(&command.text)]
}

/// How long ago, in its largest unit.
fn ago(age: Duration) -> String {
    match age.as_secs() {
        seconds @ 0..60 => format!("{seconds}s"),
        seconds @ 60..3_600 => format!("{}m", seconds / 60),
        seconds @ 3_600..86_400 => format!("{}h", seconds / 3_600),
        seconds => format!("{}d", seconds / 86_400),
    }
}

/// How long it took, to what one cares about.
fn took(time: Duration) -> String {
    let seconds = time.as_secs();
    match seconds {
        0 => format!("{}ms", time.as_millis()),
        1..60 => format!("{}.{}s", seconds, time.subsec_millis() / 100),
        60..3_600 => format!("{}m{:02}s", seconds / 60, seconds % 60),
        _ => format!("{}h{:02}m", seconds / 3_600, seconds / 60 % 60),
    }
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

pub(crate) async fn rebuild(context: &Context) -> Result<Answer, Failure> {
    let attempted = "build the index of commands";
    let server = context.server(attempted).await?;
    let mut replies = server.request_stream(RebuildIndex::default()).await.attempted(attempted)?;
    let shown = io::stderr().is_terminal();
    while let Some(reply) = replies.next().await.attempted(attempted)? {
        let Message::IndexProgress(IndexProgress { panes, of, commands, done, .. }) = reply else {
            return Err(unexpected(attempted, "IndexProgress", &reply));
        };
        if shown {
            let end = if done { "\n" } else { "" };
            let part = with(
                "{panes} of {of} panes, {commands} commands",
                &[("panes", &panes), ("of", &of), ("commands", &commands)],
            );
            let mut err = io::stderr().lock();
            let _told = write!(err, "\r{part}{end}");
            let _told = err.flush();
        }
        if done {
            let json = json!({ "panes": panes, "commands": commands });
            let text = with(
                "the index was built anew: {panes} panes, {commands} commands",
                &[("panes", &panes), ("commands", &commands)],
            );
            return Ok(Answer { text: text + "\n", json });
        }
    }
    Err(Failure::other(attempted, "the server stopped in the middle of it"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn command(state: CommandState, status: i32) -> WireCommand {
        WireCommand {
            pane: None,
            ulid: "01JD0000000000000000000000".into(),
            place: "work:1.1".into(),
            text: "make\nx\u{1b}[2J".into(),
            cwd: "/tmp".into(),
            started_unix_ms: 1_000_000,
            duration_ms: (state == CommandState::ENDED).then_some(65_300),
            state,
            status,
            mark: 1,
            from: 2,
            to: None,
        }
    }

    #[test]
    fn a_line_says_when_how_long_how_it_ended_and_where() {
        let commands = [
            command(CommandState::ENDED, 0),
            command(CommandState::ENDED, 2),
            command(CommandState::UNKNOWN, 0),
            command(CommandState::RUNNING, 0),
        ];
        let now = Duration::from_secs(1_000 + 7_200);
        assert_eq!(
            text(&commands, now, false),
            "2h  1m05s  0        work:1.1  make\\nx\\u{1b}[2J\n\
             2h  1m05s  2        work:1.1  make\\nx\\u{1b}[2J\n\
             2h  -      unknown  work:1.1  make\\nx\\u{1b}[2J\n\
             2h  -      running  work:1.1  make\\nx\\u{1b}[2J\n"
        );
        let colored = text(&commands, now, true);
        let starts: Vec<_> = colored.lines().map(|line| line.starts_with('\x1b')).collect();
        assert_eq!(starts, [false, true, true, true]);
    }

    #[test]
    fn what_an_imported_command_does_not_tell_is_not_guessed() {
        let bare = WireCommand {
            ulid: String::new(),
            place: "zsh".into(),
            started_unix_ms: 0,
            to: Some(0),
            ..command(CommandState::UNKNOWN, 0)
        };
        let timed = WireCommand {
            started_unix_ms: 7_000_000,
            state: CommandState::ENDED,
            status: 3,
            duration_ms: Some(1_000),
            ..bare.clone()
        };
        let now = Duration::from_secs(7_100);
        assert_eq!(
            text(&[bare.clone(), timed.clone()], now, false),
            "-   -     unknown  imported:zsh  make\\nx\\u{1b}[2J\n\
             1m  1.0s  3        imported:zsh  make\\nx\\u{1b}[2J\n"
        );
        let nothing =
            ["status", "started", "duration_ms", "place", "pane", "ulid", "mark", "output"];
        let json = json::command(&bare);
        assert!(nothing.iter().all(|name| json[name].is_null()), "{json}");
        assert_eq!((&json["imported"], &json["state"]), (&"zsh".into(), &"unknown".into()));
        let json = json::command(&timed);
        assert_eq!((&json["started"], &json["status"]), (&7_000_000.into(), &3.into()));
        assert!(json::command(&command(CommandState::ENDED, 0))["imported"].is_null());
    }

    #[test]
    fn times_are_as_long_as_they_need() {
        let took = |ms| took(Duration::from_millis(ms));
        assert_eq!([took(7), took(1_250), took(3_725_000)], ["7ms", "1.2s", "1h02m"]);
        assert_eq!([ago(Duration::from_secs(5)), ago(Duration::from_secs(200_000))], ["5s", "2d"]);
    }

    #[test]
    fn a_directory_is_named_as_a_shell_names_it() {
        assert_eq!(plain(Path::new("/a/./b/../c")), Path::new("/a/c"));
    }
}
