//! How large the terminal is, and whether the server knows.

use super::*;

/// It was asked for by the size at which the link was lost: a window that had become another one meanwhile, as on a
/// laptop that is opened at another desk, was drawn for its old size until it was changed again.
#[tokio::test(start_paused = true)]
async fn a_size_that_changes_while_the_link_is_lost_is_told_to_the_next_one() {
    let mut world = World::new().await;
    world.wire.set_down(true);
    world.pass(HALF_AN_HOUR).await;
    let size = WireSize { cols: 120, rows: 40 };
    world.attachment.client_size(size, PixelSize::default());
    let before = world.attached;
    world.wire.set_down(false);
    while world.attached == before {
        world.step().await;
    }
    world.pass(ROUND_TRIP).await;
    assert_eq!(lock(&world.program).size, size);
    // The next one is asked for with it.
    world.wire.set_down(true);
    world.pass(HALF_AN_HOUR).await;
    world.wire.set_down(false);
    world.until_shown("ready").await;
    assert_eq!(lock(&world.program).size, size);
}
