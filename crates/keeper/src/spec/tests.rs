//! Specs there and back, and everything that is none.

use super::*;

fn spec() -> SpawnSpec {
    SpawnSpec {
        program: "vim".into(),
        arguments: vec!["-n".into(), "".into(), "가 나".into()],
        environment: vec![
            ("A".into(), "b=c".into()),
            ("EMPTY".into(), "".into()),
            ("BYTES".into(), OsString::from_vec(vec![0xff, 0xfe])),
        ],
        cwd: "/home/누구".into(),
        umask: 0o027,
        nofile: 1024,
        login: false,
        cell: Some(CellPixels { width: 9, height: 18 }),
    }
}

fn memfd(bytes: &[u8], seals: SealFlags) -> OwnedFd {
    let flags = MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING;
    let mut file = std::fs::File::from(rustix::fs::memfd_create("test", flags).unwrap());
    file.write_all(bytes).unwrap();
    rustix::fs::fcntl_add_seals(&file, seals).unwrap();
    file.into()
}

#[test]
fn a_spec_comes_back_as_it_was() {
    let login = SpawnSpec { login: true, arguments: Vec::new(), ..spec() };
    for spec in [spec(), login] {
        let fd = spec.seal().unwrap();
        assert_eq!(SpawnSpec::unseal(&fd).unwrap(), spec);
        // A reader leaves no trace for the next one.
        assert_eq!(SpawnSpec::unseal(&fd).unwrap(), spec);
    }
}

#[test]
fn a_sealed_spec_cannot_be_changed() {
    let fd = spec().seal().unwrap();
    assert!(rustix::io::pwrite(&fd, b"x", 0).is_err());
    assert!(rustix::fs::ftruncate(&fd, 0).is_err());
}

#[test]
fn what_its_sender_can_still_change_is_refused() {
    let bytes = spec().encode().unwrap();
    for seals in [SealFlags::empty(), SealFlags::SHRINK | SealFlags::GROW, SealFlags::WRITE] {
        let refused = SpawnSpec::unseal(memfd(&bytes, seals));
        assert!(matches!(refused, Err(SpecError::Unsealed)), "{refused:?}");
    }
    let file = std::fs::File::open("/dev/null").unwrap();
    assert!(matches!(SpawnSpec::unseal(file), Err(SpecError::Unsealed)));
}

#[test]
fn a_spec_cut_anywhere_is_refused() {
    let mut bytes = spec().encode().unwrap();
    for len in 0..bytes.len() {
        assert!(SpawnSpec::decode(&bytes[..len]).is_err(), "cut to {len}");
    }
    bytes.push(0);
    assert!(SpawnSpec::decode(&bytes).is_err(), "and more than it");
}

#[test]
fn unknown_tags_are_skipped() {
    let mut bytes = vec![0xff, 0xff, 3, 0, 0, 0, 1, 2, 3];
    bytes.extend(spec().encode().unwrap());
    assert_eq!(SpawnSpec::decode(&bytes).unwrap(), spec());
}

#[test]
fn a_cell_that_cannot_be_is_unknown_and_a_field_of_another_length_is_refused() {
    let with = |value: &[u8]| {
        let mut bytes = SpawnSpec { cell: None, ..spec() }.encode().unwrap();
        let end = bytes.split_off(bytes.len() - 6);
        let len = u8::try_from(value.len()).unwrap();
        bytes.extend([&[8, 0, len, 0, 0, 0], value, &end].concat());
        SpawnSpec::decode(&bytes).map(|spec| spec.cell).ok()
    };
    assert_eq!(with(&[9, 0, 18, 0]), Some(Some(CellPixels { width: 9, height: 18 })));
    assert_eq!(with(&[3, 0, 18, 0]), Some(None));
    assert_eq!(with(&[9, 0, 18, 1]), Some(None));
    assert_eq!(with(&[9, 0, 18]), None);
}

#[test]
fn what_cannot_be_started_is_refused() {
    let refused = |spec: SpawnSpec| SpawnSpec::decode(&spec.encode().unwrap()).is_err();
    assert!(refused(SpawnSpec { program: "".into(), ..spec() }));
    assert!(refused(SpawnSpec { cwd: "relative".into(), ..spec() }));
    assert!(refused(SpawnSpec { login: true, ..spec() }));
    assert!(refused(SpawnSpec { arguments: vec!["a\0b".into()], ..spec() }));
    assert!(refused(SpawnSpec { environment: vec![("".into(), "x".into())], ..spec() }));
    assert!(!refused(spec()));
}

#[test]
fn a_spec_that_is_too_large_is_refused_before_it_is_read() {
    let large = SpawnSpec { arguments: vec!["a".repeat(MAX_SPEC).into()], ..spec() };
    assert!(matches!(large.seal(), Err(SpecError::TooLarge)));
    let many = SpawnSpec { arguments: vec!["".into(); MAX_STRINGS + 1], ..spec() };
    let bytes = many.encode().unwrap();
    assert!(matches!(SpawnSpec::decode(&bytes), Err(SpecError::TooLarge)));
    let file = rustix::fs::memfd_create("test", MemfdFlags::ALLOW_SEALING).unwrap();
    rustix::fs::ftruncate(&file, 1 << 40).unwrap();
    rustix::fs::fcntl_add_seals(&file, SEALS).unwrap();
    assert!(matches!(SpawnSpec::unseal(file), Err(SpecError::TooLarge)));
}
