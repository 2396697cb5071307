//! What a command is about when it says nothing of it. Owns the rule that inside a pane the pane
//! stands for itself; the meaning of a target is the server's affair.

use std::env;
use std::path::Path;

use crate::context::Context;

/// The pane that this process runs in, when it is one of the server that is meant.
pub(crate) fn own_pane(context: &Context) -> Option<String> {
    let server = env::var_os("CCC_SERVER")?;
    let here = context.host.is_none() && Path::new(&server) == context.home.state();
    here.then(|| env::var("CCC_PANE").ok())?
}

/// The target named, else the pane one stands in, else empty: the last place used.
pub(crate) fn or_here(target: Option<&str>, context: &Context) -> String {
    target.map(str::to_owned).or_else(|| own_pane(context)).unwrap_or_default()
}

/// Splits words of which the first may be a target: with all `count` words there it is one, with
/// one word fewer the pane one stands in is meant.
pub(crate) fn split_words<'a>(
    words: &'a [String],
    count: usize,
    context: &Context,
) -> Result<(String, &'a [String]), String> {
    if words.len() == count {
        return Ok((words[0].clone(), &words[1..]));
    }
    match own_pane(context) {
        Some(pane) => Ok((pane, words)),
        None => Err("outside a pane the target must be named".into()),
    }
}
