//! Words that have no place in our text: tests that are switched off or wait for time, and paths of
//! one machine.

use super::Finding;
use super::tree::{TextFile, Tree};

/// Where a rule holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Where {
    /// In every Rust file.
    Rust,
    /// In Rust that is compiled for tests only.
    Tests,
    /// In every text file.
    Text,
}

// Each word is put together here, so that this file does not break its own rules.
const RULES: &[(&str, Where, &str)] = &[
    (concat!("#[", "ignore"), Where::Rust, "a test that is not run holds nothing"),
    (concat!("should", "_panic"), Where::Rust, "assert on an error instead"),
    (concat!("thread", "::sleep"), Where::Rust, "wait for an event, never for time"),
    (concat!("time", "::sleep"), Where::Tests, "wait for an event, never for time"),
    (concat!("/", "root/"), Where::Text, "a path of one machine"),
    (concat!("/work", "/main"), Where::Text, "a path of one machine"),
    (concat!("/work", "/target"), Where::Text, "a path of one machine"),
    (concat!("/work", "/shared"), Where::Text, "a path of one machine"),
    (concat!("/work", "/notes"), Where::Text, "a path of one machine"),
];

pub(crate) fn check(tree: &Tree) -> Vec<Finding> {
    tree.files.iter().flat_map(check_file).collect()
}

fn check_file(file: &TextFile) -> Vec<Finding> {
    // Lock files and golden bytes are nobody's prose.
    if file.path.extension().is_some_and(|extension| extension == "lock" || extension == "hex") {
        return Vec::new();
    }
    let last_line_of_code = file.last_line_of_code();
    let mut findings = Vec::new();
    for (number, line) in file.lines() {
        let in_tests = file.is_test() || number > last_line_of_code;
        for (word, place, why) in RULES {
            let holds = match place {
                Where::Text => true,
                Where::Rust => file.is_rust(),
                Where::Tests => file.is_rust() && in_tests,
            };
            if holds && line.contains(word) {
                findings.push(Finding::line(&file.path, number, format!("`{word}`: {why}")));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::{TextFile, check_file};

    fn check(path: &str, text: &str) -> usize {
        check_file(&TextFile { path: path.into(), text: text.into() }).len()
    }

    #[test]
    fn a_test_that_is_switched_off_is_found() {
        assert_eq!(check("a.rs", concat!("#[", "ignore]\nfn a() {}")), 1);
        assert_eq!(check("a.md", concat!("#[", "ignore]")), 0);
    }

    #[test]
    fn waiting_for_time_is_found_in_tests_only() {
        let sleep = concat!("tokio::time", "::sleep(second).await;\n");
        assert_eq!(check("a.rs", sleep), 0);
        assert_eq!(check("a/tests.rs", sleep), 1);
        assert_eq!(check("tests/a.rs", sleep), 1);
        assert_eq!(
            check("a.rs", &format!("fn a() {{}}\n#[cfg(test)]\nmod tests {{\n{sleep}}}")),
            1
        );
        assert_eq!(check("a.rs", &format!("#[cfg(test)]\nmod tests;\n{sleep}")), 0);
    }

    #[test]
    fn a_path_of_one_machine_is_found() {
        assert_eq!(check("README.md", concat!("see /", "root/.cargo")), 1);
        assert_eq!(check("a.hex", concat!("/", "root/")), 0);
    }
}
