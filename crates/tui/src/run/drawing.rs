//! Pictures of the state on the terminal. Owns how much of one is made anew: all of it, or the rows that
//! programs changed.

use std::time::{Duration, Instant};

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::Loop;
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
        let patch = match (self.kept.as_mut(), self.writer.shown()) {
            (Some(kept), Some(shown)) if stale == Stale::Rows => {
                kept.patch(&self.app, &self.attachment, shown)
            }
            _ => None,
        };
        if let Some(patch) = patch {
            self.writer.redraw(patch, self.terminal.out());
            debug_assert!(self.is_whole(), "rows drawn anew are not those of the whole picture");
        } else {
            let picture = self.picture();
            self.kept = Kept::of(&self.app, &self.attachment);
            self.writer.draw(picture, self.terminal.out());
        }
        self.terminal.try_flush();
    }

    /// Whether the panes are shown as if the whole picture had been drawn.
    fn is_whole(&mut self) -> bool {
        let whole = self.picture();
        let rows = 0..self.app.layout_area().rows;
        self.writer.shown().is_some_and(|shown| {
            { rows }.all(|y| shown.row(y) == whole.row(y)) && shown.cursor == whole.cursor
        })
    }

    pub(super) fn picture(&mut self) -> Surface {
        let lost = self.app.link.lost.as_ref().map(|(since, _)| since.elapsed().as_secs());
        let moment = Moment { clock: self.clock.text(), lost_seconds: lost.unwrap_or(0) };
        let picture = view::draw(&self.app, &self.attachment, &moment);
        for effect in self.app.see_images(picture.placed()) {
            if let Effect::Request { message, purpose } = effect {
                self.request(*message, purpose);
            }
        }
        picture
    }
}

/// The time of day here. The zone is read from its file; by name it would be looked for among all zones that
/// there are, which takes as long as a hand-shake.
#[derive(Debug, Default)]
pub(super) struct Clock {
    zone: Option<(Instant, TimeZone)>,
}

impl Clock {
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

fn zone() -> TimeZone {
    let named = std::env::var_os("TZ").is_some_and(|name| !name.is_empty());
    let file = std::fs::read("/etc/localtime").ok().filter(|_| !named);
    let zone = file.and_then(|bytes| TimeZone::tzif("here", &bytes).ok());
    zone.unwrap_or_else(TimeZone::system)
}
