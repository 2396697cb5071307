//! Reads asciicast, versions 1 to 3. Owns what is taken for one: lines that say nothing known are passed over, a
//! line that is broken is named by its number, and entries before it were given.

use std::collections::VecDeque;
use std::fmt;
use std::io::{BufRead, Read as _};
use std::time::Duration;

use serde::de::{DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::{
    CastEntry, CastError, CastEvent, CastHeader, CastVersion, HeaderLine, MAX_LINE, MAX_TIME,
    parse_size, size,
};

/// The largest file of version 1, in bytes: it is one object, and held whole.
const MAX_V1: u64 = 256 * 1024 * 1024;

/// A recording that is read.
#[derive(Debug)]
pub struct CastReader<R> {
    input: R,
    version: CastVersion,
    header: CastHeader,
    /// The number of the line that was read last.
    line: u64,
    at: Duration,
    buffer: Vec<u8>,
    /// What version 1 held, and what was wrong with it.
    held: VecDeque<CastEntry>,
    wrong: Option<CastError>,
}

impl<R: BufRead> CastReader<R> {
    /// Reads the header.
    ///
    /// # Errors
    /// It is none.
    pub fn new(input: R) -> Result<Self, CastError> {
        let mut reader = Self {
            input,
            version: CastVersion::V2,
            header: CastHeader::of(crate::units::Size { cols: 80, rows: 24 }),
            line: 0,
            at: Duration::ZERO,
            buffer: Vec::new(),
            held: VecDeque::new(),
            wrong: None,
        };
        while reader.next_line()? {
            let text = reader.buffer.trim_ascii();
            if text.is_empty() || text.starts_with(b"#") {
                continue;
            }
            let head = match serde_json::from_slice::<HeaderLine>(text) {
                Ok(head) if head.version != 1 => head,
                // Version 1 is one object, over as many lines as somebody liked.
                _ if text.starts_with(b"{") => {
                    reader.first_version()?;
                    return Ok(reader);
                }
                Ok(_) => return Err(reader.wrong("this is no header of an asciicast")),
                Err(error) => return Err(reader.wrong(format!("this is no header: {error}"))),
            };
            reader.take_header(head)?;
            return Ok(reader);
        }
        Err(CastError::Form("the file is empty".into()))
    }

    #[must_use]
    pub const fn version(&self) -> CastVersion {
        self.version
    }

    #[must_use]
    pub const fn header(&self) -> &CastHeader {
        &self.header
    }

    /// The next entry; `None` at the end.
    ///
    /// # Errors
    /// The next line is none, or cannot be read. It may be asked again for what comes behind.
    pub fn next_entry(&mut self) -> Result<Option<CastEntry>, CastError> {
        if self.version == CastVersion::V1 {
            return match self.held.pop_front() {
                Some(entry) => Ok(Some(entry)),
                None => self.wrong.take().map_or(Ok(None), Err),
            };
        }
        while self.next_line()? {
            let text = self.buffer.trim_ascii();
            if text.is_empty() || text.starts_with(b"#") {
                continue;
            }
            let event: (f64, String, Data) = match serde_json::from_slice(text) {
                Ok(event) => event,
                Err(error) => return Err(self.wrong(format!("this is no event: {error}"))),
            };
            let (time, code, data) = event;
            let Some(time) = duration(time) else {
                return Err(self.wrong(format!("{time} seconds are no time")));
            };
            // Times that go back, which hands have made, stand still.
            self.at = match self.version {
                CastVersion::V3 => self.at.saturating_add(time).min(MAX_TIME),
                _ => self.at.max(time),
            };
            if let Some(what) = self.event(&code, data)? {
                return Ok(Some(CastEntry { at: self.at, what }));
            }
        }
        Ok(None)
    }

    fn event(&self, code: &str, data: Data) -> Result<Option<CastEvent>, CastError> {
        Ok(match (code, data) {
            ("o", Data::Text(text)) => Some(CastEvent::Output(text.into_bytes())),
            ("m", Data::Text(text)) => Some(CastEvent::Marker(text)),
            ("r", Data::Text(text)) => match parse_size(&text) {
                Some(size) => Some(CastEvent::Resize(size)),
                None => return Err(self.wrong(format!("{text:?} is no size"))),
            },
            ("x", Data::Text(text)) => text.trim().parse().ok().map(CastEvent::Exit),
            ("x", Data::Number(number)) => Some(CastEvent::Exit(number as i32)),
            ("o" | "m" | "r", _) => return Err(self.wrong("the event has no text")),
            // What was typed, and what is not known here.
            _ => None,
        })
    }

    fn take_header(&mut self, head: HeaderLine) -> Result<(), CastError> {
        let sides = match head.version {
            1 => (CastVersion::V1, head.width, head.height),
            2 => (CastVersion::V2, head.width, head.height),
            3 => {
                let sides = head.term.as_ref().map(|term| (term.cols, term.rows));
                (CastVersion::V3, sides.map(|(cols, _)| cols), sides.map(|(_, rows)| rows))
            }
            other => {
                let why = format!("asciicast version {other} is not known here, 1 to 3 are");
                return Err(self.wrong(why));
            }
        };
        let (version, Some(cols), Some(rows)) = sides else {
            return Err(self.wrong("the header says no size"));
        };
        let Some(size) = size(cols, rows) else {
            return Err(self.wrong(format!("{cols}x{rows} is no size of a terminal")));
        };
        let mut env: std::collections::BTreeMap<_, _> = head.env.unwrap_or_default();
        if let Some(kind) = head.term.and_then(|term| term.kind) {
            env.insert("TERM".into(), Some(kind));
        }
        self.version = version;
        self.header = CastHeader {
            size,
            timestamp: head.timestamp.filter(|at| *at >= 0.0).map(|at| at as u64),
            title: head.title,
            command: head.command,
            idle_time_limit: head.idle_time_limit,
            env: env.into_iter().filter_map(|(name, value)| Some((name, value?))).collect(),
        };
        Ok(())
    }

    /// The whole object, of which the first line was read.
    fn first_version(&mut self) -> Result<(), CastError> {
        let mut all = std::mem::take(&mut self.buffer);
        (&mut self.input).take(MAX_V1).read_to_end(&mut all)?;
        if all.len() as u64 >= MAX_V1 {
            return Err(self.wrong("a file of version 1 of more than 256 MiB is not read"));
        }
        let mut first = First::default();
        let mut json = serde_json::Deserializer::from_slice(&all);
        let done = Object(&mut first).deserialize(&mut json).and_then(|()| json.end());
        let wrong = done.err().map(|error| CastError::Line {
            line: error.line() as u64 + self.line - 1,
            why: error.to_string(),
        });
        // Without a header there is nothing to keep.
        let head = HeaderLine {
            version: first.version.unwrap_or(0),
            width: first.width,
            height: first.height,
            command: first.command,
            title: first.title,
            ..HeaderLine::default()
        };
        if let Err(error) = self.take_header(head) {
            return Err(wrong.unwrap_or(error));
        }
        if self.version != CastVersion::V1 {
            // Such as a header of a later version that is broken.
            return Err(wrong.unwrap_or_else(|| self.wrong("this is no header of an asciicast")));
        }
        self.header.env = first.env;
        self.held = first.entries.into();
        self.wrong = wrong;
        Ok(())
    }

    /// Reads one more line; `false` at the end.
    fn next_line(&mut self) -> Result<bool, CastError> {
        self.buffer.clear();
        let read = (&mut self.input).take(MAX_LINE).read_until(b'\n', &mut self.buffer)?;
        if read == 0 {
            return Ok(false);
        }
        self.line += 1;
        if read as u64 == MAX_LINE && !self.buffer.ends_with(b"\n") {
            let why = self.wrong(format!("the line is longer than {} MiB", MAX_LINE >> 20));
            // The rest of it is no line.
            loop {
                self.buffer.clear();
                let more = (&mut self.input).take(MAX_LINE).read_until(b'\n', &mut self.buffer)?;
                if more == 0 || self.buffer.ends_with(b"\n") {
                    return Err(why);
                }
            }
        }
        Ok(true)
    }

    fn wrong(&self, why: impl Into<String>) -> CastError {
        CastError::Line { line: self.line, why: why.into() }
    }
}

fn duration(seconds: f64) -> Option<Duration> {
    let micros = (seconds.max(0.0) * 1e6).round();
    (micros.is_finite() && micros <= MAX_TIME.as_micros() as f64)
        .then(|| Duration::from_micros(micros as u64))
}

/// The third part of an event.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Data {
    Text(String),
    Number(i64),
    Other(IgnoredAny),
}

/// What of version 1 was read, also when its end is missing.
#[derive(Debug, Default)]
struct First {
    version: Option<u32>,
    width: Option<u64>,
    height: Option<u64>,
    command: Option<String>,
    title: Option<String>,
    env: std::collections::BTreeMap<String, String>,
    entries: Vec<CastEntry>,
}

struct Object<'a>(&'a mut First);

impl<'de> DeserializeSeed<'de> for Object<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Object<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an asciicast")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "version" => self.0.version = Some(map.next_value()?),
                "width" => self.0.width = Some(map.next_value()?),
                "height" => self.0.height = Some(map.next_value()?),
                "command" => self.0.command = map.next_value()?,
                "title" => self.0.title = map.next_value()?,
                "env" => {
                    let env: Option<std::collections::BTreeMap<String, Option<String>>> =
                        map.next_value()?;
                    let known = env.into_iter().flatten();
                    self.0.env = known.filter_map(|(name, value)| Some((name, value?))).collect();
                }
                "stdout" => map.next_value_seed(Frames(&mut self.0.entries))?,
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }
}

struct Frames<'a>(&'a mut Vec<CastEntry>);

impl<'de> DeserializeSeed<'de> for Frames<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Frames<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("pairs of a time and a text")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        let mut at = Duration::ZERO;
        while let Some((delay, text)) = seq.next_element::<(f64, String)>()? {
            let Some(delay) = duration(delay) else {
                return Err(serde::de::Error::custom(format!("{delay} seconds are no time")));
            };
            at = at.saturating_add(delay).min(MAX_TIME);
            self.0.push(CastEntry { at, what: CastEvent::Output(text.into_bytes()) });
        }
        Ok(())
    }
}
