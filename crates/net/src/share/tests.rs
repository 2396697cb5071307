//! Bytes that are out, that come back, and a limit that falls while they are.

use std::time::Duration;

use super::*;

#[tokio::test]
async fn what_is_not_kept_goes_back_and_the_rest_when_it_is_said() {
    let (share, now) = (Share::new(), Instant::now());
    let all = share.room.available_permits();
    let held = share.take(1000).await;
    assert_eq!((held.bytes(), share.room.available_permits()), (1000, all - 1000));
    held.keep(4, now);
    assert_eq!(share.room.available_permits(), all - 4);
    share.arrived(4, None, now);
    assert_eq!((share.room.available_permits(), share.out()), (all, 0));
}

#[tokio::test]
async fn a_lower_limit_holds_back_what_comes_back_and_whoever_waits_gets_a_part() {
    let (share, mut now) = (Share::new(), Instant::now());
    let piece = share.take(16 * 1024).await.bytes();
    assert!(piece < 16 * 1024, "no more than is to be sent at a time");
    // It grows while it is what holds others back.
    let (least, longer) = (Duration::from_millis(100), Duration::from_millis(500));
    for _ in 0..10 {
        let mut all = Vec::new();
        while share.room.available_permits() >= 4096 {
            let held = share.take(16 * 1024).await;
            let bytes = held.bytes();
            all.push((bytes, held.keep(bytes, now)));
        }
        now += least;
        for (bytes, mark) in all {
            share.arrived(bytes, Some(mark), now);
        }
    }
    let most = share.lock().limit;
    assert!(most > 64 * 1024, "{most}");
    // Then a queue is long.
    let mut left = Vec::new();
    while share.room.available_permits() >= 4096 {
        let held = share.take(16 * 1024).await;
        let bytes = held.bytes();
        left.push((bytes, held.keep(bytes, now)));
    }
    let (bytes, mark) = left.remove(0);
    now += longer;
    share.arrived(bytes, Some(mark), now);
    let limit = share.lock().limit;
    assert!(limit < most * 3 / 4, "{limit} of {most}");
    let waits = share.take(16 * 1024);
    tokio::pin!(waits);
    for (bytes, _) in left {
        if share.out() + 4096 <= limit {
            break;
        }
        assert!(is_pending(waits.as_mut()).await, "what comes back pays the debt first");
        share.arrived(bytes, None, now);
    }
    assert!(waits.await.bytes() > 0);
}

/// Whether a future waits.
async fn is_pending<F: Future>(mut future: std::pin::Pin<&mut F>) -> bool {
    std::future::poll_fn(|ctx| {
        let pending = future.as_mut().poll(ctx).is_pending();
        std::task::Poll::Ready(pending)
    })
    .await
}

#[test]
fn of_what_is_lent_something_is_left_for_whoever_comes() {
    let (share, most) = (Share::new(), limits::FORWARD_WINDOW_MOST);
    let lent: Vec<usize> = (0..16).map(|_| share.lend(most)).collect();
    assert_eq!(lent[..4], [most, most, most, most / 2]);
    assert!(lent.is_sorted_by(|one, next| one >= next) && lent[15] == 0, "{lent:?}");
    assert!(lent.iter().sum::<usize>() <= limits::FORWARD_SPARE);
    share.give_up(most);
    assert!(share.lend(most) >= most / 2);
    assert_eq!(share.lend(LEAST_LENT - 1), 0, "crumbs");
}

#[tokio::test]
async fn little_things_go_whole_and_who_comes_later_waits_for_as_much() {
    let (share, now) = (Share::new(), Instant::now());
    let window = share.room.available_permits();
    let whole = share.take_whole(2 * window).await;
    assert_eq!(whole.bytes(), 2 * window);
    let mark = whole.keep(2 * window, now);
    assert_eq!(share.out(), 2 * window);
    share.arrived(window, None, now);
    assert_eq!(share.room.available_permits(), 0, "no more than the window is under way");
    share.arrived(window, Some(mark), now);
    assert_eq!(share.out(), 0);
    // What is not kept is owed no longer.
    drop(share.take_whole(4 * window).await);
    assert_eq!(share.out(), 0);
}

#[tokio::test]
async fn few_send_part_by_part() {
    let share = Share::new();
    let mut turns = Vec::new();
    for _ in 0..TURNS {
        turns.push(share.turn().await);
    }
    assert_eq!(share.turns.available_permits(), 0);
    turns.clear();
    drop(share.turn().await);
}
