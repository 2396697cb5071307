//! Work that waits for the disk, for tasks that may not wait themselves. Owns where it runs.

use crate::fault::Fault;

/// Runs it on a thread that may wait, and waits for it. It is done to its end also when nobody waits any more.
///
/// # Errors
/// Its own, or it panicked.
pub(crate) async fn blocking<T, E>(
    work: impl FnOnce() -> Result<T, E> + Send + 'static,
) -> Result<T, Fault>
where
    T: Send + 'static,
    E: Send + 'static,
    Fault: From<E>,
{
    let done = tokio::task::spawn_blocking(work).await;
    Ok(done.map_err(|error| Fault::internal(error.to_string()))??)
}
