//! The history of commands: what is shown, found, and done with it.

use ccc_client::proto::{
    CommandEnded, CommandState, CommandsPage, EventKind, Forgetting, PaneEvent, Split,
    StretchForgotten, WireCommand, WireModes,
};

use ccc_client::Offset;

use super::*;
use crate::replay::Start;

pub(super) fn command(text: &str, at: u64, pane: Option<u64>) -> WireCommand {
    WireCommand {
        pane: pane.map(PaneId),
        ulid: "01A".into(),
        place: "work:1.1".into(),
        text: text.into(),
        cwd: "/home/ann".into(),
        started_unix_ms: at * 1000,
        duration_ms: Some(1500),
        state: CommandState::ENDED,
        status: 0,
        mark: at,
        from: at + 1,
        to: Some(at + 9),
    }
}

fn commands() -> Vec<WireCommand> {
    vec![
        command("git status", 9_000, Some(2)),
        WireCommand {
            state: CommandState::RUNNING,
            duration_ms: None,
            to: None,
            ..command("sleep 1000", 8_990, Some(4))
        },
        WireCommand { status: 101, ..command("cargo test -p \"x\"", 8_000, Some(1)) },
        WireCommand { state: CommandState::UNKNOWN, ..command("for i\nend", 5_000, None) },
        command("git status", 4_000, None),
        WireCommand { cwd: "/tmp".into(), ..command("git stash", 3_000, None) },
    ]
}

/// With the list open.
fn opened() -> Bench {
    let mut bench = Bench::new();
    bench.app.wall = Duration::from_secs(9_060);
    let effects = bench.keys("C-b C-r");
    assert!(matches!(
        effects.as_slice(),
        [Effect::Request { purpose: Purpose::Commands(Which::All), message }]
            if matches!(**message, Message::CommandsRequest(_))
    ));
    let page = CommandsPage { commands: commands(), next: Vec::new(), ext: Ext::none() };
    answer(&mut bench, Purpose::Commands(Which::All), page);
    bench
}

fn answer(bench: &mut Bench, purpose: Purpose, message: impl Into<Message>) -> Vec<Effect> {
    let answer = Answer { purpose, result: Ok(message.into()) };
    bench.app.update(Event::Answer(answer), &bench.mirrors, bench.now)
}

fn texts(bench: &Bench) -> Vec<String> {
    let Some(Layer::List(list)) = bench.app.layers.last() else { panic!("no list") };
    list.matching().iter().map(|entry| entry.columns[crate::app::history::TEXT].clone()).collect()
}

#[test]
fn the_history_of_commands() {
    let mut bench = opened();
    insta::assert_snapshot!(bench.picture());
    bench.keys("g i t");
    assert_eq!(texts(&bench), ["git status", "git stash"]);
}

#[test]
fn a_key_goes_through_the_ways_of_matching() {
    let mut bench = opened();
    bench.keys("g s t a");
    assert_eq!(texts(&bench), ["git status", "git stash"]);
    bench.keys("C-r");
    assert_eq!(texts(&bench), Vec::<String>::new());
    bench.keys("C-u c a");
    assert_eq!(texts(&bench), ["cargo test -p \"x\""]);
    bench.keys("C-r C-u t . s h $");
    assert_eq!(texts(&bench), ["git stash"]);
    bench.keys("C-u (");
    assert_eq!(texts(&bench), Vec::<String>::new());
    bench.keys("C-r C-u");
    assert_eq!(texts(&bench).len(), 5);
}

#[test]
fn enter_pastes_and_does_not_run() {
    let pasted =
        |text: &str| [Effect::Input { pane: PaneId(1), events: vec![InputEvent::paste(text)] }];
    let mut bench = opened();
    assert_eq!(bench.keys("s t a s h Enter"), pasted("git stash"));
    assert!(bench.app.layers.is_empty());
    // Several lines only where they are not run one by one.
    let mut bench = opened();
    assert_eq!(bench.keys("f o r Enter"), []);
    assert!(bench.picture().contains("not pasted: it has several lines"), "{}", bench.picture());
    let mut bench = opened();
    let modes = WireModes(WireModes::BRACKETED_PASTE);
    hints::showing_in(&mut bench, 1, &["$"], modes);
    assert_eq!(bench.keys("f o r Enter"), pasted("for i\nend"));
}

#[test]
fn a_click_chooses_a_command_and_one_on_it_pastes_it() {
    use ccc_vt::input::{Modifiers, MouseButton, MouseEvent, MouseKind};
    let mut bench = opened();
    let picture = bench.picture();
    let row = picture.lines().position(|line| line.contains("cargo test")).unwrap();
    let row = u16::try_from(row).unwrap();
    let kind = MouseKind::Press(MouseButton::Left);
    let event = MouseEvent { kind, col: 30, row, modifiers: Modifiers::empty() };
    let mut click = || {
        let event = Event::Stdin(StdinEvent::Mouse(event));
        bench.app.update(event, &bench.mirrors, bench.now)
    };
    assert_eq!(click(), []);
    let pasted =
        Effect::Input { pane: PaneId(1), events: vec![InputEvent::paste("cargo test -p \"x\"")] };
    assert_eq!(click(), [pasted]);
}

#[test]
fn a_command_runs_again_in_a_pane_of_its_own() {
    let mut bench = opened();
    let effects = bench.keys("s t a s h C-o");
    let [Effect::Request { message, purpose: Purpose::GoThere { .. } }] = effects.as_slice() else {
        panic!("{effects:?}");
    };
    let Message::Split(Split { spawn, .. }) = &**message else { panic!("{message:?}") };
    assert_eq!(spawn.argv, [b"/bin/sh".to_vec(), b"-ic".to_vec(), b"git stash".to_vec()]);
    assert_eq!(spawn.cwd.as_deref(), Some(b"/tmp".as_slice()));
}

#[test]
fn one_goes_to_where_a_command_ran() {
    let mut bench = opened();
    for pane in [1, 2, 4] {
        bench.mirrors.insert(PaneId(pane), Mirror::new(PaneId(pane)));
    }
    let effects = bench.keys("C-g");
    assert_eq!(bench.app.pane, PaneId(2));
    assert!(
        matches!(bench.app.layers.last(), Some(Layer::Scroll(scroll)) if scroll.pane() == PaneId(2))
    );
    assert!(effects.iter().any(|effect| {
        matches!(effect, Effect::Request { purpose: Purpose::Marks(PaneId(2)), .. })
    }));

    // Of a pane that is gone the recording is looked at.
    bench.keys("q");
    let page = CommandsPage { commands: commands(), next: Vec::new(), ext: Ext::none() };
    answer(&mut bench, Purpose::Commands(Which::All), page);
    let effects = bench.keys("s t a s h C-g");
    let Some(Effect::Request { message, purpose }) = effects.last() else { panic!("{effects:?}") };
    let Message::ReplayRequest(request) = message.as_ref() else { panic!("{message:?}") };
    assert_eq!(request.target, "01A");
    assert_eq!(*purpose, Purpose::Replay(Start::Byte(Offset(3_000))));

    // One of another session is switched to first.
    let elsewhere = CommandsPage {
        commands: vec![command("far", 1, Some(77))],
        next: Vec::new(),
        ext: Ext::none(),
    };
    answer(&mut bench, Purpose::Commands(Which::All), elsewhere);
    assert_eq!(bench.keys("C-g"), [Effect::Switch("p77".into())]);
}

#[test]
fn a_command_is_forgotten_after_a_question_and_leaves_the_list() {
    let mut bench = opened();
    let count = texts(&bench).len();
    assert_eq!(bench.keys("Down Down C-x"), []);
    let asked = "delete `cargo test -p \"x\"` and what it printed, for good? (y/n)";
    assert!(bench.bar().contains(asked), "{}", bench.bar());
    assert_eq!(bench.keys("n"), []);
    let effects = bench.keys("Delete y");
    let [Effect::Request { message, purpose: Purpose::Forgotten }] = effects.as_slice() else {
        panic!("{effects:?}")
    };
    let Message::ForgetStretch(wish) = message.as_ref() else { panic!("{message:?}") };
    assert_eq!((wish.target.as_str(), wish.what), ("01A", Forgetting::COMMAND));
    assert_eq!((wish.from, wish.to), (8_000, 0));
    let gone = StretchForgotten {
        ulid: "01A".into(),
        from: 7_980,
        to: 8_009,
        bytes: 29,
        commands: 1,
        done: true,
        ..StretchForgotten::default()
    };
    answer(&mut bench, Purpose::Forgotten, gone);
    assert_eq!(texts(&bench).len(), count - 1);
    assert!(!texts(&bench).iter().any(|text| text.starts_with("cargo")), "{:?}", texts(&bench));
    // The next one is chosen, and nothing was left.
    let Some(Layer::List(list)) = bench.app.layers.last() else { panic!("no list") };
    assert_eq!(list.selected, 2);
    assert!(bench.bar().contains("forgotten: 29B of output, commands: 1"), "{}", bench.bar());
}

#[test]
fn those_that_failed_are_asked_for_and_what_was_typed_stays() {
    let mut bench = opened();
    let all = texts(&bench).len();
    bench.keys("g i");
    let asked = |effects: &[Effect], which, ended| {
        let [Effect::Request { purpose, message }] = effects else { panic!("{effects:?}") };
        assert_eq!(*purpose, Purpose::Commands(which));
        let Message::CommandsRequest(request) = &**message else { panic!("{message:?}") };
        assert_eq!(request.ended, ended);
    };
    let effects = bench.keys("C-f");
    asked(&effects, Which::Failed, CommandEnded::FAILED);
    let failed = vec![command("git push", 2_000, Some(1)), command("make", 1_000, Some(2))];
    let page = CommandsPage { commands: failed, next: vec![1], ext: Ext::none() };
    answer(&mut bench, Purpose::Commands(Which::Failed), page);
    assert_eq!(texts(&bench), ["git push"]);
    assert!(bench.picture().contains("history · failed · fuzzy"), "{}", bench.picture());
    assert_eq!(bench.app.layers.len(), 1);
    // What lies behind these is not looked through: that knows nothing of failures.
    assert_eq!(bench.keys("x y"), []);
    let effects = bench.keys("C-u C-f");
    asked(&effects, Which::All, CommandEnded::ANY);
    let page = CommandsPage { commands: commands(), next: Vec::new(), ext: Ext::none() };
    answer(&mut bench, Purpose::Commands(Which::All), page);
    assert_eq!(texts(&bench).len(), all);
    // Without any the list stays as it is.
    bench.keys("C-f");
    let none = CommandsPage { commands: Vec::new(), next: Vec::new(), ext: Ext::none() };
    answer(&mut bench, Purpose::Commands(Which::Failed), none);
    assert_eq!(texts(&bench).len(), all);
    assert!(bench.bar().contains("no command failed"), "{}", bench.bar());
}

#[test]
fn an_imported_command_is_not_forgotten_alone() {
    let mut bench = with_imported();
    assert_eq!(bench.keys("i n s t a l l C-x y"), []);
    assert!(bench.bar().contains("ccc history forget --imported"), "{}", bench.bar());
}

#[test]
fn a_key_forgets_the_last_minutes_or_the_last_command_after_a_question() {
    for (typed, question, what, from) in [
        ("1 0 Enter", "delete the last 10 min", Forgetting::LAST, 600_000),
        ("2 m Enter", "delete the last 2 min", Forgetting::LAST, 120_000),
        ("Enter", "delete the last command", Forgetting::COMMAND, 0),
    ] {
        let mut bench = Bench::new();
        assert_eq!(bench.keys("C-b F"), []);
        assert!(bench.bar().contains("forget the last minutes"), "{}", bench.bar());
        assert_eq!(bench.keys(typed), []);
        assert!(bench.bar().contains(question), "{}", bench.bar());
        let effects = bench.keys("y");
        let [Message::ForgetStretch(wish)] = requests(&effects)[..] else { panic!("{effects:?}") };
        assert_eq!((wish.target.as_str(), wish.what, wish.from), ("p1", what, from));
    }
    let mut bench = Bench::new();
    assert_eq!(bench.keys("C-b F s o o n Enter y").len(), 1, "only what was typed behind it");
    assert!(bench.bar().contains("soon is no number of minutes"), "{}", bench.bar());
}

fn ended(bench: &mut Bench, pane: u64, kind: EventKind, data: &str) {
    bench.client(ClientEvent::Pane(PaneEvent {
        id: 1,
        session: SessionId(1),
        pane: PaneId(pane),
        kind,
        title: "make test".into(),
        data: data.into(),
        ext: Ext::none(),
    }));
}

fn bar(bench: &Bench) -> String {
    bench.picture().lines().last().unwrap().to_owned()
}

#[test]
fn commands_that_end_out_of_sight_leave_their_mark() {
    let mut bench = Bench::new();
    ended(&mut bench, 1, EventKind::COMMAND_FAILED, "2 10");
    ended(&mut bench, 1, EventKind::COMMAND_LONG, "0 60000");
    assert!(bar(&bench).contains("1:sh* 2:logs "), "it was seen: {}", bar(&bench));
    ended(&mut bench, 4, EventKind::COMMAND_FAILED, "2 10");
    assert!(bar(&bench).contains("2:logs✗ "), "{}", bar(&bench));
    ended(&mut bench, 4, EventKind::COMMAND_LONG, "0 192000");
    assert!(bar(&bench).contains("2:logs!✗ "), "{}", bar(&bench));
    bench.keys("C-b i");
    assert!(bench.picture().contains("make test: done after 3m"), "{}", bench.picture());
    bench.keys("Escape C-b 2 C-b 1");
    assert!(bar(&bench).contains("2:logs- "), "{}", bar(&bench));
}

#[test]
fn without_commands_it_says_so() {
    let mut bench = Bench::new();
    bench.keys("C-b C-r");
    let page = CommandsPage { commands: Vec::new(), next: Vec::new(), ext: Ext::none() };
    answer(&mut bench, Purpose::Commands(Which::All), page);
    assert!(bench.app.layers.is_empty());
    assert!(bench.picture().contains("no commands are known"), "{}", bench.picture());
}

/// The list with two imported commands in it: of one hardly anything is known.
fn with_imported() -> Bench {
    let mut bench = Bench::new();
    bench.app.wall = Duration::from_secs(9_060);
    let bare = WireCommand {
        ulid: String::new(),
        place: "zsh".into(),
        cwd: String::new(),
        state: CommandState::UNKNOWN,
        duration_ms: None,
        to: Some(0),
        ..command("make install", 0, None)
    };
    let told = WireCommand {
        place: "atuin".into(),
        cwd: "/srv".into(),
        state: CommandState::ENDED,
        status: 2,
        ..WireCommand { started_unix_ms: 8_000_000, ..bare.clone() }
    };
    let commands = vec![command("git status", 9_000, Some(2)), told, bare];
    bench.keys("C-b C-r");
    let page = CommandsPage { commands, next: Vec::new(), ext: Ext::none() };
    answer(&mut bench, Purpose::Commands(Which::All), page);
    bench
}

#[test]
fn imported_commands_say_that_they_were_and_claim_nothing() {
    let mut bench = with_imported();
    insta::assert_snapshot!(bench.picture());
    let pasted =
        [Effect::Input { pane: PaneId(1), events: vec![InputEvent::paste("make install")] }];
    assert_eq!(bench.keys("i n s t a l l Enter"), pasted);
}

#[test]
fn there_is_no_place_to_go_to_of_an_imported_command() {
    let mut bench = with_imported();
    assert_eq!(bench.keys("i n s t a l l C-g"), []);
    assert!(bench.picture().contains("there is no recording of it"), "{}", bench.picture());
}

#[test]
fn an_imported_command_runs_again_where_it_ran_or_here() {
    for (keys, cwd) in [("Down C-o", Some(&b"/srv"[..])), ("Down Down C-o", None)] {
        let mut bench = with_imported();
        let effects = bench.keys(keys);
        let [Effect::Request { message, .. }] = effects.as_slice() else { panic!("{effects:?}") };
        let Message::Split(Split { spawn, .. }) = &**message else { panic!("{message:?}") };
        assert_eq!(spawn.argv[2], b"make install");
        // The server knows where the pane beside it is.
        assert_eq!(spawn.cwd.as_deref(), cwd);
    }
}
