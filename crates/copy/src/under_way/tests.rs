//! What the other end says of it, in order or not.

use std::time::Duration;

use ccc_net::memory;
use tokio::time::timeout;

use super::*;

/// What may be under way at first, and is sent at a time.
const FIRST: usize = 8 * 1024;
const PIECE: usize = 2 * 1024;

/// Nothing is under way any more.
async fn is_free(share: &Share) {
    let all = async {
        let mut held = Vec::new();
        while held.len() < FIRST / PIECE {
            held.push(share.take(PIECE).await);
        }
    };
    timeout(Duration::from_secs(60), all).await.expect("all of it is free");
}

#[tokio::test]
async fn what_was_never_sent_or_told_before_changes_nothing() {
    let (near, _far) = memory::pair();
    let (tx, _rx) = near.open_bi().await.unwrap();
    let (mut under_way, now) = (UnderWay::new(7, &tx), Instant::now());
    let share = under_way.share();
    under_way.sent(share.take(1000).await, 1000, now);
    under_way.taken(507, now);
    under_way.taken(407, now);
    assert_eq!(under_way.behind(), 507);
    under_way.taken(u64::MAX, now);
    assert_eq!(under_way.behind(), 1007);
    is_free(&share).await;
    // Nor what will never come.
    under_way.sent(share.take(1000).await, 1000, now);
    drop(under_way);
    is_free(&share).await;
}
