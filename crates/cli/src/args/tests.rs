//! The command line holds together, and reads what the manual promises.

use clap::CommandFactory as _;

use super::*;

fn parse(line: &str) -> Args {
    Args::try_parse_from(line.split(' ')).unwrap_or_else(|error| panic!("{line}: {error}"))
}

#[test]
fn the_definitions_are_consistent() {
    Args::command().debug_assert();
}

/// A key that is not the one that was paired is refused, and nothing on the command line changes that.
#[test]
fn no_flag_lets_a_wrong_key_pass() {
    fn walk(command: &clap::Command) {
        for arg in command.get_arguments() {
            let name = arg.get_long().unwrap_or_default();
            for word in ["insecure", "trust", "accept", "verify", "force", "anyway", "ignore-key"] {
                assert!(!name.contains(word), "{} --{name}", command.get_name());
            }
        }
        command.get_subcommands().for_each(walk);
    }
    walk(&Args::command());
}

#[test]
fn every_visible_command_has_an_example() {
    fn walk(command: &clap::Command, path: &str) {
        if command.is_hide_set() {
            return;
        }
        if !command.has_subcommands() && command.get_name() != "help" {
            let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            assert!(help.contains("Example: "), "{path} has no example");
        }
        for sub in command.get_subcommands() {
            walk(sub, &format!("{path} {}", sub.get_name()));
        }
    }
    walk(&Args::command(), "ccc");
}

#[test]
fn times_and_sizes_are_read_as_people_write_them() {
    assert_eq!(duration("500ms").unwrap().as_millis(), 500);
    assert_eq!(duration("1.5").unwrap().as_millis(), 1500);
    assert_eq!(duration("2m").unwrap().as_secs(), 120);
    assert!(duration("soon").is_err());
    assert!(duration("-1s").is_err());
    assert_eq!(size("120x40").unwrap(), ccc_proto::WireSize { cols: 120, rows: 40 });
    assert!(size("0x40").is_err());
    assert!(size("120").is_err());
}

#[test]
fn the_examples_of_the_product_are_read() {
    for line in [
        "ccc attach",
        "ccc attach work -c",
        "ccc new -d -A -n work --ttl 1h --cwd /tmp --env A=b -- make test",
        "ccc send work text --enter",
        "ccc send work --keys C-c",
        "ccc send work --paste",
        "ccc capture work:1.2",
        "ccc capture --from -100",
        "ccc wait work --match ok$ --timeout 10s",
        "ccc export --raw work",
        "ccc export --raw work -o file",
        "ccc split -r",
        "ccc run --timeout 5s -- true",
        "ccc pane resize right 5",
    ] {
        parse(line);
    }
    assert!(Args::try_parse_from(["ccc", "wait", "work"]).is_err());
}

#[test]
fn the_help_of_an_import_says_how_atuin_is_asked() {
    let args = Args::command();
    let import = args.find_subcommand("history").and_then(|c| c.find_subcommand("import"));
    let help = import.and_then(clap::Command::get_after_help).map(ToString::to_string);
    assert!(help.unwrap_or_default().contains(ccc_client::shell_history::ATUIN_LIST));
    // A word to look for is no command, unless it is one of the two.
    let text = |line| match parse(line).command {
        Command::History(HistoryArgs { command: None, text, .. }) => text,
        other => panic!("{other:?}"),
    };
    assert_eq!(text("ccc history help").as_deref(), Some("help"));
    assert_eq!(text("ccc history -- import").as_deref(), Some("import"));
    assert!(Args::try_parse_from(["ccc", "history", "forget"]).is_err());
}
