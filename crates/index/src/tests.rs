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

fn command(at: u64, text: &str) -> Command<'_> {
    Command {
        started_unix_ms: at,
        pane: "01A",
        mark: at * 10,
        session: "work",
        text,
        cwd: "/home/ann/src",
        from: at * 10 + 1,
        to: Some(at * 10 + 5),
        exit: Some(0),
        duration_ms: Some(3),
    }
}

/// The texts of what passes, newest first.
fn texts(index: &Index, filter: &CommandFilter) -> Vec<String> {
    let mut found = Vec::new();
    let put = |command: &Command<'_>, _: &CommandKey| {
        found.push(command.text.to_owned());
        true
    };
    index.commands(filter, None, put).unwrap();
    found
}

fn fresh() -> (tempfile::TempDir, Index) {
    let folder = tempfile::tempdir().unwrap();
    let index = Index::open(&folder.path().join("index")).unwrap().index;
    (folder, index)
}

#[test]
fn commands_come_newest_first_whatever_order_they_were_put_in() {
    let (_folder, index) = fresh();
    for at in [5, 1, 9, 3] {
        index.put_commands(&[command(at, &format!("c{at}"))]).unwrap();
    }
    let running = Command { exit: None, to: None, duration_ms: None, ..command(7, "c7") };
    index.put_commands(&[running, command(2, "c2")]).unwrap();
    assert_eq!(texts(&index, &CommandFilter::default()), ["c9", "c7", "c5", "c3", "c2", "c1"]);
    // Its end takes the place of its beginning.
    index.put_commands(&[command(7, "c7")]).unwrap();
    assert_eq!(texts(&index, &CommandFilter::default()).len(), 6);
    let ok = CommandFilter { exit: ExitFilter::Ok, ..CommandFilter::default() };
    assert_eq!(texts(&index, &ok).len(), 6);
}

#[test]
fn many_commands_are_found_by_each_of_their_facts() {
    let (_folder, index) = fresh();
    let names: Vec<String> = (0..3000).map(|at| format!("make target-{at}")).collect();
    let mut commands: Vec<_> =
        names.iter().enumerate().map(|(at, name)| command(at as u64, name)).collect();
    commands[1234].exit = Some(2);
    commands[1234].session = "play";
    commands[1234].cwd = "/home/ann";
    commands[77].text = "Cargo Test 서울";
    // In pieces and out of order, as several panes would.
    for part in commands.rchunks(333) {
        index.put_commands(part).unwrap();
    }
    let all = texts(&index, &CommandFilter::default());
    assert_eq!((all.len(), all[0].as_str()), (3000, "make target-2999"));
    let check = |filter: CommandFilter, expected: &[&str]| {
        assert_eq!(texts(&index, &filter), expected, "{filter:?}");
    };
    let none = CommandFilter::default();
    check(CommandFilter { exit: ExitFilter::Failed, ..none.clone() }, &["make target-1234"]);
    check(CommandFilter { exit: ExitFilter::Code(2), ..none.clone() }, &["make target-1234"]);
    check(CommandFilter { exit: ExitFilter::Code(3), ..none.clone() }, &[]);
    check(CommandFilter { sessions: vec!["play".into()], ..none.clone() }, &["make target-1234"]);
    check(CommandFilter { text: "target-999".into(), ..none.clone() }, &["make target-999"]);
    check(CommandFilter { text: "cargo t".into(), ..none.clone() }, &["Cargo Test 서울"]);
    check(CommandFilter { text: "서울".into(), ..none.clone() }, &["Cargo Test 서울"]);
    check(CommandFilter { text: "CARGO".into(), ..none.clone() }, &[]);
    check(CommandFilter { text: "go".into(), ..none.clone() }, &["Cargo Test 서울"]);
    check(CommandFilter { text: "zq".into(), ..none.clone() }, &[]);
    check(CommandFilter { text: "울".into(), ..none.clone() }, &["Cargo Test 서울"]);
    check(
        CommandFilter { since_unix_ms: 2998, ..none.clone() },
        &["make target-2999", "make target-2998"],
    );
    let below = |cwd: &str| texts(&index, &CommandFilter { cwd: cwd.into(), ..none.clone() }).len();
    assert_eq!([below("/home/ann"), below("/home/ann/src"), below("/home/an")], [3000, 2999, 0]);
}

#[test]
fn pages_follow_one_another_without_a_hole() {
    let (_folder, index) = fresh();
    let names: Vec<String> = (0..700).map(|at| format!("c{at}")).collect();
    let commands: Vec<_> =
        names.iter().enumerate().map(|(at, name)| command(at as u64, name)).collect();
    index.put_commands(&commands).unwrap();
    let (mut seen, mut before) = (Vec::new(), None);
    loop {
        let had = seen.len();
        let mut last = None;
        let take = |command: &Command<'_>, key: &CommandKey| {
            seen.push(command.text.to_owned());
            last = Some(key.clone());
            !seen.len().is_multiple_of(99)
        };
        index.commands(&CommandFilter::default(), before.as_ref(), take).unwrap();
        before = last;
        if seen.len() == had {
            break;
        }
    }
    let expected: Vec<String> = names.into_iter().rev().collect();
    assert_eq!(seen, expected);
}

#[test]
fn what_is_forgotten_is_gone() {
    let (_folder, index) = fresh();
    let names: Vec<String> = (0..1000).map(|at| format!("c{at}")).collect();
    let mut commands: Vec<_> =
        names.iter().enumerate().map(|(at, name)| command(at as u64, name)).collect();
    commands[500].pane = "01B";
    index.put_commands(&commands).unwrap();
    index.set_taken("01B", Taken { file: 3, position: 70_000 }).unwrap();
    assert_eq!(index.taken("01B").unwrap(), Taken { file: 3, position: 70_000 });
    index.forget_commands_of(&["01B"]).unwrap();
    assert_eq!(index.taken("01B").unwrap(), Taken::default());
    let left = texts(&index, &CommandFilter::default());
    assert_eq!(left.len(), 999);
    assert!(!left.contains(&"c500".to_owned()));
    let mut kept = command(3, "kept");
    kept.pane = "elsewhere";
    index.put_commands(&[kept]).unwrap();
    index.forget_commands_before(700, |pane| pane == "elsewhere").unwrap();
    let left = texts(&index, &CommandFilter::default());
    assert_eq!((left.len(), left[299].as_str(), left[300].as_str()), (301, "c700", "kept"));
    index.forget_all_commands().unwrap();
    assert_eq!(texts(&index, &CommandFilter::default()), Vec::<String>::new());
}
