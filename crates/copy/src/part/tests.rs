//! Part files: who may have one, what they refuse, and what they leave.

use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;

use super::*;

#[test]
fn a_whole_file_takes_the_place_of_the_old_one_with_its_mode_and_time() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("file");
    fs::write(&target, "old").unwrap();
    let mut part = Part::open(&target, true).unwrap();
    part.write(b"new").unwrap();
    assert_eq!(fs::read(&target).unwrap(), b"old");
    let hash = part.hash();
    // Special bits are not a matter of copies.
    part.finish(3, &hash, 0o4751, Some(-1_500_000_000)).unwrap();
    assert_eq!(fs::read(&target).unwrap(), b"new");
    let meta = fs::metadata(&target).unwrap();
    assert_eq!(meta.mode() & 0o7777, 0o751);
    assert_eq!((meta.mtime(), meta.mtime_nsec()), (-2, 500_000_000));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn one_copy_at_a_time_writes_to_a_name() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("file");
    let mut first = Part::open(&target, true).unwrap();
    assert!(matches!(Part::open(&target, true), Err(CopyError::Busy { .. })));
    first.write(b"half").unwrap();
    drop(first);
    let second = Part::open(&target, true).unwrap();
    assert_eq!((second.length(), second.hash()), (4, *blake3::hash(b"half").as_bytes()));
    drop(second);
    // Without going on it is empty again, and an empty one is not left.
    assert_eq!(Part::open(&target, false).unwrap().length(), 0);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn what_is_no_regular_file_is_neither_replaced_nor_written_to() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    fs::create_dir(at("folder")).unwrap();
    symlink(at("elsewhere"), at("link")).unwrap();
    let _socket = UnixListener::bind(at("socket")).unwrap();
    let why = |name: &str| Part::open(&at(name), true).unwrap_err().to_string();
    assert!(why("folder").contains("is a folder"), "{}", why("folder"));
    assert!(why("link").contains("is a symbolic link, which is not followed"), "{}", why("link"));
    assert!(why("socket").contains("is a socket"), "{}", why("socket"));
    // The same under the name of the part.
    symlink(at("elsewhere"), at("a.ccc-part")).unwrap();
    assert!(why("a").contains("is a symbolic link"), "{}", why("a"));
    assert!(!at("elsewhere").exists());
    assert!(Part::open(&at("missing/a"), true).unwrap_err().is_not_found());
}

#[test]
fn a_name_of_the_greatest_length_is_copied_as_well() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("n".repeat(LONGEST_NAME));
    let mut part = Part::open(&target, true).unwrap();
    part.write(b"x").unwrap();
    drop(part);
    let part = Part::open(&target, true).unwrap();
    assert_eq!(part.length(), 1);
    let hash = part.hash();
    part.finish(1, &hash, 0o600, None).unwrap();
    assert_eq!(fs::read(&target).unwrap(), b"x");
}

/// On a thread that may do what any user may, and no more.
fn as_anybody(work: impl FnOnce() + Send) {
    std::thread::scope(|scope| {
        let thread = scope.spawn(|| {
            if rustix::process::geteuid().is_root() {
                let nobody = rustix::process::Uid::from_raw(65_534);
                rustix::thread::set_thread_res_uid(nobody, nobody, nobody).unwrap();
            }
            work();
        });
        thread.join().expect("it does not panic");
    });
}

#[test]
fn a_part_that_has_its_last_permissions_already_is_gone_on_from() {
    let folder = tempfile::tempdir().unwrap();
    fs::set_permissions(folder.path(), Permissions::from_mode(0o777)).unwrap();
    let target = folder.path().join("file");
    as_anybody(|| {
        let mut part = Part::open(&target, true).unwrap();
        part.write(b"whole").unwrap();
        // As a kill just before the rename leaves it.
        part.file.set_permissions(Permissions::from_mode(0o444)).unwrap();
        assert!(matches!(Part::open(&target, true), Err(CopyError::Busy { .. })));
        assert_eq!(fs::metadata(&part.path).unwrap().mode() & 0o777, 0o444, "it is in use");
        drop(part);
        let part = Part::open(&target, true).unwrap();
        assert_eq!(part.length(), 5);
        assert_eq!(fs::metadata(&part.path).unwrap().mode() & 0o777, 0o600);
        let hash = part.hash();
        part.finish(5, &hash, 0o444, None).unwrap();
        assert_eq!(fs::read(&target).unwrap(), b"whole");
        // What may not be made at all is told as that.
        fs::create_dir(folder.path().join("closed")).unwrap();
        fs::set_permissions(folder.path().join("closed"), Permissions::from_mode(0o555)).unwrap();
        let refused = Part::open(&folder.path().join("closed/file"), true).unwrap_err();
        assert!(refused.to_string().starts_with("create "), "{refused}");
    });
}

#[test]
fn what_has_taken_the_name_of_a_part_is_not_taken_for_it() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("file");
    let mut part = Part::open(&target, true).unwrap();
    part.write(b"whole").unwrap();
    let hash = part.hash();
    fs::write(folder.path().join("other"), "half").unwrap();
    fs::rename(folder.path().join("other"), folder.path().join("file.ccc-part")).unwrap();
    let error = part.finish(5, &hash, 0o600, None).unwrap_err();
    assert!(matches!(error, CopyError::Busy { .. }), "{error}");
    assert!(!target.exists());
}
