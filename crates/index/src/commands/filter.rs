//! What commands are asked for. Owns which facts a question needs and whether a command passes.

use std::path::Path;

use super::Command;
use super::summary::{self, FAILED, FOLDER, OK, PANE, SESSION, STATUS};

/// What is wanted; everything unless a field says otherwise.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CommandFilter {
    /// The command contains it. Letters of ASCII count as the same in both cases unless there is an
    /// upper-case one.
    pub text: String,
    /// Names of sessions, any of which it ran in.
    pub sessions: Vec<String>,
    /// The pane that it ran in.
    pub pane: String,
    /// It ran in this folder or below.
    pub cwd: String,
    pub exit: ExitFilter,
    /// It began then or later.
    pub since_unix_ms: u64,
}

/// How a command ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ExitFilter {
    #[default]
    Any,
    Ok,
    /// Any status but 0.
    Failed,
    Code(i32),
}

impl CommandFilter {
    /// The facts that a block must hold to be looked into.
    pub(super) fn needs(&self) -> Vec<u16> {
        let mut needed: Vec<u16> = summary::bits_of(&self.text).collect();
        if let [session] = self.sessions.as_slice() {
            needed.extend(SESSION.map(|about| summary::token(about, session.as_bytes())));
        }
        if !self.pane.is_empty() {
            needed.push(summary::token(PANE, self.pane.as_bytes()));
        }
        if !self.cwd.is_empty() {
            let folder = Path::new(&self.cwd).components().as_path();
            needed.push(summary::token(FOLDER, folder.as_os_str().as_encoded_bytes()));
        }
        match self.exit {
            ExitFilter::Any => {}
            ExitFilter::Ok => needed.push(summary::token(STATUS, OK)),
            ExitFilter::Failed => needed.push(summary::token(STATUS, FAILED)),
            ExitFilter::Code(code) => needed.push(summary::token(STATUS, &code.to_le_bytes())),
        }
        needed
    }

    /// Whether a command is wanted.
    #[must_use]
    pub fn passes(&self, command: &Command<'_>) -> bool {
        let status = match (self.exit, command.exit) {
            (ExitFilter::Any, _) => true,
            (_, None) => false,
            (ExitFilter::Ok, Some(exit)) => exit == 0,
            (ExitFilter::Failed, Some(exit)) => exit != 0,
            (ExitFilter::Code(code), Some(exit)) => exit == code,
        };
        status
            && command.started_unix_ms >= self.since_unix_ms
            && (self.sessions.is_empty() || self.sessions.iter().any(|s| s == command.session))
            && (self.pane.is_empty() || self.pane == command.pane)
            && (self.cwd.is_empty() || Path::new(command.cwd).starts_with(&self.cwd))
            && contains(command.text, &self.text)
    }
}

fn contains(text: &str, wanted: &str) -> bool {
    if wanted.is_empty() {
        return true;
    }
    let (text, wanted) = (text.as_bytes(), wanted.as_bytes());
    if wanted.iter().any(u8::is_ascii_uppercase) {
        return text.windows(wanted.len()).any(|piece| piece == wanted);
    }
    text.windows(wanted.len()).any(|piece| piece.eq_ignore_ascii_case(wanted))
}
