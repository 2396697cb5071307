//! The server on this machine: where it is, and starting one when there is none. Owns the reading of
//! the run file and the rule that two clients at once start one server. How a process is detached is
//! the caller's affair, who hands over a [`Starter`].

use std::fs::{File, OpenOptions};
use std::io::{self, BufRead as _, BufReader, Read};
use std::net::SocketAddr;
use std::os::unix::fs::OpenOptionsExt;
use std::sync::Arc;

use ccc_journal::dir;
use ccc_net::KeyId;
use serde::Deserialize;

use crate::{ClientError, Home};

/// Starts a server in the background and gives what it says on its standard output: the line
/// `ready` once it takes connections, else why it does not. The output ends when it is either.
pub type Starter = Arc<dyn Fn(&Home) -> io::Result<Box<dyn Read + Send>> + Send + Sync>;

/// The most that is read of a starting server's words.
const WORDS: u64 = 16 * 1024;

/// Where a server listens and which key it has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerAddress {
    pub address: SocketAddr,
    pub server: KeyId,
    /// Process id, 0 when not known.
    pub pid: u32,
}

#[derive(Deserialize)]
struct RunFile {
    address: SocketAddr,
    server: String,
    #[serde(default)]
    pid: u32,
}

/// Reads where the server of this home listens.
///
/// # Errors
/// There is no run file, or it makes no sense.
pub fn find(home: &Home) -> Result<ServerAddress, ClientError> {
    let path = home.server_file();
    let text = match std::fs::read(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(ClientError::NotRunning { state: home.state().into() });
        }
        Err(source) => return Err(ClientError::File { path, source }),
    };
    let run: Option<RunFile> = serde_json::from_slice(&text).ok();
    run.and_then(|run| {
        Some(ServerAddress { address: run.address, server: run.server.parse().ok()?, pid: run.pid })
    })
    .ok_or(ClientError::ServerFile { path })
}

/// The right to start a server, held by one client at a time.
pub(crate) struct StartLock {
    // Released when the file is closed.
    _file: File,
}

impl StartLock {
    /// Waits until no other client is starting a server. Blocks. Nothing is made in a state directory
    /// that the server would refuse.
    pub(crate) fn take(home: &Home) -> Result<Self, ClientError> {
        let run = home.state().join("run");
        dir::create_private(home.state())?;
        dir::create_private(&run)?;
        let path = run.join("start.lock");
        let open = || {
            let file = OpenOptions::new()
                .create(true)
                .truncate(false)
                .write(true)
                .mode(0o600)
                .open(&path)?;
            file.lock()?;
            Ok(file)
        };
        match open() {
            Ok(file) => Ok(Self { _file: file }),
            Err(source) => Err(ClientError::File { path, source }),
        }
    }
}

/// Starts a server and waits until it takes connections. Blocks.
pub(crate) fn start(home: &Home, starter: &Starter) -> Result<(), ClientError> {
    let fault = |error: io::Error| ClientError::NotStarted { why: error.to_string() };
    let mut words = String::new();
    let output = starter(home).map_err(fault)?.take(WORDS);
    for line in BufReader::new(output).lines() {
        let line = line.map_err(fault)?;
        if line == "ready" {
            return Ok(());
        }
        words.push_str(&line);
        words.push('\n');
    }
    let why = words.trim();
    let why = if why.is_empty() { "it ended without a word" } else { why };
    Err(ClientError::NotStarted { why: why.trim_start_matches("error: ").to_owned() })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn starter(words: &'static str) -> Starter {
        Arc::new(move |_| Ok(Box::new(words.as_bytes())))
    }

    #[test]
    fn a_server_that_says_why_it_does_not_start_is_quoted() {
        let home = Home::under(Path::new("/nowhere"));
        assert!(start(&home, &starter("ready\n")).is_ok());
        let error = start(&home, &starter("error: the port is taken\n")).unwrap_err();
        assert_eq!(error.to_string(), "the server did not start: the port is taken");
        let error = start(&home, &starter("")).unwrap_err();
        assert_eq!(error.to_string(), "the server did not start: it ended without a word");
    }

    #[test]
    fn a_run_file_that_makes_no_sense_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::under(folder.path());
        assert!(matches!(find(&home), Err(ClientError::NotRunning { .. })));
        std::fs::create_dir_all(home.state().join("run")).unwrap();
        std::fs::write(home.server_file(), "{}").unwrap();
        assert!(matches!(find(&home), Err(ClientError::ServerFile { .. })));
    }
}
