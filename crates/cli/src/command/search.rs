//! `search`: what panes printed, as it is found. Owns how a find is written.

use std::fmt::Write as _;
use std::io::{self, IsTerminal as _, Write as _};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use ccc_client::parts;
use ccc_proto::{
    Message, SearchCase, SearchEnd, SearchFind, SearchFound, SearchProgress, SearchRequest,
};
use serde_json::json;

use crate::args::SearchArgs;
use crate::context::{Context, unexpected};
use crate::exit::{End, FAILED, TIMEOUT};
use crate::failure::{Attempted as _, Failure};
use crate::json;
use crate::moment::utc;
use crate::output::label;
use crate::words::{say, with};

/// Searches that take no longer say nothing of how far they are.
const SOON: Duration = Duration::from_millis(500);

const MATCH: &str = "\x1b[1;31m";
const PLACE: &str = "\x1b[35m";
const DIM: &str = "\x1b[2m";
const PLAIN: &str = "\x1b[0m";

pub(crate) async fn search(context: &Context, args: &SearchArgs) -> Result<End, Failure> {
    let attempted = "search";
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let server = context.server(attempted).await?;
    let mut answers = server.request_stream(question(args, now)).await.attempted(attempted)?;
    let colors = io::stdout().is_terminal()
        && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    let redactor = (!args.no_redact).then(|| context.redactor(attempted)).transpose()?;
    let mut hidden = 0;
    let mut said = Said::new();
    let mut finds = Vec::new();
    let mut found = false;
    let end = loop {
        match answers.next().await.attempted(attempted)? {
            Some(Message::SearchFound(SearchFound { finds: more, .. })) => {
                said.wipe();
                for mut find in more {
                    hidden += redactor.as_ref().map_or(0, |redactor| redactor.find(&mut find));
                    if args.json.json {
                        finds.push(json::find(&find));
                    } else {
                        let text = text(&find, args.context > 0 && found, colors);
                        let mut out = io::stdout().lock();
                        out.write_all(text.as_bytes())
                            .and_then(|()| out.flush())
                            .attempted("print")?;
                    }
                    found = true;
                }
            }
            Some(Message::SearchProgress(progress)) if progress.done => {
                said.wipe();
                warn(&progress);
                break progress.end;
            }
            Some(Message::SearchProgress(progress)) => said.say(&progress),
            Some(other) => return Err(unexpected(attempted, "SearchFound", &other)),
            None => {
                return Err(Failure::other(attempted, "the server stopped in the middle of it"));
            }
        }
    };
    if args.json.json {
        let mut out = io::stdout().lock();
        let answer = json!({ "finds": finds, "end": end.to_string(), "hidden": hidden });
        serde_json::to_writer_pretty(&mut out, &answer)
            .map_err(io::Error::from)
            .and_then(|()| out.write_all(b"\n"))
            .attempted("print")?;
    }
    tell_hidden(hidden, say("--no-redact shows them"));
    Ok(match (end, found) {
        (SearchEnd::TIME, _) => End::Status(TIMEOUT.into()),
        (_, false) => End::Status(FAILED.into()),
        (_, true) => End::Done,
    })
}

/// Says how many secrets are hidden, and what does not hide them.
pub(super) fn tell_hidden(count: u64, does: &str) {
    let what = match count {
        0 => return,
        1 => say("1 secret is hidden").to_owned(),
        count => with("{count} secrets are hidden", &[("count", &count)]),
    };
    let _told = writeln!(io::stderr().lock(), "{} {what}; {does}", say("note:"));
}

fn question(args: &SearchArgs, now: Duration) -> SearchRequest {
    let millis = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
    SearchRequest {
        pattern: args.pattern.clone(),
        regex: args.regex,
        case: match (args.case, args.ignore_case) {
            (true, _) => SearchCase::SENSITIVE,
            (_, true) => SearchCase::INSENSITIVE,
            _ => SearchCase::SMART,
        },
        target: args.session.clone().unwrap_or_default(),
        since_unix_ms: args.since.map_or(0, |since| millis(now.saturating_sub(since))),
        command: args.command.clone().unwrap_or_default(),
        context: args.context,
        count: args.count,
        within_ms: args
            .timeout
            .map_or(0, |limit| u32::try_from(limit.as_millis()).unwrap_or(u32::MAX).max(1)),
        ..SearchRequest::default()
    }
}

/// Words about progress, for a person who waits.
struct Said {
    began: Instant,
    shown: bool,
    terminal: bool,
}

impl Said {
    fn new() -> Self {
        Self { began: Instant::now(), shown: false, terminal: io::stderr().is_terminal() }
    }

    fn say(&mut self, progress: &SearchProgress) {
        if !self.terminal || self.began.elapsed() < SOON {
            return;
        }
        let SearchProgress { pieces, of, finds, .. } = progress;
        let mut err = io::stderr().lock();
        let part = with(
            "{pieces} of {of} pieces looked through, {finds} found",
            &[("pieces", pieces), ("of", of), ("finds", finds)],
        );
        let _told = write!(err, "\r\x1b[K{part}");
        let _told = err.flush();
        self.shown = true;
    }

    fn wipe(&mut self) {
        if std::mem::take(&mut self.shown) {
            let _told = io::stderr().lock().write_all(b"\r\x1b[K");
        }
    }
}

fn warn(progress: &SearchProgress) {
    let mut err = io::stderr().lock();
    if progress.unreadable > 0 {
        let what = with(
            "{count} of {of} pieces could not be read; `ccc rec verify` names them",
            &[("count", &progress.unreadable), ("of", &progress.of)],
        );
        let _told = writeln!(err, "{what}");
    }
}

/// A find as it is written, below a line that parts it from the one before where that is wanted.
fn text(find: &SearchFind, parted: bool, colors: bool) -> String {
    let color = |color: &'static str| if colors { color } else { "" };
    let plain = color(PLAIN);
    let mut text = String::new();
    if parted {
        let _ = writeln!(text, "{}--{plain}", color(DIM));
    }
    let place = label(&find.place);
    let at = match find.at_unix_ms {
        0 => "-".to_owned(),
        ms => utc(ms / 1000),
    };
    let around = |text: &mut String, lines: &[String]| {
        for line in lines {
            let _ = writeln!(text, "{}{place}  {at}- {}{plain}", color(DIM), label(line));
        }
    };
    around(&mut text, &find.before);
    let _ = write!(text, "{}{place}{plain}  {at}: ", color(PLACE));
    for (part, matched) in parts(find, 0) {
        let (on, off) = if matched { (color(MATCH), plain) } else { ("", "") };
        let _ = write!(text, "{on}{}{off}", label(part));
    }
    text.push('\n');
    around(&mut text, &find.after);
    text
}

#[cfg(test)]
mod tests {
    use ccc_proto::SearchMatch;

    use super::*;

    #[test]
    fn a_find_is_written_with_where_when_and_what_matches() {
        let find = SearchFind {
            place: "work:1.2".into(),
            at_unix_ms: 1_709_251_199_500,
            text: "한글 error\u{1b}[2J".into(),
            matches: vec![SearchMatch { from: 7, to: 12 }],
            before: vec!["$ make".into()],
            ..SearchFind::default()
        };
        assert_eq!(
            text(&find, true, false),
            "--\nwork:1.2  2024-02-29 23:59:59Z- $ make\n\
             work:1.2  2024-02-29 23:59:59Z: 한글 error\\u{1b}[2J\n"
        );
        let colored = text(&SearchFind { before: Vec::new(), ..find }, false, true);
        assert!(colored.contains("한글 \x1b[1;31merror\x1b[0m\\u{1b}"), "{colored}");
    }
}
