//! Bulk over a long way, and a key beside it, in virtual time.

use std::time::Duration;

use ccc_proto::{Chunk, CopyTaken, Forward, Message};
use tokio::time::Instant;

use super::road::Road;
use crate::bulk::BULK_BYTES;
use crate::memory::Wire;
use crate::{Connection, Pace};

const DELAY: Duration = Duration::from_millis(50);
const TIME: Duration = Duration::from_secs(5);

/// Sends as much as may be under way, for so long; bytes that have arrived.
async fn bulk(connection: &Connection) -> u64 {
    let (mut tx, mut rx) = connection.open_bi().await.expect("the connection is open");
    tx.set_priority(-2);
    let (mut pace, mut part) = (Pace::default(), tx.bulk_part());
    let (mut marks, mut sent, mut taken) = (Vec::new(), 0, 0);
    let until = Instant::now() + TIME;
    while Instant::now() < until {
        part.settle(&mut pace);
        let room = pace.room();
        if room > 0 {
            let chunk = Chunk { offset: sent, bytes: vec![7; room] };
            sent += room as u64;
            marks.push((sent, pace.sent(room, Instant::now().into_std())));
            tx.send(&chunk.into()).await.expect("it is read");
            continue;
        }
        let Ok(Some(Message::CopyTaken(told))) = rx.recv().await else { panic!("no answer") };
        let newest = marks.iter().rposition(|(end, _)| *end <= told.offset);
        let mark = newest.map(|at| marks.drain(..=at).next_back().expect("it is there").1);
        pace.arrived(told.offset - taken, mark, Instant::now().into_std());
        taken = told.offset;
    }
    taken
}

/// Takes what comes, and tells how much it was.
async fn take(connection: Connection) {
    let (mut tx, mut rx) = connection.accept_bi().await.expect("one is opened");
    while let Ok(Some(Message::Chunk(chunk))) = rx.recv().await {
        let offset = chunk.offset + chunk.bytes.len() as u64;
        if tx.send(&CopyTaken { offset }.into()).await.is_err() {
            return;
        }
    }
}

/// The longest that something small took to the other end, behind the first second, in which neither knows the
/// path.
pub(crate) async fn keys(from: &Connection, to: &Connection) -> Duration {
    let key = Message::from(Forward { port: 1, ..Forward::default() });
    let mut longest = Duration::ZERO;
    let begun = Instant::now();
    while begun.elapsed() < TIME {
        let typed = Instant::now();
        let mut tx = from.open_uni().await.expect("the connection is open");
        tx.send(&key).await.expect("there is room");
        tx.finish().await.expect("the stream is open");
        let mut rx = to.accept_uni().await.expect("one was opened");
        assert_eq!(rx.recv().await, Ok(Some(key.clone())));
        if typed - begun > Duration::from_secs(1) {
            longest = longest.max(typed.elapsed());
        }
    }
    longest
}

#[tokio::test(start_paused = true)]
async fn bulk_fills_a_long_way_and_keys_do_not_wait_for_it() {
    let wire = Wire::new(DELAY);
    let road = Road::over(&wire, 2).await;
    let (ours, theirs) = (&road.client, &road.server);
    let taking = tokio::spawn(take(theirs.clone()));
    let (bytes, longest) = tokio::join!(bulk(ours), keys(ours, theirs));
    taking.abort();
    println!("{bytes} bytes, a key took {longest:?}");
    let of_a_small_window = BULK_BYTES * TIME.as_millis() as u64 / (2 * DELAY).as_millis() as u64;
    assert!(
        bytes > 3 * of_a_small_window,
        "{bytes} bytes, {of_a_small_window} by the first window"
    );
    assert!(longest < DELAY + Duration::from_millis(30), "a key took {longest:?}");
}
