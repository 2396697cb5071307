//! The way to the owner of the house: an errand is a function that it runs when its turn comes.

use tokio::sync::{mpsc, oneshot};
use tracing::warn;

use super::Book;
use crate::fault::Fault;

/// Errands that may wait. A pane has at most a few on the way, a connection one; more than this
/// means that the owner is stuck, and waiting is then what everybody should do.
const WAITING: usize = 1024;

pub(crate) type Errand = Box<dyn FnOnce(&mut Book) + Send>;

#[derive(Clone, Debug)]
pub(crate) struct BookHandle(mpsc::Sender<Errand>);

pub(crate) fn mailbox() -> (BookHandle, mpsc::Receiver<Errand>) {
    let (sender, receiver) = mpsc::channel(WAITING);
    (BookHandle(sender), receiver)
}

impl BookHandle {
    /// Runs an errand and gives its answer; an error when the server stops.
    pub(crate) async fn run<R: Send + 'static>(
        &self,
        errand: impl FnOnce(&mut Book) -> R + Send + 'static,
    ) -> Result<R, Fault> {
        let (answer, answered) = oneshot::channel();
        let errand: Errand = Box::new(move |book| {
            // Whoever asked may have left.
            let _ = answer.send(errand(book));
        });
        self.0.send(errand).await.map_err(|_gone| Fault::stopping())?;
        answered.await.map_err(|_gone| Fault::stopping())
    }

    /// Leaves an errand whose answer nobody needs and which may be lost: a name to show, a bell.
    pub(crate) fn tell(&self, errand: impl FnOnce(&mut Book) + Send + 'static) {
        if let Err(mpsc::error::TrySendError::Full(_)) = self.0.try_send(Box::new(errand)) {
            warn!("the house is too busy; a notice was dropped");
        }
    }
}
