//! From the text of the configuration file to settings, and to what is wrong with it: line, key, and
//! the nearest one that exists. Owns the list of keys, also of those that the server heeds.

use std::fmt::{self, Display};
use std::net::IpAddr;
use std::ops::Range;
use std::time::Duration;

use ccc_client::redact::{self, Redactor};
use ccc_vt::input::nearest_name;
use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use super::{PasteFiles, Settings};
use crate::keymap::{Keymap, KeymapSettings, Preset, UserBinding};
use crate::predict::Prediction;
use crate::theme::{self, Theme};
use crate::words::Language;

/// The keys of the first level.
pub(super) const KEYS: &[&str] = &[
    "prefix",
    "keys",
    "theme",
    "language",
    "mouse",
    "clipboard",
    "bar",
    "opener",
    "editor",
    "hint_delay",
    "prediction",
    "paste_files",
    "colors",
    "bind",
    "shell",
    "term",
    "shell_integration",
    "server",
    "recording",
    "history",
    "redact",
];
const SERVER_KEYS: &[&str] = &["listen", "port", "tcp", "forward"];
const RECORDING_KEYS: &[&str] =
    &["pane_budget", "server_budget", "memory_budget", "segment_bytes", "retention_days"];
const HISTORY_KEYS: &[&str] = &["days", "long_seconds"];
const REDACT_KEYS: &[&str] = &["rules", "without", "copies"];
/// The longest wait before the open keys are shown that can be set, in milliseconds.
const LONGEST_DELAY: u64 = 60_000;

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// From 1.
    pub line: usize,
    pub message: String,
}

impl Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.message)
    }
}

/// What is wrong with a configuration file.
#[must_use]
pub fn check(text: &str) -> Vec<Problem> {
    read(text).1
}

type Key<'a> = Spanned<DeString<'a>>;
type Value<'a> = Spanned<DeValue<'a>>;

pub(super) fn read(text: &str) -> (Settings, Vec<Problem>) {
    let mut reader = Reader { text, settings: Settings::default(), problems: Vec::new() };
    match DeTable::parse(text) {
        Ok(table) => reader.top(table.get_ref()),
        Err(error) => {
            let at = error.span().unwrap_or(0..0);
            reader.wrong(at, error.message());
        }
    }
    reader.problems.sort_by_key(|problem| problem.line);
    (reader.settings, reader.problems)
}

struct Reader<'a> {
    text: &'a str,
    settings: Settings,
    problems: Vec<Problem>,
}

impl Reader<'_> {
    fn wrong(&mut self, at: Range<usize>, message: impl Into<String>) {
        let before = self.text.get(..at.start).unwrap_or(self.text);
        let line = before.matches('\n').count() + 1;
        self.problems.push(Problem { line, message: message.into() });
    }

    fn top(&mut self, table: &DeTable<'_>) {
        let mut keys = KeymapSettings::default();
        let mut bindings_at = 0..0;
        for (key, value) in table {
            let name = key.get_ref().as_ref();
            match name {
                "prefix" => {
                    if let Some(text) = self.string(key, value) {
                        match KeymapSettings::parse_prefix(text) {
                            Ok(prefix) => keys.prefix = prefix,
                            Err(error) => self.wrong(value.span(), format!("{name}: {error}")),
                        }
                    }
                }
                "keys" => {
                    if let Some(text) = self.string(key, value) {
                        match Preset::from_name(text) {
                            Ok(preset) => keys.preset = preset,
                            Err(error) => self.wrong(value.span(), format!("{name}: {error}")),
                        }
                    }
                }
                "bind" => {
                    bindings_at = key.span();
                    self.bindings(key, value, &mut keys);
                }
                "theme" => self.theme(key, value),
                "colors" => self.colors(key, value),
                "language" => self.language(key, value),
                "mouse" => self.settings.mouse = self.switch(key, value, true),
                "clipboard" => self.settings.clipboard = self.switch(key, value, true),
                "bar" => self.settings.bar = self.switch(key, value, true),
                "paste_files" => {
                    if let Some(name) = self.string(key, value) {
                        match PasteFiles::from_name(name) {
                            Some(paste) => self.settings.paste_files = paste,
                            None => {
                                let names = PasteFiles::NAMES.join(", ");
                                self.wrong(value.span(), format!("paste_files: one of {names}"));
                            }
                        }
                    }
                }
                "prediction" => {
                    if let Some(name) = self.string(key, value) {
                        match Prediction::from_name(name) {
                            Some(when) => self.settings.prediction = when,
                            None => {
                                let names = Prediction::names();
                                self.wrong(value.span(), format!("prediction: one of {names}"));
                            }
                        }
                    }
                }
                "opener" => self.settings.opener = self.command(key, value),
                "editor" => self.settings.editor = self.command(key, value),
                "hint_delay" => {
                    if let Some(delay) = self.number(key, value, LONGEST_DELAY) {
                        self.settings.hint_delay = Duration::from_millis(delay);
                    }
                }
                "shell" | "term" => drop(self.string(key, value)),
                "shell_integration" => drop(self.switch(key, value, true)),
                "server" => self.server(key, value),
                "recording" => self.recording(key, value),
                "history" => self.history(key, value),
                "redact" => self.redact(key, value),
                _ => self.unknown(key, KEYS),
            }
        }
        match Keymap::new(&keys) {
            Ok(keymap) => self.settings.keymap = keymap,
            Err(error) => self.wrong(bindings_at, format!("bind: {error}")),
        }
    }

    /// A key that does not exist, with the nearest one that does.
    fn unknown(&mut self, key: &Key<'_>, known: &[&str]) {
        let name = key.get_ref();
        let nearest = nearest_name(name, known.iter().copied());
        let hint = nearest.map(|known| format!(", the nearest is `{known}`")).unwrap_or_default();
        self.wrong(key.span(), format!("no key is called `{name}`{hint}"));
    }

    fn mistyped(&mut self, key: &Key<'_>, value: &Value<'_>, wanted: &str) {
        let found = value.get_ref().type_str();
        self.wrong(value.span(), format!("{}: {wanted} is wanted, not {found}", key.get_ref()));
    }

    fn string<'v>(&mut self, key: &Key<'_>, value: &'v Value<'_>) -> Option<&'v str> {
        let text = value.get_ref().as_str();
        if text.is_none() {
            self.mistyped(key, value, "a string");
        }
        text
    }

    fn switch(&mut self, key: &Key<'_>, value: &Value<'_>, default: bool) -> bool {
        value.get_ref().as_bool().unwrap_or_else(|| {
            self.mistyped(key, value, "true or false");
            default
        })
    }

    fn number(&mut self, key: &Key<'_>, value: &Value<'_>, most: u64) -> Option<u64> {
        let number = value.get_ref().as_integer().and_then(|number| {
            u64::from_str_radix(&number.as_str().replace('_', ""), number.radix()).ok()
        });
        let number = number.filter(|number| *number <= most);
        if number.is_none() {
            self.mistyped(key, value, &format!("a number from 0 to {most}"));
        }
        number
    }

    /// A command: one string of words, or a list of them.
    fn command(&mut self, key: &Key<'_>, value: &Value<'_>) -> Vec<String> {
        if let Some(words) = value.get_ref().as_array() {
            let words: Option<Vec<String>> =
                words.iter().map(|word| word.get_ref().as_str().map(str::to_owned)).collect();
            return words.unwrap_or_else(|| {
                self.mistyped(key, value, "a list of strings");
                Vec::new()
            });
        }
        let text = self.string(key, value).unwrap_or_default();
        text.split_whitespace().map(str::to_owned).collect()
    }

    fn table<'v>(&mut self, key: &Key<'_>, value: &'v Value<'v>) -> Option<&'v DeTable<'v>> {
        let table = value.get_ref().as_table();
        if table.is_none() {
            self.mistyped(key, value, "a table");
        }
        table
    }

    fn bindings(&mut self, key: &Key<'_>, value: &Value<'_>, keys: &mut KeymapSettings) {
        for (mode, bindings) in self.table(key, value).into_iter().flatten() {
            for (written, action) in self.table(mode, bindings).into_iter().flatten() {
                let Some(action_name) = self.string(written, action) else { continue };
                match UserBinding::parse(mode.get_ref(), written.get_ref(), action_name) {
                    Ok(binding) => keys.bindings.push(binding),
                    Err(error) => self.wrong(written.span(), error.to_string()),
                }
            }
        }
    }

    fn theme(&mut self, key: &Key<'_>, value: &Value<'_>) {
        let Some(name) = self.string(key, value) else { return };
        if name == "auto" {
            return;
        }
        if Theme::named(name).is_ok() {
            self.settings.theme = Some(name.to_owned());
            return;
        }
        let known = Theme::names().chain(["auto"]);
        let nearest = nearest_name(name, known.clone());
        let hint = match nearest {
            Some(nearest) => format!("the nearest is `{nearest}`"),
            None => format!("there are {}", known.collect::<Vec<_>>().join(", ")),
        };
        self.wrong(value.span(), format!("theme: no theme is called `{name}`, {hint}"));
    }

    fn colors(&mut self, key: &Key<'_>, value: &Value<'_>) {
        for (role, style) in self.table(key, value).into_iter().flatten() {
            let name = role.get_ref().as_ref();
            if !Theme::ROLES.contains(&name) {
                self.unknown(role, Theme::ROLES);
                continue;
            }
            let Some(written) = self.string(role, style) else { continue };
            match theme::parse(written) {
                Ok(_) => self.settings.colors.push((name.to_owned(), written.to_owned())),
                Err(error) => self.wrong(style.span(), format!("{name}: {error}")),
            }
        }
    }

    fn language(&mut self, key: &Key<'_>, value: &Value<'_>) {
        let Some(name) = self.string(key, value) else { return };
        self.settings.language = Language::from_name(name);
        if self.settings.language.is_none() && name != "auto" {
            let known = Language::NAMES.join(", ");
            self.wrong(value.span(), format!("language: there are {known}, auto, not `{name}`"));
        }
    }

    fn server(&mut self, key: &Key<'_>, value: &Value<'_>) {
        for (key, value) in self.table(key, value).into_iter().flatten() {
            match key.get_ref().as_ref() {
                "listen" => {
                    let address = self.string(key, value);
                    if address.is_some_and(|address| address.parse::<IpAddr>().is_err()) {
                        self.wrong(value.span(), "listen: an IP address is wanted");
                    }
                }
                "port" => drop(self.number(key, value, u16::MAX.into())),
                "tcp" | "forward" => drop(self.switch(key, value, true)),
                _ => self.unknown(key, SERVER_KEYS),
            }
        }
    }

    /// What is wrong here is kept too: whoever hides secrets must not do it by half of the rules.
    fn redact(&mut self, key: &Key<'_>, value: &Value<'_>) {
        let before = self.problems.len();
        let (mut own, mut without, mut last) = (Vec::new(), Vec::new(), key.span());
        for (key, value) in self.table(key, value).into_iter().flatten() {
            match key.get_ref().as_ref() {
                "rules" => {
                    for (at, rule) in self.strings(key, value) {
                        match redact::check(&rule) {
                            Ok(()) => own.push(rule),
                            Err(error) => self.wrong(at.clone(), format!("rules: {error}")),
                        }
                        last = at;
                    }
                }
                "without" => {
                    for (at, name) in self.strings(key, value) {
                        match Redactor::new(&[], std::slice::from_ref(&name)) {
                            Ok(_) => without.push(name),
                            Err(error) => self.wrong(at, format!("without: {error}")),
                        }
                    }
                }
                "copies" => self.settings.redact_copies = self.switch(key, value, false),
                _ => self.unknown(key, REDACT_KEYS),
            }
        }
        match Redactor::new(&own, &without) {
            Ok(redactor) => self.settings.redactor = redactor,
            Err(error) => self.wrong(last, format!("rules: {error}")),
        }
        let own = self.problems.iter().skip(before);
        self.settings.redact_wrong = own.min_by_key(|problem| problem.line).cloned();
    }

    /// A list of strings, each with its place.
    fn strings(&mut self, key: &Key<'_>, value: &Value<'_>) -> Vec<(Range<usize>, String)> {
        let list = value.get_ref().as_array().into_iter().flatten();
        let read: Option<Vec<_>> =
            list.map(|word| Some((word.span(), word.get_ref().as_str()?.to_owned()))).collect();
        match read.filter(|_| value.get_ref().as_array().is_some()) {
            Some(read) => read,
            None => {
                self.mistyped(key, value, "a list of strings");
                Vec::new()
            }
        }
    }

    fn history(&mut self, key: &Key<'_>, value: &Value<'_>) {
        for (key, value) in self.table(key, value).into_iter().flatten() {
            match key.get_ref().as_ref() {
                "days" | "long_seconds" => drop(self.number(key, value, u32::MAX.into())),
                _ => self.unknown(key, HISTORY_KEYS),
            }
        }
    }

    fn recording(&mut self, key: &Key<'_>, value: &Value<'_>) {
        for (key, value) in self.table(key, value).into_iter().flatten() {
            match key.get_ref().as_ref() {
                "pane_budget" | "server_budget" => drop(self.number(key, value, u64::MAX)),
                "memory_budget" | "segment_bytes" => drop(self.number(key, value, u64::MAX)),
                "retention_days" => drop(self.number(key, value, u32::MAX.into())),
                _ => self.unknown(key, RECORDING_KEYS),
            }
        }
    }
}
