//! What the other end says of it, in order or not.

use ccc_net::memory;

use super::*;

#[tokio::test]
async fn what_was_never_sent_or_told_before_changes_nothing() {
    let (near, _far) = memory::pair();
    let (tx, _rx) = near.open_bi().await.unwrap();
    let (mut under_way, now) = (UnderWay::new(7, tx.bulk_part()), Instant::now());
    under_way.sent(1000, now);
    under_way.taken(507, now);
    under_way.taken(407, now);
    assert_eq!((under_way.behind(), under_way.pace.under_way()), (507, 500));
    under_way.taken(u64::MAX, now);
    assert_eq!((under_way.behind(), under_way.pace.under_way()), (1007, 0));
    assert!(under_way.room() > 0);
}
