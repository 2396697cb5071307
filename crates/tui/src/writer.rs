//! From one picture to the next in as few bytes as is sensible. Owns every escape sequence that
//! reaches the outer terminal while it is drawn on, and what that terminal now shows.

mod cells;
mod colors;
mod images;
mod modes;
mod sgr;
mod sixels;

use std::io::Write as _;

use ccc_vt::{Cell, Cursor, CursorShape, Link, Progress, Row, Size, Style, Underline};
use crossterm::clipboard::CopyToClipboard;
use crossterm::cursor::{Hide, MoveTo, SetCursorStyle, Show};
use crossterm::terminal::{
    BeginSynchronizedUpdate, Clear, ClearType, EndSynchronizedUpdate, SetTitle,
};
use crossterm::{QueueableCommand as _, queue};
use ratatui::layout::Rect;

pub(crate) use self::colors::ColorDepth;
use self::images::Images;
use self::modes::{Modes, write_progress};
use crate::outer::{Abilities, Notify};
use crate::surface::{Patch, Surface, Wants};

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
        let cols = shown.size().cols;
        for (y, new) in patch.lines(cols) {
            self.draw_line((y, cols), Some(&shown.cells(y)), &new, &[], out);
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

/// Columns that the cells of a row take.
fn columns(row: &Row) -> usize {
    row.cells.iter().map(|cell| usize::from(cell.width.max(1))).sum()
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
