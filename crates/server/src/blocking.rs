//! Work that waits for the disk, for tasks that may not wait themselves. Owns where it runs.

use tokio::sync::oneshot;
use tokio::task::spawn_blocking;

use crate::fault::Fault;

/// Runs it on a thread that may wait, and waits for it. It is done to its end also when nobody waits any more.
///
/// # Errors
/// It panicked.
pub(crate) async fn aside<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Fault> {
    let (tell, mut told) = oneshot::channel();
    // One kind of task for all work, which takes its answer along.
    let work = move || {
        // Whoever asked may have left.
        let _unheard = tell.send(work());
    };
    run(Box::new(work)).await?;
    told.try_recv().map_err(|_untold| Fault::internal("work ended without an answer"))
}

/// As [`aside`], for work that may fail.
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
    Ok(aside(work).await??)
}

async fn run(work: Box<dyn FnOnce() + Send>) -> Result<(), Fault> {
    spawn_blocking(work).await.map_err(|error| Fault::internal(error.to_string()))
}
