//! Keys as people write them, both ways.
use super::KeyEvent;

/// Why a written key could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// No key has this name.
    #[error("unknown key `{token}`{}", nearest.map(|name| format!(", did you mean `{name}`?")).unwrap_or_default())]
    Unknown { token: String, nearest: Option<&'static str> },
}

/// Reads keys.
pub fn parse_keys(_text: &str) -> Result<Vec<KeyEvent>, KeyError> {
    Ok(Vec::new())
}

/// Writes keys.
pub fn display_keys(_keys: &[KeyEvent]) -> String {
    String::new()
}
