//! Bulk over a long way, and a key beside it, in virtual time.

use std::time::Duration;

use ccc_proto::{Chunk, CopyTaken, Forward, Message};
use tokio::time::{Instant, sleep, sleep_until};

use super::road::Road;
use crate::Connection;
use crate::bulk::BULK_BYTES;
use crate::memory::Wire;
use crate::pace::Pace;

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

/// The longest that something small took to the other end, of many that were sent this far apart: so that some
/// fall into every moment of a round trip.
pub(crate) async fn keys(from: &Connection, to: &Connection) -> Duration {
    const APART: Duration = Duration::from_millis(7);
    let count = u16::try_from(TIME.as_millis() / APART.as_millis()).expect("few");
    let begun = Instant::now();
    let typed = |number: u16| begun + APART * u32::from(number);
    let typing = async {
        for number in 0..count {
            sleep_until(typed(number)).await;
            let mut tx = from.open_uni().await.expect("the connection is open");
            let key = Forward { port: number, ..Forward::default() };
            tx.send(&key.into()).await.expect("there is room");
            tx.finish().await.expect("the stream is open");
        }
    };
    let hearing = async {
        let mut longest = Duration::ZERO;
        for _ in 0..count {
            let mut rx = to.accept_uni().await.expect("one was opened");
            let Ok(Some(Message::Forward(key))) = rx.recv().await else { panic!("no key") };
            let took = typed(key.port).elapsed();
            longest = longest.max(took);
        }
        longest
    };
    tokio::join!(typing, hearing).1
}

#[tokio::test(start_paused = true)]
async fn bulk_fills_a_long_way_and_keys_do_not_wait_for_it() {
    let wire = Wire::new(DELAY);
    let road = Road::over(&wire, 2).await;
    let (ours, theirs) = (&road.client, &road.server);
    let taking = tokio::spawn(take(theirs.clone()));
    // By then the client knows that it was let in.
    sleep(DELAY).await;
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
