//! A program to be run, with its arguments and its whole environment: nothing of the test's own reaches it.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use portable_pty::CommandBuilder;

/// What is run in a terminal: a program, its arguments, and its whole environment.
#[derive(Clone, Debug)]
pub struct Program {
    words: Vec<OsString>,
    environment: Vec<(OsString, OsString)>,
    directory: PathBuf,
}

impl Program {
    /// A program with an empty environment, in the root directory.
    pub fn new(program: impl AsRef<OsStr>) -> Self {
        let words = vec![program.as_ref().to_owned()];
        Self { words, environment: Vec::new(), directory: "/".into() }
    }

    #[must_use]
    pub fn args<A: AsRef<OsStr>>(mut self, args: impl IntoIterator<Item = A>) -> Self {
        self.words.extend(args.into_iter().map(|arg| arg.as_ref().to_owned()));
        self
    }

    #[must_use]
    pub fn env(mut self, name: impl AsRef<OsStr>, value: impl AsRef<OsStr>) -> Self {
        self.environment.retain(|(known, _)| known != name.as_ref());
        self.environment.push((name.as_ref().to_owned(), value.as_ref().to_owned()));
        self
    }

    #[must_use]
    pub fn directory(mut self, directory: &Path) -> Self {
        directory.clone_into(&mut self.directory);
        self
    }

    /// The same, started by other words in front of it.
    pub(crate) fn led_by(mut self, words: impl IntoIterator<Item = String>) -> Self {
        self.words.splice(0..0, words.into_iter().map(OsString::from));
        self
    }

    /// The same without a terminal.
    pub fn command(&self) -> std::process::Command {
        let mut command = std::process::Command::new(&self.words[0]);
        command.args(&self.words[1..]).env_clear().envs(self.environment.iter().cloned());
        command.current_dir(&self.directory);
        command
    }

    pub(crate) fn builder(&self) -> CommandBuilder {
        let mut builder = CommandBuilder::from_argv(self.words.clone());
        builder.env_clear();
        self.environment.iter().for_each(|(name, value)| builder.env(name, value));
        builder.cwd(&self.directory);
        builder
    }
}
