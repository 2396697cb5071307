//! What a terminal shows, as text and as a picture that can be compared. The emulator behind it is
//! not ours, so that our own engine does not judge itself; for what that one cannot show there is
//! `exact`.

mod exact;
mod images;

use std::fmt::{self, Write as _};

use ccc_vt::Size;
use vt100::{Cell, Color, Screen};

/// The screen as lines without trailing blanks; empty lines at the end are left out.
pub fn text(screen: &Screen) -> String {
    let (_, cols) = screen.size();
    let rows: Vec<String> =
        screen.rows(0, cols.get()).map(|row| row.trim_end().to_owned()).collect();
    rows.join("\n").trim_end_matches('\n').to_owned()
}

/// What there is to be seen: every cell's text and attributes, the cursor, and images.
///
/// A blank cell has no colour but its background's, whatever a program meant it to have: nobody sees
/// a difference.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    /// A row each; attributes stand in angle brackets before what has them.
    pub rows: Vec<String>,
    /// Row and column, unless it is hidden.
    pub cursor: Option<(u16, u16)>,
    /// The images that stand there, a line each, if the emulator behind the eye shows any.
    pub images: Vec<String>,
    /// The text alone, without trailing blanks.
    lines: Vec<String>,
}

impl Picture {
    /// Looks at all of a screen.
    pub fn of(screen: &Screen) -> Self {
        let (rows, cols) = screen.size();
        Self::corner(screen, Size::new(cols.get(), rows.get()))
    }

    /// Looks at this much of a screen, from its top left corner on.
    pub fn corner(screen: &Screen, size: Size) -> Self {
        let row = |row| {
            let mut line = String::new();
            let mut pen = String::new();
            for col in 0..size.cols {
                let Some(cell) = screen.cell(row, col) else { continue };
                if cell.is_wide_continuation() {
                    continue;
                }
                let style = style(cell);
                if style != pen {
                    let _written = write!(line, "<{style}>");
                    pen = style;
                }
                line.push_str(if cell.has_contents() { cell.contents() } else { " " });
            }
            line.trim_end().to_owned()
        };
        let cursor = (!screen.hide_cursor()).then(|| screen.cursor_position());
        let lines = screen.rows(0, size.cols).take(usize::from(size.rows));
        let lines = lines.map(|line| line.trim_end().to_owned()).collect();
        Self { rows: (0..size.rows).map(row).collect(), cursor, images: Vec::new(), lines }
    }

    /// The same without its last rows, such as a status bar.
    #[must_use]
    pub fn without_last(mut self, rows: usize) -> Self {
        self.rows.truncate(self.rows.len().saturating_sub(rows));
        self.lines.truncate(self.rows.len());
        self
    }

    /// The text alone, without trailing blanks.
    pub fn plain(&self) -> String {
        self.lines.join("\n")
    }

    /// Where two pictures differ, for people; empty when they do not.
    pub fn differences(&self, other: &Self) -> String {
        let mut told = String::new();
        if self.rows.len() != other.rows.len() {
            let _written = writeln!(told, "{} rows, not {}", other.rows.len(), self.rows.len());
        }
        for (number, (one, two)) in self.rows.iter().zip(&other.rows).enumerate() {
            if one != two {
                let _written = writeln!(told, "row {number}: {one}\n not: {two}");
            }
        }
        if self.cursor != other.cursor {
            let _written = writeln!(told, "cursor {:?}\n not: {:?}", self.cursor, other.cursor);
        }
        for (what, one, two) in [("", self, other), ("no ", other, self)] {
            for image in one.images.iter().filter(|image| !two.images.contains(image)) {
                let _written = writeln!(told, "{what}image in {image}");
            }
        }
        if told.is_empty() && self != other {
            told.push_str("the same images, not as often");
        }
        told
    }
}

impl fmt::Debug for Picture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\ncursor {:?}", self.rows.join("\n"), self.cursor)
    }
}

fn style(cell: &Cell) -> String {
    let blank = matches!(cell.contents(), "" | " ");
    let unseen = blank && !cell.underline() && !cell.inverse();
    let mut words = Vec::new();
    let mut attribute = |set: bool, name: &str| {
        if set && !unseen {
            words.push(name.to_owned());
        }
    };
    attribute(cell.bold(), "bold");
    attribute(cell.dim(), "dim");
    attribute(cell.italic(), "italic");
    attribute(cell.underline(), "underline");
    attribute(cell.inverse(), "inverse");
    if !unseen && cell.fgcolor() != Color::Default {
        words.push(color(cell.fgcolor()));
    }
    if cell.bgcolor() != Color::Default {
        words.push(format!("on {}", color(cell.bgcolor())));
    }
    words.join(" ")
}

fn color(color: Color) -> String {
    match color {
        Color::Default => "default".into(),
        Color::Idx(index) => index.to_string(),
        Color::Rgb(red, green, blue) => format!("#{red:02x}{green:02x}{blue:02x}"),
    }
}
