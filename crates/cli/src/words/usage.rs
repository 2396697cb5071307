//! What clap says of a command line that makes no sense, in Korean. The kinds that people meet are told; the others
//! stay English.

use std::fmt::{Display, Write as _};

use ccc_tui::Language;
use clap::CommandFactory as _;
use clap::builder::{StyledStr, Styles};
use clap::error::{ContextKind, ContextValue, Error, ErrorFormatter, ErrorKind, RichFormatter};

use super::errors::in_korean;
use super::help::korean;
use super::{KOREAN, language};
use crate::args::Args;

/// Formats errors of clap.
#[derive(Debug)]
struct Korean;

impl ErrorFormatter for Korean {
    fn format_error(error: &Error<Self>) -> StyledStr {
        let styles = Styles::styled();
        let (wrong, valid) = (*styles.get_error(), *styles.get_valid());
        let mut text = format!("{wrong}{}{wrong:#} ", KOREAN.say("error:"));
        text.push_str(&what(error, &styles).unwrap_or_default());
        let mut tips = String::new();
        for (kind, key) in [
            (ContextKind::SuggestedSubcommand, "a similar command exists: {names}"),
            (ContextKind::SuggestedArg, "a similar argument exists: {names}"),
            (ContextKind::SuggestedValue, "a similar value exists: {names}"),
        ] {
            let names = match error.get(kind) {
                Some(ContextValue::String(name)) => format!("'{valid}{name}{valid:#}'"),
                Some(ContextValue::Strings(names)) if !names.is_empty() => {
                    let names = names.iter().map(|name| format!("'{valid}{name}{valid:#}'"));
                    names.collect::<Vec<_>>().join(", ")
                }
                _ => continue,
            };
            tip(&mut tips, &styles, &KOREAN.with(key, &[("names", &names)]));
        }
        if let Some(ContextValue::StyledStrs(suggested)) = error.get(ContextKind::Suggested) {
            for suggestion in suggested {
                tip(&mut tips, &styles, &in_korean(&suggestion.to_string()));
            }
        }
        if !tips.is_empty() {
            let _infallible = write!(text, "\n{tips}");
        }
        if let Some(ContextValue::StyledStr(usage)) = error.get(ContextKind::Usage) {
            let (usage, heading) = (usage.to_string(), *styles.get_usage());
            let usage = usage.strip_prefix("Usage:").unwrap_or(&usage);
            let word = KOREAN.say("Usage:");
            let _infallible = write!(text, "\n\n{heading}{word}{heading:#}{usage}");
        }
        let literal = *styles.get_literal();
        let flag = format!("'{literal}--help{literal:#}'");
        let more = KOREAN.with("For more information, try {flag}.", &[("flag", &flag)]);
        let _infallible = write!(text, "\n\n{more}\n");
        text.into()
    }
}

fn tip(text: &mut String, styles: &Styles, what: &str) {
    let valid = *styles.get_valid();
    let _infallible = write!(text, "\n  {valid}{}{valid:#} {what}", KOREAN.say("tip:"));
}

/// What is wrong, for the kinds that have words.
fn what<F: ErrorFormatter>(error: &Error<F>, styles: &Styles) -> Option<String> {
    let (invalid, literal, valid) =
        (*styles.get_invalid(), *styles.get_literal(), *styles.get_valid());
    let string = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text.as_str()),
        _ => None,
    };
    let wrong = |text: &str| format!("'{invalid}{text}{invalid:#}'");
    let named = |text: &str| format!("'{literal}{text}{literal:#}'");
    let said = |key: &str, values: &[(&str, &dyn Display)]| Some(KOREAN.with(key, values));
    let arg = string(ContextKind::InvalidArg);
    let value = string(ContextKind::InvalidValue);
    match error.kind() {
        ErrorKind::UnknownArgument => {
            said("unexpected argument {arg} found", &[("arg", &wrong(arg?))])
        }
        ErrorKind::InvalidSubcommand => {
            let name = wrong(string(ContextKind::InvalidSubcommand)?);
            said("unrecognized command {name}", &[("name", &name)])
        }
        ErrorKind::MissingRequiredArgument => {
            let Some(ContextValue::Strings(args)) = error.get(ContextKind::InvalidArg) else {
                return None;
            };
            let mut text = KOREAN.say("these required arguments are missing:").to_owned();
            for arg in args {
                let _infallible = write!(text, "\n  {valid}{arg}{valid:#}");
            }
            Some(text)
        }
        ErrorKind::InvalidValue => {
            let (arg, value) = (arg?, value?);
            let mut text = match value {
                "" => said("a value is required for {arg}", &[("arg", &wrong(arg))])?,
                value => said(INVALID, &[("value", &wrong(value)), ("arg", &named(arg))])?,
            };
            if let Some(ContextValue::Strings(values)) = error.get(ContextKind::ValidValue)
                && !values.is_empty()
            {
                let note = [("values", &values.join(", ") as &dyn Display)];
                let _infallible =
                    write!(text, "\n  {}", KOREAN.with("[possible values: {values}]", &note));
            }
            Some(text)
        }
        ErrorKind::ValueValidation => {
            let text = said(INVALID, &[("value", &wrong(value?)), ("arg", &named(arg?))])?;
            let why = std::error::Error::source(error).map(ToString::to_string);
            Some(match why {
                Some(why) => format!("{text}: {}", in_korean(&why)),
                None => text,
            })
        }
        ErrorKind::TooManyValues => {
            let values: [(&str, &dyn Display); 2] =
                [("value", &wrong(value?)), ("arg", &named(arg?))];
            said("unexpected value {value} for {arg}", &values)
        }
        ErrorKind::ArgumentConflict => {
            let arg = wrong(arg?);
            match error.get(ContextKind::PriorArg)? {
                ContextValue::String(prior)
                    if Some(prior.as_str()) == string(ContextKind::InvalidArg) =>
                {
                    said("{arg} cannot be used more than once", &[("arg", &arg)])
                }
                ContextValue::String(prior) => {
                    let values: [(&str, &dyn Display); 2] =
                        [("arg", &arg), ("other", &wrong(prior))];
                    said("{arg} cannot be used with {other}", &values)
                }
                ContextValue::Strings(prior) => {
                    let prior: Vec<_> = prior.iter().map(|prior| wrong(prior)).collect();
                    let values: [(&str, &dyn Display); 2] =
                        [("arg", &arg), ("other", &prior.join(", "))];
                    said("{arg} cannot be used with {other}", &values)
                }
                _ => None,
            }
        }
        ErrorKind::MissingSubcommand => {
            let name = wrong(string(ContextKind::InvalidSubcommand)?);
            said("{name} needs a command", &[("name", &name)])
        }
        // Help and the version, which are no errors, and what hardly anybody meets.
        _ => None,
    }
}

const INVALID: &str = "invalid value {value} for {arg}";

/// Ends with what clap says of a command line: help and the version as well as what is wrong.
pub(crate) fn end(error: Error<RichFormatter>) -> ! {
    if language() == Language::English {
        error.exit();
    }
    match korean(Args::command()).try_get_matches() {
        Err(error) if what(&error, &Styles::styled()).is_some() => error.apply::<Korean>().exit(),
        Err(error) => error.exit(),
        // The same words make the same sense, so this is not reached.
        Ok(_) => error.exit(),
    }
}
