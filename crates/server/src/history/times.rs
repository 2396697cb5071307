//! When a byte of a recording came, by its events. Owns the walk from monotonic times to the wall clock.

use std::path::Path;

use ccc_journal::{Error, Event, EventReader};

/// The times of one recording, asked for in ascending order.
pub(super) struct Times {
    events: Option<EventReader>,
    /// Wall clock minus monotonic time of the boot that is under way, in nanoseconds; `None` while no
    /// wall clock was noted in it.
    shift: Option<i128>,
    /// The time of the last event that is not behind the byte asked for last.
    last: Option<u64>,
    /// An event behind that byte.
    next: Option<Event>,
}

impl Times {
    /// Those of the recording in `dir`. Without events no time is known.
    pub(super) fn open(dir: &Path) -> Self {
        Self { events: EventReader::open(dir).ok(), shift: None, last: None, next: None }
    }

    /// When the byte came, in milliseconds since 1970.
    pub(super) fn of(&mut self, byte: u64) -> Option<u64> {
        loop {
            let event = match self.next.take() {
                Some(event) => event,
                None => match self.read() {
                    Some(event) => event,
                    None => return self.last,
                },
            };
            if event.offset().0 > byte {
                self.next = Some(event);
                return self.last;
            }
            match event {
                Event::Started { wall_ns, mono_ns, .. } => {
                    self.shift = Some(i128::from(wall_ns) - i128::from(mono_ns));
                }
                // Another boot counts from another beginning; until the wall clock is noted again the
                // last known time is the best there is.
                Event::Adopted { .. } => {}
                _ => {}
            }
            if let (Some(shift), Some(mono_ns)) = (self.shift, event.mono_ns()) {
                let ms = (i128::from(mono_ns) + shift) / 1_000_000;
                self.last = u64::try_from(ms).ok().max(self.last);
            }
        }
    }

    fn read(&mut self) -> Option<Event> {
        let events = self.events.as_mut()?;
        loop {
            match events.next_event() {
                Err(Error::Damaged(_)) if events.skip_damage().unwrap_or(false) => {}
                Ok(event) => return event,
                Err(_) => return None,
            }
        }
    }
}
