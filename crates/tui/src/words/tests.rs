//! That both catalogues say the same things, and that nothing is said past them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::*;

const FILES: [&str; 2] = [include_str!("../../words/en.toml"), include_str!("../../words/ko.toml")];

fn placeholders(text: &str) -> BTreeSet<&str> {
    text.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0)).collect()
}

#[test]
fn both_have_the_same_keys_with_the_same_placeholders() {
    let [en, ko] = FILES.map(|text| toml::from_str::<BTreeMap<String, String>>(text).unwrap());
    let own = |texts: &BTreeMap<String, String>| {
        texts.keys().filter(|key| !key.starts_with("action-")).cloned().collect::<Vec<_>>()
    };
    assert_eq!(own(&en), own(&ko));
    for (key, text) in &en {
        assert_eq!(placeholders(text), placeholders(&ko[key]), "{key}");
        assert!(!text.is_empty() && !ko[key].is_empty(), "{key}");
    }
    let actions: BTreeSet<String> =
        Action::all().map(|action| format!("action-{}", action.doc_name())).collect();
    let known: BTreeSet<String> =
        ko.keys().filter(|key| key.starts_with("action-")).cloned().collect();
    assert_eq!(actions, known);
}

/// All that is written between quotes behind a call that looks a key up.
fn keys_in(text: &str, found: &mut BTreeSet<String>) {
    for call in [".say(", ".with(", ".note_with(", ".note_key("] {
        for rest in text.split(call).skip(1) {
            let rest = rest.trim_start();
            if let Some(key) = rest.strip_prefix('"').and_then(|rest| rest.split('"').next()) {
                found.insert(key.to_owned());
            }
        }
    }
}

/// The text of all sources but tests.
fn sources(folder: &Path, found: &mut String) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if !path.ends_with("tests.rs") {
            found.push_str(&std::fs::read_to_string(&path).unwrap());
        }
    }
}

#[test]
fn every_key_that_is_looked_up_exists_and_none_lies_idle() {
    let mut text = String::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut text);
    let mut used = BTreeSet::new();
    keys_in(&text, &mut used);
    let en: BTreeMap<String, String> = toml::from_str(FILES[0]).unwrap();
    let known: BTreeSet<String> = en.into_keys().collect();
    let missing: Vec<_> = used.difference(&known).collect();
    assert!(missing.is_empty(), "not in the catalogue: {missing:?}");
    // Some are looked up by a name that was chosen before.
    let idle: Vec<_> = known.iter().filter(|key| !text.contains(&format!("\"{key}\""))).collect();
    assert!(idle.is_empty(), "said nowhere: {idle:?}");
}

#[test]
fn values_take_the_places_of_their_names() {
    let words = Language::English.words();
    assert_eq!(words.with("no-tab", &[("number", &7)]), "there is no tab 7");
    // A value that looks like a name is a value.
    assert_eq!(words.with("no-tab", &[("number", &"{number}")]), "there is no tab {number}");
}

#[test]
fn the_environment_says_which() {
    let of = |set: &[(&str, &str)]| {
        Language::from_variables(|name| {
            set.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        })
    };
    assert_eq!(of(&[("LANG", "ko_KR.UTF-8")]), Language::Korean);
    assert_eq!(of(&[("LANG", "ko_KR.UTF-8"), ("LC_MESSAGES", "en_US.UTF-8")]), Language::English);
    assert_eq!(of(&[("LC_MESSAGES", ""), ("LANG", "ko")]), Language::Korean);
    assert_eq!(of(&[("LANG", "de_DE")]), Language::English);
    assert_eq!(of(&[]), Language::English);
}
