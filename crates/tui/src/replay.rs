//! Looking at a recording as it was at any time. Owns where one is in it, how fast it goes on, and which
//! screen that wants. Knows no clock and no server: times come as arguments, screens are asked for.

mod run;
#[cfg(test)]
mod tests;
mod view;

use std::str::FromStr;
use std::time::{Duration, Instant};

use ccc_client::{Mirror, Offset, Recording, Remembered};

pub use self::run::{ReplayFrom, ReplayOptions, replay};
pub(crate) use self::view::{Looks, draw, line_of_time};
use crate::app::Line;
use crate::keymap::Action;

/// Steps of the arrow keys, and of the same with Shift.
const STEP: Duration = Duration::from_secs(5);
const FAR: Duration = Duration::from_secs(60);
/// Idle time above this is passed over, while that is on.
pub(crate) const IDLE: Duration = Duration::from_secs(2);
/// Between two pictures at most while it plays: the clock is to be seen running.
const TICK: Duration = Duration::from_millis(200);
/// Between two pictures at least.
const FRAME: Duration = Duration::from_millis(16);
/// At the end of a recording that still grows, so often is asked what has come.
const REFRESH: Duration = Duration::from_millis(500);
/// Bytes that go by between two pictures at the highest speed.
const STRIDE: u64 = 32 * 1024;

/// How fast it goes on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Speed {
    Times(f64),
    /// As fast as pictures come.
    Max,
}

const SPEEDS: [Speed; 8] = [
    Speed::Times(0.25),
    Speed::Times(0.5),
    Speed::Times(1.0),
    Speed::Times(2.0),
    Speed::Times(4.0),
    Speed::Times(8.0),
    Speed::Times(16.0),
    Speed::Max,
];
const NORMAL: usize = 2;

/// Where to begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// At the first byte, and play.
    Beginning,
    /// At the last one, and wait.
    End,
    /// So long after the beginning.
    At(Duration),
    /// So long before the end.
    Ago(Duration),
    /// At a time of day or year, in milliseconds since 1970.
    Clock(u64),
    /// When the bytes before this one had been printed.
    Byte(Offset),
}

impl FromStr for Start {
    type Err = String;

    /// Reads `start`, `end`, a time since the beginning (`90`, `1:30`, `1:02:03`, `5m`), one before the end
    /// (`-5m`), or a date with a time of day (`2026-11-29 22:41`).
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let clock = || {
            let civil: jiff::civil::DateTime = text.replacen(' ', "T", 1).parse().ok()?;
            let zoned = civil.to_zoned(jiff::tz::TimeZone::system()).ok()?;
            u64::try_from(zoned.timestamp().as_millisecond()).ok()
        };
        match text {
            "start" => return Ok(Self::Beginning),
            "end" => return Ok(Self::End),
            _ => {}
        }
        if let Some(ago) = text.strip_prefix('-').and_then(parse_time) {
            return Ok(Self::Ago(ago));
        }
        if let Some(at) = parse_time(text) {
            return Ok(Self::At(at));
        }
        clock().map(Self::Clock).ok_or_else(|| {
            "a time is start, end, 1:02:03, 90, 5m, -5m (before the end), or 2026-11-29 22:41"
                .into()
        })
    }
}

/// What is to be done for the player.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wish {
    /// Ask for the screen at this byte.
    Screen(Offset),
    /// Ask what there is by now.
    Recording,
}

/// What an action leads to beyond the player.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Done {
    Here,
    Leave,
    /// It is none of the player's.
    Not,
}

#[derive(Debug)]
pub(crate) struct Player {
    recording: Recording,
    at: Duration,
    /// The byte that was gone to, when it was not a time.
    exact: Option<Offset>,
    /// Since when it plays; what passed before is counted.
    going: Option<Instant>,
    speed: usize,
    idle_limit: Option<Duration>,
    /// How long nothing has come, of the time that is played.
    idle: Duration,
    /// The screen, and where it stands.
    shown: Option<(Offset, Mirror)>,
    asked: Option<Offset>,
    /// When it is to be asked for more, and whether that is under way.
    refresh: Option<Instant>,
    refreshing: bool,
    trouble: Option<String>,
    /// What was typed and is no time.
    wrong: Option<String>,
    /// A time that is being typed.
    typed: Option<Line>,
}

impl Player {
    pub(crate) fn new(recording: Recording, start: Start, now: Instant) -> Self {
        let mut player = Self {
            recording,
            at: Duration::ZERO,
            exact: None,
            going: None,
            speed: NORMAL,
            idle_limit: Some(IDLE),
            idle: Duration::ZERO,
            shown: None,
            asked: None,
            refresh: None,
            refreshing: false,
            trouble: None,
            wrong: None,
            typed: None,
        };
        let end = player.recording.line.end().at;
        match start {
            Start::Beginning => {
                player.seek(player.first());
                player.going = Some(now);
            }
            Start::End => player.seek(end),
            Start::At(at) => player.seek(at),
            Start::Ago(ago) => player.seek(end.saturating_sub(ago)),
            Start::Clock(unix_ms) => {
                let began = player.recording.line.began_unix_ms();
                player.seek(Duration::from_millis(unix_ms.saturating_sub(began)));
            }
            Start::Byte(offset) => player.go_to_byte(offset),
        }
        player
    }

    /// Sets how fast it goes on: the step nearest to a factor.
    pub(crate) fn set_speed(&mut self, factor: f64) {
        let distance = |speed: &Speed| match speed {
            Speed::Times(times) => (times - factor).abs(),
            Speed::Max => {
                if factor > 16.0 {
                    0.0
                } else {
                    f64::MAX
                }
            }
        };
        let nearest =
            SPEEDS.iter().enumerate().min_by(|(_, a), (_, b)| distance(a).total_cmp(&distance(b)));
        self.speed = nearest.map_or(NORMAL, |(at, _)| at);
    }

    pub(crate) fn set_idle_limit(&mut self, limit: Option<Duration>) {
        self.idle_limit = limit;
    }

    /// What there is to ask for now. It is taken as asked for.
    pub(crate) fn wish(&mut self, now: Instant) -> Option<Wish> {
        let wanted = self.offset();
        let shown = self.shown.as_ref().map(|(at, _)| *at);
        if self.asked.is_none() && shown != Some(wanted) && self.trouble.is_none() {
            self.asked = Some(wanted);
            return Some(Wish::Screen(wanted));
        }
        if self.refresh.is_some_and(|due| due <= now) && !self.refreshing {
            self.refresh = None;
            self.refreshing = true;
            return Some(Wish::Recording);
        }
        None
    }

    /// The screen that was asked for.
    pub(crate) fn took(&mut self, screen: Mirror) {
        // At the end of what is kept it stands before the place that was asked for.
        if let Some(asked) = self.asked.take() {
            self.shown = Some((asked, screen));
        }
    }

    /// What there is by now.
    pub(crate) fn learned(&mut self, recording: Recording) {
        self.refreshing = false;
        self.recording = recording;
    }

    /// What was asked for will not come.
    pub(crate) fn failed(&mut self, why: String) {
        self.asked = None;
        self.refreshing = false;
        self.going = None;
        self.trouble = Some(why);
    }

    /// When something changes by itself next.
    pub(crate) fn next_deadline(&self) -> Option<Instant> {
        let playing = self.going.map(|since| {
            let wait = match self.speed() {
                Speed::Max => FRAME,
                Speed::Times(factor) => {
                    let next = self.recording.line.next_after(self.at);
                    let wait = next.map_or(TICK, |next| self.wait_for(next));
                    wait.div_f64(factor).clamp(FRAME, TICK)
                }
            };
            since + wait
        });
        [playing, self.refresh.filter(|_| !self.refreshing)].into_iter().flatten().min()
    }

    /// Lets the time pass that has passed.
    pub(crate) fn advance(&mut self, now: Instant) {
        let Some(since) = self.going else { return };
        let passed = now.saturating_duration_since(since);
        if passed.is_zero() {
            return;
        }
        self.going = Some(now);
        match self.speed() {
            Speed::Times(factor) => self.play(passed.mul_f64(factor)),
            // The next one when the one before is there.
            Speed::Max if self.asked.is_some() => {}
            Speed::Max => {
                let by_bytes =
                    self.recording.line.time_at(Offset(self.offset().0.saturating_add(STRIDE)));
                match self.recording.line.next_after(self.at) {
                    Some(next) => self.set(next.max(by_bytes)),
                    None => self.play(Duration::MAX),
                }
            }
        }
        if self.at_end() && self.recording.running {
            self.refresh.get_or_insert(now + REFRESH);
        }
    }

    fn play(&mut self, mut time: Duration) {
        self.exact = None;
        while let Some(next) = self.recording.line.next_after(self.at) {
            let wait = self.wait_for(next);
            if time < wait {
                self.at += time;
                self.idle += time;
                return;
            }
            time -= wait;
            self.set(next);
        }
        if !self.recording.running {
            self.going = None;
        }
    }

    /// How long is waited until something comes, of the time that is played.
    fn wait_for(&self, next: Duration) -> Duration {
        let gap = next.saturating_sub(self.at);
        self.idle_limit.map_or(gap, |limit| gap.min(limit.saturating_sub(self.idle)))
    }

    fn set(&mut self, at: Duration) {
        self.at = at.min(self.recording.line.end().at);
        self.exact = None;
        self.idle = Duration::ZERO;
    }

    /// Goes to a time.
    pub(crate) fn seek(&mut self, at: Duration) {
        self.trouble = None;
        self.set(at.max(self.first()));
    }

    /// Goes to where the bytes before this one had been printed.
    pub(crate) fn go_to_byte(&mut self, offset: Offset) {
        self.seek(self.recording.line.time_at(offset));
        let end = self.recording.line.end().offset;
        self.exact = Some(offset.min(end).max(self.recording.first));
    }

    /// Where the first byte that is kept stands.
    fn first(&self) -> Duration {
        self.recording.line.time_at(self.recording.first)
    }

    /// Where the screen stands that is shown.
    pub(crate) fn shown_at(&self) -> Option<Offset> {
        self.shown.as_ref().map(|(at, _)| *at)
    }

    pub(crate) fn offset(&self) -> Offset {
        let by_time = || self.recording.line.offset_at(self.at).max(self.recording.first);
        self.exact.unwrap_or_else(by_time)
    }

    pub(crate) fn is_going(&self) -> bool {
        self.going.is_some()
    }

    fn at_end(&self) -> bool {
        self.at >= self.recording.line.end().at
    }

    fn speed(&self) -> Speed {
        SPEEDS.get(self.speed).copied().unwrap_or(Speed::Max)
    }

    /// Does what a key asks for.
    pub(crate) fn act(&mut self, action: Action, now: Instant) -> Done {
        self.advance(now);
        self.wrong = None;
        match action {
            Action::ReplayPause => self.pause(now),
            Action::ReplayBack => self.seek(self.at.saturating_sub(STEP)),
            Action::ReplayForward => self.seek(self.at + STEP),
            Action::ReplayFarBack => self.seek(self.at.saturating_sub(FAR)),
            Action::ReplayFarForward => self.seek(self.at + FAR),
            Action::ReplayStepBack => {
                self.going = None;
                self.step_back();
            }
            Action::ReplayStep => {
                self.going = None;
                self.step();
            }
            Action::ReplayPreviousCommand => self.go_to_command(false, |_| true),
            Action::ReplayNextCommand => self.go_to_command(true, |_| true),
            Action::ReplayPreviousFailure => self.go_to_command(false, has_failed),
            Action::ReplayNextFailure => self.go_to_command(true, has_failed),
            Action::ReplaySlower => self.speed = self.speed.saturating_sub(1),
            Action::ReplayFaster => self.speed = (self.speed + 1).min(SPEEDS.len() - 1),
            Action::ReplayIdle => {
                self.idle_limit = if self.idle_limit.is_some() { None } else { Some(IDLE) };
            }
            Action::ReplayStart => self.seek(Duration::ZERO),
            Action::ReplayEnd => {
                self.seek(self.recording.line.end().at);
                // What has come meanwhile is to be seen too.
                self.refresh = self.recording.running.then_some(now);
            }
            Action::ReplayGoTo => self.typed = Some(Line::default()),
            Action::Cancel => return Done::Leave,
            _ => return Done::Not,
        }
        Done::Here
    }

    /// Back to where less had been printed; what happened without output is no step.
    fn step_back(&mut self) {
        let here = self.offset();
        let mut at = self.at;
        while !at.is_zero() && self.recording.line.offset_at(at) >= here {
            at = self.recording.line.last_before(at);
        }
        self.seek(at);
    }

    /// On to where more has been printed.
    fn step(&mut self) {
        let here = self.offset();
        let mut at = self.at;
        while self.recording.line.offset_at(at) <= here
            && let Some(next) = self.recording.line.next_after(at)
        {
            at = next;
        }
        self.seek(at);
    }

    fn pause(&mut self, now: Instant) {
        self.going = match self.going {
            Some(_) => None,
            None => {
                if self.at_end() && !self.recording.running {
                    self.seek(Duration::ZERO);
                }
                Some(now)
            }
        };
    }

    fn go_to_command(&mut self, forward: bool, wanted: impl Fn(&Remembered) -> bool) {
        let here = self.offset();
        let mut commands = self.recording.commands.iter().filter(|command| wanted(command));
        let found = if forward {
            commands.find(|command| command.mark > here.0)
        } else {
            commands.rfind(|command| command.mark < here.0)
        };
        if let Some(mark) = found.map(|command| command.mark) {
            self.going = None;
            self.go_to_byte(Offset(mark));
        }
    }

    /// The command whose output this is, if any.
    fn command(&self) -> Option<&Remembered> {
        let here = self.offset();
        let behind = self.recording.commands.partition_point(|command| command.mark <= here.0);
        let command = self.recording.commands.get(behind.checked_sub(1)?)?;
        command.to.is_none_or(|to| here.0 <= to).then_some(command)
    }

    pub(crate) const fn is_typed(&self) -> bool {
        self.typed.is_some()
    }

    /// The line of the time that is being typed.
    pub(crate) fn typed(&mut self) -> Option<&mut Line> {
        self.typed.as_mut()
    }

    /// Ends the typing; goes to the time if it is taken and is one.
    pub(crate) fn end_typing(&mut self, take: bool) {
        let Some(line) = self.typed.take().filter(|_| take) else { return };
        match parse_time(line.text()) {
            Some(at) => self.seek(at),
            None => self.wrong = Some(line.text().to_owned()),
        }
    }

    /// Goes to where somebody points on the line of time.
    pub(crate) fn point_at(&mut self, column: u16, columns: u16) {
        self.seek(
            self.recording.line.end().at.mul_f64(f64::from(column) / f64::from(columns.max(1))),
        );
    }
}

fn has_failed(command: &Remembered) -> bool {
    command.exit.is_some_and(|exit| exit != 0)
}

/// A time as people write it: `90`, `1:30`, `1:02:03`, `5m`.
fn parse_time(text: &str) -> Option<Duration> {
    let text = text.trim();
    let units = [('s', 1_u64), ('m', 60), ('h', 3600), ('d', 86_400)];
    if let Some((unit, seconds)) = units.into_iter().find(|(unit, _)| text.ends_with(*unit)) {
        let number: u64 = text.trim_end_matches(unit).parse().ok()?;
        return Some(Duration::from_secs(number.checked_mul(seconds)?));
    }
    let mut seconds = 0_u64;
    for part in text.split(':') {
        seconds = seconds.checked_mul(60)?.checked_add(part.parse().ok()?)?;
    }
    Some(Duration::from_secs(seconds))
}
