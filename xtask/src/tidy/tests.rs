//! The rules, held against this very workspace.

use super::findings;

#[test]
fn the_house_is_tidy() {
    let findings: Vec<String> = findings().unwrap().iter().map(ToString::to_string).collect();
    assert_eq!(findings, [""; 0], "{}", findings.join("\n"));
}
