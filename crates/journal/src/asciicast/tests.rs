//! Text in, entries out, and back; and files that are broken.

use proptest::prelude::*;

use super::*;

fn read(text: &[u8]) -> (Vec<CastEntry>, Option<CastError>) {
    let mut reader = match CastReader::new(text) {
        Ok(reader) => reader,
        Err(error) => return (Vec::new(), Some(error)),
    };
    let mut entries = Vec::new();
    loop {
        match reader.next_entry() {
            Ok(Some(entry)) => entries.push(entry),
            Ok(None) => return (entries, None),
            Err(error) => return (entries, Some(error)),
        }
    }
}

fn output(ms: u64, text: &str) -> CastEntry {
    let what = CastEvent::Output(text.as_bytes().to_vec());
    CastEntry { at: Duration::from_millis(ms), what }
}

fn header() -> CastHeader {
    let size = Size { cols: 80, rows: 24 };
    let env = [("SHELL", "/bin/sh"), ("TERM", "xterm-256color")];
    CastHeader {
        timestamp: Some(1_700_000_000),
        title: Some("work".into()),
        command: Some("sh".into()),
        idle_time_limit: Some(2.5),
        env: env.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect(),
        ..CastHeader::of(size)
    }
}

/// What is written of a few events, each a piece of bytes at a time.
fn written(version: CastVersion) -> String {
    let mut writer = CastWriter::new(Vec::new(), version, &header()).unwrap();
    let at = Duration::from_millis;
    writer.output(at(100), b"a\x1b[1m\xed\x95").unwrap();
    writer.resize(at(150), Size { cols: 100, rows: 30 }).unwrap();
    writer.output(at(200), b"\x9c\"\r\n").unwrap();
    writer.marker(at(200), "make <test>").unwrap();
    writer.output(at(1500), b"\xff\xc3").unwrap();
    writer.exit(at(1600), 3).unwrap();
    String::from_utf8(writer.finish(at(1600)).unwrap()).unwrap()
}

#[test]
fn version_2_has_times_since_the_beginning_and_whole_characters() {
    assert_eq!(
        written(CastVersion::V2),
        r#"{"command":"sh","env":{"SHELL":"/bin/sh","TERM":"xterm-256color"},"height":24,"idle_time_limit":2.5,"timestamp":1700000000,"title":"work","version":2,"width":80}
[0.100000, "o", "a\u001b[1m"]
[0.150000, "r", "100x30"]
[0.200000, "o", "한\"\r\n"]
[0.200000, "m", "make <test>"]
[1.500000, "o", "�"]
[1.600000, "o", "�"]
"#
    );
}

#[test]
fn version_3_has_times_since_the_event_before_and_the_end() {
    let text = written(CastVersion::V3);
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(
        lines[0],
        r#"{"command":"sh","env":{"SHELL":"/bin/sh"},"idle_time_limit":2.5,"term":{"cols":80,"rows":24,"type":"xterm-256color"},"timestamp":1700000000,"title":"work","version":3}"#
    );
    assert_eq!(lines[2], r#"[0.050000, "r", "100x30"]"#);
    assert_eq!(lines[5], "[1.300000, \"o\", \"\u{fffd}\"]");
    assert_eq!(lines[6], r#"[0.100000, "x", "3"]"#);
}

#[test]
fn what_was_written_is_read_with_its_header() {
    for version in [CastVersion::V2, CastVersion::V3] {
        let text = written(version);
        let reader = CastReader::new(text.as_bytes()).unwrap();
        assert_eq!((reader.version(), reader.header()), (version, &header()));
        let (entries, wrong) = read(text.as_bytes());
        assert!(wrong.is_none());
        assert_eq!(entries[0], output(100, "a\x1b[1m"));
        assert_eq!(entries[1].what, CastEvent::Resize(Size { cols: 100, rows: 30 }));
        assert_eq!(entries[3].what, CastEvent::Marker("make <test>".into()));
        assert_eq!(entries[4], output(1500, "\u{fffd}"));
    }
}

#[test]
fn version_1_is_one_object_over_many_lines() {
    let text = br#"{
  "version": 1, "width": 100, "height": 30, "duration": 2.0,
  "command": "/bin/zsh", "title": null, "env": {"TERM": "xterm", "SHELL": null},
  "stdout": [
    [0.25, "a"], [0.5, "\u001b[1mb"],
    [0.25, "c"]
  ]
}"#;
    let reader = CastReader::new(&text[..]).unwrap();
    assert_eq!(reader.version(), CastVersion::V1);
    assert_eq!(reader.header().size, Size { cols: 100, rows: 30 });
    assert_eq!(reader.header().command.as_deref(), Some("/bin/zsh"));
    assert_eq!(reader.header().env.len(), 1);
    let (entries, wrong) = read(text);
    assert!(wrong.is_none());
    assert_eq!(entries, [output(250, "a"), output(750, "\x1b[1mb"), output(1000, "c")]);
    // Cut in the last pair: what came before is given, and the line is named.
    let (entries, wrong) = read(&text[..text.len() - 10]);
    assert_eq!(entries.len(), 2);
    assert!(matches!(wrong, Some(CastError::Line { line: 6, .. })), "{wrong:?}");
}

#[test]
fn comments_typed_keys_and_unknown_events_are_passed_over() {
    let text = b"{\"version\":3,\"term\":{\"cols\":80,\"rows\":24}}\n# said by a person\n\
        [0.5, \"i\", \"secret\"]\n\n[0.5, \"z\", {\"a\": [1]}]\n[0.25, \"o\", \"x\"]\n";
    assert_eq!(read(text).0, [output(1250, "x")]);
}

#[test]
fn a_broken_line_is_named_and_what_is_around_it_is_given() {
    let head = "{\"version\":2,\"width\":80,\"height\":24}\n[0.5, \"o\", \"x\"]\n";
    for broken in
        ["[0.5, \"o\"", "[1e999, \"o\", \"y\"]", "[1e30, \"o\", \"y\"]", "[1, \"o\", 7]", "x"]
    {
        let text = format!("{head}{broken}\n[2, \"o\", \"z\"]\n");
        let mut reader = CastReader::new(text.as_bytes()).unwrap();
        assert_eq!(reader.next_entry().unwrap(), Some(output(500, "x")));
        let wrong = reader.next_entry().unwrap_err();
        assert!(matches!(wrong, CastError::Line { line: 3, .. }), "{broken}: {wrong}");
        assert_eq!(reader.next_entry().unwrap(), Some(output(2000, "z")));
    }
}

#[test]
fn headers_that_are_none_are_refused_with_their_reason() {
    let why = |text: &str| read(text.as_bytes()).1.unwrap().to_string();
    assert_eq!(why(""), "the file is empty");
    assert_eq!(
        why("{\"version\":9,\"width\":1,\"height\":1}"),
        "line 1: asciicast version 9 is not known here, 1 to 3 are"
    );
    assert_eq!(why("{\"version\":2}"), "line 1: the header says no size");
    assert_eq!(
        why("{\"version\":2,\"width\":0,\"height\":9}"),
        "line 1: 0x9 is no size of a terminal"
    );
    assert!(why("[1,2]").starts_with("line 1: "));
    assert!(why("{").starts_with("line 1: "));
}

#[test]
fn a_line_without_an_end_takes_no_memory() {
    let head = b"{\"version\":2,\"width\":80,\"height\":24}\n";
    let endless = io::Read::take(io::repeat(b'x'), 3 * MAX_LINE);
    let input = io::BufReader::new(io::Read::chain(&head[..], endless));
    let mut reader = CastReader::new(input).unwrap();
    let wrong = reader.next_entry().unwrap_err().to_string();
    assert_eq!(wrong, "line 2: the line is longer than 16 MiB");
    assert!(reader.next_entry().unwrap().is_none());
}

proptest! {
    #[test]
    fn text_survives_however_it_is_cut(text in "\\PC{0,40}", cuts in prop::collection::vec(0..200_usize, 0..6), v3: bool) {
        let version = if v3 { CastVersion::V3 } else { CastVersion::V2 };
        let size = Size { cols: 80, rows: 24 };
        let mut writer = CastWriter::new(Vec::new(), version, &CastHeader::of(size)).unwrap();
        let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(text.len())).collect();
        cuts.extend([0, text.len()]);
        cuts.sort_unstable();
        for (number, cut) in cuts.windows(2).enumerate() {
            let at = Duration::from_micros(number as u64 * 333_333);
            writer.output(at, &text.as_bytes()[cut[0]..cut[1]]).unwrap();
        }
        let file = writer.finish(Duration::ZERO).unwrap();
        let (entries, wrong) = read(&file);
        prop_assert!(wrong.is_none());
        let mut bytes = Vec::new();
        for entry in entries {
            prop_assert_eq!(entry.at.as_micros() % 333_333, 0);
            if let CastEvent::Output(piece) = entry.what {
                bytes.extend(piece);
            }
        }
        prop_assert_eq!(bytes, text.into_bytes());
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..300), whole: bool) {
        let mut text = written(CastVersion::V3).into_bytes();
        if whole {
            text.clear();
        }
        let at = bytes.len() % (text.len() + 1);
        text.splice(at..at, bytes);
        let _ = read(&text);
    }
}

#[test]
fn a_file_that_is_cut_anywhere_gives_its_beginning() {
    for version in [CastVersion::V2, CastVersion::V3] {
        let text = written(version).into_bytes();
        let whole = read(&text).0;
        for end in 0..text.len() {
            let (entries, _) = read(&text[..end]);
            assert_eq!(entries[..], whole[..entries.len()], "{end}");
        }
    }
}
