//! The configuration file as the full-screen client heeds it. Owns the settings with their defaults;
//! how a file is read, and what is wrong with one, stands in `config/read`. Where it lies is the
//! caller's affair.

mod read;
#[cfg(test)]
mod tests;
pub(crate) mod watch;

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

pub use self::read::{Problem, check};
use ccc_client::redact::Redactor;

use crate::keymap::Keymap;
use crate::predict::Prediction;
use crate::theme::Theme;
use crate::words::{Language, Words};

/// How long a prefix is open before its keys are shown, unless set otherwise: hands that know the
/// keys never see them.
const HINT_DELAY: Duration = Duration::from_millis(600);

/// What is wrong with the configuration file.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// It is there and cannot be read.
    #[error("{} cannot be read", path.display())]
    Unreadable { path: PathBuf, source: io::Error },
    /// It is no TOML, or says something that makes no sense.
    #[error("{}", listed(path, problems))]
    Wrong { path: PathBuf, problems: Vec<Problem> },
}

fn listed(path: &Path, problems: &[Problem]) -> String {
    let lines = problems.iter().map(|problem| format!("{}: {problem}", path.display()));
    lines.collect::<Vec<_>>().join("\n")
}

/// What becomes of a file of this machine whose path is pasted into a pane of another one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum PasteFiles {
    /// The person is asked.
    #[default]
    Ask,
    /// It is put there, and its path there is typed.
    Always,
    /// The path is a text like any other.
    Never,
}

impl PasteFiles {
    pub(crate) const NAMES: [&str; 3] = ["ask", "always", "never"];

    pub(crate) fn from_name(name: &str) -> Option<Self> {
        match name {
            "ask" => Some(Self::Ask),
            "always" => Some(Self::Always),
            "never" => Some(Self::Never),
            _ => None,
        }
    }
}

/// Everything that a user can set here.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) keymap: Keymap,
    /// The name of a theme; none lets the terminal's background decide.
    pub(crate) theme: Option<String>,
    /// Roles with another style than the theme's.
    pub(crate) colors: Vec<(String, String)>,
    /// None lets the environment decide.
    pub(crate) language: Option<Language>,
    /// Whether the mouse is heard.
    pub(crate) mouse: bool,
    /// Whether copies go to the outer terminal's clipboard.
    pub(crate) clipboard: bool,
    pub(crate) bar: bool,
    /// What becomes of files that are pasted.
    pub(crate) paste_files: PasteFiles,
    /// Whether keys are shown before programs echo them.
    pub(crate) prediction: Prediction,
    /// The command that opens a link; empty for none.
    pub(crate) opener: Vec<String>,
    /// The command that opens a file; empty lets the environment decide.
    pub(crate) editor: Vec<String>,
    pub(crate) hint_delay: Duration,
    /// How secrets are known in what is found.
    pub(crate) redactor: Redactor,
    /// Copies have none either.
    pub(crate) redact_copies: bool,
    /// The first thing that is wrong with the rules by which secrets are known.
    pub(crate) redact_wrong: Option<Problem>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            keymap: Keymap::default(),
            theme: None,
            colors: Vec::new(),
            language: None,
            mouse: true,
            clipboard: true,
            bar: true,
            paste_files: PasteFiles::default(),
            prediction: Prediction::default(),
            opener: Vec::new(),
            editor: Vec::new(),
            hint_delay: HINT_DELAY,
            redactor: Redactor::default(),
            redact_copies: false,
            redact_wrong: None,
        }
    }
}

/// How secrets are known, by a configuration file; one that is not there means the well-known forms.
///
/// # Errors
/// The file cannot be read, is no TOML, or a rule makes no sense. Whatever else is wrong with it is passed over.
pub fn redactor(path: &Path) -> Result<Redactor, ConfigError> {
    let text = text_of(path)?;
    let (settings, problems) = read::read(&text);
    let broken = toml::de::DeTable::parse(&text).is_err().then(|| problems.first().cloned());
    match settings.redact_wrong.or_else(|| broken.flatten()) {
        None => Ok(settings.redactor),
        Some(problem) => Err(ConfigError::Wrong { path: path.into(), problems: vec![problem] }),
    }
}

/// The language in which people are spoken to: a configuration file's, else the environment's. Nothing that is
/// wrong with the file is in the way of it.
#[must_use]
pub fn language(path: &Path) -> Language {
    let set = text_of(path).ok().and_then(|text| read::read(&text).0.language);
    set.unwrap_or_else(Language::of_environment)
}

fn text_of(path: &Path) -> Result<String, ConfigError> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(text),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(String::new()),
        Err(source) => Err(ConfigError::Unreadable { path: path.into(), source }),
    }
}

impl Settings {
    /// Reads the file. One that is not there means the defaults.
    ///
    /// # Errors
    /// The file is there and makes no sense.
    pub(crate) fn read(path: &Path) -> Result<Self, ConfigError> {
        let (settings, problems) = read::read(&text_of(path)?);
        if problems.is_empty() {
            Ok(settings)
        } else {
            Err(ConfigError::Wrong { path: path.into(), problems })
        }
    }

    /// The theme on a background.
    pub(crate) fn theme_on(&self, dark: Option<bool>, no_color: bool) -> Theme {
        let named = self.theme.as_deref().and_then(|name| Theme::named(name).ok());
        let mut theme = named.unwrap_or_else(|| Theme::for_background(dark));
        for (role, style) in &self.colors {
            // Whoever read the file has refused what is none.
            let _known = theme.set(role, style);
        }
        if no_color { theme.without_color() } else { theme }
    }

    /// The command that opens a file: as set, else by the environment.
    pub(crate) fn editor_words(&self) -> Vec<String> {
        if !self.editor.is_empty() {
            return self.editor.clone();
        }
        let set = |name| std::env::var(name).ok().filter(|value| !value.trim().is_empty());
        let editor = set("VISUAL").or_else(|| set("EDITOR")).unwrap_or_else(|| "vi".into());
        editor.split_whitespace().map(str::to_owned).collect()
    }

    pub(crate) fn words(&self) -> &'static Words {
        self.language.unwrap_or_else(Language::of_environment).words()
    }
}
