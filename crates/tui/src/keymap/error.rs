//! What can be wrong with a user's keys. Each error names what was written and, where there is one,
//! the nearest name.

use ccc_vt::input::KeyError;
use thiserror::Error;

use super::KeyMode;

/// Why bindings could not be taken.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum KeymapError {
    #[error("cannot read the keys `{written}`")]
    BadKeys { written: String, source: KeyError },
    #[error("`{written}` is not one key")]
    NotOneKey { written: String },
    #[error("no keys for `{action}`")]
    NoKeys { action: String },
    #[error("no action is called `{name}`{}", hint(*nearest))]
    UnknownAction { name: String, nearest: Option<&'static str> },
    #[error("no mode is called `{name}`{}", hint(*nearest))]
    UnknownMode { name: String, nearest: Option<&'static str> },
    #[error("no set of keys is called `{name}`{}", hint(*nearest))]
    UnknownPreset { name: String, nearest: Option<&'static str> },
    #[error("`{first}` and `{second}` cannot both be bound in {} mode", mode.name())]
    Conflict { mode: KeyMode, first: String, second: String },
    #[error("`{keys}` in {} mode begins with the prefix; bind it in prefix mode", mode.name())]
    TakesPrefix { mode: KeyMode, keys: String },
}

fn hint(nearest: Option<&str>) -> String {
    nearest.map(|name| format!(", the nearest is `{name}`")).unwrap_or_default()
}
