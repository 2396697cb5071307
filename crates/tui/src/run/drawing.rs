//! Pictures of the state on the terminal. Owns how much of one is made anew: all of it, or the rows that
//! programs changed.

use std::time::{Duration, Instant};

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::{Loop, wall};
use crate::app::Effect;
use crate::surface::Surface;
use crate::view::{self, Kept, Moment};

/// How long a zone is believed: whoever travels has the new one after that.
const ZONE: Duration = Duration::from_secs(60);

/// How much of the picture may be another one now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stale {
    Nothing,
    /// What programs print.
    Rows,
    All,
}

impl Loop {
    pub(super) fn draw(&mut self, stale: Stale) {
        self.app.link.round_trip = self.attachment.round_trip();
        let silence = self.attachment.silence(Instant::now());
        self.app.link.silent = silence.map(|silence| silence.as_secs());
        self.app.link.carrier = self.attachment.carrier();
        // While a program prints without end nothing else may ever be drawn: the time goes on all the same.
        let rows_alone = stale == Stale::Rows && !self.shows_old_time();
        let patch = match (self.kept.as_mut(), self.writer.shown()) {
            (Some(kept), Some(shown)) if rows_alone => {
                kept.patch(&self.app, &self.attachment, shown)
            }
            _ => None,
        };
        if let Some(patch) = patch {
            self.writer.redraw(patch, self.terminal.out());
        } else {
            let picture = self.picture();
            self.kept = Kept::of(&self.app, &self.attachment);
            self.writer.draw(picture, self.terminal.out());
        }
        self.terminal.try_flush();
    }

    /// Whether what is shown is the picture of the state, as if the whole of it had just been drawn.
    pub(super) fn is_whole(&self) -> bool {
        let whole = view::draw(&self.app, &self.attachment, &self.moment);
        self.writer.shown().is_none_or(|shown| {
            (0..whole.size().rows).all(|y| shown.row(y) == whole.row(y))
                && (shown.cursor, &shown.title) == (whole.cursor, &whole.title)
                && shown.wants == whole.wants
        })
    }

    pub(super) fn picture(&mut self) -> Surface {
        let lost = self.app.link.lost.as_ref().map(|(since, _)| since.elapsed().as_secs());
        self.moment = Moment { clock: self.clock.show(), lost_seconds: lost.unwrap_or(0) };
        let picture = view::draw(&self.app, &self.attachment, &self.moment);
        for effect in self.app.see_images(picture.placed()) {
            if let Effect::Request { message, purpose } = effect {
                self.request(*message, purpose);
            }
        }
        // What cannot be asked for now is a box.
        if picture.placed().iter().any(|placed| self.app.images.has_failed(placed.key)) {
            return view::draw(&self.app, &self.attachment, &self.moment);
        }
        picture
    }

    /// When the time of day that is shown is to be drawn anew. A terminal that takes nothing shows what it has.
    pub(super) fn next_minute(&self, now: Instant) -> Option<Instant> {
        let shows = self.app.shows_clock() && !self.terminal.is_behind();
        shows.then(|| now + self.clock.until_next(wall()))
    }

    fn shows_old_time(&self) -> bool {
        self.app.shows_clock() && self.clock.until_next(wall()).is_zero()
    }
}

/// The time of day here. The zone is read from its file; by name it would be looked for among all zones that
/// there are, which takes as long as a hand-shake.
#[derive(Debug, Default)]
pub(super) struct Clock {
    zone: Option<(Instant, TimeZone)>,
    /// The minute that is shown, since 1970.
    shown: u64,
}

impl Clock {
    /// The time of day, which is shown from now on.
    fn show(&mut self) -> String {
        self.shown = minute(wall());
        self.text()
    }

    /// How long what is shown is the time of day. A zone's minutes begin with everybody's; this is asked with every
    /// key, and zones take their time.
    fn until_next(&self, wall: Duration) -> Duration {
        if minute(wall) != self.shown {
            return Duration::ZERO;
        }
        Duration::from_secs((self.shown + 1) * 60).saturating_sub(wall)
    }

    /// The time of day, as the bar shows it.
    pub(super) fn text(&mut self) -> String {
        let zone = match &self.zone {
            Some((read, zone)) if read.elapsed() < ZONE => zone.clone(),
            _ => {
                let zone = zone();
                self.zone = Some((Instant::now(), zone.clone()));
                zone
            }
        };
        Timestamp::now().to_zoned(zone).strftime("%H:%M").to_string()
    }
}

const fn minute(wall: Duration) -> u64 {
    wall.as_secs() / 60
}

fn zone() -> TimeZone {
    let named = std::env::var_os("TZ").is_some_and(|name| !name.is_empty());
    let file = std::fs::read("/etc/localtime").ok().filter(|_| !named);
    let zone = file.and_then(|bytes| TimeZone::tzif("here", &bytes).ok());
    zone.unwrap_or_else(TimeZone::system)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Once it was a whole minute from whenever it was asked: a program that printed at the turn of each had the
    /// clock stand still.
    #[test]
    fn a_minute_that_is_over_is_over_until_the_next_is_shown() {
        let clock = Clock { zone: None, shown: 10 };
        let left = |millis| clock.until_next(Duration::from_millis(millis)).as_millis();
        assert_eq!(left(600_000), 60_000);
        assert_eq!(left(659_900), 100);
        assert_eq!(left(660_000), 0);
        assert_eq!(left(660_900), 0);
        assert_eq!(left(700_000), 0);
        // Somebody set the clock back.
        assert_eq!(left(599_000), 0);
    }
}
