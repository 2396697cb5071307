//! `--help` in Korean: laid over the commands when it is asked for, so that whoever reads English pays nothing.
//! English stays in the definitions, from which pages and completions are made.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::LazyLock;

use clap::builder::{StyledStr, Styles};
use clap::{Arg, Command};

use super::KOREAN;

/// By the path of the command, and by argument; of all commands in `every`.
type Catalogue = HashMap<String, HashMap<String, String>>;

static HELP: LazyLock<Catalogue> =
    LazyLock::new(|| toml::from_str(include_str!("../../words/ko-help.toml")).unwrap_or_default());

/// What is in all commands.
const EVERY: &str = "every";
/// What examples begin with.
const EXAMPLE: &str = "Example: ";

/// A command and all below it in Korean.
pub(crate) fn korean(mut command: Command) -> Command {
    // What is generated is there by then: the help flag, the help command.
    command.build();
    let path = command.get_name().to_owned();
    translated(command, &path)
}

fn translated(command: Command, path: &str) -> Command {
    let command = command.mut_args(|arg| argument(arg, path));
    let mut command = command.mut_subcommands(|below| {
        let path = format!("{path} {}", below.get_name());
        translated(below, &path)
    });
    if let Some(about) = text(path, "about") {
        let more = text(path, "more").map(|more| format!("{about}\n\n{more}"));
        command = command.about(about);
        if let Some(long) = more {
            command = command.long_about(long);
        }
    }
    if let Some(after) = command.get_after_help().map(ToString::to_string) {
        command = command.after_help(after_help(&after, text(path, "after")));
    }
    let template = template(&command);
    command.help_template(template)
}

/// A text of the catalogue: of this command, or of every one for what is in all of them. Commands below `help` are
/// told as what they are about.
fn text(path: &str, name: &str) -> Option<&'static str> {
    let of = |table: &str, name: &str| HELP.get(table)?.get(name).map(String::as_str);
    let of_command = match name {
        "about" if path.ends_with(" help") => of(EVERY, "help-command"),
        name => of(&path.replacen("ccc help ", "ccc ", 1), name),
    };
    let shared = !matches!(name, "about" | "more" | "after");
    of_command.or_else(|| if shared { of(EVERY, name) } else { None })
}

fn argument(arg: Arg, path: &str) -> Arg {
    let id = arg.get_id().as_str().to_owned();
    let (short, long) = match id.as_str() {
        "help" if arg.get_long_help().is_some() => {
            (text(path, "help-short"), text(path, "help-long"))
        }
        id => (text(path, id), None),
    };
    let Some(short) = short else { return arg };
    let long = long.unwrap_or(short);
    let values = values(&arg);
    let notes = notes(&arg, values.is_some());
    let in_line = [vec![short.to_owned()], notes.0].concat().join(" ");
    let mut paragraphs = vec![long.to_owned()];
    paragraphs.extend(values);
    if !notes.1.is_empty() {
        paragraphs.push(notes.1.join("\n"));
    }
    arg.help(in_line)
        .long_help(StyledStr::from(paragraphs.join("\n\n")))
        .hide_default_value(true)
        .hide_possible_values(true)
}

/// Default and possible values in brackets, for a short help and for a long one, where `told` says that values have
/// lines of their own.
fn notes(arg: &Arg, told: bool) -> (Vec<String>, Vec<String>) {
    let (mut short, mut long) = (Vec::new(), Vec::new());
    let defaults = arg.get_default_values();
    if arg.get_action().takes_values() && !arg.is_hide_default_value_set() && !defaults.is_empty() {
        let values: Vec<_> = defaults.iter().map(|value| value.to_string_lossy()).collect();
        let note = KOREAN.with("[default: {values}]", &[("values", &values.join(" "))]);
        short.push(note.clone());
        long.push(note);
    }
    let values = arg.get_possible_values();
    let shown = arg.get_action().takes_values() && !arg.is_hide_possible_values_set();
    if shown && !values.is_empty() {
        let values: Vec<_> = values.iter().map(clap::builder::PossibleValue::get_name).collect();
        let note = KOREAN.with("[possible values: {values}]", &[("values", &values.join(", "))]);
        if !told {
            long.push(note.clone());
        }
        short.push(note);
    }
    (short, long)
}

/// A line for each value that has one.
fn values(arg: &Arg) -> Option<String> {
    let values = arg.get_possible_values();
    let described = values.iter().any(|value| value.get_help().is_some());
    if !described || arg.is_hide_possible_values_set() {
        return None;
    }
    let longest = values.iter().map(|value| value.get_name().len()).max()?;
    let literal = *Styles::styled().get_literal();
    let mut lines = KOREAN.say("Possible values:").to_owned();
    for value in values {
        let (name, pad) = (value.get_name(), longest - value.get_name().len());
        let key = format!("{}={name}", arg.get_id());
        let line = text("", &key).unwrap_or_default();
        let _infallible = write!(lines, "\n- {literal}{name}{literal:#}: {:pad$}{line}", "");
    }
    Some(lines)
}

/// What stands below the arguments: examples as they are, what explains them in Korean.
fn after_help(english: &str, korean: Option<&str>) -> String {
    let Some(at) = english.find(EXAMPLE) else { return english.to_owned() };
    let example = KOREAN.say("Example:");
    let indent = " ".repeat(crate::output::columns_of(example) + 1);
    let mut lines = english[at + EXAMPLE.len()..].lines();
    let mut text = korean.map(|text| format!("{}\n\n", text.trim_end())).unwrap_or_default();
    let _infallible = write!(text, "{example} {}", lines.next().unwrap_or_default());
    for line in lines {
        let _infallible = write!(text, "\n{indent}{}", line.trim_start());
    }
    text
}

/// The order of clap's own, with headings in Korean.
fn template(command: &Command) -> StyledStr {
    let styles = Styles::styled();
    let (usage, header) = (*styles.get_usage(), *styles.get_header());
    let shown = |arg: &&Arg| !arg.is_hide_set();
    let sections = [
        ("Commands:", "{subcommands}", command.get_subcommands().any(|below| !below.is_hide_set())),
        ("Arguments:", "{positionals}", command.get_positionals().any(|arg| shown(&arg))),
        (
            "Options:",
            "{options}",
            command.get_arguments().filter(shown).any(|arg| !arg.is_positional()),
        ),
    ];
    let mut text = format!(
        "{{before-help}}{{about-with-newline}}\n{usage}{}{usage:#} {{usage}}",
        KOREAN.say("Usage:")
    );
    for (heading, tag, _) in sections.iter().filter(|(.., there)| *there) {
        let heading = KOREAN.say(heading);
        let _infallible = write!(text, "\n\n{header}{heading}{header:#}\n{tag}");
    }
    text.push_str("{after-help}");
    text.into()
}

#[cfg(test)]
mod tests;
