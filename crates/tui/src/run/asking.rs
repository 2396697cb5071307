//! Questions to the server, each on a stream of its own. Owns the tasks that wait for answers; what an answer is
//! for is told with it.

use ccc_client::Requester;
use ccc_client::proto::{Message, SearchEnd};
use tokio::sync::mpsc;

use super::Loop;
use crate::app::{Answer, Purpose};

impl Loop {
    pub(super) fn request(&mut self, message: Message, purpose: Purpose) {
        let Some(requester) = self.attachment.requester() else {
            self.app.not_asked(&purpose);
            return;
        };
        let answers = self.answer_tx.clone();
        if let Purpose::Find(_) | Purpose::Older(_) = purpose {
            self.stop_finding();
            let finding = tokio::spawn(find(requester, message, purpose, answers));
            self.finding = Some(finding.abort_handle());
            return;
        }
        // The task ends with the connection, and its answer with this loop.
        drop(tokio::spawn(async move {
            let result = requester.request(message).await;
            let _unheard = answers.send(Answer { purpose, result }).await;
        }));
    }

    /// The server is told by the end of the stream that nobody listens.
    pub(super) fn stop_finding(&mut self) {
        if let Some(finding) = self.finding.take() {
            finding.abort();
        }
    }
}

/// Whether no more follow.
fn last(message: &Message) -> bool {
    match message {
        Message::SearchProgress(told) => told.done,
        Message::CommandsFound(found) => found.end != SearchEnd::NONE,
        _ => false,
    }
}

/// Passes on all answers to a search.
async fn find(
    requester: Requester,
    message: Message,
    purpose: Purpose,
    answers: mpsc::Sender<Answer>,
) {
    let mut replies = match requester.request_stream(message).await {
        Ok(replies) => replies,
        Err(error) => {
            let _unheard = answers.send(Answer { purpose, result: Err(error) }).await;
            return;
        }
    };
    loop {
        let (last, result) = match replies.next().await {
            Ok(None) => return,
            Ok(Some(message)) => (last(&message), Ok(message)),
            Err(error) => (true, Err(error)),
        };
        let heard = answers.send(Answer { purpose: purpose.clone(), result }).await.is_ok();
        if last || !heard {
            return;
        }
    }
}
