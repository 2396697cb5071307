//! Bytes that are out, that come back, and a limit that falls while they are.

use super::*;

#[tokio::test]
async fn what_is_not_kept_goes_back_and_the_rest_when_it_is_said() {
    let share = Share::new();
    let all = share.room.available_permits();
    let held = share.take(1000).await;
    assert_eq!((held.bytes(), share.room.available_permits()), (1000, all - 1000));
    held.keep(4);
    assert_eq!(share.room.available_permits(), all - 4);
    share.give_back(4);
    assert_eq!(share.room.available_permits(), all);
}

#[tokio::test]
async fn a_lower_limit_holds_back_what_comes_back_and_whoever_waits_gets_a_part() {
    let share = Share::new();
    let (least, longer) = (Duration::from_millis(1), Duration::from_millis(500));
    let mut now = Instant::now();
    let mut all = Vec::new();
    for _ in 0..3 {
        let held = share.take(16 * 1024).await;
        all.push(held.bytes());
        let bytes = held.bytes();
        held.keep(bytes);
        now += least;
        share.sample(least, now);
    }
    // It doubles while it is what holds others back.
    assert_eq!(all, [LEAST, LEAST, 2 * LEAST]);
    let left = share.take(16 * 1024).await;
    let bytes = left.bytes();
    left.keep(bytes);
    all.push(bytes);
    // Then the queue is long, again and again.
    while share.lock().pace.limit() > LEAST {
        now += longer;
        share.sample(longer, now);
    }
    assert_eq!(share.lock().pace.limit(), LEAST);
    let waits = share.take(16 * 1024);
    tokio::pin!(waits);
    for bytes in all {
        assert!(is_pending(waits.as_mut()).await, "what comes back pays the debt first");
        share.give_back(bytes);
    }
    assert_eq!(waits.await.bytes(), LEAST);
}

/// Whether a future waits.
async fn is_pending<F: Future>(mut future: std::pin::Pin<&mut F>) -> bool {
    std::future::poll_fn(|ctx| {
        let pending = future.as_mut().poll(ctx).is_pending();
        std::task::Poll::Ready(pending)
    })
    .await
}
