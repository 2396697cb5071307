//! The moment to wake up at, where it moves with every key. Owns one loop's timer.

use std::pin::Pin;
use std::time::{Duration, Instant};

use tokio::time::{Sleep, sleep_until};

/// What the runtime tells apart. A clock's next minute is a little earlier or later each time it is asked for.
const TICK: Duration = Duration::from_millis(1);

/// A loop's timer, which is set anew only for a moment before the one it is set for: one that is later is looked for
/// when it rings. To set one for earlier than all others wakes the event loop through the kernel.
#[derive(Debug, Default)]
pub struct Alarm {
    sleep: Option<Pin<Box<Sleep>>>,
    /// When it rings, until it has.
    set: Option<Instant>,
}

impl Alarm {
    /// Waits for that moment, up to a millisecond longer. May be dropped and asked again, for another one as well.
    pub async fn rings_at(&mut self, moment: Instant) {
        let Self { sleep, set } = self;
        let sleep = sleep.get_or_insert_with(|| Box::pin(sleep_until(moment.into())));
        if set.is_none_or(|set| moment + TICK <= set) {
            sleep.as_mut().reset(moment.into());
            *set = Some(moment);
        }
        loop {
            sleep.as_mut().await;
            *set = None;
            if tokio::time::Instant::now().into_std() >= moment {
                return;
            }
            sleep.as_mut().reset(moment.into());
            *set = Some(moment);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::{Instant, timeout};

    use super::Alarm;

    const SECOND: Duration = Duration::from_secs(1);

    async fn rings(alarm: &mut Alarm, start: Instant, seconds: u32) {
        alarm.rings_at((start + SECOND * seconds).into_std()).await;
        assert_eq!(start.elapsed().as_secs(), u64::from(seconds));
    }

    #[tokio::test(start_paused = true)]
    async fn it_rings_at_the_moment_asked_for_last() {
        let mut alarm = Alarm::default();
        let start = Instant::now();
        let long = alarm.rings_at((start + SECOND * 60).into_std());
        assert!(timeout(SECOND, long).await.is_err());
        // Earlier than it was set for, and then later.
        let sooner = alarm.rings_at((start + SECOND * 5).into_std());
        assert!(timeout(SECOND, sooner).await.is_err());
        rings(&mut alarm, start, 9).await;
        rings(&mut alarm, start, 10).await;
        // What is over rings at once.
        alarm.rings_at(start.into_std()).await;
        assert_eq!(start.elapsed().as_secs(), 10);
    }
}
