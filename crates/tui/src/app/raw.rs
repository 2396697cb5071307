//! Looking at one pane as if its program ran in the outer terminal: no bar, no borders, no screen of our own.
//! What scrolls off goes into the outer terminal's own scrollback. Owns how far that has come, and which
//! few keys are ccc's there.

use ccc_client::page_lines;
use ccc_client::proto::{Ext, HistoryPage, HistoryRequest, PaneId, WireModes};
use ccc_vt::{Cell, Row, Style, Text};

use super::{App, Effect, Mirrors, Purpose};
use crate::keymap::Action;

/// Lines that are asked for at once: a few screens, which any terminal takes in no time.
const PAGE: u32 = 500;
/// Whoever is further behind than this many lines does not see those in between.
const BEHIND: u64 = 20_000;
/// What is shown of them all the same.
const NEWEST: u64 = 2_000;

/// How far the outer scrollback has come.
#[derive(Debug, Default)]
pub(crate) struct Raw {
    /// The pane, and the first line of it that the outer terminal has not got; lines from before the attach
    /// are left where they are.
    at: Option<(PaneId, u64)>,
    /// A page is on its way.
    asked: bool,
}

impl App {
    /// Shows one pane in the outer terminal's own screen.
    pub(crate) fn raw(mut self) -> Self {
        self.bar_allowed = false;
        self.bar = false;
        self.raw = Some(Raw::default());
        self
    }

    /// Whether an action makes sense without a screen of our own.
    pub(super) const fn is_for_raw(action: Action) -> bool {
        matches!(
            action,
            Action::Detach | Action::SendPrefix | Action::Suspend | Action::RestartPane
        )
    }

    /// Asks for the lines that have scrolled off since the last time.
    pub(super) fn scroll_raw(&mut self, mirrors: &impl Mirrors, effects: &mut Vec<Effect>) {
        let Some(raw) = &mut self.raw else { return };
        let Some(mirror) = mirrors.mirror(self.pane) else { return };
        let end = mirror.history_lines().0;
        let next = match raw.at {
            Some((pane, next)) if pane == self.pane => next,
            _ => {
                raw.asked = false;
                end
            }
        };
        raw.at = Some((self.pane, next));
        // What a program shows in a screen of its own scrolls nowhere; and a terminal that takes nothing now
        // would only heap lines up.
        let waits = raw.asked || self.behind;
        if waits || next >= end || mirror.modes().has(WireModes::ALTERNATE_SCREEN) {
            return;
        }
        let mut from = next;
        if end - next > BEHIND {
            from = end - NEWEST;
            raw.at = Some((self.pane, from));
            let missing = self.words.with("raw-behind", &[("lines", &(from - next))]);
            effects.push(Effect::Scroll(vec![row_of(&missing)]));
        }
        let raw = self.raw.get_or_insert_default();
        raw.asked = true;
        let request = HistoryRequest { pane: self.pane, from, count: PAGE, ext: Ext::none() };
        effects.push(super::actions::request(request, Purpose::Scroll(self.pane)));
    }

    /// The lines have come.
    pub(super) fn on_scrolled(
        &mut self,
        pane: PaneId,
        page: &HistoryPage,
        mirrors: &impl Mirrors,
        effects: &mut Vec<Effect>,
    ) {
        let cols = self.size.cols;
        let alternate = mirrors
            .mirror(pane)
            .is_some_and(|mirror| mirror.modes().has(WireModes::ALTERNATE_SCREEN));
        let Some(raw) = &mut self.raw else { return };
        raw.asked = false;
        let Some((_, next)) = raw.at.filter(|(known, _)| *known == pane) else { return };
        // They would be lost in the terminal's other screen, and are asked for again behind it.
        if alternate {
            return;
        }
        // A page that makes no sense is passed over, like one that is no longer kept.
        let lines = page_lines(page).unwrap_or_default();
        let mut whole = lines.iter().filter(|line| !line.open && line.number.0 >= next);
        let rows: Vec<Row> = whole.clone().flat_map(|line| line.wrap(cols)).collect();
        let last = whole.next_back().map(|line| line.number.0 + 1);
        let open = lines.last().is_some_and(|line| line.open);
        let after = if open { next } else { page.end.max(next) };
        raw.at = Some((pane, last.unwrap_or(after)));
        if !rows.is_empty() {
            effects.push(Effect::Scroll(rows));
        }
    }

    /// They will not come: the next frame asks again.
    pub(super) const fn not_scrolled(&mut self) {
        if let Some(raw) = &mut self.raw {
            raw.asked = false;
        }
    }
}

/// A line of our own.
fn row_of(text: &str) -> Row {
    let cell = |c: char| {
        let text = Text::new(c.encode_utf8(&mut [0; 4]));
        Cell { text, width: ccc_vt::char_width(c).max(1), style: Style::default(), link: None }
    };
    Row { cells: text.chars().map(cell).collect(), ..Row::default() }
}
