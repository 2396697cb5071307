//! The default keys as they are promised, that every action can be reached and none hides another,
//! and how a user's bindings stand above them.

use std::collections::HashSet;

use ccc_vt::input::{KeyError, KeyKind};

use super::*;

fn lookup(keymap: &Keymap, mode: KeyMode, keys: &str) -> Match {
    keymap.lookup(mode, &parse_keys(keys).unwrap())
}

fn check(keys: &str, action: Action) {
    let keymap = Keymap::default();
    assert_eq!(lookup(&keymap, KeyMode::Root, keys), Match::Action(action), "{keys}");
    let behind = keys.strip_prefix("C-b ").unwrap();
    assert_eq!(lookup(&keymap, KeyMode::Prefix, behind), Match::Action(action), "{keys}");
}

fn settings(bindings: &[(&str, &str, &str)]) -> KeymapSettings {
    let bindings = bindings
        .iter()
        .map(|(mode, keys, action)| UserBinding::parse(mode, keys, action).unwrap())
        .collect();
    KeymapSettings { bindings, ..KeymapSettings::default() }
}

#[test]
fn keys_after_the_prefix() {
    let table = [
        ("%", Action::SplitRight),
        ("|", Action::SplitRight),
        ("\"", Action::SplitDown),
        ("-", Action::SplitDown),
        ("Left", Action::FocusLeft),
        ("Down", Action::FocusDown),
        ("Up", Action::FocusUp),
        ("Right", Action::FocusRight),
        ("o", Action::FocusNext),
        (";", Action::FocusLast),
        ("q", Action::ShowNumbers),
        ("C-Left", Action::ResizeLeft),
        ("C-Down", Action::ResizeDown),
        ("C-Up", Action::ResizeUp),
        ("C-Right", Action::ResizeRight),
        ("M-Left", Action::ResizeLeftFar),
        ("M-Down", Action::ResizeDownFar),
        ("M-Up", Action::ResizeUpFar),
        ("M-Right", Action::ResizeRightFar),
        ("z", Action::Zoom),
        ("x", Action::ClosePane),
        ("{", Action::SwapPrevious),
        ("}", Action::SwapNext),
        ("!", Action::BreakPane),
        ("*", Action::Float),
        ("Space", Action::NextLayout),
        ("c", Action::NewTab),
        ("n", Action::NextTab),
        ("p", Action::PreviousTab),
        ("l", Action::LastTab),
        ("0", Action::SelectTab(0)),
        ("1", Action::SelectTab(1)),
        ("5", Action::SelectTab(5)),
        ("9", Action::SelectTab(9)),
        (",", Action::RenameTab),
        ("&", Action::CloseTab),
        ("w", Action::ListTabs),
        ("s", Action::ListSessions),
        ("Tab", Action::LastSession),
        ("i", Action::Inbox),
        ("R", Action::ReloadConfig),
        ("$", Action::RenameSession),
        ("(", Action::PreviousSession),
        (")", Action::NextSession),
        ("d", Action::Detach),
        ("D", Action::DetachOthers),
        ("[", Action::ScrollMode),
        ("PageUp", Action::ScrollModeUp),
        ("/", Action::Search),
        ("C-r", Action::History),
        ("f", Action::Find),
        ("r", Action::Replay),
        ("]", Action::Paste),
        (":", Action::Palette),
        ("?", Action::Help),
        ("y", Action::Hints),
        ("C-b", Action::SendPrefix),
        ("C-z", Action::Suspend),
    ];
    for (keys, action) in table {
        check(&format!("C-b {keys}"), action);
    }
}

#[test]
fn keys_of_scroll_mode() {
    let table = [
        ("h", Action::CursorLeft),
        ("j", Action::CursorDown),
        ("k", Action::CursorUp),
        ("l", Action::CursorRight),
        ("/", Action::SearchForward),
        ("?", Action::SearchBackward),
        ("n", Action::NextMatch),
        ("N", Action::PreviousMatch),
        ("v", Action::Select),
        ("V", Action::SelectLines),
        ("C-v", Action::SelectBlock),
        ("y", Action::Copy),
        ("{", Action::PreviousPrompt),
        ("}", Action::NextPrompt),
        ("o", Action::CopyOutput),
        ("e", Action::EditOutput),
        ("g g", Action::Top),
        ("G", Action::Bottom),
        ("q", Action::Cancel),
        ("C-b %", Action::SplitRight),
    ];
    let keymap = Keymap::default();
    for (keys, action) in table {
        assert_eq!(lookup(&keymap, KeyMode::Scroll, keys), Match::Action(action), "{keys}");
    }
    assert_eq!(lookup(&keymap, KeyMode::Scroll, "g"), Match::Pending);
    assert_eq!(lookup(&keymap, KeyMode::Scroll, "g x"), Match::None);
}

#[test]
fn keys_of_the_other_modes() {
    let table = [
        (KeyMode::Ended, "Enter", Action::RestartPane),
        (KeyMode::Ended, "x", Action::ClosePane),
        (KeyMode::Ended, "C-b c", Action::NewTab),
        (KeyMode::Numbers, "3", Action::FocusPane(3)),
        (KeyMode::Numbers, "0", Action::FocusPane(0)),
        (KeyMode::Confirm, "y", Action::Accept),
        (KeyMode::Confirm, "n", Action::Cancel),
        (KeyMode::List, "Enter", Action::Accept),
        (KeyMode::List, "Escape", Action::Cancel),
        (KeyMode::Prompt, "C-w", Action::DeleteWord),
    ];
    let keymap = Keymap::default();
    for (mode, keys, action) in table {
        assert_eq!(lookup(&keymap, mode, keys), Match::Action(action), "{keys} in {mode:?}");
    }
    // A question that was asked is not left by a key that is not meant for it.
    assert_eq!(lookup(&keymap, KeyMode::Confirm, "Enter"), Match::None);
    assert_eq!(lookup(&keymap, KeyMode::Confirm, "C-b"), Match::None);
    // Letters go into the filter of a list and into the line of a prompt.
    for char in '!'..='~' {
        for mode in [KeyMode::List, KeyMode::Prompt] {
            assert_eq!(keymap.lookup(mode, &[KeyEvent::char(char)]), Match::None, "{char}");
        }
    }
}

#[test]
fn nothing_but_the_prefix_is_taken_from_programs() {
    for preset in Preset::ALL {
        let keymap = Keymap::new(&KeymapSettings { preset, ..KeymapSettings::default() }).unwrap();
        assert_eq!(keymap.bindings(KeyMode::Root), []);
        assert_eq!(lookup(&keymap, KeyMode::Root, "C-b"), Match::Pending);
        for key in ["a", "C-a", "M-Left", "PageUp", "F1", "Escape", "b", "M-b", "C-M-b", "C-B"] {
            assert_eq!(lookup(&keymap, KeyMode::Root, key), Match::None, "{key}");
        }
    }
}

#[test]
fn all_defaults_are_read_and_none_hides_another() {
    for preset in Preset::ALL {
        let settings = KeymapSettings { preset, ..KeymapSettings::default() };
        let keymap = Keymap::new(&settings).unwrap();
        let mut written: Vec<(KeyMode, String)> = Vec::new();
        for action in Action::all() {
            for (mode, keys) in action.default_keys() {
                let read = parse_keys(keys).unwrap();
                assert!(!read.is_empty(), "{action:?}");
                let overruled = mode == KeyMode::Prefix
                    && preset.bindings().iter().any(|(preset_keys, _)| *preset_keys == keys);
                let is_prefix = mode.has_prefix() && keys == "C-b";
                let found = keymap.lookup(mode, &read);
                if overruled || is_prefix {
                    assert_ne!(found, Match::Action(action), "{keys} in {mode:?}");
                } else {
                    assert_eq!(found, Match::Action(action), "{keys} in {mode:?}");
                }
                written.push((mode, keys.into()));
            }
        }
        let count = written.len();
        let distinct: HashSet<_> = written.into_iter().collect();
        assert_eq!(distinct.len(), count, "keys that are written twice");
    }
}

#[test]
fn every_action_can_be_reached() {
    for preset in Preset::ALL {
        let settings = KeymapSettings { preset, ..KeymapSettings::default() };
        let keymap = Keymap::new(&settings).unwrap();
        let bound: HashSet<Action> = KeyMode::ALL
            .into_iter()
            .flat_map(|mode| keymap.bindings(mode))
            .map(|(_, action)| action)
            .collect();
        for action in Action::all() {
            assert!(bound.contains(&action), "{action:?} has no key with {preset:?}");
        }
    }
}

#[test]
fn bindings_are_listed_as_they_are_read() {
    let keymap = Keymap::default();
    for mode in KeyMode::ALL {
        for (keys, action) in keymap.bindings(mode) {
            assert_eq!(lookup(&keymap, mode, &keys), Match::Action(action), "{keys}");
        }
    }
    let prefix = keymap.bindings(KeyMode::Prefix);
    assert_eq!(
        prefix[..3],
        [
            ("%".to_owned(), Action::SplitRight),
            ("|".to_owned(), Action::SplitRight),
            ("\"".to_owned(), Action::SplitDown),
        ]
    );
    assert_eq!(keymap.keys_of(Action::Help), ["C-b ?"]);
    assert_eq!(keymap.keys_of(Action::SplitDown), ["C-b \"", "C-b -"]);
    assert!(keymap.keys_of(Action::Copy).is_empty());
}

#[test]
fn open_keys_are_shown() {
    let keymap = Keymap::default();
    let open = |mode, keys: &str| keymap.continuations(mode, &parse_keys(keys).unwrap());
    assert_eq!(open(KeyMode::Root, "C-b"), keymap.bindings(KeyMode::Prefix));
    assert_eq!(open(KeyMode::Scroll, "g"), [("g".to_owned(), Action::Top)]);
    assert_eq!(open(KeyMode::Scroll, "C-b"), keymap.bindings(KeyMode::Prefix));
    assert_eq!(open(KeyMode::Prefix, ""), keymap.bindings(KeyMode::Prefix));
}

#[test]
fn names_and_lines_are_fit_to_print() {
    let mut names = HashSet::new();
    for action in Action::all() {
        let (name, doc) = (action.name(), action.doc());
        assert!(names.insert(name), "{name} twice");
        assert!(
            name.bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte == b'-' || byte.is_ascii_digit())
        );
        assert!(doc.len() < 60 && !doc.ends_with('.') && !doc.is_empty(), "{doc}");
        assert_eq!(Action::from_name(name), Ok(action));
        assert!(Group::ALL.contains(&action.group()));
    }
    assert_eq!(Action::SelectTab(3).name(), "select-tab-3");
    assert_eq!(Action::SelectTab(10).name(), "");
}

#[test]
fn all_actions_are_there() {
    let later: Vec<_> = Action::all().filter(|action| !action.is_available()).collect();
    assert_eq!(later, []);
}

#[test]
fn only_resizing_repeats() {
    for action in Action::all() {
        assert_eq!(action.is_repeatable(), action.name().starts_with("resize-"), "{action:?}");
    }
}

#[test]
fn the_vim_preset() {
    let settings = KeymapSettings { preset: Preset::Vim, ..KeymapSettings::default() };
    let keymap = Keymap::new(&settings).unwrap();
    for (keys, action) in [
        ("h", Action::FocusLeft),
        ("j", Action::FocusDown),
        ("k", Action::FocusUp),
        ("l", Action::FocusRight),
        ("L", Action::LastTab),
        ("Left", Action::FocusLeft),
    ] {
        assert_eq!(lookup(&keymap, KeyMode::Prefix, keys), Match::Action(action), "{keys}");
    }
    // The keys of one action stand together.
    let left: Vec<_> = keymap
        .bindings(KeyMode::Prefix)
        .iter()
        .enumerate()
        .filter(|(_, (_, action))| *action == Action::FocusLeft)
        .map(|(place, _)| place)
        .collect();
    assert_eq!(left.len(), 2);
    assert_eq!(left[1], left[0] + 1);
}

#[test]
fn another_prefix() {
    let prefix = KeymapSettings::parse_prefix("C-a").unwrap();
    let keymap = Keymap::new(&KeymapSettings { prefix, ..KeymapSettings::default() }).unwrap();
    assert_eq!(lookup(&keymap, KeyMode::Root, "C-b"), Match::None);
    assert_eq!(lookup(&keymap, KeyMode::Root, "C-a %"), Match::Action(Action::SplitRight));
    assert_eq!(lookup(&keymap, KeyMode::Root, "C-a C-a"), Match::Action(Action::SendPrefix));
    assert_eq!(keymap.keys_of(Action::Help), ["C-a ?"]);
    assert_eq!(lookup(&keymap, KeyMode::Scroll, "C-b"), Match::Action(Action::PageUp));
    // A prefix that is a default key elsewhere is still the prefix.
    let prefix = KeymapSettings::parse_prefix("C-r").unwrap();
    let keymap = Keymap::new(&KeymapSettings { prefix, ..KeymapSettings::default() }).unwrap();
    assert_eq!(lookup(&keymap, KeyMode::Root, "C-r C-r"), Match::Action(Action::SendPrefix));
    assert_eq!(
        KeymapSettings::parse_prefix("C-a C-b"),
        Err(KeymapError::NotOneKey { written: "C-a C-b".into() })
    );
    assert!(KeymapSettings::parse_prefix("").is_err());
}

#[test]
fn the_users_bindings_stand_above() {
    let settings = settings(&[
        ("prefix", "v", "split-right"),
        ("prefix", "%", "none"),
        ("prefix", "c c", "new-tab"),
        ("scroll", "g", "top"),
        ("root", "M-h", "focus-left"),
        ("prefix", "C-b", "last-tab"),
    ]);
    let keymap = Keymap::new(&settings).unwrap();
    for (mode, keys, expected) in [
        (KeyMode::Root, "C-b v", Match::Action(Action::SplitRight)),
        (KeyMode::Root, "C-b |", Match::Action(Action::SplitRight)),
        (KeyMode::Root, "C-b %", Match::None),
        (KeyMode::Root, "C-b c", Match::Pending),
        (KeyMode::Root, "C-b c c", Match::Action(Action::NewTab)),
        (KeyMode::Scroll, "g", Match::Action(Action::Top)),
        (KeyMode::Scroll, "g g", Match::None),
        (KeyMode::Root, "M-h", Match::Action(Action::FocusLeft)),
        (KeyMode::Root, "C-b C-b", Match::Action(Action::LastTab)),
    ] {
        assert_eq!(lookup(&keymap, mode, keys), expected, "{keys}");
    }
}

#[test]
fn errors_name_what_was_written() {
    let error =
        |mode, keys, action| UserBinding::parse(mode, keys, action).unwrap_err().to_string();
    assert_eq!(
        error("prefix", "v", "split-rigth"),
        "no action is called `split-rigth`, the nearest is `split-right`"
    );
    assert_eq!(error("prefx", "v", "zoom"), "no mode is called `prefx`, the nearest is `prefix`");
    assert_eq!(error("prefix", "", "zoom"), "no keys for `zoom`");
    let bad = UserBinding::parse("prefix", "C-Entr", "zoom").unwrap_err();
    let source = KeyError::UnknownKey { token: "C-Entr".into(), nearest: Some("Enter") };
    assert_eq!(bad, KeymapError::BadKeys { written: "C-Entr".into(), source });
    let preset = Preset::from_name("vi").unwrap_err().to_string();
    assert_eq!(preset, "no set of keys is called `vi`");
    assert_eq!(Preset::from_name("vim"), Ok(Preset::Vim));

    let twice = settings(&[("prefix", "a", "zoom"), ("prefix", "a b", "new-tab")]);
    let conflict = Keymap::new(&twice).unwrap_err().to_string();
    assert_eq!(conflict, "`a` and `a b` cannot both be bound in prefix mode");
    let takes = Keymap::new(&settings(&[("root", "C-b x", "zoom")])).unwrap_err().to_string();
    assert_eq!(takes, "`C-b x` in root mode begins with the prefix; bind it in prefix mode");
}

#[test]
fn keys_are_found_however_the_terminal_tells_them() {
    let keymap = Keymap::default();
    let mut prefix = KeyEvent::new(Key::Char('b'), Modifiers::CTRL | Modifiers::LOCKS);
    let mut percent = KeyEvent::new(Key::Char('5'), Modifiers::SHIFT);
    percent.shifted = Some('%');
    let found = Match::Action(Action::SplitRight);
    assert_eq!(keymap.lookup(KeyMode::Root, &[prefix.clone(), percent.clone()]), found);
    // While Korean is typed.
    prefix.key = Key::Char('ㅠ');
    prefix.base = Some('b');
    assert_eq!(keymap.lookup(KeyMode::Root, &[prefix.clone()]), Match::Pending);
    let mut c = KeyEvent::char('ㅊ');
    c.base = Some('c');
    let keys = [prefix.clone(), c.clone()];
    assert_eq!(keymap.lookup(KeyMode::Root, &keys), Match::Action(Action::NewTab));
    assert_eq!(keymap.lookup(KeyMode::Root, &[c]), Match::None);
    // A key that is held down, and one that is let go.
    let repeated = KeyEvent::from(Key::Up).with_kind(KeyKind::Repeat);
    assert_eq!(keymap.lookup(KeyMode::Prefix, &[repeated]), Match::Action(Action::FocusUp));
    let released = prefix.with_kind(KeyKind::Release);
    assert_eq!(keymap.lookup(KeyMode::Root, &[released]), Match::None);
}
