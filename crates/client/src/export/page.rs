//! A recording as one page that plays by itself in a browser, with no network. Owns what of a screen becomes rows,
//! looks and frames, and that nothing that a program printed is ever markup: it is data in a compressed block, and
//! the player makes text of it.

mod row;

use std::io::{self, Write};
use std::time::Duration;

use ccc_vt::{Limits, RowId, Screen, Seq, Size};
use data_encoding::BASE64;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use self::row::Rows;
use super::{Form, Teller, Told};
use crate::Recording;

const PLAYER: &str = include_str!("page/player.js");
const STYLE: &str = include_str!("page/player.css");
const BODY: &str = include_str!("page/body.html");

/// Changes that are nearer to each other than this are one frame.
const FRAME: Duration = Duration::from_millis(33);
/// The most bytes of rows and frames before they are compressed: more is no page that a browser likes.
const MAX_BYTES: usize = 128 << 20;
/// The most commands that are listed, the first ones.
const COMMANDS: usize = 10_000;
/// How hard it is compressed, of 10.
const LEVEL: u8 = 6;

/// A page that is made.
#[derive(Debug)]
pub struct PageForm<W> {
    out: W,
    screen: Screen,
    title: String,
    about: String,
    idle: Option<Duration>,
    first: Size,
    rows: Rows,
    /// The frames, as JSON without its brackets.
    frames: String,
    commands: Vec<Value>,
    /// When the change came that no frame shows yet.
    waits: Option<(Duration, Duration)>,
    /// What each row showed in the last frame: its name and version, and its number.
    shown: Vec<(RowId, Seq, u32)>,
    size: Size,
}

impl<W: Write> PageForm<W> {
    /// Nothing is written before the end.
    pub fn new(out: W, recording: &Recording, idle: Option<Duration>) -> Self {
        let first = Teller::size(recording);
        let first = Size::new(first.cols, first.rows);
        Self {
            out,
            screen: Screen::new(first, Limits { scrollback_bytes: 0, ..Limits::default() }),
            title: recording.session.clone(),
            about: recording.command.clone(),
            idle,
            first,
            rows: Rows::default(),
            frames: String::new(),
            commands: Vec::new(),
            waits: None,
            shown: Vec::new(),
            size: first,
        }
    }

    /// Something on the screen will change at this time.
    fn changes(&mut self, at: Duration) -> io::Result<()> {
        match self.waits {
            Some((since, _)) if at.saturating_sub(since) < FRAME => self.waits = Some((since, at)),
            Some(_) => {
                self.frame()?;
                self.waits = Some((at, at));
            }
            None => self.waits = Some((at, at)),
        }
        Ok(())
    }

    /// Adds what is new on the screen as a frame.
    fn frame(&mut self) -> io::Result<()> {
        let Some((_, at)) = self.waits.take() else { return Ok(()) };
        let size = self.screen.size();
        let mut changes = Vec::new();
        self.shown.truncate(usize::from(size.rows));
        for (y, row) in self.screen.rows().enumerate() {
            let (id, seq) = (row.id(), row.seq());
            if self.shown.get(y).is_some_and(|shown| (shown.0, shown.1) == (id, seq)) {
                continue;
            }
            let number = self.rows.number(&row.to_row());
            // A row that nothing was said of is the empty one.
            if self.shown.get(y).map_or(0, |shown| shown.2) != number {
                changes.extend([y as u64, u64::from(number)]);
            }
            match self.shown.get_mut(y) {
                Some(shown) => *shown = (id, seq, number),
                None => self.shown.push((id, seq, number)),
            }
        }
        let cursor = self.screen.cursor();
        let (x, y) =
            if cursor.visible { (i64::from(cursor.col), i64::from(cursor.row)) } else { (-1, -1) };
        let at = u64::try_from(at.as_millis()).unwrap_or(u64::MAX);
        let frame = if size == self.size {
            json!([at, changes, x, y])
        } else {
            json!([at, changes, x, y, size.cols, size.rows])
        };
        self.size = size;
        if !self.frames.is_empty() {
            self.frames.push(',');
        }
        self.frames.push_str(&frame.to_string());
        if self.frames.len() + self.rows.bytes() > MAX_BYTES {
            let why = "it is too much for one page; an asciicast (--cast) has no limit";
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, why));
        }
        Ok(())
    }
}

impl<W: Write> Form for PageForm<W> {
    fn told(&mut self, at: Duration, told: Told<'_>) -> io::Result<()> {
        match told {
            Told::Output(bytes) => {
                self.changes(at)?;
                self.screen.advance(bytes);
                self.screen.take_notices();
                self.screen.take_replies();
            }
            Told::Resize(size) => {
                self.changes(at)?;
                self.screen.resize(size);
            }
            Told::Command(command) if self.commands.len() < COMMANDS => {
                let at = u64::try_from(at.as_millis()).unwrap_or(u64::MAX);
                self.commands.push(json!([at, command.text, command.exit]));
            }
            Told::Command(_) | Told::Ended(_) => {}
        }
        Ok(())
    }

    fn finish(mut self: Box<Self>, at: Duration) -> io::Result<()> {
        self.frame()?;
        let head = json!({
            "cols": self.first.cols,
            "lines": self.first.rows,
            "end": u64::try_from(at.as_millis()).unwrap_or(u64::MAX),
            "idle": self.idle.map(|idle| idle.as_secs_f64()),
            "commands": self.commands,
            "styles": self.rows.styles(),
            "links": self.rows.links(),
        });
        let mut data = head.to_string();
        // The object goes on.
        data.pop();
        data.push_str(",\"rows\":[");
        data.push_str(self.rows.json());
        data.push_str("],\"frames\":[");
        data.push_str(&self.frames);
        data.push_str("]}");
        let packed = miniz_oxide::deflate::compress_to_vec_zlib(data.as_bytes(), LEVEL);
        let title = if self.title.is_empty() { "recording" } else { &self.title };
        let body = BODY.replace("{title}", &escape(title)).replace("{about}", &escape(&self.about));
        writeln!(
            self.out,
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; \
             script-src 'sha256-{}'; style-src 'sha256-{}'; base-uri 'none'; form-action 'none'\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta name=\"referrer\" content=\"no-referrer\">\n\
             <title>{}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n{body}\
             <script type=\"application/octet-stream\" id=\"data\">{}</script>\n\
             <script>{PLAYER}</script>\n</body>\n</html>",
            hash(PLAYER),
            hash(STYLE),
            escape(title),
            BASE64.encode(&packed),
        )?;
        self.out.flush()
    }
}

fn hash(text: &str) -> String {
    BASE64.encode(&Sha256::digest(text.as_bytes()))
}

/// Text as it stands in markup; what is no character to be seen is left out.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars().filter(|c| !c.is_control()) {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // A title must not choose what it is replaced by.
            '{' => out.push_str("&#123;"),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests;
