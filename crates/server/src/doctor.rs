//! How the server is: who holds the panes, and what of the machine could end them. Each finding has
//! a stable name, a sentence, and the mending command where there is one.

use std::fs;
use std::sync::Arc;

use ccc_proto::{Custody, DoctorFinding, DoctorReport, Ext, Health};

use crate::context::Context;

/// Free bytes under which the disk is worth a warning.
const LOW_DISK: u64 = 1024 * 1024 * 1024;

pub(crate) async fn report(ctx: &Arc<Context>) -> DoctorReport {
    let custody = custody(ctx).await;
    let mut findings = vec![holders(&custody), splice(ctx), disk(ctx), recordings(ctx)];
    findings.extend(logout());
    findings.push(versions(ctx));
    findings.push(tcp(ctx));
    DoctorReport { custody, findings, ext: Ext::none() }
}

async fn custody(ctx: &Arc<Context>) -> Custody {
    let held = ctx.panes.all().iter().filter(|pane| pane.fds().is_some()).count();
    let held = u32::try_from(held).unwrap_or(u32::MAX);
    let server_pid = std::process::id();
    match ctx.keeper.status().await {
        Ok(status) => Custody {
            panes: status.panes,
            server: if status.server == server_pid { held } else { 0 },
            keeper: status.panes,
            spare: if status.spare == 0 { 0 } else { status.panes },
            server_pid,
            keeper_pid: status.pid,
            spare_pid: status.spare,
        },
        Err(_away) => Custody { panes: held, server: held, server_pid, ..Custody::default() },
    }
}

fn holders(custody: &Custody) -> DoctorFinding {
    let Custody { panes, server, keeper, spare, .. } = custody;
    let (health, text) = if custody.complete() {
        (Health::OK, format!("server, keeper and spare hold all {panes} running panes"))
    } else {
        let text = format!(
            "of {panes} running panes the server holds {server}, the keeper {keeper}, the spare \
             {spare}"
        );
        (Health::WARNING, text)
    };
    finding("custody", health, text, "")
}

fn tcp(ctx: &Context) -> DoctorFinding {
    let address = ctx.address;
    if ctx.by_tcp {
        let text =
            format!("clients are taken by UDP and, where that does not pass, by TCP: {address}");
        return finding("tcp", Health::OK, text, "");
    }
    if !ctx.config.server.tcp {
        let text =
            format!("clients are taken by UDP alone, as tcp = false in [server] has it: {address}");
        return finding("tcp", Health::OK, text, "");
    }
    let text = format!("another program has the TCP port of {address}: clients come by UDP alone");
    finding(
        "tcp",
        Health::WARNING,
        text,
        "ccc serve --stop; ccc serve --daemon --listen ADDRESS:PORT",
    )
}

fn splice(ctx: &Context) -> DoctorFinding {
    if ctx.keeper.seen().splice {
        let text = "output moves inside the kernel: a kill loses none";
        return finding("splice", Health::OK, text.into(), "");
    }
    let text = "this system cannot move output inside the kernel: a kill of the keeper may lose \
                what it had just read";
    finding("splice", Health::WARNING, text.into(), "")
}

fn disk(ctx: &Context) -> DoctorFinding {
    let root = ctx.state.root();
    match rustix::fs::statvfs(root) {
        Ok(stat) => {
            let free = stat.f_bavail.saturating_mul(stat.f_frsize);
            let health = if free < LOW_DISK { Health::WARNING } else { Health::OK };
            let text = format!("{} MiB free in {}", free / (1024 * 1024), root.display());
            let hint = if free < LOW_DISK { "ccc rm TARGET" } else { "" };
            finding("disk", health, text, hint)
        }
        Err(error) => {
            let text = format!("cannot look at {}: {error}", root.display());
            finding("disk", Health::WARNING, text, "")
        }
    }
}

/// What recordings take, and what they may.
fn recordings(ctx: &Context) -> DoctorFinding {
    let settings = &ctx.config.recording;
    let (held, whole) = (ctx.disk.total(), settings.server_budget);
    let age = match settings.retention_days {
        None => "of any age".to_owned(),
        Some(days) => format!("for {days} days"),
    };
    let mib = |bytes: u64| bytes / (1024 * 1024);
    let text = format!(
        "{} MiB of recordings, kept {age}; at most {} MiB, {} MiB for a pane",
        mib(held),
        mib(whole),
        mib(settings.pane_budget)
    );
    // Whoever prints then gives up its own past, before anybody is over.
    let health = if held > whole { Health::WARNING } else { Health::OK };
    let hint = if held > whole { "ccc rec ls" } else { "" };
    finding("recordings", health, text, hint)
}

/// Whether logging out ends what runs here. Only where systemd is in charge.
fn logout() -> Option<DoctorFinding> {
    fs::metadata("/run/systemd/system").ok()?;
    let user = rustix::process::getuid().as_raw();
    let linger = std::env::var("USER")
        .is_ok_and(|name| fs::metadata(format!("/var/lib/systemd/linger/{name}")).is_ok());
    let kills = ["/etc/systemd/logind.conf", "/usr/lib/systemd/logind.conf"].iter().any(|path| {
        fs::read_to_string(path).is_ok_and(|text| {
            text.lines().any(|line| line.trim().eq_ignore_ascii_case("KillUserProcesses=yes"))
        })
    });
    Some(match (linger, kills) {
        (true, _) => finding("logout", Health::OK, "lingering is on".into(), ""),
        (false, true) => finding(
            "logout",
            Health::BROKEN,
            format!("logging out ends all processes of user {user}, this server too"),
            "loginctl enable-linger",
        ),
        (false, false) => {
            finding("logout", Health::OK, "logging out leaves processes alone".into(), "")
        }
    })
}

fn versions(ctx: &Context) -> DoctorFinding {
    let (own, keeper) = (env!("CARGO_PKG_VERSION"), ctx.keeper.seen().build);
    if keeper == own {
        return finding("versions", Health::OK, format!("server and keeper are {own}"), "");
    }
    let text = format!("the server is {own}, the keeper {keeper}; both work together");
    finding("versions", Health::WARNING, text, "")
}

fn finding(name: &str, health: Health, text: String, hint: &str) -> DoctorFinding {
    DoctorFinding { name: name.to_owned(), health, text, hint: hint.to_owned() }
}
