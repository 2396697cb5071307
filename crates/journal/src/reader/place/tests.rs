//! The next file, found when it can be there, and not looked for when it cannot.

use std::fs::{self, File, FileTimes};

use super::*;

/// The directory's names changed at that time last, as far as it tells.
fn changed_at(dir: &Path, time: SystemTime) {
    let dir = File::open(dir).unwrap();
    dir.set_times(FileTimes::new().set_modified(time)).unwrap();
}

#[test]
fn a_quiet_directory_is_looked_into_once() {
    let dir = tempfile::tempdir().unwrap();
    let long_ago = SystemTime::now() - Duration::from_secs(3600);
    changed_at(dir.path(), long_ago);
    let mut place = Place::default();
    assert!(!place.holds(dir.path(), "a").unwrap());
    // As if nothing had changed.
    fs::write(dir.path().join("b"), "").unwrap();
    changed_at(dir.path(), long_ago);
    assert!(!place.holds(dir.path(), "b").unwrap(), "it was not looked for");
    // The next change tells of it.
    fs::write(dir.path().join("c"), "").unwrap();
    assert!(place.holds(dir.path(), "b").unwrap());
    assert!(!place.holds(dir.path(), "d").unwrap());
}

#[test]
fn one_that_changed_just_now_is_looked_into_again() {
    let dir = tempfile::tempdir().unwrap();
    // The clock of a file system may stand still, or have been ahead.
    for ahead in [0, 3600] {
        let time = SystemTime::now() + Duration::from_secs(ahead);
        let name = format!("after {ahead}");
        let mut place = Place::default();
        changed_at(dir.path(), time);
        assert!(!place.holds(dir.path(), &name).unwrap());
        fs::write(dir.path().join(&name), "").unwrap();
        changed_at(dir.path(), time);
        assert!(place.holds(dir.path(), &name).unwrap());
    }
}

#[test]
fn what_is_no_file_is_not_held() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("dir")).unwrap();
    std::os::unix::fs::symlink("/dev/null", dir.path().join("link")).unwrap();
    let mut place = Place::default();
    assert!(!place.holds(dir.path(), "dir").unwrap());
    assert!(!place.holds(dir.path(), "link").unwrap());
    assert!(Place::default().holds(&dir.path().join("gone"), "a").is_err());
}
