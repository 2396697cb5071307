//! What in a line of text looks like an address, a file, or another word that people copy: hashes,
//! numbers of the network. Owns the patterns, and which addresses may ever be opened.

use std::sync::LazyLock;

use ccc_vt::Row;
use regex::Regex;

use crate::app::Spot;
use crate::app::scroll::text::LineText;

/// What is labelled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Target {
    /// What is copied.
    pub(crate) text: String,
    pub(crate) kind: Kind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Address,
    File { path: String, line: Option<u32> },
    Word,
}

/// Schemes that are opened. What others do is not known, and a program chose them.
const SCHEMES: [&str; 5] = ["http://", "https://", "ftp://", "mailto:", "gemini://"];
/// What ends a sentence or closes a bracket, and is no part of what stands before it.
const ENDS: &[char] = &['.', ',', ';', ':', '!', '?', '\'', '"', ')', ']', '}', '>'];

/// What a text that matched is.
type KindOf = fn(&str) -> Kind;

/// Each pattern with its kind, the first that matches at a place wins. Patterns are read by a test.
static PATTERNS: LazyLock<Vec<(Regex, KindOf)>> = LazyLock::new(|| {
    let patterns: [(&str, KindOf); 5] = [
        (
            r#"\b(?:https?|ftp|file|ssh|git|gemini)://[^\s<>"'`{}|\\^]+|\bmailto:[^\s<>"'`]+"#,
            |_| Kind::Address,
        ),
        (
            // With a slash in it, or a name with an ending before a line number.
            r"(?:~|\.{1,2})?(?:/[\w.@%+=~-]+)+/?(?::\d+){0,2}|[\w.@%+=~-]+(?:/[\w.@%+=~-]+)+/?(?::\d+){0,2}|\b[\w@%+=~-]+\.[A-Za-z]\w*(?::\d+){1,2}",
            file,
        ),
        (r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b", |_| Kind::Word),
        (r"\b[0-9a-f]{7,64}\b", |_| Kind::Word),
        (r"\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b", |_| Kind::Word),
    ];
    patterns
        .into_iter()
        .filter_map(|(pattern, kind)| Some((Regex::new(pattern).ok()?, kind)))
        .collect()
});

/// A path with the line that follows it.
fn file(text: &str) -> Kind {
    let mut parts = text.split(':');
    let path = parts.next().unwrap_or_default().to_owned();
    Kind::File { path, line: parts.next().and_then(|line| line.parse().ok()) }
}

/// Everything in a line that is worth a label, with its place, from left to right.
pub(super) fn all(line: &LineText, rows: &[&Row], first: usize) -> Vec<(Target, (Spot, Spot))> {
    let mut found: Vec<(Target, (Spot, Spot))> = links(rows, first);
    for (pattern, kind) in PATTERNS.iter() {
        for hit in pattern.find_iter(&line.text) {
            let text = trimmed(hit.as_str());
            let kind = kind(text);
            // A word of letters or digits alone is no hash.
            let is_word = kind == Kind::Word && !text.contains(['.', '-']);
            let mixed = text.contains(|c: char| c.is_ascii_digit())
                && text.contains(|c: char| c.is_ascii_alphabetic());
            if is_word && !mixed {
                continue;
            }
            let Some(span) = line.span(hit.start(), hit.start() + text.len()) else { continue };
            let free = found.iter().all(|(_, (from, to))| span.1 < *from || *to < span.0);
            if free {
                found.push((Target { text: text.to_owned(), kind }, span));
            }
        }
    }
    found.sort_by_key(|(_, span)| *span);
    found
}

/// Hyperlinks that the program set, whatever text they cover.
fn links(rows: &[&Row], first: usize) -> Vec<(Target, (Spot, Spot))> {
    let mut found: Vec<(Target, (Spot, Spot))> = Vec::new();
    let mut open = None;
    for (row, cells) in (first..).zip(rows) {
        let mut col = 0_u16;
        for cell in &cells.cells {
            let width = u16::from(cell.width.max(1));
            let (from, to) = (Spot { row, col }, Spot { row, col: col + width - 1 });
            match (&cell.link, found.last_mut()) {
                (Some(link), Some((_, span))) if open.as_ref() == Some(link) => span.1 = to,
                (Some(link), _) => {
                    let text = link.uri.clone();
                    found.push((Target { text, kind: Kind::Address }, (from, to)));
                }
                (None, _) => {}
            }
            open.clone_from(&cell.link);
            col = col.saturating_add(width);
        }
    }
    found
}

/// Without what follows in the sentence. A bracket that is opened inside may be closed inside.
fn trimmed(text: &str) -> &str {
    let mut text = text;
    while let Some(last) = text.chars().last().filter(|last| ENDS.contains(last)) {
        let opens = match last {
            ')' => '(',
            ']' => '[',
            _ => '\0',
        };
        if text.matches(opens).count() >= text.matches(last).count() {
            break;
        }
        text = text.get(..text.len() - last.len_utf8()).unwrap_or_default();
    }
    text
}

/// Whether an address may be given to the opener.
pub(super) fn may_open(address: &str) -> bool {
    let lower = address.to_ascii_lowercase();
    SCHEMES.iter().any(|scheme| lower.starts_with(scheme))
        && !address.chars().any(|c| c.is_control() || c.is_whitespace())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use ccc_vt::{Cell, Link};

    use super::*;

    fn row(text: &str) -> Row {
        let cell = |c: char| Cell { text: c.into(), width: ccc_vt::char_width(c), ..Cell::blank() };
        Row { cells: text.chars().map(cell).collect(), ..Row::default() }
    }

    fn check(text: &str, expected: &[&str]) {
        let row = row(text);
        let line = LineText::of([&row].into_iter(), 0);
        let found = all(&line, &[&row], 0);
        let texts: Vec<&str> = found.iter().map(|(target, _)| target.text.as_str()).collect();
        assert_eq!(texts, expected, "{text}");
    }

    #[test]
    fn all_patterns_are_read() {
        assert_eq!(PATTERNS.len(), 5);
    }

    #[test]
    fn what_people_copy_is_found() {
        check(
            "see https://a.example/x_(y)?q=1#z, or (http://b.example).",
            &["https://a.example/x_(y)?q=1#z", "http://b.example"],
        );
        check("error at src/main.rs:12:5: oops", &["src/main.rs:12:5"]);
        check("main.rs:12: oops; main.rs is fine", &["main.rs:12"]);
        check("~/notes ../x/y /etc/passwd. ./a", &["~/notes", "../x/y", "/etc/passwd", "./a"]);
        check("commit 5991a58f0c and deadbee1", &["5991a58f0c", "deadbee1"]);
        check("12345678 abcdefabc", &[]);
        check("from 10.0.0.1:80 at 10.0.0.2", &["10.0.0.1:80", "10.0.0.2"]);
        check("id 123e4567-e89b-12d3-a456-426614174000", &["123e4567-e89b-12d3-a456-426614174000"]);
        check("a word, and/or two", &["and/or"]);
        check("가나 /home/사람/파일.txt", &["/home/사람/파일.txt"]);
        check("nothing here", &[]);
    }

    #[test]
    fn a_file_knows_its_line() {
        let of = |text: &str| match file(text) {
            Kind::File { path, line } => (path, line),
            other => panic!("{other:?}"),
        };
        assert_eq!(of("src/a.rs:12:5"), ("src/a.rs".into(), Some(12)));
        assert_eq!(of("/tmp/x"), ("/tmp/x".into(), None));
    }

    #[test]
    fn a_hyperlink_is_found_under_whatever_it_says_also_across_rows() {
        let link = Arc::new(Link { id: String::new(), uri: "https://c.example/".into() });
        let mut rows = [row("read the"), row("docs/now ok")];
        rows[0].wrapped = true;
        for cell in &mut rows[0].cells[5..] {
            cell.link = Some(Arc::clone(&link));
        }
        for cell in &mut rows[1].cells[..8] {
            cell.link = Some(Arc::clone(&link));
        }
        let line = LineText::of(rows.iter(), 0);
        let found = all(&line, &rows.iter().collect::<Vec<_>>(), 0);
        let span = (Spot { row: 0, col: 5 }, Spot { row: 1, col: 7 });
        let target = Target { text: "https://c.example/".into(), kind: Kind::Address };
        assert_eq!(found, [(target, span)]);
    }

    #[test]
    fn only_known_schemes_are_ever_opened() {
        for good in ["https://a.example", "HTTP://a.example", "mailto:a@b.example"] {
            assert!(may_open(good), "{good}");
        }
        for bad in
            ["file:///etc/passwd", "javascript:alert(1)", "ssh://-oProxy", "x", "https://a b"]
        {
            assert!(!may_open(bad), "{bad}");
        }
    }

    proptest::proptest! {
        #[test]
        fn what_is_found_stands_where_it_says(text in "[a-z0-9/.:가 ()~_-]{0,60}") {
            let row = row(&text);
            let line = LineText::of([&row].into_iter(), 0);
            let mut before = None;
            for (target, (from, to)) in all(&line, &[&row], 0) {
                proptest::prop_assert!(text.contains(&target.text));
                proptest::prop_assert!(from <= to && before.is_none_or(|before| before < from));
                before = Some(to);
            }
        }
    }
}
