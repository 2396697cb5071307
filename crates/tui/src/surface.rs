//! What the outer terminal is to show: one grid of cells, a cursor, a title. Owns the composing of
//! pane rows, chrome and overlays into one picture. Knows no escape sequence and no program state.

use std::borrow::Cow;
use std::sync::Arc;

use ccc_vt::{Attrs, Cell, Color, Cursor, KittyFlags, Progress, Row, Size, Style, Text, Underline};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color as ChromeColor, Modifier};

use crate::image::Placed;

/// A full picture.
#[derive(Clone, Debug)]
pub(crate) struct Surface {
    size: Size,
    lines: Vec<Line>,
    /// Where the cursor is shown, if at all.
    pub(crate) cursor: Option<Cursor>,
    /// The outer terminal's title.
    pub(crate) title: String,
    pub(crate) wants: Wants,
    /// Images, bottom to top. Nothing was drawn over any of them.
    placed: Vec<Placed>,
}

/// What the programs in the picture want of the terminal beside cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Wants {
    /// The outer terminal's own screen is drawn on, the one with the scrollback.
    pub(crate) own: bool,
    /// The outer terminal's other screen, when its own one is drawn on.
    pub(crate) alternate: bool,
    /// The mouse is ours and the programs'; else it is left to the terminal.
    pub(crate) pointer: bool,
    /// All movement of the pointer, with no button held too.
    pub(crate) pointer_moves: bool,
    /// How keys are told.
    pub(crate) keys: KittyFlags,
    /// Of the pane in focus.
    pub(crate) progress: Progress,
}

impl Default for Wants {
    fn default() -> Self {
        let keys = KittyFlags::DISAMBIGUATE;
        Self {
            own: false,
            alternate: false,
            pointer: true,
            pointer_moves: false,
            keys,
            progress: Progress::None,
        }
    }
}

/// One line of a picture. Most lines of most pictures are a row of a pane and nothing else, the same as
/// in the picture before: these are neither copied nor looked at.
#[derive(Clone, Debug)]
enum Line {
    Blank,
    Row(Arc<Row>),
    /// As many cells as there are columns. Those of width 0 are the second halves of wide ones.
    Cells(Vec<Cell>),
}

impl Line {
    /// Its cells, one for each column; blank ones at the end may be left out. A row of narrow cells is its own.
    fn cells(&self, cols: u16) -> Cow<'_, [Cell]> {
        match self {
            Self::Blank => Cow::Borrowed(&[]),
            Self::Row(row) if row.cells.iter().all(|cell| cell.width == 1) => {
                Cow::Borrowed(&row.cells)
            }
            Self::Row(row) => {
                let mut line = vec![Cell::blank(); usize::from(cols)];
                draw_cells(&row.cells, &mut line);
                Cow::Owned(line)
            }
            Self::Cells(cells) => Cow::Borrowed(cells),
        }
    }

    /// Its cells, one for each column to the last.
    fn all_cells(&self, cols: u16) -> Cow<'_, [Cell]> {
        let mut cells = self.cells(cols);
        if cells.len() < usize::from(cols) {
            cells.to_mut().resize(usize::from(cols), Cell::blank());
        }
        cells
    }

    /// Its cells, to be drawn over.
    fn cells_mut(&mut self, cols: u16) -> &mut [Cell] {
        if !matches!(self, Self::Cells(_)) {
            *self = Self::Cells(self.all_cells(cols).into_owned());
        }
        match self {
            Self::Cells(cells) => cells,
            Self::Blank | Self::Row(_) => &mut [],
        }
    }

    /// Draws a row into the columns of an area. One that has a blank line for itself is not copied.
    fn draw_shared(&mut self, cols: u16, area: Rect, row: &Arc<Row>) {
        let alone = matches!(self, Self::Blank)
            && area.x == 0
            && area.width >= cols
            && fits(row, usize::from(cols));
        if alone {
            *self = Self::Row(Arc::clone(row));
        } else {
            self.draw(cols, area, row);
        }
    }

    fn draw(&mut self, cols: u16, area: Rect, row: &Row) {
        let columns = usize::from(area.left())..usize::from(area.right());
        if let Some(line) = self.cells_mut(cols).get_mut(columns) {
            draw_cells(&row.cells, line);
        }
    }
}

/// The lines of a picture that are others now, and what goes with all of them. Made of the picture it is
/// to be laid over.
#[derive(Clone, Debug, Default)]
pub(crate) struct Patch {
    /// From top to bottom, each once.
    lines: Vec<(u16, Line)>,
    pub(crate) cursor: Option<Cursor>,
    pub(crate) title: String,
    pub(crate) wants: Wants,
}

impl Patch {
    /// Draws a row into one line of an area, as [`Surface::draw_shared_row`] does; what else that line
    /// holds is taken from the picture before.
    pub(crate) fn draw_row(&mut self, before: &Surface, area: Rect, y: u16, row: &Arc<Row>) {
        let mut line = match self.lines.iter().find(|(at, _)| *at == y) {
            Some((_, line)) => line.clone(),
            None if area.x == 0 && area.width >= before.size.cols => Line::Blank,
            None => before.lines.get(usize::from(y)).cloned().unwrap_or(Line::Blank),
        };
        if area.contains((area.x, y).into()) {
            line.draw_shared(before.size.cols, area.intersection(before.area()), row);
            let place = self.lines.partition_point(|(at, _)| *at < y);
            match self.lines.get_mut(place).filter(|(at, _)| *at == y) {
                Some((_, known)) => *known = line,
                None => self.lines.insert(place, (y, line)),
            }
        }
    }

    /// Draws one cell over a row of an area that was drawn before it, as [`Surface::draw_cell`] does.
    pub(crate) fn draw_cell(
        &mut self,
        before: &Surface,
        area: Rect,
        col: u16,
        row: u16,
        cell: &Cell,
    ) {
        let Some((x, y)) = cell_in(area.intersection(before.area()), col, row, cell) else {
            return;
        };
        if let Some((_, line)) = self.lines.iter_mut().find(|(at, _)| *at == y) {
            draw_cell(line.cells_mut(before.size.cols), x, cell);
        }
    }

    /// Its lines, with the cells that each has in a picture of so many columns; blank ones at the end may be
    /// left out.
    pub(crate) fn lines(&self, cols: u16) -> impl Iterator<Item = (u16, Cow<'_, [Cell]>)> {
        self.lines.iter().map(move |(y, line)| (*y, line.cells(cols)))
    }
}

impl Surface {
    /// A blank picture.
    pub(crate) fn new(size: Size) -> Self {
        let lines = vec![Line::Blank; usize::from(size.rows)];
        Self {
            size,
            lines,
            cursor: None,
            title: String::new(),
            wants: Wants::default(),
            placed: Vec::new(),
        }
    }

    /// Its size.
    pub(crate) const fn size(&self) -> Size {
        self.size
    }

    /// The images in it.
    pub(crate) fn placed(&self) -> &[Placed] {
        &self.placed
    }

    /// Adds an image; one that is not within the picture is left out.
    pub(crate) fn place(&mut self, placed: Placed) {
        if !placed.area.is_empty() && placed.area.intersection(self.area()) == placed.area {
            self.placed.push(placed);
        }
    }

    /// The whole area.
    pub(crate) const fn area(&self) -> Rect {
        Rect { x: 0, y: 0, width: self.size.cols, height: self.size.rows }
    }

    /// The cells of one row, to the last column.
    pub(crate) fn row(&self, y: u16) -> Cow<'_, [Cell]> {
        let line = self.lines.get(usize::from(y));
        line.map_or(Cow::Borrowed(&[]), |line| line.all_cells(self.size.cols))
    }

    /// The same; blank cells at the end may be left out.
    pub(crate) fn cells(&self, y: u16) -> Cow<'_, [Cell]> {
        let line = self.lines.get(usize::from(y));
        line.map_or(Cow::Borrowed(&[]), |line| line.cells(self.size.cols))
    }

    /// Whether a line of another picture of this size is known to be the same, without looking at it
    /// closely.
    pub(crate) fn shares_row(&self, other: &Self, y: u16) -> bool {
        let y = usize::from(y);
        match (self.lines.get(y), other.lines.get(y)) {
            (Some(Line::Blank), Some(Line::Blank)) => true,
            (Some(Line::Row(one)), Some(Line::Row(two))) => Arc::ptr_eq(one, two),
            _ => false,
        }
    }

    fn row_mut(&mut self, y: u16) -> &mut [Cell] {
        let cols = self.size.cols;
        self.lines.get_mut(usize::from(y)).map_or(&mut [], |line| line.cells_mut(cols))
    }

    /// Draws a row as [`Surface::draw_row`] does; one that has a line for itself is not copied.
    pub(crate) fn draw_shared_row(&mut self, area: Rect, y: u16, row: &Arc<Row>) {
        let area = area.intersection(self.area());
        let cols = self.size.cols;
        if let Some(line) = self.line_in(area, y) {
            line.draw_shared(cols, area, row);
        }
    }

    /// Draws a pane's row into one line of an area, from its left; what does not fit is cut, and a
    /// wide cell at the edge leaves a blank.
    pub(crate) fn draw_row(&mut self, area: Rect, y: u16, row: &Row) {
        let area = area.intersection(self.area());
        let cols = self.size.cols;
        if let Some(line) = self.line_in(area, y) {
            line.draw(cols, area, row);
        }
    }

    /// Draws one cell over what stands at a column and row of an area.
    pub(crate) fn draw_cell(&mut self, area: Rect, col: u16, row: u16, cell: &Cell) {
        if let Some((x, y)) = cell_in(area.intersection(self.area()), col, row, cell) {
            draw_cell(self.row_mut(y), x, cell);
        }
    }

    fn line_in(&mut self, area: Rect, y: u16) -> Option<&mut Line> {
        let within = (area.top()..area.bottom()).contains(&y);
        self.lines.get_mut(usize::from(y)).filter(|_| within)
    }

    /// Lays over it what has changed since.
    pub(crate) fn lay(&mut self, patch: Patch) {
        for (y, line) in patch.lines {
            if let Some(place) = self.lines.get_mut(usize::from(y)) {
                *place = line;
            }
        }
        (self.cursor, self.title, self.wants) = (patch.cursor, patch.title, patch.wants);
    }

    /// Draws what ratatui laid out. Chrome lies above panes: a half of a wide cell that it covers
    /// leaves a blank for the other half.
    pub(crate) fn draw_chrome(&mut self, chrome: &Buffer) {
        let area = chrome.area.intersection(self.area());
        // An image cannot be covered in part: it is gone while something lies over it.
        self.placed.retain(|placed| !placed.area.intersects(area));
        for y in area.top()..area.bottom() {
            let line = self.row_mut(y);
            mend_left(line, usize::from(area.left()));
            mend_right(line, usize::from(area.right()));
            let mut x = area.left();
            while x < area.right() {
                let Some(drawn) = chrome.cell((x, y)) else { break };
                let width = u16::from(ccc_vt::width(drawn.symbol()).clamp(1, 2));
                let fits = x + width <= area.right();
                let cell = Cell {
                    text: if fits { Text::new(drawn.symbol()) } else { Text::BLANK },
                    width: if fits { u8::try_from(width).unwrap_or(1) } else { 1 },
                    style: chrome_style(drawn),
                    link: None,
                };
                if fits
                    && width == 2
                    && let Some(slot) = line.get_mut(usize::from(x) + 1)
                {
                    *slot = second_half(&cell);
                }
                if let Some(slot) = line.get_mut(usize::from(x)) {
                    *slot = cell;
                }
                x += width;
            }
        }
    }

    /// Changes the look of every cell of an area and leaves the text.
    pub(crate) fn restyle(&mut self, area: Rect, mut change: impl FnMut(&mut Style)) {
        let area = area.intersection(self.area());
        for y in area.top()..area.bottom() {
            let cells =
                self.row_mut(y).get_mut(usize::from(area.left())..usize::from(area.right()));
            for cell in cells.unwrap_or_default() {
                change(&mut cell.style);
            }
        }
    }

    /// Puts a style of the chrome over every cell of an area: what it does not say stays.
    pub(crate) fn paint(&mut self, area: Rect, style: ratatui::style::Style) {
        let mut drawn = ratatui::buffer::Cell::default();
        drawn.set_style(style);
        let look = chrome_style(&drawn);
        self.restyle(area, |cell| {
            if style.fg.is_some() {
                cell.fg = look.fg;
            }
            if style.bg.is_some() {
                cell.bg = look.bg;
            }
            if look.attrs.contains(Attrs::INVERSE) {
                cell.attrs.toggle(Attrs::INVERSE);
            }
            cell.attrs.insert(look.attrs - Attrs::INVERSE);
            if look.underline != Underline::None {
                cell.underline = look.underline;
            }
        });
    }

    /// The picture as text, a line per row, without trailing blanks.
    #[cfg(test)]
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        for y in 0..self.size.rows {
            let line: String =
                self.row(y).iter().filter(|cell| cell.width > 0).map(Cell::as_read).collect();
            text.push_str(line.trim_end());
            text.push('\n');
        }
        text
    }
}

/// Whether a row has no more columns than this. Most have as many cells, each of one column.
fn fits(row: &Row, cols: usize) -> bool {
    let columns =
        |row: &Row| row.cells.iter().map(|cell| usize::from(cell.width.max(1))).sum::<usize>();
    row.cells.len() <= cols / 2 || columns(row) <= cols
}

/// Draws cells from the left; what does not fit is cut, a wide cell at the edge leaves a blank, and so
/// does what is missing.
fn draw_cells(cells: &[Cell], line: &mut [Cell]) {
    let mut x = 0;
    for cell in cells {
        let width = usize::from(cell.width.max(1));
        if x + width > line.len() {
            break;
        }
        if let Some(slot) = line.get_mut(x) {
            slot.clone_from(cell);
        }
        if width == 2
            && let Some(slot) = line.get_mut(x + 1)
        {
            *slot = second_half(cell);
        }
        x += width;
    }
    for slot in line.get_mut(x..).unwrap_or_default() {
        *slot = Cell::blank();
    }
}

/// Where a cell at a column and row of an area stands in the picture, if all of it is within the area.
fn cell_in(area: Rect, col: u16, row: u16, cell: &Cell) -> Option<(u16, u16)> {
    let (x, y) = (area.x.saturating_add(col), area.y.saturating_add(row));
    let inside = x.saturating_add(u16::from(cell.width.max(1))) <= area.right();
    (inside && area.contains((x, y).into())).then_some((x, y))
}

/// Draws one cell over what stands in a line.
fn draw_cell(line: &mut [Cell], x: u16, cell: &Cell) {
    let from = usize::from(x);
    mend_left(line, from);
    mend_right(line, from + usize::from(cell.width.max(1)));
    if let Some(slot) = line.get_mut(from) {
        slot.clone_from(cell);
    }
    if cell.width == 2
        && let Some(slot) = line.get_mut(from + 1)
    {
        *slot = second_half(cell);
    }
}

fn second_half(cell: &Cell) -> Cell {
    Cell { text: Text::BLANK, width: 0, style: cell.style, link: cell.link.clone() }
}

/// A wide cell that begins left of `x` and reaches over it is about to lose its second half.
fn mend_left(line: &mut [Cell], x: usize) {
    if line.get(x).is_some_and(|cell| cell.width == 0)
        && let Some(first) = x.checked_sub(1).and_then(|x| line.get_mut(x))
    {
        *first = Cell { style: first.style, ..Cell::blank() };
    }
}

/// A wide cell whose first half is about to be covered leaves its second one at `x`.
fn mend_right(line: &mut [Cell], x: usize) {
    if let Some(second) = line.get_mut(x)
        && second.width == 0
    {
        *second = Cell { style: second.style, ..Cell::blank() };
    }
}

fn chrome_style(drawn: &ratatui::buffer::Cell) -> Style {
    let mut style = Style {
        fg: chrome_color(drawn.fg),
        bg: chrome_color(drawn.bg),
        underline_color: chrome_color(drawn.underline_color),
        ..Style::default()
    };
    for (modifier, attrs) in [
        (Modifier::BOLD, Attrs::BOLD),
        (Modifier::DIM, Attrs::DIM),
        (Modifier::ITALIC, Attrs::ITALIC),
        (Modifier::SLOW_BLINK, Attrs::BLINK),
        (Modifier::REVERSED, Attrs::INVERSE),
        (Modifier::HIDDEN, Attrs::CONCEAL),
        (Modifier::CROSSED_OUT, Attrs::STRIKE),
    ] {
        style.attrs.set(attrs, drawn.modifier.contains(modifier));
    }
    if drawn.modifier.contains(Modifier::UNDERLINED) {
        style.underline = Underline::Single;
    }
    style
}

const fn chrome_color(color: ChromeColor) -> Color {
    match color {
        ChromeColor::Reset => Color::Default,
        ChromeColor::Black => Color::Indexed(0),
        ChromeColor::Red => Color::Indexed(1),
        ChromeColor::Green => Color::Indexed(2),
        ChromeColor::Yellow => Color::Indexed(3),
        ChromeColor::Blue => Color::Indexed(4),
        ChromeColor::Magenta => Color::Indexed(5),
        ChromeColor::Cyan => Color::Indexed(6),
        ChromeColor::Gray => Color::Indexed(7),
        ChromeColor::DarkGray => Color::Indexed(8),
        ChromeColor::LightRed => Color::Indexed(9),
        ChromeColor::LightGreen => Color::Indexed(10),
        ChromeColor::LightYellow => Color::Indexed(11),
        ChromeColor::LightBlue => Color::Indexed(12),
        ChromeColor::LightMagenta => Color::Indexed(13),
        ChromeColor::LightCyan => Color::Indexed(14),
        ChromeColor::White => Color::Indexed(15),
        ChromeColor::Indexed(index) => Color::Indexed(index),
        ChromeColor::Rgb(r, g, b) => Color::Rgb(r, g, b),
    }
}

#[cfg(test)]
mod tests;
