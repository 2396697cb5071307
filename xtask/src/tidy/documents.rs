//! Prose that must agree with the code: the rooms in `ARCHITECTURE.md`, the commands in `README.md`
//! and CI, the tests named in `SPECIFICATION.md`, the pages in `docs/design`.

use std::collections::BTreeSet;

use anyhow::{Context as _, Result};
use serde_json::Value;

use super::Finding;
use super::tree::{TextFile, Tree};

/// The two commands that a newcomer types, on the README's first screen.
const COMMANDS: [&str; 2] = ["cargo run --release -- attach", "cargo test --workspace"];
/// How many lines a first screen has.
const FIRST_SCREEN: usize = 60;
/// `ARCHITECTURE.md` is read in one sitting.
const ARCHITECTURE_LINES: usize = 250;

pub(crate) fn check(tree: &Tree, metadata: &Value) -> Result<Vec<Finding>> {
    let packages: BTreeSet<String> = metadata["packages"]
        .as_array()
        .context("cargo metadata names no packages")?
        .iter()
        .filter_map(|package| package["name"].as_str().map(ToOwned::to_owned))
        .collect();
    let mut findings = Vec::new();
    with(tree, "ARCHITECTURE.md", &mut findings, |file| architecture(file, &packages));
    with(tree, "README.md", &mut findings, readme);
    with(tree, ".ci/run", &mut findings, ci);
    with(tree, "SPECIFICATION.md", &mut findings, |file| specification(file, tree));
    Ok(findings)
}

fn with(
    tree: &Tree,
    path: &str,
    findings: &mut Vec<Finding>,
    check: impl FnOnce(&TextFile) -> Vec<Finding>,
) {
    match tree.find(path) {
        Some(file) => findings.extend(check(file)),
        None => findings.push(Finding::file(path, "is missing")),
    }
}

/// The headings of rooms, `### ccc-vt (crates/vt)`, name exactly the packages there are.
fn architecture(file: &TextFile, packages: &BTreeSet<String>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let rooms: BTreeSet<String> = file
        .text
        .lines()
        .filter_map(|line| line.strip_prefix("### `"))
        .filter_map(|rest| rest.split_once('`').map(|(name, _)| name.to_owned()))
        .collect();
    for missing in packages.difference(&rooms) {
        findings.push(Finding::file(&file.path, format!("has no entry for {missing}")));
    }
    for gone in rooms.difference(packages) {
        findings.push(Finding::file(&file.path, format!("has an entry for {gone}, which is gone")));
    }
    let lines = file.text.lines().count();
    if lines > ARCHITECTURE_LINES {
        let why = format!("{lines} lines, the most is {ARCHITECTURE_LINES}");
        findings.push(Finding::file(&file.path, why));
    }
    findings
}

fn readme(file: &TextFile) -> Vec<Finding> {
    let first_screen: Vec<&str> = file.text.lines().take(FIRST_SCREEN).collect();
    let missing =
        COMMANDS.iter().filter(|command| !first_screen.iter().any(|l| l.contains(*command)));
    missing
        .map(|command| {
            Finding::file(&file.path, format!("does not say `{command}` on its first screen"))
        })
        .collect()
}

fn ci(file: &TextFile) -> Vec<Finding> {
    let [_, test] = COMMANDS;
    if file.lines().any(|(_, line)| line.trim() == test) {
        return Vec::new();
    }
    vec![Finding::file(&file.path, format!("does not run `{test}`, as the README says"))]
}

/// A promise names what holds it: every `test NAME` in the page is a function in the tree.
fn specification(file: &TextFile, tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (number, line) in file.lines() {
        for name in line.split("test `").skip(1).filter_map(|rest| rest.split_once('`')) {
            let name = name.0.rsplit("::").next().unwrap_or_default();
            let plain = format!("fn {name}(");
            let named = format!("::{name}\"");
            let known = |file: &TextFile| {
                file.is_rust() && (file.text.contains(&plain) || file.text.contains(&named))
            };
            if !tree.files.iter().any(known) {
                findings.push(Finding::line(
                    &file.path,
                    number,
                    format!("no test is named {name}"),
                ));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, text: &str) -> TextFile {
        TextFile { path: path.into(), text: text.into() }
    }

    fn words(findings: Vec<Finding>) -> Vec<String> {
        findings.into_iter().map(|finding| finding.why).collect()
    }

    #[test]
    fn the_rooms_in_the_page_are_the_rooms_there_are() {
        let packages = BTreeSet::from(["ccc-a".to_owned(), "ccc-b".to_owned()]);
        let page = file("ARCHITECTURE.md", "### `ccc-a`, `crates/a`\n### `ccc-c`\n");
        let expected = ["has no entry for ccc-b", "has an entry for ccc-c, which is gone"];
        assert_eq!(words(architecture(&page, &packages)), expected);
    }

    #[test]
    fn the_first_screen_has_both_commands() {
        let text = format!("{}\n{}\n", COMMANDS[0], COMMANDS[1]);
        assert_eq!(words(readme(&file("README.md", &text))), [""; 0]);
        let text = format!("{}{text}", "\n".repeat(FIRST_SCREEN - 1));
        assert_eq!(words(readme(&file("README.md", &text))).len(), 1);
    }

    #[test]
    fn a_promise_that_names_no_test_is_found() {
        let tree = Tree { files: vec![file("a.rs", "//! a\n#[test]\nfn holds() {}")] };
        let page = file("SPECIFICATION.md", "a (test `holds`)\nb (test `a::gone`)");
        let findings = specification(&page, &tree);
        assert_eq!(findings, [Finding::line("SPECIFICATION.md", 2, "no test is named gone")]);
    }
}
