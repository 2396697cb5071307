//! What a command has to say, as text for people and as JSON for programs. Owns the choice between
//! the two and the writing to standard output.

use std::io::{self, Write as _};

use serde_json::Value;

/// The answer of a command, in both forms.
#[derive(Clone, Debug, Default)]
pub(crate) struct Answer {
    /// With a line feed at its end, or empty.
    pub(crate) text: String,
    pub(crate) json: Value,
}

impl Answer {
    /// An answer that is only worth saying to programs.
    pub(crate) fn quiet(json: Value) -> Self {
        Self { text: String::new(), json }
    }

    /// Writes it to standard output.
    pub(crate) fn print(&self, json: bool) -> io::Result<()> {
        let mut out = io::stdout().lock();
        if json {
            serde_json::to_writer_pretty(&mut out, &self.json)?;
            out.write_all(b"\n")?;
        } else {
            out.write_all(self.text.as_bytes())?;
        }
        out.flush()
    }
}

/// Lines up columns; the last one is as long as it likes.
pub(crate) fn table(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        rows.iter()
            .filter_map(|row| row.get(column))
            .map(|cell| columns_of(cell))
            .max()
            .unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let mut text = String::new();
    for row in rows {
        for (column, cell) in row.iter().enumerate() {
            text.push_str(cell);
            if column + 1 < row.len() {
                let gap = widths[column] + 2 - columns_of(cell);
                text.extend(std::iter::repeat_n(' ', gap));
            }
        }
        text.push('\n');
    }
    text
}

/// A label from elsewhere, so that it cannot steer the terminal it is printed on.
pub(crate) fn label(text: &str) -> String {
    ccc_server::core::label::escape(text).into_owned()
}

/// How many columns of a terminal a text takes.
pub(crate) fn columns_of(text: &str) -> usize {
    text.chars().map(|c| usize::from(ccc_vt::width(c.encode_utf8(&mut [0; 4])))).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up_also_with_wide_characters() {
        let rows = [vec!["가나".to_owned(), "x".to_owned()], vec!["abcdef".into(), "y".into()]];
        assert_eq!(table(&rows), "가나    x\nabcdef  y\n");
    }
}
