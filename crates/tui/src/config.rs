//! The part of the configuration file that the full-screen client heeds. Owns its reading and the
//! words when something in it is wrong; where the file lies is the caller's affair.

use std::io;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::keymap::{Keymap, KeymapError, KeymapSettings, Preset, UserBinding};

/// What is wrong with the configuration file.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// It is there and cannot be read.
    #[error("{} cannot be read", path.display())]
    Unreadable { path: PathBuf, source: io::Error },
    /// It is no TOML, or a key has the wrong type.
    #[error("{}: {error}", path.display())]
    Malformed { path: PathBuf, error: Box<toml::de::Error> },
    /// Its keys make no sense.
    #[error("{}: {source}", path.display())]
    Keys { path: PathBuf, source: KeymapError },
}

/// The file as it is written.
#[derive(Debug, Default, Deserialize)]
struct File {
    prefix: Option<String>,
    keys: Option<String>,
    /// Mode, then keys, then the name of an action or `none`.
    #[serde(default)]
    bind: std::collections::BTreeMap<String, std::collections::BTreeMap<String, String>>,
}

/// Reads the keymap. A file that is not there means the defaults.
///
/// # Errors
/// The file is there and makes no sense.
pub(crate) fn keymap(path: &Path) -> Result<Keymap, ConfigError> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(source) => return Err(ConfigError::Unreadable { path: path.into(), source }),
    };
    let file: File = toml::from_str(&text)
        .map_err(|error| ConfigError::Malformed { path: path.into(), error: Box::new(error) })?;
    keymap_of(&file).map_err(|source| ConfigError::Keys { path: path.into(), source })
}

fn keymap_of(file: &File) -> Result<Keymap, KeymapError> {
    let mut settings = KeymapSettings::default();
    if let Some(prefix) = &file.prefix {
        settings.prefix = KeymapSettings::parse_prefix(prefix)?;
    }
    if let Some(preset) = &file.keys {
        settings.preset = Preset::from_name(preset)?;
    }
    for (mode, bindings) in &file.bind {
        for (keys, action) in bindings {
            settings.bindings.push(UserBinding::parse(mode, keys, action)?);
        }
    }
    Keymap::new(&settings)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keymap::Action;

    fn read(text: &str) -> Result<Keymap, KeymapError> {
        keymap_of(&toml::from_str(text).unwrap())
    }

    #[test]
    fn one_setting_changes_the_prefix() {
        let keymap = read("prefix = \"C-a\"").unwrap();
        assert_eq!(keymap.prefix().to_string(), "C-a");
        assert!(keymap.keys_of(Action::Detach).contains(&"C-a d".to_owned()));
    }

    #[test]
    fn bindings_stand_above_the_defaults() {
        let keymap = read("keys = \"vim\"\n[bind.prefix]\nh = \"split-right\"").unwrap();
        assert!(keymap.keys_of(Action::SplitRight).contains(&"C-b h".to_owned()));
        assert!(keymap.keys_of(Action::FocusRight).contains(&"C-b l".to_owned()));
    }

    #[test]
    fn a_misspelt_action_names_the_nearest() {
        let error = read("[bind.prefix]\nh = \"split-rigth\"").unwrap_err().to_string();
        assert!(error.contains("split-right"), "{error}");
    }
}
