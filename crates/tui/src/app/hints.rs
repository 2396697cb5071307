//! Hints: short labels on everything in a pane that looks worth copying or opening. Owns what is
//! labelled and what a label does; what looks like a path or an address is in `hints/find`.

mod find;

use std::time::Instant;

use ccc_client::proto::PaneId;
use ccc_vt::Row;

pub(crate) use self::find::{Kind, Target};
use super::scroll::text::LineText;
use super::{App, Effect, Layer, Mirrors, Scroll, Spot};

/// Letters of labels, those under resting fingers first.
const LETTERS: &str = "asdfghjklqwertyuiopzxcvbnm";

/// Labels above a pane.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Hints {
    pub(crate) pane: PaneId,
    pub(crate) labels: Vec<Label>,
    /// Letters typed so far.
    pub(crate) typed: String,
}

/// One label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Label {
    pub(crate) letters: String,
    pub(crate) target: Target,
    /// Where it stands, from the first to the last column, row by row of the pane.
    pub(crate) places: Vec<(u16, u16, u16)>,
}

impl Hints {
    /// Labels for what is shown: the same text has the same label, and what stands lowest, nearest to
    /// where one types, has the first.
    fn new<'a>(pane: PaneId, rows: impl Iterator<Item = &'a Row>) -> Self {
        let rows: Vec<&Row> = rows.collect();
        let mut labels: Vec<Label> = Vec::new();
        let mut first = 0;
        while first < rows.len() {
            let mut next = first + 1;
            while next < rows.len() && rows[next - 1].wrapped {
                next += 1;
            }
            let line = LineText::of(rows[first..next].iter().copied(), first);
            for (target, (from, to)) in find::all(&line, &rows[first..next], first) {
                let places = places(from, to);
                match labels.iter_mut().find(|label| label.target.text == target.text) {
                    Some(label) => label.places.extend(places),
                    None => labels.push(Label { letters: String::new(), target, places }),
                }
            }
            first = next;
        }
        labels.reverse();
        let names = letters(labels.len());
        for (label, name) in labels.iter_mut().zip(names) {
            label.letters = name;
        }
        Self { pane, labels, typed: String::new() }
    }

    /// The labels that what was typed can still become.
    pub(crate) fn possible(&self) -> impl Iterator<Item = &Label> {
        self.labels.iter().filter(|label| label.letters.starts_with(&self.typed))
    }
}

fn places(from: Spot, to: Spot) -> Vec<(u16, u16, u16)> {
    (from.row..=to.row)
        .filter_map(|row| {
            let start = if row == from.row { from.col } else { 0 };
            let end = if row == to.row { to.col } else { u16::MAX };
            Some((u16::try_from(row).ok()?, start, end))
        })
        .collect()
}

/// So many labels, none of which begins with another.
fn letters(count: usize) -> Vec<String> {
    if count <= LETTERS.len() {
        return LETTERS.chars().take(count).map(String::from).collect();
    }
    let pairs = LETTERS.chars().flat_map(|a| LETTERS.chars().map(move |b| format!("{a}{b}")));
    pairs.take(count).collect()
}

impl App {
    pub(super) fn show_hints(&mut self, mirrors: &impl Mirrors) {
        let pane = self.pane;
        let hints = match self.scroll_of(pane) {
            Some(scroll) => Hints::new(pane, Scroll::shown(scroll).map(|(_, row)| row)),
            None => match mirrors.mirror(pane) {
                Some(mirror) => Hints::new(pane, mirror.rows().iter().map(AsRef::as_ref)),
                None => return,
            },
        };
        if hints.labels.is_empty() {
            self.note_key("hints-none");
        } else {
            self.layers.push(Layer::Hints(hints));
        }
    }

    /// A letter of a label; an upper-case one at its end opens.
    pub(super) fn hint_typed(&mut self, text: &str, now: Instant, effects: &mut Vec<Effect>) {
        let Some(Layer::Hints(hints)) = self.layers.last_mut() else { return };
        hints.typed.push_str(&text.to_lowercase());
        let chosen = hints.labels.iter().find(|label| label.letters == hints.typed);
        let Some(target) = chosen.map(|label| label.target.clone()) else {
            if hints.possible().next().is_none() {
                self.layers.pop();
            }
            return;
        };
        self.layers.pop();
        if text.chars().any(char::is_uppercase) {
            self.open_target(&target, now, effects);
        } else {
            self.layers.retain(|layer| !matches!(layer, Layer::Scroll(_)));
            self.copy(target.text, effects);
        }
    }

    /// Opens what somebody pointed at, by a rule for each kind and never by itself.
    fn open_target(&mut self, target: &Target, now: Instant, effects: &mut Vec<Effect>) {
        match &target.kind {
            Kind::Address if !find::may_open(&target.text) => {
                self.note_with("open-refused", &[("text", &target.text)]);
            }
            Kind::Address if self.settings.opener.is_empty() => self.note_key("open-no-opener"),
            Kind::Address => {
                let mut command = self.settings.opener.clone();
                command.push(target.text.clone());
                self.note_with("opened", &[("text", &target.text)]);
                effects.push(Effect::Open(command));
            }
            Kind::File { path, line } => {
                let (path, line) = (path.clone(), *line);
                self.edit_at(&path, line, now, effects);
            }
            Kind::Word => self.note_key("open-nothing"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_label_begins_with_another() {
        for count in [0, 1, 26, 27, 100, 676] {
            let labels = letters(count);
            assert_eq!(labels.len(), count);
            let lengths: std::collections::HashSet<usize> =
                labels.iter().map(String::len).collect();
            assert!(lengths.len() <= 1, "{count}");
        }
    }
}
