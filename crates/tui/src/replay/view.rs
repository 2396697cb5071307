//! The picture of a recording: the screen of the moment, the line of time below it, and a line that says
//! where one is. Owns how much happened when, as bars.

use std::time::Duration;

use ccc_client::{GapReason, Offset, What};
use ccc_vt::Cursor;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::symbols::bar::NINE_LEVELS;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Clear, Paragraph, Widget as _};

use super::{Player, Speed, has_failed};
use crate::image::ImageFrom;
use crate::keymap::{Action, KeyMode, Keymap};
use crate::surface::Surface;
use crate::theme::Theme;
use crate::view::images::{self, Shows};
use crate::words::Words;

/// Rows below the screen: what happened, how much came, and where one is. Where text is all there is, the
/// last of them.
const ROWS: u16 = 3;

/// How it is shown.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Looks<'a> {
    pub(crate) words: &'a Words,
    pub(crate) theme: &'a Theme,
    /// Text is all there is.
    pub(crate) plain: bool,
    pub(crate) shows: Shows<'a>,
    /// By which its images are known.
    pub(crate) from: ImageFrom,
}

/// Draws all of it into an area.
pub(crate) fn draw(player: &Player, looks: Looks<'_>, area: Rect, surface: &mut Surface) {
    let Looks { theme, plain, .. } = looks;
    let below = if plain { 1 } else { ROWS }.min(area.height);
    let screen = Rect { height: area.height - below, ..area };
    let lines = Rect { y: screen.bottom(), height: below, ..area };
    // Whatever lay there.
    surface.draw_chrome(&Buffer::empty(area));
    surface.cursor = None;
    draw_screen(player, looks, screen, surface);
    let mut chrome = Buffer::empty(lines);
    for (row, draw) in [draw_moments, draw_amounts].into_iter().enumerate() {
        let row = u16::try_from(row).unwrap_or(0);
        if row + 1 < below {
            draw(player, theme, Rect { y: lines.y + row, height: 1, ..lines }, &mut chrome);
        }
    }
    let last = Rect { y: lines.bottom().saturating_sub(1), height: lines.height.min(1), ..lines };
    let typed = draw_words(player, looks, last, &mut chrome);
    surface.draw_chrome(&chrome);
    if let Some(column) = typed {
        let col = (last.x + column).min(last.right().saturating_sub(1));
        surface.cursor = Some(Cursor { col, row: last.y, visible: true, ..Cursor::default() });
    }
}

/// The line of time within a picture of this area, where one can point.
pub(crate) fn line_of_time(area: Rect) -> Rect {
    let below = ROWS.min(area.height);
    Rect { y: area.bottom() - below, height: below.saturating_sub(1), ..area }
}

/// The screen of the moment. Of one that is higher, the part with the cursor.
fn draw_screen(player: &Player, looks: Looks<'_>, area: Rect, surface: &mut Surface) {
    let Some((_, mirror)) = &player.shown else { return };
    let cursor = mirror.cursor();
    let above = (cursor.row + 1).saturating_sub(area.height);
    for (y, row) in (area.y..area.bottom()).zip(mirror.rows().iter().skip(above.into())) {
        surface.draw_row(area, y, row);
    }
    let width = area.width.min(mirror.size().cols);
    let rows = mirror.rows().iter().skip(above.into()).map(AsRef::as_ref);
    images::draw(looks.shows, looks.from, mirror, rows, Rect { width, ..area }, surface);
    if cursor.col < area.width && cursor.row - above < area.height {
        let (col, row) = (area.x + cursor.col, area.y + cursor.row - above);
        surface.cursor = Some(Cursor { col, row, ..cursor });
    }
}

/// The column at which a time stands.
fn column(player: &Player, at: Duration, width: u16) -> u16 {
    let end = player.recording.line.end().at.as_secs_f64().max(f64::MIN_POSITIVE);
    let column = at.as_secs_f64() / end * f64::from(width);
    // Within the width, and so within what a column can be.
    (column as u16).min(width.saturating_sub(1))
}

/// Commands, failures, resizes, ends; what matters most wins where they meet.
fn draw_moments(player: &Player, theme: &Theme, area: Rect, chrome: &mut Buffer) {
    let line = &player.recording.line;
    chrome.set_style(area, theme.bar);
    let mut put = |at: Duration, sign: &str, style: Style| {
        let x = area.x + column(player, at, area.width);
        chrome.set_string(x, area.y, sign, style);
    };
    for moment in line.moments() {
        match moment.what {
            What::Resized(_) => put(moment.point.at, "↔", theme.bar),
            What::Gap(_) => put(moment.point.at, "≈", theme.bar_alert),
            What::Started | What::Ended(_) => {}
        }
    }
    for command in &player.recording.commands {
        put(line.time_at(Offset(command.mark)), "╷", theme.bar);
    }
    for command in player.recording.commands.iter().filter(|command| has_failed(command)) {
        put(line.time_at(Offset(command.mark)), "✗", theme.bar_alert);
    }
    for moment in line.moments() {
        if let What::Ended(_) = moment.what {
            put(moment.point.at, "■", theme.bar);
        }
    }
    put(player.at, "▼", theme.bar_current);
}

/// How much came when, each column by the logarithm of its bytes.
fn draw_amounts(player: &Player, theme: &Theme, area: Rect, chrome: &mut Buffer) {
    chrome.set_style(area, theme.bar);
    let line = &player.recording.line;
    let end = line.end();
    let levels = [
        NINE_LEVELS.empty,
        NINE_LEVELS.one_eighth,
        NINE_LEVELS.one_quarter,
        NINE_LEVELS.three_eighths,
        NINE_LEVELS.half,
        NINE_LEVELS.five_eighths,
        NINE_LEVELS.three_quarters,
        NINE_LEVELS.seven_eighths,
        NINE_LEVELS.full,
    ];
    let width = area.width;
    let until = |column: u16| {
        if column >= width {
            return end.offset;
        }
        let at = end.at.mul_f64(f64::from(column) / f64::from(width.max(1)));
        line.offset_at(at).min(end.offset)
    };
    let amounts: Vec<u64> =
        (0..width).map(|column| until(column + 1).since(until(column))).collect();
    let most = amounts.iter().max().map_or(1.0, |most| (*most as f64).ln_1p()).max(1.0);
    let here = column(player, player.at, width);
    for (column, amount) in (0..).zip(&amounts) {
        // Between 0 and 8; some is never none.
        let level = ((*amount as f64).ln_1p() / most * 8.0).round() as usize;
        let level = if *amount > 0 { level.max(1) } else { 0 };
        let style = if column <= here { theme.bar_session } else { theme.bar };
        let sign = levels.get(level).copied().unwrap_or(NINE_LEVELS.full);
        chrome.set_string(area.x + column, area.y, sign, style);
    }
}

/// Where one is, how fast it goes, which command that was. Gives the column of the cursor while a time
/// is typed.
fn draw_words(
    player: &Player,
    Looks { words, theme, plain, .. }: Looks<'_>,
    area: Rect,
    chrome: &mut Buffer,
) -> Option<u16> {
    let mut put = |text: &str, style: Style| {
        chrome.set_style(area, style);
        chrome.set_stringn(area.x, area.y, text, area.width.into(), style);
    };
    if let Some(line) = &player.typed {
        let label = format!("{}: ", words.say("replay-time"));
        put(&format!("{label}{}", line.text()), theme.bar_message);
        let before = crate::view::columns(&label) + crate::view::columns(line.before());
        return u16::try_from(before).ok();
    }
    if let Some(typed) = &player.wrong {
        put(&words.with("replay-bad-time", &[("typed", typed)]), theme.bar_message);
        return None;
    }
    if let Some(why) = &player.trouble {
        put(&words.with("replay-failed", &[("why", why)]), theme.bar_message);
        return None;
    }
    let end = player.recording.line.end().at;
    let mut parts = vec![format!(
        "{} {} / {}",
        match (player.is_going(), plain) {
            (true, false) => "▸",
            (false, false) => "‖",
            (true, true) => words.say("replay-plays"),
            (false, true) => words.say("replay-stands"),
        },
        clock(player.at, end),
        clock(end, end)
    )];
    if player.at_end() {
        let word = if player.recording.running { "replay-live" } else { "replay-end" };
        parts.push(words.say(word).to_owned());
    }
    parts.extend(wall(player));
    match player.speed() {
        Speed::Times(1.0) => {}
        Speed::Times(factor) => parts.push(format!("×{factor}")),
        Speed::Max => parts.push(format!("×{}", words.say("replay-max"))),
    }
    if let Some(limit) = player.idle_limit {
        parts.push(words.with("replay-idle", &[("seconds", &limit.as_secs())]));
    }
    if player.shown.is_none() {
        parts.push(words.say("replay-loading").to_owned());
    }
    parts.extend(missing(player, words));
    if let Some(command) = player.command() {
        let text = command.text.lines().next().unwrap_or_default();
        let text: String = text.chars().filter(|c| !c.is_control()).collect();
        parts.push(match command.exit {
            Some(exit) if exit != 0 => format!("{text} → {exit}"),
            _ => text,
        });
    }
    let said = parts.join(" · ");
    put(&said, theme.bar);
    // The keys, where there is room for some of them.
    let used = crate::view::columns(&said) + 2;
    let room = usize::from(area.width).saturating_sub(used);
    let keys = words.say("replay-keys");
    let shown: Vec<&str> = keys
        .split(" · ")
        .scan(0, |length, key| {
            *length += crate::view::columns(key) + 3;
            (*length <= room + 3).then_some(key)
        })
        .collect();
    let shown = shown.join(" · ");
    let width = u16::try_from(crate::view::columns(&shown)).unwrap_or(0);
    chrome.set_stringn(area.right().saturating_sub(width), area.y, &shown, room, theme.bar);
    None
}

/// What is missing where one is, and why.
fn missing(player: &Player, words: &Words) -> Option<String> {
    let line = &player.recording.line;
    let here = line.offset_at(player.at);
    let gap = line.moments().iter().rev().find_map(|moment| match moment.what {
        What::Gap(gap) if gap.from <= here && here <= gap.to => Some(gap),
        _ => None,
    })?;
    let why = match gap.reason {
        GapReason::Unknown => "gap-unknown",
        GapReason::Budget => "gap-budget",
        GapReason::Forget => "gap-forget",
        GapReason::DiskFull => "gap-disk-full",
        GapReason::Crash => "gap-crash",
        GapReason::Damaged => "gap-damaged",
        GapReason::NotRecorded => "gap-not-recorded",
    };
    let bytes = crate::top::size(gap.to.since(gap.from) as f64);
    Some(words.with("replay-gap", &[("bytes", &bytes), ("why", &words.say(why))]))
}

/// A time as `1:02:03`, with hours when the whole has them.
fn clock(at: Duration, whole: Duration) -> String {
    let seconds = at.as_secs();
    let (minutes, hours) = (seconds / 60, seconds / 3600);
    if whole.as_secs() >= 3600 {
        format!("{hours}:{:02}:{:02}", minutes % 60, seconds % 60)
    } else {
        format!("{minutes}:{:02}", seconds % 60)
    }
}

/// Date and time of day of the moment, as far as that is known.
fn wall(player: &Player) -> Option<String> {
    let began = player.recording.line.began_unix_ms();
    if began == 0 {
        return None;
    }
    let unix_ms = began.saturating_add(u64::try_from(player.at.as_millis()).ok()?);
    let moment = jiff::Timestamp::from_millisecond(i64::try_from(unix_ms).ok()?).ok()?;
    let zoned = moment.to_zoned(jiff::tz::TimeZone::system());
    Some(zoned.strftime("%Y-%m-%d %H:%M:%S").to_string())
}

/// The keys, above the screen.
pub(crate) fn draw_keys(
    keymap: &Keymap,
    words: &Words,
    theme: &Theme,
    area: Rect,
    surface: &mut Surface,
) {
    // An action once, with all its keys.
    let mut known: Vec<(Action, Vec<String>)> = Vec::new();
    for (keys, action) in keymap.bindings(KeyMode::Replay) {
        match known.iter_mut().find(|(of, _)| *of == action) {
            Some((_, all)) => all.push(keys),
            None => known.push((action, vec![keys])),
        }
    }
    let lines: Vec<Line<'_>> = known
        .iter()
        .map(|(action, keys)| {
            let keys = format!("{:<14} ", keys.join(" "));
            Line::from(vec![
                Span::styled(keys, theme.key),
                Span::raw(words.doc(*action).to_owned()),
            ])
        })
        .collect();
    let width = lines.iter().map(Line::width).max().unwrap_or(0);
    let width = u16::try_from(width + 4).unwrap_or(area.width).min(area.width);
    let height = u16::try_from(lines.len() + 2).unwrap_or(area.height).min(area.height);
    let place = Rect {
        x: area.x + (area.width - width) / 2,
        y: area.y + (area.height - height) / 2,
        width,
        height,
    };
    let mut chrome = Buffer::empty(place);
    Clear.render(place, &mut chrome);
    let title = format!(" {} ", words.say("group-replay"));
    let block = Block::bordered().border_style(theme.frame).title(title);
    Paragraph::new(lines).block(block).render(place, &mut chrome);
    surface.draw_chrome(&chrome);
    surface.cursor = None;
}
