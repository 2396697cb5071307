//! What may stand where a key is expected, and what we say about it.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::process::Command;

use tempfile::TempDir;

use super::*;
use crate::{Identity, KeyId, TransportKeys};

struct Home {
    _directory: TempDir,
    key: PathBuf,
}

fn home() -> Home {
    let directory = tempfile::tempdir().expect("a directory");
    let key = directory.path().join("identity/server's.key");
    Home { _directory: directory, key }
}

impl Home {
    fn load(&self) -> Result<KeyId, KeyFileError> {
        Identity::load_or_create(&self.key).map(|identity| identity.id())
    }

    fn error(&self) -> KeyFileError {
        self.load().expect_err("the file is not safe to use")
    }

    /// The command that the error tells is run as it stands, and must restore the same key.
    fn mends(&self, error: &KeyFileError, id: KeyId) {
        let command = error.mending_command().expect("there is one");
        let status = Command::new("sh").args(["-c", &command]).status().expect("there is a shell");
        assert!(status.success(), "{command}");
        assert_eq!(self.load().expect("it is mended"), id, "{command}");
    }
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).expect("it exists").permissions().mode() & 0o7777
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).expect("it is ours");
}

#[test]
fn a_key_is_made_once_and_only_for_us() {
    let home = home();
    let id = home.load().expect("the directory is ours");
    assert_eq!(home.load().expect("it is there"), id);
    assert_eq!(mode(&home.key), 0o600);
    let directory = home.key.parent().expect("it has one");
    assert_eq!(mode(directory), 0o700);
    let names = fs::read_dir(directory).expect("it is ours").count();
    assert_eq!(names, 1, "a draft was left behind");
}

#[test]
fn a_key_that_others_may_read_is_refused() {
    let home = home();
    let id = home.load().expect("the directory is ours");
    set_mode(&home.key, 0o644);
    let error = home.error();
    assert!(matches!(error.fault, KeyFileFault::Mode { mode: 0o644 }), "{error:?}");
    assert_eq!(error.path, home.key);
    home.mends(&error, id);
}

#[test]
fn a_directory_that_others_may_enter_is_refused() {
    let home = home();
    let id = home.load().expect("the directory is ours");
    set_mode(home.key.parent().expect("it has one"), 0o755);
    let error = home.error();
    assert!(matches!(error.fault, KeyFileFault::DirectoryMode { mode: 0o755 }), "{error:?}");
    home.mends(&error, id);
}

#[test]
fn a_link_is_refused() {
    let home = home();
    let id = home.load().expect("the directory is ours");
    let elsewhere = home.key.with_extension("elsewhere");
    fs::rename(&home.key, &elsewhere).expect("it is ours");
    symlink(&elsewhere, &home.key).expect("the name is free");
    let error = home.error();
    assert!(matches!(error.fault, KeyFileFault::Symlink), "{error:?}");
    home.mends(&error, id);
}

#[test]
fn a_key_with_a_second_name_is_refused() {
    let home = home();
    let id = home.load().expect("the directory is ours");
    fs::hard_link(&home.key, home.key.with_extension("copy")).expect("the name is free");
    let error = home.error();
    assert!(matches!(error.fault, KeyFileFault::HardLinked { links: 2 }), "{error:?}");
    home.mends(&error, id);
}

#[test]
fn a_directory_that_is_a_link_is_refused() {
    let home = home();
    home.load().expect("the directory is ours");
    let directory = home.key.parent().expect("it has one");
    let elsewhere = directory.with_extension("elsewhere");
    fs::rename(directory, &elsewhere).expect("it is ours");
    symlink(&elsewhere, directory).expect("the name is free");
    let error = home.error();
    assert!(matches!(error.fault, KeyFileFault::DirectoryKind), "{error:?}");
}

#[test]
fn what_is_no_key_is_refused_and_left_alone() {
    let home = home();
    home.load().expect("the directory is ours");
    for contents in [b"".as_slice(), b"-----BEGIN PRIVATE KEY-----", &[0x30; 48], &[0; 8192]] {
        fs::write(&home.key, contents).expect("it is ours");
        let error = home.error();
        assert!(matches!(error.fault, KeyFileFault::Malformed), "{error:?}");
        assert_eq!(fs::read(&home.key).expect("it is ours"), contents);
    }
}

#[test]
fn a_fifo_holds_nobody_up() {
    let home = home();
    home.load().expect("the directory is ours");
    fs::remove_file(&home.key).expect("it is ours");
    let made = Command::new("mkfifo").args(["-m", "600"]).arg(&home.key).status();
    assert!(made.expect("there is a mkfifo").success());
    let error = home.error();
    assert!(matches!(error.fault, KeyFileFault::Kind), "{error:?}");
}

#[test]
fn those_who_start_at_once_agree() {
    let home = home();
    let ids: Vec<KeyId> = std::thread::scope(|scope| {
        let starts: Vec<_> = (0..8).map(|_| scope.spawn(|| home.load())).collect();
        starts
            .into_iter()
            .map(|start| start.join().expect("no panic").expect("the directory is ours"))
            .collect()
    });
    assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
}

#[test]
fn transport_keys_stay() {
    let home = home();
    let directory = home.key.parent().expect("it has one");
    TransportKeys::load_or_create(directory).expect("the directory is ours");
    let reset = fs::read(directory.join("reset.key")).expect("it was made");
    TransportKeys::load_or_create(directory).expect("it is there");
    assert_eq!(fs::read(directory.join("reset.key")).expect("it stays"), reset);
    fs::write(directory.join("connection-id.key"), b"short").expect("it is ours");
    let error = TransportKeys::load_or_create(directory).expect_err("it is no key");
    assert!(matches!(error.fault, KeyFileFault::Malformed), "{error:?}");
}
