//! What holds the state directory to being ours.

use super::*;

#[test]
fn rooms_are_made_private() {
    use std::os::unix::fs::PermissionsExt;

    let home = tempfile::tempdir().unwrap();
    let root = home.path().join("state");
    let state = StateDir::open(&root).unwrap();
    let mode = |path: PathBuf| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(root), 0o700);
    assert_eq!(mode(state.run()), 0o700);
}

#[test]
fn a_directory_of_another_machine_is_refused_with_a_way_out() {
    let home = tempfile::tempdir().unwrap();
    if ccc_journal::machine_id().is_none() {
        // A machine without an id cannot tell itself from another.
        return;
    }
    let state = StateDir::open(home.path()).unwrap();
    fs::write(state.identity().join("machine"), "another\n").unwrap();
    let error = StateDir::open(home.path()).unwrap_err();
    assert!(matches!(error, ServeError::StateDir(DirError::OtherMachine { .. })), "{error}");
    assert!(error.hint().unwrap().contains("CCC_HOME"));
}

#[test]
fn a_directory_that_others_may_write_is_refused_with_the_mending_command() {
    use std::os::unix::fs::PermissionsExt;

    let home = tempfile::tempdir().unwrap();
    let root = home.path().join("state");
    fs::create_dir(&root).unwrap();
    fs::set_permissions(&root, fs::Permissions::from_mode(0o770)).unwrap();
    let error = StateDir::open(&root).unwrap_err();
    assert!(error.hint().unwrap().starts_with("chmod 700"), "{error}");
}

#[test]
fn a_symbolic_link_is_refused() {
    let home = tempfile::tempdir().unwrap();
    let root = home.path().join("state");
    std::os::unix::fs::symlink(home.path(), &root).unwrap();
    let error = StateDir::open(&root).unwrap_err();
    assert!(matches!(error, ServeError::StateDir(DirError::Symlink { .. })), "{error}");
}
