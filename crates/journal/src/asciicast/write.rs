//! Writes asciicast, versions 2 and 3. Owns what becomes of bytes that are not UTF-8: the text of an event is
//! whole characters, a beginning of one waits for the event that ends it, and what is no character is U+FFFD.

use std::io::{self, Write};
use std::time::Duration;

use super::{CastHeader, CastVersion, HeaderLine, Term, micros};
use crate::units::Size;

/// A recording that is written.
#[derive(Debug)]
pub struct CastWriter<W: Write> {
    out: W,
    version: CastVersion,
    /// Of the last event. Times are kept in whole microseconds, so that differences add up.
    last_us: u64,
    /// The beginning of a character: at most three bytes.
    begun: Vec<u8>,
}

impl<W: Write> CastWriter<W> {
    /// Writes the header. What is asked for as version 1 is written as version 2.
    ///
    /// # Errors
    /// If `out` takes no more; as for all that follow.
    pub fn new(mut out: W, version: CastVersion, header: &CastHeader) -> io::Result<Self> {
        let (cols, rows) = (u64::from(header.size.cols), u64::from(header.size.rows));
        let mut env: std::collections::BTreeMap<_, _> =
            header.env.iter().map(|(name, value)| (name.clone(), Some(value.clone()))).collect();
        let mut line = HeaderLine {
            timestamp: None,
            idle_time_limit: header.idle_time_limit,
            command: header.command.clone(),
            title: header.title.clone(),
            ..HeaderLine::default()
        };
        if version == CastVersion::V3 {
            line.version = 3;
            line.term = Some(Term { cols, rows, kind: env.remove("TERM").flatten() });
        } else {
            line.version = 2;
            (line.width, line.height) = (Some(cols), Some(rows));
        }
        line.env = (!env.is_empty()).then_some(env);
        let mut json = serde_json::to_value(line)?;
        // Whole seconds: some readers take no others.
        if let (Some(timestamp), Some(json)) = (header.timestamp, json.as_object_mut()) {
            json.insert("timestamp".into(), timestamp.into());
        }
        writeln!(out, "{json}")?;
        Ok(Self { out, version, last_us: 0, begun: Vec::new() })
    }

    /// What the program printed then.
    pub fn output(&mut self, at: Duration, bytes: &[u8]) -> io::Result<()> {
        let mut all = std::mem::take(&mut self.begun);
        all.extend_from_slice(bytes);
        let mut text = String::with_capacity(all.len());
        let mut done = 0;
        for chunk in all.utf8_chunks() {
            text.push_str(chunk.valid());
            done += chunk.valid().len();
            let invalid = chunk.invalid();
            if invalid.is_empty() {
                continue;
            }
            let cut = std::str::from_utf8(invalid).is_err_and(|e| e.error_len().is_none());
            if cut && done + invalid.len() == all.len() {
                self.begun = invalid.to_vec();
            } else {
                text.push(char::REPLACEMENT_CHARACTER);
                done += invalid.len();
            }
        }
        if text.is_empty() { Ok(()) } else { self.event(at, 'o', &text) }
    }

    /// The size changed.
    pub fn resize(&mut self, at: Duration, size: Size) -> io::Result<()> {
        self.event(at, 'r', &format!("{}x{}", size.cols, size.rows))
    }

    /// A place to come back to.
    pub fn marker(&mut self, at: Duration, label: &str) -> io::Result<()> {
        self.event(at, 'm', label)
    }

    /// The program ended. Version 2 has no word for it.
    pub fn exit(&mut self, at: Duration, status: i32) -> io::Result<()> {
        match self.version {
            CastVersion::V3 => self.event(at, 'x', &status.to_string()),
            _ => Ok(()),
        }
    }

    /// The end: a character that never ended is written as one that is none. Gives back where to.
    pub fn finish(mut self, at: Duration) -> io::Result<W> {
        if !self.begun.is_empty() {
            self.begun.clear();
            self.event(at, 'o', "\u{fffd}")?;
        }
        self.out.flush()?;
        Ok(self.out)
    }

    fn event(&mut self, at: Duration, code: char, data: &str) -> io::Result<()> {
        let at = micros(at).max(self.last_us);
        let time = if self.version == CastVersion::V3 { at - self.last_us } else { at };
        self.last_us = at;
        let (seconds, parts) = (time / 1_000_000, time % 1_000_000);
        let data = serde_json::to_string(data)?;
        writeln!(self.out, "[{seconds}.{parts:06}, \"{code}\", {data}]")
    }
}
