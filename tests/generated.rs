//! Files that are made by the binary and kept in the repository say what it says today.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

type Files = BTreeMap<String, String>;

fn ccc(args: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ccc"));
    // They are the same whatever language people are spoken to in.
    let output = command.args(args).env("LC_ALL", "ko_KR.UTF-8").output().expect("it runs");
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

fn read(folder: &Path) -> Files {
    let entries =
        std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry"));
    let named = |entry: std::fs::DirEntry| {
        let text = std::fs::read_to_string(entry.path()).expect("text");
        (entry.file_name().into_string().expect("a name"), text)
    };
    entries.map(named).collect()
}

fn kept(folder: &str) -> Files {
    read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(folder))
}

#[track_caller]
fn check(kept: &Files, said: &Files) {
    assert_eq!(kept.keys().collect::<Vec<_>>(), said.keys().collect::<Vec<_>>());
    let stale: Vec<&String> = kept.keys().filter(|name| kept[*name] != said[*name]).collect();
    assert!(stale.is_empty(), "stale: {stale:?}; run `cargo xtask gen`");
}

#[test]
fn completions_are_fresh() {
    let shells = [
        ("ccc.bash", "bash"),
        ("ccc.elv", "elvish"),
        ("ccc.fish", "fish"),
        ("_ccc.ps1", "powershell"),
        ("_ccc", "zsh"),
    ];
    let said = shells.map(|(file, shell)| (file.to_owned(), ccc(&["completions", shell])));
    check(&kept("completions"), &said.into());
}

#[test]
fn manual_pages_are_fresh() {
    let folder = tempfile::tempdir().unwrap();
    ccc(&["man", "--dir", folder.path().to_str().unwrap()]);
    check(&kept("man"), &read(folder.path()));
}
