//! Where this user's state and configuration lie. Owns the rule, not the files.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use ccc_net::KeyId;

use crate::ClientError;

/// The folders of one server and of the clients beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Home {
    state: PathBuf,
    config: PathBuf,
}

impl Home {
    /// Reads `CCC_HOME`, which puts everything under one folder, else the XDG variables, else the
    /// defaults under the home directory.
    ///
    /// # Errors
    /// No variable says where, and the user has no home directory.
    pub fn from_env() -> Result<Self, ClientError> {
        Self::from_variables(|name| env::var_os(name), env::home_dir())
    }

    /// Everything under one folder.
    pub fn under(folder: &Path) -> Self {
        Self { state: folder.join("state"), config: folder.join("config") }
    }

    /// The home whose state directory this is, as a pane's own server tells it.
    ///
    /// # Errors
    /// As [`Home::from_env`], for where the configuration lies.
    pub fn of_state(state: &Path) -> Result<Self, ClientError> {
        match state.parent() {
            Some(folder) if state.file_name() == Some("state".as_ref()) => Ok(Self::under(folder)),
            _ => Ok(Self { state: state.into(), config: Self::from_env()?.config }),
        }
    }

    fn from_variables(
        variable: impl Fn(&str) -> Option<OsString>,
        home: Option<PathBuf>,
    ) -> Result<Self, ClientError> {
        let set = |name: &str| variable(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        if let Some(folder) = set("CCC_HOME") {
            // A relative folder would mean another one to each process that reads it.
            let folder = std::path::absolute(&folder)
                .map_err(|source| ClientError::Folder { folder, source })?;
            return Ok(Self::under(&folder));
        }
        // The XDG rules say to ignore a relative path.
        let folder = |name: &str, fallback: &str| {
            set(name)
                .filter(|path| path.is_absolute())
                .or_else(|| home.as_ref().map(|home| home.join(fallback)))
                .map(|base| base.join("ccc"))
                .ok_or(ClientError::NoHome)
        };
        Ok(Self {
            state: folder("XDG_STATE_HOME", ".local/state")?,
            config: folder("XDG_CONFIG_HOME", ".config")?,
        })
    }

    /// What lasts: keys, journals, the server's run files.
    pub fn state(&self) -> &Path {
        &self.state
    }

    /// What the user writes.
    pub fn config(&self) -> &Path {
        &self.config
    }

    /// The configuration file.
    pub fn config_file(&self) -> PathBuf {
        self.config.join("config.toml")
    }

    /// The server's identity, and the keys it knows.
    pub fn identity(&self) -> PathBuf {
        self.state.join("identity")
    }

    /// Where the running server says how to reach it.
    pub fn server_file(&self) -> PathBuf {
        self.state.join("run").join("server.json")
    }

    /// The machines that this one was paired with.
    pub fn hosts_file(&self) -> PathBuf {
        self.state.join("client").join("hosts.toml")
    }

    /// What this machine saw last of a server's audit.
    pub fn witness(&self, server: &KeyId) -> PathBuf {
        self.state.join("client").join("seen").join(server.to_string())
    }

    /// This user's own key as a client.
    pub fn client_key(&self) -> PathBuf {
        self.state.join("client").join("key")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn home(variables: &[(&str, &str)], user: Option<&str>) -> Result<Home, ClientError> {
        Home::from_variables(
            |name| variables.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).into()),
            user.map(PathBuf::from),
        )
    }

    #[test]
    fn one_variable_puts_everything_under_one_folder() {
        let home = home(&[("CCC_HOME", "/x"), ("XDG_STATE_HOME", "/y")], None).unwrap();
        assert_eq!(home.state(), Path::new("/x/state"));
        assert_eq!(home.config_file(), Path::new("/x/config/config.toml"));
    }

    #[test]
    fn the_xdg_folders_come_before_the_defaults_and_relative_ones_do_not_count() {
        let home = home(&[("XDG_STATE_HOME", "/y"), ("XDG_CONFIG_HOME", "z")], Some("/u")).unwrap();
        assert_eq!(home.state(), Path::new("/y/ccc"));
        assert_eq!(home.config(), Path::new("/u/.config/ccc"));
    }

    #[test]
    fn without_any_home_it_says_so() {
        assert!(matches!(home(&[("CCC_HOME", "")], None), Err(ClientError::NoHome)));
    }
}
