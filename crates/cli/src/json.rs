//! The JSON of every listing: one stable shape per command. Owns the field names; fields are only
//! ever added. Ids are strings such as `s3`; times are milliseconds since 1970; sizes are cells.

use ccc_proto::{
    ClientInfo, CommandState, Custody, DoctorReport, Done, PaneInfo, SearchFind, SessionInfo,
    TabInfo, Watched, WireCommand, WireExit, client_tag,
};
use serde_json::{Value, json};

/// `ccc ls --json`: `{"sessions": [session]}`.
pub(crate) fn sessions(sessions: &[SessionInfo]) -> Value {
    json!({ "sessions": sessions.iter().map(session).collect::<Vec<_>>() })
}

fn session(info: &SessionInfo) -> Value {
    json!({
        "id": info.session.to_string(),
        "name": info.name,
        "state": info.state.to_string(),
        "created": info.created_unix_ms,
        "attached": info.attached,
        "current_tab": info.current_tab.to_string(),
        "tabs": info.tabs.iter().map(tab).collect::<Vec<_>>(),
        "panes": info.panes.iter().map(pane).collect::<Vec<_>>(),
    })
}

/// One tab of `ccc tab ls --json`.
pub(crate) fn tab(info: &TabInfo) -> Value {
    json!({
        "id": info.tab.to_string(),
        "number": info.number,
        "name": info.name,
        "focus": info.focus.to_string(),
        "zoomed": info.zoomed.map(|pane| pane.to_string()),
        "cols": info.size.cols,
        "rows": info.size.rows,
    })
}

/// One pane of `ccc pane ls --json`.
pub(crate) fn pane(info: &PaneInfo) -> Value {
    json!({
        "id": info.pane.to_string(),
        "tab": info.tab.to_string(),
        "number": info.number,
        "ulid": info.ulid,
        "title": info.title,
        "command": info.command,
        "cwd": info.cwd,
        "cols": info.size.cols,
        "rows": info.size.rows,
        "pid": info.pid,
        "start_time": info.start_time,
        "state": info.state.to_string(),
        "exit": exit(info.exit),
        "recorded_bytes": info.offset,
        "first_kept_byte": info.first_kept,
        "last_output": info.output_unix_ms,
        "recorded": info.recorded,
    })
}

/// `null` while it runs, else `{"kind": "code"|"signal"|"unknown", "value": n, "status": n}`.
pub(crate) fn exit(exit: WireExit) -> Value {
    match exit.status() {
        None => Value::Null,
        Some(status) => {
            json!({ "kind": exit.kind.to_string(), "value": exit.value, "status": status })
        }
    }
}

/// `ccc ls --clients --json`: `{"clients": [client]}`.
pub(crate) fn clients(clients: &[ClientInfo]) -> Value {
    let client = |info: &ClientInfo| {
        json!({
            "id": info.client.to_string(),
            "software": info.software,
            "host": info.host,
            "address": info.address,
            "principal": info.principal,
            "name": info.ext.find_text(client_tag::NAME),
            "role": info.ext.find_text(client_tag::ROLE),
            "carrier": info.ext.find_text(client_tag::CARRIER).unwrap_or("QUIC"),
            "session": info.session.map(|id| id.to_string()),
            "tab": info.tab.map(|id| id.to_string()),
            "pane": info.pane.map(|id| id.to_string()),
            "cols": info.size.cols,
            "rows": info.size.rows,
            "view": info.view,
            "last_input": info.typed_unix_ms,
        })
    };
    json!({ "clients": clients.iter().map(client).collect::<Vec<_>>() })
}

/// What a command that made or changed something answers.
pub(crate) fn done(done: &Done) -> Value {
    json!({
        "session": done.session.map(|id| id.to_string()),
        "tab": done.tab.map(|id| id.to_string()),
        "pane": done.pane.map(|id| id.to_string()),
        "revision": done.revision,
    })
}

/// One command of `ccc history --json`: `{"commands": [command]}`, newest last. Of one that was imported `imported`
/// names the history that it came from, else it is `null`; what is not known of it is `null`.
pub(crate) fn command(command: &WireCommand) -> Value {
    let ended = command.state == CommandState::ENDED;
    let imported = command.is_imported();
    let cwd = (!imported || !command.cwd.is_empty()).then_some(&command.cwd);
    let output = (!imported).then(|| json!({ "from": command.from, "to": command.to }));
    json!({
        "text": command.text,
        "cwd": cwd,
        "state": command.state.to_string(),
        "status": ended.then_some(command.status),
        "started": (command.started_unix_ms != 0).then_some(command.started_unix_ms),
        "duration_ms": command.duration_ms,
        "imported": imported.then_some(&command.place),
        "place": (!imported).then_some(&command.place),
        "pane": command.pane.map(|id| id.to_string()),
        "ulid": (!imported).then_some(&command.ulid),
        "mark": (!imported).then_some(command.mark),
        "output": output,
    })
}

/// One find of `ccc search --json`: `{"finds": [find], "end": "all"}`, newest first.
pub(crate) fn find(find: &SearchFind) -> Value {
    let matches = find.matches.iter().map(|part| json!({ "from": part.from, "to": part.to }));
    json!({
        "place": find.place,
        "pane": find.pane.map(|id| id.to_string()),
        "ulid": find.ulid,
        "lives": find.lives,
        "offset": find.offset,
        "line": find.line,
        "time": (find.at_unix_ms > 0).then_some(find.at_unix_ms),
        "text": find.text,
        "matches": matches.collect::<Vec<_>>(),
        "before": find.before,
        "after": find.after,
    })
}

/// One line of `ccc events`.
pub(crate) fn event(watched: &Watched) -> Value {
    json!({
        "id": watched.id,
        "time": watched.unix_ms,
        "what": watched.what,
        "session": watched.session.map(|id| id.to_string()),
        "tab": watched.tab.map(|id| id.to_string()),
        "pane": watched.pane.map(|id| id.to_string()),
        "exit": exit(watched.exit),
        "text": watched.text,
    })
}

/// `ccc doctor --json`.
pub(crate) fn doctor(report: &DoctorReport) -> Value {
    let findings: Vec<Value> = report
        .findings
        .iter()
        .map(|finding| {
            json!({
                "name": finding.name,
                "health": finding.health.to_string(),
                "text": finding.text,
                "hint": finding.hint,
            })
        })
        .collect();
    json!({ "custody": custody(&report.custody), "findings": findings })
}

fn custody(custody: &Custody) -> Value {
    json!({
        "complete": custody.complete(),
        "panes": custody.panes,
        "server": { "pid": custody.server_pid, "holds": custody.server },
        "keeper": { "pid": custody.keeper_pid, "holds": custody.keeper },
        "spare": { "pid": custody.spare_pid, "holds": custody.spare },
    })
}
