//! That every command and argument is told in Korean, and that nothing else of its help changes.

use std::collections::BTreeSet;

use clap::CommandFactory as _;

use super::*;
use crate::args::Args;

fn english() -> Command {
    let mut command = Args::command();
    command.build();
    command
}

/// Calls for each command but those below `help`, with its path.
fn walk(command: &Command, path: &str, seen: &mut impl FnMut(&Command, &str)) {
    seen(command, path);
    for below in command.get_subcommands() {
        if command.get_name() != "help" {
            walk(below, &format!("{path} {}", below.get_name()), seen);
        }
    }
}

fn paragraphs(text: &str) -> usize {
    text.split("\n\n").filter(|part| !part.trim().is_empty()).count()
}

#[test]
fn every_command_and_argument_has_its_line_and_none_is_for_nothing() {
    let (mut wanted, mut shared) = (BTreeSet::new(), HashMap::<String, String>::new());
    let mut want = |table: &str, name: &str| wanted.insert(format!("{table}: {name}"));
    walk(&english(), "ccc", &mut |command, path| {
        if command.get_name() == "help" {
            want(EVERY, "help-command");
            return;
        }
        want(path, "about");
        let more = command.get_long_about().map_or(1, |text| paragraphs(&text.to_string()));
        if more > 1 {
            want(path, "more");
            let korean = text(path, "more").unwrap_or_default();
            assert_eq!(paragraphs(korean) + 1, more, "{path}: as many paragraphs");
        }
        let after = command.get_after_help().map(ToString::to_string).unwrap_or_default();
        if after.find(EXAMPLE).unwrap_or(after.len()) > 0 {
            want(path, "after");
        }
        for arg in command.get_arguments() {
            let id = arg.get_id().as_str();
            let own = HELP.get(path).is_some_and(|table| table.contains_key(id));
            let table = if own { path } else { EVERY };
            want(table, id);
            // What is told once for all says the same everywhere.
            let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
            if !own && id != "help" {
                let first = shared.entry(id.to_owned()).or_insert_with(|| help.clone());
                assert_eq!(*first, help, "{path} {id}: another meaning than elsewhere");
            }
            if id == "help" && arg.get_long_help().is_some() {
                want(EVERY, "help-short");
                want(EVERY, "help-long");
            }
            for value in arg.get_possible_values().iter().filter(|value| value.get_help().is_some())
            {
                want(EVERY, &format!("{id}={}", value.get_name()));
            }
        }
    });
    let tables = HELP.iter();
    let known: BTreeSet<String> = tables
        .flat_map(|(table, texts)| texts.keys().map(move |name| format!("{table}: {name}")))
        .collect();
    let missing: Vec<_> = wanted.difference(&known).collect();
    assert!(missing.is_empty(), "no Korean line: {missing:#?}");
    let idle: Vec<_> = known.difference(&wanted).collect();
    assert!(idle.is_empty(), "of no command or argument: {idle:#?}");
    assert!(HELP.values().flat_map(HashMap::values).all(|text| !text.trim().is_empty()));
}

/// The words of a help that are no sentences: usage, names of commands and arguments, in their order.
fn skeleton(help: &str) -> Vec<String> {
    let names =
        help.lines().filter(|line| line.starts_with("  ") && !line.starts_with("         "));
    let names = names.filter_map(|line| {
        let name = line.trim_start();
        let end = name.find("  ").unwrap_or(name.len());
        let name = &name[..end];
        name.starts_with(['-', '<', '[']).then(|| name.to_owned())
    });
    let usage = help.lines().filter_map(|line| {
        line.strip_prefix("Usage: ").or_else(|| line.strip_prefix("사용법: ")).map(str::to_owned)
    });
    usage.chain(names).collect()
}

#[test]
fn names_their_order_and_examples_are_the_same() {
    let (english, korean) = (english(), korean(Args::command()));
    let mut pages = Vec::new();
    walk(&english, "ccc", &mut |command, path| pages.push((path.to_owned(), command.clone())));
    let mut at = 0;
    walk(&korean, "ccc", &mut |command, path| {
        let (there, mut page) = pages[at].clone();
        at += 1;
        assert_eq!(path, there);
        let mut command = command.clone();
        for (ours, theirs) in [
            (command.render_help(), page.render_help()),
            (command.render_long_help(), page.render_long_help()),
        ] {
            let (ours, theirs) = (ours.to_string(), theirs.to_string());
            assert_eq!(skeleton(&ours), skeleton(&theirs), "{path}");
            for word in ["Usage:", "Options:", "Arguments:", "Commands:", "Example:", "[default"] {
                assert!(!ours.contains(word), "{path}: {word} in\n{ours}");
            }
        }
        let after = |command: &Command| command.get_after_help().map(ToString::to_string);
        let (ours, theirs) = (after(&command), after(&page));
        let theirs = theirs.unwrap_or_default();
        let example = theirs.find(EXAMPLE).map(|at| &theirs[at + EXAMPLE.len()..]);
        for line in example.unwrap_or_default().lines() {
            assert!(ours.as_ref().is_some_and(|ours| ours.contains(line.trim())), "{path}: {line}");
        }
    });
    assert_eq!(at, pages.len());
}

#[test]
fn how_atuin_is_asked_is_the_same_in_both() {
    let of = |command: Command| {
        let import = command.find_subcommand("history").and_then(|c| c.find_subcommand("import"));
        import.and_then(Command::get_after_help).map(ToString::to_string).unwrap_or_default()
    };
    let commands = |help: String| {
        let lines =
            help.lines().filter_map(|line| line.split_once(": ")).map(|(_, command)| command);
        lines.map(|command| command.trim().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(commands(of(english())), commands(of(korean(Args::command()))));
}

#[test]
fn examples_below_each_other_line_up() {
    let english = "Example: ccc who\n         ccc who box/";
    assert_eq!(after_help(english, None), "예: ccc who\n    ccc who box/");
    assert_eq!(after_help("A. B.\n\nExample: ccc who", Some("가. 나.")), "가. 나.\n\n예: ccc who");
}
