//! `top`: what panes take of the machine, as a table that refreshes, as text once, or as JSON.

use std::io::{self, IsTerminal as _, Write as _};

use ccc_proto::{ClientKind, Ext, ListUsage, Message};
use ccc_tui::{TopOptions, TopSort, TuiError};
use serde_json::json;

use crate::args::{Sort, TopArgs};
use crate::context::{Context, unexpected};
use crate::exit::End;
use crate::failure::{Attempted as _, Failure};
use crate::output::{Answer, table};

const ATTEMPTED: &str = "look at the panes";

pub(crate) async fn top(context: &Context, args: &TopArgs) -> Result<End, Failure> {
    let options = TopOptions {
        connect: context.connect(ClientKind::CLI, false),
        target: args.target.clone().unwrap_or_default(),
        sort: sort(args.sort),
        interval: args.interval,
        config_file: context.home.config_file(),
    };
    if args.once || !io::stdin().is_terminal() || !io::stdout().is_terminal() {
        let cells = ccc_tui::table_once(&options).await.attempted(ATTEMPTED)?;
        io::stdout().lock().write_all(table(&cells).as_bytes()).attempted("print")?;
        return Ok(End::Done);
    }
    match ccc_tui::top(options).await {
        Ok(()) => Ok(End::Done),
        Err(TuiError::Client(error)) => Err(error).attempted(ATTEMPTED),
        Err(error) => Err(Failure::other(ATTEMPTED, error)),
    }
}

/// `ccc top --json`: counters, whose differences between two answers are rates.
pub(crate) async fn usage(context: &Context, args: &TopArgs) -> Result<Answer, Failure> {
    let target = args.target.clone().unwrap_or_default();
    match context.ask(ATTEMPTED, ListUsage { target, ext: Ext::none() }).await? {
        Message::Usage(usage) => {
            let panes: Vec<_> = usage
                .panes
                .iter()
                .map(|pane| {
                    json!({
                        "pane": pane.pane.to_string(),
                        "cpu_ms": pane.cpu_ms,
                        "memory_bytes": pane.memory,
                        "processes": pane.processes,
                    })
                })
                .collect();
            Ok(Answer::quiet(json!({ "at_us": usage.at_us, "panes": panes })))
        }
        other => Err(unexpected(ATTEMPTED, "Usage", &other)),
    }
}

fn sort(sort: Sort) -> TopSort {
    match sort {
        Sort::Cpu => TopSort::Cpu,
        Sort::Memory => TopSort::Memory,
        Sort::Rate => TopSort::Rate,
        Sort::Bytes => TopSort::Bytes,
        Sort::Name => TopSort::Name,
    }
}
