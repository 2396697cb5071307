//! Names in the folder of pasted files, and what is deleted there.

use std::fs::File;
use std::os::unix::fs::symlink;

use super::*;

#[test]
fn what_is_pasted_gets_a_name_without_a_way_that_nothing_has() {
    let name = |wished: &[u8]| String::from_utf8(name(wished)).unwrap();
    assert_eq!(name(b"2026-01-02-photo.png"), "2026-01-02-photo.png");
    assert_eq!(name(b"../../.ssh/authorized_keys"), "authorized_keys");
    assert_eq!([name(b""), name(b".."), name(b"a/")], ["file", "file", "file"]);
    assert_eq!(name(b"a\nb\0c"), "a_b_c");
    assert_eq!(name(&[b'x'; 4096]).len(), LONGEST_NAME);
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().join("a/b");
    let first = free_name(&folder, b"x").unwrap();
    assert_eq!(first, folder.join("x"));
    fs::write(&first, "").unwrap();
    fs::write(folder.join("2-x.ccc-part"), "").unwrap();
    assert_eq!(free_name(&folder, b"x").unwrap(), folder.join("3-x"));
}

const HOUR: Duration = Duration::from_secs(60 * 60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// A folder beside which something stands that is nobody's to delete.
struct Bench {
    root: tempfile::TempDir,
    now: SystemTime,
}

impl Bench {
    fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir(root.path().join("pasted")).unwrap();
        Self { root, now: SystemTime::now() }
    }

    fn folder(&self) -> PathBuf {
        self.root.path().join("pasted")
    }

    /// A file of ten bytes, so old.
    fn file(&self, path: &str, age: Duration) -> PathBuf {
        let path = self.root.path().join(path);
        fs::write(&path, "ten bytes.").unwrap();
        File::open(&path).unwrap().set_modified(self.now - age).unwrap();
        path
    }

    fn left(&self) -> Vec<String> {
        let entries = fs::read_dir(self.folder()).unwrap().flatten();
        let mut names: Vec<_> =
            entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }
}

#[test]
fn what_has_lain_for_a_week_goes() {
    let bench = Bench::new();
    bench.file("pasted/old", 8 * DAY);
    bench.file("pasted/old.ccc-part", 8 * DAY);
    bench.file("pasted/young", 6 * DAY);
    assert_eq!(clean_within(&bench.folder(), bench.now, u64::MAX).unwrap(), 2);
    assert_eq!(bench.left(), ["young"]);
}

#[test]
fn of_too_much_the_oldest_go_and_what_just_came_stays() {
    let bench = Bench::new();
    for (name, age) in [("a", 5 * DAY), ("b", 4 * DAY), ("c", 3 * HOUR), ("d", HOUR / 2)] {
        bench.file(&format!("pasted/{name}"), age);
    }
    assert_eq!(clean_within(&bench.folder(), bench.now, 40).unwrap(), 0);
    assert_eq!(clean_within(&bench.folder(), bench.now, 25).unwrap(), 2);
    assert_eq!(bench.left(), ["c", "d"]);
    assert_eq!(clean_within(&bench.folder(), bench.now, 0).unwrap(), 1);
    assert_eq!(bench.left(), ["d"]);
}

#[test]
fn nothing_is_touched_but_files_of_the_folder_itself() {
    let bench = Bench::new();
    let kept = bench.file("kept", 30 * DAY);
    symlink(&kept, bench.folder().join("link")).unwrap();
    fs::create_dir(bench.folder().join("inner")).unwrap();
    let inner = bench.file("pasted/inner/file", 30 * DAY);
    symlink(bench.root.path(), bench.folder().join("up")).unwrap();
    assert_eq!(clean_within(&bench.folder(), bench.now, 0).unwrap(), 0);
    assert_eq!(bench.left(), ["inner", "link", "up"]);
    assert!(kept.exists() && inner.exists());
    // A link in the place of the folder leads nowhere.
    let other = bench.root.path().join("other");
    symlink(bench.folder(), &other).unwrap();
    bench.file("pasted/old", 30 * DAY);
    assert!(clean_within(&other, bench.now, 0).is_err());
    assert!(bench.folder().join("old").exists());
}
