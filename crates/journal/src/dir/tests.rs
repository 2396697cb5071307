//! Directories and files that are not safely ours, each refused with its mending.

use std::fs;
use std::os::unix::fs::{PermissionsExt, chown, symlink};

use super::*;

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

fn mode_of(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o7777
}

#[test]
fn what_is_made_is_private_all_the_way() {
    let root = tempfile::tempdir().unwrap();
    let deep = root.path().join("a/b/c");
    create_private(&deep).unwrap();
    for path in ["a", "a/b", "a/b/c"] {
        assert_eq!(mode_of(&root.path().join(path)), 0o700, "{path}");
    }
    create_private(&deep).unwrap();
    open_private(&deep).unwrap();
    sync(&deep).unwrap();
}

#[test]
fn a_directory_that_others_can_write_is_refused_with_its_mending() {
    let root = tempfile::tempdir().unwrap();
    let dir = root.path().join("it's state");
    fs::create_dir(&dir).unwrap();
    for mode in [0o770, 0o702, 0o1777] {
        set_mode(&dir, mode);
        let refused = create_private(&dir).unwrap_err();
        assert!(matches!(refused, DirError::TooOpen { .. }), "{refused:?}");
        let mend = format!(r"chmod 700 '{}/it'\''s state'", root.path().display());
        assert_eq!(refused.mend(), Some(mend));
        assert_eq!(mode_of(&dir), mode, "a refusal changes nothing");
    }
    set_mode(&dir, 0o755);
    open_private(&dir).unwrap();
}

#[test]
fn the_mending_mends() {
    let root = tempfile::tempdir().unwrap();
    let dir = root.path().join("a name; with $traps");
    fs::create_dir(&dir).unwrap();
    set_mode(&dir, 0o777);
    let mend = open_private(&dir).unwrap_err().mend().unwrap();
    assert!(std::process::Command::new("sh").args(["-c", &mend]).status().unwrap().success());
    open_private(&dir).unwrap();
}

#[test]
fn a_symbolic_link_is_never_followed() {
    let root = tempfile::tempdir().unwrap();
    let (dir, file) = (root.path().join("dir"), root.path().join("file"));
    fs::create_dir(&dir).unwrap();
    fs::write(&file, b"key").unwrap();
    set_mode(&file, 0o600);
    let (dir_link, file_link) = (root.path().join("dir-link"), root.path().join("file-link"));
    symlink(&dir, &dir_link).unwrap();
    symlink(&file, &file_link).unwrap();
    assert!(matches!(open_private(&dir_link), Err(DirError::Symlink { .. })));
    assert!(matches!(create_private(&dir_link), Err(DirError::Symlink { .. })));
    assert!(matches!(open_private_file(&file_link), Err(DirError::Symlink { .. })));
}

#[test]
fn the_mending_of_a_link_keeps_what_it_points_to() {
    let root = tempfile::tempdir().unwrap();
    let (dir, link) = (root.path().join("else where"), root.path().join("state"));
    symlink(&dir, &link).unwrap();
    let mend = open_private(&link).unwrap_err().mend().unwrap();
    assert_eq!(mend, format!("rm {}", link.display()));
    fs::create_dir(&dir).unwrap();
    fs::write(dir.join("file"), b"kept").unwrap();
    let mend = open_private(&link).unwrap_err().mend().unwrap();
    assert!(std::process::Command::new("sh").args(["-c", &mend]).status().unwrap().success());
    open_private(&link).unwrap();
    assert_eq!(fs::read(link.join("file")).unwrap(), b"kept");
}

#[test]
fn what_is_of_another_kind_is_refused() {
    let root = tempfile::tempdir().unwrap();
    let file = root.path().join("file");
    fs::write(&file, b"").unwrap();
    assert!(matches!(open_private(&file), Err(DirError::NotADirectory { .. })));
    assert!(matches!(open_private_file(root.path()), Err(DirError::NotAFile { .. })));
    assert!(matches!(open_private(&root.path().join("none")), Err(DirError::Io { .. })));
}

#[test]
fn a_key_that_others_can_read_is_refused() {
    let root = tempfile::tempdir().unwrap();
    let key = root.path().join("server.key");
    fs::write(&key, b"key").unwrap();
    for mode in [0o644, 0o640, 0o601] {
        set_mode(&key, mode);
        let refused = open_private_file(&key).unwrap_err();
        assert_eq!(refused.mend(), Some(format!("chmod 600 {}", key.display())));
    }
    set_mode(&key, 0o600);
    open_private_file(&key).unwrap();
}

#[test]
fn a_key_with_two_names_is_refused_and_can_be_mended() {
    let root = tempfile::tempdir().unwrap();
    let (key, other) = (root.path().join("server.key"), root.path().join("other"));
    fs::write(&key, b"key").unwrap();
    set_mode(&key, 0o600);
    fs::hard_link(&key, &other).unwrap();
    let refused = open_private_file(&key).unwrap_err();
    assert!(matches!(refused, DirError::HardLinked { links: 2, .. }));
    let mend = refused.mend().unwrap();
    assert!(std::process::Command::new("sh").args(["-c", &mend]).status().unwrap().success());
    open_private_file(&key).unwrap();
    assert_eq!(fs::read(&key).unwrap(), b"key");
}

#[test]
fn what_belongs_to_another_user_is_refused() {
    let root = tempfile::tempdir().unwrap();
    // Root can give a directory away; everybody else finds root's everywhere.
    let foreign = if rustix::process::geteuid().is_root() {
        chown(root.path(), Some(1), None).unwrap();
        root.path()
    } else {
        Path::new("/")
    };
    let refused = open_private(foreign).unwrap_err();
    assert!(matches!(refused, DirError::ForeignOwner { .. }), "{refused:?}");
}

#[test]
fn a_fifo_in_the_place_of_a_file_does_not_hold_us_up() {
    let root = tempfile::tempdir().unwrap();
    let path = root.path().join("events");
    rustix::fs::mkfifoat(rustix::fs::CWD, &path, FILE_MODE).unwrap();
    assert!(open_file(&path, OFlags::RDONLY).is_err());
    assert!(matches!(open_private_file(&path), Err(DirError::NotAFile { .. })));
}
