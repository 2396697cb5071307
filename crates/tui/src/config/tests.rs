//! What can be set, and that whatever is wrong is named with its line.

use super::*;
use crate::keymap::Action;

fn good(text: &str) -> Settings {
    let (settings, problems) = read::read(text);
    assert!(problems.is_empty(), "{problems:?}");
    settings
}

fn wrong(text: &str) -> Vec<String> {
    check(text).iter().map(ToString::to_string).collect()
}

#[test]
fn one_setting_changes_the_prefix() {
    let keymap = good("prefix = \"C-a\"").keymap;
    assert_eq!(keymap.prefix().to_string(), "C-a");
    assert!(keymap.keys_of(Action::Detach).contains(&"C-a d".to_owned()));
}

#[test]
fn bindings_stand_above_the_defaults() {
    let keymap = good("keys = \"vim\"\n[bind.prefix]\nh = \"split-right\"").keymap;
    assert!(keymap.keys_of(Action::SplitRight).contains(&"C-b h".to_owned()));
    assert!(keymap.keys_of(Action::FocusRight).contains(&"C-b l".to_owned()));
}

#[test]
fn everything_else_can_be_set() {
    let settings = good(
        "theme = \"light\"\nlanguage = \"ko\"\nmouse = false\nclipboard = false\nbar = false\n\
         opener = \"xdg-open --new\"\neditor = [\"my editor\", \"-w\"]\nhint_delay = 1_000\n\
         shell = \"/bin/sh\"\nterm = \"xterm\"\n[colors]\nbar = \"black on 208\"\n\
         [server]\nlisten = \"::1\"\nport = 4000\n[recording]\npane_budget = 1000\n",
    );
    assert_eq!(settings.theme.as_deref(), Some("light"));
    assert_eq!(settings.language, Some(Language::Korean));
    assert!(!settings.mouse && !settings.clipboard && !settings.bar);
    assert_eq!(settings.opener, ["xdg-open", "--new"]);
    assert_eq!(settings.editor, ["my editor", "-w"]);
    assert_eq!(settings.hint_delay, Duration::from_secs(1));
    let theme = settings.theme_on(Some(true), false);
    assert_eq!(theme.bar, crate::theme::parse("black on 208").unwrap());
    assert_eq!(theme.border, Theme::named("light").unwrap().border);
    assert_eq!(settings.theme_on(None, true).bar.fg, None);
}

#[test]
fn what_becomes_of_pasted_files_is_one_of_three() {
    assert_eq!(good("").paste_files, PasteFiles::Ask);
    assert_eq!(good("paste_files = \"always\"").paste_files, PasteFiles::Always);
    assert_eq!(good("paste_files = \"never\"").paste_files, PasteFiles::Never);
    let names = "line 1: paste_files: one of ask, always, never";
    assert_eq!(wrong("paste_files = \"sometimes\""), [names]);
}

#[test]
fn a_misspelt_key_is_named_with_its_line_and_the_nearest() {
    let text = "mouse = true\nclipbord = true\n\n[colors]\nbr = \"red\"\nbar = \"rde\"\n\
                [bind.prefix]\nh = \"split-rigth\"\n[server]\nprt = 1\n";
    assert_eq!(
        wrong(text),
        [
            "line 2: no key is called `clipbord`, the nearest is `clipboard`",
            "line 5: no key is called `br`",
            "line 6: bar: `rde` is no colour and no look",
            "line 8: no action is called `split-rigth`, the nearest is `split-right`",
            "line 10: no key is called `prt`, the nearest is `port`",
        ]
    );
}

#[test]
fn a_value_of_the_wrong_kind_is_named() {
    assert_eq!(wrong("mouse = 1"), ["line 1: mouse: true or false is wanted, not integer"]);
    assert_eq!(
        wrong("\ntheme = \"solarized\""),
        [
            "line 2: theme: no theme is called `solarized`, there are dark, light, high-contrast, terminal, auto"
        ]
    );
    assert_eq!(
        wrong("theme = \"lihgt\""),
        ["line 1: theme: no theme is called `lihgt`, the nearest is `light`"]
    );
    assert_eq!(wrong("prefix = \"C-a C-b\""), ["line 1: prefix: `C-a C-b` is not one key"]);
    assert_eq!(
        wrong("hint_delay = -1"),
        ["line 1: hint_delay: a number from 0 to 60000 is wanted, not integer"]
    );
    assert_eq!(
        wrong("language = \"tlh\""),
        ["line 1: language: there are en, ko, auto, not `tlh`"]
    );
    let twice = "[bind.prefix]\na = \"zoom\"\n\"a b\" = \"new-tab\"";
    assert!(wrong(twice)[0].contains("cannot both be bound"), "{:?}", wrong(twice));
}

#[test]
fn rules_for_secrets_are_read_or_named_with_their_line() {
    let settings =
        good("[redact]\nrules = [\"ACME-([0-9]+)\"]\nwithout = [\"password\"]\ncopies = true");
    assert_eq!(settings.redactor.text("ACME-12 password=abcdef"), "ACME-** password=abcdef");
    assert!(settings.redact_copies && settings.redact_wrong.is_none());
    let text =
        "mous = true\n[redact]\nrules = [\"good\",\n\"(\"]\nwithout = [\"pasword\"]\nrule = []\n";
    let found = wrong(text);
    assert!(found[1].starts_with("line 4: rules: regex parse error"), "{found:?}");
    assert_eq!(
        found[2..],
        [
            "line 5: without: no rule is called `pasword`, the nearest is `password`",
            "line 6: no key is called `rule`, the nearest is `rules`",
        ]
    );
    assert_eq!(read::read(text).0.redact_wrong.map(|problem| problem.line), Some(4));
    assert_eq!(
        wrong("[redact]\nrules = \"x\""),
        ["line 2: rules: a list of strings is wanted, not string"]
    );
}

#[test]
fn what_is_no_toml_is_named_with_its_line() {
    let found = wrong("mouse = true\nprefix = \n");
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("line 2: "), "{found:?}");
}

#[test]
fn the_page_about_the_configuration_is_right_and_whole() {
    let page = include_str!("../../../../docs/configuration.md");
    let example = page.split("```toml").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    good(example);
    for name in read::KEYS.iter().chain(Theme::ROLES) {
        assert!(page.contains(name), "{name}");
    }
    for mode in crate::keymap::KeyMode::ALL {
        assert!(page.contains(mode.name()), "{mode:?}");
    }
}

proptest::proptest! {
    #[test]
    fn whatever_the_file_says_is_read_or_named_with_a_line(
        lines in proptest::collection::vec(
            "(prefix|keys|theme|mouse|hint_delay|opener|editor|language|colors|bind|server|\\[bind.prefix\\]|x)( = )?(true|1|-1|\"C-a\"|\"zoom\"|\\[\\]|\\{\\}|\\{ a = 1 \\})?",
            0..6,
        ),
    ) {
        let text = lines.join("\n");
        for problem in check(&text) {
            proptest::prop_assert!((1..=lines.len().max(1)).contains(&problem.line), "{problem}");
        }
    }
}
