//! The machines that this one was paired with: names, addresses, and the key that must answer. Owns the
//! file `client/hosts.toml` and its rules. There is no other way for a key to get in here than pairing.

use std::fs::{File, OpenOptions};
use std::io::Read as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::PathBuf;

use ccc_journal::{atomic_write, dir};
use ccc_net::KeyId;
use serde::{Deserialize, Serialize};

use crate::invite_link::{ADDRESSES, checked_address};
use crate::{ClientError, Home};

/// A file that is larger is none of ours.
const LONGEST: u64 = 1024 * 1024;
/// The longest name, in bytes.
const NAME: usize = 64;

/// A machine whose server this one knows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Host {
    /// What stands before the `/` of a target.
    pub name: String,
    /// `host:port`, the best first.
    #[serde(default)]
    pub addresses: Vec<String>,
    /// A command whose standard input and output lead to the server, in place of the addresses.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub via: Option<String>,
    /// The id of the key that must answer.
    #[serde(with = "as_text")]
    pub server: KeyId,
    /// Since when, milliseconds since 1970.
    #[serde(default)]
    pub paired_unix_ms: u64,
}

/// All of them, in the order in which they came.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hosts {
    #[serde(default, rename = "host")]
    all: Vec<Host>,
}

/// Why the hosts are not as wished.
#[derive(Debug, thiserror::Error)]
pub enum HostError {
    #[error("no host is called {name:?}{}", but(.nearest.as_deref()))]
    Unknown { name: String, nearest: Option<String> },
    #[error("a host is called {0:?} already")]
    Taken(String),
    #[error(
        "{0:?} is no name for a host: letters, digits, '.', '-' and '_', beginning with a letter or digit"
    )]
    Name(String),
    #[error(transparent)]
    Address(#[from] crate::LinkError),
}

fn but(nearest: Option<&str>) -> String {
    nearest.map_or_else(String::new, |name| format!("; the nearest is {name:?}"))
}

impl Hosts {
    /// Reads the file of this home; none is an empty one.
    ///
    /// # Errors
    /// The file is not safely this user's, or makes no sense.
    pub fn read(home: &Home) -> Result<Self, ClientError> {
        let path = home.hosts_file();
        if path.symlink_metadata().is_err() {
            return Ok(Self::default());
        }
        let mut text = String::new();
        let file = dir::open_private_file(&path)?;
        file.take(LONGEST)
            .read_to_string(&mut text)
            .map_err(|source| ClientError::File { path: path.clone(), source })?;
        toml::from_str(&text)
            .map_err(|error| ClientError::HostsFile { path, why: error.message().to_owned() })
    }

    /// Changes the file; two that do so at once wait for each other.
    ///
    /// # Errors
    /// It cannot be read or written, or the change is refused; then nothing was changed.
    pub fn change<T>(
        home: &Home,
        change: impl FnOnce(&mut Self) -> Result<T, HostError>,
    ) -> Result<T, ClientError> {
        let path = home.hosts_file();
        let fault = |path: PathBuf| move |source| ClientError::File { path, source };
        let folder = path.parent().map(PathBuf::from).unwrap_or_default();
        dir::create_private(home.state())?;
        dir::create_private(&folder)?;
        let lock = path.with_extension("lock");
        let _lock: File = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .mode(0o600)
            .open(&lock)
            .and_then(|file| file.lock().map(|()| file))
            .map_err(fault(lock.clone()))?;
        let mut hosts = Self::read(home)?;
        let told = change(&mut hosts).map_err(ClientError::Host)?;
        let text = toml::to_string(&hosts).map_err(|error| {
            let why = error.to_string();
            ClientError::HostsFile { path: path.clone(), why }
        })?;
        atomic_write(&path, text.as_bytes(), 0o600)?;
        Ok(told)
    }

    /// All of them.
    pub fn all(&self) -> &[Host] {
        &self.all
    }

    /// The host of this name, whose addresses and key were checked.
    ///
    /// # Errors
    /// There is none.
    pub fn find(&self, name: &str) -> Result<&Host, HostError> {
        let found = self.all.iter().find(|host| host.name == name);
        found.ok_or_else(|| HostError::Unknown {
            name: name.chars().take(NAME).collect(),
            nearest: self.nearest(name),
        })
    }

    /// The name that is most like this one, if any is.
    pub fn nearest(&self, name: &str) -> Option<String> {
        let cap = name.chars().count().div_ceil(2);
        let distances =
            self.all.iter().map(|host| (strsim::levenshtein(name, &host.name), &host.name));
        distances.filter(|(edits, _)| *edits <= cap).min().map(|(_, name)| name.clone())
    }

    /// Puts a host in. One of the same key is replaced, whatever its name was.
    ///
    /// # Errors
    /// The name is taken or none, or an address has another form.
    pub fn put(&mut self, host: Host) -> Result<(), HostError> {
        check_name(&host.name)?;
        host.addresses.iter().try_for_each(|text| checked_address(text).map(drop))?;
        let nowhere = host.addresses.is_empty() && host.via.is_none();
        if nowhere || host.addresses.len() > ADDRESSES {
            return Err(crate::LinkError::Addresses.into());
        }
        let other = |known: &Host| known.server != host.server && known.name == host.name;
        if self.all.iter().any(other) {
            return Err(HostError::Taken(host.name));
        }
        self.all.retain(|known| known.server != host.server);
        self.all.push(host);
        Ok(())
    }

    /// A server has another key, for which the one that is known vouched.
    ///
    /// # Errors
    /// None; a server that is not known any more is left so.
    pub(crate) fn renew(&mut self, old: KeyId, new: KeyId) -> Result<(), HostError> {
        self.all.iter_mut().filter(|host| host.server == old).for_each(|host| host.server = new);
        Ok(())
    }

    /// Gives a host another name.
    ///
    /// # Errors
    /// There is none, or the name is taken or none.
    pub fn rename(&mut self, name: &str, to: &str) -> Result<(), HostError> {
        check_name(to)?;
        self.find(name)?;
        if self.all.iter().any(|host| host.name == to) {
            return Err(HostError::Taken(to.to_owned()));
        }
        if let Some(host) = self.all.iter_mut().find(|host| host.name == name) {
            to.clone_into(&mut host.name);
        }
        Ok(())
    }

    /// Forgets a host.
    ///
    /// # Errors
    /// There is none.
    pub fn remove(&mut self, name: &str) -> Result<Host, HostError> {
        let host = self.find(name)?.clone();
        self.all.retain(|known| known.name != name);
        Ok(host)
    }

    /// A name like this one that no host has yet.
    pub fn free_name(&self, wanted: &str) -> String {
        let plain = |c: char| if is_plain(c) { c } else { '-' };
        let wanted: String = wanted.chars().map(plain).take(NAME - 8).collect();
        let wanted = wanted.trim_start_matches(['.', '-', '_']);
        // A machine calls itself by its first name here.
        let wanted = wanted.split('.').next().unwrap_or_default();
        let wanted = if wanted.is_empty() { "host" } else { wanted };
        let taken = |name: &str| self.all.iter().any(|host| host.name == name);
        if !taken(wanted) {
            return wanted.to_owned();
        }
        (2..).map(|n| format!("{wanted}-{n}")).find(|name| !taken(name)).unwrap_or_default()
    }
}

fn is_plain(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_')
}

fn check_name(name: &str) -> Result<(), HostError> {
    let first = name.chars().next().is_some_and(|c| c.is_ascii_alphanumeric());
    if first && name.len() <= NAME && name.chars().all(is_plain) {
        return Ok(());
    }
    Err(HostError::Name(name.chars().take(NAME).collect()))
}

/// Key ids as people compare them.
mod as_text {
    use ccc_net::KeyId;
    use serde::{Deserialize as _, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(id: &KeyId, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(id)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<KeyId, D::Error> {
        String::deserialize(from)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests;
