//! The file of hosts, and its rules.

use std::os::unix::fs::PermissionsExt as _;

use super::*;

fn host(name: &str, key: u8) -> Host {
    Host {
        name: name.into(),
        addresses: vec!["192.0.2.1:4433".into()],
        server: KeyId::from_bytes([key; 32]),
        via: None,
        paired_unix_ms: 5,
    }
}

#[test]
fn what_was_put_in_is_read_again_and_the_file_is_private() {
    let folder = tempfile::tempdir().unwrap();
    let home = Home::under(folder.path());
    assert_eq!(Hosts::read(&home).unwrap(), Hosts::default());
    Hosts::change(&home, |hosts| hosts.put(host("box", 1))).unwrap();
    Hosts::change(&home, |hosts| hosts.put(host("other", 2))).unwrap();
    let hosts = Hosts::read(&home).unwrap();
    assert_eq!(hosts.all(), [host("box", 1), host("other", 2)]);
    let mode = home.hosts_file().metadata().unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn a_file_that_others_could_have_written_is_refused_with_the_way_to_mend_it() {
    let folder = tempfile::tempdir().unwrap();
    let home = Home::under(folder.path());
    Hosts::change(&home, |hosts| hosts.put(host("box", 1))).unwrap();
    let loose = std::fs::Permissions::from_mode(0o666);
    std::fs::set_permissions(home.hosts_file(), loose).unwrap();
    let error = Hosts::read(&home).unwrap_err();
    assert!(error.hint().is_some_and(|hint| hint.starts_with("chmod")), "{error:?}");
    std::fs::remove_file(home.hosts_file()).unwrap();
    std::os::unix::fs::symlink("/dev/null", home.hosts_file()).unwrap();
    assert!(Hosts::read(&home).is_err());
}

#[test]
fn a_change_that_is_refused_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let home = Home::under(folder.path());
    Hosts::change(&home, |hosts| hosts.put(host("box", 1))).unwrap();
    let before = std::fs::read(home.hosts_file()).unwrap();
    for name in ["", "-x", "a/b", "a b", "b\u{202e}x", "..", &"x".repeat(65)] {
        let put = Hosts::change(&home, |hosts| hosts.put(host(name, 3)));
        assert!(matches!(put, Err(ClientError::Host(HostError::Name(_)))), "{name:?}");
    }
    let put = Hosts::change(&home, |hosts| hosts.put(host("box", 2)));
    assert!(matches!(put, Err(ClientError::Host(HostError::Taken(_)))), "another key took a name");
    assert_eq!(std::fs::read(home.hosts_file()).unwrap(), before);
}

#[test]
fn the_same_server_again_takes_the_place_of_what_was_known_of_it() {
    let mut hosts = Hosts::default();
    hosts.put(host("box", 1)).unwrap();
    hosts.put(host("home", 1)).unwrap();
    assert_eq!(hosts.all(), [host("home", 1)]);
}

#[test]
fn a_name_that_is_not_there_is_answered_with_the_nearest() {
    let mut hosts = Hosts::default();
    hosts.put(host("box", 1)).unwrap();
    hosts.put(host("laptop", 2)).unwrap();
    let error = hosts.find("bix").unwrap_err();
    assert_eq!(error.to_string(), "no host is called \"bix\"; the nearest is \"box\"");
    assert_eq!(hosts.find("qqqqq").unwrap_err().to_string(), "no host is called \"qqqqq\"");
    assert_eq!(hosts.remove("box").unwrap(), host("box", 1));
    assert!(hosts.rename("laptop", "mobile").is_ok());
    assert!(hosts.find("mobile").is_ok());
}

#[test]
fn a_machine_that_calls_itself_anything_gets_a_name_that_works() {
    let mut hosts = Hosts::default();
    for (called, name) in
        [("box.example", "box"), ("", "host"), ("../x y", "x-y"), ("서울", "host")]
    {
        assert_eq!(hosts.free_name(called), name, "{called}");
    }
    hosts.put(host("box", 1)).unwrap();
    assert_eq!(hosts.free_name("box"), "box-2");
}
