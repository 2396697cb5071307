//! What a command is about when it says nothing of it. Owns the rule that inside a pane the pane
//! stands for itself; the meaning of a target is the server's affair.

use std::env;
use std::path::Path;

use ccc_client::Home;

/// The pane that this process runs in, when it is one of this home's server.
pub(crate) fn own_pane(home: &Home) -> Option<String> {
    let server = env::var_os("CCC_SERVER")?;
    (Path::new(&server) == home.state()).then(|| env::var("CCC_PANE").ok())?
}

/// The target named, else the pane one stands in, else empty: the last place used.
pub(crate) fn or_here(target: Option<&str>, home: &Home) -> String {
    target.map(str::to_owned).or_else(|| own_pane(home)).unwrap_or_default()
}

/// Splits words of which the first may be a target: with all `count` words there it is one, with
/// one word fewer the pane one stands in is meant.
pub(crate) fn split_words<'a>(
    words: &'a [String],
    count: usize,
    home: &Home,
) -> Result<(String, &'a [String]), String> {
    if words.len() == count {
        return Ok((words[0].clone(), &words[1..]));
    }
    match own_pane(home) {
        Some(pane) => Ok((pane, words)),
        None => Err("outside a pane the target must be named".into()),
    }
}
