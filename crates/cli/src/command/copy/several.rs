//! Small files of a tree, several at a time, so that a round trip is for all of them and not for each. Owns how
//! many; what becomes of each is its caller's.

use ccc_client::ClientError;
use tokio::task::JoinSet;

use super::{ATTEMPTED, Tally};
use crate::failure::Failure;

/// Below this a file goes beside others; one that is larger goes by itself, with a line that tells how far.
const SMALL: u64 = 1024 * 1024;
/// Files at a time: a quarter of the streams that a connection has. What they have on its way together is bounded
/// as for one.
const AT_ONCE: usize = 64;

/// Those that are under way. Dropping it ends them.
#[derive(Default)]
pub(super) struct Several(JoinSet<(String, Result<u64, ClientError>)>);

impl Several {
    /// Whether a file of this size goes beside others.
    pub(super) const fn takes(size: u64) -> bool {
        size < SMALL
    }

    /// Begins one more, as soon as there is a place for it.
    pub(super) async fn begin(
        &mut self,
        name: String,
        copy: impl Future<Output = Result<u64, ClientError>> + Send + 'static,
        tally: &mut Tally,
    ) -> Result<(), Failure> {
        while self.0.len() >= AT_ONCE {
            self.one(tally).await?;
        }
        self.0.spawn(async move { (name, copy.await) });
        Ok(())
    }

    /// Waits for all of them.
    pub(super) async fn all(&mut self, tally: &mut Tally) -> Result<(), Failure> {
        while !self.0.is_empty() {
            self.one(tally).await?;
        }
        tally.quiet();
        Ok(())
    }

    async fn one(&mut self, tally: &mut Tally) -> Result<(), Failure> {
        match self.0.join_next().await {
            Some(Ok((_name, Ok(bytes)))) => {
                tally.copied(bytes);
                tally.show();
                Ok(())
            }
            Some(Ok((name, Err(error)))) => tally.fail(&name, error),
            Some(Err(error)) => Err(Failure::other(ATTEMPTED, error.to_string())),
            None => Ok(()),
        }
    }
}
