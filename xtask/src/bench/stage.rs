//! Those who are compared, and how each opens a program: straight in the outer terminal, in tmux, in
//! `ccc`. Owns their servers, each in a sandbox of its own that ends everything.

use std::fmt;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use ccc_testkit::{Program, Sandbox, Terminal};

use super::outer::{Outer, SIZE};

/// More than any run writes, so that every byte can be compared.
const BUDGET: u64 = 1 << 40;

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Contender {
    /// The program straight in the outer terminal: the floor, our own cost included.
    Bare,
    Tmux,
    Ccc,
}

impl Contender {
    pub(crate) const ALL: [Self; 3] = [Self::Bare, Self::Tmux, Self::Ccc];
    /// Those that have a server.
    pub(crate) const SERVERS: [Self; 2] = [Self::Tmux, Self::Ccc];
}

impl fmt::Display for Contender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Bare => "bare",
            Self::Tmux => "tmux",
            Self::Ccc => "ccc",
        })
    }
}

#[derive(Debug)]
pub(crate) struct Stage {
    contender: Contender,
    pub(crate) sandbox: Sandbox,
}

impl Stage {
    pub(crate) fn set(contender: Contender, ccc: &Path) -> Result<Self> {
        let sandbox = Sandbox::new(ccc)?;
        let budgets = format!("pane_budget = {BUDGET}\nserver_budget = {BUDGET}");
        sandbox.configure(&format!("[recording]\n{budgets}\n"))?;
        Ok(Self { contender, sandbox })
    }

    /// Starts a program in a session of its own that nobody looks at.
    pub(crate) fn background(&self, session: &str, words: &[&str]) -> Result<()> {
        match self.contender {
            Contender::Bare => Outer::start(&self.bare(words))?.read_on(),
            Contender::Tmux => {
                let (cols, rows) = (SIZE.cols.to_string(), SIZE.rows.to_string());
                let new = ["new-session", "-d", "-x", &cols, "-y", &rows, "-s", session];
                self.done(&self.tmux(&[&new, words].concat()))?;
            }
            Contender::Ccc => {
                let size = format!("{}x{}", SIZE.cols, SIZE.rows - 1);
                let new = ["new", "-d", "-n", session, "--size", &size, "--"];
                self.sandbox.ok(&[&new, words].concat())?;
            }
        }
        Ok(())
    }

    /// Starts a program beside that of a session, where it is seen.
    pub(crate) fn beside(&self, session: &str, words: &[&str]) -> Result<()> {
        match self.contender {
            Contender::Bare => self.background(session, words),
            Contender::Tmux => {
                let split = ["split-window", "-h", "-d", "-t", session];
                self.done(&self.tmux(&[&split, words].concat()))
            }
            Contender::Ccc => {
                let split = ["split", session, "--right", "--detached", "--"];
                self.sandbox.ok(&[&split, words].concat())?;
                Ok(())
            }
        }
    }

    /// Looks at a session.
    pub(crate) fn attach(&self, session: &str) -> Result<Outer> {
        Outer::start(&self.attaching(session))
    }

    /// Looks at a session with an emulator, where a whole screen is what is waited for.
    pub(crate) fn watch(&self, session: &str) -> Result<Terminal> {
        Ok(Terminal::start(&self.attaching(session), SIZE)?)
    }

    fn attaching(&self, session: &str) -> Program {
        match self.contender {
            Contender::Tmux => self.tmux(&["attach-session", "-t", session]),
            _ => self.sandbox.ccc(&["attach", session]),
        }
    }

    /// Starts a program and looks at it.
    pub(crate) fn open(&self, session: &str, words: &[&str]) -> Result<Outer> {
        if self.contender == Contender::Bare {
            return Outer::start(&self.bare(words));
        }
        self.background(session, words)?;
        self.attach(session)
    }

    /// The processes that serve, all together.
    pub(crate) fn servers(&self) -> Result<Vec<u32>> {
        match self.contender {
            Contender::Bare => Ok(Vec::new()),
            Contender::Tmux => {
                let ask = self.tmux(&["display-message", "-p", "#{pid}"]);
                let told = self.sandbox.run_program(&ask, b"")?.stdout;
                Ok(vec![told.trim().parse().with_context(|| format!("tmux's process: {told}"))?])
            }
            Contender::Ccc => {
                let custody = self.sandbox.full_custody(Duration::from_secs(60))?;
                Ok(vec![custody.server.pid, custody.keeper.pid, custody.spare.pid])
            }
        }
    }

    fn bare(&self, words: &[&str]) -> Program {
        self.sandbox.program(words[0]).args(&words[1..])
    }

    /// A tmux with nobody's settings, and with its socket in the sandbox.
    fn tmux(&self, words: &[&str]) -> Program {
        let program = self.sandbox.program("tmux").env("TMUX_TMPDIR", self.sandbox.home());
        program.args(["-L", "bench", "-f", "/dev/null"]).args(words)
    }

    fn done(&self, program: &Program) -> Result<()> {
        let output = self.sandbox.run_program(program, b"")?;
        ensure!(output.code == Some(0), "{program:?}: {}", output.stderr);
        Ok(())
    }
}
