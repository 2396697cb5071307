//! Who may depend on whom among our own packages. Owns the table; `ARCHITECTURE.md` says why.

use anyhow::{Context as _, Result};
use serde_json::Value;

use super::Finding;

/// Each package, and which of ours it may use outside of its tests.
const ARROWS: &[(&str, &[&str])] = &[
    ("ccc-vt", &[]),
    ("ccc-journal", &[]),
    ("ccc-keeper", &["ccc-journal"]),
    ("ccc-proto", &[]),
    ("ccc-sync", &["ccc-vt", "ccc-proto"]),
    ("ccc-net", &["ccc-proto"]),
    ("ccc-copy", &["ccc-proto", "ccc-net"]),
    ("ccc-play", &["ccc-journal", "ccc-vt"]),
    ("ccc-index", &[]),
    (
        "ccc-server",
        &[
            "ccc-vt",
            "ccc-journal",
            "ccc-keeper",
            "ccc-play",
            "ccc-sync",
            "ccc-proto",
            "ccc-net",
            "ccc-copy",
            "ccc-index",
        ],
    ),
    (
        "ccc-client",
        &["ccc-journal", "ccc-sync", "ccc-proto", "ccc-net", "ccc-copy", "ccc-vt", "ccc-play"],
    ),
    ("ccc-tui", &["ccc-client", "ccc-vt"]),
    (
        "ccc",
        &[
            "ccc-vt",
            "ccc-journal",
            "ccc-keeper",
            "ccc-play",
            "ccc-sync",
            "ccc-proto",
            "ccc-net",
            "ccc-copy",
            "ccc-index",
            "ccc-server",
            "ccc-client",
            "ccc-tui",
        ],
    ),
    // For tests only; it writes keys as the product reads them.
    ("ccc-testkit", &["ccc-vt"]),
    // Runs the product from outside, through the test kit's terminal.
    ("xtask", &["ccc-testkit"]),
];

/// Packages of others that a package of ours must never use: it would be another thing then.
const NEVER: &[(&str, &[&str])] = &[
    ("ccc-vt", &["tokio", "serde"]),
    ("ccc-journal", &["tokio"]),
    ("ccc-keeper", &["tokio", "rustls", "quinn", "zstd"]),
    ("ccc-proto", &["tokio"]),
    ("ccc-sync", &["tokio"]),
    ("ccc-play", &["tokio"]),
    ("ccc-server", &["ratatui", "clap"]),
    ("ccc-client", &["ratatui", "clap"]),
];

pub(crate) fn check(metadata: &Value) -> Result<Vec<Finding>> {
    let packages = metadata["packages"].as_array().context("cargo metadata names no packages")?;
    let ours = |name: &str| packages.iter().any(|package| package["name"] == name);
    let mut findings = Vec::new();
    for package in packages {
        let name = package["name"].as_str().unwrap_or_default();
        let manifest = format!("package {name}");
        let Some((_, allowed)) = ARROWS.iter().find(|(package, _)| *package == name) else {
            findings.push(Finding::file(manifest, "is not in the table of arrows"));
            continue;
        };
        let never =
            NEVER.iter().find(|(package, _)| *package == name).map_or(&[][..], |rule| rule.1);
        for dependency in package["dependencies"].as_array().into_iter().flatten() {
            let used = dependency["name"].as_str().unwrap_or_default();
            if dependency["kind"] == "dev" {
                continue;
            }
            if ours(used) && !allowed.contains(&used) {
                findings.push(Finding::file(&manifest, format!("may not use {used}")));
            }
            if never.contains(&used) {
                findings.push(Finding::file(&manifest, format!("must never use {used}")));
            }
        }
    }
    Ok(findings)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::check;

    fn check_one(name: &str, used: &str, kind: Option<&str>) -> Vec<String> {
        let dependency = json!({ "name": used, "kind": kind });
        let metadata = json!({ "packages": [
            { "name": name, "dependencies": [dependency] },
            { "name": "ccc-tui", "dependencies": [] },
        ]});
        check(&metadata).unwrap().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn an_arrow_that_the_table_does_not_have_is_found() {
        let found = check_one("ccc-server", "ccc-tui", None);
        assert_eq!(found, ["package ccc-server: may not use ccc-tui"]);
        assert_eq!(check_one("ccc", "ccc-tui", None), [""; 0]);
        assert_eq!(check_one("ccc-server", "ccc-tui", Some("dev")), [""; 0]);
    }

    #[test]
    fn a_library_that_would_change_what_a_package_is_is_found() {
        let found = check_one("ccc-journal", "tokio", None);
        assert_eq!(found, ["package ccc-journal: must never use tokio"]);
    }

    #[test]
    fn a_package_that_the_table_does_not_have_is_found() {
        let found = check_one("ccc-new", "serde", None);
        assert_eq!(found, ["package ccc-new: is not in the table of arrows"]);
    }
}
