//! Pane headers there and back, from later releases, and from anywhere.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use proptest::prelude::*;

use super::*;

fn header() -> PaneHeader {
    PaneHeader {
        format: PaneHeader::FORMAT,
        pane: "01JD9Z3QW4XKAVE8M7YTRN5B0C".parse().unwrap(),
        session: "feat/login \u{202e}\n\"quoted\"".to_owned(),
        tab: "1".to_owned(),
        command: vec![
            "/bin/sh".into(),
            "-c".into(),
            ExactText(OsString::from_vec(vec![0xFF, b'a'])),
        ],
        cwd: "/home/someone".into(),
        size: Size { cols: 80, rows: 24 },
        term: "xterm-256color".to_owned(),
        machine_id: "0123456789abcdef0123456789abcdef".to_owned(),
        boot_id: "6f5f7b0e-8d54-4c3a-9f0e-0a1b2c3d4e5f".parse().unwrap(),
        principal: "nobody".to_owned(),
        created_ns: 1_790_000_000_000_000_000,
        other: BTreeMap::new(),
    }
}

fn parse(text: &str) -> Result<PaneHeader> {
    PaneHeader::parse(text.as_bytes(), Path::new("pane.toml"))
}

#[test]
fn a_header_is_private_and_comes_back_as_it_was() {
    let dir = tempfile::tempdir().unwrap();
    header().write(dir.path()).unwrap();
    assert_eq!(PaneHeader::read(dir.path()).unwrap(), header());
    let mode = fs::metadata(dir.path().join(PANE_FILE)).unwrap().permissions().mode();
    assert_eq!(mode & 0o7777, 0o600);
    assert!(PaneHeader::read(&dir.path().join("elsewhere")).unwrap_err().is_not_found());
}

#[test]
fn people_can_read_it() {
    let text = toml::to_string(&PaneHeader {
        session: "work".to_owned(),
        command: vec!["/bin/sh".into(), ExactText(OsString::from_vec(vec![0xFF, b'a']))],
        ..header()
    })
    .unwrap();
    let expected = "\
format = 1
pane = \"01JD9Z3QW4XKAVE8M7YTRN5B0C\"
session = \"work\"
tab = \"1\"
command = [\"/bin/sh\", { hex = \"ff61\" }]
cwd = \"/home/someone\"
term = \"xterm-256color\"
machine_id = \"0123456789abcdef0123456789abcdef\"
boot_id = \"6f5f7b0e8d544c3a9f0e0a1b2c3d4e5f\"
principal = \"nobody\"
created_ns = 1790000000000000000

[size]
cols = 80
rows = 24
";
    assert_eq!(text, expected);
}

#[test]
fn keys_of_later_releases_are_kept() {
    let text = toml::to_string(&header()).unwrap();
    let later = format!("color = \"blue\"\n{text}\n[mood]\nlevel = 3\n");
    let read = parse(&later).unwrap();
    assert_eq!(read.other.len(), 2);
    let again = parse(&toml::to_string(&read).unwrap()).unwrap();
    assert_eq!(again, read);
}

#[test]
fn a_newer_form_is_refused_by_name() {
    let refused = parse("format = 2\nnothing = \"else is known\"\n");
    assert!(matches!(refused, Err(Error::Newer { found: 2, known: 1, .. })), "{refused:?}");
}

#[test]
fn a_misshapen_key_is_an_error() {
    let text = toml::to_string(&header()).unwrap();
    for (from, to) in [
        ("pane = \"01", "pane = \"../../01"),
        ("pane = \"01JD9Z3QW4", "pane = \"81JD9Z3QW4"),
        ("boot_id = \"6f", "boot_id = \"zz"),
        ("hex = \"ff61\"", "hex = \"ff6\""),
        ("hex = \"ff61\"", "hex = \"\u{e9}61\""),
        ("cols = 80", "cols = 80000"),
        ("format = 1", "format = 70000"),
        ("tab = ", "tabs = "),
        ("created_ns = 1", "created_ns = -1"),
    ] {
        let broken = text.replacen(from, to, 1);
        assert_ne!(broken, text, "{from}");
        assert!(matches!(parse(&broken), Err(Error::Text { .. })), "{to}");
    }
}

#[test]
fn a_cut_header_is_an_error_or_lacks_nothing() {
    let text = toml::to_string(&header()).unwrap();
    for cut in 0..text.len() {
        if let Ok(read) = PaneHeader::parse(&text.as_bytes()[..cut], Path::new("pane.toml")) {
            assert_eq!(read.pane, header().pane, "cut at {cut}");
            assert!(cut + 2 >= text.len(), "cut at {cut}");
        }
    }
}

#[test]
fn a_file_that_is_too_long_is_not_read() {
    let dir = tempfile::tempdir().unwrap();
    let file = fs::File::create(dir.path().join(PANE_FILE)).unwrap();
    file.set_len(MAX_FILE + 1).unwrap();
    assert!(matches!(PaneHeader::read(dir.path()), Err(Error::TooLarge { .. })));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_command_survives(command in proptest::collection::vec(proptest::collection::vec(1_u8.., 0..20), 0..5)) {
        let command = command.into_iter().map(|arg| ExactText(OsString::from_vec(arg))).collect();
        let header = PaneHeader { command, ..header() };
        prop_assert_eq!(parse(&toml::to_string(&header).unwrap()).unwrap(), header);
    }

    #[test]
    fn any_bytes_are_an_error(bytes: Vec<u8>) {
        prop_assert!(PaneHeader::parse(&bytes, Path::new("pane.toml")).is_err());
    }
}
