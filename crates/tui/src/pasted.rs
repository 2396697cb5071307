//! What terminals paste when files are dropped on them: paths and URIs, quoted in several ways. Owns reading and
//! writing them; whether the files are there is found out elsewhere.

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt as _;
use std::path::PathBuf;

/// The longest text that is taken for paths, in bytes, and the most paths in it: more is no drag and drop.
const LONGEST: usize = 8 * 1024;
const MOST: usize = 32;

/// The ways in which a text can be read as absolute paths, the likeliest first; none for what is no path.
pub(crate) fn ways(text: &str) -> Vec<Vec<PathBuf>> {
    let text = text.trim_matches([' ', '\t', '\r', '\n']);
    if text.is_empty() || text.len() > LONGEST || text.contains('\0') {
        return Vec::new();
    }
    let mut ways: Vec<Vec<PathBuf>> = Vec::new();
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    // Each line as it stands, words as a shell has them, and one path for each line.
    ways.extend(words(text).and_then(|words| all(words.iter().map(|word| path(word)))));
    ways.extend(all(lines.iter().map(|line| path(line.as_bytes()))));
    ways.dedup();
    ways
}

fn all(paths: impl Iterator<Item = Option<PathBuf>>) -> Option<Vec<PathBuf>> {
    let paths: Vec<PathBuf> = paths.collect::<Option<_>>()?;
    (1..=MOST).contains(&paths.len()).then_some(paths)
}

/// An absolute path, or the one that a `file:` URI names.
fn path(word: &[u8]) -> Option<PathBuf> {
    let bytes = match word.strip_prefix(b"file://") {
        Some(rest) => {
            let slash = rest.iter().position(|byte| *byte == b'/')?;
            let (host, path) = rest.split_at(slash);
            if !(host.is_empty() || host == b"localhost") {
                return None;
            }
            unescaped(path)?
        }
        None => word.to_vec(),
    };
    (bytes.starts_with(b"/") && !bytes.contains(&0)).then(|| OsString::from_vec(bytes).into())
}

/// Percent-encoded bytes.
fn unescaped(text: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((first, behind)) = rest.split_first() {
        rest = behind;
        if *first != b'%' {
            bytes.push(*first);
            continue;
        }
        let digits = rest.get(..2)?;
        let digits = std::str::from_utf8(digits).ok()?;
        bytes.push(u8::from_str_radix(digits, 16).ok()?);
        rest = &rest[2..];
    }
    Some(bytes)
}

/// The words of a text as a shell would read them, without anything but quotes and backslashes.
fn words(text: &str) -> Option<Vec<Vec<u8>>> {
    let mut words = Vec::new();
    let mut word: Option<Vec<u8>> = None;
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            b' ' | b'\t' | b'\r' | b'\n' => words.extend(word.take()),
            b'\\' => word.get_or_insert_default().push(bytes.next()?),
            b'\'' | b'"' => {
                let word = word.get_or_insert_default();
                loop {
                    match bytes.next()? {
                        end if end == byte => break,
                        b'\\' if byte == b'"' => word.push(bytes.next()?),
                        inside => word.push(inside),
                    }
                }
            }
            byte => word.get_or_insert_default().push(byte),
        }
    }
    words.extend(word);
    Some(words)
}

/// A path as a shell takes it.
pub(crate) fn quoted(path: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "/._-+,:@%=".contains(c);
    if path.chars().all(plain) {
        return path.to_owned();
    }
    format!("'{}'", path.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&[&str]]) {
        let expected: Vec<Vec<PathBuf>> =
            expected.iter().map(|way| way.iter().map(PathBuf::from).collect()).collect();
        assert_eq!(ways(text), expected, "{text:?}");
    }

    #[test]
    fn paths_are_read_as_terminals_paste_them() {
        check("/a/b.png", &[&["/a/b.png"]]);
        check(" '/a/b c.png' \n", &[&["/a/b c.png"]]);
        check("\"/a/it's\"", &[&["/a/it's"]]);
        check(r"/a/b\ c.png /d", &[&["/a/b c.png", "/d"], &[r"/a/b\ c.png /d"]]);
        check("file:///a/b%20c%ED%95%9C.png", &[&["/a/b c한.png"]]);
        check("file://localhost/a\r\nfile:///b\r\n", &[&["/a", "/b"]]);
        // As a file manager copies it, without quotes.
        check("/a/b c.png", &[&["/a/b c.png"]]);
        check("/a b\n/c d", &[&["/a b", "/c d"]]);
        check(r"'/it'\''s'", &[&["/it's"]]);
    }

    #[test]
    fn what_is_no_absolute_path_is_a_text() {
        for text in [
            "",
            "hello",
            "a/b",
            "echo /a",
            "/a and b\nc",
            "file://box/a",
            "file:///a%2",
            "file:///a%00b",
            "https://example.org/a",
            "'/a",
            "/a\0b",
        ] {
            let is_path = |way: &Vec<PathBuf>| way.len() == 1 && text.starts_with('/');
            assert!(ways(text).iter().all(is_path), "{text:?}: {:?}", ways(text));
        }
        assert!(ways("hello").is_empty() && ways("'/a").is_empty() && ways("/a\0b").is_empty());
        assert!(ways(&"/a ".repeat(MOST + 1)).iter().all(|way| way.len() == 1));
        assert!(ways(&format!("/{}", "a".repeat(LONGEST))).is_empty());
    }

    #[test]
    fn a_path_is_quoted_only_where_a_shell_needs_it() {
        assert_eq!(
            quoted("/home/ann/.cache/ccc/pasted/2026-01-02-a.png"),
            "/home/ann/.cache/ccc/pasted/2026-01-02-a.png"
        );
        assert_eq!(quoted("/a/한글.png"), "/a/한글.png");
        assert_eq!(quoted("/a b"), "'/a b'");
        assert_eq!(quoted("/it's $HOME"), r"'/it'\''s $HOME'");
        // What is quoted is read as it was.
        for path in ["/a b", "/it's", "/a\"b\\c", "/$(x)`y`"] {
            assert_eq!(ways(&quoted(path)).first(), Some(&vec![PathBuf::from(path)]));
        }
    }
}
