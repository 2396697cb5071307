//! Rules about files as such: how they begin, how long they are, what they are called.

use super::Finding;
use super::tree::{TextFile, Tree};

/// A file longer than this cannot be held in the head.
const MAX_LINES: usize = 800;

/// Names that say nothing about what is inside.
const VAGUE: [&str; 8] =
    ["utils", "util", "helpers", "helper", "common", "manager", "managers", "misc"];

pub(crate) fn check(tree: &Tree) -> Vec<Finding> {
    tree.files.iter().filter(|file| file.is_rust()).flat_map(check_file).collect()
}

fn check_file(file: &TextFile) -> Vec<Finding> {
    let mut findings = Vec::new();
    if !file.text.starts_with("//!") {
        let why = "does not open with `//!`: what it owns, and what it does not";
        findings.push(Finding::file(&file.path, why));
    }
    let lines = file.text.lines().count();
    if lines > MAX_LINES {
        findings.push(Finding::file(&file.path, format!("{lines} lines, the most is {MAX_LINES}")));
    }
    let stem = file.path.file_stem().unwrap_or_default().to_string_lossy();
    if stem == "mod" {
        findings
            .push(Finding::file(&file.path, "is named after its folder: `foo.rs` beside `foo/`"));
    }
    let vague = |part: &str| VAGUE.contains(&part);
    if stem.split('_').any(vague) {
        findings.push(Finding::file(&file.path, "has a name that does not say what is inside"));
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::{TextFile, check_file};

    fn check(path: &str, text: &str) -> Vec<String> {
        let file = TextFile { path: path.into(), text: text.into() };
        check_file(&file).into_iter().map(|finding| finding.why).collect()
    }

    #[test]
    fn a_file_says_first_what_it_owns() {
        assert_eq!(check("a.rs", "//! Owns a.\n"), [""; 0]);
        assert!(check("a.rs", "use b;\n")[0].contains("`//!`"));
    }

    #[test]
    fn a_file_ends_at_some_line() {
        assert_eq!(check("a.rs", &"//! a\n".repeat(800)), [""; 0]);
        assert_eq!(check("a.rs", &"//! a\n".repeat(801)), ["801 lines, the most is 800"]);
    }

    #[test]
    fn a_name_says_what_is_inside() {
        assert_eq!(check("a/mod.rs", "//! a").len(), 1);
        assert_eq!(check("a/pane_manager.rs", "//! a").len(), 1);
        assert_eq!(check("a/commonplace.rs", "//! a"), [""; 0]);
    }
}
