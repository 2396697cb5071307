//! A home for one server: its own state, configuration and HOME, and the built `ccc`. Owns what it
//! started, and ends it.

use std::fs;
use std::io::{Read, Write as _};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

use crate::custody::Custody;
use crate::error::{KitError, Result};
use crate::process::Process;
use crate::program::Program;
use crate::terminal::Terminal;
use ccc_vt::Size;

/// The longest that a command may take; far more than any needs.
const PATIENCE: Duration = Duration::from_secs(120);

/// What a command printed, and how it ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output {
    /// `None` when a signal ended it.
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

/// A server's home, and the programs that are run against it.
#[derive(Debug)]
pub struct Sandbox {
    folder: TempDir,
    ccc: PathBuf,
}

impl Sandbox {
    /// An empty home for this binary.
    ///
    /// # Errors
    /// The folder cannot be made.
    pub fn new(ccc: impl Into<PathBuf>) -> Result<Self> {
        Self::within(&std::env::temp_dir(), ccc)
    }

    /// An empty home below a folder of the caller's.
    ///
    /// # Errors
    /// The folder cannot be made.
    pub fn within(parent: &Path, ccc: impl Into<PathBuf>) -> Result<Self> {
        let folder = tempfile::Builder::new()
            .prefix("ccc-")
            .tempdir_in(parent)
            .map_err(KitError::io("make a folder"))?;
        let sandbox = Self { folder, ccc: ccc.into() };
        let home = sandbox.user_home();
        fs::create_dir(&home).map_err(KitError::io("make a home"))?;
        // The same prompt for everybody, and nothing of the machine's.
        fs::write(home.join(".profile"), "PS1='$ '\nunset PROMPT_COMMAND\n")
            .map_err(KitError::io("write a profile"))?;
        Ok(sandbox)
    }

    /// The folder that `CCC_HOME` names.
    pub fn home(&self) -> &Path {
        self.folder.path()
    }

    /// The server's state directory.
    pub fn state(&self) -> PathBuf {
        self.home().join("state")
    }

    /// Where the files of panes lie that are not recorded.
    pub fn memory(&self) -> PathBuf {
        use std::os::unix::fs::MetadataExt as _;
        let user = rustix::process::geteuid().as_raw();
        let (dev, ino) = fs::metadata(self.state()).map_or((0, 0), |meta| (meta.dev(), meta.ino()));
        PathBuf::from(format!("/dev/shm/ccc-{user}-{dev:x}-{ino:x}"))
    }

    /// The HOME of programs.
    pub fn user_home(&self) -> PathBuf {
        self.home().join("user")
    }

    /// Writes the configuration.
    ///
    /// # Errors
    /// The disk's.
    pub fn configure(&self, toml: &str) -> Result<()> {
        let folder = self.home().join("config");
        fs::create_dir_all(&folder)
            .and_then(|()| fs::write(folder.join("config.toml"), toml))
            .map_err(KitError::io("write the configuration"))
    }

    /// Any program in the sandbox's environment.
    pub fn program(&self, program: impl AsRef<std::ffi::OsStr>) -> Program {
        let path = std::env::var_os("PATH").unwrap_or_else(|| "/usr/bin:/bin".into());
        Program::new(program)
            .env("CCC_HOME", self.home())
            .env("HOME", self.user_home())
            .env("LANG", "C.UTF-8")
            .env("PATH", path)
            .env("SHELL", "/bin/sh")
            .env("TERM", "xterm-256color")
            .directory(&self.user_home())
    }

    /// `ccc` with these arguments.
    pub fn ccc(&self, args: &[&str]) -> Program {
        self.program(&self.ccc).args(args)
    }

    /// Runs `ccc` to its end, without a terminal.
    ///
    /// # Errors
    /// It does not start or does not end. An exit code other than 0 is no error.
    pub fn run(&self, args: &[&str]) -> Result<Output> {
        self.run_program(&self.ccc(args), b"")
    }

    /// Runs `ccc`, which must succeed, and gives what it printed.
    ///
    /// # Errors
    /// It failed; the error shows what it said.
    pub fn ok(&self, args: &[&str]) -> Result<String> {
        let output = self.run(args)?;
        if output.code == Some(0) {
            return Ok(output.stdout);
        }
        Err(KitError::Unexpected {
            what: format!("`ccc {}` ended with {:?}", args.join(" "), output.code),
            told: format!("{}{}", output.stdout, output.stderr),
        })
    }

    /// The same, as JSON.
    ///
    /// # Errors
    /// It failed or printed something else.
    pub fn json(&self, args: &[&str]) -> Result<Value> {
        let text = self.ok(args)?;
        serde_json::from_str(&text).map_err(|error| KitError::Unexpected {
            what: format!("`ccc {}` printed no JSON ({error})", args.join(" ")),
            told: text,
        })
    }

    /// Runs any program to its end, without a terminal, and with this as its standard input.
    ///
    /// # Errors
    /// It does not start or does not end. An exit code other than 0 is no error.
    pub fn run_program(&self, program: &Program, input: &[u8]) -> Result<Output> {
        let output = run_bytes(program, input)?;
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Ok(Output { code: output.0, stdout: text(&output.1), stderr: text(&output.2) })
    }

    /// Runs `ccc`, which must succeed, and gives the bytes that it printed.
    ///
    /// # Errors
    /// It failed; the error shows what it said.
    pub fn bytes(&self, args: &[&str]) -> Result<Vec<u8>> {
        let (code, stdout, stderr) = run_bytes(&self.ccc(args), b"")?;
        if code == Some(0) {
            return Ok(stdout);
        }
        Err(KitError::Unexpected {
            what: format!("`ccc {}` ended with {code:?}", args.join(" ")),
            told: String::from_utf8_lossy(&stderr).into_owned(),
        })
    }

    /// `ccc attach` in a terminal.
    ///
    /// # Errors
    /// It does not start.
    pub fn attach(&self, size: Size, args: &[&str]) -> Result<Terminal> {
        let words: Vec<&str> = std::iter::once("attach").chain(args.iter().copied()).collect();
        Terminal::start(&self.ccc(&words), size)
    }

    /// Who holds the terminals now.
    ///
    /// # Errors
    /// No server answers.
    pub fn custody(&self) -> Result<Custody> {
        let report = self.json(&["doctor", "--json"])?;
        Custody::read(&report).ok_or_else(|| KitError::Unexpected {
            what: "`ccc doctor --json` names no custody".into(),
            told: report.to_string(),
        })
    }

    /// Asks until server, keeper and spare all hold every pane. Each question is a whole process, so
    /// the server is not pressed.
    ///
    /// # Errors
    /// It did not come to that.
    pub fn full_custody(&self, within: Duration) -> Result<Custody> {
        let until = Instant::now() + within;
        loop {
            let custody = self.custody();
            if let Ok(custody) = &custody
                && custody.complete
            {
                return Ok(*custody);
            }
            if Instant::now() >= until {
                return Err(KitError::TimedOut {
                    what: "all three to hold every pane".into(),
                    within,
                    instead: format!("{custody:?}"),
                });
            }
        }
    }

    /// Every process that runs for this sandbox.
    pub fn processes(&self) -> Vec<Process> {
        Process::of_folder(self.home())
    }

    /// Ends all of them at once, as when a machine goes down. Server and keeper start each other again, so all are
    /// stopped before the first is killed: however long this waits for a processor in between, nobody sees another
    /// die. What was being started meanwhile goes in another round.
    ///
    /// # Errors
    /// One does not end.
    pub fn end(&self) -> Result<()> {
        // One that is just being started tells nothing of itself for a moment.
        const LOOKS: u32 = 3;
        let until = Instant::now() + PATIENCE;
        let mut looks = 0;
        loop {
            let left = self.processes();
            if left.is_empty() {
                looks += 1;
                if looks == LOOKS {
                    return Ok(());
                }
                continue;
            }
            looks = 0;
            left.iter().for_each(Process::stop);
            left.iter().for_each(Process::kill);
            for process in &left {
                process.wait_end(until.saturating_duration_since(Instant::now()))?;
            }
        }
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        // There is nobody to tell, and a process that cannot be killed has no use for telling.
        let _left = self.end();
        let _none = fs::remove_dir_all(self.memory());
    }
}

fn run_bytes(program: &Program, input: &[u8]) -> Result<(Option<i32>, Vec<u8>, Vec<u8>)> {
    let mut command = program.command();
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(KitError::io("start a program"))?;
    let stdin = child.stdin.take();
    let input = input.to_vec();
    // A program that reads nothing must not hold this up; its pipe breaks when it ends.
    thread::spawn(move || stdin.map(|mut stdin| stdin.write_all(&input)));
    let reader = |stream: Option<Box<dyn Read + Send>>| {
        thread::spawn(move || {
            let mut bytes = Vec::new();
            // What was read before an error is what there is.
            let _cut = stream.map(|mut stream| stream.read_to_end(&mut bytes));
            bytes
        })
    };
    let stdout = reader(child.stdout.take().map(|s| Box::new(s) as Box<dyn Read + Send>));
    let stderr = reader(child.stderr.take().map(|s| Box::new(s) as Box<dyn Read + Send>));
    if let Some(process) = Process::open(child.id()) {
        let ended = process.wait_end(PATIENCE);
        if ended.is_err() {
            process.kill();
            let _reaped = child.wait();
        }
        ended?;
    }
    let status = child.wait().map_err(KitError::io("wait for a program"))?;
    let joined = |thread: thread::JoinHandle<Vec<u8>>| thread.join().unwrap_or_default();
    Ok((status.code(), joined(stdout), joined(stderr)))
}

/// Whether a program is installed on this machine; says so when it is not.
#[expect(clippy::print_stdout, reason = "what was not tested is said")]
pub fn installed(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path).any(|folder| folder.join(program).is_file());
    if !found {
        println!("SKIPPED: there is no {program} on this machine");
    }
    found
}
