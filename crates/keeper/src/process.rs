//! The keeper process.
use crate::error::KeeperError;
use std::path::PathBuf;

/// How a keeper is started.
#[derive(Clone, Debug)]
pub struct KeeperArgs {
    /// The server's state directory.
    pub state_dir: PathBuf,
    /// Hold descriptors and wait for the keeper's death, instead of being the keeper.
    pub spare: bool,
}

/// Runs the keeper, or its spare, until it is told to end.
pub fn run(args: KeeperArgs) -> Result<(), KeeperError> {
    let _ = args;
    Ok(())
}
