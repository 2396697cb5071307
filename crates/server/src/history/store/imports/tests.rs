//! The file of imported commands: taken once, found in the index, whole after damage, forgotten whole.

use std::path::Path;

use ccc_index::CommandFilter;
use ccc_proto::{HistorySource, ImportedCommand};

use super::*;

const NOW: u64 = 1_764_000_000_000;
const DAY: u64 = 24 * 60 * 60 * 1000;

fn command(text: &str, started_unix_ms: u64) -> ImportedCommand {
    ImportedCommand { text: text.into(), started_unix_ms, ..ImportedCommand::default() }
}

fn import(who: &str, commands: &[ImportedCommand]) -> Import {
    Import { who: who.into(), source: HistorySource::BASH, commands: commands.to_vec() }
}

fn store(root: &Path) -> Store {
    Store::new(root.to_owned(), "here".into(), 30 * DAY)
}

/// All texts, newest first.
fn texts(store: &mut Store) -> Vec<String> {
    let index = store.index(NOW, &mut |_| {}).unwrap();
    let mut texts = Vec::new();
    let found = index.commands(&CommandFilter::default(), None, |command, _| {
        texts.push(command.text.to_owned());
        true
    });
    found.unwrap();
    texts
}

#[test]
fn what_is_imported_twice_is_there_once() {
    let root = tempfile::tempdir().unwrap();
    let mut store = store(root.path());
    // Far older than commands of panes are kept, and without any time.
    let all = [command("old", NOW - 900 * DAY), command("b", 0), command("a", 0)];
    let taken = store.import(import("ann", &all), NOW).unwrap();
    assert_eq!(taken, Taken { added: 3, known: 0 });
    assert_eq!(texts(&mut store), ["old", "a", "b"]);
    // In the same breath, and when the file was opened anew.
    for _ in 0..2 {
        let more = [all[0].clone(), command("b", 0), command("new", NOW)];
        let taken = store.import(import("ann", &more), NOW).unwrap();
        assert_eq!(taken.added + taken.known, 3);
        store.flush().unwrap();
    }
    assert_eq!(texts(&mut store), ["new", "old", "a", "b"]);
    // The same text at another time, of another history or of another person is another command.
    let other = Import { source: HistorySource::ZSH, ..import("ann", &all[1..2]) };
    assert_eq!(store.import(other, NOW).unwrap().added, 1);
    assert_eq!(store.import(import("ben", &all[1..2]), NOW).unwrap().added, 1);
    assert_eq!(store.import(import("ann", &[command("b", 7)]), NOW).unwrap().added, 1);
}

#[test]
fn they_outlive_the_index_and_a_torn_end() {
    let root = tempfile::tempdir().unwrap();
    let mut first = store(root.path());
    let all: Vec<_> = (1..=1000).map(|at| command(&format!("c{at}"), at * 1000)).collect();
    first.import(import("ann", &all), NOW).unwrap();
    drop(first);
    let file = root.path().join("imported/marks");
    let bytes = std::fs::read(&file).unwrap();
    std::fs::write(&file, &bytes[..bytes.len() - 3]).unwrap();
    let mut second = store(root.path());
    assert_eq!(texts(&mut second).len(), 999);
    let taken = second.import(import("ann", &all), NOW).unwrap();
    assert_eq!(taken, Taken { added: 1, known: 999 });
    assert_eq!(texts(&mut second)[0], "c1000");
    second.rebuild(NOW, &mut |_| {}).unwrap();
    assert_eq!(texts(&mut second).len(), 1000);
    // A file that is gone takes its commands along.
    second.flush().unwrap();
    std::fs::remove_file(&file).unwrap();
    second.catch_up_all(NOW, &mut |_| {}).unwrap();
    assert_eq!(texts(&mut second), Vec::<String>::new());
}

#[test]
fn they_are_forgotten_by_whose_they_are() {
    let root = tempfile::tempdir().unwrap();
    let mut store = store(root.path());
    assert_eq!(store.forget_imported(None).unwrap(), 0);
    store.import(import("ann", &[command("hers-5e1f", 1), command("hers-too", 2)]), NOW).unwrap();
    store.import(import("ben", &[command("his-77aa", 3)]), NOW).unwrap();
    assert_eq!(texts(&mut store).len(), 3);
    store.flush().unwrap();
    assert_eq!(store.forget_imported(Some("ann")).unwrap(), 2);
    let holds = |text: &str| {
        let folders = [root.path().join("imported"), root.path().join("index")];
        let entries = folders.iter().flat_map(|folder| std::fs::read_dir(folder).ok()).flatten();
        let files = entries.filter_map(|entry| std::fs::read(entry.unwrap().path()).ok());
        files
            .into_iter()
            .any(|bytes| bytes.windows(text.len()).any(|piece| piece == text.as_bytes()))
    };
    assert!(holds("his-77aa") && !holds("hers-5e1f"));
    assert_eq!(texts(&mut store), ["his-77aa"]);
    // What comes behind is a command of its own.
    store.import(import("ann", &[command("again", 1)]), NOW).unwrap();
    assert_eq!(texts(&mut store), ["his-77aa", "again"]);
    assert_eq!(store.forget_imported(None).unwrap(), 2);
    assert!(!root.path().join("imported").exists());
    assert_eq!(texts(&mut store), Vec::<String>::new());
}

#[test]
fn there_is_a_bound_and_what_came_before_it_stays() {
    let root = tempfile::tempdir().unwrap();
    let mut store = store(root.path());
    store.import(import("ann", &[command("first", 1)]), NOW).unwrap();
    let imports = store.imports.as_mut().unwrap();
    imports.known.extend(1..MOST as u64 - 1);
    let error = store.import(import("ann", &[command("last", 2), command("over", 3)]), NOW);
    assert!(matches!(error, Err(StoreError::Full)), "{error:?}");
    assert_eq!(store.import(import("ann", &[command("last", 2)]), NOW).unwrap().known, 1);
    assert_eq!(texts(&mut store), ["last", "first"]);
}
