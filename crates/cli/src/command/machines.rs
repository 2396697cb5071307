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

/// What is over when, for people: `for 9 min`, or `over`.
fn until(unix_ms: u64, now_ms: u64) -> String {
    let left = unix_ms.saturating_sub(now_ms) / 1000;
    match left {
        0 => "over".to_owned(),
        1..=119 => format!("for {left} s"),
        120..=7199 => format!("for {} min", left / 60),
        7200..=172_799 => format!("for {} h", left / 3600),
        _ => format!("for {} days", left / 86_400),
    }
}

fn now_ms() -> u64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    u64::try_from(since.unwrap_or_default().as_millis()).unwrap_or(u64::MAX)
}
