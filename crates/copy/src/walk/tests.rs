//! What a walk tells, and what a file to be read may be.

use std::collections::BTreeSet;
use std::os::unix::fs::symlink;

use super::*;
use crate::{CopyError, open};

#[test]
fn a_folder_comes_before_what_is_in_it_and_links_are_told_and_not_followed() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    fs::create_dir_all(at("top/a/b")).unwrap();
    fs::write(at("top/a/b/file"), "12345").unwrap();
    fs::write(at("top/other"), "").unwrap();
    symlink(at("top"), at("top/a/round")).unwrap();
    let found: Vec<Found> = Walk::below(&at("top")).unwrap().collect();
    let names: BTreeSet<&str> = found.iter().filter_map(|one| one.path.to_str()).collect();
    assert_eq!(names, BTreeSet::from(["a", "a/b", "a/b/file", "a/round", "other"]));
    let place = |name: &str| found.iter().position(|one| one.path == Path::new(name)).unwrap();
    assert!(place("a") < place("a/b") && place("a/b") < place("a/b/file"));
    // All that is in a folder stands together.
    let (first, last) = (place("a"), place("a") + 3);
    assert!(found[first..=last].iter().all(|one| one.path.starts_with("a")), "{found:?}");
    let facts = |name: &str| *found[place(name)].facts.as_ref().unwrap();
    assert_eq!((facts("a/b/file").kind, facts("a/b/file").size), (Kind::File, 5));
    assert_eq!(facts("a/round").kind, Kind::Link);
}

#[test]
fn a_walk_ends_at_some_depth_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let deep: PathBuf = std::iter::repeat_n("d", DEEPEST + 2).collect();
    fs::create_dir_all(folder.path().join(&deep)).unwrap();
    let found: Vec<Found> = Walk::below(folder.path()).unwrap().collect();
    assert_eq!(found.len(), DEEPEST);
    assert!(found.last().unwrap().facts.is_err());
}

#[test]
fn a_pipe_is_refused_and_nobody_waits_for_its_other_end() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe");
    rustix::fs::mknodat(
        rustix::fs::CWD,
        &pipe,
        rustix::fs::FileType::Fifo,
        rustix::fs::Mode::from_raw_mode(0o600),
        0,
    )
    .unwrap();
    assert!(open(&pipe).unwrap_err().to_string().contains("is a pipe, and only regular files"));
    assert!(open(Path::new("/dev/null")).unwrap_err().to_string().contains("is a device"));
    assert!(open(folder.path()).unwrap_err().to_string().contains("is a folder"));
    symlink("/etc/passwd", folder.path().join("link")).unwrap();
    assert!(matches!(open(&folder.path().join("link")), Err(CopyError::Link { .. })));
}
