//! Other machines, and who may do what here. Owns the requests and the words of the answers.

mod audit;
mod hosts;
mod invite;
mod keys;
mod pair;
mod rights;
mod token;
mod who;

pub(crate) use audit::audit;
pub(crate) use hosts::hosts;
pub(crate) use invite::invite;
pub(crate) use keys::server;
pub(crate) use pair::pair;
pub(crate) use rights::{grant, revoke, role};
pub(crate) use token::{read as read_token, token};
pub(crate) use who::who;

use crate::words::{say, with};

/// What is over when, for people: `for 9 min`, or `over`.
fn until(unix_ms: u64, now_ms: u64) -> String {
    match left(unix_ms, now_ms) {
        None => say("over").to_owned(),
        Some(time) => with("for {time}", &[("time", &time)]),
    }
}

/// How long that is from now: `9 min`; nothing once it is over.
fn left(unix_ms: u64, now_ms: u64) -> Option<String> {
    let left = unix_ms.saturating_sub(now_ms) / 1000;
    Some(match left {
        0 => return None,
        1..=119 => with("{count} s", &[("count", &left)]),
        120..=7199 => with("{count} min", &[("count", &(left / 60))]),
        7200..=172_799 => with("{count} h", &[("count", &(left / 3600))]),
        _ => with("{days} days", &[("days", &(left / 86_400))]),
    })
}

fn now_ms() -> u64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    u64::try_from(since.unwrap_or_default().as_millis()).unwrap_or(u64::MAX)
}
