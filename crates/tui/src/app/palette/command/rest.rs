//! The words of a line, and taking them one after the other. Owns quotes, flags and their values, and what stands
//! behind `--`.

use ccc_client::proto::Toggle;

use super::Command;

/// What follows the words of a command.
pub(super) struct Rest(pub(super) Vec<String>);

impl Rest {
    /// Takes a flag, wherever it stands before `--`.
    pub(super) fn take(&mut self, flag: &str) -> bool {
        let end = self.0.iter().position(|word| word == "--").unwrap_or(self.0.len());
        let at = self.0.iter().take(end).position(|word| word == flag);
        at.map(|at| self.0.remove(at)).is_some()
    }

    /// Takes a flag with its value: `None` when the value is missing.
    pub(super) fn value(&mut self, flags: &[&str]) -> Option<Option<String>> {
        let end = self.0.iter().position(|word| word == "--").unwrap_or(self.0.len());
        let Some(at) = self.0.iter().take(end).position(|word| flags.contains(&word.as_str()))
        else {
            return Some(None);
        };
        if at + 1 >= end {
            return None;
        }
        self.0.remove(at);
        Some(Some(self.0.remove(at)))
    }

    /// What stands behind `--`; nothing else may be left.
    pub(super) fn argv(&mut self) -> Option<Vec<String>> {
        match self.0.split_first() {
            None => Some(Vec::new()),
            Some((dashes, argv)) if dashes == "--" && !argv.is_empty() => Some(argv.to_vec()),
            Some(_) => None,
        }
    }

    /// A name by `-n`, and a command.
    pub(super) fn named(&mut self) -> Option<(String, Vec<String>)> {
        let name = self.value(&["-n", "--name"])?.unwrap_or_default();
        Some((name, self.argv()?))
    }

    /// One word and no more.
    pub(super) fn only(&mut self) -> Option<String> {
        if self.0.len() == 1 { self.0.pop() } else { None }
    }

    pub(super) fn number(&mut self) -> Option<u16> {
        self.only()?.parse().ok()
    }

    pub(super) fn end(&mut self, command: Command) -> Option<Command> {
        self.0.is_empty().then_some(command)
    }

    /// At most one of these flags.
    pub(super) fn one_of(&mut self, flags: &[&'static str]) -> Option<Option<&'static str>> {
        let found = flags.iter().copied().find(|flag| self.take(flag));
        self.0.is_empty().then_some(found)
    }

    pub(super) fn toggle(&mut self) -> Option<Toggle> {
        Some(match self.one_of(&["--on", "--off"])? {
            Some("--on") => Toggle::ON,
            Some(_) => Toggle::OFF,
            None => Toggle::TOGGLE,
        })
    }
}

/// Words of a line: blanks part them, quotes keep them together, a backslash takes the next character
/// as it is outside of single quotes.
pub(super) fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        match (c, quote) {
            ('\\', None | Some('"')) => word.get_or_insert_default().extend(chars.next()),
            (c, Some(open)) if c == open => quote = None,
            (c, Some(_)) => word.get_or_insert_default().push(c),
            ('"' | '\'', None) => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (c, None) if c.is_whitespace() => words.extend(word.take()),
            (c, None) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}
