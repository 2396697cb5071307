//! Pictures of the state on the terminal. Owns how much of one is made anew: all of it, or the rows that
//! programs changed.

use std::time::Instant;

use super::Loop;
use crate::app::Effect;
use crate::surface::Surface;
use crate::view::{self, Kept, Moment};

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
        let moment = Moment { clock: clock(), lost_seconds: lost.unwrap_or(0) };
        let picture = view::draw(&self.app, &self.attachment, &moment);
        for effect in self.app.see_images(picture.placed()) {
            if let Effect::Request { message, purpose } = effect {
                self.request(*message, purpose);
            }
        }
        picture
    }
}

/// The time of day, as the bar shows it.
pub(super) fn clock() -> String {
    jiff::Zoned::now().strftime("%H:%M").to_string()
}
