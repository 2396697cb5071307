//! Which commands are told, in which order, and when it ends.

use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::core::authorize::{Principal, Role};

/// The place of one pane is known; the others are those of panes that are gone.
const LIVES: &str = "01JD0000000000000000000000";
const GONE: &str = "01JD0000000000000000000001";

fn sight(role: Role) -> Sight {
    let principal = Principal {
        id: "ann".into(),
        name: "ann".into(),
        role,
        all_sessions: role >= Role::Admin,
        grants: BTreeMap::new(),
    };
    Sight {
        principal: Arc::new(principal),
        panes: BTreeSet::from([LIVES.parse().unwrap()]),
        places: BTreeMap::from([(LIVES.to_owned(), (ccc_proto::PaneId(7), "work:2.1".into()))]),
    }
}

fn command<'a>(at: u64, text: &'a str) -> Command<'a> {
    Command {
        started_unix_ms: at,
        pane: LIVES,
        mark: at,
        session: "work",
        text,
        cwd: "/home/ann",
        from: at,
        to: Some(at),
        exit: Some(0),
        duration_ms: Some(1),
    }
}

struct Bench {
    _folder: tempfile::TempDir,
    index: Index,
}

impl Bench {
    fn new(commands: &[Command<'_>]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let index = Index::open(folder.path()).unwrap().index;
        index.put_commands(commands).unwrap();
        Self { _folder: folder, index }
    }

    /// The messages, each as its texts, and the last one's end.
    fn messages(&self, request: &CommandsSearch, role: Role) -> (Vec<Vec<String>>, SearchEnd) {
        let (mut messages, mut last) = (Vec::new(), SearchEnd::NONE);
        let sight = sight(role);
        let mut tell = |commands: Vec<WireCommand>, end| {
            assert_eq!(last, SearchEnd::NONE, "nothing is told behind the end");
            messages.push(commands.into_iter().map(|command| command.text).collect());
            last = end;
            true
        };
        let count = usize::try_from(request.count).unwrap();
        let count = if count == 0 { COUNT } else { count };
        let mut telling = Telling::new(count, &sight, &mut tell);
        let after = (!request.after.is_empty()).then(|| CommandKey::from_bytes(&request.after));
        let rounds = rounds(request).unwrap();
        look(&self.index, rounds, after.as_ref(), &mut telling, &|| false).unwrap();
        (messages, last)
    }

    fn texts(&self, request: &CommandsSearch) -> (Vec<String>, SearchEnd) {
        let (messages, end) = self.messages(request, Role::Owner);
        (messages.concat(), end)
    }

    /// The place of the command that is this many before the newest one.
    fn place(&self, number: usize) -> Vec<u8> {
        let mut keys = Vec::new();
        let all = CommandFilter::default();
        let mut each = |_: &Command<'_>, key: &CommandKey| {
            keys.push(key.as_bytes().to_vec());
            true
        };
        self.index.commands(&all, None, &mut each).unwrap();
        keys.swap_remove(number)
    }
}

fn asking(pattern: &str, matching: CommandMatching) -> CommandsSearch {
    CommandsSearch { pattern: pattern.into(), matching, ..CommandsSearch::default() }
}

#[test]
fn words_as_they_are_come_before_letters_and_newer_ones_before_older() {
    let bench = Bench::new(&[
        command(1, "make test"),
        command(2, "cargo test --workspace"),
        command(3, "touch exes site"),
        command(4, "Cargo TEST"),
        command(5, "ls"),
    ]);
    let (found, end) = bench.texts(&asking("test", CommandMatching::LOOSE));
    assert_eq!(found, ["Cargo TEST", "cargo test --workspace", "make test", "touch exes site"]);
    assert_eq!(end, SearchEnd::ALL);
    let (found, _) = bench.texts(&asking("st car", CommandMatching::LOOSE));
    assert_eq!(found, ["Cargo TEST", "cargo test --workspace"]);
    // The place and the directory are shown as well.
    let (found, _) = bench.texts(&asking("work:2.1 ann ls", CommandMatching::LOOSE));
    assert_eq!(found, ["ls"]);
    let (found, _) = bench.texts(&asking("Ca", CommandMatching::START));
    assert_eq!(found, ["Cargo TEST"]);
    let (found, end) = bench.texts(&asking("^[ck].*t$", CommandMatching::REGEX));
    assert_eq!((found, end), (Vec::<String>::new(), SearchEnd::ALL));
    let (found, _) = bench.texts(&asking("^m.*t$|^l", CommandMatching::REGEX));
    assert_eq!(found, ["ls", "make test"]);
}

#[test]
fn the_best_of_those_with_the_letters_come_first_however_old() {
    let bench = Bench::new(&[
        command(1, "git status"),
        command(2, "grep --line x sort"),
        command(3, "gst"),
        command(4, "grep --line y sort"),
    ]);
    let all = ["gst", "git status", "grep --line y sort", "grep --line x sort"];
    for count in [2, 3, 4] {
        let request = CommandsSearch { count, ..asking("gst", CommandMatching::LOOSE) };
        assert_eq!(bench.texts(&request).0, all[..count as usize]);
    }
}

#[test]
fn a_text_of_a_directory_is_told_once_and_not_when_the_asker_has_it() {
    let elsewhere = Command { cwd: "/tmp", ..command(3, "make") };
    let bench =
        Bench::new(&[command(1, "make"), command(2, "make all"), elsewhere, command(4, "make")]);
    let all = asking("make", CommandMatching::START);
    assert_eq!(bench.texts(&all).0, ["make", "make", "make all"]);
    let behind = CommandsSearch { after: bench.place(0), ..all.clone() };
    assert_eq!(bench.texts(&behind).0, ["make", "make all"], "the one in /tmp is another");
    let behind = CommandsSearch { after: bench.place(1), ..all };
    assert_eq!(bench.texts(&behind).0, ["make all"]);
}

#[test]
fn as_many_as_were_wanted_end_it_and_are_told_in_messages() {
    let texts: Vec<String> = (0..1000).map(|number| format!("run {number}")).collect();
    let commands: Vec<_> = (1..).zip(&texts).map(|(at, text)| command(at, text)).collect();
    let bench = Bench::new(&commands);
    let (messages, end) = bench.messages(
        &CommandsSearch { count: 600, ..asking("run", CommandMatching::LOOSE) },
        Role::Owner,
    );
    assert_eq!((messages.concat().len(), end), (600, SearchEnd::COUNT));
    assert_eq!(messages[0][0], "run 999");
    assert!(messages.iter().all(|message| message.len() <= MESSAGE), "{}", messages.len());
    let (messages, end) = bench.messages(&asking("run", CommandMatching::LOOSE), Role::Owner);
    assert_eq!((messages.concat().len(), end), (1000, SearchEnd::ALL));
}

#[test]
fn whoever_sees_a_part_finds_a_part() {
    let gone = Command { pane: GONE, ..command(1, "make hidden") };
    let brought = Command { pane: "imported/zsh/bob", ..command(2, "make imported") };
    let own = Command { pane: "imported/zsh/ann", ..command(3, "make own") };
    let bench = Bench::new(&[gone, brought, own, command(4, "make seen")]);
    let request = asking("make", CommandMatching::LOOSE);
    let (found, end) = bench.messages(&request, Role::Operator);
    assert_eq!(
        (found.concat(), end),
        (vec!["make seen".into(), "make own".into()], SearchEnd::ALL)
    );
    assert_eq!(bench.messages(&request, Role::Owner).0.concat().len(), 4);
}

#[test]
fn nobody_who_left_is_looked_for() {
    let texts: Vec<String> = (0..5000).map(|number| format!("run {number}")).collect();
    let commands: Vec<_> = (1..).zip(&texts).map(|(at, text)| command(at, text)).collect();
    let bench = Bench::new(&commands);
    let sight = sight(Role::Owner);
    let mut told = 0;
    let mut tell = |_, end| {
        assert_eq!(end, SearchEnd::NONE);
        told += 1;
        false
    };
    let mut telling = Telling::new(COUNT, &sight, &mut tell);
    let rounds = rounds(&asking("run", CommandMatching::LOOSE)).unwrap();
    look(&bench.index, rounds, None, &mut telling, &|| false).unwrap();
    assert_eq!(told, 1);

    let mut tell = |_, _| panic!("nothing is told to one who left");
    let mut telling = Telling::new(COUNT, &sight, &mut tell);
    let rounds = super::rounds(&asking("run", CommandMatching::LOOSE)).unwrap();
    look(&bench.index, rounds, None, &mut telling, &|| true).unwrap();
}

#[test]
fn what_is_no_pattern_is_refused() {
    for (request, failure) in [
        (asking(" ", CommandMatching::LOOSE), Failure::INVALID),
        (asking(&"x".repeat(LONGEST + 1), CommandMatching::START), Failure::INVALID),
        (asking("(", CommandMatching::REGEX), Failure::INVALID),
        (asking("(a{1000}){1000}", CommandMatching::REGEX), Failure::INVALID),
        (asking("x", CommandMatching(900)), Failure::UNSUPPORTED),
    ] {
        let refused = rounds(&request).err().expect("refused");
        assert_eq!(refused.failure, failure, "{refused:?}");
    }
}
