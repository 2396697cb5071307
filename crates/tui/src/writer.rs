//! From one picture to the next in as few bytes as is sensible. Owns every escape sequence that
//! reaches the outer terminal while it is drawn on, and what that terminal now shows.

mod colors;
mod images;
mod sgr;
mod sixels;

use std::io::Write as _;

use ccc_vt::{Cell, Cursor, CursorShape, KittyFlags, Link, Progress, Row, Size, Style, Underline};
use crossterm::clipboard::CopyToClipboard;
use crossterm::cursor::{Hide, MoveTo, SetCursorStyle, Show};
use crossterm::terminal::{
    BeginSynchronizedUpdate, Clear, ClearType, EndSynchronizedUpdate, SetTitle,
};
use crossterm::{QueueableCommand as _, queue};
use ratatui::layout::Rect;

pub(crate) use self::colors::ColorDepth;
use self::images::Images;
use crate::image::Graphics;
use crate::outer::{Abilities, Notify};
use crate::surface::{Patch, Surface, Wants};

/// A gap of unchanged cells up to this long is cheaper to write again than to jump over.
const CHEAP_GAP: usize = 4;

/// Draws pictures on an outer terminal. Keeps what it drew last.
#[derive(Debug)]
pub(crate) struct Writer {
    abilities: Abilities,
    /// What it was told to send and to do; `None` while it is as the terminal was taken over.
    modes: Option<Modes>,
    shown: Option<Surface>,
    /// The look that the terminal's pen has; `None` when it is not known.
    pen: Option<Style>,
    link: Option<std::sync::Arc<Link>>,
    /// Where the terminal's cursor stands, when that is known.
    position: Option<(u16, u16)>,
    /// How it looks, when that is known.
    cursor: Option<(CursorShape, bool)>,
    images: Images,
    /// Where cells were written for the picture being drawn, as far as that matters to images.
    written: Vec<Rect>,
}

/// Where an update begins in what is written, and where what it changes does.
#[derive(Clone, Copy, Debug)]
struct Update {
    start: usize,
    begun: usize,
}

/// What follows from what the terminal can and what the picture wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Modes {
    abilities: Abilities,
    wants: Wants,
}

impl Writer {
    /// A writer to a terminal that can do this.
    pub(crate) fn new(abilities: Abilities) -> Self {
        Self {
            abilities,
            modes: None,
            shown: None,
            pen: None,
            link: None,
            position: None,
            cursor: None,
            images: Images::default(),
            written: Vec::new(),
        }
    }

    /// Forgets what the terminal shows: its size changed.
    pub(crate) fn forget(&mut self) {
        // What it holds of images it is told to forget, before anything is drawn.
        let images = std::mem::take(&mut self.images);
        *self = Self { modes: self.modes, images, ..Self::new(self.abilities) };
    }

    /// Forgets all about the terminal: it was given to somebody else meanwhile.
    pub(crate) fn begin_again(&mut self) {
        *self = Self::new(self.abilities);
    }

    /// More is known of the terminal.
    pub(crate) fn learn(&mut self, abilities: Abilities) {
        if self.abilities != abilities {
            self.abilities = abilities;
            self.forget();
        }
    }

    /// The picture that is shown, if it is known.
    pub(crate) const fn shown(&self) -> Option<&Surface> {
        self.shown.as_ref()
    }

    /// Appends what turns the shown picture into the next one, as one synchronized update; nothing
    /// when they are alike.
    pub(crate) fn draw(&mut self, next: Surface, out: &mut Vec<u8>) {
        self.draw_modes(next.wants, out);
        let update = self.begin(out);
        let same_size = self.shown.as_ref().is_some_and(|shown| shown.size() == next.size());
        let shown = self.shown.take().filter(|_| same_size);
        if shown.is_none() {
            self.clear(&next, out);
        }
        let graphics = self.abilities.graphics;
        let left = self.images.left(graphics, next.placed());
        self.written.clear();
        self.draw_cells(shown.as_ref(), &next, &left, out);
        self.draw_images(&next, out);
        let shown = shown.as_ref();
        let alike = shown.map(|shown| (shown.title == next.title, shown.cursor == next.cursor));
        self.end(update, alike.unwrap_or_default(), (&next.title, next.cursor), out);
        self.shown = Some(next);
    }

    /// The same for a picture of which only lines are others; without one that is shown, nothing. It has no
    /// images, as the one that is shown.
    pub(crate) fn redraw(&mut self, patch: Patch, out: &mut Vec<u8>) {
        self.draw_modes(patch.wants, out);
        let Some(mut shown) = self.shown.take() else { return };
        let update = self.begin(out);
        self.written.clear();
        for (y, new) in patch.lines(shown.size().cols) {
            self.draw_line(y, Some(&shown.row(y)), &new, &[], out);
        }
        let alike = (shown.title == patch.title, shown.cursor == patch.cursor);
        self.end(update, alike, (&patch.title, patch.cursor), out);
        shown.lay(patch);
        self.shown = Some(shown);
    }

    fn begin(&self, out: &mut Vec<u8>) -> Update {
        let start = out.len();
        // Writing to memory does not fail.
        if self.abilities.synchronized {
            let _written = queue!(out, BeginSynchronizedUpdate);
        }
        let _written = queue!(out, Hide);
        Update { start, begun: out.len() }
    }

    /// Ends an update with title and cursor, of which is known whether each is as it was.
    fn end(
        &mut self,
        update: Update,
        (same_title, same_cursor): (bool, bool),
        (title, cursor): (&str, Option<Cursor>),
        out: &mut Vec<u8>,
    ) {
        let same_cells = out.len() == update.begun;
        if same_cells && same_title && same_cursor {
            out.truncate(update.start);
            return;
        }
        if !same_title {
            let _written = out.queue(SetTitle(title));
        }
        self.draw_cursor(cursor, out);
        if self.abilities.synchronized {
            let _written = out.queue(EndSynchronizedUpdate);
        }
    }

    /// Makes the terminal as blank as a picture of which nothing is shown.
    fn clear(&mut self, next: &Surface, out: &mut Vec<u8>) {
        self.pen = None;
        self.set_style(&Style::default(), None, out);
        // Nor is it known whether a link is open: closing none does nothing.
        write_link(None, out);
        if next.wants.own {
            // Many terminals keep in their scrollback what is cleared as a whole.
            for y in 0..next.size().rows {
                let _written = queue!(out, MoveTo(0, y), Clear(ClearType::CurrentLine));
            }
        } else {
            out.extend_from_slice(b"\x1b[2J");
        }
        self.position = None;
        self.images.clear(out);
    }

    /// Lets rows go into the outer terminal's own scrollback: they are written where the screen begins, and
    /// pushed up by the picture that is then drawn below them.
    pub(crate) fn scroll(&mut self, rows: &[Row], next: Surface, out: &mut Vec<u8>) {
        self.draw_modes(next.wants, out);
        if self.abilities.synchronized {
            let _written = queue!(out, BeginSynchronizedUpdate);
        }
        let _written = queue!(out, Hide, MoveTo(0, 0));
        // Sixels are written over.
        self.images.take_away(out);
        let size = next.size();
        let blank = Surface::new(Size { rows: 1, ..size });
        for row in rows {
            let mut line = blank.clone();
            line.draw_row(line.area(), 0, row);
            self.write_line(&line.row(0), row.wrapped.then(|| columns(row)), out);
            if !row.wrapped {
                out.extend_from_slice(b"\r\n");
            }
        }
        for y in 0..size.rows {
            self.write_line(&next.row(y), None, out);
            if y + 1 < size.rows {
                out.extend_from_slice(b"\r\n");
            }
        }
        self.position = None;
        self.written.clear();
        self.draw_images(&next, out);
        self.draw_cursor(next.cursor, out);
        if self.abilities.synchronized {
            let _written = queue!(out, EndSynchronizedUpdate);
        }
        self.shown = Some(next);
    }

    /// Writes a line from its first column. One that the terminal itself is to wrap is as long as it says,
    /// blanks and all; of others the blanks at the end are erased.
    fn write_line(&mut self, cells: &[Cell], wraps_at: Option<usize>, out: &mut Vec<u8>) {
        let text = || cells.iter().rposition(|cell| *cell != Cell::blank()).map_or(0, |at| at + 1);
        let end = wraps_at.unwrap_or_else(text);
        for cell in cells.iter().take(end).filter(|cell| cell.width > 0) {
            self.set_style(&cell.style, cell.link.as_ref(), out);
            // A piece of an image would name one of the outer terminal's.
            out.extend_from_slice(cell.as_read().as_bytes());
        }
        self.set_style(&Style::default(), None, out);
        if end < cells.len() {
            out.extend_from_slice(b"\x1b[K");
        }
    }

    /// Puts text on the outer terminal's clipboard (OSC 52). A terminal that does not know it shows
    /// nothing.
    pub(crate) fn copy(&self, text: &str, out: &mut Vec<u8>) {
        let _written = out.queue(CopyToClipboard::to_clipboard_from(text));
    }

    /// Tells the person something that a program has to say, by the desktop.
    pub(crate) fn notify(&self, title: &str, body: &str, out: &mut Vec<u8>) {
        let line = |text: &str| text.chars().filter(|c| !c.is_control()).collect::<String>();
        let (title, body) = (line(title), line(body));
        let _written = match self.abilities.notify {
            // Fields are told apart by `;`.
            Notify::Titled => {
                write!(out, "\x1b]777;notify;{};{body}\x1b\\", title.replace(';', ","))
            }
            Notify::Kitty => {
                write!(out, "\x1b]99;d=0;{title}\x1b\\\x1b]99;d=1:p=body;{body}\x1b\\")
            }
            Notify::Plain if title.is_empty() => write!(out, "\x1b]9;{body}\x1b\\"),
            Notify::Plain => write!(out, "\x1b]9;{title}: {body}\x1b\\"),
        };
    }

    /// Takes back what the terminal would go on showing when it is ours no more.
    pub(crate) fn finish(&mut self, out: &mut Vec<u8>) {
        if self.modes.is_some_and(|modes| modes.wants.progress != Progress::None) {
            write_progress(Progress::None, out);
        }
        self.images.clear(out);
        if let Some(modes) = self.modes.filter(|modes| modes.wants.alternate) {
            self.change_screen(Wants { alternate: false, ..modes.wants }, out);
        }
        self.modes = None;
    }

    /// Switches on what the picture needs, as far as the terminal knows it, and off what it needs no more.
    fn draw_modes(&mut self, wants: Wants, out: &mut Vec<u8>) {
        let next = Modes { abilities: self.abilities, wants };
        if self.modes == Some(next) {
            return;
        }
        let before = self.modes.replace(next);
        if before.is_some_and(|modes| modes.wants.alternate) != wants.alternate {
            self.shown = None;
            // Each screen has images of its own.
            self.images.clear(out);
            self.change_screen(wants, out);
        }
        let had = |ask: Asks| before.as_ref().is_some_and(ask);
        for (mode, ask) in MODES {
            if had(*ask) != ask(&next) {
                let last = if ask(&next) { 'h' } else { 'l' };
                let _written = write!(out, "\x1b[?{mode}{last}");
            }
        }
        if next.abilities.other_keys && !had(|modes| modes.abilities.other_keys) {
            out.extend_from_slice(b"\x1b[>4;2m");
            // A terminal that takes it for a look gets its pen back.
            self.pen = None;
        }
        let keys = before.map_or(KittyFlags::DISAMBIGUATE, |modes| modes.wants.keys);
        if next.abilities.kitty_keys && keys != wants.keys {
            let _written = write!(out, "\x1b[={};1u", wants.keys.bits());
        }
        let progress = before.map_or(Progress::None, |modes| modes.wants.progress);
        if next.abilities.progress && progress != wants.progress {
            write_progress(wants.progress, out);
        }
    }

    /// Goes to the terminal's other screen, or back to its own. Each has its own way to tell keys, and the
    /// other one is left as it was found.
    fn change_screen(&self, wants: Wants, out: &mut Vec<u8>) {
        let keys = self.abilities.kitty_keys;
        let _written = match (wants.alternate, keys) {
            (true, true) => write!(out, "\x1b[?1049h\x1b[={};1u", wants.keys.bits()),
            (true, false) => write!(out, "\x1b[?1049h"),
            (false, true) => write!(out, "\x1b[=0;1u\x1b[?1049l\x1b[={};1u", wants.keys.bits()),
            (false, false) => write!(out, "\x1b[?1049l"),
        };
    }

    fn draw_images(&mut self, next: &Surface, out: &mut Vec<u8>) {
        let graphics = self.abilities.graphics;
        if !self.images.differ(next.placed()) && self.written.is_empty() {
            return;
        }
        let written = |area: Rect| self.written.iter().any(|cells| cells.intersects(area));
        let begun = out.len();
        let bottom = next.size().rows;
        self.images.draw(graphics, next.placed(), bottom, written, out);
        if out.len() > begun {
            self.position = None;
        }
    }

    /// Writes the cells that changed, and all in the areas that images have left.
    fn draw_cells(
        &mut self,
        shown: Option<&Surface>,
        next: &Surface,
        left: &[Rect],
        out: &mut Vec<u8>,
    ) {
        for y in 0..next.size().rows {
            let was_left = left.iter().any(|area| (area.top()..area.bottom()).contains(&y));
            if !was_left && shown.is_some_and(|shown| shown.shares_row(next, y)) {
                continue;
            }
            let new = next.row(y);
            let old = shown.map(|shown| shown.row(y));
            if !was_left && old.as_ref() == Some(&new) {
                continue;
            }
            self.draw_line(y, old.as_deref(), &new, left, out);
        }
    }

    /// Writes the cells of a line that are not as they are shown.
    fn draw_line(
        &mut self,
        y: u16,
        old: Option<&[Cell]>,
        new: &[Cell],
        left: &[Rect],
        out: &mut Vec<u8>,
    ) {
        let in_left = |x: usize| {
            u16::try_from(x).is_ok_and(|x| left.iter().any(|area| area.contains((x, y).into())))
        };
        let changed = |x: usize| match (old, new.get(x)) {
            (_, Some(_)) if in_left(x) => true,
            (Some(old), Some(cell)) => old.get(x) != Some(cell),
            // A cleared terminal shows blanks already.
            (None, Some(cell)) => *cell != Cell::blank(),
            (_, None) => false,
        };
        let mut x = 0;
        while x < new.len() {
            if !changed(x) {
                x += 1;
                continue;
            }
            // A change in the second half of a wide cell is drawn with the first half.
            let from = if new[x].width == 0 { x.saturating_sub(1) } else { x };
            let mut to = x + 1;
            let mut gap = 0;
            for ahead in x + 1..new.len() {
                if changed(ahead) {
                    to = ahead + 1;
                    gap = 0;
                } else {
                    gap += 1;
                    if gap > CHEAP_GAP {
                        break;
                    }
                }
            }
            self.draw_run(y, from, &new[from..to], new.len(), out);
            x = to;
        }
    }

    fn draw_run(&mut self, y: u16, x: usize, cells: &[Cell], cols: usize, out: &mut Vec<u8>) {
        let Ok(mut x) = u16::try_from(x) else { return };
        if matches!(self.abilities.graphics, Graphics::Sixel { .. }) {
            let width = u16::try_from(cells.len()).unwrap_or(u16::MAX);
            self.written.push(Rect { x, y, width, height: 1 });
        }
        self.move_to(x, y, out);
        for cell in cells {
            if cell.width == 0 {
                continue;
            }
            self.set_style(&cell.style, cell.link.as_ref(), out);
            // A piece of an image would name one of the outer terminal's.
            let text = cell.as_read();
            out.extend_from_slice(text.as_bytes());
            x += u16::from(cell.width);
            // Terminals disagree about the width of clusters, and the last column leaves the
            // cursor in between: after either, the place is named anew.
            let sure = text.len() == 1 || text.chars().nth(1).is_none();
            self.position = (sure && usize::from(x) < cols).then_some((x, y));
            if self.position.is_none() && usize::from(x) < cols {
                self.move_to(x, y, out);
            }
        }
    }

    fn draw_cursor(&mut self, cursor: Option<Cursor>, out: &mut Vec<u8>) {
        let Some(cursor) = cursor.filter(|cursor| cursor.visible) else { return };
        self.move_to(cursor.col, cursor.row, out);
        let look = (cursor.shape, cursor.blink);
        if self.cursor.replace(look) != Some(look) {
            let _written = out.queue(cursor_style(cursor.shape, cursor.blink));
        }
        let _written = out.queue(Show);
    }

    fn move_to(&mut self, x: u16, y: u16, out: &mut Vec<u8>) {
        if self.position != Some((x, y)) {
            let _written = out.queue(MoveTo(x, y));
            self.position = Some((x, y));
        }
    }

    /// The look as far as the terminal can show it.
    fn within(&self, style: Style) -> Style {
        if self.abilities.underlines {
            return style;
        }
        let underline = match style.underline {
            Underline::None => Underline::None,
            _ => Underline::Single,
        };
        Style { underline, underline_color: ccc_vt::Color::Default, ..style }
    }

    fn set_style(&mut self, style: &Style, link: Option<&std::sync::Arc<Link>>, out: &mut Vec<u8>) {
        let style = &self.within(*style);
        if self.pen.as_ref() != Some(style) {
            sgr::change(self.pen.as_ref(), style, self.abilities.depth, out);
            self.pen = Some(*style);
        }
        if self.link.as_ref() != link {
            write_link(link.map(AsRef::as_ref), out);
            self.link = link.cloned();
        }
    }
}

type Asks = fn(&Modes) -> bool;

/// Columns that the cells of a row take.
fn columns(row: &Row) -> usize {
    row.cells.iter().map(|cell| usize::from(cell.width.max(1))).sum()
}

/// Private modes, and when they are to be on.
const MODES: &[(u16, Asks)] = &[
    // Presses, drags and the wheel, by cells in decimal.
    (1000, |modes| modes.wants.pointer),
    (1002, |modes| modes.wants.pointer),
    (1006, |modes| modes.wants.pointer),
    (1003, |modes| modes.wants.pointer && modes.wants.pointer_moves),
    (2027, |modes| modes.abilities.clusters),
    (2031, |modes| modes.abilities.theme_reports),
];

/// OSC 9;4.
fn write_progress(progress: Progress, out: &mut Vec<u8>) {
    let (state, percent) = match progress {
        Progress::None => (0, 0),
        Progress::Running(percent) => (1, percent),
        Progress::Failed(percent) => (2, percent),
        Progress::Indeterminate => (3, 0),
        Progress::Paused(percent) => (4, percent),
    };
    let _written = write!(out, "\x1b]9;4;{state};{percent}\x1b\\");
}

const fn cursor_style(shape: CursorShape, blink: bool) -> SetCursorStyle {
    match (shape, blink) {
        (CursorShape::Block, true) => SetCursorStyle::BlinkingBlock,
        (CursorShape::Block, false) => SetCursorStyle::SteadyBlock,
        (CursorShape::Underline, true) => SetCursorStyle::BlinkingUnderScore,
        (CursorShape::Underline, false) => SetCursorStyle::SteadyUnderScore,
        (CursorShape::Bar, true) => SetCursorStyle::BlinkingBar,
        (CursorShape::Bar, false) => SetCursorStyle::SteadyBar,
        _ => SetCursorStyle::DefaultUserShape,
    }
}

/// OSC 8, which opens a link or, with nothing, closes the one that is open.
fn write_link(link: Option<&Link>, out: &mut Vec<u8>) {
    let printable = |text: &str| text.chars().all(|c| !c.is_control());
    let (id, uri) = match link {
        // Nothing that a program chose may end the sequence early.
        Some(link)
            if printable(&link.uri) && printable(&link.id) && !link.id.contains([':', ';']) =>
        {
            (link.id.as_str(), link.uri.as_str())
        }
        _ => ("", ""),
    };
    let params = if id.is_empty() { String::new() } else { format!("id={id}") };
    let _written = write!(out, "\x1b]8;{params};{uri}\x1b\\");
}

#[cfg(test)]
mod tests;
