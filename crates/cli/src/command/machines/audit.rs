//! `audit`: what was decided about rights, looked at, checked, and written out. Owns the words and columns.

use std::io::{self, Write as _};

use ccc_client::{Audited, SeenHead, find};
use ccc_proto::{AuditEntry, AuditRecord};
use data_encoding::HEXLOWER;
use serde_json::{Value, json};

use super::now_ms;
use crate::args::AuditCommand;
use crate::context::Context;
use crate::exit::{End, FAILED, UNTIED};
use crate::failure::{Attempted as _, Failure};
use crate::moment::utc;
use crate::output::{Answer, label, table};
use crate::whole_file::WholeFile;
use crate::words::{say, told, with};

pub(crate) async fn audit(context: &Context, command: &AuditCommand) -> Result<End, Failure> {
    let attempted = "read the audit";
    let server = context.server(attempted).await?;
    let records = ccc_client::fetch_audit(&server).await.attempted(attempted)?;
    let key = match &context.host {
        Some(host) => host.server,
        None => find(&context.home).attempted(attempted)?.server,
    };
    // What former keys signed holds as well, as far as each vouched for the next.
    let mut keys = ccc_client::ask_former(&server, key).await.attempted(attempted)?;
    keys.insert(0, key);
    let mut seen: Option<SeenHead> = None;
    for key in &keys {
        let one = SeenHead::read(&context.home, key).attempted(attempted)?;
        seen = seen.into_iter().chain(one).max_by_key(|seen| seen.seq);
    }
    let audited = ccc_client::check_audit(&records, &keys, seen.as_ref());
    match command {
        AuditCommand::Query { json, .. } => {
            let entries: Vec<_> = chosen(command, &audited.entries);
            warn(&audited).attempted("print")?;
            let rows: Vec<_> = entries.iter().map(|entry| row(entry)).collect();
            let list: Vec<_> = entries.iter().map(|entry| value(entry)).collect();
            let answer = Answer { text: table(&rows), json: json!({ "entries": list }) };
            answer.print(json.json).attempted("print")?;
            Ok(End::Done)
        }
        AuditCommand::Verify { anew, json, .. } => {
            let sound = audited.faults.is_empty();
            let tied = !audited.untied || *anew;
            let last = audited.entries.last().map_or(0, |entry| entry.seq);
            let first = audited.entries.first().map_or(0, |entry| entry.seq);
            let mut text = with(
                "entries {first} to {last}, signed up to {signed}",
                &[("first", &first), ("last", &last), ("signed", &audited.signed)],
            );
            text.push('\n');
            for fault in &audited.faults {
                text.push_str(&format!("{}\n", label(&told(fault))));
            }
            if audited.untied {
                let seen = seen.as_ref().map_or(0, |seen| seen.seq);
                text.push_str(&with(
                    "what follows entry {seen}, the last that this machine saw, is deleted: these entries cannot be tied to it",
                    &[("seen", &seen)],
                ));
                text.push('\n');
            } else if sound {
                text.push_str(say(
                    "nothing was changed, and nothing that was seen here before is missing",
                ));
                text.push('\n');
            }
            if sound && tied {
                // What is not whole is no measure for the next time.
                if let Some(head) = &audited.head {
                    head.keep(&context.home, &key).attempted("remember what was seen")?;
                }
            }
            let json_value = json!({
                "first": first,
                "last": last,
                "signed": audited.signed,
                "faults": audited.faults,
                "untied": audited.untied,
                "seen_before": seen.map(|seen| seen.seq),
            });
            Answer { text, json: json_value }.print(json.json).attempted("print")?;
            Ok(match (sound, tied) {
                (true, true) => End::Done,
                (true, false) => End::Status(UNTIED.into()),
                (false, _) => End::Status(FAILED.into()),
            })
        }
        AuditCommand::Export { output, .. } => {
            warn(&audited).attempted("print")?;
            export(&records, output.as_deref())
        }
    }
}

/// What is wrong is said to whoever looks, also when they did not ask.
fn warn(audited: &Audited) -> io::Result<()> {
    let mut err = io::stderr().lock();
    for fault in &audited.faults {
        writeln!(err, "{} {}", say("warning:"), label(&told(fault)))?;
    }
    Ok(())
}

fn chosen<'a>(command: &AuditCommand, entries: &'a [AuditEntry]) -> Vec<&'a AuditEntry> {
    let AuditCommand::Query { what, who, since, denied, count, .. } = command else {
        return Vec::new();
    };
    let from = since.map_or(0, |since| {
        now_ms().saturating_sub(u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
    });
    let fits = |entry: &&AuditEntry| {
        let is_who = |who: &String| [&entry.principal, &entry.name, &entry.about].contains(&who);
        what.as_ref().is_none_or(|what| *what == entry.what)
            && who.as_ref().is_none_or(is_who)
            && entry.unix_ms >= from
            && !(*denied && entry.allowed)
    };
    let mut found: Vec<_> = entries.iter().filter(fits).collect();
    let most = if *count == 0 { usize::MAX } else { *count };
    found.drain(..found.len().saturating_sub(most));
    found
}

fn row(entry: &AuditEntry) -> Vec<String> {
    let who = if entry.name.is_empty() { &entry.principal } else { &entry.name };
    let who: String = who.chars().take(20).collect();
    let about: String = entry.about.chars().take(20).collect();
    vec![
        entry.seq.to_string(),
        utc(entry.unix_ms / 1000),
        if who.is_empty() { "-".to_owned() } else { label(&who) },
        label(&entry.from),
        match entry.allowed {
            true => label(&entry.what),
            false => with("{what} refused", &[("what", &label(&entry.what))]),
        },
        label(&about),
        label(&entry.detail),
    ]
}

fn value(entry: &AuditEntry) -> Value {
    json!({
        "seq": entry.seq,
        "unix_ms": entry.unix_ms,
        "principal": entry.principal,
        "name": entry.name,
        "from": entry.from,
        "what": entry.what,
        "about": entry.about,
        "detail": entry.detail,
        "allowed": entry.allowed,
    })
}

/// A line for each record: what it says, and the bytes that are hashed and signed.
fn export(records: &[AuditRecord], output: Option<&std::path::Path>) -> Result<End, Failure> {
    let attempted = "write the audit";
    let mut text = String::new();
    for record in records {
        let said = match (record.entry(), record.checkpoint()) {
            (Ok(Some(entry)), _) => value(&entry),
            (_, Ok(Some(point))) => json!({
                "signed": point.seq,
                "head": HEXLOWER.encode(&point.head),
                "key": HEXLOWER.encode(&point.key),
                "signature": HEXLOWER.encode(&point.signature),
                "unix_ms": point.unix_ms,
            }),
            _ => Value::Null,
        };
        let bytes = HEXLOWER.encode(&record.body);
        let line = json!({ "kind": record.kind, "says": said, "bytes": bytes });
        text.push_str(&format!("{line}\n"));
    }
    match output {
        Some(path) => {
            let mut file = WholeFile::create(path).attempted(attempted)?;
            file.write_all(text.as_bytes()).attempted(attempted)?;
            file.finish().attempted(attempted)?;
        }
        None => io::stdout().lock().write_all(text.as_bytes()).attempted(attempted)?,
    }
    Ok(End::Done)
}
