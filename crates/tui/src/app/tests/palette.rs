//! The palette, its commands, the panel of open keys, and settings that change meanwhile.

use ccc_client::proto::{SessionInfo, SessionState, Sessions, Split, StretchForgotten};

use super::*;
use crate::keymap::KeymapSettings;

pub(super) fn typed(bench: &mut Bench, text: &str) -> Vec<Effect> {
    let mut effects = Vec::new();
    for c in text.chars() {
        let event = Event::Stdin(StdinEvent::Key(KeyEvent::char(c)));
        effects.extend(bench.app.update(event, &bench.mirrors, bench.now));
    }
    effects
}

fn session(id: u64, name: &str) -> SessionInfo {
    SessionInfo {
        session: SessionId(id),
        name: name.into(),
        state: SessionState::RUNNING,
        created_unix_ms: 0,
        attached: 0,
        current_tab: TabId(9),
        tabs: Vec::new(),
        panes: Vec::new(),
        ext: Ext::none(),
    }
}

#[test]
fn the_palette_finds_an_action_by_some_of_its_letters() {
    let mut bench = Bench::new();
    bench.keys("C-b :");
    typed(&mut bench, "spr");
    let picture = bench.picture();
    assert!(picture.contains("split-right"), "{picture}");
    assert!(picture.contains("C-b %"), "{picture}");
    assert!(!picture.contains("zoom"), "{picture}");
    let effects = bench.keys("Enter");
    let [Message::Split(Split { direction, .. })] = requests(&effects)[..] else {
        panic!("{effects:?}")
    };
    assert_eq!(*direction, Direction::RIGHT);
    assert!(bench.app.layers.is_empty());
}

#[test]
fn the_palette_has_tabs_and_other_sessions() {
    let mut bench = Bench::new();
    let effects = bench.keys("C-b :");
    let [Effect::Request { purpose, .. }] = &effects[..] else { panic!("{effects:?}") };
    assert_eq!(*purpose, Purpose::PaletteSessions);
    let sessions = vec![session(1, "work"), session(2, "website")];
    let answer = Answer {
        purpose: purpose.clone(),
        result: Ok(Sessions { sessions, ext: Ext::none() }.into()),
    };
    bench.app.update(Event::Answer(answer), &bench.mirrors, bench.now);
    typed(&mut bench, "website");
    assert_eq!(bench.keys("Enter"), [Effect::Switch("s2".into())]);
    bench.keys("C-b :");
    typed(&mut bench, "2:logs");
    bench.keys("Enter");
    assert_eq!(bench.app.tab, TabId(2));
}

#[test]
fn a_typed_command_is_done() {
    let mut bench = Bench::new();
    bench.keys("C-b :");
    typed(&mut bench, "split -r --size 30% -- htop");
    assert!(bench.picture().contains("Split this pane"), "{}", bench.picture());
    let effects = bench.keys("Enter");
    let [Message::Split(split)] = requests(&effects)[..] else { panic!("{effects:?}") };
    assert_eq!((split.direction, split.percent), (Direction::RIGHT, 30));
    assert_eq!(split.spawn.argv, [b"htop".to_vec()]);

    bench.now += Duration::from_secs(2);
    bench.keys("C-b :");
    typed(&mut bench, "tab select logs");
    bench.keys("Enter");
    assert_eq!(bench.app.tab, TabId(2));

    bench.keys("C-b :");
    typed(&mut bench, "kill");
    assert!(bench.keys("Enter").is_empty());
    assert!(bench.bar().starts_with("end the session and all its programs?"), "{}", bench.bar());
    let effects = bench.keys("y");
    let [Message::Kill(kill)] = requests(&effects)[..] else { panic!("{effects:?}") };
    assert_eq!(kill.target, "s1");
}

/// What is forgotten does not come back: one is asked first, and told what is gone.
#[test]
fn nothing_is_forgotten_unasked() {
    let mut bench = Bench::new();
    let forget = |bench: &mut Bench, answer: &str| {
        bench.keys("C-b :");
        typed(bench, "rec forget --last 10m");
        assert!(bench.keys("Enter").is_empty());
        assert!(bench.bar().starts_with("delete the last 10 min "), "{}", bench.bar());
        bench.keys(answer)
    };
    assert!(forget(&mut bench, "n").is_empty());
    let effects = forget(&mut bench, "y");
    let [Effect::Request { message, purpose }] = &effects[..] else { panic!("{effects:?}") };
    let Message::ForgetStretch(wish) = message.as_ref() else { panic!("{message:?}") };
    assert_eq!((wish.target.as_str(), wish.from), ("p1", 600_000));
    let gone = StretchForgotten {
        ulid: String::new(),
        pane: Some(PaneId(1)),
        from: 0,
        to: 2048,
        bytes: 2048,
        commands: 3,
        segments: 0,
        behind: 0,
        of: 0,
        done: true,
        ext: Ext::none(),
    };
    let answer = Answer { purpose: purpose.clone(), result: Ok(gone.into()) };
    bench.app.update(Event::Answer(answer), &bench.mirrors, bench.now);
    assert!(bench.bar().contains("forgotten: 2.0K of output, commands: 3"), "{}", bench.bar());
}

#[test]
fn a_command_that_cannot_be_read_says_how_it_is_written() {
    let mut bench = Bench::new();
    bench.keys("C-b :");
    typed(&mut bench, "resize huge");
    assert!(bench.picture().contains("usage: resize COLSxROWS|auto"), "{}", bench.picture());
    assert!(bench.keys("Enter").is_empty());
    assert!(bench.bar().contains("usage: resize COLSxROWS|auto"), "{}", bench.bar());
}

#[test]
fn tab_takes_the_name_into_the_line() {
    let mut bench = Bench::new();
    bench.keys("C-b :");
    typed(&mut bench, "spr");
    bench.keys("Tab");
    assert!(bench.picture().contains("> split-right"), "{}", bench.picture());
}

#[test]
fn open_keys_are_shown_after_a_while_and_not_before() {
    let mut bench = Bench::new();
    bench.keys("C-b");
    let wakes = bench.app.next_deadline(bench.now).unwrap();
    assert!(!bench.picture().contains("split-right"), "{}", bench.picture());
    bench.now = wakes;
    bench.app.update(Event::Tick, &bench.mirrors, bench.now);
    let picture = bench.picture();
    for wanted in
        ["panes", "%        split-right", "0-9      select-tab", "sessions", "d        detach"]
    {
        assert!(picture.contains(wanted), "{wanted}: {picture}");
    }
    assert_eq!(picture.lines().count(), 24);
    assert_eq!(bench.app.next_deadline(bench.now), None);
    bench.keys("Escape");
    assert!(!bench.picture().contains("split-right"), "{}", bench.picture());
}

#[test]
fn a_configuration_that_is_read_again_counts_at_once_and_a_wrong_one_is_told() {
    let mut bench = Bench::new();
    let prefix = KeymapSettings::parse_prefix("C-a").unwrap();
    let keymap = Keymap::new(&KeymapSettings { prefix, ..KeymapSettings::default() }).unwrap();
    let korean = Some(crate::words::Language::Korean);
    let settings = Settings { keymap, bar: false, language: korean, ..settings() };
    let event = Event::Config(Ok(Box::new(settings)));
    let effects = bench.app.update(event, &bench.mirrors, bench.now);
    assert_eq!(effects, [Effect::Size(WireSize { cols: 80, rows: 24 })]);
    bench.keys("C-a Right");
    assert_eq!(bench.app.pane, PaneId(2));
    bench.keys("C-a ?");
    typed(&mut bench, "new-tab");
    assert!(bench.picture().contains("새 탭을 연다"), "{}", bench.picture());
    bench.keys("Escape");

    let event = Event::Config(Ok(Box::new(self::settings())));
    bench.app.update(event, &bench.mirrors, bench.now);
    // What was said before has its time first.
    while bench.app.shown_note().is_some() {
        bench.now += NOTE_TIME;
        bench.app.update(Event::Tick, &bench.mirrors, bench.now);
    }
    let event = Event::Config(Err("line 3: no key is called `x`".into()));
    bench.app.update(event, &bench.mirrors, bench.now);
    assert!(bench.bar().contains("config kept: line 3: no key"), "{}", bench.bar());
    assert_eq!(bench.app.keymap.prefix().to_string(), "C-b");
}

#[test]
fn the_background_of_the_terminal_chooses_the_theme_unless_one_is_set() {
    let mut bench = Bench::new();
    let told = |bench: &mut Bench, shade| {
        let rgb = crate::stdin::Rgb { red: shade, green: shade, blue: shade };
        let slot = crate::stdin::ColorSlot::Background;
        let event = StdinEvent::Reply(crate::stdin::TerminalReply::Color { slot, rgb });
        bench.app.update(Event::Stdin(event), &bench.mirrors, bench.now);
        bench.app.theme.clone()
    };
    assert_eq!(bench.app.theme, Theme::named("terminal").unwrap());
    assert_eq!(told(&mut bench, 250), Theme::named("light").unwrap());
    assert_eq!(told(&mut bench, 10), Theme::named("dark").unwrap());
    let set = Settings { theme: Some("high-contrast".into()), ..settings() };
    bench.app.update(Event::Config(Ok(Box::new(set))), &bench.mirrors, bench.now);
    assert_eq!(told(&mut bench, 250), Theme::named("high-contrast").unwrap());
    bench.app = App::new(SIZE, true, settings(), Spawn::default()).without_color();
    assert_eq!(told(&mut bench, 10).bar.bg, None);
}
