//! The rows and looks of a page, each once. Owns what of a row is a run of text and what is a cell of its own: only
//! what every font has at one width goes together.

use std::collections::HashMap;

use ccc_vt::{Cell, Color, Row, Style};
use serde_json::{Value, json};

/// The longest address that is kept, in bytes.
const LINK: usize = 2048;

/// Rows with a number each; 0 is the empty one.
#[derive(Debug)]
pub(super) struct Rows {
    numbers: HashMap<String, u32>,
    /// All of them, as JSON without its brackets.
    json: String,
    looks: HashMap<(Style, Option<u32>), u32>,
    styles: Vec<Value>,
    link_numbers: HashMap<String, u32>,
    links: Vec<String>,
}

impl Default for Rows {
    fn default() -> Self {
        let numbers = HashMap::from([("[]".to_owned(), 0)]);
        Self {
            numbers,
            json: "[]".into(),
            looks: HashMap::new(),
            styles: Vec::new(),
            link_numbers: HashMap::new(),
            links: Vec::new(),
        }
    }
}

impl Rows {
    /// The number of a row that looks so.
    pub(super) fn number(&mut self, row: &Row) -> u32 {
        let mut runs: Vec<Value> = Vec::new();
        let mut run: Option<(u32, String)> = None;
        for cell in &row.cells {
            let look = self.look(cell);
            let text = cell.as_read();
            let plain = cell.width == 1 && text.len() == 1;
            if let Some((_, run)) = run.as_mut().filter(|(of, _)| plain && *of == look) {
                run.push_str(text);
                continue;
            }
            runs.extend(run.take().map(|(look, text)| json!([look, text])));
            if plain {
                run = Some((look, text.to_owned()));
            } else {
                runs.push(json!([look, text, cell.width.max(1)]));
            }
        }
        runs.extend(run.take().map(|(look, text)| json!([look, text])));
        let row = Value::from(runs).to_string();
        if let Some(number) = self.numbers.get(&row) {
            return *number;
        }
        let number = u32::try_from(self.numbers.len()).unwrap_or(u32::MAX);
        self.json.push(',');
        self.json.push_str(&row);
        self.numbers.insert(row, number);
        number
    }

    fn look(&mut self, cell: &Cell) -> u32 {
        let link = cell.link.as_ref().and_then(|link| self.link(&link.uri));
        let style = Style { link: None, ..cell.style };
        let next = u32::try_from(self.styles.len()).unwrap_or(u32::MAX);
        let number = *self.looks.entry((style, link)).or_insert(next);
        if number == next {
            self.styles.push(json!([
                color(style.fg),
                color(style.bg),
                style.attrs.bits() & 0xff,
                style.underline.number(),
                color(style.underline_color),
                link
            ]));
        }
        number
    }

    /// The number of an address, if it is one that a page may lead to.
    fn link(&mut self, uri: &str) -> Option<u32> {
        let scheme = uri.split_once("://").map(|(scheme, _)| scheme.to_ascii_lowercase());
        let leads = matches!(scheme.as_deref(), Some("http" | "https"));
        if !leads || uri.len() > LINK || uri.chars().any(|c| c.is_control() || c == ' ') {
            return None;
        }
        let next = u32::try_from(self.links.len()).unwrap_or(u32::MAX);
        let number = *self.link_numbers.entry(uri.to_owned()).or_insert(next);
        if number == next {
            self.links.push(uri.to_owned());
        }
        Some(number)
    }

    pub(super) fn json(&self) -> &str {
        &self.json
    }

    pub(super) fn styles(&self) -> &[Value] {
        &self.styles
    }

    pub(super) fn links(&self) -> &[String] {
        &self.links
    }

    /// Bytes of all of it, about.
    pub(super) fn bytes(&self) -> usize {
        self.json.len() + self.styles.len() * 64 + self.links.len() * 128
    }
}

fn color(color: Color) -> Value {
    match color {
        Color::Default => Value::Null,
        Color::Indexed(index) => index.into(),
        Color::Rgb(red, green, blue) => format!("#{red:02x}{green:02x}{blue:02x}").into(),
    }
}
