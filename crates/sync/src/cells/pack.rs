//! Cells to runs. Nothing is allocated per cell: text grows in its run, styles and links are looked
//! up in tables, and the last style is remembered.

use std::collections::HashMap;
use std::sync::Arc;

use ccc_proto::{RowRun, WireLink, WireStyle};
use ccc_vt::{Link, LinkId, Style};

use super::hasher::Seeded;
use crate::terms;

/// Styles of one message that have colours; the places after them, up to `u16`, are kept for
/// colourless ones, so that a screen of more colours than fit still shows its attributes.
const COLORED_STYLES: usize = 65_000;

/// Bytes that a message may still take. What does not fit is left out, never half of a number.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Budget(usize);

impl Budget {
    pub(crate) const fn new(bytes: usize) -> Self {
        Self(bytes)
    }

    /// Takes `bytes`, all or nothing.
    pub(crate) fn take(&mut self, bytes: usize) -> bool {
        match self.0.checked_sub(bytes) {
            Some(rest) => {
                self.0 = rest;
                true
            }
            None => false,
        }
    }

    pub(crate) const fn left(self) -> usize {
        self.0
    }
}

/// Index of the default style.
const DEFAULT: u16 = 0;
/// The most bytes a style takes: three colours of five bytes and three numbers of three.
const STYLE_BYTES: usize = 24;
/// The most bytes a run takes beside its text: style, width and two lengths.
const RUN_BYTES: usize = 3 + 1 + 5 + 5;

/// The link of a cell: by its name in its screen, or, in a line that has left its screen, shared.
#[derive(Clone, Copy, Debug)]
pub(crate) enum CellLink<'a> {
    Named(LinkId, &'a Link),
    Shared(&'a Arc<Link>),
}

/// How a link is told from another one without reading it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum LinkKey {
    Named(LinkId),
    /// Where a shared link lies.
    At(usize),
}

impl CellLink<'_> {
    fn key(self) -> LinkKey {
        match self {
            Self::Named(id, _) => LinkKey::Named(id),
            Self::Shared(link) => LinkKey::At(Arc::as_ptr(link).addr()),
        }
    }
}

/// The tables of one message while it is written.
#[derive(Debug)]
pub(crate) struct Packer {
    pub(crate) styles: Vec<WireStyle>,
    pub(crate) links: Vec<WireLink>,
    pub(crate) budget: Budget,
    style_index: HashMap<WireStyle, u16, Seeded>,
    link_index: HashMap<LinkKey, u16>,
    /// The shared links in the index, held so that no other link comes to lie in their place.
    held: Vec<Arc<Link>>,
    /// The style asked for last, with its answer: neighbours mostly share it.
    last: Option<(Style, Option<LinkKey>, u16)>,
}

impl Packer {
    pub(crate) fn new(budget: Budget) -> Self {
        let default = terms::wire_style(&Style::default(), 0);
        let mut style_index = HashMap::with_hasher(Seeded::new());
        style_index.insert(default, DEFAULT);
        Self {
            // What no longer fits falls back to the first style, so there always is one.
            styles: vec![default],
            links: Vec::new(),
            budget,
            style_index,
            link_index: HashMap::new(),
            held: Vec::new(),
            last: None,
        }
    }

    /// Index of a style. `style.link` is not read: the link comes beside it.
    fn style(&mut self, style: &Style, link: Option<CellLink<'_>>) -> u16 {
        let key = link.map(CellLink::key);
        if let Some((last, last_link, index)) = &self.last
            && last == style
            && *last_link == key
        {
            return *index;
        }
        let link = link.map_or(0, |link| self.link(link));
        let index = self.index_of(terms::wire_style(style, link));
        self.last = Some((*style, key, index));
        index
    }

    fn index_of(&mut self, style: WireStyle) -> u16 {
        if let Some(index) = self.style_index.get(&style) {
            return *index;
        }
        let colored = style.fg.0 | style.bg.0 | style.underline_color.0 != 0;
        let room = if colored { COLORED_STYLES } else { usize::from(u16::MAX) };
        match u16::try_from(self.styles.len()) {
            Ok(index) if self.styles.len() < room && self.budget.take(STYLE_BYTES) => {
                self.styles.push(style);
                self.style_index.insert(style, index);
                index
            }
            _ if colored => {
                let plain = WireStyle {
                    fg: Default::default(),
                    bg: Default::default(),
                    underline_color: Default::default(),
                    ..style
                };
                self.index_of(plain)
            }
            _ => DEFAULT,
        }
    }

    /// Index plus one of a link; 0 for one that cannot be sent.
    fn link(&mut self, cell_link: CellLink<'_>) -> u16 {
        let key = cell_link.key();
        if let Some(index) = self.link_index.get(&key) {
            return *index;
        }
        let link = match cell_link {
            CellLink::Named(_, link) => link,
            CellLink::Shared(link) => {
                self.held.push(Arc::clone(link));
                link
            }
        };
        // A reader refuses control characters, so a link with one is no link.
        let plain = !link.id.contains(char::is_control) && !link.uri.contains(char::is_control);
        let bytes = link.id.len() + link.uri.len() + 2 * 5;
        let index = match u16::try_from(self.links.len() + 1) {
            Ok(index) if plain && self.budget.take(bytes) => {
                self.links.push(WireLink { id: link.id.clone(), uri: link.uri.clone() });
                index
            }
            _ => 0,
        };
        self.link_index.insert(key, index);
        index
    }
}

/// Writes the cells of one row or line.
#[derive(Debug)]
pub(crate) struct RunWriter<'a> {
    packer: &'a mut Packer,
    runs: Vec<RowRun>,
    /// The run that is being written, not yet in `runs`; no run while its text is empty.
    run: RowRun,
    /// Cells of `run`.
    cells: usize,
    /// Blank default cells seen and not written: those at the end never are.
    blanks: usize,
    /// Whether the budget ran out.
    full: bool,
}

impl<'a> RunWriter<'a> {
    pub(crate) fn new(packer: &'a mut Packer) -> Self {
        let run = RowRun { style: DEFAULT, width: 1, text: String::new(), clusters: Vec::new() };
        Self { packer, runs: Vec::new(), run, cells: 0, blanks: 0, full: false }
    }

    /// Adds the cell to the right.
    pub(crate) fn cell(
        &mut self,
        text: &str,
        width: u8,
        style: &Style,
        link: Option<CellLink<'_>>,
    ) {
        let style = self.packer.style(style, link);
        // A reader refuses control characters; the engine writes none into a cell.
        let blank = match text.as_bytes() {
            [] | [b' '] => true,
            [byte] => byte.is_ascii_control(),
            _ => text.contains(char::is_control),
        };
        if !blank {
            self.write_blanks();
            self.put(text, width, style);
        } else if style == DEFAULT {
            self.blanks += usize::from(width);
        } else {
            self.write_blanks();
            (0..width).for_each(|_| self.put(" ", 1, style));
        }
    }

    fn write_blanks(&mut self) {
        for _ in 0..std::mem::take(&mut self.blanks) {
            self.put(" ", 1, DEFAULT);
        }
    }

    fn put(&mut self, text: &str, width: u8, style: u16) {
        let joins = self.run.style == style && self.run.width == width && !self.run.text.is_empty();
        let bytes = text.len() + 1 + if joins { 0 } else { RUN_BYTES };
        if self.full || !self.packer.budget.take(bytes) {
            self.full = true;
            return;
        }
        if !joins {
            self.end_run();
            (self.run.style, self.run.width) = (style, width);
        }
        let run = &mut self.run;
        let characters = if text.len() == 1 { 1 } else { text.chars().count() };
        if characters != 1 && run.clusters.is_empty() {
            // Until now every cell was one character.
            run.clusters.resize(self.cells, 1);
        }
        if characters != 1 || !run.clusters.is_empty() {
            // A cluster has at most 64 bytes.
            run.clusters.push(u8::try_from(characters).unwrap_or(u8::MAX));
        }
        run.text.push_str(text);
        self.cells += 1;
    }

    fn end_run(&mut self) {
        self.cells = 0;
        if !self.run.text.is_empty() {
            let next = RowRun { text: String::new(), clusters: Vec::new(), ..self.run };
            self.runs.push(std::mem::replace(&mut self.run, next));
        }
    }

    /// The runs; `None` when the budget ended before the cells did.
    pub(crate) fn finish(mut self) -> Option<Vec<RowRun>> {
        self.end_run();
        (!self.full).then_some(self.runs)
    }
}
