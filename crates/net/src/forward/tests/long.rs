//! One connection that is carried over a long way, in virtual time: how much, what beside it, and how much waits
//! for whoever takes nothing.

use std::future::pending;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use ccc_proto::limits;
use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until};

use super::super::{IDLE, Socket, lead};
use super::{Ending, stream};
use crate::memory::Wire;
use crate::tests::line::{self, Way};
use crate::tests::long::keys;
use crate::tests::road::Road;
use crate::{Connection, Share};

const DELAY: Duration = Duration::from_millis(50);
const TIME: Duration = Duration::from_secs(5);

/// A connection of no system: whoever is at its other end has so much to say, and takes so much.
#[derive(Debug)]
struct Made {
    says: AtomicU64,
    takes: AtomicU64,
    /// It has something to say again.
    more: Notify,
}

impl Made {
    fn new(says: u64, takes: u64) -> Arc<Self> {
        Arc::new(Self { says: says.into(), takes: takes.into(), more: Notify::new() })
    }

    fn part_of(left: &AtomicU64, most: usize) -> io::Result<usize> {
        let before = left.load(Ordering::Relaxed);
        let part = before.min(most as u64);
        left.store(before - part, Ordering::Relaxed);
        if part == 0 { Err(io::ErrorKind::WouldBlock.into()) } else { Ok(part as usize) }
    }
}

impl Socket for Arc<Made> {
    async fn readable(&self) -> io::Result<()> {
        while self.says.load(Ordering::Relaxed) == 0 {
            self.more.notified().await;
        }
        Ok(())
    }

    async fn writable(&self) -> io::Result<()> {
        if self.takes.load(Ordering::Relaxed) == 0 { pending().await } else { Ok(()) }
    }

    fn try_read(&self, buffer: &mut [u8]) -> io::Result<usize> {
        Made::part_of(&self.says, buffer.len())
    }

    fn try_write(&self, bytes: &[u8]) -> io::Result<usize> {
        Made::part_of(&self.takes, bytes.len())
    }

    fn shutdown(&self) -> io::Result<()> {
        Ok(())
    }
}

/// Carries what one at the client's end says, so much, to one at the server's that takes so much. Gives both.
async fn one(road: &Road, shares: &[Arc<Share>; 2], takes: u64, says: u64) -> [Arc<Made>; 2] {
    one_of(&road.client, &road.server, shares, takes, says).await
}

/// As [`one`], over these ends.
async fn one_of(
    client: &Connection,
    server: &Connection,
    shares: &[Arc<Share>; 2],
    takes: u64,
    says: u64,
) -> [Arc<Made>; 2] {
    begun([client, server], shares, takes, says).await.0
}

/// As [`one`], with both ends of what carries it.
async fn begun(
    [client, server]: [&Connection; 2],
    shares: &[Arc<Share>; 2],
    takes: u64,
    says: u64,
) -> ([Arc<Made>; 2], Vec<Ending>) {
    let (ours, theirs) = stream(client, server).await;
    let sockets = [Made::new(says, 0), Made::new(0, takes)];
    let of_each = sockets.iter().zip(shares).zip([ours, theirs]);
    let endings = of_each.map(|((socket, share), (mut tx, mut rx))| {
        let (socket, share) = (Arc::clone(socket), Arc::clone(share));
        tokio::spawn(async move { lead(&socket, &mut tx, &mut rx, &share).await })
    });
    let endings = endings.collect();
    (sockets, endings)
}

#[tokio::test(start_paused = true)]
async fn one_connection_fills_a_long_way_and_keys_do_not_wait_for_it() {
    let wire = Wire::new(DELAY);
    let road = Road::over(&wire, 3).await;
    let shares = [Share::new(), Share::new()];
    let [_near, far] = one(&road, &shares, u64::MAX, u64::MAX).await;
    let begun = Instant::now();
    let halfway = async {
        sleep_until(begun + TIME / 2).await;
        u64::MAX - far.takes.load(Ordering::Relaxed)
    };
    let (first, longest) = tokio::join!(halfway, keys(&road.client, &road.server));
    let bytes = u64::MAX - far.takes.load(Ordering::Relaxed);
    let a_second = |bytes: u64| bytes as f64 / (TIME / 2).as_secs_f64() / 1e6;
    let (first, then) = (a_second(first), a_second(bytes - first));
    println!("{first:.1} MB/s, then {then:.1}; a key took {longest:?}");
    assert!(then > 10.0, "{first:.1} MB/s, then {then:.1}");
    assert!(longest < DELAY + Duration::from_millis(30), "a key took {longest:?}");
}

#[tokio::test(start_paused = true)]
async fn one_connection_fills_a_long_way_over_tcp_and_keys_wait_for_no_more_than_the_target() {
    const RATE: u64 = 12_500_000;
    let (client, server) = line::over(Way { delay: DELAY, rate: RATE as f64 }).await;
    let shares = [Share::new(), Share::new()];
    let [_near, far] = one_of(&client, &server, &shares, u64::MAX, u64::MAX).await;
    let taken = || u64::MAX - far.takes.load(Ordering::Relaxed);
    let first = keys(&client, &server).await;
    let bytes = taken();
    let then = keys(&client, &server).await;
    let more = taken() - bytes;
    println!("{bytes} bytes, then {more}; a key took {first:?}, then {then:?}");
    assert!(more > RATE * TIME.as_secs() * 9 / 10, "{more} bytes");
    // While the system begins slowly, what it has taken goes out with the next answer.
    assert!(first < DELAY + 2 * DELAY, "a key took {first:?}");
    assert!(then < DELAY + Duration::from_millis(40), "a key took {then:?}");
}

/// Lets so many more bytes be said at the client's end, and waits until they are taken at the server's.
async fn say([near, far]: &[Arc<Made>; 2], shares: &[Arc<Share>; 2], bytes: u64) {
    near.says.store(bytes, Ordering::Relaxed);
    near.more.notify_one();
    while near.says.load(Ordering::Relaxed) > 0 || shares[0].out() > 0 {
        sleep_until(Instant::now() + DELAY).await;
    }
    assert!(far.takes.load(Ordering::Relaxed) > 0);
}

#[tokio::test(start_paused = true)]
async fn what_was_lent_to_one_that_does_nothing_is_there_for_others_and_it_grows_again() {
    const MUCH: u64 = 30_000_000;
    let wire = Wire::new(DELAY);
    let road = Road::over(&wire, 5).await;
    let shares = [Share::new(), Share::new()];
    let all = shares[1].spare();
    let first = one(&road, &shares, u64::MAX, MUCH).await;
    say(&first, &shares, MUCH).await;
    let lent = all - shares[1].spare();
    assert_eq!(lent, limits::FORWARD_WINDOW_MOST - limits::FORWARD_WINDOW);
    // Its other end has to hear it and to answer.
    sleep_until(Instant::now() + IDLE - DELAY).await;
    assert_eq!(all - shares[1].spare(), lent, "it may have paused for a moment");
    sleep_until(Instant::now() + 5 * DELAY).await;
    assert_eq!(shares[1].spare(), all);
    say(&first, &shares, MUCH).await;
    assert_eq!(all - shares[1].spare(), lent);
}

#[tokio::test(start_paused = true)]
async fn what_is_cut_off_gives_back_what_it_had() {
    const MUCH: u64 = 30_000_000;
    let wire = Wire::new(DELAY);
    let road = Road::over(&wire, 6).await;
    let shares = [Share::new(), Share::new()];
    let all = shares[1].spare();
    let (sockets, endings) = begun([&road.client, &road.server], &shares, u64::MAX, MUCH).await;
    say(&sockets, &shares, MUCH).await;
    assert!(shares[1].spare() < all, "something was lent");
    sockets[0].says.store(u64::MAX, Ordering::Relaxed);
    sockets[0].more.notify_one();
    sleep_until(Instant::now() + DELAY).await;
    assert!(shares[0].out() > 0, "something is on its way");
    for ending in endings {
        ending.abort();
        assert!(ending.await.is_err_and(|error| error.is_cancelled()));
    }
    assert_eq!((shares[0].out(), shares[1].spare()), (0, all));
}

#[tokio::test(start_paused = true)]
async fn who_takes_nothing_any_more_holds_no_more_than_its_window() {
    const WELL: u64 = 20_000_000;
    let wire = Wire::new(DELAY);
    let road = Road::over(&wire, 4).await;
    let shares = [Share::new(), Share::new()];
    // One never takes anything, others stop when they have the largest window that there is for them.
    let never = one(&road, &shares, 0, u64::MAX).await;
    let mut all = vec![(never, 0)];
    for _ in 0..8 {
        let next = one(&road, &shares, WELL, u64::MAX).await;
        // One after the other, so that each has as large a window as there is for it, and fills it.
        while next[1].takes.load(Ordering::Relaxed) > 0 {
            sleep_until(Instant::now() + TIME).await;
        }
        sleep_until(Instant::now() + TIME).await;
        all.push((next, WELL));
    }
    let waiting = |([near, _far], takes): &([Arc<Made>; 2], u64)| {
        (u64::MAX - near.says.load(Ordering::Relaxed) - takes) as usize
    };
    let held: Vec<usize> = all.iter().map(waiting).collect();
    println!("{held:?}");
    assert_eq!(held[0], limits::FORWARD_WINDOW);
    assert!(held.iter().all(|held| *held <= limits::FORWARD_WINDOW_MOST), "{held:?}");
    assert!(held.iter().any(|held| *held > 4 * limits::FORWARD_WINDOW), "{held:?}");
    let more: usize = held.iter().map(|held| held - limits::FORWARD_WINDOW).sum();
    assert!(more <= limits::FORWARD_SPARE, "{more}");
}
