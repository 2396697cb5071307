//! The panes that were ever seen, by ULID, which sorts them by time. Owns their form in the database.

use bincode::config;
use bincode::{Decode, Encode};

use crate::{Index, IndexError};

const TREE: &str = "panes";
/// The longest entry that is read, in bytes.
const LONGEST: usize = 64 * 1024;

/// One pane, alive or long gone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct PaneSeen {
    /// Name of its folder.
    pub ulid: String,
    /// Name of its session when it was last seen.
    pub session: String,
    /// Its command line, as text.
    pub command: String,
    pub cwd: String,
    /// Milliseconds since 1970.
    pub created_unix_ms: u64,
    /// 0 while it runs.
    pub ended_unix_ms: u64,
}

impl Index {
    /// Remembers a pane, in the place of what was known of it.
    ///
    /// # Errors
    /// The database failed.
    pub fn put_pane(&self, pane: &PaneSeen) -> Result<(), IndexError> {
        let bytes = bincode::encode_to_vec(pane, config::standard())
            .expect("numbers and text in memory always encode");
        self.db.open_tree(TREE)?.insert(pane.ulid.as_bytes(), bytes)?;
        Ok(())
    }

    /// Forgets a pane.
    ///
    /// # Errors
    /// The database failed.
    pub fn forget_pane(&self, ulid: &str) -> Result<(), IndexError> {
        self.db.open_tree(TREE)?.remove(ulid.as_bytes())?;
        Ok(())
    }

    /// All panes, newest first. An entry that does not read is passed over: it is only a copy.
    ///
    /// # Errors
    /// The database failed.
    pub fn panes(&self) -> Result<Vec<PaneSeen>, IndexError> {
        let config = config::standard().with_limit::<LONGEST>();
        let mut panes = Vec::new();
        for entry in self.db.open_tree(TREE)?.iter().rev() {
            let (_, bytes) = entry?;
            if let Ok((pane, _)) = bincode::decode_from_slice(&bytes, config) {
                panes.push(pane);
            }
        }
        Ok(panes)
    }
}
