//! Histories as shells write them, as nobody writes them, and any bytes at all.

use proptest::prelude::*;

use super::*;

const SOURCES: [HistorySource; 4] =
    [HistorySource::BASH, HistorySource::ZSH, HistorySource::FISH, HistorySource::ATUIN];

/// Texts with their times in seconds.
#[track_caller]
fn check(source: HistorySource, bytes: impl AsRef<[u8]>, expected: &[(u64, &str)]) {
    let found: Vec<_> = commands(source, bytes.as_ref())
        .map(|command| (command.started_unix_ms / 1000, command.text))
        .collect();
    let expected: Vec<_> = expected.iter().map(|(at, text)| (*at, (*text).to_owned())).collect();
    assert_eq!(found, expected);
}

#[test]
fn bash_writes_a_line_for_each_command() {
    let bash = |bytes: &str, expected: &[_]| check(HistorySource::BASH, bytes, expected);
    bash(
        "ls\ncd /tmp\n\n  spaced \nlast",
        &[(0, "ls"), (0, "cd /tmp"), (0, "  spaced "), (0, "last")],
    );
    bash("", &[]);
    bash("\n \t\n\u{a0}\n", &[]);
    // Without times at the beginning each line is a command, as bash itself reads it.
    bash(
        "for i in 1\ndo\n#1700000000\nls\nls -l\n",
        &[(0, "for i in 1"), (0, "do"), (1_700_000_000, "ls"), (0, "ls -l")],
    );
    // A comment that begins with a number is no time.
    bash("#12 monkeys\n# 5\n#\n", &[(0, "#12 monkeys"), (0, "# 5"), (0, "#")]);
}

#[test]
fn bash_writes_a_command_of_several_lines_behind_its_time() {
    let bytes = "#1700000000\nfor i in 1 2\ndo\n\techo $i\ndone\n#1700000005\ncat <<X\n\nX\n\n#1700000009\n#1700000010\nls\n#1700000011\n";
    check(
        HistorySource::BASH,
        bytes,
        &[
            (1_700_000_000, "for i in 1 2\ndo\n\techo $i\ndone"),
            (1_700_000_005, "cat <<X\n\nX"),
            (1_700_000_010, "ls"),
        ],
    );
}

#[test]
fn zsh_writes_times_where_it_is_told_to() {
    let bytes = ": 1700000000:7;make\n: 1700000010:0;ls -l\nplain\n\\:colon\n: 17:x;odd\n:1700000020:1;spare\n";
    check(
        HistorySource::ZSH,
        bytes,
        &[
            (1_700_000_000, "make"),
            (1_700_000_010, "ls -l"),
            (0, "plain"),
            (0, ":colon"),
            (0, ": 17:x;odd"),
            (1_700_000_020, "spare"),
        ],
    );
    let durations: Vec<_> =
        commands(HistorySource::ZSH, bytes.as_bytes()).map(|command| command.duration_ms).collect();
    assert_eq!(durations, [Some(7000), None, None, None, None, Some(1000)]);
}

#[test]
fn zsh_goes_on_behind_a_backslash_and_not_behind_one_with_a_space() {
    let bytes = ": 1:0;for i in 1\\\ndo\\\n echo \\\\\\\ndone\nls\\ \necho a\\  \nnext\\\n";
    check(
        HistorySource::ZSH,
        bytes,
        &[(1, "for i in 1\ndo\n echo \\\\\ndone"), (0, "ls\\"), (0, "echo a\\ "), (0, "next")],
    );
}

#[test]
fn zsh_turns_over_bytes_that_mean_something_to_it() {
    // 서 is EC 84 9C: the last two are turned over; é is C3 A9 and stays; a cut pair stays what it is.
    let mut bytes = b"echo \xec\x83\xa4\x83\xbc \xc3\xa9\n".to_vec();
    check(HistorySource::ZSH, &bytes, &[(0, "echo 서 é")]);
    bytes.extend(b"cut \x83");
    check(HistorySource::ZSH, &bytes, &[(0, "echo 서 é"), (0, "cut \u{fffd}")]);
}

#[test]
fn fish_writes_entries_of_its_own_kind() {
    let bytes = "\
- cmd: echo 'a\\nb' \\\\n
  when: 1700000000
  paths:
    - /tmp/- cmd: none
- cmd: no time
- cmd:
  when: 5
- cmd: half
  when: soon
  when: 1700000009
stray
- cmd: open\\";
    check(
        HistorySource::FISH,
        bytes,
        &[
            (1_700_000_000, "echo 'a\nb' \\n"),
            (0, "no time"),
            (1_700_000_009, "half"),
            (0, "open\\"),
        ],
    );
    check(HistorySource::FISH, "stray\n  when: 5\n", &[]);
}

#[test]
fn atuin_lists_entries_that_end_with_a_nul_or_a_line() {
    let entries = ["2023-11-14 22:13:20\t0\t/srv\tmake\n  all", "2023-11-14 22:13:21\t-1\t\tls"];
    for end in ["\0", "\0\n", "\n"] {
        let bytes = entries.map(|entry| format!("{entry}{end}")).concat();
        assert_eq!(recognize(bytes.as_bytes()), Ok(HistorySource::ATUIN));
        let found: Vec<_> = commands(HistorySource::ATUIN, bytes.as_bytes()).collect();
        let expected = [
            ImportedCommand {
                text: "make\n  all".into(),
                cwd: "/srv".into(),
                started_unix_ms: 1_700_000_000_000,
                duration_ms: None,
                status: Some(0),
            },
            ImportedCommand {
                text: "ls".into(),
                started_unix_ms: 1_700_000_001_000,
                ..ImportedCommand::default()
            },
        ];
        assert_eq!(found, expected, "{end:?}");
    }
    check(HistorySource::ATUIN, "a\tb\tc\td\n2023-13-14 22:13:20\t0\t/\tls\nls\n", &[]);
}

#[test]
fn rows_of_the_database_of_atuin_tell_everything() {
    let bytes = concat!(
        r#"{"command":"sh -c 'exit 3'\n","timestamp":1700000000123456789,"duration":1500000000,"exit":3,"cwd":"/srv"}"#,
        "\n{broken\n\n",
        r#"{"command":"top","timestamp":1700000001000000000,"duration":-1,"exit":-1,"cwd":null,"more":1}"#,
        "\n",
        r#"{"command":"early","timestamp":-5}"#,
    );
    assert_eq!(recognize(bytes.as_bytes()), Ok(HistorySource::ATUIN));
    let found: Vec<_> = commands(HistorySource::ATUIN, bytes.as_bytes()).collect();
    let known = ImportedCommand {
        text: "sh -c 'exit 3'".into(),
        cwd: "/srv".into(),
        started_unix_ms: 1_700_000_000_123,
        duration_ms: Some(1500),
        status: Some(3),
    };
    let unknown = |text: &str, started_unix_ms| ImportedCommand {
        text: text.into(),
        started_unix_ms,
        ..ImportedCommand::default()
    };
    assert_eq!(found, [known, unknown("top", 1_700_000_001_000), unknown("early", 0)]);
}

#[test]
fn a_history_is_known_by_the_first_line_that_tells() {
    let is = |bytes: &str, expected| assert_eq!(recognize(bytes.as_bytes()), expected, "{bytes}");
    is("- cmd: ls\n  when: 1\n", Ok(HistorySource::FISH));
    is("ls\nls\n: 1700000000:0;ls\n", Ok(HistorySource::ZSH));
    is("ls\n#1700000000\nls\n", Ok(HistorySource::BASH));
    is("ls\ncd\n", Err(Unrecognized::Unknown));
    is(" \n\n", Err(Unrecognized::Empty));
    is("", Err(Unrecognized::Empty));
    is("SQLite format 3\0...", Err(Unrecognized::Database));
}

#[test]
fn a_huge_line_is_cut_and_the_next_one_is_not() {
    for (source, before, next) in [
        (HistorySource::BASH, "", "ls"),
        (HistorySource::ZSH, ": 1:0;", "ls"),
        (HistorySource::FISH, "- cmd: ", "- cmd: ls"),
        (HistorySource::ATUIN, "2023-11-14 22:13:20\t0\t/\t", "2023-11-14 22:13:20\t0\t/\tls"),
    ] {
        let bytes = format!("{before}{}\n{next}\n", "x".repeat(10 << 20));
        let found: Vec<_> = commands(source, bytes.as_bytes()).map(|c| c.text).collect();
        assert_eq!((found[0].len(), found[1].as_str()), (TEXT, "ls"), "{source}");
    }
    // One that goes on for ever is one command.
    let bytes = "y\\\n".repeat(1 << 20);
    let found: Vec<_> = commands(HistorySource::ZSH, bytes.as_bytes()).collect();
    // The last byte that is read is a line feed, which is none of it.
    assert_eq!((found.len(), found[0].text.len()), (1, TEXT - 1));
}

#[test]
fn places_are_where_shells_put_them_and_where_variables_say() {
    let home = || Some(std::path::PathBuf::from("/home/ann"));
    let set = |pairs: &'static [(&str, &str)]| {
        move |name: &str| pairs.iter().find(|(known, _)| *known == name).map(|(_, v)| v.into())
    };
    let path = |source, pairs| {
        usual_place(source, set(pairs), home()).map(|place| place.path.display().to_string())
    };
    assert_eq!(path(HistorySource::BASH, &[]).as_deref(), Some("/home/ann/.bash_history"));
    assert_eq!(path(HistorySource::ZSH, &[("HISTFILE", "/x")]).as_deref(), Some("/x"));
    assert_eq!(path(HistorySource::ATUIN, &[]), None);
    let fish = path(HistorySource::FISH, &[("XDG_DATA_HOME", "/data"), ("HISTFILE", "/x")]);
    assert_eq!(fish.as_deref(), Some("/data/fish/fish_history"));
    let every = every_place(set(&[("HISTFILE", "/x"), ("SHELL", "/bin/zsh")]), home());
    let paths: Vec<_> = every.shells.iter().map(|place| place.path.display().to_string()).collect();
    let fish = "/home/ann/.local/share/fish/fish_history";
    assert_eq!(paths, ["/home/ann/.bash_history", "/x", fish]);
    assert_eq!(every.atuin, Some("/home/ann/.local/share/atuin/history.db".into()));
    assert_eq!(every_place(set(&[]), None), EveryPlace::default());
}

/// Pieces that mean something, and such that do not.
fn pieces() -> impl Strategy<Value = Vec<u8>> {
    let known = prop::sample::select(vec![
        &b"\n"[..],
        b"\\\n",
        b"\\",
        b"\x83",
        b"#1700000000\n",
        b": 1:2;",
        b"- cmd: ",
        b"  when: 5\n",
        b"2023-11-14 22:13:20\t0\t/\t",
        b"{\"command\":\"",
        b"\0",
        b"\t",
        b" ",
    ])
    .prop_map(<[u8]>::to_vec);
    let piece = prop_oneof![known, prop::collection::vec(any::<u8>(), 0..8)];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    /// Any bytes are read to their end, and nothing comes of them that was not there.
    #[test]
    fn any_bytes_are_some_history(bytes in pieces()) {
        let _ = recognize(&bytes);
        for source in SOURCES {
            let found: Vec<_> = commands(source, &bytes).collect();
            prop_assert!(found.len() <= bytes.len());
            for command in found {
                prop_assert!(!command.text.trim().is_empty() && command.text.len() <= 3 * TEXT);
            }
        }
    }

    /// What zsh would write of any command is read as that command.
    #[test]
    fn zsh_is_read_as_it_was_written(texts in prop::collection::vec("[a-z \\\\;:\n\u{c11c}\u{e9}]{1,20}", 1..8)) {
        let texts: Vec<_> = texts
            .into_iter()
            .map(|text| text.trim_end_matches('\n').to_owned())
            .filter(|text| !text.trim().is_empty())
            .collect();
        let bytes: Vec<u8> = texts.iter().flat_map(|text| zsh_writes(text)).collect();
        let read: Vec<_> = commands(HistorySource::ZSH, &bytes).map(|command| command.text).collect();
        prop_assert_eq!(read, texts);
    }
}

/// An entry as zsh's `savehistfile` writes it.
fn zsh_writes(text: &str) -> Vec<u8> {
    let mut out = b": 1700000000:0;".to_vec();
    let mut spaced = false;
    for byte in text.bytes() {
        if byte == b'\n' {
            out.push(b'\\');
        }
        spaced = byte == b'\\' || (spaced && byte == b' ');
        match byte {
            0 | 0x83..=0xa2 => out.extend([0x83, byte ^ 32]),
            byte => out.push(byte),
        }
    }
    if spaced {
        out.push(b' ');
    }
    out.push(b'\n');
    out
}

#[test]
fn a_name_tells_where_the_content_does_not() {
    let is = |path: &str| recognize_by_name(Path::new(path));
    assert_eq!(is("/somewhere/.bash_history"), Some(HistorySource::BASH));
    assert_eq!(is(".zsh_history"), Some(HistorySource::ZSH));
    assert_eq!(is("old/fish_history"), Some(HistorySource::FISH));
    assert_eq!([is("notes.txt"), is("-"), is("/")], [None, None, None]);
}
