//! The next file, found when it can be there, and not looked for when it cannot.

use std::fs::{self, File, FileTimes};

use super::*;

/// The directory's names changed at that time last, as far as it tells.
fn changed_at(dir: &Path, time: SystemTime) {
    let dir = File::open(dir).unwrap();
    dir.set_times(FileTimes::new().set_modified(time)).unwrap();
}

fn holds(place: &mut Place, dir: &Path, name: &str) -> bool {
    let settled = place.settled(dir);
    place.holds(dir, name, settled).unwrap()
}

#[test]
fn a_quiet_directory_is_looked_into_once() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let long_ago = SystemTime::now() - Duration::from_secs(3600);
    changed_at(dir, long_ago);
    let mut place = Place::default();
    assert!(!holds(&mut place, dir, "a"));
    // As if nothing had changed.
    fs::write(dir.join("b"), "").unwrap();
    changed_at(dir, long_ago);
    assert!(!holds(&mut place, dir, "b"), "it was not looked for");
    // The next change tells of it.
    fs::write(dir.join("c"), "").unwrap();
    assert!(holds(&mut place, dir, "b"));
    assert!(!holds(&mut place, dir, "d"));
}

#[test]
fn one_that_changed_just_now_is_looked_into_again() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    // The clock of a file system may stand still, or have been ahead.
    for ahead in [0, 3600] {
        let time = SystemTime::now() + Duration::from_secs(ahead);
        let name = format!("after {ahead}");
        let mut place = Place::default();
        changed_at(dir, time);
        assert!(!holds(&mut place, dir, &name));
        fs::write(dir.join(&name), "").unwrap();
        changed_at(dir, time);
        assert!(holds(&mut place, dir, &name));
    }
}

/// A server that was stopped for seconds between the end and the look took the next file for one that it had looked
/// for, and its pane stood still.
#[test]
fn a_file_that_began_behind_an_end_that_is_old_by_now_is_found() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let ago = |seconds| SystemTime::now() - Duration::from_secs(seconds);
    changed_at(dir, ago(3600));
    let mut place = Place::default();
    let settled = place.settled(dir);
    // The end is measured, and the process stopped. The recording goes on, and in another file.
    fs::write(dir.join("behind it"), "").unwrap();
    changed_at(dir, ago(60));
    assert!(!place.holds(dir, "the end", settled).unwrap());
    assert!(holds(&mut place, dir, "behind it"));
}

#[test]
fn what_is_no_file_is_not_held() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    fs::create_dir(dir.join("dir")).unwrap();
    std::os::unix::fs::symlink("/dev/null", dir.join("link")).unwrap();
    let mut place = Place::default();
    assert!(!holds(&mut place, dir, "dir"));
    assert!(!holds(&mut place, dir, "link"));
    let gone = dir.join("gone");
    assert_eq!(Place::default().settled(&gone), None);
    assert!(Place::default().holds(&gone, "a", None).is_err());
}
