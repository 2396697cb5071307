//! Damage and deletion lose nothing but time.

use std::path::{Path, PathBuf};

use super::*;

/// What a crash would leave: the files as they are, while the first index is still open. sled lets go
/// of its lock some time after it is dropped.
fn copy(folder: &Path) -> PathBuf {
    let copy = folder.with_extension("copy");
    std::fs::create_dir(&copy).unwrap();
    for entry in std::fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_file() {
            std::fs::copy(entry.path(), copy.join(entry.file_name())).unwrap();
        }
    }
    copy
}

fn pane(ulid: &str) -> PaneSeen {
    PaneSeen { ulid: ulid.into(), session: "work".into(), ..PaneSeen::default() }
}

#[test]
fn what_was_put_comes_back_newest_first() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("index");
    let opened = Index::open(&path).unwrap();
    assert!(opened.rebuild && opened.set_aside.is_none());
    for ulid in ["01A", "01C", "01B"] {
        opened.index.put_pane(&pane(ulid)).unwrap();
    }
    opened.index.forget_pane("01B").unwrap();
    opened.index.flush(&path).unwrap();
    let opened = Index::open(&copy(&path)).unwrap();
    assert!(!opened.rebuild);
    assert_eq!(opened.index.panes().unwrap(), [pane("01C"), pane("01A")]);
}

#[test]
fn a_damaged_one_is_set_aside_and_begun_anew() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("index");
    let opened = Index::open(&path).unwrap();
    for number in 0..2000 {
        opened.index.put_pane(&pane(&format!("{number:04}"))).unwrap();
    }
    opened.index.flush(&path).unwrap();
    let path = copy(&path);
    let file = path.join("conf");
    let mut bytes = std::fs::read(&file).unwrap();
    for byte in &mut bytes {
        *byte ^= 0x55;
    }
    std::fs::write(&file, bytes).unwrap();
    let opened = Index::open(&path).unwrap();
    assert!(opened.rebuild);
    assert!(opened.set_aside.is_some_and(|aside| aside.exists()));
    assert_eq!(opened.index.panes().unwrap(), []);
}

#[test]
fn another_form_is_rebuilt_and_not_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("index");
    let opened = Index::open(&path).unwrap();
    opened.index.put_pane(&pane("01A")).unwrap();
    opened.index.db.insert(b"form", b"0").unwrap();
    opened.index.flush(&path).unwrap();
    let opened = Index::open(&copy(&path)).unwrap();
    assert!(opened.rebuild && opened.set_aside.is_none());
    assert_eq!(opened.index.panes().unwrap(), []);
}

#[test]
fn one_that_is_in_use_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("index");
    let _first = Index::open(&path).unwrap();
    assert!(matches!(Index::open(&path), Err(IndexError::Unusable { .. })));
}
