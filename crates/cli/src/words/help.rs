//! `--help` in Korean: laid over the commands when it is asked for, so that whoever reads English pays nothing.
//! English stays in the definitions, from which pages and completions are made.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::LazyLock;

use clap::builder::{PossibleValue, StyledStr, Styles};
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

/// Clap writes defaults and possible values in English, so here they are a part of the text.
fn argument(arg: Arg, path: &str) -> Arg {
    let (short, long) = match arg.get_id().as_str() {
        "help" if arg.get_long_help().is_some() => {
            (text(path, "help-short"), text(path, "help-long"))
        }
        id => (text(path, id), text(path, id)),
    };
    let (Some(short), Some(long)) = (short, long) else { return arg };
    let (default, possible, described) = (default(&arg), possible(&arg), described(&arg));
    let in_line = [Some(short.to_owned()), default.clone(), possible.clone()];
    // Where each value has a line of its own, they are not named a second time.
    let possible = if described.is_some() { None } else { possible };
    let notes: Vec<String> = [default, possible].into_iter().flatten().collect();
    let notes = Some(notes.join("\n")).filter(|notes| !notes.is_empty());
    let in_paragraphs = [Some(long.to_owned()), described, notes];
    let joined = |parts: [Option<String>; 3], between: &str| {
        StyledStr::from(parts.into_iter().flatten().collect::<Vec<_>>().join(between))
    };
    arg.help(joined(in_line, " "))
        .long_help(joined(in_paragraphs, "\n\n"))
        .hide_default_value(true)
        .hide_possible_values(true)
}

/// `[default: 10m]`, where it is shown.
fn default(arg: &Arg) -> Option<String> {
    let values: Vec<_> =
        arg.get_default_values().iter().map(|value| value.to_string_lossy()).collect();
    let shown = arg.get_action().takes_values() && !arg.is_hide_default_value_set();
    let note = || KOREAN.with("[default: {values}]", &[("values", &values.join(" "))]);
    (shown && !values.is_empty()).then(note)
}

/// `[possible values: auto, never]`, where they are shown.
fn possible(arg: &Arg) -> Option<String> {
    let values = arg.get_possible_values();
    let names: Vec<_> = values.iter().map(PossibleValue::get_name).collect();
    let shown = arg.get_action().takes_values() && !arg.is_hide_possible_values_set();
    let note = || KOREAN.with("[possible values: {values}]", &[("values", &names.join(", "))]);
    (shown && !names.is_empty()).then(note)
}

/// A line for each possible value, if they have any.
fn described(arg: &Arg) -> Option<String> {
    let values = arg.get_possible_values();
    let any = values.iter().any(|value| value.get_help().is_some());
    if !any || arg.is_hide_possible_values_set() {
        return None;
    }
    let longest = values.iter().map(|value| value.get_name().len()).max()?;
    let literal = *Styles::styled().get_literal();
    let mut lines = KOREAN.say("Possible values:").to_owned();
    for value in values {
        let (name, pad) = (value.get_name(), longest - value.get_name().len());
        let line = text(EVERY, &format!("{}={name}", arg.get_id())).unwrap_or_default();
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
