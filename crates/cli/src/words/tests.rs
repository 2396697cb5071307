//! That what is said has its Korean text, and that the catalogues have no text that is said nowhere.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::errors::{attempted_in_korean, in_korean};

type Texts = BTreeMap<String, String>;

fn said() -> Texts {
    toml::from_str(include_str!("../../words/ko.toml")).unwrap()
}

fn of_errors() -> BTreeMap<String, Texts> {
    toml::from_str(include_str!("../../words/ko-errors.toml")).unwrap()
}

/// The text of all sources below a folder but tests.
fn sources(folder: &Path, found: &mut String) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|end| end == "rs") && !path.ends_with("tests.rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            found.push_str(text.split("\n#[cfg(test)]\nmod tests {").next().unwrap());
        }
    }
}

fn own_sources() -> String {
    let mut text = String::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut text);
    text
}

/// A string literal at the beginning, as it is in memory.
fn literal(text: &str) -> Option<String> {
    let mut chars = text.trim_start().strip_prefix('"')?.chars().peekable();
    let mut found = String::new();
    while let Some(c) = chars.next() {
        match c {
            '"' => return Some(found),
            '\\' => match chars.next()? {
                '\n' => while chars.next_if(|c| c.is_whitespace()).is_some() {},
                'n' => found.push('\n'),
                other => found.push(other),
            },
            c => found.push(c),
        }
    }
    None
}

/// The literals behind a call; another call whose name ends the same is none.
fn behind(text: &str, call: &str) -> Vec<String> {
    let found = text.match_indices(call).filter(|(at, _)| {
        let before = text[..*at].chars().next_back();
        !call.starts_with(char::is_alphabetic)
            || !before.is_some_and(|c| c.is_alphanumeric() || c == '_')
    });
    found.filter_map(|(at, _)| literal(&text[at + call.len()..])).collect()
}

fn placeholders(text: &str) -> BTreeSet<&str> {
    text.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0)).collect()
}

#[test]
fn both_languages_have_the_same_values() {
    let all = [said()].into_iter().chain(of_errors().into_values());
    for (english, korean) in all.flatten() {
        assert_eq!(placeholders(&english), placeholders(&korean), "{english}");
        assert!(!korean.trim().is_empty(), "{english}");
    }
}

#[test]
fn what_is_said_has_a_korean_text_and_no_text_lies_idle() {
    let (text, known) = (own_sources(), said());
    let calls = [
        "say(",
        "with(",
        "said(",
        "INVALID: &str = ",
        "ContextKind::SuggestedSubcommand, ",
        "ContextKind::SuggestedArg, ",
        "ContextKind::SuggestedValue, ",
    ];
    let used: BTreeSet<String> = calls.iter().flat_map(|call| behind(&text, call)).collect();
    assert!(used.len() > 100, "{}", used.len());
    let missing: Vec<_> = used.iter().filter(|key| !known.contains_key(*key)).collect();
    assert!(missing.is_empty(), "no Korean text: {missing:#?}");
    // Words of closed sets are the names of their numbers; others are looked up by a name that was chosen before.
    let mut wire = String::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../proto/src"), &mut wire);
    let is_said = |key: &String| {
        used.contains(key)
            || text.contains(&format!("\"{key}\""))
            || wire.contains(&format!(" {} = ", key.to_uppercase()))
    };
    let idle: Vec<_> = known.keys().filter(|key| !is_said(key)).collect();
    assert!(idle.is_empty(), "said nowhere: {idle:#?}");
}

#[test]
fn errors_are_known_by_what_the_libraries_say_today() {
    let mut text = String::new();
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    for name in
        ["cli", "client", "copy", "journal", "keeper", "net", "play", "proto", "server", "tui"]
    {
        sources(&crates.join(name).join("src"), &mut text);
    }
    // Literals that are broken over lines, and those with quotes, are as they are in memory.
    let mut whole = String::new();
    for part in text.split("\\\n") {
        whole.push_str(if whole.is_empty() { part } else { part.trim_start() });
    }
    let lines =
        whole.lines().filter(|line| line.contains('"') && !line.trim_start().starts_with("//"));
    let whole = lines.collect::<Vec<_>>().join("\n").replace("\\\"", "\"");
    // What the system, the standard library and clap say is not in our sources; what could not be done stands in them
    // beside the place, and the frame of another process's error beside the error.
    let elsewhere = |key: &str| {
        key.contains("(os error ")
            || key.starts_with("invalid digit")
            || key.starts_with("to pass ")
            || key.starts_with("could not ")
            || ["serve: ", "caused by: ", "hint: "].iter().any(|frame| key.starts_with(frame))
    };
    let texts = of_errors();
    let mut said_by_nobody = Vec::new();
    for key in texts.values().flat_map(BTreeMap::keys).filter(|key| !elsewhere(key)) {
        let pieces = key.split('{').map(|part| part.split_once('}').map_or(part, |(_, end)| end));
        said_by_nobody
            .extend(pieces.filter(|piece| !whole.contains(piece)).map(|piece| (key, piece)));
    }
    assert!(said_by_nobody.is_empty(), "{said_by_nobody:#?}");
}

/// Whether a text is told in Korean. Commands to type are what they are.
#[track_caller]
fn check_told(english: &str, by: impl Fn(&str) -> String) {
    let mut filled = String::new();
    let mut rest = english;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        filled.push('7');
        rest = after.split_once('}').map_or("", |(_, after)| after);
    }
    filled.push_str(rest);
    let is_command = english.starts_with("ccc ") || english.starts_with("{ATUIN_LIST}");
    if english.contains(' ') && !is_command {
        assert_ne!(by(&filled), filled, "no Korean text for {english:?}");
    }
}

#[test]
fn hints_and_reasons_of_this_crate_have_korean_texts() {
    let text = own_sources();
    let told = |text: &str| in_korean(text).into_owned();
    let attempted = |text: &str| attempted_in_korean(text).into_owned();
    for call in [".with_hint(", ".with_hint(format!(", "let hint = ", "let hint = format!("] {
        behind(&text, call).iter().for_each(|hint| check_told(hint, told));
    }
    for call in [
        "let why = ",
        "let why = format!(",
        "return Err(usage(",
        "            return Err(Failure::other(attempted, ",
    ] {
        behind(&text, call).iter().for_each(|why| check_told(why, told));
    }
    for call in ["let attempted = ", "ATTEMPTED: &str = "] {
        behind(&text, call).iter().for_each(|what| check_told(what, attempted));
    }
    for call in ["Failure::usage(", "Failure::other("] {
        for part in text.split(call).skip(1) {
            let part = part.split(';').next().unwrap_or_default();
            let (first, rest) = part.split_once(", ").unwrap_or((part, ""));
            if let Some(what) = literal(first) {
                check_told(&what, attempted);
            }
            let rest = rest.strip_prefix("format!(").unwrap_or(rest);
            if let Some(why) = literal(rest) {
                check_told(&why, told);
            }
        }
    }
}

#[test]
fn errors_and_hints_of_the_client_library_have_korean_texts() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../client/src/error.rs");
    let text = std::fs::read_to_string(path).unwrap();
    let told = |text: &str| in_korean(text).into_owned();
    let found = ["#[error(", "Some(", "Some(format!("].map(|call| behind(&text, call));
    assert!(found.iter().map(Vec::len).sum::<usize>() > 30, "{found:?}");
    for english in found.iter().flatten().filter(|text| *text != "{}") {
        // What is behind the name is empty or a text of its own.
        check_told(&english.replace("{name} does not answer{}", "{name} does not answer"), told);
    }
}

#[test]
fn an_error_is_known_with_its_values_and_told_as_it_is_where_it_is_not() {
    let check = |english: &str, korean: &str| assert_eq!(in_korean(english), korean);
    check(
        "no session, tab or pane is called \"wrok\"; the nearest is \"work\"",
        "\"wrok\"(이)라는 세션, 탭, 창이 없습니다. 가장 비슷한 것은 \"work\"입니다",
    );
    check(
        "the role viewer may not start programs",
        "viewer 역할로는 할 수 없는 일입니다: 프로그램 시작하기",
    );
    check(
        "the role operator in some sessions may not copy files",
        "일부 세션의 operator 역할로는 할 수 없는 일입니다: 파일 복사하기",
    );
    // A reason within another is told as well, a name never.
    check(
        "the server refused this client: this key is not enrolled here",
        "서버가 이 클라이언트를 거절했습니다: 이 키는 여기에 등록되지 않았습니다",
    );
    check("no host is called \"it is empty\"", "\"it is empty\"(이)라는 호스트가 없습니다");
    check(
        "the server did not start: serve: port 4433 is taken by process 7 (x)\nhint: it is empty",
        "서버가 시작하지 못했습니다: serve: 포트 4433을(를) 이미 쓰고 있습니다: process 7 (x)\n도움: 비어 있습니다",
    );
    check("the moon is full", "the moon is full");
    check("", "");
}
