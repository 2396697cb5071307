//! The old file or the new one, and nothing else in the directory.

use std::fs;

use super::*;

fn names(dir: &Path) -> Vec<String> {
    let entries = fs::read_dir(dir).unwrap();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

#[test]
fn a_file_is_made_and_replaced_with_the_wanted_mode() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("file");
    for (bytes, mode) in [(b"old".as_slice(), 0o600), (b"newer", 0o400), (b"", 0o644)] {
        atomic_write(&path, bytes, mode).unwrap();
        assert_eq!(fs::read(&path).unwrap(), bytes);
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o7777, mode);
        assert_eq!(names(dir.path()), ["file"]);
    }
}

#[test]
fn a_failure_leaves_the_old_file_and_nothing_else() {
    let dir = tempfile::tempdir().unwrap();
    let taken = dir.path().join("taken");
    fs::create_dir(&taken).unwrap();
    fs::write(taken.join("inside"), b"").unwrap();
    assert!(atomic_write(&taken, b"bytes", 0o600).is_err());
    assert_eq!(names(dir.path()), ["taken"]);
    assert!(atomic_write(&dir.path().join("none/file"), b"bytes", 0o600).is_err());
}

#[test]
fn what_dead_writers_left_is_swept_and_nothing_else() {
    let dir = tempfile::tempdir().unwrap();
    // As a killed process leaves it: its destructor never ran.
    std::mem::forget(FreshFile::create(&dir.path().join("file")).unwrap());
    for name in [".hidden", "file.fresh-1-1", "file"] {
        fs::write(dir.path().join(name), b"").unwrap();
    }
    assert_eq!(names(dir.path()).len(), 4);
    assert_eq!(sweep_leftovers(dir.path()).unwrap(), 1);
    let mut left = names(dir.path());
    left.sort();
    assert_eq!(left, [".hidden", "file", "file.fresh-1-1"]);
}
