//! Frames that are given up are not sent once more.

use std::future::pending;

use ccc_proto::PaneId;
use ccc_vt::Seq;

use super::super::flow::Flow;
use super::super::version::FrameSeq;
use super::*;

fn flight() -> Flight {
    Flow::default().sent(PaneId(1), FrameSeq::of(Seq(1)), 100, Instant::now())
}

#[tokio::test]
async fn a_frame_that_could_not_be_written_is_not_repeated() {
    let (flight, now) = (flight(), Instant::now());
    let mut sending = Sending::default();
    sending.repeats.insert(flight, Repeat::At(now, vec![0; 10]));
    let handle = sending.writing.spawn(async move { (flight, Err(SendError::Ended)) });
    sending.flights.insert(flight, Stage::Writing(handle));
    assert_eq!(sending.written().await, Some(flight));
    assert_eq!(sending.next_repeat(), None);
}

#[tokio::test]
async fn what_is_given_up_is_neither_written_nor_repeated() {
    let (flight, now) = (flight(), Instant::now());
    let mut sending = Sending::default();
    sending.repeats.insert(flight, Repeat::At(now, vec![0; 10]));
    let handle = sending.writing.spawn(pending());
    sending.flights.insert(flight, Stage::Writing(handle));
    sending.give_up(flight);
    assert_eq!(sending.next_repeat(), None);
    assert_eq!(sending.written().await, None);
    assert!(sending.writing.is_empty());
}

#[tokio::test]
async fn one_that_is_due_goes_once_more_and_no_further_time() {
    let (client, server) = ccc_net::memory::pair();
    let (flight, now) = (flight(), Instant::now());
    let mut sending = Sending::default();
    sending.repeats.insert(flight, Repeat::At(now + REPEAT_AFTER, vec![7; 10]));
    sending.repeat(&server, 0, now).await;
    assert_eq!(sending.next_repeat(), Some(now + REPEAT_AFTER));
    sending.repeat(&server, 0, now + REPEAT_AFTER).await;
    assert_eq!(sending.next_repeat(), None);
    assert!(client.accept_uni().await.is_ok());
    // One for which there is no room is not tried again.
    sending.repeats.insert(flight, Repeat::At(now, vec![7; 10]));
    client.close(ccc_net::CloseCode::OK, "");
    sending.repeat(&server, 0, now).await;
    assert!(sending.repeats.is_empty());
}
