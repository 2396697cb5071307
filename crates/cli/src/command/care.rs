//! Looking after the installation: health, versions, completions, manual pages. Owns their words.

use std::fmt::Display;
use std::io::{self, Write as _};
use std::path::Path;

use ccc_client::ClientError;
use ccc_proto::{Doctor, DoctorReport, Health, Message};
use clap::CommandFactory as _;
use clap_complete::env::Shells;
use clap_mangen::Man;
use serde_json::json;

use crate::args::Args;
use crate::context::{Context, unexpected};
use crate::exit::End;
use crate::failure::{Attempted as _, Failure};
use crate::json;
use crate::output::{Answer, label, table};
use crate::words::{say, told, with, word};

pub(crate) async fn doctor(context: &Context) -> Result<Answer, Failure> {
    let attempted = "look at the server";
    let server = context.server(attempted).await?;
    match server.request(Doctor::default()).await.attempted(attempted)? {
        Message::DoctorReport(report) => {
            let (carrier, round_trip) = (server.carrier(), server.round_trip());
            let mut text = report_text(&report);
            let mut json = json::doctor(&report);
            let ms = round_trip.as_secs_f64() * 1000.0;
            json["link"] = json!({ "carrier": carrier.name(), "round_trip_ms": ms });
            if let Some(host) = &context.host {
                let ms = format!("{ms:.1}");
                let to = with(
                    "{host} by {carrier}, {ms} ms",
                    &[("host", &label(&host.name)), ("carrier", &carrier.name()), ("ms", &ms)],
                );
                text.push_str(&table(&[vec!["link".into(), say("ok").into(), to]]));
            }
            Ok(Answer { text, json })
        }
        other => Err(unexpected(attempted, "DoctorReport", &other)),
    }
}

fn report_text(report: &DoctorReport) -> String {
    let custody = &report.custody;
    let holds = |name: &str, pid: u32, held: u32| {
        let who = match pid {
            0 => with("{name}: none", &[("name", &name)]),
            pid => format!("{name} {pid}"),
        };
        let values: [(&str, &dyn Display); 3] =
            [("who", &who), ("held", &held), ("panes", &custody.panes)];
        with("{who} holds {held} of {panes}", &values)
    };
    let state = if custody.complete() { say("ok") } else { say("incomplete") };
    let mut rows = vec![vec![
        "custody".into(),
        state.to_owned(),
        [
            holds("server", custody.server_pid, custody.server),
            holds("keeper", custody.keeper_pid, custody.keeper),
            holds("spare", custody.spare_pid, custody.spare),
        ]
        .join(", "),
    ]];
    for finding in &report.findings {
        let health = match finding.health {
            Health::OK => say("ok").into(),
            other => word(&other.to_string()),
        };
        rows.push(vec![finding.name.clone(), health, told(&finding.text).into_owned()]);
        if !finding.hint.is_empty() {
            let hint = told(&finding.hint).into_owned();
            rows.push(vec![String::new(), say("mend").into(), hint]);
        }
    }
    table(&rows)
}

pub(crate) async fn version(context: &Context) -> Result<Answer, Failure> {
    let own = format!("ccc {}", env!("CARGO_PKG_VERSION"));
    let server = match context.connect(ccc_proto::ClientKind::CLI, false).connect().await {
        Ok(server) => Some(server.welcome().clone()),
        Err(ClientError::NotRunning { .. }) => None,
        Err(error) => return Err(error).attempted("ask the server for its version"),
    };
    let running =
        server.as_ref().map_or_else(|| say("not running"), |welcome| welcome.software.as_str());
    let json = json!({
        "client": own,
        "server": server.as_ref().map(|welcome| &welcome.software),
        "server_id": server.as_ref().map(|welcome| &welcome.server),
        "protocol": format!("{}.{}", ccc_proto::MAJOR, ccc_proto::MINOR),
    });
    Ok(Answer { text: format!("{own}\n{} {running}\n", say("server:")), json })
}

pub(crate) fn completions(shell: clap_complete::Shell) -> Result<End, Failure> {
    let mut script = Vec::new();
    let shells = Shells::builtins();
    let name = shell.to_string();
    let failure = || Failure::other("complete", format!("{name} is no shell that is known here"));
    let shell = shells.completer(&name).ok_or_else(failure)?;
    // The script asks this program at each word, so that names of sessions and hosts complete as well.
    shell
        .write_registration(crate::names::ASKED, "ccc", "ccc", "ccc", &mut script)
        .attempted("write the script")?;
    io::stdout().lock().write_all(&script).attempted("print")?;
    Ok(End::Done)
}

pub(crate) fn man(folder: Option<&Path>) -> Result<End, Failure> {
    // Pages are the same on every machine and every day, so that they can be checked in.
    let command = Args::command().disable_help_subcommand(true);
    match folder {
        None => {
            let mut page = Vec::new();
            Man::new(command).render(&mut page).attempted("write the manual")?;
            io::stdout().lock().write_all(&page).attempted("print")?;
        }
        Some(folder) => {
            clap_mangen::generate_to(command, folder).attempted("write the manual")?;
        }
    }
    Ok(End::Done)
}
